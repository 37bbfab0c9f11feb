// Owns the jobs of how pieces reach people and shops: claims by card, handovers, ranges that pass on.
import { concat, id, keccak256, Wallet } from 'ethers';
import { type BatchHeader, batchIdOf, ROOT_ONLY, tokenIdOf } from '../../../src/core/batch.ts';
import { type Hex32, toHex } from '../../../src/core/hash.ts';
import { leafBytes, type Root, ZERO_32 } from '../../../src/core/merkle.ts';
import { authorized, signed } from './signing.ts';
import { bytes32, FOREVER, inPerson, type Stage } from './stage.ts';

/** Pieces of the batch whose cards are claimed with, and levels of its tree. */
const MANY = 100_000;
const LEVELS = 17;
const CARD = new Wallet(id('claim card'));
const ONCE = new Wallet(id('one-time key'));
const OWNER = new Wallet(id('first private owner'));
const CLAIMED = 5;

export async function measureClaims(stage: Stage): Promise<void> {
  const workshop = await stage.admit('atelier-claim', ['maker'], stage.people.maker);
  await measureCards(stage, workshop);
  await measureWholesale(stage, workshop);
}

/** As the service does it: card and till sign, a relayer pays. */
async function measureCards(stage: Stage, workshop: string): Promise<void> {
  const { maker, relayer, dora } = stage.people;
  const { address, abi } = stage.pieces;
  const { header, leaf } = deepBatch(workshop);
  await stage.prepare(maker, stage.pieces, 'register', [header, inPerson(maker)]);
  const token = (index: number) => tokenIdOf(batchIdOf(header), index);
  const claim = async (job: string, what: string, index: number, to: string) => {
    const tokenId = token(index);
    const card = await signed(stage, CARD, 'Claim', { tokenId, to, recoverable: false, moves: 0 });
    const release = await authorized(stage, maker, 'Release', { tokenId, moves: 0, events: 0 });
    const data = abi.encodeFunctionData('claim', [leaf(index), to, false, FOREVER, card, release]);
    await stage.act(job, what, relayer, address, data);
  };
  const by = `claim by card, one of ${MANY.toLocaleString('en')}, relayed,`;
  await claim('claim', `${by} by a new owner`, CLAIMED, OWNER.address);
  await stage.prepare(maker, stage.pieces, 'transferFrom', [workshop, dora.address, token(1)]);
  await claim('claim-known', `${by} by one who has others`, CLAIMED ^ 1, dora.address);
  await measureHandover(stage, token(CLAIMED));
}

async function measureHandover(stage: Stage, tokenId: string | bigint): Promise<void> {
  const { address, abi } = stage.pieces;
  const to = new Wallet(id('second private owner')).address;
  const offer = { tokenId, from: OWNER.address, key: ONCE.address, moves: 1, events: 0 };
  const consent = await authorized(stage, OWNER, 'Handover', offer);
  const accept = await signed(stage, ONCE, 'Accept', { tokenId, to, moves: 1 });
  const data = abi.encodeFunctionData('acceptHandover', [tokenId, to, ONCE.address, FOREVER, accept, consent]);
  const what = 'handover by a one-time key, relayed, to a new owner';
  await stage.act('handover', what, stage.people.relayer, address, data);
}

async function measureWholesale(stage: Stage, workshop: string): Promise<void> {
  const { maker, bob, carol } = stage.people;
  const { address, abi } = stage.pieces;
  const shop = await stage.admit('wholesaler', ['reseller'], bob);
  const branch = await stage.admit('branch', ['reseller'], carol);
  const batches = ['wholesale', 'wholesale again'].map((name) => rootOnly(workshop, 1_000, bytes32(name)));
  for (const header of batches) await stage.prepare(maker, stage.pieces, 'register', [header, inPerson(maker)]);
  const [first, second] = batches.map((header) => batchIdOf(header));
  const pass = (job: string, what: string, from: typeof maker, args: readonly unknown[]) =>
    stage.act(job, what, from, address, abi.encodeFunctionData('passRange', [...args, [], inPerson(from)]));
  const whole = 'pass on a batch of 1,000 pieces, by a key,';
  await pass('wholesale-1000', `${whole} to a shop that is new`, maker, [first, 0, shop, 0]);
  await pass('wholesale-1000-known', `${whole} to a shop that has others`, maker, [second, 0, shop, 0]);
  await pass('wholesale-pass-on', `${whole} from there to a shop that is new`, bob, [first, 0, branch, 1]);
  await pass('wholesale-pass-on-known', `${whole} from there to a shop that has others`, bob, [second, 0, branch, 1]);
  const block = 'pass on a block of 256 pieces, by a key,';
  await pass('wholesale-block', `${block} out of its batch`, carol, [first, 2, workshop, 2]);
  await pass('wholesale-block-on', `${block} from there`, maker, [first, 2, branch, 3]);
}

/** A batch whose tree is known along one path only: two neighbouring leaves, and siblings that look like any others. */
function deepBatch(organisation: string): { header: BatchHeader; leaf: (index: number) => unknown } {
  const recordHash = bytes32('record');
  const place = (index: number) => ({ organisation, index, recordHash, claimKey: CARD.address, extra: ZERO_32 });
  const hashOf = (index: number) => toHex(leafBytes({ ...place(index), claimKey: CARD.address.toLowerCase() }));
  const siblings = Array.from({ length: LEVELS - 1 }, (_, level) => bytes32(`sibling ${level}`));
  const above = pair(hashOf(CLAIMED), hashOf(CLAIMED ^ 1));
  const header = rootOnly(organisation, MANY, siblings.reduce(pair, above));
  const leaf = (index: number) => {
    const { organisation: _, ...rest } = place(index);
    return { header, ...rest, proof: [hashOf(index ^ 1), ...siblings] };
  };
  return { header, leaf };
}

export function pair(a: string, b: string): Hex32 {
  return keccak256(concat(BigInt(a) < BigInt(b) ? [a, b] : [b, a])) as Hex32;
}

export function rootOnly(organisation: string, count: number, root: Hex32): BatchHeader {
  return { organisation, root: root as unknown as Root, count, mode: ROOT_ONLY, payloadHash: ZERO_32, parts: 0 };
}
