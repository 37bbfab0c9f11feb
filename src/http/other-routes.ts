// Owns the rest of the API: transfers, organisations, batches.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { isHandle } from '../core/code.ts';
import { TouchstoneError } from '../core/errors.ts';
import { found } from '../ledger/find.ts';
import { once } from '../ledger/idempotency.ts';
import { readCursor } from '../ledger/indexer.ts';
import { addressOfHandle, listOrganisations, organisationAt } from '../ledger/organisations.ts';
import { checkTransfer, prepareTransfer, readTransfer, type Signed, storeTransfer } from '../ledger/transfers.ts';
import { address, hexBytes, piecePath } from './fields.ts';
import { type Route, route } from './route.ts';

const signed = {
  signature: hexBytes.optional().describe('EIP-712 signature by the owner; without it your organisation signs'),
  key: address.optional().describe('The account that signed, if it is a contract'),
  deadline: z
    .int()
    .min(0)
    .max(2 ** 48 - 1)
    .optional(),
  moves: z
    .int()
    .min(0)
    .max(2 ** 24 - 1)
    .optional(),
};

function signatureIn(body: {
  signature?: string | undefined;
  key?: string | undefined;
  deadline?: number | undefined;
  moves?: number | undefined;
}): Signed | undefined {
  const { signature, key, deadline, moves } = body;
  if (signature === undefined) return undefined;
  if (deadline !== undefined && moves !== undefined) return { signature, deadline, moves, key };
  const message = 'A signature made elsewhere comes with the deadline and moves it was made for.';
  const faults = [{ field: deadline === undefined ? 'deadline' : 'moves', reason: 'is missing' }];
  throw new TouchstoneError('invalid-request', message, { faults });
}

const transferRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/v1/transfers/prepare',
    summary: 'What the owner signs to pass a piece on',
    tag: 'Transfers',
    query: z.strictObject({ path: piecePath, to: address }),
    success: { status: 200, description: 'EIP-712 typed data, and the deadline and moves in it.' },
    async handle({ query, context }) {
      return { status: 200, body: await prepareTransfer(context.ledger, query.path, query.to) };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/transfers',
    summary: 'Pass a piece on',
    description: 'With your organisation’s key, held here, or with a signature its owner made elsewhere.',
    tag: 'Transfers',
    scope: 'transfers:write',
    body: z.strictObject({ path: piecePath, to: address, ...signed }),
    success: { status: 202, description: 'Stored; will be sent to the chain.' },
    async handle({ body, caller, context, idempotencyKey }) {
      const { ledger } = context;
      const request = ['transfers', body];
      const check = () => checkTransfer(ledger, caller, body.path, body.to, signatureIn(body));
      const { id } = await once(
        ledger.db,
        caller.organisation,
        idempotencyKey,
        request,
        check,
        async (sql, transfer) => {
          const id = randomUUID();
          await storeTransfer(sql, id, caller, transfer);
          return { id };
        },
      );
      ledger.nudge();
      const stored = found(await readTransfer(ledger.db, caller.organisation, id), `Transfer ${id}`);
      return { status: 202, body: stored, headers: { location: `/api/v1/transfers/${id}` } };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/transfers/:id',
    summary: 'How far a transfer is',
    tag: 'Transfers',
    scope: 'read',
    success: { status: 200, description: 'Its state; failed ones say why.' },
    async handle({ request, caller, context }) {
      const id = String(request.params['id']);
      const transfer = await readTransfer(context.ledger.db, caller.organisation, id);
      return { status: 200, body: found(transfer, 'This transfer') };
    },
  }),
];

const organisationRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/v1/organisations',
    summary: 'Organisations admitted to the ledger',
    tag: 'Organisations',
    success: { status: 200, description: 'With roles, standing and GS1 prefixes.' },
    handle: async ({ context }) => ({ status: 200, body: { items: await listOrganisations(context.ledger.db) } }),
  }),
  route({
    method: 'get',
    path: '/api/v1/organisations/:handle',
    summary: 'One organisation',
    tag: 'Organisations',
    success: { status: 200, description: 'With roles, standing and GS1 prefixes.' },
    async handle({ request, context }) {
      const handle = String(request.params['handle']);
      const known = isHandle(handle) ? await addressOfHandle(context.ledger.db, handle) : undefined;
      const organisation = known && (await organisationAt(context.ledger.db, known));
      return { status: 200, body: found(organisation || undefined, 'This organisation') };
    },
  }),
];

const batchRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/v1/batches/:id',
    summary: 'One batch and its anchor',
    tag: 'Batches',
    success: { status: 200, description: 'What its id commits to, and where it stands on the chain.' },
    async handle({ request, context }) {
      const [batch] = await context.ledger.db.query(
        `SELECT batch_id AS id, organisation, root, count, mode, payload_hash AS "payloadHash", parts,
           a.state, a.block, a.time, a.transaction, a.key
         FROM batches b LEFT JOIN anchors a ON a.batch_no = b.no WHERE batch_id = $1`,
        [String(request.params['id'])],
      );
      return { status: 200, body: found(batch, 'This batch') };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/chain',
    summary: 'Which chain and registry this service reads, and up to where',
    tag: 'Batches',
    success: { status: 200, description: 'Chain id, addresses, last block taken in.' },
    async handle({ context }) {
      const { chainId, pieces, organisations, certificates, lots, lifeEvents, embedded } = context.ledger.chain;
      const { number, time, finalBlock } = await readCursor(context.ledger.db);
      return {
        status: 200,
        body: {
          chainId,
          pieces,
          organisations,
          certificates,
          lots,
          lifeEvents,
          embedded,
          block: number,
          time,
          finalBlock,
        },
      };
    },
  }),
];

export const otherRoutes = [...transferRoutes, ...organisationRoutes, ...batchRoutes];
