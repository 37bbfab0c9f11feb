// Owns the way from a passport to claiming its piece, shown while a card can make somebody its first private owner.
import { type Html, html } from './html.ts';
import type { Telling } from './telling.ts';

export function renderClaimLink({ passport, words }: Telling): Html | null {
  const { card, ended } = passport.standing;
  const claimable = passport.batch !== null && passport.keeper.organisation !== undefined && !ended;
  if (!claimable || (card !== 'made' && card !== 'fresh')) return null;
  return html`<p class="known">${words.text('claim.link')} <a href="${words.to(`/claim${passport.path}`)}">${words.text('claim.link.go')}</a></p>`;
}
