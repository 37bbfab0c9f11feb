// Owns the routes of lots: a lot as it stands, and those an organisation holds. What is done with lots are acts. No answer
// names a customer: lots go to organisations and into batches.
import { z } from 'zod';
import { TouchstoneError } from '../core/errors.ts';
import { hash } from '../core/fields.ts';
import type { TracedLot } from '../core/lot-view.ts';
import { asOfAt, found } from '../ledger/find.ts';
import { readCursor } from '../ledger/indexer.ts';
import { type LotStanding, lotAsItStands, lotsHeldBy } from '../ledger/lot-standings.ts';
import { tracesOf } from '../ledger/lots.ts';
import { type Context, type Route, route } from './route.ts';

/** A lot as it stands, and the lots behind it. */
export interface LotPage extends LotStanding {
  readonly traces: readonly TracedLot[];
  readonly more: boolean;
}

/** Undefined if none is known by this id. */
export async function lotPage({ ledger }: Pick<Context, 'ledger'>, id: string): Promise<LotPage | undefined> {
  const asOf = asOfAt(ledger.chain, await readCursor(ledger.db));
  const lot = await lotAsItStands(ledger.db, asOf, id);
  if (!lot) return undefined;
  const { traces, more } = await tracesOf(ledger.db, asOf, [lot.lotId]);
  return { ...lot, traces: traces.slice(1), more };
}

export const lotRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/v1/lots',
    summary: 'The lots your organisation holds, newest first',
    tag: 'Lots',
    scope: 'read',
    query: z.strictObject({
      cursor: hash.optional().describe('`next` of the page before'),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      all: z.enum(['true', 'false']).default('false').describe('Also those that are used up'),
    }),
    success: { status: 200, description: 'A page of lots and the cursor of the next.' },
    async handle({ query, caller, context }) {
      const wish = { before: query.cursor, limit: query.limit, usedUp: query.all === 'true' };
      return { status: 200, body: await lotsHeldBy(context.ledger.db, caller.organisation, wish) };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/lots/:id',
    summary: 'A lot: who declared it, who holds it, what became of it, and what is behind it',
    tag: 'Lots',
    success: { status: 200, description: 'The lot as it stands, with the lots it was made of.' },
    async handle({ request, context }) {
      const id = String(request.params['id']);
      if (hash.safeParse(id).success) return { status: 200, body: found(await lotPage(context, id), `The lot ${id}`) };
      throw new TouchstoneError('invalid-request', 'This is no id of a lot: 0x and 64 lower-case hexadecimal digits.');
    },
  }),
];
