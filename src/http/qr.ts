// Owns QR codes of pieces: the public address as a GS1 Digital Link or own code, drawn for print.
import QRCode from 'qrcode';
import { z } from 'zod';
import { codePath, type PieceCode } from '../core/code.ts';
import type { Answer } from './route.ts';

const level = z
  .enum(['L', 'M', 'Q', 'H'])
  .default('M')
  .describe('Error correction. M fits a tag; Q or H where the print may wear.');
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

export async function qrSvg(
  publicUrl: string,
  code: PieceCode,
  { level, margin, mm }: z.output<typeof QR_SIZES.svg>,
): Promise<Answer> {
  const svg = await QRCode.toString(publicUrl + codePath(code), { type: 'svg', errorCorrectionLevel: level, margin });
  const sized = svg.replace('<svg ', `<svg width="${mm}mm" height="${mm}mm" role="img" aria-label="QR code" `);
  return { status: 200, body: sized, headers: { 'content-type': 'image/svg+xml; charset=utf-8', ...FOR_A_DAY } };
}

export async function qrPng(
  publicUrl: string,
  code: PieceCode,
  { level, margin, px }: z.output<typeof QR_SIZES.png>,
): Promise<Answer> {
  const options = { type: 'png' as const, errorCorrectionLevel: level, margin, width: px };
  const body = await QRCode.toBuffer(publicUrl + codePath(code), options);
  return { status: 200, body, headers: { 'content-type': 'image/png', ...FOR_A_DAY } };
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
