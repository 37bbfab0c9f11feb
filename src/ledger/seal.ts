// Owns the step from accepted pieces to a sealed batch: leaves, root, payload, parts. One organisation and one mode a
// batch. What is sealed here is anchored by anchor.ts.
import {
  type BatchHeader,
  type BatchId,
  type BatchMode,
  batchIdOf,
  CODEC_BROTLI,
  PUBLISHED,
  payloadHashOf,
  payloadLine,
  splitParts,
} from '../core/batch.ts';
import type { CanonicalText } from '../core/canonical.ts';
import { type Hex32, keccak, toHex } from '../core/hash.ts';
import { leafBytes, merkleRoot, ZERO_32, ZERO_ADDRESS } from '../core/merkle.ts';
import type { Codec, Ledger, Sql } from '../ports.ts';
import { sealNeeds } from './lot-needs.ts';

export interface SealPolicy {
  /** How long a piece waits for company before its batch is sealed. */
  readonly afterMs: number;
  readonly maxCount: number;
}

/** The contract takes 131,072; less keeps the memory of sealing flat whatever an import's size, at the same gas a piece. */
export const SEAL_POLICY: SealPolicy = { afterMs: 1_000, maxCount: 8_192 };
/** Text of one batch: what a reader has to expand. Here it streams by, a page of pieces at a time. */
const MAX_SEAL_BYTES = 8 * 1024 * 1024;
const PAGE = 512;
/** The rest of an import of at least so many pieces has had its company, and need not wait for more. */
const FULL_ENOUGH = 1_000;

/** A batch as it was sealed. */
export interface SealedRow {
  readonly no: number;
  readonly batch_id: BatchId;
  readonly organisation: string;
  readonly root: BatchHeader['root'];
  readonly count: number;
  readonly mode: BatchHeader['mode'];
  readonly payload_hash: Hex32;
  readonly parts: number;
}

export function headerOf(row: Omit<SealedRow, 'no' | 'batch_id'>): BatchHeader {
  const { organisation, root, count, mode, payload_hash: payloadHash, parts } = row;
  return { organisation, root, count, mode, payloadHash, parts };
}

interface Waiting {
  readonly import_id: number | null;
  readonly record: CanonicalText;
  readonly hash: Hex32;
  readonly claim_key: Hex32 | null;
  readonly extra: Hex32 | null;
}

/** What is gathered of a batch while its text streams by. */
interface Gathered {
  readonly leaves: Uint8Array[];
  /** Import to how many of the batch's pieces came from it. */
  readonly imports: Map<number, number>;
}

/** Seals at most one batch. True if there was one to seal. */
export async function sealNext(ledger: Ledger, policy: SealPolicy = SEAL_POLICY): Promise<boolean> {
  const [due] = await ledger.db.query<{ organisation: string; mode: BatchMode }>(
    // The oldest piece says whose batch is next. At most one batch's worth is looked at, however many wait.
    `SELECT o.organisation, o.mode FROM (SELECT * FROM unsealed ORDER BY piece_id LIMIT 1) o
     WHERE o.accepted_at <= now() - $1 * interval '1 millisecond' OR
       (SELECT count(*) >= $2 OR sum(bytes) >= $3 FROM (
          SELECT bytes FROM unsealed u WHERE u.organisation = o.organisation AND u.mode = o.mode LIMIT $2) AS bounded) OR
       EXISTS (SELECT 1 FROM pieces p JOIN imports i ON i.id = p.import_id
               WHERE p.id = o.piece_id AND i.state = 'done' AND i.accepted >= $4)`,
    [policy.afterMs, policy.maxCount, MAX_SEAL_BYTES, FULL_ENOUGH],
  );
  if (!due) return false;
  // One transaction: a crash before its commit leaves the pieces waiting as they were; after it, a batch that is whole.
  await ledger.db.transaction((sql) => seal(sql, ledger, due.organisation, due.mode, policy.maxCount));
  return true;
}

async function seal(sql: Sql, ledger: Ledger, organisation: string, mode: BatchMode, maxCount: number): Promise<void> {
  const waiting = await sql.query<{ id: number; total: number }>(
    `SELECT piece_id AS id, total FROM (
       SELECT piece_id, bytes, sum(bytes) OVER (ORDER BY piece_id) AS total FROM unsealed
       WHERE organisation = $1 AND mode = $2 ORDER BY piece_id LIMIT $3) AS next
     WHERE total <= $4 OR total = bytes ORDER BY piece_id`,
    [organisation, mode, maxCount, MAX_SEAL_BYTES],
  );
  const last = waiting.at(-1);
  if (!last) return;
  const ids = waiting.map((piece) => piece.id);
  const gathered: Gathered = { leaves: [], imports: new Map() };
  const text = payloadText(sql, organisation, ids, gathered);
  const parts = mode === PUBLISHED ? splitParts(await payloadOf(ledger.codec, text, last.total)) : [];
  if (mode !== PUBLISHED) for await (const _ of text);
  const hashes = parts.map((part) => toHex(keccak(part)));
  const header: BatchHeader = {
    organisation,
    root: merkleRoot(gathered.leaves),
    count: ids.length,
    mode,
    payloadHash: mode === PUBLISHED ? payloadHashOf(hashes) : ZERO_32,
    parts: parts.length,
  };
  await writeBatch(sql, header, ids, parts, gathered.imports);
}

/** Codec byte, then the compressed lines (docs/format.md, "Payload"). */
async function payloadOf(codec: Codec, text: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array> {
  return Buffer.concat([Buffer.of(CODEC_BROTLI), await codec.compress(text, size)]);
}

/** The batch's lines, a page of pieces at a time; their leaves are gathered on the way. */
async function* payloadText(
  sql: Sql,
  organisation: string,
  ids: readonly number[],
  { leaves, imports }: Gathered,
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < ids.length; at += PAGE) {
    const page = await sql.query<Waiting>(
      `SELECT import_id, record, '0x' || encode(record_hash, 'hex') AS hash,
         '0x' || encode(claim_key, 'hex') AS claim_key, '0x' || encode(extra, 'hex') AS extra
       FROM pieces WHERE id = ANY($1::bigint[]) ORDER BY id`,
      [ids.slice(at, at + PAGE)],
    );
    let lines = '';
    for (const { record, hash: recordHash, import_id: importId, ...piece } of page) {
      const claimKey = piece.claim_key ?? ZERO_ADDRESS;
      const extra = piece.extra ?? ZERO_32;
      leaves.push(leafBytes({ organisation, index: leaves.length, recordHash, claimKey, extra }));
      lines += payloadLine({ record, claimKey, extra });
      if (importId !== null) imports.set(importId, (imports.get(importId) ?? 0) + 1);
    }
    yield Buffer.from(lines, 'utf8');
  }
  if (leaves.length !== ids.length) throw new Error('a waiting piece is not there');
}

async function writeBatch(
  sql: Sql,
  header: BatchHeader,
  ids: readonly number[],
  parts: readonly Uint8Array[],
  imports: ReadonlyMap<number, number>,
): Promise<void> {
  const [batch] = await sql.query<{ no: number }>(
    `INSERT INTO batches (batch_id, organisation, root, count, mode, payload_hash, parts, sealed_here)
     VALUES ($1, $2, $3, $4, $5, $6, $7, true) RETURNING no`,
    [batchIdOf(header), header.organisation, header.root, header.count, header.mode, header.payloadHash, header.parts],
  );
  await sql.query(
    `INSERT INTO members (batch_no, index, piece_id)
     SELECT $1, place - 1, id FROM unnest($2::bigint[]) WITH ORDINALITY AS t(id, place)`,
    [batch?.no, ids],
  );
  const [taken] = await sql.query<{ count: number }>(
    `WITH taken AS (DELETE FROM unsealed WHERE piece_id = ANY($1::bigint[]) RETURNING 1) SELECT count(*) FROM taken`,
    [ids],
  );
  // Two leaders for a moment (a lock lost and taken) must not seal a piece twice: the second finds it gone.
  if (taken?.count !== ids.length) throw new Error('waiting pieces were sealed by another leader');
  await countImports(sql, batch?.no as number, imports);
  await sealNeeds(sql, batch?.no as number, ids);
  for (const [part, data] of parts.entries()) {
    await sql.query('INSERT INTO payloads (batch_no, part, data) VALUES ($1, $2, $3)', [
      batch?.no,
      part,
      Buffer.from(data),
    ]);
  }
}

/** How many of a batch's pieces came from which import: progress is told from these few rows, not from the pieces. */
async function countImports(sql: Sql, batchNo: number, imports: ReadonlyMap<number, number>): Promise<void> {
  if (imports.size === 0) return;
  await sql.query(
    `INSERT INTO import_batches (import_id, batch_no, count)
     SELECT id, $1, count FROM unnest($2::bigint[], $3::integer[]) AS t(id, count)`,
    [batchNo, [...imports.keys()], [...imports.values()]],
  );
}
