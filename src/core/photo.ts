// Owns what may be a photograph here, before and after it is made ready: types, limits, sizes. Decoding one is an
// adapter's business, keeping one the ledger's.

/** What browsers show and cameras write, by how such files begin; WebP says its name eight bytes on. */
const BEGINNINGS: Readonly<Record<string, RegExp>> = {
  'image/jpeg': /^ffd8ff/,
  'image/png': /^89504e470d0a1a0a/,
  'image/webp': /^52494646.{8}57454250/,
};
export const PHOTO_TYPES: readonly string[] = Object.keys(BEGINNINGS);

/** As a camera writes it at its best; what is larger was not made to be looked at on a page. */
export const MAX_PHOTO_BYTES = 20 * 1024 * 1024;
/** 50 megapixels, some 150 MiB once decoded: a file of a few kilobytes may claim a thousand times that. */
export const MAX_PHOTO_PIXELS = 50_000_000;
/** Widths that are kept ready: a phone's column, and twice a desk's. */
export const PHOTO_WIDTHS = [480, 1200] as const;

/** @param begin its first bytes as hexadecimal digits, twelve bytes of them if it has as many */
export function isPhoto(mediaType: string, begin: string): boolean {
  return Object.hasOwn(BEGINNINGS, mediaType) && (BEGINNINGS[mediaType] as RegExp).test(begin);
}

/** What a page needs to know of a photograph to leave the right room for it. */
export interface PhotoSize {
  readonly width: number;
  readonly height: number;
}

/** The widths that a photograph is also kept in: those it is wider than. */
export function widthsOf({ width }: PhotoSize): number[] {
  return PHOTO_WIDTHS.filter((smaller) => smaller < width);
}

export function photoPath(sha256: string, width?: number): string {
  return width === undefined ? `/photos/${sha256}` : `/photos/${sha256}/${width}`;
}
