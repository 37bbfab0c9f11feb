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
  /** What stands between two sentences. */
  readonly gap: string;
  /** Whether the visitor chose the language by the switch: then links keep it. */
  readonly chosen: boolean;
  /** A path of this service as links of this page have it. */
  to(path: string): string;
  /** The message as plain text. */
  text(key: MessageKey, values?: Values): string;
  /** The message with markup in it: of the slots, numbers choose plurals, everything else is put in as it is. */
  tell(key: MessageKey, slots: Slots): Html;
  /** 1,234.5 with as many digits behind the point as are there, at most so many. */
  number(value: number, mostDigits?: number): string;
  /** `whole / 10^places`, exactly: no zeros at its end beyond `atLeast`. */
  decimal(whole: number, places?: number, atLeast?: number): string;
  /** A number with its unit: gram, millimeter, percent. */
  unit(value: number, unit: 'gram' | 'millimeter' | 'percent', mostDigits?: number): string;
  /** A calendar day in UTC. @param iso a time or a day */
  day(iso: string): string;
  /** A day and the minute, in UTC, and says so. */
  moment(iso: string): string;
  /** A month of a year. @param iso a day in it */
  month(iso: string): string;
  /** A list in words: A, B and C. */
  list(items: readonly string[]): string;
  /** The name of a country by its ISO 3166 code; the code where it has none. */
  country(code: string): string;
  /** Somebody's name or a code within a sentence: in a page from right to left it keeps its own direction. */
  apart(name: string): string;
}

const known = new Map<Language, { readonly plain: Words; readonly chosen: Words }>();

/** @param options.chosen by the visitor, against what the browser asks for: the links of a page then keep it */
export function wordsIn(language: Language, { chosen = false }: { chosen?: boolean } = {}): Words {
  let made = known.get(language);
  if (!made) {
    const plain = wordsOf(language);
    made = { plain, chosen: { ...plain, chosen: true, to: (path) => inLanguageOf(path, language) } };
    known.set(language, made);
  }
  return chosen ? made.chosen : made.plain;
}

/** A path with the language beside whatever else it asks, before any fragment. */
export function inLanguageOf(path: string, language: Language): string {
  const [address = '', ...fragment] = path.split('#');
  const asked = `${address}${address.includes('?') ? '&' : '?'}lang=${language}`;
  return [asked, ...fragment].join('#');
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
  const decimals = new Map<number, Intl.NumberFormat>();
  const named = new Map<string, string>();
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  const moments = momentFormat(locale);
  const months = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' });
  const direction = directionOf(language);
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });
  const countries = new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' });
  return {
    language,
    locale,
    direction,
    gap: language === 'zh' || language === 'ja' ? '' : ' ',
    chosen: false,
    to: (path) => path,
    text: (key, values) => format.text(key, values),
    tell: (key, slots) => format.tell(key, slots),
    number: (value, mostDigits = 3) => numberFormat({ maximumFractionDigits: mostDigits }).format(value),
    decimal(whole, places = 0, atLeast = 0) {
      // A page has dozens, of a handful of kinds.
      const kind = places * 100 + atLeast;
      let format = decimals.get(kind);
      if (!format) {
        const most = Math.max(places, atLeast);
        format = numberFormat({ minimumFractionDigits: atLeast, maximumFractionDigits: most });
        decimals.set(kind, format);
      }
      return format.format(shifted(whole, places));
    },
    unit: (value, unit, mostDigits = 3) =>
      numberFormat({ style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: mostDigits }).format(value),
    day: (iso) => days.format(new Date(iso)),
    moment: (iso) => `${moments(new Date(iso))} UTC`,
    month: (iso) => months.format(new Date(iso)),
    list: (items) => lists.format(items),
    country(code) {
      if (!/^[A-Z]{2}$/.test(code)) return code;
      const name = named.get(code) ?? countries.of(code) ?? code;
      named.set(code, name);
      return name;
    },
    // First strong isolate, pop directional isolate: what stands between them doesn't move what stands beside them.
    apart: (name) => (direction === 'rtl' ? `\u2068${name}\u2069` : name),
  };
}

/** As text, so that no digit is lost on the way: Intl reads it exactly. */
function shifted(whole: number, places: number): `${number}` {
  const digits = String(Math.abs(whole)).padStart(places + 1, '0');
  const at = digits.length - places;
  return `${whole < 0 ? '-' : ''}${digits.slice(0, at)}.${digits.slice(at)}0` as `${number}`;
}

/** British English as it was always written here, a comma between; other languages as they have it, by 24 hours. */
function momentFormat(locale: string): (date: Date) => string {
  const time = { timeStyle: 'short', timeZone: 'UTC', hourCycle: 'h23' } as const;
  if (locale !== LOCALES.en) {
    const whole = new Intl.DateTimeFormat(locale, { dateStyle: 'long', ...time });
    return (date) => whole.format(date);
  }
  const [days, times] = [{ dateStyle: 'long', timeZone: 'UTC' } as const, time].map(
    (options) => new Intl.DateTimeFormat(locale, options),
  );
  return (date) => `${days?.format(date)}, ${times?.format(date)}`;
}

interface Formatter {
  text(key: string, values?: Readonly<Record<string, unknown>>): string;
  tell(key: string, slots: Slots): Html;
}

/** A message of nothing but text and `{name}`s: text at even places, a name at odd ones. */
type Simple = readonly string[];

/** Messages are read once. Those with nothing but names to put in, which most are, need no formatter. */
function formatter(language: Language): Formatter {
  const messages = messagesIn(language);
  const read = new Map<string, Simple | IntlMessageFormat>();
  const messageOf = (key: string): Simple | IntlMessageFormat => {
    const before = read.get(key);
    if (before) return before;
    const message = messages[key];
    if (message === undefined) throw new Error(`no message ${key}`);
    // No tags in messages: what looks like one is text.
    const made = simple(message) ?? new IntlMessageFormat(message, LOCALES[language], undefined, { ignoreTag: true });
    read.set(key, made);
    return made;
  };
  return {
    text(key, values) {
      const message = messageOf(key);
      if (!isSimple(message)) return String(message.format(values as Record<string, string | number>));
      if (message.length === 1) return message[0] as string;
      return message.map((part, i) => (i % 2 === 0 ? part : String(put(key, part, values)))).join('');
    },
    tell(key, slots) {
      const message = messageOf(key);
      if (!isSimple(message)) return told(message, slots);
      return html`${message.map((part, i) => (i % 2 === 0 ? part : (put(key, part, slots) as Slot)))}`;
    },
  };
}

function simple(message: string): Simple | undefined {
  if (message.includes("'")) return undefined;
  const parts = message.split(/\{\s*(\w+)\s*\}/);
  return parts.some((part, i) => i % 2 === 0 && /[{}]/.test(part)) ? undefined : parts;
}

function isSimple(message: Simple | IntlMessageFormat): message is Simple {
  return Array.isArray(message);
}

function put(key: string, name: string, values: Readonly<Record<string, unknown>> | undefined): unknown {
  if (values === undefined || !(name in values)) throw new Error(`the message ${key} is told no ${name}`);
  return values[name];
}

// Markup goes through the formatter as a private-use character and its number, which no message holds.
const OPEN = '\uE000';
const CLOSE = '\uE001';

function told(message: IntlMessageFormat, slots: Slots): Html {
  const kept: Slot[] = [];
  const values = Object.entries(slots).map(([name, slot]) => {
    const plain = typeof slot === 'string' ? !slot.includes(OPEN) : typeof slot !== 'object' || slot === null;
    if (plain) return [name, slot] as const;
    kept.push(slot);
    return [name, `${OPEN}${kept.length - 1}${CLOSE}`] as const;
  });
  const text = String(message.format(Object.fromEntries(values) as Record<string, string | number>));
  const parts = text.split(new RegExp(`${OPEN}(\\d+)${CLOSE}`));
  return html`${parts.map((part, i) => (i % 2 === 0 ? part : kept[Number(part)]))}`;
}

/** Messages for a page's own script, by key; those hold nothing but `{name}`s. */
export function messagesFor({ language }: Words, ...areas: readonly Area[]): Record<string, string> {
  return Object.assign({}, ...areas.map((area) => AREAS[area][language]));
}
