// Owns generated records: every member the schema has, present or absent, with any text a record may hold. Sampling is
// seeded, so a run can be repeated.
import fc from 'fast-check';
import { gtinCheckDigit, isSerial, ownCode } from '../../src/core/code.ts';
import { mustParseRecord, type PieceRecord } from '../../src/core/record.ts';
import * as words from '../../src/core/vocabulary.ts';

type Arbitraries = Record<string, fc.Arbitrary<unknown>>;

export const SEED = 20_260_101;

const unknown = fc.constant('unknown');
const orUnknown = (arbitrary: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 1, arbitrary: unknown }, { weight: 3, arbitrary });
const whole = (min: number, max: number) => fc.integer({ min, max });
const oneOf = (list: readonly string[]) => fc.constantFrom(...list);
const keysOf = (map: object) => oneOf(Object.keys(map));
const object = (required: Arbitraries, optional: Arbitraries = {}) =>
  fc.record({ ...required, ...optional }, { requiredKeys: Object.keys(required) });
const list = (arbitrary: fc.Arbitrary<unknown>) => fc.array(arbitrary, { minLength: 1, maxLength: 3 });

const REFUSED = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/gu;
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
  fc.constantFrom('é', 'e\u0301', '"\\/', '😀', 'ﬁ', '\u007e', '한글', 'שלום', 'Å'),
);
const text = anyText.map((drawn) => drawn.replace(REFUSED, '').trim() || 'x');
const prose = fc.tuple(text, text).map(([a, b]) => `${a}\n\t${b}`);

const country = fc.constantFrom('IT', 'IN', 'BE', 'TH');
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`);
const lengthUm = whole(1, 10_000_000);
const massMg = orUnknown(whole(1, 100_000_000));
const year = whole(-20_000, 9_999).filter((value) => value !== 0);
const day = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const ordered = (points: fc.Arbitrary<number | string>) =>
  fc.tuple(points, points).map(([a, b]) => (a <= b ? { from: a, to: b } : { from: b, to: a }));
const span = fc.oneof(ordered(year), ordered(day), fc.constant({ from: 'unknown', to: 1900 }));
const date = fc.tuple(text, span).map(([words_, between]) => ({ text: words_, ...between }));
const place = object({ text }, { country });
const claim = object(
  { statement: prose, evidence: keysOf(words.EVIDENCE_LEVELS) },
  { by: text, reference: text, date },
);

const material = {
  required: {
    origin: orUnknown(object({ country: orUnknown(country) }, { text })),
    custody: keysOf(words.CUSTODY_MODELS),
  },
  optional: { stated: prose, part: text, lot: hash, claims: list(claim) },
};
const fineness = orUnknown(whole(1, 1000));
const plating = object({ metal: oneOf(words.METALS), thicknessNm: orUnknown(whole(1, 10_000_000)) }, { fineness });
const hallmark = object(
  { sponsor: orUnknown(text), fineness, assayOffice: orUnknown(text), year: orUnknown(whole(1300, 9999)) },
  { stated: prose },
);
const metal = object(
  {
    type: fc.constant('metal'),
    metal: oneOf(words.METALS),
    fineness,
    massMg,
    recycledShare: orUnknown(whole(0, 1000)),
    ...material.required,
  },
  { alloy: text, colour: text, plating: list(plating), hallmarks: list(hallmark), ...material.optional },
);
const stone = object(
  {
    type: fc.constant('stone'),
    species: orUnknown(text),
    nature: keysOf(words.STONE_NATURES),
    count: orUnknown(whole(1, 100_000)),
    caratThousandths: orUnknown(whole(1, 500_000_000)),
    colour: orUnknown(text),
    clarity: orUnknown(text),
    ...material.required,
  },
  {
    variety: text,
    treatments: orUnknown(list(text)),
    shape: text,
    cut: text,
    depthPerThousand: orUnknown(whole(1, 2000)),
    tablePerThousand: orUnknown(whole(1, 1000)),
    measuresUm: object({ length: orUnknown(lengthUm), width: orUnknown(lengthUm), height: orUnknown(lengthUm) }),
    setting: text,
    report: object({ issuer: text, number: text }),
    inscription: text,
    ...material.optional,
  },
);
const other = object(
  { type: fc.constant('other'), material: oneOf(words.OTHER_MATERIALS), massMg, ...material.required },
  { description: text, ...material.optional },
);

const dimensions = object(
  {},
  {
    stated: prose,
    heightUm: lengthUm,
    widthUm: lengthUm,
    depthUm: lengthUm,
    lengthUm,
    diameterUm: lengthUm,
    ringSize: object({ system: oneOf(words.RING_SIZE_SYSTEMS), value: text }),
  },
);
const substance = object(
  {
    substance: keysOf(words.RESTRICTED_SUBSTANCES),
    relation: fc.constantFrom('below', 'equal', 'unknown'),
    value: orUnknown(whole(0, 1_000_000_000)),
  },
  { method: text, laboratory: text, report: text, date },
);
const historyStep = object(
  { kind: oneOf(words.HISTORY_KINDS), text: prose },
  { holder: text, mode: text, dates: list(text), uncertain: fc.constant(true), unknown: fc.constant(true) },
);
const mediaType = fc.constantFrom('image/jpeg', 'application/pdf', 'image/svg+xml');
const url = fc.webUrl({ withQueryParameters: true, withFragments: true, size: 'small' });

const SERIAL_CHARACTERS = `!"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz`;
export const anySerial = fc
  .string({ unit: fc.constantFrom(...SERIAL_CHARACTERS), minLength: 1, maxLength: 20 })
  .filter(isSerial);
export const anyGtin = fc
  .bigInt({ min: 1n, max: 9_999_999_999_999n })
  .map((digits) => digits.toString().padStart(13, '0'))
  .map((first13) => first13 + gtinCheckDigit(first13));
export const anyHandle = fc.stringMatching(/^[a-z0-9][a-z0-9-]{1,29}[a-z0-9]$/);
export const anyOwnCode = fc
  .tuple(anyHandle, fc.uint8Array({ minLength: 10, maxLength: 10 }))
  .map(([handle, random]) => ownCode(handle, random));
export const anyCode = fc.oneof(object({ gtin: anyGtin, serial: anySerial }), anyOwnCode);

const required: Arbitraries = {
  schema: fc.constant('touchstone/record/1'),
  recordedAs: fc.constantFrom('maker', 'custodian'),
  language: fc.constantFrom('en', 'pt-BR', 'zh-Hant-TW'),
  title: text,
  kind: oneOf(words.KINDS),
  maker: orUnknown(object({ name: text, qualifier: keysOf(words.MAKER_QUALIFIERS) }, { stated: prose })),
  made: object({ place: orUnknown(place), date: orUnknown(date) }),
  materials: list(fc.oneof(metal, stone, other)),
  massMg,
  code: anyCode,
};
const optional: Arbitraries = {
  dimensions,
  restrictedSubstances: list(substance),
  inscriptions: list(object({ text: prose }, { type: text, place: text })),
  claims: list(claim),
  craftsmanship: list(prose),
  story: prose,
  images: list(object({ sha256: hash, mediaType, alt: text })),
  documents: list(object({ sha256: hash, mediaType, title: text })),
  links: list(object({ url }, { title: text })),
  descriptors: list(object({ type: text, value: prose })),
  history: list(historyStep),
  care: list(prose),
  annexRoot: hash,
};

/** Records as somebody would write them: valid, but not yet in normal form. */
export const anyRecordInput: fc.Arbitrary<Record<string, unknown>> = object(required, optional);
/** Records as `parseRecord` gives them. */
export const anyRecord: fc.Arbitrary<PieceRecord> = anyRecordInput.map(mustParseRecord);

/** The same records at every call. */
export function sampleRecords(count: number): PieceRecord[] {
  return fc.sample(anyRecord, { numRuns: count, seed: SEED });
}
