// Owns which side of a handover the page shows: its owner's, who makes an offer, or the next owner's, where an offer stands
// behind #. That is taken out of the address at once and kept for this tab alone, until it is used or declined.
import type { PieceData } from '../owner-parts.ts';
import { dataOf } from './dom.ts';
import { offering } from './handover-offering.ts';
import { taking } from './handover-taking.ts';
import { attempt } from './own-say.ts';

const piece = dataOf<PieceData>('piece');
const KEPT = `touchstone.offer ${piece.path}`;

if (piece.tokenId !== null) {
  addEventListener('hashchange', () => location.hash.length > 1 && location.reload());
  const text = offerHere();
  void attempt(() => (text === '' ? offering(piece) : taking(piece, text, forget)));
}

function offerHere(): string {
  const text = location.hash.slice(1);
  if (text === '') return kept();
  history.replaceState(null, '', location.pathname + location.search);
  try {
    // So that another language, or loading the page again, doesn't lose it.
    sessionStorage.setItem(KEPT, text);
  } catch {
    // It lasts as long as the page.
  }
  return text;
}

function kept(): string {
  try {
    return sessionStorage.getItem(KEPT) ?? '';
  } catch {
    return '';
  }
}

function forget(): void {
  try {
    sessionStorage.removeItem(KEPT);
  } catch {
    // Nothing is kept there.
  }
}
