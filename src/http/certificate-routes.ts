// Owns the API about certificates: issue one or many, watch them, revoke. What a statement may say is the core's.
import { z } from 'zod';
import { REVOCATION_REASONS } from '../core/certificate.ts';
import { TouchstoneError } from '../core/errors.ts';
import { draft, draftAll } from '../ledger/certificate-draft.ts';
import { storeOrder } from '../ledger/certificate-orders.ts';
import { listCertificates, readCertificate } from '../ledger/certificate-report.ts';
import {
  issueTypedData,
  type Order,
  orderBatch,
  orderIssue,
  orderRevoke,
  ownCertificate,
  type RevokeWish,
  revokeTypedData,
  type SignedElsewhere,
} from '../ledger/certify.ts';
import { found } from '../ledger/find.ts';
import { once } from '../ledger/idempotency.ts';
import { address, hexBytes } from './fields.ts';
import { type Call, type Route, route } from './route.ts';

/** A tray of graded stones at a time; more is sent in several, each of which costs the chain the same. */
const MAX_CERTIFICATES_AT_ONCE = 1_000;
/** As many statements of the common size, or two hundred of the largest. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
const LATEST = 2 ** 48 - 1;

/** A day counts to its end in UTC. */
const validUntil = z
  .union([
    z.int().min(0).max(LATEST),
    z.iso.date().transform((day) => Date.parse(`${day}T00:00:00Z`) / 1000 + 24 * 60 * 60),
  ])
  .describe(
    'The last day it holds (YYYY-MM-DD, UTC), or the second since 1970 from which it holds no more; 0: no end.',
  );
/** Judged field by field by the statement's own schema, after its subject was looked up. */
const statement = z.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object with fields of its own',
);
const wish = { statement, validUntil: validUntil.default(0) };
const signed = {
  signature: hexBytes.optional().describe('EIP-712 signature by a key of yours; without it the key held here signs'),
  deadline: z.int().min(0).max(LATEST).optional(),
  key: address.optional().describe('The account that signed, if it is a contract'),
};
const revocation = {
  reason: z.enum(Object.keys(REVOCATION_REASONS) as [keyof typeof REVOCATION_REASONS]),
  words: z
    .string()
    .max(500)
    .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]*$/u, 'must be plain text in one line')
    .default(''),
};
const DESCRIBED = `The subject may be told by {"kind": "piece" or "record", "path": …} or {"kind": "organisation",
"handle": …}; it is certified by its token id, record hash or address.`;

function signatureIn(body: {
  signature?: string | undefined;
  deadline?: number | undefined;
  key?: string | undefined;
}): SignedElsewhere | undefined {
  const { signature, deadline, key } = body;
  if (signature === undefined) return undefined;
  if (deadline !== undefined) return { signature, deadline, key };
  const message = 'A signature made elsewhere comes with the deadline it was made for.';
  throw new TouchstoneError('invalid-request', message, { faults: [{ field: 'deadline', reason: 'is missing' }] });
}

/** Does a checked order once, and answers with the certificates it is about. */
async function ordered(
  {
    context: { ledger },
    caller,
    idempotencyKey,
  }: Pick<Call<unknown, unknown>, 'context' | 'caller' | 'idempotencyKey'>,
  request: unknown,
  check: () => Promise<Order>,
): Promise<string[]> {
  const ids = await once(ledger.db, caller.organisation, idempotencyKey, request, check, async (sql, order) => {
    await storeOrder(sql, caller, order);
    return order.certificates.map(({ id }) => id as string);
  });
  ledger.nudge();
  return ids;
}

export const certificateRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/api/v1/certificates',
    summary: 'Issue a certificate',
    description: `With a key of your organisation held here, or with a signature made elsewhere. Answers once it is stored
durably; it is on the chain a second or two later. ${DESCRIBED}`,
    tag: 'Certificates',
    scope: 'certificates:write',
    body: z.strictObject({
      ...wish,
      publish: z
        .boolean()
        .default(true)
        .describe('Put the statement itself on the chain, for everybody and for ever; otherwise only its fingerprint.'),
      ...signed,
    }),
    success: { status: 202, description: 'Stored; will be sent to the chain.' },
    async handle(call) {
      const { body, caller, context } = call;
      const { ledger } = context;
      const [id] = await ordered(call, ['certificates', body], async () =>
        orderIssue(ledger, caller, await draft(ledger, caller.organisation, body), body.publish, signatureIn(body)),
      );
      const stored = found(await readCertificate(ledger.db, id as string), 'This certificate');
      return { status: 202, body: stored, headers: { location: `/api/v1/certificates/${id}` } };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/certificates/prepare',
    summary: 'What a key of yours signs to issue a certificate',
    description: `Nothing is stored. ${DESCRIBED}`,
    tag: 'Certificates',
    scope: 'certificates:write',
    writes: false,
    body: z.strictObject(wish),
    success: { status: 200, description: 'The certificate’s id, EIP-712 typed data, and the deadline in it.' },
    async handle({ body, caller, context }) {
      const drafted = await draft(context.ledger, caller.organisation, body);
      const prepared = issueTypedData(context.ledger, drafted);
      return { status: 200, body: { id: drafted.id, statement: JSON.parse(drafted.text), ...prepared } };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/certificates/batches',
    summary: 'Issue many certificates at once',
    description: `Up to ${MAX_CERTIFICATES_AT_ONCE} under one root, in one transaction; each can be checked and revoked by
itself. Their statements stay with this service and in evidence files. ${DESCRIBED}`,
    tag: 'Certificates',
    scope: 'certificates:write',
    maxBodyBytes: MAX_BATCH_BYTES,
    costly: true,
    body: z.strictObject({ certificates: z.array(z.strictObject(wish)).min(1).max(MAX_CERTIFICATES_AT_ONCE) }),
    success: { status: 202, description: 'Stored; will be sent to the chain. Ids in the order given.' },
    async handle(call) {
      const { body, caller, context } = call;
      const { ledger } = context;
      const ids = await ordered(call, ['certificates/batches', body], async () =>
        orderBatch(ledger, caller, await draftAll(ledger, caller.organisation, body.certificates)),
      );
      return { status: 202, body: { certificates: ids } };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/certificates',
    summary: 'Your certificates, newest first',
    tag: 'Certificates',
    scope: 'read',
    query: z.strictObject({
      cursor: z.coerce.number().int().positive().optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    success: { status: 200, description: 'A page of them, and the cursor of the next.' },
    async handle({ query, caller, context }) {
      const search = { organisation: caller.organisation, before: query.cursor, limit: query.limit };
      return { status: 200, body: await listCertificates(context.ledger.db, search) };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/certificates/:id',
    summary: 'One certificate',
    tag: 'Certificates',
    success: { status: 200, description: 'What it says, how far it is, and whether it was revoked.' },
    async handle({ request, context }) {
      const id = String(request.params['id']).toLowerCase();
      const known = /^0x[0-9a-f]{64}$/.test(id) ? await readCertificate(context.ledger.db, id) : undefined;
      return { status: 200, body: found(known, 'This certificate') };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/certificates/:id/revoke',
    summary: 'Revoke a certificate',
    description: 'For good: it can not be undone. Another one may be issued instead.',
    tag: 'Certificates',
    scope: 'certificates:write',
    body: z.strictObject({ ...revocation, ...signed }),
    success: { status: 202, description: 'Stored; will be sent to the chain.' },
    async handle(call) {
      const { body, caller, context, request } = call;
      const { ledger } = context;
      const row = await ownCertificate(ledger.db, caller.organisation, String(request.params['id']).toLowerCase());
      await ordered(call, ['revoke', row.id, body], () =>
        orderRevoke(ledger, caller, row, body as RevokeWish, signatureIn(body)),
      );
      return { status: 202, body: found(await readCertificate(ledger.db, row.id), 'This certificate') };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/certificates/:id/revoke/prepare',
    summary: 'What a key of yours signs to revoke a certificate',
    description: 'Nothing is stored.',
    tag: 'Certificates',
    scope: 'certificates:write',
    writes: false,
    body: z.strictObject(revocation),
    success: { status: 200, description: 'EIP-712 typed data, and the deadline in it.' },
    async handle({ body, caller, context, request }) {
      const { ledger } = context;
      const row = await ownCertificate(ledger.db, caller.organisation, String(request.params['id']).toLowerCase());
      return { status: 200, body: revokeTypedData(ledger, row, body as RevokeWish) };
    },
  }),
];
