// Owns the frame of every page: head, word-mark, main, footer. Content never enters it, nor does anything that a strict
// Content-Security-Policy would have to allow: no script, no inline style, nothing from another origin.
import { stoneMark } from './drawings.ts';
import { attr, type Html, html } from './html.ts';

export const STYLESHEET_PATH = '/assets/touchstone.css';
export const ICON_PATH = '/assets/touchstone.svg';

/** What these pages need to be allowed, and no more; the server sends it with each of them. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export interface Page {
  /** What the browser's tab says, before the name of the ledger. */
  readonly title: string;
  /** One sentence for whoever finds the page elsewhere. */
  readonly description: string;
  readonly main: Html;
  /** Absolute address this page is to be known by. */
  readonly canonical?: string;
  /** Keeps search engines away: from errors, and from pages about things that aren't there. */
  readonly unlisted?: boolean;
}

/** The whole document. */
export function page({ title, description, main, canonical, unlisted }: Page): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Touchstone</title>
<meta name="description" content="${description}">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
${unlisted && html`<meta name="robots" content="noindex">`}
${canonical !== undefined && html`<link rel="canonical"${attr('href', canonical)}>`}
<link rel="stylesheet" href="${STYLESHEET_PATH}">
<link rel="icon" type="image/svg+xml" href="${ICON_PATH}">
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top"><a class="wordmark" href="/">${stoneMark}<span>Touchstone</span></a></header>
<main id="main" tabindex="-1">
${main}
</main>
<footer class="foot">
<p>Touchstone is an open ledger of where jewellery comes from, what it is made of and who vouches for it.</p>
<nav aria-label="About this ledger"><ul><li><a href="/">Look up a piece</a></li><li><a href="/docs">For programs: the API</a></li></ul></nav>
</footer>
</body>
</html>
`.toString();
}
