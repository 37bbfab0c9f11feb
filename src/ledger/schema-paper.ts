// Owns the tables of photographs and of what organisations say of themselves. None of it comes from the chain, and none of
// it is on it: a re-index leaves all of it.

export const PAPER_TABLES = `
-- own: photographs without what cameras write beside the picture, by the SHA-256 of these bytes
CREATE TABLE IF NOT EXISTS photos (
  sha256 bytea PRIMARY KEY, media_type text NOT NULL, width integer NOT NULL, height integer NOT NULL,
  data bytea NOT NULL, organisation text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX IF NOT EXISTS photos_organisation ON photos (organisation, created_at);
-- own: smaller sizes of them, made once
CREATE TABLE IF NOT EXISTS photo_sizes (
  sha256 bytea NOT NULL REFERENCES photos, width integer NOT NULL, height integer NOT NULL, media_type text NOT NULL,
  data bytea NOT NULL, PRIMARY KEY (sha256, width));
-- own: what organisations say of themselves now
CREATE TABLE IF NOT EXISTS profiles (
  organisation text PRIMARY KEY, profile jsonb NOT NULL, updated_at timestamptz NOT NULL DEFAULT now());
-- own: the latest look at a domain's own word on whose it is
CREATE TABLE IF NOT EXISTS domain_checks (
  organisation text PRIMARY KEY, domain text NOT NULL, outcome text NOT NULL, checked_at timestamptz NOT NULL);
`;
