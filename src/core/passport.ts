// Owns the passport: the folded view of one piece, from its record and the chain's events. A pure function of what the
// chain says as of a block, so a re-indexed ledger gives the same bytes. Import times, database ids and anything only
// this service knows never enter it, except for pieces that aren't on the chain yet.
import {
  type CertificateFacts,
  type CertificateView,
  hasLapsed,
  inOrder,
  isRevokedInEarnest,
  kindOf,
  type ReportUse,
  viewOf,
} from './attestation.ts';
import type { BatchId, TokenId } from './batch.ts';
import { codePath, type PieceCode, prefixCovers } from './code.ts';
import { type ChainPoint, isBefore, isoTime } from './events.ts';
import type { Hex32 } from './hash.ts';
import { type BatchLifeFacts, type LifeFacts, type LifeNote, mayChangePiece } from './life.ts';
import type { LifeStatement } from './life-statement.ts';
import { type LotCheckName, lotChecks, type PieceLots } from './lot-view.ts';
import { type PieceStanding, standingOf } from './piece-course.ts';
import { type PresentState, presentState } from './present-state.ts';
import type { PieceRecord, RecordHash } from './record.ts';
import { type Keeper, keeperOf, ownerEntries, type TimelineEntry, timelineOf } from './timeline.ts';

export const PASSPORT_SCHEMA = 'touchstone/passport/1';

/** accepted: stored here. sealed: in a batch. anchored: registered on chain. final: can't be undone by a reorganisation. */
export type PieceState = 'accepted' | 'sealed' | 'anchored' | 'final';

export interface OrganisationFacts {
  readonly address: string;
  readonly handle: string;
  readonly roles: number;
  /** Block time in seconds since when it is suspended. */
  readonly suspendedAt?: number;
  /** GS1 company prefixes held when the batch was anchored (now, for a pending piece). */
  readonly prefixes: readonly string[];
}

export interface BatchFacts extends ChainPoint {
  readonly id: BatchId;
  readonly root: Hex32;
  readonly count: number;
  readonly index: number;
  readonly published: boolean;
}

export interface MoveFacts extends ChainPoint {
  readonly logIndex: number;
  readonly from: string;
  readonly to: string;
  /** It moved with the range it was in, not by itself. */
  readonly ranged?: boolean;
}

/** Which chain and registry, up to which block, and up to which it is final. */
export interface AsOf {
  readonly chainId: number;
  readonly registry: string;
  readonly block: number;
  readonly time: number;
  readonly finalBlock: number;
  /** The chain is kept by this service's operator alone. */
  readonly embedded: boolean;
}

export interface PieceFacts {
  readonly code: PieceCode;
  readonly record: PieceRecord;
  readonly recordHash: RecordHash;
  readonly registrant: OrganisationFacts;
  /** Absent until the batch is on the chain. */
  readonly batch?: BatchFacts;
  /** Only for pieces that aren't on the chain yet. */
  readonly sealed?: boolean;
  readonly moves: readonly MoveFacts[];
  readonly life: readonly LifeFacts[];
  readonly notes: readonly LifeNote[];
  readonly batchLife: readonly BatchLifeFacts[];
  /** Those of its events that are known, by their hash. */
  readonly statements: ReadonlyMap<Hex32, LifeStatement>;
  /** A claim card was made with the piece. */
  readonly hasCard: boolean;
  /** Organisations among the owners and among who said something: address to handle. */
  readonly organisations: ReadonlyMap<string, string>;
  /** Other pieces that this organisation anchored under the same code with another record. */
  readonly conflicts: readonly { readonly tokenId: TokenId; readonly recordHash: RecordHash }[];
  /** Those this ledger knows about the piece, its record, reports, batch and registrant; never claimed complete. */
  readonly certificates: readonly CertificateFacts[];
  readonly reports: readonly ReportUse[];
  /** Null or absent if the record names no lots. */
  readonly lots?: PieceLots | null;
  readonly asOf: AsOf;
}

export type CheckName =
  | 'anchored'
  | 'final'
  | 'code-belongs-to-registrant'
  | 'registrant-in-good-standing'
  | 'single-record'
  | 'not-reported'
  | 'not-locked'
  | 'not-recalled'
  | 'registration-stands'
  | 'in-existence'
  | 'no-recovery-under-way'
  | 'certificates-not-revoked'
  | 'certificates-current'
  | 'report-numbers-single-use'
  | LotCheckName;
export type CheckResult = 'pass' | 'warn' | 'fail' | 'unknown';
export interface Check {
  readonly name: CheckName;
  readonly result: CheckResult;
}

/** genuine-record: registered by the organisation named. pending: not on the chain yet. warning: something is wrong. */
export type Headline = 'genuine-record' | 'pending' | 'warning';

export interface Passport {
  readonly schema: typeof PASSPORT_SCHEMA;
  readonly path: string;
  readonly code: PieceCode;
  readonly state: PieceState;
  readonly headline: Headline;
  readonly checks: readonly Check[];
  readonly asOf: AsOf | null;
  readonly tokenId: TokenId | null;
  readonly registrant: {
    readonly address: string;
    readonly handle: string;
    readonly recordedAs: 'maker' | 'custodian';
    readonly suspendedSince: string | null;
  };
  readonly batch: BatchFacts | null;
  readonly keeper: Keeper;
  readonly standing: PieceStanding;
  readonly timeline: readonly TimelineEntry[];
  readonly conflicts: PieceFacts['conflicts'];
  /** In order of issue. */
  readonly certificates: readonly PassportCertificate[];
  readonly reports: readonly ReportUse[];
  /** Where its materials came from, back to what was declared; null if its record names no lots. */
  readonly lots: PieceLots | null;
  readonly recordHash: RecordHash;
  readonly record: PieceRecord;
  /** The piece as it is, where that isn't what its record says. */
  readonly present: Present | null;
}

export interface PassportCertificate extends CertificateView {
  /** The number of the first event since by which the piece may be another than the one certified; null for none. */
  readonly madeBeforeChange: number | null;
}

export interface Present {
  readonly record: PieceRecord;
  /** The record with its corrections alone, without what was done to the piece; null if there are none. */
  readonly corrected: PieceRecord | null;
  /** For each material of `record`, the number of the event that last changed it; null if none did. */
  readonly materialsBy: readonly (number | null)[];
}

export function foldPassport(facts: PieceFacts, tokenId: TokenId | null): Passport {
  const { batch, registrant, asOf } = facts;
  const state = stateOf(facts);
  const now = presentState(facts.record, facts.life.map(statedBy(facts.statements)));
  const timeline = batch ? timelineOf(facts, batch, now.events) : [];
  const standing = standingOf(facts);
  const checks = [...checksOf(facts, state), ...lifeChecksOf(standing)];
  return {
    schema: PASSPORT_SCHEMA,
    path: codePath(facts.code),
    code: facts.code,
    state,
    headline: headlineOf(checks, facts),
    checks,
    asOf: batch ? asOf : null,
    tokenId,
    registrant: {
      address: registrant.address,
      handle: registrant.handle,
      recordedAs: facts.record.recordedAs,
      suspendedSince: registrant.suspendedAt === undefined ? null : isoTime(registrant.suspendedAt),
    },
    batch: batch ?? null,
    keeper: ownerEntries(timeline).at(-1)?.to ?? keeperOf(registrant.address, 1, facts.organisations),
    standing,
    timeline,
    conflicts: [...facts.conflicts].sort((a, b) => (BigInt(a.tokenId) < BigInt(b.tokenId) ? -1 : 1)),
    certificates: inOrder(facts.certificates).map((certificate) => ({
      ...viewOf(certificate, asOf),
      madeBeforeChange: changeSince(certificate, facts.life),
    })),
    reports: facts.reports,
    lots: facts.lots ?? null,
    recordHash: facts.recordHash,
    record: facts.record,
    present: presentOf(now),
  };
}

function statedBy(statements: PieceFacts['statements']) {
  return ({ number, kind, contentHash }: LifeFacts) => {
    return { number, kind, statement: contentHash === null ? null : statements.get(contentHash) };
  };
}

function presentOf({ now, asMade, materialsBy, events }: PresentState): Present | null {
  const changed = events.filter(({ outcome }) => outcome === 'changed');
  if (changed.length === 0) return null;
  const corrected = changed.some(({ steps }) => steps.some(({ what }) => what === 'record'));
  return { record: now, corrected: corrected ? asMade : null, materialsBy };
}

/**
 * Who certifies a piece names how many of its events it knew of; of a batch, what came before counts; a record is what the
 * piece was, whenever it was certified. What is about something else does not change with the piece.
 */
function changeSince(certificate: CertificateFacts, life: readonly LifeFacts[]): number | null {
  const about = kindOf(certificate.fields);
  if (about !== 'piece' && about !== 'record' && about !== 'batch') return null;
  const after = life.filter(({ kind }) => mayChangePiece(kind)).sort((a, b) => a.number - b.number);
  const since = after.find((event) => {
    if (about === 'piece') return event.number > certificate.fields.pieceEvents;
    return about === 'record' || isBefore(certificate, event);
  });
  return since?.number ?? null;
}

function stateOf({ batch, sealed, asOf }: PieceFacts): PieceState {
  if (!batch) return sealed ? 'sealed' : 'accepted';
  return batch.block <= asOf.finalBlock ? 'final' : 'anchored';
}

function checksOf(facts: PieceFacts, state: PieceState): Check[] {
  const { registrant, code, certificates, asOf } = facts;
  const belongs =
    'gtin' in code
      ? registrant.prefixes.some((prefix) => prefixCovers(prefix, code.gtin))
      : code.handle === registrant.handle;
  return [
    { name: 'anchored', result: facts.batch ? 'pass' : 'unknown' },
    { name: 'final', result: state === 'final' ? 'pass' : 'unknown' },
    { name: 'code-belongs-to-registrant', result: belongs ? 'pass' : 'fail' },
    { name: 'registrant-in-good-standing', result: registrant.suspendedAt === undefined ? 'pass' : 'warn' },
    { name: 'single-record', result: facts.conflicts.length === 0 ? 'pass' : 'warn' },
    { name: 'certificates-not-revoked', result: certificates.some(isRevokedInEarnest) ? 'warn' : 'pass' },
    { name: 'certificates-current', result: certificates.some((one) => hasLapsed(one, asOf.time)) ? 'warn' : 'pass' },
    { name: 'report-numbers-single-use', result: facts.reports.every(isSingleUse) ? 'pass' : 'warn' },
    ...lotChecks(facts.lots ?? null),
  ];
}

function lifeChecksOf({
  reported,
  blockedUntil,
  locked,
  recalled,
  withdrawn,
  ended,
  recovery,
}: PieceStanding): Check[] {
  const check = (name: CheckName, passes: boolean): Check => ({ name, result: passes ? 'pass' : 'warn' });
  return [
    check('not-reported', reported.length === 0 && blockedUntil === null),
    check('not-locked', locked === null),
    check('not-recalled', recalled.length === 0),
    check('registration-stands', withdrawn.length === 0),
    check('in-existence', ended === null),
    check('no-recovery-under-way', recovery.underWay === null),
  ];
}

const GRAVE: readonly CheckName[] = [
  'single-record',
  'not-reported',
  'not-locked',
  'not-recalled',
  'registration-stands',
  'in-existence',
  'no-recovery-under-way',
];

/** A use that the laboratory itself confirmed stands, however many others there are. */
function isSingleUse({ named, otherUses }: ReportUse): boolean {
  return named === 'this-piece' || (named === 'no-piece' && otherUses.length === 0);
}

function headlineOf(checks: readonly Check[], { certificates, reports }: PieceFacts): Headline {
  const result = (name: CheckName) => checks.find((check) => check.name === name)?.result;
  if (result('code-belongs-to-registrant') === 'fail') return 'warning';
  if (GRAVE.some((name) => result(name) === 'warn')) return 'warning';
  // What was taken back about the piece itself, and a report that its laboratory gave to another piece.
  if (certificates.some((one) => isRevokedInEarnest(one) && kindOf(one.fields) !== 'organisation')) return 'warning';
  if (reports.some(({ named }) => named === 'another-piece')) return 'warning';
  // Of material that was never drawn, or not of that kind, the record says what is not so.
  if (result('materials-from-lots') === 'warn' || result('mass-balance') === 'warn') return 'warning';
  return result('anchored') === 'pass' ? 'genuine-record' : 'pending';
}
