// Owns the command line's side of the HTTP API: who is called, with which key, and how a problem is told in one line.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { apiKeyFile, type Config } from './config.ts';
import { TouchstoneError } from './core/errors.ts';

const LONGEST_WAIT_S = 30;

export interface Client {
  get(path: string): Promise<Reply>;
  post(path: string, body: unknown, idempotencyKey: string): Promise<Reply>;
  /** Sends a stream as it is. */
  send(path: string, type: string, body: ReadableStream, idempotencyKey: string): Promise<Reply>;
  /** The answer's text, for files. */
  text(path: string): Promise<string>;
  /** A file that is made for a wish, as it comes. */
  file(path: string, body: unknown): Promise<Response>;
}

export type Reply = Record<string, unknown>;

export interface ServiceFile {
  readonly pid: number;
  readonly url: string;
  readonly rpcUrl: string;
  readonly databaseUrl: string;
}

/** What the running service on this DATA_DIR wrote about itself. @throws TouchstoneError configuration if none runs */
export function serviceFile(config: Config): ServiceFile {
  const file = join(config.dataDir, 'service.json');
  const none = new TouchstoneError(
    'configuration',
    `No service runs on ${config.dataDir}. Start one first: npm start.`,
  );
  if (!existsSync(file)) throw none;
  const found = JSON.parse(readFileSync(file, 'utf8')) as ServiceFile;
  try {
    process.kill(found.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw none;
  }
  return found;
}

/** @param handle whose key file to use; TOUCHSTONE_API_KEY goes before */
export function openClient(
  config: Config,
  options: { url?: string; handle?: string; apiKey?: string | undefined },
): Client {
  const base = (options.url ?? serviceFile(config).url).replace(/\/+$/, '');
  const key = options.apiKey ?? keyOf(config, options.handle);
  const call = async (path: string, init: RequestInit): Promise<Response> => {
    let response: Response;
    try {
      const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` };
      const once = () => fetch(base + path, { ...init, headers: { ...authorization, ...init.headers } });
      response = await once();
      // Told to go more slowly, as an export of many pieces is, it does. A stream could not be sent again, and nobody waits
      // at a terminal for another day's quota.
      const waitS = () => Number(response.headers.get('retry-after')) || 1;
      while (response.status === 429 && waitS() <= LONGEST_WAIT_S && !(init.body instanceof ReadableStream)) {
        await response.body?.cancel();
        await delay(1000 * waitS());
        response = await once();
      }
    } catch (error) {
      const reason = ((error as Error).cause as Error | undefined)?.message ?? (error as Error).message;
      throw new TouchstoneError('configuration', `The service at ${base} can not be reached: ${reason}.`);
    }
    if (!response.ok) throw await problemIn(response);
    return response;
  };
  const json = async (path: string, init: RequestInit) => (await call(path, init)).json() as Promise<Reply>;
  return {
    get: (path) => json(path, {}),
    text: async (path) => (await call(path, {})).text(),
    file: (path, body) =>
      call(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    post: (path, body, idempotencyKey) =>
      json(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
        body: JSON.stringify(body),
      }),
    send: (path, type, body, idempotencyKey) =>
      json(path, {
        method: 'POST',
        headers: { 'content-type': type, 'idempotency-key': idempotencyKey },
        body,
        duplex: 'half',
      } as RequestInit),
  };
}

function keyOf(config: Config, handle: string | undefined): string | undefined {
  if (handle === undefined) return undefined;
  const file = apiKeyFile(config, handle);
  if (!existsSync(file)) {
    throw new TouchstoneError(
      'unauthenticated',
      `There is no API key of ${handle} in ${file}. Set TOUCHSTONE_API_KEY.`,
    );
  }
  return readFileSync(file, 'utf8').trim();
}

interface ProblemBody {
  readonly code?: string;
  readonly detail?: string;
  readonly errors?: { field: string; reason: string }[];
}

async function problemIn(response: Response): Promise<TouchstoneError> {
  const problem = (await response.json().catch(() => ({}))) as ProblemBody;
  const faults = (problem.errors ?? []).map((e) => `${e.field} ${e.reason}`.trim()).join('; ');
  const detail = problem.detail ?? `the service answered ${response.status}`;
  return new TouchstoneError('invalid-request', faults ? `${detail} ${faults}` : detail);
}
