// Owns the vectors of passkeys: what authenticators answered (passkey-answers.json, recorded from a browser by
// record-passkeys.ts), and the accounts and signatures that follow from it. Computed with Node's crypto and ethers, not
// with the core.
import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AbiCoder, concat, dataLength, dataSlice, id, keccak256, sha256, toBeHex } from 'ethers';

export const ANSWERS = join(import.meta.dirname, 'passkey-answers.json');

/** All as hexadecimal bytes. */
export interface AssertionAnswer {
  readonly what: string;
  readonly digest: string;
  readonly authenticatorData: string;
  readonly clientDataJSON: string;
  /** DER, as the authenticator gave it: s in either half. */
  readonly signature: string;
}

export interface PasskeyAnswers {
  readonly what: string;
  readonly origin: string;
  readonly publicKey: string;
  /** What the authenticator said when the passkey was made, with the same key as COSE_Key. */
  readonly authenticatorData: string;
  readonly assertions: readonly AssertionAnswer[];
}

export interface PasskeyVector {
  readonly what: string;
  readonly qx: string;
  readonly qy: string;
  readonly salt: string;
  readonly account: string;
  readonly digest: string;
  readonly authenticatorData: string;
  readonly clientDataJSON: string;
  readonly der: string;
  /** Of the order of the curve, in which the authenticator's s was. */
  readonly half: 'lower' | 'upper';
  readonly signature: string;
}

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const SALTS = [toBeHex(0, 32), toBeHex(ORDER, 32), id('touchstone vectors: a salt')];
const START = '{"type":"webauthn.get","challenge":"';

export function passkeyVectors() {
  const answers = JSON.parse(readFileSync(ANSWERS, 'utf8')) as PasskeyAnswers[];
  const keys = answers.map(({ what, publicKey, authenticatorData }) => {
    const [qx, qy] = coordinatesOf(publicKey);
    return { what, spki: publicKey, authenticatorData, qx, qy };
  });
  const all = answers.flatMap((answer) => answer.assertions.map((one, i) => vectorOf(answer, one, i)));
  const signatures = all.filter(({ what }) => !what.includes('not verified'));
  const halves = { lower: 0, upper: 0 };
  for (const { half } of signatures) halves[half]++;
  return { keys, halves, signatures, refused: refusedOf(signatures, all) };
}

/** What must not be taken for a signature, though little is wrong with it. */
function refusedOf(signatures: readonly PasskeyVector[], all: readonly PasskeyVector[]) {
  const upper = signatures.filter(({ half }) => half === 'upper');
  const [one, two] = signatures as [PasskeyVector, PasskeyVector];
  const refusal = (what: string, { account, digest }: PasskeyVector, signature: string) => ({
    what,
    account,
    digest,
    signature,
  });
  const mirrored = (signature: string) => {
    const s = toBeHex(ORDER - BigInt(dataSlice(signature, 128, 160)), 32);
    return concat([dataSlice(signature, 0, 128), s, dataSlice(signature, 160)]);
  };
  return [
    ...upper.map((vector) => refusal('s as the authenticator gave it', vector, mirrored(vector.signature))),
    ...all.filter(({ what }) => what.includes('not verified')).map((v) => refusal(v.what, v, v.signature)),
    refusal('another digest', { ...one, digest: two.digest }, one.signature),
    refusal('another account', { ...one, account: two.account }, one.signature),
    refusal('a byte too few', one, dataSlice(one.signature, 0, dataLength(one.signature) - 1)),
    refusal('a byte too many', one, concat([one.signature, '0x00'])),
    refusal('nothing', one, '0x'),
  ];
}

function vectorOf(answer: PasskeyAnswers, assertion: AssertionAnswer, i: number): PasskeyVector {
  const [qx, qy] = coordinatesOf(answer.publicKey);
  const salt = SALTS[i % SALTS.length] as string;
  const { digest, authenticatorData, clientDataJSON, signature: der } = assertion;
  const message = concat([authenticatorData, sha256(clientDataJSON)]);
  const key = createPublicKey({ key: bytes(answer.publicKey), format: 'der', type: 'spki' });
  if (!verify('sha256', bytes(message), key, bytes(der))) throw new Error(`${assertion.what}: not its signature`);
  const { r, s } = numbersOf(der);
  const lengths = [dataLength(authenticatorData), ...around(clientDataJSON, digest).numbers];
  const signature = concat([
    ...[qx, qy, salt, toBeHex(r, 32), toBeHex(s > ORDER / 2n ? ORDER - s : s, 32)],
    ...lengths.map((length) => toBeHex(length, 2)),
    authenticatorData,
    Buffer.from(around(clientDataJSON, digest).text, 'latin1'),
  ]);
  const tag = id('touchstone.passkey.v1');
  const types = ['bytes32', 'bytes32', 'bytes32', 'bytes32'];
  const account = `0x${keccak256(AbiCoder.defaultAbiCoder().encode(types, [tag, qx, qy, salt])).slice(26)}`;
  const half = s > ORDER / 2n ? 'upper' : 'lower';
  const what = `${answer.what}: ${assertion.what}`;
  return { what, qx, qy, salt, account, digest, authenticatorData, clientDataJSON, der, half, signature };
}

function around(clientDataJSON: string, digest: string): { numbers: [number, number]; text: string } {
  const text = bytes(clientDataJSON).toString('latin1');
  const parts = text.split(bytes(digest).toString('base64url'));
  if (parts.length !== 2) throw new Error('the challenge is not there once');
  const [head, rest] = parts as [string, string];
  const origin = /^","origin":"(.*)","crossOrigin":false\}$/.exec(rest)?.[1];
  if (head !== START) return { numbers: [head.length, (head + rest).indexOf('"type":')], text: head + rest };
  return origin === undefined ? { numbers: [0, 0], text: rest } : { numbers: [0, 1], text: origin };
}

/** An ECDSA signature's two numbers, each behind its tag and its length. */
function numbersOf(der: string): { r: bigint; s: bigint } {
  const rLength = bytes(der)[3] as number;
  return { r: BigInt(dataSlice(der, 4, 4 + rLength)), s: BigInt(dataSlice(der, 6 + rLength)) };
}

function coordinatesOf(spki: string): [string, string] {
  const { x = '', y = '' } = createPublicKey({ key: bytes(spki), format: 'der', type: 'spki' }).export({
    format: 'jwk',
  });
  return [`0x${Buffer.from(x, 'base64url').toString('hex')}`, `0x${Buffer.from(y, 'base64url').toString('hex')}`];
}

function bytes(hex: string): Buffer {
  return Buffer.from(hex.slice(2), 'hex');
}
