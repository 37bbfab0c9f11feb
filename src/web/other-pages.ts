// Owns the pages that aren't a passport: the front door, unknown and malformed codes, errors. Which status goes with a
// page is the server's business; a stack trace or anything else from inside never enters them.
import { shape } from './drawings.ts';
import { attr, type Html, html } from './html.ts';
import { ENGLISH, type Words } from './language.ts';
import { page } from './layout.ts';
import type { MessageKey } from './messages.ts';
import { alternates, originOf, previewTags } from './previews.ts';

/** What every page about what was asked for is told besides. */
interface Asked {
  /** English unless given. */
  readonly words?: Words;
  /** Its address, where it is the same in every language. */
  readonly path?: string;
}

/** @param options.publicUrl origin under which the service is known */
export function renderHome({ words = ENGLISH, publicUrl = '' }: { words?: Words; publicUrl?: string } = {}): string {
  const origin = originOf({ publicUrl });
  const [title, description] = [words.text('answers.home'), words.text('answers.home.description')];
  const canonical = origin + words.to('/');
  return page({
    words,
    path: '/',
    canonical,
    head: html`${alternates(origin, '/')}
${previewTags(words, { title, description, url: canonical })}`,
    title,
    description,
    main: html`<h1>${words.text('answers.home.heading')}</h1>
<p class="opening">${words.text('answers.home.opening')}</p>
${findForm(words, '')}
<section class="part" aria-labelledby="what"><h2 id="what">${words.text('answers.home.find')}</h2>
${list(words, ['answers.home.find.made-of', 'answers.home.find.vouching', 'answers.home.find.owners', 'answers.home.find.proof'])}</section>
<section class="part" aria-labelledby="how"><h2 id="how">${words.text('answers.home.check')}</h2>
<p>${words.text('answers.home.check.how')}</p></section>`,
  });
}

function list(words: Words, keys: readonly MessageKey[]): Html {
  return html`<ul class="crafts">${keys.map((key) => html`<li>${words.text(key)}</li>`)}</ul>`;
}

function findForm(words: Words, typed: string): Html {
  return html`<form class="find" action="/find" method="get" role="search">
<label for="code">${words.text('answers.find.label')}</label>
<p class="quiet" id="code-hint">${words.text('answers.find.hint')}</p>
<div class="find-row"><input id="code" name="code" type="text" dir="ltr" required maxlength="2000" autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="code-hint"${attr('value', typed || null)}>${words.chosen && html`<input type="hidden" name="lang" value="${words.language}">`}<button type="submit">${words.text('answers.find.submit')}</button></div>
</form>`;
}

function codesDocs(words: Words): Html {
  const link = html`<a href="/docs#public-codes">${words.text('answers.codes.documentation')}</a>`;
  return html`<p class="quiet">${words.tell('answers.codes', { documentation: link })}</p>`;
}

/** For 404: nothing is registered under a code that is well formed. @param path of it, where it can be reported */
export function renderUnknownCode({ code, words = ENGLISH, ...asked }: Asked & { readonly code: string }): string {
  return page({
    ...asked,
    words,
    title: words.text('answers.unknown'),
    description: words.text('answers.unknown.sentence'),
    unlisted: true,
    main: html`<section class="verdict verdict-warning"${attr('aria-label', words.text('passport.verdict'))}><p class="verdict-word">${shape('warning')}<strong>${words.text('answers.unknown.word')}</strong></p>
<h1 class="verdict-sentence">${words.text('answers.unknown.sentence')}</h1>
<p class="typed"><span class="code">${code}</span></p></section>
<section class="part" aria-labelledby="means"><h2 id="means">${words.text('answers.unknown.means')}</h2>
${list(words, ['answers.unknown.mistyped', 'answers.unknown.not-registered', 'answers.unknown.elsewhere', 'answers.unknown.made-up'])}</section>
<section class="part" aria-labelledby="do"><h2 id="do">${words.text('answers.unknown.do')}</h2>
${list(words, ['answers.unknown.ask', 'answers.unknown.wait', 'answers.unknown.again'])}
${findForm(words, code)}
${asked.path !== undefined && html`<p><a href="${words.to(`/suspicion${asked.path}`)}">${words.text('visitor.links.suspicion')}</a></p>`}</section>`,
  });
}

/** For 400: what was asked for can't be a code. @param reason what is wrong with it, as a sentence in English, if known */
export function renderMalformedCode({
  code,
  reason,
  words = ENGLISH,
  ...asked
}: Asked & { readonly code: string; readonly reason?: string }): string {
  return page({
    ...asked,
    words,
    title: words.text('answers.malformed'),
    description: words.text('answers.malformed.description'),
    unlisted: true,
    main: html`<h1>${words.text('answers.malformed.heading')}</h1>
${code !== '' && html`<p class="typed"><span class="code">${code}</span></p>`}
${inWords(words, reason, words.text('answers.malformed.sentence'))}
${findForm(words, code)}
<p class="quiet">${words.text('answers.malformed.looks-like')}</p>`,
  });
}

/** For 404: a GS1 address or barcode as it should be, of something else than single pieces. @param why what about it */
export function renderNotSupported({
  code,
  why,
  words = ENGLISH,
  ...asked
}: Asked & { readonly code: string; readonly why: string }): string {
  const sentence = words.text('answers.not-supported.sentence');
  return page({
    ...asked,
    words,
    title: words.text('answers.not-supported'),
    description: words.text('answers.not-supported.description'),
    unlisted: true,
    main: html`<h1>${words.text('answers.not-supported')}</h1>
<p class="typed"><span class="code">${code}</span></p>
${inWords(words, `It is written as GS1 prescribes, but ${why}. ${sentence}`, sentence)}
${findForm(words, '')}
${codesDocs(words)}`,
  });
}

/** For 404: a GS1 address or barcode that names a product, which is many pieces. */
export function renderProductOnly({ gtin, words = ENGLISH, ...asked }: Asked & { readonly gtin: string }): string {
  return page({
    ...asked,
    words,
    title: words.text('answers.product'),
    description: words.text('answers.product.description'),
    unlisted: true,
    main: html`<h1>${words.text('answers.product.heading')}</h1>
<p class="typed"><span class="code">${gtin}</span></p>
<p class="opening">${words.text('answers.product.sentence')}</p>
${findForm(words, `${gtin} `)}
${codesDocs(words)}`,
  });
}

/**
 * What is wrong, where it is known in one language only: in that language it stands for itself, in others a sentence of
 * theirs comes first and it beneath, marked as English.
 */
function inWords(words: Words, english: string | undefined, sentence: string): Html {
  if (english === undefined) return html`<p class="opening">${sentence}</p>`;
  if (words.language === 'en') return html`<p class="opening">${english}</p>`;
  return html`<p class="opening">${sentence}</p>
<p class="quiet" lang="en" dir="ltr">${english}</p>`;
}

export interface ErrorPage {
  readonly status: number;
  /** What happened, what was kept and what to do, in plain words of English. */
  readonly sentence: string;
  readonly requestId: string;
  readonly retryAfterSeconds?: number;
  /** English unless given. */
  readonly words?: Words;
}

export function renderError({ status, sentence, requestId, retryAfterSeconds, words = ENGLISH }: ErrorPage): string {
  const known = STATUS_KEYS[status] ?? (status >= 500 ? 'broken' : 'refused');
  const title = words.text(`answers.error.${known}`);
  const request = html`<span class="code">${requestId}</span>`;
  return page({
    words,
    title,
    description: words.language === 'en' ? sentence : words.text(`answers.error.${known}.sentence`),
    unlisted: true,
    main: html`<h1>${title}</h1>
${inWords(words, sentence, words.text(`answers.error.${known}.sentence`))}
${retryAfterSeconds !== undefined && html`<p>${words.text('answers.error.retry', { count: retryAfterSeconds })}</p>`}
<p><a class="button" href="${words.to('/')}">${words.text('frame.look-up')}</a></p>
<p class="quiet">${words.tell('answers.error.request', { request, status: String(status) })}</p>`,
  });
}

const STATUS_KEYS: Readonly<Record<number, 'missing' | 'too-many' | 'unavailable'>> = {
  404: 'missing',
  429: 'too-many',
  503: 'unavailable',
};

/** For 503. */
export function renderUnavailable({
  requestId,
  retryAfterSeconds,
  words = ENGLISH,
}: {
  readonly requestId: string;
  readonly retryAfterSeconds?: number;
  readonly words?: Words;
}): string {
  return renderError({
    words,
    status: 503,
    sentence: ENGLISH.text('answers.error.unavailable.sentence'),
    requestId,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}
