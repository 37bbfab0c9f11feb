// Owns the evidence file: everything needed to check one piece's passport without the service that made it. What it
// says is the claim of whoever made it; judging it is verdict.ts's. Payloads never enter it: records stand in it plain.
import { z } from 'zod';
import { MAX_BATCH_COUNT, MAX_PARTS } from './batch.ts';
import { type CertificateFields, MAX_CERTIFICATES } from './certificate.ts';
import { isHandle } from './code.ts';
import type { Fault } from './errors.ts';
import { faultsOf } from './faults.ts';
import { address, hash } from './fields.ts';
import { utf8 } from './hash.ts';
import { LIFE_KINDS, type LifeKind } from './life.ts';
import { MOST_LOTS, PURE } from './lot.ts';
import { MOST_TRACED } from './lot-view.ts';

export const EVIDENCE_SCHEMA = 'touchstone/evidence/1';
/** A record of full size, two hundred certificates of full size and a long life fit; what is larger was made to hurt. */
export const MAX_EVIDENCE_BYTES = 4 * 1024 * 1024;
/** Sibling hashes of a tree of 17 levels: the largest batch. */
const MAX_PROOF = 17;
/** Moves, life events and certificates beyond these are another kind of thing than a jewel; the size would refuse them. */
const MAX_MOVES = 10_000;
const MAX_ATTESTATIONS = 500;
const MAX_ORGANISATIONS = 2_000;
export const MAX_EVENTS = 10_000;
/** One is enough for a warning; each carries a record of its own. */
export const MAX_CONFLICTS = 8;

const token = z
  .string()
  .regex(/^(0|[1-9]\d{0,77})$/, 'must be a decimal number')
  .refine((text) => !/^\d{1,78}$/.test(text) || BigInt(text) >> 256n === 0n, 'is too large');
const natural = (max = Number.MAX_SAFE_INTEGER) => z.int().min(0).max(max);
const time = natural(2 ** 48 - 1);

/** Where a log stands on the chain, and when. */
const place = { block: natural(), logIndex: natural(), time, transaction: hash };
const counter = natural(2 ** 24 - 1);

const header = z.strictObject({
  organisation: address,
  root: hash,
  count: z.int().min(1).max(MAX_BATCH_COUNT),
  mode: z.union([z.literal(0), z.literal(1)]),
  payloadHash: hash,
  parts: natural(MAX_PARTS),
});

const proof = z.array(hash).max(MAX_PROOF);

/** Everything that leads from a record to a batch. */
const member = { header, index: natural(MAX_BATCH_COUNT - 1), claimKey: address, extra: hash, proof };

const certificate = z.strictObject({
  fields: z.strictObject({
    organisation: address,
    kind: z.int().min(1).max(255),
    subject: hash,
    contentHash: hash,
    validUntil: time,
    pieceEvents: counter,
  }),
  /** Canonical bytes of the statement, as text; null where whoever made the file does not have it. */
  statement: z.string().nullable(),
  /** Null for one that was issued by itself. */
  batch: z
    .strictObject({
      root: hash,
      count: z.int().min(1).max(MAX_CERTIFICATES),
      index: natural(MAX_CERTIFICATES - 1),
      proof,
    })
    .nullable(),
  issued: z.strictObject({ ...place, key: address }),
  revoked: z.strictObject({ ...place, reason: natural(255), words: z.string(), key: address }).nullable(),
});

const lotHeader = z.strictObject({
  organisation: address,
  material: hash,
  fineness: natural(PURE),
  unit: natural(255),
  custody: natural(255),
  origin: hash,
  quantity: natural(),
  contentHash: hash,
  parents: hash,
  salt: hash,
});

/** `madeOf`: the lots whose ids `parents` commits to; `returned`: the piece it was. */
const lot = z.strictObject({
  header: lotHeader,
  /** Canonical bytes of the statement, as text; null where there is none, or whoever made the file does not have it. */
  statement: z.string().nullable(),
  madeOf: z.array(hash).max(MOST_LOTS),
  returned: token.nullable(),
  /** All that was drawn for the piece's batch; `number` counts the lot's events. None of lots further up the line. */
  draws: z.array(z.strictObject({ number: counter, quantity: natural(), ...place })).max(MAX_MOVES),
});

const lifeKind = z.enum(Object.keys(LIFE_KINDS) as [LifeKind]);
/** What was said of a piece or a batch; zero where nobody, or nothing, is named, as on the chain. */
const said = { number: counter, kind: lifeKind, organisation: address, key: address, words: z.string(), ...place };

/** An event of an organisation, its arguments by the names they have in the contract. */
const organisationEvent = <N extends string, S extends z.ZodRawShape>(name: N, data: S) =>
  z.strictObject({ name: z.literal(name), data: z.strictObject({ organisation: address, ...data }), ...place });
/** GS1 company prefix as the contract has it: a 1 and the digits. */
const prefixNumber = z.int().min(10_000_000).max(1_999_999_999_999);

const organisationEvents = z.discriminatedUnion('name', [
  organisationEvent('OrganisationAdmitted', { handle: hash, roles: natural(2 ** 32 - 1) }),
  organisationEvent('RolesSet', { roles: natural(2 ** 32 - 1) }),
  organisationEvent('OrganisationSuspended', { reason: z.string() }),
  organisationEvent('OrganisationReinstated', {}),
  organisationEvent('OrganisationSucceeded', { successor: address }),
  organisationEvent('PrefixGranted', { prefix: prefixNumber }),
  organisationEvent('PrefixWithdrawn', { prefix: prefixNumber }),
  organisationEvent('KeySet', { key: address, permissions: natural(2 ** 16 - 1), from: time, until: time }),
]);

export const evidenceSchema = z.strictObject({
  schema: z.literal(EVIDENCE_SCHEMA),
  chain: z.strictObject({
    chainId: natural(),
    genesis: hash,
    pieces: address,
    organisations: address,
    certificates: address,
    lots: address,
    lifeEvents: address,
  }),
  /** Up to which block the file tells everything it knows. */
  asOf: z.strictObject({ block: natural(), blockHash: hash, time }),
  tokenId: token,
  /** Canonical bytes of the record, as text. */
  record: z.string(),
  batch: z.strictObject({ ...member, anchored: z.strictObject({ ...place, key: address }) }),
  /** How often the range passed on while the piece was in it. */
  rangeEvents: counter,
  /** Number of the piece's own events besides moves. */
  pieceEvents: counter,
  /** Times the piece changed hands with its range, before it had an owner of its own; in order. */
  passes: z.array(z.strictObject({ from: address, to: address, ...place })).max(MAX_MOVES),
  /** Moves by itself; `number` counts them from 1. `claim`: by which card, and whether it allowed recovery. */
  moves: z
    .array(
      z.strictObject({
        number: counter,
        from: address,
        to: address,
        claim: z.strictObject({ key: address, recoverable: z.boolean() }).nullable(),
        ...place,
      }),
    )
    .max(MAX_MOVES),
  /** What happened to the piece itself besides; `number` counts from 1. `statement`: the text behind `contentHash`. */
  events: z.array(z.strictObject({ ...said, contentHash: hash, statement: z.string().nullable() })).max(MAX_MOVES),
  /** What was said of its whole batch; `number` counts from 1. */
  batchEvents: z.array(z.strictObject(said)).max(MAX_MOVES),
  /** Only those that changed how the piece stands: by which it left its range, or which ended a recovery. */
  approvals: z.array(z.strictObject({ owner: address, to: address, ...place })).max(MAX_MOVES),
  owner: address,
  /** How the piece and its batch stand; bits as in the contract. */
  standing: z.strictObject({
    state: natural(255),
    /** Day from 1970 after which the block of the last report lapses; 0 if it was never reported. */
    day: natural(2 ** 16 - 1),
    recoverable: z.boolean(),
    recovering: z.boolean(),
    batchFlags: natural(255),
  }),
  /** Everybody `involved` (judge-file.ts) that is an organisation, with all its events; in order of admission. */
  organisations: z
    .array(
      z.strictObject({
        address,
        handle: z.string().refine(isHandle, 'must be a handle: 3 to 31 of a-z, 0-9 and inner hyphens'),
        events: z.array(organisationEvents).min(1).max(MAX_EVENTS),
      }),
    )
    .max(MAX_ORGANISATIONS),
  /** Grants and withdrawals of every prefix that could cover the code's GTIN; none for an organisation's own code. */
  prefixes: z
    .array(
      z.strictObject({
        name: z.enum(['PrefixGranted', 'PrefixWithdrawn']),
        prefix: z.string().regex(/^\d{7,12}$/),
        organisation: address,
        ...place,
      }),
    )
    .max(MAX_EVENTS),
  /** About this piece, its record, reports, batch and registrant; in order of issue. */
  certificates: z.array(certificate).max(MAX_ATTESTATIONS),
  /** Other pieces that the registrant anchored under the same code, each proven; by token id, never claimed complete. */
  conflicts: z.array(z.strictObject({ record: z.string(), ...member })).max(MAX_CONFLICTS),
  /** Those the record names, then what these were made of, and so on; not there if it names none that are known. */
  lots: z.array(lot).min(1).max(MOST_TRACED).optional(),
});

export type Evidence = z.infer<typeof evidenceSchema>;
export type EvidenceCertificate = Evidence['certificates'][number] & { readonly fields: CertificateFields };

export type ParsedEvidence =
  | { readonly ok: true; readonly evidence: Evidence }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Reads the text of a file. Its form only: nothing in it is believed. */
export function readEvidence(text: string): ParsedEvidence {
  const whole = (reason: string): ParsedEvidence => ({ ok: false, faults: [{ field: '', reason }] });
  if (text.length > MAX_EVIDENCE_BYTES || utf8(text).length > MAX_EVIDENCE_BYTES) {
    return whole(`is larger than ${MAX_EVIDENCE_BYTES} bytes`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return whole('is no JSON: it may be cut off');
  }
  return parseEvidence(value);
}

export function parseEvidence(value: unknown): ParsedEvidence {
  const parsed = evidenceSchema.safeParse(value);
  if (parsed.success) return { ok: true, evidence: parsed.data };
  return { ok: false, faults: faultsOf(parsed.error, value) };
}
