// Owns how far a certificate is and how it is told: on its way, on the chain, failed, revoked. Reads the index only.
import { type CertificateView, viewOf } from '../core/attestation.ts';
import type { CertificateStatement } from '../core/certificate.ts';
import { isoTime } from '../core/events.ts';
import type { Hex32 } from '../core/hash.ts';
import type { Sql } from '../ports.ts';
import { CERTIFICATE, type CertificateRow, factsOfRows, LIVELIEST, statementOf } from './certificates.ts';
import { readCursor } from './indexer.ts';
import { handlesOf } from './organisations.ts';

export type CertificateState = 'accepted' | 'sealed' | 'anchored' | 'final' | 'failed';

export interface CertificateReport {
  readonly id: string;
  /** Under which id and index it is issued: its own and 0, or those of a batch of certificates. */
  readonly issue: { readonly id: Hex32; readonly index: number };
  readonly certifier: { readonly address: string; readonly handle: string };
  readonly state: CertificateState;
  readonly statement: CertificateStatement | null;
  readonly contentHash: Hex32;
  readonly validUntil: string | null;
  /** As the chain has it; null until it is there. */
  readonly issued: CertificateView | null;
  /** Of a revocation asked for here: null if none was. */
  readonly revocation: { readonly state: CertificateState } | null;
  readonly error: { readonly code: string; readonly detail: string } | null;
}

type Row = CertificateRow & {
  readonly no: number;
  readonly orders: readonly OrderRow[] | null;
};
interface OrderRow {
  readonly action: string;
  readonly error: string | null;
  readonly code: string | null;
  readonly hash: string | null;
  readonly block: number | null;
}

/** The latest order of each kind comes last. A certificate of a batch shares its batch's order. */
const WITH_ORDERS = CERTIFICATE.replace(
  'SELECT ',
  `SELECT c.no, (SELECT json_agg(json_build_object('action', o.action, 'error', o.error, 'code', o.error_code,
     'hash', x.hash, 'block', x.block) ORDER BY o.created_at)
   FROM certificate_orders o LEFT JOIN transactions x ON x.purpose = 'certificate' AND x.ref = o.id
   WHERE o.issue_id = c.issue_id AND (o.index = c.index OR o.action = 'issue-batch')) AS orders, `,
);

export async function readCertificate(sql: Sql, id: string): Promise<CertificateReport | undefined> {
  const rows = await sql.query<Row>(`${WITH_ORDERS} WHERE c.id = $1 ${LIVELIEST}`, [id]);
  return (await reports(sql, rows))[0];
}

export interface CertificateSearch {
  readonly organisation: string;
  readonly before?: number | undefined;
  readonly limit: number;
}

/** An organisation's certificates, newest first; `next` is the cursor for the following page. */
export async function listCertificates(
  sql: Sql,
  { organisation, before, limit }: CertificateSearch,
): Promise<{ items: CertificateReport[]; next: number | null }> {
  const rows = await sql.query<Row>(
    `${WITH_ORDERS} WHERE c.organisation = $1 AND ($2::bigint IS NULL OR c.no < $2) ORDER BY c.no DESC LIMIT $3`,
    [organisation, before ?? null, limit],
  );
  return { items: await reports(sql, rows), next: rows.length === limit ? (rows.at(-1)?.no ?? null) : null };
}

async function reports(sql: Sql, rows: readonly Row[]): Promise<CertificateReport[]> {
  const cursor = await readCursor(sql);
  const issued = await factsOfRows(
    sql,
    rows.filter((row) => row.block !== null),
  );
  const views = new Map(issued.map((facts) => [`${facts.issue.id} ${facts.issue.index}`, viewOf(facts, cursor)]));
  const handles = await handlesOf(sql, [...new Set(rows.map((row) => row.organisation))]);
  return rows.map((row) => {
    const issue = lastOf(row, ['issue', 'issue-batch']);
    const revoke = lastOf(row, ['revoke']);
    const failed = row.block === null && issue?.error ? issue : row.revoked_block === null ? revoke : undefined;
    return {
      id: row.id,
      issue: { id: row.issue_id, index: row.index },
      certifier: { address: row.organisation, handle: handles.get(row.organisation) ?? 'unknown' },
      state: stateOf(row.block, issue, cursor.finalBlock),
      statement: statementOf(row),
      contentHash: row.content_hash,
      validUntil: row.valid_until === 0 ? null : isoTime(row.valid_until),
      issued: views.get(`${row.issue_id} ${row.index}`) ?? null,
      revocation: revoke || row.revoked_block !== null ? { state: revocationState(row, revoke, cursor) } : null,
      error: failed?.error ? { code: failed.code ?? 'internal', detail: failed.error } : null,
    };
  });
}

function revocationState(row: Row, order: OrderRow | undefined, { finalBlock }: { finalBlock: number }) {
  return stateOf(row.revoked_block, order, finalBlock);
}

function lastOf({ orders }: Row, actions: readonly string[]): OrderRow | undefined {
  return orders?.findLast((order) => actions.includes(order.action));
}

/** Anchored only once the index has it, so that whoever sees the state sees the certificate in passports too. */
function stateOf(block: number | null, order: OrderRow | undefined, finalBlock: number): CertificateState {
  if (block !== null) return block <= finalBlock ? 'final' : 'anchored';
  if (order?.error) return 'failed';
  return order?.hash ? 'sealed' : 'accepted';
}
