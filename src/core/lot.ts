// Owns lots before any chain: the statement somebody puts its name to, the header and id that commit to it, and what a
// record's materials from lots weigh (docs/format.md, "Lot" and "Masses"). What becomes of a lot is the chain's to say.
import { z } from 'zod';
import { type CanonicalText, canonicalise } from './canonical.ts';
import { type Fault, TouchstoneError } from './errors.ts';
import { faultsOf } from './faults.ts';
import { date, language, line, list, mediaType, orUnknown, prose, sha256, whole, words } from './fields.ts';
import { fromHex, type Hex32, keccak, toHex, utf8 } from './hash.ts';
import { ZERO_32 } from './merkle.ts';
import { type Material, originSchema, type Record1 } from './record.ts';
import { CUSTODY_MODELS, METALS, OTHER_MATERIALS, STONE_NATURES } from './vocabulary.ts';

export const LOT_SCHEMA = 'touchstone/lot/1';
/** A quarter of a record's room, as of a certificate: the papers it names say the rest. */
export const MAX_LOT_BYTES = 16_384;
export const MOST_QUANTITY = Number.MAX_SAFE_INTEGER;
/** Into or out of one operation. */
export const MOST_LOTS = 16;
/** Parts per million. */
export const PURE = 1_000_000;

/** What `quantity` counts, as the contract numbers it. */
export const LOT_UNITS = { mg: 1, count: 2, 'carat-thousandths': 3 } as const;
export type LotUnit = keyof typeof LOT_UNITS;
/** How a lot came about besides being declared (0), as the contract numbers it. */
export const LOT_OPERATIONS = { declared: 0, split: 1, merged: 2, refined: 3, returned: 4 } as const;
export type LotOperation = keyof typeof LOT_OPERATIONS;
/** From here on custody names an origin. */
const MASS_BALANCE = 3;
const CUSTODY_NAMES = Object.keys(CUSTODY_MODELS) as (keyof typeof CUSTODY_MODELS)[];

const kind = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('metal'), metal: z.enum(METALS) }),
  z.strictObject({ type: z.literal('stone'), species: orUnknown(line(100)), nature: words(STONE_NATURES) }),
  z.strictObject({ type: z.literal('other'), material: z.enum(OTHER_MATERIALS) }),
]);
export type LotMaterial = z.infer<typeof kind>;

export const lotStatementSchema = z
  .strictObject({
    schema: z.literal(LOT_SCHEMA),
    /** Language of the statement's own words (BCP 47). */
    language,
    title: line(300),
    material: kind,
    /** Parts per million of the metal; of a metal only. */
    finenessPerMillion: orUnknown(whole(1, PURE)).optional(),
    unit: words(LOT_UNITS as unknown as Record<LotUnit, string>),
    /** Of the lot that was declared or refined: what is split off says the same. */
    quantity: whole(1, MOST_QUANTITY),
    origin: orUnknown(originSchema),
    custody: words(CUSTODY_MODELS),
    /** What is declared, in the declarer's words. */
    statement: prose(4000).optional(),
    /** The declarer's own number of it. */
    reference: line(100).optional(),
    date: date.optional(),
    documents: list(z.strictObject({ sha256, mediaType, title: line(300) }), 16).optional(),
  })
  .check(({ value, issues }) => {
    const fault = (path: string, message: string) =>
      issues.push({ code: 'custom', input: value, path: [path], message });
    const metal = value.material.type === 'metal';
    if (metal !== (value.finenessPerMillion !== undefined)) {
      fault('finenessPerMillion', metal ? 'must be there: parts per million, or "unknown"' : 'is of metals only');
    }
    if (metal && value.unit !== 'mg') fault('unit', 'must be mg: metals are weighed');
    if (CUSTODY_LEVELS[value.custody] > MASS_BALANCE && originHash(value.origin) === ZERO_32) {
      fault('origin', `must say where it comes from: without that nothing is ${value.custody}`);
    }
  });
export type LotStatement = z.infer<typeof lotStatementSchema>;

/** As the contract numbers custody models: a larger number says more. */
export const CUSTODY_LEVELS = Object.fromEntries(
  CUSTODY_NAMES.map((name, i) => [name, CUSTODY_NAMES.length - 1 - i]),
) as Record<keyof typeof CUSTODY_MODELS, number>;

export function custodyOf(level: number): keyof typeof CUSTODY_MODELS {
  return CUSTODY_NAMES[CUSTODY_NAMES.length - 1 - level] ?? 'unknown';
}

export function unitOf(number: number): LotUnit | undefined {
  return (Object.keys(LOT_UNITS) as LotUnit[]).find((name) => LOT_UNITS[name] === number);
}

export type LotId = Hex32 & { readonly __lot: true };

/** What a lot's id commits to, as the contract takes it. Addresses and hashes are lower-case. */
export interface LotHeader {
  readonly organisation: string;
  readonly material: Hex32;
  /** Parts per million; 0 of what is no metal, or not known. */
  readonly fineness: number;
  readonly unit: number;
  readonly custody: number;
  readonly origin: Hex32;
  readonly quantity: number;
  readonly contentHash: Hex32;
  readonly parents: Hex32;
  readonly salt: Hex32;
}

export type ParsedLot =
  | { readonly ok: true; readonly statement: LotStatement }
  | { readonly ok: false; readonly faults: readonly Fault[] };

export function parseLot(input: unknown): ParsedLot {
  const parsed = lotStatementSchema.safeParse(input);
  if (!parsed.success) return { ok: false, faults: faultsOf(parsed.error, input) };
  return { ok: true, statement: parsed.data };
}

/** @throws TouchstoneError invalid-request if it is too large */
export function canonicalLot(statement: LotStatement): CanonicalText {
  const text = canonicalise(statement);
  if (utf8(text).length <= MAX_LOT_BYTES) return text;
  const faults = [{ field: 'statement', reason: `is larger than ${MAX_LOT_BYTES} bytes in canonical form` }];
  throw new TouchstoneError('invalid-request', 'The lot says more than fits. Nothing was done.', { faults });
}

/** Reads canonical bytes back; undefined unless they are exactly the canonical form of a statement. */
export function readLot(text: string): LotStatement | undefined {
  if (text.length > MAX_LOT_BYTES || !text.includes(`"${LOT_SCHEMA}"`)) return undefined;
  try {
    const parsed = parseLot(JSON.parse(text));
    return parsed.ok && canonicalLot(parsed.statement) === text ? parsed.statement : undefined;
  } catch {
    return undefined;
  }
}

export const hashText = (text: CanonicalText): Hex32 => toHex(keccak(utf8(text)));

/** Hash of the material's canonical words. Takes a record's material, or a lot's. */
export function materialHash(material: Material | LotMaterial): Hex32 {
  return hashText(canonicalise(lotMaterialOf(material)));
}

/** Of a record's material, what makes it the same material as a lot's. */
export function lotMaterialOf(material: Material | LotMaterial): LotMaterial {
  switch (material.type) {
    case 'metal':
      return { type: 'metal', metal: material.metal };
    case 'stone':
      return { type: 'stone', species: material.species, nature: material.nature };
    case 'other':
      return { type: 'other', material: material.material };
  }
}

/** Zero where no origin is named. */
export function originHash(origin: Material['origin']): Hex32 {
  if (origin === 'unknown' || (origin.country === 'unknown' && origin.text === undefined)) return ZERO_32;
  return hashText(canonicalise(origin));
}

/** The header of a lot that says this. @param of for what is made of other lots, and to tell equal lots apart */
export function headerOfLot(
  organisation: string,
  statement: LotStatement,
  { parents = ZERO_32, salt = ZERO_32 }: { parents?: Hex32; salt?: Hex32 } = {},
): LotHeader {
  const { material, finenessPerMillion: fineness = 0, unit, custody, origin, quantity } = statement;
  return {
    organisation,
    material: materialHash(material),
    fineness: fineness === 'unknown' ? 0 : fineness,
    unit: LOT_UNITS[unit],
    custody: CUSTODY_LEVELS[custody],
    origin: originHash(origin),
    quantity,
    contentHash: hashText(canonicalLot(statement)),
    parents,
    salt,
  };
}

const LOT_TAG = keccak(utf8('touchstone.lot.v1'));
const RETURN_TAG = keccak(utf8('touchstone.return.v1'));
const MASSES_TAG = keccak(utf8('touchstone.masses.v1'));

/** keccak256(abi.encode(tag, header)). */
export function lotIdOf(header: LotHeader): LotId {
  const { organisation, material, fineness, unit, custody, origin, quantity, contentHash, parents, salt } = header;
  const fields = [organisation, material, fineness, unit, custody, origin, quantity, contentHash, parents, salt];
  return toHex(keccak(wordsOf([toHex(LOT_TAG), ...fields]))) as LotId;
}

/** keccak256 of the parents' ids, ascending, one after the other. */
export function parentsOf(lotIds: readonly Hex32[]): Hex32 {
  return toHex(keccak(wordsOf(ascending(lotIds))));
}

/** What stands for the parents of a lot that was a piece. */
export function parentsOfPiece(tokenId: string): Hex32 {
  return toHex(keccak(wordsOf([toHex(RETURN_TAG), BigInt(tokenId)])));
}

export function ascending<T extends Hex32>(lotIds: readonly T[]): T[] {
  return [...lotIds].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** What a record says of a material that came from a lot. */
export interface Mass {
  readonly lotId: Hex32;
  readonly material: Hex32;
  readonly fineness: number;
  readonly unit: number;
  readonly quantity: number;
}

/** In the order of the record's materials. What a material doesn't know of itself gives none. */
export function massesOf({ materials }: Pick<Record1, 'materials'>): Mass[] {
  return materials.flatMap((material) => {
    if (material.lot === undefined) return [];
    const of = { lotId: material.lot as Hex32, material: materialHash(material) };
    const mass = (unit: LotUnit, quantity: number | 'unknown', fineness = 0): Mass[] =>
      quantity === 'unknown' ? [] : [{ ...of, fineness, unit: LOT_UNITS[unit], quantity }];
    switch (material.type) {
      case 'metal':
        return material.fineness === 'unknown' ? [] : mass('mg', material.massMg, material.fineness * 1_000);
      case 'stone':
        return [...mass('carat-thousandths', material.caratThousandths), ...mass('count', material.count)];
      default:
        return mass('mg', material.massMg);
    }
  });
}

/** What the leaf of a record with these masses holds as `extra`. */
export function extraOf(masses: readonly Mass[]): Hex32 {
  if (masses.length === 0) return ZERO_32;
  const fields = masses.flatMap(({ lotId, material, fineness, unit, quantity }) => [
    lotId,
    material,
    fineness,
    unit,
    quantity,
  ]);
  return toHex(keccak(wordsOf([toHex(MASSES_TAG), 64, masses.length, ...fields])));
}

/** Exact: what is there of the metal itself, times a million; of anything else its quantity. */
export function fine({ quantity, fineness }: { readonly quantity: number; readonly fineness: number }): bigint {
  return BigInt(quantity) * BigInt(fineness === 0 ? 1 : fineness);
}

/** Words of 32 bytes: numbers, and hexadecimal of any length up to that, right-aligned. */
function wordsOf(values: readonly (string | number | bigint)[]): Uint8Array {
  const all = new Uint8Array(32 * values.length);
  values.forEach((value, i) => {
    const bytes = fromHex(typeof value === 'string' ? value : `0x${value.toString(16).padStart(64, '0')}`);
    all.set(bytes, 32 * (i + 1) - bytes.length);
  });
  return all;
}
