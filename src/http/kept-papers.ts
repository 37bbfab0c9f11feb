// Owns which of the papers that a passport names are kept by this service, so that its page links those and no others.
import type { Passport } from '../core/passport.ts';
import { keptDocuments } from '../ledger/documents.ts';
import type { Ledger } from '../ports.ts';

/** Where a paper of the passport stands, by its SHA-256; undefined if it isn't kept here. */
export type PaperUrl = (sha256: string) => string | undefined;

const NONE: PaperUrl = () => undefined;

export async function keptPapers({ db }: Ledger, { record, certificates, timeline }: Passport): Promise<PaperUrl> {
  const named = [
    ...(record.documents ?? []),
    ...certificates.flatMap(({ statement }) => statement?.document ?? []),
    ...timeline.flatMap((entry) => (entry.kind === 'life' && entry.statement?.documents) || []),
  ];
  if (named.length === 0) return NONE;
  const kept = await keptDocuments(
    db,
    named.map(({ sha256 }) => sha256),
  );
  return (sha256) => (kept.has(sha256) ? `/documents/${sha256}` : undefined);
}
