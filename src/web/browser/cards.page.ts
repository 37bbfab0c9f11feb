// Owns the console's page of claim cards: their secrets are drawn, printed and saved here, and leave the page only on paper
// or in a file that its user saves. What goes to the service is asked for and sent by other pages, and is public.

import { cardKey } from '../../core/card.ts';
import { readCard } from '../../core/card-address.ts';
import {
  cardsFile,
  cardsFor,
  cardsForFile,
  cardsForNew,
  type MadeCard,
  type MadeCards,
  type Making,
} from '../../core/card-making.ts';
import { codePath } from '../../core/code.ts';
import { csvRows } from '../../core/csv-text.ts';
import { codeTyped } from '../../core/typed-code.ts';
import { type CardWords, cardPages } from './card-sheet.ts';
import { byId, dataOf, download, element, onClick, setText, show } from './dom.ts';
import { opened, SHORTEST_PASSPHRASE, sealed } from './sealed-file.ts';

interface About {
  readonly publicUrl: string;
  readonly handle: string;
  readonly maker: string;
  readonly languages: readonly CardWords[];
}

const about = dataOf<About>('about-cards');
const making: Making = {
  publicUrl: about.publicUrl,
  handle: about.handle,
  random: (count) => crypto.getRandomValues(new Uint8Array(count)),
};
let cards: readonly MadeCard[] = [];
let importFile = '';
let printed = true;

const field = (id: string) => byId<HTMLInputElement>(id).value.trim();
const chosen = () => document.querySelector<HTMLInputElement>('input[name="of"]:checked')?.value ?? 'new';
const stamp = () => new Date().toISOString().slice(0, 10);

function shownChoice(): void {
  for (const one of ['new', 'file', 'known']) show(`of-${one}`, one === chosen());
}

async function wanted(): Promise<MadeCards> {
  if (chosen() === 'new') return cardsForNew(Number(field('f-count')), field('f-gtin') || undefined, making);
  if (chosen() === 'known') return cardsFor(codesTyped(field('f-codes')), making);
  const [file] = byId<HTMLInputElement>('f-file').files ?? [];
  if (!file) throw new Error('Choose the file first.');
  return cardsForFile(await file.text(), making);
}

function codesTyped(text: string) {
  return text
    .split(/[\n\t]+/)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const read = codeTyped(line.trim());
      if (read.kind !== 'code') throw new Error(`“${line.trim().slice(0, 60)}” is no code of a piece.`);
      return { code: read.code, title: '' };
    });
}

function present(made: MadeCards): void {
  ({ cards, importFile } = made);
  printed = false;
  show('cards-made');
  show('cards-plan', false);
  show('import-part', importFile !== '');
  show('keys-part', importFile === '');
  setText('cards-count', String(cards.length));
  byId('card-keys').replaceChildren(
    ...cards.map(({ path, key }) =>
      element('tr', {}, element('td', {}, element('code', {}, path)), element('td', {}, element('code', {}, key))),
    ),
  );
  draw();
  byId('cards-made').focus();
}

function draw(): void {
  const language = byId<HTMLSelectElement>('f-language').value;
  const words = about.languages.find((one) => one.language === language) ?? about.languages[0];
  if (words) byId('cards-sheet').replaceChildren(...cardPages(cards, about.maker, words));
  show('cards-sheet', cards.length > 0);
}

/** Nothing of them stays: not on the page, not in the memory it can reach. */
function forget(): void {
  cards = [];
  importFile = '';
  printed = true;
  byId('cards-sheet').replaceChildren();
  byId('card-keys').replaceChildren();
  byId<HTMLInputElement>('f-passphrase').value = '';
  show('cards-sheet', false);
  show('cards-made', false);
  show('cards-plan');
}

async function told(where: string, work: () => Promise<void> | void): Promise<void> {
  setText(where, '');
  try {
    await work();
  } catch (error) {
    setText(where, (error as Error).message);
  }
}

/** The private file, as it was saved by this page or by the command line. */
function cardsIn(text: string): MadeCards {
  const [, ...rows] = csvRows(text);
  const read = rows.map(([, title = '', path = '', , url = ''], i): MadeCard => {
    const card = readCard(url);
    if (!card.ok || !card.code || codePath(card.code) !== path) throw new Error(`Row ${i + 1} is no card.`);
    return { row: i + 1, title, path, secret: card.secret, url, key: cardKey(card.secret).address };
  });
  return { cards: read, importFile: '' };
}

for (const one of document.querySelectorAll('input[name="of"]')) one.addEventListener('change', shownChoice);
shownChoice();
show('cards-plan');
show('cards-need-script', false);
byId('f-language').addEventListener('change', draw);
onClick('make-cards', () => told('plan-fault', async () => present(await wanted())));
onClick('save-import', () => download(`import-${stamp()}.csv`, 'text/csv', importFile));
onClick('print-cards', () => window.print());
onClick('save-sealed', () =>
  told('save-fault', async () => {
    const passphrase = byId<HTMLInputElement>('f-passphrase').value;
    if (passphrase.length < SHORTEST_PASSPHRASE) throw new Error(`Take at least ${SHORTEST_PASSPHRASE} characters.`);
    download(`cards-${stamp()}.sealed.json`, 'application/json', await sealed(cardsFile(cards), passphrase));
  }),
);
onClick('save-plain', () => download(`cards-${stamp()}.csv`, 'text/csv', cardsFile(cards)));
onClick('cards-done', () =>
  told('done-fault', () => {
    if (!byId<HTMLInputElement>('f-printed').checked) throw new Error('Confirm first that they are printed or saved.');
    byId<HTMLInputElement>('f-printed').checked = false;
    forget();
  }),
);
onClick('open-sealed', () =>
  told('open-fault', async () => {
    const [file] = byId<HTMLInputElement>('f-sealed').files ?? [];
    if (!file) throw new Error('Choose the file first.');
    const text = await file.text();
    const plain = text.trimStart().startsWith('{')
      ? await opened(text, byId<HTMLInputElement>('f-opening').value)
      : text;
    present(cardsIn(plain));
  }).then(() => undefined),
);
window.addEventListener('beforeunload', (event) => {
  if (!printed) event.preventDefault();
});
