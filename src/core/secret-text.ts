// Owns how a secret of 128 bits stands on paper and becomes a key (docs/format.md, "Claim card"): its text with a letter for
// its kind, how that is read back from what somebody typed, and the key that follows from it. Which kinds there are stands
// with each (card.ts, paper-key.ts). Random bytes come in; nothing here keeps or tells a secret: reasons name places and
// counts, never what stands there.
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { bytesToNumberBE } from '@noble/curves/utils.js';
import { fromHex, type Hex32, keccak, toHex } from './hash.ts';

export const SECRET_BYTES = 16;
export const SECRET_LENGTH = 30;
export const SECRET_GROUPS = 6;
const GROUP = SECRET_LENGTH / SECRET_GROUPS;
/** Crockford's base 32, as public codes have it: no I, L, O, U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const DATA_LENGTH = 26;
/** 26 characters hold 130 bits; the last two are zero. */
const SPARE_BITS = 2;

/** One kind of secret: no text of one kind is one of another, and the same bits make another key. */
export interface SecretKind {
  /** Its first character: the kind and its version. */
  readonly letter: string;
  /** The hash of its name, first in what its key is derived from. */
  readonly tag: Uint8Array;
  /** What it is the secret of, and where it is printed, for whoever mistyped it. */
  readonly name: string;
  readonly printedOn: string;
}

/** 30 characters: the kind's letter, 128 bits, three check characters. @param random 16 bytes, for this secret alone */
export function secretText({ letter, name }: SecretKind, random: Uint8Array): string {
  if (random.length !== SECRET_BYTES) throw new RangeError(`a ${name} needs ${SECRET_BYTES} random bytes`);
  let bits = bytesToNumberBE(random) << BigInt(SPARE_BITS);
  const values = [ALPHABET.indexOf(letter)];
  for (let i = DATA_LENGTH; i >= 1; i--, bits >>= 5n) values[i] = Number(bits & 31n);
  return [...values, ...checksOf(values)].map((value) => ALPHABET[value]).join('');
}

/** As it stands on paper: six groups of five. */
export function groupsOf(secret: string): string[] {
  return secret.match(/.{5}/g) as string[];
}

/** Why what was typed is no secret, for programs; `reason` says it in English. */
export type SecretFault =
  | { readonly is: 'empty' | 'mistyped' | 'other-kind' | 'none' }
  | { readonly is: 'stranger'; readonly character: string }
  | { readonly is: 'length'; readonly length: number }
  /** One character of this group is wrong, counted from 1. */
  | { readonly is: 'mistyped-group'; readonly group: number };

export type ReadText =
  | { readonly ok: true; readonly secret: string }
  | { readonly ok: false; readonly reason: string; readonly fault: SecretFault };

/** Reads what a person may have typed: any case, I and L for 1, O for 0, white space, hyphens and dots anywhere. */
export function readSecretText(kind: SecretKind, typed: string): ReadText {
  const text = tidy(typed);
  const fault = faultOf(kind, text);
  return fault ? { ok: false, fault, reason: reasonOf(kind, fault) } : { ok: true, secret: text };
}

function faultOf({ letter }: SecretKind, text: string): SecretFault | undefined {
  if (text === '') return { is: 'empty' };
  const stranger = [...text].find((character) => !ALPHABET.includes(character));
  if (stranger !== undefined) return { is: 'stranger', character: stranger };
  if (text.length !== SECRET_LENGTH) return { is: 'length', length: text.length };
  const values = [...text].map((character) => ALPHABET.indexOf(character));
  const found = syndromesOf(values);
  if (found.some((value) => value !== 0)) return mistyped(found);
  if (text[0] !== letter) return { is: 'other-kind' };
  return ((values[DATA_LENGTH] as number) & (2 ** SPARE_BITS - 1)) === 0 ? undefined : { is: 'none' };
}

function mistyped(syndromes: readonly number[]): SecretFault {
  const place = onlyErrorIn(syndromes);
  return place === undefined ? { is: 'mistyped' } : { is: 'mistyped-group', group: Math.floor(place / GROUP) + 1 };
}

function reasonOf({ name, printedOn }: SecretKind, fault: SecretFault): string {
  if (fault.is === 'empty') return 'is empty';
  if (fault.is === 'stranger')
    return `holds “${fault.character}”, which is on no ${printedOn}: digits and letters without U`;
  if (fault.is === 'length') return `has ${fault.length} characters where a ${name} has ${SECRET_LENGTH}`;
  if (fault.is === 'mistyped') return `is mistyped: compare all of it with the ${printedOn}`;
  if (fault.is === 'mistyped-group')
    return `is mistyped: compare group ${fault.group} of ${SECRET_GROUPS} with the ${printedOn}`;
  return fault.is === 'other-kind' ? 'is of another version than this program knows' : `is no secret of a ${name}`;
}

function tidy(typed: string): string {
  return typed
    .toUpperCase()
    .replace(/[\s.\-\u2010-\u2015]+/g, '')
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0');
}

/** A key on secp256k1 and its Ethereum address, which is public. */
export interface SecretKey {
  readonly privateKey: Uint8Array;
  /** Lower case. */
  readonly address: Hex32;
}

/** The first number within the group's order that the secret makes; the second try would come once in 2^128 secrets. */
export function keyOfSecret({ tag }: SecretKind, secret: string): SecretKey {
  const seed = new Uint8Array(tag.length + SECRET_BYTES + 1);
  seed.set(tag);
  seed.set(bytesOf(secret), tag.length);
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

/** r, s and v over a digest, s in the lower half: what the contracts take. */
export function signDigest({ privateKey }: SecretKey, digest: Hex32): Hex32 {
  const signature = secp256k1.sign(fromHex(digest), privateKey, { prehash: false, format: 'recovered' });
  const [recovery = 0, ...rs] = signature;
  return toHex(Uint8Array.of(...rs, 27 + recovery));
}

function bytesOf(secret: string): Uint8Array {
  let bits = 0n;
  for (const character of secret.slice(1, 1 + DATA_LENGTH)) bits = (bits << 5n) | BigInt(ALPHABET.indexOf(character));
  bits >>= BigInt(SPARE_BITS);
  const bytes = new Uint8Array(SECRET_BYTES);
  for (let i = SECRET_BYTES - 1; i >= 0; i--, bits >>= 8n) bytes[i] = Number(bits & 255n);
  return bytes;
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
