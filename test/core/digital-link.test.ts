// What is a GS1 Digital Link, which can be used here, and that what is written is read again.
import { expect } from 'chai';
import fc from 'fast-check';
import { gtinCheckDigit } from '../../src/core/code.ts';
import { type DigitalLink, type LinkOptions, type LinkParts, readDigitalLink } from '../../src/core/digital-link.ts';
import { linkOfElements, writeDigitalLink } from '../../src/core/digital-link-write.ts';
import { readElements, writeElements } from '../../src/core/gs1-elements.ts';
import { anyGtin } from '../support/any-record.ts';

const SET_82 = `!"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz`;
const GTIN = '09506000134352';
const anyValue = fc.string({ unit: fc.constantFrom(...SET_82), minLength: 1, maxLength: 20 });
const anyParts: fc.Arbitrary<LinkParts> = fc.record(
  { gtin: anyGtin, variant: anyValue, lot: anyValue, serial: anyValue },
  { requiredKeys: ['gtin'] },
);
const anyStem = fc
  .tuple(
    fc.constantFrom('http', 'https', 'HTTP', 'HTTPS'),
    fc.constantFrom('a', 'id.gs1.org', 'Shop.Example:8080', '192.0.2.1', '[2001:db8::1]'),
    fc.array(fc.constantFrom('shop', '01', GTIN, '21', '00', 'p', "it's", '%20', '~', ''), { maxLength: 5 }),
  )
  .map(([scheme, host, path]) => [`${scheme}://${host}`, ...path].join('/'))
  // One slash at the end is the writer's to drop, so a stem with none is drawn.
  .map((stem) => stem.replace(/\/+$/, ''));

const found = ({ gtin, variant, lot, serial }: LinkParts) => ({ gtin, variant, lot, serial });
const whyOf = (link: DigitalLink) => ('why' in link ? link.why : 'supported');

describe('a Digital Link of a product, variant, lot or serial', () => {
  it('is read as it was written, under any stem', () => {
    fc.assert(
      fc.property(anyParts, anyStem, (parts, stem) => {
        const link = readDigitalLink(writeDigitalLink(parts, stem));
        if (link.kind !== 'supported') throw new Error(link.why);
        expect(found(link)).to.deep.equal(found(parts));
      }),
    );
  });

  it('is read alike however its characters are encoded, and whatever follows it for others', () => {
    const encodings = fc.array(fc.constantFrom('as it is', 'lower', 'upper'), { minLength: 20, maxLength: 20 });
    const after = fc.constantFrom(
      '',
      '?',
      '#',
      '?&&',
      '?utm_source=a&flag',
      '?linkType=gs1:pip#01',
      '?17x=1',
      '#?17=x',
    );
    fc.assert(
      fc.property(anyParts, encodings, after, (parts, how, rest) => {
        const written = writeDigitalLink(parts);
        let at = 0;
        const encoded = (value: string) =>
          value.replace(/%..|./g, (mark) => {
            const hex = mark.startsWith('%') ? mark.slice(1) : mark.charCodeAt(0).toString(16);
            const way = how[at++ % how.length];
            if (way === 'as it is') return mark;
            return `%${way === 'lower' ? hex.toLowerCase() : hex.toUpperCase()}`;
          });
        // https: / (nothing) / host / AI / value / AI / value …
        const again = written
          .split('/')
          .map((segment, i) => (i >= 4 && i % 2 === 0 ? encoded(segment) : segment))
          .join('/');
        expect(readDigitalLink(again + rest), again).to.deep.equal(readDigitalLink(written));
      }),
    );
  });

  it('is written with everything but letters, digits and - . _ ~ encoded', () => {
    fc.assert(
      fc.property(anyValue, (serial) => {
        const [, written] = writeDigitalLink({ gtin: GTIN, serial }).split('/21/');
        expect(written).to.match(/^(?:[\w.~-]|%[\dA-F]{2})+$/);
        expect(decodeURIComponent(written as string)).to.equal(serial);
      }),
    );
    expect(writeDigitalLink({ gtin: GTIN, variant: '2A', lot: "L'(1)*", serial: 'A/7!' })).to.equal(
      `https://id.gs1.org/01/${GTIN}/22/2A/10/L%27%281%29%2A/21/A%2F7%21`,
    );
    expect(writeDigitalLink({ gtin: GTIN }, 'https://example.com/x/')).to.equal(`https://example.com/x/01/${GTIN}`);
  });

  it('is not written of what GS1 doesn’t allow', () => {
    for (const parts of [
      { gtin: '09506000134353' },
      { gtin: GTIN, serial: '' },
      { gtin: GTIN, serial: 'x'.repeat(21) },
      { gtin: GTIN, lot: 'a b' },
      { gtin: GTIN, variant: 'é' },
    ]) {
      expect(() => writeDigitalLink(parts), JSON.stringify(parts)).to.throw('A Digital Link can’t be written');
    }
  });

  it('with any one digit of its GTIN wrong is invalid', () => {
    fc.assert(
      fc.property(anyParts, fc.nat(13), fc.integer({ min: 1, max: 9 }), (parts, at, by) => {
        const { gtin } = parts;
        const wrong = gtin.slice(0, at) + ((Number(gtin[at]) + by) % 10) + gtin.slice(at + 1);
        const link = readDigitalLink(writeDigitalLink(parts).replace(`/01/${gtin}`, `/01/${wrong}`));
        expect(whyOf(link)).to.equal('(01) has a wrong check digit');
      }),
    );
  });

  it('with its qualifiers in any other order, or one of them twice, is invalid', () => {
    const anyOrder = fc.array(fc.constantFrom('22', '10', '21'), { minLength: 2, maxLength: 3 });
    fc.assert(
      fc.property(anyOrder, (order) => {
        const inOrder = (['22', '10', '21'] as const).filter((ai) => order.includes(ai)).join() === order.join();
        const link = readDigitalLink(`https://a/01/${GTIN}${order.map((ai) => `/${ai}/x`).join('')}`);
        expect(link.kind, order.join()).to.equal(inOrder ? 'supported' : 'invalid');
      }),
    );
  });
});

describe('a URI', () => {
  const facts: Record<string, readonly [kind: DigitalLink['kind'], uris: readonly string[]]> = {
    'with another key than a product’s, an own serial of a third party or attributes is not supported': [
      'not-supported',
      [
        'https://a/00/095060001343520000',
        `https://a/01/${GTIN}/00/095060001343520000`,
        'https://a/414/9506000134352/254/x',
        'https://a/417/9506000134352/7040/1ABC',
        'https://a/8010/9506ABC-1/8011/12',
        'https://a/8013/1987654Ad4X4bL5ttr2310c2K',
        `https://a/01/${GTIN}/235/x`,
        `https://a/01/${GTIN}?17=300100`,
        `https://a/01/${GTIN}/21/x?99=a%2Fb&3103=000195`,
      ],
    ],
    'whose path ends with no key and its qualifiers is invalid': [
      'invalid',
      [
        'https://a',
        'https://a/',
        `https://01/${GTIN}`,
        `https://a/01/${GTIN}/`,
        `https://a/01/${GTIN}/x`,
        `https://a/x/21/${GTIN}`,
        `https://a/gtin/${GTIN}`,
        `https://a/1/${GTIN}`,
        'https://a/01/',
        `https://a/01/${GTIN}/99/x`,
        `https://a/01/${GTIN}/235/x/21/y`,
      ],
    ],
    'that is none, or of no web address, is invalid': [
      'invalid',
      [
        '',
        `/01/${GTIN}`,
        `ftp://a/01/${GTIN}`,
        `Https://a/01/${GTIN}`,
        `https:///01/${GTIN}`,
        `https://me@a/01/${GTIN}`,
        `https://a_b/01/${GTIN}`,
        `https://a/01/${GTIN}/21/a b`,
        `https://a/01/${GTIN}/21/a"b`,
        `https://a/01/${GTIN}/21/ä`,
        `https://a/${'x'.repeat(8000)}/01/${GTIN}`,
      ],
    ],
    'with content that its AI doesn’t allow is invalid': [
      'invalid',
      [
        `https://a/01/${GTIN.slice(1)}`,
        `https://a/01/${GTIN}0`,
        `https://a/01/${GTIN}/21/%00`,
        `https://a/01/${GTIN}/21/%C3%A4`,
        `https://a/01/${GTIN}/21/%5E`,
        `https://a/01/${GTIN}/21/123456789012345678901`,
        'https://a/00/095060001343520001',
        'https://a/8013/1987654Ad4X4bL5ttr2310c2L',
        'https://a/8004/95A',
        `https://a/01/${GTIN}?17=301301`,
        `https://a/01/${GTIN}?11=230229`,
        `https://a/01/${GTIN}?7003=2302282460`,
        `https://a/01/${GTIN}?422=999`,
        `https://a/01/${GTIN}?8008=300101230060`,
        `https://a/01/${GTIN}?99=a+b`,
        `https://a/01/${GTIN}?99=`,
      ],
    ],
    'whose query has what belongs elsewhere, twice or nowhere is invalid': [
      'invalid',
      [
        `https://a/01/${GTIN}?10=x`,
        `https://a/01/${GTIN}/10/x?22=y`,
        `https://a/01/${GTIN}/21/x?10=y`,
        `https://a/00/095060001343520000?21=x`,
        `https://a/01/${GTIN}?8200=x`,
        `https://a/01/${GTIN}?01=${GTIN}`,
        `https://a/01/${GTIN}?99=x&99=x`,
        `https://a/01/${GTIN}?89=x`,
        `https://a/01/${GTIN}?1=x`,
        `https://a/01/${GTIN}?=x`,
        `https://a/01/${GTIN}?${'a&'.repeat(100)}`,
      ],
    ],
  };
  for (const [name, [kind, uris]] of Object.entries(facts)) {
    it(name, () => {
      for (const uri of uris) {
        const link = readDigitalLink(uri);
        expect(link.kind, `${uri}: ${whyOf(link)}`).to.equal(kind);
      }
    });
  }

  it('may have a lot in its query beside a third party’s serial, for only then it fits nowhere in the path', () => {
    expect(readDigitalLink(`https://a/01/${GTIN}/235/x?10=y`).kind).to.equal('not-supported');
  });

  it('is taken in its forms of old only where that is asked for', () => {
    const old: readonly (readonly [uri: string, options: LinkOptions])[] = [
      [`https://a/gtin/${GTIN}/ser/x`, { oldWords: true }],
      ['https://a/01/9506000134352/21/x', { shortGtins: true }],
      ['https://a/gtin/9506000134352/ser/x', { oldWords: true, shortGtins: true }],
    ];
    for (const [uri, options] of old) {
      expect(readDigitalLink(uri).kind).to.equal('invalid');
      expect(readDigitalLink(uri, options)).to.include({ kind: 'supported', gtin: GTIN, serial: 'x' });
    }
    expect(readDigitalLink(`https://a/gti/${GTIN}`, { oldWords: true }).kind).to.equal('invalid');
    expect(readDigitalLink(`https://a/toString/${GTIN}`, { oldWords: true }).kind).to.equal('invalid');
    expect(readDigitalLink('https://a/01/950600013435', { shortGtins: true }).kind).to.equal('invalid');
    const unassigned = `https://a/01/${GTIN}?89=x`;
    expect(readDigitalLink(unassigned, { unassigned: true })).to.include({ kind: 'not-supported' });
    expect(readDigitalLink(`https://a/01/${GTIN}?991=x`, { unassigned: true }).kind).to.equal('invalid');
  });
});

describe('an element string', () => {
  it('makes the Digital Link it says, in brackets or with separators, in any order', () => {
    const anyOrder = fc.shuffledSubarray(['01', '22', '10', '21'], { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(anyParts, anyOrder, (parts, order) => {
        const values = { '01': parts.gtin, '22': parts.variant, '10': parts.lot, '21': parts.serial };
        const present = order.map((ai) => [ai, values[ai as keyof typeof values]]).filter(([, value]) => value);
        const bracketed = present.map(([ai, value]) => `(${ai})${value?.replaceAll('(', '\\(')}`).join('');
        const elements = readElements(bracketed);
        if (typeof elements === 'string') throw new Error(elements);
        const separated = writeElements(elements);
        const variants = [bracketed, separated, separated.slice(1), `]d2${separated.replaceAll('^', '\u001d')}`];
        for (const text of variants) {
          const link = linkOfElements(readElements(text));
          if (link.kind !== 'supported') throw new Error(`${text}: ${link.why}`);
          expect(found(link), text).to.deep.equal(found(parts));
        }
      }),
    );
  });

  const facts: readonly (readonly [text: string, kind: string, why?: RegExp])[] = [
    [`(01)${GTIN}(17)300101`, 'not-supported', /\(17\)/],
    ['(00)095060001343520000', 'not-supported', /something else than a product/],
    [`(8017)795260646688514634(01)${GTIN}(21)x`, 'invalid', /\(21\) can’t stand/],
    [`(01)${GTIN}(21)x(21)x`, 'supported'],
    [`(01)${GTIN}(21)x(21)y`, 'invalid', /twice/],
    [`(01)${GTIN}(235)x(10)y`, 'invalid', /\(235\)/],
    [`(01)${GTIN}(8200)x`, 'invalid', /\(8200\)/],
    ['(10)x', 'invalid', /names nothing/],
    [`(01)${GTIN}(21)`, 'invalid', /no value/],
    [`(01)${GTIN}(2)x`, 'invalid', /no known AI/],
    [`(01)${GTIN}21x`, 'invalid', /too long/],
    [`01${GTIN}21x^10y^`, 'supported'],
    [`^^01${GTIN}`, 'invalid', /no known AI/],
    [`01${GTIN}^^21x`, 'invalid', /no known AI/],
    [`01${GTIN.slice(1)}^21x`, 'invalid', /too short/],
    ['^', 'invalid', /no element/],
    ['', 'invalid', /no element/],
    [`01${GTIN}91${'x'.repeat(91)}`, 'invalid', /too long/],
    [`(01)${GTIN}${'(99)x'.repeat(64)}`, 'invalid', /too many/],
    ['x'.repeat(8001), 'invalid', /too long/],
  ];
  for (const [text, kind, why] of facts) {
    it(`${text.slice(0, 60)}: ${kind}`, () => {
      const link = linkOfElements(readElements(text));
      expect(link.kind, 'why' in link ? link.why : '').to.equal(kind);
      if (why) expect('why' in link && link.why).to.match(why);
    });
  }

  it('knows the check digits of products as code.ts does', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 14, maxLength: 14 }), (digits) => {
        const right = gtinCheckDigit(digits.slice(0, 13)) === digits[13];
        expect(linkOfElements(readElements(`(01)${digits}`)).kind).to.equal(right ? 'supported' : 'invalid');
      }),
    );
  });
});
