// Owns how lots are seen: each as it stands, what it was made of, and whether what records state adds up to what was
// drawn. Facts are taken as given; reading them is the ledger's. Customers never enter it: lots go to organisations and
// batches.
import type { CertificateView } from './attestation.ts';
import type { TokenId } from './batch.ts';
import type { Hex32 } from './hash.ts';
import {
  extraOf,
  fine,
  LOT_UNITS,
  type LotHeader,
  type LotId,
  type LotOperation,
  type LotStatement,
  type LotUnit,
  massesOf,
  materialHash,
} from './lot.ts';
import type { Material, PieceRecord } from './record.ts';
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

/** Whether a record's material can have come from a lot. @returns what speaks against it, in words */
export function misfit(material: Material, lot: LotHeader): string | undefined {
  if (materialHash(material) !== lot.material) return 'is a lot of another material';
  if (material.type === 'metal') {
    if (material.fineness === 'unknown') return 'is named, so the fineness must be known';
    if (material.massMg === 'unknown') return 'is named, so the mass must be known';
    if (lot.fineness === 0) return 'has a fineness that nobody knows, so nothing can be reckoned against it';
    if (lot.fineness < material.fineness * 1_000)
      return `is of ${lot.fineness / 1_000} thousandths, less than this material`;
    return undefined;
  }
  const counted = massesOf({ materials: [material] }).some(({ unit }) => unit === lot.unit);
  return counted
    ? undefined
    : `is told in ${UNIT_WORDS[lot.unit] ?? 'another unit'}, which is not known of this material`;
}

const UNIT_WORDS: Readonly<Record<number, string>> = {
  [LOT_UNITS.mg]: 'mass',
  [LOT_UNITS.count]: 'number',
  [LOT_UNITS['carat-thousandths']]: 'carats',
};

/** What records state of one lot and one kind of mass, added up. */
export interface StatedMass {
  readonly lotId: Hex32;
  readonly material: Hex32;
  readonly unit: number;
  readonly metal: boolean;
  /** Of metals times fineness. */
  readonly fine: bigint;
}

export function statedIn(record: Pick<PieceRecord, 'materials'>): StatedMass[] {
  const sums = new Map<string, StatedMass>();
  for (const mass of massesOf(record)) {
    const { lotId, material, unit } = mass;
    const metal = mass.fineness > 0;
    const name = [lotId, material, unit, metal].join(' ');
    sums.set(name, { lotId, material, unit, metal, fine: (sums.get(name)?.fine ?? 0n) + fine(mass) });
  }
  return [...sums.values()];
}

/** How much of a lot that takes, in its unit, rounded up; undefined if the lot is not of that kind. */
export function takenOf(lot: LotHeader, stated: StatedMass): bigint | undefined {
  const { material, unit, metal } = stated;
  if (material !== lot.material || unit !== lot.unit || metal !== lot.fineness > 0) return undefined;
  const per = metal ? BigInt(lot.fineness) : 1n;
  return (stated.fine + per - 1n) / per;
}

/** Whether a batch's records state no more of a lot than was drawn. `sums` is null where they are not public. */
export function balanceOf(
  lotId: Hex32,
  lot: LotHeader | undefined,
  sums: readonly StatedMass[] | null,
  drawn: number,
  attested: { readonly by: Named; readonly quantity: number } | undefined,
): Balance {
  if (sums === null) {
    const known = { lotId, stated: attested?.quantity ?? null, drawn, attestedBy: attested?.by ?? null };
    if (!attested) return { ...known, result: 'unknown' };
    return { ...known, result: attested.quantity <= drawn ? 'balanced' : 'more' };
  }
  if (!lot) return { lotId, stated: null, drawn, result: 'unknown', attestedBy: null };
  const of = sums.filter((sum) => sum.lotId === lotId);
  const taken = of.map((sum) => takenOf(lot, sum));
  // Stones are weighed and counted: which of both holds, the lot says.
  const strange = of.some(({ material, metal }) => material !== lot.material || metal !== lot.fineness > 0);
  const stated = taken.reduce<bigint>((sum, one) => sum + (one ?? 0n), 0n);
  const nothing = taken.every((one) => one === undefined);
  const fits = !strange && !nothing && stated <= BigInt(drawn);
  return { lotId, stated: Number(stated), drawn, result: fits ? 'balanced' : 'more', attestedBy: null };
}

/** Whether a leaf commits to what its record says of lots. */
export function commits(record: PieceRecord, extra: Hex32): boolean {
  return extraOf(massesOf(record)) === extra;
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
