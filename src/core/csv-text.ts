// Owns the text of a small CSV file (RFC 4180), for whoever has it whole in memory, as a browser has: rows of cells and
// back. Large files are an adapter's business.
import { TouchstoneError } from './errors.ts';
import { defused } from './formulas.ts';

/** Rows of cells; the separator is the comma, or the semicolon if the first line has more of those. @throws TouchstoneError invalid-file */
export function csvRows(text: string): string[][] {
  const body = text.replace(/^\uFEFF/, '');
  const [first = ''] = body.split(/\r?\n/, 1);
  const separator = first.split(';').length > first.split(',').length ? ';' : ',';
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < body.length) {
    const { cell, end } = cellAt(body, at, separator);
    row.push(cell);
    at = end + 1;
    if (body[end] === separator) {
      if (at === body.length) row.push('');
      continue;
    }
    if (body[end] === '\r' && body[at] === '\n') at += 1;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  if (row.length > 0) rows.push(row);
  return rows;
}

function cellAt(text: string, from: number, separator: string): { cell: string; end: number } {
  const stops = (at: number) => at >= text.length || text[at] === separator || text[at] === '\n' || text[at] === '\r';
  if (text[from] !== '"') {
    let end = from;
    while (!stops(end)) end += 1;
    return { cell: text.slice(from, end), end };
  }
  let cell = '';
  let at = from + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) throw new TouchstoneError('invalid-file', 'A quotation mark in the file is never closed.');
    cell += text.slice(at, quote);
    if (text[quote + 1] !== '"') {
      if (!stops(quote + 1))
        throw new TouchstoneError('invalid-file', 'Something follows a closed quotation mark in the file.');
      return { cell, end: quote + 1 };
    }
    cell += '"';
    at = quote + 2;
  }
}

/** A line as it is to be read here again. */
export function exactLine(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`;
}

/** A line for whatever opens it, with cells that a spreadsheet would run made harmless. */
export function safeLine(cells: readonly string[]): string {
  return exactLine(cells.map(defused));
}
