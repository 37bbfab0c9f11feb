// Owns the pages that aren't a passport: the front door, unknown and malformed codes, errors. Which status goes with a
// page is the server's business; a stack trace or anything else from inside never enters them.
import { shape } from './drawings.ts';
import { attr, type Html, html } from './html.ts';
import { ENGLISH } from './language.ts';
import { page } from './layout.ts';
import { count } from './words.ts';

export function renderHome(): string {
  return page({
    title: 'Look up a piece of jewellery',
    description:
      'Where a piece of jewellery comes from, what it is made of and who says so: look it up by the code it carries.',
    main: html`<h1>What is known about a piece of jewellery, and who says so</h1>
<p class="opening">Workshops write down what they made, of what, and when. Every piece carries a code. Scan it, or type it here, and read what stands on the ledger under it.</p>
${findForm('')}
<section class="part" aria-labelledby="what"><h2 id="what">What you will find</h2>
<ul class="crafts"><li>What the piece is made of, fine or imitation, in the words of whoever registered it.</li><li>Who vouches for what: the maker, a supplier, an independent laboratory.</li><li>How it passed from owner to owner. Private owners stay numbers.</li><li>What all this proves, and what it cannot.</li></ul></section>
<section class="part" aria-labelledby="how"><h2 id="how">Why you can check it</h2>
<p>Nobody, not even whoever runs this page, can change a record on the ledger without it showing. Each page says how to check it without us.</p></section>`,
  });
}

function findForm(typed: string): Html {
  return html`<form class="find" action="/find" method="get" role="search">
<label for="code">The code on the piece, its card or its label</label>
<p class="quiet" id="code-hint">As it is printed, or the whole web address.</p>
<div class="find-row"><input id="code" name="code" type="text" required maxlength="2000" autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="code-hint"${attr('value', typed || null)}><button type="submit">Look it up</button></div>
</form>`;
}

const GS1_DOCS = html`<p class="quiet">How codes are to be written: <a href="/docs#public-codes">documentation</a>.</p>`;

/** For 404: nothing is registered under a code that is well formed. @param path of it, where it can be reported */
export function renderUnknownCode({ code, path }: { readonly code: string; readonly path?: string }): string {
  return page({
    title: 'No piece under this code',
    description: 'No piece is registered here under this code.',
    unlisted: true,
    main: html`<section class="verdict verdict-warning" aria-label="Verdict"><p class="verdict-word">${shape('warning')}<strong>Unknown code</strong></p>
<h1 class="verdict-sentence">No piece is registered here under this code.</h1>
<p class="typed"><span class="code">${code}</span></p></section>
<section class="part" aria-labelledby="means"><h2 id="means">What that can mean</h2>
<ul class="crafts"><li>It was mistyped, or a character can’t be read any more. Compare it with the piece, letter by letter.</li><li>The piece was made, but its maker hasn’t registered it yet.</li><li>It is registered on another ledger than this one.</li><li>Somebody made the code up. A printed code proves nothing by itself; a copy or a fake can carry one too.</li></ul></section>
<section class="part" aria-labelledby="do"><h2 id="do">What you can do</h2>
<ul class="crafts"><li>Ask whoever sold or showed you the piece where it is registered.</li><li>If you are about to buy it, wait until a page like this shows its record.</li><li>Try the code again, as it stands on the piece.</li></ul>
${findForm(code)}
${path !== undefined && html`<p><a href="/suspicion${path}">${ENGLISH.text('visitor.links.suspicion')}</a></p>`}</section>`,
  });
}

/** For 400: what was asked for can't be a code. @param reason what is wrong with it, as a sentence, if known */
export function renderMalformedCode({ code, reason }: { readonly code: string; readonly reason?: string }): string {
  return page({
    title: 'This is not a code',
    description: 'What was asked for cannot be a code of this ledger.',
    unlisted: true,
    main: html`<h1>This can’t be a code of this ledger</h1>
${code !== '' && html`<p class="typed"><span class="code">${code}</span></p>`}
<p class="opening">${reason ?? 'A character is wrong or missing. Codes carry a check character, so a slip shows at once.'}</p>
${findForm(code)}
<p class="quiet">Codes look like 09506000134352 with a serial number, or like atelier-lune with 17 letters and digits. The letters I, L, O and U don’t occur in the second kind.</p>`,
  });
}

/** For 404: a GS1 address or barcode as it should be, of something else than single pieces. @param why what about it */
export function renderNotSupported({ code, why }: { readonly code: string; readonly why: string }): string {
  return page({
    title: 'This GS1 code is not supported here',
    description: 'What was asked for is a GS1 code of a kind that this ledger does not read.',
    unlisted: true,
    main: html`<h1>This GS1 code is not supported here</h1>
<p class="typed"><span class="code">${code}</span></p>
<p class="opening">It is written as GS1 prescribes, but ${why}. This ledger knows single pieces, by their product number (GTIN, 01) and serial (21); a variant (22) and a lot (10) may stand beside them.</p>
${findForm('')}
${GS1_DOCS}`,
  });
}

/** For 404: a GS1 address or barcode that names a product, which is many pieces. */
export function renderProductOnly({ gtin }: { readonly gtin: string }): string {
  return page({
    title: 'A serial is needed too',
    description: 'A product number alone names no single piece.',
    unlisted: true,
    main: html`<h1>This names a product, not one piece of it</h1>
<p class="typed"><span class="code">${gtin}</span></p>
<p class="opening">Every piece of a product has the same product number. This ledger tells about single pieces: look for the serial, on the piece, its card or its label, and add it.</p>
${findForm(`${gtin} `)}
${GS1_DOCS}`,
  });
}

export interface ErrorPage {
  readonly status: number;
  /** What happened, what was kept and what to do, in plain words. */
  readonly sentence: string;
  readonly requestId: string;
  readonly retryAfterSeconds?: number;
}

export function renderError({ status, sentence, requestId, retryAfterSeconds }: ErrorPage): string {
  const title = TITLES[status] ?? (status >= 500 ? 'Something went wrong here' : 'That didn’t work');
  return page({
    title,
    description: sentence,
    unlisted: true,
    main: html`<h1>${title}</h1>
<p class="opening">${sentence}</p>
${retryAfterSeconds !== undefined && html`<p>Try again in ${count(retryAfterSeconds, 'second', 'seconds')}.</p>`}
<p><a class="button" href="/">Look up a piece</a></p>
<p class="quiet">If you ask us about it, name this request: <span class="code">${requestId}</span> (${status})</p>`,
  });
}

const TITLES: Readonly<Record<number, string>> = {
  404: 'There is no such page',
  429: 'Too many requests',
  503: 'The ledger is not available just now',
};

/** For 503. */
export function renderUnavailable({
  requestId,
  retryAfterSeconds,
}: {
  readonly requestId: string;
  readonly retryAfterSeconds?: number;
}): string {
  return renderError({
    status: 503,
    sentence:
      'The ledger can’t be read at this moment. Nothing is lost: what is registered stays registered. This says nothing about the piece you asked for.',
    requestId,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}
