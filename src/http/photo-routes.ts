// Owns the API about photographs: make one ready and keep it, list one's own.
import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { z } from 'zod';
import { TouchstoneError } from '../core/errors.ts';
import { MAX_PHOTO_BYTES, MAX_PHOTO_PIXELS, PHOTO_TYPES, type PhotoSize, photoPath, widthsOf } from '../core/photo.ts';
import { once } from '../ledger/idempotency.ts';
import { keepPhoto, photosOf } from '../ledger/photos.ts';
import { chunksOf } from './json-body.ts';
import { type Context, type Route, route } from './route.ts';

const MIB = 1024 * 1024;

export interface TakenPhoto extends PhotoSize {
  readonly sha256: string;
  readonly mediaType: string;
  readonly bytes: number;
}

/** @throws TouchstoneError body-too-large, unsupported-media-type, invalid-file */
export async function takePhoto(
  { ledger, press }: Context,
  organisation: string,
  idempotencyKey: string,
  request: Request,
): Promise<TakenPhoto> {
  const sent = String(request.get('content-type')).split(';')[0]?.trim().toLowerCase() as string;
  const body = await wholeBody(request);
  const ask = ['photos', sent, createHash('sha256').update(body).digest('hex')];
  return once(
    ledger.db,
    organisation,
    idempotencyKey,
    ask,
    () => press.photo(sent, body),
    async (sql, made) => {
      const { mediaType, width, height, data } = made;
      return { sha256: await keepPhoto(sql, organisation, made), mediaType, width, height, bytes: data.length };
    },
  );
}

async function wholeBody(request: Request): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const tooLarge = () =>
    new TouchstoneError(
      'body-too-large',
      `A photograph may have ${MAX_PHOTO_BYTES / MIB} MiB at most. It was not kept.`,
    );
  if (Number(request.get('content-length') ?? 0) > MAX_PHOTO_BYTES) throw tooLarge();
  for await (const chunk of chunksOf(request)) {
    size += chunk.length;
    if (size > MAX_PHOTO_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** Where it stands, whole and smaller. */
export function urlsOf({ sha256, ...size }: PhotoSize & { sha256: string }) {
  return { url: photoPath(sha256), sizes: widthsOf(size).map((width) => ({ width, url: photoPath(sha256, width) })) };
}

const kept = z.object({
  sha256: z
    .string()
    .describe('For the record’s `images`, or a profile’s `logo`: of what is kept, not of what was sent'),
  mediaType: z.string(),
  width: z.number(),
  height: z.number(),
  bytes: z.number(),
  url: z.string(),
  sizes: z.array(z.object({ width: z.number(), url: z.string() })),
});

export const photoRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/api/v1/photos',
    summary: 'Keep a photograph that records name',
    description:
      'It is turned upright and written anew: place, time, camera and everything else beside the picture is left out. ' +
      'Answers with the SHA-256 of what is kept, to be put into the record’s `images`. Public to everybody who knows it. ' +
      `At most ${MAX_PHOTO_BYTES / MIB} MiB and ${MAX_PHOTO_PIXELS / 1_000_000} million pixels.`,
    tag: 'Photographs',
    scope: 'pieces:write',
    costly: true,
    rawBody: { types: PHOTO_TYPES, description: 'A JPEG, PNG or WebP file.' },
    success: { status: 201, description: 'Kept.', schema: kept },
    async handle({ request, caller, context, idempotencyKey }) {
      const taken = await takePhoto(context, caller.organisation, idempotencyKey, request);
      return { status: 201, body: { ...taken, ...urlsOf(taken) }, headers: { location: photoPath(taken.sha256) } };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/photos',
    summary: 'Your photographs, newest first',
    tag: 'Photographs',
    scope: 'read',
    query: z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
    success: { status: 200, description: 'By hash, with where they stand.' },
    async handle({ query, caller, context }) {
      const items = await photosOf(context.ledger.db, caller.organisation, query.limit);
      return { status: 200, body: { items: items.map((one) => ({ ...one, ...urlsOf(one) })) } };
    },
  }),
];
