// Owns the page a sheet with a paper key leads to: what piece it is of, and every state of passing the piece on to a new key,
// which its script (browser/rescue.page.ts) shows one at a time. The key never enters it: it stays behind #.
import type { Passport } from '../core/passport.ts';
import { renderNoClaim } from './claim-page.ts';
import { attr, type Html, html } from './html.ts';
import { dataBlock } from './html-script.ts';
import { keyChoice, paperSheet } from './key-choice.ts';
import { messagesFor, type Words } from './language.ts';
import { page } from './layout.ts';

export function renderRescue({ path, record }: Passport, words: Words): string {
  const say = words.text;
  const { title, language } = record;
  const foreign = language === words.language ? undefined : language;
  return page({
    words,
    title: say('claim.rescue.title', { title }),
    description: say('claim.rescue.title', { title }),
    path: `/rescue${path}`,
    sheets: ['owner'],
    scripts: ['rescue'],
    unlisted: true,
    main: html`<p class="kind">${say('claim.sheet.title')}</p>
<h1 class="said"${attr('lang', foreign)} dir="auto">${title}</h1>
<p><a href="${words.to(path)}">${say('claim.to-passport')}</a></p>
<section class="claim" id="rescue">
<div id="rescue-waiting"><p role="status">${say('claim.moment')}</p><noscript><p>${say('claim.no-script')}</p></noscript></div>
${enter(words)}
<div id="rescue-unfit" hidden><h2>${say('claim.rescue.unfit.heading')}</h2><p id="rescue-unfit-words"></p>
<p class="buttons"><button type="button" id="rescue-again">${say('claim.unfit.again')}</button></p></div>
<div id="rescue-choose" hidden><h2>${say('claim.rescue.choose.heading')}</h2><p>${say('claim.rescue.choose.about')}</p>
${keyChoice(words)}
<p class="fault" id="rescue-fault" role="alert" hidden></p>
<p class="buttons"><button type="button" id="rescue-now">${say('claim.rescue.now')}</button></p></div>
<div id="rescue-going" hidden><p>${say('claim.rescue.going')}</p><p id="rescue-going-words" role="status"></p></div>
<div id="rescue-done" hidden><h2>${say('claim.rescue.done.heading')}</h2><p>${say('claim.rescue.done')}</p>
<p class="buttons"><a class="button" href="/claim${path}">${say('claim.rescue.sheet')}</a> <a class="button second" href="/my">${say('claim.next.my')}</a></p></div>
</section>
${paperSheet(words)}
${dataBlock({ path, title }, { id: 'about' })}
${dataBlock(messagesFor(words, 'claim'), { id: 'words' })}`,
  });
}

function enter(words: Words): Html {
  const say = words.text;
  return html`<div id="rescue-enter" hidden><form id="rescue-enter-form">
<p><label for="rescue-key">${say('claim.rescue.enter.label')}</label></p>
<p class="quiet" id="rescue-key-about">${say('claim.paper.enter.about')}</p>
<p><input class="secret" id="rescue-key" type="text" autocomplete="off" autocapitalize="off" spellcheck="false" dir="ltr" aria-describedby="rescue-key-about rescue-key-fault"></p>
<p class="fault" id="rescue-key-fault" role="alert" hidden></p>
<p class="buttons"><button type="submit">${say('claim.enter.go')}</button></p>
</form></div>`;
}

export function renderNoRescue(words: Words, what: 'malformed' | 'unknown'): string {
  return renderNoClaim(words, what === 'unknown' ? what : 'rescue.malformed');
}
