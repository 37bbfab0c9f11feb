// Owns how the console's pages of labels, photographs and the organisation's profile look.
import { LABEL_FORMATS, type LabelFormat } from '../core/label-formats.ts';
import { type PhotoSize, photoPath } from '../core/photo.ts';
import { type Profile, type ProfileWords, SERVICE_KINDS, type ShownProfile } from '../core/profile.ts';
import {
  choiceField,
  faultList,
  fileField,
  formOf,
  radioField,
  textArea,
  textField,
  tickField,
} from './form-fields.ts';
import { attr, type Html, html } from './html.ts';
import { LANGUAGE_NAMES, LANGUAGES } from './languages.ts';

type Faults = Readonly<Record<string, string>>;
type Values = Readonly<Record<string, string>>;

export interface LabelForm {
  readonly token: string;
  readonly values: Values;
  readonly faults: Faults;
  readonly imports: readonly { readonly id: number; readonly accepted: number }[];
  /** What it would come to, after it was asked for. */
  readonly looked?: {
    readonly count: number;
    readonly format: LabelFormat;
    readonly moduleMm: number;
    readonly note: string | undefined;
  };
}

const LEVELS = [
  ['L', 'L: smallest code, 7 % may be damaged'],
  ['M', 'M: 15 % may be damaged, fits most tags'],
  ['Q', 'Q: 25 %, where the print may wear'],
  ['H', 'H: 30 %, the largest code'],
] as const;

export function labelsMain({ token, values, faults, imports, looked }: LabelForm): Html {
  const field = (name: string, label: string) => ({ name, label, value: values[name], fault: faults[name] });
  const { of: whole = '', ...shown } = faults;
  return html`<p class="opening">Sheets of codes with the number a person can type. What is printed leads to the piece’s page for as long as this ledger’s address stands.</p>
${faultList({ ...shown, ...(whole && { '': whole }) }, { codes: 'Codes', format: 'Labels', start: 'First label', mostMm: 'Width', batchId: 'Batch' })}
${looked && html`<p class="done" role="status">${looked.count} ${looked.count === 1 ? 'label' : 'labels'} on ${Math.ceil((looked.count + Number(values['start'] || 1) - 1) / (looked.format.columns * looked.format.rows))} ${looked.format.columns * looked.format.rows === 1 ? 'on the roll' : 'sheets'}; each module of the code is ${looked.moduleMm.toFixed(2)} mm wide. ${looked.note ?? 'Any telephone reads that.'}</p>`}
${formOf({
  action: '/workshop/labels',
  token,
  submit: 'Make the sheets',
  beside: html`<button type="submit" name="do" value="look" class="beside">How small do they get?</button>`,
  main: html`${radioField({
    ...field('of', 'Of which pieces'),
    fault: undefined,
    value: values['of'] ?? 'codes',
    choices: [
      ['codes', 'these'],
      ['import', 'all of a file'],
      ['batch', 'all of a batch'],
    ],
  })}
${textArea({ ...field('codes', 'Codes or addresses'), rows: 4, literal: true, hint: 'One a line, as printed, typed or scanned.' })}
${choiceField({ ...field('importId', 'File'), choices: [['', 'none'], ...imports.map(({ id, accepted }) => [String(id), `File ${id}: ${accepted} pieces`] as const)] })}
${textField({ ...field('batchId', 'Batch'), literal: true, hint: 'Its id, as on the page of batches.' })}
${choiceField({ ...field('format', 'Labels'), required: true, choices: LABEL_FORMATS.map(({ name, words }) => [name, words] as const) })}
<div class="fields">${textField({ ...field('start', 'First label that is not used up'), value: values['start'] ?? '1', type: 'number', required: true })}
${textField({ ...field('mostMm', 'Width of the code in mm'), type: 'number', hint: 'Left empty: as large as fits.' })}</div>
${choiceField({ ...field('level', 'Error correction'), value: values['level'] ?? 'M', required: true, choices: LEVELS })}
${tickField(field('title', 'With the title of the piece'))}`,
})}`;
}

export interface PhotoForm {
  readonly token: string;
  readonly photos: readonly (PhotoSize & {
    readonly sha256: string;
    readonly mediaType: string;
    readonly at: string;
  })[];
  readonly fault?: string;
}

export function photosMain({ token, photos, fault }: PhotoForm): Html {
  return html`<p class="opening">A photograph is turned upright and written anew before it is kept: place, time, camera and whatever else stands beside the picture is left out. A record names it by the fingerprint beneath.</p>
${formOf({
  action: '/workshop/photos',
  token,
  submit: 'Keep them',
  upload: true,
  main: fileField({
    name: 'photos',
    label: 'Photographs',
    accept: 'image/jpeg,image/png,image/webp',
    multiple: true,
    required: true,
    fault,
    hint: 'JPEG, PNG or WebP, 20 MiB each at most.',
  }),
})}
${
  photos.length === 0
    ? html`<p class="quiet">None yet.</p>`
    : html`<h2>Your photographs, newest first</h2><ul class="photo-list">${photos.map(
        ({ sha256, width, height, mediaType }, i) =>
          html`<li><a href="${photoPath(sha256)}"><img src="${photoPath(sha256, width > 480 ? 480 : undefined)}" alt="Photograph ${i + 1}, ${width} × ${height} pixels" loading="lazy"></a><code>${sha256}</code><span class="quiet">${mediaType}, ${width} × ${height}</span></li>`,
      )}</ul>`
}`;
}

export interface ProfileForm {
  readonly token: string;
  readonly shown: ShownProfile | undefined;
  /** Which language's words are edited. */
  readonly language: string;
  readonly values: Values;
  readonly faults: Faults;
  readonly photos: readonly { readonly sha256: string; readonly at: string }[];
  /** What the domain is to answer with. */
  readonly statement: string;
}

export const SPARE_ROWS = 2;
const OUTCOMES: Readonly<Record<string, string>> = {
  controls: 'It says it is yours. Pages of your pieces say so, with the day.',
  'not-named': 'It has the document, but the document does not name your organisation on this chain.',
  'not-understood': 'It answered with something else than the document.',
  'no-document': 'There is no such document: it must be answered with 200 at that very address, without a redirection.',
  'too-large': 'The document is larger than 16 KiB.',
  'not-public': 'Its name leads to no address of the open internet.',
  'not-reached': 'It could not be reached by https within five seconds.',
};

export function profileMain({ token, shown, language, values, faults, photos, statement }: ProfileForm): Html {
  const field = (name: string, label: string) => ({ name, label, value: values[name], fault: faults[name] });
  const said = shown?.profile.words ?? [];
  return html`<p class="opening">What visitors of your pieces’ pages are told of you today, apart from the record and with the day you last changed it. It is not on the chain: you may change it at any time.</p>
${faultList(faults, {})}
<nav aria-label="Language of your words"><ul class="actions">${LANGUAGES.map((one) => html`<li class="plain"><a class="button beside" href="/workshop/profile?language=${one}"${attr('aria-current', one === language ? 'true' : undefined)}>${LANGUAGE_NAMES[one]}${said.some((words) => words.language === one) && ' ✓'}</a></li>`)}</ul></nav>
${formOf({
  action: '/workshop/profile',
  token,
  submit: 'Say so from now on',
  main: html`<input type="hidden" name="language" value="${language}">
<fieldset class="group"><legend>Reaching you</legend>
${textField({ ...field('email', 'Mail'), type: 'email' })}${textField({ ...field('phone', 'Telephone'), hint: '+33 1 23 45 67 89' })}${textArea({ ...field('postal', 'Post'), rows: 3 })}${textField({ ...field('website', 'Web site'), type: 'url', hint: 'https://…' })}
${textField({ ...field('domain', 'Domain'), literal: true, hint: 'Such as atelier-lune.example. It is told as yours only once it says so itself; see below.' })}
${choiceField({ ...field('logo', 'Logo'), choices: [['', 'none'], ...photos.map(({ sha256, at }) => [sha256, `${sha256.slice(0, 14)}…, kept ${at.slice(0, 10)}`] as const)] })}</fieldset>
<fieldset class="group"><legend>Your words in ${LANGUAGE_NAMES[language as keyof typeof LANGUAGE_NAMES] ?? language}</legend>
${textArea({ ...field('story', 'Your story'), rows: 6 })}
${rowsOf(values, 'care').map((n) => careRow(n, field))}
${rowsOf(values, 'service').map((n) => serviceRow(n, field))}</fieldset>`,
})}
${domainPart(shown, token, statement)}`;
}

type FieldOf = (
  name: string,
  label: string,
) => { name: string; label: string; value: string | undefined; fault: string | undefined };

function careRow(n: number, field: FieldOf): Html {
  return html`${textArea({ ...field(`care_${n}_text`, `Care ${n}`), rows: 2 })}
<div class="fields">${textField({ ...field(`care_${n}_kinds`, `For kinds (care ${n})`), hint: 'ring, bracelet. Empty: all.' })}${textField({ ...field(`care_${n}_materials`, `For materials (care ${n})`), hint: 'gold, pearl. Empty: all.' })}</div>`;
}

function serviceRow(n: number, field: FieldOf): Html {
  return html`<div class="fields">${choiceField({ ...field(`service_${n}_kind`, `Service ${n}`), choices: [['', 'none'], ...SERVICE_KINDS.map((kind) => [kind, kind] as const)] })}${textField(field(`service_${n}_text`, `What you do (service ${n})`))}</div>
<div class="fields">${textField(field(`service_${n}_where`, `Where (service ${n})`))}${textField({ ...field(`service_${n}_link`, `Link (service ${n})`), type: 'url' })}</div>`;
}

/** Those that are filled in, and some to fill in. */
export function rowsOf(values: Values, what: 'care' | 'service'): number[] {
  const filled = Object.keys(values).flatMap((name) => {
    const n = new RegExp(`^${what}_(\\d{1,2})_`).exec(name)?.[1];
    return n !== undefined && values[name] ? [Number(n)] : [];
  });
  const last = Math.max(0, ...filled);
  return Array.from({ length: Math.min(32, last + SPARE_ROWS) }, (_, i) => i + 1);
}

/** A profile as the form's fields. */
export function profileValues(
  { contact, website, domain, logo }: Profile,
  words: ProfileWords | undefined,
): Record<string, string> {
  const values: Record<string, string | undefined> = { ...contact, website, domain, logo, story: words?.story };
  words?.care?.forEach(({ text, kinds, materials }, i) => {
    Object.assign(values, {
      [`care_${i + 1}_text`]: text,
      [`care_${i + 1}_kinds`]: kinds?.join(', '),
      [`care_${i + 1}_materials`]: materials?.join(', '),
    });
  });
  words?.services?.forEach(({ kind, text, where, link }, i) => {
    const at = `service_${i + 1}_`;
    Object.assign(values, { [`${at}kind`]: kind, [`${at}text`]: text, [`${at}where`]: where, [`${at}link`]: link });
  });
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function domainPart(shown: ShownProfile | undefined, token: string, statement: string): Html | null {
  const domain = shown?.profile.domain;
  if (domain === undefined) return null;
  const check = shown?.domain;
  return html`<section class="part" aria-labelledby="domain-heading"><h2 id="domain-heading">Your domain</h2>
<p>Put this at <code>https://${domain}/.well-known/touchstone.json</code>:</p>
<p class="shown-once">${statement}</p>
${check && html`<p>Looked at on ${check.at.slice(0, 10)}, ${check.at.slice(11, 16)} UTC: <strong>${OUTCOMES[check.outcome]}</strong></p>`}
${formOf({ action: '/workshop/profile/domain', token, submit: `Look at ${domain} now`, main: html`` })}</section>`;
}
