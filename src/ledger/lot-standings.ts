// Owns reading what became of lots: each as it stands, and those an organisation holds. Says nothing of customers: lots go
// to organisations and into batches.
import type { BatchId } from '../core/batch.ts';
import { isoTime } from '../core/events.ts';
import type { Hex32 } from '../core/hash.ts';
import { type LotId, type LotOperation, type LotStatement, unitOf } from '../core/lot.ts';
import type { LotView, Named } from '../core/lot-view.ts';
import type { AsOf } from '../core/passport.ts';
import type { Sql } from '../ports.ts';
import { LOT, type LotRow, operationOf, statementIn, viewsOf } from './lots.ts';
import { handlesOf } from './organisations.ts';

/** What became of a lot, or of some of it. */
export type LotStep =
  | { readonly kind: 'moved'; readonly from: Named; readonly to: Named }
  | { readonly kind: 'drawn'; readonly batchId: BatchId; readonly quantity: number; readonly pieces: number | null }
  | {
      readonly kind: 'consumed';
      readonly operation: LotOperation;
      readonly quantity: number;
      readonly into: readonly LotId[];
    };

export interface LotStanding extends LotView {
  readonly holder: Named;
  readonly remaining: number;
  readonly steps: readonly (LotStep & { readonly number: number; readonly at: string; readonly transaction: Hex32 })[];
  /** Whether every event of the lot is known: their numbers have no gap. */
  readonly complete: boolean;
}

interface EventRow {
  readonly number: number;
  readonly kind: 'moved' | 'drawn' | 'consumed';
  readonly time: number;
  readonly transaction: Hex32;
  readonly from_address: string;
  readonly to_address: string;
  readonly batch_id: BatchId;
  readonly count: number | null;
  readonly parents: Hex32;
  readonly operation: number;
  readonly quantity: number;
}

/** A lot as it stands; undefined if none is known by this id. */
export async function lotAsItStands(sql: Sql, asOf: AsOf, lotId: string): Promise<LotStanding | undefined> {
  const rows = await sql.query<LotRow>(`${LOT} WHERE l.lot_id = $1`, [lotId]);
  const [view] = await viewsOf(sql, asOf, rows);
  if (!view) return undefined;
  const events = await sql.query<EventRow>(
    `SELECT e.*, b.count FROM lot_events e LEFT JOIN batches b ON b.batch_id = e.batch_id
     WHERE e.lot_id = $1 ORDER BY e.number`,
    [lotId],
  );
  const made = await sql.query<{ parents: Hex32; transaction: Hex32; lot_id: LotId }>(
    'SELECT parents, transaction, lot_id FROM lots WHERE parents = ANY($1) ORDER BY block, log_index',
    [events.flatMap(({ parents }) => parents ?? [])],
  );
  const addresses = events.flatMap((event) => (event.kind === 'moved' ? [event.from_address, event.to_address] : []));
  const handles = await handlesOf(sql, addresses);
  const named = (address: string): Named => ({ address, handle: handles.get(address) ?? null });
  const stepOf = (event: EventRow): LotStep => {
    if (event.kind === 'moved') return { kind: 'moved', from: named(event.from_address), to: named(event.to_address) };
    const { quantity } = event;
    if (event.kind === 'drawn') return { kind: 'drawn', batchId: event.batch_id, quantity, pieces: event.count };
    const into = made.filter((lot) => lot.parents === event.parents && lot.transaction === event.transaction);
    const operation = operationOf(event.operation);
    return { kind: 'consumed', operation, quantity, into: into.map(({ lot_id: id }) => id) };
  };
  const last = events.findLast(({ kind }) => kind === 'moved');
  return {
    ...view,
    holder: last ? named(last.to_address) : view.by,
    remaining: events.reduce((left, { quantity }) => left - (quantity ?? 0), view.quantity),
    steps: events.map((event) => ({
      ...stepOf(event),
      number: event.number,
      at: isoTime(event.time),
      transaction: event.transaction,
    })),
    complete: events.every(({ number }, i) => number === i + 2),
  };
}

export interface LotSummary {
  readonly lotId: LotId;
  readonly title: string | null;
  readonly operation: LotOperation;
  readonly quantity: number;
  readonly remaining: number;
  readonly unit: string;
  readonly fineness: number | null;
  readonly material: LotStatement['material'] | null;
  readonly at: string;
}

/** The lots an organisation holds, newest first; those that are used up come on request only. */
export async function lotsHeldBy(
  sql: Sql,
  organisation: string,
  { before, limit, usedUp }: { before?: string | undefined; limit: number; usedUp: boolean },
): Promise<{ items: LotSummary[]; next: string | null }> {
  const rows = await sql.query<LotRow & { remaining: number; log_index: number }>(
    `SELECT * FROM (
       SELECT l.*, t.content, l.quantity - coalesce((SELECT sum(quantity) FROM lot_events e WHERE e.lot_id = l.lot_id), 0)::bigint
         AS remaining
       FROM lots l LEFT JOIN certificate_contents t ON t.hash = l.content_hash
       WHERE l.lot_id IN (SELECT lot_id FROM lots WHERE organisation = $1
                          UNION SELECT lot_id FROM lot_events WHERE to_address = $1)
         AND coalesce((SELECT to_address FROM lot_events e WHERE e.lot_id = l.lot_id AND e.kind = 'moved'
                       ORDER BY number DESC LIMIT 1), l.organisation) = $1
         AND ($2::text IS NULL OR (l.block, l.log_index) < (SELECT block, log_index FROM lots WHERE lot_id = $2))
     ) AS held WHERE $4 OR remaining > 0 ORDER BY block DESC, log_index DESC LIMIT $3`,
    [organisation, before ?? null, limit, usedUp],
  );
  const items = rows.map((row) => {
    const statement = statementIn(row);
    return {
      lotId: row.lot_id,
      title: statement?.title ?? null,
      operation: operationOf(row.operation),
      quantity: row.quantity,
      remaining: row.remaining,
      unit: unitOf(row.unit) ?? 'mg',
      fineness: row.fineness === 0 ? null : row.fineness,
      material: statement?.material ?? null,
      at: isoTime(row.time),
    };
  });
  return { items, next: rows.length === limit ? (items.at(-1)?.lotId ?? null) : null };
}
