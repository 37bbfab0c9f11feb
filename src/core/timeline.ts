// Owns the timeline of a passport: what the chain tells of a piece, in its order, each entry with who did it or said so.
// A private owner is a number and an address; a name never enters it. How the piece stands is piece-course.ts's.
import { type ChainPoint, isBefore, isoTime, type Placed } from './events.ts';
import type { Hex32 } from './hash.ts';
import type { BatchLifeFacts, LifeFacts, LifeKind } from './life.ts';
import type { LifeStatement } from './life-statement.ts';
import { type CourseFacts, type Speaker, speakerOf } from './piece-course.ts';
import type { EventOutcome, Outcome, Step } from './present-state.ts';

/** Whoever keeps the piece: an organisation by its handle, or a private owner by nothing but a number. */
export interface Keeper {
  /** 1 for the first owner, counting up by one a move. */
  readonly number: number;
  readonly address: string;
  readonly organisation?: string;
}

interface Entry {
  readonly at: string;
  readonly block: number;
  readonly transaction: Hex32;
  readonly final: boolean;
}

export interface OwnerEntry extends Entry {
  readonly kind: 'registered' | 'moved';
  readonly to: Keeper;
  /** With the piece's claim card. */
  readonly claimed?: true;
}

export interface LifeEntry extends Entry {
  readonly kind: 'life';
  readonly event: LifeKind;
  /** Counts the piece's own events from 1. */
  readonly number: number;
  /** Who did it or said so; null where the owner acted alone, or anybody when it was time. */
  readonly by: Speaker | null;
  /** The owner at that time. */
  readonly owner: Keeper;
  readonly words: string;
  readonly contentHash: Hex32 | null;
  readonly statement: LifeStatement | null;
  /** What became of its statement; null for kinds that have none. */
  readonly outcome: Outcome | null;
  readonly changes: readonly Step[];
}

/** Said of the whole batch the piece was registered in. */
export interface BatchEntry extends Entry {
  readonly kind: 'batch-life';
  readonly event: LifeKind;
  readonly number: number;
  readonly by: Speaker | null;
  readonly words: string;
}

export type TimelineEntry = OwnerEntry | LifeEntry | BatchEntry;

export interface TimelineFacts extends CourseFacts {
  readonly moves: readonly (ChainPoint & Placed & { readonly to: string })[];
  readonly statements: ReadonlyMap<Hex32, LifeStatement>;
  readonly registrant: { readonly address: string };
  readonly asOf: { readonly finalBlock: number };
}

/** From its registration on. @param outcomes of the statements of the piece's events */
export function timelineOf(
  facts: TimelineFacts,
  born: ChainPoint,
  outcomes: readonly EventOutcome[],
): readonly [OwnerEntry, ...TimelineEntry[]] {
  const { organisations, notes } = facts;
  const entry = (point: ChainPoint): Entry => ({
    at: isoTime(point.time),
    block: point.block,
    transaction: point.transaction,
    final: point.block <= facts.asOf.finalBlock,
  });
  const claims = new Set(
    notes.filter(({ kind }) => kind === 'claimed').map(({ block, logIndex }) => `${block} ${logIndex}`),
  );
  let owner = keeperOf(facts.registrant.address, 1, organisations);
  const first: OwnerEntry = { kind: 'registered', ...entry(born), to: owner };
  const byNumber = new Map(outcomes.map((one) => [one.number, one]));
  const rest = inOrder(facts).map((happening): TimelineEntry => {
    if ('move' in happening) {
      const { move } = happening;
      owner = keeperOf(move.to, owner.number + 1, organisations);
      // The contract tells of a claim right after the move it made.
      const claimed = claims.has(`${move.block} ${move.logIndex + 1}`);
      return { kind: 'moved', ...entry(move), to: owner, ...(claimed ? { claimed: true } : {}) };
    }
    const { fact } = happening;
    const said = {
      ...entry(fact),
      event: fact.kind,
      number: fact.number,
      by: speakerOf(fact.organisation, organisations),
      words: fact.words,
    };
    if (happening.of === 'batch') return { kind: 'batch-life', ...said };
    const { contentHash } = happening.fact;
    const told = byNumber.get(fact.number);
    const statement = (contentHash && told && facts.statements.get(contentHash)) ?? null;
    return {
      kind: 'life',
      ...said,
      owner,
      contentHash,
      statement,
      outcome: told?.outcome ?? null,
      changes: told?.steps ?? [],
    };
  });
  return [first, ...rest];
}

type Happening =
  | { readonly at: Placed; readonly move: TimelineFacts['moves'][number] }
  | { readonly at: Placed; readonly of: 'piece'; readonly fact: LifeFacts }
  | { readonly at: Placed; readonly of: 'batch'; readonly fact: BatchLifeFacts };

function inOrder({ moves, life, batchLife }: TimelineFacts): Happening[] {
  const all: Happening[] = [
    ...moves.map((move) => ({ at: move, move })),
    ...life.map((fact) => ({ at: fact, of: 'piece' as const, fact })),
    ...batchLife.map((fact) => ({ at: fact, of: 'batch' as const, fact })),
  ];
  return all.sort((a, b) => (isBefore(a.at, b.at) ? -1 : 1));
}

export function keeperOf(address: string, number: number, organisations: ReadonlyMap<string, string>): Keeper {
  const organisation = organisations.get(address);
  return organisation === undefined ? { number, address } : { number, address, organisation };
}

export function isOwnerEntry(entry: TimelineEntry): entry is OwnerEntry {
  return entry.kind === 'registered' || entry.kind === 'moved';
}

/** Its registration, and each time it passed on. */
export function ownerEntries(timeline: readonly TimelineEntry[]): OwnerEntry[] {
  return timeline.filter(isOwnerEntry);
}
