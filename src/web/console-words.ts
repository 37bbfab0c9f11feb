// Owns how the console says moments, states and codes, and its tables. English only, as the console is.
import { attr, type Html, html } from './html.ts';

const MOMENT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });

/** @param time ISO 8601, or seconds since 1970 */
export function moment(time: string | number): Html {
  const date = new Date(typeof time === 'number' ? time * 1000 : time);
  return html`<time datetime="${date.toISOString()}">${MOMENT.format(date)} UTC</time>`;
}

export function day(time: string | number): Html {
  const date = new Date(typeof time === 'number' ? time * 1000 : time);
  return html`<time datetime="${date.toISOString().slice(0, 10)}">${DAY.format(date)}</time>`;
}

export const number = (value: number): string => value.toLocaleString('en-GB');

const STATES: Readonly<Record<string, string>> = {
  accepted: 'waiting for a batch',
  sealed: 'on its way to the chain',
  anchored: 'anchored',
  final: 'final',
  failed: 'failed',
  kept: 'open',
  moved: 'void: the piece has moved since',
  void: 'void',
  agreed: 'agreed to',
  declined: 'declined',
};

export const stateWords = (state: string): string => STATES[state] ?? state;

export interface TableColumn<Row> {
  readonly head: string;
  readonly cell: (row: Row) => Html | string | number | null;
  readonly number?: true;
}

/** A table that becomes a list of cards on a narrow screen. */
export function table<Row>(caption: string, columns: readonly TableColumn<Row>[], rows: readonly Row[]): Html {
  const [first, ...rest] = columns as [TableColumn<Row>, ...TableColumn<Row>[]];
  const classOf = (column: TableColumn<Row>) => attr('class', column.number && 'number');
  return html`<table class="table stack"><caption>${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col"${classOf(column)}>${column.head}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) =>
      html`<tr><th scope="row">${first.cell(row)}</th>${rest.map((column) => html`<td data-label="${column.head}"${classOf(column)}>${column.cell(row)}</td>`)}</tr>`,
  )}</tbody></table>`;
}

/** To the following page, where there is one. */
export function pager(
  path: string,
  query: Readonly<Record<string, string>>,
  next: string | number | null,
  later: boolean,
): Html {
  const to = (more: Record<string, string>) => {
    const search = new URLSearchParams(Object.entries({ ...query, ...more }).filter(([, value]) => value !== ''));
    return search.size === 0 ? path : `${path}?${search}`;
  };
  return html`<p class="pager">${later && html`<a href="${to({})}">To the newest</a>`}${next !== null && html`<a href="${to({ after: String(next) })}" rel="next">Older</a>`}</p>`;
}

/** Its code as people compare it, linked to its page in the console. */
export function pieceLink(path: string): Html {
  return html`<a class="code" href="/workshop/piece${path}">${path}</a>`;
}

const EIGHT = 8;
/** A long number, shortened for the eye; whole for whoever copies it. */
export function shortened(text: string): Html {
  return text.length <= 2 * EIGHT
    ? html`<span class="code">${text}</span>`
    : html`<span class="code" title="${text}">${text.slice(0, EIGHT)}…${text.slice(-EIGHT)}</span>`;
}
