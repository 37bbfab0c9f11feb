// Owns what a certificate is before any chain: the statement a certifier puts its name to, what it is about, and the
// ids and leaves that commit to it (docs/format.md, "Certificate"). Whether it was issued or revoked is the chain's to
// say; whether it is true, nobody here can.
import { z } from 'zod';
import type { BatchId, TokenId } from './batch.ts';
import { type CanonicalText, canonicalise } from './canonical.ts';
import { type Fault, TouchstoneError } from './errors.ts';
import { faultsOf } from './faults.ts';
import { address, date, hash, language, line, list, mediaType, prose, sha256, whole, words } from './fields.ts';
import { fromHex, type Hex32, keccak, toHex, utf8 } from './hash.ts';
import type { Root } from './merkle.ts';
import { CERTIFICATE_TYPES, EVIDENCE_LEVELS } from './vocabulary.ts';

export const CERTIFICATE_SCHEMA = 'touchstone/certificate/1';
/** A quarter of a record's room: a statement says what was found, the document it names says the rest. */
export const MAX_STATEMENT_BYTES = 16_384;
/** As many as a tree of 17 levels holds; the contract refuses more. */
export const MAX_CERTIFICATES = 131_072;

/** What `subject` is, as the contract numbers it. */
export const SUBJECT_KINDS = { piece: 1, record: 2, report: 3, batch: 4, organisation: 5, lot: 6 } as const;
export type SubjectKind = keyof typeof SUBJECT_KINDS;

/** Reasons of a revocation, as the contract numbers them. */
export const REVOCATION_REASONS = { mistake: 1, replaced: 2, 'piece-changed': 3, deceit: 4, other: 5 } as const;
export type RevocationReason = keyof typeof REVOCATION_REASONS;

const decimal = (bits: number) =>
  z
    .string()
    .regex(/^(0|[1-9]\d{0,77})$/, 'must be a decimal number')
    .refine((text) => !/^\d{1,78}$/.test(text) || BigInt(text) >> BigInt(bits) === 0n, 'is too large');

/** A document somebody numbered: whose, and its number, as printed on it. */
const report = z.strictObject({
  issuer: line(200).refine(hasLetters, 'must have a letter or digit'),
  number: line(100).refine(hasLetters, 'must have a letter or digit'),
});
export type Report = z.infer<typeof report>;

const subject = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('piece'), tokenId: decimal(256) }),
  z.strictObject({ kind: z.literal('record'), recordHash: hash }),
  z.strictObject({ kind: z.literal('report'), issuer: report.shape.issuer, number: report.shape.number }),
  z.strictObject({ kind: z.literal('batch'), batchId: decimal(224) }),
  z.strictObject({ kind: z.literal('organisation'), organisation: address }),
  z.strictObject({ kind: z.literal('lot'), lotId: hash }),
]);
export type Subject = z.infer<typeof subject>;

export const certificateStatementSchema = z.strictObject({
  schema: z.literal(CERTIFICATE_SCHEMA),
  /** Language of the statement's own words (BCP 47). */
  language,
  type: words(CERTIFICATE_TYPES),
  subject,
  title: line(300),
  /** What is attested, in the certifier's words. */
  statement: prose(4000),
  evidence: words(EVIDENCE_LEVELS),
  /** When the certifier looked, which may be long before it signed. */
  examined: date.optional(),
  method: prose(1000).optional(),
  standards: list(line(200), 16).optional(),
  /** The certifier's own number of this document. */
  report: report.optional(),
  findings: list(z.strictObject({ name: line(100), value: line(500) })).optional(),
  document: z.strictObject({ sha256, mediaType, title: line(300) }).optional(),
  /** Of a lot: for how much of it this stands, in its unit; for all of it if left out. */
  covers: whole(1, Number.MAX_SAFE_INTEGER).optional(),
  /** Of a batch: how much of each lot all its records together state. */
  balance: list(z.strictObject({ lot: hash, quantity: whole(0, Number.MAX_SAFE_INTEGER) }), 256).optional(),
});
export type CertificateStatement = z.infer<typeof certificateStatementSchema>;
export type ContentHash = Hex32 & { readonly __content: true };
export type CertificateId = Hex32 & { readonly __certificate: true };

export type ParsedStatement =
  | { readonly ok: true; readonly statement: CertificateStatement }
  | { readonly ok: false; readonly faults: readonly Fault[] };

export function parseStatement(input: unknown): ParsedStatement {
  const parsed = certificateStatementSchema.safeParse(input);
  if (!parsed.success) return { ok: false, faults: faultsOf(parsed.error, input) };
  return { ok: true, statement: parsed.data };
}

/** @throws TouchstoneError invalid-certificate listing every fault */
export function mustParseStatement(input: unknown, at = ''): CertificateStatement {
  const parsed = parseStatement(input);
  if (parsed.ok) return parsed.statement;
  const faults = parsed.faults.map(({ field, reason }) => ({
    field: [at, field].filter((part) => part !== '').join('.'),
    reason,
  }));
  throw new TouchstoneError('invalid-certificate', 'The certificate was not accepted; nothing was issued.', { faults });
}

/** @throws TouchstoneError invalid-certificate if it is too large */
export function canonicalStatement(statement: CertificateStatement, at = ''): CanonicalText {
  const text = canonicalise(statement);
  if (text.length > MAX_STATEMENT_BYTES / 4 && utf8(text).length > MAX_STATEMENT_BYTES) {
    const reason = `is larger than ${MAX_STATEMENT_BYTES} bytes in canonical form`;
    throw new TouchstoneError('invalid-certificate', `A statement may have ${MAX_STATEMENT_BYTES} bytes at most.`, {
      faults: [{ field: at, reason }],
    });
  }
  return text;
}

/** Reads canonical bytes back; undefined unless they are exactly the canonical form of a statement. */
export function readStatement(text: string): CertificateStatement | undefined {
  if (text.length > MAX_STATEMENT_BYTES) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = parseStatement(value);
  if (!parsed.ok) return undefined;
  try {
    return canonicalStatement(parsed.statement) === text ? parsed.statement : undefined;
  } catch {
    return undefined;
  }
}

export function hashStatement(text: CanonicalText): ContentHash {
  return toHex(keccak(utf8(text))) as ContentHash;
}

/** What the contract holds of a certificate, and what its id commits to. */
export interface CertificateFields {
  readonly organisation: string;
  readonly kind: number;
  readonly subject: Hex32;
  readonly contentHash: Hex32;
  /** Seconds since 1970; 0 for no end. */
  readonly validUntil: number;
  readonly pieceEvents: number;
}

/** @param validity seconds since 1970, 0 for no end; and, of a piece, how many of its events the certifier knew of */
export function fieldsOf(
  organisation: string,
  statement: CertificateStatement,
  contentHash: ContentHash,
  { validUntil = 0, pieceEvents = 0 }: { validUntil?: number; pieceEvents?: number } = {},
): CertificateFields {
  const kind = SUBJECT_KINDS[statement.subject.kind];
  return { organisation, kind, subject: subjectOf(statement.subject), contentHash, validUntil, pieceEvents };
}

/** The subject as 32 bytes. */
export function subjectOf(of: Subject): Hex32 {
  switch (of.kind) {
    case 'piece':
      return wordOf(BigInt(of.tokenId));
    case 'record':
      return of.recordHash as Hex32;
    case 'report':
      return reportKey(of);
    case 'batch':
      return wordOf(BigInt(of.batchId));
    case 'organisation':
      return wordOf(BigInt(of.organisation));
    case 'lot':
      return of.lotId as Hex32;
  }
}

export function subjectOfPiece(tokenId: TokenId): Hex32 {
  return wordOf(BigInt(tokenId));
}

export function subjectOfBatch(batchId: BatchId): Hex32 {
  return wordOf(BigInt(batchId));
}

const REPORT_TAG = keccak(utf8('touchstone.report.v1'));
const CERTIFICATE_TAG = keccak(utf8('touchstone.certificate.v1'));
const LEAF_TAG = keccak(utf8('touchstone.certificate-leaf.v1'));
const BATCH_TAG = keccak(utf8('touchstone.certificate-batch.v1'));
const LEAF_VERSION = 1;

/** Only letters and digits tell reports apart; a number without any of them tells nothing. */
function hasLetters(text: string): boolean {
  return plainOf(text) !== '';
}

/** NFC, ASCII letters in lower case, without white space, full stops and hyphens. */
function plainOf(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\s.-]/gu, '')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** keccak256(tag ‖ keccak256(issuer) ‖ keccak256(number)), each as `plainOf`: "GIA 2141-438" and "gia 2141438" are one. */
export function reportKey({ issuer, number }: Report): Hex32 {
  const bytes = new Uint8Array(96);
  bytes.set(REPORT_TAG, 0);
  bytes.set(keccak(utf8(plainOf(issuer))), 32);
  bytes.set(keccak(utf8(plainOf(number))), 64);
  return toHex(keccak(bytes));
}

/** Whether two ways of writing name the same report. */
export function reportsAlike(a: Report, b: Report): boolean {
  return reportKey(a) === reportKey(b) && hasLetters(a.issuer) && hasLetters(a.number);
}

/** keccak256(abi.encode(tag, organisation, kind, subject, content hash, valid until, piece events)). */
export function certificateIdOf(fields: CertificateFields): CertificateId {
  const bytes = new Uint8Array(7 * 32);
  const view = new DataView(bytes.buffer);
  bytes.set(CERTIFICATE_TAG, 0);
  bytes.set(fromHex(fields.organisation), 44);
  bytes[95] = fields.kind;
  bytes.set(fromHex(fields.subject), 96);
  bytes.set(fromHex(fields.contentHash), 128);
  view.setBigUint64(184, BigInt(fields.validUntil));
  view.setUint32(220, fields.pieceEvents);
  return toHex(keccak(bytes)) as CertificateId;
}

/** keccak256(keccak256(abi.encode(tag, version, index, certificate id))), as raw bytes. */
export function certificateLeaf(index: number, id: CertificateId): Uint8Array {
  const bytes = new Uint8Array(4 * 32);
  bytes.set(LEAF_TAG, 0);
  bytes[63] = LEAF_VERSION;
  new DataView(bytes.buffer).setUint32(92, index);
  bytes.set(fromHex(id), 96);
  return keccak(keccak(bytes));
}

/** keccak256(abi.encode(tag, organisation, root, count)). */
export function certificateBatchIdOf(organisation: string, root: Root, count: number): Hex32 {
  const bytes = new Uint8Array(4 * 32);
  bytes.set(BATCH_TAG, 0);
  bytes.set(fromHex(organisation), 44);
  bytes.set(fromHex(root), 64);
  new DataView(bytes.buffer).setUint32(124, count);
  return toHex(keccak(bytes));
}

function wordOf(value: bigint): Hex32 {
  return `0x${value.toString(16).padStart(64, '0')}`;
}
