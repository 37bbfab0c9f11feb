// Owns the life of a piece after its registration, other than its owners: the kinds of life events, and how a piece stands
// after them. The same rules as the contracts', so that whoever reads the events arrives at the state the chain has.
// Statements about what was done are life-statement.ts's; words for people never enter it.
import type { ChainPoint } from './events.ts';
import type { Hex32 } from './hash.ts';

/** Numbers as the contract LifeEvents has them. 1 and 2 are told by Pieces itself. */
export const LIFE_KINDS = {
  'card-set': 1,
  'handovers-withdrawn': 2,
  service: 10,
  repair: 11,
  resizing: 12,
  'stone-replaced': 13,
  replating: 14,
  appraisal: 15,
  engraving: 16,
  'other-work': 17,
  consigned: 18,
  'consignment-ended': 19,
  'reported-stolen': 30,
  'reported-lost': 31,
  'report-withdrawn': 32,
  'report-lapsed': 33,
  'reports-dismissed': 34,
  locked: 35,
  unlocked: 36,
  recalled: 40,
  'recall-lifted': 41,
  'registration-withdrawn': 42,
  corrected: 43,
  melted: 50,
  dismantled: 51,
  destroyed: 52,
  'recovery-allowed': 60,
  'recovery-forbidden': 61,
  'recovery-begun': 62,
  'recovery-cancelled': 63,
  recovered: 64,
} as const;

export type LifeKind = keyof typeof LIFE_KINDS;

const BY_NUMBER = new Map<number, LifeKind>(
  Object.entries(LIFE_KINDS).map(([name, number]) => [number, name as LifeKind]),
);

/** Undefined for a number that this version has no name for. */
export function lifeKindOf(number: number): LifeKind | undefined {
  return BY_NUMBER.get(number);
}

/** Something that happened to one piece. */
export interface LifeFacts extends ChainPoint {
  readonly logIndex: number;
  readonly kind: LifeKind;
  /** Counts the piece's own events from 1. */
  readonly number: number;
  /** Who did it or said so; null where the owner acted alone, or anybody when it was time. */
  readonly organisation: string | null;
  readonly key: string | null;
  /** Hash of a statement's canonical bytes; a new card's key or a recovery's new owner, padded; null if there is none. */
  readonly contentHash: Hex32 | null;
  readonly words: string;
}

/** Something that was said of a whole batch. */
export interface BatchLifeFacts extends ChainPoint {
  readonly logIndex: number;
  readonly kind: LifeKind;
  readonly number: number;
  readonly organisation: string;
  readonly key: string;
  readonly words: string;
}

/** A claim by card, or the owner's word on who may move the piece for her. */
export interface LifeNote extends ChainPoint {
  readonly kind: 'claimed' | 'approved';
  readonly recoverable: boolean;
  /** Claimed: the card's key. Approved: the owner. */
  readonly key: string;
  /** Approved: who, or zero for nobody. */
  readonly to: string;
  readonly logIndex: number;
}

/** What stands in a piece's slot beside owner and counters; bits as in IPieces, Standing. */
export const STATE = {
  stolen: 1,
  lost: 2,
  earlier: 4,
  blocked: 8,
  locked: 16,
  recalled: 32,
  withdrawn: 64,
  ended: 128,
} as const;
export const IMMOBILE = STATE.blocked | STATE.locked | STATE.ended;
export const FLAG = { approved: 1, cardDead: 2, freshCard: 4, recoverable: 8, recovering: 16 } as const;
/** What stands in a batch's slot; bits as in IPieces, batchStandingOf. */
export const BATCH_FLAG = { split: 1, ended: 2, recalled: 4, withdrawn: 8 } as const;

/** How a piece stands: the state's bits, and whether its owner allowed recovery and one is under way. */
export interface LifeStanding {
  readonly state: number;
  readonly recoverable: boolean;
  readonly recovering: boolean;
}

export const UNTOUCHED: LifeStanding = { state: 0, recoverable: false, recovering: false };

interface Effect {
  readonly set?: number;
  readonly clear?: number;
  readonly recoverable?: boolean;
  /** The owner, or what ends recoveries, was there. */
  readonly endsRecovery?: true;
  readonly beginsRecovery?: true;
}

const REPORTS = STATE.stolen | STATE.lost;
const BY_OWNER: Effect = { endsRecovery: true };
const ENDED: Effect = { set: STATE.ended, recoverable: false, endsRecovery: true };
const EFFECTS: Readonly<Record<LifeKind, Effect>> = {
  'card-set': BY_OWNER,
  'handovers-withdrawn': BY_OWNER,
  service: BY_OWNER,
  repair: BY_OWNER,
  resizing: BY_OWNER,
  'stone-replaced': BY_OWNER,
  replating: BY_OWNER,
  appraisal: BY_OWNER,
  engraving: BY_OWNER,
  'other-work': BY_OWNER,
  consigned: BY_OWNER,
  'consignment-ended': BY_OWNER,
  'reported-stolen': { set: STATE.stolen | STATE.blocked, endsRecovery: true },
  'reported-lost': { set: STATE.lost | STATE.blocked, endsRecovery: true },
  'report-withdrawn': { clear: REPORTS | STATE.blocked, endsRecovery: true },
  'report-lapsed': { clear: STATE.blocked },
  'reports-dismissed': { clear: REPORTS | STATE.earlier | STATE.blocked },
  locked: { set: STATE.locked },
  unlocked: { clear: STATE.locked },
  recalled: { set: STATE.recalled },
  'recall-lifted': { clear: STATE.recalled },
  'registration-withdrawn': { set: STATE.withdrawn },
  corrected: {},
  melted: ENDED,
  dismantled: ENDED,
  destroyed: ENDED,
  'recovery-allowed': { recoverable: true, endsRecovery: true },
  'recovery-forbidden': { recoverable: false, endsRecovery: true },
  'recovery-begun': { beginsRecovery: true },
  'recovery-cancelled': { endsRecovery: true },
  // The move that comes with it ends it.
  recovered: {},
};

/** The standing after a life event. */
export function afterEvent(standing: LifeStanding, kind: LifeKind): LifeStanding {
  const effect = EFFECTS[kind];
  return {
    state: (standing.state & ~(effect.clear ?? 0)) | (effect.set ?? 0),
    recoverable: effect.recoverable ?? standing.recoverable,
    recovering: effect.beginsRecovery === true || (standing.recovering && effect.endsRecovery !== true),
  };
}

/** The standing after the piece changed hands by itself: what its owner reported is what an earlier one reported. */
export function afterMove({ state }: LifeStanding): LifeStanding {
  const kept = state & ~REPORTS;
  return { state: state & REPORTS ? kept | STATE.earlier : kept, recoverable: false, recovering: false };
}

/** The standing after a claim, of which the move has been reckoned already. */
export function afterClaim(standing: LifeStanding, recoverable: boolean): LifeStanding {
  return { ...standing, recoverable };
}

/** The standing after the owner approved somebody, or took that back: she is there. */
export function afterApproval(standing: LifeStanding): LifeStanding {
  return { ...standing, recovering: false };
}

const BATCH_EFFECTS: Partial<Record<LifeKind, Effect>> = {
  recalled: { set: BATCH_FLAG.recalled },
  'recall-lifted': { clear: BATCH_FLAG.recalled },
  'registration-withdrawn': { set: BATCH_FLAG.withdrawn },
  melted: { set: BATCH_FLAG.ended },
  dismantled: { set: BATCH_FLAG.ended },
  destroyed: { set: BATCH_FLAG.ended },
};

/** Flags of a batch after one more event; the same where a batch has no such event, or it changes nothing. */
export function afterBatchEvent(flags: number, kind: LifeKind): number {
  const { set = 0, clear = 0 } = BATCH_EFFECTS[kind] ?? {};
  return (flags & ~clear) | set;
}

/** Flags of a batch after what was said of it, whether it is split aside. */
export function batchFlagsAfter(events: readonly { readonly kind: LifeKind }[]): number {
  return events.reduce((flags, { kind }) => afterBatchEvent(flags, kind), 0);
}

/** By its owner the piece, by its holder the batch, ended with these. */
export const END_KINDS = ['melted', 'dismantled', 'destroyed'] as const satisfies readonly LifeKind[];
export const ENDS: readonly LifeKind[] = END_KINDS;
/** What a service centre records with the owner's consent. */
export const WORK_KINDS = [
  'service',
  'repair',
  'resizing',
  'stone-replaced',
  'replating',
  'appraisal',
  'engraving',
  'other-work',
] as const satisfies readonly LifeKind[];
/** What a shop records that holds the piece for its owner to sell. */
export const CONSIGNMENT_KINDS = ['consigned', 'consignment-ended'] as const satisfies readonly LifeKind[];

/** How long a report blocks a piece, and how long a recovery waits. */
export const REPORT_DAYS = 90;
export const RECOVERY_DAYS = 30;

/** Kinds of work by which a piece is not what it was. Certificates made before one of them are of its earlier state. */
const CHANGING: readonly LifeKind[] = ['repair', 'resizing', 'stone-replaced', 'replating', 'engraving', 'other-work'];

export function mayChangePiece(kind: LifeKind): boolean {
  return CHANGING.includes(kind);
}
