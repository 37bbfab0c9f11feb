// Owns the API for whoever wants to check: evidence files, verdicts, and the papers that certificates name.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { TokenId } from '../core/batch.ts';
import { codePath } from '../core/code.ts';
import { TouchstoneError } from '../core/errors.ts';
import { type Evidence, MAX_EVIDENCE_BYTES } from '../core/evidence.ts';
import { DOCUMENT_TYPES, keepDocument, MAX_DOCUMENT_BYTES } from '../ledger/documents.ts';
import { evidenceOf } from '../ledger/evidence.ts';
import { found, passportOf } from '../ledger/find.ts';
import { once } from '../ledger/idempotency.ts';
import { verdictOn } from '../ledger/verify.ts';
import { piecePath, tokenId } from './fields.ts';
import { chunksOf } from './json-body.ts';
import { codeIn } from './piece-routes.ts';
import { type Call, type Context, type Route, route } from './route.ts';

async function evidenceIn({ ledger }: Context, token: TokenId | null, what: string): Promise<Evidence> {
  if (token === null) {
    const retry = { afterSeconds: 2 };
    const message = `${what} is not on the chain yet, so there is nothing to prove yet. Try again in a moment.`;
    throw new TouchstoneError('piece-not-anchored', message, { retry });
  }
  return found(await evidenceOf(ledger.db, ledger.chain, token), what);
}

async function evidenceOfCode(context: Context, code: ReturnType<typeof codeIn>): Promise<Evidence> {
  const { ledger } = context;
  const what = `The piece ${codePath(code)}`;
  const passport = found(await passportOf(ledger.db, ledger.chain, code), what);
  return evidenceIn(context, passport.tokenId, what);
}

async function bodyOf({ request }: Pick<Call<unknown, unknown>, 'request'>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunksOf(request)) {
    size += chunk.length;
    if (size > MAX_DOCUMENT_BYTES) {
      const message = `A document may have ${MAX_DOCUMENT_BYTES / 1024 / 1024} MiB at most. It was not stored.`;
      throw new TouchstoneError('body-too-large', message);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

export const evidenceRoute = route({
  method: 'get',
  path: '/api/v1/pieces/*path/evidence',
  summary: 'Evidence file of a piece',
  description:
    'Everything needed to check its passport without this service: `touchstone verify FILE`. Specified in docs/format.md.',
  tag: 'Check',
  costly: true,
  success: { status: 200, description: 'The evidence file, as of `asOf`.' },
  async handle({ request, context }) {
    const evidence = await evidenceOfCode(context, codeIn(request.params['path']));
    const headers = {
      'content-disposition': `attachment; filename="evidence-${evidence.tokenId.slice(-12)}.json"`,
      'cache-control': 'no-cache',
    };
    return { status: 200, body: evidence, headers };
  },
});

export const checkRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/api/v1/verify',
    summary: 'Verdict on a code, a token or an evidence file',
    description:
      'Judged against this service’s own registry and node. Nothing is stored. Whoever does not trust this service runs ' +
      '`touchstone verify` instead.',
    tag: 'Check',
    writes: false,
    costly: true,
    maxBodyBytes: MAX_EVIDENCE_BYTES + 1024,
    body: z.union([
      z.strictObject({ code: piecePath }),
      z.strictObject({ tokenId }),
      z.strictObject({ evidence: z.record(z.string(), z.unknown()) }),
    ]),
    success: { status: 200, description: 'Every check by name, and one headline.' },
    async handle({ body, context }) {
      if ('evidence' in body) return { status: 200, body: await verdictOn(context.ledger, body.evidence) };
      const evidence =
        'code' in body
          ? await evidenceOfCode(context, body.code)
          : await evidenceIn(context, body.tokenId as TokenId, `The token ${body.tokenId}`);
      return { status: 200, body: await verdictOn(context.ledger, evidence) };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/documents',
    summary: 'Keep a document that certificates name',
    description:
      'Public to everybody who knows its hash. Answers with the SHA-256 to put into the statement’s `document`. ' +
      `At most ${MAX_DOCUMENT_BYTES / 1024 / 1024} MiB.`,
    tag: 'Certificates',
    scope: 'certificates:write',
    costly: true,
    rawBody: { types: Object.keys(DOCUMENT_TYPES), description: 'A PDF, JPEG or PNG file.' },
    success: { status: 201, description: 'Kept.', schema: z.object({ sha256: z.string(), mediaType: z.string() }) },
    async handle({ request, caller, context, idempotencyKey }) {
      const { ledger } = context;
      const mediaType = String(request.get('content-type')).split(';')[0]?.trim().toLowerCase() as string;
      const data = await bodyOf({ request });
      const ask = ['documents', mediaType, createHash('sha256').update(data).digest('hex')];
      const sha256 = await once(
        ledger.db,
        caller.organisation,
        idempotencyKey,
        ask,
        async () => undefined,
        (sql) => keepDocument(sql, caller.organisation, mediaType, data),
      );
      return { status: 201, body: { sha256, mediaType }, headers: { location: `/documents/${sha256}` } };
    },
  }),
];
