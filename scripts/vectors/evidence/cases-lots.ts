// Owns the vectors of pieces whose records name lots: what their files tell of these that does not fit, what an honest node
// denies, what may be left out, and nodes that say too little or contradict themselves.
import type { Evidence } from '../../../src/core/evidence.ts';
import type { Witness } from '../../../src/core/verdict.ts';
import { hashOf } from '../../../test/support/made-chain.ts';
import { fileOf } from './bases.ts';
import type { Case } from './case.ts';
import { LOTS_MADE } from './stock-lots.ts';

type Lot = NonNullable<Evidence['lots']>[number];
type Draw = Lot['draws'][number];

const lots = (file: Evidence): Lot[] => file.lots as Lot[];
const nth = (file: Evidence, i: number): Lot => lots(file)[i] as Lot;
const draw = (file: Evidence, i = 0): Draw => nth(file, 0).draws[i] as Draw;
const foreign = (name: 'silver' | 'dore'): Lot => {
  const { header, statement, madeOf } = LOTS_MADE[name];
  return { header: { ...header }, statement, madeOf: [...madeOf], returned: null, draws: [] };
};

function forged(name: string, edit: (file: Evidence) => void, base = 'alloyed'): Case {
  return { name, base, edit, headline: 'not-genuine', checks: { 'materials-from-lots': 'fail' } };
}

/** Nothing in it is wrong, so far as it goes. */
function leaves(name: string, checks: Case['checks'], edit: Case['edit'], base = 'alloyed', why?: string): Case {
  const rest = { ...(edit ? { edit } : {}), ...(checks ? { checks } : {}), ...(why === undefined ? {} : { why }) };
  return { name, base, ...rest, headline: 'genuine-record' };
}

function said(name: string, checks: Case['checks'], lie: Case['lie'], base = 'alloyed'): Case {
  return {
    name,
    base,
    ...(lie === undefined ? {} : { lie }),
    headline: 'genuine-record',
    ...(checks ? { checks } : {}),
  };
}

const stateLess = (witness: Witness): Witness => ({
  ...witness,
  lots: (witness.lots ?? []).map((lot) => ({ ...lot, drawn: lot.drawn + 1 })),
});

const WRONG: readonly Case[] = [
  ...(['quantity', 'fineness', 'custody'] as const).map((field) =>
    forged(`a lot’s header with another ${field}`, (file) => {
      nth(file, 0).header[field] -= 1;
    }),
  ),
  forged('a lot’s header by another organisation', (file) => {
    nth(file, 0).header.organisation = nth(file, 0).header.salt.slice(0, 42);
  }),
  forged('a parent’s header with another quantity', (file) => {
    nth(file, 1).header.quantity += 1;
  }),
  forged('a lot’s statement with another word', (file) => {
    nth(file, 0).statement = nth(file, 0).statement?.replace('Alloy', 'Alley') ?? null;
  }),
  forged('another lot as what a lot was made of', (file) => {
    nth(file, 0).madeOf = [LOTS_MADE.silver.id];
    lots(file)[1] = foreign('silver');
  }),
  forged('a lot made of nothing that was made of another', (file) => {
    nth(file, 0).madeOf = [];
    lots(file).pop();
  }),
  forged('a lot said to have been a piece', (file) => {
    nth(file, 0).returned = '1';
  }),
  forged('a lot that nothing came from', (file) => {
    lots(file).push(foreign('silver'));
  }),
  forged(
    'lots of a record that names none',
    (file) => {
      file.lots = [foreign('dore')];
    },
    'plain',
  ),
  forged('a lot twice', (file) => {
    lots(file).push(structuredClone(nth(file, 1)));
  }),
  forged('lots in another order', (file) => {
    lots(file).reverse();
  }),
  forged('the lot the record names left out and its parent told', (file) => {
    lots(file).shift();
  }),
  forged('more drawn than was', (file) => {
    draw(file).quantity += 1;
  }),
  forged('less drawn than was', (file) => {
    draw(file).quantity -= 1;
  }),
  forged('a draw left out', (file) => {
    nth(file, 0).draws.pop();
  }),
  forged('a draw at another time', (file) => {
    draw(file).time += 1;
  }),
  forged('a draw with another number', (file) => {
    draw(file).number += 1;
  }),
  forged('a draw of another transaction', (file) => {
    draw(file).transaction = hashOf('another transaction');
  }),
  forged('the draws of another batch', (file) => {
    nth(file, 0).draws = structuredClone((fileOf('hidden', 0).lots as Lot[])[0]?.draws ?? []);
  }),
  forged('a draw of another batch besides', (file) => {
    const other = (fileOf('hidden', 0).lots as Lot[])[0]?.draws ?? [];
    nth(file, 0).draws.splice(1, 0, ...structuredClone(other));
  }),
  forged('draws in another order', (file) => {
    nth(file, 0).draws.reverse();
  }),
  forged('a draw after the file’s block', (file) => {
    nth(file, 0).draws.push({ ...draw(file), block: file.asOf.block + 1, number: 9 });
  }),
  forged('a draw of a parent', (file) => {
    nth(file, 1).draws = [draw(file)];
  }),
  {
    name: 'masses that the leaf commits to taken from it',
    base: 'alloyed',
    edit: (file) => {
      file.batch.extra = `0x${'0'.repeat(64)}`;
    },
    headline: 'not-genuine',
    checks: { 'record-in-batch': 'fail', 'materials-from-lots': 'warn' },
  },
  {
    name: 'an empty list of lots',
    base: 'plain',
    edit: (file) => {
      file.lots = [];
    },
    headline: 'not-genuine',
    checks: { 'well-formed': 'fail' },
  },
];

const LEFT_OUT: readonly Case[] = [
  leaves('lots left out', { 'materials-from-lots': 'unknown', 'mass-balance': 'unknown' }, (file) => {
    delete file.lots;
  }),
  leaves(
    'a lot’s statement left out',
    { 'materials-from-lots': 'pass' },
    (file) => {
      nth(file, 0).statement = null;
    },
    'alloyed',
    'whoever makes a file may not have it',
  ),
  leaves(
    'what a lot was made of left out',
    { 'materials-from-lots': 'pass' },
    (file) => {
      lots(file).pop();
    },
    'alloyed',
    'its id is still told, and its header may not be known',
  ),
  leaves(
    'the certificate of the sum left out',
    { 'mass-balance': 'unknown', 'certificates-told': 'warn' },
    (file) => {
      file.certificates = [];
      file.organisations = file.organisations.filter(({ handle }) => handle === 'atelier-lune');
    },
    'hidden',
  ),
];

const NODES: readonly Case[] = [
  said(
    'a payload that was not read says nothing of masses',
    { 'mass-balance': 'unknown' },
    ({ stated: _, ...honest }) => ({
      ...honest,
      payload: 'not-read',
    }),
  ),
  said(
    'a node that was not asked about lots',
    { 'materials-from-lots': 'unknown' },
    ({ lots: _, ...honest }) => honest,
  ),
  said('a node whose state has other draws than its logs', { 'materials-from-lots': 'unknown' }, stateLess),
  {
    name: 'lots without a node',
    base: 'alloyed',
    lie: null,
    headline: 'not-confirmed',
    checks: { 'materials-from-lots': 'unknown', 'mass-balance': 'unknown' },
  },
  {
    name: 'a lot that the node does not have',
    base: 'alloyed',
    lie: (witness) => ({
      ...witness,
      lots: (witness.lots ?? []).map((lot, i) => (i === 1 ? { ...lot, events: 0 } : lot)),
    }),
    headline: 'not-genuine',
    checks: { 'materials-from-lots': 'fail' },
  },
  {
    name: 'records that state more than was drawn',
    base: 'alloyed',
    lie: (witness) => ({
      ...witness,
      stated: (witness.stated ?? []).map((one) => ({ ...one, fine: '99999999999999999999' })),
    }),
    headline: 'warning',
    checks: { 'mass-balance': 'warn' },
  },
];

export const LOT_CASES: readonly Case[] = [...WRONG, ...LEFT_OUT, ...NODES];
