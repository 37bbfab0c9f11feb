// Owns the verdict on the certificates in an evidence file: each by itself, and what they come to together. That there
// are no others, no file can show.
import {
  type CertificateFacts,
  type Certifier,
  hasLapsed,
  isRevokedInEarnest,
  kindOf,
  namedFor,
  reportsIn,
  standingOf,
  subjectsOf,
  viewOf,
} from './attestation.ts';
import { type BatchHeader, batchIdOf, type TokenId } from './batch.ts';
import type { CanonicalText } from './canonical.ts';
import {
  type CertificateId,
  type CertificateStatement,
  certificateIdOf,
  certificateLeaf,
  hashStatement,
  readStatement,
  SUBJECT_KINDS,
  subjectOf,
} from './certificate.ts';
import { isBefore, type Placed } from './events.ts';
import type { Evidence, EvidenceCertificate } from './evidence.ts';
import { denied, type Footing, footingOf, isAt, unknown } from './footing.ts';
import type { Hex32 } from './hash.ts';
import { issueOf } from './judge-file.ts';
import { lifeKindOf, mayChangePiece } from './life.ts';
import { type Root, verifyProof } from './merkle.ts';
import type { CheckResult } from './passport.ts';
import { hashRecord, type PieceRecord } from './record.ts';
import type { JudgedCertificate, JudgedCheck, TimedEvent, Witness } from './verdict.ts';

type OneCheck = JudgedCertificate['checks'][number];
type EventOf<K extends TimedEvent['kind']> = Extract<TimedEvent, { readonly kind: K }>;
type Subjects = ReturnType<typeof subjectsOf>;

/** What every certificate of a file is judged by. */
interface Bench {
  readonly evidence: Evidence;
  readonly subjects: Subjects;
  readonly organisations: ReadonlyMap<string, Evidence['organisations'][number]>;
  readonly witness: Witness | undefined;
  readonly footing: Footing;
  readonly issues: ReadonlyMap<string, EventOf<'certificate' | 'certificates'>>;
  readonly revocations: ReadonlyMap<string, EventOf<'revocation'>>;
}

const NOT_ASKED = 'no node was asked, or it could not be reached';
const NO_LOGS = 'the node gave no logs';
const CONTRADICTS = 'the node contradicts itself';

/** `alarming`: one about the piece itself, not only about its registrant, was taken back. */
export function judgeCertificates(
  evidence: Evidence,
  record: PieceRecord | undefined,
  witness: Witness | undefined,
): { checks: JudgedCheck[]; certificates: JudgedCertificate[]; alarming: boolean } {
  const bench = benchOf(evidence, record, witness);
  const judged = (evidence.certificates as EvidenceCertificate[]).map((one, i) => judgeOne(bench, one, i));
  const now = witness?.head.time ?? evidence.asOf.time;
  const facts = judged.flatMap((one) => one.facts ?? []);
  const left = leftOut(bench);
  const revoked = [...facts.filter(isRevokedInEarnest), ...left.filter(({ inEarnest }) => inEarnest)];
  const checks: JudgedCheck[] = [
    together('certificates-genuine', judged),
    told(left, witness),
    notRevoked(revoked.length, witness, facts),
    current(facts, now),
    ...reports(evidence, record, facts, witness),
  ];
  const certificates = judged.map(({ id, checks: own, facts: of }) => {
    const asOf = { time: now, finalBlock: witness?.finalBlock ?? -1 };
    return { id, checks: own, view: of ? viewOf(of, asOf) : null };
  });
  return { checks, certificates, alarming: revoked.some(({ fields }) => kindOf(fields) !== 'organisation') };
}

function benchOf(evidence: Evidence, record: PieceRecord | undefined, witness: Witness | undefined): Bench {
  const { header } = evidence.batch;
  const subjects = record
    ? subjectsOf({
        record,
        recordHash: hashRecord(evidence.record as CanonicalText),
        registrant: header.organisation,
        tokenId: evidence.tokenId as TokenId,
        batchId: batchIdOf(header as BatchHeader),
      })
    : [];
  const issues = new Map<string, EventOf<'certificate' | 'certificates'>>();
  const revocations = new Map<string, EventOf<'revocation'>>();
  for (const event of witness?.events ?? []) {
    // Issued again, nothing changes: the first event counts.
    if ((event.kind === 'certificate' || event.kind === 'certificates') && !issues.has(event.id)) {
      issues.set(event.id, event);
    }
    if (event.kind === 'revocation') revocations.set(`${event.id} ${event.index}`, event);
  }
  const organisations = new Map(evidence.organisations.map((one) => [one.address, one]));
  const footing = witness ? footingOf(evidence, witness) : 'behind';
  return { evidence, subjects, organisations, witness, footing, issues, revocations };
}

interface LeftOut extends Pick<CertificateFacts, 'fields'> {
  readonly byThen: boolean;
  readonly inEarnest: boolean;
}

/** Issued by themselves about the same, and not in the file. Those of a batch can't be found by what they are about. */
function leftOut({ evidence, subjects, issues, revocations }: Bench): LeftOut[] {
  const listed = new Set((evidence.certificates as EvidenceCertificate[]).map((one) => issueOf(one).id));
  return [...issues.values()].flatMap((event) => {
    if (event.kind !== 'certificate' || listed.has(event.id) || !isAmong(subjects, event.fields)) return [];
    const revoked = revocations.get(`${event.id} 0`) ?? null;
    const inEarnest = isRevokedInEarnest({ revoked });
    return [{ fields: event.fields, byThen: event.block <= evidence.asOf.block, inEarnest }];
  });
}

function told(left: readonly LeftOut[], witness: Witness | undefined): JudgedCheck {
  const name = 'certificates-told';
  if (!witness?.events) return unknown(name, witness ? NO_LOGS : NOT_ASKED);
  const missing = left.filter(({ byThen }) => byThen).length;
  return missing === 0 ? { name, result: 'pass' } : { name, result: 'warn', detail: `it leaves out ${missing}` };
}

function notRevoked(revoked: number, witness: Witness | undefined, facts: readonly CertificateFacts[]): JudgedCheck {
  const name = 'certificates-not-revoked';
  if (revoked > 0) return { name, result: 'warn', detail: `taken back: ${revoked}` };
  return witness || facts.length === 0 ? { name, result: 'pass' } : unknown(name, NOT_ASKED);
}

function current(facts: readonly CertificateFacts[], now: number): JudgedCheck {
  const name = 'certificates-current';
  if (facts.some((one) => hasLapsed(one, now))) {
    return { name, result: 'warn', detail: 'a certificate about the present has run out' };
  }
  const mute = facts.some((one) => one.statement === null && standingOf(one, now) === 'ended');
  if (mute) return unknown(name, 'one has run out whose statement is not there to say what it was about');
  return { name, result: 'pass' };
}

interface Judged extends Pick<JudgedCertificate, 'id' | 'checks'> {
  /** Only if nothing about it failed. */
  readonly facts?: CertificateFacts;
}

function together(name: 'certificates-genuine', judged: readonly Judged[]): JudgedCheck {
  const all = judged.flatMap(({ id, checks }) => checks.map((check) => ({ id, ...check })));
  const first = (result: CheckResult) => all.find((check) => check.result === result);
  const found = first('fail') ?? first('unknown');
  if (!found) return { name, result: 'pass' };
  return { name, result: found.result, detail: `certificate ${found.id}: ${found.detail}` };
}

function judgeOne(bench: Bench, one: EvidenceCertificate, position: number): Judged {
  const id = certificateIdOf(one.fields);
  const statement = one.statement === null ? null : (readStatement(one.statement) ?? undefined);
  const said = bench.witness?.certificates[position];
  const checks: OneCheck[] = [
    check('statement', statementFault(one, statement)),
    check('subject', isAmong(bench.subjects, one.fields) ? undefined : 'it is about something else'),
    check('certifier', bench.organisations.has(one.fields.organisation) ? undefined : NO_CERTIFIER),
    check('batch', batchFault(one, id)),
    issued(bench, one, said?.batch ?? null),
    revocation(bench, one, said?.revoked === true),
    noChangeSince(bench, one),
  ];
  if (checks.some(({ result }) => result === 'fail')) return { id, checks };
  return { id, checks, facts: factsOf(bench, one, id, statement ?? null, said?.revoked === true) };
}

const NO_CERTIFIER = 'its certifier is not among the organisations';

function check(name: string, fault: string | undefined): OneCheck {
  return fault === undefined ? { name, result: 'pass' } : { name, result: 'fail', detail: fault };
}

function statementFault(
  { statement: text, fields }: EvidenceCertificate,
  statement: CertificateStatement | null | undefined,
): string | undefined {
  if (text === null || statement === null) return undefined;
  if (!statement) return 'its statement is not one of this format in canonical form';
  if (hashStatement(text as CanonicalText) !== fields.contentHash) return 'its statement is not the one certified';
  const same = SUBJECT_KINDS[statement.subject.kind] === fields.kind && subjectOf(statement.subject) === fields.subject;
  return same ? undefined : 'its statement is about something else than the certificate';
}

function isAmong(subjects: Subjects, { kind, subject }: { readonly kind: number; readonly subject: Hex32 }): boolean {
  return subjects.some((one) => one.kind === kind && one.subject === subject);
}

function batchFault({ batch }: EvidenceCertificate, id: CertificateId): string | undefined {
  if (!batch) return undefined;
  if (batch.index >= batch.count) return "its index is beyond its batch's end";
  const leads = verifyProof(certificateLeaf(batch.index, id), batch.proof, batch.root as Root);
  return leads ? undefined : "its leaf does not lead to its batch's root";
}

/** By the log that issued it; a batch by state as well. */
function issued({ witness, footing, issues }: Bench, one: EvidenceCertificate, inState: InState): OneCheck {
  const name = 'issued';
  if (!witness) return unknown(name, NOT_ASKED);
  const { batch, fields } = one;
  const log = issues.get(issueOf(one).id);
  if (batch && (inState?.organisation !== fields.organisation || inState.count !== batch.count)) {
    if (log) return unknown(name, CONTRADICTS);
    return denied(name, footing, 'its certifier issued no such batch');
  }
  if (!witness.events) return unknown(name, NO_LOGS);
  if (!log) return batch ? unknown(name, CONTRADICTS) : denied(name, footing, 'it was never issued');
  if (isAt(log, one.issued) && log.key === one.issued.key) return check(name, undefined);
  return denied(name, footing, 'it was issued at another time, or by another key, than the file says');
}

type InState = Witness['certificates'][number]['batch'];

/** A file that conceals a revocation older than itself says what is not so; a later one is news. */
function revocation({ evidence, witness, footing, revocations }: Bench, one: EvidenceCertificate, isRevoked: boolean) {
  const name = 'revocation';
  if (!witness) return unknown(name, NOT_ASKED);
  if (one.revoked && !isRevoked && !witness.events) return denied(name, footing, 'it was not revoked');
  if (!witness.events) return unknown(name, NO_LOGS);
  const { id, index } = issueOf(one);
  const log = revocations.get(`${id} ${index}`);
  if ((log !== undefined) !== isRevoked) return unknown(name, CONTRADICTS);
  if (!one.revoked) {
    const concealed = log !== undefined && log.block <= evidence.asOf.block;
    return concealed
      ? denied(name, footing, 'it had been revoked by then, which the file leaves out')
      : check(name, undefined);
  }
  if (!log) return denied(name, footing, 'it was not revoked');
  const { reason, words, key } = one.revoked;
  const same = isAt(log, one.revoked) && log.reason === reason && log.words === words && log.key === key;
  return same ? check(name, undefined) : denied(name, footing, 'it was revoked otherwise than the file says');
}

/**
 * Whether the piece may have been changed after what the certifier knew: as of the event it names, and of the moment it was
 * issued. About its registrant that says nothing.
 */
function noChangeSince({ evidence, witness }: Bench, { fields, issued: at }: EvidenceCertificate): OneCheck {
  const name = 'no-change-since';
  const logged = witness?.events?.flatMap((event) =>
    event.kind === 'life' && event.tokenId === evidence.tokenId ? [{ ...event, kind: lifeKindOf(event.event) }] : [],
  );
  const isOlder = (event: Placed & { readonly number: number }) =>
    isBefore(at, event) || (fields.kind === SUBJECT_KINDS.piece && fields.pieceEvents < event.number);
  const changes = (logged ?? evidence.events).filter(
    (event) => event.kind !== undefined && mayChangePiece(event.kind) && isOlder(event),
  );
  if (changes.length === 0 || fields.kind === SUBJECT_KINDS.organisation) return check(name, undefined);
  const detail = `it was made before the piece was worked on: ${[...new Set(changes.map(({ kind }) => kind))].join(', ')}`;
  return { name, result: 'warn', detail };
}

function factsOf(
  bench: Bench,
  one: EvidenceCertificate,
  id: CertificateId,
  statement: CertificateStatement | null,
  isRevoked: boolean,
): CertificateFacts {
  const { fields, issued: at } = one;
  const { asOf } = bench.evidence;
  const issue = issueOf(one);
  const known = bench.revocations.get(`${issue.id} ${issue.index}`) ?? one.revoked;
  // Revoked in state and in no log at hand: when and why is not known, that it was is.
  const unexplained = { block: asOf.block, time: asOf.time, transaction: `0x${'0'.repeat(64)}`, reason: 0, words: '' };
  const revoked = known ?? (isRevoked ? unexplained : null);
  return {
    id,
    issue,
    block: at.block,
    time: at.time,
    logIndex: at.logIndex,
    transaction: at.transaction as Hex32,
    fields,
    statement,
    certifier: standing(bench, fields.organisation),
    revoked: revoked && { ...revoked, transaction: revoked.transaction as Hex32 },
  };
}

function standing({ organisations, witness }: Bench, address: string): Certifier {
  const certifier = organisations.get(address);
  const events = witness?.events
    ? witness.events.flatMap((event) =>
        event.kind === 'organisation' && event.organisation === address ? [event] : [],
      )
    : (certifier?.events ?? []);
  const last = events.findLast(({ name }) => name === 'OrganisationSuspended' || name === 'OrganisationReinstated');
  const suspended = last?.name === 'OrganisationSuspended' ? { suspendedAt: last.time } : {};
  return { address, handle: certifier?.handle ?? '', ...suspended };
}

/** Only where the record names reports: whether the laboratory itself names this piece. */
function reports(
  evidence: Evidence,
  record: PieceRecord | undefined,
  certificates: readonly CertificateFacts[],
  witness: Witness | undefined,
): JudgedCheck[] {
  const stated = record ? reportsIn(record) : [];
  if (stated.length === 0) return [];
  const name = 'report-numbers-confirmed';
  const here = {
    tokenId: evidence.tokenId as TokenId,
    recordHash: hashRecord(evidence.record as CanonicalText),
  };
  const open = stated.filter((report) => namedFor(report, certificates, here) !== 'this-piece');
  if (open.length === 0 && witness) return [{ name, result: 'pass' }];
  const of = open.map(({ issuer, number }) => `${issuer} ${number}`).join(', ');
  const detail = open.length > 0 ? `no laboratory names this piece for ${of}` : 'no node was asked';
  return [{ name, result: 'unknown', detail }];
}
