// Owns an offer as it travels from a piece's owner to the next (docs/format.md, "Handover link"): in the fragment of a link,
// which no browser sends. It holds the one-time key itself and the owner's signature for it, so that no service keeps
// either. Random bytes come in; nothing here keeps or tells the key.
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { fromHex, type Hex32, keccak, toHex } from './hash.ts';
import { signDigest } from './secret-text.ts';

export interface HandoverOffer {
  /** The one-time key: whoever has it can take the piece until the deadline. */
  readonly secret: Uint8Array;
  /** Until when the owner's signature is good, in seconds since 1970. */
  readonly deadline: number;
  /** How often the piece had moved, and how many events it had, when the owner signed. */
  readonly moves: number;
  readonly events: number;
  /** Who signed: the owner, or a key that acts for it. */
  readonly key: string;
  readonly signature: string;
}

const VERSION = 1;
const SECRET_AT = 1;
const DEADLINE_AT = 33;
const MOVES_AT = 39;
const EVENTS_AT = 42;
const KEY_AT = 45;
const SIGNATURE_AT = 65;
/** A signature of 4,096 bytes, as the API takes them. */
const LONGEST = SIGNATURE_AT + 4_096;
const SHORTEST = SIGNATURE_AT + 65;

/** @param random 32 bytes from a cryptographic generator, for this offer alone */
export function oneTimeKey(random: Uint8Array): Uint8Array {
  if (random.length !== 32) throw new RangeError('a one-time key needs 32 random bytes');
  return secp256k1.utils.isValidSecretKey(random) ? random : oneTimeKey(keccak(random));
}

/** The address that the owner offers the piece to. */
export function oneTimeAddress(secret: Uint8Array): Hex32 {
  const publicKey = secp256k1.getPublicKey(secret, false);
  return `0x${toHex(keccak(publicKey.subarray(1))).slice(26)}`;
}

/** r, s and v over a digest, s in the lower half. */
export function signOnce(secret: Uint8Array, digest: Hex32): Hex32 {
  return signDigest({ privateKey: secret, address: oneTimeAddress(secret) }, digest);
}

/** What stands behind `#`. */
export function offerText(offer: HandoverOffer): string {
  const signature = fromHex(offer.signature);
  const bytes = new Uint8Array(SIGNATURE_AT + signature.length);
  bytes[0] = VERSION;
  bytes.set(offer.secret, SECRET_AT);
  bytes.set(numberBytes(offer.deadline, 6), DEADLINE_AT);
  bytes.set(numberBytes(offer.moves, 3), MOVES_AT);
  bytes.set(numberBytes(offer.events, 3), EVENTS_AT);
  bytes.set(fromHex(offer.key), KEY_AT);
  bytes.set(signature, SIGNATURE_AT);
  return base64Url(bytes);
}

/** Undefined for what is no offer: cut short, changed in form, of another version. Whose word it is shows its signature. */
export function readOffer(text: string): HandoverOffer | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(text) || text.length > Math.ceil((LONGEST * 4) / 3)) return undefined;
  const bytes = bytesOf(text);
  if (!bytes || bytes.length < SHORTEST || bytes[0] !== VERSION || base64Url(bytes) !== text) return undefined;
  const secret = bytes.slice(SECRET_AT, DEADLINE_AT);
  if (!secp256k1.utils.isValidSecretKey(secret)) return undefined;
  return {
    secret,
    deadline: numberOf(bytes.subarray(DEADLINE_AT, MOVES_AT)),
    moves: numberOf(bytes.subarray(MOVES_AT, EVENTS_AT)),
    events: numberOf(bytes.subarray(EVENTS_AT, KEY_AT)),
    key: toHex(bytes.subarray(KEY_AT, SIGNATURE_AT)),
    signature: toHex(bytes.subarray(SIGNATURE_AT)),
  };
}

function numberBytes(number: number, width: number): Uint8Array {
  return fromHex(`0x${number.toString(16).padStart(2 * width, '0')}`);
}

function numberOf(bytes: Uint8Array): number {
  return Number(BigInt(toHex(bytes)));
}

function base64Url(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function bytesOf(text: string): Uint8Array | undefined {
  try {
    const read = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(read, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
