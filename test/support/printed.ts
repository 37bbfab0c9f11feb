// Owns looking at a PDF as a printer and a reader would: its pages as pixels, their text; and at a picture as two decoders
// of codes would that have nothing in common. Nothing of what makes them is used.
import { inflateSync } from 'node:zlib';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import jsQrModule from 'jsqr';
import sharp from 'sharp';
import { readCodes } from './qr-reader.ts';

// Its types describe a module of another kind than it comes as.
const jsQr = jsQrModule as unknown as typeof jsQrModule.default;

/** Of a PDF page: red, green, blue, alpha. */
export interface Pixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

let library: Promise<PDFiumLibrary> | undefined;

export interface Printed {
  readonly pages: readonly string[];
  /** A page at so many dots an inch. */
  pixels(page: number, dpi: number): Promise<Pixels>;
}

export async function printed(pdf: Uint8Array): Promise<Printed> {
  library ??= PDFiumLibrary.init();
  const document = await (await library).loadDocument(pdf);
  const pages = [...document.pages()].map((page) => page.getText());
  return {
    pages,
    async pixels(number, dpi) {
      const page = document.getPage(number);
      let shown: Pixels | undefined;
      await page.render({
        scale: dpi / 72,
        render: async ({ data, width, height }) => {
          // The library's own buffer is used again for the next page.
          shown = { data: new Uint8ClampedArray(data), width, height };
          return data;
        },
      });
      return shown as Pixels;
    },
  };
}

/** Every code that each of the two decoders finds, each once, in no order. The second one finds one at a time. */
export async function decodedBy(
  pixels: Pixels,
  parts: readonly Part[] = [whole(pixels)],
): Promise<[string[], string[]]> {
  const first = new Set<string>();
  const second = new Set<string>();
  for (const text of await readCodes(pixels)) first.add(text);
  for (const part of parts) {
    const { data, width, height } = cut(pixels, part);
    const found = jsQr(data, width, height)?.data;
    if (found !== undefined) second.add(found);
  }
  return [[...first].sort(), [...second].sort()];
}

export interface Part {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const whole = ({ width, height }: Pixels): Part => ({ left: 0, top: 0, width, height });

export function cut({ data, width }: Pixels, part: Part): Pixels {
  const out = new Uint8ClampedArray(4 * part.width * part.height);
  for (let y = 0; y < part.height; y++) {
    const from = 4 * ((part.top + y) * width + part.left);
    out.set(data.subarray(from, from + 4 * part.width), 4 * y * part.width);
  }
  return { data: out, width: part.width, height: part.height };
}

/** As a telephone takes it: turned, seen from the side, out of focus, in poor light, with noise, as a JPEG. */
export async function photographed(pixels: Pixels, { turn, shear, blur, seed }: Snapshot): Promise<Pixels> {
  const { data, width, height } = pixels;
  const raw = { raw: { width, height, channels: 4 as const } };
  const seen = await sharp(data, raw)
    .flatten({ background: '#fff' })
    .affine([1, shear, shear / 2, 0.92], { background: '#d8d2c6', interpolator: 'bicubic' })
    .rotate(turn, { background: '#d8d2c6' })
    .linear(0.72, 24)
    .blur(blur)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const draw = random(seed);
  for (let i = 0; i < seen.data.length; i++) {
    seen.data[i] = Math.max(0, Math.min(255, (seen.data[i] as number) + Math.round((draw() - 0.5) * 36)));
  }
  const { width: w, height: h } = seen.info;
  const jpeg = await sharp(seen.data, { raw: { width: w, height: h, channels: 3 } })
    .jpeg({ quality: 55 })
    .toBuffer();
  const back = await sharp(jpeg).ensureAlpha().raw().toBuffer();
  return { data: new Uint8ClampedArray(back), width: w, height: h };
}

export interface Snapshot {
  readonly turn: number;
  readonly shear: number;
  readonly blur: number;
  readonly seed: number;
}

function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What a PDF says to be read in place of the signs drawn (ActualText), line by line. */
export function readInPlace(pdf: Buffer): string {
  const texts: string[] = [];
  const file = pdf.toString('latin1');
  for (const { 0: opening, index } of file.matchAll(/\/Filter \/FlateDecode\s*>>\s*stream\r?\n/g)) {
    const from = index + opening.length;
    const content = inflateSync(pdf.subarray(from, file.indexOf('endstream', from))).toString('latin1');
    for (const [, said = ''] of content.matchAll(/\/ActualText \(((?:\\[\s\S]|[^\\)])*)\)/g)) {
      const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
      const plain = said.replace(/\\([\s\S])/g, (_, one: string) => escapes[one] ?? one);
      texts.push(new TextDecoder('utf-16be').decode(Buffer.from(plain, 'latin1')));
    }
  }
  return texts.join('\n');
}

/**
 * Words in the order they stand on paper or the other way round: what is written from right to left is given
 * back as it stands, without the marks above and beneath.
 */
export function holdsWords(text: string, wanted: string): boolean {
  const plain = (words: string) => words.normalize('NFKD').replace(/[\s\p{M}\u200e\u200f]+/gu, '');
  const [page, words] = [plain(text), plain(wanted)];
  return page.includes(words) || page.includes([...words].reverse().join(''));
}
