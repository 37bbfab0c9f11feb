// Owns which of the papers and photographs that a passport names are kept by this service, so that its page shows and
// links those and no others, and what its registrant says of itself today.
import type { Passport } from '../core/passport.ts';
import { photoPath } from '../core/photo.ts';
import { keptDocuments } from '../ledger/documents.ts';
import { keptPhotos } from '../ledger/photos.ts';
import { profileOf } from '../ledger/profiles.ts';
import type { Ledger } from '../ports.ts';
import type { PassportContext } from '../web/telling.ts';

/** What this service has beside the record. */
export type Kept = Pick<PassportContext, 'documentUrl' | 'imageUrl' | 'photo' | 'profile'>;

export async function keptPapers(
  { db }: Ledger,
  { record, certificates, timeline, registrant }: Passport,
): Promise<Kept> {
  const named = [
    ...(record.documents ?? []),
    ...certificates.flatMap(({ statement }) => statement?.document ?? []),
    ...timeline.flatMap((entry) => (entry.kind === 'life' && entry.statement?.documents) || []),
  ].map(({ sha256 }) => sha256);
  const profile = await profileOf(db, registrant.address);
  const pictures = [...(record.images ?? []).map(({ sha256 }) => sha256), profile?.profile.logo ?? []].flat();
  const documents = named.length === 0 ? new Set() : await keptDocuments(db, named);
  const photos = await keptPhotos(db, pictures);
  return {
    documentUrl: (sha256) => (documents.has(sha256) ? `/documents/${sha256}` : undefined),
    imageUrl: (sha256) => (photos.has(sha256) ? photoPath(sha256) : undefined),
    photo: (sha256) => photos.get(sha256),
    profile,
  };
}
