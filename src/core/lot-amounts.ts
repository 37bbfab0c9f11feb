// Owns amounts of lots as people write them, and the integers they are: exact both ways, or nothing.
import { type LotUnit, MOST_QUANTITY } from './lot.ts';

/** By unit of a lot: suffix to the decimal places it may have, so that the last one is one unit. */
const PLACES: Readonly<Record<LotUnit, Readonly<Record<string, number>>>> = {
  mg: { mg: 0, g: 3, kg: 6, t: 9 },
  count: { '': 0 },
  'carat-thousandths': { ct: 3 },
};

/** `1.5kg`, `200 g`, `0.25ct`, `12`; undefined for what is no amount in this unit, or finer than it keeps. */
export function quantityIn(text: string, unit: LotUnit): number | undefined {
  const [, whole = '', decimals = '', suffix = ''] =
    /^(\d{1,16})(?:\.(\d{1,9}))?\s?([a-z]{0,2})$/.exec(text.trim()) ?? [];
  const places = Object.hasOwn(PLACES[unit], suffix) ? PLACES[unit][suffix] : undefined;
  if (whole === '' || places === undefined || decimals.length > places) return undefined;
  const quantity = BigInt(whole + decimals.padEnd(places, '0'));
  return quantity > 0n && quantity <= BigInt(MOST_QUANTITY) ? Number(quantity) : undefined;
}

/** So that `quantityIn` reads it back. */
export function amountText(quantity: number, unit: LotUnit): string {
  if (unit === 'count') return String(quantity);
  const digits = String(quantity).padStart(4, '0');
  const decimals = digits.slice(-3).replace(/0+$/, '');
  return `${digits.slice(0, -3)}${decimals === '' ? '' : `.${decimals}`}${unit === 'mg' ? 'g' : 'ct'}`;
}
