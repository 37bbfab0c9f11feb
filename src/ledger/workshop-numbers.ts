// Owns the numbers of an organisation's day, and what wants to be looked at. Counted in its own rows only.
import type { Sql } from '../ports.ts';
import { readCursor } from './indexer.ts';

export interface WorkshopNumbers {
  /** Since the day began: what waits or is on its way, and what the chain took since then. */
  readonly today: number;
  readonly registered: number;
  /** Accepted, in no batch yet. */
  readonly waiting: number;
  /** In a batch that is not on the chain yet. */
  readonly sealed: number;
  readonly anchored: number;
  readonly final: number;
  /** Issued by it. */
  readonly certificates: number;
  /** Pieces that left its hands. */
  readonly passedOn: number;
  readonly feedback: number;
  readonly attention: Attention;
}

export interface Attention {
  /** Work and consignments it is asked to agree to. */
  readonly requests: number;
  /** Offered to it. */
  readonly shipments: number;
  readonly importsUnderWay: number;
  /** Refused rows of its files that nobody put right. */
  readonly rowsToMend: number;
  /** What it asked for in the last seven days and the chain refused. */
  readonly failedActs: number;
  readonly suspicions: number;
  /** Batches that can't be sealed or anchored as they are. */
  readonly refusedBatches: number;
}

const PIECES_IN = 'coalesce(sum(count), 0)::bigint FROM batches b';

/** @param midnight seconds since 1970 at which the day began */
export async function workshopNumbers(sql: Sql, organisation: string, midnight: number): Promise<WorkshopNumbers> {
  const { finalBlock } = await readCursor(sql);
  const [row] = await sql.query<Omit<WorkshopNumbers, 'today' | 'attention'> & { since: number }>(
    `SELECT
       (SELECT count(*) FROM pieces WHERE organisation = $1) AS registered,
       (SELECT count(*) FROM unsealed WHERE organisation = $1) AS waiting,
       (SELECT ${PIECES_IN} LEFT JOIN anchors a ON a.batch_no = b.no
        WHERE b.organisation = $1 AND a.batch_no IS NULL AND b.refusal IS NULL) AS sealed,
       (SELECT ${PIECES_IN} JOIN anchors a ON a.batch_no = b.no WHERE b.organisation = $1) AS anchored,
       (SELECT ${PIECES_IN} JOIN anchors a ON a.batch_no = b.no WHERE b.organisation = $1 AND a.block <= $2) AS final,
       (SELECT ${PIECES_IN} JOIN anchors a ON a.batch_no = b.no WHERE b.organisation = $1 AND a.time >= $3) AS since,
       (SELECT count(*) FROM certificates WHERE organisation = $1) AS certificates,
       (SELECT count(*) FROM moves WHERE from_address = $1) +
         (SELECT coalesce(sum(last_index - first_index + 1), 0)::bigint FROM runs WHERE from_address = $1) AS "passedOn",
       (SELECT count(*) FROM feedback WHERE organisation = $1) AS feedback`,
    [organisation, finalBlock, midnight],
  );
  const { since, ...counts } = row as Omit<WorkshopNumbers, 'today' | 'attention'> & { since: number };
  const today = since + counts.waiting + counts.sealed;
  return { ...counts, today, attention: await attentionFor(sql, organisation) };
}

async function attentionFor(sql: Sql, organisation: string): Promise<Attention> {
  const [row] = await sql.query<Attention>(
    `SELECT
       (SELECT count(*) FROM acts a WHERE asked = $1 AND declined IS NULL AND NOT EXISTS (
          SELECT 1 FROM life_events e WHERE e.token_id = a.outcome->'args'->>'tokenId'
            AND e.number >= (a.outcome->'args'->>'number')::integer)) AS requests,
       (SELECT count(*) FROM shipments WHERE to_address = $1 AND state = 'offered') AS shipments,
       (SELECT count(*) FROM imports WHERE organisation = $1 AND state = 'running') AS "importsUnderWay",
       (SELECT count(*) FROM import_rejects r JOIN imports i ON i.id = r.import_id
        WHERE i.organisation = $1 AND r.mended_by IS NULL AND i.created_at > now() - interval '30 days') AS "rowsToMend",
       (SELECT count(*) FROM acts WHERE organisation = $1 AND error IS NOT NULL
        AND created_at > now() - interval '7 days') AS "failedActs",
       (SELECT count(*) FROM suspicions WHERE organisation = $1 AND state = 'open') AS suspicions,
       (SELECT count(*) FROM batches WHERE organisation = $1 AND refusal IS NOT NULL) AS "refusedBatches"`,
    [organisation],
  );
  return row as Attention;
}
