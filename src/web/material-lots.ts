// Owns what a passport's page says of the lots that a material came from: back to what was declared, who stands behind it,
// and whether the pieces of the batch hold no more than was taken.
import type { LotUnit } from '../core/lot.ts';
import type { Balance, LotView, PieceLots, TracedLot } from '../core/lot-view.ts';
import type { Material } from '../core/record.ts';
import { type Html, html } from './html.ts';
import type { Words } from './language.ts';
import { amountWords, attestedWords, bornWords, type LotTelling, nameIn } from './lot-words.ts';
import { inLanguage, say, type Telling } from './telling.ts';

export function lotLink(words: Words, lotId: string): Html {
  return html`<a href="${words.to(`/lots/${lotId}`)}"><code>${lotId}</code></a>`;
}

/** Nothing of a material that names no lot. */
export function renderMaterialLot(telling: Telling, material: Material): Html | null {
  const { lots, record } = telling.passport;
  const { words } = telling;
  const heading = html`<h4>${words.text('lots.where-from')}</h4>`;
  const lotId = material.lot;
  if (lotId === undefined) return null;
  const found = lots?.traces.find((lot) => lot.lotId === lotId);
  if (!lots || !found) {
    return html`${heading}<p>${words.tell('lots.from-unknown', { lot: lotLink(words, lotId) })}</p>`;
  }
  const fits = lots.materials.find((one) => record.materials[one.material] === material)?.fits;
  const behind = backFrom(found, lots.traces);
  return html`${heading}
<p>${words.tell('lots.from', { lot: lotLink(words, lotId) })}${fits === false && html` <strong>${words.text('lots.other-material')}</strong>`}</p>
<ul class="plain">${behind.map((lot) => html`<li>${renderTraced(telling, lot)}</li>`)}</ul>
${lots.more && html`<p class="quiet">${words.text('lots.more-behind')}</p>`}
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

export function renderTraced(telling: LotTelling, lot: LotView): Html {
  const { words } = telling;
  const { statement } = lot;
  const title =
    statement &&
    words.tell('lots.title', { title: say(inLanguage(telling as Telling, statement.language), statement.title) });
  return html`${bornWords(telling, lot)}${title && html`${words.gap}${title}`}${attestedWords(telling, lot).map((line) => html` <span class="beneath">${line}</span>`)}`;
}

function balanceLine(telling: Telling, { balance }: PieceLots, { lotId, unit }: TracedLot): Html | null {
  const found = balance.find((one) => one.lotId === lotId);
  if (!found) return html`<p class="quiet">${telling.words.text('lots.nothing-taken-yet')}</p>`;
  return html`<p>${balanceWords(telling, found, unit)}</p>`;
}

function balanceWords(telling: Telling, { result, stated, drawn, attestedBy }: Balance, unit: LotUnit): string {
  const { words } = telling;
  const amount = (quantity: number) => amountWords(words, quantity, unit);
  const taken = drawn === 0 ? words.text('lots.taken-none') : words.text('lots.taken', { amount: amount(drawn) });
  if (stated === null || (!attestedBy && result === 'unknown')) {
    return [words.text('lots.balance-unknown'), taken].join(words.gap);
  }
  const sum = attestedBy
    ? words.text('lots.balance-attested', { who: nameIn(telling, attestedBy), amount: amount(stated) })
    : words.text('lots.balance-stated', { amount: amount(stated) });
  const more = result === 'more' ? [words.text('lots.balance-wrong')] : [];
  return [sum, taken, ...more].join(words.gap);
}
