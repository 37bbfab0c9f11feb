// Owns who is signed in to the workshop's console: sessions, each with an API key's rights, over after twelve hours, when
// signed out of, or once that key is revoked. Of a session's secret only the hash is kept. Cookies are the HTTP edge's.
import { createHash } from 'node:crypto';
import type { Ledger, Sql } from '../ports.ts';
import type { Caller } from './accounts.ts';

const SESSION_HOURS = 12;

/**
 * @param passkey with which the caller signed in, if it was one: removing it ends the session
 * @returns the session's secret, which the browser keeps: shown to it once, never stored
 */
export async function beginSession(
  ledger: Ledger,
  { organisation, keyId }: Caller,
  passkey: string | null = null,
): Promise<string> {
  const secret = Buffer.from(ledger.randomBytes(32)).toString('base64url');
  await ledger.db.query('DELETE FROM console_sessions WHERE expires_at < now()');
  await ledger.db.query(
    `INSERT INTO console_sessions (hash, organisation, key_id, passkey, expires_at)
     VALUES ($1, $2, $3, $4, now() + make_interval(hours => $5))`,
    [hashOf(secret), organisation, keyId, passkey, SESSION_HOURS],
  );
  return secret;
}

/** Who has this session now; undefined where it is over, or never was. */
export async function sessionCaller(sql: Sql, secret: string): Promise<Caller | undefined> {
  if (!/^[A-Za-z0-9_-]{43}$/.test(secret)) return undefined;
  const [row] = await sql.query<Caller>(
    `SELECT k.id AS "keyId", k.scopes, a.organisation, a.handle, a.display_name AS "displayName"
     FROM console_sessions s JOIN api_keys k ON k.id = s.key_id JOIN accounts a ON a.organisation = s.organisation
     WHERE s.hash = $1 AND s.expires_at > now() AND k.revoked_at IS NULL AND k.organisation = s.organisation`,
    [hashOf(secret)],
  );
  return row;
}

export async function endSession(sql: Sql, secret: string): Promise<void> {
  await sql.query('DELETE FROM console_sessions WHERE hash = $1', [hashOf(secret)]);
}

/** Stands in every form of a session, and proves that a form came from one of its pages: it follows from the secret. */
export function formTokenOf(secret: string): string {
  return createHash('sha256').update(`touchstone console form ${secret}`).digest('base64url');
}

/** As it is stored. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
