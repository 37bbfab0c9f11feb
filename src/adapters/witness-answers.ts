// Owns reading what a node answers when it is asked about an evidence file. What is no answer ends the asking: nobody is
// to be called a forger because a node is broken. A contract that reverts, or is none, has answered: there is no such
// thing.
import type { Interface, Result } from 'ethers';
import { type Hex32, lower } from '../core/hash.ts';
import { FLAG } from '../core/life.ts';
import type { LotId } from '../core/lot.ts';
import type { Witness, WitnessedLot } from '../core/verdict.ts';
import { contractInterface } from './contracts.ts';
import { type RpcReply, unavailable } from './json-rpc.ts';

const pieces = contractInterface('Pieces');
const certificates = contractInterface('Certificates');
const lots = contractInterface('Lots');

/** @throws TouchstoneError node-unavailable if it is no number */
export function quantityIn(reply: RpcReply | undefined): number {
  if (reply && 'result' in reply) return quantity(reply.result);
  throw unavailable(`the node gave no answer: ${reply?.error.message ?? 'none'}`);
}

function quantity(value: unknown): number {
  if (typeof value === 'string' && /^0x[0-9a-f]{1,13}$/i.test(value)) return Number(value);
  throw unavailable('the node answered something else than a number');
}

export interface BlockAnswer {
  readonly number: number;
  readonly hash: Hex32;
  readonly time: number;
}

/** Undefined if the node has no such block. @throws TouchstoneError node-unavailable if it gives none for other reasons */
export function blockIn(reply: RpcReply | undefined): BlockAnswer | undefined {
  if (!reply || 'error' in reply) throw unavailable(`no block: ${reply?.error.message ?? 'no reply'}`);
  if (reply.result === null) return undefined;
  const { number, hash, timestamp } = reply.result as { number?: unknown; hash?: unknown; timestamp?: unknown };
  if (typeof hash !== 'string' || !/^0x[0-9a-f]{64}$/i.test(hash)) throw unavailable('a block without a hash');
  return { number: quantity(number), hash: lower(hash), time: quantity(timestamp) };
}

/** What a contract returned; undefined if it reverted, is not there, or returned something of another kind. */
function returned(reply: RpcReply | undefined, abi: Interface, name: string): Result | undefined {
  if (!reply) throw unavailable('no reply');
  if ('error' in reply) {
    if (/revert|invalid opcode|out of gas|stack/i.test(reply.error.message)) return undefined;
    throw unavailable(`${name}: ${reply.error.message}`);
  }
  const { result } = reply;
  if (typeof result !== 'string' || !/^0x([0-9a-f]{2})*$/i.test(result)) throw unavailable(`${name}: not bytes`);
  try {
    const values = abi.decodeFunctionResult(name, result);
    // ethers decodes late: a value out of bounds throws when it is looked at.
    return values.toArray().length > 0 ? values : undefined;
  } catch {
    return undefined;
  }
}

const COMPANIONS = ['organisations', 'certificates', 'lots', 'lifeEvents'] as const;

/** Calls by which a registry names the contracts that work with it, in the order `registryIn` takes their answers. */
export const companionCalls = COMPANIONS.map((name) => pieces.encodeFunctionData(name));

export function registryIn(replies: readonly (RpcReply | undefined)[]): Witness['registry'] {
  const named = COMPANIONS.map((name, i) => [name, returned(replies[i], pieces, name)?.[0] as string | undefined]);
  if (named.some(([, at]) => at === undefined)) return null;
  const found = named.map(([name, at]) => [name, lower(at as string)]);
  return Object.fromEntries(found) as NonNullable<Witness['registry']>;
}

/** How many pieces were born in a batch; 0 if it isn't registered. */
export function countIn(reply: RpcReply | undefined): number {
  return Number(returned(reply, pieces, 'batchOf')?.[1] ?? 0);
}

export function batchIn(reply: RpcReply | undefined, standing: RpcReply | undefined): Witness['batch'] {
  const found = returned(reply, pieces, 'batchOf');
  const stands = returned(standing, pieces, 'batchStandingOf');
  if (!found || !stands || Number(found[1]) === 0) return null;
  const [holder, count, , events] = found;
  const [flags, batchEvents] = stands.toArray().map(Number) as [number, number];
  return { holder: lower(holder), count: Number(count), events: Number(events), flags, batchEvents };
}

export function pieceIn(reply: RpcReply | undefined): Witness['piece'] {
  const found = returned(reply, pieces, 'standingOf')?.[0] as Result | undefined;
  if (!found) return null;
  const [owner, ...numbers] = found.toArray();
  const [moves, events, day, state, flags] = numbers.map(Number) as [number, number, number, number, number];
  const recoverable = (flags & FLAG.recoverable) !== 0;
  const recovering = (flags & FLAG.recovering) !== 0;
  return { owner: lower(owner), moves, events, day, state, recoverable, recovering };
}

export function certificateIn(
  batch: RpcReply | undefined,
  revoked: RpcReply | undefined,
): Witness['certificates'][number] {
  const found = returned(batch, certificates, 'certificateBatchOf');
  const isRevoked = Boolean(returned(revoked, certificates, 'isRevoked')?.[0]);
  if (!found || Number(found[2]) === 0) return { batch: null, revoked: isRevoked };
  const [organisation, issuedAt, count] = found;
  return {
    batch: { organisation: lower(organisation), issuedAt: Number(issuedAt), count: Number(count) },
    revoked: isRevoked,
  };
}

export function lotIn(lotId: LotId, lot: RpcReply | undefined, drawn: RpcReply | undefined): WitnessedLot {
  const events = Number(returned(lot, lots, 'lotOf')?.[2] ?? 0);
  return { lotId, events, drawn: Number(returned(drawn, lots, 'drawnOf')?.[0] ?? 0) };
}
