// Owns what a passport's page says of the lots that a material came from: back to what was declared, who stands behind it,
// and whether the pieces of the batch hold no more than was taken.
import type { Balance, LotView, PieceLots, TracedLot } from '../core/lot-view.ts';
import type { Material } from '../core/record.ts';
import { type Html, html } from './html.ts';
import { amountWords, attestedWords, bornWords, nameIn } from './lot-words.ts';
import { say, type Telling } from './telling.ts';

export const lotLink = (lotId: string): Html => html`<a href="/lots/${lotId}"><code>${lotId}</code></a>`;

/** Nothing of a material that names no lot. */
export function renderMaterialLot(telling: Telling, material: Material): Html | null {
  const { lots, record } = telling.passport;
  const lotId = material.lot;
  if (lotId === undefined) return null;
  const found = lots?.traces.find((lot) => lot.lotId === lotId);
  if (!lots || !found) {
    return html`<h4>Where it came from</h4><p>From lot ${lotLink(lotId)}, of which nothing is known here.</p>`;
  }
  const fits = lots.materials.find((one) => record.materials[one.material] === material)?.fits;
  const behind = backFrom(found, lots.traces);
  return html`<h4>Where it came from</h4>
<p>From lot ${lotLink(lotId)}.${fits === false && html` <strong>That lot is not of this material: do not rely on it.</strong>`}</p>
<ul class="plain">${behind.map((lot) => html`<li>${renderTraced(telling, lot)}</li>`)}</ul>
${lots.more && html`<p class="quiet">There are more lots behind these; the lot’s own page leads to them.</p>`}
${balanceLine(telling, lots, found)}`;
}

/** The lot and those behind it, what was declared first. */
function backFrom(lot: TracedLot, all: readonly TracedLot[]): TracedLot[] {
  const found = new Set<TracedLot>([lot]);
  for (const one of found) {
    for (const { lotId } of one.madeOf) {
      const parent = all.find((other) => other.lotId === lotId);
      if (parent) found.add(parent);
    }
  }
  return [...found].reverse();
}

export function renderTraced(telling: Pick<Telling, 'context'>, lot: LotView): Html {
  const { statement } = lot;
  const language = statement?.language === 'en' ? undefined : statement?.language;
  const title = statement && say({ ...telling, language } as Telling, statement.title);
  return html`${bornWords(telling.context, lot)}${title && html` ${title}.`}${attestedWords(telling.context, lot).map((line) => html` <span class="beneath">${line}</span>`)}`;
}

function balanceLine(telling: Telling, { balance }: PieceLots, { lotId, unit }: TracedLot): Html | null {
  const found = balance.find((one) => one.lotId === lotId);
  if (!found) return html`<p class="quiet">Nothing was taken from the lot yet: the piece is not on the ledger.</p>`;
  return html`<p>${balanceWords(telling, found, (quantity) => amountWords(quantity, unit))}</p>`;
}

function balanceWords(
  { context }: Telling,
  { result, stated, drawn, attestedBy }: Balance,
  amount: (quantity: number) => string,
): string {
  const taken = drawn === 0 ? 'nothing was taken from it for them' : `${amount(drawn)} were taken from it for them`;
  if (attestedBy && stated !== null) {
    const who = nameIn(context, attestedBy);
    const sum = `${who} certified that all pieces registered together hold ${amount(stated)} of this lot; ${taken}.`;
    return result === 'more' ? `${sum} That is more than was taken: something is wrong.` : sum;
  }
  if (result === 'unknown' || stated === null) {
    const why = 'What the other pieces registered together with this one hold is not public';
    return `${why}, and nobody has certified the sum: whether it adds up is not known. ${capitalised(taken)}.`;
  }
  const sum = `All pieces registered together hold ${amount(stated)} of this lot by their records; ${taken}.`;
  return result === 'more' ? `${sum} That is more than was taken: something is wrong.` : sum;
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
