// Owns the one line of a passport's page that leads to the check in the visitor's own browser.
import { type Html, html } from './html.ts';
import type { Telling } from './telling.ts';

/** Nothing for what is not on the chain: there is no evidence of it yet. */
export function renderCheckLink({ passport, words }: Telling): Html | null {
  if (passport.tokenId === null) return null;
  return html`<p class="check-link"><a class="button" href="${words.to(`/check${passport.path}`)}">${words.text('check.title')}</a></p>`;
}
