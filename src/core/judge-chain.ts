// Owns what a node says about an evidence file: that the batch is registered, that the file leaves nothing out and adds
// nothing, and what has happened since. Without a witness everything here is unknown.
import { type BatchHeader, batchIdOf } from './batch.ts';
import { prefixCovers } from './code.ts';
import type { Evidence } from './evidence.ts';
import { isBefore, recordIn, result } from './judge-file.ts';
import type { JudgedCheck, TimedEvent, VerdictCheck, Witness } from './verdict.ts';

const AWAY = 'no node was asked, or it could not be reached';
const NO_LOGS = 'the node gave no logs';

export function judgeChain(evidence: Evidence, witness: Witness | undefined): JudgedCheck[] {
  const published: VerdictCheck[] = evidence.batch.header.mode === 1 ? ['payload-published'] : [];
  if (!witness) {
    const names: VerdictCheck[] = [
      'node-reached',
      'same-chain',
      'anchored',
      'final',
      'history-complete',
      'nothing-since',
      'code-belongs-to-registrant',
      'registrant-in-good-standing',
      ...published,
    ];
    const unknown = names.map((name): JudgedCheck => ({ name, result: 'unknown', detail: AWAY }));
    return [...unknown, ...codeBelongs(evidence, undefined), singleRecord(evidence)];
  }
  return [
    { name: 'node-reached', result: 'pass' },
    sameChain(evidence, witness),
    anchored(evidence, witness),
    final(evidence, witness),
    historyComplete(evidence, witness),
    nothingSince(evidence, witness),
    ...codeBelongs(evidence, witness),
    goodStanding(evidence, witness),
    ...published.map(() => payloadPublished(witness)),
    singleRecord(evidence),
  ];
}

function unknown(name: VerdictCheck, detail: string): JudgedCheck {
  return { name, result: 'unknown', detail };
}

function sameChain({ chain, asOf }: Evidence, witness: Witness): JudgedCheck {
  const name = 'same-chain';
  if (witness.chainId !== chain.chainId) return result(name, `the node is on chain ${witness.chainId}`);
  if (witness.genesis !== chain.genesis) return result(name, 'the node is on a chain with another first block');
  const { registry, asOfHash } = witness;
  if (!registry) return result(name, 'there is no registry of this version at the address the file names');
  if (registry.organisations !== chain.organisations || registry.certificates !== chain.certificates) {
    return result(name, 'the registry works with other contracts than the file names');
  }
  if (asOfHash === null) return unknown(name, `the node has not seen block ${asOf.block} yet`);
  return result(name, asOfHash === asOf.blockHash ? undefined : `block ${asOf.block} is another one there`);
}

/** State says that the batch is registered; logs, when and by which key. */
function anchored({ batch }: Evidence, { batch: found, events }: Witness): JudgedCheck {
  const name = 'anchored';
  if (!found) return result(name, 'the registry knows no such batch');
  if (found.count !== batch.header.count) return result(name, 'the registry has another number of pieces in it');
  if (!events) return result(name, undefined);
  const id = batchIdOf(batch.header as BatchHeader);
  const log = events.find((event) => event.kind === 'batch' && event.batchId === id);
  const told = log?.kind === 'batch' && isAt(log, batch.anchored) && log.key === batch.anchored.key;
  return result(name, told ? undefined : 'it was registered at another time, or by another key, than the file says');
}

function final({ batch, moves }: Evidence, { finalBlock }: Witness): JudgedCheck {
  const last = moves.at(-1) ?? batch.anchored;
  if (last.block <= finalBlock) return { name: 'final', result: 'pass' };
  return unknown('final', `what block ${last.block} says could still be undone`);
}

interface Placed {
  readonly block: number;
  readonly logIndex: number;
  readonly time: number;
  readonly transaction: string;
}

export function isAt(event: TimedEvent, told: Placed): boolean {
  return (
    event.block === told.block &&
    event.logIndex === told.logIndex &&
    event.time === told.time &&
    event.transaction === told.transaction
  );
}

/** Up to its block the file tells every move of the piece and every event of its organisations, and no other. */
function historyComplete(evidence: Evidence, { events, piece, batch }: Witness): JudgedCheck {
  const name = 'history-complete';
  const { moves, asOf } = evidence;
  if (!piece) return result(name, 'the registry knows no such piece');
  if (piece.moves < moves.length) return result(name, `the piece has moved ${piece.moves} times, not ${moves.length}`);
  if (piece.events !== 0 || batch?.events !== 0) return unknown(name, 'it has events that this version does not know');
  if (!events) {
    if (piece.moves > moves.length) return unknown(name, NO_LOGS);
    return result(name, piece.owner === evidence.owner ? undefined : 'the owner is another one');
  }
  const until = events.filter((event) => event.block <= asOf.block);
  const moved = until.flatMap((event) => (event.kind === 'move' && event.tokenId === evidence.tokenId ? [event] : []));
  if (moved.length !== moves.length) return result(name, `the piece had moved ${moved.length} times by then`);
  const differs = moved.findIndex((event, i) => {
    const told = moves[i];
    return !told || !isAt(event, told) || event.from !== told.from || event.to !== told.to;
  });
  if (differs >= 0) return result(name, `move ${differs + 1} happened otherwise`);
  return result(name, organisationsTold(evidence, until));
}

function organisationsTold({ organisations }: Evidence, until: readonly TimedEvent[]): string | undefined {
  for (const { address, handle, events: told } of organisations) {
    const said = until.filter((event) => event.kind === 'organisation' && event.organisation === address);
    const same =
      said.length === told.length &&
      said.every((event, i) => {
        const other = told[i];
        return (
          event.kind === 'organisation' &&
          other !== undefined &&
          isAt(event, other) &&
          event.name === other.name &&
          alike(event.data, other.data)
        );
      });
    if (!same) return `what happened to the organisation ${handle} is told otherwise`;
  }
  return undefined;
}

function alike(a: object, b: object): boolean {
  const text = (value: object) => JSON.stringify(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)));
  return text(a) === text(b);
}

function nothingSince({ moves, owner }: Evidence, { piece }: Witness): JudgedCheck {
  const name = 'nothing-since';
  if (!piece) return unknown(name, 'the registry knows no such piece');
  if (piece.moves > moves.length) {
    const times = piece.moves - moves.length;
    return {
      name,
      result: 'warn',
      detail: `the piece has moved ${times} more ${times === 1 ? 'time' : 'times'} since`,
    };
  }
  return result(name, piece.owner === owner ? undefined : 'the owner is another one');
}

/** An own code is its handle's; a GTIN is of whoever held the longest prefix that covers it when the batch was anchored. */
function codeBelongs(evidence: Evidence, witness: Witness | undefined): JudgedCheck[] {
  const name = 'code-belongs-to-registrant';
  const record = recordIn(evidence);
  const { organisation } = evidence.batch.header;
  if (!record) return [result(name, 'there is no record to take the code from')];
  const { code } = record;
  if ('handle' in code) {
    const registrant = evidence.organisations.find((one) => one.address === organisation);
    const own = registrant?.handle === code.handle;
    // The address follows from the handle, so no node needs to be asked who that is.
    return [result(name, own ? undefined : `the code is of ${code.handle}, not of its registrant`)];
  }
  const told = holderOf(code.gtin, evidence.prefixes, evidence.batch.anchored);
  if (told !== organisation) return [result(name, "the GTIN's prefix is not its registrant's")];
  if (!witness) return [];
  if (!witness.events) return [unknown(name, NO_LOGS)];
  const said = witness.events.flatMap((event) => {
    if (event.kind !== 'organisation') return [];
    if (event.name !== 'PrefixGranted' && event.name !== 'PrefixWithdrawn') return [];
    const prefix = String((event.data as { prefix?: unknown }).prefix).slice(1);
    return [{ ...event, prefix }];
  });
  const holder = holderOf(code.gtin, said, evidence.batch.anchored);
  return [result(name, holder === organisation ? undefined : "the GTIN's prefix was not its registrant's")];
}

interface PrefixEvent {
  readonly name: string;
  readonly prefix: string;
  readonly organisation: string;
  readonly block: number;
  readonly logIndex: number;
}

function holderOf(
  gtin: string,
  events: readonly PrefixEvent[],
  anchoredAt: { block: number; logIndex: number },
): string | undefined {
  const holders = new Map<string, string>();
  for (const event of events) {
    if (!isBefore(event, anchoredAt) || !prefixCovers(event.prefix, gtin)) continue;
    if (event.name === 'PrefixGranted') holders.set(event.prefix, event.organisation);
    else holders.delete(event.prefix);
  }
  const [longest] = [...holders].sort(([a], [b]) => b.length - a.length);
  return longest?.[1];
}

function goodStanding({ batch }: Evidence, { events }: Witness): JudgedCheck {
  const name = 'registrant-in-good-standing';
  if (!events) return unknown(name, NO_LOGS);
  const last = events.findLast(
    (event) =>
      event.kind === 'organisation' &&
      event.organisation === batch.header.organisation &&
      (event.name === 'OrganisationSuspended' || event.name === 'OrganisationReinstated'),
  );
  if (last?.kind !== 'organisation' || last.name !== 'OrganisationSuspended') return { name, result: 'pass' };
  const detail = 'its registrant is suspended by now; what it registered before stays what it was';
  return { name, result: 'warn', detail };
}

function payloadPublished({ payload }: Witness): JudgedCheck {
  const name = 'payload-published';
  if (payload === 'complete') return { name, result: 'pass' };
  if (payload === 'not-read') return unknown(name, 'nobody read the batch back from the chain');
  if (payload === 'incomplete') return { name, result: 'warn', detail: 'not all of the batch is on the chain' };
  return { name, result: 'fail', detail: 'what is on the chain is not what the batch committed to' };
}

/** A file can show a conflict; that there is none, it can't. */
function singleRecord({ conflicts }: Evidence): JudgedCheck {
  const name = 'single-record';
  if (conflicts.length === 0) return unknown(name, 'a file can not show that no other record has this code');
  return { name, result: 'warn', detail: `${conflicts.length} more under the same code` };
}
