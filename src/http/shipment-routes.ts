// Owns the API about shipments: organisations offer each other many pieces, accept once, decline, withdraw, send back.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { account, batchId, pieceName } from '../core/act-fields.ts';
import { RANGE_BLOCK } from '../core/batch.ts';
import { line } from '../core/fields.ts';
import { found } from '../ledger/find.ts';
import { once } from '../ledger/idempotency.ts';
import { listShipments, shipmentReceipt } from '../ledger/shipment-receipts.ts';
import {
  accept,
  checkAcceptance,
  checkOffer,
  checkReturn,
  decide,
  MOST_SHIPPED,
  type ShipmentRow,
  shipmentOf,
  storeOffer,
  storeReturn,
} from '../ledger/shipments.ts';
import { type Call, type Route, route } from './route.ts';

const MAX_SHIPMENT_BYTES = 512 * 1024;
const MOST_RANGES = 64;

const range = z.strictObject({
  batch: batchId,
  part: z.int().min(0).max(512).default(0).describe(`0: all of it; else its block of ${RANGE_BLOCK} pieces, from 1`),
});
const offer = z
  .strictObject({
    to: account.describe('The organisation it goes to'),
    pieces: z.array(pieceName).max(MOST_SHIPPED).default([]),
    ranges: z.array(range).max(MOST_RANGES).default([]),
    note: line(200).optional().describe('For the recipient, e.g. the number of a delivery note'),
  })
  .refine(({ pieces, ranges }) => pieces.length + ranges.length > 0, {
    path: ['pieces'],
    message: 'must name a piece, unless ranges name a batch',
  });

/** A step of one side, done once; answers with the receipt. */
function step(
  name: string,
  told: { summary: string; description: string },
  run: (call: Call<unknown, unknown>, row: ShipmentRow) => Promise<string>,
): Route {
  return route({
    method: 'post',
    path: `/api/v1/shipments/:id/${name}`,
    ...told,
    tag: 'Shipments',
    scope: 'transfers:write',
    success: { status: 202, description: 'The shipment as it is now.' },
    async handle(call) {
      const { ledger } = call.context;
      const row = await shipmentOf(ledger.db, call.caller, String(call.request.params['id']));
      const id = await run(call as Call<unknown, unknown>, row);
      ledger.nudge();
      const body = found(await shipmentReceipt(ledger, id), 'This shipment');
      return { status: 202, body, headers: { location: `/api/v1/shipments/${id}` } };
    },
  });
}

/** @throws TouchstoneError not-found, as if there were none: which side may do what says nothing about the other's */
function onlyFor(side: 'from_address' | 'to_address', { caller }: Call<unknown, unknown>, row: ShipmentRow): void {
  found(
    row[side] === caller.organisation || undefined,
    `A shipment ${side === 'to_address' ? 'to' : 'from'} you with this id`,
  );
}

export const shipmentRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/api/v1/shipments',
    summary: 'Offer many pieces to another organisation',
    description: `Up to ${MOST_SHIPPED} pieces, or whole batches and blocks. Nothing moves, and nothing is signed, before the
recipient accepts; not accepting is declining.`,
    tag: 'Shipments',
    scope: 'transfers:write',
    costly: true,
    maxBodyBytes: MAX_SHIPMENT_BYTES,
    body: offer,
    success: { status: 202, description: 'Offered; the recipient sees it among its shipments.' },
    async handle({ body, caller, context, idempotencyKey }) {
      const { ledger } = context;
      const wish = { ...body, note: body.note ?? null };
      const check = () => checkOffer(ledger, caller, wish);
      const request = ['shipments', body];
      const { id } = await once(
        ledger.db,
        caller.organisation,
        idempotencyKey,
        request,
        check,
        async (sql, checked) => {
          const fresh = randomUUID();
          await storeOffer(sql, fresh, checked);
          return { id: fresh };
        },
      );
      const stored = found(await shipmentReceipt(ledger, id), 'This shipment');
      return { status: 202, body: stored, headers: { location: `/api/v1/shipments/${id}` } };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/shipments',
    summary: 'Shipments to and from you, newest first',
    tag: 'Shipments',
    scope: 'read',
    query: z.strictObject({
      cursor: z.coerce.number().int().positive().optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    success: { status: 200, description: 'Whose they are, a page of them, and the cursor of the next.' },
    async handle({ query, caller, context }) {
      const { organisation } = caller;
      const listed = await listShipments(context.ledger.db, caller, query.cursor, query.limit);
      return { status: 200, body: { organisation, ...listed } };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/shipments/:id',
    summary: 'The receipt of a shipment',
    tag: 'Shipments',
    scope: 'read',
    success: { status: 200, description: 'The same for both sides: what it holds, how far it is.' },
    async handle({ request, caller, context }) {
      const { id } = await shipmentOf(context.ledger.db, caller, String(request.params['id']));
      return { status: 200, body: found(await shipmentReceipt(context.ledger, id), 'This shipment') };
    },
  }),
  step(
    'accept',
    { summary: 'Accept a shipment', description: 'Once: then the sender’s key signs, and all of it is yours.' },
    (call, row) => {
      onlyFor('to_address', call, row);
      const { caller, idempotencyKey, context } = call;
      const { ledger } = context;
      const check = () => checkAcceptance(ledger, row);
      const request = ['shipments', row.id, 'accept'];
      return once(ledger.db, caller.organisation, idempotencyKey, request, check, async (sql, checked) => {
        await accept(sql, row, checked, randomUUID);
        return row.id;
      });
    },
  ),
  step(
    'decline',
    { summary: 'Decline a shipment', description: 'Nothing moves; the sender sees it.' },
    decision('to_address', 'declined'),
  ),
  step(
    'withdraw',
    { summary: 'Withdraw a shipment', description: 'Until it is accepted. It leaves no signature behind.' },
    decision('from_address', 'withdrawn'),
  ),
  step(
    'return',
    {
      summary: 'Send a shipment back',
      description: 'In one step, with the key held for you: all pieces that came with it go back to who sent them.',
    },
    (call, row) => {
      onlyFor('to_address', call, row);
      const { caller, idempotencyKey, context } = call;
      const { ledger } = context;
      const check = () => checkReturn(ledger, caller, row);
      const request = ['shipments', row.id, 'return'];
      return once(ledger.db, caller.organisation, idempotencyKey, request, check, async (sql, checked) => {
        const id = randomUUID();
        await storeReturn(sql, id, row, checked, randomUUID);
        return id;
      });
    },
  ),
];

function decision(side: 'from_address' | 'to_address', state: 'declined' | 'withdrawn') {
  return (call: Call<unknown, unknown>, row: ShipmentRow): Promise<string> => {
    onlyFor(side, call, row);
    const { db } = call.context.ledger;
    const nothing = async () => undefined;
    const request = ['shipments', row.id, state];
    return once(db, call.caller.organisation, call.idempotencyKey, request, nothing, async (sql) => {
      await decide(sql, row, state);
      return row.id;
    });
  };
}
