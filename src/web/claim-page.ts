// Owns the page a claim card leads to: what the piece is and how it stands first, then every state of claiming it, which its
// script (browser/claim.page.ts) shows one at a time. The card's secret never enters it: it stays behind # in the browser.
import type { Passport } from '../core/passport.ts';
import { photoPath, widthsOf } from '../core/photo.ts';
import { drawing, type Shape, shape } from './drawings.ts';
import { attr, type Html, html } from './html.ts';
import { dataBlock } from './html-script.ts';
import { keyChoice, keyGroups, paperKeyEntry, paperSheet } from './key-choice.ts';
import { messagesFor, type Words } from './language.ts';
import { page } from './layout.ts';
import { type PassportContext, type Telling, tellingOf } from './telling.ts';
import { verdictOf } from './verdict.ts';

/** What the script knows of the piece without asking. */
export interface ClaimData {
  readonly path: string;
  readonly title: string;
}

export function renderClaim(passport: Passport, context: PassportContext): string {
  const telling = tellingOf(passport, context);
  const { words } = telling;
  const { title } = passport.record;
  const data: ClaimData = { path: passport.path, title };
  return page({
    words,
    title: words.text('claim.title', { title }),
    description: words.text('claim.description'),
    path: `/claim${passport.path}`,
    sheets: ['owner'],
    scripts: ['claim'],
    // Who searches is led to the piece's own page; who has its card comes here by the card.
    canonical: telling.context.publicUrl.replace(/\/+$/, '') + passport.path,
    main: html`${headline(telling)}
${introduction(telling)}
<section class="claim" id="claim">
${waiting(words)}
${enter(words)}
${unfit(telling)}
${choose(telling)}
${going(words)}
${done(telling)}
</section>
${paperKeyEntry(words)}
${paperSheet(words)}
${dataBlock(data, { id: 'about' })}
${dataBlock(messagesFor(words, 'claim'), { id: 'words' })}`,
  });
}

const MARKS: Readonly<Record<Passport['headline'], Shape>> = {
  'genuine-record': 'genuine',
  pending: 'pending',
  warning: 'warning',
};

/** The passport's verdict, before anything is asked. */
function headline(telling: Telling): Html {
  const { tone, word, sentence, notes } = verdictOf(telling);
  return html`<section class="verdict verdict-${tone}"${attr('aria-label', telling.words.text('claim.verdict'))}>
<p class="verdict-word">${shape(MARKS[tone])}<strong>${word}</strong></p>
<p class="verdict-sentence">${sentence}</p>
${notes.length > 0 && html`<ul class="verdict-notes">${notes.map(({ cause, words }) => html`<li class="${cause ? 'cause' : 'beside'}">${shape(cause ? 'cross' : 'bar')}<span>${words}</span></li>`)}</ul>`}
</section>`;
}

/** What she is about to own: picture or drawing, name, maker. Everything else stands on the piece's own page. */
function introduction({ passport, context, words, language, registrant }: Telling): Html {
  const { record, path } = passport;
  const photo = (record.images ?? []).find(({ sha256 }) => context.imageUrl?.(sha256) !== undefined);
  return html`<section class="claim-piece">
<figure class="plate${photo === undefined && ' plate-drawn'}">${
    photo === undefined
      ? drawing(record.kind)
      : html`<img src="${smallest(context, photo.sha256)}" alt="${photo.alt}"${attr('lang', language)}>`
  }</figure>
<div><h1 class="said"${attr('lang', language)} dir="auto">${record.title}</h1>
<p class="quiet">${words.text('claim.registered-by', { organisation: registrant })}</p>
<p><a href="${words.to(path)}">${words.text('claim.to-passport')}</a></p></div>
</section>`;
}

function smallest({ photo, imageUrl }: PassportContext, sha256: string): string | undefined {
  const size = photo?.(sha256);
  const width = size && Math.min(...widthsOf(size));
  return width !== undefined && Number.isFinite(width) ? photoPath(sha256, width) : imageUrl?.(sha256);
}

function waiting(words: Words): Html {
  return html`<div id="claim-waiting"><p id="claim-waiting-words" role="status">${words.text('claim.moment')}</p>
<noscript><p>${words.text('claim.no-script')}</p></noscript></div>`;
}

function enter(words: Words): Html {
  const say = words.text;
  return html`<div id="claim-enter" hidden><h2>${say('claim.enter.heading')}</h2>
<form id="claim-enter-form">
<p><label for="claim-secret">${say('claim.enter.label')}</label></p>
<p class="quiet" id="claim-secret-about">${say('claim.enter.about')}</p>
<p><input class="secret" id="claim-secret" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" dir="ltr" aria-describedby="claim-secret-about claim-secret-fault"></p>
<p class="fault" id="claim-secret-fault" role="alert" hidden></p>
<p class="buttons"><button type="submit">${say('claim.enter.go')}</button></p>
</form></div>`;
}

function unfit({ words, passport }: Telling): Html {
  const say = words.text;
  return html`<div id="claim-unfit" hidden><h2>${say('claim.unfit.heading')}</h2>
<p id="claim-unfit-words"></p>
<p class="buttons"><button type="button" id="claim-again">${say('claim.unfit.again')}</button>
<a class="button second" href="${words.to(passport.path)}">${say('claim.to-passport')}</a></p></div>`;
}

function choose(telling: Telling): Html {
  const { words, registrant } = telling;
  const say = words.text;
  return html`<div id="claim-choose" hidden><h2>${say('claim.choose.heading')}</h2>
<p>${say('claim.choose.about')}</p>
<p class="fault" id="claim-warning" hidden></p>
${keyChoice(words)}
<fieldset class="agree"><legend>${say('claim.recoverable.heading')}</legend>
<label for="claim-recoverable"><input type="checkbox" id="claim-recoverable" aria-describedby="claim-recoverable-about"> <span>${say('claim.recoverable', { organisation: registrant })}</span></label>
<p class="quiet" id="claim-recoverable-about">${say('claim.recoverable.about', { organisation: registrant })}</p></fieldset>
<p class="fault" id="claim-fault" role="alert" hidden></p>
<p class="buttons"><button type="button" id="claim-now">${say('claim.now')}</button></p>
<p class="quiet">${say('claim.now.about')}</p></div>`;
}

function going(words: Words): Html {
  const say = words.text;
  const steps = ['sent', 'anchored', 'final'] as const;
  return html`<div id="claim-going" hidden><h2>${say('claim.going.heading')}</h2>
<ol class="steps">${steps.map((step) => html`<li id="step-${step}"><span>${say(`claim.step.${step}`)}</span> <span class="step-done" hidden>${shape('tick')}<span class="hidden">${say('claim.step.done')}</span></span></li>`)}</ol>
<p id="claim-going-words" role="status"></p>
<p class="quiet">${say('claim.going.close')}</p></div>`;
}

function done({ words, passport }: Telling): Html {
  const say = words.text;
  return html`<div id="claim-done" hidden><h2>${say('claim.done.heading')}</h2>
<p id="claim-done-words" role="status"></p>
<section class="part" aria-labelledby="second-heading"><h2 id="second-heading">${say('claim.second.heading')}</h2>
<p id="second-about"></p>
<p class="fault" id="second-fault" role="alert" hidden></p>
<p class="buttons"><button type="button" id="second-sheet">${say('claim.second.sheet')}</button></p>
<div id="second-made" hidden><p>${say('claim.second.made')}</p>
${keyGroups('second')}
<p class="buttons"><button type="button" class="second" id="second-print">${say('claim.second.print')}</button></p></div></section>
<section class="part" aria-labelledby="receipt-heading"><h2 id="receipt-heading">${say('claim.receipt.heading')}</h2>
${receiptFacts(words, ['when', 'state'])}
<details class="exact"><summary>${say('claim.receipt.exact')}</summary>${receiptFacts(words, ['account', 'transaction', 'block'])}</details>
<p class="buttons"><button type="button" class="second" id="receipt-download">${say('claim.receipt.download')}</button>
<button type="button" class="second" id="receipt-print">${say('claim.receipt.print')}</button></p></section>
<section class="part" aria-labelledby="next-heading"><h2 id="next-heading">${say('claim.next.heading')}</h2>
<ul class="plain next"><li><a href="${passport.path}${passport.record.care ? '#care' : ''}">${say('claim.next.care')}</a></li>
<li><a href="/my">${say('claim.next.my')}</a></li></ul></section></div>`;
}

function receiptFacts(words: Words, facts: readonly ('when' | 'state' | 'account' | 'transaction' | 'block')[]): Html {
  return html`<dl class="facts">${facts.map((fact) => html`<div><dt>${words.text(`claim.receipt.${fact}`)}</dt><dd id="receipt-${fact}"></dd></div>`)}</dl>`;
}

/** For an address that is no card's, or of no piece. Its script takes what stands behind # out of the address bar. */
export function renderNoClaim(words: Words, what: 'malformed' | 'unknown' | 'rescue.malformed'): string {
  const title = words.text(`claim.${what}.heading`);
  return page({
    words,
    title,
    description: title,
    unlisted: true,
    scripts: ['claim'],
    main: html`<h1>${title}</h1>
<p class="opening">${words.text(`claim.${what}`)}</p>
<p><a class="button" href="/">${words.text('claim.look-up')}</a></p>`,
  });
}
