// Owns the papers that statements name: kept by their SHA-256, given back only if they still have it. Who may see them:
// everybody who knows the hash; nothing private belongs here.
import { createHash } from 'node:crypto';
import { TouchstoneError } from '../core/errors.ts';
import type { Sql } from '../ports.ts';

/** A scanned report of some pages; more is an archive, not a paper. */
export const MAX_DOCUMENT_BYTES = 10 * 1024 * 1024;
/** What a browser shows without running anything in it, by how such files begin. */
export const DOCUMENT_TYPES: Readonly<Record<string, string>> = {
  'application/pdf': '25504446',
  'image/jpeg': 'ffd8ff',
  'image/png': '89504e470d0a1a0a',
};

export interface StoredDocument {
  readonly mediaType: string;
  readonly data: Buffer;
}

/** Stores a document; the same one again is no fault. Part of the caller's transaction. @returns its SHA-256 as 0x hex */
export async function keepDocument(sql: Sql, organisation: string, mediaType: string, data: Buffer): Promise<string> {
  const begin = DOCUMENT_TYPES[mediaType];
  if (begin === undefined || data.subarray(0, begin.length / 2).toString('hex') !== begin) {
    const message = `The file is not of the type it says (${Object.keys(DOCUMENT_TYPES).join(', ')}). It was not stored.`;
    throw new TouchstoneError('unsupported-media-type', message);
  }
  const sha256 = createHash('sha256').update(data).digest();
  await sql.query(
    `INSERT INTO documents (sha256, media_type, data, organisation) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
    [sha256, mediaType, data, organisation],
  );
  return `0x${sha256.toString('hex')}`;
}

/** @throws TouchstoneError internal if what is stored is not what was stored */
export async function readDocument(sql: Sql, sha256: string): Promise<StoredDocument | undefined> {
  const [row] = await sql.query<{ media_type: string; data: Buffer }>(
    'SELECT media_type, data FROM documents WHERE sha256 = $1',
    [Buffer.from(sha256.slice(2), 'hex')],
  );
  if (!row) return undefined;
  const found = `0x${createHash('sha256').update(row.data).digest('hex')}`;
  if (found !== sha256)
    throw new TouchstoneError('internal', `the document ${sha256} is damaged: it hashes to ${found}`);
  return { mediaType: row.media_type, data: row.data };
}

/** Which of these are kept here. */
export async function keptDocuments(sql: Sql, hashes: readonly string[]): Promise<Set<string>> {
  const rows = await sql.query<{ sha256: string }>(
    `SELECT '0x' || encode(sha256, 'hex') AS sha256 FROM documents WHERE sha256 = ANY($1)`,
    [hashes.map((hash) => Buffer.from(hash.slice(2), 'hex'))],
  );
  return new Set(rows.map((row) => row.sha256));
}
