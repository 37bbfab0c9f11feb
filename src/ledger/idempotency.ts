// Owns doing a write once: the first request under a key does the work and its answer is stored in the same
// transaction; a repetition gets that answer. A crash before the commit leaves neither work nor answer.
import { createHash } from 'node:crypto';
import { TouchstoneError } from '../core/errors.ts';
import type { Database, Sql } from '../ports.ts';

/**
 * @param request what was asked, as JSON; the same key with anything else is refused
 * @param prepare what has to be found out first, e.g. from the chain: no connection is held while it waits
 */
export async function once<T, P>(
  db: Database,
  organisation: string,
  key: string,
  request: unknown,
  prepare: () => Promise<P>,
  work: (sql: Sql, prepared: P) => Promise<T>,
): Promise<T> {
  const hash = requestHash(request);
  const known = await recall<T>(db, organisation, key, hash);
  if (known) return known.response;
  const prepared = await prepare();
  return db.transaction(async (sql) => {
    // A second request with the same key waits here until the first has committed or given up.
    const fresh = await sql.query(
      `INSERT INTO idempotency (organisation, key, request_hash) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING key`,
      [organisation, key, hash],
    );
    if (fresh.length === 0) {
      const first = await recall<T>(sql, organisation, key, hash);
      if (first) return first.response;
    }
    const response = await work(sql, prepared);
    await sql.query('UPDATE idempotency SET response = $3 WHERE organisation = $1 AND key = $2', [
      organisation,
      key,
      JSON.stringify(response),
    ]);
    return response;
  });
}

async function recall<T>(
  sql: Sql,
  organisation: string,
  key: string,
  hash: Buffer,
): Promise<{ response: T } | undefined> {
  const [row] = await sql.query<{ request_hash: Buffer; response: T | null }>(
    'SELECT request_hash, response FROM idempotency WHERE organisation = $1 AND key = $2',
    [organisation, key],
  );
  if (!row) return undefined;
  if (!row.request_hash.equals(hash)) {
    throw new TouchstoneError(
      'idempotency-key-reused',
      'This Idempotency-Key was used for another request. Nothing was done; use a fresh key.',
    );
  }
  return row.response === null ? undefined : { response: row.response };
}

/** JSON may hold fractions, which canonical records don't: those are hashed as they are written. */
function requestHash(request: unknown): Buffer {
  const text = JSON.stringify(request, (_, value) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(text).digest();
}
