// Owns the console's pages of files: sending one, mapping its columns, registering it, watching it, putting refused rows right.
// Reading and registering are the ledger's; what a shop's columns mean is the core's.
import { randomUUID } from 'node:crypto';
import {
  type ConsoleFile,
  dropFile,
  fileOf,
  filesOf,
  importOfFile,
  registerFile,
  registerMended,
} from '../ledger/console-files.ts';
import { found, importPieces } from '../ledger/find.ts';
import { listImports, readImport, rejectedFile } from '../ledger/import-report.ts';
import { registrantOf } from '../ledger/imports.ts';
import {
  columnRead,
  type ImportPlan,
  judge,
  mendedFile,
  planOf,
  type RefusedRow,
  refusedCount,
  refusedRows,
} from '../ledger/mend.ts';
import { html } from '../web/html.ts';
import { importMain, importsMain, type MendRow } from '../web/workshop-imports.ts';
import { modeOf } from './piece-routes.ts';
import { lookAt, mappingIn, takeFile } from './workshop-files.ts';
import type { Fields } from './workshop-form.ts';
import { cursorIn } from './workshop-pieces.ts';
import { onceIn } from './workshop-register.ts';
import type { ConsoleRoute, Elsewhere, Shown, Visit } from './workshop-route.ts';

const IMPORTS = '/workshop/imports';
const MENDED_AT_ONCE = 20;
const SHOWN_PIECES = 10;

async function fileIn({ request, context, caller }: Visit): Promise<ConsoleFile> {
  const id = String(request.params['file']);
  return found(await fileOf(context.ledger.db, caller.organisation, id), 'This file');
}

async function fileStep(visit: Visit): Promise<Shown | Elsewhere> {
  const { request, fields, context, caller } = visit;
  // Sent a second time, the form leads to where the first one did.
  const done = await importOfFile(context.ledger.db, caller.organisation, String(request.params['file']));
  if (done !== undefined && !(await isKept(visit))) return { to: `${IMPORTS}/${done}` };
  const file = await fileIn(visit);
  const looked = await lookAt(visit, file, mappingIn(fields, file.format));
  if (fields.get('step') !== 'register' || looked.faulty) return looked.shown;
  const id = await registerFile(context.ledger, caller.organisation, file.id, {
    format: file.format,
    mode: modeOf(fields.get('mode') === 'root-only' ? 'root-only' : undefined) ?? null,
    mapping: looked.mapping,
  });
  return { to: `${IMPORTS}/${id}` };
}

async function isKept({ request, context, caller }: Visit): Promise<boolean> {
  return (await fileOf(context.ledger.db, caller.organisation, String(request.params['file']))) !== undefined;
}

async function planIn({ request, context, caller }: Visit): Promise<ImportPlan> {
  const id = cursorIn(request.params['id']);
  const { db } = context.ledger;
  return found(id === undefined ? undefined : await planOf(db, caller.organisation, id), 'This import');
}

async function importPage(visit: Visit, typed?: readonly RefusedRow[], done?: string): Promise<Shown> {
  const { context, caller, token } = visit;
  const { db } = context.ledger;
  const plan = await planIn(visit);
  const job = found(await readImport(db, caller.organisation, plan.id), 'This import');
  const [refused, leftToMend, pieces] = await Promise.all([
    refusedRows(db, plan.id, MENDED_AT_ONCE),
    refusedCount(db, plan.id),
    importPieces(db, plan.id, 0, SHOWN_PIECES),
  ]);
  const typedRows = new Map(typed?.map((row) => [row.row, row]));
  const underWay = job.state === 'running' || (job.state === 'done' && job.anchored < job.accepted);
  // Whoever types must not lose it to the page looking again.
  const looksAgain = underWay && leftToMend === 0 && typed === undefined;
  return {
    title: `Import ${job.id}`,
    current: IMPORTS,
    ...(typed !== undefined && { status: 422 }),
    ...(done !== undefined && { done }),
    ...(looksAgain && { head: html`<meta http-equiv="refresh" content="2">` }),
    main: importMain({
      ...job,
      underWay,
      leftToMend,
      toMend: refused.map((row) => mendRowOf(plan, typedRows.get(row.row) ?? row)),
      pieces: pieces.items,
      token,
      once: randomUUID(),
    }),
  };
}

/** Cells that say something, and those that are wrong; a fault of no column of the file is the row's. */
function mendRowOf(plan: ImportPlan, { row, cells, faults }: RefusedRow): MendRow {
  const said = new Map<string, string>();
  for (const { field, reason } of faults) said.set(field, said.has(field) ? `${said.get(field)}; ${reason}` : reason);
  const names = plan.header ?? ['line'];
  const shown = names.flatMap((name, at) => {
    const column = columnRead(plan, name);
    const fault = said.get(column) ?? said.get(name);
    if (fault !== undefined) said.delete(said.has(column) ? column : name);
    const value = cells[at] ?? '';
    return value === '' && fault === undefined ? [] : [{ at, name, value, fault }];
  });
  return { row, cells: shown, general: [...said].map(([field, reason]) => `${field} ${reason}`.trim()) };
}

/** The rows as they are typed now: what the form doesn't hold stays as it came. */
function typedRows(plan: ImportPlan, stored: readonly RefusedRow[], fields: Fields): RefusedRow[] {
  const width = plan.header?.length ?? 1;
  return stored.map((row) => {
    const cells = Array.from({ length: width }, (_, at) => {
      const field = `cell.${row.row}.${at}`;
      return fields.has(field) ? fields.get(field) : (row.cells[at] ?? '');
    });
    return { ...row, cells };
  });
}

async function mend(visit: Visit): Promise<Shown | Elsewhere> {
  const { fields, context, caller } = visit;
  const { ledger } = context;
  const plan = await planIn(visit);
  const named = fields.all('row').flatMap((row) => cursorIn(row) ?? []);
  const stored = await refusedRows(ledger.db, plan.id, MENDED_AT_ONCE, named);
  if (stored.length === 0) return { to: `${IMPORTS}/${plan.id}` };
  const registrant = await registrantOf(ledger.db, caller.organisation);
  const judged = typedRows(plan, stored, fields).map((row) => ({
    ...row,
    faults: judge(ledger, registrant, plan, row.cells),
  }));
  const right = judged.filter(({ faults }) => faults.length === 0);
  const wrong = judged.filter(({ faults }) => faults.length > 0);
  if (right.length === 0) return importPage(visit, wrong);
  const id = await registerMended(ledger, caller.organisation, `console ${onceIn(fields)}`, {
    importId: plan.id,
    rows: right.map(({ row }) => row),
    text: mendedFile(ledger, plan, right),
    asked: { format: plan.format, mode: plan.mode, mapping: plan.mapping ?? undefined },
  });
  if (wrong.length === 0) return { to: `${IMPORTS}/${id}` };
  const rows = right.length === 1 ? 'One row is' : `${right.length} rows are`;
  return importPage(visit, wrong, `${rows} registered by import ${id}. The others are still to be put right.`);
}

async function fetchRefused(visit: Visit): Promise<undefined> {
  const { context, caller, response } = visit;
  const { db, rows } = context.ledger;
  const plan = await planIn(visit);
  const job = found(await readImport(db, caller.organisation, plan.id), 'This import');
  const ending = job.format === 'csv' ? 'csv' : 'ndjson';
  response.type(job.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson');
  response.setHeader('content-disposition', `attachment; filename="import-${job.id}-rejected.${ending}"`);
  response.setHeader('cache-control', 'no-store');
  for await (const text of rejectedFile(db, rows, job)) {
    if (!response.write(text)) await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
    if (response.destroyed) return undefined;
  }
  response.end();
  return undefined;
}

export const importRoutesOfConsole: readonly ConsoleRoute[] = [
  {
    method: 'get',
    path: IMPORTS,
    async handle({ context, caller, token }) {
      const { db } = context.ledger;
      const [imports, files] = await Promise.all([
        listImports(db, caller.organisation),
        filesOf(db, caller.organisation),
      ]);
      return { title: 'Register from a file', current: IMPORTS, main: importsMain(imports, files, token) };
    },
  },
  {
    method: 'post',
    path: IMPORTS,
    scope: 'pieces:write',
    upload: true,
    costly: true,
    handle: async (visit) => ({ to: `${IMPORTS}/files/${await takeFile(visit)}` }),
  },
  {
    method: 'get',
    path: `${IMPORTS}/files/:file`,
    scope: 'pieces:write',
    async handle(visit) {
      const file = await fileIn(visit);
      return (await lookAt(visit, file, undefined)).shown;
    },
  },
  { method: 'post', path: `${IMPORTS}/files/:file`, scope: 'pieces:write', maxBytes: 512 * 1024, handle: fileStep },
  {
    method: 'post',
    path: `${IMPORTS}/files/:file/drop`,
    scope: 'pieces:write',
    async handle(visit) {
      await dropFile(visit.context.ledger.db, visit.caller.organisation, (await fileIn(visit)).id);
      return { to: IMPORTS };
    },
  },
  { method: 'get', path: `${IMPORTS}/:id`, handle: (visit) => importPage(visit) },
  { method: 'get', path: `${IMPORTS}/:id/rejected`, costly: true, handle: fetchRefused },
  { method: 'post', path: `${IMPORTS}/:id/mend`, scope: 'pieces:write', maxBytes: 1024 * 1024, handle: mend },
];
