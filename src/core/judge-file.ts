// Owns what an evidence file shows by itself: that its parts fit each other. A file that fits may still be invented from
// end to end; whether the chain says the same is judge-chain.ts's.
import { type BatchHeader, batchIdOf, tokenIdOf } from './batch.ts';
import type { CanonicalText } from './canonical.ts';
import { certificateBatchIdOf, certificateIdOf } from './certificate.ts';
import { codePath, prefixCovers } from './code.ts';
import { isBefore, type Placed } from './events.ts';
import type { Evidence, EvidenceCertificate } from './evidence.ts';
import type { Hex32 } from './hash.ts';
import { successorsOf } from './judge-actors.ts';
import { lifeFault, lifeInOrder } from './judge-life.ts';
import { leafBytes, type Root, verifyProof, ZERO_ADDRESS } from './merkle.ts';
import { organisationAddressOf } from './organisation-address.ts';
import { canonicalRecord, hashRecord, type PieceRecord, parseRecord } from './record.ts';
import type { JudgedCheck, VerdictCheck } from './verdict.ts';

/** A record and what leads from it to a batch. */
type Member = Evidence['conflicts'][number];

/** The record a text is, if it is exactly the canonical form of one. */
export function recordOfText(text: string): PieceRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
    const parsed = parseRecord(value);
    return parsed.ok && canonicalRecord(parsed.record) === text ? parsed.record : undefined;
  } catch {
    return undefined;
  }
}

export function recordIn(evidence: Evidence): PieceRecord | undefined {
  return recordOfText(evidence.record);
}

export function judgeFile(evidence: Evidence, record: PieceRecord | undefined): JudgedCheck[] {
  return [
    result('record-in-batch', memberFault(evidence.record, evidence.batch)),
    tokenOfBatch(evidence),
    organisationsKnown(evidence),
    ...inOrder(evidence, record),
    ...conflictsShown(evidence, record),
  ];
}

export function result(name: VerdictCheck, fault: string | undefined): JudgedCheck {
  return fault === undefined ? { name, result: 'pass' } : { name, result: 'fail', detail: fault };
}

/** Leaf, proof and root: the record is one of those the organisation committed to. */
function memberFault(record: string, member: Omit<Member, 'record'>): string | undefined {
  const { header, index, claimKey, extra, proof } = member;
  if (!recordOfText(record)) return 'the record is not a record of this format in canonical form';
  if (index >= header.count) return `index ${index} is beyond the batch's ${header.count} pieces`;
  const recordHash = hashRecord(record as CanonicalText);
  const leaf = leafBytes({ organisation: header.organisation, index, recordHash, claimKey, extra: extra as Hex32 });
  const leads = verifyProof(leaf, proof, header.root as BatchHeader['root']);
  return leads ? undefined : "the record's leaf does not lead to the batch's root";
}

export function tokenOfMember({ header, index }: Omit<Member, 'record'>): ReturnType<typeof tokenIdOf> {
  return tokenIdOf(batchIdOf(header as BatchHeader), index);
}

function tokenOfBatch({ batch, tokenId }: Evidence): JudgedCheck {
  const follows = tokenOfMember(batch) === tokenId;
  return result('token-of-batch', follows ? undefined : 'the token id does not follow from batch and index');
}

type Involving = Pick<
  Evidence,
  'batch' | 'certificates' | 'moves' | 'passes' | 'events' | 'batchEvents' | 'organisations'
>;

/** Whose events a file tells: of registrant and successors, certifiers, owners, and who said something of it; no others. */
export function involved(evidence: Involving): Set<string> {
  const { batch, certificates, moves, passes, events, batchEvents } = evidence;
  const organisations = new Map(evidence.organisations.map((one) => [one.address, one]));
  return new Set([
    ...successorsOf(batch.header.organisation, organisations),
    ...certificates.map(({ fields }) => fields.organisation),
    ...passes.map(({ to }) => to),
    ...moves.map(({ to }) => to),
    ...[...events, ...batchEvents].flatMap(({ organisation }) => (organisation === ZERO_ADDRESS ? [] : [organisation])),
  ]);
}

/** An organisation's address follows from its handle, so nobody can lend himself another's. */
function organisationsKnown(evidence: Evidence): JudgedCheck {
  const { organisations, chain, batch } = evidence;
  const name = 'organisations-known';
  const addresses = organisations.map((one) => one.address);
  if (new Set(addresses).size !== addresses.length) return result(name, 'an organisation stands in it twice');
  const wrong = organisations.find(
    (one) => organisationAddressOf(chain.chainId, chain.organisations, one.handle) !== one.address,
  );
  if (wrong) return result(name, `${wrong.address} is not the address of an organisation ${wrong.handle}`);
  const named = involved(evidence);
  const stranger = organisations.find(({ address }) => !named.has(address));
  if (stranger) return result(name, `the organisation ${stranger.handle} has nothing to do with the piece`);
  const registrant = addresses.includes(batch.header.organisation);
  return result(name, registrant ? undefined : 'the registrant is not among its organisations');
}

/** Moves are numbered without a gap, each from whoever had it, in the chain's order, from its birth to the file's block. */
function inOrder(evidence: Evidence, record: PieceRecord | undefined): JudgedCheck[] {
  const name = 'events-in-order';
  const fault =
    movesFault(evidence) ?? lifeFault(evidence) ?? organisationsFault(evidence) ?? prefixesFault(evidence, record);
  const found = fault ?? certificatesFault(evidence);
  if (found !== undefined) return [result(name, found)];
  const told = keeperTold(evidence) === evidence.owner;
  return [
    result(name, undefined),
    result('owner-as-told', told ? undefined : 'the owner it names is not whom the last move made the owner'),
    ...lifeInOrder(evidence),
  ];
}

/** Who has the piece by what the file tells: whom its last move made the owner, else its range's holder. */
export function keeperTold({ moves, passes, batch }: Evidence): string {
  return moves.at(-1)?.to ?? passes.at(-1)?.to ?? batch.header.organisation;
}

/** A piece passes on with its range until it first moves by itself, and never after. */
function movesFault({ moves, passes, batch, asOf, rangeEvents }: Evidence): string | undefined {
  let before: Placed = batch.anchored;
  let keeper: string = batch.header.organisation;
  if (batch.anchored.block > asOf.block) return 'it was registered after the block the file is as of';
  for (const [i, pass] of passes.entries()) {
    if (pass.from !== keeper) return `pass ${i + 1} is not from whoever had the range`;
    if (!isBefore(before, pass)) return `pass ${i + 1} is not later than what came before it`;
    if (pass.block > asOf.block) return `pass ${i + 1} is later than the file's block`;
    keeper = pass.to;
    before = pass;
  }
  for (const [i, move] of moves.entries()) {
    if (move.number !== i + 1) return `move ${i + 1} is missing or stands elsewhere`;
    if (move.from !== keeper) return `move ${move.number} is not from whoever had the piece`;
    if (!isBefore(before, move)) return `move ${move.number} is not later than what came before it`;
    if (move.block > asOf.block) return `move ${move.number} is later than the file's block`;
    keeper = move.to;
    before = move;
  }
  return rangeEvents === passes.length ? undefined : 'it counts other events of its range than passes';
}

/** In the chain's order, nothing twice, nothing after the file's block. */
function isInOrder(list: readonly Placed[], until: number): boolean {
  return list.every((one, i) => one.block <= until && (i === 0 || isBefore(list[i - 1] as Placed, one)));
}

function organisationsFault({ organisations, asOf }: Evidence): string | undefined {
  const wrong = organisations.find(
    ({ events }) => events[0]?.name !== 'OrganisationAdmitted' || !isInOrder(events, asOf.block),
  );
  if (wrong) return `what happened to ${wrong.handle} does not begin with its admission, or is not in order`;
  const admissions = organisations.map(({ events }) => events[0] as Placed);
  return isInOrder(admissions, asOf.block) ? undefined : 'the organisations are not in order of their admission';
}

function prefixesFault({ prefixes, asOf }: Evidence, record: PieceRecord | undefined): string | undefined {
  const code = record?.code;
  const gtin = code && 'gtin' in code ? code.gtin : undefined;
  const other = prefixes.some(({ prefix }) => gtin === undefined || !prefixCovers(prefix, gtin));
  if (other) return 'it tells of a prefix that does not cover the code';
  return isInOrder(prefixes, asOf.block) ? undefined : 'what happened to the prefixes is not in order';
}

function certificatesFault({ certificates, asOf }: Evidence): string | undefined {
  const all = certificates as readonly EvidenceCertificate[];
  if (all.some(({ revoked }) => revoked && revoked.block > asOf.block)) {
    return "a certificate was revoked after the file's block";
  }
  const late = all.some(({ issued }) => issued.block > asOf.block);
  if (late) return "a certificate was issued after the file's block";
  for (const [i, one] of all.entries()) {
    const before = all[i - 1];
    if (!before || isBefore(before.issued, one.issued)) continue;
    // Of one batch: by their place in it.
    const together = issueOf(before).id === issueOf(one).id && issueOf(before).index < issueOf(one).index;
    if (!together || isBefore(one.issued, before.issued)) return 'its certificates are not in order of issue';
  }
  return undefined;
}

/** Under which id and index a certificate was issued. */
export function issueOf({ fields, batch }: EvidenceCertificate): { readonly id: Hex32; readonly index: number } {
  if (!batch) return { id: certificateIdOf(fields), index: 0 };
  return { id: certificateBatchIdOf(fields.organisation, batch.root as Root, batch.count), index: batch.index };
}

/** A file can show a conflict; that there is none, it can't. */
function conflictsShown({ conflicts, batch, tokenId }: Evidence, record: PieceRecord | undefined): JudgedCheck[] {
  const tokens = conflicts.map((one) => BigInt(tokenOfMember(one)));
  const isSorted = tokens.every((token, i) => i === 0 || (tokens[i - 1] as bigint) < token);
  if (!isSorted || tokens.includes(BigInt(tokenId))) {
    return [result('single-record', 'the other records it shows are not in order, or not others')];
  }
  const wrong = conflicts.some((one) => {
    const other = recordOfText(one.record);
    const same = record && other && codePath(other.code) === codePath(record.code);
    return !same || one.header.organisation !== batch.header.organisation || memberFault(one.record, one) !== undefined;
  });
  return wrong ? [result('single-record', "another record it shows is not its registrant's under this code")] : [];
}
