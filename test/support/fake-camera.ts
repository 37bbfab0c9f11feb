// Owns what a browser's camera sees in a test: a QR code on a card, drawn frame by frame into a file that Chromium plays as
// its camera's picture. The code is drawn from its modules alone.
import { writeFileSync } from 'node:fs';
import { create } from 'qrcode';

const WIDTH = 640;
const HEIGHT = 480;
const FRAMES = 4;
const CARD = 230;
const INK = 40;
const TABLE = 120;
const NO_COLOUR = 128;

/** Writes a video (y4m) of a card with the code on it, held by a hand that is never quite still. */
export function filmOf(text: string, file: string): void {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const { size } = modules;
  const pixels = Math.floor(380 / (size + 8));
  const side = pixels * (size + 8);
  const frames: Buffer[] = [Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`)];
  for (let frame = 0; frame < FRAMES; frame++) {
    const left = Math.floor((WIDTH - side) / 2) + frame * 3;
    const top = Math.floor((HEIGHT - side) / 2) - frame * 2;
    const light = Buffer.alloc(WIDTH * HEIGHT, TABLE);
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const [column, row] = [Math.floor(x / pixels) - 4, Math.floor(y / pixels) - 4];
        const within = column >= 0 && row >= 0 && column < size && row < size;
        light[(top + y) * WIDTH + left + x] = within && modules.get(row, column) ? INK : CARD;
      }
    }
    frames.push(Buffer.from('FRAME\n'), light, Buffer.alloc((WIDTH * HEIGHT) / 2, NO_COLOUR));
  }
  writeFileSync(file, Buffer.concat(frames));
}
