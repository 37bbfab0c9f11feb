// Owns the tables of what visitors tell: scans, feedback, suspicions, gift messages. All are this service's own; nothing of
// them comes from the chain, goes to it or into an evidence file, and a re-index keeps them. None has a column for who it was.
export const VISITOR_TABLES = `
-- own: today's salt, drawn by the first scan of a day and thrown away with it; unlogged, so that it stands in no log of
-- the database and a crash forgets it
CREATE UNLOGGED TABLE IF NOT EXISTS scan_salts (day date PRIMARY KEY, salt bytea NOT NULL);
-- own: how often a page was opened, by day, country ('' if not known) and one of 64 places drawn anew each day
CREATE TABLE IF NOT EXISTS scans (
  path text NOT NULL, day date NOT NULL, country text NOT NULL, place smallint NOT NULL, organisation text NOT NULL,
  scans integer NOT NULL, PRIMARY KEY (path, day, country, place));
CREATE INDEX IF NOT EXISTS scans_organisation ON scans (organisation, day);
CREATE INDEX IF NOT EXISTS scans_day ON scans (day);
-- own: the same without the places, for what is older than the rule looks back
CREATE TABLE IF NOT EXISTS scan_days (
  path text NOT NULL, day date NOT NULL, country text NOT NULL, organisation text NOT NULL, scans integer NOT NULL,
  places integer NOT NULL, PRIMARY KEY (path, day, country));
CREATE INDEX IF NOT EXISTS scan_days_organisation ON scan_days (organisation, day);
CREATE INDEX IF NOT EXISTS scan_days_day ON scan_days (day);
-- own: that a maker says a piece is on display
CREATE TABLE IF NOT EXISTS displays (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, path text NOT NULL, organisation text NOT NULL,
  from_day date NOT NULL, until_day date NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX IF NOT EXISTS displays_path ON displays (path);

-- own: answers to the one question, for who registered the piece
CREATE TABLE IF NOT EXISTS feedback (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, organisation text NOT NULL, path text NOT NULL,
  score smallint NOT NULL, words text, language text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX IF NOT EXISTS feedback_organisation ON feedback (organisation, id);
CREATE INDEX IF NOT EXISTS feedback_path ON feedback (path, created_at);
-- own: suspected counterfeits and gift messages somebody minds; organisation null: nobody's code, for the operator
CREATE TABLE IF NOT EXISTS suspicions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, organisation text, path text NOT NULL, about text NOT NULL,
  seen text, link text, difference text NOT NULL, language text NOT NULL, state text NOT NULL DEFAULT 'open',
  note text, created_at timestamptz NOT NULL DEFAULT now(), decided_at timestamptz);
CREATE INDEX IF NOT EXISTS suspicions_organisation ON suspicions (organisation, id);
CREATE INDEX IF NOT EXISTS suspicions_path ON suspicions (path, created_at);
-- own: one message a piece, as it was signed last; words null: removed. The deadline never falls, so nothing older is
-- brought again
CREATE TABLE IF NOT EXISTS gifts (
  token_id text PRIMARY KEY, path text NOT NULL, organisation text NOT NULL, words text, language text,
  deadline bigint NOT NULL, signature text NOT NULL, signed_by text NOT NULL, moves integer NOT NULL,
  changes integer NOT NULL DEFAULT 1, changes_day date NOT NULL, hidden boolean NOT NULL DEFAULT false,
  written_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX IF NOT EXISTS gifts_path ON gifts (path);
CREATE INDEX IF NOT EXISTS gifts_organisation ON gifts (organisation, written_at);
`;
