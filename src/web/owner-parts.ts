// Owns what pages for owners and buyers have in common: the verdict first, parts that a script shows one at a time, a link
// with its QR code. No address of an owner and no secret ever enters the markup: scripts ask, or read them behind #.
import { attr, type Html, html, type Slot } from './html.ts';
import { dataBlock } from './html-script.ts';
import { messagesFor, type Words } from './language.ts';
import { say, type Telling } from './telling.ts';
import { renderVerdict } from './verdict.ts';

/** What the script of such a page knows of its piece. Who owns it, it asks. */
export interface PieceData {
  readonly path: string;
  readonly tokenId: string | null;
  readonly title: string;
}

export function pieceData({ passport }: Telling): Html {
  const data: PieceData = { path: passport.path, tokenId: passport.tokenId, title: passport.record.title };
  return html`${dataBlock(data, { id: 'piece' })}`;
}

/** Messages of the areas a script of an owner's page says. */
export function scriptWords(words: Words): Html {
  return dataBlock(messagesFor(words, 'claim', 'owner'), { id: 'words' });
}

/** The verdict, then which piece it is about, with the way to all that is known of it. */
export function pieceHead(telling: Telling): Html {
  const { passport, words } = telling;
  return html`${renderVerdict(telling)}
<header class="own-head"><h1>${say(telling, passport.record.title)}</h1>
<p><a href="${words.to(passport.path)}">${words.text('owner.passport')}</a></p></header>`;
}

export function needsScript(words: Words): Html {
  return html`<noscript><p class="quiet">${words.text('owner.noscript')}</p></noscript>`;
}

/** A part that is shown by a script, with its own heading where it has one. */
export function part(id: string, heading: string | null, ...content: readonly Slot[]): Html {
  return html`<section class="own-part" id="${id}" hidden${attr('aria-labelledby', heading === null ? undefined : `${id}-heading`)}>
${heading !== null && html`<h2 id="${id}-heading">${heading}</h2>`}
${content}</section>`;
}

/** The one place where a page says what is going on; read out as it changes. */
export function saidPlace(): Html {
  return html`<p class="own-said" id="said" role="status"></p>
<p class="fault" id="fault" role="alert" hidden></p>`;
}

/** A link that must not leave the page but by its reader's hand: as a code to scan, as text, to be copied. */
export function linkBox(words: Words): Html {
  return html`<div class="own-link"><div id="link-code"></div>
<p class="own-link-text"><label for="link-text">${words.text('owner.link')}</label><input id="link-text" type="text" readonly dir="ltr"></p>
<p class="buttons"><button type="button" class="second" id="link-copy">${words.text('owner.copy')}</button></p></div>`;
}

export function button(id: string, label: string, second = false): Html {
  return html`<button type="button" id="${id}"${attr('class', second ? 'second' : undefined)}>${label}</button>`;
}

/** For a key this device was never told of: in which way it shall sign. */
export function wayButtons(words: Words): Html {
  return html`<p class="buttons">${button('way-passkey', words.text('owner.key.passkey'))} ${button('way-wallet', words.text('owner.key.wallet'), true)} ${button('way-paper', words.text('owner.key.paper'), true)}</p>`;
}
