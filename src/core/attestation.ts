// Owns how certificates are seen beside a piece: which of them are about it, whether each is in force as of a moment,
// and what they say about the report numbers its record states. Whether a certificate was really issued is known by who
// read the chain; here it is taken as given.

import type { BatchId, TokenId } from './batch.ts';
import {
  type CertificateFields,
  type CertificateId,
  type CertificateStatement,
  REVOCATION_REASONS,
  type Report,
  type RevocationReason,
  reportKey,
  reportsAlike,
  SUBJECT_KINDS,
  type SubjectKind,
  subjectOf,
  subjectOfBatch,
  subjectOfPiece,
} from './certificate.ts';
import { type ChainPoint, isoTime } from './events.ts';
import type { Hex32 } from './hash.ts';
import type { PieceRecord, RecordHash } from './record.ts';
import { PRESENT_TYPES } from './vocabulary.ts';

/** A certificate as the chain has it, with its statement where that is known. */
export interface CertificateFacts extends ChainPoint {
  readonly id: CertificateId;
  /** Under which id and index it was issued: its own and 0, or those of a batch of certificates. */
  readonly issue: { readonly id: Hex32; readonly index: number };
  readonly logIndex: number;
  readonly fields: CertificateFields;
  readonly statement: CertificateStatement | null;
  readonly certifier: Certifier;
  readonly revoked: RevocationFacts | null;
}

export interface Certifier {
  readonly address: string;
  readonly handle: string;
  /** Block time in seconds since when it is suspended. */
  readonly suspendedAt?: number;
}

export interface RevocationFacts extends ChainPoint {
  readonly reason: number;
  readonly words: string;
}

/** in-force: as when it was made. ended: its time is over. revoked: taken back by its certifier. */
export type Standing = 'in-force' | 'ended' | 'revoked';

/** A certificate as a passport shows it. Times as in `isoTime`. */
export interface CertificateView {
  readonly id: CertificateId;
  readonly issue: CertificateFacts['issue'];
  readonly about: SubjectKind;
  readonly certifier: { readonly address: string; readonly handle: string; readonly suspendedSince: string | null };
  readonly statement: CertificateStatement | null;
  readonly contentHash: Hex32;
  readonly issuedAt: string;
  readonly validUntil: string | null;
  readonly standing: Standing;
  readonly revoked: {
    readonly at: string;
    readonly reason: RevocationReason;
    readonly words: string;
    readonly transaction: Hex32;
  } | null;
  readonly pieceEvents: number;
  readonly block: number;
  readonly transaction: Hex32;
  readonly final: boolean;
}

/** Of other uses of a report number so many are told: whoever sees twenty knows enough. */
export const MOST_OTHER_USES = 20;

/** A report number that a record states, and what is known of it. */
export interface ReportUse {
  readonly report: Report;
  /** Other pieces on the ledger whose records state the same report, the first `MOST_OTHER_USES`. */
  readonly otherUses: readonly TokenId[];
  /** Whether the laboratory itself names this piece for it, another one, or none. */
  readonly named: 'this-piece' | 'another-piece' | 'no-piece';
}

export function standingOf({ fields, revoked }: CertificateFacts, atTime: number): Standing {
  if (revoked) return 'revoked';
  return fields.validUntil !== 0 && fields.validUntil <= atTime ? 'ended' : 'in-force';
}

export function viewOf(facts: CertificateFacts, asOf: { time: number; finalBlock: number }): CertificateView {
  const { certifier, revoked, fields } = facts;
  return {
    id: facts.id,
    issue: facts.issue,
    about: kindOf(fields),
    certifier: {
      address: certifier.address,
      handle: certifier.handle,
      suspendedSince: certifier.suspendedAt === undefined ? null : isoTime(certifier.suspendedAt),
    },
    statement: facts.statement,
    contentHash: fields.contentHash,
    issuedAt: isoTime(facts.time),
    validUntil: fields.validUntil === 0 ? null : isoTime(fields.validUntil),
    standing: standingOf(facts, asOf.time),
    revoked: revoked && {
      at: isoTime(revoked.time),
      reason: reasonOf(revoked.reason),
      words: revoked.words,
      transaction: revoked.transaction,
    },
    pieceEvents: fields.pieceEvents,
    block: facts.block,
    transaction: facts.transaction,
    final: facts.block <= asOf.finalBlock,
  };
}

/** In order of issue. */
export function inOrder(all: readonly CertificateFacts[]): CertificateFacts[] {
  return [...all].sort((a, b) => a.block - b.block || a.logIndex - b.logIndex || a.issue.index - b.issue.index);
}

export function kindOf(fields: CertificateFields): SubjectKind {
  return nameOf(SUBJECT_KINDS, fields.kind) ?? 'record';
}

export function reasonOf(reason: number): RevocationReason {
  return nameOf(REVOCATION_REASONS, reason) ?? 'other';
}

function nameOf<T extends Record<string, number>>(names: T, value: number): keyof T | undefined {
  return Object.keys(names).find((name) => names[name] === value);
}

/** Everything a certificate about this piece may have as its subject: kind and 32 bytes. */
export function subjectsOf(piece: {
  record: PieceRecord;
  recordHash: RecordHash;
  registrant: string;
  tokenId: TokenId | null;
  batchId: BatchId | null;
}): { kind: number; subject: Hex32 }[] {
  const subjects: { kind: number; subject: Hex32 }[] = [
    { kind: SUBJECT_KINDS.record, subject: piece.recordHash },
    {
      kind: SUBJECT_KINDS.organisation,
      subject: subjectOf({ kind: 'organisation', organisation: piece.registrant }),
    },
  ];
  if (piece.tokenId) subjects.push({ kind: SUBJECT_KINDS.piece, subject: subjectOfPiece(piece.tokenId) });
  if (piece.batchId) subjects.push({ kind: SUBJECT_KINDS.batch, subject: subjectOfBatch(piece.batchId) });
  for (const report of reportsIn(piece.record)) {
    subjects.push({ kind: SUBJECT_KINDS.report, subject: reportKey(report) });
  }
  return subjects;
}

/** The reports that a record states for its stones, each once. */
export function reportsIn(record: PieceRecord): Report[] {
  const stated = record.materials.flatMap((material) =>
    material.type === 'stone' && material.report ? [material.report] : [],
  );
  return [...new Map(stated.map((report) => [reportKey(report), report])).values()];
}

/**
 * Whether the laboratory whose report this is (its handle reads like the report's issuer) names a piece for it, by a
 * certificate that is about a piece or record, carries the report's number and was not taken back.
 */
export function namedFor(
  report: Report,
  certificates: readonly CertificateFacts[],
  here: { tokenId: TokenId | null; recordHash: RecordHash },
): ReportUse['named'] {
  const naming = certificates.filter(
    ({ statement, certifier, revoked, fields }) =>
      !revoked &&
      statement?.report !== undefined &&
      reportsAlike(statement.report, report) &&
      reportsAlike({ issuer: certifier.handle, number: report.number }, report) &&
      (fields.kind === SUBJECT_KINDS.piece || fields.kind === SUBJECT_KINDS.record),
  );
  const isHere = ({ fields }: CertificateFacts) =>
    fields.kind === SUBJECT_KINDS.record
      ? fields.subject === here.recordHash
      : here.tokenId !== null && fields.subject === subjectOfPiece(here.tokenId);
  if (naming.some(isHere)) return 'this-piece';
  return naming.length > 0 ? 'another-piece' : 'no-piece';
}

/** Revoked for a reason that matters to whoever looks at the piece: one that another replaced does not. */
export function isRevokedInEarnest({ revoked }: { readonly revoked: Pick<RevocationFacts, 'reason'> | null }): boolean {
  return revoked !== null && revoked.reason !== REVOCATION_REASONS.replaced;
}

/** Its time is over, and it spoke of the present. */
export function hasLapsed(facts: CertificateFacts, atTime: number): boolean {
  const type = facts.statement?.type;
  return standingOf(facts, atTime) === 'ended' && type !== undefined && PRESENT_TYPES.includes(type);
}
