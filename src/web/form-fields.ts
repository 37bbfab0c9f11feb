// Owns how the fields of a form look: label, hint, what was typed before, and what is wrong with it beside it and on top of
// the form. Which fields there are is the pages' business; they work without script.
import { attr, type Html, html } from './html.ts';
import { hidden } from './workshop-frame.ts';

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly value?: string | undefined;
  readonly hint?: string | undefined;
  readonly fault?: string | undefined;
  /** True: nothing comes of the form without it. False: it says that it may be left out; unsaid otherwise. */
  readonly required?: boolean;
  readonly maxLength?: number;
  readonly type?: 'text' | 'number' | 'date' | 'password' | 'email' | 'url' | 'search';
  /** What the browser may fill in. */
  readonly autocomplete?: string;
  readonly inputMode?: 'numeric' | 'decimal' | 'text';
  /** The code or key is not prose. */
  readonly literal?: boolean;
}

export function textField(field: Field): Html {
  const { name, value, required, maxLength, type = 'text', autocomplete = 'off', inputMode, literal } = field;
  return around(
    field,
    html`<input id="${idOf(name)}" name="${name}" type="${type}" autocomplete="${autocomplete}"${attr('value', value || undefined)}${attr('required', required)}${attr('maxlength', maxLength)}${attr('inputmode', inputMode)}${attr('step', type === 'number' ? 'any' : undefined)}${literal ? [attr('class', 'code'), attr('autocapitalize', 'off'), attr('spellcheck', 'false')] : null}${described(field)}>`,
  );
}

export function textArea(field: Field & { readonly rows?: number }): Html {
  const { name, value, required, maxLength, rows = 3, literal } = field;
  // A line feed that comes first in the element is not part of what stands in it.
  return around(
    field,
    html`<textarea id="${idOf(name)}" name="${name}" rows="${rows}"${attr('required', required)}${attr('maxlength', maxLength)}${literal ? [attr('class', 'code'), attr('spellcheck', 'false')] : null}${described(field)}>
${value ?? ''}</textarea>`,
  );
}

export type Choice = readonly [value: string, label: string];

export function choiceField(field: Field & { readonly choices: readonly Choice[] }): Html {
  const { name, value, required, choices } = field;
  return around(
    field,
    html`<select id="${idOf(name)}" name="${name}"${attr('required', required)}${described(field)}>${choices.map(([one, label]) => html`<option value="${one}"${attr('selected', one === (value ?? ''))}>${label}</option>`)}</select>`,
  );
}

/** One of a few, all of them to be seen. */
export function radioField(field: Field & { readonly choices: readonly Choice[] }): Html {
  const { name, label, value, hint, fault, choices } = field;
  return html`<fieldset class="field${fault === undefined ? '' : ' field-wrong'}" id="${idOf(name)}"${described(field)}><legend>${label}</legend>${beneath(name, hint, fault)}
${choices.map(([one, text], i) => html`<label class="tick"><input type="radio" name="${name}" value="${one}" id="${idOf(name)}-${i}"${attr('checked', one === value)}> <span>${text}</span></label>`)}</fieldset>`;
}

export function tickField({ name, label, value, hint, fault }: Field): Html {
  return html`<div class="field${fault === undefined ? '' : ' field-wrong'}"><label class="tick"><input type="checkbox" id="${idOf(name)}" name="${name}" value="yes"${attr('checked', value === 'yes')}${described({ name, hint, fault })}> <span>${label}</span></label>${beneath(name, hint, fault)}</div>`;
}

/** @param accept as the element takes it: .csv,.json */
export function fileField(field: Field & { readonly accept?: string; readonly multiple?: boolean }): Html {
  const { name, required, accept, multiple } = field;
  return around(
    field,
    html`<input id="${idOf(name)}" name="${name}" type="file"${attr('accept', accept)}${attr('multiple', multiple)}${attr('required', required)}${described(field)}>`,
  );
}

function around(field: Field, control: Html): Html {
  const { name, label, hint, fault, required } = field;
  return html`<div class="field${fault === undefined ? '' : ' field-wrong'}"><label for="${idOf(name)}">${label}${required === false && html` <span class="quiet">(optional)</span>`}</label>${beneath(name, hint, fault)}${control}</div>`;
}

/** Between a label and its field: a telephone's keyboard covers what stands below. */
function beneath(name: string, hint: string | undefined, fault: string | undefined): Html {
  return html`${hint !== undefined && html`<p class="hint" id="${idOf(name)}-hint">${hint}</p>`}${fault !== undefined && html`<p class="fault" id="${idOf(name)}-fault">${sentence(fault)}</p>`}`;
}

function described({ name, hint, fault }: Pick<Field, 'name' | 'hint' | 'fault'>) {
  const ids = [hint !== undefined && `${idOf(name)}-hint`, fault !== undefined && `${idOf(name)}-fault`];
  const said = ids.filter((id) => id !== false).join(' ');
  return [attr('aria-describedby', said || undefined), attr('aria-invalid', fault === undefined ? undefined : 'true')];
}

export interface FormOf {
  readonly action: string;
  readonly token: string;
  readonly submit: string;
  readonly main: Html;
  /** Has a file in it. */
  readonly upload?: boolean;
  /** Does what can't be undone. */
  readonly grave?: boolean;
  /** Beside the button that sends it: another button, a way back. */
  readonly beside?: Html;
  readonly name?: string;
}

export function formOf({ action, token, submit, main, upload, grave, beside, name }: FormOf): Html {
  return html`<form class="form" method="post" action="${action}"${attr('enctype', upload ? 'multipart/form-data' : undefined)}${attr('id', name)} novalidate>
${hidden('token', token)}
${main}
<p class="form-send"><button type="submit"${attr('class', grave ? 'grave' : undefined)}>${submit}</button>${beside}</p>
</form>`;
}

/** On top of a form that was not taken: what is wrong, each with a way to its field. */
export function faultList(
  faults: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): Html | undefined {
  const entries = Object.entries(faults);
  if (entries.length === 0) return undefined;
  return html`<div class="faults" role="alert"><p><strong>${entries.length === 1 ? 'One thing is to be put right.' : `${entries.length} things are to be put right.`}</strong> Nothing was stored.</p>
<ul>${entries.map(([name, reason]) => html`<li>${name in labels ? html`<a href="#${idOf(name)}">${labels[name]}</a>: ${reason}` : sentence(`${name} ${reason}`.trim())}</li>`)}</ul></div>`;
}

/** One sentence about the whole. */
export function alertOf(sentenceOfIt: string): Html {
  return html`<div class="faults" role="alert"><p>${sentenceOfIt}</p></div>`;
}

export function idOf(name: string): string {
  return `f-${name.replace(/[^\w-]/g, '-')}`;
}

/** Faults are told of a field, without its name: “must be …”. */
function sentence(reason: string): string {
  const text = `${reason.slice(0, 1).toUpperCase()}${reason.slice(1)}`;
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
