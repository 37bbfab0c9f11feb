// Owns taking lots in from the chain: how each came about and what became of it. Reading them is lots.ts's.
import type { ChainEvent } from '../core/events.ts';
import { parentsOfPiece } from '../core/lot.ts';
import type { Sql } from '../ports.ts';

/** Rows that come from the chain alone. */
export const LOT_TABLES = ['lots', 'lot_events', 'piece_returns'];

type LotKind = 'lot' | 'lot-moved' | 'lot-drawn' | 'lot-consumed' | 'piece-returned';
type LotEvent = ChainEvent & { readonly kind: LotKind; readonly time: number };

export async function takeLotEvent(sql: Sql, event: LotEvent): Promise<void> {
  const { block, logIndex, time, transaction, key } = event;
  const place = { block, log_index: logIndex, time, transaction, key };
  switch (event.kind) {
    case 'lot': {
      const { contentHash, ...header } = event.header;
      const { lotId, operation } = event;
      return insert(sql, 'lots', { ...place, lot_id: lotId, operation, ...header, content_hash: contentHash });
    }
    case 'piece-returned': {
      const { tokenId, organisation } = event;
      return insert(sql, 'piece_returns', {
        ...place,
        token_id: tokenId,
        organisation,
        parents: parentsOfPiece(tokenId),
      });
    }
    case 'lot-moved':
      return note(sql, event, { ...place, from_address: event.from, to_address: event.to });
    case 'lot-drawn':
      return note(sql, event, { ...place, batch_id: event.batchId, quantity: event.quantity });
    case 'lot-consumed': {
      const { parents, operation, quantity } = event;
      return note(sql, event, { ...place, parents, operation, quantity });
    }
  }
}

async function note(
  sql: Sql,
  { kind, lotId, number }: LotEvent & { readonly lotId: string; readonly number: number },
  rest: Readonly<Record<string, unknown>>,
): Promise<void> {
  return insert(sql, 'lot_events', { ...rest, lot_id: lotId, number, kind: kind.replace('lot-', '') });
}

async function insert(sql: Sql, table: string, row: Readonly<Record<string, unknown>>): Promise<void> {
  const places = Object.keys(row).map((_, i) => `$${i + 1}`);
  await sql.query(
    `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${places.join(', ')})`,
    Object.values(row),
  );
}
