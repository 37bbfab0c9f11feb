import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalise } from '../../src/core/canonical.ts';
import { ownCode } from '../../src/core/code.ts';
import { TouchstoneError } from '../../src/core/errors.ts';
import {
  canonicalRecord,
  hashRecord,
  MAX_RECORD_BYTES,
  mustParseRecord,
  parseRecord,
  recordSchema,
} from '../../src/core/record.ts';
import { anyRecord, sampleRecords } from '../support/any-record.ts';
import { goldRing, imitationEarrings, type Statement, vintageBrooch } from '../support/records.ts';
import { membersOf, pathsOf } from '../support/schema-members.ts';

const CODE = ownCode('lune', new Uint8Array(10));
const ring = () => ({ ...goldRing(), code: CODE });

/** A ring with one thing changed, given as a path. */
function changed(path: string, value: unknown, statement: Statement = goldRing()): unknown {
  const record: unknown = structuredClone({ ...statement, code: CODE });
  const names = path.split('.');
  const last = names.pop() as string;
  let at = record as Record<string, unknown>;
  for (const name of names) at = at[name] as Record<string, unknown>;
  if (value === undefined) delete at[last];
  else Object.defineProperty(at, last, { value, enumerable: true, configurable: true, writable: true });
  return record;
}

function faultsFor(input: unknown): Record<string, string> {
  const parsed = parseRecord(input);
  if (parsed.ok) return {};
  return Object.fromEntries(parsed.faults.map((fault) => [fault.field, fault.reason]));
}

const accepts = (path: string, value: unknown) => expect(faultsFor(changed(path, value)), path).to.deep.equal({});

describe('record', () => {
  for (const [name, statement] of Object.entries({ goldRing, imitationEarrings, vintageBrooch })) {
    it(`accepts a full example and keeps every word of it: ${name}`, () => {
      expect(mustParseRecord({ ...statement(), code: CODE })).to.deep.equal({ ...statement(), code: CODE });
    });
  }

  it('accepts every generated record, and generated records have every member there is', () => {
    const records = sampleRecords(300);
    const seen = new Set(records.flatMap((record) => pathsOf(record)));
    expect(membersOf(recordSchema).filter((member) => !seen.has(member))).to.deep.equal([]);
  });

  it('accepts the least that can be said: every question answered with unknown', () => {
    const least = {
      schema: 'touchstone/record/1',
      recordedAs: 'custodian',
      language: 'en',
      title: 'A jewel',
      kind: 'jewel',
      maker: 'unknown',
      made: { place: 'unknown', date: 'unknown' },
      materials: [{ type: 'other', material: 'unknown', massMg: 'unknown', origin: 'unknown', custody: 'unknown' }],
      massMg: 'unknown',
      code: CODE,
    };
    expect(parseRecord(least).ok).to.equal(true);
  });

  it('is its own reading: parsing what was parsed changes nothing', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        expect(mustParseRecord(JSON.parse(canonicalise(record)))).to.deep.equal(record);
      }),
    );
  });

  it('has another hash when anything in it is different', () => {
    const hash = (input: unknown) => hashRecord(canonicalRecord(mustParseRecord(input)));
    const original = hash(ring());
    for (const [path, value] of [
      ['title', 'Solitaire ring “Aubé”'],
      ['materials.0.massMg', 3201],
      ['materials.1.custody', 'unknown'],
      ['code', ownCode('lune', new Uint8Array(10).fill(1))],
      ['care', undefined],
    ] as const) {
      expect(hash(changed(path, value)), path).to.not.equal(original);
    }
  });

  it('reads text in normal form C, Windows line ends as line feeds and minus zero as zero', () => {
    const record = mustParseRecord({
      ...ring(),
      title: 'Re\u0301ve',
      story: 'one\r\ntwo\rthree\nfour',
      restrictedSubstances: [{ substance: 'lead', relation: 'below', value: -0 }],
    });
    expect(record.title).to.equal('R\u00e9ve');
    expect(record.story).to.equal('one\ntwo\nthree\nfour');
    expect(Object.is(record.restrictedSubstances?.[0]?.value, 0)).to.equal(true);
    expect(() => canonicalRecord(record)).to.not.throw();
  });

  it('counts characters after bringing text into normal form C', () => {
    accepts('title', 'e\u0301'.repeat(300));
    expect(faultsFor(changed('title', 'e\u0301'.repeat(301)))).to.deep.equal({
      title: 'must have at most 300 characters',
    });
  });

  it('may have years from 20,000 before Christ to 9999, and days of every leap year', () => {
    accepts('made.date', { text: 'Ice Age', from: -20_000, to: 9999 });
    accepts('made.date', { text: 'leap', from: '2000-02-29', to: '2024-02-29' });
    accepts('made.date', { text: 'a day of a year', from: '2025-05-14', to: 2025 });
    accepts('made.date', { text: 'same day', from: '2025-05-14', to: '2025-05-14' });
  });

  it('may take 64 KiB in canonical form and not a byte more', () => {
    const history = Array.from({ length: 38 }, () => ({ kind: 'other', text: 'é'.repeat(800) }));
    const full = { ...ring(), history };
    const room = MAX_RECORD_BYTES - Buffer.byteLength(canonicalRecord(mustParseRecord(full)));
    const filled = (extra: number) => {
      const record = mustParseRecord({
        ...full,
        craftsmanship: ['x'.repeat(room - ',"craftsmanship":[""]'.length + extra)],
      });
      return canonicalRecord(record);
    };
    expect(room).to.be.within(100, 2100);
    expect(Buffer.byteLength(filled(0))).to.equal(MAX_RECORD_BYTES);
    expect(() => filled(1))
      .to.throw(TouchstoneError)
      .that.deep.includes({
        code: 'invalid-record',
        faults: [{ field: '', reason: 'is larger than 65536 bytes in canonical form' }],
      });
  });

  it('that was refused is an error with all faults where the caller wants one', () => {
    expect(() => mustParseRecord({}))
      .to.throw(TouchstoneError, 'nothing was registered')
      .that.satisfies((error: TouchstoneError) => error.faults.length === 10 && error.retry === 'never');
  });

  it('is not changed by parsing: the input stays as it was', () => {
    const input = JSON.parse('{"title":"Re\u0301ve"}');
    parseRecord(input);
    expect(input.title).to.equal('Re\u0301ve');
  });
});
