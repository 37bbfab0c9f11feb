// Owns the tables of what passes between an owner and a buyer. None of it comes from the chain, and none of it stays.

export const OWNER_TABLES = `
-- own, for minutes: challenges of live proof and their one answer. 'asker' tells apart who asked, in this process alone;
-- 'refused' counts answers that were not the owner's or the card's
CREATE TABLE IF NOT EXISTS live_proofs (
  id text PRIMARY KEY, token_id text NOT NULL, path text NOT NULL, challenge text NOT NULL, deadline bigint NOT NULL,
  asker text NOT NULL, refused integer NOT NULL DEFAULT 0, answer jsonb);
CREATE INDEX IF NOT EXISTS live_proofs_token ON live_proofs (token_id, deadline);
CREATE INDEX IF NOT EXISTS live_proofs_asker ON live_proofs (asker, deadline);
CREATE INDEX IF NOT EXISTS live_proofs_deadline ON live_proofs (deadline);
`;
