// Owns whether a file tells everything up to its block and nothing else: every pass and move of the piece,
// everything else that happened to it (by judge-life-history.ts), every event of its organisations, every grant of a prefix that could cover its code.
import { splitTokenId } from './batch.ts';
import { prefixCovers } from './code.ts';
import type { Evidence } from './evidence.ts';
import { denied, footingOf, isAt, unknown } from './footing.ts';
import { involved, result } from './judge-file.ts';
import { isSameStanding } from './judge-life.ts';
import { lifeContradiction, lifeLogsOf, lifeToldOtherwise } from './judge-life-history.ts';
import { BATCH_FLAG } from './life.ts';
import type { PieceRecord } from './record.ts';
import type { JudgedCheck, TimedEvent, Witness } from './verdict.ts';

type OrganisationEvent = TimedEvent & { readonly kind: 'organisation' };

const NAME = 'history-complete';

export function historyComplete(evidence: Evidence, record: PieceRecord | undefined, witness: Witness): JudgedCheck {
  const { asOf, batch } = evidence;
  const { events, piece } = witness;
  const told = timesTold(evidence);
  const footing = footingOf(evidence, witness);
  if (!piece) return unregistered(batch.index, footing === 'behind', witness);
  if (piece.moves < told) {
    return denied(NAME, footing, `the piece has moved ${piece.moves} times, not ${told}`);
  }
  const { events: more, batchEvents } = happenedSince(evidence, witness);
  if (more < 0 || batchEvents < 0) return denied(NAME, footing, 'less happened to the piece than it tells');
  const stands = standsOtherwise(evidence, witness);
  if (stands !== undefined) return denied(NAME, footing, stands);
  if (!events) return unknown(NAME, 'the node gave no logs');
  const passed = passesOf(evidence, events);
  const logs = lifeLogsOf(evidence, events);
  const moved = logs.moves;
  const last = moved.at(-1)?.to ?? passed.at(-1)?.to ?? batch.header.organisation;
  if (passed.length + moved.length !== piece.moves || last !== piece.owner) {
    return unknown(NAME, 'the node contradicts itself');
  }
  const contradiction = lifeContradiction(logs, witness);
  if (contradiction !== undefined) return unknown(NAME, contradiction);
  const until = upTo(asOf.block, events);
  const fault =
    happenedAsTold('passed on with its range', 'pass', evidence.passes, upTo(asOf.block, passed)) ??
    happenedAsTold('moved', 'move', evidence.moves, upTo(asOf.block, moved)) ??
    lifeToldOtherwise(evidence, logs) ??
    organisationsTold(evidence, until) ??
    prefixesTold(evidence, record, until);
  return fault === undefined ? result(NAME, undefined) : denied(NAME, footing, fault);
}

function unregistered(index: number, isBehind: boolean, { batch }: Witness): JudgedCheck {
  if (batch && index < batch.count) return unknown(NAME, 'the node contradicts itself');
  return isBehind
    ? unknown(NAME, 'the node knows no such piece yet')
    : result(NAME, 'the registry knows no such piece');
}

/** How often the piece has changed hands by what the file tells, with its range or by itself: so the registry counts. */
export function timesTold({ passes, moves }: Evidence): number {
  return passes.length + moves.length;
}

export interface Since {
  readonly moves: number;
  readonly events: number;
  readonly batchEvents: number;
}

/** How much more the registry counts than the file. */
export function happenedSince(evidence: Evidence, { piece, batch }: Witness): Since {
  return {
    moves: (piece?.moves ?? 0) - timesTold(evidence),
    events: (piece?.events ?? 0) - evidence.events.length,
    batchEvents: (batch?.batchEvents ?? 0) - evidence.batchEvents.length,
  };
}

/**
 * How the registry has the piece otherwise, though it counts no more of it. An approval is not counted, and may have ended
 * a recovery since.
 */
export function standsOtherwise(evidence: Evidence, witness: Witness): string | undefined {
  const { piece, batch } = witness;
  const { moves, events, batchEvents } = happenedSince(evidence, witness);
  if (!piece || moves !== 0) return undefined;
  if (piece.owner !== evidence.owner) return 'the owner is another one';
  if (!batch || events !== 0 || batchEvents !== 0) return undefined;
  const told = { ...evidence.standing, recovering: evidence.standing.recovering && piece.recovering };
  const same = isSameStanding(told, piece) && told.batchFlags === (batch.flags & ~BATCH_FLAG.split);
  return same ? undefined : 'the piece stands otherwise';
}

/** Times the piece changed hands with its range, as the node tells them. */
function passesOf({ batch, tokenId }: Evidence, events: readonly TimedEvent[]) {
  const { batchId } = splitTokenId(tokenId);
  return events.flatMap((event) => {
    const isOfPiece = event.kind === 'run' && event.batchId === batchId;
    return isOfPiece && event.first <= batch.index && batch.index <= event.last ? [event] : [];
  });
}

function upTo<E extends TimedEvent>(block: number, events: readonly E[]): E[] {
  return events.filter((event) => event.block <= block);
}

function happenedAsTold(
  did: string,
  what: string,
  told: Evidence['passes'],
  happened: readonly (TimedEvent & { readonly from: string; readonly to: string })[],
): string | undefined {
  if (happened.length !== told.length) return `the piece had ${did} ${happened.length} times by then`;
  const differs = happened.findIndex((event, i) => {
    const one = told[i];
    return !one || !isAt(event, one) || event.from !== one.from || event.to !== one.to;
  });
  return differs < 0 ? undefined : `${what} ${differs + 1} happened otherwise`;
}

function organisationsTold(evidence: Evidence, until: readonly TimedEvent[]): string | undefined {
  const said = Map.groupBy(
    until.flatMap((event) => (event.kind === 'organisation' ? [event] : [])),
    (event) => event.organisation,
  );
  const other = evidence.organisations.find(({ address, events }) => !isTold(said.get(address) ?? [], events));
  if (other) return `what happened to the organisation ${other.handle} is told otherwise`;
  const listed = new Set(evidence.organisations.map(({ address }) => address));
  const left = [...involved(evidence)].find((address) => !listed.has(address) && said.has(address));
  return left === undefined ? undefined : `it leaves out that ${left} is an organisation`;
}

function isTold(said: readonly OrganisationEvent[], told: Evidence['organisations'][number]['events']): boolean {
  if (said.length !== told.length) return false;
  return said.every((event, i) => {
    const other = told[i];
    return other !== undefined && isAt(event, other) && event.name === other.name && alike(event.data, other.data);
  });
}

/** Both hold texts and numbers only. */
function alike(a: object, b: object): boolean {
  const [entries, other] = [Object.entries(a), new Map<string, unknown>(Object.entries(b))];
  return entries.length === other.size && entries.every(([name, value]) => other.get(name) === value);
}

function prefixesTold(
  { prefixes }: Evidence,
  record: PieceRecord | undefined,
  until: readonly TimedEvent[],
): string | undefined {
  const code = record?.code;
  const said = code && 'gtin' in code ? prefixEventsOf(until, code.gtin) : [];
  const same =
    said.length === prefixes.length &&
    said.every((event, i) => {
      const told = prefixes[i] as Evidence['prefixes'][number];
      const matches = event.name === told.name && event.prefix === told.prefix;
      return matches && event.organisation === told.organisation && isAt(event, told);
    });
  return same ? undefined : 'what happened to the prefixes of its code is told otherwise';
}

/** Grants and withdrawals of prefixes that cover a GTIN, with the prefix as its digits. */
export function prefixEventsOf(events: readonly TimedEvent[], gtin: string) {
  return events.flatMap((event) => {
    if (event.kind !== 'organisation') return [];
    if (event.name !== 'PrefixGranted' && event.name !== 'PrefixWithdrawn') return [];
    // On the chain a prefix is the number written by a 1 and its digits.
    const prefix = String((event.data as { prefix?: unknown }).prefix).slice(1);
    return prefixCovers(prefix, gtin) ? [{ ...event, prefix }] : [];
  });
}
