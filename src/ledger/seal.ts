// Owns the step from accepted pieces to a sealed batch: leaves, root, payload, parts. One organisation and one mode a
// batch. What is sealed here is anchored by anchor.ts.
import {
  type BatchHeader,
  type BatchMode,
  batchIdOf,
  PUBLISHED,
  payloadHashOf,
  payloadLine,
  splitParts,
} from '../core/batch.ts';
import type { CanonicalText } from '../core/canonical.ts';
import { type Hex32, keccak, toHex } from '../core/hash.ts';
import { leafBytes, merkleRoot, ZERO_32, ZERO_ADDRESS } from '../core/merkle.ts';
import type { Codec, Ledger, Sql } from '../ports.ts';

export interface SealPolicy {
  /** How long a piece waits for company before its batch is sealed. */
  readonly afterMs: number;
  readonly maxCount: number;
}

/** The contract takes 131,072; less keeps the memory of sealing flat whatever an import's size, at the same gas a piece. */
export const SEAL_POLICY: SealPolicy = { afterMs: 1_000, maxCount: 8_192 };
/** Text of one batch held in memory at once, twice over with its payload. */
const MAX_SEAL_BYTES = 8 * 1024 * 1024;
export const CODEC_BROTLI = 1;

interface Waiting {
  readonly piece_id: number;
  readonly record: CanonicalText;
  readonly hash: Hex32;
  readonly claim_key: Hex32 | null;
  readonly extra: Hex32 | null;
  readonly import_id: number | null;
}

/** Seals at most one batch. True if there was one to seal. */
export async function sealNext(ledger: Ledger, policy: SealPolicy = SEAL_POLICY): Promise<boolean> {
  const [due] = await ledger.db.query<{ organisation: string; mode: BatchMode }>(
    // The oldest piece says whose batch is next. At most one batch's worth is looked at, however many wait.
    `SELECT o.organisation, o.mode FROM (SELECT organisation, mode, accepted_at FROM unsealed ORDER BY piece_id LIMIT 1) o
     WHERE o.accepted_at <= now() - $1 * interval '1 millisecond' OR
       (SELECT count(*) >= $2 OR sum(bytes) >= $3 FROM (
          SELECT bytes FROM unsealed u WHERE u.organisation = o.organisation AND u.mode = o.mode LIMIT $2) AS bounded)`,
    [policy.afterMs, policy.maxCount, MAX_SEAL_BYTES],
  );
  if (!due) return false;
  // One transaction: a crash before its commit leaves the pieces waiting as they were; after it, a batch that is whole.
  await ledger.db.transaction((sql) => seal(sql, ledger, due.organisation, due.mode, policy.maxCount));
  return true;
}

async function seal(sql: Sql, ledger: Ledger, organisation: string, mode: BatchMode, maxCount: number): Promise<void> {
  const waiting = await sql.query<Waiting>(
    `WITH next AS (
       SELECT piece_id, sum(bytes) OVER (ORDER BY piece_id) AS total FROM unsealed
       WHERE organisation = $1 AND mode = $2 ORDER BY piece_id LIMIT $3)
     SELECT piece_id, import_id, record, '0x' || encode(record_hash, 'hex') AS hash,
       '0x' || encode(claim_key, 'hex') AS claim_key, '0x' || encode(extra, 'hex') AS extra
     FROM next JOIN pieces ON id = piece_id WHERE total <= $4 OR piece_id = (SELECT min(piece_id) FROM next)
     ORDER BY piece_id`,
    [organisation, mode, maxCount, MAX_SEAL_BYTES],
  );
  if (waiting.length === 0) return;
  const leaves = waiting.map((piece, index) =>
    leafBytes({
      organisation,
      index,
      recordHash: piece.hash,
      claimKey: piece.claim_key ?? ZERO_ADDRESS,
      extra: piece.extra ?? ZERO_32,
    }),
  );
  const parts = mode === PUBLISHED ? splitParts(await payloadOf(ledger.codec, waiting)) : [];
  const hashes = parts.map((part) => toHex(keccak(part)));
  const header: BatchHeader = {
    organisation,
    root: merkleRoot(leaves),
    count: waiting.length,
    mode,
    payloadHash: mode === PUBLISHED ? payloadHashOf(hashes) : ZERO_32,
    parts: parts.length,
  };
  await writeBatch(sql, header, waiting, parts);
}

/** Codec byte, then the compressed lines (docs/format.md, "Payload"). */
async function payloadOf(codec: Codec, waiting: readonly Waiting[]): Promise<Uint8Array> {
  const text = waiting
    .map((p) => payloadLine({ record: p.record, claimKey: p.claim_key ?? ZERO_ADDRESS, extra: p.extra ?? ZERO_32 }))
    .join('');
  const compressed = await codec.compress(Buffer.from(text, 'utf8'));
  return Buffer.concat([Buffer.of(CODEC_BROTLI), compressed]);
}

async function writeBatch(
  sql: Sql,
  header: BatchHeader,
  waiting: readonly Waiting[],
  parts: readonly Uint8Array[],
): Promise<void> {
  const ids = waiting.map((piece) => piece.piece_id);
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
  await countImports(sql, batch?.no as number, waiting);
  for (const [part, data] of parts.entries()) {
    await sql.query('INSERT INTO payloads (batch_no, part, data) VALUES ($1, $2, $3)', [
      batch?.no,
      part,
      Buffer.from(data),
    ]);
  }
}

/** How many of a batch's pieces came from which import: progress is told from these few rows, not from the pieces. */
async function countImports(sql: Sql, batchNo: number, waiting: readonly Waiting[]): Promise<void> {
  const counts = new Map<number, number>();
  for (const { import_id: id } of waiting) if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1);
  if (counts.size === 0) return;
  await sql.query(
    `INSERT INTO import_batches (import_id, batch_no, count)
     SELECT id, $1, count FROM unnest($2::bigint[], $3::integer[]) AS t(id, count)`,
    [batchNo, [...counts.keys()], [...counts.values()]],
  );
}
