// Owns a claim card's secret (docs/format.md, "Claim card"): its text, how that is read back from paper, and the key it
// makes; its form is shared with other secrets (secret-text.ts). Random bytes come in; addresses of cards are
// card-address.ts's. Nothing here keeps or tells a secret.
import { type Hex32, keccak, lower, toHex, utf8 } from './hash.ts';
import {
  groupsOf,
  keyOfSecret,
  readSecretText,
  type SecretFault,
  type SecretKey,
  type SecretKind,
  secretText,
  signDigest,
} from './secret-text.ts';

/** 30 characters of the alphabet: version, 128 bits, three check characters. Whoever reads it can claim the piece. */
export type CardSecret = string & { readonly __cardSecret: true };

const CARD: SecretKind = { letter: 'C', tag: keccak(utf8('touchstone.card.v1')), name: 'card', printedOn: 'card' };

/** @param random 16 bytes from a cryptographic generator, for this card alone */
export function cardSecret(random: Uint8Array): CardSecret {
  return secretText(CARD, random) as CardSecret;
}

/** As it stands on paper: six groups of five. */
export function printedSecret(secret: CardSecret): string {
  return groupsOf(secret).join('-');
}

export type ReadSecret =
  | { readonly ok: true; readonly secret: CardSecret }
  | { readonly ok: false; readonly reason: string; readonly fault: SecretFault };

/** Reads what a person may have typed: any case, I and L for 1, O for 0, white space, hyphens and dots anywhere. */
export function readCardSecret(typed: string): ReadSecret {
  return readSecretText(CARD, typed) as ReadSecret;
}

/** Whether this is the text of a secret, as `readCardSecret` takes it. */
export function isCardSecret(text: string): boolean {
  return readCardSecret(text).ok;
}

/** Its `address` is the claim key that stands in the piece's leaf. */
export function cardKey(secret: CardSecret): SecretKey {
  return keyOfSecret(CARD, secret);
}

/** r, s and v over a digest, s in the lower half: what the contracts take as `cardSignature`. */
export function signAsCard(secret: CardSecret, digest: Hex32): Hex32 {
  return signDigest(cardKey(secret), digest);
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
