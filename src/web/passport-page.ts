// Owns the passport's page: which parts it has and in which order. Every word of the record stands on it, unshortened.
// No clock, no store, no request enters it: a passport and its context in, a document out.
import type { Passport } from '../core/passport.ts';
import { renderCheckLink } from './check-link.ts';
import { renderClaimLink } from './claim-link.ts';
import { html } from './html.ts';
import { page } from './layout.ts';
import { renderCare, renderDeclared, renderDescriptors, renderKeeper, renderPapers, renderTimeline } from './life.ts';
import { renderMakerWords } from './maker-words.ts';
import { renderMaterials } from './materials.ts';
import { renderOwnerLinks } from './owner-links.ts';
import { renderPiece } from './piece.ts';
import { renderPresent } from './present.ts';
import { alternates, firstPhotograph, originOf, previewTags } from './previews.ts';
import { productData } from './product-data.ts';
import { renderProof, renderProves } from './proof.ts';
import { type PassportContext, tellingOf } from './telling.ts';
import { renderToPrint } from './to-print.ts';
import { renderVerdict, verdictOf } from './verdict.ts';
import { renderGift, renderVisitorLinks } from './visitor-links.ts';
import { renderInscriptions, renderMaking, renderVouching } from './vouching.ts';

export type { PassportContext } from './telling.ts';

export function renderPassport(passport: Passport, context: PassportContext): string {
  const telling = tellingOf(passport, context);
  const { words } = telling;
  const { title } = passport.record;
  const description = `${title}. ${verdictOf(telling).sentence}`;
  const path = context.path ?? passport.path;
  const canonical = originOf(context) + words.to(passport.path);
  const image = firstPhotograph(telling);
  return page({
    words,
    title,
    sheets: ['visitor'],
    description,
    canonical,
    path,
    head: html`${alternates(originOf(context), passport.path)}
${previewTags(words, { title, description, url: canonical, image })}
${productData(telling)}`,
    main: html`${renderVerdict(telling)}
${renderPiece(telling)}
${renderPresent(telling)}
${renderMaterials(telling)}
${renderVouching(telling)}
${renderInscriptions(telling)}
${renderMaking(telling)}
${renderDeclared(telling)}
${renderTimeline(telling)}
${renderKeeper(telling)}
${renderClaimLink(telling)}
${renderOwnerLinks(telling)}
${renderGift(telling)}
${renderCare(telling)}
${renderMakerWords(telling)}
${renderPapers(telling)}
${renderToPrint(telling)}
${renderDescriptors(telling)}
${renderVisitorLinks(telling)}
${renderProves(telling)}
${renderCheckLink(telling)}
${renderProof(telling)}`,
  });
}
