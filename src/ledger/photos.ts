// Owns the photographs that records and profiles name: kept as they were made ready, by the SHA-256 of those bytes, with
// smaller sizes of each. Public to everybody who knows the hash. What came from the camera is never kept.
import { createHash } from 'node:crypto';
import { TouchstoneError } from '../core/errors.ts';
import type { PhotoSize } from '../core/photo.ts';
import type { MadePhoto, Sql } from '../ports.ts';

export interface KeptPhoto extends PhotoSize {
  readonly mediaType: string;
  readonly data: Buffer;
}

/** Stores a photograph and its sizes; the same one again is no fault. Part of the caller's transaction. @returns its SHA-256 */
export async function keepPhoto(sql: Sql, organisation: string, photo: MadePhoto): Promise<string> {
  const sha256 = createHash('sha256').update(photo.data).digest();
  await sql.query(
    `INSERT INTO photos (sha256, media_type, width, height, data, organisation) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT DO NOTHING`,
    [sha256, photo.mediaType, photo.width, photo.height, photo.data, organisation],
  );
  for (const { width, height, mediaType, data } of photo.sizes) {
    await sql.query(
      `INSERT INTO photo_sizes (sha256, width, height, media_type, data) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT DO NOTHING`,
      [sha256, width, height, mediaType, data],
    );
  }
  return `0x${sha256.toString('hex')}`;
}

/** @throws TouchstoneError internal if what is stored is not what was stored */
export async function readPhoto(sql: Sql, sha256: string): Promise<KeptPhoto | undefined> {
  const [row] = await sql.query<KeptPhoto>(
    'SELECT media_type AS "mediaType", width, height, data FROM photos WHERE sha256 = $1',
    [bytesOf(sha256)],
  );
  if (!row) return undefined;
  const found = `0x${createHash('sha256').update(row.data).digest('hex')}`;
  if (found !== sha256)
    throw new TouchstoneError('internal', `the photograph ${sha256} is damaged: it hashes to ${found}`);
  return row;
}

/** One of its smaller sizes, by width. */
export async function readPhotoSize(sql: Sql, sha256: string, width: number): Promise<KeptPhoto | undefined> {
  const [row] = await sql.query<KeptPhoto>(
    'SELECT media_type AS "mediaType", width, height, data FROM photo_sizes WHERE sha256 = $1 AND width = $2',
    [bytesOf(sha256), width],
  );
  return row;
}

/** Which of these are kept here, and how large they are. */
export async function keptPhotos(sql: Sql, hashes: readonly string[]): Promise<Map<string, PhotoSize>> {
  if (hashes.length === 0) return new Map();
  const rows = await sql.query<PhotoSize & { sha256: string }>(
    `SELECT '0x' || encode(sha256, 'hex') AS sha256, width, height FROM photos WHERE sha256 = ANY($1)`,
    [hashes.map(bytesOf)],
  );
  return new Map(rows.map(({ sha256, width, height }) => [sha256, { width, height }]));
}

export interface ListedPhoto extends PhotoSize {
  readonly sha256: string;
  readonly mediaType: string;
  readonly at: string;
}

/** An organisation's own, newest first. */
export async function photosOf(sql: Sql, organisation: string, limit: number): Promise<ListedPhoto[]> {
  return sql.query<ListedPhoto>(
    `SELECT '0x' || encode(sha256, 'hex') AS sha256, media_type AS "mediaType", width, height,
       to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at
     FROM photos WHERE organisation = $1 ORDER BY created_at DESC, sha256 LIMIT $2`,
    [organisation, limit],
  );
}

function bytesOf(sha256: string): Buffer {
  return Buffer.from(sha256.slice(2), 'hex');
}
