// Owns how a museum's entry about a piece of jewellery becomes a record statement that loses nothing the museum says,
// and which of its steps are changes of holder. Pure; registering and moving pieces never enters it.
import { KINDS } from '../../src/core/vocabulary.ts';
import { readDimensions } from './museum-dimensions.ts';
import { readMedium } from './museum-medium.ts';

export interface MuseumStep {
  readonly text: string;
  readonly kind: string;
  readonly holder?: string | null;
  readonly mode?: string | null;
  readonly dates?: readonly string[] | null;
  readonly unknown?: boolean | null;
  readonly uncertain?: boolean | null;
}

type Text = string | null | undefined;

export interface MuseumObject {
  readonly source?: Text;
  readonly source_id: string;
  readonly object_number?: Text;
  readonly url?: Text;
  readonly title?: Text;
  readonly category?: Text;
  readonly object_name?: Text;
  readonly classification?: Text;
  readonly maker?: Text;
  readonly makers?: readonly { name: string; role?: Text; nationality?: Text }[] | null;
  readonly date?: Text;
  readonly date_begin?: number | string | null;
  readonly date_end?: number | string | null;
  readonly date_acquired?: Text;
  readonly medium?: Text;
  readonly dimensions?: Text;
  readonly weight?: Text;
  readonly inscriptions?: Text;
  readonly origin?: readonly { type: string; term: string }[] | null;
  readonly culture?: Text;
  readonly period?: Text;
  readonly style?: Text;
  readonly credit_line?: Text;
  readonly provenance_text?: Text;
  readonly provenance_steps?: readonly MuseumStep[] | null;
  readonly images?: readonly string[] | null;
  readonly licence?: Text;
}

export interface MuseumRecord {
  /** A record but for its code. */
  readonly statement: Readonly<Record<string, unknown>>;
  /** The steps in which somebody came to hold the piece, in order: each becomes a transfer. */
  readonly holders: readonly MuseumStep[];
}

interface Descriptor {
  readonly type: string;
  readonly value: string;
}

const UNKNOWN = 'unknown';
const FORBIDDEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/gu;

/** As a record may hold it: control characters and unusual line ends become spaces, line feeds stay. */
export function tidy(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((row) => row.replace(FORBIDDEN, ' '))
    .join('\n')
    .normalize('NFC')
    .trim();
}

/** A text in pieces of at most so many characters, cut between words where there are any. */
export function chunks(text: string, max: number): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > max) {
    const space = rest.lastIndexOf(' ', max);
    let cut = space > max / 2 ? space : max;
    if (/[\uD800-\uDBFF]/.test(rest[cut - 1] as string)) cut--;
    pieces.push(rest.slice(0, cut).trim());
    rest = rest.slice(cut).trim();
  }
  return rest === '' ? pieces : [...pieces, rest];
}

export function museumRecord(object: MuseumObject): MuseumRecord {
  const descriptors: Descriptor[] = [];
  const add: Add = (type, value) => {
    const text = value === null || value === undefined ? '' : tidy(String(value));
    const parts = chunks(text, 2000);
    parts.forEach((part, i) => {
      descriptors.push({ type: parts.length === 1 ? type : `${type} (${i + 1} of ${parts.length})`, value: part });
    });
  };
  const title = lineOf(object.title ?? object.object_name ?? 'Untitled', 300, 'Title', add);
  const maker = makerOf(object, add);
  const made = { place: placeOf(object, add), date: dateOf(object, add) };
  const materials = materialsOf(object, add);
  const dimensions = dimensionsOf(object, add);
  const inscriptions = inscriptionsOf(object, add);
  const history = historyOf(object, add);
  addTerms(object, add);
  const links = linksOf(object, add);
  const statement = {
    schema: 'touchstone/record/1',
    recordedAs: 'custodian',
    language: 'en',
    title,
    kind: kindOf(object, add),
    maker,
    made,
    materials,
    massMg: UNKNOWN,
    ...(dimensions === undefined ? {} : { dimensions }),
    ...(inscriptions.length === 0 ? {} : { inscriptions }),
    ...(links.length === 0 ? {} : { links }),
    ...(descriptors.length === 0 ? {} : { descriptors }),
    ...(history.length === 0 ? {} : { history }),
  };
  return { statement, holders: (object.provenance_steps ?? []).filter((step) => step.kind === 'holder') };
}

type Add = (type: string, value: string | number | null | undefined) => void;

/** One line; if it doesn't fit, its beginning, and the whole as a descriptor. */
function lineOf(text: string, max: number, type: string, add: Add): string {
  const line = tidy(text).replace(/\s+/g, ' ');
  if (line.length <= max) return line === '' ? UNKNOWN : line;
  add(type, text);
  return `${(chunks(line, max - 1)[0] as string).trim()}…`;
}

const CATEGORIES: Readonly<Record<string, string>> = { gem: 'gemstone', cufflink: 'cufflinks', earrings: 'earring' };

function kindOf(object: MuseumObject, add: Add): string {
  const category = tidy(object.category ?? '').toLowerCase();
  const kind = CATEGORIES[category] ?? category;
  if ((KINDS as readonly string[]).includes(kind)) return kind;
  add('Category', object.category);
  return 'other';
}

const QUALIFIERS: readonly (readonly [RegExp, string])[] = [
  [/^(?:copy )?after\s+/i, 'after'],
  [/^attributed to\s+/i, 'attributed'],
  [/^(?:possibly|probably)(?: by)?\s+/i, 'possibly'],
  [/^workshop of\s+/i, 'workshop'],
  [/^circle of\s+/i, 'circle'],
  [/^(?:school|follower) of\s+/i, 'school'],
  [/^(?:in the )?(?:style|manner) of\s+/i, 'style'],
];

/** One maker is read; of several the museum's whole line is the name, and the qualifier only where all share it. */
function makerOf(object: MuseumObject, add: Add): unknown {
  const makers = object.makers ?? [];
  for (const { name, role, nationality } of makers) {
    const what = role && role !== 'Artist' ? `Maker (${tidy(role)})` : 'Maker';
    if (what !== 'Maker' || tidy(name) !== tidy(object.maker ?? '')) add(what.slice(0, 100), name);
    if (nationality) add('Nationality of the maker', nationality);
  }
  const whole = tidy(object.maker ?? makers.map((maker) => maker.name).join('; '));
  if (whole === '' || whole.toLowerCase() === UNKNOWN) return UNKNOWN;
  const names = whole.split(/;\s+/);
  const qualifiers = new Set(names.map(qualifierOf));
  const qualifier = qualifiers.size === 1 ? ([...qualifiers][0] as string) : 'stated';
  const pattern = QUALIFIERS.find(([, word]) => word === qualifier)?.[0];
  const name = names.length === 1 && pattern ? whole.replace(pattern, '') : whole;
  const stated = chunks(whole, 1000);
  if (stated.length > 1) add('Maker', whole);
  const shown = lineOf(name, 300, 'Maker', () => {});
  return { name: shown, qualifier, ...(shown === stated[0] ? {} : { stated: stated[0] }) };
}

function qualifierOf(name: string): string {
  const worded = QUALIFIERS.find(([pattern]) => pattern.test(name))?.[1];
  return worded ?? (/\(\?\)\s*$/.test(name) ? 'possibly' : 'stated');
}

function placeOf(object: MuseumObject, add: Add): unknown {
  const places = (object.origin ?? []).filter((origin) => tidy(origin.term) !== '');
  const made = places.filter((origin) => origin.type === 'Place of Origin').map((origin) => tidy(origin.term));
  for (const { type, term } of places) {
    if (type !== 'Place of Origin') add((tidy(type) || 'Place').slice(0, 100), term);
  }
  return made.length === 0 ? UNKNOWN : { text: lineOf(made.join(', '), 500, 'Place of origin', add) };
}

function dateOf(object: MuseumObject, add: Add): unknown {
  const [from, to] = [pointOf(object.date_begin), pointOf(object.date_end)];
  const backwards = from !== UNKNOWN && to !== UNKNOWN && isBefore(to, from);
  const unread = (raw: unknown, point: unknown) => point === UNKNOWN && raw !== 0 && raw !== '0';
  if (backwards || unread(object.date_begin, from)) add('Date, earliest', object.date_begin);
  if (backwards || unread(object.date_end, to)) add('Date, latest', object.date_end);
  const range = [from, to].filter((point) => point !== UNKNOWN).join(' – ');
  const text = tidy(object.date ?? '') || range;
  if (text === '') return UNKNOWN;
  const points = backwards ? { from: UNKNOWN, to: UNKNOWN } : { from, to };
  return { text: lineOf(text, 200, 'Date', add), ...points };
}

type Point = number | string;

function isBefore(a: Point, b: Point): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a < b;
  const yearOf = (point: Point) => (typeof point === 'number' ? point : Number(point.slice(0, 4)));
  return yearOf(a) < yearOf(b);
}

/** A year other than 0, which stands for unknown, or an ISO day of our era. */
function pointOf(raw: number | string | null | undefined): Point {
  if (typeof raw === 'number')
    return Number.isInteger(raw) && raw !== 0 && raw >= -20_000 && raw <= 9999 ? raw : UNKNOWN;
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(raw ?? '') ?? [];
  if (year === undefined || year === '0000') return UNKNOWN;
  const time = new Date(`${raw}T00:00:00Z`);
  const exists = time.getUTCMonth() + 1 === Number(month) && time.getUTCDate() === Number(day);
  return exists ? (raw as string) : UNKNOWN;
}

const MOST_MATERIALS = 64;

function materialsOf(object: MuseumObject, add: Add): unknown[] {
  const medium = tidy(object.medium ?? '');
  add('Medium', medium);
  const materials = readMedium(medium.replace(/\s+/g, ' '))
    .filter(({ stated }) => stated.length <= 1000)
    .slice(0, MOST_MATERIALS)
    .map(({ material }) => material);
  if (materials.length > 0) return materials;
  return [{ type: 'other', material: UNKNOWN, massMg: UNKNOWN, origin: UNKNOWN, custody: UNKNOWN }];
}

function dimensionsOf(object: MuseumObject, add: Add): unknown {
  const text = tidy(object.dimensions ?? '');
  if (text === '') return undefined;
  const [stated, ...more] = chunks(text, 1000);
  if (more.length > 0) add('Dimensions', text);
  return { stated, ...readDimensions(text) };
}

const MARKER = /\[([A-Z][\p{L}' ,-]{2,60})\]/gu;
const MOST_INSCRIPTIONS = 64;

/** Each with the museum's own words, marker included; its kind is read from a marker such as "[Signature]". */
export function splitInscriptions(text: string): { text: string; type?: string }[] {
  const starts = [...text.matchAll(MARKER)]
    .filter((match) => match.index === 0 || /[\s;.]$/.test(text.slice(0, match.index)))
    .map((match) => match.index);
  const cuts = [...new Set([0, ...starts]), text.length];
  return cuts
    .slice(0, -1)
    .map((start, i) =>
      text
        .slice(start, cuts[i + 1])
        .replace(/[;\s]+$/, '')
        .trim(),
    )
    .filter((part) => part !== '')
    .flatMap((part) => {
      const type = /^\[([A-Z][\p{L}' ,-]{2,60})\]/u.exec(part)?.[1];
      return chunks(part, 3000).map((piece) => (type === undefined ? { text: piece } : { text: piece, type }));
    });
}

function inscriptionsOf(object: MuseumObject, add: Add): { text: string; type?: string }[] {
  const text = tidy(object.inscriptions ?? '');
  const parts = splitInscriptions(text);
  if (parts.length > 1) add('Inscriptions', text);
  return parts.slice(0, MOST_INSCRIPTIONS);
}

const STEP_KINDS = ['holder', 'sale', 'findspot', 'exhibition', 'restoration'];
const MOST_STEPS = 256;

function historyOf(object: MuseumObject, add: Add): unknown[] {
  const steps = (object.provenance_steps ?? []).filter((step) => tidy(step.text) !== '');
  const told = tidy(object.provenance_text ?? '');
  if (plain(told) !== plain(steps.map((step) => step.text).join('; '))) add('Provenance', told);
  return steps
    .flatMap((step) => {
      const [text, ...more] = chunks(tidy(step.text), 2000);
      const dates = (step.dates ?? []).map((date) => lineOf(date, 200, 'Date in the provenance', add)).slice(0, 16);
      const first = {
        kind: STEP_KINDS.includes(step.kind) ? step.kind : 'other',
        text,
        ...(step.holder ? { holder: lineOf(step.holder, 500, 'Holder', add) } : {}),
        ...(step.mode ? { mode: lineOf(step.mode, 100, 'Mode of acquisition', add) } : {}),
        ...(dates.length > 0 ? { dates } : {}),
        ...(step.uncertain ? { uncertain: true } : {}),
        ...(step.unknown ? { unknown: true } : {}),
      };
      return [first, ...more.map((rest) => ({ kind: 'other', text: rest }))];
    })
    .slice(0, MOST_STEPS);
}

/** For comparing: white space and the full stop at the end don't count. */
function plain(text: string): string {
  return tidy(text).replace(/\s+/g, ' ').replace(/\.$/, '');
}

function addTerms(object: MuseumObject, add: Add): void {
  add('Object name', object.object_name);
  add('Classification', object.classification);
  add('Culture', object.culture);
  add('Period', object.period);
  add('Style', object.style);
  add('Weight', object.weight);
  add('Object number', object.object_number);
  add('Credit line', object.credit_line);
  add('Date acquired', object.date_acquired);
  add('Source', object.source);
  add('Number at the source', object.source_id);
  add('Licence of this text', object.licence);
}

const MOST_LINKS = 64;

function linksOf(object: MuseumObject, add: Add): unknown[] {
  const named = [
    ...(object.url ? [{ url: object.url, title: 'The entry at the museum' }] : []),
    ...(object.images ?? []).map((url, i) => ({ url, title: `Picture ${i + 1} at the museum` })),
  ].map((link) => ({ ...link, url: encodeURI(decodable(tidy(link.url))) }));
  const good = named.filter(({ url }) => LINK.test(url) && url.length <= 500);
  for (const { url, title } of named) if (!good.some((link) => link.url === url)) add(title, url);
  for (const { url, title } of good.slice(MOST_LINKS)) add(title, url);
  return good.slice(0, MOST_LINKS);
}

const LINK = /^https?:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?:[/?#]\S*)?$/;

/** Undone percent-encoding, so that encoding it again changes nothing; as it stands if it can't be undone. */
function decodable(url: string): string {
  try {
    const plainUrl = decodeURI(url);
    return encodeURI(plainUrl) === url ? plainUrl : url;
  } catch {
    return url;
  }
}
