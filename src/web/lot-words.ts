// Owns lots in words: how much, of what, who put their name to it and how far. Plain sentences without markup; where they
// stand on a page never enters it.
import type { CertificateView } from '../core/attestation.ts';
import type { LotMaterial, LotUnit } from '../core/lot.ts';
import type { LotView, Named } from '../core/lot-view.ts';
import { STONE_NATURES } from '../core/vocabulary.ts';
import { nameOf, type PassportContext } from './telling.ts';
import { capital, carats, count, day, decimal, grams, plain } from './words.ts';

/** From a kilogram on nobody says grams. */
const KILOGRAM = 1_000_000;

export function amountWords(quantity: number, unit: LotUnit): string {
  if (unit === 'carat-thousandths') return carats(quantity);
  if (unit === 'count') return count(quantity, 'piece', 'pieces');
  return quantity >= KILOGRAM ? `${decimal(quantity, 6)}\u00a0kg` : grams(quantity);
}

export function materialWords(material: LotMaterial): string {
  switch (material.type) {
    case 'metal':
      return plain(material.metal);
    case 'stone': {
      const species = material.species === 'unknown' ? 'stones of unknown kind' : material.species;
      return `${species} (${STONE_NATURES[material.nature]})`;
    }
    default:
      return plain(material.material);
  }
}

export function finenessWords(fineness: number | null): string | undefined {
  return fineness === null ? undefined : `${decimal(fineness, 3)} thousandths fine`;
}

export function nameIn(context: PassportContext, { handle, address }: Named): string {
  return handle === null ? address : nameOf(context, handle);
}

const DONE: Readonly<Record<LotView['operation'], string>> = {
  declared: 'declared',
  split: 'divided off',
  merged: 'put together',
  refined: 'refined',
  returned: 'got back from a piece that had ended',
};

/** 'Mina Dourada declared 5 kg of gold, 875 thousandths fine, on 3 May 2026: its own word.' */
export function bornWords(context: PassportContext, lot: LotView): string {
  const { statement, operation } = lot;
  const what = statement ? ` of ${materialWords(statement.material)}` : '';
  const fineness = finenessWords(lot.fineness);
  const amount = `${amountWords(lot.quantity, lot.unit)}${what}${fineness === undefined ? '' : `, ${fineness},`}`;
  const own = operation === 'declared' ? ': its own word' : '';
  return `${capital(nameIn(context, lot.by))} ${DONE[operation]} ${amount} on ${day(lot.at)}${own}.`;
}

/** Where a declaration ends and somebody else's word begins. */
export function attestedWords(context: PassportContext, lot: LotView): string[] {
  const standing = lot.certificates.filter(
    (one) => one.standing === 'in-force' && one.certifier.address !== lot.by.address,
  );
  const lines = standing.map((one) => certifiedWords(context, lot, one));
  const back = lot.certificates.filter(({ standing: now }) => now === 'revoked');
  lines.push(...back.map(({ certifier }) => `${nameOf(context, certifier.handle)} took a certificate about it back.`));
  if (standing.length === 0 && lot.operation === 'declared') lines.push('Nobody else has put their name to that here.');
  return lines;
}

function certifiedWords(
  context: PassportContext,
  lot: LotView,
  { certifier, statement, issuedAt }: CertificateView,
): string {
  const covers = statement?.covers;
  const part = covers !== undefined && covers < lot.quantity;
  const much = part ? `for ${amountWords(covers, lot.unit)}` : 'for all of it';
  const rest = part && lot.operation === 'declared' ? ` The rest is ${nameIn(context, lot.by)}’s own word.` : '';
  const title = statement ? `, “${statement.title}”` : '';
  return `Certified by ${nameOf(context, certifier.handle)} ${much} on ${day(issuedAt)}${title}.${rest}`;
}
