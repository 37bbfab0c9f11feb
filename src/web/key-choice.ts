// Owns the markup of choosing a key to own a piece by, of typing one in from paper, and of the sheet a paper key is printed
// on. What they do is browser/choose-key.ts's and browser/paper-sheet.ts's; no key ever enters the markup.
import { attr, type Html, html } from './html.ts';
import type { Words } from './language.ts';

const GROUPS = [1, 2, 3, 4, 5, 6];

/** For whoever gets a piece. Use it once a page, together with `paperSheet` beneath main. */
export function keyChoice(words: Words): Html {
  const say = words.text;
  return html`<fieldset class="keys" id="keys">
<legend>${say('claim.key.legend')}</legend>
<div class="key" id="keys-known" hidden>${radio('known', say('claim.key.known'), say('claim.key.known.about'))}</div>
<div class="key">${radio('passkey', say('claim.key.passkey'), say('claim.key.passkey.about'), true)}</div>
<div class="key">${radio('wallet', say('claim.key.wallet'), say('claim.key.wallet.about'))}
<p class="key-more" id="key-wallet-which-part" hidden><label for="key-wallet-which">${say('claim.key.wallet.which')}</label>
<select id="key-wallet-which"></select></p></div>
<div class="key">${radio('paper', say('claim.key.paper'), say('claim.key.paper.about'))}
<div class="key-more" id="key-paper-part" hidden>
<p>${say('claim.paper.new')}</p>
${keyGroups('key-paper')}
<p><button type="button" class="second" id="key-paper-print">${say('claim.paper.print')}</button></p>
<p><label for="key-paper-check" id="key-paper-check-label"></label>
<input class="group" id="key-paper-check" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" dir="ltr" maxlength="7"></p>
</div></div>
<p class="fault" id="keys-fault" role="alert" hidden></p>
</fieldset>`;
}

function radio(value: string, label: string, about: string, checked = false): Html {
  return html`<label><input type="radio" name="key" value="${value}" id="key-${value}"${attr('checked', checked)} aria-describedby="key-${value}-about"><span><strong>${label}</strong></span></label>
<p class="key-about" id="key-${value}-about">${about}</p>`;
}

/** Six places for the groups of a key, filled in by a script. */
export function keyGroups(id: string): Html {
  return html`<ol class="groups" id="${id}-groups" dir="ltr">${GROUPS.map(() => html`<li></li>`)}</ol>`;
}

/** For whoever signs with a key that stands on paper: a dialogue, hidden until a script asks. Once a page. */
export function paperKeyEntry(words: Words): Html {
  const say = words.text;
  return html`<dialog class="paper-entry" id="paper-entry" aria-labelledby="paper-entry-label">
<form id="paper-entry-form" method="dialog">
<p><label for="paper-entry-key" id="paper-entry-label">${say('claim.paper.enter')}</label></p>
<p class="quiet" id="paper-entry-about">${say('claim.paper.enter.about')}</p>
<p><input class="secret" id="paper-entry-key" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" dir="ltr" aria-describedby="paper-entry-about paper-entry-fault"></p>
<p class="fault" id="paper-entry-fault" role="alert" hidden></p>
<p class="buttons"><button type="submit">${say('claim.paper.use')}</button> <button type="button" class="second" id="paper-entry-cancel">${say('claim.paper.cancel')}</button></p>
</form></dialog>`;
}

/** What is printed: nothing of it is seen on the screen, and nothing else on paper while it is printed. Once, within main. */
export function paperSheet(words: Words): Html {
  const say = words.text;
  return html`<section class="sheet" id="sheet" aria-hidden="true">
<h1>${say('claim.sheet.title')}</h1>
<p class="sheet-piece"><span id="sheet-title"></span><br><span class="code" id="sheet-path" dir="ltr"></span></p>
<p><strong>${say('claim.sheet.bearer')}</strong></p>
<div class="sheet-key"><div id="sheet-qr"></div>${keyGroups('sheet')}</div>
<p id="sheet-how"></p>
<p>${say('claim.sheet.until')}</p>
<p id="sheet-made"></p>
<div id="sheet-alone" hidden><h2>${say('claim.sheet.alone')}</h2>
<p>${say('claim.sheet.alone.about')}</p>
<p class="sheet-code" dir="ltr" id="sheet-call"></p></div>
</section>`;
}
