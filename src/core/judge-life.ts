// Owns what an evidence file tells of a piece's life besides its owners: that its parts fit each other, come to the standing
// it tells, and were everybody's to say; and how the piece stands by the latest that is known. Whether the chain has the
// same events is judge-life-history.ts's.
import { type Course, courseOf, type LifeStep, type PieceStanding } from './course.ts';
import { isBefore, type Placed } from './events.ts';
import type { Evidence } from './evidence.ts';
import { keccak, toHex, utf8 } from './hash.ts';
import { actorsFault } from './judge-actors.ts';
import { afterBatchEvent, BATCH_FLAG, batchFlagsAfter, ENDS, STATE } from './life.ts';
import type { JudgedCheck, VerdictCheck, Witness } from './verdict.ts';

type Life = Pick<Evidence, 'moves' | 'events' | 'batchEvents' | 'approvals'>;

/** The steps of a piece's life that a file tells, in the chain's order. */
function stepsTold({ moves, events, approvals }: Life): LifeStep[] {
  const steps: LifeStep[] = [
    ...moves.map((move) => ({
      ...move,
      what: 'moved' as const,
      ...(move.claim ? { recoverable: move.claim.recoverable } : {}),
    })),
    ...events.map((event) => ({ ...event, what: event.kind, to: event.contentHash })),
    ...approvals.map((one) => ({ ...one, what: 'approved' as const })),
  ];
  return steps.sort((a, b) => a.block - b.block || a.logIndex - b.logIndex);
}

export function courseTold(life: Life): Course {
  return courseOf(stepsTold(life), endOfBatch(life.batchEvents));
}

/** Where a batch ended with all pieces still in its range. */
export function endOfBatch<E extends Placed & Pick<Evidence['batchEvents'][number], 'kind'>>(
  events: readonly E[],
): E | undefined {
  return events.find(({ kind }) => ENDS.includes(kind));
}

/** Numbers without a gap, places in order, nothing twice, nothing before its birth or after the file's block. */
export function lifeFault(evidence: Evidence): string | undefined {
  const { events, batchEvents, approvals, pieceEvents, passes, batch, asOf } = evidence;
  if (pieceEvents !== events.length) return 'it counts other events than it tells';
  for (const [what, list] of [
    ['event', events],
    ['event of the batch', batchEvents],
  ] as const) {
    const wrong = list.findIndex(({ number }, i) => number !== i + 1);
    if (wrong >= 0) return `${what} ${wrong + 1} is missing or stands elsewhere`;
  }
  const lists: readonly (readonly Placed[])[] = [events, batchEvents, approvals];
  for (const list of lists) {
    const late = list.some((one, i) => one.block > asOf.block || !isBefore(list[i - 1] ?? batch.anchored, one));
    if (late) return 'what happened to it is not in order, or not between its birth and the file’s block';
  }
  const places = [...lists.flat(), ...passes, ...evidence.moves].map(({ block, logIndex }) => `${block} ${logIndex}`);
  if (new Set(places).size !== places.length) return 'two things stand at one place';
  return rangeFault(evidence);
}

/** A piece passes on with its range until it leaves it, and a range that ended doesn't. */
function rangeFault(evidence: Evidence): string | undefined {
  const last = evidence.passes.at(-1);
  if (!last) return undefined;
  const { departed } = courseTold(evidence);
  if (departed && isBefore(departed, last)) return 'it passed on with a range that it had left';
  const ended = endOfBatch(evidence.batchEvents);
  return ended && isBefore(ended, last) ? 'it passed on with a batch that had ended' : undefined;
}

/** Left out where the parts are not in order: there is nothing to reckon with then. */
export function lifeInOrder(evidence: Evidence): JudgedCheck[] {
  const { standing: told, batchEvents, approvals } = evidence;
  const { standing, fault, telling } = courseTold(evidence);
  const same = isSameStanding(told, standing) && told.batchFlags === batchFlagsAfter(batchEvents);
  const idle = telling.length === approvals.length ? undefined : 'an approval that changed nothing';
  return [
    resultOf('standing-as-told', same ? undefined : 'it does not stand as what happened to it comes to'),
    resultOf('events-permitted', fault ?? idle ?? batchCourseFault(batchEvents) ?? actorsFault(evidence)),
  ];
}

export function isSameStanding(a: PieceStanding, b: PieceStanding): boolean {
  const same = a.state === b.state && a.day === b.day;
  return same && a.recoverable === b.recoverable && a.recovering === b.recovering;
}

/** Whatever is said of a batch changes how it stands. */
function batchCourseFault(events: Evidence['batchEvents']): string | undefined {
  let flags = 0;
  for (const { kind } of events) {
    const next = afterBatchEvent(flags, kind);
    if (next === flags) return `${kind} of the batch, which could not be as it stood`;
    flags = next;
  }
  return undefined;
}

function resultOf(name: VerdictCheck, fault: string | undefined): JudgedCheck {
  return fault === undefined ? { name, result: 'pass' } : { name, result: 'fail', detail: fault };
}

/** What holds by itself, and how the piece stands. */
export function judgeLife(evidence: Evidence, witness: Witness | undefined): JudgedCheck[] {
  const wrong = evidence.events.find(
    ({ statement, contentHash }) => statement !== null && toHex(keccak(utf8(statement))) !== contentHash,
  );
  return [
    resultOf('statements-genuine', wrong && `the statement of event ${wrong.number} is not the one it was signed with`),
    ...standingChecks(evidence, witness),
    notCorrected(evidence, witness),
  ];
}

interface Latest extends PieceStanding {
  readonly batchFlags: number;
}

/** The node's word, unless it knows less of the piece than the file. */
function latestOf({ passes, moves, events, batchEvents }: Evidence, witness: Witness | undefined): Latest | undefined {
  const { piece, batch } = witness ?? {};
  if (!piece || !batch) return undefined;
  const behind =
    piece.moves < passes.length + moves.length ||
    piece.events < events.length ||
    batch.batchEvents < batchEvents.length;
  return behind ? undefined : { ...piece, batchFlags: batch.flags };
}

function standingChecks(evidence: Evidence, witness: Witness | undefined): JudgedCheck[] {
  const latest = latestOf(evidence, witness);
  const { state, recovering, batchFlags } = latest ?? evidence.standing;
  const check = (name: VerdictCheck, warnings: readonly (string | false)[]): JudgedCheck => {
    const detail = warnings.filter((one) => one !== false).join('; ');
    if (detail !== '') return { name, result: 'warn', detail };
    if (latest) return { name, result: 'pass' };
    return { name, result: 'unknown', detail: 'not by the file; no node that knows as much was there to say so' };
  };
  const is = (bit: number, words: string) => (state & bit) !== 0 && words;
  const isBatch = (bit: number, words: string) => (batchFlags & bit) !== 0 && words;
  return [
    check('not-reported', [
      is(STATE.stolen, 'its owner reported it stolen'),
      is(STATE.lost, 'its owner reported it lost'),
      is(STATE.earlier, 'an earlier owner reported it stolen or lost, which nobody took back'),
    ]),
    check('not-blocked', [
      is(STATE.blocked, 'a report keeps it from changing hands'),
      is(STATE.locked, 'an arbiter keeps it from changing hands'),
    ]),
    check('not-recalled', [
      is(STATE.recalled, 'it was recalled'),
      isBatch(BATCH_FLAG.recalled, 'its whole batch was recalled'),
    ]),
    check('registration-stands', [
      is(STATE.withdrawn, 'who registered it has withdrawn that'),
      isBatch(BATCH_FLAG.withdrawn, 'who registered its batch has withdrawn that'),
    ]),
    check('not-ended', [is(STATE.ended, 'the piece is no more: melted, dismantled or destroyed')]),
    check('no-recovery-under-way', [recovering && 'it is about to be given to somebody else: a lost key is recovered']),
  ];
}

/** What the record says was corrected since: nothing wrong, but to be read. */
function notCorrected({ events }: Evidence, witness: Witness | undefined): JudgedCheck {
  const name = 'not-corrected';
  const known = witness?.events?.filter((event) => event.kind === 'life') ?? [];
  const isCorrection = ({ event }: (typeof known)[number]) => event === CORRECTED;
  const times = Math.max(events.filter(({ kind }) => kind === 'corrected').length, known.filter(isCorrection).length);
  if (times > 0) {
    const detail = `its record was corrected ${times === 1 ? 'once' : `${times} times`}: read what the corrections say`;
    return { name, result: 'warn', detail };
  }
  if (witness?.events || witness?.piece?.events === 0) return { name, result: 'pass' };
  return { name, result: 'unknown', detail: 'not by the file; no node gave logs to say so' };
}

const CORRECTED = 43;
