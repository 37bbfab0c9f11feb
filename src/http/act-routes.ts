// Owns the API about acts: what has to be signed, bringing it to the chain, and the receipt. Whoever brings all signatures
// needs no key: the chain asks for nothing else. Which acts there are, and what they say, is the core's.
import { createHash, randomUUID } from 'node:crypto';
import type { Request } from 'express';
import { z } from 'zod';
import { actRequest, refuseSecrets, wishOf } from '../core/acts.ts';
import { prose } from '../core/fields.ts';
import { storeAct } from '../ledger/act-orders.ts';
import { readAct, requestsOf } from '../ledger/act-receipts.ts';
import { declineRequest } from '../ledger/act-requests.ts';
import { checkAct, prepareAct } from '../ledger/acts.ts';
import { found } from '../ledger/find.ts';
import { once } from '../ledger/idempotency.ts';
import { type Route, route } from './route.ts';

/** Five hundred pieces by their longest paths, and the signatures. */
const MAX_ACT_BYTES = 160 * 1024;
/** Five hundred pieces are as many questions to the node, or all events since a batch was anchored: not at will for strangers. */
const byStranger = (request: Request) => request.get('authorization') === undefined;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const actRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/api/v1/acts/prepare',
    summary: 'What has to be signed for an act, and the call to relay it yourself',
    description: `Nothing is stored. Answers, for each signature the act needs, EIP-712 typed data, and whether it is there
already: brought, kept by this service, or held for your organisation. Once all were brought, it answers the calls as well,
which anybody who pays the gas can send to the chain, and why the chain would refuse them now.`,
    tag: 'Acts',
    mayUseKey: 'transfers:write',
    writes: false,
    costly: byStranger,
    maxBodyBytes: MAX_ACT_BYTES,
    inspect: refuseSecrets,
    body: actRequest,
    success: { status: 200, description: 'Signatures with their typed data and deadlines; calls; how things stand.' },
    async handle({ body, caller, context }) {
      return { status: 200, body: await prepareAct(context.ledger, caller, wishOf(body)) };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/acts',
    summary: 'Bring something signed to the chain',
    description: `Claims, handovers, cards, releases, transfers; reports, recalls, corrections, work done, locks, the end of a
piece, recoveries. Bring the signatures made elsewhere; with an API key, the key held for your organisation makes those
that are your organisation’s. This service pays, within limits: one claim a card, 20 acts a day with a piece. Beyond them the answer (429) holds the calls, to be relayed by yourself. Never send a private
key or a card’s secret.`,
    tag: 'Acts',
    mayUseKey: 'transfers:write',
    costly: byStranger,
    maxBodyBytes: MAX_ACT_BYTES,
    inspect: refuseSecrets,
    body: actRequest,
    success: { status: 202, description: 'Stored; will be sent to the chain, or kept for a later act.' },
    async handle({ body, caller, context, idempotencyKey }) {
      const { ledger } = context;
      const request = ['acts', body];
      // Strangers have no name under which a key could be told apart from another stranger's: only the same request is
      // the same one for them.
      const who = caller?.organisation ?? `anybody ${createHash('sha256').update(JSON.stringify(body)).digest('hex')}`;
      const check = () => checkAct(ledger, caller, wishOf(body));
      const { id } = await once(ledger.db, who, idempotencyKey, request, check, async (sql, checked) => ({
        id: await storeAct(sql, randomUUID(), checked),
      }));
      ledger.nudge();
      const receipt = found(await readAct(ledger, id), 'This act');
      return { status: 202, body: receipt, headers: { location: `/api/v1/acts/${id}` } };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/acts',
    summary: 'What waits for consent',
    description: `The newest 50 requests (request-record, request-consignment, request-recovery) that your organisation made,
or that it is asked to agree to: pending (kept), agreed, declined, void or moved.`,
    tag: 'Acts',
    scope: 'read',
    query: z.strictObject({}),
    success: { status: 200, description: 'Their receipts, newest first.' },
    async handle({ caller, context }) {
      return { status: 200, body: { items: await requestsOf(context.ledger, caller.organisation) } };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/acts/:id/decline',
    summary: 'Decline a request for consent, or withdraw one of yours',
    description: `For whoever has its id, which can not be guessed. The signature kept with it is used no more.`,
    tag: 'Acts',
    mayUseKey: 'transfers:write',
    inspect: refuseSecrets,
    body: z.strictObject({ words: prose(500).optional().describe('Why; shown to who asked, not published') }),
    success: { status: 200, description: 'Its receipt, declined.' },
    async handle({ request, body, caller, context }) {
      const id = String(request.params['id']).toLowerCase();
      const known = found(UUID.test(id) ? id : undefined, 'This act');
      return { status: 200, body: await declineRequest(context.ledger, caller, known, body.words ?? null) };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/acts/:id',
    summary: 'The receipt of an act',
    description: `For whoever has its id: accepted, sealed, anchored, final, or failed with why. What is only kept is kept,
moved (the piece has moved since) or void; a request for consent may be agreed or declined.`,
    tag: 'Acts',
    query: z.strictObject({}),
    success: { status: 200, description: 'Its state, transaction and block.' },
    async handle({ request, context }) {
      const id = String(request.params['id']).toLowerCase();
      return { status: 200, body: found(UUID.test(id) ? await readAct(context.ledger, id) : undefined, 'This act') };
    },
  }),
];
