// Owns the command line's commands about claim cards. Making them needs no service and asks none: secrets are drawn
// here, go into files of their owner, and nowhere else: not to standard output, not into any request.
import { createReadStream, readFileSync } from 'node:fs';
import { randomBytes } from './adapters/random.ts';
import { exactCsvLine, fileRows } from './adapters/rows.ts';
import { say } from './client-commands.ts';
import type { Config } from './config.ts';
import { cardKey, cardSecret, printedSecret } from './core/card.ts';
import { cardUrl } from './core/card-address.ts';
import { type CardRow, type CardTable, cardTable, codeFor, jsonCardTable } from './core/card-rows.ts';
import { codePath, gtinFault } from './core/code.ts';
import { type ColumnMapping, mappingSchema } from './core/columns.ts';
import { TouchstoneError } from './core/errors.ts';
import { SECRET_BYTES } from './core/secret-text.ts';
import { svgOf } from './http/qr.ts';
import { MAX_IMPORT_ROWS } from './ledger/imports.ts';
import { NewFiles } from './new-files.ts';

/** The private file: who reads it can claim every piece in it. */
export const CARDS_FILE = 'cards.csv';
export const CARD_COLUMNS = ['row', 'title', 'path', 'secret', 'url'] as const;
const QR_FOLDER = 'qr';
/** Q bears a quarter of the code worn away, as a panel that is scratched off leaves it. */
const CARD_QR = { level: 'Q', margin: 4, mm: 30 } as const;
const TOLD_EVERY_MS = 2_000;

export interface MakeOptions {
  readonly to: string;
  readonly publicUrl?: string;
  readonly handle?: string;
  readonly gtin?: string;
  readonly count?: string;
  readonly mapping?: string;
  readonly format?: 'csv' | 'ndjson';
  readonly qr?: 'svg';
}

/** Makes a card for every row of a file, or so many without one, and a copy of the file to import. */
export async function makeCards(config: Config, file: string | undefined, options: MakeOptions): Promise<void> {
  const publicUrl = publicUrlOf(options.publicUrl ?? config.publicUrl);
  const rows = file === undefined ? blankRows(options) : rowsOf(file, options);
  const json = file !== undefined && formatOf(file, options) === 'ndjson';
  const files = new NewFiles(options.to);
  try {
    const made = await writeCards(rows, files, { ...options, publicUrl, json });
    files.finish();
    tell(made, options, json ? 'import.ndjson' : 'import.csv', publicUrl);
  } catch (error) {
    files.giveUp();
    throw error;
  }
}

interface Line {
  readonly row: number;
  readonly table: CardTable;
  readonly cells: readonly string[];
}

async function writeCards(
  lines: AsyncIterable<Line>,
  files: NewFiles,
  options: MakeOptions & { publicUrl: string; json: boolean },
): Promise<number> {
  const cards = files.file(CARDS_FILE, { secret: true });
  const pictures = options.qr ? files.folder(QR_FOLDER) : undefined;
  const copy = files.file(options.json ? 'import.ndjson' : 'import.csv', { secret: false });
  cards.write(fileRows.csvLine([...CARD_COLUMNS]));
  const seen = new Set<string>();
  const progress = progressOf();
  for await (const { row, table, cells } of lines) {
    if (row === 0) {
      copy.write(exactCsvLine(table.header));
      continue;
    }
    await atRow(row, async () => {
      const read: CardRow = table.rowOf(cells);
      const code = codeFor(read.wished, options.handle, randomBytes);
      const path = codePath(code);
      if (seen.has(path)) throw new TouchstoneError('invalid-file', `has the code of an earlier row: ${path}`);
      seen.add(path);
      const secret = cardSecret(randomBytes(SECRET_BYTES));
      const url = cardUrl(options.publicUrl, code, secret);
      cards.write(fileRows.csvLine([String(row), read.title, path, printedSecret(secret), url]));
      pictures?.file(`${String(row).padStart(6, '0')}.svg`, await svgOf(url, CARD_QR));
      const completed = read.completed(code, cardKey(secret).address);
      copy.write(options.json ? `${completed[0]}\n` : exactCsvLine(completed));
    });
    progress(seen.size);
  }
  if (seen.size === 0) throw new TouchstoneError('invalid-file', 'There is no row to make a card for.');
  return seen.size;
}

/** A fault of a row says which; nothing was kept then, so the row can be mended and all of it be made again. */
async function atRow(row: number, work: () => Promise<void>): Promise<void> {
  try {
    if (row > MAX_IMPORT_ROWS) throw new TouchstoneError('invalid-file', `is beyond the ${MAX_IMPORT_ROWS} of a file`);
    await work();
  } catch (error) {
    if (!(error instanceof TouchstoneError)) throw error;
    throw new TouchstoneError(error.code, `Row ${row}: ${error.message}. No card was made.`);
  }
}

async function* rowsOf(file: string, options: MakeOptions): AsyncGenerator<Line> {
  const format = formatOf(file, options);
  const mapping = options.mapping === undefined ? {} : mappingIn(options.mapping);
  let table = jsonCardTable;
  for await (const { row, cells } of fileRows.read(format, createReadStream(file))) {
    if (format === 'csv' && row === 0) table = cardTable(cells, { mapping, ownCodes: options.handle !== undefined });
    yield { row, table, cells };
  }
}

/** A file that has nothing yet but codes and keys. */
async function* blankRows({ count, gtin, handle }: MakeOptions): AsyncGenerator<Line> {
  const wanted = Number(count);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > MAX_IMPORT_ROWS) {
    throw new TouchstoneError('invalid-request', `Name a file of pieces, or say --count with 1 to ${MAX_IMPORT_ROWS}.`);
  }
  if (gtin === undefined && handle === undefined) {
    throw new TouchstoneError('invalid-request', 'Say whose codes they are: --handle with your handle, or --gtin.');
  }
  const fault = gtin === undefined ? undefined : gtinFault(gtin);
  if (fault !== undefined) throw new TouchstoneError('invalid-code', `--gtin ${fault}.`);
  const table = cardTable(['title', 'kind', ...(gtin === undefined ? [] : ['gtin'])], { ownCodes: gtin === undefined });
  const cells = gtin === undefined ? ['', ''] : ['', '', gtin];
  for (let row = 0; row <= wanted; row++) yield { row, table, cells };
}

function formatOf(file: string, { format }: MakeOptions): 'csv' | 'ndjson' {
  return format ?? (/\.(nd)?jsonl?$/i.test(file) ? 'ndjson' : 'csv');
}

function mappingIn(file: string): ColumnMapping {
  try {
    return mappingSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error;
    throw new TouchstoneError('invalid-json', `${file} is no mapping (docs/columns.md).`);
  }
}

/** What is printed can't be changed: it is asked for, never assumed. */
function publicUrlOf(text: string | undefined): string {
  if (text === undefined) {
    const message =
      'Say where your ledger is found: --public-url https://…, or PUBLIC_URL. It is printed on every card.';
    throw new TouchstoneError('configuration', message);
  }
  const url = text.replace(/\/+$/, '');
  if (!/^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/.test(url) || !URL.canParse(url)) {
    throw new TouchstoneError('configuration', `${text} is no address that cards can lead to: https://ledger.example`);
  }
  return url;
}

function progressOf(): (done: number) => void {
  const begun = performance.now();
  let told = begun;
  return (done) => {
    const now = performance.now();
    if (now - told < TOLD_EVERY_MS) return;
    told = now;
    say(`${done} cards, ${Math.round((1000 * done) / (now - begun))} a second`);
  };
}

function tell(made: number, { to, qr }: MakeOptions, copy: string, publicUrl: string): void {
  const lines = [
    `${made} card${made === 1 ? '' : 's'} made`,
    `secret, for who prints the cards: ${to}/${CARDS_FILE}${qr ? ` and ${to}/${QR_FOLDER}` : ''}`,
    `to be imported, holds no secret:  ${to}/${copy}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  say(
    `whoever reads ${CARDS_FILE} can claim these pieces: pass it to the printer only, and delete it once they are printed`,
  );
  if (publicUrl.startsWith('http:'))
    say(`${publicUrl} is not https: who stands on the way can take a card that is used`);
}
