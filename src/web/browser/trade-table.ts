// Owns the table for trade: a row for each code, the worst first, which rows are shown, and the same as a file. Text of a
// record becomes text on the page and nothing else.
import type { Glance, Looks } from '../../core/glance.ts';
import { writeTable } from './csv.ts';
import { byId, download, element } from './dom.ts';
import { inChosenLanguage } from './kept-language.ts';
import { type Shape, shape } from './shapes.ts';
import type { Checked } from './trade-service.ts';
import { dayWords, word } from './words.ts';

export type Row = Checked & { /** A piece of this device's or of her organisation's. */ readonly mine: boolean };
export type Shown = 'all' | 'warning' | 'missing' | 'fine' | 'yours';
type State = Glance['headline'] | Exclude<Checked['found'], 'piece'>;

const WORST_FIRST: readonly State[] = ['warning', 'unknown-code', 'no-code', 'product', 'pending', 'genuine-record'];
const LOOKS_OF: Readonly<Record<State, readonly [shape: Shape, tone: string]>> = {
  warning: ['warning', 'tone-warning'],
  'unknown-code': ['cross', 'tone-warning'],
  'no-code': ['cross', 'tone-warning'],
  product: ['open', 'tone-pending'],
  pending: ['open', 'tone-pending'],
  'genuine-record': ['tick', 'tone-genuine'],
};

export const stateOf = (row: Checked): State => (row.found === 'piece' ? row.piece.headline : row.found);
const notesOf = (row: Checked) => (row.found === 'piece' ? row.piece.warnings : []);

export function worstFirst(rows: readonly Row[]): Row[] {
  const rank = (row: Row) => WORST_FIRST.indexOf(stateOf(row)) * 100 - Math.min(99, notesOf(row).length);
  return rows.toSorted((a, b) => rank(a) - rank(b));
}

export function isShown(row: Row, shown: Shown): boolean {
  if (shown === 'all') return true;
  if (shown === 'yours') return row.mine;
  if (shown === 'missing') return row.found !== 'piece';
  const warns = stateOf(row) === 'warning' || notesOf(row).length > 0;
  return row.found === 'piece' && warns === (shown === 'warning');
}

/** @param chosen paths whose boxes are ticked; kept up to date */
export function renderRows(rows: readonly Row[], shown: Shown, chosen: Set<string>): void {
  byId('rows').replaceChildren(...rows.filter((row) => isShown(row, shown)).map((row) => rowOf(row, chosen)));
}

function rowOf(row: Row, chosen: Set<string>): HTMLElement {
  const state = stateOf(row);
  const [drawn, tone] = LOOKS_OF[state];
  const settling = row.found === 'piece' && row.piece.state === 'anchored' ? ` (${word('trade.settling')})` : '';
  const standing = element(
    'span',
    { class: `standing-cell ${tone}` },
    shape(drawn),
    word(`trade.is.${state}`) + settling,
  );
  const cells =
    row.found === 'piece' ? cellsOf(row.piece, row.mine) : [element('code', {}, row.given), '', '', '', '', ''];
  const names = ['piece', 'warnings', 'owner', 'certificates', 'last', 'more'];
  return element(
    'tr',
    { 'data-state': state },
    element('td', {}, row.found === 'piece' ? boxOf(row.piece, chosen) : ''),
    element('td', { 'data-name': word('trade.standing') }, standing),
    ...cells.map((cell, i) =>
      element(
        'td',
        cell === '' ? {} : { 'data-name': word(`trade.${names[i]}`) },
        ...(Array.isArray(cell) ? cell : [cell]),
      ),
    ),
  );
}

function boxOf({ path, title }: Glance, chosen: Set<string>): HTMLElement {
  const box = element('input', { type: 'checkbox', 'aria-label': word('trade.select', { title }) });
  box.checked = chosen.has(path);
  box.addEventListener('change', () => (box.checked ? chosen.add(path) : chosen.delete(path)));
  return box;
}

type Cell = Node | string | (Node | string)[];

function cellsOf(piece: Glance, mine: boolean): Cell[] {
  const { path, title, language, registrant, warnings, lastChange } = piece;
  const name = element('a', { href: inChosenLanguage(path), lang: language, dir: 'auto' }, title);
  const listed = warnings.map((one) => element('li', {}, word(`trade.warn.${one}`)));
  return [
    [name, element('span', { class: 'beneath' }, word('trade.by', { handle: registrant }))],
    listed.length > 0 ? element('ul', {}, ...listed) : '',
    ownerWords(piece, mine),
    certificateCell(piece),
    lastChange === null ? '' : dayWords(new Date(lastChange)),
    [
      element('a', { href: inChosenLanguage(`/proof${path}`) }, word('trade.ask-proof')),
      element('details', {}, element('summary', {}, word('trade.look')), looksList(piece.looks)),
    ],
  ];
}

export function ownerWords({ keeper }: Glance, mine: boolean): string {
  if (mine) return word('trade.owner.you');
  if (keeper.organisation !== null) return word('trade.owner.organisation', { handle: keeper.organisation });
  return word('trade.owner.private', { number: keeper.number });
}

function certificateCell({ certificates, expiring }: Glance): Cell {
  if (certificates === 0) return word('trade.certificates.none');
  const soon = expiring.map((one) => element('span', { class: 'beneath', dir: 'auto' }, expiringWords(one)));
  return [word('trade.certificates.count', { count: certificates }), ...soon];
}

const expiringWords = ({ title, until }: Glance['expiring'][number]) =>
  word('trade.certificates.expiring', { title, day: dayWords(new Date(Date.parse(until) - 1000)) });

function looksList(looks: Looks): HTMLElement {
  const sentences = sentencesOf(looks);
  const always = [word('trade.look.proof'), word('trade.look.final')];
  const all = [...(sentences.length > 0 ? sentences : [word('trade.look.nothing')]), ...always];
  return element('ul', { class: 'look-list' }, ...all.map((one) => element('li', { dir: 'auto' }, one)));
}

/** What to look at with the piece in hand, from its record, in its own words where they are words. */
export function sentencesOf(looks: Looks): string[] {
  const { massMg, ringSize, measuresUm, metals, stones, inscriptions, pictures } = looks;
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 3 });
  const listed = (items: readonly string[]) => [...new Set(items)].join(', ');
  const said: (string | false)[] = [
    massMg !== null && word('trade.look.mass', { grams: number.format(massMg / 1000) }),
    ringSize !== null && word('trade.look.size', { size: ringSize }),
    measuresUm.length > 0 &&
      word('trade.look.measures', {
        measures: `${measuresUm.map(({ um }) => number.format(um / 1000)).join(' × ')} mm`,
      }),
    metals.length > 0 &&
      word('trade.look.metal', {
        metals: listed(metals.map(({ metal, perThousand }) => `${metal} ${perThousand ?? ''}`.trim())),
      }),
    stones.length > 0 &&
      word('trade.look.stones', {
        stones: listed(stones.map(({ count, species }) => (count === null ? species : `${count} × ${species}`))),
      }),
    inscriptions.length > 0 &&
      word('trade.look.inscriptions', { texts: inscriptions.map((one) => `“${one}”`).join(' ') }),
    pictures > 0 && word('trade.look.pictures'),
  ];
  return said.filter((one) => one !== false);
}

/** Column names are for programs and stay English, as in the service's own tables. */
export function exportRows(rows: readonly Row[], as: 'csv' | 'json'): void {
  if (as === 'json') {
    download('touchstone-checks.json', 'application/json', `${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  const head = [
    'code',
    'state',
    'path',
    'title',
    'registrant',
    'warnings',
    'owner',
    'certificates',
    'expiring',
    'last_change',
  ];
  const lines = rows.map((row) => {
    if (row.found !== 'piece') return [row.given, row.found, '', '', '', '', '', '', '', ''];
    const { path, title, registrant, headline, warnings, keeper, certificates, expiring, lastChange } = row.piece;
    const owner = row.mine ? 'you' : (keeper.organisation ?? `private ${keeper.number}`);
    const ends = expiring.map((one) => `${one.title} (${one.until.slice(0, 10)})`).join('; ');
    return [
      row.given,
      headline,
      path,
      title,
      registrant,
      warnings.join(' '),
      owner,
      `${certificates}`,
      ends,
      lastChange ?? '',
    ];
  });
  download('touchstone-checks.csv', 'text/csv', `\uFEFF${writeTable([head, ...lines])}`);
}
