// Owns how the console's pages of files look: sending one, saying which column is which, what would come of it, how far it is,
// and the refused rows to be put right where they stand.
import { OFFERED_COLUMNS } from '../core/column-guess.ts';
import type { Fault } from '../core/errors.ts';
import { moment, number, pieceLink, table } from './console-words.ts';
import { alertOf, choiceField, fileField, formOf, idOf, textField } from './form-fields.ts';
import { attr, type Html, html } from './html.ts';
import { hidden } from './workshop-frame.ts';

export interface ListedImport {
  readonly id: number;
  readonly state: string;
  readonly rows: number;
  readonly accepted: number;
  readonly repeated: number;
  readonly rejected: number;
  readonly anchored: number;
  readonly final: number;
  readonly failure: string | null;
  readonly notes: readonly string[];
}
export interface ListedFile {
  readonly id: string;
  readonly name: string;
  readonly rows: number;
  readonly createdAt: string;
}

const IMPORT_STATES: Readonly<Record<string, string>> = {
  receiving: 'arriving',
  running: 'being read',
  done: 'read',
  failed: 'not taken',
};

export function importsMain(imports: readonly ListedImport[], files: readonly ListedFile[], token: string): Html {
  return html`<p class="opening">A row becomes a piece. Nothing is registered before you have seen what would come of the file.</p>
${formOf({
  action: '/workshop/imports',
  token,
  upload: true,
  submit: 'Send the file',
  main: fileField({
    name: 'file',
    label: 'File',
    required: true,
    accept: '.csv,.json,.ndjson,.jsonl,.tsv,text/csv,application/json',
    hint: 'CSV with any columns, JSON or NDJSON, or a product export of Shopify or WooCommerce; UTF-8, 32 MiB at most. Larger ones: touchstone import.',
  }),
})}
${
  files.length > 0 &&
  html`<section class="part" aria-labelledby="waiting"><h2 id="waiting">Sent, not registered yet</h2>
${table(
  'Kept for a day',
  [
    { head: 'File', cell: ({ id, name }) => html`<a href="/workshop/imports/files/${id}">${name}</a>` },
    { head: 'Rows', cell: ({ rows }) => number(rows), number: true },
    { head: 'Sent', cell: ({ createdAt }) => moment(createdAt) },
  ],
  files,
)}</section>`
}
${
  imports.length > 0 &&
  html`<section class="part" aria-labelledby="before"><h2 id="before">Files registered before</h2>
${table(
  'Newest first',
  [
    { head: 'Import', cell: ({ id }) => html`<a href="/workshop/imports/${id}">${id}</a>` },
    { head: 'State', cell: ({ state }) => IMPORT_STATES[state] ?? state },
    { head: 'Rows', cell: ({ rows }) => number(rows), number: true },
    { head: 'Registered', cell: ({ accepted }) => number(accepted), number: true },
    { head: 'Refused', cell: ({ rejected }) => number(rejected), number: true },
    { head: 'Final', cell: ({ final }) => number(final), number: true },
  ],
  imports,
)}</section>`
}`;
}

export interface PreviewRow {
  readonly row: number;
  readonly title: string;
  readonly kind: string;
  readonly materials: string;
  readonly code: string;
  readonly faults: readonly Fault[];
}

export interface MappingPage {
  readonly id: string;
  readonly name: string;
  readonly rows: number;
  readonly notes: readonly string[];
  /** Empty for NDJSON, whose members have names of their own. */
  readonly header: readonly string[];
  /** What stands in each column in the first rows. */
  readonly samples: readonly string[];
  /** By place: which column it is; empty for one that is left out. */
  readonly columns: readonly string[];
  readonly constants: readonly (readonly [column: string, text: string])[];
  readonly unknownValues: string;
  readonly mode: string;
  readonly headerFaults: readonly Fault[];
  readonly preview: readonly PreviewRow[];
  readonly token: string;
}

export function mappingMain(page: MappingPage): Html {
  const { id, name, rows, notes, headerFaults, preview, token, header } = page;
  const ready = headerFaults.length === 0;
  return html`<p class="opening"><strong>${name}</strong>, ${number(rows)} ${rows === 1 ? 'row' : 'rows'}. Nothing is registered yet.</p>
${notes.map((note) => html`<p>${note}</p>`)}
${headerFaults.length > 0 && html`<div class="faults" role="alert"><p><strong>The columns do not fit yet.</strong></p><ul>${headerFaults.map(({ field, reason }) => html`<li><strong>${field}</strong> ${reason}</li>`)}</ul></div>`}
<form method="post" action="/workshop/imports/files/${id}" novalidate>${hidden('token', token)}
<button type="submit" name="step" value="look" hidden></button>
${header.length > 0 && columnTable(page)}
<section class="part" aria-labelledby="preview"><h2 id="preview">What would come of the first rows</h2>
${preview.length === 0 ? html`<p>Nothing can be shown before the columns fit.</p>` : previewTable(preview)}</section>
${choiceField({ name: 'mode', label: 'What goes on the chain', required: true, value: page.mode, choices: MODES })}
<p class="form-send">${header.length > 0 && html`<button type="submit" name="step" value="look" class="beside">Look again</button>`}<button type="submit" name="step" value="register"${attr('disabled', !ready)}>Register ${number(rows)} ${rows === 1 ? 'row' : 'rows'}</button></p>
</form>
<form method="post" action="/workshop/imports/files/${id}/drop">${hidden('token', token)}<p><button class="plain-button" type="submit">Drop the file</button></p></form>`;
}

const MODES = [
  ['', 'As usual: the records themselves, for everybody and for ever'],
  ['root-only', 'Only their fingerprint; the records stay with this service and in evidence files'],
] as const;

function columnTable({ header, samples, columns, constants, unknownValues }: MappingPage): Html {
  return html`<section class="part" aria-labelledby="columns"><h2 id="columns">Which column is which</h2>
<p class="lead">Clear a field to leave its column out. What each is for: <a href="/docs">documentation</a>, and docs/columns.md.</p>
<datalist id="known">${OFFERED_COLUMNS.map((one) => html`<option value="${one}"></option>`)}</datalist>
<table class="table stack mapping"><caption>Columns of the file</caption><thead><tr><th scope="col">In the file</th><th scope="col">For example</th><th scope="col">Is read as</th></tr></thead>
<tbody>${header.map((source, at) => html`<tr><th scope="row" id="h-${at}">${source}</th><td data-label="For example">${samples[at] || '—'}</td><td data-label="Is read as"><input class="cell code" name="as.${at}" list="known" autocomplete="off" spellcheck="false" aria-label="${`${source} is read as`}"${attr('value', columns[at] || undefined)}></td></tr>`)}</tbody></table>
<h3 class="sub">The same for every row</h3>
${[0, 1, 2].map((n) => html`<div class="fields">${textField({ name: `constant.${n}.column`, label: `Column ${n + 1}`, value: constants[n]?.[0] })}${textField({ name: `constant.${n}.text`, label: 'Is always', value: constants[n]?.[1] })}</div>`)}
${textField({ name: 'unknown', label: 'What the file writes for “not known”', value: unknownValues, hint: 'Separated by semicolons, such as n/a; -' })}</section>`;
}

function previewTable(rows: readonly PreviewRow[]): Html {
  return table(
    'As it would be registered',
    [
      { head: 'Row', cell: ({ row }) => number(row) },
      { head: 'Title', cell: ({ title }) => title },
      { head: 'Kind', cell: ({ kind }) => kind },
      { head: 'Of', cell: ({ materials }) => materials },
      { head: 'Code', cell: ({ code }) => code },
      {
        head: 'Wrong',
        cell: ({ faults }) =>
          faults.length === 0
            ? 'nothing'
            : html`<ul class="plain">${faults.map(({ field, reason }) => html`<li class="fault">${field} ${reason}</li>`)}</ul>`,
      },
    ],
    rows,
  );
}

export interface MendCell {
  readonly at: number;
  readonly name: string;
  readonly value: string;
  readonly fault?: string | undefined;
}
export interface MendRow {
  readonly row: number;
  readonly cells: readonly MendCell[];
  /** About the row as a whole. */
  readonly general: readonly string[];
}

export interface ImportPage extends ListedImport {
  readonly format: string;
  readonly underWay: boolean;
  readonly toMend: readonly MendRow[];
  readonly leftToMend: number;
  readonly pieces: readonly { readonly path: string; readonly title: string; readonly row?: number }[];
  readonly token: string;
  readonly once: string;
}

export function importMain(page: ImportPage): Html {
  const { rows, accepted, repeated, rejected, anchored, final, failure, notes, underWay, leftToMend } = page;
  return html`${failure !== null && alertOf(failure)}
${underWay && html`<p class="opening" role="status">Under way. This page looks again by itself; you can leave it, and come back.</p><progress class="progress" aria-label="On the chain" max="${Math.max(accepted, 1)}" value="${anchored}"></progress>`}
<ul class="tiles">${(
    [
      [rows, rows === 1 ? 'row read' : 'rows read'],
      [accepted, 'registered'],
      [repeated, 'registered before'],
      [rejected, 'refused'],
      [anchored, 'anchored'],
      [final, 'final'],
    ] as const
  ).map(
    ([n, what]) =>
      html`<li${attr('class', n === 0 ? 'tile-none' : undefined)}><p class="tile"><strong>${number(n)}</strong> <span>${what}</span></p></li>`,
  )}</ul>
${notes.map((note) => html`<p>${note}</p>`)}
${leftToMend > 0 && mendSection(page)}
${rejected > 0 && leftToMend === 0 && html`<p>All refused rows were put right.</p>`}
${
  page.pieces.length > 0 &&
  html`<section class="part" aria-labelledby="pieces"><h2 id="pieces">Pieces it made</h2>
${table(
  'The first of them, by row',
  [
    { head: 'Code', cell: ({ path }) => pieceLink(path) },
    { head: 'Title', cell: ({ title }) => title },
    { head: 'Row', cell: ({ row }) => row ?? '', number: true },
  ],
  page.pieces,
)}</section>`
}`;
}

function mendSection({ id, toMend, leftToMend, token, once }: ImportPage): Html {
  const all = toMend.length === leftToMend;
  return html`<section class="part" aria-labelledby="mend"><h2 id="mend">Rows to put right</h2>
<p class="lead">${number(leftToMend)} ${leftToMend === 1 ? 'row was' : 'rows were'} refused${all ? '' : `; here are the first ${toMend.length}`}. Put right what you can: the rows that fit then are registered, the others stay. Or <a href="/workshop/imports/${id}/rejected">fetch all as a file</a>.</p>
<form method="post" action="/workshop/imports/${id}/mend" novalidate>${hidden('token', token)}${hidden('once', once)}
${toMend.map((row) => mendRow(row))}
<p class="form-send"><button type="submit">Register the rows put right</button></p></form></section>`;
}

function mendRow({ row, cells, general }: MendRow): Html {
  const wrong = cells.filter(({ fault }) => fault !== undefined);
  const rest = cells.filter(({ fault }) => fault === undefined);
  return html`<fieldset class="group"><legend>Row ${row}</legend>${hidden('row', String(row))}
${general.map((reason) => html`<p class="fault">${reason}</p>`)}
<div class="fields">${wrong.map((cell) => mendCell(row, cell))}</div>
${rest.length > 0 && html`<details class="more"${attr('open', wrong.length === 0)}><summary>The rest of the row</summary><div class="fields">${rest.map((cell) => mendCell(row, cell))}</div></details>`}</fieldset>`;
}

function mendCell(row: number, { at, name, value, fault }: MendCell): Html {
  const field = `cell.${row}.${at}`;
  const described = fault === undefined ? undefined : `${idOf(field)}-fault`;
  const long = value.length > 60 || value.includes('\n') || name === 'line';
  const control = long
    ? html`<textarea id="${idOf(field)}" name="${field}" rows="3"${attr('aria-describedby', described)}${attr('aria-invalid', fault === undefined ? undefined : 'true')}>
${value}</textarea>`
    : html`<input id="${idOf(field)}" name="${field}" autocomplete="off"${attr('value', value)}${attr('aria-describedby', described)}${attr('aria-invalid', fault === undefined ? undefined : 'true')}>`;
  return html`<div class="field${fault === undefined ? '' : ' field-wrong'}"><label for="${idOf(field)}">${name}</label>${fault !== undefined && html`<p class="fault" id="${idOf(field)}-fault">${fault}</p>`}${control}</div>`;
}
