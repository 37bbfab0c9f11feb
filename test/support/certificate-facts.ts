// Owns made-up certificates for tests of pages, as the chain would have them: any type, subject and standing. Nobody and
// nothing in them exists.
import type { CertificateFacts } from '../../src/core/attestation.ts';
import type { TokenId } from '../../src/core/batch.ts';
import {
  CERTIFICATE_SCHEMA,
  type CertificateStatement,
  canonicalStatement,
  certificateIdOf,
  fieldsOf,
  hashStatement,
  mustParseStatement,
  REVOCATION_REASONS,
  type RevocationReason,
  type Subject,
} from '../../src/core/certificate.ts';
import { hex32 } from './pieces.ts';

export const LABORATORY = '0x5000000000000000000000000000000000000e05';
export const ASSAY_OFFICE = '0x6000000000000000000000000000000000000f06';
export const ISSUED = Date.UTC(2026, 4, 10, 8, 30) / 1000;

export interface CertificateWish {
  readonly by?: { readonly address: string; readonly handle: string; readonly suspendedAt?: number };
  readonly validUntil?: number;
  readonly block?: number;
  readonly issue?: CertificateFacts['issue'];
  readonly revoked?: { readonly reason: RevocationReason; readonly words?: string };
  /** The ledger has its fingerprint only. */
  readonly silent?: boolean;
}

function statementOf(subject: Subject, members: Partial<CertificateStatement>): CertificateStatement {
  return mustParseStatement({
    schema: CERTIFICATE_SCHEMA,
    language: 'en',
    type: 'grading',
    title: 'Diamond grading report',
    statement: 'One natural diamond, round brilliant, 0.52 ct, colour F, clarity VS1.',
    evidence: 'accredited',
    ...members,
    subject,
  });
}

export function certificateOf(
  subject: Subject,
  members: Partial<CertificateStatement> = {},
  wish: CertificateWish = {},
): CertificateFacts {
  const certifier = wish.by ?? { address: LABORATORY, handle: 'example-gemmological-laboratory' };
  const statement = statementOf(subject, members);
  const contentHash = hashStatement(canonicalStatement(statement));
  const fields = fieldsOf(certifier.address, statement, contentHash, { validUntil: wish.validUntil ?? 0 });
  const id = certificateIdOf(fields);
  const { reason, words = '' } = wish.revoked ?? {};
  return {
    id,
    issue: wish.issue ?? { id, index: 0 },
    block: wish.block ?? 1500,
    logIndex: 0,
    time: ISSUED,
    transaction: hex32('ce'),
    fields,
    statement: wish.silent ? null : statement,
    certifier,
    revoked: reason
      ? {
          block: 1600,
          time: ISSUED + 86_400,
          transaction: hex32('dead'),
          reason: REVOCATION_REASONS[reason],
          words,
        }
      : null,
  };
}

export function pieceSubject(tokenId: TokenId): Subject {
  return { kind: 'piece', tokenId };
}
