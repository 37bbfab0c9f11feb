// Owns how the form for one piece looks: its fields by group, materials in rows that are added and taken out by buttons of
// the form itself, and everything that was typed kept through it.
import { choicesOf, columnOf, fieldsOfMaterial, fieldsOfPiece, PIECE_FIELDS } from '../core/piece-form.ts';
import { choiceField, faultList, textArea, textField } from './form-fields.ts';
import { attr, type Html, html } from './html.ts';
import { hidden } from './workshop-frame.ts';

export interface PieceForm {
  readonly values: Readonly<Record<string, string>>;
  /** Which material rows there are. */
  readonly rows: readonly string[];
  readonly faults: Readonly<Record<string, string>>;
  readonly token: string;
  /** Of this form: sent twice, it registers once. */
  readonly once: string;
  /** Pictures uploaded before, to choose from. */
  readonly photos: readonly { readonly sha256: string; readonly mediaType: string; readonly name: string }[];
}

/** What a column is called on a form, where its meaning is too long for a label. */
const LABELS: Readonly<Record<string, string>> = {
  title: 'Title',
  kind: 'Kind',
  recorded_as: 'You are its',
  language: 'Language of your words',
  code: 'A code of your own, printed already',
  gtin: 'GTIN',
  serial: 'Serial number',
  claim_key: 'Public key of its claim card',
  story: 'Story',
  maker: 'Maker',
  made_place: 'Place',
  made_country: 'Country (two letters)',
  made_date: 'When, in your words',
  made_from: 'From (year or day)',
  made_to: 'To (year or day)',
  mass_g: 'Weight, g',
  height_mm: 'Height, mm',
  width_mm: 'Width, mm',
  depth_mm: 'Depth, mm',
  length_mm: 'Length, mm',
  diameter_mm: 'Diameter, mm',
  ring_size: 'Ring size',
  ring_size_system: 'Ring size system',
  'metal_#': 'Metal',
  'metal_#_fineness': 'Fineness, thousandths',
  'metal_#_mass_g': 'Weight, g',
  'metal_#_recycled_percent': 'Recycled, %',
  'metal_#_plating': 'Plated with',
  'metal_#_plating_um': 'Plating, µm',
  'metal_#_hallmark_sponsor': 'Hallmark: sponsor',
  'metal_#_hallmark_fineness': 'Hallmark: fineness',
  'metal_#_assay_office': 'Hallmark: assay office',
  'metal_#_hallmark_year': 'Hallmark: year',
  'metal_#_alloy': 'Alloy',
  'stone_#': 'Stone',
  'stone_#_nature': 'Natural or not',
  'stone_#_carat': 'Weight of all, ct',
  'stone_#_report_issuer': 'Report by',
  'stone_#_report_number': 'Report number',
  'stone_#_treatments': 'Treatments',
  'other_#': 'Material',
  'other_#_description': 'Exactly',
  'other_#_mass_g': 'Weight, g',
  inscription_1: 'Inscription',
  inscription_1_place: 'Where it stands',
  care_1: 'Care',
  craftsmanship_1: 'How it was made',
  claim_1: 'Something you state about it',
  claim_1_evidence: 'Who stands behind that',
  claim_1_by: 'Who that is',
  descriptor_1_type: 'A number or word of your own: what it is',
  descriptor_1_value: 'That number or word',
  link_1: 'Link',
  nickel_ug_cm2_week: 'Nickel release, µg/cm² a week',
  lead_mg_kg: 'Lead, mg/kg',
  cadmium_mg_kg: 'Cadmium, mg/kg',
};
const ENDINGS: Readonly<Record<string, string>> = {
  _colour: 'Colour',
  _part: 'Which part',
  _origin_country: 'Origin (country)',
  _custody: 'Chain of custody',
  _lot: 'Lot it is drawn from',
  _stated: 'In your own words',
};
const HINTS: Readonly<Record<string, string>> = {
  made_from: 'Such as 2025 or 2025-03-01',
  claim_key: '0x and 40 digits, from the page of claim cards. Never the card’s secret.',
  'metal_#_fineness': '750 is 18 carat',
  'stone_#_treatments': 'Separated by semicolons',
  nickel_ug_cm2_week: 'Measured, or “<0.2”',
};
/** Without these the piece, or a row of it, is nothing. */
const WANTED = /^(title|kind|(metal|stone|other)_\d+)$/;

export function labelOf(name: string): string {
  const general = name.replace(/_\d+(?=_|$)/, '_#');
  const ending = /_#(_\w+)$/.exec(general)?.[1] ?? '';
  return LABELS[name] ?? LABELS[general] ?? ENDINGS[ending] ?? columnOf(name)?.meaning ?? name;
}

/** One field by its column: a list of words to choose from, lines, or a line. */
export function pieceField(name: string, { values, faults }: Pick<PieceForm, 'values' | 'faults'>): Html {
  const column = columnOf(name);
  const general = name.replace(/_\d+(?=_|$)/, '_#');
  const field = {
    name,
    label: labelOf(name),
    value: values[name],
    hint: HINTS[name] ?? HINTS[general],
    fault: faults[name],
    ...(WANTED.test(name) && { required: true }),
  };
  const choices = column && choicesOf(column);
  if (choices) {
    const words = choices.map((word) => [word, word.replaceAll('-', ' ')] as const);
    return choiceField({ ...field, choices: [['', '—'], ...words] });
  }
  if (column?.reads.startsWith('prose')) return textArea({ ...field, rows: 2 });
  const measured = column?.reads.startsWith('measure') ?? false;
  return textField({ ...field, ...(measured && { inputMode: 'decimal' as const }) });
}

export function pieceFormMain(form: PieceForm): Html {
  const labels = Object.fromEntries(fieldsOfPiece(form.rows).map((name) => [name, labelOf(name)]));
  const fieldsFor = (names: readonly string[]) => names.map((name) => pieceField(name, form));
  return html`<p class="opening">What you state here becomes the piece’s record: it can be corrected beside it later, never changed. Before anything is stored you see it as its passport will show it. Only a title, a kind and one material are needed.</p>
${faultList(form.faults, labels)}
<form class="form piece-form" method="post" action="/workshop/register" novalidate>
${hidden('token', form.token)}${hidden('once', form.once)}${form.rows.map((row) => hidden('row', row))}
<button type="submit" name="step" value="preview" hidden></button>
<fieldset class="group"><legend>The piece</legend><div class="fields">${fieldsFor(PIECE_FIELDS.piece)}</div></fieldset>
${form.rows.map((row) => materialGroup(row, form))}
<p class="actions">${[
    ['metal', 'Add a metal'],
    ['stone', 'Add a stone'],
    ['other', 'Add another material'],
  ].map(
    ([sort, text]) => html`<button type="submit" class="beside" name="step" value="more ${sort}">${text}</button>`,
  )}</p>
${folded('Measures', PIECE_FIELDS.measures, form)}
${folded('Maker and making', PIECE_FIELDS.making, form)}
${folded('Marks, claims and care', PIECE_FIELDS.marks, form)}
${photoGroup(form)}
${folded('Its code and claim card', PIECE_FIELDS.code, form, html`<p class="hint">Left empty, a code of your own is drawn at random. With a GTIN, the serial number may be drawn.</p>`)}
${choiceField({
  name: 'mode',
  label: 'What goes on the chain',
  required: true,
  value: form.values['mode'] ?? '',
  choices: [
    ['', 'As usual: the record itself, for everybody and for ever'],
    ['root-only', 'Only its fingerprint; the record stays with this service and in evidence files'],
  ],
})}
<p class="form-send"><button type="submit" name="step" value="preview">Look at it first</button></p>
</form>`;
}

function materialGroup(row: string, form: PieceForm): Html {
  const [head = '', ...rest] = fieldsOfMaterial(row);
  const [near, far] = [rest.slice(0, 4), rest.slice(4)];
  const noun = row.startsWith('metal') ? 'Metal' : row.startsWith('stone') ? 'Stone' : 'Material';
  const place = Number(row.split('_')[1]);
  return html`<fieldset class="group"><legend>${noun} ${place}</legend>
<div class="fields">${[head, ...near].map((name) => pieceField(name, form))}</div>
${more('More about it', far, form)}
<p class="actions"><button type="submit" class="beside" name="step" value="less ${row}">Take ${noun.toLowerCase()} ${place} out</button></p></fieldset>`;
}

function folded(legend: string, names: readonly string[], form: PieceForm, words?: Html): Html {
  return html`<fieldset class="group"><legend>${legend}</legend>${words}<div class="fields">${names.map((name) => pieceField(name, form))}</div></fieldset>`;
}

/** Open where something stands in it or is wrong with it. */
function more(summary: string, names: readonly string[], form: PieceForm): Html {
  const open = names.some((name) => (form.values[name] ?? '') !== '' || form.faults[name] !== undefined);
  return html`<details class="more"${attr('open', open)}><summary>${summary}</summary><div class="fields">${names.map((name) => pieceField(name, form))}</div></details>`;
}

function photoGroup(form: PieceForm): Html | null {
  if (form.photos.length === 0) return null;
  const choices = form.photos.map(({ sha256, name }) => [sha256, name] as const);
  return html`<fieldset class="group"><legend>Photographs</legend><p class="hint">Of those you uploaded. A picture without words is no use to whoever can’t see it.</p>
${[1, 2, 3].map(
  (n) =>
    html`<div class="fields">${choiceField({ name: `image_${n}_sha256`, label: `Photograph ${n}`, value: form.values[`image_${n}_sha256`], fault: form.faults[`image_${n}_sha256`], choices: [['', 'none'], ...choices] })}${textField({ name: `image_${n}_alt`, label: 'What it shows', value: form.values[`image_${n}_alt`], fault: form.faults[`image_${n}_alt`] })}</div>`,
)}</fieldset>`;
}

/** Everything of the form, to be sent again from the page that shows what it makes. */
export function pieceFormKept({ values, rows, token, once }: Omit<PieceForm, 'faults' | 'photos'>): Html {
  const filled = Object.entries(values).filter(([, value]) => value !== '');
  return html`${hidden('token', token)}${hidden('once', once)}${rows.map((row) => hidden('row', row))}${filled.map(([name, value]) => hidden(name, value))}`;
}
