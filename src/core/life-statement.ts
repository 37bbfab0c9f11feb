// Owns what is said of a life event beyond its kind: the statement behind its content hash (docs/format.md, "Life event"),
// with what work changed about the piece or what of the record was wrong. What the piece is after it is
// present-state.ts's; that it happened is the chain's to say. Prices never enter it.
import { z } from 'zod';
import { type CanonicalText, canonicalise } from './canonical.ts';
import { type Fault, TouchstoneError } from './errors.ts';
import { faultsOf } from './faults.ts';
import { date, language, line, list, mediaType, prose, sha256, whole } from './fields.ts';
import { type Hex32, keccak, toHex, utf8 } from './hash.ts';
import { CONSIGNMENT_KINDS, END_KINDS, type LifeKind, mayChangePiece, WORK_KINDS } from './life.ts';
import { metal, place, statementSchema, stone } from './record.ts';

export const LIFE_STATEMENT_SCHEMA = 'touchstone/life-event/1';
/** As much as a certificate's statement, because the same call posts both on the chain. */
export const MAX_LIFE_STATEMENT_BYTES = 16_384;
/** As long as the longest list of a record. */
const MAX_CHANGES = 64;

/** The kinds of events that may come with a statement. */
export const STATED_KINDS = [
  ...WORK_KINDS,
  ...CONSIGNMENT_KINDS,
  'corrected',
  ...END_KINDS,
] as const satisfies readonly LifeKind[];

const record = statementSchema.shape;
const material = record.materials.element;
const inscription = record.inscriptions.unwrap().element;
/** Of a list of the piece as it stood before the event. */
const index = whole(0, MAX_CHANGES - 1);

/** Members of a material that work changes and that leave it the material it was. */
const altered = z
  .strictObject({
    massMg: metal.shape.massMg.optional(),
    /** All layers as they are now, or that there is none left. */
    plating: z.union([z.literal('none'), metal.shape.plating.unwrap()]).optional(),
    hallmarks: metal.shape.hallmarks,
    count: stone.shape.count.optional(),
    caratThousandths: stone.shape.caratThousandths.optional(),
    shape: stone.shape.shape,
    cut: stone.shape.cut,
    measuresUm: stone.shape.measuresUm,
    setting: stone.shape.setting,
    treatments: stone.shape.treatments,
    report: stone.shape.report,
    inscription: stone.shape.inscription,
  })
  .refine((members) => Object.keys(members).length > 0, 'must name what was altered');

const materialChange = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('replaced'), material: index, with: material }),
  z.strictObject({ action: z.literal('added'), with: material }),
  z.strictObject({ action: z.literal('removed'), material: index }),
  z.strictObject({ action: z.literal('altered'), material: index, members: altered }),
]);
export type MaterialChange = z.infer<typeof materialChange>;

const inscriptionChange = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('added'), with: inscription }),
  z.strictObject({ action: z.literal('removed'), inscription: index }),
]);

/** What work left of the piece that wasn't so before. What isn't named stayed as it was. */
const changes = z
  .strictObject({
    materials: list(materialChange, MAX_CHANGES)
      .refine(
        (all) => namedOnce(all.flatMap((one) => ('material' in one ? [one.material] : []))),
        namedTwice('material'),
      )
      .optional(),
    /** The weight of the whole piece. */
    massMg: record.massMg.optional(),
    dimensions: record.dimensions.unwrap().optional(),
    inscriptions: list(inscriptionChange, MAX_CHANGES)
      .refine(
        (all) => namedOnce(all.flatMap((one) => ('inscription' in one ? [one.inscription] : []))),
        namedTwice('inscription'),
      )
      .optional(),
  })
  .refine((members) => Object.keys(members).length > 0, 'must name what was changed');
export type Changes = z.infer<typeof changes>;

/** What a correction can't reach: by these a record is this record, and what it commits to. */
const FIXED = ['schema', 'code', 'annexRoot'];
const POINTER = /^(?:\/(?:[a-z][A-Za-z0-9]{0,39}|0|[1-9]\d{0,3}|-)){1,8}$/;
const pointer = z
  .string()
  .regex(POINTER, 'must be the path of a member of the record, such as /materials/0/fineness')
  .refine((path) => !FIXED.includes(path.split('/')[1] ?? ''), 'is a member that no correction changes')
  .refine(
    (path) => !/^\/(?:materials|inscriptions)$/.test(path),
    'must name one entry of the list, such as /materials/0',
  );

/** One member of the record: what it should have said, or, without a value, that it should have said nothing. */
const correction = z.strictObject({
  path: pointer,
  value: z
    .unknown()
    .overwrite((value) => normalForm(value))
    .refine(hasCanonicalForm, 'must be text, a whole number, true, or a list or object of these')
    .optional(),
  why: prose(1000),
});
export type Correction = z.infer<typeof correction>;

export const lifeStatementSchema = z
  .strictObject({
    schema: z.literal(LIFE_STATEMENT_SCHEMA),
    kind: z.enum(STATED_KINDS),
    /** Language of the statement's own words (BCP 47). */
    language,
    /** What was done, or what was wrong, as it would be told over the counter. */
    words: prose(4000),
    /** When it was done, which may be long before it was put on the ledger. */
    date: date.optional(),
    place: place.optional(),
    /** Whoever did it, where it is not the organisation that says so. */
    by: line(300).optional(),
    documents: list(z.strictObject({ sha256, mediaType, title: line(300) }), 16).optional(),
    /** Only for work that may leave the piece another one than it was. */
    changes: changes.optional(),
    /** Only for a correction, and never without. */
    corrections: list(correction, MAX_CHANGES)
      .refine(
        (all) => namedOnce(all.map(({ path }) => path).filter((path) => !path.endsWith('-'))),
        namedTwice('member'),
      )
      .optional(),
  })
  .check((ctx) => {
    const { kind, changes: changed, corrections } = ctx.value;
    const refuse = (member: string, message: string) =>
      ctx.issues.push({ code: 'custom', input: ctx.value, path: [member], message });
    if (changed && !mayChangePiece(kind)) refuse('changes', 'is only for work that may change the piece');
    if (corrections && kind !== 'corrected') refuse('corrections', 'is only for the kind "corrected"');
    if (!corrections && kind === 'corrected') refuse('corrections', 'is missing');
  });
export type LifeStatement = z.infer<typeof lifeStatementSchema>;
export type LifeStatementHash = Hex32 & { readonly __lifeStatement: true };

export type ParsedLifeStatement =
  | { readonly ok: true; readonly statement: LifeStatement }
  | { readonly ok: false; readonly faults: readonly Fault[] };

export function parseLifeStatement(input: unknown): ParsedLifeStatement {
  const parsed = lifeStatementSchema.safeParse(input);
  if (!parsed.success) return { ok: false, faults: faultsOf(parsed.error, input) };
  return { ok: true, statement: parsed.data };
}

/** The canonical bytes, as text; what is posted on the chain. @throws TouchstoneError invalid-act if it is too large */
export function canonicalLifeStatement(statement: LifeStatement): CanonicalText {
  const text = canonicalise(statement);
  if (text.length > MAX_LIFE_STATEMENT_BYTES / 4 && utf8(text).length > MAX_LIFE_STATEMENT_BYTES) {
    const message = `The statement of a life event may have ${MAX_LIFE_STATEMENT_BYTES} bytes at most. Nothing was done.`;
    const reason = `is larger than ${MAX_LIFE_STATEMENT_BYTES} bytes in canonical form`;
    throw new TouchstoneError('invalid-act', message, { faults: [{ field: 'statement', reason }] });
  }
  return text;
}

/** What a life event carries as its content hash. */
export function lifeStatementHash(text: CanonicalText): LifeStatementHash {
  return toHex(keccak(utf8(text))) as LifeStatementHash;
}

/** Reads canonical bytes back; undefined unless they are exactly the canonical form of a statement. */
export function readLifeStatement(text: string): LifeStatement | undefined {
  if (text.length > MAX_LIFE_STATEMENT_BYTES) return undefined;
  try {
    const parsed = parseLifeStatement(JSON.parse(text));
    return parsed.ok && canonicalLifeStatement(parsed.statement) === text ? parsed.statement : undefined;
  } catch {
    return undefined;
  }
}

function namedOnce(all: readonly (number | string)[]): boolean {
  return new Set(all).size === all.length;
}

function namedTwice(what: string): string {
  return `must name each ${what} once`;
}

const MAX_DEPTH = 16;

/** Text as records have it: in Unicode's normal form C, with line feeds. */
function normalForm(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.normalize('NFC').replace(/\r\n?/g, '\n');
  if (depth > MAX_DEPTH || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => normalForm(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, normalForm(member, depth + 1)]));
}

/** Whatever has none, however deep it is, is refused and not thrown at the caller. */
function hasCanonicalForm(value: unknown): boolean {
  if (value === undefined) return true;
  try {
    return canonicalise(value) !== 'null';
  } catch {
    return false;
  }
}
