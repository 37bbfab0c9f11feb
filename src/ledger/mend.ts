// Owns rows of a file that were refused and are put right by hand: as they came, what is wrong with them as they are typed
// now, and the file of those that are right. Storing them is console-files.ts's.
import type { BatchMode } from '../core/batch.ts';
import { type ColumnMapping, compileColumns } from '../core/columns.ts';
import type { Fault } from '../core/errors.ts';
import type { FileFormat, Ledger, Sql } from '../ports.ts';
import { prepare, type Registrant, type WishedCode } from './accept.ts';
import { OWN_COLUMNS, readLine } from './imports.ts';

/** How a file was read. */
export interface ImportPlan {
  readonly id: number;
  readonly format: FileFormat;
  readonly mode: BatchMode | null;
  readonly mapping: ColumnMapping | null;
  /** Null for NDJSON. */
  readonly header: readonly string[] | null;
}

export interface RefusedRow {
  readonly row: number;
  readonly cells: readonly string[];
  readonly faults: readonly Fault[];
}

export async function planOf(sql: Sql, organisation: string, id: number): Promise<ImportPlan | undefined> {
  const [row] = await sql.query<ImportPlan>(
    'SELECT id, format, mode, mapping, header FROM imports WHERE organisation = $1 AND id = $2',
    [organisation, id],
  );
  return row;
}

/** Those not put right yet, in order; only these rows where they are named. */
export async function refusedRows(
  sql: Sql,
  id: number,
  limit: number,
  named?: readonly number[],
): Promise<RefusedRow[]> {
  const rows = await sql.query<Omit<RefusedRow, 'cells'> & { source: string }>(
    `SELECT row_number AS row, faults, source FROM import_rejects
     WHERE import_id = $1 AND mended_by IS NULL AND ($3::integer[] IS NULL OR row_number = ANY($3))
     ORDER BY row_number LIMIT $2`,
    [id, limit, named ?? null],
  );
  return rows.map(({ row, faults, source }) => ({ row, faults, cells: JSON.parse(source) as string[] }));
}

export async function refusedCount(sql: Sql, id: number): Promise<number> {
  const [row] = await sql.query<{ n: number }>(
    'SELECT count(*) AS n FROM import_rejects WHERE import_id = $1 AND mended_by IS NULL',
    [id],
  );
  return row?.n ?? 0;
}

/** What is wrong with a row as it stands now, by the file's columns; nothing for one that would be taken. */
export function judge(
  ledger: Ledger,
  registrant: Registrant,
  plan: ImportPlan,
  cells: readonly string[],
): readonly Fault[] {
  if (plan.header === null) {
    const read = readLine(cells[0] ?? '');
    if ('reason' in read) return [{ field: '', reason: read.reason }];
    return read.faults.length > 0
      ? read.faults
      : faultsOf(ledger, registrant, plan, read.statement, read.code, (all) => all);
  }
  const columns = compileColumns(plan.header, withOwnIgnored(plan));
  if (!columns.ok) return columns.faults;
  const read = columns.statementOf(cells);
  if (read.faults.length > 0) return read.faults;
  return faultsOf(ledger, registrant, plan, read.statement, read.code, (all) => columns.explain(cells, all));
}

function withOwnIgnored({ header, mapping }: ImportPlan): ColumnMapping {
  const own = OWN_COLUMNS.filter((column) => header?.includes(column));
  return { ...mapping, ignore: [...(mapping?.ignore ?? []), ...own] };
}

function faultsOf(
  ledger: Ledger,
  registrant: Registrant,
  { mode }: ImportPlan,
  statement: object,
  code: unknown,
  explain: (faults: readonly Fault[]) => readonly Fault[],
): readonly Fault[] {
  const prepared = prepare(ledger.randomBytes, registrant, statement, code as WishedCode, { mode: mode ?? undefined });
  return prepared.ok ? [] : explain(prepared.faults);
}

/** Which column of ours a column of the file is read as. */
export function columnRead(plan: ImportPlan, source: string): string {
  return plan.mapping?.columns?.[source] ?? source.trim().toLowerCase();
}

/** The rows as a file of the same kind, as a file of refused rows comes back. */
export function mendedFile({ rows }: Ledger, plan: ImportPlan, mended: readonly RefusedRow[]): string {
  const { header } = plan;
  if (header === null) return mended.map(({ cells }) => `${(cells[0] ?? '').replace(/\s*\n\s*/g, ' ')}\n`).join('');
  const columns = header.filter((name) => !OWN_COLUMNS.includes(name));
  const kept = header.flatMap((name, at) => (OWN_COLUMNS.includes(name) ? [] : [at]));
  const lines = mended.map(({ row, cells }) => [...kept.map((at) => cells[at] ?? ''), String(row), '']);
  return [[...columns, ...OWN_COLUMNS], ...lines].map((cells) => rows.csvLine(cells)).join('');
}
