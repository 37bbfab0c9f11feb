// Owns the published rule of unusual scans (docs/scans.md): what a week of coarse counts of one piece's page says, and
// whether that the piece is on display explains it. No person, address or time of day enters it, and nothing of it is a
// verdict: a copied code is one reason among several.

/** Everything the rule goes by. Changing a number here changes docs/scans.md, which a test compares. */
export const SCAN_RULE = {
  /** So many days are looked at, the last one today. Counts by place are kept no longer than is needed for that. */
  days: 7,
  /** A visitor falls into one of so many places by chance, a new one each day. */
  places: 64,
  /** About thirty visitors a day: a shop's family and friends are fewer. */
  placesADay: 24,
  /** Two are a traveller, or a telephone abroad that goes by its own country. */
  countriesADay: 3,
  /** About nine visitors a day for a week: a piece is worn by one. */
  placesAWeek: 60,
  /** A maker's word that a piece is on display holds for so many days at most, then it is said anew. */
  displayDays: 90,
} as const;

/** Where nobody who may be believed said from which country. */
export const NOWHERE = '';

/** That a page was opened on a day from one place: how often doesn't matter. */
export interface ScanBucket {
  /** A day in UTC: 2026-05-31. */
  readonly day: string;
  /** ISO 3166, two letters; NOWHERE if it isn't known. */
  readonly country: string;
  readonly place: number;
}

/** That the maker says the piece is on display, first and last day included. */
export interface Display {
  readonly from: string;
  readonly until: string;
}

export const SCAN_PATTERNS = ['many-places', 'many-countries', 'busy-week'] as const;
export type ScanPattern = (typeof SCAN_PATTERNS)[number];

export interface UnusualScans {
  readonly pattern: ScanPattern;
  /** The day it was seen on; of a week, its last one. */
  readonly day: string;
  readonly count: number;
  /** From which on it is unusual. */
  readonly limit: number;
  /** Sorted; none where countries don't matter. */
  readonly countries: readonly string[];
  /** What was counted while the piece was not on display is nothing unusual by itself. */
  readonly onDisplay: boolean;
}

/** What is unusual about the scans of a piece in the week that ends today; later days and earlier ones don't count. */
export function unusualScans(
  buckets: readonly ScanBucket[],
  displays: readonly Display[],
  today: string,
): readonly UnusualScans[] {
  const first = dayBefore(today, SCAN_RULE.days - 1);
  const week = buckets.filter(({ day }) => day >= first && day <= today);
  const elsewhere = week.filter(({ day }) => !displays.some(({ from, until }) => day >= from && day <= until));
  const unexplained = new Set(patternsIn(elsewhere, today).map(nameOf));
  return patternsIn(week, today).map((found) => ({ ...found, onDisplay: !unexplained.has(nameOf(found)) }));
}

type Found = Omit<UnusualScans, 'onDisplay'>;

const nameOf = ({ pattern, day }: Found) => `${pattern} ${day}`;

function patternsIn(week: readonly ScanBucket[], today: string): Found[] {
  const found: Found[] = [];
  let inWeek = 0;
  const days = Map.groupBy(week, ({ day }) => day);
  for (const day of [...days.keys()].sort()) {
    const ofDay = days.get(day) as readonly ScanBucket[];
    const places = new Set(ofDay.map(({ country, place }) => `${country} ${place}`)).size;
    const countries = countriesOf(ofDay);
    inWeek += places;
    if (places >= SCAN_RULE.placesADay) {
      found.push({ pattern: 'many-places', day, count: places, limit: SCAN_RULE.placesADay, countries: [] });
    }
    if (countries.length >= SCAN_RULE.countriesADay) {
      const limit = SCAN_RULE.countriesADay;
      found.push({ pattern: 'many-countries', day, count: countries.length, limit, countries });
    }
  }
  if (inWeek >= SCAN_RULE.placesAWeek) {
    found.push({ pattern: 'busy-week', day: today, count: inWeek, limit: SCAN_RULE.placesAWeek, countries: [] });
  }
  return found;
}

function countriesOf(buckets: readonly ScanBucket[]): string[] {
  return [...new Set(buckets.map(({ country }) => country))].filter((country) => country !== NOWHERE).sort();
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The day so many days before a day, or after it if the number is negative. */
export function dayBefore(day: string, days: number): string {
  return dayOf(Date.parse(`${day}T00:00:00Z`) - days * DAY_MS);
}

/** The day in UTC of a time in milliseconds. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
