// Owns how the console's page of claim cards is laid out. All its parts are here from the beginning; its script shows them
// and fills them with what must not come from a server.
import { choiceField, fileField, radioField, textArea, textField, tickField } from './form-fields.ts';
import { type Html, html } from './html.ts';
import { dataBlock } from './html-script.ts';
import { messagesFor, wordsIn } from './language.ts';
import { directionOf, LANGUAGE_NAMES, LANGUAGES } from './languages.ts';

export interface AboutCards {
  readonly publicUrl: string;
  readonly handle: string;
  readonly maker: string;
}

export function cardsMain(about: AboutCards): Html {
  const languages = LANGUAGES.map((language) => ({
    language,
    direction: directionOf(language),
    words: Object.fromEntries(
      Object.entries(messagesFor(wordsIn(language), 'paper')).filter(([key]) => key.startsWith('paper.card.')),
    ),
  }));
  return html`<p class="opening">Whoever holds a claim card can make its piece her own, once you have released it. The secrets on them are made in this browser: they never go to this service, and this page is the only place that has them until you print or save them.</p>
${about.publicUrl.startsWith('http:') && html`<p class="fault">This ledger’s address, ${about.publicUrl}, is not https: whoever stands on the way can take a card that is used.</p>`}
<p id="cards-need-script">Making cards needs JavaScript in this browser. Without it, “touchstone cards make” on your own computer does the same.</p>
${plan(about)}
${made()}
<div id="cards-sheet" class="cards-sheet" hidden></div>
${dataBlock({ ...about, languages }, { id: 'about-cards' })}`;
}

function plan({ handle }: AboutCards): Html {
  return html`<section id="cards-plan" class="form" hidden aria-label="Which cards to make">
${radioField({
  name: 'of',
  label: 'Cards for',
  value: 'new',
  choices: [
    ['new', 'pieces you will register from a file, which begins with these cards'],
    ['file', 'the rows of a file you are about to import'],
    ['known', 'registered pieces that get a fresh card: returned goods, lost cards'],
  ],
})}
<div id="of-new">${textField({ name: 'count', label: 'How many', value: '8', type: 'number', required: true })}
${textField({ name: 'gtin', label: 'GTIN of the product', literal: true, inputMode: 'numeric', hint: `14 digits. Left empty, they get codes of your own, under ${handle}.` })}</div>
<div id="of-file" hidden>${fileField({ name: 'file', label: 'The file, as you would import it', accept: '.csv', required: true, hint: 'CSV. It is read in this browser and goes nowhere.' })}</div>
<div id="of-known" hidden>${textArea({ name: 'codes', label: 'Codes or addresses of the pieces', rows: 4, literal: true, required: true, hint: 'One a line.' })}</div>
<p class="fault" id="plan-fault" role="alert"></p>
<p class="form-send"><button type="button" id="make-cards">Make the cards</button></p>
<details><summary>Print cards again from a file you saved</summary>
${fileField({ name: 'sealed', label: 'The file with the cards', accept: '.json,.csv' })}
${textField({ name: 'opening', label: 'Its passphrase', type: 'password', hint: 'For a locked file.' })}
<p class="fault" id="open-fault" role="alert"></p>
<p class="form-send"><button type="button" id="open-sealed" class="beside">Open it here</button></p></details>
</section>`;
}

function made(): Html {
  return html`<section id="cards-made" class="form" hidden tabindex="-1" aria-labelledby="made-heading">
<h2 id="made-heading"><span id="cards-count">0</span> cards, on this page only</h2>
<p>Whoever reads them can claim the pieces. If you leave before they are printed or saved, they are gone, and so is what they would have opened.</p>
<div id="import-part"><h3>1. The file to import</h3>
<p>It holds each piece’s code and its card’s public key, and no secret. Fill in what the pieces are, then register them from it.</p>
<p class="actions"><button type="button" id="save-import" class="beside">Save the file to import</button><a class="button beside" href="/workshop/imports" target="_blank" rel="noopener">Register from a file</a></p></div>
<div id="keys-part" hidden><h3>1. Their public keys</h3>
<p>Set each on its piece, on the piece’s page under “Give it a fresh claim card”. They are no secrets. Of cards printed again there is nothing to set.</p>
<div class="wide-table" tabindex="0" role="region" aria-label="Public keys"><table class="table"><thead><tr><th scope="col">Piece</th><th scope="col">Public key</th></tr></thead><tbody id="card-keys"></tbody></table></div></div>
<h3>2. Print them</h3>
${choiceField({ name: 'language', label: 'Language of the cards', required: true, value: 'en', choices: LANGUAGES.map((language) => [language, LANGUAGE_NAMES[language]] as const) })}
<p class="hint">Eight to a page of A4 or Letter, 85.6 × 54 mm each, to be cut along the marks. Print at 100 %, without headers. A printer that keeps what it printed keeps the cards.</p>
<p class="actions"><button type="button" id="print-cards">Print</button></p>
<h3>3. Or save them</h3>
${textField({ name: 'passphrase', label: 'A passphrase to lock the file with', type: 'password', autocomplete: 'new-password', hint: 'At least 12 characters, told to whoever prints them by another way than the file.' })}
<p class="fault" id="save-fault" role="alert"></p>
<p class="actions"><button type="button" id="save-sealed" class="beside">Save locked</button><button type="button" id="save-plain" class="beside">Save open</button></p>
<p class="hint">An open file is as good as the cards: whoever finds it on this computer, in a backup or in a mail can claim the pieces.</p>
<h3>4. Done</h3>
${tickField({ name: 'printed', label: 'They are printed, or saved where only those who print them can read them' })}
<p class="fault" id="done-fault" role="alert"></p>
<p class="actions"><button type="button" id="cards-done" class="grave">Forget the cards on this page</button></p>
</section>`;
}
