// Owns: "only one process may use this folder", as a lock the kernel itself gives back when its holder dies.
// Never enters: what is being protected, and any rule about stale locks. There are none: a killed holder leaves
// an unlocked file behind, on every platform SQLite runs on.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another process holds the lock. `pid` is its own statement, unknown when it died between two lines of ours. */
export class LockHeld extends Error {
  readonly file: string;
  readonly pid: number | undefined;
  constructor(file: string, pid: number | undefined) {
    super(`${file} is held by ${pid === undefined ? 'another process' : `process ${pid}`}`);
    this.name = 'LockHeld';
    this.file = file;
    this.pid = pid;
  }
}

export interface Lock {
  release(): void;
}

/** `waitMs` blocks this thread, so it belongs at start, before anything is served. */
export function acquireLock(file: string, { waitMs = 0 }: { waitMs?: number } = {}): Lock {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const pidFile = `${file}.pid`;
  const db = new DatabaseSync(file, { timeout: waitMs });
  try {
    // No table is ever written: the open exclusive transaction is the lock, and a rollback journal kept in memory
    // means a kill leaves no second file next to it.
    db.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (isBusy(error)) throw new LockHeld(file, readPid(pidFile));
    throw error;
  }
  // A crash here leaves the previous holder's pid in a file nobody locks: it is read only when the lock is refused.
  writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  let held = true;
  return {
    release() {
      if (!held) return;
      held = false;
      // Before the unlock, or we would remove the next holder's pid.
      rmSync(pidFile, { force: true });
      db.close();
    },
  };
}

const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;

function isBusy(error: unknown): boolean {
  const code = (error as { errcode?: number }).errcode;
  return code !== undefined && [SQLITE_BUSY, SQLITE_LOCKED].includes(code & 0xff);
}

function readPid(pidFile: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
    return Number.isSafeInteger(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}
