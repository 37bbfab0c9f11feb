// Owns how much memory a process has held at most.
import { readFileSync } from 'node:fs';

/** High-water mark of the resident set of one process, in MiB; children don't count. Linux only. */
export function peakMiB(pid: number): number {
  const kibibytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kibibytes === undefined) throw new Error('this system does not tell how much memory a process has held at most');
  return Number(kibibytes) / 1024;
}
