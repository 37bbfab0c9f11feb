// Owns the file that an import is measured with: the public diamonds where they are, else rows made alike from a seed.
import { closeSync, mkdtempSync, openSync, readFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realFile } from '../real/data.ts';

export const DIAMOND_ROWS = 53_940;
const HEADER = 'carat,cut,color,clarity,depth,table,price,x,y,z\n';
const CUTS = ['Fair', 'Good', 'Very Good', 'Premium', 'Ideal'];
const COLOURS = ['D', 'E', 'F', 'G', 'H', 'I', 'J'];
const CLARITIES = ['I1', 'SI2', 'SI1', 'VS2', 'VS1', 'VVS2', 'VVS1', 'IF'];
const SEED = 20_250_101;
const ROWS_A_WRITE = 5_000;

export interface DiamondFile {
  readonly path: string;
  readonly rows: number;
  /** It was made here and is to be removed by whoever asked for it. */
  readonly temporary: boolean;
}

/** The public file, or 53,940 generated rows. */
export function diamondFile(): DiamondFile {
  const path = realFile('diamonds/diamonds.csv');
  if (path === undefined) return generatedDiamonds(DIAMOND_ROWS);
  const rows = readFileSync(path, 'utf8').trimEnd().split('\n').length - 1;
  return { path, rows, temporary: false };
}

/** So many rows like the public ones, written as they are made. The same ones every time. */
export function generatedDiamonds(rows: number): DiamondFile {
  const path = join(mkdtempSync(join(tmpdir(), 'touchstone-diamonds-')), 'diamonds.csv');
  const file = openSync(path, 'w');
  const next = seeded(SEED);
  writeSync(file, HEADER);
  for (let done = 0; done < rows; done += ROWS_A_WRITE) {
    const count = Math.min(ROWS_A_WRITE, rows - done);
    writeSync(file, Array.from({ length: count }, () => diamond(next)).join(''));
  }
  closeSync(file);
  return { path, rows, temporary: true };
}

function diamond(next: () => number): string {
  const carat = 0.2 + 2.2 * next() ** 3;
  // A brilliant of one carat is about 6.4 mm wide and 62 % as high.
  const width = 6.4 * Math.cbrt(carat) * (0.98 + 0.04 * next());
  const length = width * (0.99 + 0.02 * next());
  const depth = 60 + 4 * next();
  const cells = [
    carat.toFixed(2),
    pick(CUTS, next),
    pick(COLOURS, next),
    pick(CLARITIES, next),
    depth.toFixed(1),
    (53 + 8 * next()).toFixed(0),
    Math.round(4000 * carat ** 1.7).toFixed(0),
    length.toFixed(2),
    width.toFixed(2),
    ((width * depth) / 100).toFixed(2),
  ];
  return `${cells.join(',')}\n`;
}

function pick(words: readonly string[], next: () => number): string {
  return words[Math.floor(next() * words.length)] as string;
}

/** mulberry32: numbers from 0 to 1 that are the same in every run. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
