// Owns the public addresses of photographs: whole, under the hash that records name, and in smaller sizes. Keeping them is
// photo-routes.ts's.
import { type RequestHandler, type Response, Router } from 'express';
import { TouchstoneError } from '../core/errors.ts';
import { PHOTO_WIDTHS } from '../core/photo.ts';
import { type KeptPhoto, readPhoto, readPhotoSize } from '../ledger/photos.ts';
import type { Context } from './route.ts';

/** What has this hash today has it for ever, and so have its sizes. */
const FOR_EVER = 'public, max-age=31536000, immutable';
/** Strangers' files on the host of passports: as a page of its own, a picture runs and loads nothing. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";
const EXTENSIONS: Readonly<Record<string, string>> = { 'image/jpeg': 'jpg', 'image/png': 'png', 'image/webp': 'webp' };
const HASH = /^0x[0-9a-f]{64}$/;

/** @param limit for the whole of one, which may have megabytes and is hashed each time */
export function photoPages(context: () => Context, limit: RequestHandler): Router {
  const router = Router();
  router.get('/photos/:sha256', limit, async (request, response) => {
    response.locals['route'] = '/photos/:sha256';
    const sha256 = String(request.params['sha256']);
    send(response, HASH.test(sha256) ? await readPhoto(context().ledger.db, sha256) : undefined, sha256, sha256);
  });
  router.get('/photos/:sha256/:width', async (request, response) => {
    response.locals['route'] = '/photos/:sha256/:width';
    const sha256 = String(request.params['sha256']);
    const width = PHOTO_WIDTHS.find((one) => String(one) === request.params['width']);
    const kept = HASH.test(sha256) && width ? await readPhotoSize(context().ledger.db, sha256, width) : undefined;
    send(response, kept, sha256, `${sha256}-${width}`);
  });
  return router;
}

function send(response: Response, kept: KeptPhoto | undefined, sha256: string, tag: string): void {
  if (!kept) throw new TouchstoneError('not-found', 'This photograph is not kept here, or not in this size.');
  response.set({
    'content-type': kept.mediaType,
    'content-security-policy': POLICY,
    'content-disposition': `inline; filename="${sha256.slice(2, 18)}.${EXTENSIONS[kept.mediaType]}"`,
    'cache-control': FOR_EVER,
    etag: `"${tag}"`,
  });
  response.send(kept.data);
}
