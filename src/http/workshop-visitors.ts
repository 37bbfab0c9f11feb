// Owns the console's pages of what visitors left: feedback with its file, suspicions, gift messages. Everything shown and done
// is the signed-in organisation's own.
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { TouchstoneError } from '../core/errors.ts';
import { prose } from '../core/fields.ts';
import { allFeedback, deleteFeedback, feedbackFigures, listFeedback } from '../ledger/feedback.ts';
import { hideGift, listGifts } from '../ledger/gifts.ts';
import { countSuspicions, decideSuspicion, listSuspicions, SUSPICION_STATES } from '../ledger/suspicions.ts';
import { titlesOf } from '../ledger/titles.ts';
import { feedbackMain } from '../web/workshop-feedback.ts';
import { giftsMain, SUSPICION_STATE_WORDS, suspicionsMain } from '../web/workshop-suspicions.ts';
import { cursorIn } from './workshop-pieces.ts';
import type { ConsoleRoute, Elsewhere, Shown, Visit } from './workshop-route.ts';

const FEEDBACK = '/workshop/feedback';
const SUSPICIONS = '/workshop/suspicions';
const GIFTS = '/workshop/gifts';
const A_PAGE = 50;

const DONE: Readonly<Record<string, string>> = {
  deleted: 'The feedback is deleted.',
  kept: 'Kept.',
  hidden: 'The message is hidden.',
  shown: 'The message is shown again.',
};
const doneIn = ({ request }: Visit) => {
  const done = DONE[String(request.query['done'])];
  return done === undefined ? {} : { done };
};

async function withTitles<T extends { readonly path: string }>({ context, caller }: Visit, items: readonly T[]) {
  const paths = items.map(({ path }) => path);
  const titles = await titlesOf(context.ledger.db, caller.organisation, paths);
  return items.map((item) => ({ ...item, title: titles.get(item.path) }));
}

async function feedbackPage(visit: Visit): Promise<Shown> {
  const { request, context, caller, token } = visit;
  const { db } = context.ledger;
  const before = cursorIn(request.query['after']);
  const { items, next } = await listFeedback(db, caller.organisation, { before, limit: A_PAGE });
  const figures = await feedbackFigures(db, caller.organisation);
  const shown = { token, items: await withTitles(visit, items), next, later: before !== undefined, figures };
  return { title: 'Feedback', current: FEEDBACK, ...doneIn(visit), main: feedbackMain(shown) };
}

/** As it is read from the database, a portion at a time: three years of a busy house don't fit in memory at once. */
async function feedbackFile({ response, context, caller }: Visit): Promise<undefined> {
  const { db, rows } = context.ledger;
  response.set({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="feedback.csv"',
    'cache-control': 'no-store',
  });
  const lines = async function* () {
    yield `\uFEFF${rows.csvLine(['day', 'piece', 'score', 'words', 'language'])}`;
    for await (const items of allFeedback(db, caller.organisation)) {
      for (const { day, path, score, words, language } of items) {
        yield rows.csvLine([day, path, String(score), words ?? '', language]);
      }
    }
  };
  await pipeline(lines, response);
  return undefined;
}

const id = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);

function idIn(value: unknown): number {
  const read = id.safeParse(value);
  if (read.success) return read.data;
  throw new TouchstoneError('not-found', 'This is not among yours.');
}

async function suspicionsPage(visit: Visit): Promise<Shown> {
  const { request, context, caller, token } = visit;
  const { db } = context.ledger;
  const before = cursorIn(request.query['after']);
  const state = SUSPICION_STATES.find((one) => one === request.query['state']);
  const { items, next } = await listSuspicions(db, caller.organisation, { before, limit: A_PAGE, state });
  const counts = await countSuspicions(db, caller.organisation);
  const shown = {
    items: await withTitles(visit, items),
    next,
    later: before !== undefined,
    state: state ?? '',
    counts,
  };
  return { title: 'Suspicions', current: SUSPICIONS, ...doneIn(visit), main: suspicionsMain({ token, ...shown }) };
}

const note = prose(1_000);

async function decide({ request, context, caller, fields }: Visit): Promise<Elsewhere> {
  const which = idIn(request.params['id']);
  const state = SUSPICION_STATES.find((one) => one === fields.get(`state-${which}`));
  const said = fields.get(`note-${which}`);
  const read = said === '' ? undefined : note.safeParse(said);
  if (!state || read?.success === false) {
    const words = Object.values(SUSPICION_STATE_WORDS).join(', ');
    const message = `Say whether it is ${words}; a note has at most 1,000 characters of plain text. Nothing was kept.`;
    throw new TouchstoneError('invalid-request', message);
  }
  await decideSuspicion(context.ledger.db, caller.organisation, which, { state, note: read?.data ?? null });
  return { to: `${SUSPICIONS}?done=kept` };
}

async function giftsPage(visit: Visit): Promise<Shown> {
  const { context, caller, token } = visit;
  const items = await withTitles(visit, await listGifts(context.ledger.db, caller.organisation));
  return { title: 'Gift messages', current: GIFTS, ...doneIn(visit), main: giftsMain({ token, items }) };
}

export const visitorConsoleRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: FEEDBACK, handle: feedbackPage },
  { method: 'get', path: `${FEEDBACK}.csv`, costly: true, handle: feedbackFile },
  {
    method: 'post',
    path: `${FEEDBACK}/delete`,
    scope: 'pieces:write',
    async handle({ context, caller, fields }) {
      await deleteFeedback(context.ledger.db, caller.organisation, idIn(fields.get('id')));
      return { to: `${FEEDBACK}?done=deleted` };
    },
  },
  { method: 'get', path: SUSPICIONS, handle: suspicionsPage },
  { method: 'post', path: `${SUSPICIONS}/:id`, scope: 'pieces:write', handle: decide },
  { method: 'get', path: GIFTS, handle: giftsPage },
  {
    method: 'post',
    path: GIFTS,
    scope: 'pieces:write',
    async handle({ context, caller, fields }) {
      const hidden = fields.get('hidden') === 'yes';
      await hideGift(context.ledger.db, caller.organisation, fields.get('piece').slice(0, 80), hidden);
      return { to: `${GIFTS}?done=${hidden ? 'hidden' : 'shown'}` };
    },
  },
];
