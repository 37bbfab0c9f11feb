// Owns what is told of an import: progress, the pieces it made, and the bad rows as a file to mend.
import type { Fault } from '../core/errors.ts';
import type { Rows, Sql } from '../ports.ts';
import { type Import, OWN_COLUMNS } from './imports.ts';
import { readCursor } from './indexer.ts';

const IMPORT = `
  SELECT i.id, i.state, i.format, i.mode, i.bytes, i.rows, i.accepted, i.repeated, i.rejected, i.failure, i.notes, i.zeros,
    (SELECT coalesce(sum(count), 0) FROM import_batches JOIN anchors a USING (batch_no)
     WHERE import_id = i.id AND a.state <> 'incomplete') AS anchored,
    (SELECT coalesce(sum(count), 0) FROM import_batches JOIN anchors a USING (batch_no)
     WHERE import_id = i.id AND a.state <> 'incomplete' AND a.block <= $2) AS final
  FROM imports i`;

export async function readImport(sql: Sql, organisation: string, id: number): Promise<Import | undefined> {
  const { finalBlock } = await readCursor(sql);
  const [row] = await sql.query<Import>(`${IMPORT} WHERE i.organisation = $1 AND i.id = $3`, [
    organisation,
    finalBlock,
    id,
  ]);
  return row;
}

export async function listImports(sql: Sql, organisation: string): Promise<Import[]> {
  const { finalBlock } = await readCursor(sql);
  return sql.query<Import>(`${IMPORT} WHERE i.organisation = $1 ORDER BY i.id DESC LIMIT 100`, [
    organisation,
    finalBlock,
  ]);
}

export interface RejectedRow {
  readonly row: number;
  readonly faults: readonly Fault[];
}

export async function listRejects(sql: Sql, id: number, after: number, limit: number): Promise<RejectedRow[]> {
  return sql.query<RejectedRow>(
    `SELECT row_number AS row, faults FROM import_rejects WHERE import_id = $1 AND row_number > $2
       AND mended_by IS NULL ORDER BY row_number LIMIT $3`,
    [id, after, limit],
  );
}

const PAGE = 1000;
/** And so much text: a row may have 256 KiB, and hundreds may fetch their files at once. */
const PAGE_CHARACTERS = 1024 * 1024;

/** The bad rows as they came, with what is wrong: CSV again for CSV, the bare lines for NDJSON. */
export async function* rejectedFile(sql: Sql, rows: Rows, job: Import): AsyncGenerator<string> {
  if (job.format === 'csv') {
    const [found] = await sql.query<{ header: string[] | null }>('SELECT header FROM imports WHERE id = $1', [job.id]);
    yield rows.csvLine([...(found?.header ?? []), ...OWN_COLUMNS]);
  }
  for (let after = 0; ; ) {
    const page = await sql.query<RejectedRow & { source: string }>(
      `SELECT row, faults, source FROM (
         SELECT row_number AS row, faults, source,
           sum(octet_length(source)) OVER (ORDER BY row_number) - octet_length(source) AS before
         FROM (SELECT * FROM import_rejects WHERE import_id = $1 AND row_number > $2 AND mended_by IS NULL
               ORDER BY row_number LIMIT $3) AS next) AS counted
       WHERE before < $4 ORDER BY row`,
      [job.id, after, PAGE, PAGE_CHARACTERS],
    );
    for (const { row, faults, source } of page) {
      const cells = JSON.parse(source) as string[];
      const problem = faults.map((fault) => `${fault.field} ${fault.reason}`.trim()).join('; ');
      yield job.format === 'csv' ? rows.csvLine([...cells, String(row), problem]) : `${cells[0]}\n`;
    }
    if (page.length === 0) return;
    after = page.at(-1)?.row ?? after;
  }
}
