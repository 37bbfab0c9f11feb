// Owns tables as text in the browser: reading a file somebody exported from somewhere, writing one that no spreadsheet takes
// for a program.
import { defused } from '../../core/formulas.ts';

/** Rows of cells; commas, semicolons or tabs between them, whichever the first line has most of. */
export function readTable(text: string): string[][] {
  const plain = text.replace(/^\uFEFF/, '');
  const separator = separatorOf(plain.split(/\r?\n/, 1)[0] ?? '');
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const endCell = () => {
    row.push(cell.trim());
    cell = '';
  };
  const endRow = () => {
    endCell();
    if (row.some((one) => one !== '')) rows.push(row);
    row = [];
  };
  for (let i = 0; i < plain.length; i++) {
    const character = plain[i] as string;
    if (quoted) {
      if (character !== '"') cell += character;
      else if (plain[i + 1] === '"') cell += plain[++i];
      else quoted = false;
    } else if (character === '"' && cell === '') quoted = true;
    else if (character === separator) endCell();
    else if (character === '\n') endRow();
    else if (character !== '\r') cell += character;
  }
  endRow();
  return rows;
}

function separatorOf(line: string): string {
  const count = (separator: string) => line.split(separator).length;
  return [',', ';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best));
}

/** As RFC 4180 has it; what a spreadsheet would run begins with an apostrophe. */
export function writeTable(rows: readonly (readonly string[])[]): string {
  const cell = (text: string) => {
    const safe = defused(text);
    return /[",\r\n;\t]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}
