// Owns a disk that can be filled: a small file system of its own, mounted where a test wants it. Mounting needs rights
// that not every machine gives; then there is none, and it says why.
import { spawnSync } from 'node:child_process';
import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface TinyDisk {
  /** Takes all room that is left. */
  fill(): void;
  /** Gives it back. */
  free(): void;
  unmount(): void;
}

/** @returns why there is none, where mounting isn't permitted */
export function mountTinyDisk(folder: string, mebibytes: number): TinyDisk | string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (process.platform !== 'linux') return 'a small file system is mounted on Linux only';
  const options = `size=${mebibytes}m,mode=0700`;
  const { status, stderr, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], {
    encoding: 'utf8',
  });
  if (status !== 0) return (error?.message ?? stderr).trim() || 'mounting is not permitted';
  const ballast = join(folder, 'ballast');
  return {
    fill: () => fillUp(ballast),
    free: () => rmSync(ballast, { force: true }),
    unmount: () => void spawnSync('umount', ['--lazy', folder]),
  };
}

function fillUp(file: string): void {
  const handle = openSync(file, 'a', 0o600);
  try {
    // By halves, so that the last byte is taken as well.
    for (let size = 1024 * 1024; size > 0; ) {
      const wrote = tryWrite(handle, size);
      if (wrote < size) size = Math.floor(size / 2);
    }
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function tryWrite(handle: number, size: number): number {
  try {
    return writeSync(handle, Buffer.alloc(size));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return 0;
    throw error;
  }
}
