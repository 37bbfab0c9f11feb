// Owns numbers, units and dates as a person at a counter says them. Markup, records as a whole and the clock never
// enter it. Decimals are shifted, not rounded, so what stands here is exact; carats of gold are the one rounding, and
// the fineness always stands beside them.
import type { HistoricalDate } from '../core/record.ts';
import { EVIDENCE_LEVELS, type RING_SIZE_SYSTEMS } from '../core/vocabulary.ts';

type Unknown = 'unknown';

export const NOT_KNOWN = 'not known';

/** `whole / 10^places` in plain digits, exactly: no trailing zeros beyond `atLeast`, thousands set apart. */
export function decimal(whole: number, places: number, atLeast = 0): string {
  const digits = String(Math.abs(whole)).padStart(places + 1, '0');
  const before = digits.slice(0, digits.length - places).replace(/\B(?=(\d{3})+$)/g, ',');
  let after = digits.slice(digits.length - places);
  while (after.length > atLeast && after.endsWith('0')) after = after.slice(0, -1);
  return (whole < 0 ? '-' : '') + before + (after ? '.' + after : '');
}

export function grams(milligrams: number): string {
  return `${decimal(milligrams, 3)} g`;
}

/** Weight of stones, with the two decimals the trade always writes. */
export function carats(thousandths: number): string {
  return `${decimal(thousandths, 3, 2)} ct`;
}

/** Millimetres up to 10 cm, centimetres beyond. */
export function length(micrometres: number): string {
  return micrometres > 100_000 ? `${decimal(micrometres, 4)} cm` : `${decimal(micrometres, 3)} mm`;
}

export function thickness(nanometres: number): string {
  return `${decimal(nanometres, 3)} µm`;
}

export function percent(perThousand: number): string {
  return `${decimal(perThousand, 1)} %`;
}

export function count(number: number, one: string, many: string): string {
  return `${decimal(number, 0)} ${number === 1 ? one : many}`;
}

/** Finenesses that have a carat name in the trade; what lies between has none. */
const GOLD_CARATS: Readonly<Record<number, string>> = {
  333: '8',
  375: '9',
  416: '10',
  417: '10',
  500: '12',
  583: '14',
  585: '14',
  625: '15',
  750: '18',
  800: '19.2',
  833: '20',
  875: '21',
  916: '22',
  917: '22',
  958: '23',
  990: '24',
  995: '24',
  999: '24',
  1000: '24',
};

/** '18 carat gold (750)', 'sterling silver (925)', 'platinum (950)', 'base metal'. */
export function metalWords(metal: string, fineness: number | Unknown | undefined): string {
  const name = metal === 'other' ? 'other metal' : metal === 'unknown' ? 'metal of unknown kind' : plain(metal);
  if (fineness === undefined || fineness === 'unknown') return name;
  return `${metalName(metal, name, fineness)} (${fineness})`;
}

function metalName(metal: string, name: string, fineness: number): string {
  const carat = GOLD_CARATS[fineness];
  if (metal === 'gold' && carat) return `${carat} carat gold`;
  if (metal === 'silver' && fineness === 925) return 'sterling silver';
  if (metal === 'silver' && fineness === 958) return 'Britannia silver';
  if (metal === 'silver' && fineness >= 999) return 'fine silver';
  return name;
}

/** What kind of file a paper is. */
export function mediaWords(mediaType: string): string {
  if (mediaType === 'application/pdf') return 'PDF';
  return mediaType.startsWith('image/') ? 'Picture' : mediaType;
}

/** A word of a closed list as people write it: no hyphens. */
export function plain(word: string): string {
  return word.replaceAll('-', ' ');
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** 'one', 'one and another', 'one, another and a third'. */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** An organisation's handle turned to words: 'atelier-lune' is 'Atelier Lune'. */
export function handleWords(handle: string): string {
  return handle.split('-').filter(Boolean).map(capital).join(' ');
}

/** What a piece is called when only its kind is known. */
export function kindWords(kind: string): string {
  if (kind === 'jewel' || kind === 'other') return 'Piece of jewellery';
  return kind === 'set' ? 'Set of jewellery' : capital(plain(kind));
}

const RING_SIZES: Readonly<Record<(typeof RING_SIZE_SYSTEMS)[number], string>> = {
  'iso-8653': 'ISO 8653',
  us: 'US',
  uk: 'UK',
  eu: 'EU',
  jp: 'Japan',
  other: 'own scale',
};

export function ringSizeSystem(system: (typeof RING_SIZE_SYSTEMS)[number]): string {
  return RING_SIZES[system];
}

/** Who stands behind a claim. A custodian's own word is not the maker's. */
export function evidenceWords(level: keyof typeof EVIDENCE_LEVELS, recordedAs: 'maker' | 'custodian'): string {
  if (level === 'self-declared' && recordedAs === 'custodian') return 'whoever recorded the piece says so';
  return EVIDENCE_LEVELS[level];
}

const REGIONS = new Intl.DisplayNames('en', { type: 'region' });

export function countryWords(code: string): string {
  return REGIONS.of(code) ?? code;
}

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
const TIME = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'UTC' });

/** '3 May 2026' from an ISO day or moment. */
export function day(iso: string): string {
  return DAY.format(new Date(iso));
}

/** '3 May 2026, 14:05 UTC'. */
export function moment(iso: string): string {
  return `${day(iso)}, ${TIME.format(new Date(iso))} UTC`;
}

/** '332 BC', 'AD 79', '1905'. There is no year 0. */
export function year(number: number): string {
  if (number < 0) return `${-number} BC`;
  return number < 1000 ? `AD ${number}` : String(number);
}

function point(value: number | string): string {
  return typeof value === 'number' ? year(value) : day(value);
}

/** '664–332 BC', '50 BC – AD 50', '1900–1910', 'from 1905 on', 'not after 1905', 'not known'. */
export function span(from: number | string, to: number | string): string {
  if (from === 'unknown') return to === 'unknown' ? NOT_KNOWN : `not after ${point(to)}`;
  if (to === 'unknown') return `from ${point(from)} on`;
  if (from === to) return point(from);
  if (typeof from === 'string' && typeof to === 'string')
    return wholeMonthOrYear(from, to) ?? `${day(from)} – ${day(to)}`;
  if (typeof from === 'number' && typeof to === 'number') {
    if (to < 0) return `${-from}–${-to} BC`;
    if (from >= 1000) return `${from}–${to}`;
    if (from > 0 && to < 1000) return `AD ${from}–${to}`;
  }
  return `${point(from)} – ${point(to)}`;
}

/** 'April 2026' for its first to its last day, '2026' for the whole year. */
function wholeMonthOrYear(from: string, to: string): string | undefined {
  if (!from.endsWith('-01')) return undefined;
  if (from.endsWith('-01-01') && to === `${from.slice(0, 4)}-12-31`) return year(Number(from.slice(0, 4)));
  const next = new Date(`${to}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return from.slice(0, 7) === to.slice(0, 7) && next.getUTCDate() === 1 ? MONTH.format(new Date(from)) : undefined;
}

/** How a date's own words were read, unless they say the same already. */
export function reading(date: HistoricalDate): string | undefined {
  if (date.from === 'unknown' && date.to === 'unknown') return undefined;
  const read = span(date.from, date.to);
  return bare(date.text).includes(bare(read)) ? undefined : read;
}

function bare(text: string): string {
  return text
    .toLowerCase()
    .replace(/[–—-]/g, '-')
    .replace(/\s|^ad/g, '');
}
