import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalise, NotCanonicalisable } from '../../src/core/canonical.ts';
import { parseRecord } from '../../src/core/record.ts';
import { anyRecord, anyRecordInput } from '../support/any-record.ts';

const RUNS = { numRuns: 300 };
/** JSON values without fractions, as records have them. */
const anyValue = fc
  .jsonValue({ noUnicodeString: false, stringUnit: 'grapheme' })
  .map((value) =>
    JSON.parse(JSON.stringify(value), (_, inner) => (typeof inner === 'number' ? Math.trunc(inner % 1e15) + 0 : inner)),
  );

describe('canonical bytes', () => {
  let rfc8785: (value: unknown) => string;
  before(async () => {
    // An independent implementation; its types call the default export a namespace.
    rfc8785 = ((await import('canonicalize')) as unknown as { default: typeof rfc8785 }).default;
  });

  it('are what another RFC 8785 implementation writes, for any record', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        expect(canonicalise(record)).to.equal(rfc8785(record));
      }),
      RUNS,
    );
  });

  it('are what another RFC 8785 implementation writes, for any JSON of whole numbers', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(canonicalise(value)).to.equal(rfc8785(value));
      }),
      RUNS,
    );
  });

  it('read back to the value they were written from, and write the same again', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const text = canonicalise(value);
        expect(JSON.parse(text)).to.deep.equal(value);
        expect(canonicalise(JSON.parse(text))).to.equal(text);
      }),
      RUNS,
    );
  });

  it('do not depend on the order in which members were written', () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== 'object' || value === null) return value;
      const entries = Object.entries(value).map(([name, inner]) => [name, reversed(inner)] as const);
      return Object.fromEntries(entries.reverse());
    };
    fc.assert(
      fc.property(anyRecord, (record) => {
        expect(canonicalise(reversed(record))).to.equal(canonicalise(record));
      }),
      RUNS,
    );
  });

  it('sort members by UTF-16 code units, not by code points (RFC 8785, section 3.2.3)', () => {
    const names = ['\u20ac', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', '\u00f6'];
    const text = canonicalise(Object.fromEntries(names.map((name) => [name, 0])));
    const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\u{1f600}', '\ufb33'];
    expect(Object.keys(JSON.parse(text)).filter((name) => name !== '1')).to.deep.equal(sorted.filter((n) => n !== '1'));
    expect(text.indexOf('"1"')).to.be.greaterThan(text.indexOf('\\r')).and.lessThan(text.indexOf('\u0080'));
  });

  it('escape exactly what RFC 8785 escapes', () => {
    const all = Array.from({ length: 0x80 }, (_, code) => String.fromCharCode(code)).join('');
    const escaped = canonicalise(all);
    expect(escaped.startsWith('"\\u0000\\u0001')).to.equal(true);
    expect(escaped).to.contain('\\b\\t\\n\\u000b\\f\\r\\u000e').and.to.contain('\\"').and.to.contain('\\\\');
    expect(escaped).to.contain('./0').and.to.contain('\u007f');
    expect(canonicalise('\u2028€😀')).to.equal('"\u2028€😀"');
  });

  it('keep a member called __proto__ as any other', () => {
    expect(canonicalise(JSON.parse('{"b":1,"__proto__":2}'))).to.equal('{"__proto__":2,"b":1}');
  });

  it('leave a member out that is undefined, as JSON does', () => {
    expect(canonicalise({ b: undefined, a: 1, c: undefined })).to.equal('{"a":1}');
  });

  for (const [name, value] of Object.entries({
    'a fraction': 0.1,
    'a number beyond 2^53': 2 ** 53,
    'minus zero': -0,
    'not a number': Number.NaN,
    infinity: Number.POSITIVE_INFINITY,
    'a lone surrogate': 'a\ud800',
    'a lone surrogate in a name': { '\udfff': 1 },
    'undefined in a list': [undefined],
    'a function': () => 1,
    'a symbol': Symbol('x'),
    'a big integer': 1n,
    'a date': new Date(0),
    'a map': new Map(),
  })) {
    it(`do not exist for ${name}`, () => {
      expect(() => canonicalise({ inner: [value] })).to.throw(NotCanonicalisable);
    });
  }

  it('are the same whether or not the text was in normal form C before, and normalising twice changes nothing', () => {
    fc.assert(
      fc.property(anyRecordInput, (input) => {
        const decomposed = JSON.parse(JSON.stringify(input), (_, inner) =>
          typeof inner === 'string' ? inner.normalize('NFD') : inner,
        );
        const [once, other] = [parseRecord(input), parseRecord(decomposed)];
        if (!once.ok || !other.ok) throw new Error('refused');
        const text = canonicalise(once.record);
        expect(canonicalise(other.record)).to.equal(text);
        const again = parseRecord(JSON.parse(text));
        expect(again.ok && canonicalise(again.record)).to.equal(text);
        expect(text).to.equal(text.normalize('NFC'));
      }),
      RUNS,
    );
  });
});
