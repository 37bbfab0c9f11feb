// Owns the API about files: send one, watch it, fetch its bad rows, list what it made.
import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { PUBLISHED } from '../core/batch.ts';
import { mappingSchema } from '../core/columns.ts';
import { TouchstoneError } from '../core/errors.ts';
import { checkRoom } from '../ledger/accept.ts';
import { found, importPieces } from '../ledger/find.ts';
import { once } from '../ledger/idempotency.ts';
import { listImports, listRejects, readImport, rejectedFile } from '../ledger/import-report.ts';
import { createImport, type Import, type ImportRequest, registrantOf } from '../ledger/imports.ts';
import { checkUnfinished, MAX_IMPORT_BYTES, receiveFile } from '../ledger/upload.ts';
import { chunksOf } from './json-body.ts';
import { modeOf, modeSchema } from './piece-routes.ts';
import { type Call, checked, type Route, route } from './route.ts';

const importId = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);

async function importIn(call: Pick<Call<unknown, unknown>, 'request' | 'caller' | 'context'>): Promise<Import> {
  const id = checked(importId, call.request.params['id'], 'import number');
  return found(await readImport(call.context.ledger.db, call.caller.organisation, id), `Import ${id}`);
}

function told(job: Import) {
  return { ...job, mode: job.mode === null ? null : job.mode === PUBLISHED ? 'published' : 'root-only' };
}

const pageOfRows = z.strictObject({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});

export const importRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/api/v1/imports',
    summary: 'Register the pieces of a file',
    description:
      'CSV with the columns of docs/columns.md (or a mapping of your own), or NDJSON with a record a line. Good rows ' +
      'register; bad rows come back with reasons. Sending the same file with the same Idempotency-Key is safe.',
    tag: 'Imports',
    scope: 'pieces:write',
    costly: true,
    query: z.strictObject({
      format: z.enum(['csv', 'ndjson']),
      mode: modeSchema.optional(),
      mapping: z.string().max(16_384).optional().describe('JSON: columns, constants, ignore, zeroIsUnknown'),
    }),
    rawBody: {
      types: ['text/csv', 'application/x-ndjson', 'application/octet-stream'],
      description: 'The file, UTF-8.',
    },
    success: { status: 202, description: 'The whole file is stored and will be worked on.' },
    async handle({ request, query, caller, context, idempotencyKey }) {
      const { ledger } = context;
      const declared = Number(request.get('content-length') ?? 0);
      if (declared > MAX_IMPORT_BYTES) throw new TouchstoneError('body-too-large', 'A file may have 512 MiB at most.');
      const mapping = query.mapping === undefined ? undefined : mappingIn(query.mapping);
      const asked: ImportRequest = { format: query.format, mode: modeOf(query.mode) ?? null, mapping };
      const check = async () => {
        await registrantOf(ledger.db, caller.organisation);
        await checkRoom(ledger.db);
        await checkUnfinished(ledger.db, caller.organisation);
      };
      const identity = ['imports', asked];
      const { id } = await once(ledger.db, caller.organisation, idempotencyKey, identity, check, async (sql) => ({
        id: await createImport(sql, caller.organisation, asked),
      }));
      const sum = createHash('sha256');
      await receiveFile(ledger, id, hashing(request, sum), () => sum.digest());
      const job = found(await readImport(ledger.db, caller.organisation, id), `Import ${id}`);
      return { status: 202, body: told(job), headers: { location: `/api/v1/imports/${id}` } };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/imports',
    summary: 'Your last hundred imports',
    tag: 'Imports',
    scope: 'read',
    success: { status: 200, description: 'Newest first.' },
    async handle({ caller, context }) {
      const items = await listImports(context.ledger.db, caller.organisation);
      return { status: 200, body: { items: items.map(told) } };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/imports/:id',
    summary: 'How far an import is',
    tag: 'Imports',
    scope: 'read',
    success: { status: 200, description: 'Counts of rows, by what became of them, and the first bad rows.' },
    async handle(call) {
      const job = await importIn(call);
      const problems = await listRejects(call.context.ledger.db, job.id, 0, 20);
      return { status: 200, body: { ...told(job), problems } };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/imports/:id/pieces',
    summary: 'The pieces an import made, by row',
    tag: 'Imports',
    scope: 'read',
    query: pageOfRows,
    success: { status: 200, description: 'A page of rows.' },
    async handle(call) {
      const job = await importIn(call);
      const { after, limit } = call.query;
      return { status: 200, body: await importPieces(call.context.ledger.db, job.id, after, limit) };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/imports/:id/rejected',
    summary: 'The bad rows of an import as a file to mend',
    tag: 'Imports',
    scope: 'read',
    costly: true,
    success: { status: 200, description: 'CSV with two columns more, or NDJSON lines.', type: 'text/csv' },
    async handle(call) {
      const job = await importIn(call);
      const { response, context } = call;
      const ending = job.format === 'csv' ? 'csv' : 'ndjson';
      response.type(job.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson');
      response.setHeader('content-disposition', `attachment; filename="import-${job.id}-rejected.${ending}"`);
      for await (const text of rejectedFile(context.ledger.db, context.ledger.rows, job)) {
        if (!response.write(text)) await room(response);
        if (response.destroyed) return undefined;
      }
      response.end();
      return undefined;
    },
  }),
];

/** Until it may be written on, or nobody reads any more. */
function room(response: Response): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}

function mappingIn(text: string) {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new TouchstoneError('invalid-request', 'The mapping is not valid JSON.');
  }
  // No file has such a column, and the database couldn't keep its name.
  if (/\\u(0000|[dD][89a-fA-F])/.test(text)) {
    throw new TouchstoneError('invalid-request', 'The mapping holds characters that are no text.');
  }
  return checked(mappingSchema, json, 'mapping');
}

async function* hashing(request: Request, sum: ReturnType<typeof createHash>): AsyncGenerator<Buffer> {
  for await (const chunk of chunksOf(request)) {
    sum.update(chunk);
    yield chunk;
  }
}
