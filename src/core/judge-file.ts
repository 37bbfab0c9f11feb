// Owns what an evidence file shows by itself: that its parts fit each other. A file that fits may still be invented from
// end to end; whether the chain says the same is judge-chain.ts's.
import { type BatchHeader, batchIdOf, tokenIdOf } from './batch.ts';
import type { CanonicalText } from './canonical.ts';
import type { Evidence } from './evidence.ts';
import type { Hex32 } from './hash.ts';
import { leafBytes, verifyProof } from './merkle.ts';
import { organisationAddressOf } from './organisation-address.ts';
import { canonicalRecord, hashRecord, type PieceRecord, parseRecord } from './record.ts';
import type { JudgedCheck, VerdictCheck } from './verdict.ts';

/** The record in a file, if its text is exactly the canonical form of one. */
export function recordIn({ record: text }: Evidence): PieceRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
    const parsed = parseRecord(value);
    return parsed.ok && canonicalRecord(parsed.record) === text ? parsed.record : undefined;
  } catch {
    return undefined;
  }
}

export function judgeFile(evidence: Evidence): JudgedCheck[] {
  return [recordInBatch(evidence), tokenOfBatch(evidence), ...organisationsKnown(evidence), ...inOrder(evidence)];
}

export function result(name: VerdictCheck, fault: string | undefined): JudgedCheck {
  return fault === undefined ? { name, result: 'pass' } : { name, result: 'fail', detail: fault };
}

/** Leaf, proof and root: the record is one of those the organisation committed to. */
function recordInBatch(evidence: Evidence): JudgedCheck {
  const { batch, record } = evidence;
  const { header, index, claimKey, extra, proof } = batch;
  const name = 'record-in-batch';
  if (!recordIn(evidence)) return result(name, 'the record is not a record of this format in canonical form');
  if (index >= header.count) return result(name, `index ${index} is beyond the batch's ${header.count} pieces`);
  const recordHash = hashRecord(record as CanonicalText);
  const leaf = leafBytes({ organisation: header.organisation, index, recordHash, claimKey, extra: extra as Hex32 });
  const leads = verifyProof(leaf, proof, header.root as BatchHeader['root']);
  return result(name, leads ? undefined : "the record's leaf does not lead to the batch's root");
}

function tokenOfBatch({ batch, tokenId }: Evidence): JudgedCheck {
  const follows = tokenIdOf(batchIdOf(batch.header as BatchHeader), batch.index) === tokenId;
  return result('token-of-batch', follows ? undefined : 'the token id does not follow from batch and index');
}

/** An organisation's address follows from its handle, so nobody can lend himself another's. */
function organisationsKnown({ organisations, chain, batch }: Evidence): JudgedCheck[] {
  const name = 'organisations-known';
  const addresses = organisations.map((one) => one.address);
  if (new Set(addresses).size !== addresses.length) return [result(name, 'an organisation stands in it twice')];
  const wrong = organisations.find(
    (one) => organisationAddressOf(chain.chainId, chain.organisations, one.handle) !== one.address,
  );
  if (wrong) return [result(name, `${wrong.address} is not the address of an organisation ${wrong.handle}`)];
  const registrant = addresses.includes(batch.header.organisation);
  return [result(name, registrant ? undefined : 'the registrant is not among its organisations')];
}

interface Placed {
  readonly block: number;
  readonly logIndex: number;
}

export function isBefore(a: Placed, b: Placed): boolean {
  return a.block < b.block || (a.block === b.block && a.logIndex < b.logIndex);
}

/** Moves are numbered without a gap, each from whoever had it, in the chain's order, from its birth to the file's block. */
function inOrder({ moves, batch, owner, asOf, rangeEvents, pieceEvents }: Evidence): JudgedCheck[] {
  const name = 'events-in-order';
  let before: Placed = batch.anchored;
  let keeper: string = batch.header.organisation;
  if (batch.anchored.block > asOf.block) return [result(name, 'it was registered after the block the file is as of')];
  for (const [i, move] of moves.entries()) {
    if (move.number !== i + 1) return [result(name, `move ${i + 1} is missing or stands elsewhere`)];
    if (move.from !== keeper) return [result(name, `move ${move.number} is not from whoever had the piece`)];
    if (!isBefore(before, move)) return [result(name, `move ${move.number} is not later than what came before it`)];
    if (move.block > asOf.block) return [result(name, `move ${move.number} is later than the file's block`)];
    keeper = move.to;
    before = move;
  }
  if (rangeEvents !== 0 || pieceEvents !== 0) {
    return [result(name, 'it counts events of a kind that this version does not know')];
  }
  const told = keeper === owner;
  return [
    result(name, undefined),
    result('owner-as-told', told ? undefined : 'the owner it names is not whom the last move made the owner'),
  ];
}
