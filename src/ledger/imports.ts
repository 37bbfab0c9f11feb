// Owns files on their way in: stored whole first, then read row by row. Good rows are accepted, bad rows kept with
// their reasons to be mended. The number of rows done is committed together with what became of them, so a crash
// anywhere resumes behind the last row that was told about; a row is never accepted twice.
import type { BatchMode } from '../core/batch.ts';
import { type ColumnMapping, type CompiledColumns, compileColumns, type RowStatement } from '../core/columns.ts';
import { type Fault, TouchstoneError } from '../core/errors.ts';
import type { FileFormat, FileRow, Ledger, Sql } from '../ports.ts';
import { type Candidate, prepare, type Registrant, store, type WishedCode } from './accept.ts';
import type { Account } from './accounts.ts';
import { lentPrefixes, organisationAt } from './organisations.ts';

export const MAX_IMPORT_BYTES = 512 * 1024 * 1024;
export const MAX_IMPORT_ROWS = 1_000_000;
const ROWS_AT_ONCE = 500;
/** An import stops to let sealing catch up here: what waits is bounded, whatever the file's size. */
const PAUSE_ABOVE_WAITING = 60_000;

export interface Import {
  readonly id: number;
  readonly state: 'receiving' | 'running' | 'done' | 'failed';
  readonly format: FileFormat;
  readonly mode: BatchMode | null;
  readonly bytes: number;
  readonly rows: number;
  readonly accepted: number;
  readonly repeated: number;
  readonly rejected: number;
  readonly anchored: number;
  readonly final: number;
  readonly failure: string | null;
  readonly notes: readonly string[];
  /** Column to how many zeros were read as unknown, where the mapping asks for it. */
  readonly zeros: Readonly<Record<string, number>>;
}

interface ImportRow {
  readonly id: number;
  readonly organisation: string;
  readonly format: FileFormat;
  readonly mode: BatchMode | null;
  readonly mapping: ColumnMapping | null;
  readonly rows: number;
  /** Column to how many zeros were read as unknown in the rows done. */
  readonly zeros: Readonly<Record<string, number>>;
}

export interface ImportRequest {
  readonly format: FileFormat;
  readonly mode: BatchMode | null;
  readonly mapping: ColumnMapping | undefined;
}

export async function createImport(sql: Sql, organisation: string, request: ImportRequest): Promise<number> {
  const [row] = await sql.query<{ id: number }>(
    `INSERT INTO imports (organisation, format, mode, mapping, state) VALUES ($1, $2, $3, $4, 'receiving') RETURNING id`,
    [organisation, request.format, request.mode, request.mapping ? JSON.stringify(request.mapping) : null],
  );
  return row?.id as number;
}

/**
 * Stores a file's chunks; a second attempt at a file that broke off starts it anew, and overtakes a first one that is
 * still under way.
 * @param digest SHA-256 of the whole file, once it was read
 */
export async function receiveFile(
  ledger: Ledger,
  id: number,
  chunks: AsyncIterable<Uint8Array>,
  digest: () => Buffer,
): Promise<void> {
  const { db } = ledger;
  const attempt = await beginAttempt(db, id);
  let bytes = 0;
  let seq = 0;
  for await (const chunk of regrouped(chunks)) {
    bytes += chunk.length;
    if (bytes > MAX_IMPORT_BYTES) {
      await db.query('DELETE FROM import_chunks WHERE import_id = $1', [id]);
      const limit = `${MAX_IMPORT_BYTES / 1024 / 1024} MiB`;
      throw new TouchstoneError('body-too-large', `A file may have ${limit} at most. Split it; nothing was taken in.`);
    }
    const kept = await db.query(
      `INSERT INTO import_chunks (import_id, seq, data)
       SELECT id, $3, $4 FROM imports WHERE id = $1 AND attempt = $2 AND state = 'receiving' FOR SHARE RETURNING seq`,
      [id, attempt, seq++, chunk],
    );
    if (kept.length === 0) throw overtaken();
  }
  // From here on the file is this service's to finish, whatever crashes; before, the client sends it again.
  const done = await db.query(
    `UPDATE imports SET state = 'running', bytes = $3, sha256 = $4
     WHERE id = $1 AND attempt = $2 AND state = 'receiving' RETURNING id`,
    [id, attempt, bytes, digest()],
  );
  if (done.length === 0) throw overtaken();
  ledger.nudge();
}

/** A client that gave up waiting sends again while its first upload still drips in: chunks of two must never mix. */
function beginAttempt(db: Ledger['db'], id: number): Promise<number> {
  return db.transaction(async (sql) => {
    const [row] = await sql.query<{ attempt: number }>(
      'UPDATE imports SET attempt = attempt + 1 WHERE id = $1 RETURNING attempt',
      [id],
    );
    await sql.query('DELETE FROM import_chunks WHERE import_id = $1', [id]);
    return row?.attempt as number;
  });
}

function overtaken(): TouchstoneError {
  const message = 'The same file was sent again meanwhile, and that upload counts. Ask how far the import is.';
  return new TouchstoneError('invalid-request', message);
}

/** Columns added to a rejected file (import-report.ts); an import leaves them out. */
export const OWN_COLUMNS = ['touchstone_row', 'touchstone_problem'];

const CHUNK_BYTES = 1024 * 1024;

async function* regrouped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    size += chunk.length;
    if (size < CHUNK_BYTES) continue;
    yield Buffer.concat(held);
    held = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(held);
}

/** Works on the oldest running import until it is done or has to pause. True if there was one. */
export async function importNext(ledger: Ledger, stopped: () => boolean): Promise<boolean> {
  const [job] = await ledger.db.query<ImportRow>(
    `SELECT id, organisation, format, mode, mapping, rows, zeros FROM imports WHERE state = 'running' ORDER BY id LIMIT 1`,
  );
  if (!job) return false;
  try {
    const done = await work(ledger, job, stopped);
    if (!done) return !stopped();
    await finish(ledger.db, job.id, 'done', null);
  } catch (error) {
    if (!(error instanceof TouchstoneError) || error.retry !== 'never') throw error;
    await finish(ledger.db, job.id, 'failed', describe(error));
  }
  return true;
}

function describe(error: TouchstoneError): string {
  const faults = error.faults.map((fault) => `${fault.field} ${fault.reason}`).join('; ');
  return faults ? `${error.message} ${faults}` : error.message;
}

async function finish(sql: Sql, id: number, state: 'done' | 'failed', failure: string | null): Promise<void> {
  await sql.query('UPDATE imports SET state = $2, failure = $3 WHERE id = $1', [id, state, failure]);
  // The rows stand in pieces and import_rejects; the file has done its duty.
  await sql.query('DELETE FROM import_chunks WHERE import_id = $1', [id]);
}

interface Run {
  readonly job: ImportRow;
  readonly registrant: Registrant;
  columns: CompiledColumns | undefined;
  zeros: Map<string, number>;
}

interface Reject {
  readonly row: number;
  readonly faults: readonly Fault[];
  readonly source: readonly string[];
}

interface Portion {
  last: number;
  candidates: Candidate[];
  sources: Map<number, readonly string[]>;
  rejects: Reject[];
}

const newPortion = (last: number): Portion => ({ last, candidates: [], sources: new Map(), rejects: [] });

async function work(ledger: Ledger, job: ImportRow, stopped: () => boolean): Promise<boolean> {
  const registrant = await registrantOf(ledger.db, job.organisation);
  const run: Run = { job, registrant, columns: undefined, zeros: new Map(Object.entries(job.zeros)) };
  let portion = newPortion(job.rows);
  // One portion is being stored while the next one is read.
  let storing: Promise<void> = Promise.resolve();
  for await (const row of ledger.rows.read(job.format, chunksOf(ledger.db, job.id))) {
    if (row.row === 0) await takeHeader(ledger, run, row.cells);
    if (row.row <= job.rows || row.row === 0) continue;
    if (row.row > MAX_IMPORT_ROWS)
      throw new TouchstoneError(
        'invalid-file',
        `A file may have ${MAX_IMPORT_ROWS} rows at most; split it. The rows up to there were taken in.`,
      );
    takeRow(ledger, run, row, portion);
    if (size(portion) < ROWS_AT_ONCE) continue;
    await storing;
    if (stopped()) return false;
    storing = storePortion(ledger, run, portion);
    storing.catch(() => {});
    portion = newPortion(portion.last);
    await roomToGoOn(ledger, stopped);
  }
  await storing;
  await storePortion(ledger, run, portion);
  return true;
}

const size = (portion: Portion) => portion.candidates.length + portion.rejects.length;

export async function registrantOf(sql: Sql, organisation: string): Promise<Registrant> {
  const [account] = await sql.query<Account>(
    'SELECT organisation, handle, display_name AS "displayName" FROM accounts WHERE organisation = $1',
    [organisation],
  );
  const standing = await organisationAt(sql, organisation);
  if (!account || !standing)
    throw new TouchstoneError('organisation-unknown', 'The organisation is not on the ledger.');
  if (standing.suspendedAt !== undefined) {
    const message = 'The organisation is suspended and can not register pieces now. What it registered stays.';
    throw new TouchstoneError('organisation-suspended', message);
  }
  return { account, organisation: standing, lentPrefixes: await lentPrefixes(sql, standing) };
}

async function* chunksOf(sql: Sql, id: number): AsyncGenerator<Buffer> {
  for (let seq = 0; ; seq++) {
    const [chunk] = await sql.query<{ data: Buffer }>(
      'SELECT data FROM import_chunks WHERE import_id = $1 AND seq = $2',
      [id, seq],
    );
    if (!chunk) return;
    yield chunk.data;
  }
}

async function takeHeader(ledger: Ledger, run: Run, header: readonly string[]): Promise<void> {
  if (header.some((name) => /\p{Cc}/u.test(name))) {
    const message = 'The header holds control characters: this is no CSV file of text. No row was taken in.';
    throw new TouchstoneError('invalid-file', message);
  }
  const mapping = run.job.mapping ?? {};
  // A rejected file that was mended comes back with the columns that said why.
  const own = OWN_COLUMNS.filter((column) => header.includes(column));
  const compiled = compileColumns(header, { ...mapping, ignore: [...(mapping.ignore ?? []), ...own] });
  if (!compiled.ok) {
    throw new TouchstoneError('invalid-file', 'The header was not understood; no row was taken in.', {
      faults: compiled.faults,
    });
  }
  run.columns = compiled;
  const ignored = compiled.ignored.filter((column) => !own.includes(column));
  const notes = ignored.length > 0 ? [`Columns left out, as asked: ${ignored.join(', ')}.`] : [];
  await ledger.db.query('UPDATE imports SET header = $2, notes = $3 WHERE id = $1 AND header IS NULL', [
    run.job.id,
    JSON.stringify(header),
    JSON.stringify(notes),
  ]);
}

function takeRow(ledger: Ledger, run: Run, row: FileRow, portion: Portion): void {
  portion.last = row.row;
  const reject = (faults: readonly Fault[]) => portion.rejects.push({ row: row.row, faults, source: row.cells });
  const read = run.columns ? readCells(run.columns, row.cells) : readLine(row.cells[0] ?? '');
  if ('reason' in read) {
    reject([{ field: '', reason: read.reason }]);
    return;
  }
  if (read.faults.length > 0) {
    reject(read.faults);
    return;
  }
  for (const column of read.zeros) run.zeros.set(column, (run.zeros.get(column) ?? 0) + 1);
  const prepared = prepare(ledger.randomBytes, run.registrant, read.statement, read.code as WishedCode, {
    mode: run.job.mode ?? undefined,
    row: row.row,
  });
  if (!prepared.ok) {
    reject(run.columns ? run.columns.explain(row.cells, prepared.faults) : prepared.faults);
    return;
  }
  portion.candidates.push(prepared.candidate);
  portion.sources.set(row.row, row.cells);
}

type Read = Omit<RowStatement, 'code'> & { readonly code?: unknown };

function readCells(columns: CompiledColumns, cells: readonly string[]): Read {
  return columns.statementOf(cells);
}

function readLine(text: string): Read | { reason: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { reason: `is no JSON: ${(error as Error).message}` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { reason: 'must be a JSON object' };
  const { code, ...statement } = value as Record<string, unknown>;
  if (code !== undefined && (typeof code !== 'object' || code === null)) return { reason: 'code must be an object' };
  return { statement, code, faults: [], zeros: [] };
}

/** One transaction: rows, rejects and progress are there together or not at all. */
async function storePortion(ledger: Ledger, run: Run, portion: Portion): Promise<void> {
  const { job } = run;
  const zeros = JSON.stringify(Object.fromEntries(run.zeros));
  await ledger.db.transaction(async (sql) => {
    const outcomes = await store(sql, job.organisation, portion.candidates, job.id);
    const rejects = [...portion.rejects];
    let repeated = 0;
    outcomes.forEach((outcome, i) => {
      if (outcome.kind === 'repeated') repeated += 1;
      const row = portion.candidates[i]?.row as number;
      if (outcome.kind === 'taken')
        rejects.push({ row, faults: [takenFault(outcome)], source: portion.sources.get(row) ?? [] });
    });
    if (rejects.length > 0) await keepRejects(sql, job.id, rejects);
    const accepted = portion.candidates.length - repeated - (rejects.length - portion.rejects.length);
    await sql.query(
      `UPDATE imports SET rows = $2, accepted = accepted + $3, repeated = repeated + $4, rejected = rejected + $5,
         zeros = $6 WHERE id = $1`,
      [job.id, portion.last, accepted, repeated, rejects.length, zeros],
    );
  });
  ledger.nudge();
}

function takenFault(outcome: { recordHash: string; byYou: boolean }): Fault {
  const whose = outcome.byYou ? 'you registered another record' : 'another record is registered';
  return { field: 'code', reason: `is taken: ${whose} under it (record ${outcome.recordHash})` };
}

async function keepRejects(sql: Sql, id: number, rejects: readonly Reject[]): Promise<void> {
  const rows = rejects.map((reject) => ({
    n: reject.row,
    f: reject.faults.map(({ field, reason }) => ({ field: storable(field), reason: storable(reason) })),
    s: JSON.stringify(reject.source),
  }));
  await sql.query(
    `INSERT INTO import_rejects (import_id, row_number, faults, source)
     SELECT $1, n, f, s FROM json_to_recordset($2::json) AS t(n integer, f jsonb, s text)`,
    [id, JSON.stringify(rows)],
  );
}

/** Faults quote what was sent; NUL and half a surrogate pair, which PostgreSQL keeps in no text, become U+FFFD. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

async function roomToGoOn(ledger: Ledger, stopped: () => boolean): Promise<void> {
  for (;;) {
    const [row] = await ledger.db.query<{ waiting: number }>(
      'SELECT count(*) AS waiting FROM (SELECT 1 FROM unsealed LIMIT $1) AS bounded',
      [PAUSE_ABOVE_WAITING],
    );
    if ((row?.waiting ?? 0) < PAUSE_ABOVE_WAITING || stopped()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
