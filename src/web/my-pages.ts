// Owns an owner's pages: her pieces as her device remembers them, and one of them with all she can do. The service does not
// know whose pieces they are: the list is filled in by her own browser, and what it fills in stands in no request.
import { attr, type Html, html } from './html.ts';
import { paperKeyEntry } from './key-choice.ts';
import type { Words } from './language.ts';
import { page } from './layout.ts';
import { renderPapers, renderTimeline } from './life.ts';
import { button, needsScript, part, pieceData, pieceHead, saidPlace, scriptWords, wayButtons } from './owner-parts.ts';
import { section, type Telling } from './telling.ts';

export function renderMyPieces(words: Words, wrong?: string): string {
  const tell = words.text;
  return page({
    words,
    title: tell('owner.my.title'),
    description: tell('owner.my.description'),
    path: '/my',
    sheets: ['owner'],
    scripts: ['my'],
    unlisted: true,
    main: html`<h1>${tell('owner.my.title')}</h1><p class="opening">${tell('owner.my.lead')}</p>
${needsScript(words)}
${saidPlace()}
<p class="quiet" id="my-private" hidden>${tell('owner.my.private')}</p>
<ul class="own-pieces" id="my-pieces" hidden></ul>
<div id="my-empty" hidden><h2>${tell('owner.my.empty')}</h2><p>${tell('owner.my.empty.do')}</p></div>
${section(
  'add',
  tell('owner.my.add'),
  html`<form class="find" action="/my" method="get">${words.chosen && html`<input type="hidden" name="lang" value="${words.language}">`}<label for="code">${tell('owner.my.code')}</label>
<div class="find-row"><input id="code" name="code" type="text" required maxlength="2000" autocomplete="off" autocapitalize="off" spellcheck="false" dir="ltr"${attr('value', wrong)}${attr('aria-describedby', wrong === undefined ? undefined : 'code-wrong')}><button type="submit">${tell('owner.my.look')}</button></div>
${wrong !== undefined && html`<p class="fault" id="code-wrong" role="alert">${tell('owner.my.code.wrong')}</p>`}</form>
<p><a href="${words.to('/scan')}">${words.text('frame.scan')}</a></p>
<p>${button('my-wallet', tell('owner.my.wallet'), true)}</p>`,
)}
${section(
  'take-along',
  tell('owner.my.export'),
  html`<p>${tell('owner.my.export.about')}</p><p class="buttons">${button('my-export', tell('owner.my.export.do'), true)}</p>
<p class="own-file"><label for="my-import">${tell('owner.my.import')}</label><input type="file" id="my-import" accept="application/json,.json"></p>`,
)}
${scriptWords(words)}`,
  });
}

/** What she can do now, as the piece stands. */
function actsFor({ passport }: Telling): readonly string[] {
  const { standing } = passport;
  if (standing.ended) return [];
  const reported = standing.reported.some(({ by }) => by === 'owner');
  return [
    ...(reported ? ['withdraw-report'] : ['report-stolen', 'report-lost']),
    'withdraw-handovers',
    standing.recovery.allowed ? 'forbid-recovery' : 'allow-recovery',
  ];
}

export function renderMyPiece(telling: Telling): string {
  const { words, passport } = telling;
  const tell = words.text;
  return page({
    words,
    title: `${passport.record.title} · ${tell('owner.my.title')}`,
    description: tell('owner.my.description'),
    path: `/my${passport.path}`,
    sheets: ['owner'],
    scripts: ['my-piece'],
    unlisted: true,
    main: html`${pieceHead(telling)}
${needsScript(words)}
${passport.tokenId === null && html`<p>${tell('owner.pending')}</p>`}
${saidPlace()}
${part('own-ask', tell('owner.piece.yours'), html`<p>${tell('owner.piece.yours.lead')}</p>`, wayButtons(words))}
${part('own-gone', null, html`<p>${tell('owner.my.not-yours')}</p>`)}
${part('own-do', tell('owner.piece.do'), doing(telling))}
${confirmation(words)}
${requests(words)}
${papers(telling)}
${renderTimeline(telling)}
<p class="own-back"><a href="${words.to('/my')}">${tell('owner.my.title')}</a></p>
${paperKeyEntry(words)}
${pieceData(telling)}${scriptWords(words)}`,
  });
}

function doing(telling: Telling): Html {
  const { words, passport } = telling;
  const tell = words.text as (key: string) => string;
  const underWay = passport.standing.recovery.underWay !== null;
  return html`${underWay && html`<p class="own-careful">${tell('owner.piece.recovering')}</p>`}
<ul class="own-acts">
<li><a class="button" href="${words.to(`/handover${passport.path}`)}">${tell('owner.handover.title')}</a></li>
<li><details><summary>${tell('owner.piece.proof')}</summary><p>${tell('owner.piece.proof.about')}</p>
<form id="own-proof"><p><label for="own-proof-link">${tell('owner.piece.proof.paste')}</label><input id="own-proof-link" type="text" required dir="ltr" autocomplete="off" spellcheck="false"></p>
<p><button type="submit" class="second">${tell('owner.piece.proof.open')}</button></p></form></details></li>
${actsFor(telling).map((act) => html`<li><button type="button" class="second" id="act-${act}" data-act="${act}">${tell(`owner.act.${act}`)}</button></li>`)}
<li><button type="button" class="second" id="own-asked">${tell('owner.piece.requests')}</button></li>
<li><button type="button" class="second" id="act-forget" data-act="forget">${tell('owner.act.forget')}</button></li>
</ul>`;
}

/** One step before anything is signed: what it does, and a way back. */
function confirmation(words: Words): Html {
  return html`${part(
    'own-confirm',
    null,
    html`<h2 id="own-confirm-title"></h2><p id="own-confirm-about"></p>
<p class="buttons">${button('own-confirm-do', words.text('owner.confirm'))} ${button('own-confirm-cancel', words.text('owner.cancel'), true)}</p>`,
  )}
${part('own-done', null, html`<h2 id="own-done-title"></h2><p id="own-done-state"></p><p class="quiet" id="own-done-receipt"></p><p>${button('own-done-back', words.text('owner.back'), true)}</p>`)}`;
}

function requests(words: Words): Html {
  const tell = words.text;
  return part(
    'own-requests',
    tell('owner.piece.requests'),
    html`<p>${tell('owner.piece.requests.about')}</p><ul class="own-requests" id="own-requests-list"></ul>
<p id="own-requests-none" hidden>${tell('owner.piece.requests.none')}</p>
<p>${button('own-requests-back', tell('owner.back'), true)}</p>`,
  );
}

function papers(telling: Telling): Html {
  const { words, passport } = telling;
  const api = `/api/v1/pieces${passport.path}`;
  return html`${renderPapers(telling)}
${section(
  'own-papers',
  words.text('owner.piece.papers'),
  html`<ul class="papers"><li><a href="${api}/certificate.pdf">${words.text('owner.piece.certificate')}</a></li>
<li><a href="${api}/evidence" download>${words.text('owner.piece.evidence')}</a></li></ul>
<div id="own-receipts-part" hidden><h3 class="sub">${words.text('owner.piece.receipts')}</h3><ul class="plain" id="own-receipts"></ul></div>`,
)}`;
}
