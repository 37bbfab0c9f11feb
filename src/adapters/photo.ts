// Owns making a photograph ready to be kept: decoded within limits, turned the way it was held, written anew without
// anything but its pixels, and again in smaller sizes. Where it is kept never enters it.
import sharp, { type Sharp } from 'sharp';
import { TouchstoneError } from '../core/errors.ts';
import { isPhoto, MAX_PHOTO_PIXELS, type PhotoSize, widthsOf } from '../core/photo.ts';
import type { MadePhoto } from '../ports.ts';

// The service answers others meanwhile: one core for pictures, and nothing of them kept in memory.
sharp.concurrency(1);
sharp.cache(false);

/** Longer than any camera's at 50 megapixels; a header that promises more is not believed. */
const MAX_SIDE = 20_000;
const QUALITY = 88;
const SMALL_QUALITY = 80;
/** What a large photograph takes to be decoded is no reason to wait for ever. */
const WITHIN_SECONDS = 20;

let queue: Promise<unknown> = Promise.resolve();

/** One after the other: several large ones at once would not fit into memory. */
export function makePhoto(mediaType: string, bytes: Uint8Array): Promise<MadePhoto> {
  const made = queue.then(() => made1(mediaType, bytes));
  queue = made.catch(() => {});
  return made;
}

async function made1(mediaType: string, bytes: Uint8Array): Promise<MadePhoto> {
  if (!isPhoto(mediaType, Buffer.from(bytes.subarray(0, 12)).toString('hex'))) throw notWhatItSays();
  try {
    const seen = await open(bytes).metadata();
    if (seen.format !== mediaType.slice('image/'.length)) throw notWhatItSays();
    if ((seen.pages ?? 1) > 1) throw unfit('It moves; a photograph stands still.');
    if (seen.width > MAX_SIDE || seen.height > MAX_SIDE) throw unfit(`No side may have more than ${MAX_SIDE} pixels.`);
    const { data, info } = await encoded(mediaType, upright(bytes)).toBuffer({ resolveWithObject: true });
    const whole = { width: info.width, height: info.height };
    return { mediaType, data, ...whole, sizes: await smaller(data, whole) };
  } catch (error) {
    if (error instanceof TouchstoneError) throw error;
    throw unfit(reasonOf(error));
  }
}

function open(bytes: Uint8Array): Sharp {
  return sharp(bytes, { limitInputPixels: MAX_PHOTO_PIXELS, failOn: 'error', pages: 1 }).timeout({
    seconds: WITHIN_SECONDS,
  });
}

/** Unless it is told to, the library keeps nothing of what stands beside the pixels: place, time, camera, owner. */
function upright(bytes: Uint8Array): Sharp {
  return open(bytes).autoOrient().toColourspace('srgb');
}

function encoded(mediaType: string, image: Sharp): Sharp {
  if (mediaType === 'image/png') return image.png({ compressionLevel: 9 });
  return mediaType === 'image/webp' ? image.webp({ quality: QUALITY }) : image.jpeg({ quality: QUALITY });
}

async function smaller(data: Buffer, whole: PhotoSize): Promise<MadePhoto['sizes']> {
  const sizes: MadePhoto['sizes'][number][] = [];
  for (const width of widthsOf(whole)) {
    const image = open(data).resize({ width }).webp({ quality: SMALL_QUALITY });
    const { data: bytes, info } = await image.toBuffer({ resolveWithObject: true });
    sizes.push({ width, height: info.height, mediaType: 'image/webp', data: bytes });
  }
  return sizes;
}

/** As papers for print take it: JPEG, no wider than so many pixels, transparency on white. */
export async function photoForPrint(data: Uint8Array, mostWidth: number): Promise<Buffer> {
  return open(data)
    .resize({ width: mostWidth, height: mostWidth, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: QUALITY })
    .toBuffer();
}

function reasonOf(error: unknown): string {
  const said = error instanceof Error ? error.message : '';
  if (/pixel limit/.test(said)) return `It has more than ${MAX_PHOTO_PIXELS / 1_000_000} million pixels.`;
  if (/timeout/i.test(said)) return 'It took too long to read.';
  return 'It could not be read as a picture to its end.';
}

function unfit(reason: string): TouchstoneError {
  return new TouchstoneError('invalid-file', `This photograph was not kept. ${reason}`);
}

function notWhatItSays(): TouchstoneError {
  const message = 'The file is not of the type it says (image/jpeg, image/png, image/webp). It was not kept.';
  return new TouchstoneError('unsupported-media-type', message);
}
