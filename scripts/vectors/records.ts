// Owns the records of the vectors: inputs that must be accepted, with the text and hash that come of them, and inputs
// that must be refused, with the fields at fault (the words of a reason are each implementation's own).
import { canonicalRecord, hashRecord, mustParseRecord, parseRecord } from '../../src/core/record.ts';
import { goldRing, imitationEarrings, vintageBrooch } from '../../test/support/records.ts';

type Json = Record<string, unknown>;

export const CODE = { handle: 'atelier-lune', code: '0123456789ABCDEF8' };
const GTIN_CODE = { gtin: '09506000134352', serial: 'A/7%"z' };

/** The least that can be said. */
export function least(): Json {
  return {
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
}

const VALID: Readonly<Record<string, Json>> = {
  'the least that can be said': least(),
  'a fine ring': { ...goldRing(), code: CODE },
  'imitation earrings under a GTIN': { ...imitationEarrings(), code: GTIN_CODE },
  'a vintage brooch with declared history': { ...vintageBrooch(), code: CODE },
  'members in another order than the canonical one': Object.fromEntries(Object.entries(least()).reverse()),
  'text that is not in normal form C': { ...least(), title: 'Re\u0301ve d\u2019A\u030angstro\u0308m \u1100\u1161' },
  'text of every kind of escape': { ...least(), story: 'tab\t line\n quote" back\\ slash/ del? \u20ac \ud83d\udc8d' },
  'line ends of other systems': { ...least(), story: 'one\r\ntwo\rthree\nfour' },
  'years before Christ and a day': {
    ...least(),
    made: { place: 'unknown', date: { text: 'Hellenistic to a leap day', from: -330, to: '2024-02-29' } },
  },
  'the largest numbers and the least': {
    ...least(),
    massMg: 100_000_000,
    dimensions: { heightUm: 10_000_000, widthUm: 1 },
    restrictedSubstances: [{ substance: 'lead', relation: 'below', value: 0 }],
  },
  'a reserved annex root': { ...least(), annexRoot: `0x${'0a'.repeat(32)}` },
  'the longest title, counted in UTF-16 units': { ...least(), title: '\ud83d\udc8d'.repeat(150) },
};

const metal = (members: Json): Json => ({
  ...least(),
  materials: [
    {
      type: 'metal',
      metal: 'gold',
      fineness: 750,
      massMg: 1,
      recycledShare: 0,
      origin: 'unknown',
      custody: 'none',
      ...members,
    },
  ],
});
const made = (from: unknown, to: unknown): Json => ({
  ...least(),
  made: { place: 'unknown', date: { text: 'x', from, to } },
});
const link = (url: string): Json => ({ ...least(), links: [{ url }] });

const INVALID: Readonly<Record<string, unknown>> = {
  'not an object': [],
  'a member too many': { ...least(), price: 100 },
  'a member too many, deep': metal({ karat: 18 }),
  'a reserved member': { ...least(), components: [] },
  'a member named __proto__': JSON.parse(JSON.stringify(least()).replace('{', '{"__proto__":{"title":"x"},')),
  'a member named constructor': { ...least(), constructor: {} },
  'another schema': { ...least(), schema: 'touchstone/record/2' },
  'a word outside its list': { ...least(), kind: 'Ring' },
  'fineness above 1000': metal({ fineness: 1001 }),
  'fineness in carat': metal({ fineness: '18k' }),
  'a mass of zero': metal({ massMg: 0 }),
  'a negative mass': metal({ massMg: -1 }),
  'a fraction of a milligram': metal({ massMg: 0.5 }),
  'a mass above 100 kg': metal({ massMg: 100_000_001 }),
  'the year 0': made(0, 1),
  'a day of the year 0': made('0000-12-31', 1),
  'a day that does not exist': made('2025-02-29', 2025),
  'a year after the other': made(1901, 1900),
  'a day after the other': made('2025-05-14', '2025-05-13'),
  'an empty title': { ...least(), title: '' },
  'a blank before the title': { ...least(), title: ' x' },
  'a no-break space after the title': { ...least(), title: 'x\u00a0' },
  'a title of two lines': { ...least(), title: 'a\nb' },
  'a title of 301 characters': { ...least(), title: 'x'.repeat(301) },
  'a lone surrogate': { ...least(), title: 'a\ud800b' },
  'a control character': { ...least(), story: 'a\u0007b' },
  'text that turns its direction': { ...least(), story: 'pure \u202edlog' },
  'a line separator': { ...least(), story: 'a\u2028b' },
  'an empty list': { ...least(), care: [] },
  'a list too long': { ...least(), care: Array(17).fill('x') },
  'no materials': { ...least(), materials: [] },
  'a material of no type': { ...least(), materials: [{}] },
  'null for unknown': { ...least(), massMg: null },
  'a link that is a script': link('javascript:alert(1)'),
  'a link with a user name': link('https://good.example@evil.example/'),
  'a link with a letter beyond ASCII': link('https://example.com/\u00e9'),
  'an upper-case hash': { ...least(), annexRoot: `0x${'0A'.repeat(32)}` },
  'a wrong check digit': { ...least(), code: { gtin: '09506000134353', serial: '1' } },
  'a serial no URL can carry': { ...least(), code: { gtin: '09506000134352', serial: '..' } },
  'a wrong check character': { ...least(), code: { handle: 'atelier-lune', code: '0123456789ABCDEF7' } },
  'a code of both kinds': { ...least(), code: { ...CODE, ...GTIN_CODE } },
};

export function recordVectors() {
  return {
    valid: Object.entries(VALID).map(([name, input]) => {
      const record = mustParseRecord(input);
      const text = canonicalRecord(record);
      return { name, input, text, hash: hashRecord(text) };
    }),
    invalid: Object.entries(INVALID).map(([name, input]) => {
      const parsed = parseRecord(input);
      if (parsed.ok) throw new Error(`accepted: ${name}`);
      return { name, input, fields: parsed.faults.map((fault) => fault.field) };
    }),
  };
}
