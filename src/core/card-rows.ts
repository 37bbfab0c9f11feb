// Owns completing the rows of a workshop's file with cards: which of its columns say the code, which are added, and what
// is written into them. What the other columns say is the import's business; secrets never enter it.
import { CellFault, readerOf } from './cells.ts';
import { codePath, isHandle, ownCode, ownCodeFault, type PieceCode, randomSerial, tidyOwnCode } from './code.ts';
import { COLUMNS, type Column } from './column-table.ts';
import type { ColumnMapping } from './columns.ts';
import { type Fault, TouchstoneError } from './errors.ts';
import type { Hex32 } from './hash.ts';

/** What a row says of its code before anything is drawn. */
export interface WishedParts {
  readonly gtin?: string;
  readonly serial?: string;
  readonly handle?: string;
  readonly code?: string;
}

export interface CardRow {
  readonly wished: WishedParts;
  readonly title: string;
  /** The row as it is to be imported. */
  completed(code: PieceCode, claimKey: Hex32): readonly string[];
}

export interface CardTable {
  /** The file's header with the columns that are added; empty for lines of JSON. */
  readonly header: readonly string[];
  /** @throws TouchstoneError invalid-file naming the column */
  rowOf(cells: readonly string[]): CardRow;
}

const NAMES = ['gtin', 'serial', 'code', 'claim_key', 'title'] as const;
type Name = (typeof NAMES)[number];
const READERS = new Map(
  NAMES.map((name) => [name, readerOf(COLUMNS.find((column) => column.name === name) as Column)] as const),
);

/**
 * A CSV file by its header.
 * @param mapping the one the import gets: it may name these columns otherwise, or fix the GTIN
 * @param ownCodes whether rows without a GTIN get a code of the organisation's own
 */
export function cardTable(
  header: readonly string[],
  { mapping = {}, ownCodes }: { mapping?: ColumnMapping; ownCodes: boolean },
): CardTable {
  const targets = new Map(Object.entries(mapping.columns ?? {}));
  const ignored = new Set(mapping.ignore);
  const places = new Map<string, number>();
  header.forEach((cell, at) => {
    const source = cell.trim();
    const name = targets.get(source) ?? source.toLowerCase();
    if (ignored.has(source) || !NAMES.includes(name as Name)) return;
    if (places.has(name)) throw refused([{ field: name, reason: 'is filled by two columns' }]);
    places.set(name, at);
  });
  const fixed = mapping.constants?.['gtin'];
  const added = [
    ...(ownCodes && fixed === undefined ? ['code'] : []),
    ...(fixed !== undefined || places.has('gtin') ? ['serial'] : []),
    'claim_key',
  ];
  const all = [...header, ...added.filter((name) => !places.has(name))];
  const placeOf = (name: Name) => places.get(name) ?? all.indexOf(name, header.length);
  return { header: all, rowOf: (cells) => csvRow(cells, header.length, all.length, placeOf, fixed) };
}

function csvRow(
  cells: readonly string[],
  width: number,
  wide: number,
  placeOf: (name: Name) => number,
  fixed: string | undefined,
): CardRow {
  if (cells.length !== width) {
    throw refused([{ field: '', reason: `has ${cells.length} cells where the header has ${width}` }]);
  }
  const read = (name: Name): string | undefined => {
    const text = (cells[placeOf(name)] ?? (name === 'gtin' ? fixed : undefined) ?? '').trim();
    if (text === '' || text.toLowerCase() === 'unknown') return undefined;
    const value = READERS.get(name)?.(text);
    if (value instanceof CellFault) throw refused([{ field: name, reason: value.reason }]);
    return value as string;
  };
  if (read('claim_key') !== undefined) throw hasCard('claim_key');
  const [gtin, serial, code] = [read('gtin'), read('serial'), read('code')];
  if (code !== undefined && (gtin ?? serial) !== undefined) {
    throw refused([{ field: 'code', reason: 'and gtin are both filled: a piece has one code' }]);
  }
  if (serial !== undefined && gtin === undefined)
    throw refused([{ field: 'gtin', reason: 'is blank, but serial needs it' }]);
  return {
    wished: { ...(gtin && { gtin }), ...(serial && { serial }), ...(code && { code }) },
    title: cells[placeOf('title')] ?? '',
    completed: (given, claimKey) => {
      const row = [...cells, ...Array<string>(wide - width).fill('')];
      if ('gtin' in given) row[placeOf('serial')] = given.serial;
      else row[placeOf('code')] = given.code;
      row[placeOf('claim_key')] = claimKey;
      return row;
    },
  };
}

/** Lines of JSON: a record each, or a record under `record`. */
export const jsonCardTable: CardTable = {
  header: [],
  rowOf([text = '']) {
    const line = objectIn(text);
    const wrapped = 'record' in line;
    const { code, ...record } = (wrapped ? objectOf(line['record']) : line) as Record<string, unknown>;
    if (wrapped && line['claimKey'] !== undefined) throw hasCard('claimKey');
    return {
      wished: code === undefined ? {} : wishedIn(objectOf(code)),
      title: typeof record['title'] === 'string' ? record['title'] : '',
      completed: (given, claimKey) => [JSON.stringify({ claimKey, record: { ...record, code: given } })],
    };
  },
};

function wishedIn(code: Record<string, unknown>): WishedParts {
  const parts: Record<string, string> = {};
  for (const [name, value] of Object.entries(code)) {
    if (!['gtin', 'serial', 'handle', 'code'].includes(name))
      throw refused([{ field: `code.${name}`, reason: 'is no part of a code' }]);
    const reader = READERS.get(name as Name);
    const read = typeof value === 'string' ? (reader?.(value) ?? value) : new CellFault('must be text in quotes');
    if (read instanceof CellFault) throw refused([{ field: `code.${name}`, reason: read.reason }]);
    parts[name] = read as string;
  }
  return parts;
}

function objectIn(text: string): Record<string, unknown> {
  try {
    return objectOf(JSON.parse(text));
  } catch (error) {
    if (error instanceof TouchstoneError) throw error;
    throw refused([{ field: '', reason: 'is no JSON' }]);
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw refused([{ field: '', reason: 'must be a JSON object' }]);
}

/**
 * The code a row has, with what it leaves open drawn.
 * @param handle of the organisation that will register; only codes of its own need it
 */
export function codeFor(
  wished: WishedParts,
  handle: string | undefined,
  random: (count: number) => Uint8Array,
): PieceCode {
  if (wished.gtin !== undefined) return { gtin: wished.gtin, serial: wished.serial ?? randomSerial(random(8)) };
  const whose = wished.handle ?? handle;
  if (whose === undefined) {
    const reason = 'is missing, so a code of your own is needed: say your handle with --handle';
    throw refused([{ field: 'gtin', reason }]);
  }
  if (!isHandle(whose) || (handle !== undefined && whose !== handle)) {
    throw refused([
      { field: 'code.handle', reason: `must be your own handle${handle === undefined ? '' : `, ${handle}`}` },
    ]);
  }
  if (wished.code === undefined) return ownCode(whose, random(10));
  const code = tidyOwnCode(wished.code);
  const reason = ownCodeFault(code);
  if (reason !== undefined) throw refused([{ field: 'code', reason }]);
  return { handle: whose, code };
}

/** What names the same piece in a card's address and in an import file, which leaves the handle out. */
export function codeKey(code: PieceCode | WishedParts): string {
  if ('gtin' in code && code.gtin !== undefined) return codePath({ gtin: code.gtin, serial: code.serial ?? '' });
  return `/p/${(code as WishedParts).code}`;
}

function hasCard(field: string): TouchstoneError {
  return refused([{ field, reason: 'is filled: this piece has a card already. Take such rows out' }]);
}

function refused([fault]: readonly [Fault]): TouchstoneError {
  return new TouchstoneError('invalid-file', `${fault.field} ${fault.reason}`.trim(), { faults: [] });
}
