// Owns the course of a piece's life: how it stands after all its steps, and whether each of them was possible as it stood.
// Who took a step, and whether it is on the chain, is the judges'.
import { isBefore, type Placed } from './events.ts';
import {
  afterApproval,
  afterClaim,
  afterEvent,
  afterMove,
  IMMOBILE,
  type LifeKind,
  type LifeStanding,
  REPORT_DAYS,
  STATE,
  UNTOUCHED,
} from './life.ts';

const SECONDS_A_DAY = 86_400;

export interface PieceStanding extends LifeStanding {
  /** Day from 1970 after which the block of the last report lapses; 0 if there never was one. */
  readonly day: number;
}

/** Something that happened to a piece by itself, in its place. */
export interface LifeStep extends Placed {
  readonly time: number;
  readonly what: 'moved' | 'approved' | LifeKind;
  /** Moved: the new owner. Approved: for whom, or zero. A recovery: for whom, as 32 bytes. */
  readonly to: string;
  /** Moved by a claim: whether it allowed recovery. */
  readonly recoverable?: boolean;
}

export interface Course {
  readonly standing: PieceStanding;
  /** Approvals that changed how the piece stands. */
  readonly telling: readonly LifeStep[];
  /** The first step that left its range. */
  readonly departed: LifeStep | undefined;
  /** Why a step can't have been. */
  readonly fault: string | undefined;
}

/**
 * @param steps in the chain's order
 * @param batchEnded where its batch ended, if it did: with all pieces that were still in its range
 */
export function courseOf(steps: readonly LifeStep[], batchEnded: Placed | undefined): Course {
  let [standing, before, day] = [UNTOUCHED, UNTOUCHED, 0];
  let [departed, previous, recovery]: (LifeStep | undefined)[] = [];
  let fault: string | undefined;
  const telling: LifeStep[] = [];
  for (const step of steps) {
    const leaves = !departed && (step.what !== 'approved' || !isNobody(step.to));
    if (leaves && batchEnded && isBefore(batchEnded, step))
      fault ??= `${step.what}, though it had ended with its batch`;
    if (step.what === 'recovered') fault ??= unrecovered(step, { previous, before, recovery });
    else fault ??= POSSIBLE[step.what](standing) ? undefined : `${step.what}, which could not be as it stood`;
    if (step.what === 'approved' && (leaves || standing.recovering)) telling.push(step);
    if (step.what === 'recovery-begun') recovery = step;
    if (step.what === 'reported-stolen' || step.what === 'reported-lost') day = lastDayOf(step.time);
    if (leaves) departed = step;
    [before, standing, previous] = [standing, after(standing, step), step];
  }
  const state = batchEnded && !departed ? standing.state | STATE.ended : standing.state;
  return { standing: { ...standing, state, day }, telling, departed, fault };
}

function isNobody(address: string): boolean {
  return /^0x0*$/.test(address);
}

/** As the contract keeps it: 16 bits. */
function lastDayOf(time: number): number {
  return (Math.floor(time / SECONDS_A_DAY) + REPORT_DAYS) % 2 ** 16;
}

/** It stands right behind the move it made, to whom it was begun for. */
function unrecovered(
  step: LifeStep,
  {
    previous,
    before,
    recovery,
  }: { previous: LifeStep | undefined; before: LifeStanding; recovery: LifeStep | undefined },
): string | undefined {
  const follows =
    previous?.what === 'moved' && previous.block === step.block && previous.logIndex === step.logIndex - 1;
  if (!follows) return 'recovered, and no move right before it';
  if (!before.recovering || !recovery) return 'recovered, though no recovery was under way';
  const same = recovery.to === step.to && previous.to === `0x${step.to.slice(26)}`;
  return same ? undefined : 'recovered for somebody else than it was begun for';
}

function after(standing: LifeStanding, { what, recoverable }: LifeStep): LifeStanding {
  if (what === 'approved') return afterApproval(standing);
  if (what !== 'moved') return afterEvent(standing, what);
  const moved = afterMove(standing);
  return recoverable === undefined ? moved : afterClaim(moved, recoverable);
}

type Possible = (standing: LifeStanding) => boolean;
const always: Possible = () => true;
const has =
  (bits: number): Possible =>
  ({ state }) =>
    (state & bits) !== 0;
const lacks =
  (bits: number): Possible =>
  ({ state }) =>
    (state & bits) === 0;
const there = lacks(STATE.ended);
const mobile = lacks(IMMOBILE);
const REPORTS = STATE.stolen | STATE.lost;

/** What the contracts refuse by how a piece stands. */
const POSSIBLE: Readonly<Record<Exclude<LifeStep['what'], 'recovered'>, Possible>> = {
  moved: mobile,
  approved: always,
  'card-set': always,
  'handovers-withdrawn': always,
  service: there,
  repair: there,
  resizing: there,
  'stone-replaced': there,
  replating: there,
  appraisal: there,
  engraving: there,
  'other-work': there,
  consigned: there,
  'consignment-ended': there,
  'reported-stolen': there,
  'reported-lost': there,
  'report-withdrawn': has(REPORTS),
  'report-lapsed': has(STATE.blocked),
  'reports-dismissed': has(REPORTS | STATE.earlier),
  locked: lacks(STATE.locked | STATE.ended),
  unlocked: has(STATE.locked),
  recalled: lacks(STATE.recalled),
  'recall-lifted': has(STATE.recalled),
  'registration-withdrawn': lacks(STATE.withdrawn),
  corrected: always,
  melted: mobile,
  dismantled: mobile,
  destroyed: mobile,
  'recovery-allowed': (standing) => there(standing) && !standing.recoverable,
  'recovery-forbidden': (standing) => there(standing) && standing.recoverable,
  'recovery-begun': (standing) => mobile(standing) && standing.recoverable && !standing.recovering,
  'recovery-cancelled': ({ recovering }) => recovering,
};
