// Owns which of our columns a file's own column probably is: by its name alone, as an offer to whoever knows the file.
import { nearest } from './cells.ts';
import { COLUMNS } from './column-table.ts';

/** Every name a file's column may be read as, numbered groups up to as many as are offered to choose from. */
export const OFFERED_COLUMNS: readonly string[] = COLUMNS.flatMap(({ name, upTo }) =>
  name.includes('#') ? Array.from({ length: Math.min(upTo, 3) }, (_, i) => name.replace('#', String(i + 1))) : [name],
);

const OTHER_NAMES: Readonly<Record<string, string>> = {
  name: 'title',
  product: 'title',
  'product name': 'title',
  bezeichnung: 'title',
  titel: 'title',
  titre: 'title',
  titolo: 'title',
  título: 'title',
  type: 'kind',
  category: 'kind',
  art: 'kind',
  barcode: 'gtin',
  ean: 'gtin',
  upc: 'gtin',
  sn: 'serial',
  'serial number': 'serial',
  seriennummer: 'serial',
  brand: 'maker',
  vendor: 'maker',
  manufacturer: 'maker',
  hersteller: 'maker',
  description: 'story',
  beschreibung: 'story',
  weight: 'mass_g',
  'weight g': 'mass_g',
  gewicht: 'mass_g',
  poids: 'mass_g',
  peso: 'mass_g',
  metal: 'metal_1',
  metall: 'metal_1',
  material: 'metal_1',
  fineness: 'metal_1_fineness',
  feingehalt: 'metal_1_fineness',
  alloy: 'metal_1_alloy',
  legierung: 'metal_1_alloy',
  stone: 'stone_1',
  gemstone: 'stone_1',
  stein: 'stone_1',
  carat: 'stone_1_carat',
  carats: 'stone_1_carat',
  colour: 'stone_1_colour',
  color: 'stone_1_colour',
  clarity: 'stone_1_clarity',
  cut: 'stone_1_cut',
  shape: 'stone_1_shape',
  report: 'stone_1_report_number',
  size: 'ring_size',
  inscription: 'inscription_1',
  care: 'care_1',
  place: 'made_place',
  country: 'made_country',
  year: 'made_from',
};

/** Undefined where none is near enough to be meant. */
export function guessColumn(source: string): string | undefined {
  const plain = source
    .replace(/^\uFEFF/, '')
    .trim()
    .toLowerCase();
  const joined = plain.replace(/[\s.-]+/g, '_').replace(/[()[\]]/g, '');
  const named = OFFERED_COLUMNS.find((column) => column === plain || column === joined);
  const other =
    OTHER_NAMES[plain] ??
    OTHER_NAMES[
      plain
        .replace(/[()[\]_.]+/g, ' ')
        .replace(/\s+/g, ' ')
        .trim()
    ];
  return named ?? other ?? (joined.length < 4 ? undefined : nearest(joined, OFFERED_COLUMNS));
}

/** For a whole header: no column is offered twice, and exact names go before likenesses. */
export function guessColumns(header: readonly string[]): Map<string, string> {
  const guesses = header.map((source) => [source, guessColumn(source)] as const);
  const exact = (source: string, column: string) => source.trim().toLowerCase() === column;
  const taken = new Set(guesses.flatMap(([source, column]) => (column && exact(source, column) ? [column] : [])));
  const found = new Map<string, string>();
  for (const [source, column] of guesses) {
    if (column === undefined) continue;
    if (!exact(source, column)) {
      if (taken.has(column)) continue;
      taken.add(column);
    }
    found.set(source, column);
  }
  return found;
}
