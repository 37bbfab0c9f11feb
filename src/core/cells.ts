// Owns how one cell of a workshop's file is read: decimals by exact arithmetic on their digits, words, days, countries,
// codes; and why a cell can't be read, in words a goldsmith can act on. Which column goes where never enters it.
import { claimKeyFault, claimKeyOf } from './card.ts';
import { gtinFault, isSerial, ownCodeFault, SERIAL_RULE, tidyOwnCode } from './code.ts';
import { type Column, LIMITS, MEASURES, type Measure, WORDS } from './column-table.ts';
import { COUNTRY } from './vocabulary.ts';

/** Why a cell can't be read. */
export class CellFault {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** Reads the trimmed text of a cell that is neither blank nor "unknown". */
export type CellReader = (text: string) => unknown;

const fault = (reason: string) => new CellFault(reason);

export function readerOf(column: Column): CellReader {
  const [how, what = '', most = ''] = column.reads.split(' ');
  switch (how) {
    case 'line':
    case 'prose':
      return textReader(Number(what));
    case 'list':
      return listReader(Number(what), Number(most));
    case 'measure': {
      const measure = MEASURES[what as keyof typeof MEASURES];
      return (text) => readMeasure(text, measure, column.name);
    }
    case 'limit': {
      const limit = LIMITS[what as keyof typeof LIMITS];
      const substance = column.fills.split('.')[1] as string;
      return (text) => readLimit(text, limit, column.name, substance);
    }
    case 'word':
      return wordReader(WORDS[what as keyof typeof WORDS]);
    default:
      return READERS[how as keyof typeof READERS];
  }
}

const READERS = {
  language: patternReader(
    /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/,
    'is no language tag: write en for English, or pt-BR for the Portuguese of Brazil',
  ),
  sha256: patternReader(/^0x[0-9a-f]{64}$/, 'must be a SHA-256: 0x and 64 of the digits 0-9 and a-f'),
  lot: patternReader(/^0x[0-9a-f]{64}$/, 'must be the id of a lot: 0x and 64 of the digits 0-9 and a-f'),
  'media-type': patternReader(/^[a-z]{1,20}\/[a-z0-9.+-]{1,80}$/, 'must be a media type such as image/jpeg'),
  url: patternReader(/^https?:\/\/\S{1,490}$/, 'must be a link that begins with https://'),
  country: (text: string) => {
    const code = text.toUpperCase();
    return COUNTRY.test(code) ? code : fault('must be the two letters of a country: IT for Italy, IN for India');
  },
  point: readPoint,
  gtin: readGtin,
  serial: (text: string) => (isSerial(text) ? text : fault(SERIAL_RULE)),
  'own-code': (text: string) => {
    const code = tidyOwnCode(text);
    const reason = ownCodeFault(code);
    return reason === undefined ? code : fault(reason);
  },
  'claim-key': (text: string) => {
    const reason = claimKeyFault(text);
    return reason === undefined ? claimKeyOf(text) : fault(reason);
  },
};

function patternReader(pattern: RegExp, reason: string): CellReader {
  return (text) => (pattern.test(text) ? text : fault(reason));
}

function textReader(max: number): CellReader {
  return (text) =>
    text.length <= max ? text : fault(`has ${text.length} characters where there is room for ${max}: shorten it`);
}

function listReader(max: number, most: number): CellReader {
  return (text) => {
    const items = text.split(';').map((item) => item.trim());
    if (items.length > most) return fault(`lists ${items.length} things where there is room for ${most}`);
    if (items.includes('')) return fault('has nothing between two semicolons, or after the last');
    return items.every((item) => item.length <= max) ? items : fault(`has an entry longer than ${max} characters`);
  };
}

function wordReader(words: readonly string[]): CellReader {
  const known = new Map(words.map((word) => [word, word]));
  return (text) => {
    const word = known.get(text) ?? known.get(text.toLowerCase().replace(/[\s_-]+/g, '-'));
    if (word !== undefined) return word;
    const near = nearest(text.toLowerCase(), words);
    const hint =
      near === undefined ? `one of ${words.join(', ')}` : `did you mean ${near}? It can be ${words.join(', ')}`;
    return fault(
      near === undefined ? `"${short(text)}" is not known here: write ${hint}` : `"${short(text)}": ${hint}`,
    );
  };
}

/** A year, negative before Christ, or a day as ISO 8601. */
export function readPoint(text: string): number | string | CellFault {
  if (/^-?\d{1,5}$/.test(text)) {
    const year = Number(text);
    if (year === 0) return fault('there is no year 0: leave the cell blank if the year is not known');
    return year > 9999 || year < -20_000 ? fault('is no year between -20000 and 9999') : year;
  }
  const day = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (day && day[1] !== '0000' && dayExists(Number(day[1]), Number(day[2]), Number(day[3]))) return text;
  return fault('must be a year such as 1925 or -50, or a day such as 2025-05-31');
}

function dayExists(year: number, month: number, day: number): boolean {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day >= 1 && day <= days;
}

/** GTIN-8, -12, -13 or -14; a spreadsheet drops leading zeros, so shorter ones are padded. */
function readGtin(text: string): string | CellFault {
  if (/^\d+([.,]\d+)?e\+?\d+$/i.test(text)) {
    return fault('was turned into a rounded number by a spreadsheet: format the column as text and enter it again');
  }
  const digits = text.replace(/[\s-]/g, '');
  if (!/^\d{8,14}$/.test(digits)) return fault('must be a GTIN: 8, 12, 13 or 14 digits');
  const gtin = digits.padStart(14, '0');
  const reason = gtinFault(gtin);
  return reason === undefined ? gtin : fault(reason);
}

/** "0.2" measured, "<0.2" below. */
function readLimit(text: string, limit: Measure, name: string, substance: string): unknown {
  if (text === 'unknown') return { substance, relation: 'unknown', value: 'unknown' };
  const below = text.startsWith('<');
  const value = readMeasure(below ? text.slice(1).trim() : text, limit, name);
  return typeof value === 'number' ? { substance, relation: below ? 'below' : 'equal', value } : value;
}

const POWERS = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000];
const ZERO = 48;
/** Longer numbers would leave the range in which every whole number is exact. */
const MOST_CHARACTERS = 15;

/**
 * A decimal as the whole number value × 10^digits, exactly. One decimal comma is a decimal point, unless three digits
 * follow it and no zero stands before it alone: "1,250" could be one and a quarter or a thousand.
 */
export function readMeasure(text: string, measure: Measure, name: string): number | CellFault {
  let value = 0;
  let places = -1;
  let comma = false;
  const length = text.length;
  if (length > MOST_CHARACTERS) return notANumber(text, measure, name);
  for (let i = 0; i < length; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      if (places >= 0) places++;
    } else if ((digit === -2 || digit === -4) && places < 0 && i > 0) {
      places = 0;
      comma = digit === -4;
    } else return notANumber(text, measure, name);
  }
  if (places === 0 || length === 0) return notANumber(text, measure, name);
  if (comma && places === 3 && !text.startsWith('0,')) return ambiguous(text);
  return scaled(value, Math.max(places, 0), measure, text);
}

function scaled(value: number, places: number, measure: Measure, text: string): number | CellFault {
  const { digits, unit, min, max } = measure;
  let whole = value;
  if (places <= digits) whole = value * (POWERS[digits - places] as number);
  else {
    const finer = 10 ** (places - digits);
    if (value % finer !== 0) return fault(tooFine(text, measure));
    whole = value / finer;
  }
  if (whole >= min && whole <= max) return whole;
  if (whole === 0) return fault('is 0: leave the cell blank, or write unknown, if it was not measured');
  const bound = whole > max ? max : min;
  return fault(`is ${whole > max ? 'more' : 'less'} than ${decimal(bound, digits)}${unit === '' ? '' : ` ${unit}`}`);
}

function tooFine(text: string, { digits, unit }: Measure): string {
  const room = digits === 0 ? 'whole numbers only' : `${digits} digit${digits === 1 ? '' : 's'} after the point`;
  return `${short(text)} is finer than is kept here (${unit}, ${room}): round it yourself, so that the figure is yours`;
}

function ambiguous(text: string): CellFault {
  const [before, after] = text.split(',');
  return fault(`${text} can be read in two ways: write ${before}.${after} or ${before}${after}`);
}

function notANumber(text: string, { unit }: Measure, name: string): CellFault {
  const carat = /^(\d{1,2})\s*(k|kt|ct|carat|karat)s?$/i.exec(text);
  if (name.includes('fineness') && carat && Number(carat[1]) <= 24) {
    const thousandths = Math.floor((Number(carat[1]) * 1000) / 24);
    return fault(`must be in thousandths: ${carat[1]} carat is ${thousandths === 1000 ? 999 : thousandths}`);
  }
  const [, number, rest = ''] = /^([\d.,]*\d)\s*([^\d\s.,]\D*)?$/.exec(text) ?? [];
  if (number !== undefined && rest !== '') {
    return fault(
      `must be a number alone${unit === '' ? '' : `; this column is in ${unit}`}: take out "${rest.trim()}"`,
    );
  }
  if (number !== undefined && /[.,].*[.,]/.test(number)) {
    return fault(`${short(text)} must have one decimal point at most and nothing between its thousands`);
  }
  if (/^-\d/.test(text)) return fault('must not be negative');
  const example = unit === '' ? '1987' : '3.2';
  return fault(
    `"${short(text)}" is no number that can be kept exactly: write digits with one point, such as ${example}`,
  );
}

/** A whole number of 10^-digits as a decimal. */
export function decimal(whole: number, digits: number): string {
  const text = String(whole).padStart(digits + 1, '0');
  if (digits === 0) return text;
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`.replace(/\.?0+$/, '');
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** The word that is spelled most alike, if one is near enough to be meant. */
export function nearest(text: string, words: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(text.length / 3)) + 1;
  for (const word of words) {
    const distance = Math.abs(word.length - text.length) < least ? editDistance(text, word) : least;
    if (distance < least) [best, least] = [word, distance];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, (previous[j] as number) + 1, (row[j - 1] as number) + 1));
    }
    previous = row;
  }
  return previous[b.length] as number;
}
