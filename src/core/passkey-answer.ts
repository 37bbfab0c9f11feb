// Owns reading what a browser hands over of a passkey: its public key, in the three forms it comes in, and its signature.
// Only ES256 is read (ECDSA on P-256 with SHA-256), the one kind every authenticator has and the contract checks.
import { p256 } from '@noble/curves/nist.js';
import { TouchstoneError } from './errors.ts';
import { fromHex } from './hash.ts';
import { type Assertion, type PasskeyKey, passkeyKeyOf } from './passkey.ts';

/** SubjectPublicKeyInfo of an uncompressed key on P-256 is this and the two coordinates. */
const SPKI_START = fromHex('0x3059301306072a8648ce3d020106082a8648ce3d03010703420004');
/** COSE_Key in the one order CTAP2 allows: EC2, ES256, P-256, then x and y as 32 bytes each. */
const COSE_START = fromHex('0xa5010203262001215820');
const COSE_BETWEEN = fromHex('0x225820');
const COSE_LENGTH = COSE_START.length + 32 + COSE_BETWEEN.length + 32;
const ATTESTED = 0x40;
/** Hash, flags, counter and model stand before the length of the credential's id. */
const ID_LENGTH_AT = 53;
const WORD = 32;

/** From `response.getPublicKey()`. @throws TouchstoneError invalid-request */
export function keyOfSpki(spki: Uint8Array): PasskeyKey {
  if (!startsWith(spki, SPKI_START)) throw noKey();
  return passkeyKeyOf(spki.subarray(SPKI_START.length));
}

/** From a COSE_Key, which may have more behind it. @throws TouchstoneError invalid-request */
export function keyOfCose(cose: Uint8Array): PasskeyKey {
  const y = COSE_START.length + WORD + COSE_BETWEEN.length;
  const between = cose.subarray(COSE_START.length + WORD);
  if (!startsWith(cose, COSE_START) || !startsWith(between, COSE_BETWEEN) || cose.length < COSE_LENGTH) throw noKey();
  const coordinates = new Uint8Array(2 * WORD);
  coordinates.set(cose.subarray(COSE_START.length, COSE_START.length + WORD), 0);
  coordinates.set(cose.subarray(y, y + WORD), WORD);
  return passkeyKeyOf(coordinates);
}

/** From `response.getAuthenticatorData()` of a passkey just made. @throws TouchstoneError invalid-request */
export function keyOfAuthenticatorData(data: Uint8Array): PasskeyKey {
  if (data.length < ID_LENGTH_AT + 2 || ((data[WORD] as number) & ATTESTED) === 0) throw noKey();
  const idLength = new DataView(data.buffer, data.byteOffset).getUint16(ID_LENGTH_AT);
  return keyOfCose(data.subarray(ID_LENGTH_AT + 2 + idLength));
}

/**
 * The members of an `AuthenticatorAssertionResponse`, its signature as r and s with s in the lower half: authenticators
 * give either, the contract takes one. @throws TouchstoneError signature-invalid
 */
export function assertionOf(answer: {
  readonly authenticatorData: Uint8Array;
  readonly clientDataJSON: Uint8Array;
  readonly signature: Uint8Array;
}): Assertion {
  return { ...answer, signature: halvesOfDer(answer.signature) };
}

/** r and s, 32 bytes each, of an ECDSA-Sig-Value in DER. @throws TouchstoneError signature-invalid */
export function halvesOfDer(der: Uint8Array): Uint8Array {
  try {
    const { r, s } = p256.Signature.fromBytes(der, 'der');
    const lowered = s > p256.Point.Fn.ORDER / 2n ? p256.Point.Fn.neg(s) : s;
    return new p256.Signature(r, lowered).toBytes('compact');
  } catch (cause) {
    throw new TouchstoneError('signature-invalid', 'This is no signature of a passkey. Sign again.', { cause });
  }
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}

function noKey(): TouchstoneError {
  return new TouchstoneError(
    'invalid-request',
    'This passkey is of a kind that can’t be used here (ES256 is). Make another, for instance with your telephone.',
  );
}
