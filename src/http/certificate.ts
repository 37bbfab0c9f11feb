// Owns the certificate of authenticity of a piece: the passport's words, its first photograph and its code, put together
// and printed. What it says is the web layer's.
import { createHash } from 'node:crypto';
import { TouchstoneError } from '../core/errors.ts';
import type { Passport } from '../core/passport.ts';
import type { PrintedSheet } from '../core/printed-sheet.ts';
import { readPhoto, readPhotoSize } from '../ledger/photos.ts';
import { certificateWords } from '../web/certificate-sheet.ts';
import type { Words } from '../web/language.ts';
import { Bounded } from './bounded.ts';
import { keptPapers } from './kept-papers.ts';
import { namesOf } from './names.ts';
import { matrixOf } from './qr.ts';
import type { Context } from './route.ts';

/** Twice what 90 mm of paper show at 150 dpi. */
const PRINT_WIDTH = 1_060;

/** Made by the one thread everybody waits for: of many at once, those beyond these come back in a moment. */
const MOST_UNDER_WAY = 8;
/** A piece that is shown around is printed in the same words again and again. */
const MOST_KEPT_BYTES = 4 * 1024 * 1024;
const made = new Bounded<Buffer>(MOST_KEPT_BYTES);
let underWay = 0;

async function printed({ press }: Pick<Context, 'press'>, sheet: PrintedSheet): Promise<Buffer> {
  const { photo, ...said } = sheet;
  const name = createHash('sha256')
    .update(JSON.stringify(said))
    .update(photo?.data ?? '')
    .digest('base64');
  const known = made.get(name);
  if (known) return known;
  if (underWay >= MOST_UNDER_WAY) {
    const retry = { afterSeconds: 2 };
    throw new TouchstoneError('overloaded', 'Many papers are being made just now. Try again.', { retry });
  }
  underWay += 1;
  try {
    const bytes = await press.sheet(sheet);
    made.put(name, bytes, bytes.length);
    return bytes;
  } finally {
    underWay -= 1;
  }
}

export async function certificateOf(
  { ledger, publicUrl, press }: Context,
  passport: Passport,
  words: Words,
): Promise<Buffer> {
  const names = await namesOf(ledger);
  const { caption, ...said } = certificateWords(passport, {
    publicUrl,
    embedded: ledger.chain.embedded,
    displayName: (handle) => names.get(handle),
    words,
    ...(await keptPapers(ledger, passport)),
  });
  const address = publicUrl + passport.path;
  const photo = await photoOf({ ledger, press }, passport);
  return printed(
    { press },
    { ...said, code: { matrix: matrixOf(address, 'M'), caption, address }, ...(photo && { photo }) },
  );
}

async function photoOf({ ledger, press }: Pick<Context, 'ledger' | 'press'>, { record }: Passport) {
  for (const { sha256, alt } of record.images ?? []) {
    const kept = (await readPhotoSize(ledger.db, sha256, 1200)) ?? (await readPhoto(ledger.db, sha256));
    if (kept) return { data: await press.photoForPrint(kept.data, PRINT_WIDTH), alt };
  }
  return undefined;
}

/** The name it is saved under: what stands in the code. */
export function certificateName({ path }: Passport): string {
  return `certificate${path.replace(/[^A-Za-z0-9]+/g, '-')}.pdf`;
}
