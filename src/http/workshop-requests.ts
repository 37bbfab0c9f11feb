// Owns the console's pages of what waits for consent: work on a piece and consignments, asked of this organisation or by it.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { prose } from '../core/fields.ts';
import { type Receipt, readAct, requestsOf } from '../ledger/act-receipts.ts';
import { declineRequest } from '../ledger/act-requests.ts';
import { found } from '../ledger/find.ts';
import { handlesOf } from '../ledger/organisations.ts';
import { requestMain, requestsMain, type ShownRequest } from '../web/workshop-trade.ts';
import { doAct } from './console-acts.ts';
import { namesOf } from './names.ts';
import { readFields } from './workshop-form.ts';
import { onceIn } from './workshop-register.ts';
import type { ConsoleRoute, Visit } from './workshop-route.ts';

const REQUESTS = '/workshop/requests';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** What is asked for becomes this once it is agreed to. */
const BECOMES: Readonly<Record<string, string>> = { 'request-record': 'record', 'request-consignment': 'consign' };

function shown({ id, act, path, state, acceptedAt, fields, asked }: Receipt, organisation: string): ShownRequest {
  const kind = typeof fields['kind'] === 'string' ? fields['kind'] : act.replace('request-', '');
  return { id, what: kind.replaceAll('-', ' '), path, state, acceptedAt, asked: asked === organisation };
}

/** @throws TouchstoneError not-found for one that is neither this organisation's nor put to it */
async function requestIn({ request, context, caller }: Visit): Promise<Receipt> {
  const id = String(request.params['id']).toLowerCase();
  const receipt = UUID.test(id) ? await readAct(context.ledger, id) : undefined;
  const { organisation } = caller;
  const mine =
    receipt?.asked !== undefined && (receipt.asked === organisation || receipt.organisation === organisation);
  return found(mine ? receipt : undefined, 'This request');
}

export const requestRoutes: readonly ConsoleRoute[] = [
  {
    method: 'get',
    path: REQUESTS,
    async handle({ context, caller }) {
      const all = await requestsOf(context.ledger, caller.organisation);
      const main = requestsMain(all.map((one) => shown(one, caller.organisation)));
      return { title: 'Requests for consent', current: REQUESTS, main };
    },
  },
  {
    method: 'get',
    path: `${REQUESTS}/:id`,
    async handle(visit) {
      const receipt = await requestIn(visit);
      const { ledger } = visit.context;
      const one = shown(receipt, visit.caller.organisation);
      const other = (one.asked ? receipt.organisation : receipt.asked) ?? '';
      const handle = (await handlesOf(ledger.db, [other])).get(other);
      const by = handle === undefined ? 'a private owner' : ((await namesOf(ledger)).get(handle) ?? handle);
      const statement = receipt.fields['statement'] as { words?: unknown } | undefined;
      const words = String(statement?.words ?? '');
      const { token } = visit;
      return {
        title: one.what.charAt(0).toUpperCase() + one.what.slice(1),
        current: REQUESTS,
        main: requestMain({ ...one, by, words, open: receipt.state === 'kept', token, once: randomUUID() }),
      };
    },
  },
  {
    method: 'post',
    path: `${REQUESTS}/:id/agree`,
    scope: 'transfers:write',
    async handle(visit) {
      const { act, fields, path, subjects, organisation } = await requestIn(visit);
      const { piece: _, ...said } = fields;
      const piece = path ?? subjects[0]?.replace(/^piece /, '');
      const body = { ...said, act: BECOMES[act] ?? act, piece, organisation: said['organisation'] ?? organisation };
      return { to: `/workshop/acts/${await doAct(visit, onceIn(visit.fields), body)}` };
    },
  },
  {
    method: 'post',
    path: `${REQUESTS}/:id/decline`,
    scope: 'transfers:write',
    async handle(visit) {
      const { id } = await requestIn(visit);
      const read = readFields(z.object({ words: prose(500).optional() }), visit.fields);
      await declineRequest(visit.context.ledger, visit.caller, id, (read.ok && read.value.words) || null);
      return { to: `${REQUESTS}/${id}` };
    },
  },
];
