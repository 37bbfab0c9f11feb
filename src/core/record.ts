// Owns the record: what a maker (or custodian) states about one piece at manufacture, version 1. Strict: a member this
// schema doesn't know is refused, because a hash must not cover what no reader understands. Where the trade asks a
// question, "unknown" is an answer and a missing member is not. Integers only; decimals are converted at the edge.
// Reserved for later versions: components, set, chip, consignment, lien, successor.
import { z } from 'zod';
import { type CanonicalText, canonicalise } from './canonical.ts';
import { gtinFault, isHandle, isSerial, ownCodeFault, SERIAL_RULE } from './code.ts';
import { type Fault, TouchstoneError } from './errors.ts';
import { faultsOf } from './faults.ts';
import { date, hash, language, line, list, mediaType, orUnknown, prose, sha256, whole, words } from './fields.ts';
import { type Hex32, keccak, toHex, utf8 } from './hash.ts';
import {
  COUNTRY,
  CUSTODY_MODELS,
  EVIDENCE_LEVELS,
  HISTORY_KINDS,
  KINDS,
  MAKER_QUALIFIERS,
  METALS,
  OTHER_MATERIALS,
  RESTRICTED_SUBSTANCES,
  RING_SIZE_SYSTEMS,
  STONE_NATURES,
} from './vocabulary.ts';

export const RECORD_SCHEMA = 'touchstone/record/1';
/** Room for a museum's longest entry many times over; keeps a published record affordable and a page readable. */
export const MAX_RECORD_BYTES = 65_536;
const MAX_MASS_MG = 100_000_000; // 100 kg: no piece of jewellery weighs more
const MAX_LENGTH_UM = 10_000_000; // 10 m: the longest chains
const country = z.string().regex(COUNTRY, 'must be a country as its two capital letters, such as IT');
const massMg = orUnknown(whole(1, MAX_MASS_MG));
const lengthUm = whole(1, MAX_LENGTH_UM);
const perThousand = whole(0, 1000);
const fineness = orUnknown(whole(1, 1000));

export const place = z.strictObject({ text: line(500), country: country.optional() });
export const originSchema = z.strictObject({ text: line(500).optional(), country: orUnknown(country) });

const claim = z.strictObject({
  statement: prose(1000),
  evidence: words(EVIDENCE_LEVELS),
  by: line(200).optional(),
  reference: line(200).optional(),
  date: date.optional(),
});

/** Members every material has. `stated` keeps the words of whoever wrote them; the other members are the reading. */
const material = {
  stated: prose(1000).optional(),
  part: line(200).optional(),
  origin: orUnknown(originSchema),
  custody: words(CUSTODY_MODELS),
  /** The lot it was drawn from; the chain knows how much. */
  lot: hash.optional(),
  claims: list(claim, 16).optional(),
};
const hallmark = z.strictObject({
  sponsor: orUnknown(line(100)),
  fineness,
  assayOffice: orUnknown(line(200)),
  year: orUnknown(whole(1300, 9999)),
  stated: prose(500).optional(),
});
const plating = z.strictObject({
  metal: z.enum(METALS),
  fineness: fineness.optional(),
  /** Nanometres, because a flash of rhodium is thinner than a micrometre. */
  thicknessNm: orUnknown(whole(1, 10_000_000)),
});
export const metal = z.strictObject({
  type: z.literal('metal'),
  metal: z.enum(METALS),
  alloy: line(200).optional(),
  colour: line(50).optional(),
  fineness,
  massMg,
  recycledShare: orUnknown(perThousand),
  plating: list(plating, 8).optional(),
  hallmarks: list(hallmark, 16).optional(),
  ...material,
});
export const stone = z.strictObject({
  type: z.literal('stone'),
  species: orUnknown(line(100)),
  variety: line(100).optional(),
  nature: words(STONE_NATURES),
  treatments: orUnknown(list(line(200), 16)).optional(),
  count: orUnknown(whole(1, 100_000)),
  /** Total of all `count` stones, in thousandths of a carat (0.2 mg). */
  caratThousandths: orUnknown(whole(1, 500_000_000)),
  shape: line(100).optional(),
  cut: line(100).optional(),
  colour: orUnknown(line(100)),
  clarity: orUnknown(line(100)),
  /** Depth and table in tenths of a percent of the diameter. */
  depthPerThousand: orUnknown(whole(1, 2000)).optional(),
  tablePerThousand: orUnknown(whole(1, 1000)).optional(),
  measuresUm: z
    .strictObject({ length: orUnknown(lengthUm), width: orUnknown(lengthUm), height: orUnknown(lengthUm) })
    .optional(),
  setting: line(200).optional(),
  report: z.strictObject({ issuer: line(200), number: line(100) }).optional(),
  inscription: line(200).optional(),
  ...material,
});
const otherMaterial = z.strictObject({
  type: z.literal('other'),
  material: z.enum(OTHER_MATERIALS),
  description: line(500).optional(),
  massMg,
  ...material,
});
const anyMaterial = z.discriminatedUnion('type', [metal, stone, otherMaterial]);

/** A test result: nickel in ng/cm²/week (0.5 µg is 500), lead and cadmium in mg/kg. */
const restrictedSubstance = z.strictObject({
  substance: words(RESTRICTED_SUBSTANCES),
  relation: z.enum(['below', 'equal', 'unknown']),
  value: orUnknown(whole(0, 1_000_000_000)),
  method: line(200).optional(),
  laboratory: line(200).optional(),
  report: line(100).optional(),
  date: date.optional(),
});

const maker = z.strictObject({
  name: line(300),
  qualifier: words(MAKER_QUALIFIERS),
  stated: prose(1000).optional(),
});
const dimensions = z.strictObject({
  stated: prose(1000).optional(),
  heightUm: lengthUm.optional(),
  widthUm: lengthUm.optional(),
  depthUm: lengthUm.optional(),
  lengthUm: lengthUm.optional(),
  diameterUm: lengthUm.optional(),
  ringSize: z.strictObject({ system: z.enum(RING_SIZE_SYSTEMS), value: line(20) }).optional(),
});
const historyStep = z.strictObject({
  kind: z.enum(HISTORY_KINDS),
  /** The source's own words, whole. */
  text: prose(2000),
  holder: line(500).optional(),
  mode: line(100).optional(),
  dates: list(line(200), 16).optional(),
  uncertain: z.literal(true).optional(),
  unknown: z.literal(true).optional(),
});
/** The characters RFC 3986 allows, after a host name; no user names, which could look like another host. */
const url = z
  .string()
  .max(500)
  .regex(
    /^https?:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?:[/?#][A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]*)?$/,
    'must be a link such as https://example.com/ring?id=7, other characters percent-encoded',
  );

const gtinCode = z.strictObject({
  gtin: z.string().check((ctx) => {
    const fault = gtinFault(ctx.value);
    if (fault) ctx.issues.push({ code: 'custom', input: ctx.value, message: fault });
  }),
  serial: z.string().refine(isSerial, SERIAL_RULE),
});
const organisationCode = z.strictObject({
  handle: z.string().refine(isHandle, 'must be a handle: 3 to 31 of a-z, 0-9 and inner hyphens'),
  code: z.string().check((ctx) => {
    const fault = ownCodeFault(ctx.value);
    if (fault) ctx.issues.push({ code: 'custom', input: ctx.value, message: fault });
  }),
});
export const codeSchema = z.union([gtinCode, organisationCode], {
  error: 'must have gtin and serial, or handle and code',
});

/** Everything of a record but its code, which a service may have to draw first. */
export const statementSchema = z.strictObject({
  schema: z.literal(RECORD_SCHEMA),
  /** Whether the organisation made the piece or records one it holds. */
  recordedAs: z.enum(['maker', 'custodian']),
  /** Language of the record's own words (BCP 47). */
  language,
  title: line(300),
  kind: z.enum(KINDS),
  maker: orUnknown(maker),
  made: z.strictObject({ place: orUnknown(place), date: orUnknown(date) }),
  materials: list(anyMaterial),
  massMg,
  dimensions: dimensions.optional(),
  restrictedSubstances: list(restrictedSubstance, 16).optional(),
  inscriptions: list(
    z.strictObject({ text: prose(3000), type: line(200).optional(), place: line(200).optional() }),
  ).optional(),
  claims: list(claim).optional(),
  craftsmanship: list(prose(2000), 16).optional(),
  story: prose(8000).optional(),
  images: list(z.strictObject({ sha256, mediaType, alt: line(500) }), 32).optional(),
  documents: list(z.strictObject({ sha256, mediaType, title: line(300) }), 32).optional(),
  links: list(z.strictObject({ url, title: line(300).optional() })).optional(),
  /** The maker's or museum's own numbers and terms: model, inventory, culture, period, credit line. */
  descriptors: list(z.strictObject({ type: line(100), value: prose(2000) })).optional(),
  history: list(historyStep, 256).optional(),
  care: list(prose(1000), 16).optional(),
  /** Root over salted private fields; see docs/format.md. */
  annexRoot: hash.optional(),
});

export const recordSchema = statementSchema.extend({ code: codeSchema });

export type Record1 = z.infer<typeof recordSchema>;
/** A record that has passed `parseRecord`. */
export type PieceRecord = Record1 & { readonly __record: true };
export type Material = Record1['materials'][number];
export type HistoricalDate = z.infer<typeof date>;
export type RecordHash = Hex32 & { readonly __recordHash: true };

/** What parsing gives: the record, or everything that is wrong with it. */
export type ParsedRecord =
  | { readonly ok: true; readonly record: PieceRecord }
  | { readonly ok: false; readonly faults: readonly Fault[] };

export function parseRecord(input: unknown): ParsedRecord {
  const parsed = recordSchema.safeParse(input);
  if (!parsed.success) return { ok: false, faults: faultsOf(parsed.error, input) };
  return { ok: true, record: parsed.data as PieceRecord };
}

/** `parseRecord` for callers to whom a bad record is an error. @throws TouchstoneError invalid-record */
export function mustParseRecord(input: unknown): PieceRecord {
  const parsed = parseRecord(input);
  if (parsed.ok) return parsed.record;
  throw new TouchstoneError('invalid-record', 'The record was not accepted; nothing was registered.', {
    faults: parsed.faults,
  });
}

/** The record's canonical bytes, as text (its UTF-8 is what is hashed). @throws TouchstoneError invalid-record */
export function canonicalRecord(record: PieceRecord): CanonicalText {
  const text = canonicalise(record);
  if (text.length > MAX_RECORD_BYTES / 4 && utf8(text).length > MAX_RECORD_BYTES) {
    throw new TouchstoneError('invalid-record', `A record may have ${MAX_RECORD_BYTES} bytes at most.`, {
      faults: [{ field: '', reason: `is larger than ${MAX_RECORD_BYTES} bytes in canonical form` }],
    });
  }
  return text;
}

export function hashRecord(text: CanonicalText): RecordHash {
  return toHex(keccak(utf8(text))) as RecordHash;
}
