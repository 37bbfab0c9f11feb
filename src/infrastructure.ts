// Owns the two processes beside the service, or their stand-ins in production: which database and which chain this
// service works on. Embedded ones are started, watched and started again when they die; foreign ones are only called.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type EmbeddedNode, startEmbeddedNode } from './adapters/embedded-node.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './adapters/embedded-postgres.ts';
import { addressOfKey, secretFile } from './adapters/keys.ts';
import { acquireLock, LockHeld } from './adapters/lock.ts';
import type { Config } from './config.ts';
import { TouchstoneError } from './core/errors.ts';
import type { Log } from './ports.ts';

export interface Infrastructure {
  readonly embeddedNode: boolean;
  readonly embeddedDatabase: boolean;
  databaseUrl(): string;
  rpcUrl(): string;
  /** Called after an embedded process was started again; it may have another URL. */
  onRestart(callback: () => void): void;
  stop(): Promise<void>;
}

const RESTART_AFTER_MS = 200;
const RESTART_AFTER_FAILURE_MS = 3_000;

/** @throws TouchstoneError data-dir-locked if another process works on the folder */
export function lockDataDir(dataDir: string): { release(): void } {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  try {
    return acquireLock(join(dataDir, 'service.lock'));
  } catch (error) {
    if (!(error instanceof LockHeld)) throw error;
    const who = error.pid === undefined ? 'Another process' : `Process ${error.pid}`;
    throw new TouchstoneError(
      'data-dir-locked',
      `${who} is working on ${dataDir}. Stop it, or choose another DATA_DIR.`,
    );
  }
}

/** The caller holds the folder's lock. @param say tells a person what takes its time */
export async function startInfrastructure(
  config: Config,
  log: Log,
  say: (text: string) => void,
): Promise<Infrastructure> {
  const started = await Promise.allSettled([database(config, log, say), node(config, log, say)]);
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) {
    for (const result of started) if (result.status === 'fulfilled') await result.value?.stop();
    throw failed.reason;
  }
  const [postgres, evm] = started.map((result) => (result as PromiseFulfilledResult<Kept | undefined>).value);
  return {
    embeddedNode: evm !== undefined,
    embeddedDatabase: postgres !== undefined,
    databaseUrl: () => postgres?.url() ?? (config.databaseUrl as string),
    rpcUrl: () => evm?.url() ?? (config.rpcUrl as string),
    onRestart(callback) {
      postgres?.onRestart(callback);
      evm?.onRestart(callback);
    },
    async stop() {
      // The node first: its last block is on disk before the database that would be told of it goes.
      await evm?.stop();
      await postgres?.stop();
    },
  };
}

interface Kept {
  url(): string;
  onRestart(callback: () => void): void;
  stop(): Promise<void>;
}

interface Startable {
  readonly url: string;
  stop(): Promise<void>;
  onDeath(callback: () => void): void;
}

async function database(config: Config, log: Log, say: (text: string) => void): Promise<Kept | undefined> {
  if (config.databaseUrl !== undefined) return undefined;
  const start = (): Promise<EmbeddedPostgres> =>
    startEmbeddedPostgres({ dataDir: config.dataDir, log: (line) => log.info({ part: 'database' }, line) });
  say('starting the database');
  return kept('database', start, log);
}

async function node(config: Config, log: Log, say: (text: string) => void): Promise<Kept | undefined> {
  if (config.rpcUrl !== undefined) return undefined;
  const funded = [config.relayerKeyFile, config.registrarKeyFile].map((file) => addressOfKey(secretFile(file)));
  const start = (): Promise<EmbeddedNode> =>
    startEmbeddedNode({
      dataDir: config.dataDir,
      port: config.nodePort,
      funded,
      log: (line) => log.info({ part: 'node' }, line),
      onProgress: (done, total) => say(`replaying the chain: block ${done} of ${total}`),
    });
  say('starting the chain node');
  return kept('node', start, log);
}

/** Starts a process and keeps it: when it dies without being asked to, it is started again until that works. */
async function kept(part: string, start: () => Promise<Startable>, log: Log): Promise<Kept> {
  let stopping = false;
  let restarting: Promise<void> = Promise.resolve();
  let restarted = () => {};
  let current = await start();
  const watch = () => {
    current.onDeath(() => {
      if (stopping) return;
      log.warn({ part }, 'died; starting it again');
      restarting = again();
    });
  };
  const again = async (): Promise<void> => {
    for (let wait = RESTART_AFTER_MS; !stopping; wait = RESTART_AFTER_FAILURE_MS) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      if (stopping) return;
      try {
        current = await start();
      } catch (error) {
        log.error({ part, reason: (error as Error).message }, 'could not be started again');
        continue;
      }
      watch();
      try {
        restarted();
      } catch (error) {
        // Typical: a full disk. What runs, runs; only others don't learn its new address.
        log.error({ part, reason: (error as Error).message }, 'started again, but where it is now could not be kept');
      }
      return;
    }
  };
  watch();
  return {
    url: () => current.url,
    onRestart(callback) {
      restarted = callback;
    },
    async stop() {
      stopping = true;
      await restarting;
      await current.stop();
    },
  };
}
