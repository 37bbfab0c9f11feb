// Owns what the command line's commands do. How they are called stands in cli.ts; what they print is for people, or
// JSON where --json is given.
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { secretFile } from './adapters/keys.ts';
import { deploy as deployContracts, nonceOf } from './adapters/registrar.ts';
import { openRpc } from './adapters/rpc.ts';
import { createLog } from './adapters/telemetry.ts';
import { type Client, openClient, type Reply, serviceFile } from './client.ts';
import type { Config } from './config.ts';
import { codePath } from './core/code.ts';
import { TouchstoneError } from './core/errors.ts';
import { ZERO_ADDRESS } from './core/merkle.ts';
import { holdsSecret, secretSpotter } from './core/secret-spotter.ts';
import { codeTyped } from './core/typed-code.ts';
import { qrText } from './http/qr.ts';
import { type Infrastructure, lockDataDir, startInfrastructure } from './infrastructure.ts';
import { dropIndex, rebuildIndex } from './ledger/reindex.ts';
import { makeSample, sampleOf, wantsSample } from './sample.ts';
import type { SampleCard } from './sample-card.ts';
import { type Foundation, layFoundation, type Service, startService } from './service.ts';

const POLL_MS = 500;
const PARENT_POLL_MS = 500;

/** Progress goes to standard error, so that standard output stays what was asked for. */
export function say(text: string): void {
  process.stderr.write(`touchstone: ${text}\n`);
}

export async function serve(config: Config, { sample }: { sample: boolean }): Promise<void> {
  let service: Service | undefined;
  let stopping = false;
  const end = async (started: Service): Promise<never> => {
    try {
      await started.stop();
      process.exit(0);
    } catch (error) {
      say(`stopped with a fault: ${(error as Error).message}`);
      process.exit(1);
    }
  };
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    say(`stopping (${signal})`);
    if (service) void end(service);
  };
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('SIGTERM', () => stop('SIGTERM'));
  if (config.underNpm) whenParentDies(() => stop('npm is gone'));
  service = await startService(config, say);
  // Asked to stop while starting: what was started is ended in order, or the database would go on by itself.
  if (stopping) return end(service);
  try {
    await greet(service, config, sample);
  } catch (error) {
    // Of a stop under way, which ends the process.
    if (stopping) return;
    await service.stop();
    throw error;
  }
}

/** npm passes a signal to the shell between it and us, which dies of it without passing it on. */
function whenParentDies(callback: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    callback();
  }, PARENT_POLL_MS);
  timer.unref();
}

async function greet(service: Service, config: Config, sample: boolean): Promise<void> {
  if (sample && (await wantsSample(service))) {
    const made = await makeSample(service, config, say);
    const { featuredPath: path, maker, card } = made;
    await welcome(config, service.publicUrl, { path, apiKey: maker.apiKey, file: maker.apiKeyFile, card });
  } else {
    const known = await sampleOf(service, config);
    if (known) await welcome(config, service.publicUrl, { ...known, file: known.apiKeyFile });
  }
  if (!config.publicUrl)
    say(`PUBLIC_URL is not set: QR codes lead to ${service.publicUrl}, which only this machine reaches`);
  process.stdout.write(`ready ${service.url}\n`);
}

async function welcome(
  config: Config,
  publicUrl: string,
  { path, apiKey, file, card }: { path: string; apiKey?: string; file: string; card: SampleCard | undefined },
): Promise<void> {
  const url = publicUrl + path;
  const lines = [
    '',
    await qrText(url),
    `A piece of the sample workshop:  ${url}`,
    apiKey ? `API key of atelier-lune:         ${apiKey}` : `API key of atelier-lune:         in ${file}`,
    ...(apiKey ? [`  (shown once; kept for you in   ${file})`] : []),
    `Its console, with that key:      ${publicUrl}/workshop`,
    `Keys of its shop and certifiers: in ${dirname(file)}`,
    `Data lives in:                   ${config.dataDir}`,
    `The API:                         ${publicUrl}/docs`,
    `Next, in another terminal:       npm run touchstone -- piece list --as atelier-lune`,
    ...(card
      ? [`To claim a piece by its card:    ${card.url}`, `  (or without a browser)         ${claimCommand(card)}`]
      : []),
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function claimCommand({ path, file }: SampleCard): string {
  const name = /^[\w./-]+$/.test(file) ? file : JSON.stringify(file);
  return `npm run touchstone -- claim ${path} --secret-file ${name} --to 0x…`;
}

export interface ClientOptions {
  readonly url?: string;
  readonly as?: string;
  readonly json?: boolean;
}

export function clientOf(config: Config, options: ClientOptions): Client {
  const apiKey = process.env['TOUCHSTONE_API_KEY'] || undefined;
  const { url, as } = options;
  return openClient(config, { ...(url ? { url } : {}), ...(as ? { handle: as } : {}), apiKey });
}

export function show(value: unknown, options: ClientOptions, text: () => string): void {
  process.stdout.write(options.json ? `${JSON.stringify(value, null, 2)}\n` : `${text()}\n`);
}

export interface ImportOptions extends ClientOptions {
  readonly format?: 'csv' | 'ndjson';
  readonly mode?: string;
  readonly mapping?: string;
  readonly rejected?: string;
}

/** Sends a file and stays until it is done. The idempotency key is the file's own hash, so a second run resumes. */
export async function importFile(config: Config, file: string, options: ImportOptions): Promise<void> {
  const client = clientOf(config, options);
  const format = options.format ?? (/\.(nd)?jsonl?$/i.test(file) ? 'ndjson' : 'csv');
  const query = new URLSearchParams({ format });
  if (options.mode) query.set('mode', options.mode);
  if (options.mapping) query.set('mapping', readFileSync(options.mapping, 'utf8'));
  const key = `file-${await hashOf(file)}`;
  say(`sending ${file} (${(statSync(file).size / 1e6).toFixed(1)} MB)`);
  const stream = Readable.toWeb(createReadStream(file)) as ReadableStream;
  const type = format === 'csv' ? 'text/csv' : 'application/x-ndjson';
  let job = await client.send(`/api/v1/imports?${query}`, type, stream, key);
  const id = job['id'];
  for (let told = ''; ; await new Promise((resolve) => setTimeout(resolve, POLL_MS))) {
    job = await client.get(`/api/v1/imports/${id}`);
    const now = `${job['rows']} rows read, ${job['accepted']} accepted, ${job['rejected']} rejected, ${job['anchored']} anchored${job['state'] === 'running' && job['failure'] ? `. ${job['failure']}` : ''}`;
    if (now !== told) say(now);
    told = now;
    const finished = job['state'] === 'done' || job['state'] === 'failed';
    if (finished && Number(job['anchored']) >= Number(job['accepted'])) break;
  }
  await reportImport(client, job, options);
}

async function reportImport(client: Client, job: Reply, options: ImportOptions): Promise<void> {
  for (const note of job['notes'] as string[]) say(note);
  for (const [column, zeros] of Object.entries(job['zeros'] as object))
    say(`${column}: ${zeros} zeros read as unknown`);
  if (Number(job['rejected']) > 0 && options.rejected) {
    const file = createWriteStream(options.rejected);
    file.end(await client.text(`/api/v1/imports/${job['id']}/rejected`));
    say(`bad rows, with what is wrong, are in ${options.rejected}: mend them and import that file`);
  }
  show(
    job,
    options,
    () =>
      `import ${job['id']}: ${job['accepted']} accepted, ${job['repeated']} known before, ${job['rejected']} rejected`,
  );
  for (const problem of job['problems'] as { row: number; faults: { field: string; reason: string }[] }[]) {
    say(`row ${problem.row}: ${problem.faults.map((fault) => `${fault.field} ${fault.reason}`.trim()).join('; ')}`);
  }
  if (job['state'] === 'failed') throw new TouchstoneError('invalid-file', String(job['failure']));
  if (Number(job['rejected']) > 0) process.exitCode = 1;
}

async function hashOf(file: string): Promise<string> {
  const sum = createHash('sha256');
  const holdsSecret = secretSpotter();
  for await (const chunk of createReadStream(file)) {
    if (holdsSecret((chunk as Buffer).toString('latin1'))) throw secretNotSent(file);
    sum.update(chunk as Buffer);
  }
  return sum.digest('hex').slice(0, 40);
}

/** Told here, a secret has not left this machine. */
function secretNotSent(file: string): TouchstoneError {
  const message = `${file} holds the secret of a claim card. Nothing was sent: a service gets claim keys only (import.csv of touchstone cards make).`;
  return new TouchstoneError('secret-sent', message);
}

export async function addPiece(
  config: Config,
  file: string,
  { mode, claimKey, ...options }: ClientOptions & { mode?: string; claimKey?: string },
): Promise<void> {
  const record = parseJson(file);
  const body = { record, ...(mode ? { mode } : {}), ...(claimKey ? { claimKey } : {}) };
  if (holdsSecret(JSON.stringify(body))) throw secretNotSent(file);
  const key = `record-${createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 40)}`;
  const reply = await clientOf(config, options).post('/api/v1/pieces', body, key);
  show(reply, options, () => `${reply['url']}\n${reply['state']}, record ${reply['recordHash']}`);
}

function parseJson(file: string): unknown {
  const text = file === '-' ? readFileSync(0, 'utf8') : readFileSync(file, 'utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TouchstoneError('invalid-json', `${file} is not valid JSON: ${(error as Error).message}`);
  }
}

export async function listPieces(
  config: Config,
  options: ClientOptions & { search?: string; limit: string },
): Promise<void> {
  const query = new URLSearchParams({ limit: options.limit, ...(options.search ? { search: options.search } : {}) });
  const page = await clientOf(config, options).get(`/api/v1/pieces?${query}`);
  const items = page['items'] as { path: string; state: string; title: string }[];
  show(
    page,
    options,
    () => items.map((item) => `${item.state.padEnd(9)} ${item.path}  ${item.title}`).join('\n') || 'no pieces',
  );
}

export async function showPiece(config: Config, path: string, options: ClientOptions): Promise<void> {
  const passport = await clientOf(config, options).get(`/api/v1/pieces${pathOf(path)}`);
  const record = passport['record'] as { title: string };
  const keeper = passport['keeper'] as { number: number; organisation?: string };
  const who = keeper.organisation ?? `owner ${keeper.number}`;
  const { state, headline, tokenId } = passport as Record<string, string>;
  show(
    passport,
    options,
    () => `${record.title}\n${headline}, ${state}; kept by ${who}\ntoken ${tokenId ?? 'none yet'}`,
  );
}

/** Accepts a whole address, as scanned, the path in it, or what a barcode says. */
export function pathOf(text: string): string {
  const read = codeTyped(text);
  if (read.kind === 'code') return codePath(read.code);
  const why = 'why' in read && read.why !== undefined ? ` As a GS1 code, ${read.why}.` : '';
  throw new TouchstoneError(
    'invalid-code',
    `${text} is no code of a piece: /01/{GTIN-14}/21/{serial} or /p/{handle}/{code}.${why}`,
  );
}

export interface TransferOptions extends ClientOptions {
  readonly signature?: string;
  readonly deadline?: string;
  readonly moves?: string;
  readonly key?: string;
  readonly prepare?: boolean;
}

export async function transferPiece(config: Config, path: string, to: string, options: TransferOptions): Promise<void> {
  const client = clientOf(config, options);
  if (options.prepare) {
    const prepared = await client.get(`/api/v1/transfers/prepare?${new URLSearchParams({ path: pathOf(path), to })}`);
    process.stdout.write(`${JSON.stringify(prepared, null, 2)}\n`);
    return;
  }
  const { signature, deadline, moves, key } = options;
  const signed = signature
    ? { signature, deadline: Number(deadline), moves: Number(moves), ...(key ? { key } : {}) }
    : {};
  let transfer = await client.post('/api/v1/transfers', { path: pathOf(path), to, ...signed }, randomUUID());
  while (transfer['state'] === 'accepted' || transfer['state'] === 'sealed') {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    transfer = await client.get(`/api/v1/transfers/${transfer['id']}`);
  }
  const error = transfer['error'] as { detail: string } | null;
  if (error) throw new TouchstoneError('invalid-transfer', error.detail);
  show(
    transfer,
    options,
    () =>
      `${transfer['path']} passed on to ${transfer['to']} (${transfer['state']})\ntransaction ${transfer['transaction']}`,
  );
}

/** Every passport of an organisation, one a line. */
export async function exportPieces(config: Config, file: string | undefined, options: ClientOptions): Promise<void> {
  const client = clientOf(config, options);
  const out: NodeJS.WritableStream = file ? createWriteStream(file) : process.stdout;
  let count = 0;
  for (let cursor: unknown = null; ; ) {
    const page = await client.get(`/api/v1/pieces?limit=200${cursor ? `&cursor=${cursor}` : ''}`);
    for (const { path } of page['items'] as { path: string }[]) {
      const passport = await client.get(`/api/v1/pieces${path}`);
      if (!out.write(`${JSON.stringify(passport)}\n`)) await new Promise((resolve) => out.once('drain', resolve));
      count += 1;
      if (count % 500 === 0) say(`${count} passports`);
    }
    cursor = page['next'];
    if (!cursor) break;
  }
  if (file) await new Promise<void>((resolve) => out.end(() => resolve()));
  say(`${count} passports${file ? ` in ${file}` : ''}`);
}

export async function reindex(config: Config): Promise<void> {
  const lock = lockDataDir(config.dataDir);
  const log = createLog(config.logLevel);
  let infrastructure: Infrastructure | undefined;
  let foundation: Foundation | undefined;
  try {
    infrastructure = await startInfrastructure(config, log, say);
    const publicUrl = config.publicUrl ?? `http://localhost:${config.port}`;
    foundation = await layFoundation(config, infrastructure, log, say, { publicUrl, nudge: () => {} });
    await dropIndex(foundation.ledger);
    const block = await rebuildIndex(foundation.ledger, (number) => say(`block ${number}`));
    process.stdout.write(`rebuilt from the chain up to block ${block}\n`);
  } finally {
    await foundation?.stop();
    await infrastructure?.stop();
    lock.release();
  }
}

export async function deploy(config: Config, options: { predecessor?: string }): Promise<void> {
  if (!config.rpcUrl || !config.publicUrl) {
    throw new TouchstoneError(
      'configuration',
      'deploy needs RPC_URL and PUBLIC_URL. The embedded ledger deploys by itself.',
    );
  }
  const lock = lockDataDir(config.dataDir);
  try {
    const rpc = openRpc(() => config.rpcUrl as string);
    const chainId = Number(await rpc.call<string>('eth_chainId'));
    const registrar = { rpc, privateKey: secretFile(config.registrarKeyFile), chainId };
    const baseUri = `${config.publicUrl}/api/v1/tokens/`;
    say(`deploying to chain ${chainId}`);
    const deployment = await deployContracts(
      registrar,
      baseUri,
      options.predecessor ?? ZERO_ADDRESS,
      await nonceOf(registrar),
    );
    process.stdout.write(
      `${JSON.stringify({ chainId, ...deployment }, null, 2)}\nREGISTRY_ADDRESS=${deployment.pieces}\n`,
    );
  } finally {
    lock.release();
  }
}

/** Database and chain of the running service, for the registrar's commands beside it. */
export async function besideService<T>(config: Config, work: (base: Foundation) => Promise<T>): Promise<T> {
  const external = config.databaseUrl !== undefined && config.rpcUrl !== undefined;
  const found = external ? undefined : serviceFile(config);
  const infrastructure: Infrastructure = {
    embeddedNode: config.rpcUrl === undefined,
    embeddedDatabase: config.databaseUrl === undefined,
    databaseUrl: () => config.databaseUrl ?? (found?.databaseUrl as string),
    rpcUrl: () => config.rpcUrl ?? (found?.rpcUrl as string),
    onRestart: () => {},
    stop: async () => {},
  };
  const log = createLog(config.logLevel);
  const publicUrl = config.publicUrl ?? found?.url ?? '';
  const base = await layFoundation(config, infrastructure, log, () => {}, { publicUrl, nudge: () => {} });
  try {
    return await work(base);
  } finally {
    await base.stop();
  }
}
