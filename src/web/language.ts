// Owns speaking to people in their language: messages with their values put in, numbers, weights, dates. Which words
// there are stands in messages/, and the record's own words never enter it: they stay in their language.
import { IntlMessageFormat } from 'intl-messageformat';
import { type Html, html, type Slot } from './html.ts';
import { directionOf, type Language, LOCALES } from './languages.ts';
import { AREAS, type Area, type MessageKey, messagesIn } from './messages.ts';

export type Values = Readonly<Record<string, string | number>>;
export type Slots = Readonly<Record<string, Slot>>;

export interface Words {
  readonly language: Language;
  readonly locale: string;
  readonly direction: 'ltr' | 'rtl';
  /** The message as plain text. */
  text(key: MessageKey, values?: Values): string;
  /** The message with markup in it: of the slots, numbers choose plurals, everything else is put in as it is. */
  tell(key: MessageKey, slots: Slots): Html;
  /** 1,234.5 with as many digits behind the point as are there, at most so many. */
  number(value: number, mostDigits?: number): string;
  /** A number with its unit: gram, millimeter, percent. */
  unit(value: number, unit: 'gram' | 'millimeter' | 'percent', mostDigits?: number): string;
  /** A calendar day in UTC. @param iso a time or a day */
  day(iso: string): string;
  /** A day and the minute, in UTC, and says so. */
  moment(iso: string): string;
  /** A list in words: A, B and C. */
  list(items: readonly string[]): string;
  /** The name of a country by its ISO 3166 code; the code where it has none. */
  country(code: string): string;
}

const known = new Map<Language, Words>();

export function wordsIn(language: Language): Words {
  const made = known.get(language) ?? wordsOf(language);
  known.set(language, made);
  return made;
}

/** English: what speaks to nobody in particular, such as a page for programmers. */
export const ENGLISH: Words = wordsIn('en');

function wordsOf(language: Language): Words {
  const locale = LOCALES[language];
  const format = formatter(language);
  const numbers = new Map<string, Intl.NumberFormat>();
  const numberFormat = (options: Intl.NumberFormatOptions) => {
    const name = JSON.stringify(options);
    const made = numbers.get(name) ?? new Intl.NumberFormat(locale, options);
    numbers.set(name, made);
    return made;
  };
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  const moments = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });
  const countries = new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' });
  return {
    language,
    locale,
    direction: directionOf(language),
    text: (key, values) => format(key, values) as string,
    tell: (key, slots) => told(format, key, slots),
    number: (value, mostDigits = 3) => numberFormat({ maximumFractionDigits: mostDigits }).format(value),
    unit: (value, unit, mostDigits = 3) =>
      numberFormat({ style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: mostDigits }).format(value),
    day: (iso) => days.format(new Date(iso)),
    moment: (iso) => `${moments.format(new Date(iso))} UTC`,
    list: (items) => lists.format(items),
    country: (code) => (/^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : code),
  };
}

type Format = (key: string, values?: Readonly<Record<string, unknown>>) => unknown;

/** Messages are read once; those without anything to put in are not read at all. */
function formatter(language: Language): Format {
  const messages = messagesIn(language);
  const formats = new Map<string, IntlMessageFormat>();
  return (key, values) => {
    const message = messages[key];
    if (message === undefined) throw new Error(`no message ${key}`);
    if (!/[{'<]/.test(message)) return message;
    // No tags in messages: what looks like one is text.
    const format =
      formats.get(key) ?? new IntlMessageFormat(message, LOCALES[language], undefined, { ignoreTag: true });
    formats.set(key, format);
    return format.format(values as Record<string, string | number>);
  };
}

// Markup goes through the formatter as a private-use character and its number, which no message holds.
const OPEN = '\uE000';
const CLOSE = '\uE001';

function told(format: Format, key: string, slots: Slots): Html {
  const kept: Slot[] = [];
  const values = Object.entries(slots).map(([name, slot]) => {
    if (typeof slot === 'number') return [name, slot] as const;
    kept.push(slot);
    return [name, `${OPEN}${kept.length - 1}${CLOSE}`] as const;
  });
  const text = String(format(key, Object.fromEntries(values)));
  const parts = text.split(new RegExp(`${OPEN}(\\d+)${CLOSE}`));
  return html`${parts.map((part, i) => (i % 2 === 0 ? part : kept[Number(part)]))}`;
}

/** Messages for a page's own script, by key; those hold nothing but `{name}`s. */
export function messagesFor({ language }: Words, ...areas: readonly Area[]): Record<string, string> {
  return Object.assign({}, ...areas.map((area) => AREAS[area][language]));
}
