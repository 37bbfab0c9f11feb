// Owns a whole ledger for tests: the real service on free ports in a folder of its own, organisations on it, and a
// client that shows status, headers and body as they came. What a test expects of them stands in the test.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOrganisation } from '../../src/admission.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { accountByHandle, createApiKey, SCOPES } from '../../src/ledger/accounts.ts';
import type { Role } from '../../src/ledger/organisations.ts';
import { type Service, type ServiceLimits, startService } from '../../src/service.ts';
import { emptyDatabase } from './database.ts';
import { until } from './raw-chain.ts';
import { goldRing, type Statement } from './records.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers differ by route, and the tests say which they expect
export type Json = any;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text as JSON; undefined if it is none. */
  readonly body: Json;
}

export interface Api {
  get(path: string, headers?: Record<string, string>): Promise<Reply>;
  /** As JSON, under a fresh Idempotency-Key unless one is given. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** Any request, exactly as given. */
  raw(path: string, init: RequestInit & { duplex?: 'half' }): Promise<Reply>;
}

export interface Admitted {
  readonly organisation: string;
  readonly handle: string;
  readonly apiKey: string;
  readonly api: Api;
}

export interface TestLedger {
  readonly config: Config;
  readonly service: Service;
  readonly url: string;
  /** A client without a key. */
  readonly api: Api;
  /** As a maker and custodian, unless other roles are given. */
  admit(handle: string, prefixes?: readonly string[], roles?: readonly Role[]): Promise<Admitted>;
  /** A client with a fresh API key of an organisation that was admitted at an earlier start. */
  client(handle: string): Promise<Api>;
  sql<Row = Json>(text: string, ...values: unknown[]): Promise<Row[]>;
  /** How many rows stand where a write would leave some. */
  stored(): Promise<Record<string, number>>;
  stop(): Promise<void>;
}

/** A folder that is removed at the end of the process's tests, whatever they did. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'touchstone-ledger-'));
}

export function testConfig(dataDir: string, env: NodeJS.ProcessEnv = {}): Config {
  const quiet = { PORT: '0', NODE_PORT: '0', RATE_LIMITS: 'off', LOG_LEVEL: 'silent' };
  return readConfig({ DATA_DIR: dataDir, ...quiet, ...env });
}

/** A test that names the folder has the embedded database in it, too; others get one on a server that is there. */
export async function startLedger(env: NodeJS.ProcessEnv = {}, limits: ServiceLimits = {}): Promise<TestLedger> {
  const dataDir = env['DATA_DIR'] ?? temporaryFolder();
  const database = env['DATA_DIR'] === undefined ? await emptyDatabase() : undefined;
  const config = testConfig(dataDir, { ...(database && { DATABASE_URL: database.url }), ...env });
  const service = await startService(config, () => {}, limits);
  const sql = <Row>(text: string, ...values: unknown[]) => service.ledger.db.query<Row>(text, values);
  return {
    config,
    service,
    url: service.url,
    api: clientOf(service.url),
    sql,
    async admit(handle, prefixes = [], roles = ['maker', 'custodian']) {
      const wish = { handle, name: `The ${handle}`, roles, prefixes };
      const made = await createOrganisation(service, config, wish);
      return { ...made, api: clientOf(service.url, made.apiKey) };
    },
    async client(handle) {
      const account = await accountByHandle(service.ledger.db, handle);
      return clientOf(service.url, await createApiKey(service.ledger, account?.organisation ?? '', SCOPES, 'test'));
    },
    stored: () => countStored(sql),
    async stop() {
      await service.stop();
      if (env['DATA_DIR'] === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const KEPT = ['pieces', 'unsealed', 'transfers', 'acts', 'imports', 'import_chunks', 'idempotency'];

async function countStored(sql: (text: string) => Promise<Json[]>): Promise<Record<string, number>> {
  const counts = KEPT.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`);
  const [row] = await sql(`SELECT ${counts.join(', ')}`);
  // Pieces move on from waiting to sealed by themselves.
  return { ...row, unsealed: 0 };
}

let keys = 0;
/** Never the same twice in a process, the same in every run. */
export function freshKey(): string {
  keys += 1;
  return `test-${keys}`;
}

export function clientOf(base: string, apiKey?: string): Api {
  const authorization: Record<string, string> = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  const raw: Api['raw'] = async (path, init) => {
    const headers = { ...authorization, ...(init.headers as Record<string, string> | undefined) };
    const response = await fetch(base + path, { redirect: 'manual', ...init, headers });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  };
  return {
    raw,
    get: (path, headers = {}) => raw(path, { headers }),
    post: (path, body, headers = {}) =>
      raw(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': freshKey(), ...headers },
        body: JSON.stringify(body),
      }),
  };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a maker states about a piece, told apart from others by its title. */
export function statement(title: string, differing: Partial<Statement> = {}): Statement {
  return { ...goldRing(), title, ...differing };
}

/** Registers a piece and answers its path. @throws if it isn't accepted */
export async function register(api: Api, record: object, mode?: 'published' | 'root-only'): Promise<string> {
  const reply = await api.post('/api/v1/pieces', { record, ...(mode ? { mode } : {}) });
  if (reply.status !== 202) throw new Error(`not accepted: ${reply.text}`);
  return reply.body.path;
}

export async function passport(api: Api, path: string): Promise<Json> {
  return (await api.get(`/api/v1/pieces${path}`)).body;
}

/** Waits until the passport has a token, which is when the batch is on the chain and indexed. */
export async function anchored(api: Api, path: string): Promise<Json> {
  let found: Json;
  await until(`${path} is anchored`, async () => {
    found = await passport(api, path);
    return found.tokenId != null;
  });
  return found;
}
