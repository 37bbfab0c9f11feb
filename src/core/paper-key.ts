// Owns a paper key (docs/format.md, "Paper key"): an owner's key as six groups of characters on a sheet in her drawer. Its
// text, how that is read back, the account it makes, what it signs. Its form is a claim card's (secret-text.ts), its letter
// and its derivation are its own: neither can be taken for the other. Random bytes come in; nothing here keeps or tells it.
import { type Hex32, keccak, utf8 } from './hash.ts';
import {
  groupsOf,
  keyOfSecret,
  readSecretText,
  type SecretFault,
  type SecretKind,
  secretText,
  signDigest,
} from './secret-text.ts';

/** 30 characters of the alphabet: version, 128 bits, three check characters. Whoever reads it has what its account owns. */
export type PaperKey = string & { readonly __paperKey: true };

const PAPER: SecretKind = {
  letter: 'P',
  tag: keccak(utf8('touchstone.paper.v1')),
  name: 'paper key',
  printedOn: 'sheet',
};

/** @param random 16 bytes from a cryptographic generator, for this key alone */
export function paperKey(random: Uint8Array): PaperKey {
  return secretText(PAPER, random) as PaperKey;
}

/** As it stands on the sheet: six groups of five. */
export function printedPaperKey(key: PaperKey): string {
  return groupsOf(key).join('-');
}

export type ReadPaperKey =
  | { readonly ok: true; readonly key: PaperKey }
  | { readonly ok: false; readonly reason: string; readonly fault: SecretFault };

/** Reads what a person may have typed, as forgivingly as a card's secret is read. */
export function readPaperKey(typed: string): ReadPaperKey {
  const read = readSecretText(PAPER, typed);
  return read.ok ? { ok: true, key: read.secret as PaperKey } : read;
}

export function isPaperKey(text: string): boolean {
  return readPaperKey(text).ok;
}

/** The account that owns by this key: an Ethereum address, lower case. */
export function paperAccount(key: PaperKey): Hex32 {
  return keyOfSecret(PAPER, key).address;
}

/** r, s and v over a digest, s in the lower half: what the contracts take as an owner's signature. */
export function signOnPaper(key: PaperKey, digest: Hex32): Hex32 {
  return signDigest(keyOfSecret(PAPER, key), digest);
}
