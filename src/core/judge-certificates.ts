// Owns the verdict on the certificates in an evidence file: each by itself, and what they come to together. That there
// are no others, no file can show.
import {
  type CertificateFacts,
  type Certifier,
  hasLapsed,
  isRevokedInEarnest,
  namedFor,
  reportsIn,
  subjectsOf,
  viewOf,
} from './attestation.ts';
import { type BatchHeader, batchIdOf, type TokenId } from './batch.ts';
import type { CanonicalText } from './canonical.ts';
import {
  type CertificateStatement,
  certificateBatchIdOf,
  certificateIdOf,
  certificateLeaf,
  hashStatement,
  readStatement,
  SUBJECT_KINDS,
  subjectOf,
} from './certificate.ts';
import type { Evidence, EvidenceCertificate } from './evidence.ts';
import type { Hex32 } from './hash.ts';
import { isAt } from './judge-chain.ts';
import { recordIn } from './judge-file.ts';
import { type Root, verifyProof } from './merkle.ts';
import type { CheckResult } from './passport.ts';
import { hashRecord } from './record.ts';
import type { JudgedCertificate, JudgedCheck, Witness } from './verdict.ts';

type OneCheck = JudgedCertificate['checks'][number];

export function judgeCertificates(
  evidence: Evidence,
  witness: Witness | undefined,
): { checks: JudgedCheck[]; certificates: JudgedCertificate[] } {
  const judged = evidence.certificates.map((one, i) => judgeOne(evidence, one as EvidenceCertificate, witness, i));
  const now = witness?.head.time ?? evidence.asOf.time;
  const facts = judged.flatMap((one) => one.facts ?? []);
  const checks: JudgedCheck[] = [
    together('certificates-genuine', judged),
    facts.some(isRevokedInEarnest)
      ? { name: 'certificates-not-revoked', result: 'warn', detail: 'a certificate about it was taken back' }
      : { name: 'certificates-not-revoked', result: witness || facts.length === 0 ? 'pass' : 'unknown' },
    facts.some((one) => hasLapsed(one, now))
      ? { name: 'certificates-current', result: 'warn', detail: 'a certificate about the present has run out' }
      : { name: 'certificates-current', result: 'pass' },
    ...reports(evidence, facts, witness),
  ];
  const certificates = judged.map(({ id, checks: own, facts: of }) => {
    const asOf = { time: now, finalBlock: witness?.finalBlock ?? -1 };
    return { id, checks: own, view: of ? viewOf(of, asOf) : null };
  });
  return { checks, certificates };
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

function judgeOne(
  evidence: Evidence,
  one: EvidenceCertificate,
  witness: Witness | undefined,
  position: number,
): Judged {
  const id = certificateIdOf(one.fields);
  const statement = one.statement === null ? null : (readStatement(one.statement) ?? undefined);
  const revoked = witness?.certificates[position]?.revoked;
  const checks: OneCheck[] = [
    check('statement', statementFault(one, statement)),
    check('subject', isAbout(evidence, one) ? undefined : 'it is about something else'),
    check('certifier', certifierOf(evidence, one) ? undefined : 'its certifier is not among the organisations'),
    check('batch', batchFault(one, id)),
    issued(one, id, witness, position),
    revocation(evidence, one, revoked, witness),
  ];
  if (checks.some(({ result }) => result === 'fail')) return { id, checks };
  return { id, checks, facts: factsOf(evidence, one, id, statement ?? null, witness, revoked === true) };
}

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
  const told = SUBJECT_KINDS[statement.subject.kind] === fields.kind && subjectOf(statement.subject) === fields.subject;
  return told ? undefined : 'its statement is about something else than the certificate';
}

function isAbout(evidence: Evidence, { fields }: EvidenceCertificate): boolean {
  const record = recordIn(evidence);
  if (!record) return false;
  const { header } = evidence.batch;
  const subjects = subjectsOf({
    record,
    recordHash: hashRecord(evidence.record as CanonicalText),
    registrant: header.organisation,
    tokenId: evidence.tokenId as TokenId,
    batchId: batchIdOf(header as BatchHeader),
  });
  return subjects.some(({ kind, subject }) => kind === fields.kind && subject === fields.subject);
}

function certifierOf(
  { organisations }: Evidence,
  { fields }: EvidenceCertificate,
): Evidence['organisations'][number] | undefined {
  return organisations.find((one) => one.address === fields.organisation);
}

function batchFault({ batch }: EvidenceCertificate, id: ReturnType<typeof certificateIdOf>): string | undefined {
  if (!batch) return undefined;
  if (batch.index >= batch.count) return "its index is beyond its batch's end";
  const leads = verifyProof(certificateLeaf(batch.index, id), batch.proof, batch.root as Root);
  return leads ? undefined : "its leaf does not lead to its batch's root";
}

/** By the log that issued it; a batch by state as well, for nodes that keep no old logs. */
function issued(one: EvidenceCertificate, id: Hex32, witness: Witness | undefined, position: number): OneCheck {
  const name = 'issued';
  if (!witness) return { name, result: 'unknown', detail: 'no node was asked' };
  const { batch, fields } = one;
  const inState = witness.certificates[position]?.batch;
  if (batch && (inState?.organisation !== fields.organisation || inState.count !== batch.count)) {
    return check(name, 'its certifier issued no such batch');
  }
  if (!witness.events) {
    return batch ? check(name, undefined) : { name, result: 'unknown', detail: 'the node gave no logs' };
  }
  const issueId = batch ? certificateBatchIdOf(fields.organisation, batch.root as Root, batch.count) : id;
  const log = witness.events.find(
    (event) => (event.kind === 'certificate' || event.kind === 'certificates') && event.id === issueId,
  );
  if (log?.kind !== 'certificate' && log?.kind !== 'certificates') return check(name, 'it was never issued');
  const told = isAt(log, one.issued) && log.key === one.issued.key;
  return check(name, told ? undefined : 'it was issued at another time, or by another key, than the file says');
}

/** A file that conceals a revocation older than itself says what is not so; a later one is news. */
function revocation(
  { asOf }: Evidence,
  one: EvidenceCertificate,
  revoked: boolean | undefined,
  witness: Witness | undefined,
): OneCheck {
  const name = 'revocation';
  if (!witness || revoked === undefined) {
    return { name, result: 'unknown', detail: 'no node was asked whether it was revoked' };
  }
  const log = revocationIn(one, witness);
  if (one.revoked) {
    if (!revoked) return check(name, 'it was not revoked');
    if (!witness.events) return { name, result: 'pass' };
    const { reason, words } = one.revoked;
    const told = log?.kind === 'revocation' && isAt(log, one.revoked) && log.reason === reason && log.words === words;
    return check(name, told ? undefined : 'it was revoked otherwise than the file says');
  }
  const concealed = log !== undefined && log.block <= asOf.block;
  return check(name, concealed ? 'it had been revoked by then, which the file leaves out' : undefined);
}

function revocationIn({ fields, batch }: EvidenceCertificate, { events }: Witness) {
  const id = batch
    ? certificateBatchIdOf(fields.organisation, batch.root as Root, batch.count)
    : certificateIdOf(fields);
  const index = batch?.index ?? 0;
  const found = events?.find((event) => event.kind === 'revocation' && event.id === id && event.index === index);
  return found?.kind === 'revocation' ? found : undefined;
}

function factsOf(
  evidence: Evidence,
  one: EvidenceCertificate,
  id: ReturnType<typeof certificateIdOf>,
  statement: CertificateStatement | null,
  witness: Witness | undefined,
  isRevoked: boolean,
): CertificateFacts {
  const { fields, batch } = one;
  const log = witness && revocationIn(one, witness);
  const known = log ? { ...log } : one.revoked;
  // Revoked in state and in no log at hand: when and why is not known, that it was is.
  const unexplained = { block: evidence.asOf.block, time: evidence.asOf.time, transaction: `0x${'0'.repeat(64)}` };
  const revoked = known ?? (isRevoked ? { ...unexplained, reason: 0, words: '' } : null);
  return {
    id,
    issue: batch
      ? { id: certificateBatchIdOf(fields.organisation, batch.root as Root, batch.count), index: batch.index }
      : { id, index: 0 },
    block: one.issued.block,
    time: one.issued.time,
    logIndex: one.issued.logIndex,
    transaction: one.issued.transaction as Hex32,
    fields,
    statement,
    certifier: standing(evidence, one, witness),
    revoked: revoked && { ...revoked, transaction: revoked.transaction as Hex32 },
  };
}

function standing(evidence: Evidence, one: EvidenceCertificate, witness: Witness | undefined): Certifier {
  const certifier = certifierOf(evidence, one);
  const told = witness?.events
    ? witness.events.flatMap((event) =>
        event.kind === 'organisation' && event.organisation === one.fields.organisation ? [event] : [],
      )
    : (certifier?.events ?? []);
  const last = told.findLast(({ name }) => name === 'OrganisationSuspended' || name === 'OrganisationReinstated');
  const suspended = last?.name === 'OrganisationSuspended' ? { suspendedAt: last.time } : {};
  return { address: one.fields.organisation, handle: certifier?.handle ?? '', ...suspended };
}

/** Only where the record names reports: whether the laboratory itself names this piece. */
function reports(
  evidence: Evidence,
  certificates: readonly CertificateFacts[],
  witness: Witness | undefined,
): JudgedCheck[] {
  const record = recordIn(evidence);
  const stated = record ? reportsIn(record) : [];
  if (!record || stated.length === 0) return [];
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
