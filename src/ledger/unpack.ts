// Owns taking a published batch in from the chain once all its parts are there. A batch that fails is marked, never half
// taken. What a payload is, and checking it, is core/payload.ts's.
import { type BatchHeader, batchIdOf } from '../core/batch.ts';
import type { PieceCode } from '../core/code.ts';
import { BadPayload, type Unpacked, unpack } from '../core/payload.ts';
import type { PieceRecord } from '../core/record.ts';
import type { Ledger, Sql } from '../ports.ts';
import { noteReports } from './certificates.ts';
import { noteMasses } from './lot-needs.ts';
import { type Moment, mayGive } from './organisations.ts';

/** Marks the batch complete once all its parts are there, taking in its pieces if they aren't known here. */
export async function unpackWhenComplete(sql: Sql, ledger: Ledger, no: number): Promise<void> {
  const [batch] = await sql.query<BatchRow>(
    `SELECT b.no, organisation, root, count, mode, payload_hash AS "payloadHash", parts,
       (SELECT count(*) FROM parts p WHERE p.batch_no = b.no) AS arrived,
       EXISTS (SELECT 1 FROM members m WHERE m.batch_no = b.no) AS known
     FROM batches b JOIN anchors a ON a.batch_no = b.no WHERE b.no = $1`,
    [no],
  );
  if (!batch || batch.arrived < batch.parts) return;
  const state = batch.known ? 'complete' : await takeIn(sql, ledger, batch);
  await sql.query('UPDATE anchors SET state = $2 WHERE batch_no = $1', [no, state]);
}

interface BatchRow extends BatchHeader {
  readonly no: number;
  readonly arrived: number;
  readonly known: boolean;
}

async function takeIn(sql: Sql, ledger: Ledger, batch: BatchRow): Promise<'complete' | 'invalid'> {
  const parts = await sql.query<{ data: Buffer }>('SELECT data FROM parts WHERE batch_no = $1 ORDER BY part', [
    batch.no,
  ]);
  try {
    const pieces = await unpack(
      ledger.codec.expand,
      batch,
      parts.map((part) => part.data),
    );
    await insert(sql, batch, pieces);
    await sql.query(`UPDATE parts SET data = '' WHERE batch_no = $1`, [batch.no]);
    return 'complete';
  } catch (error) {
    if (!(error instanceof BadPayload)) throw error;
    ledger.log.warn({ batch: batchIdOf(batch), reason: error.message }, 'a published batch does not hold what it says');
    return 'invalid';
  }
}

/**
 * Inserts pieces as the chain has them. A code that another record holds already stays with that one, and a code that
 * wasn't this organisation's to give is taken from nobody. So does a claim key.
 */
async function insert(sql: Sql, batch: BatchRow, pieces: readonly Unpacked[]): Promise<void> {
  const seen = new Set<string>();
  const cards = new Set<string>();
  const own = await givable(sql, batch, pieces);
  const input = pieces.map((piece, i) => {
    const first = !seen.has(piece.path) && own.has(issuerOf(piece.code));
    seen.add(piece.path);
    const firstOfCard = piece.claimKey === null || !cards.has(piece.claimKey);
    if (piece.claimKey !== null) cards.add(piece.claimKey);
    return {
      i,
      p: piece.path,
      f: first,
      h: piece.hash.slice(2),
      r: piece.text,
      c: piece.claimKey?.slice(2),
      o: firstOfCard,
      e: piece.extra?.slice(2),
    };
  });
  await sql.query(
    `WITH input AS (
       SELECT t.*, nextval(pg_get_serial_sequence('pieces', 'id')) AS id
       FROM json_to_recordset($1::json) AS t(i integer, p text, f boolean, h text, r text, c text, o boolean, e text)),
     added AS (
       INSERT INTO pieces (id, organisation, path, holds_path, mode, record_hash, record, claim_key, extra, holds_card)
       OVERRIDING SYSTEM VALUE
       SELECT id, $2, p, f AND NOT EXISTS (SELECT 1 FROM pieces q WHERE q.path = p AND q.holds_path), $3,
         decode(h, 'hex'), r, decode(c, 'hex'), decode(e, 'hex'),
         o AND NOT EXISTS (SELECT 1 FROM pieces q WHERE q.claim_key = decode(c, 'hex') AND q.holds_card) FROM input)
     INSERT INTO members (batch_no, index, piece_id) SELECT $4, i, id FROM input`,
    [JSON.stringify(input), batch.organisation, batch.mode, batch.no],
  );
  await noteReports(sql, pieces);
  const fromLots = pieces.filter(({ text }) => text.includes('"lot":"0x'));
  await noteMasses(
    sql,
    batch.no,
    fromLots.map(({ text }) => JSON.parse(text) as PieceRecord),
  );
}

/** GTINs and handles among the pieces' codes that were the batch's organisation's to give when it was anchored. */
async function givable(sql: Sql, batch: BatchRow, pieces: readonly Unpacked[]): Promise<Set<string>> {
  const [at] = await sql.query<Moment>('SELECT block, log_index AS "logIndex" FROM anchors WHERE batch_no = $1', [
    batch.no,
  ]);
  const codes = new Map(pieces.map((piece) => [issuerOf(piece.code), piece.code]));
  const own = new Set<string>();
  for (const [issuer, code] of codes) if (await mayGive(sql, batch.organisation, code, at)) own.add(issuer);
  return own;
}

function issuerOf(code: PieceCode): string {
  return 'gtin' in code ? code.gtin : code.handle;
}
