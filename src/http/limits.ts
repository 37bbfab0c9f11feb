// Owns how often one key or address may call. Counted in this process: a replica's share, not the whole service's. Who a
// request is from is auth.ts's; here only whether it was found to be so a moment ago.
import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, MemoryStore, type Options, rateLimit } from 'express-rate-limit';
import { TouchstoneError } from '../core/errors.ts';
import type { Caller } from '../ledger/accounts.ts';

/** How many calls of each kind one key or address has in a window. */
export interface Rates {
  readonly windowMs: number;
  /** A shop checking a tray of codes stays far below; a scraper doesn't. */
  readonly reads: number;
  readonly writes: number;
  /** Calls that cost as much as dozens of others: searches, files, pictures. Counted among the others as well. */
  readonly costly: number;
  /** Keys that turned out wrong, by address. Nobody guesses 256 bits; this keeps whoever tries off the database. */
  readonly failures: number;
  /** What strangers may write to a maker, by address: a person has one thing to say, a fair’s network has many persons. */
  readonly visits: number;
  readonly visitsMs: number;
}

export const RATES: Rates = {
  windowMs: 10_000,
  reads: 1_000,
  writes: 2_000,
  costly: 200,
  failures: 50,
  visits: 20,
  visitsMs: 60 * 60 * 1000,
};

export interface RateLimits {
  readonly everything: readonly RequestHandler[];
  readonly costly: RequestHandler;
  readonly visits: RequestHandler;
  /** Finds out who a request is from, unless too many of its address turned out to be nobody. */
  authenticated(request: Request, authenticate: () => Promise<Caller>): Promise<Caller>;
  /** The same for somebody who signs in by a form: every refusal counts. */
  signingIn<T>(request: Request, authenticate: () => Promise<T>): Promise<T>;
}

export const NO_LIMITS: RateLimits = {
  everything: [],
  costly: (_request, _response, next) => next(),
  visits: (_request, _response, next) => next(),
  authenticated: (_request, authenticate) => authenticate(),
  signingIn: (_request, authenticate) => authenticate(),
};

export function rateLimits(rates: Rates): RateLimits {
  const good = rememberKeys();
  const failures = new MemoryStore();
  failures.init({ windowMs: rates.windowMs } as Options);
  const limit = (
    identifier: string,
    count: number,
    applies: (request: Request) => boolean,
    windowMs = rates.windowMs,
  ) =>
    rateLimit({
      windowMs,
      limit: count,
      identifier,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      // It warns on the console, of what is looked after here.
      validate: false,
      skip: (request) => !applies(request),
      // By key, so that a workshop isn't slowed by its neighbours behind one address; but only a key that was found
      // right: whoever could draw a fresh one for every call, or name somebody else's, would not be limited at all.
      keyGenerator: (request) => good.idOf(request) ?? addressOf(request),
      handler: (_request, _response, next) => next(tooMany({ windowMs })),
    });
  /** @param tried something was shown that may turn out wrong */
  const counted = async <T>(request: Request, authenticate: () => Promise<T>, tried: boolean): Promise<T> => {
    const address = addressOf(request);
    if (((await failures.get(address))?.totalHits ?? 0) >= rates.failures) throw tooMany(rates);
    try {
      return await authenticate();
    } catch (error) {
      const wrong = error instanceof TouchstoneError && error.code === 'unauthenticated';
      if (wrong && tried) await failures.increment(address);
      throw error;
    }
  };
  return {
    everything: [limit('read', rates.reads, isRead), limit('write', rates.writes, (request) => !isRead(request))],
    costly: limit('costly', rates.costly, () => true),
    visits: limit('visit', rates.visits, () => true, rates.visitsMs),
    async authenticated(request, authenticate) {
      if (good.idOf(request) !== undefined) return authenticate();
      const caller = await counted(request, authenticate, request.get('authorization') !== undefined);
      good.remember(request, caller);
      return caller;
    },
    signingIn: (request, authenticate) => counted(request, authenticate, true),
  };
}

function isRead({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD';
}

function tooMany({ windowMs }: { readonly windowMs: number }): TouchstoneError {
  const message = 'Too many requests in a short time. Wait a while and go on more slowly.';
  return new TouchstoneError('rate-limited', message, { retry: { afterSeconds: Math.ceil(windowMs / 1000) } });
}

/** An IPv6 address counts with all others of its /56: whoever has one has them all. */
export function addressOf(request: Request): string {
  const told = (request.ip ?? '').replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1');
  // A proxy that passes on what is no address gives no reason to count its callers apart.
  const address = isIP(told) === 0 ? (request.socket.remoteAddress ?? '') : told;
  return ipKeyGenerator(address.replace(/%.*$/, ''));
}

const REMEMBERED = 10_000;
const GOOD_FOR_MS = 60_000;

/** Headers that were found to be a key's, by their hash. Says nothing about what they may do now: that is asked anew. */
function rememberKeys() {
  const known = new Map<string, { readonly id: string; readonly until: number }>();
  const hashOf = (request: Request): string | undefined => {
    const header = request.get('authorization');
    return header === undefined ? undefined : createHash('sha256').update(header).digest('base64');
  };
  return {
    idOf(request: Request): string | undefined {
      const entry = known.get(hashOf(request) ?? '');
      return entry && entry.until > Date.now() ? entry.id : undefined;
    },
    remember(request: Request, { keyId }: Caller): void {
      const hash = hashOf(request);
      if (hash === undefined) return;
      known.delete(hash);
      known.set(hash, { id: `key ${keyId}`, until: Date.now() + GOOD_FOR_MS });
      if (known.size > REMEMBERED) known.delete(known.keys().next().value as string);
    },
  };
}
