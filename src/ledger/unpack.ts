// Owns reading a published batch: from its parts to records, checked against everything the batch committed to. A batch
// that fails is marked, never half taken. Bounded: what would expand too far is no payload.
import { type BatchHeader, batchIdOf, MAX_PAYLOAD_TEXT_BYTES, payloadHashOf, payloadLine } from '../core/batch.ts';
import type { CanonicalText } from '../core/canonical.ts';
import { codePath, type PieceCode } from '../core/code.ts';
import { type Hex32, keccak, toHex } from '../core/hash.ts';
import { leafBytes, merkleRoot, ZERO_32, ZERO_ADDRESS } from '../core/merkle.ts';
import { canonicalRecord, hashRecord, type PieceRecord, parseRecord, type RecordHash } from '../core/record.ts';
import type { Codec, Ledger, Sql } from '../ports.ts';
import { type Moment, mayGive } from './organisations.ts';
import { CODEC_BROTLI } from './seal.ts';

export interface Unpacked {
  readonly code: PieceCode;
  readonly path: string;
  readonly text: CanonicalText;
  readonly hash: RecordHash;
  readonly claimKey: Hex32 | null;
  readonly extra: Hex32 | null;
}

export class BadPayload extends Error {}

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
      ledger.codec,
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

/** @throws BadPayload naming the first thing that is wrong */
export async function unpack(codec: Codec, header: BatchHeader, parts: readonly Uint8Array[]): Promise<Unpacked[]> {
  if (payloadHashOf(parts.map((part) => toHex(keccak(part)))) !== header.payloadHash)
    throw new BadPayload('payload hash');
  const payload = Buffer.concat(parts);
  if (payload[0] !== CODEC_BROTLI) throw new BadPayload(`codec ${payload[0]}`);
  const text = await codec.expand(payload.subarray(1), MAX_PAYLOAD_TEXT_BYTES).catch((error: Error) => {
    throw new BadPayload(`compression: ${error.message}`);
  });
  const lines = strictUtf8(text).split('\n');
  if (lines.pop() !== '' || lines.length !== header.count) throw new BadPayload('number of lines');
  const pieces = lines.map((line, index) => readLine(line, index));
  const leaves = pieces.map((piece, index) =>
    leafBytes({
      organisation: header.organisation,
      index,
      recordHash: piece.hash,
      claimKey: piece.claimKey ?? ZERO_ADDRESS,
      extra: piece.extra ?? ZERO_32,
    }),
  );
  if (merkleRoot(leaves) !== header.root) throw new BadPayload('Merkle root');
  return pieces;
}

/** Malformed bytes would otherwise become other text than was hashed. */
function strictUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new BadPayload('UTF-8');
  }
}

function readLine(line: string, index: number): Unpacked {
  const entry = parseLine(line, index);
  const parsed = parseRecord(entry.record);
  if (!parsed.ok) throw new BadPayload(`line ${index}: ${parsed.faults[0]?.field} ${parsed.faults[0]?.reason}`);
  const text = canonicalOf(parsed.record, index);
  const claimKey = entry.claimKey ?? ZERO_ADDRESS;
  const extra = entry.extra ?? ZERO_32;
  if (payloadLine({ record: text, claimKey, extra }) !== `${line}\n`)
    throw new BadPayload(`line ${index}: not canonical`);
  const code = parsed.record.code as PieceCode;
  return {
    code,
    path: codePath(code),
    text,
    hash: hashRecord(text),
    claimKey: entry.claimKey ?? null,
    extra: entry.extra ?? null,
  };
}

function canonicalOf(record: PieceRecord, index: number): CanonicalText {
  try {
    return canonicalRecord(record);
  } catch (error) {
    throw new BadPayload(`line ${index}: ${(error as Error).message}`);
  }
}

function parseLine(line: string, index: number): { record: unknown; claimKey?: Hex32; extra?: Hex32 } {
  try {
    const entry = JSON.parse(line);
    const claimOk = entry.claimKey === undefined || /^0x[0-9a-f]{40}$/.test(entry.claimKey);
    const extraOk = entry.extra === undefined || /^0x[0-9a-f]{64}$/.test(entry.extra);
    if (claimOk && extraOk) return entry;
  } catch {
    // said below
  }
  throw new BadPayload(`line ${index}: not an entry`);
}

/**
 * Inserts pieces as the chain has them. A code that another record holds already stays with that one, and a code that
 * wasn't this organisation's to give is taken from nobody.
 */
async function insert(sql: Sql, batch: BatchRow, pieces: readonly Unpacked[]): Promise<void> {
  const seen = new Set<string>();
  const own = await givable(sql, batch, pieces);
  const input = pieces.map((piece, i) => {
    const first = !seen.has(piece.path) && own.has(issuerOf(piece.code));
    seen.add(piece.path);
    return {
      i,
      p: piece.path,
      f: first,
      h: piece.hash.slice(2),
      r: piece.text,
      c: piece.claimKey?.slice(2),
      e: piece.extra?.slice(2),
    };
  });
  await sql.query(
    `WITH input AS (
       SELECT t.*, nextval(pg_get_serial_sequence('pieces', 'id')) AS id
       FROM json_to_recordset($1::json) AS t(i integer, p text, f boolean, h text, r text, c text, e text)),
     added AS (
       INSERT INTO pieces (id, organisation, path, holds_path, mode, record_hash, record, claim_key, extra)
       OVERRIDING SYSTEM VALUE
       SELECT id, $2, p, f AND NOT EXISTS (SELECT 1 FROM pieces q WHERE q.path = p AND q.holds_path), $3,
         decode(h, 'hex'), r, decode(c, 'hex'), decode(e, 'hex') FROM input)
     INSERT INTO members (batch_no, index, piece_id) SELECT $4, i, id FROM input`,
    [JSON.stringify(input), batch.organisation, batch.mode, batch.no],
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
