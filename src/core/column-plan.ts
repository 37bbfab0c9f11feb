// Owns how the columns that a file has are folded into one record statement a row: a tree laid out once, walked for
// each row. Headers, mappings and how a single cell is read never enter it.
import { CellFault, type CellReader, readerOf, readPoint } from './cells.ts';
import { COLUMNS, type Column } from './column-table.ts';
import type { Fault } from './errors.ts';
import { RECORD_SCHEMA } from './record.ts';

const UNKNOWN = 'unknown';
const ALL_ZERO = /^0+([.,]0+)?$/;

/** A column as it stands in one file: with its number, and where its text comes from. */
export interface Slot {
  readonly name: string;
  readonly column: Column;
  readonly read: CellReader;
  /** Index of its cell; -1 for a constant. */
  readonly at: number;
  /** What a constant gives, or a default gives for a blank cell. */
  readonly preset: unknown;
  readonly zeroIsUnknown: boolean;
  /** What the word unknown gives; undefined if it is the same as a blank cell. */
  readonly unknown: unknown;
}

/** An object of the statement that columns fill. */
export interface Plan {
  readonly key: string;
  readonly inList: boolean;
  /** What it holds where no column says otherwise. */
  readonly template: Readonly<Record<string, unknown>>;
  readonly leaves: { readonly key: string; readonly inList: boolean; readonly slot: Slot }[];
  readonly children: Plan[];
  readonly required: readonly { readonly key: string; readonly column: string }[];
  /** `metal_2` for what the second metal's columns fill. */
  readonly group: string;
  readonly finish: ((object: Record<string, unknown>, row: Row) => void) | undefined;
}

/** One row on its way: its cells, and what was noticed. */
export interface Row {
  readonly cells: readonly string[];
  readonly unknownValues: ReadonlySet<string> | undefined;
  faults: Fault[] | undefined;
  zeros: string[] | undefined;
  /** Which columns' group made each entry of a list; filled only to explain faults. */
  readonly trace: Map<string, string[]> | undefined;
}

const MATERIAL = { origin: UNKNOWN, custody: UNKNOWN };
const TEMPLATES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  '': {
    schema: RECORD_SCHEMA,
    maker: UNKNOWN,
    made: { place: UNKNOWN, date: UNKNOWN },
    massMg: UNKNOWN,
  },
  maker: { qualifier: 'stated' },
  made: { place: UNKNOWN, date: UNKNOWN },
  'made.date': { from: UNKNOWN, to: UNKNOWN },
  'metal materials[]': { type: 'metal', fineness: UNKNOWN, massMg: UNKNOWN, recycledShare: UNKNOWN, ...MATERIAL },
  'stone materials[]': {
    type: 'stone',
    nature: UNKNOWN,
    count: UNKNOWN,
    caratThousandths: UNKNOWN,
    colour: UNKNOWN,
    clarity: UNKNOWN,
    ...MATERIAL,
  },
  'other materials[]': { type: 'other', massMg: UNKNOWN, ...MATERIAL },
  'materials[].plating[]': { thicknessNm: UNKNOWN },
  'materials[].hallmarks[]': { sponsor: UNKNOWN, fineness: UNKNOWN, assayOffice: UNKNOWN, year: UNKNOWN },
  'materials[].measuresUm': { length: UNKNOWN, width: UNKNOWN, height: UNKNOWN },
  'claims[]': { evidence: 'self-declared' },
  'history[]': { kind: 'other' },
};

/** `metal` of `metal_#_alloy`; empty for a column that stands once. */
export function groupOf(column: Column): string {
  return column.name.includes('#') ? (column.name.split('_#')[0] as string) : '';
}

export function slotOf(
  name: string,
  column: Column,
  from: { at: number; preset?: string | undefined; zeroIsUnknown?: boolean },
): Slot | Fault {
  const read = readerOf(column);
  const unknown = !column.keepsUnknown ? undefined : column.reads.startsWith('limit') ? read(UNKNOWN) : UNKNOWN;
  const slot = { name, column, read, unknown, at: from.at, zeroIsUnknown: from.zeroIsUnknown === true };
  if (from.preset === undefined) return { ...slot, preset: undefined };
  const text = from.preset.trim();
  const preset = text === '' ? undefined : text.toLowerCase() === UNKNOWN ? unknown : read(text);
  return preset instanceof CellFault ? { field: name, reason: preset.reason } : { ...slot, preset };
}

/** The tree that these slots fill: the statement, and apart from it the code. */
export function planOf(slots: readonly Slot[]): { statement: Plan; code: Plan } {
  const root = planAt('', '', '', '');
  for (const slot of slots) {
    const group = groupOf(slot.column);
    const number = group === '' ? '' : (/_(\d+)/.exec(slot.name)?.[1] as string);
    const isLimit = slot.column.reads.startsWith('limit');
    const path = (isLimit ? (slot.column.fills.split('.')[0] as string) : slot.column.fills).split('.');
    let plan = root;
    for (let i = 0; i < path.length - 1; i++) {
      plan = childOf(plan, path[i] as string, path.slice(0, i + 1).join('.'), group, number);
    }
    const last = path.at(-1) as string;
    plan.leaves.push({ key: bare(last), inList: last.endsWith('[]'), slot });
  }
  const code = root.children.find((child) => child.key === 'code') ?? planAt('code', 'code', '', '');
  return { statement: { ...root, children: root.children.filter((child) => child !== code) }, code };
}

function bare(segment: string): string {
  return segment.replace('[]', '');
}

function childOf(parent: Plan, segment: string, path: string, group: string, number: string): Plan {
  const instance = number === '' ? '' : `${group}_${number}`;
  const key = bare(segment);
  const existing = parent.children.find((child) => child.key === key && child.group === instance);
  if (existing) return existing;
  const child = planAt(segment, path, group, number);
  parent.children.push(child);
  return child;
}

function planAt(segment: string, path: string, group: string, number: string): Plan {
  const required = COLUMNS.filter((column) => {
    const at = column.fills.lastIndexOf('.');
    return column.required && groupOf(column) === group && column.fills.slice(0, Math.max(at, 0)) === path;
  })
    .filter((column) => !column.fills.endsWith('[]'))
    .map((column) => ({
      key: column.fills.slice(column.fills.lastIndexOf('.') + 1),
      column: column.name.replace('#', number),
    }));
  return {
    key: bare(segment),
    inList: segment.endsWith('[]'),
    template: TEMPLATES[`${group} ${path}`] ?? TEMPLATES[path] ?? {},
    leaves: [],
    children: [],
    required,
    group: number === '' ? '' : `${group}_${number}`,
    finish: FINISHES[path],
  };
}

/** The object that a row's cells fill; undefined if all of them are blank. */
export function build(plan: Plan, row: Row): Record<string, unknown> | undefined {
  let object: Record<string, unknown> | undefined;
  let filled = '';
  for (const { key, inList, slot } of plan.leaves) {
    const value = cellValue(slot, row);
    if (value === undefined) continue;
    if (object === undefined) {
      object = { ...plan.template };
      filled = slot.name;
    }
    if (inList) add(object, key, value, slot.name, row);
    else object[key] = value;
  }
  for (const child of plan.children) {
    const value = build(child, row);
    if (value === undefined) continue;
    object ??= { ...plan.template };
    if (child.inList) add(object, child.key, value, child.group, row);
    else object[child.key] = value;
  }
  if (object !== undefined) {
    for (const { key, column } of plan.required) {
      if (object[key] === undefined && !isFaulty(column, row)) {
        note(row, column, filled === '' || plan.key === '' ? 'is blank' : `is blank, but ${filled} needs it`);
      }
    }
    plan.finish?.(object, row);
  }
  return object;
}

function add(object: Record<string, unknown>, key: string, value: unknown, name: string, row: Row): void {
  const list = object[key];
  if (list === undefined) object[key] = [value];
  else (list as unknown[]).push(value);
  if (row.trace === undefined || name === '') return;
  const names = row.trace.get(key);
  if (names === undefined) row.trace.set(key, [name]);
  else names.push(name);
}

function cellValue(slot: Slot, row: Row): unknown {
  if (slot.at < 0) return slot.preset;
  const text = (row.cells[slot.at] as string).trim();
  if (text === '') return slot.preset;
  if (row.unknownValues?.has(text.toLowerCase()) || (text.length === 7 && text.toLowerCase() === UNKNOWN)) {
    return slot.unknown;
  }
  if (slot.zeroIsUnknown && ALL_ZERO.test(text)) {
    row.zeros ??= [];
    row.zeros.push(slot.name);
    return slot.unknown;
  }
  const value = slot.read(text);
  if (!(value instanceof CellFault)) return value;
  note(row, slot.name, value.reason);
  return undefined;
}

export function note(row: Row, field: string, reason: string): void {
  row.faults ??= [];
  row.faults.push({ field, reason });
}

function isFaulty(column: string, row: Row): boolean {
  return row.faults?.some((fault) => fault.field === column) === true;
}

type Finish = (object: Record<string, unknown>, row: Row) => void;

const FINISHES: Readonly<Record<string, Finish>> = {
  'made.place': (place) => {
    place['text'] ??= place['country'];
  },
  'made.date': (date) => {
    const point = typeof date['text'] === 'string' ? readPoint(date['text']) : undefined;
    if (point !== undefined && !(point instanceof CellFault)) {
      if (date['from'] === UNKNOWN && date['to'] === UNKNOWN) date['from'] = date['to'] = point;
    }
    if (date['text'] !== undefined) return;
    const { from, to } = date;
    date['text'] = from === to ? String(from) : `${from === UNKNOWN ? '?' : from} – ${to === UNKNOWN ? '?' : to}`;
  },
  code: ({ gtin, serial, code }, row) => {
    if (code !== undefined && (gtin !== undefined || serial !== undefined)) {
      note(row, 'code', 'and gtin are both filled: a piece has one code');
    } else if (serial !== undefined && gtin === undefined && !isFaulty('gtin', row)) {
      note(row, 'gtin', 'is blank, but serial needs it');
    }
  },
};
