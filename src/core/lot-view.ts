// Owns how lots are seen: each as it stands, what it was made of, and whether what records state adds up to what was
// drawn. Facts are taken as given; reading them is the ledger's. Customers never enter it: lots go to organisations and
// batches.
import type { CertificateView } from './attestation.ts';
import type { TokenId } from './batch.ts';
import type { Hex32 } from './hash.ts';
import type { LotHeader, LotId, LotOperation, LotStatement, LotUnit } from './lot.ts';
import type { CUSTODY_MODELS } from './vocabulary.ts';

/** Levels of parents that are followed; more are said to be there. */
export const MOST_LEVELS = 16;
/** Lots of a trace: who mixes from sixteen each time soon has more than anybody reads. */
export const MOST_TRACED = 64;

export interface Named {
  readonly address: string;
  /** Null if it is no organisation that is known here. */
  readonly handle: string | null;
}

/** A lot as it came about, without what became of it. */
export interface LotView {
  readonly lotId: LotId;
  readonly operation: LotOperation;
  /** Who declared it, or held what it was made of. */
  readonly by: Named;
  readonly at: string;
  readonly block: number;
  readonly transaction: Hex32;
  readonly final: boolean;
  readonly quantity: number;
  readonly unit: LotUnit;
  /** Parts per million; null of what is no metal, or not known. */
  readonly fineness: number | null;
  readonly custody: keyof typeof CUSTODY_MODELS;
  readonly header: LotHeader;
  /** What it says; null where nobody here knows, or it says nothing beyond its parents. */
  readonly statement: LotStatement | null;
  /** The lots it was made of, with how much of each was taken. */
  readonly madeOf: readonly { readonly lotId: LotId; readonly quantity: number }[];
  /** The piece it was. */
  readonly returned: TokenId | null;
  /** About the lot; `statement.covers` says for how much of it. */
  readonly certificates: readonly CertificateView[];
}

/** A lot of a trace: 0 for the one asked about, 1 for its parents, and so on. */
export interface TracedLot extends LotView {
  readonly level: number;
}

export interface Balance {
  readonly lotId: Hex32;
  /** As the batch's records state it, in the lot's unit, rounded up; null where that is not public. */
  readonly stated: number | null;
  readonly drawn: number;
  /** more: its records state more than was drawn. */
  readonly result: 'balanced' | 'more' | 'unknown';
  /** Who certified the sum of a batch whose records are not public. */
  readonly attestedBy: Named | null;
}

/** What a passport says of the lots that a piece's materials came from. */
export interface PieceLots {
  /** In the order of the record's materials: which lot each names. */
  readonly materials: readonly { readonly material: number; readonly lotId: Hex32; readonly fits: boolean | null }[];
  readonly traces: readonly TracedLot[];
  /** Whether there are more lots behind these than are told. */
  readonly more: boolean;
  readonly balance: readonly Balance[];
  /** Whether the leaf commits to the masses that the record states; null before it is on the chain. */
  readonly committed: boolean | null;
}

export type LotCheckName = 'materials-from-lots' | 'mass-balance';
export interface LotCheck {
  readonly name: LotCheckName;
  readonly result: 'pass' | 'warn' | 'unknown';
}

/** None for a piece whose record names no lots. */
export function lotChecks(lots: PieceLots | null): LotCheck[] {
  if (!lots) return [];
  const { materials, balance, committed, traces } = lots;
  const strange = committed === false || materials.some(({ fits }) => fits === false);
  const missing = committed === null || materials.some(({ fits }) => fits === null) || traces.length === 0;
  const results = balance.map(({ result }) => result);
  const sums = results.includes('more')
    ? 'warn'
    : results.length === 0 || results.includes('unknown')
      ? 'unknown'
      : 'pass';
  return [
    { name: 'materials-from-lots', result: strange ? 'warn' : missing ? 'unknown' : 'pass' },
    { name: 'mass-balance', result: sums },
  ];
}
