// Owns the console's pages about lots of material: those held, declaring one, dividing one, passing one on.
import { CellFault, readMeasure } from '../core/cells.ts';
import { MEASURES } from '../core/column-table.ts';
import { TouchstoneError } from '../core/errors.ts';
import { hash } from '../core/fields.ts';
import { LOT_SCHEMA, LOT_UNITS, type LotUnit } from '../core/lot.ts';
import { CUSTODY_MODELS, METALS, OTHER_MATERIALS, STONE_NATURES } from '../core/vocabulary.ts';
import { asOfAt, found } from '../ledger/find.ts';
import { readCursor } from '../ledger/indexer.ts';
import { type LotStanding, lotAsItStands, lotsHeldBy } from '../ledger/lot-standings.ts';
import { addressOfHandle } from '../ledger/organisations.ts';
import type { Sql } from '../ports.ts';
import { html } from '../web/html.ts';
import { lotMain, lotsMain, quantityWords } from '../web/workshop-trade.ts';
import { doAct } from './console-acts.ts';
import { describedForm } from './console-forms.ts';
import type { Fields } from './workshop-form.ts';
import type { ConsoleRoute, Visit } from './workshop-route.ts';

const LOTS = '/workshop/lots';
const A_PAGE = 50;

/** How a quantity is typed, by the unit it is kept in. */
const TYPED_AS: Readonly<Record<LotUnit, (typeof MEASURES)[keyof typeof MEASURES]>> = {
  mg: { ...MEASURES.gram, max: Number.MAX_SAFE_INTEGER },
  'carat-thousandths': { ...MEASURES.carat, max: Number.MAX_SAFE_INTEGER },
  count: { ...MEASURES.pieces, min: 1, max: Number.MAX_SAFE_INTEGER },
};

/** @throws TouchstoneError invalid-request */
function quantityIn(text: string, unit: LotUnit, field: string): number {
  const value = readMeasure(text, TYPED_AS[unit], field);
  if (!(value instanceof CellFault)) return value;
  throw new TouchstoneError('invalid-request', 'Nothing was done.', { faults: [{ field, reason: value.reason }] });
}

/** By handle, as people know organisations, or by address. @throws TouchstoneError invalid-request */
export async function recipientIn(sql: Sql, text: string): Promise<string> {
  const said = text.trim().toLowerCase();
  const address = /^0x[0-9a-f]{40}$/.test(said)
    ? said
    : /^[a-z0-9-]{3,31}$/.test(said)
      ? await addressOfHandle(sql, said)
      : undefined;
  if (address !== undefined) return address;
  const faults = [{ field: 'to', reason: 'must be the handle of an organisation of this ledger, or its address' }];
  throw new TouchstoneError('invalid-request', 'Nothing was done.', { faults });
}

async function ownLot({ request, context, caller }: Visit): Promise<LotStanding> {
  const id = String(request.params['id']);
  const { db, chain } = context.ledger;
  const lot = hash.safeParse(id).success ? await lotAsItStands(db, asOfAt(chain, await readCursor(db)), id) : undefined;
  return found(lot && lot.holder.address === caller.organisation ? lot : undefined, 'A lot of yours with this id');
}

/** Which material: its sort and its name in one choice. */
const MATERIALS = [
  ...METALS.map((one) => [`metal ${one}`, one] as const),
  ...Object.keys(STONE_NATURES).map((one) => [`stone ${one}`, `stones, ${one}`] as const),
  ...OTHER_MATERIALS.map((one) => [`other ${one}`, one] as const),
];

function statementIn(fields: Fields): Record<string, unknown> {
  const [type = '', name = ''] = fields.get('material').split(' ');
  const material =
    type === 'metal'
      ? { type, metal: name }
      : type === 'stone'
        ? { type, species: fields.get('species') || 'unknown', nature: name }
        : { type, material: name };
  const unit = fields.get('unit') as LotUnit;
  const known = unit in LOT_UNITS;
  const fineness = fields.get('fineness');
  const country = fields.get('origin').toUpperCase();
  const optional = fields.filled('statement', 'reference');
  return {
    schema: LOT_SCHEMA,
    language: 'en',
    title: fields.get('title'),
    material,
    ...(type === 'metal' && {
      finenessPerMillion: fineness === '' ? 'unknown' : 1000 * quantityOf(fineness),
    }),
    unit,
    quantity: known ? quantityIn(fields.get('quantity'), unit, 'quantity') : 0,
    origin: country === '' ? 'unknown' : { country },
    custody: fields.get('custody') || 'unknown',
    ...optional,
  };
}

function quantityOf(text: string): number {
  const value = readMeasure(text, MEASURES.thousandths, 'fineness');
  if (!(value instanceof CellFault)) return value;
  const faults = [{ field: 'fineness', reason: value.reason }];
  throw new TouchstoneError('invalid-request', 'Nothing was done.', { faults });
}

const FIELD_OF: Readonly<Record<string, string>> = {
  finenessPerMillion: 'fineness',
  country: 'origin',
  metal: 'material',
  nature: 'material',
  quantities: 'quantities',
};
const fieldOf = (path: string): string => {
  const step =
    path
      .split('.')
      .filter((one) => !/^\d+$/.test(one))
      .at(-1) ?? path;
  return FIELD_OF[step] ?? step;
};

const declaring = describedForm({
  path: `${LOTS}/declare`,
  current: LOTS,
  scope: 'transfers:write',
  fieldOf,
  prepare: async () => ({
    subject: html`A quantity of one material you have.`,
    back: LOTS,
    values: { unit: 'mg', custody: 'unknown' },
    words: {
      title: 'Declare a lot',
      says: 'That it is there, and what it says it is, is your word: the ledger calls it a declaration. It goes on the chain for everybody and for ever, and pieces can be drawn from it until it is used up.',
      submit: 'Declare it',
      fields: [
        { name: 'title', label: 'Title', kind: 'line', required: true },
        { name: 'material', label: 'Material', kind: 'choice', required: true },
        { name: 'species', label: 'Of stones: which', kind: 'line' },
        { name: 'fineness', label: 'Of metals: fineness, thousandths', kind: 'line', hint: '750 is 18 carat' },
        { name: 'unit', label: 'Measured in', kind: 'choice', required: true },
        { name: 'quantity', label: 'How much', kind: 'line', required: true, hint: 'Grams, carats or pieces' },
        { name: 'origin', label: 'Origin (country, two letters)', kind: 'line' },
        {
          name: 'custody',
          label: 'Chain of custody',
          kind: 'choice',
          required: true,
          choices: Object.keys(CUSTODY_MODELS),
        },
        { name: 'reference', label: 'Your own number of it', kind: 'line' },
        { name: 'statement', label: 'What there is to say about it', kind: 'prose' },
      ],
    },
    choices: ({ name }) => (name === 'unit' ? UNITS : MATERIALS),
    run: async (visit, key) => {
      const salt = `0x${key.replaceAll('-', '').padStart(64, '0')}`;
      return `/workshop/acts/${await doAct(visit, key, { act: 'declare-lot', statement: statementIn(visit.fields), salt })}`;
    },
  }),
});

const UNITS = [
  ['mg', 'grams'],
  ['carat-thousandths', 'carats'],
  ['count', 'pieces'],
] as const;

const splitting = describedForm({
  path: `${LOTS}/:id/split`,
  current: LOTS,
  scope: 'transfers:write',
  fieldOf,
  async prepare(visit) {
    const lot = await ownLot(visit);
    const unit = lot.unit as LotUnit;
    return {
      subject: html`<strong>${lot.statement?.title ?? 'A lot'}</strong>: ${quantityWords(lot.remaining, unit)} remain.`,
      back: `${LOTS}/${lot.lotId}`,
      words: {
        title: 'Divide a lot',
        says: 'Makes lots of the same kind out of some or all of it; what is not named stays in this lot.',
        submit: 'Divide it',
        fields: [
          {
            name: 'quantities',
            label: 'Into how much each',
            kind: 'line',
            required: true,
            hint: `${UNITS.find(([name]) => name === unit)?.[1]}, separated by semicolons: 10; 5.5`,
          },
        ],
      },
      run: async ({ fields }, key) => {
        const quantities = fields
          .get('quantities')
          .split(';')
          .map((one) => quantityIn(one.trim(), unit, 'quantities'));
        return `/workshop/acts/${await doAct(visit, key, { act: 'split-lot', lot: lot.lotId, quantities })}`;
      },
    };
  },
});

const passing = describedForm({
  path: `${LOTS}/:id/transfer`,
  current: LOTS,
  scope: 'transfers:write',
  async prepare(visit) {
    const lot = await ownLot(visit);
    return {
      subject: html`<strong>${lot.statement?.title ?? 'A lot'}</strong>: ${quantityWords(lot.remaining, lot.unit)} remain.`,
      back: `${LOTS}/${lot.lotId}`,
      code: lot.lotId.slice(2, 10),
      words: {
        title: 'Pass a lot on',
        says: 'All that remains of it is the other organisation’s, which is not asked, and only that one can send it back. To pass on less, divide it first.',
        submit: 'Pass it on for good',
        grave: true,
        typed: true,
        fields: [
          {
            name: 'to',
            label: 'To which organisation',
            kind: 'literal',
            required: true,
            hint: 'Its handle, or its address',
          },
        ],
      },
      run: async ({ fields, context }, key) => {
        const to = await recipientIn(context.ledger.db, fields.get('to'));
        return `/workshop/acts/${await doAct(visit, key, { act: 'transfer-lot', lot: lot.lotId, to })}`;
      },
    };
  },
});

export const lotRoutesOfConsole: readonly ConsoleRoute[] = [
  {
    method: 'get',
    path: LOTS,
    async handle({ request, context, caller }) {
      const before = hash.safeParse(request.query['after']).data;
      const usedUp = request.query['all'] === 'yes';
      const page = await lotsHeldBy(context.ledger.db, caller.organisation, { before, limit: A_PAGE, usedUp });
      return { title: 'Lots', current: LOTS, main: lotsMain(page.items, page.next, before !== undefined, usedUp) };
    },
  },
  ...declaring,
  {
    method: 'get',
    path: `${LOTS}/:id`,
    async handle(visit) {
      const lot = await ownLot(visit);
      return {
        title: lot.statement?.title ?? 'A lot',
        current: LOTS,
        main: lotMain({ ...lot, title: lot.statement?.title ?? null }),
      };
    },
  },
  ...splitting,
  ...passing,
];
