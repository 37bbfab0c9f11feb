// Owns the jobs on pieces: batches of every size, in person and by a relayer, and transfers of every kind.
import { keccak256 } from 'ethers';
import {
  type BatchHeader,
  batchIdOf,
  MAX_BATCH_COUNT,
  PUBLISHED,
  ROOT_ONLY,
  type TokenId,
  tokenIdOf,
} from '../../../src/core/batch.ts';
import type { Hex32 } from '../../../src/core/hash.ts';
import { type Root, ZERO_32 } from '../../../src/core/merkle.ts';
import { registerMessage, transferMessage } from '../../../src/core/typed-data.ts';
import { CHAIN_ID } from './network.ts';
import { bytes32, FOREVER, inPerson, type Stage, signedBy } from './stage.ts';

/** Sizes of a batch, up to what the contract takes. */
export const BATCHES = [1, 10, 100, 1_000, 10_000, 100_000, MAX_BATCH_COUNT];
/** The batch whose pieces are passed on. */
const MANY = 100_000;
const PART = `0x${keccak256('0x00').slice(2).repeat(2_000)}`;
const told = (count: number) => `${count.toLocaleString('en')} ${count === 1 ? 'piece' : 'pieces'}`;

/** The batch whose pieces can be passed on, and whose they are. */
export interface Registered {
  readonly workshop: string;
  readonly token: (index: number) => TokenId;
}

export async function measureRegistrations(stage: Stage): Promise<Registered> {
  const { maker } = stage.people;
  const workshop = await stage.admit('atelier-lune', ['maker'], maker, ['admit', 'admit an organisation']);
  const register = (job: string, what: string, header: BatchHeader) =>
    stage.act(job, what, maker, stage.pieces.address, stage.chain.encodeRegister(header, inPerson(maker)));
  const first = 'register the first batch of an organisation, 1 piece, root only';
  await register('register-first', first, rootOnly(workshop, 1, 'first'));
  for (const count of BATCHES) {
    const what = `register a later batch, ${told(count)}, root only`;
    await register(`register-${count}`, what, rootOnly(workshop, count));
  }
  await measureRelayedRegistrations(stage, workshop);
  await measurePart(stage, workshop, register);
  const batch = batchIdOf(rootOnly(workshop, MANY));
  return { workshop, token: (index) => tokenIdOf(batch, index) };
}

/** As the service does it: the organisation's key signs, a relayer pays. */
async function measureRelayedRegistrations(stage: Stage, workshop: string): Promise<void> {
  const { maker, relayer } = stage.people;
  const signed = async (job: string, what: string, header: BatchHeader) => {
    const message = registerMessage(CHAIN_ID, stage.pieces.address, header, FOREVER);
    const data = stage.chain.encodeRegister(header, await signedBy(maker, message));
    await stage.act(job, what, relayer, stage.pieces.address, data);
  };
  const what = `register a later batch, ${told(MANY)}, root only, relayed`;
  await signed(`register-relayed-${MANY}`, what, rootOnly(workshop, MANY, 'relayed'));
  const other = await stage.admit('atelier-sol', ['maker'], maker);
  const first = 'register the first batch of an organisation, 1 piece, root only, relayed';
  await signed('register-relayed-first', first, rootOnly(other, 1));
}

async function measurePart(
  stage: Stage,
  workshop: string,
  register: (job: string, what: string, header: BatchHeader) => Promise<void>,
): Promise<void> {
  const hashes = [keccak256(PART) as Hex32];
  const header: BatchHeader = {
    ...rootOnly(workshop, MANY, 'published'),
    mode: PUBLISHED,
    payloadHash: keccak256(hashes[0] as string) as Hex32,
    parts: 1,
  };
  await register('register-to-publish', `register a later batch, ${told(MANY)}, published`, header);
  const data = stage.chain.encodePostPart(header, hashes, 0, Buffer.from(PART.slice(2), 'hex'));
  const what = 'post one part of 64,000 bytes';
  await stage.act('post-part-64000', what, stage.people.relayer, stage.pieces.address, data);
}

function rootOnly(organisation: string, count: number, name = `root ${count}`): BatchHeader {
  return {
    organisation,
    root: bytes32(name) as unknown as Root,
    count,
    mode: ROOT_ONLY,
    payloadHash: ZERO_32,
    parts: 0,
  };
}

/** Every sender has more of the pieces left, and every recipient is new or has others, as the name says. */
export async function measureTransfers(stage: Stage, { workshop, token }: Registered): Promise<void> {
  const { maker, bob, carol } = stage.people;
  const { address, abi } = stage.pieces;
  const move = (job: string, what: string, from: typeof bob, owner: string, to: string, index: number) =>
    stage.act(job, what, from, address, abi.encodeFunctionData('transferFrom', [owner, to, token(index)]));
  const first = 'first transfer of a piece, by a key,';
  await move('transfer-first-new', `${first} to a new owner`, maker, workshop, bob.address, 0);
  await move('transfer-first', `${first} to one who has others`, maker, workshop, bob.address, 1);
  await stage.prepare(maker, stage.pieces, 'transferFrom', [workshop, bob.address, token(2)]);
  const later = 'later transfer, by the owner,';
  await move('transfer-later-new', `${later} to a new owner`, bob, bob.address, carol.address, 0);
  await move('transfer-later', `${later} to one who has others`, bob, bob.address, carol.address, 1);
  await measureRelayedTransfers(stage, { workshop, token });
}

async function measureRelayedTransfers(stage: Stage, { workshop, token }: Registered): Promise<void> {
  const { maker, alice, carol, dora, lab, relayer } = stage.people;
  const { pieces, chain } = stage;
  for (const index of [3, 4, 5]) {
    await stage.prepare(maker, pieces, 'transferFrom', [workshop, alice.address, token(index)]);
  }
  const relay = async (job: string, what: string, key: typeof maker, from: string, to: string, index: number) => {
    const moves = from === workshop ? 0 : 1;
    const transfer = { tokenId: token(index), from, to, moves };
    const consent = await signedBy(key, transferMessage(CHAIN_ID, pieces.address, transfer, FOREVER));
    await stage.act(job, what, relayer, pieces.address, chain.encodeTransfer(transfer, consent));
  };
  const signed = 'transfer signed by the owner, relayed,';
  await relay('transfer-relayed-new', `${signed} to a new owner`, alice, alice.address, dora.address, 3);
  await relay('transfer-relayed', `${signed} to one who has others`, alice, alice.address, carol.address, 4);
  const first = 'first transfer, signed by a key, relayed,';
  await relay('transfer-first-relayed-new', `${first} to a new owner`, maker, workshop, lab.address, 6);
  await relay('transfer-first-relayed', `${first} to one who has others`, maker, workshop, carol.address, 7);
}
