// Owns who may call: accounts of organisations, their API keys and the operator keys held for them. API keys are
// stored as SHA-256 (they carry 256 random bits, so a slow hash would add nothing), operator keys sealed.
import { createHash, timingSafeEqual } from 'node:crypto';
import { TouchstoneError } from '../core/errors.ts';
import { ZERO_ADDRESS } from '../core/merkle.ts';
import { transferMessage } from '../core/typed-data.ts';
import type { Keys, Ledger, Sql, TypedData } from '../ports.ts';

export const SCOPES = ['read', 'pieces:write', 'certificates:write', 'transfers:write'] as const;
export type Scope = (typeof SCOPES)[number];

export interface Account {
  readonly organisation: string;
  readonly handle: string;
  readonly displayName: string;
}

export interface Caller extends Account {
  readonly keyId: string;
  readonly scopes: readonly Scope[];
}

/** Idempotent for the same organisation. */
export async function openAccount(sql: Sql, account: Account): Promise<void> {
  await sql.query(
    `INSERT INTO accounts (organisation, handle, display_name) VALUES ($1, $2, $3)
     ON CONFLICT (organisation) DO UPDATE SET display_name = EXCLUDED.display_name`,
    [account.organisation, account.handle, account.displayName],
  );
}

export async function accountByHandle(sql: Sql, handle: string): Promise<Account | undefined> {
  const [row] = await sql.query<Account>(
    `SELECT organisation, handle, display_name AS "displayName" FROM accounts WHERE handle = $1`,
    [handle],
  );
  return row;
}

export async function accountOf(sql: Sql, organisation: string): Promise<Account | undefined> {
  const [row] = await sql.query<Account>(
    `SELECT organisation, handle, display_name AS "displayName" FROM accounts WHERE organisation = $1`,
    [organisation],
  );
  return row;
}

/** The key in the clear: shown once, never stored. `ts_{id}_{secret}`. */
export async function createApiKey(
  ledger: Ledger,
  organisation: string,
  scopes: readonly Scope[],
  label: string,
): Promise<string> {
  const id = Buffer.from(ledger.randomBytes(6)).toString('hex');
  const secret = Buffer.from(ledger.randomBytes(32)).toString('base64url');
  await ledger.db.query(
    'INSERT INTO api_keys (id, organisation, scopes, label, secret_hash, ending) VALUES ($1, $2, $3, $4, $5, $6)',
    [id, organisation, scopes, label, sha256(secret), secret.slice(-4)],
  );
  return `ts_${id}_${secret}`;
}

/** A key as its organisation is shown it: by its last four characters, which leave 232 bits to guess. */
export interface ApiKeyRow {
  readonly id: string;
  readonly label: string;
  readonly scopes: readonly Scope[];
  /** Null of keys from before this was kept. */
  readonly ending: string | null;
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

export function apiKeysOf(sql: Sql, organisation: string): Promise<ApiKeyRow[]> {
  return sql.query<ApiKeyRow>(
    `SELECT id, label, scopes, ending, created_at AS "createdAt", revoked_at AS "revokedAt" FROM api_keys
     WHERE organisation = $1 ORDER BY revoked_at IS NOT NULL, created_at DESC, id LIMIT 200`,
    [organisation],
  );
}

/** The keys held here for an organisation; what they may do is the chain's to say. */
export function heldKeysOf(sql: Sql, organisation: string): Promise<{ address: string; retiredAt: string | null }[]> {
  return sql.query(
    'SELECT address, retired_at AS "retiredAt" FROM held_keys WHERE organisation = $1 ORDER BY address LIMIT 200',
    [organisation],
  );
}

export async function revokeApiKey(ledger: Ledger, id: string): Promise<boolean> {
  const rows = await ledger.db.query(
    'UPDATE api_keys SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL RETURNING id',
    [id],
  );
  return rows.length === 1;
}

/** @throws TouchstoneError unauthenticated; one answer for every reason, so that nothing is learnt by trying */
export async function authenticate(ledger: Ledger, apiKey: string): Promise<Caller> {
  const refused = new TouchstoneError('unauthenticated', 'This API key is not valid. Check it, or ask for a new one.');
  const parts = /^ts_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/.exec(apiKey);
  if (!parts) throw refused;
  const [row] = await ledger.db.query<Caller & { hash: Buffer }>(
    `SELECT k.id AS "keyId", k.scopes, k.secret_hash AS hash, a.organisation, a.handle, a.display_name AS "displayName"
     FROM api_keys k JOIN accounts a USING (organisation) WHERE k.id = $1 AND k.revoked_at IS NULL`,
    [parts[1]],
  );
  if (!row || !timingSafeEqual(row.hash, sha256(parts[2] as string))) throw refused;
  const { hash: _, ...caller } = row;
  return caller;
}

export async function holdKey(sql: Sql, organisation: string, address: string, sealed: Uint8Array): Promise<void> {
  await sql.query('INSERT INTO held_keys (organisation, address, sealed) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
    organisation,
    address,
    Buffer.from(sealed),
  ]);
}

export interface HeldKey {
  readonly address: string;
  readonly sealed: Uint8Array;
}

/**
 * The first held key to which the chain now grants one of these permissions.
 * @throws TouchstoneError key-not-permitted if there is none
 */
export async function permittedKey(ledger: Ledger, organisation: string, ...anyOf: number[]): Promise<HeldKey> {
  const keys = await ledger.db.query<HeldKey>(
    'SELECT address, sealed FROM held_keys WHERE organisation = $1 AND retired_at IS NULL ORDER BY address',
    [organisation],
  );
  for (const permission of anyOf) {
    for (const key of keys) {
      if (await ledger.chain.isPermitted(organisation, key.address, permission)) return key;
    }
  }
  throw new TouchstoneError(
    'key-not-permitted',
    'The organisation is suspended or lacks the role for this, or no key held for it may do it now. What was accepted is kept.',
  );
}

/**
 * Opens a held key, so that a wrong master key is told at the start and not by batches that never leave.
 * @throws TouchstoneError configuration
 */
export async function checkHeldKeys(sql: Sql, keys: Keys): Promise<void> {
  const [key] = await sql.query<HeldKey & { organisation: string }>(
    'SELECT organisation, address, sealed FROM held_keys WHERE retired_at IS NULL LIMIT 1',
  );
  if (!key) return;
  const nothing = { tokenId: '0', from: ZERO_ADDRESS, to: ZERO_ADDRESS, moves: 0 };
  await keys.sign(key.organisation, key.address, key.sealed, transferMessage(0, ZERO_ADDRESS, nothing, 0));
}

export function signAs(ledger: Ledger, organisation: string, key: HeldKey, data: TypedData): Promise<string> {
  return ledger.keys.sign(organisation, key.address, key.sealed, data);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
