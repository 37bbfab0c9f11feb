// Owns whether what records state of lots fits them and adds up to what was drawn. All of it is exact: metals are reckoned
// in quantity times fineness. What anybody drew is the chain's to say.
import type { Hex32 } from './hash.ts';
import { extraOf, fine, LOT_UNITS, type LotHeader, massesOf, materialHash } from './lot.ts';
import type { Balance, Named } from './lot-view.ts';
import type { Material, PieceRecord } from './record.ts';

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
