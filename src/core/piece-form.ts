// Owns which columns a form for one piece offers, in which groups, and what its fields say: the columns of a workshop's
// file (column-table.ts), so that a piece typed in is read by the same rules as one in a file. How it looks is the web's.
import { COLUMNS, type Column, WORDS } from './column-table.ts';
import { type ColumnMapping, compileColumns, type RowStatement } from './columns.ts';
import type { Fault } from './errors.ts';

export const MATERIAL_SORTS = ['metal', 'stone', 'other'] as const;
export type MaterialSort = (typeof MATERIAL_SORTS)[number];

/** Of each sort of material: first what names it, then what is asked most. */
const MATERIAL_FIELDS: Readonly<Record<MaterialSort, readonly string[]>> = {
  metal: [
    '',
    '_fineness',
    '_mass_g',
    '_alloy',
    '_colour',
    '_part',
    '_recycled_percent',
    '_origin_country',
    '_custody',
    '_lot',
    '_plating',
    '_plating_um',
    '_hallmark_sponsor',
    '_hallmark_fineness',
    '_assay_office',
    '_hallmark_year',
    '_stated',
  ],
  stone: [
    '',
    '_nature',
    '_count',
    '_carat',
    '_colour',
    '_clarity',
    '_shape',
    '_cut',
    '_setting',
    '_part',
    '_variety',
    '_treatments',
    '_report_issuer',
    '_report_number',
    '_inscription',
    '_origin_country',
    '_custody',
    '_lot',
    '_stated',
  ],
  other: ['', '_description', '_mass_g', '_part', '_origin_country', '_custody', '_lot', '_stated'],
};

export const PIECE_FIELDS = {
  piece: ['title', 'kind', 'recorded_as', 'language'],
  code: ['code', 'gtin', 'serial', 'claim_key'],
  making: ['maker', 'made_place', 'made_country', 'made_date', 'made_from', 'made_to', 'craftsmanship_1', 'story'],
  measures: [
    'mass_g',
    'height_mm',
    'width_mm',
    'depth_mm',
    'length_mm',
    'diameter_mm',
    'ring_size',
    'ring_size_system',
  ],
  marks: [
    'inscription_1',
    'inscription_1_place',
    'care_1',
    'claim_1',
    'claim_1_evidence',
    'claim_1_by',
    'descriptor_1_type',
    'descriptor_1_value',
    'link_1',
    'nickel_ug_cm2_week',
    'lead_mg_kg',
    'cadmium_mg_kg',
  ],
  images: [1, 2, 3].flatMap((n) => [`image_${n}_sha256`, `image_${n}_type`, `image_${n}_alt`]),
} as const;

/** As many of each sort as a file may have. */
const MOST: Readonly<Record<MaterialSort, number>> = { metal: 8, stone: 16, other: 8 };

/** The material rows a form has: `metal_1`, `stone_2`. Those that can't be are left out, and none stands twice. */
export function materialRows(named: readonly string[]): string[] {
  const fine = named.filter((row) => {
    const [, sort, n] = /^(metal|stone|other)_(\d{1,2})$/.exec(row) ?? [];
    return sort !== undefined && Number(n) >= 1 && Number(n) <= MOST[sort as MaterialSort];
  });
  return [...new Set(fine)];
}

/** With one more of a sort; the same where there is no room for it. */
export function withMaterial(rows: readonly string[], sort: MaterialSort): string[] {
  for (let n = 1; n <= MOST[sort]; n++) if (!rows.includes(`${sort}_${n}`)) return [...rows, `${sort}_${n}`];
  return [...rows];
}

export function fieldsOfMaterial(row: string): string[] {
  const sort = row.split('_')[0] as MaterialSort;
  return MATERIAL_FIELDS[sort].map((ending) => row + ending);
}

/** Every field of a form with these material rows. */
export function fieldsOfPiece(rows: readonly string[]): string[] {
  return [...Object.values(PIECE_FIELDS).flat(), ...rows.flatMap(fieldsOfMaterial)];
}

/** The column of a field, or of a file's column that is read as it. */
export function columnOf(name: string): Column | undefined {
  return COLUMNS.find((column) => column.name === name) ?? COLUMNS.find((column) => column.name === numbered(name));
}

const numbered = (name: string) => name.replace(/_\d+(?=_|$)/, '_#');

/** The words a field may hold; undefined for one that takes any. */
export function choicesOf({ reads }: Column): readonly string[] | undefined {
  const [how, which = ''] = reads.split(' ');
  return how === 'word' ? WORDS[which as keyof typeof WORDS] : undefined;
}

/** One row read by itself, with the record's own faults told by column as well. */
export interface ReadRow {
  readonly read: RowStatement | undefined;
  readonly faults: readonly Fault[];
  explain(faults: readonly Fault[]): readonly Fault[];
}

export function readRow(row: Readonly<Record<string, string>>, mapping: ColumnMapping = {}): ReadRow {
  const compiled = compileColumns(Object.keys(row), mapping);
  if (!compiled.ok) return { read: undefined, faults: compiled.faults, explain: (faults) => faults };
  const cells = Object.values(row);
  const read = compiled.statementOf(cells);
  return { read, faults: read.faults, explain: (faults) => compiled.explain(cells, faults) };
}
