// Owns the page of a handover, for both: without anything behind # it is its owner's, who makes a link; with an offer there it
// is the next owner's. The offer itself never reaches the service, so no part of it stands in the markup.
import { html } from './html.ts';
import { keyChoice, paperKeyEntry, paperSheet } from './key-choice.ts';
import { page } from './layout.ts';
import { button, linkBox, needsScript, part, pieceData, pieceHead, saidPlace, scriptWords } from './owner-parts.ts';
import type { Telling } from './telling.ts';

const UNTIL = ['hour', 'day', 'week'] as const;

export function renderHandover(telling: Telling): string {
  const { words, passport } = telling;
  const tell = words.text;
  return page({
    words,
    title: `${tell('owner.handover.title')} · ${passport.record.title}`,
    description: tell('owner.handover.description'),
    path: `/handover${passport.path}`,
    sheets: ['owner'],
    scripts: ['handover'],
    unlisted: true,
    main: html`${pieceHead(telling)}
${needsScript(words)}
${passport.tokenId === null && html`<p>${tell('owner.pending')}</p>`}
${offering(telling)}
${taking(telling)}
${saidPlace()}
${part('handover-not', null, html`<p id="handover-why"></p><p><a class="button" href="${words.to(`/my${passport.path}`)}">${tell('owner.open-mine')}</a></p>`)}
${paperKeyEntry(words)}
${paperSheet(words)}
${pieceData(telling)}${scriptWords(words)}`,
  });
}

function offering({ words, passport }: Telling) {
  const tell = words.text;
  const mine = html`<p><a href="${words.to(`/my${passport.path}`)}">${tell('owner.open-mine')}</a></p>`;
  return html`${part(
    'offer-form',
    tell('owner.handover.title'),
    html`<p>${tell('owner.handover.lead')}</p>
<fieldset class="own-until"><legend>${tell('owner.handover.until')}</legend>
${UNTIL.map((one) => html`<label><input type="radio" name="until" value="${one}" id="until-${one}"> ${tell(`owner.handover.${one}`)}</label>`)}</fieldset>
<p>${button('offer-make', tell('owner.handover.make'))}</p>`,
    mine,
  )}
${part(
  'offer-made',
  tell('owner.handover.made'),
  html`<p id="offer-until"></p><p>${tell('owner.handover.only-here')}</p>`,
  linkBox(words),
  html`<p id="offer-waiting">${tell('owner.handover.waiting')}</p>
<p class="quiet" id="offer-withdraw-about">${tell('owner.act.withdraw-handovers.about')}</p>
<p>${button('offer-withdraw', tell('owner.act.withdraw-handovers'), true)}</p>`,
)}
${part('offer-done', tell('owner.handover.done'), html`<p id="offer-receipt"></p>`, mine)}
${part('offer-withdrawn', tell('owner.handover.withdrawn'), mine)}`;
}

function taking({ words, passport }: Telling) {
  const tell = words.text;
  return html`${part(
    'take-offer',
    tell('owner.take.title'),
    html`<p id="take-until"></p><p class="own-careful">${tell('owner.take.careful')}</p>
<p><a href="${words.to(`/proof${passport.path}`)}">${tell('owner.proof.link')}</a></p>`,
    keyChoice(words),
    html`<p class="buttons">${button('take-accept', tell('owner.take.accept'))} ${button('take-decline', tell('owner.take.decline'), true)}</p>`,
  )}
${part(
  'take-done',
  tell('owner.take.done'),
  html`<p id="take-state"></p><p class="quiet" id="take-receipt"></p><p><a class="button" href="${words.to(`/my${passport.path}`)}">${tell('owner.open-mine')}</a></p>`,
)}
${part('take-not', null, html`<p id="take-why"></p>`)}`;
}
