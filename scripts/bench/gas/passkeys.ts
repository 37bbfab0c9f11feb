// Owns the jobs of owners whose key is a passkey, and of many claims in one transaction. The authenticator is a few lines:
// what it signs is what a real one does (test/vectors/passkeys.json has answers of real ones).
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { HDNodeWallet, id, TypedDataEncoder, Wallet } from 'ethers';
import { type BatchHeader, batchIdOf, type TokenId, tokenIdOf } from '../../../src/core/batch.ts';
import { type Hex32, toHex } from '../../../src/core/hash.ts';
import { leafBytes, merkleTree, proofIn, type Root, rootOf, ZERO_32 } from '../../../src/core/merkle.ts';
import { type PasskeyKey, packPasskeySignature, passkeyAccountOf } from '../../../src/core/passkey.ts';
import { transferMessage } from '../../../src/core/typed-data.ts';
import { authorized, rootOnly, signed } from './claims.ts';
import { CHAIN_ID } from './network.ts';
import { bytes32, FOREVER, inPerson, type Stage } from './stage.ts';

/** Claims of one bundle. */
export const CLAIMS = 50;
/** Pieces of the batches whose cards they are: a production run, and a small one. */
const BATCHES = { 'claim-50': 100_000, 'claim-50-of-64': 64 } as const;
const ENTRY_GAS = 220_000;
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
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
  const step = Math.floor(count / CLAIMS);
  for (let i = 0; i < CLAIMS; i++) {
    const data = await claimOf(stage, batch, i * step, new Wallet(id(`${job} ${i}`)).address);
    entries.push({ target: stage.pieces.address, gas: ENTRY_GAS, data });
  }
  const what = `${CLAIMS} claims by card, of ${count.toLocaleString('en')}, in one bundle, all owners new`;
  await stage.act(job, what, relayer, stage.bundles.address, stage.bundles.abi.encodeFunctionData('run', [entries]));
}

interface CardBatch {
  readonly header: BatchHeader;
  token(index: number): TokenId;
  leaf(index: number): unknown;
  card(index: number): HDNodeWallet;
}

/** A batch of which every fiftieth piece, and those beside the first few, have cards. */
function cards(organisation: string, count: number, name: string): CardBatch {
  const root = HDNodeWallet.fromSeed(id(name));
  const known = new Map<number, HDNodeWallet>();
  const card = (index: number) => {
    const found = known.get(index) ?? root.deriveChild(index);
    known.set(index, found);
    return found;
  };
  const step = Math.max(1, Math.floor(count / CLAIMS));
  const claimKey = (index: number) =>
    index % step === 0 || index < 16 ? card(index).address.toLowerCase() : `0x${'11'.repeat(20)}`;
  const place = (index: number) => ({ index, recordHash: bytes32(`record ${index}`), claimKey: claimKey(index) });
  const leaves = Array.from({ length: count }, (_, index) =>
    leafBytes({ organisation, ...place(index), extra: ZERO_32 }),
  );
  const tree = merkleTree(leaves);
  const header = rootOnly(organisation, count, rootOf(tree) as Root);
  return {
    header,
    card,
    token: (index) => tokenIdOf(batchIdOf(header), index),
    leaf: (index) => ({ header, ...place(index), extra: ZERO_32, proof: proofIn(tree, index) }),
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

function makePasskey(tokenId: TokenId): Passkey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const word = (text: string): Hex32 => `0x${Buffer.from(text, 'base64url').toString('hex').padStart(64, '0')}`;
  const key: PasskeyKey = { qx: word(x), qy: word(y) };
  const salt: Hex32 = `0x${BigInt(tokenId).toString(16).padStart(64, '0')}`;
  return { account: passkeyAccountOf(key, salt), sign: (digest) => packed(privateKey, key, salt, digest) };
}

function packed(privateKey: KeyObject, key: PasskeyKey, salt: Hex32, digest: Hex32): Hex32 {
  const challenge = Buffer.from(digest.slice(2), 'hex').toString('base64url');
  const origin = 'https://touchstone.example';
  const clientDataJSON = Buffer.from(JSON.stringify({ type: 'webauthn.get', challenge, origin, crossOrigin: false }));
  const hashed = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest();
  const authenticatorData = Buffer.concat([hashed('touchstone.example'), Buffer.of(PRESENT_AND_VERIFIED, 0, 0, 0, 1)]);
  const message = Buffer.concat([authenticatorData, hashed(clientDataJSON)]);
  const raw = sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  const s = BigInt(toHex(raw.subarray(32)));
  const low = s > ORDER / 2n ? ORDER - s : s;
  const signature = Buffer.concat([raw.subarray(0, 32), Buffer.from(low.toString(16).padStart(64, '0'), 'hex')]);
  return packPasskeySignature(key, salt, digest, { authenticatorData, clientDataJSON, signature });
}
