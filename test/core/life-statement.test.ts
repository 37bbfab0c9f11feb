// Statements of life events: what is refused and in which words, and that reading and writing are one.
import { expect } from 'chai';
import fc from 'fast-check';
import { hashStatement, parseStatement } from '../../src/core/certificate.ts';
import { TouchstoneError } from '../../src/core/errors.ts';
import {
  canonicalLifeStatement,
  type LifeStatement,
  lifeStatementHash,
  MAX_LIFE_STATEMENT_BYTES,
  parseLifeStatement,
  readLifeStatement,
} from '../../src/core/life-statement.ts';
import { SEED } from '../support/any-record.ts';
import { anyLifeStatement, lifeStatement } from '../support/life.ts';

function faultsOf(input: unknown): Record<string, string> {
  const parsed = parseLifeStatement(input);
  return parsed.ok ? {} : Object.fromEntries(parsed.faults.map(({ field, reason }) => [field, reason]));
}

const with_ = (members: object) => ({ ...lifeStatement('repair'), ...members });
const stone = {
  type: 'stone',
  species: 'diamond',
  nature: 'laboratory-grown',
  count: 1,
  caratThousandths: 500,
  colour: 'F',
  clarity: 'VS1',
  origin: 'unknown',
  custody: 'unknown',
};

describe('statement of a life event', () => {
  it('is read back from its canonical bytes as what it was, with the same hash', () => {
    fc.assert(
      fc.property(anyLifeStatement, (statement) => {
        const text = canonicalLifeStatement(statement);
        const read = readLifeStatement(text);
        expect(read).to.deep.equal(statement);
        expect(lifeStatementHash(canonicalLifeStatement(read as LifeStatement))).to.equal(lifeStatementHash(text));
      }),
      { numRuns: 100, seed: SEED },
    );
  });

  it('is hashed as certificates’ statements are, and is no certificate', () => {
    const text = canonicalLifeStatement(lifeStatement('service'));
    expect(lifeStatementHash(text)).to.equal(hashStatement(text));
    expect(parseStatement(JSON.parse(text)).ok).to.equal(false);
  });

  it('is not read from anything but its canonical bytes', () => {
    const text = canonicalLifeStatement(lifeStatement('service'));
    for (const other of [` ${text}`, text.replace('{', '{ '), text.slice(1), 'null', '[]', '', '[['.repeat(8000)]) {
      expect(readLifeStatement(other), other.slice(0, 30)).to.equal(undefined);
    }
  });

  it('is refused with more than 16,384 bytes, as many as the call that posts it is read with', () => {
    const documents = Array.from({ length: 16 }, (_, i) => ({
      sha256: `0x${String(i).padStart(64, '0')}`,
      mediaType: 'application/pdf',
      title: '言'.repeat(300),
    }));
    const parsed = parseLifeStatement(with_({ words: '言'.repeat(4000), documents }));
    if (!parsed.ok) throw new Error('each member is within its own limit');
    expect(() => canonicalLifeStatement(parsed.statement))
      .to.throw(TouchstoneError, String(MAX_LIFE_STATEMENT_BYTES))
      .with.property('code', 'invalid-act');
  });

  it('says what is wrong with it, in words', () => {
    expect(faultsOf(with_({ price: 300 })))
      .to.have.property('price')
      .that.includes('not a field');
    expect(faultsOf(with_({ words: '' }))).to.deep.equal({ words: 'must not be empty' });
    expect(faultsOf(with_({ kind: 'locked' })))
      .to.have.property('kind')
      .that.includes('must be one of service');
    expect(faultsOf(with_({ changes: {} }))).to.deep.equal({ changes: 'must name what was changed' });
    expect(faultsOf({ ...lifeStatement('service'), changes: { massMg: 1 } })).to.deep.equal({
      changes: 'is only for work that may change the piece',
    });
    const twice = [
      { action: 'removed', material: 1 },
      { action: 'replaced', material: 1, with: stone },
    ];
    expect(faultsOf(with_({ changes: { materials: twice } }))).to.deep.equal({
      'changes.materials': 'must name each material once',
    });
    expect(
      faultsOf(with_({ changes: { materials: [{ action: 'altered', material: 0, members: {} }] } })),
    ).to.deep.equal({
      'changes.materials.0.members': 'must name what was altered',
    });
  });

  it('takes corrections for corrections alone, and never a correction without', () => {
    const corrections = [{ path: '/materials/0/fineness', value: 585, why: 'A slip of the pen.' }];
    expect(faultsOf(with_({ corrections }))).to.deep.equal({ corrections: 'is only for the kind "corrected"' });
    expect(faultsOf(with_({ kind: 'corrected' }))).to.deep.equal({ corrections: 'is missing' });
    expect(faultsOf(with_({ kind: 'corrected', corrections }))).to.deep.equal({});
  });

  it('takes no path to what makes a record this record, nor one that is none', () => {
    const refused = [
      '/schema',
      '/code',
      '/code/serial',
      '/annexRoot',
      '/materials',
      '/inscriptions',
      'materials/0',
      '',
      '/',
      '/materials/01',
      '/__proto__/x',
      '/made/__proto__',
    ];
    for (const path of refused) {
      const faults = faultsOf(with_({ kind: 'corrected', corrections: [{ path, value: 1, why: 'x' }] }));
      expect(Object.keys(faults), path).to.deep.equal(['corrections.0.path']);
    }
  });

  it('takes as a corrected value only what has canonical bytes, in the records’ own form of text', () => {
    for (const value of [1.5, null, [1, undefined], Number.NaN, -0.5, nested(9000)]) {
      const faults = faultsOf(with_({ kind: 'corrected', corrections: [{ path: '/title', value, why: 'x' }] }));
      expect(Object.keys(faults)).to.deep.equal(['corrections.0.value']);
    }
    const parsed = parseLifeStatement(
      with_({ kind: 'corrected', corrections: [{ path: '/title', value: 'e\u0301\r\nx', why: 'x' }] }),
    );
    expect(parsed.ok && parsed.statement.corrections?.[0]?.value).to.equal('é\nx');
  });
});

function nested(depth: number): unknown {
  let value: unknown = 'x';
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}
