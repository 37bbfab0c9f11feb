// Owns the frame of every page: head, word-mark, main, footer. Content never enters it, nor does anything that a strict
// Content-Security-Policy would have to allow: no inline script, no style but the one stylesheet, nothing from elsewhere.
import { stoneMark } from './drawings.ts';
import { attr, type Html, html } from './html.ts';
import { moduleScript } from './html-script.ts';
import { ENGLISH, inLanguageOf, type Words } from './language.ts';
import { LANGUAGE_NAMES, LANGUAGES } from './languages.ts';
import { type Sheet, STYLE_HASHES, styleElements } from './styles.ts';

export const ICON_PATH = '/assets/touchstone.svg';

const READING = `default-src 'none'; style-src ${STYLE_HASHES.join(' ')}; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;
/**
 * What pages need that are read and no more; the server sends it with each of them. There is no script that could connect;
 * what reads /robots.txt in a page's name, as Lighthouse does, goes by the same rule.
 */
export const PAGE_POLICY = `${READING}; connect-src 'self'`;
/** What pages need that sign, scan or ask the service: its own modules, which never make markup out of text. */
export const SCRIPT_POLICY = `${READING.replace("img-src 'self'", "img-src 'self' data: blob:")}; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'`;

export interface Page {
  /** What the browser's tab says, before the name of the ledger. */
  readonly title: string;
  /** One sentence for whoever finds the page elsewhere. */
  readonly description: string;
  readonly main: Html;
  /** English unless given. */
  readonly words?: Words;
  /** Parts of the stylesheet beside what every page has. */
  readonly sheets?: readonly Sheet[];
  /** Modules of src/web/browser; such a page is sent with SCRIPT_POLICY. */
  readonly scripts?: readonly string[];
  /** Absolute address this page is to be known by. */
  readonly canonical?: string;
  /** Its own path, where it speaks every language: for the switch. Without one there is none. */
  readonly path?: string;
  /** More of the head: previews, data for search engines. */
  readonly head?: Html;
  /** Keeps search engines away: from errors, and from pages about things that aren't there. */
  readonly unlisted?: boolean;
  /** A wider column: tables and forms rather than reading. */
  readonly wide?: boolean;
  /** Its forms tell this service, and nobody else, from where they are sent: without that browsers hide their origin. */
  readonly tellsOrigin?: boolean;
}

/** The whole document. */
export function page({ words = ENGLISH, sheets = [], scripts = [], ...about }: Page): string {
  const { title, description, main, canonical, head, unlisted, wide } = about;
  return html`<!doctype html>
<html lang="${words.language}" dir="${words.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Touchstone</title>
<meta name="description" content="${description}">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="${about.tellsOrigin ? 'same-origin' : 'no-referrer'}">
${unlisted && html`<meta name="robots" content="noindex">`}
${canonical !== undefined && html`<link rel="canonical"${attr('href', canonical)}>`}
${head}
${styleElements(sheets)}
<link rel="icon" type="image/svg+xml" href="${ICON_PATH}">
${scripts.map((name) => moduleScript(name))}
</head>
<body${attr('class', wide ? 'wide' : undefined)}>
<a class="skip" href="#main">${words.text('frame.skip')}</a>
<header class="top"><a class="wordmark" href="${words.to('/')}">${stoneMark}<span>Touchstone</span></a></header>
<main id="main" tabindex="-1">
${main}
</main>
${footer(words, about.path)}
</body>
</html>
`.toString();
}

function footer(words: Words, path: string | undefined): Html {
  const ways = [
    ['/', 'frame.look-up'],
    ['/scan', 'frame.scan'],
    ['/my', 'frame.my-pieces'],
    ['/trade', 'frame.trade'],
    ['/workshop', 'frame.workshop'],
    ['/docs', 'frame.api'],
  ] as const;
  return html`<footer class="foot">
<p>${words.text('frame.about')}</p>
<nav${attr('aria-label', words.text('frame.about-ledger'))}><ul>${ways.map(([to, key]) => html`<li><a href="${words.to(to)}">${words.text(key)}</a></li>`)}</ul></nav>
${path !== undefined && html`<nav class="languages"${attr('aria-label', words.text('frame.languages'))}><ul>${LANGUAGES.map((language) => html`<li><a href="${inLanguageOf(path, language)}" hreflang="${language}" lang="${language}"${attr('aria-current', language === words.language ? 'true' : undefined)}>${LANGUAGE_NAMES[language]}</a></li>`)}</ul></nav>`}
</footer>`;
}
