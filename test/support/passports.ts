// Owns made-up passports for tests of pages: fine, imitation, old, pending, settling,
// doubtful, in another script, with endless words. Nobody and nothing in them exists.
import type { BatchId, TokenId } from '../../src/core/batch.ts';
import type { LifeKind } from '../../src/core/life.ts';
import { canonicalLifeStatement, type LifeStatement, lifeStatementHash } from '../../src/core/life-statement.ts';
import { foldPassport, type MoveFacts, type Passport, type PieceFacts } from '../../src/core/passport.ts';
import { canonicalRecord, hashRecord, mustParseRecord, type Record1 } from '../../src/core/record.ts';
import { ASSAY_OFFICE, certificateOf, ISSUED, pieceSubject } from './certificate-facts.ts';
import { FINE_RING, GTIN_CODE, hex32, IMITATION_EARRINGS, VINTAGE_BROOCH } from './pieces.ts';

export const ATELIER = '0x1000000000000000000000000000000000000a01';
export const GALLERY = '0x2000000000000000000000000000000000000b02';
export const PRIVATE = '0x3000000000000000000000000000000000000c03';
export const OTHER_PRIVATE = '0x4000000000000000000000000000000000000d04';

export const REGISTERED = Date.UTC(2026, 4, 3, 9, 12, 30) / 1000;
export const TOKEN = '51922968585348276285304963292200960' as TokenId;
const BATCH = '12089258196146291747061760' as BatchId;

/** A record with the members every record needs; `members` put in or replace others. */
export function recordOf(members: Partial<Record1>): Record1 {
  return {
    schema: 'touchstone/record/1',
    code: GTIN_CODE,
    recordedAs: 'maker',
    language: 'en',
    title: 'Ring',
    kind: 'ring',
    maker: 'unknown',
    made: { place: 'unknown', date: 'unknown' },
    materials: [
      {
        type: 'metal',
        metal: 'gold',
        fineness: 750,
        massMg: 'unknown',
        recycledShare: 'unknown',
        origin: 'unknown',
        custody: 'unknown',
      },
    ],
    massMg: 'unknown',
    ...members,
  };
}

/** The passport of a record: registered, final and without a flaw unless `differing` says otherwise. */
export function passportOf(members: Partial<Record1>, differing: Partial<PieceFacts> = {}): Passport {
  return foldPassport({ ...factsOf(members), ...differing }, TOKEN);
}

/** The passport of a piece that isn't on the chain yet. */
export function pendingPassportOf(members: Partial<Record1>, differing: Partial<PieceFacts> = {}): Passport {
  const { batch: _none, ...facts } = factsOf(members);
  return foldPassport({ ...facts, ...differing }, null);
}

function factsOf(members: Partial<Record1>): PieceFacts {
  const record = mustParseRecord(recordOf(members));
  return {
    code: record.code,
    record,
    recordHash: hashRecord(canonicalRecord(record)),
    registrant: { address: ATELIER, handle: 'atelier-lune', roles: 1, prefixes: ['9506000'] },
    batch: {
      id: BATCH,
      root: hex32('5a'),
      count: 2400,
      index: 17,
      published: true,
      block: 1204,
      time: REGISTERED,
      transaction: hex32('7e'),
    },
    moves: [],
    life: [],
    notes: [],
    batchLife: [],
    statements: new Map(),
    hasCard: false,
    organisations: new Map([
      [ATELIER, 'atelier-lune'],
      [GALLERY, 'galerie-bleue'],
    ]),
    conflicts: [],
    certificates: [],
    reports: [],
    asOf: {
      chainId: 918_273,
      registry: '0x9000000000000000000000000000000000000f09',
      block: 1893,
      time: REGISTERED + 40 * 86_400,
      finalBlock: 1893,
      embedded: true,
    },
  };
}

/** What an arbiter, a service centre, the registrant or, without an organisation, the owner put on the ledger. */
export function lifeEvent(
  kind: LifeKind,
  number: number,
  { by = null, words = '', statement, block = 1500 + number }: LifeWish = {},
): Pick<PieceFacts, 'life' | 'statements'> {
  const contentHash = statement ? lifeStatementHash(canonicalLifeStatement(statement)) : null;
  const place = { block, logIndex: 0, time: ISSUED + number * 86_400, transaction: hex32('1f') };
  return {
    life: [{ ...place, kind, number, organisation: by, key: null, contentHash, words }],
    statements: new Map(statement && contentHash ? [[contentHash, statement]] : []),
  };
}

export interface LifeWish {
  readonly by?: string | null;
  readonly words?: string;
  readonly statement?: LifeStatement;
  readonly block?: number;
}

export function together(...all: Pick<PieceFacts, 'life' | 'statements'>[]): Pick<PieceFacts, 'life' | 'statements'> {
  return {
    life: all.flatMap(({ life }) => life),
    statements: new Map(all.flatMap(({ statements }) => [...statements])),
  };
}

export function moveTo(to: string, block: number): MoveFacts {
  return { from: ATELIER, to, block, time: REGISTERED + (block - 1204) * 3600, transaction: hex32('b1'), logIndex: 2 };
}

const lateFacts = { organisations: new Map([[ATELIER, 'galerie-bleue']]) };

const OFFICE = { by: { address: ASSAY_OFFICE, handle: 'bureau-de-garantie-lyon' } };
const THE_REPORT = { issuer: 'Example Gemmological Laboratory', number: '2201 4477 10' };
const inFrench = { language: 'fr', evidence: 'third-party' } as const;

/** Certificates of every kind, none taken back in earnest; the laboratory confirms its report. */
const CERTIFIED: Partial<PieceFacts> = {
  certificates: [
    certificateOf(pieceSubject(TOKEN), {
      report: THE_REPORT,
      examined: { text: '4 March 2026', from: '2026-03-04', to: '2026-03-04' },
      method: 'Microscope, refractometer and Raman spectrometer; the stone was looked at loose.',
      standards: ['ISO 24016:2020', 'CIBJO Diamond Book'],
      findings: [
        { name: 'Weight', value: '0.52 ct' },
        { name: 'Measures', value: '5.13 – 5.15 × 3.18 mm' },
        { name: 'Colour', value: 'F' },
        { name: 'Clarity', value: 'VS1' },
        { name: 'Fluorescence', value: 'none' },
      ],
      document: { sha256: hex32('d0c5'), mediaType: 'application/pdf', title: 'Report 2201 4477 10' },
    }),
    certificateOf(
      { kind: 'batch', batchId: BATCH },
      {
        ...inFrench,
        type: 'hallmark',
        title: 'Poinçon de garantie',
        statement: 'Titre de 750 millièmes constaté ; tête d’aigle apposée.',
      },
      OFFICE,
    ),
    certificateOf(
      pieceSubject(TOKEN),
      { ...inFrench, type: 'assay', title: 'Essai', statement: 'Or à 751 millièmes.' },
      { ...OFFICE, validUntil: ISSUED + 86_400 },
    ),
    certificateOf(
      pieceSubject(TOKEN),
      {
        type: 'identification',
        title: 'Identification',
        statement: 'Natural diamond, 0.50 ct.',
        findings: [{ name: 'Weight', value: '0.50 ct' }],
      },
      { revoked: { reason: 'replaced', words: 'The weight was copied wrongly.' }, block: 1499 },
    ),
    certificateOf(pieceSubject(TOKEN), { title: 'Unseen' }, { silent: true }),
    certificateOf(
      { kind: 'organisation', organisation: ATELIER },
      { ...inFrench, type: 'membership', title: 'Poinçon de maître AL', statement: 'Le poinçon est insculpé ici.' },
      { ...OFFICE, validUntil: ISSUED + 3 * 365 * 86_400 },
    ),
  ],
  reports: [{ report: THE_REPORT, otherUses: [], named: 'this-piece' }],
};

/** Taken back for deceit, of a certifier suspended since, run out, settling; the report is another piece's. */
const DOUBTED: Partial<PieceFacts> = {
  certificates: [
    certificateOf(
      pieceSubject(TOKEN),
      { type: 'authenticity', title: 'Letter of authenticity' },
      { revoked: { reason: 'deceit', words: 'A stone of another piece was handed in.' } },
    ),
    certificateOf(
      { kind: 'record', recordHash: hashRecord(canonicalRecord(mustParseRecord(recordOf(FINE_RING)))) },
      { type: 'origin', title: 'Opinion on origin', statement: 'Botswana, by inclusions and trace elements.' },
      { by: { address: GALLERY, handle: 'galerie-bleue', suspendedAt: ISSUED + 3600 }, block: 1894 },
    ),
    certificateOf(
      { kind: 'organisation', organisation: ATELIER },
      { type: 'audit', title: 'Audit of the workshop', statement: 'Books and stock agreed.' },
      { ...OFFICE, validUntil: ISSUED + 86_400 },
    ),
  ],
  reports: [{ report: THE_REPORT, otherUses: ['77', '78'] as TokenId[], named: 'another-piece' }],
};

/** The pages worth looking at and checking in a browser, by name. */
export const SAMPLE_PASSPORTS: Readonly<Record<string, Passport>> = {
  'fine-ring': passportOf(FINE_RING, {
    moves: [moveTo(GALLERY, 1350), moveTo(PRIVATE, 1411), moveTo(OTHER_PRIVATE, 1702)],
  }),
  'settling-ring': passportOf(FINE_RING, {
    moves: [moveTo(PRIVATE, 1890)],
    asOf: {
      chainId: 1,
      registry: GALLERY,
      block: 1893,
      time: REGISTERED + 2_600_000,
      finalBlock: 1888,
      embedded: false,
    },
  }),
  'imitation-earrings': passportOf(IMITATION_EARRINGS),
  'vintage-brooch': passportOf(VINTAGE_BROOCH, {
    registrant: {
      address: ATELIER,
      handle: 'galerie-bleue',
      roles: 1,
      prefixes: ['9506000'],
      suspendedAt: REGISTERED + 86_400,
    },
    ...lateFacts,
  }),
  'certified-ring': passportOf(FINE_RING, CERTIFIED),
  'doubted-ring': passportOf(FINE_RING, DOUBTED),
  'pending-ring': pendingPassportOf(FINE_RING),
  'sealed-ring': pendingPassportOf(FINE_RING, { sealed: true }),
  warning: passportOf(FINE_RING, {
    registrant: { address: ATELIER, handle: 'atelier-lune', roles: 1, prefixes: [] },
    conflicts: [{ tokenId: '77' as TokenId, recordHash: hashRecord(canonicalRecord(mustParseRecord(recordOf({})))) }],
  }),
  'long-words': passportOf({
    title: 'W'.repeat(200),
    inscriptions: [{ text: 'X'.repeat(400) }],
    descriptors: [{ type: 'T'.repeat(100), value: 'V'.repeat(300) }],
  }),
  arabic: passportOf({
    language: 'ar',
    title: 'خاتم من الذهب',
    story: 'صُنع هذا الخاتم في القاهرة عام 2026.',
    inscriptions: [{ text: 'محبة \u200f— love 💍', place: 'داخل الحلقة' }],
  }),
};
