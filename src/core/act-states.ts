// Owns how a piece or batch stands, as words: names for what its state's bits say, and why it does not move. The bits are
// the contract's (life.ts).
import type { Refusal } from './act.ts';
import type { BatchStanding, PieceStanding } from './act-standing.ts';
import { BATCH_FLAG, FLAG, IMMOBILE, STATE } from './life.ts';

const DAY_S = 24 * 60 * 60;

const STATES = {
  'reported-stolen': STATE.stolen,
  'reported-lost': STATE.lost,
  'reported-before': STATE.earlier,
  blocked: STATE.blocked,
  locked: STATE.locked,
  recalled: STATE.recalled,
  withdrawn: STATE.withdrawn,
  ended: STATE.ended,
} as const;
const FLAGS = { recoverable: FLAG.recoverable, recovering: FLAG.recovering } as const;
const BATCH_STATES = {
  split: BATCH_FLAG.split,
  ended: BATCH_FLAG.ended,
  recalled: BATCH_FLAG.recalled,
  withdrawn: BATCH_FLAG.withdrawn,
} as const;

export type StateName = keyof typeof STATES | keyof typeof FLAGS;
export type BatchStateName = keyof typeof BATCH_STATES;

const named = <N extends string>(names: Readonly<Record<N, number>>, bits: number): N[] =>
  (Object.keys(names) as N[]).filter((name) => (bits & names[name]) !== 0);

export function statesOf(state: number, flags: number): StateName[] {
  return [...named(STATES, state), ...named(FLAGS, flags)];
}

export function batchStatesOf(flags: number): BatchStateName[] {
  return named(BATCH_STATES, flags);
}

/** Block time from which a report blocks no more. */
export const lapsesAt = (day: number): number => (day + 1) * DAY_S;

/** Why the piece does not move now, or can not be ended; undefined if it can. */
export function immobile({ state, day }: PieceStanding): Refusal | undefined {
  if ((state & IMMOBILE) === 0) return undefined;
  return ['piece-blocked', `${whyImmobile(state, day)} Nothing was done.`];
}

function whyImmobile(state: number, day: number): string {
  if (state & STATE.ended) return 'The piece is at its end: it was melted, dismantled or destroyed.';
  if (state & STATE.locked) return 'An arbiter has locked the piece: until it is unlocked it does not move.';
  const what = state & STATE.stolen ? 'stolen' : state & STATE.lost ? 'lost' : undefined;
  const by = what === undefined ? 'An earlier owner reported the piece' : `The piece is reported ${what}`;
  const until = new Date(lapsesAt(day) * 1000).toISOString().slice(0, 10);
  return `${by}: it does not move until the report is withdrawn or dismissed, or has lapsed on ${until}.`;
}

/** What an act needs of the piece before anybody signs: states that must be there, and states that must not. */
export function unless(
  rules: readonly (readonly [StateName, 'is' | 'is not', string])[],
): (fields: unknown, standing: PieceStanding) => Refusal | undefined {
  return (_, { is }) => refusalIn(rules, is);
}

export function unlessBatch(
  rules: readonly (readonly [BatchStateName, 'is' | 'is not', string])[],
): (fields: unknown, standing: BatchStanding) => Refusal | undefined {
  return (_, { is }) => refusalIn(rules, is);
}

function refusalIn<N extends string>(
  rules: readonly (readonly [N, 'is' | 'is not', string])[],
  is: readonly N[],
): Refusal | undefined {
  const broken = rules.find(([state, when]) => is.includes(state) === (when === 'is'));
  return broken && ['not-applicable', `${broken[2]} Nothing was done.`];
}
