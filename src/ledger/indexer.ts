// Owns the step from chain to store: follows the contracts' events, block by block, and survives reorganisations.
// Everything it writes can be dropped and rebuilt. A range of blocks and the cursor are one transaction, so a crash
// anywhere leaves the index at some block, whole.
import type { BatchId } from '../core/batch.ts';
import { TouchstoneError } from '../core/errors.ts';
import type { BlockPoint, ChainEvent, Ledger, Sql } from '../ports.ts';
import { dropForeignCertificates, takeCertificateEvent } from './certificates.ts';
import { takeLifeEvent } from './life.ts';
import { LOT_TABLES, takeLotEvent } from './lot-events.ts';
import { reopen } from './relay.ts';
import { unpackWhenComplete } from './unpack.ts';

export interface Cursor extends BlockPoint {
  readonly finalBlock: number;
}

/**
 * Blocks asked for at once. A block may hold megabytes of posted parts, so it begins low and doubles, as long as there is
 * more to catch up with and little in it; on a chain of others' blocks it goes in long steps.
 */
const RANGE = { least: 8, most: 2_048, heavyBytes: 1024 * 1024 };
const ranges = new WeakMap<Ledger, number>();
const GENESIS: Cursor = { number: -1, hash: `0x${'0'.repeat(64)}`, time: 0, finalBlock: -1 };

type Stamped = ChainEvent & { readonly time: number };

/** What a re-index drops and a reorganisation winds back. */
export const CHAIN_TABLES = [
  'anchors',
  'parts',
  'moves',
  'runs',
  'life_events',
  'batch_events',
  'organisation_events',
  'certificate_issues',
  'certificate_revocations',
  ...LOT_TABLES,
];

export async function readCursor(sql: Sql): Promise<Cursor> {
  const [row] = await sql.query<{ value: Cursor }>(`SELECT value FROM settings WHERE name = 'cursor'`);
  return row?.value ?? GENESIS;
}

/** Takes in at most one range of blocks. True if there is more to take in. */
export async function indexNext(ledger: Ledger): Promise<boolean> {
  const cursor = await readCursor(ledger.db);
  const head = await ledger.chain.head();
  if (await reorganised(ledger, cursor)) return true;
  // Final stays final, whatever a node that lags behind says.
  const finalBlock = Math.max(cursor.finalBlock, await ledger.chain.finalBlock(head));
  const range = ranges.get(ledger) ?? RANGE.least;
  const to = Math.max(cursor.number, Math.min(head.number, cursor.number + range));
  if (to === cursor.number && Math.min(finalBlock, to) === cursor.finalBlock) return false;
  const { events, points } = await readRange(ledger, cursor, to, finalBlock);
  const end = points.get(to) as BlockPoint;
  const stamped = events.map((event) => stamp(event, points));
  await ledger.db.transaction(async (sql) => {
    for (const event of stamped) await take(sql, ledger, event);
    await keepBlocks(sql, [...points.values()], finalBlock);
    await moveCursor(sql, cursor, { ...end, finalBlock: Math.min(finalBlock, end.number) });
  });
  ranges.set(ledger, to < head.number ? nextRange(range, events) : RANGE.least);
  return to < head.number;
}

function nextRange(range: number, events: readonly ChainEvent[]): number {
  const bytes = events.reduce((sum, event) => sum + (event.kind === 'part' ? event.data.length : 0), 0);
  return bytes > RANGE.heavyBytes ? Math.max(RANGE.least, range >> 1) : Math.min(RANGE.most, range * 2);
}

/**
 * Events behind the cursor up to a block, with the blocks they are in and the last final one, all of one and the same
 * chain: its two ends are looked at again after the events were read, and must be what they were.
 */
async function readRange(
  ledger: Ledger,
  cursor: Cursor,
  to: number,
  finalBlock: number,
): Promise<{ events: readonly ChainEvent[]; points: Map<number, BlockPoint> }> {
  const [before] = await ledger.chain.blocks([to]);
  const events = to > cursor.number ? await ledger.chain.events(cursor.number + 1, to) : [];
  const numbers = [cursor.number, Math.min(finalBlock, to), ...events.map((event) => event.block), to];
  const points = await pointsOf(ledger, numbers);
  const sameBegin = cursor.number < 0 || points.get(cursor.number)?.hash === cursor.hash;
  if (!sameBegin || points.get(to)?.hash !== before?.hash) throw changedMeanwhile();
  return { events, points };
}

/** Not a fault: the next attempt reads the chain as it is then. */
function changedMeanwhile(): TouchstoneError {
  const retry = { afterSeconds: 1 };
  return new TouchstoneError('node-unavailable', 'The chain was reorganised while being read.', { retry });
}

async function moveCursor(sql: Sql, from: Cursor, to: Cursor): Promise<void> {
  // Two leaders for a moment (a lock lost and taken) must not index twice: the second finds the cursor moved on.
  const moved = await sql.query(
    `INSERT INTO settings (name, value) VALUES ('cursor', $1)
     ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value WHERE settings.value->>'hash' = $2 RETURNING name`,
    [JSON.stringify(to), from.hash],
  );
  if (moved.length === 0) throw new Error('the index moved on under another leader');
}

async function pointsOf(ledger: Ledger, wanted: readonly number[]): Promise<Map<number, BlockPoint>> {
  const numbers = [...new Set(wanted)].filter((number) => number >= 0).sort((a, b) => a - b);
  const points = await ledger.chain.blocks(numbers);
  if (points.some((point) => point === undefined)) throw changedMeanwhile();
  return new Map(points.map((point, i) => [numbers[i] as number, point as BlockPoint]));
}

function stamp(event: ChainEvent, points: ReadonlyMap<number, BlockPoint>): Stamped {
  const point = points.get(event.block) as BlockPoint;
  if (point.hash !== event.blockHash) throw changedMeanwhile();
  return { ...event, time: point.time };
}

async function take(sql: Sql, ledger: Ledger, event: Stamped): Promise<void> {
  switch (event.kind) {
    case 'batch':
      return takeBatch(sql, ledger, event);
    case 'part':
      return takePart(sql, ledger, event);
    case 'move':
      await sql.query(
        `INSERT INTO moves (block, log_index, time, transaction, token_id, from_address, to_address)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [event.block, event.logIndex, event.time, event.transaction, event.tokenId, event.from, event.to],
      );
      return;
    case 'run':
      await sql.query(
        `INSERT INTO runs (block, log_index, time, transaction, batch_id, first_index, last_index, from_address, to_address)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          event.block,
          event.logIndex,
          event.time,
          event.transaction,
          event.batchId,
          event.first,
          event.last,
          event.from,
          event.to,
        ],
      );
      return;
    case 'life':
    case 'batch-life':
    case 'claim':
    case 'approval':
      return takeLifeEvent(sql, event);
    case 'lot':
    case 'lot-moved':
    case 'lot-drawn':
    case 'lot-consumed':
    case 'piece-returned':
      return takeLotEvent(sql, event);
    case 'certificate':
    case 'certificates':
    case 'revocation':
    case 'content':
      return takeCertificateEvent(sql, event);
    case 'organisation':
      await sql.query(
        `INSERT INTO organisation_events (block, log_index, time, transaction, organisation, name, data)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [event.block, event.logIndex, event.time, event.transaction, event.organisation, event.name, event.data],
      );
  }
}

async function takeBatch(sql: Sql, ledger: Ledger, event: Stamped & { kind: 'batch' }): Promise<void> {
  const { header } = event;
  const no = await batchNumber(sql, event.batchId, event);
  await sql.query(
    `INSERT INTO anchors (batch_no, block, log_index, time, transaction, key, state) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      no,
      event.block,
      event.logIndex,
      event.time,
      event.transaction,
      event.key,
      header.parts === 0 ? 'root-only' : 'incomplete',
    ],
  );
  if (header.parts > 0) await unpackWhenComplete(sql, ledger, no);
}

async function batchNumber(sql: Sql, batchId: BatchId, event: ChainEvent & { kind: 'batch' }): Promise<number> {
  const { header } = event;
  const [row] = await sql.query<{ no: number }>(
    `INSERT INTO batches (batch_id, organisation, root, count, mode, payload_hash, parts, sealed_here)
     VALUES ($1, $2, $3, $4, $5, $6, $7, false)
     ON CONFLICT (batch_id) DO UPDATE SET refusal = NULL RETURNING no`,
    [batchId, header.organisation, header.root, header.count, header.mode, header.payloadHash, header.parts],
  );
  return row?.no as number;
}

async function takePart(sql: Sql, ledger: Ledger, event: Stamped & { kind: 'part' }): Promise<void> {
  // Of a batch sealed here the bytes are known; that they arrived is enough.
  const [batch] = await sql.query<{ no: number }>(
    `INSERT INTO parts (batch_no, part, data, block)
     SELECT no, $2, CASE WHEN EXISTS (SELECT 1 FROM members m WHERE m.batch_no = no) THEN ''::bytea ELSE $3 END, $4
     FROM batches WHERE batch_id = $1 ON CONFLICT (batch_no, part) DO NOTHING RETURNING batch_no AS no`,
    [event.batchId, event.part, Buffer.from(event.data), event.block],
  );
  if (batch) await unpackWhenComplete(sql, ledger, batch.no);
}

/** Blocks that could still be replaced, and the last that can't: where to look for the common ancestor. */
async function keepBlocks(sql: Sql, points: readonly BlockPoint[], finalBlock: number): Promise<void> {
  await sql.query(
    `INSERT INTO blocks (number, hash, time)
     SELECT * FROM json_to_recordset($1::json) AS t(number bigint, hash text, time bigint) ON CONFLICT DO NOTHING`,
    [JSON.stringify(points)],
  );
  await sql.query('DELETE FROM blocks WHERE number < (SELECT max(number) FROM blocks WHERE number <= $1)', [
    finalBlock,
  ]);
}

/** Whether the cursor's block is gone from the chain; if so, the index is wound back to the last block both share. */
async function reorganised(ledger: Ledger, cursor: Cursor): Promise<boolean> {
  if (cursor.number < 0) return false;
  const [now] = await ledger.chain.blocks([cursor.number]);
  if (now?.hash === cursor.hash) return false;
  const known = await ledger.db.query<BlockPoint>('SELECT number, hash, time FROM blocks ORDER BY number DESC');
  const current = await ledger.chain.blocks(known.map((block) => block.number));
  const shared = known.find((block, i) => current[i]?.hash === block.hash);
  // While nothing is final, a chain may be replaced from its first block on.
  const ancestor = shared ?? (cursor.finalBlock < 0 ? GENESIS : undefined);
  if (!ancestor || ancestor.number < cursor.finalBlock) {
    throw new Error(
      `block ${cursor.finalBlock} was final and is not on this chain: it is another chain, its node lost blocks, or ` +
        'final blocks were replaced. Nothing was changed in the index',
    );
  }
  await ledger.db.transaction((sql) => windBack(sql, cursor, ancestor));
  ledger.log.warn({ from: cursor.number, to: ancestor.number }, 'the chain was reorganised; the index was wound back');
  return true;
}

async function windBack(sql: Sql, cursor: Cursor, to: BlockPoint): Promise<void> {
  for (const table of CHAIN_TABLES) {
    await sql.query(`DELETE FROM ${table} WHERE block > $1`, [to.number]);
  }
  await sql.query('DELETE FROM blocks WHERE number > $1', [to.number]);
  // What was complete may lack a part now.
  await sql.query(
    `UPDATE anchors a SET state = 'incomplete' FROM batches b WHERE b.no = a.batch_no AND b.parts > 0
     AND (SELECT count(*) FROM parts p WHERE p.batch_no = b.no) < b.parts`,
  );
  await dropForeign(sql);
  await dropForeignCertificates(sql);
  // Our own transactions of those blocks are sent again, unless the new blocks hold them: then the node says so.
  await sql.query('UPDATE transactions SET block = NULL, succeeded = NULL, sent_at = NULL WHERE block > $1', [
    to.number,
  ]);
  await reopen(sql);
  await moveCursor(sql, cursor, { ...to, finalBlock: cursor.finalBlock });
}

/** Batches that came from the chain alone and are no longer on it, with their pieces. */
async function dropForeign(sql: Sql): Promise<void> {
  await sql.query(
    `WITH gone AS (DELETE FROM batches b WHERE NOT sealed_here
                   AND NOT EXISTS (SELECT 1 FROM anchors a WHERE a.batch_no = b.no) RETURNING no),
     parted AS (DELETE FROM members m USING gone WHERE m.batch_no = gone.no RETURNING piece_id)
     DELETE FROM pieces USING parted WHERE id = piece_id`,
  );
}
