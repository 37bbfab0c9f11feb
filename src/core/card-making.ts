// Owns making claim cards for pieces: a code and a secret for each row of a file, or so many without one, and what becomes
// public of it: the file to import. Random bytes come in; where a secret goes is its maker's business.
import { type CardSecret, cardKey, cardSecret, printedSecret } from './card.ts';
import { cardUrl } from './card-address.ts';
import { cardTable, codeFor } from './card-rows.ts';
import { codePath, type PieceCode } from './code.ts';
import { csvRows, exactLine, safeLine } from './csv-text.ts';
import { TouchstoneError } from './errors.ts';
import type { Hex32 } from './hash.ts';
import { SECRET_BYTES } from './secret-text.ts';

export interface MadeCard {
  readonly row: number;
  readonly title: string;
  readonly path: string;
  readonly secret: CardSecret;
  readonly url: string;
  /** Its public key. */
  readonly key: Hex32;
}

export interface MadeCards {
  readonly cards: readonly MadeCard[];
  /** To be imported; holds no secret. Empty where the pieces are registered already. */
  readonly importFile: string;
}

export interface Making {
  readonly publicUrl: string;
  readonly handle: string;
  random(count: number): Uint8Array;
}

/** What fits on a page in a browser, and into a box on a desk. */
export const MAX_CARDS = 500;

/** One for each of these pieces, which have their codes. */
export function cardsFor(pieces: readonly { code: PieceCode; title: string }[], making: Making): MadeCards {
  mustFit(pieces.length);
  return { cards: pieces.map(({ code, title }, i) => madeCard(i + 1, title, code, making)), importFile: '' };
}

/** So many, for pieces that are still to be described. */
export function cardsForNew(count: number, gtin: string | undefined, making: Making): MadeCards {
  mustFit(count);
  const header = gtin === undefined ? ['title', 'kind'] : ['title', 'kind', 'gtin'];
  const cells = gtin === undefined ? ['', ''] : ['', '', gtin];
  return completed([header, ...Array.from({ length: count }, () => cells)], making);
}

/** One for each row of a file as it would be imported. @throws TouchstoneError invalid-file naming the row */
export function cardsForFile(text: string, making: Making): MadeCards {
  const rows = csvRows(text);
  mustFit(rows.length - 1);
  return completed(rows, making);
}

function completed([header = [], ...rows]: readonly (readonly string[])[], making: Making): MadeCards {
  const table = cardTable(header, { ownCodes: !header.some((name) => name.trim().toLowerCase() === 'gtin') });
  const seen = new Set<string>();
  const lines = [exactLine(table.header)];
  const cards = rows.map((cells, i) => {
    try {
      const row = table.rowOf(cells);
      const code = codeFor(row.wished, making.handle, making.random);
      const card = madeCard(i + 1, row.title, code, making);
      if (seen.has(card.path))
        throw new TouchstoneError('invalid-file', `has the code of an earlier row: ${card.path}`);
      seen.add(card.path);
      lines.push(exactLine(row.completed(code, card.key)));
      return card;
    } catch (error) {
      if (!(error instanceof TouchstoneError)) throw error;
      throw new TouchstoneError(error.code, `Row ${i + 1}: ${error.message}. No card was made.`);
    }
  });
  return { cards, importFile: lines.join('') };
}

function madeCard(row: number, title: string, code: PieceCode, { publicUrl, random }: Making): MadeCard {
  const secret = cardSecret(random(SECRET_BYTES));
  return {
    row,
    title,
    path: codePath(code),
    secret,
    url: cardUrl(publicUrl, code, secret),
    key: cardKey(secret).address,
  };
}

/** Whoever reads it can claim the pieces: the columns of the command line's own file. */
export function cardsFile(cards: readonly MadeCard[]): string {
  const lines = cards.map(({ row, title, path, secret, url }) => [
    String(row),
    title,
    path,
    printedSecret(secret),
    url,
  ]);
  return [['row', 'title', 'path', 'secret', 'url'], ...lines].map(safeLine).join('');
}

function mustFit(count: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= MAX_CARDS) return;
  const message = `Here 1 to ${MAX_CARDS} cards are made at a time; “touchstone cards make” makes a million.`;
  throw new TouchstoneError('invalid-request', message);
}
