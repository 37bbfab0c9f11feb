// Owns the run on the public file of polished diamonds: which of its columns is what, every row accounted for, and a
// sample of passports and pages compared with their rows by arithmetic of its own.
import type { ColumnMapping } from '../../src/core/columns.ts';
import type { Passport } from '../../src/core/passport.ts';
import { visibleText } from './museum-missing.ts';
import type { Api, ImportState, OwnService } from './service.ts';
import { inParallel, seconds, type Tally } from './tally.ts';

export const DIAMOND_MAPPING: ColumnMapping = {
  columns: {
    carat: 'stone_1_carat',
    cut: 'stone_1_cut',
    color: 'stone_1_colour',
    clarity: 'stone_1_clarity',
    depth: 'stone_1_depth_percent',
    table: 'stone_1_table_percent',
    x: 'stone_1_length_mm',
    y: 'stone_1_width_mm',
    z: 'stone_1_height_mm',
  },
  constants: {
    title: 'Polished diamond',
    kind: 'gemstone',
    recorded_as: 'custodian',
    stone_1: 'diamond',
    stone_1_nature: 'unknown',
    stone_1_count: '1',
  },
  ignore: ['price'],
  zeroIsUnknown: ['stone_1_length_mm', 'stone_1_width_mm', 'stone_1_height_mm'],
};

const HANDLE = 'real-diamonds';
const NAME = 'A Diamond House';
const IMPORT_PATH = `/api/v1/imports?format=csv&mode=published&mapping=${encodeURIComponent(JSON.stringify(DIAMOND_MAPPING))}`;
const IMPORT_MINUTES = 20;
const SAMPLE = 300;
/** Of the sample, so many have a measure of zero, if there are that many. */
const SAMPLE_OF_ZEROS = 20;
const SEED = 20_250_101;
const READS_AT_ONCE = 8;

export type DiamondRow = Readonly<Record<string, string>>;

/** The file has no quotes; what it has, any reader of CSV splits alike. */
export function readDiamonds(file: string): DiamondRow[] {
  const [header = '', ...lines] = file.trim().split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']));
  });
}

export async function runDiamonds(service: OwnService, file: string, tally: Tally): Promise<void> {
  const rows = readDiamonds(file);
  const api = await service.createOrganisation(HANDLE, NAME);
  const since = performance.now();
  console.log(`Importing ${rows.length} diamonds. Their price is left out: a passport doesn't say what a piece costs.`);
  const { id } = await api.sendFile(IMPORT_PATH, 'text/csv', file);
  const done = await api.importDone(id, IMPORT_MINUTES);
  const elapsed = (performance.now() - since) / 1000;
  console.log(
    `  final after ${seconds(since)}: ${Math.round(rows.length / elapsed)} rows a second, anchored and final`,
  );
  const paths = new Map((await api.importedPieces(id)).map(({ row, path }) => [row, path]));
  account(done, rows, paths.size, tally);
  if (done.rejected > 0) console.log((await api.text(`/api/v1/imports/${id}/rejected`)).slice(0, 2000));
  await compare(api, rows, paths, tally);
  console.log(`The service asked to come back later ${api.waits} times.`);
}

function account(done: ImportState, rows: readonly DiamondRow[], pieces: number, tally: Tally): void {
  const { accepted, rejected } = done;
  console.log(
    `  ${done.rows} rows: ${accepted} accepted, ${rejected} rejected, ${done.anchored} anchored, ${done.final} final`,
  );
  tally.check(done.state === 'done', `the import is ${done.state}: ${done.failure}`);
  tally.check(done.rows === rows.length, `${done.rows} rows were read of ${rows.length}`);
  tally.check(accepted + rejected === rows.length, `${accepted} + ${rejected} rows accounted for of ${rows.length}`);
  tally.check(rejected === 0, `${rejected} rows were rejected`);
  tally.check(done.final === accepted && pieces === accepted, `${done.final} final, ${pieces} listed of ${accepted}`);
  const notes = (done.notes ?? []).join(' ');
  console.log(`  The service says: ${notes || 'nothing'} Zeros read as unknown: ${JSON.stringify(done.zeros ?? {})}`);
  tally.check(/\bprice\b/.test(notes), `the service does not say that price was left out: "${notes}"`);
  for (const [source, column] of MEASURES) {
    const zeros = rows.filter((row) => Number(row[source]) === 0).length;
    tally.check((done.zeros?.[column] ?? 0) === zeros, `${zeros} zeros in ${source}, ${done.zeros?.[column]} counted`);
  }
}

const MEASURES = [
  ['x', 'stone_1_length_mm'],
  ['y', 'stone_1_width_mm'],
  ['z', 'stone_1_height_mm'],
] as const;

async function compare(api: Api, rows: readonly DiamondRow[], paths: ReadonlyMap<number, string>, tally: Tally) {
  const since = performance.now();
  const chosen = sample(rows);
  console.log(`Comparing ${chosen.length} passports and pages with their rows.`);
  await inParallel(chosen, READS_AT_ONCE, async (index) => {
    const row = rows[index] as DiamondRow;
    const path = paths.get(index + 1);
    tally.check(path !== undefined, `row ${index + 1} has no piece`);
    if (path === undefined) return;
    const passport = await api.get<Passport>(`/api/v1/pieces${path}`);
    const differences = differencesOf(row, passport.record as unknown as Record<string, unknown>);
    tally.check(differences.length === 0, `row ${index + 1}, passport: ${differences.join('; ')}`);
    const missing = missingOnPage(row, visibleText(await api.page(path)));
    tally.check(missing.length === 0, `row ${index + 1}, page: lacks ${missing.join(', ')}`);
  });
  console.log(`  ${chosen.length} compared after ${seconds(since)}`);
}

/** Indices drawn by a seeded generator, the same in every run; some have a measure of zero. */
export function sample(rows: readonly DiamondRow[]): number[] {
  const random = mulberry32(SEED);
  const zeros = rows.flatMap((row, i) => (MEASURES.some(([name]) => Number(row[name]) === 0) ? [i] : []));
  const chosen = new Set(zeros.slice(0, SAMPLE_OF_ZEROS));
  while (chosen.size < Math.min(SAMPLE, rows.length)) chosen.add(Math.floor(random() * rows.length));
  return [...chosen].sort((a, b) => a - b);
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A decimal times a power of ten, by moving its point. */
function shifted(text: string, digits: number): number {
  const [whole = '', part = ''] = text.split('.');
  return Number(BigInt(whole + part.padEnd(digits, '0')));
}

const measured = (text: string) => (Number(text) === 0 ? 'unknown' : shifted(text, 3));

/** What in a record isn't as its row says. */
export function differencesOf(row: DiamondRow, record: Readonly<Record<string, unknown>>): string[] {
  const { carat = '', cut, color, clarity, depth = '', table = '', x = '', y = '', z = '' } = row;
  const expected: Record<string, unknown> = {
    type: 'stone',
    species: 'diamond',
    nature: 'unknown',
    count: 1,
    caratThousandths: shifted(carat, 3),
    cut,
    colour: color,
    clarity,
    depthPerThousand: shifted(depth, 1),
    tablePerThousand: shifted(table, 1),
    measuresUm: { length: measured(x), width: measured(y), height: measured(z) },
    origin: 'unknown',
    custody: 'unknown',
  };
  const materials = record['materials'] as Record<string, unknown>[];
  const stone = materials[0] ?? {};
  const names = new Set([...Object.keys(expected), ...Object.keys(stone)]);
  const differences = [...names]
    .filter((name) => sorted(stone[name]) !== sorted(expected[name]))
    .map((name) => `${name} is ${sorted(stone[name])}, not ${sorted(expected[name])}`);
  if (materials.length !== 1) differences.push(`${materials.length} materials`);
  for (const [name, value] of [
    ['title', 'Polished diamond'],
    ['kind', 'gemstone'],
    ['recordedAs', 'custodian'],
  ] as const) {
    if (record[name] !== value) differences.push(`${name} is ${record[name]}`);
  }
  return differences;
}

function sorted(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Which of a row's values a page's text lacks. A number is found whole, with or without zeros at its end. */
export function missingOnPage(row: DiamondRow, text: string): string[] {
  const page = text.replace(/\s+/g, ' ');
  const { cut = '', color = '', clarity = '', carat = '', depth = '', table = '', x = '', y = '', z = '' } = row;
  const words = [cut, color, clarity].filter((word) => !page.includes(word));
  const numbers = [carat, depth, table, ...[x, y, z].filter((size) => Number(size) !== 0)];
  const missing = numbers.filter((number) => {
    const plain = String(Number(number)).replace('.', '\\.');
    return !new RegExp(`(?<![\\d.,])${plain}${plain.includes('.') ? '0*' : '(?:\\.0+)?'}(?![\\d]|[.,]\\d)`).test(page);
  });
  const zeros = [x, y, z].filter((size) => Number(size) === 0).length;
  const unknown = zeros > 0 && !/not known/.test(page) ? ['that a measure is not known'] : [];
  return [...words, ...missing, ...unknown];
}
