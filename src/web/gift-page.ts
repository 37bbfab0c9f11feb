// Owns the page on which a giver adds or removes a message: all its states, hidden until its script shows one. The card's secret
// and the giver's key stay in the browser (browser/gift.page.ts) and never stand in this markup.
import { MOST_GIFT_CHARACTERS } from '../core/gift.ts';
import { attr, type Html, html } from './html.ts';
import { dataBlock } from './html-script.ts';
import { messagesFor, type Words } from './language.ts';
import { LANGUAGE_NAMES, LANGUAGES } from './languages.ts';
import { page } from './layout.ts';
import type { About } from './visitor-forms.ts';

export function renderGiftPage(words: Words, { path, title, language, maker }: About): string {
  const heading = words.text('visitor.gift.title');
  const named = html`<a href="${path}"${attr('lang', language)} dir="auto">${title}</a>`;
  return page({
    words,
    title: heading,
    description: words.text('visitor.gift.description'),
    sheets: ['visitor', 'visit'],
    scripts: ['gift'],
    unlisted: true,
    main: html`<h1>${heading}</h1>
<p class="opening">${words.tell('visitor.about', { title: named, maker })}</p>
<p>${words.text('visitor.gift.intro', { most: MOST_GIFT_CHARACTERS, maker })}</p>
<p class="faults" id="script">${words.text('visitor.gift.script')}</p>
<p class="quiet" id="wait" hidden>${words.text('visitor.gift.wait')}</p>
<div id="fault" class="faults" role="alert" hidden></div>
<div id="done" hidden><p class="opening" id="done-words"></p><p><a class="button" href="${path}">${words.text('visitor.back')}</a></p></div>
<div id="now" hidden>
<section class="part" aria-labelledby="now-heading"><h2 id="now-heading">${words.text('visitor.gift.now')}</h2>
<p class="quiet" id="none">${words.text('visitor.gift.none')}</p>
<p id="hidden" hidden>${words.text('visitor.gift.hidden', { maker })}</p>
<blockquote class="gift said" id="shown" dir="auto" hidden></blockquote></section>
<p class="part" id="nobody" hidden>${words.text('visitor.gift.by-nobody')}</p>
${signing(words)}
</div>
${dataBlock({ path }, { id: 'piece' })}
${dataBlock(messagesFor(words, 'visitor'), { id: 'words' })}`,
  });
}

function signing(words: Words): Html {
  return html`<form class="visit" id="signing" autocomplete="off" hidden>
<div id="by-card" hidden><p>${words.text('visitor.gift.by-card')}</p>
<p id="card-read" role="status" hidden>${words.text('visitor.gift.card-read')}</p>
<div id="card-typed"><p><label for="card">${words.text('visitor.gift.card')}</label><span class="quiet hint" id="card-hint">${words.text('visitor.gift.card-hint')}</span></p>
<input id="card" type="text" class="code-entry" dir="ltr" autocomplete="off" autocapitalize="characters" spellcheck="false" aria-describedby="card-hint"></div></div>
<div id="by-owner" hidden><p>${words.text('visitor.gift.by-owner')}</p>
<fieldset class="choices"><legend>${words.text('visitor.gift.key')}</legend>
${(['passkey', 'wallet', 'paper'] as const).map((way, i) => html`<label><input type="radio" name="way" value="${way}" id="way-${way}"${attr('checked', i === 0)}><span>${words.text(`visitor.gift.key.${way}`)}</span></label>`)}</fieldset>
<div id="paper-part" hidden><p><label for="paper">${words.text('visitor.gift.key.paper')}</label><span class="quiet hint" id="paper-hint">${words.text('visitor.gift.card-hint')}</span></p>
<input id="paper" type="text" class="code-entry" dir="ltr" autocomplete="off" autocapitalize="characters" spellcheck="false" aria-describedby="paper-hint"></div></div>
<p><label for="message">${words.text('visitor.gift.words')}</label><span class="quiet hint" id="message-hint">${words.text('visitor.most', { most: MOST_GIFT_CHARACTERS })} <span id="count" dir="ltr"></span></span></p>
<textarea id="message" rows="5" dir="auto" aria-describedby="message-hint"></textarea>
<p><label for="language">${words.text('visitor.gift.language')}</label></p>
<select id="language">${LANGUAGES.map((language) => html`<option value="${language}" lang="${language}"${attr('selected', language === words.language)}>${LANGUAGE_NAMES[language]}</option>`)}</select>
<p class="two"><button type="submit" id="show">${words.text('visitor.gift.show')}</button><button type="button" class="other" id="remove" hidden>${words.text('visitor.gift.remove')}</button></p>
</form>`;
}
