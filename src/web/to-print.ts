// Owns the way from a passport to the papers made of it.
import { type Html, html } from './html.ts';
import type { Telling } from './telling.ts';

export function certificatePath(path: string, language: string): string {
  return `/api/v1/pieces${path}/certificate.pdf?lang=${language}`;
}

/** Only of what is on the ledger: a paper lasts. */
export function renderToPrint({ passport, words }: Telling): Html | null {
  if (!passport.batch) return null;
  return html`<p class="to-print"><a class="button button-quiet" href="${certificatePath(passport.path, words.language)}">${words.text('paper.certificate.link')}</a></p>`;
}
