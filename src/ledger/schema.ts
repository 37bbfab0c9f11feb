// Owns the tables. Each says whether a re-index may drop it: rows marked "chain" come from the chain alone and are
// rebuilt; all others are this service's own and can't be.
import type { Database } from '../ports.ts';
import { OWNER_TABLES } from './schema-owner.ts';
import { PAPER_TABLES } from './schema-paper.ts';
import { VISITOR_TABLES } from './schema-visitor.ts';
import { WORKSHOP_TABLES } from './schema-workshop.ts';

const TABLES = `
-- own: which deployment this database belongs to, how far the indexer is
CREATE TABLE IF NOT EXISTS settings (name text PRIMARY KEY, value jsonb NOT NULL);

-- own: organisations that use this service, their display names, keys and API keys
CREATE TABLE IF NOT EXISTS accounts (
  organisation text PRIMARY KEY, handle text NOT NULL UNIQUE, display_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS held_keys (
  organisation text NOT NULL, address text NOT NULL, sealed bytea NOT NULL, retired_at timestamptz,
  PRIMARY KEY (organisation, address));
CREATE TABLE IF NOT EXISTS api_keys (
  id text PRIMARY KEY, organisation text NOT NULL REFERENCES accounts, scopes text[] NOT NULL, label text NOT NULL,
  secret_hash bytea NOT NULL, created_at timestamptz NOT NULL DEFAULT now(), revoked_at timestamptz);
-- last characters of the secret, by which its organisation tells it from others
ALTER TABLE api_keys ADD COLUMN IF NOT EXISTS ending text;
CREATE TABLE IF NOT EXISTS idempotency (
  organisation text NOT NULL, key text NOT NULL, request_hash bytea NOT NULL, response jsonb,
  created_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (organisation, key));

-- own until anchored; chain for published batches that are anchored
CREATE TABLE IF NOT EXISTS pieces (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation text NOT NULL, path text NOT NULL,
  -- false for a later, different record under a code that is taken: shown as a conflict on both
  holds_path boolean NOT NULL DEFAULT true,
  mode smallint NOT NULL, record_hash bytea NOT NULL, record text NOT NULL, claim_key bytea, extra bytea,
  import_id bigint, row_number integer);
CREATE UNIQUE INDEX IF NOT EXISTS pieces_path ON pieces (path) WHERE holds_path;
-- false for a later piece from the chain whose claim key another piece has: nothing accepted here shares one
ALTER TABLE pieces ADD COLUMN IF NOT EXISTS holds_card boolean NOT NULL DEFAULT true;
CREATE UNIQUE INDEX IF NOT EXISTS pieces_card ON pieces (claim_key) WHERE claim_key IS NOT NULL AND holds_card;
CREATE INDEX IF NOT EXISTS pieces_path_conflict ON pieces (path) WHERE NOT holds_path;
CREATE INDEX IF NOT EXISTS pieces_import ON pieces (import_id, row_number) WHERE import_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS pieces_organisation ON pieces (organisation, id);
-- own: accepted pieces that wait for a batch
CREATE TABLE IF NOT EXISTS unsealed (
  piece_id bigint PRIMARY KEY, organisation text NOT NULL, mode smallint NOT NULL, bytes integer NOT NULL,
  accepted_at timestamptz NOT NULL DEFAULT now());

-- own for batches sealed here, chain for others; a batch's id is a hash over the rest of its row
CREATE TABLE IF NOT EXISTS batches (
  no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, batch_id text NOT NULL UNIQUE, organisation text NOT NULL,
  root text NOT NULL, count integer NOT NULL, mode smallint NOT NULL, payload_hash text NOT NULL,
  parts integer NOT NULL, sealed_here boolean NOT NULL, refusal text);
CREATE TABLE IF NOT EXISTS members (
  batch_no bigint NOT NULL, index integer NOT NULL, piece_id bigint NOT NULL, PRIMARY KEY (batch_no, index));
-- unique: nothing is ever in two batches, whatever seals it
DROP INDEX IF EXISTS members_piece;
CREATE UNIQUE INDEX IF NOT EXISTS members_once ON members (piece_id);
-- own: how many pieces of an import are in a batch; batches keep their number when the index is rebuilt
CREATE TABLE IF NOT EXISTS import_batches (
  import_id bigint NOT NULL, batch_no bigint NOT NULL, count integer NOT NULL, PRIMARY KEY (import_id, batch_no));
-- own: payload of a batch sealed here, until it is final on chain
CREATE TABLE IF NOT EXISTS payloads (
  batch_no bigint NOT NULL, part integer NOT NULL, data bytea NOT NULL, PRIMARY KEY (batch_no, part));
-- own: every transaction of the relayer, written before it is sent
CREATE TABLE IF NOT EXISTS transactions (
  nonce bigint PRIMARY KEY, purpose text NOT NULL, ref text NOT NULL, hash text NOT NULL, raw text,
  sent_at timestamptz, offered_at timestamptz NOT NULL DEFAULT now(), block bigint, succeeded boolean);
CREATE INDEX IF NOT EXISTS transactions_open ON transactions (nonce) WHERE block IS NULL;
CREATE INDEX IF NOT EXISTS transactions_ref ON transactions (purpose, ref);
CREATE INDEX IF NOT EXISTS transactions_failed_draws ON transactions (ref) WHERE purpose = 'draw' AND NOT succeeded;
CREATE TABLE IF NOT EXISTS transfers (
  id text PRIMARY KEY, organisation text NOT NULL, token_id text NOT NULL, path text NOT NULL,
  from_address text NOT NULL, to_address text NOT NULL, moves integer NOT NULL, key text NOT NULL,
  deadline bigint NOT NULL, signature text NOT NULL, error text, error_code text, done boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX IF NOT EXISTS transfers_token ON transfers (token_id);
-- not unique: after a reorganisation several transfers of a piece, one after the other, are under way again
CREATE INDEX IF NOT EXISTS transfers_under_way ON transfers (token_id) WHERE NOT done;

-- own: what owners, organisations, cards and arbiters signed, on its way to the chain or, without calls, kept for a
-- later act; what becomes of one is known by its transactions, one for each of refs
CREATE TABLE IF NOT EXISTS acts (
  id text PRIMARY KEY, act text NOT NULL, organisation text, subjects text[] NOT NULL, path text, fields jsonb NOT NULL,
  standing jsonb NOT NULL, signatures jsonb NOT NULL, calls jsonb NOT NULL, refs text[] NOT NULL, outcome jsonb,
  paid_once text, shipment text, from_block bigint NOT NULL, error text, error_code text,
  -- the transaction of whoever relayed the same before us
  elsewhere text, done boolean NOT NULL DEFAULT false, created_at timestamptz NOT NULL DEFAULT now());
-- of what is kept: whose consent it waits for, and that it was declined or withdrawn
ALTER TABLE acts ADD COLUMN IF NOT EXISTS asked text;
ALTER TABLE acts ADD COLUMN IF NOT EXISTS declined jsonb;
CREATE INDEX IF NOT EXISTS acts_asked ON acts (asked, created_at) WHERE asked IS NOT NULL;
CREATE INDEX IF NOT EXISTS acts_asking ON acts (organisation, created_at) WHERE asked IS NOT NULL;
CREATE INDEX IF NOT EXISTS acts_subjects ON acts USING gin (subjects);
CREATE INDEX IF NOT EXISTS acts_created ON acts (created_at) WHERE organisation IS NULL;
CREATE INDEX IF NOT EXISTS acts_paid_once ON acts (paid_once) WHERE paid_once IS NOT NULL;
CREATE INDEX IF NOT EXISTS acts_shipment ON acts (shipment) WHERE shipment IS NOT NULL;
CREATE INDEX IF NOT EXISTS acts_under_way ON acts (created_at) WHERE NOT done;
-- own: what organisations offer each other; the acts that carry an accepted one name it
CREATE TABLE IF NOT EXISTS shipments (
  id text PRIMARY KEY, no bigint GENERATED ALWAYS AS IDENTITY, from_address text NOT NULL, to_address text NOT NULL,
  pieces jsonb NOT NULL, ranges jsonb NOT NULL, note text, returns text UNIQUE, state text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(), decided_at timestamptz);
CREATE INDEX IF NOT EXISTS shipments_from ON shipments (from_address, no);
CREATE INDEX IF NOT EXISTS shipments_to ON shipments (to_address, no);

-- own: files on their way in
CREATE TABLE IF NOT EXISTS imports (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, organisation text NOT NULL, format text NOT NULL,
  mode smallint, mapping jsonb, header jsonb, state text NOT NULL, bytes bigint NOT NULL DEFAULT 0,
  sha256 bytea,
  rows integer NOT NULL DEFAULT 0, accepted integer NOT NULL DEFAULT 0, repeated integer NOT NULL DEFAULT 0,
  rejected integer NOT NULL DEFAULT 0, failure text, notes jsonb NOT NULL DEFAULT '[]',
  -- counts uploads of the file: chunks of an attempt that another one has overtaken are dropped
  attempt integer NOT NULL DEFAULT 0, zeros jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS import_chunks (
  import_id bigint NOT NULL, seq integer NOT NULL, data bytea NOT NULL, PRIMARY KEY (import_id, seq));
CREATE TABLE IF NOT EXISTS import_rejects (
  import_id bigint NOT NULL, row_number integer NOT NULL, faults jsonb NOT NULL, source text NOT NULL,
  PRIMARY KEY (import_id, row_number));

-- chain
CREATE TABLE IF NOT EXISTS anchors (
  batch_no bigint PRIMARY KEY, block bigint NOT NULL, log_index integer NOT NULL, time bigint NOT NULL,
  transaction text NOT NULL, key text NOT NULL, state text NOT NULL);
CREATE INDEX IF NOT EXISTS anchors_block ON anchors (block);
CREATE TABLE IF NOT EXISTS parts (
  batch_no bigint NOT NULL, part integer NOT NULL, data bytea NOT NULL, block bigint NOT NULL,
  PRIMARY KEY (batch_no, part));
CREATE TABLE IF NOT EXISTS moves (
  block bigint NOT NULL, log_index integer NOT NULL, time bigint NOT NULL, transaction text NOT NULL,
  token_id text NOT NULL, from_address text NOT NULL, to_address text NOT NULL, PRIMARY KEY (block, log_index));
CREATE INDEX IF NOT EXISTS moves_token ON moves (token_id, block, log_index);
-- chain: pieces that changed hands with their range, from the first index to the last
CREATE TABLE IF NOT EXISTS runs (
  block bigint NOT NULL, log_index integer NOT NULL, time bigint NOT NULL, transaction text NOT NULL,
  batch_id text NOT NULL, first_index integer NOT NULL, last_index integer NOT NULL,
  from_address text NOT NULL, to_address text NOT NULL, PRIMARY KEY (block, log_index));
CREATE INDEX IF NOT EXISTS runs_batch ON runs (batch_id, first_index);
-- chain: what happened to pieces besides; number null for what the registry doesn't count: claims, approvals
CREATE TABLE IF NOT EXISTS life_events (
  block bigint NOT NULL, log_index integer NOT NULL, time bigint NOT NULL, transaction text NOT NULL,
  token_id text NOT NULL, kind smallint NOT NULL, number integer, organisation text NOT NULL, key text NOT NULL,
  content_hash text NOT NULL, words text NOT NULL, PRIMARY KEY (block, log_index));
CREATE INDEX IF NOT EXISTS life_events_token ON life_events (token_id, block, log_index);
CREATE TABLE IF NOT EXISTS batch_events (
  block bigint NOT NULL, log_index integer NOT NULL, time bigint NOT NULL, transaction text NOT NULL,
  batch_id text NOT NULL, kind smallint NOT NULL, number integer NOT NULL, organisation text NOT NULL,
  key text NOT NULL, words text NOT NULL, PRIMARY KEY (block, log_index));
CREATE INDEX IF NOT EXISTS batch_events_batch ON batch_events (batch_id, block, log_index);
CREATE INDEX IF NOT EXISTS moves_to ON moves (to_address, block, log_index);
CREATE TABLE IF NOT EXISTS organisation_events (
  block bigint NOT NULL, log_index integer NOT NULL, time bigint NOT NULL, transaction text NOT NULL,
  organisation text NOT NULL, name text NOT NULL, data jsonb NOT NULL, PRIMARY KEY (block, log_index));
CREATE INDEX IF NOT EXISTS organisation_events_of ON organisation_events (organisation, block, log_index);
CREATE INDEX IF NOT EXISTS organisation_events_prefix ON organisation_events ((data->>'prefix'))
  WHERE name IN ('PrefixGranted', 'PrefixWithdrawn');

-- own: what statements say, by their hash, whether it was filed here or posted on the chain; 'report' is the key of the
-- report a statement carries the number of
CREATE TABLE IF NOT EXISTS certificate_contents (hash text PRIMARY KEY, content text NOT NULL, report text);
CREATE INDEX IF NOT EXISTS certificate_contents_report ON certificate_contents (report) WHERE report IS NOT NULL;
-- own where made_here (a batch's certificates are known only to who made it), chain otherwise. issue_id: its own id, or
-- that of the batch of certificates it is in
CREATE TABLE IF NOT EXISTS certificates (
  issue_id text NOT NULL, index integer NOT NULL, id text NOT NULL, organisation text NOT NULL, kind smallint NOT NULL,
  subject text NOT NULL, content_hash text NOT NULL, valid_until bigint NOT NULL, piece_events integer NOT NULL,
  made_here boolean NOT NULL, no bigint GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (issue_id, index));
CREATE INDEX IF NOT EXISTS certificates_id ON certificates (id);
CREATE INDEX IF NOT EXISTS certificates_subject ON certificates (subject, kind);
CREATE INDEX IF NOT EXISTS certificates_content ON certificates (content_hash);
CREATE INDEX IF NOT EXISTS certificates_organisation ON certificates (organisation, no);
-- own: calls of the certificates contract on their way; what becomes of one is known by its transaction
CREATE TABLE IF NOT EXISTS certificate_orders (
  id text PRIMARY KEY, organisation text NOT NULL, action text NOT NULL, issue_id text NOT NULL, index integer NOT NULL,
  data text NOT NULL, error text, error_code text, done boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX IF NOT EXISTS certificate_orders_of ON certificate_orders (issue_id, index, action);
CREATE INDEX IF NOT EXISTS certificate_orders_under_way ON certificate_orders (created_at) WHERE NOT done;
-- own: which codes' records state which report; a hint, looked up and read again, so it may hold too many
CREATE TABLE IF NOT EXISTS report_uses (report text NOT NULL, path text NOT NULL, PRIMARY KEY (report, path));
-- own: papers that statements name, by their SHA-256
CREATE TABLE IF NOT EXISTS documents (
  sha256 bytea PRIMARY KEY, media_type text NOT NULL, data bytea NOT NULL, organisation text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now());
-- chain: of the same issued twice, the first counts
CREATE TABLE IF NOT EXISTS certificate_issues (
  issue_id text PRIMARY KEY, block bigint NOT NULL, log_index integer NOT NULL, time bigint NOT NULL,
  transaction text NOT NULL, organisation text NOT NULL, key text NOT NULL, root text, count integer NOT NULL);
CREATE INDEX IF NOT EXISTS certificate_issues_block ON certificate_issues (block);
CREATE TABLE IF NOT EXISTS certificate_revocations (
  issue_id text NOT NULL, index integer NOT NULL, block bigint NOT NULL, log_index integer NOT NULL,
  time bigint NOT NULL, transaction text NOT NULL, key text NOT NULL, reason smallint NOT NULL, words text NOT NULL,
  PRIMARY KEY (issue_id, index));
CREATE INDEX IF NOT EXISTS certificate_revocations_block ON certificate_revocations (block);

-- chain: lots as they came about
CREATE TABLE IF NOT EXISTS lots (
  lot_id text PRIMARY KEY, block bigint NOT NULL, log_index integer NOT NULL, time bigint NOT NULL,
  transaction text NOT NULL, operation smallint NOT NULL, key text NOT NULL, organisation text NOT NULL,
  material text NOT NULL, fineness integer NOT NULL, unit smallint NOT NULL, custody smallint NOT NULL,
  origin text NOT NULL, quantity bigint NOT NULL, content_hash text NOT NULL, parents text NOT NULL,
  salt text NOT NULL);
CREATE INDEX IF NOT EXISTS lots_block ON lots (block);
CREATE INDEX IF NOT EXISTS lots_organisation ON lots (organisation, block, log_index);
CREATE INDEX IF NOT EXISTS lots_parents ON lots (parents);
-- chain: what became of them; 'kind' is moved, drawn or consumed
CREATE TABLE IF NOT EXISTS lot_events (
  block bigint NOT NULL, log_index integer NOT NULL, time bigint NOT NULL, transaction text NOT NULL,
  lot_id text NOT NULL, number integer NOT NULL, kind text NOT NULL, key text NOT NULL, from_address text,
  to_address text, batch_id text, parents text, operation smallint, quantity bigint, PRIMARY KEY (block, log_index));
CREATE INDEX IF NOT EXISTS lot_events_lot ON lot_events (lot_id, number);
CREATE INDEX IF NOT EXISTS lot_events_to ON lot_events (to_address) WHERE to_address IS NOT NULL;
CREATE INDEX IF NOT EXISTS lot_events_batch ON lot_events (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS lot_events_parents ON lot_events (parents) WHERE parents IS NOT NULL;
-- chain: pieces that returned as lots, and what those lots call their parents
CREATE TABLE IF NOT EXISTS piece_returns (
  token_id text PRIMARY KEY, block bigint NOT NULL, log_index integer NOT NULL, time bigint NOT NULL,
  transaction text NOT NULL, organisation text NOT NULL, key text NOT NULL, parents text NOT NULL);
CREATE INDEX IF NOT EXISTS piece_returns_parents ON piece_returns (parents);
-- own: what accepted pieces that wait for a batch say came from which lot: 'fine' as their records state it (of metals
-- times fineness), 'quantity' what is kept of the lot for it
CREATE TABLE IF NOT EXISTS lot_needs (
  piece_id bigint NOT NULL, lot_id text NOT NULL, material text NOT NULL, unit smallint NOT NULL,
  metal boolean NOT NULL, fine numeric NOT NULL, quantity bigint NOT NULL,
  PRIMARY KEY (piece_id, lot_id, material, unit, metal));
CREATE INDEX IF NOT EXISTS lot_needs_lot ON lot_needs (lot_id);
-- what the records of a batch together say came from which lot; a batch never changes, so a re-index may keep it
CREATE TABLE IF NOT EXISTS batch_masses (
  batch_no bigint NOT NULL, lot_id text NOT NULL, material text NOT NULL, unit smallint NOT NULL,
  metal boolean NOT NULL, fine numeric NOT NULL, PRIMARY KEY (batch_no, lot_id, material, unit, metal));
CREATE INDEX IF NOT EXISTS batch_masses_lot ON batch_masses (lot_id);

-- chain: recent blocks, to notice a reorganisation
CREATE TABLE IF NOT EXISTS blocks (number bigint PRIMARY KEY, hash text NOT NULL, time bigint NOT NULL);
`;

/** Creates what is missing. Idempotent; a crash in between leaves some tables, and the next start makes the rest. */
export async function migrate(db: Database): Promise<void> {
  await db.transaction(async (sql) => {
    await sql.query(`SELECT pg_advisory_xact_lock(hashtextextended('touchstone.migrate', 0))`);
    await sql.query(TABLES);
    await sql.query(PAPER_TABLES);
    await sql.query(OWNER_TABLES);
    await sql.query(WORKSHOP_TABLES);
    await sql.query(VISITOR_TABLES);
  });
}
