// Owns the list of certificates that others issued about an organisation's own pieces and batches, and about itself.
import { readStatement, SUBJECT_KINDS } from '../core/certificate.ts';
import type { Sql } from '../ports.ts';
import { handlesOf } from './organisations.ts';

export interface CertificateAbout {
  readonly id: string;
  readonly title: string | null;
  readonly by: string;
  readonly about: 'piece' | 'batch' | 'organisation';
  /** Public path of the piece, where it is about one. */
  readonly path: string | null;
  readonly revoked: boolean;
}

/** The newest of so many batches are looked at: what is older has its certificates on its own pages. */
const BATCHES = 1_000;
const LISTED = 50;

interface Row {
  readonly id: string;
  readonly kind: number;
  readonly organisation: string;
  readonly content: string | null;
  readonly path: string | null;
  readonly revoked: boolean;
}

const hex = (decimal: string, bytes: number) =>
  `0x${BigInt(decimal)
    .toString(16)
    .padStart(bytes * 2, '0')}`;

/** The newest fifty. */
export async function certificatesAboutUs(sql: Sql, organisation: string): Promise<CertificateAbout[]> {
  const batches = await sql.query<{ batch_id: string; no: number }>(
    'SELECT batch_id, no FROM batches WHERE organisation = $1 ORDER BY no DESC LIMIT $2',
    [organisation, BATCHES],
  );
  const rows = await sql.query<Row>(
    `SELECT c.id, c.kind, c.organisation, t.content, r.block IS NOT NULL AS revoked,
       (SELECT p.path FROM unnest($3::text[], $4::bigint[]) AS b(prefix, no) JOIN members m ON m.batch_no = b.no
          JOIN pieces p ON p.id = m.piece_id
        WHERE c.kind = ${SUBJECT_KINDS.piece} AND b.prefix = left(c.subject, 58)
          AND m.index = ('x' || right(c.subject, 8))::bit(32)::bigint LIMIT 1) AS path
     FROM certificates c JOIN certificate_issues i USING (issue_id)
     LEFT JOIN certificate_contents t ON t.hash = c.content_hash
     LEFT JOIN certificate_revocations r ON r.issue_id = c.issue_id AND r.index = c.index
     WHERE c.organisation <> $1 AND (
       (c.kind = ${SUBJECT_KINDS.piece} AND left(c.subject, 58) = ANY($3))
       OR (c.kind = ${SUBJECT_KINDS.batch} AND c.subject = ANY($5))
       OR (c.kind = ${SUBJECT_KINDS.organisation} AND c.subject = $6))
     ORDER BY c.no DESC LIMIT $2`,
    [
      organisation,
      LISTED,
      batches.map(({ batch_id: id }) => hex(id, 28)),
      batches.map(({ no }) => no),
      batches.map(({ batch_id: id }) => hex(id, 32)),
      `0x${organisation.slice(2).padStart(64, '0')}`,
    ],
  );
  const handles = await handlesOf(sql, [...new Set(rows.map((row) => row.organisation))]);
  return rows.map((row) => ({
    id: row.id,
    title: titleOf(row.content),
    by: handles.get(row.organisation) ?? row.organisation,
    about: row.kind === SUBJECT_KINDS.piece ? 'piece' : row.kind === SUBJECT_KINDS.batch ? 'batch' : 'organisation',
    path: row.path,
    revoked: row.revoked,
  }));
}

function titleOf(content: string | null): string | null {
  return content === null ? null : (readStatement(content)?.title ?? null);
}
