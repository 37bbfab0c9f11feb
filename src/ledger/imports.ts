// Owns files on their way in: stored whole first, then read row by row. Good rows are accepted, bad rows kept with
// their reasons to be mended. The number of rows done is committed together with what became of them, so a crash
// anywhere resumes behind the last row that was told about; a row is never accepted twice.
import type { BatchMode } from '../core/batch.ts';
import { claimKeyFault, claimKeyOf } from '../core/card.ts';
import { type ColumnMapping, type CompiledColumns, compileColumns, type RowStatement } from '../core/columns.ts';
import { type ErrorCode, type Fault, TouchstoneError } from '../core/errors.ts';
import { undefused } from '../core/formulas.ts';
import type { FileFormat, FileRow, Ledger, Sql } from '../ports.ts';
import {
  type Candidate,
  cardTakenReason,
  type Outcome,
  prepare,
  type Registrant,
  store,
  type WishedCode,
} from './accept.ts';
import type { Account } from './accounts.ts';
import { lentPrefixes, type Organisation, organisationAt } from './organisations.ts';

export const MAX_IMPORT_ROWS = 1_000_000;
/** Rows stored in one transaction: enough to hide its flush to disk, bounded in text as well. */
const ROWS_AT_ONCE = 500;
const TEXT_AT_ONCE = 2 * 1024 * 1024;
/** Who has more wrong than that has something else wrong. Also, a row of two thousand cells can have two thousand. */
const MOST_FAULTS_TOLD = 50;
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

/** Columns added to a rejected file (import-report.ts); an import leaves them out. */
export const OWN_COLUMNS = ['touchstone_row', 'touchstone_problem'];

/** Each organisation's oldest running import, oldest first. */
const RUNNING = `
  SELECT * FROM (SELECT DISTINCT ON (organisation) id, organisation, format, mode, mapping, rows, zeros FROM imports
                 WHERE state = 'running' ORDER BY organisation, id) AS oldest ORDER BY id`;

/** Works on an import until it is done or has to pause. True if there was one. */
export async function importNext(ledger: Ledger, stopped: () => boolean): Promise<boolean> {
  let unexpected: unknown;
  for (const job of await ledger.db.query<ImportRow>(RUNNING)) {
    try {
      const done = await work(ledger, job, stopped);
      if (!done) return !stopped();
      await finish(ledger.db, job.id, 'done', null);
      return true;
    } catch (error) {
      if (error instanceof TouchstoneError && error.retry !== 'never') throw error;
      if (!(error instanceof TouchstoneError)) {
        // A fault of ours that one file meets must not hold up the files of everybody else.
        unexpected = error;
        continue;
      }
      if (error.code !== 'organisation-suspended') {
        await finish(ledger.db, job.id, 'failed', describe(error));
        return true;
      }
      // The file was taken in: sent anew, rows without a code would be drawn a second one. It waits, others go on.
      await ledger.db.query('UPDATE imports SET failure = $2 WHERE id = $1', [job.id, WAITS]);
    }
  }
  if (unexpected !== undefined) throw unexpected;
  return false;
}

const WAITS = 'The organisation is suspended. The import goes on where it is as soon as that ends.';

function describe(error: TouchstoneError): string {
  const told = error.faults.slice(0, MOST_FAULTS_TOLD).map(({ field, reason }) => `${short(field)} ${short(reason)}`);
  if (told.length < error.faults.length) told.push(`and ${error.faults.length - told.length} more`);
  return [error.message, told.join('; ')].filter(Boolean).join(' ');
}

/** Names of columns are as long as whoever wrote the file likes. */
function short(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300).toWellFormed()}…` : text;
}

/** The rows stand in pieces and import_rejects; the file has done its duty. */
async function finish(sql: Sql, id: number, state: 'done' | 'failed', failure: string | null): Promise<void> {
  await sql.query(
    `WITH ended AS (UPDATE imports SET state = $2, failure = $3 WHERE id = $1 RETURNING id)
     DELETE FROM import_chunks USING ended WHERE import_id = ended.id`,
    [id, state, failure],
  );
}

interface Run {
  readonly job: ImportRow;
  readonly registrant: Registrant;
  columns: CompiledColumns | undefined;
  /** It is a file of bad rows that comes back. */
  mended: boolean;
  zeros: Map<string, number>;
}

interface Reject {
  readonly row: number;
  readonly faults: readonly Fault[];
  readonly source: readonly string[];
}

interface Portion {
  readonly after: number;
  last: number;
  text: number;
  candidates: Candidate[];
  sources: Map<number, readonly string[]>;
  rejects: Reject[];
}

const newPortion = (after: number): Portion => {
  return { after, last: after, text: 0, candidates: [], sources: new Map(), rejects: [] };
};

async function work(ledger: Ledger, job: ImportRow, stopped: () => boolean): Promise<boolean> {
  const registrant = await registrantOf(ledger.db, job.organisation);
  const run: Run = { job, registrant, columns: undefined, mended: false, zeros: new Map(Object.entries(job.zeros)) };
  let portion = newPortion(job.rows);
  // One portion is being stored while the next one is read.
  let storing: Promise<void> = Promise.resolve();
  let room = 0;
  let fault: unknown;
  try {
    for await (const row of ledger.rows.read(job.format, chunksOf(ledger.db, job.id))) {
      if (row.row === 0) await takeHeader(ledger, run, row.cells);
      if (row.row <= job.rows || row.row === 0) continue;
      if (row.row > MAX_IMPORT_ROWS) throw tooManyRows();
      takeRow(ledger, run, row, portion);
      if (!full(portion)) continue;
      await storing;
      if (stopped()) return false;
      room = await roomToGoOn(ledger, stopped, room - size(portion));
      storing = storePortion(ledger, run, portion);
      storing.catch(() => {});
      portion = newPortion(portion.last);
    }
  } catch (error) {
    // Rows before a fault of the file are as good as any: they are taken in, then it is told.
    if (!(error instanceof TouchstoneError) || !FILE_FAULTS.includes(error.code)) throw error;
    fault = error;
  }
  await storing;
  await storePortion(ledger, run, portion);
  if (fault !== undefined) throw fault;
  return true;
}

const FILE_FAULTS: readonly ErrorCode[] = ['invalid-file', 'invalid-encoding'];

function tooManyRows(): TouchstoneError {
  const message = `A file may have ${MAX_IMPORT_ROWS} rows at most; split it. The rows up to there were taken in.`;
  return new TouchstoneError('invalid-file', message);
}

const size = (portion: Portion) => portion.candidates.length + portion.rejects.length;
const full = (portion: Portion) => size(portion) >= ROWS_AT_ONCE || portion.text >= TEXT_AT_ONCE;

export async function registrantOf(sql: Sql, organisation: string): Promise<Registrant> {
  const [account] = await sql.query<Account>(
    'SELECT organisation, handle, display_name AS "displayName" FROM accounts WHERE organisation = $1',
    [organisation],
  );
  const standing = await organisationAt(sql, organisation);
  if (!account || !standing)
    throw new TouchstoneError('organisation-unknown', 'The organisation is not on the ledger.');
  mustStand(standing);
  return { account, organisation: standing, lentPrefixes: await lentPrefixes(sql, standing) };
}

function mustStand(organisation: Organisation | undefined): void {
  if (organisation?.suspendedAt === undefined) return;
  const message = 'The organisation is suspended and can not register pieces now. What it registered stays.';
  throw new TouchstoneError('organisation-suspended', message);
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

async function takeHeader(ledger: Ledger, run: Run, cells: readonly string[]): Promise<void> {
  run.mended = cells.some((name) => OWN_COLUMNS.includes(name));
  const header = run.mended ? cells.map(undefused) : cells;
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

function takeRow(ledger: Ledger, run: Run, sent: FileRow, portion: Portion): void {
  const row = run.mended ? { ...sent, cells: sent.cells.map(undefused) } : sent;
  portion.last = row.row;
  for (const cell of row.cells) portion.text += cell.length;
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
    claimKey: read.claimKey,
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

/** A record, or a record and its claim key as the API takes them. */
export function readLine(text: string): Read | { reason: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { reason: `is no JSON: ${(error as Error).message}` };
  }
  if (!isObject(value)) return { reason: 'must be a JSON object' };
  const { record, claimKey } = 'record' in value ? value : { record: value };
  if ('record' in value && Object.keys(value).some((name) => name !== 'record' && name !== 'claimKey'))
    return { reason: 'must be a record, or hold a record and its claimKey, and nothing else' };
  if (!isObject(record)) return { reason: 'record must be a JSON object' };
  const reason = claimKey === undefined ? undefined : claimKeyFault(String(claimKey));
  if (reason !== undefined) return { reason: `claimKey ${reason}` };
  const { code, ...statement } = record;
  if (code !== undefined && (typeof code !== 'object' || code === null)) return { reason: 'code must be an object' };
  const card = claimKey === undefined ? {} : { claimKey: claimKeyOf(String(claimKey)) };
  return { statement, code, ...card, faults: [], zeros: [] };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One transaction: rows, rejects and progress are there together or not at all. */
async function storePortion(ledger: Ledger, run: Run, portion: Portion): Promise<void> {
  const { job } = run;
  const zeros = JSON.stringify(Object.fromEntries(run.zeros));
  await ledger.db.transaction(async (sql) => {
    mustStand(await organisationAt(sql, job.organisation));
    const outcomes = await store(sql, job.organisation, portion.candidates, job.id);
    const rejects = [...portion.rejects];
    let repeated = 0;
    outcomes.forEach((outcome, i) => {
      if (outcome.kind === 'repeated') repeated += 1;
      const row = portion.candidates[i]?.row as number;
      const source = portion.sources.get(row) ?? [];
      if (outcome.kind === 'lots-refused') {
        const faults = run.columns ? run.columns.explain(source, outcome.faults) : outcome.faults;
        rejects.push({ row, faults, source });
      }
      const fault = refusalOf(outcome, run.columns ? 'claim_key' : 'claimKey');
      if (fault) rejects.push({ row, faults: [fault], source });
    });
    if (rejects.length > 0) await keepRejects(sql, job.id, rejects);
    const accepted = portion.candidates.length - repeated - (rejects.length - portion.rejects.length);
    const moved = await sql.query(
      `UPDATE imports SET rows = $2, accepted = accepted + $3, repeated = repeated + $4, rejected = rejected + $5,
         zeros = $6, failure = NULL WHERE id = $1 AND rows = $7 RETURNING id`,
      [job.id, portion.last, accepted, repeated, rejects.length, zeros, portion.after],
    );
    // A portion that outlived its run (a lost connection, a lost lead) may commit beside the run that took over, which
    // draws other codes for the same rows: whoever comes second takes its rows back.
    if (moved.length === 0) throw new Error('the import moved on under another run');
  });
  ledger.nudge();
}

function refusalOf(outcome: Outcome, cardField: string): Fault | undefined {
  if (outcome.kind === 'card-taken') return { field: cardField, reason: cardTakenReason(outcome) };
  if (outcome.kind !== 'taken') return undefined;
  if (outcome.otherCard)
    return {
      field: cardField,
      reason: 'differs: you registered this record under this code with another card, or none',
    };
  const whose = outcome.byYou ? 'you registered another record' : 'another record is registered';
  return { field: 'code', reason: `is taken: ${whose} under it (record ${outcome.recordHash})` };
}

async function keepRejects(sql: Sql, id: number, rejects: readonly Reject[]): Promise<void> {
  const rows = rejects.map((reject) => ({
    n: reject.row,
    f: reject.faults
      .slice(0, MOST_FAULTS_TOLD)
      .map(({ field, reason }) => ({ field: storable(field), reason: storable(reason) })),
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

/** How many rows may be stored before asking again; waits while there is no room. @param room what the last answer left */
async function roomToGoOn(ledger: Ledger, stopped: () => boolean, room: number): Promise<number> {
  if (room > 0) return room;
  for (;;) {
    const [row] = await ledger.db.query<{ waiting: number }>(
      'SELECT count(*) AS waiting FROM (SELECT 1 FROM unsealed LIMIT $1) AS bounded',
      [PAUSE_ABOVE_WAITING],
    );
    const left = PAUSE_ABOVE_WAITING - (row?.waiting ?? 0);
    if (left > 0 || stopped()) return left;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
