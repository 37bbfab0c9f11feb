// Lots before any chain: what is refused, that reading and writing are one, that nothing in a header can be changed
// unseen, and that masses are exact and say nothing a record doesn't. The contract's answers stand in vectors.test.ts.
import { expect } from 'chai';
import fc from 'fast-check';
import type { Hex32 } from '../../src/core/hash.ts';
import {
  ascending,
  CUSTODY_LEVELS,
  canonicalLot,
  custodyOf,
  extraOf,
  fine,
  headerOfLot,
  type LotHeader,
  type LotStatement,
  lotIdOf,
  massesOf,
  parentsOf,
  parentsOfPiece,
  parseLot,
  readLot,
} from '../../src/core/lot.ts';
import { amountText, quantityIn } from '../../src/core/lot-amounts.ts';
import { ZERO_32 } from '../../src/core/merkle.ts';
import type { Record1 } from '../../src/core/record.ts';

const ORGANISATION = `0x${'0c'.repeat(20)}`;
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((b) => `0x${Buffer.from(b).toString('hex')}` as Hex32);
const gold = (differing: object = {}): LotStatement => {
  const parsed = parseLot({
    schema: 'touchstone/lot/1',
    language: 'en',
    title: 'Grain',
    material: { type: 'metal', metal: 'gold' },
    finenessPerMillion: 999_900,
    unit: 'mg',
    quantity: 1_000,
    origin: { country: 'PE' },
    custody: 'mass-balance',
    ...differing,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.statement;
};
const faultsOf = (differing: object) => {
  const parsed = parseLot({ ...gold(), ...differing });
  return parsed.ok ? [] : parsed.faults.map(({ field }) => field);
};

describe('a statement of a lot', () => {
  it('is refused with the member that is wrong', () => {
    expect(faultsOf({ quantity: 1.5 })).to.deep.equal(['quantity']);
    expect(faultsOf({ unit: 'count' })).to.deep.equal(['unit']);
    expect(faultsOf({ unit: 'g' })).to.deep.equal(['unit']);
    expect(faultsOf({ finenessPerMillion: undefined })).to.deep.equal(['finenessPerMillion']);
    expect(faultsOf({ custody: 'segregated', origin: 'unknown' })).to.deep.equal(['origin']);
    expect(faultsOf({ origin: { country: 'Peru' } })).to.deep.equal(['origin.country']);
  });

  it('is not read from anything but its canonical bytes, nor from more of them than there may be', () => {
    const text = canonicalLot(gold());
    expect(readLot(text)).to.deep.equal(gold());
    expect(readLot(` ${text}`)).to.equal(undefined);
    expect(readLot(text.replace('touchstone/lot/1', 'touchstone/lot/2'))).to.equal(undefined);
    expect(readLot(text.slice(0, -1))).to.equal(undefined);
    const longest = gold({ statement: '漢'.repeat(4_000), title: '漢'.repeat(300) });
    expect(readLot(canonicalLot(longest))).to.deep.equal(longest);
    const documents = Array.from({ length: 16 }, () => ({
      sha256: `0x${'0'.repeat(64)}`,
      mediaType: 'image/png',
      title: '漢'.repeat(300),
    }));
    expect(() => canonicalLot(gold({ documents }))).to.throw('more than fits');
  });
});

describe('the id of a lot', () => {
  it('is another one for every other header', () => {
    const header = headerOfLot(ORGANISATION, gold());
    const others: Partial<LotHeader>[] = [
      { organisation: `0x${'0d'.repeat(20)}` },
      { fineness: 999_901 },
      { unit: 2 },
      { custody: 2 },
      { quantity: 1_001 },
      ...(['material', 'origin', 'contentHash', 'parents', 'salt'] as const).map((name) => ({
        [name]: `0x${'1'.repeat(64)}`,
      })),
    ];
    const ids = [header, ...others.map((other) => ({ ...header, ...other }))].map(lotIdOf);
    expect(new Set(ids).size).to.equal(11);
  });

  it('has no parents that depend on the order they are told in, nor any that a piece could be', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(hash, { minLength: 1, maxLength: 16 }),
        fc.bigInt({ min: 1n, max: 2n ** 256n - 1n }),
        (ids, token) => {
          expect(parentsOf([...ids].reverse())).to.equal(parentsOf(ids));
          expect(ascending(ids).map(BigInt)).to.deep.equal(ids.map(BigInt).sort((a, b) => (a < b ? -1 : 1)));
          expect(parentsOfPiece(String(token))).not.to.equal(parentsOf(ids));
        },
      ),
    );
  });

  it('has custody by what it promises: less for every word further down the list', () => {
    const levels = Object.values(CUSTODY_LEVELS);
    expect(levels).to.deep.equal([6, 5, 4, 3, 2, 1, 0]);
    for (const [name, level] of Object.entries(CUSTODY_LEVELS)) expect(custodyOf(level)).to.equal(name);
  });
});

describe('masses of a record', () => {
  const of = (materials: object[]) => ({ materials }) as unknown as Record1;
  const shared = { origin: 'unknown', custody: 'unknown' };
  const metal = { type: 'metal', metal: 'gold', fineness: 750, massMg: 3_200, recycledShare: 0, ...shared };
  const lot = `0x${'1'.repeat(64)}`;

  it('are none, and nothing extra, where no lot is named or nothing is known of it', () => {
    for (const one of [metal, { ...metal, lot, massMg: 'unknown' }, { ...metal, lot, fineness: 'unknown' }]) {
      expect(massesOf(of([one]))).to.deep.equal([]);
    }
    expect(extraOf([])).to.equal(ZERO_32);
  });

  it('change what the leaf says with every one of their numbers, their lot and their order', () => {
    const variants = [
      [{ ...metal, lot }],
      [{ ...metal, lot, massMg: 3_201 }],
      [{ ...metal, lot, fineness: 751 }],
      [{ ...metal, lot, metal: 'silver' }],
      [{ ...metal, lot: `0x${'2'.repeat(64)}` }],
      [
        { ...metal, lot },
        { ...metal, lot, massMg: 1 },
      ],
      [
        { ...metal, lot, massMg: 1 },
        { ...metal, lot },
      ],
    ].map((materials) => extraOf(massesOf(of(materials))));
    expect(new Set(variants).size).to.equal(variants.length);
    expect(variants).not.to.include(ZERO_32);
  });

  it('count fine metal without rounding, up to the largest lot there may be', () => {
    const most = Number.MAX_SAFE_INTEGER;
    expect(fine({ quantity: most, fineness: 999_999 })).to.equal(BigInt(most) * 999_999n);
    expect(fine({ quantity: most, fineness: 0 })).to.equal(BigInt(most));
  });
});

describe('amounts of lots as people write them', () => {
  it('are refused where they are finer than the lot is told in, in another unit, or nothing', () => {
    for (const text of [
      '',
      '0',
      '0kg',
      '-1g',
      '1,5g',
      '1.5mg',
      '0.0005g',
      '1oz',
      '1e3g',
      '12',
      '1 ct',
      '9007199255kg',
    ]) {
      expect(quantityIn(text, 'mg'), text).to.equal(undefined);
    }
    for (const text of ['1.5', '1g', '0', '']) expect(quantityIn(text, 'count'), text).to.equal(undefined);
    for (const text of ['1', '1g', '0.0001ct']) expect(quantityIn(text, 'carat-thousandths'), text).to.equal(undefined);
  });

  it('are the exact number of units, and read back from how they are written', () => {
    expect(['30mg', '200 g', '1.5kg', '0.000001kg', '1t'].map((text) => quantityIn(text, 'mg'))).to.deep.equal([
      30, 200_000, 1_500_000, 1, 1_000_000_000,
    ]);
    expect(quantityIn('9007199254740.991g', 'mg')).to.equal(Number.MAX_SAFE_INTEGER);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
        fc.constantFrom('mg' as const, 'count' as const, 'carat-thousandths' as const),
        (quantity, unit) => {
          expect(quantityIn(amountText(quantity, unit), unit)).to.equal(quantity);
        },
      ),
    );
  });
});
