// Owns: the database cluster on disk and its passwords: made once, whole or not at all.
// Never enters: a running server. A password is never an argument, an environment variable or a log line.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';

export const SUPERUSER = 'postgres';
/** The service's own role: it owns its database and cannot read files or run programs as the superuser can. */
export const ROLE = 'touchstone';

export interface Secret {
  superuser: string;
  touchstone: string;
}

const UNFINISHED = 'postgres.unfinished-';

export function clusterFolder(dataDir: string): string {
  return join(dataDir, 'postgres');
}

/** Reads the passwords, or draws them before there is a cluster that could need them. */
export function loadSecret(dataDir: string): Secret {
  const file = join(dataDir, 'postgres.secret.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Secret;
  if (existsSync(clusterFolder(dataDir)))
    throw new Error(`${file} is missing: the database cannot be opened without it`);
  const draw = (): string => randomBytes(32).toString('base64url');
  const secret: Secret = { superuser: draw(), touchstone: draw() };
  writeDurably(file, JSON.stringify(secret));
  return secret;
}

/** initdb into an unfinished folder, then one rename: what is called `postgres` is complete. */
export function ensureCluster(dataDir: string, binaries: Binaries, account: Account, secret: Secret): void {
  // A crash in initdb left one of these, with a password file in it at worst.
  for (const name of readdirSync(dataDir)) {
    if (name.startsWith(UNFINISHED)) rmSync(join(dataDir, name), { recursive: true, force: true });
  }
  const cluster = clusterFolder(dataDir);
  if (existsSync(cluster)) {
    checkVersion(cluster, binaries, account);
    return;
  }
  const unfinished = join(dataDir, `${UNFINISHED}${process.pid}`);
  mkdirSync(unfinished, { mode: 0o700 });
  account.own(unfinished);
  const passwordFile = join(unfinished, 'password');
  writeFileSync(passwordFile, `${secret.superuser}\n`, { mode: 0o600 });
  account.own(passwordFile);
  run(account, binaries.initdb, [
    '--pgdata',
    join(unfinished, 'data'),
    '--username',
    SUPERUSER,
    '--pwfile',
    passwordFile,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Code point order, the same on every platform and after every upgrade of the system's libraries.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
  ]);
  rmSync(passwordFile);
  // initdb has synced its files. A crash before the rename leaves an unfinished folder; after it, a finished cluster.
  renameSync(join(unfinished, 'data'), cluster);
  syncFolder(dataDir);
  rmSync(unfinished, { recursive: true, force: true });
}

function checkVersion(cluster: string, binaries: Binaries, account: Account): void {
  const on = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  const ours = /(\d+)/.exec(run(account, binaries.postgres, ['--version']))?.[1];
  if (on !== ours)
    throw new Error(`${cluster} was made by PostgreSQL ${on}, this is ${ours}: dump it with the old version`);
}

function run(account: Account, program: string, args: readonly string[]): string {
  const call = account.command(program, args);
  const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' };
  const { status, stdout, stderr, error } = spawnSync(call.program, call.args, {
    ...call.options,
    cwd: '/',
    env: process.platform === 'win32' ? process.env : env,
    encoding: 'utf8',
  });
  if (status === 0) return String(stdout);
  throw new Error(`${program} failed: ${error?.message ?? String(stderr).trim().split('\n').slice(-3).join(' ')}`);
}

function writeDurably(file: string, text: string): void {
  const temporary = `${file}.new`;
  rmSync(temporary, { force: true });
  const handle = openSync(temporary, 'wx', 0o600);
  writeFileSync(handle, text);
  fsyncSync(handle);
  closeSync(handle);
  renameSync(temporary, file);
}

function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
