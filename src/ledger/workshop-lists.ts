// Owns the console's lists that nothing else has: what an organisation did with a piece, its batches. Its own rows only.
import type { Sql } from '../ports.ts';
import { readCursor } from './indexer.ts';

export interface ActRow {
  readonly id: string;
  readonly act: string;
  readonly path: string | null;
  readonly acceptedAt: string;
}

const LISTED = 20;

/** The organisation's acts about a piece or a batch, newest first. Their receipts tell how far they are. */
export function actsAbout(sql: Sql, organisation: string, subject: string): Promise<ActRow[]> {
  return sql.query<ActRow>(
    `SELECT id, act, path, created_at AS "acceptedAt" FROM acts WHERE organisation = $1 AND subjects @> ARRAY[$2]
     ORDER BY created_at DESC, id LIMIT ${LISTED}`,
    [organisation, subject],
  );
}

export interface BatchSummary {
  readonly no: number;
  readonly batchId: string;
  readonly count: number;
  readonly published: boolean;
  readonly state: 'sealed' | 'anchored' | 'final' | 'incomplete';
  /** Seconds since 1970; null until it is on the chain. */
  readonly time: number | null;
  readonly transaction: string | null;
  readonly refusal: string | null;
}

const BATCH = `
  SELECT b.no, b.batch_id AS "batchId", b.count, b.mode = 1 AS published, b.refusal, a.time, a.transaction,
    CASE WHEN a.batch_no IS NULL THEN 'sealed' WHEN a.state = 'incomplete' THEN 'incomplete'
      WHEN a.block <= $2 THEN 'final' ELSE 'anchored' END AS state
  FROM batches b LEFT JOIN anchors a ON a.batch_no = b.no WHERE b.organisation = $1`;

/** Newest first; `next` is the cursor for the following page. */
export async function batchesOf(
  sql: Sql,
  organisation: string,
  { before, limit }: { before?: number | undefined; limit: number },
): Promise<{ items: BatchSummary[]; next: number | null }> {
  const { finalBlock } = await readCursor(sql);
  const items = await sql.query<BatchSummary>(
    `${BATCH} AND ($3::bigint IS NULL OR b.no < $3) ORDER BY b.no DESC LIMIT $4`,
    [organisation, finalBlock, before ?? null, limit],
  );
  return { items, next: items.length === limit ? (items.at(-1)?.no ?? null) : null };
}

export async function batchOf(sql: Sql, organisation: string, no: number): Promise<BatchSummary | undefined> {
  const { finalBlock } = await readCursor(sql);
  const [row] = await sql.query<BatchSummary>(`${BATCH} AND b.no = $3`, [organisation, finalBlock, no]);
  return row;
}

/** Pieces of a batch by their place in it. */
export function piecesOfBatch(
  sql: Sql,
  no: number,
  after: number,
  limit: number,
): Promise<{ index: number; path: string; title: string }[]> {
  return sql.query(
    `SELECT m.index, p.path, p.record::json->>'title' AS title FROM members m JOIN pieces p ON p.id = m.piece_id
     WHERE m.batch_no = $1 AND m.index > $2 ORDER BY m.index LIMIT $3`,
    [no, after, limit],
  );
}
