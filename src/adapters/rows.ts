// Owns the rows of files: CSV through csv-parse and csv-stringify, NDJSON by line, both strictly UTF-8. What a row means
// is the core's business.
import { parse } from 'csv-parse';
import { stringify } from 'csv-stringify/sync';
import { TouchstoneError } from '../core/errors.ts';
import { defused } from '../core/formulas.ts';
import type { FileRow, Rows } from '../ports.ts';

/** A row longer than this is no piece of jewellery but an unclosed quote. */
const MAX_ROW_CHARACTERS = 262_144;

/** A parser gives out all rows of what it was given before it waits: a megabyte would be twenty thousand of them. */
const PIECE_BYTES = 32 * 1024;

export const fileRows: Rows = {
  read: (format, chunks) => (format === 'csv' ? csvRows(decoded(chunks)) : lineRows(decoded(chunks))),
  // What it doesn't write itself but reads, or another program's settings may read, as the end of a cell is quoted, too.
  csvLine: (cells) => stringify([cells.map(defused)], { quoted_match: /[;\t\r]/ }),
};

/** A line of CSV with its cells as they are: for a copy of a file that is read here again, not by a spreadsheet. */
export function exactCsvLine(cells: readonly string[]): string {
  return stringify([[...cells]], { quoted_match: /[;\t\r]/ });
}

async function* decoded(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  // fatal: a file in another encoding would otherwise arrive with question marks for accents, on record for ever.
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
        const piece = chunk.subarray(at, at + PIECE_BYTES);
        yield decoder.decode(piece, { stream: true });
        bytes += piece.length;
      }
    }
    yield decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const where = `somewhere after byte ${bytes}`;
    throw new TouchstoneError(
      'invalid-encoding',
      `The file is not UTF-8 (${where}). Save it as “CSV UTF-8” and send it again.`,
    );
  }
}

async function* csvRows(text: AsyncIterable<string>): AsyncGenerator<FileRow> {
  const cells: string[][] = [];
  let row = 0;
  const parser = parse({
    on_record: (record: string[]) => {
      cells.push(record);
      return null;
    },
    bom: true,
    delimiter: [',', ';', '\t'],
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_CHARACTERS,
  });
  // Every fault comes through a write or the end as well.
  parser.on('error', () => {}).resume();
  // Rows are taken aside as they are parsed: in the parser's own queue, a fault further on would take them with it.
  const next = () => cells.splice(0).map((one) => ({ row: row++, cells: one }));
  const failed = (error: Error) => {
    const message = `Row ${row} can not be read: ${error.message}. Rows before it were taken in.`;
    return new TouchstoneError('invalid-file', message);
  };
  for await (const piece of text) {
    const error = await new Promise<Error | null | undefined>((resolve) => parser.write(piece, resolve));
    yield* next();
    if (error) throw failed(error);
  }
  const error = await new Promise<Error | undefined>((resolve) => {
    parser
      .once('error', resolve)
      .once('end', () => resolve(undefined))
      .end();
  });
  yield* next();
  if (error) throw failed(error);
}

async function* lineRows(text: AsyncIterable<string>): AsyncGenerator<FileRow> {
  let rest = '';
  let row = 0;
  const tooLong = () =>
    new TouchstoneError('invalid-file', `Line ${row + 1} is longer than ${MAX_ROW_CHARACTERS} characters.`);
  for await (const piece of text) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_ROW_CHARACTERS) throw tooLong();
    for (const line of lines) {
      if (line.length > MAX_ROW_CHARACTERS) throw tooLong();
      if (line.trim() !== '') yield { row: ++row, cells: [line.trim().replace(/^\uFEFF/, '')] };
    }
  }
  if (rest.trim() !== '') yield { row: ++row, cells: [rest.trim()] };
}
