// Owns the way from a row of a workshop's file to a record statement: the header is read once, with a mapping where the
// file has names of its own, then each row costs a walk over its cells. Faults name columns. No file, no stream and no
// code that isn't in the file ever enters it.
import { z } from 'zod';
import { nearest } from './cells.ts';
import { build, groupOf, note, type Plan, planOf, type Row, type Slot, slotOf } from './column-plan.ts';
import { COLUMNS, type Column } from './column-table.ts';
import type { Fault } from './errors.ts';
import type { Hex32 } from './hash.ts';

export { COLUMNS, type Column } from './column-table.ts';

/** How a file whose columns have names of their own is read. */
export const mappingSchema = z.strictObject({
  /** The file's column to the column it is. */
  columns: z.record(z.string(), z.string()).optional(),
  /** A column to what it is for every row. */
  constants: z.record(z.string(), z.string()).optional(),
  /** The file's columns that are left out. */
  ignore: z.array(z.string()).optional(),
  /** Columns in which 0 says that nobody measured. */
  zeroIsUnknown: z.array(z.string()).optional(),
  /** What the file writes for unknown, besides unknown: "n/a", "-". */
  unknownValues: z.array(z.string()).optional(),
});
export type ColumnMapping = z.infer<typeof mappingSchema>;

/** What a column says where the file doesn't have it, or its cell is blank. */
export type ColumnDefaults = Readonly<Record<string, string>>;

export type RowCode = { readonly gtin: string; readonly serial?: string } | { readonly code: string };

export interface RowStatement {
  /** A record but for its code; `parseRecord` judges the rest. Not to be used if there are faults. */
  readonly statement: Readonly<Record<string, unknown>>;
  /** Absent: to be drawn. */
  readonly code?: RowCode;
  /** Address of the claim card; absent: none. */
  readonly claimKey?: Hex32;
  readonly faults: readonly Fault[];
  /** Columns whose 0 was read as unknown, as the mapping asks. */
  readonly zeros: readonly string[];
}

export interface CompiledColumns {
  readonly ok: true;
  /** The file's columns that are left out, as the mapping asks. */
  readonly ignored: readonly string[];
  statementOf(cells: readonly string[]): RowStatement;
  /** `parseRecord`'s faults about such a statement, by column. */
  explain(cells: readonly string[], faults: readonly Fault[]): Fault[];
}

const BUILT_IN_DEFAULTS: ColumnDefaults = { language: 'en', recorded_as: 'maker' };
const NONE: readonly never[] = [];
const NO_STATEMENT: Readonly<Record<string, unknown>> = {};

/** Every name a header may have, with its number, to its column. */
const NAMES: ReadonlyMap<string, Column> = new Map(
  COLUMNS.flatMap((column) =>
    column.name.includes('#')
      ? Array.from({ length: column.upTo }, (_, i) => [column.name.replace('#', String(i + 1)), column] as const)
      : [[column.name, column] as const],
  ),
);

/** Twice as many as there are names for. Looking for what a misspelled name may have meant takes a while for each. */
export const MAX_COLUMNS = 2_000;
const MOST_HINTS = 20;

/** Reads a header once. Its faults are about the whole file, and name the file's own columns. */
export function compileColumns(
  header: readonly string[],
  mapping: ColumnMapping = {},
  defaults: ColumnDefaults = {},
): { readonly ok: false; readonly faults: readonly Fault[] } | CompiledColumns {
  if (header.length > MAX_COLUMNS) {
    const reason = `has ${header.length} columns where there is room for ${MAX_COLUMNS}`;
    return { ok: false, faults: [{ field: 'the header', reason }] };
  }
  const faults: Fault[] = [];
  const { slots, ignored } = slotsOf(header, mapping, { ...BUILT_IN_DEFAULTS, ...defaults }, faults);
  for (const name of ['title', 'kind']) {
    if (!slots.has(name))
      faults.push({ field: name, reason: 'is missing: every piece needs it, as a column or a constant' });
  }
  if (![...slots.values()].some((slot) => slot.column.fills.startsWith('materials'))) {
    faults.push({ field: 'metal_1', reason: 'is missing: a piece needs metal_1, stone_1 or other_1, be it unknown' });
  }
  if (faults.length > 0) return { ok: false, faults };
  const ordered = [...slots.values()].sort((a, b) => NAME_ORDER.get(a.name)! - NAME_ORDER.get(b.name)!);
  const plans = planOf(ordered);
  const unknownValues = mapping.unknownValues?.length
    ? new Set(mapping.unknownValues.map((value) => value.trim().toLowerCase()))
    : undefined;
  const rowOf = (cells: readonly string[], trace?: Map<string, string[]>): Row => {
    return { cells, unknownValues, faults: undefined, zeros: undefined, trace };
  };
  return {
    ok: true,
    ignored,
    statementOf: (cells) => statementOf(plans, rowOf(cells), header.length),
    explain(cells, recordFaults) {
      const trace = new Map<string, string[]>();
      build(plans.statement, rowOf(cells, trace));
      return recordFaults.map((fault) => ({ ...fault, field: columnOfPath(fault.field, trace) }));
    },
  };
}

/** The order of the table, numbers counting up within a group: the order of a statement's materials. */
const NAME_ORDER: ReadonlyMap<string, number> = new Map(
  [...NAMES.keys()]
    .map((name) => [name, groupNumber(name), groupRank(NAMES.get(name) as Column)] as const)
    .sort((a, b) => a[2] - b[2] || a[1] - b[1])
    .map(([name], i) => [name, i]),
);

function groupNumber(name: string): number {
  return Number(/_(\d+)(?=_|$)/.exec(name)?.[1] ?? 0);
}

function groupRank(column: Column): number {
  const group = groupOf(column);
  return COLUMNS.findIndex((other) => (group === '' ? other === column : groupOf(other) === group));
}

function statementOf(plans: { statement: Plan; code: Plan }, row: Row, width: number): RowStatement {
  if (row.cells.length !== width) {
    const reason = `has ${row.cells.length} cells where the header has ${width}: check quotes and separators`;
    return { statement: NO_STATEMENT, faults: [{ field: '', reason }], zeros: NONE };
  }
  const code = build(plans.code, row);
  const { claimKey, ...statement } = build(plans.statement, row) ?? NO_STATEMENT;
  if (statement['materials'] === undefined && row.faults === undefined) {
    note(row, '', 'names no material: fill metal_1, stone_1 or other_1, if need be with unknown');
  }
  const card = claimKey === undefined ? {} : { claimKey: claimKey as Hex32 };
  const rest = { statement, ...card, faults: row.faults ?? NONE, zeros: row.zeros ?? NONE };
  return code === undefined ? rest : { ...rest, code: code as unknown as RowCode };
}

type Origin = { at: number; preset?: string | undefined; source: string };

function slotsOf(
  header: readonly string[],
  mapping: ColumnMapping,
  defaults: ColumnDefaults,
  faults: Fault[],
): { slots: Map<string, Slot>; ignored: string[] } {
  const { origins, ignored } = originsOf(header, mapping, faults);
  for (const [name, text] of Object.entries(mapping.constants ?? {})) {
    claim(origins, name, { at: -1, preset: text, source: 'a constant' }, faults);
  }
  for (const [name, text] of Object.entries(defaults)) {
    const origin = origins.get(name);
    if (origin === undefined) origins.set(name, { at: -1, preset: text, source: 'a default' });
    else if (origin.at >= 0) origin.preset = text;
  }
  const zero = new Set(mapping.zeroIsUnknown);
  const slots = new Map<string, Slot>();
  for (const [name, origin] of origins) {
    const column = NAMES.get(name);
    if (column === undefined) {
      faults.push(unknownColumn(name, `${origin.source} is read as ${name}, which is no column`, faults.length));
      continue;
    }
    const slot = slotOf(name, column, { ...origin, zeroIsUnknown: zero.has(name) });
    if ('reason' in slot) faults.push(slot);
    else slots.set(name, slot);
  }
  for (const name of zero) {
    const reads = slots.get(name)?.column.reads;
    if (reads === undefined)
      faults.push(unknownColumn(name, `zeroIsUnknown names ${name}, which the file doesn't fill`, faults.length));
    else if (!reads.startsWith('measure'))
      faults.push({ field: name, reason: "is no measure: 0 can't be unknown here" });
  }
  return { slots, ignored };
}

/** Which of the file's columns fills which. */
function originsOf(header: readonly string[], mapping: ColumnMapping, faults: Fault[]) {
  const origins = new Map<string, Origin>();
  const targets = new Map(Object.entries(mapping.columns ?? {}));
  const ignore = new Set(mapping.ignore);
  const seen = new Set<string>();
  const ignored: string[] = [];
  header.forEach((cell, at) => {
    const source = (at === 0 ? cell.replace(/^\uFEFF/, '') : cell).trim();
    if (source === '') faults.push({ field: `column ${at + 1}`, reason: 'has no name: name it or take it out' });
    else if (seen.has(source)) faults.push({ field: source, reason: 'is there twice: keep one of them' });
    else if (ignore.has(source)) {
      if (targets.has(source)) faults.push({ field: source, reason: 'is both mapped and ignored' });
      ignored.push(source);
    } else {
      const name = targets.get(source) ?? source.toLowerCase();
      if (targets.has(source) || NAMES.has(name)) claim(origins, name, { at, source: `column ${source}` }, faults);
      else faults.push(unknownColumn(source, 'is no column that is known here', faults.length));
    }
    seen.add(source);
  });
  for (const source of [...targets.keys(), ...ignore]) {
    if (!seen.has(source))
      faults.push({ field: source, reason: 'is named in the mapping, but the file has no such column' });
  }
  return { origins, ignored };
}

function claim(origins: Map<string, Origin>, name: string, origin: Origin, faults: Fault[]): void {
  const taken = origins.get(name);
  if (taken === undefined) origins.set(name, origin);
  else faults.push({ field: name, reason: `is filled twice: by ${taken.source} and by ${origin.source}` });
}

/** @param before how many faults there are already: whoever has many needs another hint */
function unknownColumn(name: string, reason: string, before: number): Fault {
  const number = groupNumber(name);
  const near =
    before >= MOST_HINTS ? undefined : nearest(name.toLowerCase().replace(/[\s-]+/g, '_'), [...NAMES.keys()]);
  const most = number === 0 ? undefined : COLUMNS.find((column) => column.name === name.replace(String(number), '#'));
  if (most !== undefined) return { field: name, reason: `${reason}: there may be ${most.upTo} of them` };
  const hint = near === undefined ? 'name it in the mapping, or ignore it there' : `did you mean ${near}?`;
  return { field: name, reason: `${reason}: ${hint}` };
}

/** The column that fills a member of a record, told by its dotted path. */
function columnOfPath(field: string, trace: ReadonlyMap<string, readonly string[]>): string {
  const [head = '', second = ''] = field.split('.');
  const origin = /^\d+$/.test(second) ? trace.get(head)?.[Number(second)] : undefined;
  if (origin !== undefined && NAMES.get(origin)?.name === origin) return origin;
  const path = field.replace(/\.\d+(?=\.|$)/g, '[]');
  const group = origin?.replace(/_\d+$/, '') ?? '';
  let best: Column | undefined;
  for (const column of COLUMNS) {
    if (groupOf(column) !== group || !(within(path, column.fills) || within(column.fills, path))) continue;
    if (best === undefined || closer(column.fills, best.fills, path)) best = column;
  }
  return best?.name.replace('#', String(groupNumber(origin ?? ''))) ?? origin ?? field;
}

function within(path: string, of: string): boolean {
  return path === of || path.startsWith(`${of}.`) || path.startsWith(`${of}[`);
}

function closer(fills: string, than: string, path: string): boolean {
  return fills === path || (than !== path && path.startsWith(fills) && fills.length > than.length);
}

/** One row on its own, by column name. For many rows, `compileColumns` reads the header once. */
export function statementOfRow(row: Readonly<Record<string, string>>, defaults: ColumnDefaults = {}): RowStatement {
  const compiled = compileColumns(Object.keys(row), {}, defaults);
  if (!compiled.ok) return { statement: NO_STATEMENT, faults: compiled.faults, zeros: NONE };
  return compiled.statementOf(Object.values(row));
}
