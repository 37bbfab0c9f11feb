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
import { type ChainPoint, isoTime } from './events.ts';
import type { Hex32 } from './hash.ts';
import { type LotCheckName, lotChecks, type PieceLots } from './lot-view.ts';
import type { PieceRecord, RecordHash } from './record.ts';

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
  /** Organisations among the owners: address to handle. */
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

/** Whoever keeps the piece: an organisation by its handle, or a private owner by nothing but a number. */
export interface Keeper {
  /** 1 for the first owner, counting up by one a move. */
  readonly number: number;
  readonly address: string;
  readonly organisation?: string;
}

export interface TimelineEntry {
  readonly kind: 'registered' | 'moved';
  readonly at: string;
  readonly block: number;
  readonly transaction: Hex32;
  readonly final: boolean;
  readonly to: Keeper;
}

export type CheckName =
  | 'anchored'
  | 'final'
  | 'code-belongs-to-registrant'
  | 'registrant-in-good-standing'
  | 'single-record'
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
  readonly timeline: readonly TimelineEntry[];
  readonly conflicts: PieceFacts['conflicts'];
  /** In order of issue. */
  readonly certificates: readonly CertificateView[];
  readonly reports: readonly ReportUse[];
  /** Where its materials came from, back to what was declared; null if its record names no lots. */
  readonly lots: PieceLots | null;
  readonly recordHash: RecordHash;
  readonly record: PieceRecord;
}

export function foldPassport(facts: PieceFacts, tokenId: TokenId | null): Passport {
  const { batch, registrant, asOf } = facts;
  const state = stateOf(facts);
  const timeline = batch ? timelineOf(facts, batch) : [];
  const checks = checksOf(facts, state);
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
    keeper: timeline.at(-1)?.to ?? keeperOf(registrant.address, 1, facts.organisations),
    timeline,
    conflicts: [...facts.conflicts].sort((a, b) => (BigInt(a.tokenId) < BigInt(b.tokenId) ? -1 : 1)),
    certificates: inOrder(facts.certificates).map((certificate) => viewOf(certificate, asOf)),
    reports: facts.reports,
    lots: facts.lots ?? null,
    recordHash: facts.recordHash,
    record: facts.record,
  };
}

function stateOf({ batch, sealed, asOf }: PieceFacts): PieceState {
  if (!batch) return sealed ? 'sealed' : 'accepted';
  return batch.block <= asOf.finalBlock ? 'final' : 'anchored';
}

function timelineOf(facts: PieceFacts, batch: BatchFacts): TimelineEntry[] {
  const entry = (kind: TimelineEntry['kind'], point: ChainPoint, to: Keeper): TimelineEntry => ({
    kind,
    at: isoTime(point.time),
    block: point.block,
    transaction: point.transaction,
    final: point.block <= facts.asOf.finalBlock,
    to,
  });
  const born = entry('registered', batch, keeperOf(facts.registrant.address, 1, facts.organisations));
  const inOrder = [...facts.moves].sort((a, b) => a.block - b.block || a.logIndex - b.logIndex);
  const moved = inOrder.map((move, i) => entry('moved', move, keeperOf(move.to, i + 2, facts.organisations)));
  return [born, ...moved];
}

function keeperOf(address: string, number: number, organisations: ReadonlyMap<string, string>): Keeper {
  const organisation = organisations.get(address);
  return organisation === undefined ? { number, address } : { number, address, organisation };
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

/** A use that the laboratory itself confirmed stands, however many others there are. */
function isSingleUse({ named, otherUses }: ReportUse): boolean {
  return named === 'this-piece' || (named === 'no-piece' && otherUses.length === 0);
}

function headlineOf(checks: readonly Check[], { certificates, reports }: PieceFacts): Headline {
  const result = (name: CheckName) => checks.find((check) => check.name === name)?.result;
  if (result('code-belongs-to-registrant') === 'fail' || result('single-record') === 'warn') return 'warning';
  // What was taken back about the piece itself, and a report that its laboratory gave to another piece.
  if (certificates.some((one) => isRevokedInEarnest(one) && kindOf(one.fields) !== 'organisation')) return 'warning';
  if (reports.some(({ named }) => named === 'another-piece')) return 'warning';
  // Of material that was never drawn, or not of that kind, the record says what is not so.
  if (result('materials-from-lots') === 'warn' || result('mass-balance') === 'warn') return 'warning';
  return result('anchored') === 'pass' ? 'genuine-record' : 'pending';
}
