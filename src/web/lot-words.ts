// Owns lots in words: how much, of what, who put their name to it and how far. Plain sentences without markup; where they
// stand on a page never enters it.
import type { CertificateView } from '../core/attestation.ts';
import type { LotMaterial, LotUnit } from '../core/lot.ts';
import type { LotView, Named } from '../core/lot-view.ts';
import type { Words } from './language.ts';
import { nameOf, type Telling } from './telling.ts';
import { capital, carats, grams, kilograms, materialName, metalWords, natureWords } from './words.ts';

/** Of a telling, what lots need: they are told on a page of their own as well. */
export type LotTelling = Pick<Telling, 'context' | 'words'>;

/** From a kilogram on nobody says grams. */
const KILOGRAM = 1_000_000;

export function amountWords(words: Words, quantity: number, unit: LotUnit): string {
  if (unit === 'carat-thousandths') return carats(words, quantity);
  if (unit === 'count') return words.text('lots.count', { count: quantity });
  return quantity >= KILOGRAM ? kilograms(words, quantity) : grams(words, quantity);
}

export function materialWords(words: Words, material: LotMaterial): string {
  switch (material.type) {
    case 'metal':
      return metalWords(words, material.metal, undefined);
    case 'stone': {
      const { species } = material;
      return words.text('lots.stones', {
        species: species === 'unknown' ? words.text('lots.stones-unknown') : words.apart(species),
        nature: natureWords(words, material.nature),
      });
    }
    default:
      return materialName(words, material.material);
  }
}

export function finenessWords(words: Words, fineness: number | null): string | undefined {
  return fineness === null ? undefined : words.text('lots.fineness', { fineness: words.decimal(fineness, 3) });
}

export function nameIn({ context, words }: LotTelling, { handle, address }: Named): string {
  return handle === null ? words.apart(address) : nameOf(context, handle);
}

/** 'Mina Dourada declared 5 kg of gold, 875 thousandths fine, on 3 May 2026: its own word.' */
export function bornWords(telling: LotTelling, lot: LotView): string {
  const { words } = telling;
  const { statement, operation } = lot;
  const amount = amountWords(words, lot.quantity, lot.unit);
  const what = statement
    ? words.text('lots.amount-of', { amount, material: materialWords(words, statement.material) })
    : amount;
  const fineness = finenessWords(words, lot.fineness);
  return words.text(`lots.${operation}`, {
    who: capital(nameIn(telling, lot.by)),
    what: fineness === undefined ? what : words.text('lots.of-fineness', { what, fineness }),
    day: words.day(lot.at),
  });
}

/** Where a declaration ends and somebody else's word begins. */
export function attestedWords(telling: LotTelling, lot: LotView): string[] {
  const { words, context } = telling;
  const standing = lot.certificates.filter(
    (one) => one.standing === 'in-force' && one.certifier.address !== lot.by.address,
  );
  const lines = standing.map((one) => certifiedWords(telling, lot, one));
  const back = lot.certificates.filter(({ standing: now }) => now === 'revoked');
  lines.push(
    ...back.map(({ certifier }) => words.text('lots.certificate-back', { who: nameOf(context, certifier.handle) })),
  );
  if (standing.length === 0 && lot.operation === 'declared') lines.push(words.text('lots.nobody-else'));
  return lines;
}

function certifiedWords(
  telling: LotTelling,
  lot: LotView,
  { certifier, statement, issuedAt }: CertificateView,
): string {
  const { words } = telling;
  const covers = statement?.covers;
  const part = covers !== undefined && covers < lot.quantity;
  const much = part
    ? words.text('lots.certified-for', { amount: amountWords(words, covers, lot.unit) })
    : words.text('lots.certified-all');
  const values = { who: nameOf(telling.context, certifier.handle), much, day: words.day(issuedAt) };
  const certified = statement
    ? words.text('lots.certified-titled', { ...values, title: words.apart(statement.title) })
    : words.text('lots.certified', values);
  if (!part || lot.operation !== 'declared') return certified;
  return `${certified}${words.gap}${words.text('lots.rest', { who: nameIn(telling, lot.by) })}`;
}
