// Owns asking a node about an evidence file: everything the verdict needs, in a few batches of calls. It believes nothing
// in the file but what to ask for, and judges nothing. A node that fails, or answers with what is no answer, is no witness.
import { zeroPadValue } from 'ethers';
import { subjectsOf } from '../core/attestation.ts';
import { type BatchHeader, batchIdOf, MAX_PAYLOAD_TEXT_BYTES, RANGE_BLOCK, splitTokenId } from '../core/batch.ts';
import type { CanonicalText } from '../core/canonical.ts';
import { gtinPrefixes } from '../core/code.ts';
import { TouchstoneError } from '../core/errors.ts';
import type { Evidence, EvidenceCertificate } from '../core/evidence.ts';
import type { Hex32 } from '../core/hash.ts';
import { involved, issueOf, recordIn, tokenOfMember } from '../core/judge-file.ts';
import { lotsTold, massesOfRecords } from '../core/judge-lots.ts';
import { BadPayload, unpack } from '../core/payload.ts';
import { hashRecord, type PieceRecord } from '../core/record.ts';
import type { TimedEvent, Witness } from '../core/verdict.ts';
import { brotli } from './compress.ts';
import { contractInterface } from './contracts.ts';
import { type Rpc, type RpcCall, type RpcReply, unavailable } from './json-rpc.ts';
import { type Filter, logsOfBlocks, searchLogs } from './log-search.ts';
import { eventOf, type RawLog } from './logs.ts';
import {
  batchIn,
  blockIn,
  certificateIn,
  companionCalls,
  countIn,
  lotIn,
  pieceIn,
  quantityIn,
  registryIn,
} from './witness-answers.ts';

const pieces = contractInterface('Pieces');
const organisations = contractInterface('Organisations');
const certificates = contractInterface('Certificates');
const lifeEvents = contractInterface('LifeEvents');
const lots = contractInterface('Lots');

/** Blocks are asked for this many at a time: nodes refuse larger batches. */
const BLOCKS_AT_ONCE = 100;
/** Compressed bytes that no text of at most 64 MiB comes to, even if nothing could be compressed. */
const MAX_PAYLOAD_BYTES = MAX_PAYLOAD_TEXT_BYTES + 1024 * 1024;

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
  const { chain, asOf, batch } = evidence;
  const [chainId, genesis, latest, finalized] = await rpc.batch([
    { method: 'eth_chainId', params: [] },
    blockCall(0),
    blockCall('latest'),
    // A node without this tag answers with an error: then nothing is final.
    blockCall(options.finality === 'tag' ? 'finalized' : 'latest'),
  ]);
  const first = blockIn(genesis);
  const head = blockIn(latest);
  if (!first || !head) throw unavailable('the node has no first or no latest block');
  const at = `0x${head.number.toString(16)}`;
  const view = (to: string, data: string): RpcCall => ({ method: 'eth_call', params: [{ to, data }, at] });
  const batchId = batchIdOf(batch.header as BatchHeader);
  const state = await rpc.batch([
    ...companionCalls.map((data) => view(chain.pieces, data)),
    view(chain.pieces, pieces.encodeFunctionData('standingOf', [tokenOfMember(batch)])),
    view(chain.pieces, pieces.encodeFunctionData('batchStandingOf', [batchId])),
    ...[batch, ...evidence.conflicts].map((one) => view(chain.pieces, batchOfData(one.header as BatchHeader))),
    ...certificateCalls(evidence, view),
    ...lotCalls(evidence, view),
  ]);
  const [piece, batchStanding, batchState, ...rest] = state.slice(companionCalls.length);
  const conflicts = rest.slice(0, evidence.conflicts.length);
  const ofCertificates = rest.slice(conflicts.length);
  const ofLots = ofCertificates.slice(2 * evidence.certificates.length);
  const stocked = lotsTold(evidence).map(({ lotId }, i) => lotIn(lotId, ofLots[2 * i], ofLots[2 * i + 1]));
  const events = await eventsOf(rpc, evidence, head.number);
  const payload = options.payload && events && batch.header.mode === 1;
  const witness: Witness = {
    chainId: quantityIn(chainId),
    genesis: first.hash,
    head: { block: head.number, time: head.time },
    finalBlock: finalBlock(options.finality, finalized, head.number),
    asOf: null,
    registry: registryIn(state),
    batch: batchIn(batchState, batchStanding),
    piece: pieceIn(piece),
    certificates: evidence.certificates.map((_, i) => certificateIn(ofCertificates[2 * i], ofCertificates[2 * i + 1])),
    conflicts: conflicts.map(countIn),
    events,
    ...(payload ? await payloadOf(rpc, evidence, head.number) : NOT_READ),
    ...(stocked.length > 0 ? { lots: stocked } : {}),
  };
  // Last of all: had the chain changed its mind meanwhile, the answers would be of two chains.
  const [told, again] = await rpc.batch([blockCall(asOf.block), blockCall(head.number)]);
  if (blockIn(again)?.hash !== head.hash) throw unavailable('the chain was reorganised while the node was asked');
  return { ...witness, asOf: asOf.block <= head.number ? (blockIn(told) ?? null) : null };
}

function blockCall(number: number | string): RpcCall {
  const params = [typeof number === 'number' ? `0x${number.toString(16)}` : number, false];
  return { method: 'eth_getBlockByNumber', params };
}

function finalBlock(rule: WitnessOptions['finality'], finalized: RpcReply | undefined, head: number): number {
  if (rule !== 'tag') return head - rule.depth;
  if (finalized && 'error' in finalized) return -1;
  return Math.min(blockIn(finalized)?.number ?? -1, head);
}

function batchOfData(header: BatchHeader): string {
  return pieces.encodeFunctionData('batchOf', [batchIdOf(header)]);
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

function lotCalls(evidence: Evidence, view: (to: string, data: string) => RpcCall) {
  const { chain, batch } = evidence;
  const batchId = batchIdOf(batch.header as BatchHeader);
  return lotsTold(evidence).flatMap(({ lotId }) => [
    view(chain.lots, lots.encodeFunctionData('lotOf', [lotId])),
    view(chain.lots, lots.encodeFunctionData('drawnOf', [batchId, lotId])),
  ]);
}

const topic = (contract: typeof pieces, event: string) => contract.getEvent(event)?.topicHash as string;
const wordOf = (value: bigint): Hex32 => `0x${value.toString(16).padStart(64, '0')}`;
/** Events of the registry that name a token last, and first. */
const tokenLast = ['Transfer', 'Approval'].map((name) => topic(pieces, name));
const tokenFirst = ['CardSet', 'HandoversWithdrawn', 'Claimed'].map((name) => topic(pieces, name));
const prefixTopics = ['PrefixGranted', 'PrefixWithdrawn'].map((name) => topic(organisations, name));

/** The logs a file speaks of, asked for by what they are about and never by where the file says they are. */
function filtersOf(evidence: Evidence): Filter[] {
  const { chain, batch } = evidence;
  const tokenId = tokenOfMember(batch);
  const batchTopic = wordOf(BigInt(splitTokenId(tokenId).batchId));
  const named = [...involved(evidence)].map((address) => zeroPadValue(address, 32));
  const record = recordIn(evidence);
  const issued = (evidence.certificates as readonly EvidenceCertificate[]).map((one) => issueOf(one).id);
  const filters: Filter[] = [
    { address: chain.pieces, topics: [topic(pieces, 'BatchRegistered'), batchTopic] },
    { address: chain.pieces, topics: [tokenLast, null, null, wordOf(BigInt(tokenId))] },
    { address: chain.pieces, topics: [tokenFirst, wordOf(BigInt(tokenId))] },
    { address: chain.lifeEvents, topics: [topic(lifeEvents, 'LifeEvent'), wordOf(BigInt(tokenId))] },
    { address: chain.lifeEvents, topics: [topic(lifeEvents, 'BatchEvent'), batchTopic] },
    // Prefix events carry the organisation second; for the others it comes first.
    { address: chain.organisations, topics: [null, named] },
    { address: chain.organisations, topics: [prefixTopics, null, named] },
  ];
  const told = lotsTold(evidence).map(({ lotId }) => lotId);
  if (told.length > 0) filters.push({ address: chain.lots, topics: [topic(lots, 'LotDrawn'), told, batchTopic] });
  if (issued.length > 0) filters.push({ address: chain.certificates, topics: [null, issued] });
  if (!record) return filters;
  const { code } = record;
  if ('gtin' in code) {
    const prefixes = gtinPrefixes(code.gtin).map((prefix) => wordOf(BigInt(`1${prefix}`)));
    filters.push({ address: chain.organisations, topics: [prefixTopics, prefixes] });
  }
  const subjects = subjectsOf({
    record,
    recordHash: hashRecord(evidence.record as CanonicalText),
    registrant: batch.header.organisation,
    tokenId,
    batchId: splitTokenId(tokenId).batchId,
  });
  const about = subjects.map(({ subject }) => subject);
  filters.push({ address: chain.certificates, topics: [topic(certificates, 'CertificateIssued'), null, null, about] });
  return filters;
}

/** Null where the node gives no logs: pruned, limited, or refusing. */
async function eventsOf(rpc: Rpc, evidence: Evidence, head: number): Promise<TimedEvent[] | null> {
  const logs = await searchLogs(rpc, filtersOf(evidence), head);
  const events = logs && decoded(logs, evidence);
  if (!events) return null;
  const more = await revocationsOf(rpc, evidence, events, head);
  const runs = await runsOf(rpc, evidence, head);
  if (!more || !runs) return null;
  const all = [
    ...new Map([...events, ...more, ...runs].map((event) => [`${event.block} ${event.logIndex}`, event])).values(),
  ];
  const times = await timesOf(
    rpc,
    all.map((event) => event.block),
  );
  const timed = all.map((event) => ({ ...event, time: times.get(event.block) as number }));
  return timed.sort((a, b) => a.block - b.block || a.logIndex - b.logIndex);
}

/** Of certificates about the same that the file doesn't name. */
async function revocationsOf(rpc: Rpc, evidence: Evidence, events: readonly Decoded[], head: number) {
  const listed = new Set((evidence.certificates as readonly EvidenceCertificate[]).map((one) => issueOf(one).id));
  const others = events.flatMap((event) => (event.kind === 'certificate' && !listed.has(event.id) ? [event.id] : []));
  if (others.length === 0) return [];
  const topics = [topic(certificates, 'CertificateRevoked'), [...new Set(others)]];
  const logs = await searchLogs(rpc, [{ address: evidence.chain.certificates, topics }], head);
  return logs && decoded(logs, evidence);
}

/** Blocks in which a piece's ranges passed on: an honest piece's are a few. */
const MAX_PASSES = 256;

/** Runs of pieces that changed hands with a range of the piece: told by the events before those that name the range. */
async function runsOf(rpc: Rpc, evidence: Evidence, head: number): Promise<Decoded[] | null> {
  const { chain, batch } = evidence;
  const batchTopic = wordOf(BigInt(splitTokenId(tokenOfMember(batch)).batchId));
  const passed = await searchLogs(
    rpc,
    [{ address: chain.pieces, topics: [topic(pieces, 'RangePassed'), batchTopic] }],
    head,
  );
  if (!passed) return null;
  const blocks = [
    ...new Set(passed.filter((log) => isOfRangeOf(batch.index, log)).map((log) => Number(log.blockNumber))),
  ];
  if (blocks.length > MAX_PASSES) return null;
  const filter = { address: chain.pieces, topics: [topic(pieces, 'ConsecutiveTransfer')] };
  const logs = await logsOfBlocks(rpc, filter, blocks);
  return logs && decoded(logs, evidence);
}

/** A batch of many blocks passes on in as many places: only those of the whole batch and of the piece's own matter. */
function isOfRangeOf(index: number, { data }: RawLog): boolean {
  const part = Number.parseInt(data.slice(2, 66), 16);
  return part === 0 || part === 1 + Math.floor(index / RANGE_BLOCK);
}

type Decoded = NonNullable<ReturnType<typeof eventOf>>;

function decoded(logs: readonly RawLog[], { chain }: Evidence): Decoded[] | null {
  try {
    return logs.flatMap((log) => eventOf(log, chain) ?? []);
  } catch {
    // The contracts' own logs decode; these are somebody else's.
    return null;
  }
}

async function timesOf(rpc: Rpc, blocks: readonly number[]): Promise<Map<number, number>> {
  const numbers = [...new Set(blocks)];
  const times = new Map<number, number>();
  for (let at = 0; at < numbers.length; at += BLOCKS_AT_ONCE) {
    const asked = numbers.slice(at, at + BLOCKS_AT_ONCE);
    const replies = await rpc.batch(asked.map(blockCall));
    for (const [i, number] of asked.entries()) {
      const block = blockIn(replies[i]);
      if (!block) throw unavailable(`the node has logs of block ${number} and not the block`);
      times.set(number, block.time);
    }
  }
  return times;
}

type Payload = Pick<Witness, 'payload' | 'stated'>;
const NOT_READ: Payload = { payload: 'not-read' };

async function payloadOf(rpc: Rpc, evidence: Evidence, head: number): Promise<Payload> {
  const { chain, batch } = evidence;
  const header = batch.header as BatchHeader;
  const parts = new Map<number, Uint8Array>();
  let size = 0;
  for (let from = 0; from < header.parts; from += PARTS_AT_ONCE) {
    const wanted = Array.from({ length: Math.min(PARTS_AT_ONCE, header.parts - from) }, (_, i) => from + i);
    const topics = [
      topic(pieces, 'BatchPart'),
      wordOf(BigInt(batchIdOf(header))),
      wanted.map((n) => wordOf(BigInt(n))),
    ];
    const logs = await searchLogs(rpc, [{ address: chain.pieces, topics }], head).catch(() => null);
    if (!logs) return NOT_READ;
    for (const log of logs) {
      const event = eventOf(log, chain);
      // Posting again is everybody's right and changes nothing.
      if (event?.kind !== 'part' || parts.has(event.part)) continue;
      parts.set(event.part, event.data);
      size += event.data.length;
    }
    if (size > MAX_PAYLOAD_BYTES) return { payload: 'mismatch' };
  }
  const inOrder = Array.from({ length: header.parts }, (_, part) => parts.get(part));
  if (inOrder.some((part) => part === undefined)) return { payload: 'incomplete' };
  try {
    const pieces = await unpack(brotli.expand, header, inOrder as Uint8Array[]);
    const told = lotsTold(evidence);
    if (told.length === 0) return { payload: 'complete' };
    const records = pieces.map(({ text }) => JSON.parse(text) as PieceRecord);
    return { payload: 'complete', stated: massesOfRecords(records, told) };
  } catch (error) {
    if (error instanceof BadPayload) return { payload: 'mismatch' };
    throw error;
  }
}

/** At 120,000 bytes each, some 15 MB of hexadecimal digits in a reply. */
const PARTS_AT_ONCE = 64;
