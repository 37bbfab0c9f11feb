// Owns the jobs of owners whose key is a passkey, and of many claims in one transaction. The authenticator is a few lines:
// what it signs is what a real one does (test/vectors/passkeys.json has answers of real ones).
import { createHash } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { id, TypedDataEncoder, Wallet } from 'ethers';
import { type BatchHeader, batchIdOf, type TokenId, tokenIdOf } from '../../../src/core/batch.ts';
import type { Hex32 } from '../../../src/core/hash.ts';
import { leafBytes, merkleTree, proofIn, rootOf, ZERO_32 } from '../../../src/core/merkle.ts';
import { type PasskeyKey, packPasskeySignature, passkeyAccountOf, passkeyKeyOf } from '../../../src/core/passkey.ts';
import { transferMessage } from '../../../src/core/typed-data.ts';
import { pair, rootOnly } from './claims.ts';
import { CHAIN_ID } from './network.ts';
import { authorized, signed } from './signing.ts';
import { bytes32, FOREVER, inPerson, type Stage } from './stage.ts';

/** Claims of one bundle. */
export const CLAIMS = 50;
/** Pieces of the batches whose cards they are: a production run, and a small one. */
const BATCHES = { 'claim-50': 100_000, 'claim-50-of-64': 64 } as const;
/** Pieces of a batch whose cards are known. */
const KNOWN = 64;
const ENTRY_GAS = 220_000;
const PRESENT_AND_VERIFIED = 5;

export async function measurePasskeysAndBundles(stage: Stage): Promise<void> {
  const workshop = await stage.admit('atelier-passkey', ['maker'], stage.people.maker);
  await measurePasskey(stage, workshop);
  for (const [job, count] of Object.entries(BATCHES)) await measureBundle(stage, workshop, job, count);
}

async function measurePasskey(stage: Stage, workshop: string): Promise<void> {
  const batch = cards(workshop, 100_000, 'claimed by passkeys');
  const { maker, relayer } = stage.people;
  await stage.prepare(maker, stage.pieces, 'register', [batch.header, inPerson(maker)]);
  // Some other piece of the batch was sold before.
  await stage.prepare(maker, stage.pieces, 'transferFrom', [workshop, relayer.address, batch.token(9)]);
  const tokenId = batch.token(5);
  const passkey = makePasskey(tokenId);
  const claim = await claimOf(stage, batch, 5, passkey.account);
  const what = 'claim by card for a passkey, one of 100,000, relayed, new owner';
  await stage.act('claim-passkey', what, relayer, stage.pieces.address, claim);
  const to = new Wallet(id('who gets it from a passkey')).address;
  const message = { tokenId, from: passkey.account, to, moves: 1 };
  const { domain, types, message: values } = transferMessage(CHAIN_ID, stage.pieces.address, message, FOREVER);
  const digest = TypedDataEncoder.hash(domain, types, values) as Hex32;
  const authorization = { key: passkey.account, deadline: FOREVER, signature: passkey.sign(digest) };
  const data = stage.pieces.abi.encodeFunctionData('transferWithSignature', [tokenId, to, 1, authorization]);
  const told = 'transfer signed by a passkey, relayed, to a new owner';
  await stage.act('transfer-passkey', told, relayer, stage.pieces.address, data);
}

async function measureBundle(stage: Stage, workshop: string, job: string, count: number): Promise<void> {
  const batch = cards(workshop, count, job);
  const { maker, relayer } = stage.people;
  await stage.prepare(maker, stage.pieces, 'register', [batch.header, inPerson(maker)]);
  const entries: unknown[] = [];
  for (let i = 0; i < CLAIMS; i++) {
    const data = await claimOf(stage, batch, i, new Wallet(id(`${job} ${i}`)).address);
    entries.push({ target: stage.pieces.address, gas: ENTRY_GAS, data });
  }
  const what = `${CLAIMS} claims by card, of ${count.toLocaleString('en')}, in one bundle, all owners new`;
  await stage.act(job, what, relayer, stage.bundles.address, stage.bundles.abi.encodeFunctionData('run', [entries]));
}

interface CardBatch {
  readonly header: BatchHeader;
  token(index: number): TokenId;
  leaf(index: number): unknown;
  card(index: number): Wallet;
}

/** A batch whose first 64 pieces have cards and a tree; what stands beside and above them looks like any other. */
function cards(organisation: string, count: number, name: string): CardBatch {
  const card = (index: number) => new Wallet(id(`${name} card ${index}`));
  const keys = Array.from({ length: KNOWN }, (_, index) => card(index).address.toLowerCase());
  const place = (index: number) => ({ index, recordHash: bytes32(`record ${index}`), claimKey: keys[index] as string });
  const leaves = keys.map((_, index) => leafBytes({ organisation, ...place(index), extra: ZERO_32 }));
  const tree = merkleTree(leaves);
  const levels = Math.ceil(Math.log2(count)) - Math.log2(KNOWN);
  const above = Array.from({ length: levels }, (_, level) => bytes32(`${name} above ${level}`));
  const header = rootOnly(organisation, count, above.reduce(pair, rootOf(tree)));
  return {
    header,
    card,
    token: (index) => tokenIdOf(batchIdOf(header), index),
    leaf: (index) => ({ header, ...place(index), extra: ZERO_32, proof: [...proofIn(tree, index), ...above] }),
  };
}

async function claimOf(stage: Stage, batch: CardBatch, index: number, to: string): Promise<string> {
  const tokenId = batch.token(index);
  const said = { tokenId, to, recoverable: false, moves: 0 };
  const card = await signed(stage, batch.card(index), 'Claim', said);
  const release = await authorized(stage, stage.people.maker, 'Release', { tokenId, moves: 0, events: 0 });
  return stage.pieces.abi.encodeFunctionData('claim', [batch.leaf(index), to, false, FOREVER, card, release]);
}

interface Passkey {
  readonly account: string;
  sign(digest: Hex32): Hex32;
}

/** Always the same key and signatures: a byte that is zero costs less than another. */
function makePasskey(tokenId: TokenId): Passkey {
  const secret = createHash('sha256').update('a passkey').digest();
  const key = passkeyKeyOf(p256.getPublicKey(secret, false).subarray(1));
  const salt: Hex32 = `0x${BigInt(tokenId).toString(16).padStart(64, '0')}`;
  return { account: passkeyAccountOf(key, salt), sign: (digest) => packed(secret, key, salt, digest) };
}

function packed(secret: Uint8Array, key: PasskeyKey, salt: Hex32, digest: Hex32): Hex32 {
  const challenge = Buffer.from(digest.slice(2), 'hex').toString('base64url');
  const origin = 'https://touchstone.example';
  const clientDataJSON = Buffer.from(JSON.stringify({ type: 'webauthn.get', challenge, origin, crossOrigin: false }));
  const hashed = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest();
  const authenticatorData = Buffer.concat([hashed('touchstone.example'), Buffer.of(PRESENT_AND_VERIFIED, 0, 0, 0, 1)]);
  const message = hashed(Buffer.concat([authenticatorData, hashed(clientDataJSON)]));
  const signature = p256.sign(message, secret, { prehash: false, lowS: true });
  return packPasskeySignature(key, salt, digest, { authenticatorData, clientDataJSON, signature });
}
