// Owns how a piece's page in the console looks, and the forms of what can be done with it: each says what will happen, and
// what can't be undone asks for the piece's code.
import { moment, pieceLink, shortened, stateWords, table } from './console-words.ts';
import { choiceField, faultList, formOf, textArea, textField } from './form-fields.ts';
import { attr, type Html, html } from './html.ts';
import { hidden } from './workshop-frame.ts';

export interface ActionField {
  readonly name: string;
  readonly label: string;
  readonly kind: 'line' | 'prose' | 'literal' | 'choice' | 'date';
  readonly required?: boolean;
  readonly hint?: string;
  /** Without it, the choices are the piece's own. */
  readonly choices?: readonly string[];
}

export interface ActionWords {
  readonly title: string;
  /** What happens then, before it does. */
  readonly says: string;
  readonly submit: string;
  readonly grave?: boolean;
  /** The code has to be typed. */
  readonly typed?: boolean;
  readonly fields: readonly ActionField[];
}

export interface ActionForm {
  readonly action: ActionWords;
  readonly to: string;
  readonly back: string;
  /** What it is done to, as it is called. */
  readonly subject: Html;
  /** What has to be typed, where anything has. */
  readonly code: string;
  readonly values: Readonly<Record<string, string>>;
  readonly faults: Readonly<Record<string, string>>;
  readonly choices: (field: ActionField) => readonly (readonly [string, string])[];
  readonly token: string;
  readonly once: string;
}

export function actionMain({
  action,
  to,
  back,
  subject,
  code,
  values,
  faults,
  choices,
  token,
  once,
}: ActionForm): Html {
  const labels = Object.fromEntries([
    ...action.fields.map(({ name, label }) => [name, label]),
    ['confirm', 'The code'],
  ]);
  const fields = action.fields.map((field) => actionField(field, values[field.name], faults[field.name], choices));
  const confirm = textField({
    name: 'confirm',
    label: `Type ${code} to confirm`,
    required: true,
    literal: true,
    value: values['confirm'],
    fault: faults['confirm'],
  });
  return html`<p>${subject}</p><p class="opening">${action.says}</p>
${faultList(faults, labels)}
${formOf({
  action: to,
  token,
  submit: action.submit,
  grave: action.grave === true,
  main: html`${hidden('once', once)}${fields}${action.typed && confirm}`,
  beside: html`<a href="${back}">Leave it as it is</a>`,
})}`;
}

function actionField(
  field: ActionField,
  value: string | undefined,
  fault: string | undefined,
  choices: ActionForm['choices'],
): Html {
  const { kind, ...rest } = field;
  const told = { name: rest.name, label: rest.label, hint: rest.hint, required: rest.required ?? false, value, fault };
  if (kind === 'choice') return choiceField({ ...told, choices: [['', '—'], ...choices(field)] });
  if (kind === 'prose') return textArea(told);
  return textField({ ...told, ...(kind === 'date' && { type: 'date' as const }), literal: kind === 'literal' });
}

export interface ShownPiece {
  readonly path: string;
  readonly title: string;
  readonly state: string;
  readonly tokenId: string | null;
  readonly recordHash: string;
  readonly keeper: string;
  readonly registrant: string;
  readonly batch: { readonly no: number; readonly id: string } | null;
  readonly warnings: readonly string[];
  readonly actions: readonly { readonly name: string; readonly title: string; readonly grave: boolean }[];
  /** What was done with it here, newest first. */
  readonly acts: readonly ShownAct[];
}

export interface ShownAct {
  readonly id: string;
  readonly act: string;
  readonly path: string | null;
  readonly state: string;
  readonly acceptedAt: string;
}

export function pieceMain(piece: ShownPiece): Html {
  return html`<p class="actions"><a href="${piece.path}">Its passport, as everybody sees it</a> <a href="/api/v1/pieces${piece.path}/qr.svg">Its QR code</a></p>
${piece.warnings.length > 0 && html`<div class="faults"><ul>${piece.warnings.map((warning) => html`<li>${warning}</li>`)}</ul></div>`}
<dl class="facts"><div><dt>Code</dt><dd class="code">${piece.path}</dd></div>
<div><dt>State</dt><dd>${stateWords(piece.state)}</dd></div>
<div><dt>Held by</dt><dd>${piece.keeper}</dd></div>
<div><dt>Registered by</dt><dd>${piece.registrant}</dd></div>
${piece.batch !== null && html`<div><dt>Batch</dt><dd><a href="/workshop/batches/${piece.batch.no}">${piece.batch.no}</a> ${shortened(piece.batch.id)}</dd></div>`}
${piece.tokenId !== null && html`<div><dt>Token</dt><dd>${shortened(piece.tokenId)}</dd></div>`}
<div><dt>Fingerprint of its record</dt><dd class="code">${piece.recordHash}</dd></div></dl>
<section class="part" aria-labelledby="can"><h2 id="can">What you can do</h2>
${piece.tokenId === null && html`<p>Nothing yet: it is on its way to the chain, which takes a second or two.</p>`}
${piece.actions.length > 0 && html`<ul class="actions">${piece.actions.map(({ name, title, grave }) => html`<li><a class="button beside"${attr('data-grave', grave ? 'yes' : undefined)} href="/workshop/do/${name}${piece.path}">${title}</a></li>`)}</ul>`}
${piece.tokenId !== null && piece.actions.length === 0 && html`<p>Nothing: it is neither yours, nor did you register it.</p>`}</section>
<section class="part" aria-labelledby="acts"><h2 id="acts">What was done with it here</h2>
${piece.acts.length === 0 ? html`<p>Nothing yet.</p>` : actTable('Newest first', piece.acts)}</section>`;
}

export function actTable(caption: string, acts: readonly ShownAct[]): Html {
  return table(
    caption,
    [
      { head: 'What', cell: ({ id, act }) => html`<a href="/workshop/acts/${id}">${act.replaceAll('-', ' ')}</a>` },
      { head: 'State', cell: ({ state }) => stateWords(state) },
      { head: 'When', cell: ({ acceptedAt }) => moment(acceptedAt) },
      { head: 'Piece', cell: ({ path }) => (path === null ? '' : pieceLink(path)) },
    ],
    acts,
  );
}

export interface ShownReceipt extends ShownAct {
  readonly transaction: string | null;
  readonly error: { readonly detail: string } | null;
  /** Something may still become of it. */
  readonly underWay: boolean;
}

export function receiptMain(receipt: ShownReceipt): Html {
  const { path, state, transaction, error, underWay, acceptedAt, id } = receipt;
  return html`<p class="opening" role="status">${error ? error.detail : underWay ? html`On its way to the chain. This page looks again by itself.` : html`${sentences(state)}`}</p>
<dl class="facts"><div><dt>State</dt><dd>${stateWords(state)}</dd></div>
${path !== null && html`<div><dt>Piece</dt><dd>${pieceLink(path)}</dd></div>`}
<div><dt>Taken</dt><dd>${moment(acceptedAt)}</dd></div>
${transaction !== null && html`<div><dt>Transaction</dt><dd class="code">${transaction}</dd></div>`}
<div><dt>Receipt</dt><dd class="code">${id}</dd></div></dl>`;
}

function sentences(state: string): string {
  if (state === 'kept') return 'Done. It is kept here until it is used.';
  if (state === 'anchored' || state === 'final') return 'Done.';
  return `It is ${stateWords(state)}.`;
}
