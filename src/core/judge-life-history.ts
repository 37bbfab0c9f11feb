// Owns whether a file tells of a piece's life what the chain has: its own events, those of its batch, its claims, and the
// approvals that changed how it stands. And whether a node's state and its logs of these fit each other.
import { splitTokenId } from './batch.ts';
import { courseOf, type LifeStep } from './course.ts';
import type { Evidence } from './evidence.ts';
import { isAt } from './footing.ts';
import { endOfBatch, isSameStanding } from './judge-life.ts';
import { BATCH_FLAG, batchFlagsAfter, LIFE_KINDS, lifeKindOf } from './life.ts';
import type { TimedEvent, Witness } from './verdict.ts';

type Of<K extends TimedEvent['kind']> = Extract<TimedEvent, { readonly kind: K }>;
type Move = Evidence['moves'][number];

/** What a node's logs say of a piece's life. */
export interface LifeLogs {
  readonly moves: readonly (Of<'move'> & { readonly claim: Move['claim'] })[];
  readonly events: readonly Of<'life'>[];
  readonly batchEvents: readonly Of<'batch-life'>[];
  readonly approvals: readonly Of<'approval'>[];
  /** Claims without a move right before them: there are none on the chain. */
  readonly strayClaims: number;
}

export function lifeLogsOf({ tokenId }: Pick<Evidence, 'tokenId'>, events: readonly TimedEvent[]): LifeLogs {
  const { batchId } = splitTokenId(tokenId);
  const ofPiece = <K extends 'move' | 'life' | 'approval' | 'claim'>(kind: K) =>
    events.filter((event) => event.kind === kind && event.tokenId === tokenId) as Of<K>[];
  const claims = new Map(ofPiece('claim').map((claim) => [`${claim.block} ${claim.logIndex}`, claim]));
  const moves = ofPiece('move').map((move) => {
    // The contract tells of a claim right after the move it made.
    const claim = claims.get(`${move.block} ${move.logIndex + 1}`);
    return { ...move, claim: claim?.to === move.to ? { key: claim.claimKey, recoverable: claim.recoverable } : null };
  });
  const batchEvents = events.filter((event) => event.kind === 'batch-life' && event.batchId === batchId);
  return {
    moves,
    events: ofPiece('life'),
    batchEvents: batchEvents as Of<'batch-life'>[],
    approvals: ofPiece('approval'),
    strayClaims: claims.size - moves.filter(({ claim }) => claim !== null).length,
  };
}

/** The course of a piece's life by logs alone. */
export function courseIn({ moves, events, batchEvents, approvals }: LifeLogs) {
  const kindOf = (event: number) => lifeKindOf(event) ?? 'handovers-withdrawn';
  const steps: LifeStep[] = [
    ...moves.map((move) => ({
      ...move,
      what: 'moved' as const,
      ...(move.claim ? { recoverable: move.claim.recoverable } : {}),
    })),
    ...events.map((event) => ({ ...event, what: kindOf(event.event), to: event.contentHash })),
    ...approvals.map((one) => ({ ...one, what: 'approved' as const })),
  ];
  const ended = endOfBatch(batchEvents.map((event) => ({ ...event, kind: kindOf(event.event) })));
  return courseOf(
    steps.sort((a, b) => a.block - b.block || a.logIndex - b.logIndex),
    ended,
  );
}

const isNumbered = (events: readonly { readonly number: number }[]) =>
  events.every(({ number }, i) => number === i + 1);

/** Why a node's logs of a piece's life don't fit its state; undefined if they do. */
export function lifeContradiction(logs: LifeLogs, { piece, batch }: Witness): string | undefined {
  const { events, batchEvents, strayClaims } = logs;
  if (!piece || !batch) return CONTRADICTS;
  const unknown = [...events, ...batchEvents].some(({ event }) => lifeKindOf(event) === undefined);
  if (unknown) return 'it has events that this version does not know';
  const counted = events.length === piece.events && batchEvents.length === batch.batchEvents && strayClaims === 0;
  if (!counted || !isNumbered(events) || !isNumbered(batchEvents)) return CONTRADICTS;
  const kinds = batchEvents.flatMap(({ event }) => lifeKindOf(event) ?? []).map((kind) => ({ kind }));
  const sameBatch = batchFlagsAfter(kinds) === (batch.flags & ~BATCH_FLAG.split);
  return sameBatch && isSameStanding(courseIn(logs).standing, piece) ? undefined : CONTRADICTS;
}

const CONTRADICTS = 'the node contradicts itself';

/** What the file tells otherwise than the logs up to its block. */
export function lifeToldOtherwise(evidence: Evidence, logs: LifeLogs): string | undefined {
  const until = <E extends TimedEvent>(all: readonly E[]) => all.filter(({ block }) => block <= evidence.asOf.block);
  const claims = differing(evidence.moves, until(logs.moves), ({ claim }, told) => alike(claim, told.claim));
  if (claims) return `the claim of move ${claims} happened otherwise`;
  const event = differing(evidence.events, until(logs.events), isTold);
  if (event) return `event ${event} happened otherwise, or is left out`;
  const ofBatch = differing(evidence.batchEvents, until(logs.batchEvents), isSaid);
  if (ofBatch) return `event ${ofBatch} of the batch happened otherwise, or is left out`;
  const course = courseIn({
    ...logs,
    moves: until(logs.moves),
    events: until(logs.events),
    batchEvents: until(logs.batchEvents),
    approvals: until(logs.approvals),
  });
  const telling = logs.approvals.filter(({ block, logIndex }) =>
    course.telling.some((one) => one.block === block && one.logIndex === logIndex),
  );
  const approval = differing(
    evidence.approvals,
    telling.filter(({ block }) => block <= evidence.asOf.block),
    (log, told) => isAt(log, told) && log.owner === told.owner && log.to === told.to,
  );
  return approval === undefined ? undefined : `approval ${approval} happened otherwise, or is left out`;
}

/** Which one of a list differs first, counted from 1; undefined if none does. */
function differing<T, L>(told: readonly T[], logs: readonly L[], same: (log: L, told: T) => boolean) {
  const most = Math.max(told.length, logs.length);
  for (let i = 0; i < most; i++) {
    const [one, log] = [told[i], logs[i]];
    if (one === undefined || log === undefined || !same(log, one)) return i + 1;
  }
  return undefined;
}

function isTold(log: Of<'life'>, told: Evidence['events'][number]): boolean {
  return isSaid(log, told) && log.contentHash === told.contentHash;
}

function isSaid(log: Of<'life' | 'batch-life'>, told: Evidence['batchEvents'][number]): boolean {
  const same = log.number === told.number && log.event === LIFE_KINDS[told.kind] && log.words === told.words;
  return same && isAt(log, told) && log.organisation === told.organisation && log.key === told.key;
}

function alike(a: Move['claim'], b: Move['claim']): boolean {
  return a === null || b === null ? a === b : a.key === b.key && a.recoverable === b.recoverable;
}
