// Owns where claim cards and sheets lead: a page for every address below /claim and /rescue, and never a redirection, because
// browsers take what stands behind # along to wherever one leads. What they say is the web layer's.
import { type Request, type Response, Router } from 'express';
import { codeOfClaimPath } from '../core/card-address.ts';
import type { PieceCode } from '../core/code.ts';
import type { Passport } from '../core/passport.ts';
import { codeOfRescuePath } from '../core/rescue.ts';
import { renderClaim, renderNoClaim } from '../web/claim-page.ts';
import type { Words } from '../web/language.ts';
import { renderNoRescue, renderRescue } from '../web/rescue-page.ts';
import { keptPapers } from './kept-papers.ts';
import { namesOf } from './names.ts';
import { answerPage, wordsFor } from './page-answer.ts';
import { cachedPassport } from './passports.ts';
import type { Context } from './route.ts';

interface Leads {
  readonly route: string;
  readonly codeOf: (path: string) => PieceCode | undefined;
  readonly render: (context: Context, passport: Passport, words: Words) => string | Promise<string>;
  readonly renderNone: (words: Words, what: 'malformed' | 'unknown') => string;
}

const CARDS: Leads = {
  route: 'claim page',
  codeOf: codeOfClaimPath,
  renderNone: renderNoClaim,
  async render({ ledger, publicUrl }, passport, words) {
    const names = await namesOf(ledger);
    return renderClaim(passport, {
      words,
      publicUrl,
      embedded: ledger.chain.embedded,
      displayName: (handle) => names.get(handle),
      recordUrl: (tokenId) => `/token/${tokenId}`,
      ...(await keptPapers(ledger, passport)),
    });
  },
};

const SHEETS: Leads = {
  route: 'rescue page',
  codeOf: codeOfRescuePath,
  renderNone: renderNoRescue,
  render: (_, passport, words) => renderRescue(passport, words),
};

export function claimPages(context: () => Context): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const [stem, leads] of Object.entries({ '/claim': CARDS, '/rescue': SHEETS })) {
    router.get([stem, `${stem}/`, `${stem}/*rest`], (request, response) => answer(request, response, context(), leads));
  }
  return router;
}

async function answer(request: Request, response: Response, context: Context, leads: Leads): Promise<void> {
  response.locals['route'] = leads.route;
  const words = wordsFor(request);
  const send = (status: number, markup: string) => answerPage(response, markup, { words, scripted: true, status });
  const code = leads.codeOf(request.path);
  // One way to write it alone: what was printed is what leads here.
  if (!code) return send(400, leads.renderNone(words, 'malformed'));
  const passport = await cachedPassport(context, code);
  if (!passport) return send(404, leads.renderNone(words, 'unknown'));
  send(200, await leads.render(context, passport, words));
}
