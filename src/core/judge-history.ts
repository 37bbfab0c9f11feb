// Owns whether a file tells everything up to its block and nothing else: every move of the piece, every event of its
// organisations, every grant of a prefix that could cover its code.
import { splitTokenId } from './batch.ts';
import { prefixCovers } from './code.ts';
import type { Evidence } from './evidence.ts';
import { denied, footingOf, isAt, unknown } from './footing.ts';
import { involved, result } from './judge-file.ts';
import type { PieceRecord } from './record.ts';
import type { JudgedCheck, TimedEvent, Witness } from './verdict.ts';

type OrganisationEvent = TimedEvent & { readonly kind: 'organisation' };

const NAME = 'history-complete';

export function historyComplete(evidence: Evidence, record: PieceRecord | undefined, witness: Witness): JudgedCheck {
  const { moves, asOf, batch } = evidence;
  const { events, piece } = witness;
  const footing = footingOf(evidence, witness);
  if (!piece) return unregistered(batch.index, footing === 'behind', witness);
  if (piece.moves < moves.length) {
    return denied(NAME, footing, `the piece has moved ${piece.moves} times, not ${moves.length}`);
  }
  if (piece.events !== 0) {
    return unknown(NAME, 'it has events that this version does not know');
  }
  if (!events) {
    if (piece.moves === 0 || piece.moves > moves.length || piece.owner === evidence.owner) {
      return unknown(NAME, 'the node gave no logs');
    }
    return denied(NAME, footing, 'the owner is another one');
  }
  const passed = passesOf(evidence, witness);
  const moved = events.flatMap((event) => (event.kind === 'move' && event.tokenId === evidence.tokenId ? [event] : []));
  const last = moved.at(-1)?.to ?? passed.at(-1)?.to ?? batch.header.organisation;
  if (moved.length !== piece.moves || last !== piece.owner) return unknown(NAME, 'the node contradicts itself');
  const until = events.filter((event) => event.block <= asOf.block);
  const fault =
    movesTold(evidence, moved) ??
    passesTold(evidence, passed) ??
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

type Run = TimedEvent & { readonly kind: 'run' };

/** Times the piece changed hands with its range, as the node tells them. */
export function passesOf({ batch, tokenId }: Evidence, { events }: Witness): Run[] {
  const { batchId } = splitTokenId(tokenId);
  const covers = (event: Run) => event.batchId === batchId && event.first <= batch.index && batch.index <= event.last;
  return (events ?? []).flatMap((event) => (event.kind === 'run' && covers(event) ? [event] : []));
}

function passesTold({ passes, asOf }: Evidence, all: readonly Run[]): string | undefined {
  const passed = all.filter((event) => event.block <= asOf.block);
  if (passed.length !== passes.length) return `the piece had passed on with its range ${passed.length} times by then`;
  const differs = passed.findIndex((event, i) => {
    const told = passes[i];
    return !told || !isAt(event, told) || event.from !== told.from || event.to !== told.to;
  });
  return differs < 0 ? undefined : `pass ${differs + 1} happened otherwise`;
}

function movesTold({ moves, asOf }: Evidence, all: readonly (TimedEvent & { kind: 'move' })[]): string | undefined {
  const moved = all.filter((event) => event.block <= asOf.block);
  if (moved.length !== moves.length) return `the piece had moved ${moved.length} times by then`;
  const differs = moved.findIndex((event, i) => {
    const told = moves[i];
    return !told || !isAt(event, told) || event.from !== told.from || event.to !== told.to;
  });
  return differs < 0 ? undefined : `move ${differs + 1} happened otherwise`;
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
