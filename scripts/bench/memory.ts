// Owns how much memory a process has held at most.
import { readFileSync } from 'node:fs';

/** High-water mark of the resident set of one process, in MiB; children don't count. Undefined but on Linux. */
export function peakMiB(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const kibibytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) / 1024;
}
