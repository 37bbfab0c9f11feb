// Owns the public address of a document that certificates name: its bytes as they were kept, under their hash, and in a
// browser nothing but a picture or a paper. Keeping documents is check-routes.ts's.
import { type RequestHandler, Router } from 'express';
import { TouchstoneError } from '../core/errors.ts';
import { readDocument } from '../ledger/documents.ts';
import type { Context } from './route.ts';

/** What has this hash today has it for ever. */
const FOR_EVER = 'public, max-age=31536000, immutable';

interface Shown {
  readonly extension: string;
  /** Strangers' files, on the same host as passports: nothing in them may run, load or send anything. */
  readonly policy: string;
}

/** Browsers draw a picture in a page of their own, which has a style. */
const PICTURE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";
/** No browser that shows PDF itself does so under `sandbox`: its viewer, which is one, counts as a plug-in. */
const PAPER = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'";
const SHOWN: Readonly<Record<string, Shown>> = {
  'application/pdf': { extension: 'pdf', policy: PAPER },
  'image/jpeg': { extension: 'jpg', policy: PICTURE },
  'image/png': { extension: 'png', policy: PICTURE },
};

export function documentPages(context: () => Context, limit: RequestHandler): Router {
  const router = Router();
  router.get('/documents/:sha256', limit, async (request, response) => {
    response.locals['route'] = '/documents/:sha256';
    const sha256 = String(request.params['sha256']);
    const kept = /^0x[0-9a-f]{64}$/.test(sha256) ? await readDocument(context().ledger.db, sha256) : undefined;
    const shown = kept && SHOWN[kept.mediaType];
    if (!kept || !shown) {
      throw new TouchstoneError(
        'not-found',
        'This document is not kept here. Whoever has it can check it by its hash.',
      );
    }
    response.set({
      'content-type': kept.mediaType,
      'content-security-policy': shown.policy,
      'content-disposition': `inline; filename="${sha256.slice(2, 18)}.${shown.extension}"`,
      'cache-control': FOR_EVER,
      etag: `"${sha256}"`,
    });
    response.send(kept.data);
  });
  return router;
}
