// Owns the API of gift messages. Whoever brings the signature of the card or the owner needs no key; what is signed, and that
// no secret comes along, is the core's.
import { z } from 'zod';
import { refuseSecrets } from '../core/acts.ts';
import { codePath } from '../core/code.ts';
import { giftWish } from '../core/gift.ts';
import { giftStanding, writeGift } from '../ledger/gifts.ts';
import { codeIn } from './piece-routes.ts';
import { type Route, route } from './route.ts';

const MAX_GIFT_BYTES = 32 * 1024;

export const giftRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/v1/pieces/*path/gift',
    summary: 'The giver’s message about a piece, and what signing another one takes',
    tag: 'Gifts',
    query: z.strictObject({}),
    success: { status: 200, description: 'The message that stands; who may sign now, and with which deadline.' },
    async handle({ request, context }) {
      const body = await giftStanding(context.ledger, codeIn(request.params['path']));
      return { status: 200, body, headers: { 'cache-control': 'no-store' } };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/pieces/*path/gift',
    summary: 'Add or remove the giver’s message',
    description: `Signed as Gift (docs/format.md, “Gift messages”) by the claim card while an organisation has the piece, else by its
owner. Each deadline is later than the one before: what was signed earlier is worthless. Shown on the passport as the
giver’s words. Never send a private key or a card’s secret.`,
    tag: 'Gifts',
    costly: true,
    maxBodyBytes: MAX_GIFT_BYTES,
    inspect: refuseSecrets,
    body: giftWish,
    success: { status: 200, description: 'How it stands now.' },
    async handle({ request, body, context }) {
      const code = codeIn(request.params['path']);
      await writeGift(context.ledger, code, body);
      const standing = await giftStanding(context.ledger, code);
      return { status: 200, body: { path: codePath(code), ...standing }, headers: { 'cache-control': 'no-store' } };
    },
  }),
];
