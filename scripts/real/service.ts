// Owns a ledger of its own for one run: the service as a child process on an empty directory and free ports, an
// organisation made by the registrar's command line, and the public HTTP API as any client sees it. Nothing here reaches
// into the service, and nothing of it is left behind.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Wallet } from 'ethers';
import { PROJECT } from './data.ts';

const NODE_OPTIONS = ['--disable-warning=ExperimentalWarning', 'src/cli.ts'];
const READY = 'ready http://';
const START_MS = 180_000;
const STOP_MS = 30_000;
const MOST_TRIES = 60;
/** The run's ledger is its own, whatever the surroundings say; and it measures the service, not its politeness. */
const NOT_INHERITED = ['DATABASE_URL', 'RPC_URL', 'PUBLIC_URL', 'REGISTRY_ADDRESS', 'FINALITY', 'RELAYER_KEY_FILE'];

export interface OwnService {
  readonly url: string;
  /** As a maker and custodian, unless other roles are given. */
  createOrganisation(handle: string, name: string, roles?: readonly string[]): Promise<Api>;
  stop(): Promise<void>;
}

/** @param rpcUrl a chain to deploy a registry on; without it the ledger has one of its own */
export async function startService(rpcUrl?: string, fund?: (address: string) => Promise<void>): Promise<OwnService> {
  const dataDir = await mkdtemp(join(tmpdir(), 'touchstone-real-'));
  const [port = 0, nodePort] = await freePorts(2);
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const name of [...NOT_INHERITED, 'REGISTRAR_KEY_FILE', 'MASTER_KEY_FILE']) delete env[name];
  Object.assign(env, { DATA_DIR: dataDir, PORT: String(port), NODE_PORT: String(nodePort) });
  Object.assign(env, { RATE_LIMITS: 'off', LOG_LEVEL: 'error' });
  if (rpcUrl !== undefined) Object.assign(env, await deployedOn(rpcUrl, port, dataDir, env, fund));
  const child = spawn(process.execPath, [...NODE_OPTIONS, 'serve', '--no-sample'], {
    cwd: PROJECT,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = async () => {
    await end(child);
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const url = await readyUrl(child);
    return { url, stop, createOrganisation: (...wish) => createOrganisation(url, env, ...wish) };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What a service on a chain of others is told: keys of its own with funds, and a registry deployed for it. */
async function deployedOn(
  rpcUrl: string,
  port: number,
  dataDir: string,
  env: NodeJS.ProcessEnv,
  fund: ((address: string) => Promise<void>) | undefined,
): Promise<NodeJS.ProcessEnv> {
  const settings: NodeJS.ProcessEnv = { RPC_URL: rpcUrl, PUBLIC_URL: `http://127.0.0.1:${port}`, FINALITY: 'depth:0' };
  for (const name of ['REGISTRAR_KEY_FILE', 'RELAYER_KEY_FILE']) {
    const wallet = Wallet.createRandom();
    const file = join(dataDir, name.toLowerCase());
    await writeFile(file, wallet.privateKey, { mode: 0o600 });
    await fund?.(wallet.address);
    settings[name] = file;
  }
  const command = [...NODE_OPTIONS, 'deploy'];
  const { stdout } = await promisify(execFile)(process.execPath, command, {
    cwd: PROJECT,
    env: { ...env, ...settings },
  });
  const registry = /REGISTRY_ADDRESS=(0x[0-9a-fA-F]{40})/.exec(stdout)?.[1];
  if (registry === undefined) throw new Error(`deploy told no address: ${stdout}`);
  return { ...settings, REGISTRY_ADDRESS: registry };
}

export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

async function readyUrl(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const said: string[] = [];
  const ready = new Promise<string>((resolve) => {
    lines.on('line', (line) => {
      if (line.startsWith(READY)) resolve(line.slice('ready '.length).trim().replace(/\/$/, ''));
      else said.push(line);
    });
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The service ended with ${code} before it was ready.\n${said.join('\n')}`);
  });
  const late = wait(START_MS, undefined, { ref: false }).then(() => {
    throw new Error(`The service was not ready after ${START_MS / 1000} s.\n${said.join('\n')}`);
  });
  ended.catch(() => {});
  late.catch(() => {});
  return Promise.race([ready, ended, late]);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const killed = await Promise.race([exited.then(() => false), wait(STOP_MS, true, { ref: false })]);
  if (!killed) return;
  child.kill('SIGKILL');
  await exited;
}

async function createOrganisation(
  url: string,
  env: NodeJS.ProcessEnv,
  handle: string,
  name: string,
  roles: readonly string[] = ['maker', 'custodian'],
): Promise<Api> {
  const words = ['organisation', 'create', handle, '--name', name, '--roles', roles.join(','), '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, [...NODE_OPTIONS, ...words], { cwd: PROJECT, env });
  const { apiKey } = JSON.parse(stdout) as { apiKey?: string };
  if (!apiKey) throw new Error(`organisation create gave no API key: ${stdout}`);
  return new Api(url, apiKey);
}

export interface ImportState {
  readonly id: number | string;
  readonly state: 'receiving' | 'running' | 'done' | 'failed';
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly anchored: number;
  readonly final: number;
  readonly failure?: string | null;
  readonly notes?: readonly string[];
  readonly zeros?: Readonly<Record<string, number>>;
}

export interface ImportedPiece {
  readonly row: number;
  readonly path: string;
}

/** The public API, with one organisation's key. */
export class Api {
  readonly #url: string;
  readonly #key: string | undefined;
  /** How often the service asked to come back later. */
  waits = 0;

  constructor(url: string, key: string | undefined) {
    this.#url = url;
    this.#key = key;
  }

  /** The same service for who has no key. */
  asAnybody(): Api {
    return new Api(this.#url, undefined);
  }

  async get<T>(path: string): Promise<T> {
    return (await (await this.#ask(path, {})).json()) as T;
  }

  async text(path: string): Promise<string> {
    return (await this.#ask(path, {})).text();
  }

  /** The page as a reader gets it: no key. */
  async page(path: string): Promise<string> {
    return (await this.#ask(path, { headers: { accept: 'text/html' } })).text();
  }

  async post<T>(path: string, body: unknown): Promise<T> {
    return this.#write(path, 'application/json', JSON.stringify(body));
  }

  async sendFile(path: string, type: string, content: string | Uint8Array<ArrayBuffer>): Promise<ImportState> {
    return this.#write(path, type, content);
  }

  /** Waits until all of an import's pieces are final, telling how far it is. */
  async importDone(id: ImportState['id'], minutes: number): Promise<ImportState> {
    const until = performance.now() + minutes * 60_000;
    let told = '';
    for (;;) {
      const state = await this.get<ImportState>(`/api/v1/imports/${id}`);
      const line = `  ${state.rows} rows read, ${state.anchored} anchored, ${state.final} final`;
      if (line !== told) console.log(line);
      told = line;
      const over = state.state === 'failed' || (state.state === 'done' && state.final >= state.accepted);
      if (over || performance.now() > until) return state;
      await wait(1000);
    }
  }

  /** Every piece of an import, in the order of its rows. */
  async importedPieces(id: ImportState['id']): Promise<ImportedPiece[]> {
    const pieces: ImportedPiece[] = [];
    let after: number | null = 0;
    while (after !== null) {
      const page: { items: ImportedPiece[]; next: number | null } = await this.get(
        `/api/v1/imports/${id}/pieces?after=${after}&limit=1000`,
      );
      pieces.push(...page.items);
      after = page.next;
    }
    return pieces;
  }

  async #write<T>(path: string, type: string, body: string | Uint8Array<ArrayBuffer>): Promise<T> {
    const headers = { 'content-type': type, 'idempotency-key': randomUUID() };
    return (await (await this.#ask(path, { method: 'POST', headers, body })).json()) as T;
  }

  /** Asks again where the service says when to. The Idempotency-Key stays, so nothing is done twice. */
  async #ask(path: string, init: RequestInit): Promise<Response> {
    const headers = {
      ...(this.#key === undefined ? {} : { authorization: `Bearer ${this.#key}` }),
      ...(init.headers as Record<string, string> | undefined),
    };
    for (let tries = 1; ; tries++) {
      const response = await fetch(this.#url + path, { ...init, headers });
      if (response.ok) return response;
      const retryAfter = response.headers.get('retry-after');
      const problem = await response.text();
      if (retryAfter === null || tries === MOST_TRIES) {
        throw new Error(`${init.method ?? 'GET'} ${path}: ${response.status} ${problem.slice(0, 500)}`);
      }
      this.waits++;
      await wait(Math.max(0.1, Number(retryAfter)) * 1000);
    }
  }
}
