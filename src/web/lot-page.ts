// Owns the page of a lot: what it is and who says so, what is behind it, and how much went where. Customers never enter it:
// lots go to organisations and into batches.

import type { LotId, LotOperation } from '../core/lot.ts';
import type { LotView, Named, TracedLot } from '../core/lot-view.ts';
import type { CUSTODY_MODELS } from '../core/vocabulary.ts';
import { CUSTODY_MODELS as CUSTODY_WORDS } from '../core/vocabulary.ts';
import { type Html, html } from './html.ts';
import { page } from './layout.ts';
import { amountWords, finenessWords, materialWords, nameIn } from './lot-words.ts';
import { lotLink, renderTraced } from './material-lots.ts';
import { facts, type PassportContext, quote, say, section, type Telling, timeOf } from './telling.ts';
import { capital, count, countryWords } from './words.ts';

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

export function renderLot(lot: LotTold, context: PassportContext): string {
  const title = lot.statement?.title ?? 'A lot of material';
  return page({
    title,
    description: 'A lot of material: who declared it, who certified it, and how much of it went where.',
    canonical: `${context.publicUrl}/lots/${lot.lotId}`,
    main: html`<h1>${spoken(lot, context, title)}</h1>
<p class="opening">${renderTraced({ context }, lot)}</p>
${facts([
  { name: 'Held by', value: nameIn(context, lot.holder) },
  { name: 'Left of it', value: lot.remaining === 0 ? 'nothing' : amountWords(lot.remaining, lot.unit) },
  { name: 'Material', value: lot.statement && capital(materialWords(lot.statement.material)) },
  { name: 'Fineness', value: finenessWords(lot.fineness) },
  { name: 'Comes from', value: originOf(lot, context) },
  { name: 'On its way here', value: capital(CUSTODY_WORDS[lot.custody as keyof typeof CUSTODY_MODELS]) },
  { name: 'Number', value: html`<code>${lot.lotId}</code>` },
])}
${lot.statement?.statement !== undefined && quote(spokenAs(lot, context), lot.statement.statement)}
${behind(lot, context)}
${went(lot, context)}
<p class="quiet"><a href="/api/v1/lots/${lot.lotId}">This lot as JSON</a></p>`,
  });
}

const spokenAs = ({ statement }: LotView, context: PassportContext): Telling =>
  ({ context, language: statement?.language === 'en' ? undefined : statement?.language }) as Telling;

function spoken(lot: LotView, context: PassportContext, title: string): Html | string {
  return lot.statement ? say(spokenAs(lot, context), title) : title;
}

function originOf(lot: LotView, context: PassportContext): Html | undefined {
  const origin = lot.statement?.origin;
  if (!origin || origin === 'unknown') return undefined;
  const country = origin.country === 'unknown' ? 'country not known' : countryWords(origin.country);
  return html`${origin.text !== undefined && html`${say(spokenAs(lot, context), origin.text)}, `}${country}`;
}

function behind(lot: LotTold, context: PassportContext): Html | null {
  if (lot.operation === 'declared') return null;
  if (lot.operation === 'returned') {
    const words = 'It was a piece, which was melted or taken apart. What that was made of, its own record says.';
    return section('behind', 'What is behind it', html`<p>${words}</p>`);
  }
  const listed = lot.traces.map((one) => html`<li>${renderTraced({ context }, one)} ${lotLink(one.lotId)}</li>`);
  return section(
    'behind',
    'What is behind it',
    html`<ul class="plain">${listed}</ul>`,
    lot.more && html`<p class="quiet">There are more; each lot’s page leads on.</p>`,
  );
}

function went(lot: LotTold, context: PassportContext): Html {
  const { steps, complete } = lot;
  const content =
    steps.length === 0
      ? html`<p class="quiet">Nothing has become of it yet: all of it is where it was.</p>`
      : html`<ol class="plain">${steps.map((step) => html`<li>${timeOf(step.at)}: ${stepWords(step, lot, context)}</li>`)}</ol>`;
  const gap = !complete && html`<p>Not everything that became of it is known here yet.</p>`;
  return section('went', 'How much went where', content, gap);
}

function stepWords(step: Step, { unit }: LotView, context: PassportContext): Html {
  switch (step.kind) {
    case 'moved':
      return html`${nameIn(context, step.from)} passed what was left on to ${nameIn(context, step.to)}.`;
    case 'drawn': {
      const pieces = step.pieces === null ? 'pieces' : count(step.pieces, 'piece', 'pieces');
      return html`${amountWords(step.quantity, unit)} went into ${pieces} registered together.`;
    }
    case 'consumed': {
      const lots = step.into.map((id) => html` ${lotLink(id)}`);
      return html`${amountWords(step.quantity, unit)} ${INTO[step.operation] ?? 'went into other lots'}:${lots}`;
    }
  }
}

const INTO: Readonly<Partial<Record<LotOperation, string>>> = {
  split: 'were divided off',
  merged: 'were put together with others',
  refined: 'were refined',
};

/** For 404. */
export function renderUnknownLot(id: string): string {
  return page({
    title: 'No lot by this number',
    description: 'No lot is known here by this number.',
    unlisted: true,
    main: html`<h1>No lot is known here by this number</h1>
<p class="typed"><span class="code">${id}</span></p>
<p class="opening">It was mistyped, or it stands on another ledger than this one. The page of a piece leads to the lots that it is made of.</p>`,
  });
}
