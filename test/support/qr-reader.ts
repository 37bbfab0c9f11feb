// Owns reading QR codes as a phone would: from a PNG's bytes, from an SVG's path, from characters in a terminal. Nothing
// of what draws them is used.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

const SCALE = 8;

let prepared = false;
function prepare(): void {
  if (prepared) return;
  prepared = true;
  const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
  const wasmBinary = wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.length) as ArrayBuffer;
  prepareZXingModule({ overrides: { wasmBinary } });
}

export async function readPng(bytes: Uint8Array): Promise<string | undefined> {
  prepare();
  return (await readBarcodes(bytes))[0]?.text;
}

/** Every code in a picture; of whatever kind, nothing is told twice. */
export async function readCodes(pixels: { data: Uint8ClampedArray; width: number; height: number }): Promise<string[]> {
  prepare();
  const found = await readBarcodes({ ...pixels, colorSpace: 'srgb' } as ImageData, {
    formats: ['QRCode'],
    maxNumberOfSymbols: 255,
  });
  return found.map(({ text }) => text);
}

/** @param dark whether the module at a column and row is, of so many each way */
async function readModules(size: number, dark: (x: number, y: number) => boolean): Promise<string | undefined> {
  prepare();
  const width = size * SCALE;
  const data = new Uint8ClampedArray(4 * width * width).fill(255);
  for (let y = 0; y < width; y++) {
    for (let x = 0; x < width; x++) {
      if (dark(Math.floor(x / SCALE), Math.floor(y / SCALE)))
        data.fill(0, 4 * (y * width + x), 4 * (y * width + x) + 3);
    }
  }
  return (await readBarcodes({ data, width, height: width, colorSpace: 'srgb' } as ImageData))[0]?.text;
}

/** Horizontal strokes one module high, on the half: `M4 4.5h7m1 0h2`. */
export function readSvg(svg: string): Promise<string | undefined> {
  const size = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1]);
  const path = /<path stroke="#000000" d="([^"]+)"/.exec(svg)?.[1] ?? '';
  const dark = new Set<string>();
  let [x, y] = [0, 0];
  for (const [, command, a = '0', b = '0'] of path.matchAll(/([Mmh])(-?[\d.]+)(?:[ ,]?(-?[\d.]+))?/g)) {
    if (command === 'M') [x, y] = [Number(a), Number(b)];
    else if (command === 'm') [x, y] = [x + Number(a), y + Number(b)];
    else {
      for (let i = 0; i < Number(a); i++) dark.add(`${x + i},${Math.floor(y)}`);
      x += Number(a);
    }
  }
  return readModules(size, (column, row) => dark.has(`${column},${row}`));
}

/** Characters of two modules each, one above the other, black on white. */
export function readTerminal(text: string): Promise<string | undefined> {
  const rows = text
    .split('\n')
    .map((row) => row.replace('\u001b[47m\u001b[30m', '').replace('\u001b[0m', ''))
    .filter((row) => row !== '');
  const size = Math.max(2 * rows.length, ...rows.map((row) => row.length));
  const halves: Record<string, string> = { '█': '11', '▀': '10', '▄': '01', ' ': '00' };
  return readModules(size, (x, y) => halves[rows[Math.floor(y / 2)]?.[x] ?? ' ']?.[y % 2] === '1');
}
