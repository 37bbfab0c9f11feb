// Owns which side of a handover the page shows: its owner's, who makes an offer, or the next owner's, where an offer stands
// behind #. That is taken out of the address at once and kept in memory alone, until it is used or declined.
import type { PieceData } from '../owner-parts.ts';
import { dataOf } from './dom.ts';
import { takeFragment } from './fragment.ts';
import { offering } from './handover-offering.ts';
import { taking } from './handover-taking.ts';
import { attempt } from './own-say.ts';
import { switchInPlace } from './switch-language.ts';

let offer = takeFragment();

addEventListener('hashchange', () => {
  const another = takeFragment();
  if (another === '') return;
  offer = another;
  begin();
});
begin();

function begin(): void {
  switchInPlace(begin);
  const piece = dataOf<PieceData>('piece');
  if (piece.tokenId === null) return;
  void attempt(() => (offer === '' ? offering(piece) : taking(piece, offer)));
}
