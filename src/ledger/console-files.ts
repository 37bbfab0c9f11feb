// Owns files between their upload to the console and their registration: kept for a day, a few an organisation. From then on
// they are imports like any other (imports.ts).
import { randomUUID } from 'node:crypto';
import { TouchstoneError } from '../core/errors.ts';
import type { FileFormat, FileRow, Ledger, Sql } from '../ports.ts';
import { checkRoom } from './accept.ts';
import { found } from './find.ts';
import { once } from './idempotency.ts';
import { createImport, type ImportRequest, registrantOf } from './imports.ts';
import { storeWhole } from './upload.ts';

/** More comes by the API or the command line, which stream. */
export const MAX_CONSOLE_FILE = 32 * 1024 * 1024;
const MOST_FILES = 10;

export interface ConsoleFile {
  readonly id: string;
  readonly name: string;
  readonly format: FileFormat;
  readonly rows: number;
  readonly notes: readonly string[];
  readonly createdAt: string;
}

const FILE = 'SELECT id, name, format, rows, notes, created_at AS "createdAt" FROM console_files';

/** @throws TouchstoneError overloaded where too many wait already */
export async function keepFile(
  sql: Sql,
  organisation: string,
  file: { name: string; format: FileFormat; data: Uint8Array; rows: number; notes: readonly string[] },
): Promise<string> {
  await sql.query(`DELETE FROM console_files WHERE created_at < now() - interval '1 day'`);
  const id = randomUUID();
  const kept = await sql.query(
    `INSERT INTO console_files (id, organisation, name, format, data, rows, notes)
     SELECT $1, $2, $3, $4, $5, $6, $7 WHERE (SELECT count(*) FROM console_files WHERE organisation = $2) < $8 RETURNING id`,
    [
      id,
      organisation,
      file.name,
      file.format,
      Buffer.from(file.data),
      file.rows,
      JSON.stringify(file.notes),
      MOST_FILES,
    ],
  );
  if (kept.length === 1) return id;
  const message = `${MOST_FILES} files wait to be registered already. Register or drop one of them first.`;
  throw new TouchstoneError('overloaded', message, { retry: { afterSeconds: 60 } });
}

export function filesOf(sql: Sql, organisation: string): Promise<ConsoleFile[]> {
  return sql.query<ConsoleFile>(
    `${FILE} WHERE organisation = $1 AND created_at > now() - interval '1 day' ORDER BY created_at DESC`,
    [organisation],
  );
}

export async function fileOf(sql: Sql, organisation: string, id: string): Promise<ConsoleFile | undefined> {
  const [row] = await sql.query<ConsoleFile>(`${FILE} WHERE organisation = $1 AND id = $2`, [organisation, id]);
  return row;
}

export async function dropFile(sql: Sql, organisation: string, id: string): Promise<void> {
  await sql.query('DELETE FROM console_files WHERE organisation = $1 AND id = $2', [organisation, id]);
}

/** What a look at a file needs: the rows at its beginning. */
const LOOK_BYTES = 256 * 1024;

/** The header of a CSV file (empty for NDJSON) and its first rows. */
export async function firstRows(
  { db, rows }: Ledger,
  { id, format }: ConsoleFile,
  count: number,
): Promise<{ header: readonly string[]; rows: FileRow[] }> {
  const [found] = await db.query<{ data: Buffer; size: number }>(
    'SELECT substring(data FROM 1 FOR $2) AS data, octet_length(data) AS size FROM console_files WHERE id = $1',
    [id, LOOK_BYTES],
  );
  const whole = found?.data ?? Buffer.alloc(0);
  // What ends in the middle of a row would be read as a broken one.
  const cut = (found?.size ?? 0) > whole.length;
  const data = cut ? whole.subarray(0, Math.max(whole.lastIndexOf('\n'), 0)) : whole;
  let header: readonly string[] = [];
  const first: FileRow[] = [];
  try {
    for await (const row of rows.read(format, inOnePiece(data))) {
      if (format === 'csv' && row.row === 0) header = row.cells;
      else first.push(row);
      if (first.length === count) break;
    }
  } catch (error) {
    if (!cut) throw error;
  }
  return { header, rows: first };
}

async function* inOnePiece(data: Uint8Array): AsyncGenerator<Uint8Array> {
  yield data;
}

/**
 * Makes a file an import, once: the file is an import's or it waits, never both and never neither. @returns its number
 * @throws TouchstoneError not-found, organisation-suspended, overloaded
 */
export async function registerFile(
  ledger: Ledger,
  organisation: string,
  id: string,
  asked: ImportRequest,
): Promise<number> {
  const mine = 'WHERE organisation = $1 AND id = $2';
  const check = async () => {
    await checkRegistrant(ledger, organisation);
    const [kept] = await ledger.db.query<{ data: Buffer }>(`SELECT data FROM console_files ${mine}`, [
      organisation,
      id,
    ]);
    // Gone may also mean that the form was sent twice and the other one was quicker: its answer is found below.
    return kept?.data;
  };
  const begun = await once(ledger.db, organisation, fileKey(id), ['console/files', id], check, async (sql, data) => {
    const taken = await sql.query(`DELETE FROM console_files ${mine} RETURNING id`, [organisation, id]);
    const file = found(taken.length === 1 ? data : undefined, 'This file');
    const made = await createImport(sql, organisation, asked);
    await storeWhole(sql, made, file);
    return { id: made };
  });
  ledger.nudge();
  return begun.id;
}

/** Rows put right by hand, as an import of their own; the rows they were are told to be mended by it. */
export async function registerMended(
  ledger: Ledger,
  organisation: string,
  key: string,
  { importId, rows, text, asked }: { importId: number; rows: readonly number[]; text: string; asked: ImportRequest },
): Promise<number> {
  const check = () => checkRegistrant(ledger, organisation);
  const request = ['console/mended', importId, rows, text];
  const { id } = await once(ledger.db, organisation, key, request, check, async (sql) => {
    const made = await createImport(sql, organisation, asked);
    const marked = await sql.query(
      `UPDATE import_rejects SET mended_by = $3 WHERE import_id = $1 AND row_number = ANY($2) AND mended_by IS NULL
       RETURNING row_number`,
      [importId, rows, made],
    );
    if (marked.length !== rows.length)
      throw new TouchstoneError('not-applicable', 'One of these rows was put right meanwhile. Nothing was done.');
    await storeWhole(sql, made, Buffer.from(text));
    return { id: made };
  });
  ledger.nudge();
  return id;
}

async function checkRegistrant({ db }: Ledger, organisation: string): Promise<void> {
  await registrantOf(db, organisation);
  await checkRoom(db);
}

/** Of a file that is registered already: the import it became. */
export async function importOfFile(sql: Sql, organisation: string, id: string): Promise<number | undefined> {
  const [row] = await sql.query<{ id: number | null }>(
    `SELECT (response->>'id')::bigint AS id FROM idempotency WHERE organisation = $1 AND key = $2`,
    [organisation, fileKey(id)],
  );
  return row?.id ?? undefined;
}

const fileKey = (id: string) => `console file ${id}`;
