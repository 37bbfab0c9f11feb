// Owns how the console's lists of pieces and batches look.
import { moment, number, pager, pieceLink, shortened, stateWords, table } from './console-words.ts';
import { choiceField, textField } from './form-fields.ts';
import { type Html, html } from './html.ts';

export const STATES = ['accepted', 'sealed', 'anchored', 'final'] as const;
export type ListedState = (typeof STATES)[number];

export interface ListedPiece {
  readonly path: string;
  readonly title: string;
  readonly kind: string;
  readonly state: string;
}

export interface PiecesPage {
  readonly items: readonly ListedPiece[];
  readonly next: number | null;
  readonly search: string;
  readonly state: string;
  readonly later: boolean;
}

export function piecesMain({ items, next, search, state, later }: PiecesPage): Html {
  return html`<form class="filter" method="get" action="/workshop/pieces" role="search">
${textField({ name: 'search', label: 'Code or title', type: 'search', value: search })}
${choiceField({ name: 'state', label: 'How far', value: state, choices: [['', 'all'], ...STATES.map((one) => [one, stateWords(one)] as const)] })}
<button type="submit">Find</button></form>
${
  items.length === 0
    ? html`<p class="opening">${search === '' && state === '' ? html`There are none yet. <a href="/workshop/register">Register one</a>, or <a href="/workshop/imports">many from a file</a>.` : next === null ? 'None is like that.' : 'None so far back: look further.'}</p>`
    : table(
        'Pieces you registered, newest first',
        [
          { head: 'Code', cell: ({ path }) => pieceLink(path) },
          { head: 'Title', cell: ({ title }) => title },
          { head: 'Kind', cell: ({ kind }) => kind.replaceAll('-', ' ') },
          { head: 'State', cell: ({ state: far }) => stateWords(far) },
        ],
        items,
      )
}
${pager('/workshop/pieces', { search, state }, next, later)}`;
}

export interface ListedBatch {
  readonly no: number;
  readonly batchId: string;
  readonly count: number;
  readonly published: boolean;
  readonly state: string;
  readonly time: number | null;
  readonly transaction: string | null;
  readonly refusal: string | null;
}

export function batchesMain(items: readonly ListedBatch[], next: number | null, later: boolean): Html {
  if (items.length === 0)
    return html`<p class="opening">There are none yet: pieces are sealed into batches by themselves, a second or two after they were registered.</p>`;
  return html`${table(
    'Batches of your pieces, newest first',
    [
      { head: 'Batch', cell: ({ no }) => html`<a href="/workshop/batches/${no}">${no}</a>` },
      { head: 'Pieces', cell: ({ count }) => number(count), number: true },
      { head: 'On the chain', cell: ({ published }) => (published ? 'records' : 'fingerprint') },
      { head: 'State', cell: ({ state, refusal }) => refusal ?? stateWords(state) },
      { head: 'Since', cell: ({ time }) => (time === null ? '' : moment(time)) },
      { head: 'Id', cell: ({ batchId }) => shortened(batchId) },
    ],
    items,
  )}${pager('/workshop/batches', {}, next, later)}`;
}

export interface BatchPage extends ListedBatch {
  readonly pieces: readonly { readonly index: number; readonly path: string; readonly title: string }[];
  readonly next: number | null;
  readonly later: boolean;
  readonly actions: readonly { readonly name: string; readonly title: string }[];
  readonly acts: Html;
}

export function batchMain(batch: BatchPage): Html {
  return html`<dl class="facts"><div><dt>Pieces</dt><dd>${number(batch.count)}</dd></div>
<div><dt>On the chain</dt><dd>${batch.published ? 'the records themselves' : 'only their fingerprint'}</dd></div>
<div><dt>State</dt><dd>${batch.refusal ?? stateWords(batch.state)}</dd></div>
${batch.time !== null && html`<div><dt>Since</dt><dd>${moment(batch.time)}</dd></div>`}
${batch.transaction !== null && html`<div><dt>Transaction</dt><dd class="code">${batch.transaction}</dd></div>`}
<div><dt>Id</dt><dd class="code">${batch.batchId}</dd></div></dl>
${batch.actions.length > 0 && html`<section class="part" aria-labelledby="can"><h2 id="can">What you can do with all of them</h2><ul class="actions">${batch.actions.map(({ name, title }) => html`<li><a class="button beside" href="/workshop/batches/${batch.no}/${name}">${title}</a></li>`)}</ul></section>`}
${batch.acts}
<section class="part" aria-labelledby="pieces"><h2 id="pieces">Its pieces</h2>
${table(
  'By their place in the batch',
  [
    { head: 'Code', cell: ({ path }) => pieceLink(path) },
    { head: 'Title', cell: ({ title }) => title },
    { head: 'Place', cell: ({ index }) => number(index + 1), number: true },
  ],
  batch.pieces,
)}${pager(`/workshop/batches/${batch.no}`, {}, batch.next, batch.later)}</section>`;
}
