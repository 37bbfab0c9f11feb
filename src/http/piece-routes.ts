// Owns the API about pieces: register one, look at one, its history and QR code, list and search.
import { z } from 'zod';
import { type BatchMode, PUBLISHED, ROOT_ONLY } from '../core/batch.ts';
import { codeOfPath, codePath, type PieceCode } from '../core/code.ts';
import { TouchstoneError } from '../core/errors.ts';
import type { Passport } from '../core/passport.ts';
import { recordSchema } from '../core/record.ts';
import { cardTakenReason, checkRoom, type Outcome, prepare, store, type WishedCode } from '../ledger/accept.ts';
import { found, passportOfToken, searchPieces } from '../ledger/find.ts';
import { once } from '../ledger/idempotency.ts';
import { registrantOf } from '../ledger/imports.ts';
import { claimKey } from './fields.ts';
import { cachedPassport, passportAs } from './passports.ts';
import { QR_SIZES, qrPng, qrSvg } from './qr.ts';
import { type Context, type Route, route } from './route.ts';

export const modeSchema = z
  .enum(['published', 'root-only'])
  .describe(
    'published: the record goes on the chain for everybody, for ever. root-only: only its fingerprint does. ' +
      'Left out, records with declared history are root-only and all others published.',
  );

const wishedCode = z
  .union([
    z.strictObject({ gtin: z.string().max(14), serial: z.string().max(20).optional() }),
    z.strictObject({ handle: z.string().max(31).optional(), code: z.string().max(40).optional() }),
  ])
  .describe('The code you want. Leave it out, or its serial, and one is drawn.');

/**
 * Judged field by field by the record's own schema; here only that it is an object, with a code that may be partial.
 * Passed on as it is: an object made anew member by member would lose one called __proto__ before that schema sees it.
 */
const statement = z
  .custom<Record<string, unknown>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'must be an object with fields of its own',
  )
  .check((context) => {
    const code = wishedCode.optional().safeParse(context.value['code']);
    for (const issue of code.error?.issues ?? []) {
      context.issues.push({ ...issue, path: ['code', ...issue.path], input: context.value } as z.core.$ZodRawIssue);
    }
  });

/** The record as callers send it, for the OpenAPI document: its code may be left to the service. */
export const statementForDocs = recordSchema.extend({ code: wishedCode.optional() });

const registered = z.object({
  code: z.union([
    z.object({ gtin: z.string(), serial: z.string() }),
    z.object({ handle: z.string(), code: z.string() }),
  ]),
  path: z.string(),
  url: z.string(),
  state: z.enum(['accepted', 'sealed', 'anchored', 'final']),
  recordHash: z.string(),
  claimKey: z.string().optional(),
});

export function modeOf(text: 'published' | 'root-only' | undefined): BatchMode | undefined {
  return text === undefined ? undefined : text === 'published' ? PUBLISHED : ROOT_ONLY;
}

/** @throws TouchstoneError invalid-code */
export function codeIn(path: unknown): PieceCode {
  const text = Array.isArray(path) ? path.map(encodeURIComponent).join('/') : String(path);
  const code = codeOfPath(text);
  if (code) return code;
  throw new TouchstoneError(
    'invalid-code',
    'This is no code of a piece: /01/{GTIN-14}/21/{serial} or /p/{handle}/{code}.',
  );
}

async function passportIn(context: Context, path: unknown): Promise<Passport> {
  const code = codeIn(path);
  return found(await cachedPassport(context, code), `The piece ${codePath(code)}`);
}

export const pieceRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/api/v1/pieces',
    summary: 'Register one piece',
    description: 'Answers once the record is stored durably; it is on the chain a second or two later.',
    tag: 'Pieces',
    scope: 'pieces:write',
    body: z.strictObject({ record: statement, mode: modeSchema.optional(), claimKey: claimKey.optional() }),
    success: { status: 202, description: 'Stored; will be anchored.', schema: registered },
    async handle({ body, caller, context, idempotencyKey }) {
      const { ledger, publicUrl } = context;
      const check = async () => {
        await checkRoom(ledger.db);
        return registrantOf(ledger.db, caller.organisation);
      };
      const request = ['pieces', body];
      const answer = await once(
        ledger.db,
        caller.organisation,
        idempotencyKey,
        request,
        check,
        async (sql, registrant) => {
          const { code, ...rest } = body.record;
          const besides = { mode: modeOf(body.mode), claimKey: body.claimKey };
          const prepared = prepare(ledger.randomBytes, registrant, rest, code as WishedCode, besides);
          if (!prepared.ok) {
            const message = 'The record was not accepted; nothing was registered.';
            throw new TouchstoneError('invalid-record', message, { faults: prepared.faults });
          }
          const { candidate } = prepared;
          const [outcome] = await store(sql, caller.organisation, [candidate], null);
          if (outcome?.kind === 'taken') throw taken(candidate.path, outcome);
          if (outcome?.kind === 'card-taken') throw cardTaken(outcome);
          if (outcome?.kind === 'lots-refused') {
            const message = 'Its lots can not give what the record says. Nothing was registered.';
            throw new TouchstoneError('invalid-record', message, { faults: outcome.faults });
          }
          const card = candidate.claimKey === null ? {} : { claimKey: candidate.claimKey };
          return { code: candidate.code, path: candidate.path, recordHash: candidate.hash, ...card };
        },
      );
      ledger.nudge();
      const passport = await cachedPassport(context, answer.code, { fresh: true });
      return { status: 202, body: { ...answer, url: publicUrl + answer.path, state: passport?.state ?? 'accepted' } };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/pieces',
    summary: 'List and search your pieces, newest first',
    tag: 'Pieces',
    scope: 'read',
    costly: ({ query }) => query['search'] !== undefined,
    query: z.strictObject({
      search: z.string().min(1).max(200).optional().describe('Text in the title or code'),
      cursor: z.coerce.number().int().positive().optional().describe('`next` of the page before'),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    success: { status: 200, description: 'A page of pieces and the cursor of the next.' },
    async handle({ query, caller, context }) {
      const search = {
        organisation: caller.organisation,
        text: query.search,
        before: query.cursor,
        limit: query.limit,
      };
      return { status: 200, body: await searchPieces(context.ledger.db, search) };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/pieces/*path/history',
    summary: 'What happened to a piece since it was registered: owners, work, reports, recalls',
    tag: 'Pieces',
    success: {
      status: 200,
      description: 'The timeline, oldest first, and how the piece stands after it (docs/format.md, Passport).',
    },
    async handle({ request, context }) {
      const { asOf, tokenId, timeline, keeper, standing, path, state } = await passportIn(
        context,
        request.params['path'],
      );
      return { status: 200, body: { path, tokenId, state, asOf, keeper, standing, timeline } };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/pieces/*path/qr.svg',
    summary: 'The QR code of a piece as SVG',
    tag: 'Pieces',
    query: QR_SIZES.svg,
    success: { status: 200, description: 'The code, with its quiet zone.', type: 'image/svg+xml' },
    handle: async ({ request, query, context }) => qrSvg(context.publicUrl, codeIn(request.params['path']), query),
  }),
  route({
    method: 'get',
    path: '/api/v1/pieces/*path/qr.png',
    summary: 'The QR code of a piece as PNG',
    tag: 'Pieces',
    query: QR_SIZES.png,
    success: { status: 200, description: 'The code, with its quiet zone.', type: 'image/png' },
    handle: async ({ request, query, context }) => qrPng(context.publicUrl, codeIn(request.params['path']), query),
  }),
  route({
    method: 'get',
    path: '/api/v1/pieces/*path',
    summary: 'The passport of a piece',
    description: 'May be a second old; `asOf` says as of which block it is. If-None-Match spares what you have.',
    tag: 'Pieces',
    success: { status: 200, description: 'The passport (docs/format.md).' },
    async handle({ request, context }) {
      const code = codeIn(request.params['path']);
      const body = await passportAs('json', context, code, (passport) => JSON.stringify(passport));
      return { status: 200, body: found(body, `The piece ${codePath(code)}`) };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/tokens/:tokenId',
    summary: 'ERC-721 metadata of a piece',
    tag: 'Pieces',
    success: { status: 200, description: 'name, description, external_url and image.' },
    async handle({ request, context }) {
      const tokenId = String(request.params['tokenId']);
      if (!/^\d{1,78}$/.test(tokenId)) throw new TouchstoneError('invalid-code', 'A token id is a decimal number.');
      const { ledger, publicUrl } = context;
      const passport = found(await passportOfToken(ledger.db, ledger.chain, tokenId), `The token ${tokenId}`);
      const url = publicUrl + passport.path;
      const body = {
        name: passport.record.title,
        description: `Registered by ${passport.registrant.handle}. The passport says who states what: ${url}`,
        external_url: url,
        image: `${publicUrl}/api/v1/pieces${passport.path}/qr.svg`,
      };
      return { status: 200, body };
    },
  }),
];

function taken(path: string, outcome: Outcome & { kind: 'taken' }): TouchstoneError {
  const message = outcome.otherCard
    ? `This record is registered as ${path} with another claim card, or none. Nothing was registered; a fresh card is set on the piece itself.`
    : `The code ${path} has another record already. Nothing was registered.`;
  // Whose it is stands on its public page; a stranger learns no more here than there.
  return new TouchstoneError('code-taken', message, { extra: { taken: { path, recordHash: outcome.recordHash } } });
}

function cardTaken(outcome: Outcome & { kind: 'card-taken' }): TouchstoneError {
  const fault = { field: 'claimKey', reason: cardTakenReason(outcome) };
  return new TouchstoneError('claim-key-taken', 'The claim card is used. Nothing was registered.', { faults: [fault] });
}
