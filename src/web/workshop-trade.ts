// Owns how the console's pages of lots, shipments and requests for consent look.

import { decimal } from '../core/cells.ts';
import { moment, number, pager, pieceLink, shortened, stateWords, table } from './console-words.ts';
import { formOf, textArea } from './form-fields.ts';
import { type Html, html } from './html.ts';
import { hidden } from './workshop-frame.ts';

export interface ShownLot {
  readonly lotId: string;
  readonly title: string | null;
  readonly operation: string;
  readonly quantity: number;
  readonly remaining: number;
  readonly unit: string;
  readonly at: string;
}

export function quantityWords(quantity: number, unit: string): string {
  if (unit === 'mg') return `${decimal(quantity, 3)} g`;
  if (unit === 'carat-thousandths') return `${decimal(quantity, 3)} ct`;
  return `${number(quantity)} ${quantity === 1 ? 'piece' : 'pieces'}`;
}

export function lotsMain(items: readonly ShownLot[], next: string | null, later: boolean, usedUp: boolean): Html {
  return html`<p class="actions"><a class="button" href="/workshop/lots/declare">Declare a lot</a>${usedUp ? html`<a href="/workshop/lots">Only those with something left</a>` : html`<a href="/workshop/lots?all=yes">Also those used up</a>`}</p>
${
  items.length === 0
    ? html`<p class="opening">You hold none.</p>`
    : table(
        'Lots you hold, newest first',
        [
          {
            head: 'Lot',
            cell: ({ lotId, title }) => html`<a href="/workshop/lots/${lotId}">${title ?? 'without words'}</a>`,
          },
          { head: 'Remains', cell: ({ remaining, unit }) => quantityWords(remaining, unit), number: true },
          { head: 'Of', cell: ({ quantity, unit }) => quantityWords(quantity, unit), number: true },
          { head: 'Came about', cell: ({ operation }) => operation },
          { head: 'When', cell: ({ at }) => moment(at) },
        ],
        items,
      )
}${pager('/workshop/lots', usedUp ? { all: 'yes' } : {}, next, later)}`;
}

export function lotMain({ lotId, quantity, remaining, unit, operation, at }: ShownLot): Html {
  return html`<p class="actions"><a href="/lots/${lotId}">Its page, as everybody sees it</a></p>
<dl class="facts"><div><dt>Remains</dt><dd>${quantityWords(remaining, unit)} of ${quantityWords(quantity, unit)}</dd></div>
<div><dt>Came about</dt><dd>${operation}, ${moment(at)}</dd></div><div><dt>Id</dt><dd class="code">${lotId}</dd></div></dl>
${remaining > 0 && html`<ul class="actions"><li><a class="button beside" href="/workshop/lots/${lotId}/split">Divide it</a></li><li><a class="button beside" href="/workshop/lots/${lotId}/transfer">Pass it on</a></li></ul>`}`;
}

export interface ShownRequest {
  readonly id: string;
  readonly what: string;
  readonly path: string | null;
  readonly state: string;
  readonly acceptedAt: string;
  /** Whether this organisation is the one asked. */
  readonly asked: boolean;
}

export function requestsMain(requests: readonly ShownRequest[]): Html {
  if (requests.length === 0)
    return html`<p class="opening">Nobody asks for your consent, and you ask for nobody’s.</p>`;
  return table(
    'The newest fifty, yours and those put to you',
    [
      { head: 'What', cell: ({ id, what }) => html`<a href="/workshop/requests/${id}">${what}</a>` },
      { head: 'Piece', cell: ({ path }) => (path === null ? '' : pieceLink(path)) },
      { head: 'Who is asked', cell: ({ asked }) => (asked ? 'you' : 'its owner') },
      { head: 'State', cell: ({ state }) => stateWords(state) },
      { head: 'When', cell: ({ acceptedAt }) => moment(acceptedAt) },
    ],
    requests,
  );
}

export interface RequestPage extends ShownRequest {
  /** The other side, by name. */
  readonly by: string;
  readonly words: string;
  readonly open: boolean;
  readonly token: string;
  readonly once: string;
}

export function requestMain({ id, what, by, words, path, state, asked, open, token, once }: RequestPage): Html {
  const action = `/workshop/requests/${id}`;
  return html`<dl class="facts"><div><dt>What</dt><dd>${what}</dd></div><div><dt>${asked ? 'Asked by' : 'Asked of'}</dt><dd>${by}</dd></div>
${path !== null && html`<div><dt>Piece</dt><dd>${pieceLink(path)}</dd></div>`}<div><dt>State</dt><dd>${stateWords(state)}</dd></div></dl>
${words !== '' && html`<blockquote class="said quote">${words}</blockquote>`}
${open && asked && html`<section class="part" aria-labelledby="agree"><h2 id="agree">Agree</h2><p>The entry goes on the chain and stays on the piece’s passport.</p>${formOf({ action: `${action}/agree`, token, submit: 'Agree to it', main: hidden('once', once) })}</section>`}
${open && html`<section class="part" aria-labelledby="decline"><h2 id="decline">${asked ? 'Decline' : 'Withdraw'}</h2>${formOf({ action: `${action}/decline`, token, submit: asked ? 'Decline it' : 'Withdraw the request', main: textArea({ name: 'words', label: 'Why', hint: 'Told to the other side, not published.', maxLength: 500 }) })}</section>`}`;
}

export interface ShownShipment {
  readonly id: string;
  readonly state: string;
  readonly from: { readonly address: string; readonly handle: string | null };
  readonly to: { readonly address: string; readonly handle: string | null };
  readonly count: number;
  readonly note: string | null;
  readonly offeredAt: string;
}

const handleOf = ({ address, handle }: ShownShipment['from']) => handle ?? address;

export function shipmentsMain(items: readonly ShownShipment[], own: string, next: number | null, later: boolean): Html {
  return html`<p class="actions"><a class="button" href="/workshop/shipments/offer">Offer pieces to an organisation</a></p>
${
  items.length === 0
    ? html`<p class="opening">There are none, from you or to you.</p>`
    : table(
        'From you and to you, newest first',
        [
          {
            head: 'Shipment',
            cell: ({ id, from, to }) =>
              html`<a href="/workshop/shipments/${id}">${from.address === own ? `to ${handleOf(to)}` : `from ${handleOf(from)}`}</a>`,
          },
          { head: 'Pieces', cell: ({ count }) => number(count), number: true },
          { head: 'State', cell: ({ state }) => state },
          { head: 'Note', cell: ({ note }) => note ?? '' },
          { head: 'Offered', cell: ({ offeredAt }) => moment(offeredAt) },
        ],
        items,
      )
}${pager('/workshop/shipments', {}, next, later)}`;
}

export interface ShipmentPage extends ShownShipment {
  readonly pieces: readonly { readonly tokenId: string; readonly path: string | null }[];
  readonly ranges: readonly { readonly batch: string; readonly part: number }[];
  /** What this side can do with it now: path's end, and what the button says. */
  readonly steps: readonly (readonly [step: string, words: string, says: string])[];
  readonly token: string;
  readonly once: string;
}

export function shipmentMain({
  id,
  state,
  from,
  to,
  note,
  pieces,
  ranges,
  steps,
  token,
  once,
  offeredAt,
}: ShipmentPage): Html {
  return html`<dl class="facts"><div><dt>From</dt><dd>${handleOf(from)}</dd></div><div><dt>To</dt><dd>${handleOf(to)}</dd></div>
<div><dt>State</dt><dd>${state}</dd></div><div><dt>Offered</dt><dd>${moment(offeredAt)}</dd></div>${note !== null && html`<div><dt>Note</dt><dd>${note}</dd></div>`}</dl>
${steps.map(([step, words, says]) => html`<section class="part" aria-label="${words}"><p>${says}</p>${formOf({ action: `/workshop/shipments/${id}/${step}`, token, submit: words, main: hidden('once', once) })}</section>`)}
<section class="part" aria-labelledby="pieces"><h2 id="pieces">What it holds</h2>
<ul class="plain">${pieces.map(({ path, tokenId }) => html`<li>${path === null ? shortened(tokenId) : pieceLink(path)}</li>`)}${ranges.map(({ batch, part }) => html`<li>${part === 0 ? 'The whole batch' : `Block ${part} of the batch`} ${shortened(batch)}</li>`)}</ul></section>`;
}
