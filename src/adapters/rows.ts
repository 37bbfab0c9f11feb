// Owns the rows of files: CSV through csv-parse and csv-stringify, NDJSON by line, both strictly UTF-8. What a row means
// is the core's business.
import { parse } from 'csv-parse';
import { stringify } from 'csv-stringify/sync';
import { TouchstoneError } from '../core/errors.ts';
import type { FileRow, Rows } from '../ports.ts';

/** A row longer than this is no piece of jewellery but an unclosed quote. */
const MAX_ROW_CHARACTERS = 262_144;

export const fileRows: Rows = {
  read: (format, chunks) => (format === 'csv' ? csvRows(decoded(chunks)) : lineRows(decoded(chunks))),
  csvLine: (cells) => stringify([[...cells]], { escape_formulas: true }),
};

async function* decoded(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  // fatal: a file in another encoding would otherwise arrive with question marks for accents, on record for ever.
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      yield decoder.decode(chunk, { stream: true });
      bytes += chunk.length;
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
  const parser = parse({
    bom: true,
    delimiter: [',', ';', '\t'],
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_CHARACTERS,
  });
  const feeding = feed(text, parser);
  let row = 0;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) yield { row: row++, cells };
    await feeding;
  } catch (error) {
    parser.destroy();
    await feeding.catch(() => {});
    if (error instanceof TouchstoneError) throw error;
    const { message } = error as Error;
    throw new TouchstoneError('invalid-file', `Row ${row} can not be read: ${message}. Rows before it were taken in.`);
  }
}

/** Pushes text into the parser at the pace rows are taken out. */
async function feed(text: AsyncIterable<string>, parser: ReturnType<typeof parse>): Promise<void> {
  try {
    for await (const piece of text) {
      if (parser.destroyed) return;
      if (!parser.write(piece)) await new Promise<void>((resolve) => resumed(parser, resolve));
    }
    parser.end();
  } catch (error) {
    parser.destroy(error as Error);
    throw error;
  }
}

function resumed(parser: ReturnType<typeof parse>, resolve: () => void): void {
  const done = () => {
    parser.off('drain', done).off('close', done);
    resolve();
  };
  parser.on('drain', done).on('close', done);
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
