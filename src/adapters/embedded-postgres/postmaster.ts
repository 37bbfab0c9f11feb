// Owns: the running server: what its pid file says, starting it, knowing it again, asking it to end.
// Never enters: what is stored in it.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { isAlive, waitForDeath } from '../process-alive.ts';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { type Secret, SUPERUSER } from './cluster.ts';

/** Given at every start, so that a new version of the service brings its own settings to an old cluster. */
const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '50',
  shared_buffers: '128MB',
  fsync: 'on',
  synchronous_commit: 'on',
  // A bulk import should be stopped by the disk, not by checkpoints.
  max_wal_size: '1GB',
  wal_compression: 'on',
  checkpoint_completion_target: '0.9',
  random_page_cost: '1.1',
  jit: 'off',
  // Queries here read few rows: workers beside them would only take the core that others need.
  max_parallel_workers_per_gather: '0',
  TimeZone: 'UTC',
  log_timezone: 'UTC',
  // Rows hold what may not be public: a failing statement is logged without its row.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

const LOG_LIMIT = 10 * 1024 * 1024;
/** Fast shutdown disconnects everyone and writes a checkpoint, which can be a gigabyte on a slow disk. */
const FAST_MS = 60_000;
const IMMEDIATE_MS = 10_000;

export interface PidFile {
  pid: number;
  port: number;
}

/** What a server (alive or not) left about itself. */
export function readPidFile(cluster: string): PidFile | undefined {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    const [pid, port] = [Number(lines[0]), Number(lines[3])];
    return Number.isSafeInteger(pid) && pid > 0 ? { pid, port: Number.isSafeInteger(port) ? port : 0 } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * After a reboot the old pid may be another program's, and PostgreSQL would refuse to start beside it. Removing the
 * pid file of a live server would let two of them loose on one cluster, so this needs proof, not absence of proof.
 */
export function dropForeignPidFile(cluster: string, pid: number): boolean {
  if (!isForeign(cluster, pid)) return false;
  rmSync(join(cluster, 'postmaster.pid'), { force: true });
  return true;
}

function isForeign(cluster: string, pid: number): boolean {
  if (process.platform === 'win32') return false;
  if (process.platform !== 'linux') {
    const { status, stdout } = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return status === 0 && !stdout.includes('postgres');
  }
  try {
    if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres')) return true;
    // A server works in its own data folder before it writes the pid file.
    return realpathSync(`/proc/${pid}/cwd`) !== realpathSync(cluster);
  } catch {
    return false;
  }
}

export function spawnPostmaster(
  dataDir: string,
  cluster: string,
  port: number,
  binaries: Binaries,
  account: Account,
): ChildProcess {
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const call = account.command(binaries.postgres, ['-D', cluster, '-p', String(port), ...settings]);
  const log = openLog(join(dataDir, 'postgres.log'), account);
  const child = spawn(call.program, call.args, {
    ...call.options,
    cwd: '/',
    env: process.platform === 'win32' ? process.env : { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' },
    // Its own group, no pipe to us: neither Ctrl-C nor our death ends it in the middle of its work.
    detached: true,
    stdio: ['ignore', log, log],
    windowsHide: true,
  });
  closeSync(log);
  child.unref();
  return child;
}

function openLog(file: string, account: Account): number {
  try {
    if (statSync(file).size > LOG_LIMIT) renameSync(file, `${file}.old`);
  } catch {
    // There is none yet.
  }
  const handle = openSync(file, 'a', 0o600);
  // A later start may run as that account itself, without root.
  account.own(file);
  return handle;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

export type Answering = 'ready' | 'not yet' | 'someone else' | 'wrong password';

const WRONG_PASSWORD = '28P01';

/** Is this port our server on our data? Then runs `work` on a superuser's connection. */
export async function ask(
  cluster: string,
  port: number,
  secret: Secret,
  work: (client: pg.Client) => Promise<void>,
): Promise<Answering> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: SUPERUSER,
    password: secret.superuser,
    database: 'postgres',
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    // Refused, dropped, starting, ending: all of them pass, and the caller watches the process itself.
    return (error as { code?: string }).code === WRONG_PASSWORD ? 'wrong password' : 'not yet';
  }
  try {
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    if (rows[0] === undefined || realpathSync(rows[0].data_directory) !== realpathSync(cluster)) return 'someone else';
    await work(client);
    return 'ready';
  } finally {
    await client.end();
  }
}

export async function endPostmaster(pid: number, binaries: Binaries): Promise<void> {
  signal(pid, 'INT', binaries);
  if (await waitForDeath(pid, FAST_MS)) return;
  // The next start recovers from the log; nothing committed is lost.
  signal(pid, 'QUIT', binaries);
  if (!(await waitForDeath(pid, IMMEDIATE_MS))) throw new Error(`PostgreSQL (process ${pid}) does not end`);
}

function signal(pid: number, name: 'INT' | 'QUIT', binaries: Binaries): void {
  if (!isAlive(pid)) return;
  // Windows has no signals; PostgreSQL brings its own.
  if (process.platform === 'win32') spawnSync(binaries.pgCtl, ['kill', name, String(pid)]);
  else process.kill(pid, `SIG${name}`);
}
