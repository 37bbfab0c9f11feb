// Owns a file's way into the database, chunk by chunk, before anybody looks into it. Until the whole of it is there it
// is the client's to send again; from then on it is this service's to finish (imports.ts).

import { createHash } from 'node:crypto';
import { TouchstoneError } from '../core/errors.ts';
import { SECRET_WAS_SENT, secretSpotter } from '../core/secret-spotter.ts';
import type { Ledger, Sql } from '../ports.ts';

export const MAX_IMPORT_BYTES = 512 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;
/** Uploads of one organisation that broke off or still go on: each may hold the bytes of a whole file. */
export const MAX_UNFINISHED = 20;

/** @throws TouchstoneError overloaded when an organisation has begun too many files and finished none of them */
export async function checkUnfinished(sql: Sql, organisation: string): Promise<void> {
  const [row] = await sql.query<{ n: number }>(
    "SELECT count(*) AS n FROM imports WHERE organisation = $1 AND state = 'receiving'",
    [organisation],
  );
  if ((row?.n ?? 0) < MAX_UNFINISHED) return;
  const message =
    `${MAX_UNFINISHED} files of yours were begun and not sent to their end. Send one of them again under its ` +
    'Idempotency-Key, or wait: after a day they are forgotten.';
  throw new TouchstoneError('overloaded', message, { retry: { afterSeconds: 60 } });
}

/** What was begun a day ago and never ended gives its room back. */
export async function forgetUnfinished(sql: Sql): Promise<void> {
  await sql.query(
    `WITH forgotten AS (
       UPDATE imports SET state = 'failed', failure = $1
       WHERE state = 'receiving' AND created_at < now() - interval '1 day' RETURNING id)
     DELETE FROM import_chunks USING forgotten WHERE import_id = forgotten.id`,
    ['The file was not sent to its end within a day. Send it again under a fresh Idempotency-Key.'],
  );
}

/**
 * Stores a file's chunks; a second attempt at a file that broke off starts it anew, and overtakes a first one that is
 * still under way. Once the file is whole, an attempt is read only to see that it brings the same.
 * @param digest SHA-256 of the whole file, once it was read
 * @throws TouchstoneError idempotency-key-reused for another file than the one that is there
 */
export async function receiveFile(
  ledger: Ledger,
  id: number,
  chunks: AsyncIterable<Uint8Array>,
  digest: () => Buffer,
): Promise<void> {
  const { db } = ledger;
  const attempt = await beginAttempt(db, id);
  if (attempt === undefined) return mustBeTheSame(db, id, chunks, digest);
  let bytes = 0;
  let seq = 0;
  for await (const chunk of withoutCards(regrouped(chunks), () => dropChunks(db, id, attempt))) {
    bytes += chunk.length;
    if (bytes > MAX_IMPORT_BYTES) {
      await dropChunks(db, id, attempt);
      throw tooLarge();
    }
    const kept = await db.query(
      `INSERT INTO import_chunks (import_id, seq, data)
       SELECT id, $3, $4 FROM imports WHERE id = $1 AND attempt = $2 AND state = 'receiving' FOR SHARE RETURNING seq`,
      [id, attempt, seq++, chunk],
    );
    if (kept.length === 0) throw overtaken();
  }
  // From here on the file is this service's to finish, whatever crashes; before, the client sends it again.
  const done = await db.query(
    `UPDATE imports SET state = 'running', bytes = $3, sha256 = $4
     WHERE id = $1 AND attempt = $2 AND state = 'receiving' RETURNING id`,
    [id, attempt, bytes, digest()],
  );
  if (done.length === 0) throw overtaken();
  ledger.nudge();
}

/**
 * Stores a file that is all there already, in the transaction that makes its import: there is no attempt that another
 * one could overtake, and no half of it for a crash to leave.
 */
export async function storeWhole(sql: Sql, id: number, file: Buffer): Promise<void> {
  if (file.length > MAX_IMPORT_BYTES) throw tooLarge();
  const holdsSecret = secretSpotter();
  for (let seq = 0; seq * CHUNK_BYTES < file.length; seq++) {
    const chunk = file.subarray(seq * CHUNK_BYTES, (seq + 1) * CHUNK_BYTES);
    if (holdsSecret(chunk.toString('latin1'))) throw new TouchstoneError('secret-sent', SECRET_WAS_SENT);
    await sql.query('INSERT INTO import_chunks (import_id, seq, data) VALUES ($1, $2, $3)', [id, seq, chunk]);
  }
  await sql.query("UPDATE imports SET state = 'running', bytes = $2, sha256 = $3 WHERE id = $1", [
    id,
    file.length,
    createHash('sha256').update(file).digest(),
  ]);
}

function tooLarge(): TouchstoneError {
  const limit = `${MAX_IMPORT_BYTES / 1024 / 1024} MiB`;
  return new TouchstoneError('body-too-large', `A file may have ${limit} at most. Split it; nothing was taken in.`);
}

async function mustBeTheSame(
  sql: Sql,
  id: number,
  chunks: AsyncIterable<Uint8Array>,
  digest: () => Buffer,
): Promise<void> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > MAX_IMPORT_BYTES) throw tooLarge();
  }
  const [stored] = await sql.query<{ sha256: Buffer | null }>('SELECT sha256 FROM imports WHERE id = $1', [id]);
  if (!stored?.sha256 || stored.sha256.equals(digest())) return;
  const message = 'This Idempotency-Key was used for another file. Nothing was done; use a fresh key.';
  throw new TouchstoneError('idempotency-key-reused', message);
}

/**
 * Passes on what holds no claim card's secret, a chunk later than it comes: of a secret cut in two, the first part isn't
 * stored either.
 */
async function* withoutCards(chunks: AsyncIterable<Buffer>, drop: () => Promise<void>): AsyncGenerator<Buffer> {
  const holdsSecret = secretSpotter();
  let before: Buffer | undefined;
  for await (const chunk of chunks) {
    if (holdsSecret(chunk.toString('latin1'))) {
      await drop();
      throw new TouchstoneError('secret-sent', SECRET_WAS_SENT);
    }
    if (before) yield before;
    before = chunk;
  }
  if (before) yield before;
}

/**
 * A client that gave up waiting sends again while its first upload still drips in: chunks of two must never mix. Those of
 * a file that is whole are no attempt's any more, which only the row itself can tell: whoever looked a moment before it
 * was whole would take it away from under who reads it. @returns undefined for such a file
 */
function beginAttempt(db: Ledger['db'], id: number): Promise<number | undefined> {
  return db.transaction(async (sql) => {
    const [row] = await sql.query<{ attempt: number }>(
      "UPDATE imports SET attempt = attempt + 1 WHERE id = $1 AND state = 'receiving' RETURNING attempt",
      [id],
    );
    if (row) await sql.query('DELETE FROM import_chunks WHERE import_id = $1', [id]);
    return row?.attempt;
  });
}

/** Those of an attempt that another one has overtaken are gone already, and what is there is not its own. */
async function dropChunks(sql: Sql, id: number, attempt: number): Promise<void> {
  await sql.query(
    `DELETE FROM import_chunks USING imports i
     WHERE import_id = i.id AND i.id = $1 AND i.attempt = $2 AND i.state = 'receiving'`,
    [id, attempt],
  );
}

function overtaken(): TouchstoneError {
  const message = 'The same file was sent again meanwhile, and that upload counts. Ask how far the import is.';
  return new TouchstoneError('invalid-request', message);
}

async function* regrouped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    size += chunk.length;
    if (size < CHUNK_BYTES) continue;
    yield Buffer.concat(held);
    held = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(held);
}
