// Owns numbers, units and dates as a person at a counter says them, in her language. Markup, records as a whole and the
// clock never enter it. Decimals are shifted, not rounded, so what stands here is exact; carats of gold are the one
// rounding, and the fineness always stands beside them.
import type { HistoricalDate } from '../core/record.ts';
import type {
  CERTIFICATE_TYPES,
  CUSTODY_MODELS,
  EVIDENCE_LEVELS,
  KINDS,
  METALS,
  OTHER_MATERIALS,
  RING_SIZE_SYSTEMS,
  STONE_NATURES,
} from '../core/vocabulary.ts';
import type { Words } from './language.ts';

type Unknown = 'unknown';

export function notKnownWords(words: Words): string {
  return words.text('vocabulary.not-known');
}

export function grams(words: Words, milligrams: number): string {
  return words.text('vocabulary.unit.g', { amount: words.decimal(milligrams, 3) });
}

export function kilograms(words: Words, milligrams: number): string {
  return words.text('vocabulary.unit.kg', { amount: words.decimal(milligrams, 6) });
}

/** Weight of stones, with the two decimals the trade always writes. */
export function carats(words: Words, thousandths: number): string {
  return words.text('vocabulary.unit.ct', { amount: words.decimal(thousandths, 3, 2) });
}

/** Millimetres up to 10 cm, centimetres beyond. */
export function length(words: Words, micrometres: number): string {
  return micrometres > 100_000
    ? words.text('vocabulary.unit.cm', { amount: words.decimal(micrometres, 4) })
    : words.text('vocabulary.unit.mm', { amount: words.decimal(micrometres, 3) });
}

export function thickness(words: Words, nanometres: number): string {
  return words.text('vocabulary.unit.um', { amount: words.decimal(nanometres, 3) });
}

export function percent(words: Words, perThousand: number): string {
  return words.text('vocabulary.unit.percent', { amount: words.decimal(perThousand, 1) });
}

/** Finenesses that have a carat name in the trade; what lies between has none. */
const GOLD_CARATS: Readonly<Record<number, number>> = {
  333: 8,
  375: 9,
  416: 10,
  417: 10,
  500: 12,
  583: 14,
  585: 14,
  625: 15,
  750: 18,
  800: 19.2,
  833: 20,
  875: 21,
  916: 22,
  917: 22,
  958: 23,
  990: 24,
  995: 24,
  999: 24,
  1000: 24,
};

export type Metal = (typeof METALS)[number];

/** '18 carat gold (750)', 'sterling silver (925)', 'platinum (950)', 'base metal'. */
export function metalWords(words: Words, metal: Metal, fineness: number | Unknown | undefined): string {
  if (fineness === undefined || fineness === 'unknown') return words.text(`vocabulary.metal.${metal}`);
  return words.text('vocabulary.metal.fineness', { metal: metalName(words, metal, fineness), fineness });
}

function metalName(words: Words, metal: Metal, fineness: number): string {
  const carat = GOLD_CARATS[fineness];
  if (metal === 'gold' && carat !== undefined) {
    return words.text('vocabulary.metal.gold-carat', { carat: words.number(carat) });
  }
  if (metal === 'silver' && fineness === 925) return words.text('vocabulary.metal.sterling');
  if (metal === 'silver' && fineness === 958) return words.text('vocabulary.metal.britannia');
  if (metal === 'silver' && fineness >= 999) return words.text('vocabulary.metal.fine-silver');
  return words.text(`vocabulary.metal.${metal}`);
}

export function materialName(words: Words, material: (typeof OTHER_MATERIALS)[number]): string {
  return words.text(`vocabulary.material.${material}`);
}

export function natureWords(words: Words, nature: keyof typeof STONE_NATURES): string {
  return words.text(`vocabulary.nature.${nature}`);
}

export function custodyWords(words: Words, custody: keyof typeof CUSTODY_MODELS): string {
  return words.text(`vocabulary.custody.${custody}`);
}

export function certificateType(words: Words, type: keyof typeof CERTIFICATE_TYPES): string {
  return words.text(`vocabulary.certificate.${type}`);
}

/** What kind of file a paper is. */
export function mediaWords(words: Words, mediaType: string): string {
  if (mediaType === 'application/pdf') return 'PDF';
  return mediaType.startsWith('image/') ? words.text('vocabulary.media.picture') : mediaType;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** An organisation's handle turned to words: 'atelier-lune' is 'Atelier Lune'. */
export function handleWords(handle: string): string {
  return handle.split('-').filter(Boolean).map(capital).join(' ');
}

/** What a piece is called when only its kind is known. */
export function kindWords(words: Words, kind: (typeof KINDS)[number]): string {
  return words.text(`vocabulary.kind.${kind}`);
}

export function ringSizeSystem(words: Words, system: (typeof RING_SIZE_SYSTEMS)[number]): string {
  return words.text(`vocabulary.ring-size.${system}`);
}

/** Who stands behind a claim. A custodian's own word is not the maker's. */
export function evidenceWords(
  words: Words,
  level: keyof typeof EVIDENCE_LEVELS,
  recordedAs: 'maker' | 'custodian',
): string {
  if (level === 'self-declared' && recordedAs === 'custodian') return words.text('vocabulary.evidence.custodian');
  return words.text(`vocabulary.evidence.${level}`);
}

/** Several, with what stands between two of a list in the language. */
export function commas(words: Words, items: readonly string[]): string {
  return items.join(words.text('vocabulary.comma'));
}

/** '332 BC', 'AD 79', '1905'. There is no year 0. */
export function year(words: Words, number: number): string {
  if (number < 0) return words.text('vocabulary.year-bc', { year: -number });
  return words.text(number < 1000 ? 'vocabulary.year-ad' : 'vocabulary.year', { year: number });
}

function point(words: Words, value: number | string): string {
  return typeof value === 'number' ? year(words, value) : words.day(value);
}

/** '664–332 BC', '50 BC – AD 50', '1900–1910', 'from 1905 on', 'not after 1905', 'not known'. */
export function span(words: Words, from: number | string, to: number | string): string {
  if (from === 'unknown') {
    return to === 'unknown' ? notKnownWords(words) : words.text('vocabulary.not-after', { point: point(words, to) });
  }
  if (to === 'unknown') return words.text('vocabulary.from-on', { point: point(words, from) });
  if (from === to) return point(words, from);
  if (typeof from === 'string' && typeof to === 'string') {
    const whole = wholeMonthOrYear(words, from, to);
    if (whole !== undefined) return whole;
  }
  if (typeof from === 'number' && typeof to === 'number') {
    if (to < 0) return words.text('vocabulary.years-bc', { from: -from, to: -to });
    if (from >= 1000) return words.text('vocabulary.years', { from, to });
    if (from > 0 && to < 1000) return words.text('vocabulary.years-ad', { from, to });
  }
  return words.text('vocabulary.span', { from: point(words, from), to: point(words, to) });
}

/** 'April 2026' for its first to its last day, '2026' for the whole year. */
function wholeMonthOrYear(words: Words, from: string, to: string): string | undefined {
  if (!from.endsWith('-01')) return undefined;
  if (from.endsWith('-01-01') && to === `${from.slice(0, 4)}-12-31`) return year(words, Number(from.slice(0, 4)));
  const next = new Date(`${to}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return from.slice(0, 7) === to.slice(0, 7) && next.getUTCDate() === 1 ? words.month(from) : undefined;
}

/** How a date's own words were read, unless they say the same already. */
export function reading(words: Words, date: HistoricalDate): string | undefined {
  if (date.from === 'unknown' && date.to === 'unknown') return undefined;
  const read = span(words, date.from, date.to);
  return bare(date.text).includes(bare(read)) ? undefined : read;
}

function bare(text: string): string {
  return text
    .toLowerCase()
    .replace(/[–—-]/g, '-')
    .replace(/\s|^ad/g, '');
}
