// Owns how a piece stands and since when, who said so and why: reports, locks, recalls, its end, recovery, consignment and
// its claim card, folded from what happened to it. By life.ts's rules, so it comes to the state the chain has. Names of
// owners never enter it: an owner is a number.
import { isBefore, isoTime, type Placed } from './events.ts';
import {
  afterApproval,
  afterBatchEvent,
  afterClaim,
  afterEvent,
  afterMove,
  BATCH_FLAG,
  type BatchLifeFacts,
  ENDS,
  type LifeFacts,
  type LifeKind,
  type LifeNote,
  type LifeStanding,
  RECOVERY_DAYS,
  REPORT_DAYS,
  STATE,
  UNTOUCHED,
} from './life.ts';

const SECONDS_A_DAY = 86_400;

/** An organisation by its address and handle. */
export interface Speaker {
  readonly address: string;
  readonly handle: string;
}

/** What somebody said of the piece or of its whole batch. Times as in `isoTime`. */
export interface Notice {
  readonly of: 'piece' | 'batch';
  readonly since: string;
  readonly by: Speaker | null;
  readonly words: string;
}

export interface Report {
  readonly what: 'stolen' | 'lost';
  /** Whether whoever reported it owns the piece still. */
  readonly by: 'owner' | 'earlier-owner';
  /** Counted as keepers are. */
  readonly owner: number;
  readonly since: string;
}

export interface PieceStanding {
  /** What owners reported and nobody took back, the oldest first. */
  readonly reported: readonly Report[];
  /** While a report keeps the piece where it is: from when on anybody may end that. */
  readonly blockedUntil: string | null;
  readonly locked: Notice | null;
  readonly recalled: readonly Notice[];
  readonly withdrawn: readonly Notice[];
  readonly ended: (Notice & { readonly how: LifeKind }) | null;
  readonly recovery: {
    /** The owner allowed that a lost key be recovered. */
    readonly allowed: boolean;
    readonly underWay: (Notice & { readonly to: string; readonly readyAt: string }) | null;
  };
  /** An organisation has it, for its owner to sell. */
  readonly consigned: Notice | null;
  /** none: never had one. made: with the piece. used: claimed with it. fresh: a new one. void: it works no more. */
  readonly card: 'none' | 'made' | 'used' | 'fresh' | 'void';
}

interface MoveFact extends Placed {
  readonly to: string;
  /** It moved with the range it was in. */
  readonly ranged?: boolean;
}

export interface CourseFacts {
  readonly moves: readonly MoveFact[];
  readonly life: readonly LifeFacts[];
  readonly notes: readonly LifeNote[];
  readonly batchLife: readonly BatchLifeFacts[];
  readonly organisations: ReadonlyMap<string, string>;
  /** Whether a claim card was made with the piece. */
  readonly hasCard: boolean;
}

type Step =
  | (Placed & { readonly what: 'moved'; readonly fact: MoveFact })
  | (Placed & { readonly what: 'life'; readonly fact: LifeFacts })
  | (Placed & { readonly what: 'note'; readonly fact: LifeNote })
  | (Placed & { readonly what: 'batch'; readonly fact: BatchLifeFacts });

function stepsOf({ moves, life, notes, batchLife }: CourseFacts): Step[] {
  const at = ({ block, logIndex }: Placed) => ({ block, logIndex });
  const steps: Step[] = [
    ...moves.map((fact) => ({ ...at(fact), what: 'moved' as const, fact })),
    ...life.map((fact) => ({ ...at(fact), what: 'life' as const, fact })),
    ...notes.map((fact) => ({ ...at(fact), what: 'note' as const, fact })),
    ...batchLife.map((fact) => ({ ...at(fact), what: 'batch' as const, fact })),
  ];
  return steps.sort((a, b) => (isBefore(a, b) ? -1 : 1));
}

/** What is known after some steps. */
interface Known {
  readonly standing: LifeStanding;
  readonly batchFlags: number;
  readonly owner: number;
  /** It has left the range it was born in, and no longer shares its fate. */
  readonly departed: boolean;
  readonly reports: readonly Report[];
  readonly reportedAt: number;
  /** The last piece event that set each bit of the state, or began a recovery (0). */
  readonly causes: ReadonlyMap<number, LifeFacts>;
  readonly batchCauses: ReadonlyMap<number, BatchLifeFacts>;
  readonly batchEnd: BatchLifeFacts | null;
  readonly consigned: LifeFacts | null;
  readonly card: PieceStanding['card'];
}

export function standingOf(facts: CourseFacts): PieceStanding {
  const known = stepsOf(facts).reduce((before, step) => afterStep(before, step, facts.organisations), {
    standing: UNTOUCHED,
    batchFlags: 0,
    owner: 1,
    departed: false,
    reports: [],
    reportedAt: 0,
    causes: new Map(),
    batchCauses: new Map(),
    batchEnd: null,
    consigned: null,
    card: facts.hasCard ? 'made' : 'none',
  } as Known);
  return viewOf(known, facts.organisations);
}

function afterStep(known: Known, step: Step, organisations: ReadonlyMap<string, string>): Known {
  switch (step.what) {
    case 'moved':
      return moved(known, step.fact, organisations);
    case 'life':
      return happened({ ...known, departed: true }, step.fact);
    case 'note':
      return noted(known, step.fact);
    case 'batch': {
      const { fact } = step;
      const batchFlags = afterBatchEvent(known.batchFlags, fact.kind);
      const batchCauses = withCauses(known.batchCauses, batchFlags & ~known.batchFlags, fact);
      const batchEnd = ENDS.includes(fact.kind) && !known.departed ? fact : known.batchEnd;
      return { ...known, batchFlags, batchCauses, batchEnd };
    }
  }
}

function moved(known: Known, { to, ranged = false }: MoveFact, organisations: ReadonlyMap<string, string>): Known {
  return {
    ...known,
    standing: afterMove(known.standing),
    owner: known.owner + 1,
    departed: known.departed || !ranged,
    reports: known.reports.map((report) => ({ ...report, by: 'earlier-owner' })),
    consigned: null,
    card: organisations.has(to) || known.card === 'none' || known.card === 'used' ? known.card : 'void',
  };
}

function happened(known: Known, fact: LifeFacts): Known {
  const { kind } = fact;
  const standing = afterEvent(known.standing, kind);
  const begun = kind === 'recovery-begun';
  const causes = withCauses(known.causes, standing.state & ~known.standing.state, fact);
  const next: Known = { ...known, standing, causes: begun ? new Map([...causes, [0, fact]]) : causes };
  switch (kind) {
    case 'reported-stolen':
    case 'reported-lost':
      return reported(next, kind === 'reported-stolen' ? 'stolen' : 'lost', fact.time);
    case 'report-withdrawn':
      return { ...next, reports: next.reports.filter(({ by }) => by === 'earlier-owner') };
    case 'reports-dismissed':
      return { ...next, reports: [] };
    case 'consigned':
      return { ...next, consigned: fact };
    case 'consignment-ended':
      return { ...next, consigned: null };
    case 'card-set':
      return { ...next, card: 'fresh' };
    default:
      return next;
  }
}

/** Said again, it has stood since it was first said. */
function reported(known: Known, what: Report['what'], time: number): Known {
  const { reports, owner } = known;
  const again = reports.some((report) => report.by === 'owner' && report.what === what);
  const since = isoTime(time);
  return { ...known, reportedAt: time, reports: again ? reports : [...reports, { what, by: 'owner', owner, since }] };
}

function noted(known: Known, { kind, recoverable, to }: LifeNote): Known {
  if (kind === 'claimed') return { ...known, standing: afterClaim(known.standing, recoverable), card: 'used' };
  const departs = !/^0x0*$/.test(to);
  return { ...known, standing: afterApproval(known.standing), departed: known.departed || departs };
}

function withCauses<F>(causes: ReadonlyMap<number, F>, bits: number, fact: F): ReadonlyMap<number, F> {
  if (bits === 0) return causes;
  const set = [1, 2, 4, 8, 16, 32, 64, 128].filter((bit) => bits & bit);
  return new Map([...causes, ...set.map((bit) => [bit, fact] as const)]);
}

function viewOf(known: Known, organisations: ReadonlyMap<string, string>): PieceStanding {
  const { standing, batchFlags, causes, batchCauses, batchEnd, reports, consigned } = known;
  const notice = (of: Notice['of'], fact: LifeFacts | BatchLifeFacts): Notice => ({
    of,
    since: isoTime(fact.time),
    by: speakerOf(fact.organisation, organisations),
    words: fact.words,
  });
  const ofPiece = (bit: number) => {
    const cause = standing.state & bit ? causes.get(bit) : undefined;
    return cause ? [notice('piece', cause)] : [];
  };
  const ofBatch = (bit: number) => {
    const cause = batchFlags & bit ? batchCauses.get(bit) : undefined;
    return cause ? [notice('batch', cause)] : [];
  };
  const ownEnd = standing.state & STATE.ended ? causes.get(STATE.ended) : undefined;
  const begun = standing.recovering ? causes.get(0) : undefined;
  return {
    reported: reports,
    blockedUntil: standing.state & STATE.blocked ? isoTime(lapseOf(known.reportedAt)) : null,
    locked: ofPiece(STATE.locked)[0] ?? null,
    recalled: [...ofPiece(STATE.recalled), ...ofBatch(BATCH_FLAG.recalled)],
    withdrawn: [...ofPiece(STATE.withdrawn), ...ofBatch(BATCH_FLAG.withdrawn)],
    ended: ownEnd
      ? { ...notice('piece', ownEnd), how: ownEnd.kind }
      : batchEnd && { ...notice('batch', batchEnd), how: batchEnd.kind },
    recovery: {
      allowed: standing.recoverable,
      underWay: begun
        ? {
            ...notice('piece', begun),
            to: `0x${(begun.contentHash ?? '').slice(26)}`,
            readyAt: isoTime(begun.time + RECOVERY_DAYS * SECONDS_A_DAY),
          }
        : null,
    },
    consigned: consigned && notice('piece', consigned),
    card: known.card,
  };
}

/** The contract counts whole days, and lets the last one pass. */
function lapseOf(reportedAt: number): number {
  return (Math.floor(reportedAt / SECONDS_A_DAY) + REPORT_DAYS + 1) * SECONDS_A_DAY;
}

export function speakerOf(address: string | null, organisations: ReadonlyMap<string, string>): Speaker | null {
  const handle = address === null ? undefined : organisations.get(address);
  return address === null || handle === undefined ? null : { address, handle };
}
