// Owns asking a node about an evidence file: everything the verdict needs, in a few batches of calls. It believes nothing
// in the file but what to ask for, and judges nothing. A node that fails is no witness.
import { zeroPadValue } from 'ethers';
import { type BatchHeader, batchIdOf } from '../core/batch.ts';
import { certificateBatchIdOf, certificateIdOf } from '../core/certificate.ts';
import { gtinPrefixes } from '../core/code.ts';
import { TouchstoneError } from '../core/errors.ts';
import type { Evidence, EvidenceCertificate } from '../core/evidence.ts';
import { type Hex32, lower } from '../core/hash.ts';
import { recordIn } from '../core/judge-file.ts';
import type { Root } from '../core/merkle.ts';
import { BadPayload, unpack } from '../core/payload.ts';
import type { TimedEvent, Witness } from '../core/verdict.ts';
import { brotli } from './compress.ts';
import { contractInterface } from './contracts.ts';
import { eventOf, type RawLog } from './logs.ts';
import type { Rpc, RpcCall, RpcReply } from './rpc.ts';

const pieces = contractInterface('Pieces');
const organisations = contractInterface('Organisations');
const certificates = contractInterface('Certificates');

export interface WitnessOptions {
  /** Whether to read a published batch back and recompute its root: up to some seconds of work. */
  readonly payload: boolean;
  readonly finality: 'tag' | { readonly depth: number };
}

/** Undefined if the node can't be reached, or answers with something that is no answer. */
export async function askNode(rpc: Rpc, evidence: Evidence, options: WitnessOptions): Promise<Witness | undefined> {
  try {
    return await ask(rpc, evidence, options);
  } catch (error) {
    if (error instanceof TouchstoneError && error.code === 'node-unavailable') return undefined;
    throw error;
  }
}

async function ask(rpc: Rpc, evidence: Evidence, options: WitnessOptions): Promise<Witness> {
  const { chain, asOf, batch, tokenId } = evidence;
  const batchId = batchIdOf(batch.header as BatchHeader);
  const block = (number: number | string) => ({
    method: 'eth_getBlockByNumber',
    params: [typeof number === 'number' ? `0x${number.toString(16)}` : number, false],
  });
  const view = (to: string, data: string): RpcCall => ({ method: 'eth_call', params: [{ to, data }, 'latest'] });
  const asked = await rpc.batch([
    { method: 'eth_chainId', params: [] },
    block(0),
    block('latest'),
    block(asOf.block),
    ...(options.finality === 'tag' ? [block('finalized')] : []),
    { method: 'eth_getCode', params: [chain.pieces, 'latest'] },
  ]);
  const code = asked.at(-1) as RpcReply;
  const [chainId, genesis, head, told, finalized] = asked;
  const latest = blockIn(head);
  const hasRegistry = 'result' in code && code.result !== '0x';
  const state = hasRegistry
    ? await rpc.batch([
        view(chain.pieces, pieces.encodeFunctionData('organisations')),
        view(chain.pieces, pieces.encodeFunctionData('certificates')),
        view(chain.pieces, pieces.encodeFunctionData('batchOf', [batchId])),
        view(chain.pieces, pieces.encodeFunctionData('pieceOf', [tokenId])),
        ...certificateCalls(evidence, view),
      ])
    : [];
  const events = await eventsOf(rpc, evidence, latest?.number ?? 0);
  return {
    chainId: Number(answer(chainId)),
    genesis: blockIn(genesis)?.hash ?? `0x${'0'.repeat(64)}`,
    head: { block: latest?.number ?? 0, time: latest?.time ?? 0 },
    finalBlock: finalBlock(options.finality, finalized, latest?.number ?? -1),
    asOfHash: blockIn(told)?.hash ?? null,
    registry: registryIn(state),
    batch: batchIn(state[2]),
    piece: pieceIn(state[3]),
    certificates: evidence.certificates.map((_, i) => certificateIn(state[4 + 2 * i], state[5 + 2 * i])),
    events,
    payload: options.payload && events && batch.header.mode === 1 ? await payloadOf(rpc, evidence) : 'not-read',
  };
}

function answer(reply: RpcReply | undefined): unknown {
  if (reply && 'result' in reply) return reply.result;
  throw new TouchstoneError('node-unavailable', `The node gave no answer: ${reply?.error.message ?? 'none'}.`);
}

interface Block {
  readonly number: number;
  readonly hash: Hex32;
  readonly time: number;
}

function blockIn(reply: RpcReply | undefined): Block | undefined {
  if (!reply || !('result' in reply) || reply.result === null) return undefined;
  const { number, hash, timestamp } = reply.result as { number: string; hash: Hex32; timestamp: string };
  return { number: Number(number), hash, time: Number(timestamp) };
}

function finalBlock(rule: WitnessOptions['finality'], finalized: RpcReply | undefined, head: number): number {
  if (rule !== 'tag') return head - rule.depth;
  return Math.min(blockIn(finalized)?.number ?? -1, head);
}

function registryIn([first, second]: readonly RpcReply[]): Witness['registry'] {
  const address = (reply: RpcReply | undefined) =>
    reply && 'result' in reply && /^0x[0-9a-f]{64}$/i.test(String(reply.result))
      ? lower(`0x${String(reply.result).slice(26)}`)
      : undefined;
  const [organisationsAt, certificatesAt] = [address(first), address(second)];
  return organisationsAt && certificatesAt ? { organisations: organisationsAt, certificates: certificatesAt } : null;
}

function batchIn(reply: RpcReply | undefined): Witness['batch'] {
  if (!reply || !('result' in reply)) return null;
  const [holder, count, , events] = pieces.decodeFunctionResult('batchOf', reply.result as string);
  return Number(count) === 0 ? null : { holder: lower(holder), count: Number(count), events: Number(events) };
}

function pieceIn(reply: RpcReply | undefined): Witness['piece'] {
  if (!reply || !('result' in reply)) return null;
  const [owner, moves, events] = pieces.decodeFunctionResult('pieceOf', reply.result as string);
  return { owner: lower(owner), moves: Number(moves), events: Number(events) };
}

function certificateCalls({ chain, certificates: all }: Evidence, view: (to: string, data: string) => RpcCall) {
  return (all as readonly EvidenceCertificate[]).flatMap((one) => {
    const { id, index } = issueOf(one);
    return [
      view(chain.certificates, certificates.encodeFunctionData('certificateBatchOf', [id])),
      view(chain.certificates, certificates.encodeFunctionData('isRevoked', [id, index])),
    ];
  });
}

function issueOf({ fields, batch }: EvidenceCertificate): { id: Hex32; index: number } {
  if (!batch) return { id: certificateIdOf(fields), index: 0 };
  return { id: certificateBatchIdOf(fields.organisation, batch.root as Root, batch.count), index: batch.index };
}

function certificateIn(batch: RpcReply | undefined, revoked: RpcReply | undefined): Witness['certificates'][number] {
  // A contract that does not answer has neither issued nor revoked anything.
  if (!batch || !revoked || !('result' in batch) || !('result' in revoked) || batch.result === '0x') {
    return { batch: null, revoked: false };
  }
  const found = certificates.decodeFunctionResult('certificateBatchOf', batch.result as string);
  const [organisation, issuedAt, count] = found;
  return {
    batch:
      Number(count) === 0
        ? null
        : { organisation: lower(organisation), issuedAt: Number(issuedAt), count: Number(count) },
    revoked: Boolean(certificates.decodeFunctionResult('isRevoked', revoked.result as string)[0]),
  };
}

interface Filter {
  readonly address: string;
  readonly topics: (string | readonly string[] | null)[];
}

const topic = (contract: typeof pieces, event: string) => contract.getEvent(event)?.topicHash as string;
const word = (value: bigint | string) => zeroPadValue(typeof value === 'bigint' ? toBytes(value) : value, 32);
const toBytes = (value: bigint) => `0x${value.toString(16).padStart(64, '0')}`;

/** The logs a file speaks of, asked for by what they are about and never by where the file says they are. */
function filtersOf(evidence: Evidence): Filter[] {
  const { chain, batch, tokenId } = evidence;
  const batchTopic = word(BigInt(batchIdOf(batch.header as BatchHeader)));
  const named = evidence.organisations.map((one) => word(one.address));
  const filters: Filter[] = [
    { address: chain.pieces, topics: [topic(pieces, 'BatchRegistered'), batchTopic] },
    { address: chain.pieces, topics: [topic(pieces, 'Transfer'), null, null, word(BigInt(tokenId))] },
  ];
  if (named.length > 0) {
    // Prefix events carry the organisation second; for the others it comes first.
    filters.push({ address: chain.organisations, topics: [null, named] });
    filters.push({ address: chain.organisations, topics: [prefixTopics, null, named] });
  }
  const code = recordIn(evidence)?.code;
  if (code && 'gtin' in code) {
    const prefixes = gtinPrefixes(code.gtin).map((prefix) => word(BigInt(`1${prefix}`)));
    filters.push({ address: chain.organisations, topics: [prefixTopics, prefixes] });
  }
  const ids = (evidence.certificates as readonly EvidenceCertificate[]).map((one) => issueOf(one).id);
  if (ids.length > 0) filters.push({ address: chain.certificates, topics: [null, ids] });
  return filters;
}

const prefixTopics = ['PrefixGranted', 'PrefixWithdrawn'].map((name) => topic(organisations, name));

/** Null where the node gives no logs: pruned, limited, or refusing. */
async function eventsOf(rpc: Rpc, evidence: Evidence, head: number): Promise<TimedEvent[] | null> {
  const calls = filtersOf(evidence).map((filter) => ({
    method: 'eth_getLogs',
    params: [{ ...filter, fromBlock: '0x0', toBlock: `0x${head.toString(16)}` }],
  }));
  const replies = await rpc.batch(calls);
  if (replies.some((reply) => 'error' in reply)) return null;
  const logs = replies.flatMap((reply) => ('result' in reply ? (reply.result as RawLog[]) : []));
  const once = new Map(logs.map((log) => [`${log.blockNumber} ${log.logIndex}`, log]));
  const events = [...once.values()].flatMap((log) => eventOf(log, evidence.chain) ?? []);
  const times = await timesOf(
    rpc,
    events.map((event) => event.block),
  );
  const timed = events.map((event) => ({ ...event, time: times.get(event.block) ?? -1 }));
  return timed.sort((a, b) => a.block - b.block || a.logIndex - b.logIndex);
}

async function timesOf(rpc: Rpc, blocks: readonly number[]): Promise<Map<number, number>> {
  const numbers = [...new Set(blocks)];
  const calls = numbers.map((number) => ({
    method: 'eth_getBlockByNumber',
    params: [`0x${number.toString(16)}`, false],
  }));
  const replies = await rpc.batch(calls);
  return new Map(replies.map((reply, i) => [numbers[i] as number, blockIn(reply)?.time ?? -1]));
}

async function payloadOf(rpc: Rpc, { chain, batch }: Evidence): Promise<Witness['payload']> {
  const header = batch.header as BatchHeader;
  const topics = [topic(pieces, 'BatchPart'), word(BigInt(batchIdOf(header)))];
  const filter = { address: chain.pieces, topics, fromBlock: '0x0', toBlock: 'latest' };
  const [reply] = await rpc.batch([{ method: 'eth_getLogs', params: [filter] }]);
  if (!reply || 'error' in reply) return 'not-read';
  const parts = new Map<number, Uint8Array>();
  for (const log of reply.result as RawLog[]) {
    const event = eventOf(log, chain);
    if (event?.kind === 'part') parts.set(event.part, event.data);
  }
  const inOrder = Array.from({ length: header.parts }, (_, part) => parts.get(part));
  if (inOrder.some((part) => part === undefined)) return 'incomplete';
  try {
    await unpack(brotli.expand, header, inOrder as Uint8Array[]);
    return 'complete';
  } catch (error) {
    if (error instanceof BadPayload) return 'mismatch';
    throw error;
  }
}
