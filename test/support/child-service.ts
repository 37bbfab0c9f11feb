// Owns the command line as a user meets it: a process with an environment, what it wrote and how it ended; and a service
// started that way, which a test may kill.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clusterFolder } from '../../src/adapters/embedded-postgres/cluster.ts';
import { createOrganisation } from '../../src/admission.ts';
import { besideService } from '../../src/service-commands.ts';
import { type Admitted, clientOf, testConfig } from './ledger.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly ended: Promise<Ended>;
}

export function spawnCli(args: readonly string[], env: NodeJS.ProcessEnv, input = ''): Running {
  const quiet = { PORT: '0', NODE_PORT: '0', RATE_LIMITS: 'off', LOG_LEVEL: 'silent' };
  const { PATH, HOME, NODE_COMPILE_CACHE: CACHE } = process.env;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CLI, ...args], {
    env: { PATH, HOME, ...(CACHE && { NODE_COMPILE_CACHE: CACHE }), ...quiet, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdin.on('error', () => {}).end(input);
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return { process: child, stdout: () => stdout, stderr: () => stderr, ended };
}

export function runCli(args: readonly string[], env: NodeJS.ProcessEnv, input = ''): Promise<Ended> {
  return spawnCli(args, env, input).ended;
}

export interface ChildService extends Running {
  readonly url: string;
  admit(handle: string): Promise<Admitted>;
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Ended>;
}

/** @throws if it ends before it is ready */
export async function startChildService(dataDir: string, env: NodeJS.ProcessEnv = {}): Promise<ChildService> {
  const running = spawnCli(['serve', '--no-sample'], { DATA_DIR: dataDir, ...env });
  const url = await new Promise<string>((resolve, reject) => {
    const look = () => {
      const found = /^ready (http:\S+)/m.exec(running.stdout())?.[1];
      if (found) resolve(found);
    };
    running.process.stdout?.on('data', look);
    void running.ended.then(({ stderr }) => reject(new Error(`the service ended: ${stderr}`)));
  });
  const config = testConfig(dataDir, env);
  return {
    ...running,
    url,
    async admit(handle) {
      const wish = { handle, name: handle, roles: ['maker'] as const, prefixes: [] };
      const made = await besideService(config, (base) => createOrganisation(base, config, wish));
      return { ...made, api: clientOf(url, made.apiKey) };
    },
    end(signal) {
      running.process.kill(signal);
      return running.ended;
    },
  };
}

/** The embedded node's process on a folder. */
export function nodePid(dataDir: string): number {
  return Number(readFileSync(join(dataDir, 'chain', 'journal.lock.pid'), 'utf8'));
}

/** The embedded database's process on a folder. */
export function databasePid(dataDir: string): number {
  return Number.parseInt(readFileSync(join(clusterFolder(dataDir), 'postmaster.pid'), 'utf8'), 10);
}
