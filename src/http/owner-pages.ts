// Owns the addresses of owners' pages: my pieces, handover, live proof. They are the same for everybody: whose device it is,
// and what stands behind #, the service never learns.
import { type Request, type Response, Router } from 'express';
import { codeOfPath, codePath } from '../core/code.ts';
import { codeTyped } from '../core/typed-code.ts';
import { renderHandover } from '../web/handover-page.ts';
import { renderMyPiece, renderMyPieces } from '../web/my-pages.ts';
import { renderUnknownCode } from '../web/other-pages.ts';
import { renderAskProof, renderGiveProof } from '../web/proof-pages.ts';
import { type Telling, tellingOf } from '../web/telling.ts';
import { keptPapers } from './kept-papers.ts';
import { namesOf } from './names.ts';
import { answerPage, wordsFor } from './page-answer.ts';
import { cachedPassport } from './passports.ts';
import type { Context } from './route.ts';

const PAGES: Readonly<Record<string, (telling: Telling) => string>> = {
  my: renderMyPiece,
  handover: renderHandover,
  proof: renderAskProof,
  prove: renderGiveProof,
};
const MOST_TYPED = 2_000;

export function ownerPages(context: () => Context): Router {
  const router = Router();
  router.get('/my', (request, response) => {
    response.locals['route'] = '/my';
    const words = wordsFor(request);
    const typed = request.query['code'];
    if (typeof typed !== 'string') return answerPage(response, renderMyPieces(words), { words, scripted: true });
    const read = codeTyped(typed.slice(0, MOST_TYPED));
    if (read.kind === 'code') return response.redirect(303, words.to(`/my${codePath(read.code)}`));
    const markup = renderMyPieces(words, typed.slice(0, MOST_TYPED));
    return answerPage(response, markup, { words, scripted: true, status: 400 });
  });
  for (const [name, render] of Object.entries(PAGES)) {
    router.get(`/${name}/*path`, (request, response) => pieceOn(context(), { request, response, name, render }));
  }
  return router;
}

interface Asked {
  readonly request: Request;
  readonly response: Response;
  readonly name: string;
  readonly render: (telling: Telling) => string;
}

async function pieceOn(context: Context, { request, response, name, render }: Asked): Promise<void> {
  response.locals['route'] = `/${name}/*path`;
  const { ledger, publicUrl } = context;
  const words = wordsFor(request);
  const path = request.path.slice(name.length + 1);
  const code = codeOfPath(path);
  // Never on to another address, which would inherit what stands behind #.
  const passport = code && (await cachedPassport(context, code));
  if (!passport) {
    const shown = decodeURIComponent(path).slice(0, 200);
    return answerPage(response, renderUnknownCode({ code: shown, words }), { words, status: code ? 404 : 400 });
  }
  const names = await namesOf(ledger);
  const telling = tellingOf(passport, {
    publicUrl,
    embedded: ledger.chain.embedded,
    displayName: (handle) => names.get(handle),
    ...(await keptPapers(ledger, passport)),
    recordUrl: (tokenId) => `/token/${tokenId}`,
    passportAt: passport.path,
    words,
  });
  answerPage(response, render(telling), { words, scripted: true });
}
