// Owns how a browser shows that it is signed in to the console: one cookie that no script reads and no other site sends,
// and, for whatever changes something, that the form came from a page of the console. Sessions are console-sessions.ts's.
import { timingSafeEqual } from 'node:crypto';
import type { Request, Response } from 'express';
import { TouchstoneError } from '../core/errors.ts';
import type { Caller } from '../ledger/accounts.ts';
import { formTokenOf, sessionCaller } from '../ledger/console-sessions.ts';
import type { Context } from './route.ts';

/** A visit of somebody signed in. */
export interface Session {
  readonly caller: Caller;
  /** What the cookie holds: never shown, logged or put into a page. */
  readonly secret: string;
  /** Stands in each of its forms. */
  readonly token: string;
}

/** Who is signed in with this request; undefined for nobody, or no more. */
export async function signedIn(request: Request, { ledger, publicUrl }: Context): Promise<Session | undefined> {
  const secret = cookieOf(request, cookieName(publicUrl));
  const caller = secret === undefined ? undefined : await sessionCaller(ledger.db, secret);
  return caller && secret !== undefined ? { caller, secret, token: formTokenOf(secret) } : undefined;
}

export function setSession(response: Response, { publicUrl }: Context, secret: string): void {
  response.append('set-cookie', cookie(publicUrl, secret));
}

export function clearSession(response: Response, { publicUrl }: Context): void {
  response.append('set-cookie', `${cookie(publicUrl, '')}; Max-Age=0`);
}

const isSecure = (publicUrl: string) => publicUrl.startsWith('https://');

/** The prefix makes browsers take it from this very host over TLS only, for the whole of it. */
const cookieName = (publicUrl: string) => (isSecure(publicUrl) ? '__Host-touchstone' : 'touchstone');

function cookie(publicUrl: string, secret: string): string {
  const secure = isSecure(publicUrl) ? '; Secure' : '';
  return `${cookieName(publicUrl)}=${secret}; Path=/; HttpOnly; SameSite=Strict${secure}`;
}

function cookieOf(request: Request, name: string): string | undefined {
  const parts = (request.get('cookie') ?? '').slice(0, 16_384).split(';');
  const found = parts.map((part) => part.trim()).find((part) => part.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}

/**
 * Refuses what another site made a browser send. Every browser of these years says where a form comes from; one that
 * says nothing is taken for no browser of a user.
 * @throws TouchstoneError forbidden
 */
export function mustComeFromHere(request: Request, { publicUrl }: Context): void {
  const site = request.get('sec-fetch-site');
  if (site !== undefined ? site === 'same-origin' : isOwn(request, publicUrl)) return;
  throw new TouchstoneError('forbidden', 'This did not come from a page of this console. Nothing was done.');
}

function isOwn(request: Request, publicUrl: string): boolean {
  const origin = request.get('origin');
  if (origin === undefined || !URL.canParse(origin)) return false;
  return origin === new URL(publicUrl).origin || new URL(origin).host === request.get('host');
}

/** @throws TouchstoneError forbidden for a form of another session, or none */
export function mustHoldToken({ token }: Session, sent: string): void {
  const [expected, given] = [Buffer.from(token), Buffer.from(sent)];
  if (expected.length === given.length && timingSafeEqual(expected, given)) return;
  const message = 'This form belongs to an earlier sign-in. Nothing was done: open the page again and repeat it.';
  throw new TouchstoneError('forbidden', message);
}
