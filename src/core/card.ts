// Owns a claim card's secret (docs/format.md, "Claim card"): its text, how that is read back from paper, and the key it
// makes. Random bytes come in; addresses of cards are card-address.ts's. Nothing here keeps or tells a secret: reasons
// name places and counts, never what stands there.
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { bytesToNumberBE } from '@noble/curves/utils.js';
import { fromHex, type Hex32, keccak, lower, toHex, utf8 } from './hash.ts';

/** 30 characters of the alphabet: version, 128 bits, three check characters. Whoever reads it can claim the piece. */
export type CardSecret = string & { readonly __cardSecret: true };

export const SECRET_BYTES = 16;
export const SECRET_LENGTH = 30;
const GROUP = 5;
/** Crockford's base 32, as public codes have it: no I, L, O, U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const VERSION = 'C';
const DATA_LENGTH = 26;
/** 26 characters hold 130 bits; the last two are zero. */
const SPARE_BITS = 2;

/** @param random 16 bytes from a cryptographic generator, for this card alone */
export function cardSecret(random: Uint8Array): CardSecret {
  if (random.length !== SECRET_BYTES) throw new RangeError(`a card needs ${SECRET_BYTES} random bytes`);
  let bits = bytesToNumberBE(random) << BigInt(SPARE_BITS);
  const values = [ALPHABET.indexOf(VERSION)];
  for (let i = DATA_LENGTH; i >= 1; i--, bits >>= 5n) values[i] = Number(bits & 31n);
  return textOf([...values, ...checksOf(values)]) as CardSecret;
}

/** As it stands on paper: six groups of five. */
export function printedSecret(secret: CardSecret): string {
  return (secret.match(/.{5}/g) as string[]).join('-');
}

export type ReadSecret =
  | { readonly ok: true; readonly secret: CardSecret }
  | { readonly ok: false; readonly reason: string };

const no = (reason: string): ReadSecret => ({ ok: false, reason });

/** Reads what a person may have typed: any case, I and L for 1, O for 0, white space, hyphens and dots anywhere. */
export function readCardSecret(typed: string): ReadSecret {
  const text = tidy(typed);
  if (text === '') return no('is empty');
  const stranger = [...text].find((character) => !ALPHABET.includes(character));
  if (stranger !== undefined) return no(`holds “${stranger}”, which is on no card: digits and letters without U`);
  if (text.length !== SECRET_LENGTH) return no(`has ${text.length} characters where a card has ${SECRET_LENGTH}`);
  const values = [...text].map((character) => ALPHABET.indexOf(character));
  const found = syndromesOf(values);
  if (found.some((value) => value !== 0)) return no(mistyped(found));
  if (text[0] !== VERSION) return no('is of another version than this program knows');
  if (((values[DATA_LENGTH] as number) & (2 ** SPARE_BITS - 1)) !== 0) return no('is no secret of a card');
  return { ok: true, secret: text as CardSecret };
}

function tidy(typed: string): string {
  return typed
    .toUpperCase()
    .replace(/[\s.\-\u2010-\u2015]+/g, '')
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0');
}

function mistyped(syndromes: readonly number[]): string {
  const place = onlyErrorIn(syndromes);
  if (place === undefined) return 'is mistyped: compare all of it with the card';
  return `is mistyped: compare group ${Math.floor(place / GROUP) + 1} of ${SECRET_LENGTH / GROUP} with the card`;
}

export interface CardKey {
  readonly privateKey: Uint8Array;
  /** The claim key: the address that stands in the piece's leaf. Public. */
  readonly address: Hex32;
}

const KEY_TAG = keccak(utf8('touchstone.card.v1'));

/** The first number within the group's order that the secret makes; the second try would come once in 2^128 cards. */
export function cardKey(secret: CardSecret): CardKey {
  const seed = new Uint8Array(KEY_TAG.length + SECRET_BYTES + 1);
  seed.set(KEY_TAG);
  seed.set(bytesOf(secret), KEY_TAG.length);
  const privateKey = firstKey((attempt) => {
    seed[seed.length - 1] = attempt;
    return keccak(seed);
  });
  const publicKey = secp256k1.getPublicKey(privateKey, false);
  return { privateKey, address: `0x${toHex(keccak(publicKey.subarray(1))).slice(26)}` };
}

/** @param candidate 32 bytes for each attempt, counted from 0 */
export function firstKey(candidate: (attempt: number) => Uint8Array): Uint8Array {
  for (let attempt = 0; attempt < 256; attempt++) {
    const key = candidate(attempt);
    if (secp256k1.utils.isValidSecretKey(key)) return key;
  }
  throw new Error('no key within the order of the group');
}

/** r, s and v over a digest, s in the lower half: what the contracts take as `cardSignature`. */
export function signAsCard(secret: CardSecret, digest: Hex32): string {
  const { privateKey } = cardKey(secret);
  const signature = secp256k1.sign(fromHex(digest), privateKey, { prehash: false, format: 'recovered' });
  const [recovery = 0, ...rs] = signature;
  return toHex(Uint8Array.of(...rs, 27 + recovery));
}

/** Why this is no claim key, or undefined if it is one. Never quotes it: it may be a secret that got into the wrong place. */
export function claimKeyFault(text: string): string | undefined {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) return 'must be an address: 0x and 40 hexadecimal digits';
  const digits = text.slice(2);
  if (digits === digits.toLowerCase() || digits === digits.toUpperCase()) return undefined;
  return digits === checksummed(digits)
    ? undefined
    : 'has upper and lower case that do not fit (EIP-55): it was mistyped';
}

/** A claim key as leaves have it, lower case. Only for what `claimKeyFault` has nothing against. */
export const claimKeyOf = (text: string): Hex32 => lower(text);

function checksummed(digits: string): string {
  const hash = toHex(keccak(utf8(digits.toLowerCase()))).slice(2);
  return [...digits.toLowerCase()]
    .map((digit, i) => (Number.parseInt(hash[i] as string, 16) >= 8 ? digit.toUpperCase() : digit))
    .join('');
}

function bytesOf(secret: CardSecret): Uint8Array {
  let bits = 0n;
  for (const character of secret.slice(1, 1 + DATA_LENGTH)) bits = (bits << 5n) | BigInt(ALPHABET.indexOf(character));
  bits >>= BigInt(SPARE_BITS);
  const bytes = new Uint8Array(SECRET_BYTES);
  for (let i = SECRET_BYTES - 1; i >= 0; i--, bits >>= 8n) bytes[i] = Number(bits & 255n);
  return bytes;
}

function textOf(values: readonly number[]): string {
  return values.map((value) => ALPHABET[value]).join('');
}

// A Reed-Solomon code over the field of 32 elements (x^5 + x^2 + 1): any three wrong characters are noticed, so any two
// that changed places are as well, wherever they stand.

const POWERS: readonly number[] = Array.from({ length: 31 }).reduce<number[]>((powers) => {
  const next = powers.length === 0 ? 1 : (powers.at(-1) as number) << 1;
  return [...powers, next > 31 ? next ^ 0b100101 : next];
}, []);
const LOGS: ReadonlyMap<number, number> = new Map(POWERS.map((value, power) => [value, power]));
const CHECKS = 3;
/** (x − 2)(x − 4)(x − 8), without its first coefficient, 1. */
const GENERATOR = [14, 29, 10] as const;

function times(a: number, b: number): number {
  if (a === 0 || b === 0) return 0;
  return POWERS[((LOGS.get(a) as number) + (LOGS.get(b) as number)) % 31] as number;
}

/** The remainder of the values, as coefficients of descending powers and followed by three zeros, by the generator. */
function checksOf(values: readonly number[]): number[] {
  let rest = [0, 0, 0];
  for (const value of values) {
    const [first = 0, second = 0, third = 0] = rest;
    const factor = value ^ first;
    rest = [second, third, 0].map((coefficient, i) => coefficient ^ times(factor, GENERATOR[i] as number));
  }
  return rest;
}

/** The polynomial's values at 2, 4 and 8: all zero for what was written so. */
function syndromesOf(values: readonly number[]): number[] {
  return Array.from({ length: CHECKS }, (_, i) =>
    values.reduce((sum, value) => times(sum, POWERS[i + 1] as number) ^ value, 0),
  );
}

/** Where the one wrong character stands, if it is one. */
function onlyErrorIn([first = 0, second = 0, third = 0]: readonly number[]): number | undefined {
  if (first === 0 || second === 0 || third === 0) return undefined;
  const ratio = (above: number, below: number) => ((LOGS.get(above) as number) + 31 - (LOGS.get(below) as number)) % 31;
  const power = ratio(second, first);
  if (power !== ratio(third, second) || power >= SECRET_LENGTH) return undefined;
  return SECRET_LENGTH - 1 - power;
}

/** Whether this is the text of a secret, as `readCardSecret` takes it. */
export function isCardSecret(text: string): boolean {
  return readCardSecret(text).ok;
}
