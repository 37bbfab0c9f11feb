// Owns how a page leaves: in whose language, under which policy, and that caches keep languages apart. What stands on it is
// the web layer's.
import type { Request, Response } from 'express';
import { type Words, wordsIn } from '../web/language.ts';
import { isLanguage, LANGUAGES } from '../web/languages.ts';
import { PAGE_POLICY, SCRIPT_POLICY } from '../web/layout.ts';

/** The language asked for by the switch (`?lang=`), else the one the browser likes best of those spoken here. */
export function wordsFor(request: Request): Words {
  const asked = request.query['lang'];
  if (isLanguage(asked)) return wordsIn(asked);
  const liked = request.acceptsLanguages([...LANGUAGES]);
  return wordsIn(isLanguage(liked) ? liked : 'en');
}

export interface PageAnswer {
  readonly status?: number;
  /** Whether it runs this service's own modules. */
  readonly scripted?: boolean;
  /** Another policy than the two there are, with its reason beside it. */
  readonly policy?: string;
  readonly words: Words;
}

/** A page that is made for one request. Nothing keeps it: what is private to a session or a moment is on many of them. */
export function answerPage(
  response: Response,
  markup: string,
  { status = 200, scripted, policy, words }: PageAnswer,
): void {
  response
    .status(status)
    .set({
      'content-security-policy': policy ?? (scripted ? SCRIPT_POLICY : PAGE_POLICY),
      'content-language': words.language,
      'cache-control': 'no-store',
      vary: 'accept-language',
    })
    .type('html')
    .send(markup);
}
