// Owns a passkey's account and signature as the contract has them (docs/format.md, "Passkeys"): how an authenticator's
// assertion becomes a signature's bytes, and whether such bytes are one. What an authenticator answers is read elsewhere
// (passkey-answer.ts). No node imports: owners sign in their browser.
import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { TouchstoneError } from './errors.ts';
import { fromHex, type Hex32, keccak, lower, toHex, utf8 } from './hash.ts';

/** Coordinates of a public key on P-256. */
export interface PasskeyKey {
  readonly qx: Hex32;
  readonly qy: Hex32;
}

/** What a passkey answered when it was asked to sign a digest. */
export interface Assertion {
  readonly authenticatorData: Uint8Array;
  readonly clientDataJSON: Uint8Array;
  /** r and s, 32 bytes each, s in the lower half. */
  readonly signature: Uint8Array;
}

const TAG = keccak(utf8('touchstone.passkey.v1'));
const STANDARD_START = '{"type":"webauthn.get","challenge":"';
const BEFORE_ORIGIN = '","origin":"';
const STANDARD_END = '","crossOrigin":false}';
const BEFORE_CHALLENGE = '"challenge":"';
const TYPE = '"type":"webauthn.get"';
const ORIGIN_ONLY = 1;
const CHALLENGE_LENGTH = 43;
const FIXED = 166;
export const MAX_PASSKEY_SIGNATURE = 4096;
const MIN_AUTHENTICATOR_DATA = 37;
const FLAGS_AT = 32;
const PRESENT_AND_VERIFIED = 0x05;
const MAY_BE_BACKED_UP = 0x08;
const BACKED_UP = 0x10;

/** Low 160 bits of keccak256(abi.encode(tag, qx, qy, salt)). @param salt 32 bytes: of a customer the token id, else 0 */
export function passkeyAccountOf({ qx, qy }: PasskeyKey, salt: Hex32): Hex32 {
  return `0x${toHex(keccak(joined(TAG, fromHex(qx), fromHex(qy), fromHex(salt)))).slice(26)}`;
}

/**
 * The signature of an account, as contracts take it. @throws TouchstoneError signature-invalid if this is no assertion
 * about this digest, or one that no account can bring forward
 */
export function packPasskeySignature(key: PasskeyKey, salt: Hex32, digest: Hex32, assertion: Assertion): Hex32 {
  const { head, typeAt, rest } = aroundChallenge(assertion.clientDataJSON, digest);
  const lengths = new DataView(new ArrayBuffer(6));
  lengths.setUint16(0, assertion.authenticatorData.length);
  lengths.setUint16(2, head.length);
  lengths.setUint16(4, typeAt);
  const packed = joined(
    fromHex(key.qx),
    fromHex(key.qy),
    fromHex(salt),
    assertion.signature,
    new Uint8Array(lengths.buffer),
    assertion.authenticatorData,
    bytesOf(head + rest),
  );
  if (!isPasskeySignature(passkeyAccountOf(key, salt), digest, packed)) {
    throw new TouchstoneError(
      'signature-invalid',
      'The passkey did not sign this, or without asking who you are. Nothing was done; sign again, with a finger, a face or a PIN.',
    );
  }
  return toHex(packed);
}

/** Whether the passkey of this account signed this digest: what the contract answers. Never throws, whatever the bytes. */
export function isPasskeySignature(account: string, digest: Hex32, signature: Uint8Array): boolean {
  if (signature.length < FIXED || signature.length > MAX_PASSKEY_SIGNATURE) return false;
  const word = (at: number) => toHex(signature.subarray(at, at + 32));
  if (passkeyAccountOf({ qx: word(0), qy: word(32) }, word(64)) !== lower(account)) return false;
  const view = new DataView(signature.buffer, signature.byteOffset, signature.length);
  const clientDataAt = FIXED + view.getUint16(160);
  if (clientDataAt > signature.length) return false;
  const authenticatorData = signature.subarray(FIXED, clientDataAt);
  if (!isConsent(authenticatorData)) return false;
  const around = textOf(signature.subarray(clientDataAt));
  const clientData = clientDataOf(digest, around, view.getUint16(162), view.getUint16(164));
  if (clientData === undefined) return false;
  const signed = sha256(joined(authenticatorData, sha256(bytesOf(clientData))));
  const publicKey = joined(Uint8Array.of(4), signature.subarray(0, 64));
  return p256.verify(signature.subarray(96, 160), signed, publicKey, { prehash: false, lowS: true });
}

/** @throws TouchstoneError invalid-request unless the numbers are a point of the curve */
export function passkeyKeyOf(coordinates: Uint8Array): PasskeyKey {
  if (!p256.utils.isValidPublicKey(joined(Uint8Array.of(4), coordinates), false)) {
    throw new TouchstoneError('invalid-request', 'This is no public key of a passkey. Make the passkey again.');
  }
  return { qx: toHex(coordinates.subarray(0, 32)), qy: toHex(coordinates.subarray(32)) };
}

/** What is packed instead of the client data: they without the challenge, and shorter where they are as most are. */
function aroundChallenge(clientDataJSON: Uint8Array, digest: Hex32) {
  const clientData = textOf(clientDataJSON);
  const challenge = base64Url(fromHex(digest));
  const found = clientData.indexOf(`${BEFORE_CHALLENGE}${challenge}"`);
  const headLength = found + BEFORE_CHALLENGE.length;
  const head = clientData.slice(0, headLength);
  const rest = clientData.slice(headLength + CHALLENGE_LENGTH);
  const typeAt = (head + rest).indexOf(TYPE);
  if (found < 0 || typeAt < 0) {
    throw new TouchstoneError('signature-invalid', 'The passkey signed something else. Nothing was done; sign again.');
  }
  if (head !== STANDARD_START) return { head, typeAt, rest };
  const origin = rest.slice(BEFORE_ORIGIN.length, -STANDARD_END.length);
  if (rest === BEFORE_ORIGIN + origin + STANDARD_END) return { head: '', typeAt: ORIGIN_ONLY, rest: origin };
  return { head: '', typeAt: 0, rest };
}

/** The client data with the digest put in as their challenge; undefined where `around` isn't what stands around one. */
function clientDataOf(digest: Hex32, around: string, headLength: number, typeAt: number): string | undefined {
  const challenge = base64Url(fromHex(digest));
  if (headLength === 0 && typeAt === ORIGIN_ONLY) {
    return STANDARD_START + challenge + BEFORE_ORIGIN + around + STANDARD_END;
  }
  const head = around.slice(0, headLength);
  const rest = around.slice(headLength);
  if (!rest.startsWith('"')) return undefined;
  if (headLength === 0) return typeAt === 0 ? STANDARD_START + challenge + rest : undefined;
  if (!head.endsWith(BEFORE_CHALLENGE) || !around.startsWith(TYPE, typeAt)) return undefined;
  return head + challenge + rest;
}

/** Somebody was there and showed who he is; and no backup exists of what can't be backed up. */
function isConsent(authenticatorData: Uint8Array): boolean {
  const flags = authenticatorData[FLAGS_AT] ?? 0;
  if (authenticatorData.length < MIN_AUTHENTICATOR_DATA) return false;
  if ((flags & PRESENT_AND_VERIFIED) !== PRESENT_AND_VERIFIED) return false;
  return (flags & BACKED_UP) === 0 || (flags & MAY_BE_BACKED_UP) !== 0;
}

/** A character a byte, so that places in the text are places in the bytes. */
function textOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function base64Url(bytes: Uint8Array): string {
  return btoa(textOf(bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
