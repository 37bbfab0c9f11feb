// Owns how often one address or key may call. Counted in this process: a replica's share, not the whole service's.
import type { RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { TouchstoneError } from '../core/errors.ts';

const WINDOW_MS = 10_000;
/** A shop checking a tray of codes stays far below; a scraper doesn't. */
const READS_PER_WINDOW = 1_000;
const WRITES_PER_WINDOW = 2_000;

export function rateLimits(): RequestHandler[] {
  return [
    limit('read', READS_PER_WINDOW, (method) => method === 'GET' || method === 'HEAD'),
    limit('write', WRITES_PER_WINDOW, (method) => method !== 'GET' && method !== 'HEAD'),
  ];
}

function limit(kind: string, count: number, applies: (method: string) => boolean): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: count,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    identifier: kind,
    skip: (request) => !applies(request.method),
    // A key that sends rightly is counted by itself, so that a workshop isn't slowed by its neighbours behind one address.
    keyGenerator: (request) =>
      /^Bearer (ts_[0-9a-f]{12})_/.exec(request.get('authorization') ?? '')?.[1] ?? ipKeyGenerator(request.ip ?? ''),
    handler: (_request, _response, next) => {
      const message = 'Too many requests in a short time. Wait some seconds and go on more slowly.';
      next(new TouchstoneError('rate-limited', message, { retry: { afterSeconds: WINDOW_MS / 1000 } }));
    },
  });
}
