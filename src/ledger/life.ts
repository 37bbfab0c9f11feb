// Owns what happened to pieces and batches besides changing hands, as the index keeps it: taking it in from the chain, and
// finding it again. How a piece stands after it is core/life.ts's.
import { type BatchId, splitTokenId, type TokenId } from '../core/batch.ts';
import type { ChainEvent } from '../core/events.ts';
import type { Hex32 } from '../core/hash.ts';
import { type BatchLifeFacts, type LifeFacts, type LifeNote, lifeKindOf } from '../core/life.ts';
import { type LifeStatement, readLifeStatement } from '../core/life-statement.ts';
import { ZERO_32, ZERO_ADDRESS } from '../core/merkle.ts';
import type { Sql } from '../ports.ts';

type Stamped<K> = ChainEvent & { readonly time: number; readonly kind: K };

/** Rows that no event of LifeEvents has the kind of, and that the registry doesn't count. */
const CLAIMED = 200;
const CLAIMED_RECOVERABLE = 201;
const APPROVED = 202;

export async function takeLifeEvent(
  sql: Sql,
  event: Stamped<'life' | 'batch-life' | 'claim' | 'approval'>,
): Promise<void> {
  const place = [event.block, event.logIndex, event.time, event.transaction];
  switch (event.kind) {
    case 'batch-life':
      await sql.query(
        `INSERT INTO batch_events (block, log_index, time, transaction, batch_id, kind, number, organisation, key, words)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [...place, event.batchId, event.event, event.number, event.organisation, event.key, event.words],
      );
      return;
    case 'life':
      return insert(sql, place, event.tokenId, [
        event.event,
        event.number,
        event.organisation,
        event.key,
        event.contentHash,
        event.words,
      ]);
    case 'claim': {
      const kind = event.recoverable ? CLAIMED_RECOVERABLE : CLAIMED;
      return insert(sql, place, event.tokenId, [kind, null, ZERO_ADDRESS, event.claimKey, ZERO_32, '']);
    }
    case 'approval':
      return insert(sql, place, event.tokenId, [APPROVED, null, ZERO_ADDRESS, event.owner, padded(event.to), '']);
  }
}

const padded = (address: string): string => `0x${address.slice(2).padStart(64, '0')}`;

async function insert(sql: Sql, place: readonly unknown[], tokenId: TokenId, rest: readonly unknown[]): Promise<void> {
  await sql.query(
    `INSERT INTO life_events (block, log_index, time, transaction, token_id, kind, number, organisation, key,
       content_hash, words) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [...place, tokenId, ...rest],
  );
}

/** What a passport takes of a piece's life. */
export interface WholeLife {
  readonly life: readonly LifeFacts[];
  readonly notes: readonly LifeNote[];
  readonly batchLife: readonly BatchLifeFacts[];
  readonly statements: ReadonlyMap<Hex32, LifeStatement>;
}

export const NO_LIFE: WholeLife = { life: [], notes: [], batchLife: [], statements: new Map() };

/** All that happened to a piece and was said of its batch, with the statements that are known, in one query. */
export async function wholeLifeOf(sql: Sql, tokenId: TokenId): Promise<WholeLife> {
  const rows = await sql.query<Row & { of_batch: boolean; content: string | null }>(
    `SELECT false AS of_batch, block, log_index, time, transaction, kind, number, organisation, key, content_hash, words,
       t.content FROM life_events LEFT JOIN certificate_contents t ON t.hash = content_hash WHERE token_id = $1
     UNION ALL
     SELECT true, block, log_index, time, transaction, kind, number, organisation, key, '', words, NULL
     FROM batch_events WHERE batch_id = $2
     ORDER BY block, log_index`,
    [tokenId, splitTokenId(tokenId).batchId],
  );
  if (rows.length === 0) return NO_LIFE;
  const ofPiece = rows.filter((row) => !row.of_batch);
  const statements = ofPiece.flatMap(({ content_hash: hash, content }) => {
    const statement = content === null ? undefined : readLifeStatement(content);
    return statement ? [[hash, statement] as const] : [];
  });
  return {
    life: ofPiece.flatMap(factOf),
    notes: ofPiece.flatMap(noteOf),
    batchLife: rows.filter((row) => row.of_batch).flatMap(batchFactOf),
    statements: new Map(statements),
  };
}

interface Row {
  readonly block: number;
  readonly log_index: number;
  readonly time: number;
  readonly transaction: Hex32;
  readonly kind: number;
  readonly number: number | null;
  readonly organisation: string;
  readonly key: string;
  readonly content_hash: Hex32;
  readonly words: string;
}

/** What happened to a piece until a block, in order: its own counted events, and beside them claims and approvals. */
export async function lifeOf(
  sql: Sql,
  tokenId: TokenId,
  until: number,
): Promise<{ events: LifeFacts[]; notes: LifeNote[] }> {
  const rows = await sql.query<Row>(
    `SELECT block, log_index, time, transaction, kind, number, organisation, key, content_hash, words
     FROM life_events WHERE token_id = $1 AND block <= $2 ORDER BY block, log_index`,
    [tokenId, until],
  );
  return { events: rows.flatMap(factOf), notes: rows.flatMap(noteOf) };
}

function noteOf(row: Row): LifeNote[] {
  if (row.number !== null) return [];
  const { block, log_index: logIndex, time, transaction, key } = row;
  const kind = row.kind === APPROVED ? ('approved' as const) : ('claimed' as const);
  const to = `0x${row.content_hash.slice(26)}`;
  return [{ kind, recoverable: row.kind === CLAIMED_RECOVERABLE, key, to, block, logIndex, time, transaction }];
}

function factOf(row: Row): LifeFacts[] {
  const kind = lifeKindOf(row.kind);
  if (row.number === null || kind === undefined) return [];
  const { block, log_index: logIndex, time, transaction, number, words } = row;
  return [
    {
      block,
      logIndex,
      time,
      transaction,
      kind,
      number,
      organisation: row.organisation === ZERO_ADDRESS ? null : row.organisation,
      key: row.key === ZERO_ADDRESS ? null : row.key,
      contentHash: row.content_hash === ZERO_32 ? null : row.content_hash,
      words,
    },
  ];
}

/** What was said of a batch until a block, in order. */
export async function batchLifeOf(sql: Sql, batchId: BatchId, until: number): Promise<BatchLifeFacts[]> {
  const rows = await sql.query<Row>(
    `SELECT block, log_index, time, transaction, kind, number, organisation, key, words
     FROM batch_events WHERE batch_id = $1 AND block <= $2 ORDER BY block, log_index`,
    [batchId, until],
  );
  return rows.flatMap(batchFactOf);
}

function batchFactOf(row: Row): BatchLifeFacts[] {
  const kind = lifeKindOf(row.kind);
  if (row.number === null || kind === undefined) return [];
  const { block, log_index: logIndex, time, transaction, number, organisation, key, words } = row;
  return [{ block, logIndex, time, transaction, kind, number, organisation, key, words }];
}
