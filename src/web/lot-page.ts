// Owns the page of a lot: what it is and who says so, what is behind it, and how much went where. Customers never enter it:
// lots go to organisations and into batches.

import type { LotId, LotOperation } from '../core/lot.ts';
import type { LotView, Named, TracedLot } from '../core/lot-view.ts';
import type { CUSTODY_MODELS } from '../core/vocabulary.ts';
import { type Html, html } from './html.ts';
import { ENGLISH, type Words } from './language.ts';
import { page } from './layout.ts';
import { amountWords, finenessWords, materialWords, nameIn } from './lot-words.ts';
import { lotLink, renderTraced } from './material-lots.ts';
import { alternates, originOf } from './previews.ts';
import {
  facts,
  inLanguage,
  listOf,
  type PassportContext,
  quote,
  say,
  section,
  type Telling,
  timeOf,
} from './telling.ts';
import { capital, custodyWords } from './words.ts';

type Step = { readonly number: number; readonly at: string } & (
  | { readonly kind: 'moved'; readonly from: Named; readonly to: Named }
  | { readonly kind: 'drawn'; readonly batchId: string; readonly quantity: number; readonly pieces: number | null }
  | {
      readonly kind: 'consumed';
      readonly operation: LotOperation;
      readonly quantity: number;
      readonly into: readonly LotId[];
    }
);

export interface LotTold extends LotView {
  readonly holder: Named;
  readonly remaining: number;
  readonly steps: readonly Step[];
  readonly complete: boolean;
  readonly traces: readonly TracedLot[];
  readonly more: boolean;
}

/** What the parts of this page need of a telling, which is of a passport elsewhere. */
type LotPage = Pick<Telling, 'context' | 'words'>;

export function renderLot(lot: LotTold, context: PassportContext): string {
  const words = context.words ?? ENGLISH;
  const telling: LotPage = { context, words };
  const title = lot.statement?.title ?? words.text('lots.untitled');
  const path = `/lots/${lot.lotId}`;
  const custody = custodyWords(words, lot.custody as keyof typeof CUSTODY_MODELS);
  return page({
    words,
    title,
    path,
    description: words.text('lots.description'),
    canonical: `${originOf(context)}${words.to(path)}`,
    head: alternates(originOf(context), path),
    main: html`<h1>${lot.statement ? say(theirs(lot, telling), title) : title}</h1>
<p class="opening">${renderTraced(telling, lot)}</p>
${facts([
  { name: words.text('lots.held-by'), value: nameIn(telling, lot.holder) },
  { name: words.text('lots.left'), value: leftWords(words, lot) },
  {
    name: words.text('lots.material'),
    value: lot.statement && capital(materialWords(words, lot.statement.material)),
  },
  { name: words.text('lots.its-fineness'), value: finenessWords(words, lot.fineness) },
  { name: words.text('passport.material.comes-from'), value: comesFrom(lot, telling) },
  { name: words.text('passport.material.custody'), value: capital(custody) },
  { name: words.text('lots.number'), value: html`<code>${lot.lotId}</code>` },
])}
${lot.statement?.statement !== undefined && quote(theirs(lot, telling), lot.statement.statement)}
${behind(lot, telling)}
${went(lot, telling)}
<p class="quiet"><a href="/api/v1/lots/${lot.lotId}">${words.text('lots.json')}</a></p>`,
  });
}

const theirs = ({ statement }: LotView, telling: LotPage): Telling =>
  inLanguage(telling as Telling, statement?.language);

function leftWords(words: Words, { remaining, unit }: LotTold): string {
  return remaining === 0 ? words.text('lots.left-nothing') : amountWords(words, remaining, unit);
}

function comesFrom(lot: LotView, telling: LotPage): Html | undefined {
  const { words } = telling;
  const origin = lot.statement?.origin;
  if (!origin || origin === 'unknown') return undefined;
  return listOf(words, [
    origin.text !== undefined && say(theirs(lot, telling), origin.text),
    origin.country === 'unknown' ? words.text('passport.material.country-unknown') : words.country(origin.country),
  ]);
}

function behind(lot: LotTold, telling: LotPage): Html | null {
  const { words } = telling;
  if (lot.operation === 'declared') return null;
  const title = words.text('lots.behind');
  if (lot.operation === 'returned') return section('behind', title, html`<p>${words.text('lots.behind-piece')}</p>`);
  const listed = lot.traces.map((one) => html`<li>${renderTraced(telling, one)} ${lotLink(words, one.lotId)}</li>`);
  return section(
    'behind',
    title,
    html`<ul class="plain">${listed}</ul>`,
    lot.more && html`<p class="quiet">${words.text('lots.behind-more')}</p>`,
  );
}

function went(lot: LotTold, telling: LotPage): Html {
  const { words } = telling;
  const { steps, complete } = lot;
  const content =
    steps.length === 0
      ? html`<p class="quiet">${words.text('lots.went-nowhere')}</p>`
      : html`<ol class="plain">${steps.map((step) => html`<li>${words.tell('lots.step', { day: timeOf(step.at, words.day(step.at)), what: stepWords(step, lot, telling) })}</li>`)}</ol>`;
  const gap = !complete && html`<p>${words.text('lots.incomplete')}</p>`;
  return section('went', words.text('lots.went'), content, gap);
}

function stepWords(step: Step, { unit }: LotView, telling: LotPage): Html {
  const { words } = telling;
  switch (step.kind) {
    case 'moved':
      return words.tell('lots.step-moved', { from: nameIn(telling, step.from), to: nameIn(telling, step.to) });
    case 'drawn': {
      const amount = amountWords(words, step.quantity, unit);
      return step.pieces === null
        ? words.tell('lots.step-drawn', { amount })
        : words.tell('lots.step-drawn-pieces', {
            amount,
            pieces: words.text('vocabulary.pieces', { count: step.pieces }),
          });
    }
    case 'consumed':
      return words.tell(`lots.step-${INTO[step.operation]}`, {
        amount: amountWords(words, step.quantity, unit),
        lots: listOf(
          words,
          step.into.map((id) => lotLink(words, id)),
        ),
      });
  }
}

const INTO = {
  split: 'split',
  merged: 'merged',
  refined: 'refined',
  declared: 'consumed',
  returned: 'consumed',
} as const satisfies Record<LotOperation, string>;

/** For 404. */
export function renderUnknownLot(id: string, words: Words = ENGLISH): string {
  return page({
    words,
    title: words.text('lots.unknown'),
    description: words.text('lots.unknown-here'),
    unlisted: true,
    main: html`<h1>${words.text('lots.unknown-here')}</h1>
<p class="typed"><span class="code">${id}</span></p>
<p class="opening">${words.text('lots.unknown-why')}</p>`,
  });
}
