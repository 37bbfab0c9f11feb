// Owns the one line of a passport for whoever holds the piece or is shown it: live proof, and the owner's own pages.
import { type Html, html } from './html.ts';
import type { Telling } from './telling.ts';

export function renderOwnerLinks({ passport, words }: Telling): Html | null {
  if (passport.tokenId === null || passport.standing.ended) return null;
  const proof = html`<a href="${words.to(`/proof${passport.path}`)}">${words.text('owner.proof.link')}</a>`;
  const mine = html`<a href="${words.to(`/my${passport.path}`)}">${words.text('owner.open-mine')}</a>`;
  return html`<p class="known">${words.tell('owner.links', { proof, mine })}</p>`;
}
