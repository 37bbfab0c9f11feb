// Owns the public pages' addresses: the passport under a piece's code, the home page, finding by code, assets.
import { createHash } from 'node:crypto';
import { Router } from 'express';
import { codeOfPath, codePath, isHandle, type PieceCode, tidyOwnCode } from '../core/code.ts';
import { passportOfToken } from '../ledger/find.ts';
import { ICON_SVG } from '../web/drawings.ts';
import { ICON_PATH, STYLESHEET_PATH } from '../web/layout.ts';
import { renderHome, renderMalformedCode, renderUnknownCode } from '../web/other-pages.ts';
import { renderPassport } from '../web/passport-page.ts';
import { TOUCHSTONE_CSS } from '../web/touchstone.css.ts';
import { namesOf } from './names.ts';
import { cachedPassport } from './passports.ts';
import type { Context } from './route.ts';

const FOR_AN_HOUR = 'public, max-age=3600';
const HOME = renderHome();

export function pages(context: () => Context): Router {
  const router = Router();
  router.get('/', (_, response) => void response.type('html').send(HOME));
  asset(router, STYLESHEET_PATH, 'text/css; charset=utf-8', TOUCHSTONE_CSS);
  asset(router, ICON_PATH, 'image/svg+xml', ICON_SVG);
  router.get('/robots.txt', (_, response) => void response.type('text/plain').send('User-agent: *\nDisallow: /api/\n'));
  router.get('/find', (request, response) => {
    const typed = typeof request.query['code'] === 'string' ? request.query['code'].slice(0, 300) : '';
    const code = codeTyped(typed);
    if (code) response.redirect(303, codePath(code));
    else
      response
        .status(400)
        .type('html')
        .send(renderMalformedCode({ code: typed }));
  });
  router.get(['/01/*rest', '/p/*rest'], async (request, response) => {
    response.locals['route'] = 'passport page';
    const code = codeOfPath(request.path);
    if (!code) {
      response
        .status(400)
        .type('html')
        .send(renderMalformedCode({ code: decodeURIComponent(request.path) }));
      return;
    }
    // One address a piece: what was typed in lower case goes on to the address that is printed.
    if (codePath(code) !== request.path) {
      response.redirect(301, codePath(code));
      return;
    }
    const current = context();
    const passport = await cachedPassport(current, code);
    if (!passport) {
      response
        .status(404)
        .type('html')
        .send(renderUnknownCode({ code: told(code) }));
      return;
    }
    const { publicUrl, ledger } = current;
    const names = await namesOf(ledger);
    const page = renderPassport(passport, {
      publicUrl,
      embedded: ledger.chain.embedded,
      displayName: (handle) => names.get(handle),
      recordUrl: (tokenId) => `/token/${tokenId}`,
    });
    response.set('cache-control', 'no-cache').type('html').send(page);
  });
  router.get('/token/:tokenId', async (request, response) => {
    const tokenId = String(request.params['tokenId']);
    const { ledger, publicUrl } = context();
    const passport = /^\d{1,78}$/.test(tokenId) ? await passportOfToken(ledger.db, ledger.chain, tokenId) : undefined;
    if (!passport) {
      response
        .status(404)
        .type('html')
        .send(renderUnknownCode({ code: tokenId.slice(0, 100) }));
      return;
    }
    const names = await namesOf(ledger);
    const displayName = (handle: string) => names.get(handle);
    const page = renderPassport(passport, { publicUrl, embedded: ledger.chain.embedded, displayName });
    response.set('cache-control', 'no-cache').type('html').send(page);
  });
  return router;
}

function asset(router: Router, path: string, type: string, text: string): void {
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 16)}"`;
  router.get(path, (_, response) => void response.set({ etag, 'cache-control': FOR_AN_HOUR }).type(type).send(text));
}

function told(code: PieceCode): string {
  return 'gtin' in code ? `${code.gtin} · ${code.serial}` : `${code.handle} · ${code.code}`;
}

/** What somebody may type or paste: a whole address, a path, "handle code", "gtin serial", or a GTIN's element string. */
function codeTyped(text: string): PieceCode | undefined {
  const trimmed = text.trim();
  const path = /(\/01\/\S+|\/p\/\S+)$/.exec(trimmed)?.[1];
  if (path) return codeOfPath(path.split(/[?#]/)[0] as string);
  const element = /^\(?01\)?(\d{14})\(?21\)?(.{1,20})$/.exec(trimmed);
  if (element) return codeOfPath(`/01/${element[1]}/21/${encodeURIComponent(element[2] as string)}`);
  const [first = '', ...rest] = trimmed.split(/[\s/·]+/);
  const second = rest.join('');
  if (/^\d{12,14}$/.test(first)) return codeOfPath(`/01/${first.padStart(14, '0')}/21/${encodeURIComponent(second)}`);
  const handle = first.toLowerCase();
  return isHandle(handle) && second ? codeOfPath(`/p/${handle}/${tidyOwnCode(second)}`) : undefined;
}
