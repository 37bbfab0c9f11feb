// Owns the passkeys of the workshop's console and what they are asked to sign. A passkey stands for the API key it was made
// under: it may do what that key may, and ends with it. Whether an answer is a passkey's is workshop-passkeys.ts's to say.
import type { Ledger, Sql } from '../ports.ts';
import type { Caller } from './accounts.ts';
import { hashOf } from './console-sessions.ts';

const CHALLENGE_MINUTES = 5;
/** Strangers may ask for challenges; so many at once are kept, the oldest go first. */
const MOST_CHALLENGES = 10_000;

export interface ConsolePasskey {
  readonly id: string;
  readonly label: string;
  readonly keyId: string;
  readonly keyLabel: string;
  readonly createdAt: string;
  readonly usedAt: string | null;
}

/** @param session of who registers a passkey; none where somebody signs in */
export async function keepChallenge(ledger: Ledger, challenge: string, session?: string): Promise<void> {
  await ledger.db.query(
    `DELETE FROM console_challenges WHERE expires_at < now() OR challenge IN (
       SELECT challenge FROM console_challenges ORDER BY expires_at DESC OFFSET $1)`,
    [MOST_CHALLENGES],
  );
  await ledger.db.query(
    `INSERT INTO console_challenges (challenge, session, expires_at)
     VALUES ($1, $2, now() + make_interval(mins => $3))`,
    [challenge, session === undefined ? null : hashOf(session), CHALLENGE_MINUTES],
  );
}

/** Whether it was asked here, of this session or of nobody in particular, and not answered yet; from now on it was. */
export async function spendChallenge(sql: Sql, challenge: string, session?: string): Promise<boolean> {
  const rows = await sql.query(
    `DELETE FROM console_challenges WHERE challenge = $1 AND expires_at > now()
       AND session IS NOT DISTINCT FROM $2::bytea RETURNING challenge`,
    [challenge, session === undefined ? null : hashOf(session)],
  );
  return rows.length === 1;
}

export async function keepPasskey(
  sql: Sql,
  { organisation, keyId }: Caller,
  { id, publicKey, counter, label }: { id: string; publicKey: Uint8Array; counter: number; label: string },
): Promise<void> {
  await sql.query(
    `INSERT INTO console_passkeys (id, organisation, key_id, label, public_key, counter) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT DO NOTHING`,
    [id, organisation, keyId, label, Buffer.from(publicKey), counter],
  );
}

/** A passkey whose API key stands, with whom it signs in. */
export async function passkeyById(
  sql: Sql,
  id: string,
): Promise<{ caller: Caller; publicKey: Buffer; counter: number } | undefined> {
  const [row] = await sql.query<Caller & { publicKey: Buffer; counter: number }>(
    `SELECT p.public_key AS "publicKey", p.counter, k.id AS "keyId", k.scopes, a.organisation, a.handle,
       a.display_name AS "displayName"
     FROM console_passkeys p JOIN api_keys k ON k.id = p.key_id JOIN accounts a ON a.organisation = p.organisation
     WHERE p.id = $1 AND k.revoked_at IS NULL AND k.organisation = p.organisation`,
    [id],
  );
  if (!row) return undefined;
  const { publicKey, counter, ...caller } = row;
  return { caller, publicKey, counter };
}

export async function notePasskeyUse(sql: Sql, id: string, counter: number): Promise<void> {
  await sql.query('UPDATE console_passkeys SET counter = $2, used_at = now() WHERE id = $1', [id, counter]);
}

/** Those whose API key stands, newest first. */
export function passkeysOf(sql: Sql, organisation: string): Promise<ConsolePasskey[]> {
  return sql.query<ConsolePasskey>(
    `SELECT p.id, p.label, k.id AS "keyId", k.label AS "keyLabel", p.created_at AS "createdAt", p.used_at AS "usedAt"
     FROM console_passkeys p JOIN api_keys k ON k.id = p.key_id
     WHERE p.organisation = $1 AND k.revoked_at IS NULL ORDER BY p.created_at DESC LIMIT 100`,
    [organisation],
  );
}

/** Whether it was this organisation's. */
export async function forgetPasskey(sql: Sql, organisation: string, id: string): Promise<boolean> {
  const rows = await sql.query('DELETE FROM console_passkeys WHERE organisation = $1 AND id = $2 RETURNING id', [
    organisation,
    id,
  ]);
  return rows.length === 1;
}
