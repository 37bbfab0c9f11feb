// Owns the way from a code to its page: the addresses of pieces, GS1 Digital Links that lead there, finding by what was
// typed, and an honest answer to all that leads nowhere. What is a code, and which one, the core decides.
import type { Request, Response, Router } from 'express';
import { codeOfPath, codePath, type PieceCode } from '../core/code.ts';
import { TouchstoneError } from '../core/errors.ts';
import { PRIMARY_KEYS } from '../core/gs1-keys.ts';
import { codeOfAddress, codeTyped, type ReadCode } from '../core/typed-code.ts';
import { renderMalformedCode, renderNotSupported, renderProductOnly, renderUnknownCode } from '../web/other-pages.ts';
import { renderPassport } from '../web/passport-page.ts';
import { namesOf } from './names.ts';
import { answerPage, wordsFor } from './page-answer.ts';
import { passportAs, registrantOf } from './passports.ts';
import type { Context } from './route.ts';

const MOST_TYPED = 300;
const GS1_PATHS = Object.keys(PRIMARY_KEYS).map((key) => `/${key}/*rest`);

export function resolve(router: Router, context: () => Context): void {
  router.get('/find', (request, response) => {
    const typed = typeof request.query['code'] === 'string' ? request.query['code'].slice(0, MOST_TYPED) : '';
    const read = codeTyped(typed);
    // What was typed is another thing than what is found, and may be found elsewhere tomorrow: 303.
    if (read.kind === 'code') response.redirect(303, wordsFor(request).to(codePath(read.code)));
    else leadsNowhere(request, response, typed, read);
  });
  router.get('/p/*rest', (request, response) => {
    const code = codeOfPath(request.path);
    return answer(request, response, context(), code ? { kind: 'code', code } : { kind: 'invalid' });
  });
  router.get(GS1_PATHS, (request, response) => answer(request, response, context(), codeOfAddress(request.url)));
}

async function answer(request: Request, response: Response, context: Context, read: ReadCode): Promise<void> {
  response.locals['route'] = 'passport page';
  if (read.kind !== 'code') {
    leadsNowhere(request, response, decodeURIComponent(request.path), read);
    return;
  }
  // One address a piece: what was typed in lower case, or names the variant and lot as well, goes on to the address that
  // is printed, in the language that was chosen. That follows from the address alone and so for ever: 301.
  if (codePath(read.code) !== request.path) response.redirect(301, wordsFor(request).to(codePath(read.code)));
  else await sendPassport(request, response, context, read.code);
}

async function sendPassport(request: Request, response: Response, context: Context, code: PieceCode): Promise<void> {
  const { publicUrl, ledger } = context;
  const words = wordsFor(request);
  const names = await namesOf(ledger);
  const body = await passportAs(words, context, code, (passport, kept, visitors) =>
    renderPassport(passport, {
      words,
      publicUrl,
      embedded: ledger.chain.embedded,
      displayName: (handle) => names.get(handle),
      ...kept,
      recordUrl: (tokenId) => `/token/${tokenId}`,
      visitors,
    }),
  );
  if (body) {
    context.scans?.saw(request, codePath(code), registrantOf(context, code) ?? '');
    body.answer(request, response);
    return;
  }
  const page = renderUnknownCode({ code: told(code), path: codePath(code), words });
  answerPage(response, page, { status: 404, words });
}

/** 404 for what GS1 allows and this ledger has nothing for, 400 for what is no code. Programs get a problem instead. */
function leadsNowhere(
  request: Request,
  response: Response,
  code: string,
  read: Exclude<ReadCode, { kind: 'code' }>,
): void {
  const program = request.accepts(['html', 'json']) === 'json';
  const words = wordsFor(request);
  const send = (status: number, page: string) => answerPage(response, page, { status, words });
  if (read.kind === 'not-supported') {
    if (program) throw new TouchstoneError('not-found', `This GS1 code is not supported here: ${read.why}.`);
    send(404, renderNotSupported({ code, why: read.why, words }));
  } else if (read.kind === 'product') {
    if (program)
      throw new TouchstoneError('not-found', 'This names a product, not one piece of it: add the serial (21).');
    send(404, renderProductOnly({ gtin: read.gtin, words }));
  } else {
    const reason = read.why === undefined ? undefined : `As a GS1 code it is wrong: ${read.why}.`;
    if (program) throw new TouchstoneError('invalid-code', reason ?? 'This can’t be a code of a piece.');
    send(400, renderMalformedCode({ code, words, ...(reason === undefined ? {} : { reason }) }));
  }
}

function told(code: PieceCode): string {
  return 'gtin' in code ? `${code.gtin} · ${code.serial}` : `${code.handle} · ${code.code}`;
}
