// Owns the verdict on an evidence file: every check by name, with its result and, where it isn't a pass, why; and one
// headline, which claims what was shown and no more. Pure: what a node says comes in as a witness, and a node that
// couldn't be reached is no witness, so what depends on it is unknown, never failed.
import type { CertificateView } from './attestation.ts';
import type { CertificateId } from './certificate.ts';
import { codePath } from './code.ts';
import type { PieceStanding } from './course.ts';
import type { Fault } from './errors.ts';
import type { ChainEvent } from './events.ts';
import { type Evidence, type ParsedEvidence, parseEvidence, readEvidence } from './evidence.ts';
import { type Hex32, lower } from './hash.ts';
import { judgeCertificates } from './judge-certificates.ts';
import { judgeChain } from './judge-chain.ts';
import { judgeFile, recordIn } from './judge-file.ts';
import { timesTold } from './judge-history.ts';
import { judgeLife } from './judge-life.ts';
import { judgeLots } from './judge-lots.ts';
import type { LotId } from './lot.ts';
import type { StatedMass } from './lot-balance.ts';
import type { CheckResult } from './passport.ts';

export const VERDICT_SCHEMA = 'touchstone/verdict/1';

/** What one node says, asked about one evidence file. Everything as of its head unless said otherwise. */
export interface Witness {
  readonly chainId: number;
  readonly genesis: Hex32;
  readonly head: { readonly block: number; readonly time: number };
  readonly finalBlock: number;
  /** The block with the number of the one the file is as of; null if the node has no such block yet. */
  readonly asOf: { readonly hash: Hex32; readonly time: number } | null;
  /** Which contracts the registry names that the file names; null if there is no registry at that address. */
  readonly registry: RegistryContracts | null;
  /** The batch in the registry's state; null if it isn't registered. */
  readonly batch: WitnessedBatch | null;
  /** The piece in the registry's state; null if there is none. */
  readonly piece: WitnessedPiece | null;
  /** For each certificate of the file: its batch in state, if the file names one, and whether it is revoked. */
  readonly certificates: readonly {
    readonly batch: { readonly organisation: string; readonly issuedAt: number; readonly count: number } | null;
    readonly revoked: boolean;
  }[];
  /** For each conflict of the file: how many pieces the registry has in its batch; 0 if it isn't registered. */
  readonly conflicts: readonly number[];
  /**
   * Every event from the first block to the head about this piece, its batch, its owners, the organisations, prefixes and
   * certificates of the file, what was said of piece and batch, its claims and approvals, what was drawn for its batch from
   * the lots of the file, and about certificates issued by themselves about the same subjects, in order; null if the
   * node gave no logs.
   */
  readonly events: readonly TimedEvent[] | null;
  /** A published batch's payload, got from the chain and recomputed; not-read where nobody looked. */
  readonly payload: 'not-read' | 'complete' | 'incomplete' | 'mismatch';
  /** Each lot of the file in state; absent where it tells none. */
  readonly lots?: readonly WitnessedLot[];
  /** What the payload's records state of the file's lots, added up; absent where it wasn't read. */
  readonly stated?: readonly WitnessedMass[];
}

export interface WitnessedLot {
  readonly lotId: LotId;
  /** 0 if there is no such lot. */
  readonly events: number;
  /** For the piece's batch. */
  readonly drawn: number;
}

/** `fine` as a decimal number, which may be larger than JSON's are. */
export type WitnessedMass = Omit<StatedMass, 'fine'> & { readonly fine: string };

export type RegistryContracts = Pick<Evidence['chain'], 'organisations' | 'certificates' | 'lots' | 'lifeEvents'>;

export interface WitnessedBatch {
  readonly holder: string;
  readonly count: number;
  /** How often its range passed on. */
  readonly events: number;
  /** Bits as in life.ts, BATCH_FLAG. */
  readonly flags: number;
  /** How many events were said of it as a whole. */
  readonly batchEvents: number;
}

export interface WitnessedPiece extends PieceStanding {
  readonly owner: string;
  readonly moves: number;
  readonly events: number;
}

export type TimedEvent = ChainEvent & { readonly time: number };

/** The registry that whoever asks trusts, from their own knowledge. */
export interface ExpectedRegistry {
  readonly chainId: number;
  readonly address: string;
}

export type VerdictCheck =
  | 'well-formed'
  | 'registry-expected'
  | 'node-reached'
  | 'same-chain'
  | 'record-in-batch'
  | 'token-of-batch'
  | 'organisations-known'
  | 'code-belongs-to-registrant'
  | 'events-in-order'
  | 'owner-as-told'
  | 'standing-as-told'
  | 'events-permitted'
  | 'statements-genuine'
  | 'anchored'
  | 'final'
  | 'history-complete'
  | 'nothing-since'
  | 'registrant-in-good-standing'
  | 'not-reported'
  | 'not-blocked'
  | 'not-recalled'
  | 'registration-stands'
  | 'not-ended'
  | 'no-recovery-under-way'
  | 'not-corrected'
  | 'payload-published'
  | 'single-record'
  | 'certificates-genuine'
  | 'certificates-told'
  | 'certificates-not-revoked'
  | 'certificates-current'
  | 'report-numbers-confirmed'
  | 'materials-from-lots'
  | 'mass-balance';

export interface JudgedCheck {
  readonly name: VerdictCheck;
  readonly result: CheckResult;
  /** Why, in words; absent for a pass. */
  readonly detail?: string;
}

/**
 * genuine-record: registered in the expected registry by whom the code belongs to, and all the file tells is so.
 * warning: so, but something about the piece is wrong. not-genuine: something in the file is not so.
 * not-confirmed: nothing is wrong as far as it could be checked, which was not far enough.
 */
export type VerdictHeadline = 'genuine-record' | 'warning' | 'not-genuine' | 'not-confirmed';

export interface JudgedCertificate {
  readonly id: CertificateId;
  readonly checks: readonly { readonly name: string; readonly result: CheckResult; readonly detail?: string }[];
  readonly view: CertificateView | null;
}

export interface Verdict {
  readonly schema: typeof VERDICT_SCHEMA;
  readonly headline: VerdictHeadline;
  readonly checks: readonly JudgedCheck[];
  readonly certificates: readonly JudgedCertificate[];
  /** What the file is about, as it says; null where it can't be read. */
  readonly about: {
    readonly path: string | null;
    readonly title: string | null;
    readonly tokenId: string;
    readonly registrant: string | null;
    readonly owner: string;
    readonly moves: number;
    readonly asOf: Evidence['asOf'];
    readonly registry: ExpectedRegistry;
  } | null;
}

export interface Trust {
  /** Absent: nobody said which registry is the right one, and nothing can be called genuine. */
  readonly registry?: ExpectedRegistry | undefined;
  /** Absent: no node was asked, or it couldn't be reached. */
  readonly witness?: Witness | undefined;
}

/** Judges a file's text, whatever it holds. */
export function judgeText(text: string, trust: Trust): Verdict {
  return judgeParsed(readEvidence(text), trust);
}

/** Judges a parsed JSON value. */
export function judgeValue(value: unknown, trust: Trust): Verdict {
  return judgeParsed(parseEvidence(value), trust);
}

function judgeParsed(parsed: ParsedEvidence, trust: Trust): Verdict {
  return parsed.ok ? judge(parsed.evidence, trust) : malformed(parsed.faults);
}

function malformed(faults: readonly Fault[]): Verdict {
  const detail = faults
    .slice(0, 5)
    .map(({ field, reason }) => `${field} ${reason}`.trim())
    .join('; ');
  const checks: JudgedCheck[] = [{ name: 'well-formed', result: 'fail', detail }];
  return { schema: VERDICT_SCHEMA, headline: 'not-genuine', checks, certificates: [], about: null };
}

export function judge(evidence: Evidence, { registry, witness }: Trust): Verdict {
  const record = recordIn(evidence);
  const certificates = judgeCertificates(evidence, record, witness);
  const checks: JudgedCheck[] = [
    { name: 'well-formed', result: 'pass' },
    registryCheck(evidence, registry),
    ...judgeFile(evidence, record),
    ...judgeLife(evidence, witness),
    ...judgeChain(evidence, record, witness),
    ...certificates.checks,
    ...judgeLots(evidence, record, witness, certificates.certificates),
  ];
  const registrant = evidence.organisations.find((one) => one.address === evidence.batch.header.organisation);
  return {
    schema: VERDICT_SCHEMA,
    headline: headlineOf(checks, certificates.alarming),
    checks: combined(checks),
    certificates: certificates.certificates,
    about: {
      path: record ? codePath(record.code) : null,
      title: record?.title ?? null,
      tokenId: evidence.tokenId,
      registrant: registrant?.handle ?? null,
      owner: evidence.owner,
      moves: timesTold(evidence),
      asOf: evidence.asOf,
      registry: { chainId: evidence.chain.chainId, address: evidence.chain.pieces },
    },
  };
}

function registryCheck({ chain }: Evidence, expected: ExpectedRegistry | undefined): JudgedCheck {
  const name = 'registry-expected';
  const told = `${chain.chainId}:${chain.pieces}`;
  if (!expected) {
    const detail = `nobody said which registry to trust; the file names ${told}, as any forger's would name his`;
    return { name, result: 'unknown', detail };
  }
  if (expected.chainId === chain.chainId && lower(expected.address) === chain.pieces) return { name, result: 'pass' };
  return { name, result: 'fail', detail: `the file is about the registry ${told}` };
}

const WORST_FIRST: readonly CheckResult[] = ['fail', 'unknown', 'warn', 'pass'];

/** One line a name: where file and chain both have a say, the worse of the two counts. */
function combined(checks: readonly JudgedCheck[]): JudgedCheck[] {
  const byName = Map.groupBy(checks, (check) => check.name);
  return [...byName.values()].map((same) => worst(same));
}

function worst(same: readonly JudgedCheck[]): JudgedCheck {
  const rank = (check: JudgedCheck) => WORST_FIRST.indexOf(check.result);
  return [...same].sort((a, b) => rank(a) - rank(b))[0] as JudgedCheck;
}

/** Without these nothing is genuine, however much else passes. */
const ESSENTIAL: readonly VerdictCheck[] = [
  'registry-expected',
  'same-chain',
  'record-in-batch',
  'token-of-batch',
  'organisations-known',
  'code-belongs-to-registrant',
  'events-in-order',
  'owner-as-told',
  'standing-as-told',
  'events-permitted',
  'statements-genuine',
  'anchored',
  'history-complete',
  'certificates-genuine',
];

/** What nobody should buy a piece without knowing. */
const ALARMS: readonly VerdictCheck[] = [
  'single-record',
  'not-reported',
  'not-blocked',
  'not-recalled',
  'registration-stands',
  'not-ended',
  'no-recovery-under-way',
  'materials-from-lots',
  'mass-balance',
];

/** @param alarming whether a certificate about the piece was taken back */
function headlineOf(checks: readonly JudgedCheck[], alarming: boolean): VerdictHeadline {
  if (checks.some((check) => check.result === 'fail')) return 'not-genuine';
  const missing = ESSENTIAL.some((name) => {
    const found = checks.filter((check) => check.name === name);
    return found.length === 0 || found.some((check) => check.result !== 'pass');
  });
  if (missing) return 'not-confirmed';
  const warned = checks.some(({ name, result }) => ALARMS.includes(name) && result === 'warn');
  return alarming || warned ? 'warning' : 'genuine-record';
}
