// Owns the addresses of what visitors and the trade do by themselves: the check, its file to keep, the scanner, the page for
// trade. What they show is the web layer's; what a browser then does is its own.
import { type Response, Router } from 'express';
import { codeOfPath, codePath } from '../core/code.ts';
import { TouchstoneError } from '../core/errors.ts';
import { CHECK_FILE, CHECK_PATH, checkPolicy, renderCheck, renderCheckFile } from '../web/check-page.ts';
import { SCRIPT_POLICY } from '../web/layout.ts';
import { renderScan } from '../web/scan-page.ts';
import { renderTrade } from '../web/trade-page.ts';
import type { BrowserFiles } from './browser-files.ts';
import { MOST_AT_ONCE } from './checks-route.ts';
import { answerPage, wordsFor } from './page-answer.ts';
import type { Context } from './route.ts';

const POLICY = checkPolicy(SCRIPT_POLICY);
/** The camera is this page's and the trade's, and nobody's who would frame them. */
const CAMERA = 'camera=(self)';
const SCRIPT_OF_FILE = 'check-file.js';

export function checkPages(context: () => Context, files: BrowserFiles): Router {
  const router = Router();
  const registry = () => {
    const { chain } = context().ledger;
    return `${chain.chainId}:${chain.pieces}`;
  };
  router.get(CHECK_PATH, (request, response) => {
    const words = wordsFor(request);
    answerPage(response, renderCheck({ words, registry: registry() }), { words, policy: POLICY });
  });
  router.get(`${CHECK_PATH}/${CHECK_FILE}`, async (request, response) => {
    response.locals['route'] = `${CHECK_PATH}/${CHECK_FILE}`;
    const words = wordsFor(request);
    const script = (await files()).get(SCRIPT_OF_FILE)?.text;
    if (script === undefined) throw new TouchstoneError('not-found', 'There is no such part of these pages.');
    response.set('content-disposition', `attachment; filename="${CHECK_FILE}"`);
    answerPage(response, renderCheckFile(words, script), { words });
  });
  router.get(`${CHECK_PATH}/*rest`, (request, response) => {
    response.locals['route'] = `${CHECK_PATH}/*path`;
    const code = codeOfPath(request.path.slice(CHECK_PATH.length));
    if (!code) throw new TouchstoneError('not-found', 'This is not the code of a piece.');
    const words = wordsFor(request);
    const markup = renderCheck({ words, registry: registry(), path: codePath(code) });
    answerPage(response, markup, { words, policy: POLICY });
  });
  router.get('/scan', (request, response) => {
    const words = wordsFor(request);
    withCamera(response);
    answerPage(response, renderScan({ words, publicUrl: context().publicUrl }), { words, scripted: true });
  });
  router.get('/trade', (request, response) => {
    const words = wordsFor(request);
    const { publicUrl } = context();
    withCamera(response);
    answerPage(response, renderTrade({ words, publicUrl, mostAtOnce: MOST_AT_ONCE }), { words, scripted: true });
  });
  return router;
}

function withCamera(response: Response): void {
  response.set('permissions-policy', CAMERA);
}
