// Owns the part of an evidence file that tells the lots a piece's materials came from: from what the index holds to what
// the format takes. In which order, core/judge-lots.ts says too.
import type { BatchId, TokenId } from '../core/batch.ts';
import type { Evidence } from '../core/evidence.ts';
import type { Hex32 } from '../core/hash.ts';
import { lotsNamed } from '../core/judge-lots.ts';
import { type LotHeader, lotIdOf } from '../core/lot.ts';
import { MOST_TRACED } from '../core/lot-view.ts';
import type { PieceRecord } from '../core/record.ts';
import type { Sql } from '../ports.ts';
import { headerIn, LOT, type LotRow, statementIn } from './lots.ts';

type Lot = NonNullable<Evidence['lots']>[number];

/** Those the record names, then what these were made of, and so on, as far as they are known and fit. */
export async function lotsTold(sql: Sql, record: PieceRecord, batchId: BatchId, until: number): Promise<Lot[]> {
  const named = lotsNamed(record);
  const line = new Set<string>(named);
  const told: Lot[] = [];
  for (let at = 0; at < line.size && told.length < MOST_TRACED; ) {
    const lotIds = [...line].slice(at, at + MOST_TRACED - told.length);
    at += lotIds.length;
    for (const lot of await lotsAt(sql, lotIds, until)) {
      told.push(lot);
      for (const parent of lot.madeOf) line.add(parent);
    }
  }
  const drawn = await drawsFor(sql, batchId, named, until);
  return told.map((lot) => ({ ...lot, draws: drawn.get(lotIdOf(lot.header as LotHeader)) ?? [] }));
}

/** In the order asked for, without their draws. */
async function lotsAt(sql: Sql, lotIds: readonly string[], until: number): Promise<Lot[]> {
  const rows = await sql.query<LotRow>(`${LOT} WHERE l.lot_id = ANY($1) AND l.block <= $2`, [lotIds, until]);
  const parents = rows.map((row) => row.parents);
  const taken = await sql.query<{ parents: Hex32; transaction: Hex32; lot_id: Hex32 }>(
    `SELECT DISTINCT parents, transaction, lot_id FROM lot_events WHERE parents = ANY($1) AND transaction = ANY($2)
     ORDER BY lot_id`,
    [parents, rows.map(({ transaction }) => transaction)],
  );
  const pieces = await sql.query<{ parents: Hex32; token_id: TokenId }>(
    'SELECT parents, token_id FROM piece_returns WHERE parents = ANY($1)',
    [parents],
  );
  const byId = new Map<string, LotRow>(rows.map((row) => [row.lot_id, row]));
  return lotIds.flatMap((lotId) => {
    const row = byId.get(lotId);
    if (!row) return [];
    const madeOf = taken.filter((one) => one.parents === row.parents && one.transaction === row.transaction);
    return {
      header: headerIn(row) as Lot['header'],
      statement: statementIn(row) && row.content,
      madeOf: madeOf.map((one) => one.lot_id),
      returned: pieces.find((one) => one.parents === row.parents)?.token_id ?? null,
      draws: [],
    };
  });
}

async function drawsFor(
  sql: Sql,
  batchId: BatchId,
  lotIds: readonly Hex32[],
  until: number,
): Promise<Map<string, Lot['draws']>> {
  const rows = await sql.query<{
    lot_id: Hex32;
    number: number;
    quantity: number;
    block: number;
    log_index: number;
    time: number;
    transaction: Hex32;
  }>(
    `SELECT lot_id, number, quantity, block, log_index, time, transaction FROM lot_events
     WHERE kind = 'drawn' AND batch_id = $1 AND lot_id = ANY($2) AND block <= $3 ORDER BY number`,
    [batchId, lotIds, until],
  );
  const byLot = new Map<string, Lot['draws']>();
  for (const { lot_id: lotId, log_index: logIndex, ...draw } of rows) {
    byLot.set(lotId, [...(byLot.get(lotId) ?? []), { ...draw, logIndex }]);
  }
  return byLot;
}
