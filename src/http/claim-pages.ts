// Owns where claim cards lead: a page for every address below /claim, and never a redirection, because browsers take what
// stands behind # along to wherever one leads. What it says is the web layer's.
import { type Request, type Response, Router } from 'express';
import { codeOfClaimPath } from '../core/card-address.ts';
import { renderClaim, renderNoClaim } from '../web/claim-page.ts';
import { namesOf } from './names.ts';
import { answerPage, wordsFor } from './page-answer.ts';
import { cachedPassport } from './passports.ts';
import type { Context } from './route.ts';

export function claimPages(context: () => Context): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get(['/claim', '/claim/', '/claim/*rest'], (request, response) => answer(request, response, context()));
  return router;
}

async function answer(request: Request, response: Response, context: Context): Promise<void> {
  response.locals['route'] = 'claim page';
  const words = wordsFor(request);
  const code = codeOfClaimPath(request.path);
  // One way to write it alone: what a card says is what was printed on it.
  if (!code) {
    answerPage(response, renderNoClaim(words, 'malformed'), { words, scripted: true, status: 400 });
    return;
  }
  const { ledger, publicUrl } = context;
  const passport = await cachedPassport(context, code);
  if (!passport) {
    answerPage(response, renderNoClaim(words, 'unknown'), { words, scripted: true, status: 404 });
    return;
  }
  const names = await namesOf(ledger);
  const markup = renderClaim(passport, {
    words,
    publicUrl,
    embedded: ledger.chain.embedded,
    displayName: (handle) => names.get(handle),
    recordUrl: (tokenId) => `/token/${tokenId}`,
  });
  answerPage(response, markup, { words, scripted: true });
}
