// Owns the command line's commands about certificates and evidence files, all of them clients of a running service.
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { Client, Reply } from './client.ts';
import { type ClientOptions, clientOf, pathOf, say, show } from './client-commands.ts';
import type { Config } from './config.ts';
import { TouchstoneError } from './core/errors.ts';

const POLL_MS = 300;
/** As many as the service takes at once. */
const AT_ONCE = 1_000;
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.pdf': 'application/pdf',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
};

export interface CertifyOptions extends ClientOptions {
  readonly about?: string;
  readonly until?: string;
  readonly document?: string;
  readonly unpublished?: boolean;
}

/** Issues the certificate of a JSON file, or those of an NDJSON file together, and stays until they are on the chain. */
export async function certify(config: Config, file: string, options: CertifyOptions): Promise<void> {
  const client = clientOf(config, options);
  const text = readFileSync(file === '-' ? 0 : file, 'utf8');
  const many = /\.(nd)?jsonl$/i.test(file);
  const statements = many ? linesOf(text, file) : [jsonOf(text, file)];
  if (statements.length === 0) throw new TouchstoneError('invalid-file', `${file} holds no statement.`);
  const document = options.document === undefined ? undefined : await keep(client, options.document);
  const wishes = statements.map((statement) => ({
    statement: withOptions(statement, options, document),
    ...(options.until === undefined ? {} : { validUntil: options.until }),
  }));
  const replies = many ? await issueTogether(client, wishes) : [await issueOne(client, wishes[0] as object, options)];
  show(many ? { certificates: replies } : replies[0], options, () =>
    replies
      .map((reply) => `${reply['id']} ${reply['state']}\n  ${(reply['statement'] as { title: string } | null)?.title}`)
      .join('\n'),
  );
}

function jsonOf(text: string, file: string, line?: number): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (error) {
    const where = line === undefined ? file : `${file}, line ${line},`;
    throw new TouchstoneError('invalid-json', `${where} is not valid JSON: ${(error as Error).message}`);
  }
  throw new TouchstoneError('invalid-json', `${file} must hold a statement: a JSON object.`);
}

function linesOf(text: string, file: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .map((line, i) => ({ line, number: i + 1 }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, number }) => jsonOf(line, file, number));
}

function withOptions(
  statement: Record<string, unknown>,
  { about }: CertifyOptions,
  document: object | undefined,
): object {
  const subject = about === undefined ? {} : { subject: { kind: 'piece', path: pathOf(about) } };
  return { schema: 'touchstone/certificate/1', ...statement, ...subject, ...(document ? { document } : {}) };
}

/** Hands a document to the service, which keeps it under its hash. */
async function keep(client: Client, file: string): Promise<object> {
  const mediaType = MEDIA_TYPES[extname(file).toLowerCase()];
  if (mediaType === undefined) {
    const message = `${file} is none of ${Object.keys(MEDIA_TYPES).join(', ')}: only such documents are kept.`;
    throw new TouchstoneError('invalid-file', message);
  }
  const bytes = readFileSync(file);
  const key = `document-${createHash('sha256').update(bytes).digest('hex').slice(0, 40)}`;
  const body = new Blob([bytes]).stream() as ReadableStream;
  const kept = await client.send('/api/v1/documents', mediaType, body, key);
  const title = (file.split(/[\\/]/).at(-1) as string).replace(/\.[^.]+$/, '');
  return { sha256: kept['sha256'], mediaType, title };
}

async function issueOne(client: Client, wish: object, options: CertifyOptions): Promise<Reply> {
  const body = { ...wish, ...(options.unpublished ? { publish: false } : {}) };
  return settled(client, await client.post('/api/v1/certificates', body, keyOf(body)));
}

/** The file's own hash is the key, so that running it again issues nothing twice. */
function keyOf(body: object): string {
  return `certify-${createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 40)}`;
}

async function issueTogether(client: Client, wishes: readonly object[]): Promise<Reply[]> {
  const replies: Reply[] = [];
  for (let at = 0; at < wishes.length; at += AT_ONCE) {
    const body = { certificates: wishes.slice(at, at + AT_ONCE) };
    const { certificates } = await client.post('/api/v1/certificates/batches', body, keyOf(body));
    say(`${Math.min(at + AT_ONCE, wishes.length)} of ${wishes.length} certificates stored`);
    for (const id of certificates as string[]) {
      replies.push(await settled(client, await client.get(`/api/v1/certificates/${id}`)));
    }
  }
  return replies;
}

/** Asks until the certificate is on the chain. @throws TouchstoneError saying why it is not */
async function settled(client: Client, reply: Reply, of: (reply: Reply) => unknown = stateOf): Promise<Reply> {
  let now = reply;
  while (of(now) === 'accepted' || of(now) === 'sealed') {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    now = await client.get(`/api/v1/certificates/${now['id']}`);
  }
  const error = now['error'] as { detail: string } | null;
  if (of(now) === 'failed' && error) throw new TouchstoneError('invalid-certificate', error.detail);
  return now;
}

function stateOf(reply: Reply): unknown {
  return reply['state'];
}

export async function listCertificates(config: Config, options: ClientOptions & { limit: string }): Promise<void> {
  const page = await clientOf(config, options).get(`/api/v1/certificates?limit=${encodeURIComponent(options.limit)}`);
  const items = page['items'] as {
    id: string;
    state: string;
    issued: { standing: string } | null;
    statement: { title: string } | null;
  }[];
  show(
    page,
    options,
    () =>
      items
        .map(
          ({ id, state, issued, statement }) =>
            `${(issued?.standing ?? state).padEnd(9)} ${id}  ${statement?.title ?? ''}`,
        )
        .join('\n') || 'no certificates',
  );
}

export async function showCertificate(config: Config, id: string, options: ClientOptions): Promise<void> {
  const reply = await clientOf(config, options).get(`/api/v1/certificates/${encodeURIComponent(id)}`);
  process.stdout.write(`${JSON.stringify(reply, null, 2)}\n`);
}

export interface RevokeOptions extends ClientOptions {
  readonly words?: string;
  readonly yes?: boolean;
}

/** For good, so it is asked for twice: once by name, once by --yes. */
export async function revokeCertificate(
  config: Config,
  id: string,
  reason: string,
  options: RevokeOptions,
): Promise<void> {
  const client = clientOf(config, options);
  const certificate = await client.get(`/api/v1/certificates/${encodeURIComponent(id)}`);
  const title = (certificate['statement'] as { title: string } | null)?.title ?? id;
  if (!options.yes) {
    const message = `Revoking “${title}” can not be undone, and is public for ever. Add --yes to do it.`;
    throw new TouchstoneError('invalid-request', message);
  }
  const body = { reason, ...(options.words === undefined ? {} : { words: options.words }) };
  const reply = await client.post(`/api/v1/certificates/${encodeURIComponent(id)}/revoke`, body, randomUUID());
  const done = await settled(client, reply, (now) => (now['revocation'] as { state: string } | null)?.state);
  show(done, options, () => `${title}: revoked (${reason})`);
}

/** Writes the evidence file of a piece. */
export async function saveEvidence(
  config: Config,
  code: string,
  file: string | undefined,
  options: ClientOptions,
): Promise<void> {
  const text = await clientOf(config, options).text(`/api/v1/pieces${pathOf(code)}/evidence`);
  if (file === undefined) {
    process.stdout.write(`${text}\n`);
    return;
  }
  writeFileSync(file, text);
  const { chain } = JSON.parse(text) as { chain: { chainId: number; pieces: string } };
  say(`${(text.length / 1024).toFixed(1)} KiB in ${file}`);
  say(`check it anywhere: touchstone verify ${file} --registry ${chain.chainId}:${chain.pieces} --rpc URL`);
}
