// Owns a ledger of its own for one measurement: the service as `npm start` runs it, on an empty folder and free ports,
// with the process ids of its three parts. Nothing of it is left behind, also when the measurement breaks off.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isAlive, waitForDeath } from '../../src/adapters/process-alive.ts';
import { PROJECT } from '../real/data.ts';

const START_MS = 120_000;
const STOP_MS = 30_000;
const DEATH_MS = 10_000;
/** The ledger is its own, whatever the surroundings say. */
const NOT_INHERITED = /^(DATABASE_URL|RPC_URL|PUBLIC_URL|REGISTRY_ADDRESS|FINALITY|HOST|LOG_LEVEL|.*_KEY_FILE)$/;

export type Part = 'service' | 'node' | 'database';
export const PARTS: readonly Part[] = ['service', 'node', 'database'];

/** Where each part writes its own process id; the first line is the number. */
const PID_FILES: Readonly<Record<Exclude<Part, 'service'>, string>> = {
  node: 'chain/journal.lock.pid',
  database: 'postgres/postmaster.pid',
};

export interface LedgerOptions {
  /** More options for the service's own process, such as a profiler's. */
  readonly execArgv?: readonly string[];
}

export class OwnLedger {
  readonly dataDir: string;
  url = '';
  /** What the service logged as an error, over all its starts. */
  readonly errors: string[] = [];
  readonly #env: NodeJS.ProcessEnv;
  readonly #options: LedgerOptions;
  #child: ChildProcess | undefined;
  readonly #atExit = () => this.#abandon();

  private constructor(dataDir: string, env: NodeJS.ProcessEnv, options: LedgerOptions) {
    this.dataDir = dataDir;
    this.#env = env;
    this.#options = options;
    process.once('exit', this.#atExit);
  }

  /** An empty folder and ports that are free; nothing runs yet. */
  static async prepare(options: LedgerOptions = {}): Promise<OwnLedger> {
    const dataDir = await mkdtemp(join(tmpdir(), 'touchstone-bench-'));
    const [port, nodePort] = await freePorts(2);
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !NOT_INHERITED.test(name)));
    Object.assign(env, { DATA_DIR: dataDir, PORT: `${port}`, NODE_PORT: `${nodePort}`, RATE_LIMITS: 'off' });
    // Warnings are expected where parts are killed; errors are kept, to be told.
    Object.assign(env, { LOG_LEVEL: 'error' });
    return new OwnLedger(dataDir, env, options);
  }

  /** Starts the service, again after a kill too. Milliseconds until it was ready. */
  async start(): Promise<number> {
    const since = performance.now();
    const argv = [...startFlags(), ...(this.#options.execArgv ?? []), 'src/cli.ts', 'serve', '--no-sample'];
    const child = spawn(process.execPath, argv, {
      cwd: PROJECT,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (line.startsWith('{"level":50')) this.errors.push(line);
    });
    this.url = await readyUrl(child);
    return performance.now() - since;
  }

  /** Admits an organisation beside the running service; its API key. */
  async organisation(handle: string, roles = ['maker', 'custodian']): Promise<{ apiKey: string; address: string }> {
    const words = ['organisation', 'create', handle, '--name', 'Bench', '--roles', roles.join(','), '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, [...startFlags(), 'src/cli.ts', ...words], {
      cwd: PROJECT,
      env: this.#env,
    });
    const { apiKey, organisation } = JSON.parse(stdout) as { apiKey: string; organisation: string };
    return { apiKey, address: organisation };
  }

  /** The node's JSON-RPC address as the service wrote it down. */
  rpcUrl(): string {
    return this.#written().rpcUrl;
  }

  databaseUrl(): string {
    return this.#written().databaseUrl;
  }

  #written(): { rpcUrl: string; databaseUrl: string } {
    return JSON.parse(readFileSync(join(this.dataDir, 'service.json'), 'utf8'));
  }

  /** The process id of a part that runs. A killed part leaves its file, and its number may be somebody else's by now. */
  pid(part: Part): number | undefined {
    const child = this.#child;
    // A service that has just been started has written nothing yet.
    if (part === 'service') return child?.exitCode === null && child.signalCode === null ? child.pid : undefined;
    try {
      const pid = Number.parseInt(readFileSync(join(this.dataDir, PID_FILES[part]), 'utf8'), 10);
      return Number.isSafeInteger(pid) && pid > 1 && isAlive(pid) && this.#isOurs(pid) ? pid : undefined;
    } catch {
      return undefined;
    }
  }

  /** The node carries the folder in its environment, the database in its arguments. */
  #isOurs(pid: number): boolean {
    if (process.platform !== 'linux') return true;
    return ['environ', 'cmdline'].some((name) => readFileSync(`/proc/${pid}/${name}`, 'utf8').includes(this.dataDir));
  }

  /** kill -9, all at one moment; resolves when those processes are gone. */
  async kill(parts: readonly Part[]): Promise<void> {
    const pids = parts.flatMap((part) => this.pid(part) ?? []);
    for (const pid of pids) signal(pid, 'SIGKILL');
    const gone = await Promise.all(pids.map((pid) => waitForDeath(pid, DEATH_MS)));
    if (gone.includes(false)) throw new Error(`a process survived kill -9: ${pids.join(', ')}`);
  }

  /** Ends the service in order, and with it the two others. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit').then(() => true);
    child.kill('SIGTERM');
    if (await Promise.race([exited, wait(STOP_MS, false, { ref: false })])) return;
    child.kill('SIGKILL');
    await exited;
  }

  async remove(): Promise<void> {
    await this.stop();
    await this.kill(PARTS);
    process.off('exit', this.#atExit);
    await rm(this.dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }

  /** Last resort of a process that is ending: the database and the node outlive their parent otherwise. */
  #abandon(): void {
    for (const part of PARTS) {
      const pid = this.pid(part);
      if (pid !== undefined) signal(pid, 'SIGKILL');
    }
    try {
      rmSync(this.dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    } catch {
      // What can't be removed now stays in the system's temporary folder.
    }
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself in between.
  }
}

/** The options `npm start` gives to Node, so that what is measured is what is shipped. */
function startFlags(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  return scripts.start.split(' ').filter((word) => word.startsWith('--'));
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

function readyUrl(child: ChildProcess): Promise<string> {
  const said: string[] = [];
  return new Promise((resolve, reject) => {
    const fail = (what: string) => reject(new Error(`the service ${what}\n${said.slice(-20).join('\n')}`));
    const timer = setTimeout(() => fail(`was not ready after ${START_MS / 1000} s`), START_MS);
    createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => said.push(line));
    const heard = (line: string) => {
      const url = /^ready (http\S+)/.exec(line)?.[1];
      if (url === undefined) {
        said.push(line);
        said.splice(0, said.length - 50);
        return;
      }
      clearTimeout(timer);
      resolve(url.replace(/\/$/, ''));
    };
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', heard);
    child.once('exit', (code, by) => {
      clearTimeout(timer);
      fail(`ended with ${by ?? code} before it was ready`);
    });
  });
}
