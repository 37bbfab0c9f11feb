// Owns what is told of shipments, to both sides alike: who offers what to whom, how far it is, and the receipts of the
// acts that carry it.
import type { Ledger, Sql } from '../ports.ts';
import type { Account } from './accounts.ts';
import { actsOfShipment } from './act-receipts.ts';
import { handlesOf } from './organisations.ts';
import type { ShipmentRow } from './shipments.ts';

/** `accepted` is under way; `delivered` once all of it has arrived; `failed` if some of it did not. */
export type ShipmentState = ShipmentRow['state'] | 'delivered' | 'failed';

interface Progress {
  readonly open: number;
  readonly failed: number;
}

const LISTED = `
  SELECT s.*, (SELECT count(*) FROM acts a WHERE a.shipment = s.id AND NOT a.done) AS open,
    (SELECT count(*) FROM acts a WHERE a.shipment = s.id AND a.error IS NOT NULL) AS failed,
    (SELECT r.id FROM shipments r WHERE r.returns = s.id) AS returned_by
  FROM shipments s`;
type Row = ShipmentRow & Progress & { readonly returned_by: string | null };

export async function shipmentReceipt(ledger: Ledger, id: string) {
  const [row] = await ledger.db.query<Row>(`${LISTED} WHERE s.id = $1`, [id]);
  if (!row) return undefined;
  const acts = await actsOfShipment(ledger, id);
  return {
    ...summary(row, await namesOf(ledger.db, [row])),
    pieces: row.pieces.map(({ tokenId, path }) => ({ tokenId, path })),
    ranges: row.ranges.map(({ batch, part }) => ({ batch, part })),
    acts: acts.map(({ id: act, act: name, state, transaction, block, error, subjects }) => ({
      id: act,
      act: name,
      state,
      count: subjects.length,
      transaction,
      block,
      error,
    })),
  };
}

/** Newest first, those to and from the organisation; `next` is the cursor for the following page. */
export async function listShipments(sql: Sql, { organisation }: Account, before: number | undefined, limit: number) {
  const rows = await sql.query<Row>(
    `${LISTED} WHERE $1 IN (s.from_address, s.to_address) AND ($2::bigint IS NULL OR s.no < $2)
     ORDER BY s.no DESC LIMIT $3`,
    [organisation, before ?? null, limit],
  );
  const names = await namesOf(sql, rows);
  return {
    items: rows.map((row) => summary(row, names)),
    next: rows.length === limit ? (rows.at(-1)?.no ?? null) : null,
  };
}

function namesOf(sql: Sql, rows: readonly ShipmentRow[]): Promise<Map<string, string>> {
  return handlesOf(sql, [...new Set(rows.flatMap((row) => [row.from_address, row.to_address]))]);
}

function summary(row: Row, names: ReadonlyMap<string, string>) {
  const side = (address: string) => ({ address, handle: names.get(address) ?? null });
  return {
    id: row.id,
    state: stateOf(row),
    from: side(row.from_address),
    to: side(row.to_address),
    count: row.pieces.length,
    note: row.note,
    returns: row.returns,
    returnedBy: row.returned_by,
    offeredAt: row.created_at,
    decidedAt: row.decided_at,
  };
}

function stateOf({ state, open, failed }: Row): ShipmentState {
  if (state !== 'accepted' || open > 0) return state;
  return failed > 0 ? 'failed' : 'delivered';
}
