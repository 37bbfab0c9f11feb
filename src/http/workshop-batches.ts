// Owns the console's pages about batches: the list, one batch with its pieces, and what can be done with all of them.
import { randomUUID } from 'node:crypto';
import { TouchstoneError } from '../core/errors.ts';
import { readAct } from '../ledger/act-receipts.ts';
import { found } from '../ledger/find.ts';
import { actsAbout, type BatchSummary, batchesOf, batchOf, piecesOfBatch } from '../ledger/workshop-lists.ts';
import { html } from '../web/html.ts';
import { type ActionWords, actionMain, actTable } from '../web/piece-actions.ts';
import { batchesMain, batchMain } from '../web/workshop-lists.ts';
import { doAct } from './console-acts.ts';
import { besides, type Faults } from './workshop-form.ts';
import { cursorIn, fieldOf } from './workshop-pieces.ts';
import { onceIn } from './workshop-register.ts';
import type { ConsoleRoute, Elsewhere, Shown, Visit } from './workshop-route.ts';

const BATCHES = '/workshop/batches';
const A_PAGE = 50;

const REASON = {
  name: 'words',
  label: 'Why, in words for everybody who looks one of them up',
  kind: 'prose',
  required: true,
  hint: 'Public for ever. Say what an owner should do.',
} as const;

const BATCH_ACTIONS: readonly (ActionWords & { readonly name: string })[] = [
  {
    name: 'recall-batch',
    title: 'Recall all of them',
    says: 'The passport of every piece born in this batch warns everybody, with your reason, whoever owns it by now. You can lift the recall, but that they were recalled stays to be read.',
    submit: 'Recall the whole batch',
    grave: true,
    typed: true,
    fields: [REASON],
  },
  {
    name: 'lift-batch-recall',
    title: 'Lift the recall',
    says: 'The warning goes from their passports; that they were recalled, and why not any more, stays to be read.',
    submit: 'Lift the recall',
    fields: [REASON],
  },
  {
    name: 'withdraw-batch',
    title: 'Withdraw their registration',
    says: 'For good: the passports of all of them say that you do not stand by the registration any more. This can not be undone.',
    submit: 'Withdraw all of them for good',
    grave: true,
    typed: true,
    fields: [REASON],
  },
];

async function batchIn({ request, context, caller }: Visit): Promise<BatchSummary> {
  const no = cursorIn(request.params['no']);
  return found(no === undefined ? undefined : await batchOf(context.ledger.db, caller.organisation, no), 'This batch');
}

const isAnchored = ({ state }: BatchSummary) => state === 'anchored' || state === 'final';
/** What is typed to show that this very batch is meant. */
const typedFor = ({ batchId }: BatchSummary) => batchId.slice(0, 8);

async function batchPage(visit: Visit): Promise<Shown> {
  const { db } = visit.context.ledger;
  const batch = await batchIn(visit);
  const after = cursorIn(visit.request.query['after']);
  const pieces = await piecesOfBatch(db, batch.no, after ?? -1, A_PAGE);
  const rows = await actsAbout(db, visit.caller.organisation, `batch ${batch.batchId}`);
  const acts = await Promise.all(
    rows.map(async (row) => ({ ...row, state: (await readAct(visit.context.ledger, row.id))?.state ?? 'accepted' })),
  );
  return {
    title: `Batch ${batch.no}`,
    current: BATCHES,
    main: batchMain({
      ...batch,
      pieces,
      next: pieces.length === A_PAGE ? (pieces.at(-1)?.index ?? null) : null,
      later: after !== undefined,
      actions: isAnchored(batch) ? BATCH_ACTIONS : [],
      acts: html`${acts.length > 0 && html`<section class="part" aria-labelledby="acts"><h2 id="acts">What was done with it here</h2>${actTable('Newest first', acts)}</section>`}`,
    }),
  };
}

function chosen({ request }: Visit, batch: BatchSummary) {
  const action = BATCH_ACTIONS.find(({ name }) => name === request.params['action']);
  if (action && isAnchored(batch)) return action;
  throw new TouchstoneError('not-applicable', 'This can not be done with the batch now. Nothing was done.');
}

async function actionForm(visit: Visit, faults: Faults = {}, once: string = randomUUID()): Promise<Shown> {
  const batch = await batchIn(visit);
  const action = chosen(visit, batch);
  return {
    title: action.title,
    current: BATCHES,
    ...(Object.keys(faults).length > 0 && { status: 422 }),
    main: actionMain({
      action,
      to: `${BATCHES}/${batch.no}/${action.name}`,
      back: `${BATCHES}/${batch.no}`,
      subject: html`<strong>Batch ${batch.no}</strong>, ${batch.count} pieces, <span class="code">${batch.batchId}</span>`,
      code: typedFor(batch),
      values: { words: visit.fields.get('words'), confirm: visit.fields.get('confirm') },
      faults,
      choices: () => [],
      token: visit.token,
      once,
    }),
  };
}

async function act(visit: Visit): Promise<Shown | Elsewhere> {
  const { fields } = visit;
  const batch = await batchIn(visit);
  const action = chosen(visit, batch);
  const once = onceIn(fields);
  if (action.typed && fields.get('confirm') !== typedFor(batch)) {
    return actionForm(visit, { confirm: `must be ${typedFor(batch)}` }, once);
  }
  try {
    const body = { act: action.name, batch: batch.batchId, words: fields.get('words') };
    return { to: `/workshop/acts/${await doAct(visit, once, body)}` };
  } catch (error) {
    if (!(error instanceof TouchstoneError) || error.faults.length === 0) throw error;
    return actionForm(visit, besides(error.faults, fieldOf), once);
  }
}

export const batchRoutes: readonly ConsoleRoute[] = [
  {
    method: 'get',
    path: BATCHES,
    async handle({ request, context, caller }) {
      const before = cursorIn(request.query['after']);
      const page = await batchesOf(context.ledger.db, caller.organisation, { before, limit: A_PAGE });
      return { title: 'Batches', current: BATCHES, main: batchesMain(page.items, page.next, before !== undefined) };
    },
  },
  { method: 'get', path: `${BATCHES}/:no`, handle: batchPage },
  { method: 'get', path: `${BATCHES}/:no/:action`, scope: 'transfers:write', handle: (visit) => actionForm(visit) },
  { method: 'post', path: `${BATCHES}/:no/:action`, scope: 'transfers:write', handle: act },
];
