// Owns the judging of one element's content: lengths, characters, check digits, dates and code lists, as its AI demands.
// Which elements go together, and where they stand, never enters it.
import { COUNTRY_LETTERS, COUNTRY_NUMBERS, CURRENCY_NUMBERS } from './gs1-lists.ts';
import type { Identifier } from './gs1-table.ts';

/** GS1 General Specifications, figures 7.11-1 and 7.11-2; the set's order is that of the weights of check pairs. */
const SET_82 = '!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';
const SETS = {
  N: { pattern: /^\d*$/, name: 'digits' },
  X: { pattern: /^[!"%-?A-Z_a-z]*$/, name: 'characters of GS1’s character set 82' },
  Y: { pattern: /^[#\-/0-9A-Z]*$/, name: 'characters of GS1’s character set 39' },
  Z: { pattern: /^[-\w]*={0,2}$/, name: 'base64url characters' },
} as const;
const SET_32 = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** Half a turn and a whole turn, in ten millionths of a degree. */
const HALF_TURN = 1_800_000_000;

/** A digit from `least` to `most`, then as many digits as it says and `more`. */
function counted(least: number, most: number, more: number): string {
  const choices = Array.from({ length: most - least + 1 }, (_, i) => `${least + i}\\d{${least + i + more}}`);
  return `(?:${choices.join('|')})`;
}

/** North American coupon codes: company, offer, what is saved, what has to be bought, then optional fields 1 to 6 and 9. */
const BOUGHT = `${counted(1, 5, 0)}[0-49]\\d{3}`;
const BOUGHT_OF = `${BOUGHT}(?:${counted(0, 6, 6)}|9)`;
const COUPON = new RegExp(
  `^${counted(0, 6, 6)}\\d{6}${counted(1, 5, 0)}${BOUGHT}(?:1[0-3]${BOUGHT_OF})?(?:2${BOUGHT_OF})?` +
    `(?:3(?<until>\\d{6}))?(?:4(?<from>\\d{6}))?` +
    `(?:5${counted(0, 9, 6)})?(?:6${counted(1, 7, 6)})?(?:9[01256][0-2]\\d[01])?$`,
);
const COUPON_OFFER = new RegExp(`^[01]${counted(0, 6, 6)}\\d{6}${counted(0, 9, 6)}$`);

type Check = readonly [holds: (text: string) => boolean, what: string];

const CHECKS: Readonly<Record<string, Check>> = {
  digit: [hasCheckDigit, 'a wrong check digit'],
  pair: [hasCheckPair, 'a wrong pair of check characters'],
  prefix: [(text) => /^\d{4}/.test(text), 'no company prefix at its beginning'],
  mixed: [(text) => /\D/.test(text), 'digits only'],
  zero: [(text) => /^0+$/.test(text), 'another digit than 0 where 0 belongs'],
  nonzero: [(text) => /[1-9]/.test(text), 'only zeros where a number belongs'],
  nozero: [(text) => !text.startsWith('0'), 'a zero at its beginning'],
  piece: [isPieceOfTotal, 'no piece number from 1 to the total'],
  sequence: [isPlaceInSequence, 'no place in a sequence, such as 1/2'],
  index: [(text) => /^[-\w]$/.test(text), 'no importer index'],
  currency: [(text) => CURRENCY_NUMBERS.has(text), 'no currency number'],
  country: [(text) => COUNTRY_NUMBERS.has(text), 'no country number'],
  processor: [(text) => text === '999' || COUNTRY_NUMBERS.has(text), 'neither a country number nor 999'],
  alpha2: [(text) => COUNTRY_LETTERS.has(text), 'no country letters'],
  percent: [(text) => !/%(?![\dA-Fa-f]{2})/.test(text), 'broken percent-encoding'],
  iban: [isIban, 'no account number with the right check digits'],
  coupon: [isCoupon, 'no coupon code'],
  offer: [(text) => COUPON_OFFER.test(text), 'no coupon offer'],
  flag: [(text) => /^[01]$/.test(text), 'neither 0 nor 1'],
  sex: [(text) => /^[0129]$/.test(text), 'none of 0, 1, 2, 9'],
  winding: [(text) => /^[019]$/.test(text), 'no winding direction: 0, 1 or 9'],
  media: [(text) => /^(?:0[1-9]|10|[89]\d)$/.test(text), 'no media type'],
  hyphen: [(text) => /^-+$/.test(text), 'another character than the minus sign'],
  latitude: [(text) => Number(text) <= HALF_TURN, 'no latitude'],
  longitude: [(text) => Number(text) <= 2 * HALF_TURN, 'no longitude'],
  month: [(text) => isDay(`20${text.replace(/00$/, '01')}`), 'no date'],
  day: [(text) => isDay(`20${text}`), 'no date'],
  date: [isDay, 'no date'],
  time: [(text) => /^(?:[01]\d|2[0-3])[0-5]\d$/.test(text), 'no time of day'],
  hour: [(text) => /^(?:[01]\d|2[0-3])$/.test(text), 'no hour'],
  minute: [(text) => /^[0-5]\d$/.test(text), 'no minute or second'],
};

/** Why a value can't stand under an AI, or undefined if it can. */
export function contentFault({ ai, parts }: Identifier, value: string): string | undefined {
  let rest = value;
  if (rest === '') return `(${ai}) has no value`;
  for (const { set, least, most, optional, checks } of parts) {
    const text = rest.slice(0, most);
    rest = rest.slice(text.length);
    if (optional && text === '') continue;
    if (text.length < least) return `(${ai}) is too short`;
    if (!SETS[set].pattern.test(text)) return `(${ai}) has other characters than ${SETS[set].name}`;
    const failed = checks.map((name) => CHECKS[name] as Check).find(([holds]) => !holds(text));
    if (failed) return `(${ai}) has ${failed[1]}`;
  }
  return rest === '' ? undefined : `(${ai}) is too long`;
}

function hasCheckDigit(text: string): boolean {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum += Number(text[text.length - 1 - i]) * (i % 2 === 0 ? 1 : 3);
  return sum % 10 === 0;
}

/** Weights are the primes, from right to left; the sum modulo 1021 is written as two characters of 5 bits. */
function hasCheckPair(text: string): boolean {
  const body = text.slice(0, -2);
  let sum = 0;
  let prime = 1;
  for (let i = body.length - 1; i >= 0; i--) {
    prime = primeAfter(prime);
    sum += SET_82.indexOf(body[i] as string) * prime;
  }
  sum %= 1021;
  return text.length >= 2 && text.endsWith(`${SET_32[sum >> 5]}${SET_32[sum & 31]}`);
}

function primeAfter(number: number): number {
  for (let candidate = number + 1; ; candidate++) {
    let divisor = 2;
    while (candidate % divisor !== 0) divisor++;
    if (divisor === candidate) return candidate;
  }
}

function isPieceOfTotal(text: string): boolean {
  const [piece, total] = [Number(text.slice(0, 2)), Number(text.slice(2))];
  return piece >= 1 && piece <= total;
}

function isPlaceInSequence(text: string): boolean {
  const [, place, end] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(text) ?? [];
  return place !== undefined && Number(place) <= Number(end);
}

function isDay(yyyymmdd: string): boolean {
  const [year, month, day] = [yyyymmdd.slice(0, 4), yyyymmdd.slice(4, 6), yyyymmdd.slice(6)].map(Number);
  const leap = month === 2 && isLeap(year as number) ? 1 : 0;
  return (day as number) >= 1 && (day as number) <= (DAYS[(month as number) - 1] ?? 0) + leap;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** ISO 13616: country and check digits moved to the end, letters as 10 to 35, the number modulo 97 is 1. */
function isIban(text: string): boolean {
  if (!/^[A-Z]{2}[\dA-Z]{9,32}$/.test(text) || !COUNTRY_LETTERS.has(text.slice(0, 2))) return false;
  const moved = text.slice(4) + text.slice(0, 4);
  const digits = [...moved].map((character) => Number.parseInt(character, 36)).join('');
  return BigInt(digits) % 97n === 1n;
}

function isCoupon(text: string): boolean {
  const fields = COUPON.exec(text)?.groups;
  if (!fields) return false;
  const { from, until } = fields;
  const dates = [from, until].filter((date) => date !== undefined);
  return dates.every((date) => isDay(`20${date}`)) && !(from !== undefined && until !== undefined && from > until);
}
