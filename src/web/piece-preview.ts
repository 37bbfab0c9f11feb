// Owns how a piece is shown before it is registered: as its passport will show it, in a frame that says it isn't one.
import type { Passport } from '../core/passport.ts';
import { type Html, html } from './html.ts';
import { renderCare, renderDeclared, renderDescriptors } from './life.ts';
import { renderMaterials } from './materials.ts';
import { renderPiece } from './piece.ts';
import { type PieceForm, pieceFormKept } from './piece-form.ts';
import { type PassportContext, tellingOf } from './telling.ts';
import { renderInscriptions, renderMaking, renderVouching } from './vouching.ts';

export interface Preview {
  readonly passport: Passport;
  readonly context: PassportContext;
  /** Whether the code was asked for; otherwise it is drawn anew. */
  readonly codeChosen: boolean;
  readonly published: boolean;
  readonly form: Omit<PieceForm, 'faults' | 'photos'>;
}

export function previewMain({ passport, context, codeChosen, published, form }: Preview): Html {
  const telling = tellingOf(passport, context);
  return html`<p class="opening">Nothing is stored yet. ${codeChosen ? html`Its code will be <span class="code">${passport.path}</span>.` : 'Its code is drawn when you register it.'} ${published ? 'The record goes on the chain, for everybody and for ever: read it once more.' : 'Only the record’s fingerprint goes on the chain; the record stays with this service and in evidence files.'}</p>
<div class="actions">
<form method="post" action="/workshop/register">${pieceFormKept(form)}<button type="submit" name="step" value="register">Register this piece</button></form>
<form method="post" action="/workshop/register">${pieceFormKept(form)}<button type="submit" class="beside" name="step" value="back">Change something</button></form>
</div>
<div class="preview">
${renderPiece(telling)}
${renderMaterials(telling)}
${renderVouching(telling)}
${renderInscriptions(telling)}
${renderMaking(telling)}
${renderDeclared(telling)}
${renderCare(telling)}
${renderDescriptors(telling)}
</div>`;
}
