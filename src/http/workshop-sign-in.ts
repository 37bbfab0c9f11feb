// Owns coming into the console and leaving it: the sign-in page, an API key or a passkey shown to it, signing out, and
// the way back to the page somebody wanted. An API key comes in a form's body only: never in an address, a log or a page.
import type { Request, Response, Router } from 'express';
import { TouchstoneError } from '../core/errors.ts';
import { authenticate } from '../ledger/accounts.ts';
import { beginSession, endSession } from '../ledger/console-sessions.ts';
import { ENGLISH } from '../web/language.ts';
import { signInPage } from '../web/workshop-sign-in.ts';
import { answerPage } from './page-answer.ts';
import { problemOf } from './problem.ts';
import { readForm } from './workshop-form.ts';
import type { ConsoleOptions } from './workshop-pages.ts';
import { passkeyCaller, registrationOptions, signInOptions } from './workshop-passkeys.ts';
import { clearSession, mustComeFromHere, mustHoldToken, setSession, signedIn } from './workshop-session.ts';

const SIGN_IN = '/workshop/sign-in';
/** A key has 59 characters; a passkey's answer a few thousand. */
const MAX_SIGN_IN_BYTES = 32 * 1024;

export function signInPages(router: Router, { context, limits, formMs }: ConsoleOptions): void {
  router.get(SIGN_IN, async (request, response) => {
    const back = backIn(request.query['back']);
    if (await signedIn(request, context())) return response.redirect(303, back);
    show(response, { back, over: request.query['over'] !== undefined });
  });
  router.post(SIGN_IN, async (request, response) => {
    const current = context();
    mustComeFromHere(request, current);
    const fields = await readForm(request, formMs, MAX_SIGN_IN_BYTES);
    const back = backIn(fields.get('back'));
    await orTellWhy(response, back, async () => {
      const caller = await limits.signingIn(request, () => authenticate(current.ledger, fields.get('key')));
      setSession(response, current, await beginSession(current.ledger, caller));
    });
  });
  router.post(`${SIGN_IN}/options`, limits.costly, async (request, response) => {
    mustComeFromHere(request, context());
    response.set('cache-control', 'no-store').json(await signInOptions(context()));
  });
  router.post('/workshop/keys/options', async (request, response) => {
    const current = context();
    mustComeFromHere(request, current);
    const session = await signedIn(request, current);
    if (!session) throw new TouchstoneError('unauthenticated', 'You were signed out meanwhile. Open the page again.');
    response.set('cache-control', 'no-store').json(await registrationOptions(current, session));
  });
  router.post(`${SIGN_IN}/passkey`, async (request, response) => {
    const current = context();
    mustComeFromHere(request, current);
    const fields = await readForm(request, formMs, MAX_SIGN_IN_BYTES);
    await orTellWhy(response, backIn(fields.get('back')), async () => {
      const answer = fields.get('answer');
      const { caller, passkey } = await limits.signingIn(request, () => passkeyCaller(current, answer));
      setSession(response, current, await beginSession(current.ledger, caller, passkey));
    });
  });
  router.post('/workshop/sign-out', async (request, response) => {
    const current = context();
    mustComeFromHere(request, current);
    const fields = await readForm(request, formMs, MAX_SIGN_IN_BYTES);
    const session = await signedIn(request, current);
    if (session) {
      mustHoldToken(session, fields.get('token'));
      await endSession(current.ledger.db, session.secret);
    }
    clearSession(response, current);
    response.set('cache-control', 'no-store').redirect(303, SIGN_IN);
  });
}

const SIGN_IN_REFUSALS: readonly string[] = ['unauthenticated', 'rate-limited'];

async function orTellWhy(response: Response, back: string, signIn: () => Promise<void>): Promise<void> {
  try {
    await signIn();
    response.set('cache-control', 'no-store').redirect(303, back);
  } catch (error) {
    if (!(error instanceof TouchstoneError) || !SIGN_IN_REFUSALS.includes(error.code)) throw error;
    const { status } = problemOf(error, '');
    if (error.retry !== 'never') response.set('retry-after', String(error.retry.afterSeconds));
    show(response, { back, status, refusal: error.message });
  }
}

interface Shown {
  readonly back: string;
  readonly over?: boolean;
  readonly status?: number;
  readonly refusal?: string;
}

function show(response: Response, { back, over, status, refusal }: Shown): void {
  const markup = signInPage({ back, ...(over && { over }), ...(refusal !== undefined && { refusal }) });
  answerPage(response, markup, { words: ENGLISH, scripted: true, ...(status !== undefined && { status }) });
}

/** To the sign-in page, from where it goes back here, or to the page whose form was sent. */
export function toSignIn(request: Request, response: Response): void {
  const wanted = request.method === 'GET' ? request.originalUrl : (pageOf(request) ?? '/workshop');
  const query = new URLSearchParams({ back: backIn(wanted), ...(request.method === 'GET' ? {} : { over: '1' }) });
  response.set('cache-control', 'no-store').redirect(303, `${SIGN_IN}?${query}`);
}

function pageOf(request: Request): string | undefined {
  const referrer = request.get('referer');
  return referrer !== undefined && URL.canParse(referrer) ? new URL(referrer).pathname : undefined;
}

/** A page of the console; its front page for anything else, so that nobody is led elsewhere. */
export function backIn(wanted: unknown): string {
  return typeof wanted === 'string' &&
    /^\/workshop(?:[/?][\w./?=&%+~-]*)?$/.test(wanted) &&
    !/sign-(in|out)/.test(wanted)
    ? wanted.slice(0, 1_000)
    : '/workshop';
}
