// Owns the tables of the workshop's console. All are this service's own: nothing of them comes from the chain, and a
// re-index keeps them.
export const WORKSHOP_TABLES = `
-- own: passkeys that stand for an API key: what it may do they may, and they end with it
CREATE TABLE IF NOT EXISTS console_passkeys (
  id text PRIMARY KEY, organisation text NOT NULL, key_id text NOT NULL REFERENCES api_keys, label text NOT NULL,
  public_key bytea NOT NULL, counter bigint NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
  used_at timestamptz);
CREATE INDEX IF NOT EXISTS console_passkeys_of ON console_passkeys (organisation, created_at);
-- own: who is signed in to the console; 'hash' is the SHA-256 of what the cookie holds. A session may do what its API key
-- may, as long as that key isn't revoked and the passkey it began with isn't removed
CREATE TABLE IF NOT EXISTS console_sessions (
  hash bytea PRIMARY KEY, organisation text NOT NULL, key_id text NOT NULL REFERENCES api_keys,
  passkey text REFERENCES console_passkeys ON DELETE CASCADE, created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL);
CREATE INDEX IF NOT EXISTS console_sessions_expiry ON console_sessions (expires_at);
-- own: what a passkey was asked to sign, for some minutes and one answer; 'session' is that of who registers one
CREATE TABLE IF NOT EXISTS console_challenges (
  challenge text PRIMARY KEY, session bytea, expires_at timestamptz NOT NULL);
-- own: files sent to the console that nobody has registered yet: as rows of CSV or lines of NDJSON in UTF-8
CREATE TABLE IF NOT EXISTS console_files (
  id text PRIMARY KEY, organisation text NOT NULL, name text NOT NULL, format text NOT NULL, data bytea NOT NULL,
  rows integer NOT NULL, notes jsonb NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX IF NOT EXISTS console_files_of ON console_files (organisation, created_at);
-- own: the import by which a refused row was put right
ALTER TABLE import_rejects ADD COLUMN IF NOT EXISTS mended_by bigint;
`;
