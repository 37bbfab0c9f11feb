// Owns how much of each kind strangers may leave with a piece in a day. By address it is limited before (http/limits.ts):
// this holds whoever has many addresses, and keeps a crowd's anger from burying what else was said.
import { TouchstoneError } from '../core/errors.ts';
import type { Sql } from '../ports.ts';

/** A piece has one wearer and some friends; a shop window may ask many who pass. */
const MOST_A_DAY = { feedback: 30, suspicions: 20 } as const;
/** About codes nobody registered, which are endless: altogether, for one operator or organisation to read. */
export const UNKNOWN_CODES_A_DAY = 200;

/** Part of the transaction that stores it. @throws TouchstoneError over-quota */
export async function mustBeWithin(sql: Sql, kind: keyof typeof MOST_A_DAY, path: string): Promise<void> {
  await sql.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`touchstone.${kind} ${path}`]);
  const [row] = await sql.query<{ count: number }>(
    `SELECT count(*) AS count FROM ${kind} WHERE path = $1 AND created_at > now() - interval '1 day'`,
    [path],
  );
  if ((row?.count ?? 0) >= MOST_A_DAY[kind]) throw tooMuch();
}

export function tooMuch(): TouchstoneError {
  const message = 'Much was left about this piece today already. Nothing was kept; try again tomorrow.';
  return new TouchstoneError('over-quota', message, { retry: { afterSeconds: 6 * 60 * 60 } });
}
