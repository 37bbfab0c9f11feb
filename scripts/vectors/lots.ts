// Owns the vectors of lots: statements and their headers, ids, parents, masses of records and what a leaf says of them.
import { lower } from '../../src/core/hash.ts';
import {
  canonicalLot,
  extraOf,
  headerOfLot,
  type LotId,
  lotIdOf,
  massesOf,
  materialHash,
  originHash,
  parentsOf,
  parentsOfPiece,
  parseLot,
} from '../../src/core/lot.ts';
import type { Material } from '../../src/core/record.ts';
import { ORGANISATION } from './chain.ts';
import { least } from './records.ts';

type Json = Record<string, unknown>;

const hash = (byte: string) => lower(`0x${byte.repeat(32)}`);
const GOLD = { type: 'metal', metal: 'gold' };
const MINE = { text: 'Mina Dourada, Castro Daire', country: 'PT' };

function statement(differing: Json = {}): Json {
  return {
    schema: 'touchstone/lot/1',
    language: 'en',
    title: 'Doré bars of May',
    material: GOLD,
    finenessPerMillion: 875_000,
    unit: 'mg',
    quantity: 5_000_000,
    origin: MINE,
    custody: 'segregated',
    ...differing,
  };
}

const { finenessPerMillion: _, ...OF_NO_METAL } = statement();
const DIAMONDS = {
  ...OF_NO_METAL,
  title: 'Melee',
  material: { type: 'stone', species: 'diamond', nature: 'natural' },
  unit: 'carat-thousandths',
  quantity: 125_500,
};
const VALID: readonly Json[] = [
  statement(),
  statement({
    statement: 'Twelve bars.',
    reference: 'D-2026-05',
    date: { text: 'May 2026', from: 2026, to: 2026 },
    documents: [{ sha256: hash('ab'), mediaType: 'application/pdf', title: 'Assay of the bars' }],
  }),
  statement({ finenessPerMillion: 'unknown', custody: 'unknown', origin: 'unknown' }),
  statement({ custody: 'mass-balance', origin: { country: 'unknown' } }),
  DIAMONDS,
  { ...DIAMONDS, unit: 'count', quantity: Number.MAX_SAFE_INTEGER },
  { ...OF_NO_METAL, title: 'Horn', material: { type: 'other', material: 'horn' } },
];

const INVALID: Readonly<Record<string, Json>> = {
  'a member that the format does not have': statement({ verified: true }),
  'a metal without fineness': OF_NO_METAL,
  'a metal that is counted': statement({ unit: 'count' }),
  'a stone with a fineness': { ...DIAMONDS, finenessPerMillion: 1_000_000 },
  'a fineness of more than all': statement({ finenessPerMillion: 1_000_001 }),
  'a fineness of none': statement({ finenessPerMillion: 0 }),
  'nothing of it': statement({ quantity: 0 }),
  'more than the format can count': statement({ quantity: Number.MAX_SAFE_INTEGER + 1 }),
  'kept apart, from nowhere': statement({ origin: 'unknown' }),
  'kept apart, from a country nobody knows': statement({ origin: { country: 'unknown' } }),
  'a material with more words than are hashed': statement({ material: { ...GOLD, colour: 'yellow' } }),
  'half a milligram': statement({ quantity: 0.5 }),
};

const of = (material: Json, lot?: string): Json => ({
  origin: 'unknown',
  custody: 'unknown',
  ...material,
  ...(lot === undefined ? {} : { lot }),
});
const metal = (differing: Json, lot?: string) =>
  of({ ...GOLD, fineness: 750, massMg: 3_200, recycledShare: 0, ...differing }, lot);
const stone = (differing: Json, lot?: string) =>
  of(
    {
      type: 'stone',
      species: 'diamond',
      nature: 'natural',
      count: 3,
      caratThousandths: 90,
      colour: 'unknown',
      clarity: 'unknown',
      ...differing,
    },
    lot,
  );
const other = (differing: Json, lot?: string) => of({ type: 'other', material: 'horn', massMg: 40, ...differing }, lot);

const MATERIALS: readonly (readonly Json[])[] = [
  [metal({})],
  [metal({}, hash('01'))],
  [metal({ fineness: 'unknown' }, hash('01')), metal({ massMg: 'unknown' }, hash('01'))],
  [stone({}, hash('02')), stone({ count: 'unknown' }, hash('02')), stone({ caratThousandths: 'unknown' }, hash('03'))],
  [
    metal({ metal: 'silver', fineness: 925 }, hash('04')),
    other({}, hash('05')),
    other({ massMg: 'unknown' }, hash('05')),
  ],
  [metal({}, hash('01')), metal({}), metal({ fineness: 999 }, hash('01'))],
];

export function lotVectors() {
  const statements = VALID.map((input) => {
    const parsed = parseLot(input);
    if (!parsed.ok) throw new Error(`no lot: ${JSON.stringify(parsed.faults)}`);
    const header = headerOfLot(ORGANISATION, parsed.statement, { salt: hash('5a') });
    return { input, text: canonicalLot(parsed.statement), header, lotId: lotIdOf(header) };
  });
  const [first, second] = statements.map(({ lotId }) => lotId) as unknown as [LotId, LotId];
  return {
    statements,
    invalid: Object.entries(INVALID)
      .filter(([, input]) => !parseLot(input).ok)
      .map(([name, input]) => ({ name, input })),
    origins: ['unknown', { country: 'unknown' }, { country: 'PE' }, MINE].map((origin) => ({
      origin,
      hash: originHash(origin as Material['origin']),
    })),
    parents: [
      { lotIds: [first], parents: parentsOf([first]) },
      { lotIds: [first, second], parents: parentsOf([first, second]) },
      { lotIds: [second, first], parents: parentsOf([second, first]) },
    ],
    returns: ['12345678901234567890'].map((tokenId) => ({ tokenId, parents: parentsOfPiece(tokenId) })),
    masses: MATERIALS.map((materials) => {
      const masses = massesOf({ ...least(), materials } as never);
      return { materials, hashes: materials.map((one) => materialHash(one as never)), masses, extra: extraOf(masses) };
    }),
  };
}
