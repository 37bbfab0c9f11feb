// Owns what can be done with one piece in the console: for whom, with which words, and which act each form becomes. Whether
// the chain takes it is the act's own business.
import { codePath } from '../core/code.ts';
import { END_KINDS, WORK_KINDS } from '../core/life.ts';
import { LIFE_STATEMENT_SCHEMA } from '../core/life-statement.ts';
import type { Passport } from '../core/passport.ts';
import type { ActionField, ActionWords } from '../web/piece-actions.ts';
import type { Fields } from './workshop-form.ts';

export interface PieceAction extends ActionWords {
  readonly name: string;
  /** Who is offered it: whoever holds the piece, whoever registered it, or an organisation that works on pieces. */
  readonly who: 'keeper' | 'registrant' | 'service';
  /** Where it makes no sense as the piece stands. */
  readonly unless?: (passport: Passport) => boolean;
  /** Of the request for the act, beside its name and the piece. */
  body(fields: Fields, passport: Passport): Record<string, unknown>;
}

const reason: ActionField = {
  name: 'words',
  label: 'Why, in words for everybody who looks the piece up',
  kind: 'prose',
  required: true,
  hint: 'Public for ever. Say what an owner should do.',
};
const words = (fields: Fields) => ({ words: fields.get('words') });
const is = (passport: Passport, state: 'recalled' | 'withdrawn'): boolean => passport.standing[state].length > 0;

/** A statement's members that a form leaves empty are not said. */
function statement(kind: string, fields: Fields, more: Record<string, unknown> = {}) {
  const text = fields.get('date');
  const date = text === '' ? {} : { date: { text, from: text, to: text } };
  const by = fields.get('by') === '' ? {} : { by: fields.get('by') };
  return { schema: LIFE_STATEMENT_SCHEMA, kind, language: 'en', words: fields.get('words'), ...date, ...by, ...more };
}

/** What the record says at a path, to be set right by another value of the same kind. */
function correctedValue(fields: Fields, passport: Passport): Record<string, unknown> {
  const text = fields.get('value');
  if (text === '') return {};
  const found = leavesOf(passport.record).find(([path]) => path === fields.get('path'));
  const numeric = typeof found?.[1] === 'number' || (found?.[1] === 'unknown' && /^\d+$/.test(text));
  return { value: numeric && /^-?\d{1,15}$/.test(text) ? Number(text) : text };
}

/** Every member of a record that holds text or a number, by its path. */
export function leavesOf(value: unknown, path = ''): [path: string, value: string | number][] {
  if (typeof value === 'string' || typeof value === 'number') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, `${path}/${name}`));
}

const MOST_OFFERED = 200;
const FIXED = /^\/(schema|code|annexRoot)(\/|$)/;

export const PIECE_ACTIONS: readonly PieceAction[] = [
  {
    name: 'release',
    who: 'keeper',
    title: 'Release it: it is sold',
    says: 'Whoever holds the claim card can make the piece hers from now on, for a year. Until she does, you can take the release back.',
    submit: 'Release the piece',
    fields: [],
    body: () => ({}),
  },
  {
    name: 'withdraw-handovers',
    who: 'keeper',
    title: 'Take the release back',
    says: 'Every release and handover of the piece that was not used is worthless afterwards. Its card works again once you release the piece again.',
    submit: 'Take it back',
    fields: [],
    body: () => ({}),
  },
  {
    name: 'transfer',
    who: 'keeper',
    title: 'Pass it on to an address',
    says: 'The piece is the address’s as soon as the chain has it, and nobody but its holder can bring it back. A wrong address loses the piece. To another organisation, offer it instead: it is asked first.',
    submit: 'Pass it on for good',
    grave: true,
    typed: true,
    fields: [{ name: 'to', label: 'Address', kind: 'literal', required: true, hint: '0x and 40 digits' }],
    body: (fields) => ({ to: fields.get('to') }),
  },
  {
    name: 'set-card',
    who: 'keeper',
    title: 'Give it a fresh claim card',
    says: 'The card it has opens nothing any more; the fresh one does, once the piece is released. For returned goods, or a lost card. The secret is made on your device, on the page of claim cards or by “touchstone cards”: only its public key comes here.',
    submit: 'Set the fresh card',
    grave: true,
    fields: [
      {
        name: 'claimKey',
        label: 'Public key of the fresh card',
        kind: 'literal',
        required: true,
        hint: '0x and 40 digits',
      },
    ],
    body: (fields) => ({ claimKey: fields.get('claimKey') }),
  },
  {
    name: 'recall',
    who: 'registrant',
    title: 'Recall it',
    says: 'Its passport warns everybody who looks the piece up, with your reason, whoever owns it by now. It can still be passed on. You can lift the recall, but that it was recalled stays to be read.',
    submit: 'Recall the piece',
    grave: true,
    typed: true,
    fields: [reason],
    unless: (passport) => is(passport, 'recalled'),
    body: words,
  },
  {
    name: 'lift-recall',
    who: 'registrant',
    title: 'Lift its recall',
    says: 'The warning goes from the passport; that the piece was recalled, and why not any more, stays to be read.',
    submit: 'Lift the recall',
    fields: [reason],
    unless: (passport) => !is(passport, 'recalled'),
    body: words,
  },
  {
    name: 'correct',
    who: 'registrant',
    title: 'Correct its record',
    says: 'The record itself never changes. The correction stands beside it for ever, with what is right and why.',
    submit: 'Publish the correction',
    grave: true,
    fields: [
      { name: 'path', label: 'What is wrong', kind: 'choice', required: true },
      {
        name: 'value',
        label: 'What is right',
        kind: 'line',
        hint: 'As the record writes it: milligrams, thousandths, micrometres. Empty: nothing should have been said.',
      },
      { name: 'why', label: 'Why it was wrong', kind: 'prose', required: true },
      { ...reason, label: 'In a sentence for everybody', hint: 'Public for ever.' },
    ],
    body: (fields, passport) => ({
      words: fields.get('words'),
      statement: statement('corrected', fields, {
        corrections: [{ path: fields.get('path'), why: fields.get('why'), ...correctedValue(fields, passport) }],
      }),
    }),
  },
  {
    name: 'withdraw-registration',
    who: 'registrant',
    title: 'Withdraw its registration',
    says: 'For good: its passport says that you do not stand by the registration any more. Whoever owns it still does. This can not be undone.',
    submit: 'Withdraw it for good',
    grave: true,
    typed: true,
    fields: [reason],
    unless: (passport) => is(passport, 'withdrawn'),
    body: words,
  },
  {
    name: 'end',
    who: 'keeper',
    title: 'Say that it is no more',
    says: 'For good: the piece was melted, dismantled or destroyed. It is never passed on again. This can not be undone.',
    submit: 'End it for good',
    grave: true,
    typed: true,
    fields: [
      { name: 'kind', label: 'What became of it', kind: 'choice', required: true, choices: END_KINDS },
      { name: 'words', label: 'What there is to say about it', kind: 'prose', required: true },
    ],
    body: (fields) => ({ kind: fields.get('kind'), statement: statement(fields.get('kind'), fields) }),
  },
  {
    name: 'request-record',
    who: 'service',
    title: 'Enter work done on it',
    says: 'Its owner is asked to agree; nothing is recorded before she does. The request waits two weeks.',
    submit: 'Ask its owner',
    fields: [
      { name: 'kind', label: 'What was done', kind: 'choice', required: true, choices: WORK_KINDS },
      {
        name: 'words',
        label: 'In your words',
        kind: 'prose',
        required: true,
        hint: 'As you would tell it over the counter.',
      },
      { name: 'date', label: 'On which day', kind: 'date' },
      { name: 'by', label: 'By whom, if not by you', kind: 'line' },
    ],
    body: (fields) => ({ kind: fields.get('kind'), statement: statement(fields.get('kind'), fields) }),
  },
];

/** The form's choices, where they are the piece's own. */
export function choicesFor(field: ActionField, passport: Passport): readonly (readonly [string, string])[] {
  if (field.choices) return field.choices.map((one) => [one, one.replaceAll('-', ' ')]);
  const leaves = leavesOf(passport.record).filter(([path]) => !FIXED.test(path));
  return leaves
    .slice(0, MOST_OFFERED)
    .map(([path, value]) => [path, `${path.slice(1)}: ${String(value).slice(0, 80)}`]);
}

/** What is typed to show that this very piece is meant. */
export function typedCode({ code }: Passport): string {
  return codePath(code).split('/').at(-1) as string;
}
