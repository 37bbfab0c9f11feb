// Owns the two pages of live proof: the buyer's, who asks, and the owner's, who answers. The question is made in the buyer's
// browser and travels by his own hand; what is signed is core/live-proof.ts's.
import { shape } from './drawings.ts';
import { type Html, html } from './html.ts';
import { paperKeyEntry } from './key-choice.ts';
import { page } from './layout.ts';
import {
  button,
  linkBox,
  needsScript,
  part,
  pieceData,
  pieceHead,
  saidPlace,
  scriptWords,
  wayButtons,
} from './owner-parts.ts';
import type { Telling } from './telling.ts';

/** The buyer's. */
export function renderAskProof(telling: Telling): string {
  const { words, passport } = telling;
  const tell = words.text;
  const shown = (by: 'owner' | 'card') =>
    part(
      `proof-${by}`,
      null,
      html`<p class="verdict-word own-proven">${shape('genuine')}<strong>${tell('owner.proof.proven')}</strong></p>
<h2 class="verdict-sentence">${tell(`owner.proof.${by}`)}</h2>
<p id="proof-${by}-when"></p><p class="quiet" id="proof-${by}-how"></p>
<p>${tell(`owner.proof.${by}.more`)}</p>`,
    );
  return page({
    words,
    title: `${tell('owner.proof.title')} · ${passport.record.title}`,
    description: tell('owner.proof.lead'),
    path: `/proof${passport.path}`,
    sheets: ['owner'],
    scripts: ['proof'],
    unlisted: true,
    main: html`${pieceHead(telling)}
<section class="part" aria-labelledby="proof"><h2 id="proof">${tell('owner.proof.title')}</h2>
${
  passport.tokenId === null
    ? html`<p>${tell('owner.pending')}</p>`
    : html`<p>${tell('owner.proof.lead')}</p><p class="own-careful">${tell('owner.proof.careful')}</p>
${needsScript(words)}
${saidPlace()}
${part('proof-start', null, html`<p>${button('proof-ask', tell('owner.proof.ask'))}</p>`)}
${part('proof-waiting', null, html`<p>${tell('owner.proof.show')}</p>`, linkBox(words), html`<p class="own-clock" id="proof-left"></p>`)}
${shown('owner')}
${shown('card')}
${part('proof-failed', tell('owner.proof.not'), html`<p id="proof-why"></p>`)}
<p id="proof-again-part" hidden>${button('proof-again', tell('owner.proof.again'), true)}</p>
${pieceData(telling)}${scriptWords(words)}`
}</section>`,
  });
}

/** The owner's. */
export function renderGiveProof(telling: Telling): string {
  const { words, passport } = telling;
  const tell = words.text;
  return page({
    words,
    title: `${tell('owner.prove.title')} · ${passport.record.title}`,
    description: tell('owner.prove.lead'),
    path: `/prove${passport.path}`,
    sheets: ['owner'],
    scripts: ['prove'],
    unlisted: true,
    main: html`<header class="own-head"><h1>${tell('owner.prove.title')}</h1>
<p class="by" dir="auto">${passport.record.title}</p></header>
${needsScript(words)}
${saidPlace()}
${part('prove-asked', null, html`<p>${tell('owner.prove.lead')}</p>`, cautions(telling), keys(telling), html`<p>${button('prove-decline', tell('owner.prove.decline'), true)}</p>`)}
${part('prove-done', tell('owner.prove.done'), html`<p>${tell('owner.prove.done.more')}</p>`)}
${part('prove-not', null, html`<p id="prove-why"></p><p><a href="${words.to('/my')}">${tell('owner.my.title')}</a></p>`)}
${paperKeyEntry(words)}
${pieceData(telling)}${scriptWords(words)}`,
  });
}

function cautions({ words }: Telling): Html {
  return html`<ul class="crafts own-cautions"><li>${words.text('owner.prove.unknown')}</li><li>${words.text('owner.prove.moves')}</li></ul>
<p class="own-clock" id="prove-left"></p>`;
}

function keys({ words }: Telling): Html {
  const tell = words.text;
  return html`<div id="prove-known" hidden><p>${button('prove-sign', tell('owner.prove.sign'))}</p></div>
<div id="prove-unknown" hidden><h2>${tell('owner.prove.sign')}</h2>${wayButtons(words)}</div>
<details class="own-more"><summary>${tell('owner.prove.with-card')}</summary>
<form id="prove-card-form"><p><label for="prove-card-secret">${tell('owner.prove.card.label')}</label>
<input class="secret" id="prove-card-secret" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" dir="ltr" required aria-describedby="prove-card-hint"></p>
<p class="quiet" id="prove-card-hint">${tell('owner.prove.card.hint')}</p>
<p><button type="submit" class="second">${tell('owner.prove.card.sign')}</button></p></form></details>`;
}
