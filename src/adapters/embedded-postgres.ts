// Owns: a real PostgreSQL for a service that was given none: made, started, recognised after a crash, ended.
// Never enters: tables and queries; the service connects to the URL as to any other server.
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, realpathSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { type Account, chooseAccount } from './embedded-postgres/account.ts';
import { type Binaries, locateBinaries } from './embedded-postgres/binaries.ts';
import { clusterFolder, ensureCluster, loadSecret, ROLE, type Secret } from './embedded-postgres/cluster.ts';
import * as postmaster from './embedded-postgres/postmaster.ts';
import { isAlive } from './process-alive.ts';

export interface EmbeddedPostgres {
  /** With the password in it: not for the log. */
  url: string;
  pid: number;
  /** True when a server from before our start was found alive on our data. */
  adopted: boolean;
  /** Fast shutdown; resolves when the server is gone. */
  stop(): Promise<void>;
  /** Called once if the server ends without stop(). */
  onDeath(callback: () => void): void;
}

export interface EmbeddedPostgresOptions {
  dataDir: string;
  log(line: string): void;
}

/** Survivors of a killed server hold its memory for a moment; until they are gone a new one refuses to start. */
const RETRY_MS = 15_000;
/** A server that runs but does not answer yet may be recovering from its log. */
const RECOVERY_MS = 300_000;
const POLL_MS = 50;
const DEATH_POLL_MS = 500;

interface Setting {
  dataDir: string;
  cluster: string;
  binaries: Binaries;
  account: Account;
  secret: Secret;
  log(line: string): void;
}

interface Running {
  pid: number;
  port: number;
  adopted: boolean;
}

export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const setting = prepare(options.dataDir, options.log);
  const { pid, port, adopted } = await adoptOrStart(setting);
  const { binaries, secret } = setting;
  let stopping = false;
  return {
    url: `postgres://${ROLE}:${secret.touchstone}@127.0.0.1:${port}/${ROLE}`,
    pid,
    adopted,
    async stop() {
      stopping = true;
      await postmaster.endPostmaster(pid, binaries);
    },
    onDeath(callback) {
      // Polled even when it is our child: one way to hear of it, the same after a restart of ours.
      const timer = setInterval(() => {
        if (!stopping && isAlive(pid)) return;
        clearInterval(timer);
        if (!stopping) callback();
      }, DEATH_POLL_MS);
      timer.unref();
    },
  };
}

function prepare(folder: string, log: (line: string) => void): Setting {
  const binaries = locateBinaries();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const dataDir = realpathSync(folder);
  const cluster = clusterFolder(dataDir);
  const account = chooseAccount({ dataDir, cluster, postgres: binaries.postgres });
  const secret = loadSecret(dataDir);
  ensureCluster(dataDir, binaries, account, secret);
  return { dataDir, cluster, binaries, account, secret, log };
}

async function adoptOrStart(setting: Setting): Promise<Running> {
  const deadline = Date.now() + RETRY_MS;
  for (;;) {
    const left = postmaster.readPidFile(setting.cluster);
    if (left !== undefined && isAlive(left.pid) && !postmaster.dropForeignPidFile(setting.cluster, left.pid)) {
      const port = await untilReady(setting, left.pid);
      if (port !== undefined) return { pid: left.pid, port, adopted: true };
    }
    const started = await start(setting);
    if (started !== undefined) return started;
    // Typical: a taken port, survivors of a killed server, or a second start that was quicker than this one.
    if (Date.now() > deadline) throw new Error(`PostgreSQL does not start: see ${setting.dataDir}/postgres.log`);
    await delay(POLL_MS * 5);
  }
}

async function start(setting: Setting): Promise<Running | undefined> {
  const port = await postmaster.freePort();
  const { dataDir, cluster, binaries, account } = setting;
  // A crash of ours after this line leaves a server without us: the next start finds its pid file and adopts it.
  const child = postmaster.spawnPostmaster(dataDir, cluster, port, binaries, account);
  const spawnFailed = await failure(child);
  if (spawnFailed !== undefined) throw new Error(`PostgreSQL cannot be started: ${spawnFailed.message}`);
  const ready = await untilReady(setting, child.pid!, port);
  return ready === undefined ? undefined : { pid: child.pid!, port: ready, adopted: false };
}

function failure(child: ChildProcess): Promise<Error | undefined> {
  return new Promise((settle) => {
    child.once('spawn', () => settle(undefined));
    child.once('error', settle);
  });
}

/** The port on which this process answers as our database; undefined when it ends first or is something else. */
async function untilReady(setting: Setting, pid: number, known?: number): Promise<number | undefined> {
  const { cluster, secret, log } = setting;
  const deadline = Date.now() + RECOVERY_MS;
  let said = Date.now();
  while (isAlive(pid)) {
    const file = postmaster.readPidFile(cluster);
    // The pid file of another server: ours is about to notice and end.
    const port = file?.pid === pid ? file.port : (known ?? 0);
    const answer =
      port === 0 ? 'not yet' : await postmaster.ask(cluster, port, secret, (client) => provide(client, secret));
    if (answer === 'ready') return port;
    if (answer === 'someone else') return undefined;
    if (answer === 'wrong password') {
      throw new Error(`the password in ${setting.dataDir}/postgres.secret.json is not this database's`);
    }
    if (Date.now() > deadline) throw new Error(`PostgreSQL (process ${pid}) runs but does not answer`);
    if (Date.now() - said > 5_000) {
      said = Date.now();
      log('PostgreSQL is starting: it may be recovering what was written before it was stopped');
    }
    await delay(POLL_MS);
  }
  return undefined;
}

/** The service's role and database. A crash between any two of these is finished by the next start. */
async function provide(client: pg.Client, secret: Secret): Promise<void> {
  const role = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [ROLE]);
  if (role.rowCount === 0) await client.query(`CREATE ROLE ${ROLE} LOGIN CREATEDB PASSWORD '${secret.touchstone}'`);
  const database = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [ROLE]);
  if (database.rowCount === 0) await client.query(`CREATE DATABASE ${ROLE} OWNER ${ROLE}`);
}
