// Owns the public pages' addresses beside those of pieces (resolve.ts): the home page, a token's page, assets.
import { createHash } from 'node:crypto';
import { Router } from 'express';
import { hash } from '../core/fields.ts';
import { passportOfToken } from '../ledger/find.ts';
import { ICON_SVG } from '../web/drawings.ts';
import { ICON_PATH } from '../web/layout.ts';
import { renderLot, renderUnknownLot } from '../web/lot-page.ts';
import { renderHome, renderUnknownCode } from '../web/other-pages.ts';
import { renderPassport } from '../web/passport-page.ts';
import { type BrowserFiles, browserFiles } from './browser-files.ts';
import { checkPages } from './check-pages.ts';
import { claimPages } from './claim-pages.ts';

import { keptPapers } from './kept-papers.ts';
import { lotPage } from './lot-routes.ts';
import { namesOf } from './names.ts';
import { ownerPages } from './owner-pages.ts';
import { answerPage, wordsFor } from './page-answer.ts';
import { resolve } from './resolve.ts';
import type { Context } from './route.ts';
import { visitorNotes } from './visitor-notes.ts';

const FOR_AN_HOUR = 'public, max-age=3600';

export function pages(context: () => Context, files: BrowserFiles): Router {
  const router = Router();
  router.use(browserFiles(files));
  router.get('/', (request, response) => {
    const words = wordsFor(request);
    answerPage(response, renderHome({ words, publicUrl: context().publicUrl }), { words, kept: true });
  });
  asset(router, ICON_PATH, 'image/svg+xml', ICON_SVG);
  router.get('/robots.txt', (_, response) => void response.type('text/plain').send('User-agent: *\nDisallow: /api/\n'));
  router.use(claimPages(context));
  router.use(checkPages(context, files));
  resolve(router, context);
  router.use(ownerPages(context));
  router.get('/lots/:id', async (request, response) => {
    const id = String(request.params['id']);
    const words = wordsFor(request);
    const { ledger, publicUrl } = context();
    const lot = hash.safeParse(id).success ? await lotPage({ ledger }, id) : undefined;
    if (!lot) {
      answerPage(response, renderUnknownLot(id.slice(0, 100), words), { status: 404, words });
      return;
    }
    const names = await namesOf(ledger);
    const displayName = (handle: string) => names.get(handle);
    const page = renderLot(lot, { publicUrl, embedded: ledger.chain.embedded, displayName, words });
    answerPage(response, page, { words, kept: true });
  });
  router.get('/token/:tokenId', async (request, response) => {
    const tokenId = String(request.params['tokenId']);
    const words = wordsFor(request);
    const { ledger, publicUrl } = context();
    const passport = /^\d{1,78}$/.test(tokenId) ? await passportOfToken(ledger.db, ledger.chain, tokenId) : undefined;
    if (!passport) {
      answerPage(response, renderUnknownCode({ code: tokenId.slice(0, 100), words }), { status: 404, words });
      return;
    }
    const names = await namesOf(ledger);
    const displayName = (handle: string) => names.get(handle);
    const page = renderPassport(passport, {
      words,
      path: `/token/${tokenId}`,
      publicUrl,
      embedded: ledger.chain.embedded,
      displayName,
      ...(await keptPapers(ledger, passport)),
      recordUrl: (other) => `/token/${other}`,
      visitors: await visitorNotes(ledger, passport),
    });
    answerPage(response, page, { words, kept: true });
  });
  return router;
}

function asset(router: Router, path: string, type: string, text: string): void {
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 16)}"`;
  router.get(path, (_, response) => void response.set({ etag, 'cache-control': FOR_AN_HOUR }).type(type).send(text));
}
