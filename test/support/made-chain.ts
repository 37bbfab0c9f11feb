// Owns a made-up chain: blocks, events in their places, and what an honest node with it would say to whoever asks about an
// evidence file. No process and no contract: the real ones are asked in test/adapters/witness.test.ts.
import { subjectsOf } from '../../src/core/attestation.ts';
import { type BatchHeader, type BatchId, batchIdOf, splitTokenId, type TokenId } from '../../src/core/batch.ts';
import type { CanonicalText } from '../../src/core/canonical.ts';
import type { Happening } from '../../src/core/events.ts';
import type { Evidence, EvidenceCertificate } from '../../src/core/evidence.ts';
import { type Hex32, keccak, toHex, utf8 } from '../../src/core/hash.ts';
import { involved, issueOf, recordIn, tokenOfMember } from '../../src/core/judge-file.ts';
import { prefixEventsOf } from '../../src/core/judge-history.ts';
import { courseIn, lifeLogsOf } from '../../src/core/judge-life-history.ts';
import { lotsTold } from '../../src/core/judge-lots.ts';
import { batchFlagsAfter, lifeKindOf } from '../../src/core/life.ts';
import { hashRecord } from '../../src/core/record.ts';
import type { TimedEvent, Witness, WitnessedLot } from '../../src/core/verdict.ts';

const START = 1_760_000_000;
const SECONDS_A_BLOCK = 12;

export const hashOf = (text: string): Hex32 => toHex(keccak(utf8(text)));
export const addressOf = (text: string): Hex32 => `0x${hashOf(text).slice(26)}`;
export const timeOf = (block: number) => START + SECONDS_A_BLOCK * block;

export interface MadeChain {
  readonly chainId: number;
  readonly genesis: Hex32;
  readonly pieces: string;
  readonly organisations: string;
  readonly certificates: string;
  readonly lots: string;
  readonly lifeEvents: string;
  readonly head: number;
  readonly finalBlock: number;
  readonly events: readonly TimedEvent[];
}

/** Puts happenings into their places: block after block, one log and one transaction each. */
export function chainOf(
  at: Omit<MadeChain, 'events' | 'genesis'>,
  blocks: Readonly<Record<number, readonly Happening[]>>,
): MadeChain {
  const events = Object.entries(blocks).flatMap(([number, happenings]) => {
    const block = Number(number);
    return happenings.map((happening, logIndex) => ({
      block,
      blockHash: blockHash(block),
      logIndex,
      transaction: hashOf(`transaction ${block}.${logIndex}`),
      time: timeOf(block),
      ...happening,
    }));
  });
  return { ...at, genesis: blockHash(0), events: events as TimedEvent[] };
}

export function blockHash(block: number): Hex32 {
  return hashOf(`block ${block}`);
}

export function happened<K extends TimedEvent['kind']>(
  { events }: MadeChain,
  kind: K,
): Extract<TimedEvent, { kind: K }>[] {
  return events.filter((event) => event.kind === kind) as Extract<TimedEvent, { kind: K }>[];
}

/** Answers as askNode gives them: by what the file asks for, at the addresses it names. */
export function honestWitness(chain: MadeChain, evidence: Evidence): Witness {
  const { batch, asOf } = evidence;
  const isRegistry = evidence.chain.pieces === chain.pieces;
  const isCertificates = evidence.chain.certificates === chain.certificates;
  const events = chain.events.filter((event) => isAskedFor(chain, evidence, event));
  return {
    chainId: chain.chainId,
    genesis: chain.genesis,
    head: { block: chain.head, time: timeOf(chain.head) },
    finalBlock: chain.finalBlock,
    asOf: asOf.block <= chain.head ? { hash: blockHash(asOf.block), time: timeOf(asOf.block) } : null,
    registry: isRegistry ? contractsOf(chain) : null,
    batch: isRegistry ? batchIn(chain, batch.header as BatchHeader) : null,
    piece: isRegistry ? pieceIn(chain, tokenOfMember(batch)) : null,
    certificates: (evidence.certificates as EvidenceCertificate[]).map((one) =>
      isCertificates ? certificateIn(chain, one) : { batch: null, revoked: false },
    ),
    conflicts: evidence.conflicts.map(({ header }) =>
      isRegistry ? (batchIn(chain, header as BatchHeader)?.count ?? 0) : 0,
    ),
    events: withRevocations(chain, isCertificates, events),
    payload: 'not-read',
    ...(evidence.lots ? { lots: lotsIn(chain, evidence) } : {}),
  };
}

function lotsIn(chain: MadeChain, evidence: Evidence): WitnessedLot[] {
  const batchId = batchIdOf(evidence.batch.header as BatchHeader);
  const isLots = evidence.chain.lots === chain.lots;
  return lotsTold(evidence).map(({ lotId }) => {
    const drawn = happened(chain, 'lot-drawn').filter((event) => isLots && event.lotId === lotId);
    const births = happened(chain, 'lot').filter((event) => isLots && event.lotId === lotId);
    const ofBatch = drawn.filter((event) => event.batchId === batchId);
    const sum = ofBatch.reduce((all, { quantity }) => all + quantity, 0);
    return { lotId, events: births.length + drawn.length, drawn: sum };
  });
}

export function contractsOf({ organisations, certificates, lots, lifeEvents }: MadeChain) {
  return { organisations, certificates, lots, lifeEvents };
}

function batchIn(chain: MadeChain, header: BatchHeader): Witness['batch'] {
  const found = happened(chain, 'batch').find(({ batchId }) => batchId === batchIdOf(header));
  if (!found) return null;
  // Made-up batches pass on as a whole; each run of a pass stands in the same block.
  const runs = happened(chain, 'run').filter(({ batchId }) => batchId === found.batchId);
  const events = new Set(runs.map(({ block }) => block)).size;
  const { flags, batchEvents } = batchLifeIn(chain, found.batchId);
  return {
    holder: runs.at(-1)?.to ?? found.header.organisation,
    count: found.header.count,
    events,
    flags,
    batchEvents,
  };
}

function batchLifeIn(chain: MadeChain, batchId: BatchId) {
  const said = happened(chain, 'batch-life').filter((event) => event.batchId === batchId);
  const kinds = said.flatMap(({ event }) => lifeKindOf(event) ?? []).map((kind) => ({ kind }));
  return { flags: batchFlagsAfter(kinds), batchEvents: said.length };
}

/** Times a piece changed hands with its range. */
export function passesIn(chain: MadeChain, tokenId: TokenId): Extract<TimedEvent, { kind: 'run' }>[] {
  const { batchId, index } = splitTokenId(tokenId);
  return happened(chain, 'run').filter(
    (event) => event.batchId === batchId && event.first <= index && index <= event.last,
  );
}

function pieceIn(chain: MadeChain, tokenId: TokenId): Witness['piece'] {
  const { batchId, index } = splitTokenId(tokenId);
  const batch = happened(chain, 'batch').find((event) => event.batchId === batchId);
  if (!batch || index >= batch.header.count) return null;
  const moves = happened(chain, 'move').filter((event) => event.tokenId === tokenId);
  const passes = passesIn(chain, tokenId);
  const owner = moves.at(-1)?.to ?? passes.at(-1)?.to ?? batch.header.organisation;
  const logs = lifeLogsOf({ tokenId }, chain.events);
  return { owner, moves: passes.length + moves.length, events: logs.events.length, ...courseIn(logs).standing };
}

function certificateIn(chain: MadeChain, one: EvidenceCertificate): Witness['certificates'][number] {
  const { id, index } = issueOf(one);
  const batch = happened(chain, 'certificates').find((event) => event.id === id);
  const revoked = happened(chain, 'revocation').some((event) => event.id === id && event.index === index);
  if (!batch) return { batch: null, revoked };
  return { batch: { organisation: batch.organisation, issuedAt: batch.time, count: batch.count }, revoked };
}

function isAskedFor(chain: MadeChain, evidence: Evidence, event: TimedEvent): boolean {
  const named = evidence.chain;
  const tokenId = tokenOfMember(evidence.batch);
  switch (event.kind) {
    case 'batch':
    case 'run':
      return named.pieces === chain.pieces && event.batchId === (splitTokenId(tokenId).batchId as BatchId);
    case 'move':
    case 'claim':
    case 'approval':
      return named.pieces === chain.pieces && event.tokenId === tokenId;
    case 'life': {
      const byRegistry = event.event < 10;
      const isThere = byRegistry ? named.pieces === chain.pieces : named.lifeEvents === chain.lifeEvents;
      return isThere && event.tokenId === tokenId;
    }
    case 'batch-life':
      return named.lifeEvents === chain.lifeEvents && event.batchId === splitTokenId(tokenId).batchId;
    case 'lot-drawn': {
      const isTold = lotsTold(evidence).some(({ lotId }) => lotId === event.lotId);
      return named.lots === chain.lots && isTold && event.batchId === splitTokenId(tokenId).batchId;
    }
    case 'organisation': {
      const code = recordIn(evidence)?.code;
      const covers = code && 'gtin' in code && prefixEventsOf([event], code.gtin).length > 0;
      return (
        named.organisations === chain.organisations && (involved(evidence).has(event.organisation) || covers === true)
      );
    }
    case 'certificate':
    case 'certificates':
    case 'revocation':
      return named.certificates === chain.certificates && (isListed(evidence, event.id) || isAbout(evidence, event));
    default:
      return false;
  }
}

function isListed(evidence: Evidence, id: string): boolean {
  return (evidence.certificates as EvidenceCertificate[]).some((one) => issueOf(one).id === id);
}

function isAbout(evidence: Evidence, event: TimedEvent): boolean {
  const record = recordIn(evidence);
  if (!record || event.kind !== 'certificate') return false;
  const tokenId = tokenOfMember(evidence.batch);
  return subjectsOf({
    record,
    recordHash: hashRecord(evidence.record as CanonicalText),
    registrant: evidence.batch.header.organisation,
    tokenId,
    batchId: splitTokenId(tokenId).batchId,
  }).some(({ subject }) => subject === event.fields.subject);
}

function withRevocations(chain: MadeChain, isCertificates: boolean, asked: readonly TimedEvent[]): TimedEvent[] {
  const ids = new Set(asked.flatMap((event) => (event.kind === 'certificate' ? [event.id as string] : [])));
  return chain.events.filter(
    (event) => asked.includes(event) || (isCertificates && event.kind === 'revocation' && ids.has(event.id)),
  );
}
