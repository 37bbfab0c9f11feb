// Owns what a node says about an evidence file, certificates aside: that the batch is registered, what has happened
// since, and who is in good standing. Without a witness everything here is unknown.
import { type BatchHeader, batchIdOf } from './batch.ts';
import type { Evidence } from './evidence.ts';
import { denied, footingOf, isAt, unknown } from './footing.ts';
import { codeBelongs } from './judge-code.ts';
import { result } from './judge-file.ts';
import { happenedSince, historyComplete, standsOtherwise } from './judge-history.ts';
import type { PieceRecord } from './record.ts';
import type { JudgedCheck, VerdictCheck, Witness } from './verdict.ts';

const AWAY = 'no node was asked, or it could not be reached';

export function judgeChain(
  evidence: Evidence,
  record: PieceRecord | undefined,
  witness: Witness | undefined,
): JudgedCheck[] {
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
    const away = names.map((name) => unknown(name, AWAY));
    return [...away, ...codeBelongs(evidence, record, undefined), singleRecord(evidence, undefined)];
  }
  return [
    { name: 'node-reached', result: 'pass' },
    sameChain(evidence, witness),
    anchored(evidence, witness),
    final(evidence, witness),
    historyComplete(evidence, record, witness),
    nothingSince(evidence, witness),
    ...codeBelongs(evidence, record, witness),
    goodStanding(evidence, witness),
    ...published.map(() => payloadPublished(witness)),
    singleRecord(evidence, witness),
  ];
}

function sameChain(evidence: Evidence, witness: Witness): JudgedCheck {
  const name = 'same-chain';
  const { chain, asOf } = evidence;
  if (witness.chainId !== chain.chainId) return result(name, `the node is on chain ${witness.chainId}`);
  if (witness.genesis !== chain.genesis) return result(name, 'the node is on a chain with another first block');
  const { registry } = witness;
  const footing = footingOf(evidence, witness);
  if (!registry && footing === 'behind') return unknown(name, 'the node has not seen the registry yet');
  if (!registry) return result(name, 'there is no registry of this version at the address the file names');
  const names = ['organisations', 'certificates', 'lots', 'lifeEvents'] as const;
  if (names.some((contract) => registry[contract] !== chain[contract])) {
    return result(name, 'the registry works with other contracts than the file names');
  }
  switch (footing) {
    case 'behind':
      return unknown(name, `the node has not seen block ${asOf.block} yet`);
    case 'other':
      // The block may have been given up by the chain after an honest file was made.
      return unknown(name, `block ${asOf.block} is another one there: ask for a new file`);
    case 'same':
      return result(name, witness.asOf?.time === asOf.time ? undefined : `block ${asOf.block} has another time`);
  }
}

/** State says that the batch is registered; logs, when and by which key. */
function anchored(evidence: Evidence, witness: Witness): JudgedCheck {
  const name = 'anchored';
  const { header, anchored: told } = evidence.batch;
  const { batch: found, events, piece } = witness;
  const footing = footingOf(evidence, witness);
  const id = batchIdOf(header as BatchHeader);
  const log = events?.find((event) => event.kind === 'batch' && event.batchId === id);
  if (!found) {
    if (log || piece) return unknown(name, CONTRADICTS);
    // Not even an honest file of a block given up is about a piece of this registry then.
    return footing === 'behind' ? unknown(name, NOT_YET) : result(name, 'the registry knows no such batch');
  }
  // The id commits to both, the holder until the batch passes on: a registry that says otherwise is another contract, or
  // the node is lying.
  if (found.count !== header.count || (found.events === 0 && found.holder !== header.organisation)) {
    return result(name, 'the registry has another batch under this id');
  }
  if (!events) return unknown(name, 'it is registered; when and by which key, no log was there to say');
  if (log?.kind !== 'batch') return unknown(name, CONTRADICTS);
  if (isAt(log, told) && log.key === told.key) return result(name, undefined);
  return denied(name, footing, 'it was registered at another time, or by another key, than the file says');
}

const CONTRADICTS = 'the node contradicts itself';
const NOT_YET = 'the node knows no such batch yet';

function final({ batch, moves, passes, events, batchEvents, approvals }: Evidence, witness: Witness): JudgedCheck {
  const lasts = [moves, passes, events, batchEvents, approvals].map((list) => list.at(-1)?.block ?? 0);
  const last = Math.max(batch.anchored.block, ...lasts);
  if (last <= witness.finalBlock) return { name: 'final', result: 'pass' };
  return unknown('final', `what block ${last} says could still be undone`);
}

function nothingSince(evidence: Evidence, witness: Witness): JudgedCheck {
  const name = 'nothing-since';
  const { piece } = witness;
  const since = happenedSince(evidence, witness);
  if (!piece || Object.values(since).some((more) => more < 0)) {
    return unknown(name, 'the node knows less of the piece than the file');
  }
  const { moves, events, batchEvents } = since;
  const news = [
    ...(moves > 0 ? [`it has moved ${times(moves)} since`] : []),
    ...(events > 0 ? [`something else happened to it ${times(events)} since`] : []),
    ...(batchEvents > 0 ? [`something was said of its batch ${times(batchEvents)} since`] : []),
  ];
  if (news.length > 0) return { name, result: 'warn', detail: news.join('; ') };
  const stands = standsOtherwise(evidence, witness);
  if (stands !== undefined) return denied(name, footingOf(evidence, witness), stands);
  if (piece.recovering === evidence.standing.recovering) return result(name, undefined);
  return { name, result: 'warn', detail: 'its owner has ended the recovery that was under way' };
}

const times = (count: number) => (count === 1 ? 'once' : `${count} times`);

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

/** A file can show a conflict, as far as the registry knows its batch; that there is none, it can't. */
function singleRecord(evidence: Evidence, witness: Witness | undefined): JudgedCheck {
  const name = 'single-record';
  const { conflicts } = evidence;
  if (conflicts.length === 0) return unknown(name, 'a file can not show that no other record has this code');
  if (!witness) return unknown(name, AWAY);
  if (conflicts.some(({ header }, i) => witness.conflicts[i] !== header.count)) {
    const footing = footingOf(evidence, witness);
    return denied(name, footing, 'another record it shows was never registered');
  }
  return { name, result: 'warn', detail: `${conflicts.length} more under the same code` };
}

const NO_LOGS = 'the node gave no logs';
