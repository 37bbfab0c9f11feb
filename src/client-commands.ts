// Owns what the commands of a service's clients do: import, piece, transfer, export; and what all of them share. How they
// are called stands in cli.ts; what they print is for people, or JSON where --json is given. Nothing that only a service
// needs is imported here: a client starts in a fraction of its time.
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, readFileSync, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { type Client, openClient, type Reply } from './client.ts';
import type { Config } from './config.ts';
import { codePath } from './core/code.ts';
import { TouchstoneError } from './core/errors.ts';
import { holdsSecret, secretSpotter } from './core/secret-spotter.ts';
import { codeTyped } from './core/typed-code.ts';

const POLL_MS = 500;

/** Progress goes to standard error, so that standard output stays what was asked for. */
export function say(text: string): void {
  process.stderr.write(`touchstone: ${text}\n`);
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
