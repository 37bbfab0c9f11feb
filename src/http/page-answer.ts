// Owns how a page leaves: in whose language, under which policy, and that caches keep languages apart. What stands on it is
// the web layer's.
import type { Request, Response } from 'express';
import type { Words } from '../web/language.ts';
import { PAGE_POLICY, SCRIPT_POLICY } from '../web/layout.ts';
import { wordsAsked } from './asked-language.ts';

/** The language asked for by the switch (`?lang=`), else the one the browser likes best of those spoken here. */
export function wordsFor(request: Request): Words {
  return wordsAsked(request.query['lang'], request.headers['accept-language']);
}

export interface PageAnswer {
  readonly status?: number;
  /** Whether it runs this service's own modules. */
  readonly scripted?: boolean;
  /** Another policy than the two there are, with its reason beside it. */
  readonly policy?: string;
  readonly words: Words;
  /** Browsers may keep it, and ask each time whether it is still the same: what is the same for everybody. */
  readonly kept?: boolean;
}

/** A page that is made for one request. Nothing keeps it, unless said otherwise: what is private to a session or a moment is on many of them. */
export function answerPage(
  response: Response,
  markup: string,
  { status = 200, scripted, policy, words, kept }: PageAnswer,
): void {
  response
    .status(status)
    .set({
      'content-security-policy': policy ?? (scripted ? SCRIPT_POLICY : PAGE_POLICY),
      'content-language': words.language,
      'cache-control': kept ? 'no-cache' : 'no-store',
      vary: 'accept-language',
    })
    .type('html')
    .send(markup);
}
