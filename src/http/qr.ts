// Owns QR codes of pieces: the public address as a GS1 Digital Link or own code, drawn for print.
import { crc32, deflateSync } from 'node:zlib';
import QRCode from 'qrcode';
import { z } from 'zod';
import { codePath, type PieceCode } from '../core/code.ts';
import type { Matrix } from '../core/label-formats.ts';
import type { Answer } from './route.ts';

export const level = z
  .enum(['L', 'M', 'Q', 'H'])
  .default('M')
  .describe('Error correction. M fits a tag; Q or H where the print may wear.');
export type Level = z.output<typeof level>;
const margin = z.coerce
  .number()
  .int()
  .min(4)
  .max(16)
  .default(4)
  .describe('Quiet zone in modules; ISO/IEC 18004 asks for four.');

export const QR_SIZES = {
  svg: z.strictObject({ level, margin, mm: z.coerce.number().min(8).max(200).default(15).describe('Width in mm') }),
  png: z.strictObject({ level, margin, px: z.coerce.number().int().min(64).max(2048).default(600) }),
};

/** A printed code never changes with the record, only with the address it stands for. */
const FOR_A_DAY = { 'cache-control': 'public, max-age=86400' };

export async function qrSvg(publicUrl: string, code: PieceCode, size: z.output<typeof QR_SIZES.svg>): Promise<Answer> {
  const body = await svgOf(publicUrl + codePath(code), size);
  return { status: 200, body, headers: { 'content-type': 'image/svg+xml; charset=utf-8', ...FOR_A_DAY } };
}

/** The code of any text, as wide as it is to be printed, quiet zone included. */
export async function svgOf(text: string, { level, margin, mm }: z.output<typeof QR_SIZES.svg>): Promise<string> {
  const svg = await QRCode.toString(text, { type: 'svg', errorCorrectionLevel: level, margin });
  return svg.replace('<svg ', `<svg width="${mm}mm" height="${mm}mm" role="img" aria-label="QR code" `);
}

/** The code's modules, for whoever draws it elsewhere. */
export function matrixOf(text: string, errorCorrectionLevel: Level): Matrix {
  const { size, data } = QRCode.create(text, { errorCorrectionLevel }).modules;
  return { size, dark: (x, y) => data[y * size + x] === 1 };
}

export async function qrPng(
  publicUrl: string,
  code: PieceCode,
  { level, margin, px }: z.output<typeof QR_SIZES.png>,
): Promise<Answer> {
  const { size, data } = QRCode.create(publicUrl + codePath(code), { errorCorrectionLevel: level }).modules;
  const modules = size + 2 * margin;
  // Fewer pixels than modules would be no code any more.
  const width = px >= modules ? px : modules * SMALLEST_MODULE_PX;
  const dark = (x: number, y: number) => x >= 0 && y >= 0 && x < size && y < size && data[y * size + x] === 1;
  const moduleOf = (pixel: number) => Math.floor((pixel * modules) / width) - margin;
  const rows = new Map<number, Buffer>();
  for (let y = -margin; y < size + margin; y++)
    rows.set(
      y,
      bitRow(width, (x) => dark(moduleOf(x), y)),
    );
  const body = bilevelPng(Array.from({ length: width }, (_, y) => rows.get(moduleOf(y)) as Buffer));
  return { status: 200, body, headers: { 'content-type': 'image/png', ...FOR_A_DAY } };
}

const SMALLEST_MODULE_PX = 4;

/** A row of a PNG of one bit a pixel: its filter, none, then a set bit for every light pixel. */
function bitRow(width: number, dark: (x: number) => boolean): Buffer {
  const row = Buffer.alloc(1 + Math.ceil(width / 8));
  for (let x = 0; x < width; x++) {
    const at = 1 + (x >> 3);
    if (!dark(x)) row[at] = (row[at] as number) | (0x80 >> (x & 7));
  }
  return row;
}

/**
 * A square PNG. The library's own has 32 bits a pixel and took a fifth of a second at 2048 pixels, on the thread
 * everybody waits for; a stranger may ask for codes by the hundred.
 */
function bilevelPng(rows: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(rows.length, 0);
  header.writeUInt32BE(rows.length, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const data = deflateSync(Buffer.concat(rows));
  return Buffer.concat([PNG_SIGNATURE, pngChunk('IHDR', header), pngChunk('IDAT', data), pngChunk('IEND', NOTHING)]);
}

const NOTHING = Buffer.alloc(0);
const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

function pngChunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(4 + named.length + 4);
  frame.writeUInt32BE(data.length, 0);
  frame.set(named, 4);
  frame.writeUInt32BE(crc32(named), 4 + named.length);
  return frame;
}

/** The code for a terminal: two modules a character, black on white whatever the terminal's colours are. */
export async function qrText(url: string): Promise<string> {
  const { size, data } = QRCode.create(url, { errorCorrectionLevel: 'L' }).modules;
  const dark = (x: number, y: number) => x >= 0 && y >= 0 && x < size && y < size && data[y * size + x] === 1;
  let text = '';
  for (let y = -QUIET; y < size + QUIET; y += 2) {
    text += BLACK_ON_WHITE;
    for (let x = -QUIET; x < size + QUIET; x++) text += HALVES[Number(dark(x, y)) * 2 + Number(dark(x, y + 1))];
    text += `${RESET}\n`;
  }
  return text;
}

const QUIET = 4;
const HALVES = [' ', '▄', '▀', '█'];
const BLACK_ON_WHITE = '\u001b[47m\u001b[30m';
const RESET = '\u001b[0m';
