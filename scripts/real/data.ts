// Owns where real input is found: files of other people's making that are read, checked against and never copied here.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** A file of the real data set, or undefined where the set isn't there. */
export function realFile(name: string): string | undefined {
  const path = join(resolve(PROJECT, process.env['REAL_DATA'] ?? '../shared/data'), name);
  return existsSync(path) ? path : undefined;
}
