// Owns the command line's commands about a piece's life: reports, its end, recalls and corrections, work with the owner's
// consent, arbiters, recovery. Clients of a running service; an owner's own key is used here and never sent.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { bringAct } from './act-client.ts';
import { type OwnerOptions, ownersOf, recipientOf, told } from './act-commands.ts';
import type { Client, Reply } from './client.ts';
import { type ClientOptions, clientOf, pathOf, say, show } from './client-commands.ts';
import type { Config } from './config.ts';
import { TouchstoneError } from './core/errors.ts';
import { CONSIGNMENT_KINDS } from './core/life.ts';

/** What can not be undone is asked for twice: once by name, once by --yes. */
function sure(what: string, { yes }: { yes?: boolean }): void {
  if (yes) return;
  throw new TouchstoneError(
    'invalid-request',
    `${what} can not be undone, and is public for ever. Add --yes to do it.`,
  );
}

export interface StatementOptions {
  readonly statement?: string;
  readonly publish?: boolean;
}

/** A statement's file as JSON, or the hash of one whose words stay where they are. */
export function contentIn({ statement, publish }: StatementOptions): Record<string, unknown> {
  if (statement === undefined) return {};
  if (/^0x[0-9a-fA-F]{64}$/.test(statement)) return { contentHash: statement.toLowerCase() };
  const text = readFileSync(statement === '-' ? 0 : statement, 'utf8');
  const wanted = publish === undefined ? {} : { publish };
  try {
    return { statement: JSON.parse(text), ...wanted };
  } catch (error) {
    throw new TouchstoneError('invalid-json', `${statement} is not valid JSON: ${(error as Error).message}`);
  }
}

export async function report(
  config: Config,
  code: string,
  options: OwnerOptions & { stolen?: boolean; lost?: boolean },
): Promise<void> {
  if (options.stolen === options.lost) throw new TouchstoneError('invalid-request', 'Say either --stolen or --lost.');
  const piece = pathOf(code);
  const what = options.stolen ? 'stolen' : 'lost';
  const receipt = await bringAct(clientOf(config, options), { act: `report-${what}`, piece }, ownersOf(options));
  told(receipt, options, `${piece} is reported ${what}; for 90 days it does not move`);
}

/** Acts of the owner that say nothing more than their name. */
export async function ownerAct(
  config: Config,
  act: 'withdraw-report' | 'allow-recovery' | 'forbid-recovery',
  code: string,
  options: OwnerOptions,
): Promise<void> {
  const piece = pathOf(code);
  const words = {
    'withdraw-report': 'the report is withdrawn; it moves again',
    'allow-recovery': 'a lost key may be recovered',
    'forbid-recovery': 'nothing is recovered, and none is under way',
  }[act];
  told(await bringAct(clientOf(config, options), { act, piece }, ownersOf(options)), options, `${piece}: ${words}`);
}

/** Acts of anybody, when it is time. */
export async function anybodysAct(
  config: Config,
  act: 'lapse-report' | 'complete-recovery',
  code: string,
  options: ClientOptions,
): Promise<void> {
  const piece = pathOf(code);
  const words = act === 'lapse-report' ? 'the report’s block is over' : 'recovered; it is its owner’s new key’s';
  told(await bringAct(clientOf(config, options), { act, piece }), options, `${piece}: ${words}`);
}

export interface EndOptions extends OwnerOptions, StatementOptions {
  readonly batch?: string;
  readonly reason?: string;
  readonly yes?: boolean;
}

export async function end(config: Config, kind: string, code: string | undefined, options: EndOptions): Promise<void> {
  const about = subjectIn(code, options);
  sure(`That it was ${kind}`, options);
  const request =
    'batch' in about
      ? { act: 'end-batch', ...about, kind, words: reasonIn(options) }
      : { act: 'end', ...about, kind, ...contentIn(options) };
  const receipt = await bringAct(clientOf(config, options), request, ownersOf(options));
  told(receipt, options, `${nameOf(about)}: ${kind}`);
}

export interface NoticeOptions extends ClientOptions, StatementOptions {
  readonly batch?: string;
  readonly reason?: string;
  readonly yes?: boolean;
}

const NOTICES = {
  recall: { piece: 'recall', batch: 'recall-batch', words: 'recalled' },
  'lift-recall': { piece: 'lift-recall', batch: 'lift-batch-recall', words: 'the recall is lifted' },
  withdraw: { piece: 'withdraw-registration', batch: 'withdraw-batch', words: 'the registration is withdrawn' },
  correct: { piece: 'correct', batch: undefined, words: 'corrected' },
} as const;
export type Notice = keyof typeof NOTICES;

export async function notice(
  config: Config,
  name: Notice,
  code: string | undefined,
  options: NoticeOptions,
): Promise<void> {
  const about = subjectIn(code, options);
  const words = reasonIn(options);
  if (name === 'withdraw') sure('Withdrawing a registration', options);
  const { piece, batch, words: done } = NOTICES[name];
  const act = 'batch' in about ? batch : piece;
  if (act === undefined) throw new TouchstoneError('invalid-request', 'Pieces are corrected one by one.');
  const request = { act, ...about, words, ...contentIn(options) };
  told(await bringAct(clientOf(config, options), request), options, `${nameOf(about)}: ${done}`);
}

function reasonIn({ reason }: { reason?: string }): string {
  if (reason !== undefined) return reason;
  throw new TouchstoneError('invalid-request', 'Say why: --reason, public for ever.');
}

type About = { readonly piece: string } | { readonly batch: string };

function subjectIn(code: string | undefined, { batch }: { batch?: string }): About {
  if ((code === undefined) === (batch === undefined)) {
    throw new TouchstoneError('invalid-request', 'Name a piece by its code, or a batch by --batch.');
  }
  return batch === undefined ? { piece: pathOf(code as string) } : { batch };
}

const nameOf = (about: About) => ('batch' in about ? `batch ${about.batch}` : about.piece);

const RULINGS = {
  dismiss: { act: 'dismiss-reports', words: 'its reports are dismissed' },
  lock: { act: 'lock', words: 'locked' },
  unlock: { act: 'unlock', words: 'unlocked' },
  'cancel-recovery': { act: 'cancel-recovery', words: 'its recovery is cancelled' },
} as const;
export type Ruling = keyof typeof RULINGS;

export async function rule(
  config: Config,
  name: Ruling,
  code: string,
  options: ClientOptions & { reason: string },
): Promise<void> {
  const piece = pathOf(code);
  const { act, words } = RULINGS[name];
  const receipt = await bringAct(clientOf(config, options), { act, piece, words: options.reason });
  told(receipt, options, `${piece}: ${words}`);
}

export async function requestConsent(
  config: Config,
  kind: string,
  code: string,
  options: ClientOptions & StatementOptions & { until?: number },
): Promise<void> {
  const act = (CONSIGNMENT_KINDS as readonly string[]).includes(kind) ? 'request-consignment' : 'request-record';
  const deadline = options.until === undefined ? {} : { deadline: options.until };
  const request = { act, piece: pathOf(code), kind, ...contentIn(options), ...deadline };
  const receipt = await bringAct(clientOf(config, options), request);
  show(receipt, options, () => `asked for the owner’s consent\nrequest ${receipt['id']}`);
}

export async function beginRecovery(
  config: Config,
  code: string,
  options: ClientOptions & { to: string; arbiter: string; reason: string },
): Promise<void> {
  const client = clientOf(config, options);
  const arbiter = await recipientOf(client, options.arbiter);
  const request = { act: 'request-recovery', piece: pathOf(code), to: options.to, arbiter, words: options.reason };
  const receipt = await bringAct(client, request);
  show(receipt, options, () => `asked ${options.arbiter} to agree\nrequest ${receipt['id']}`);
}

const AGREED: Readonly<Record<string, string>> = {
  'request-record': 'record',
  'request-consignment': 'consign',
  'request-recovery': 'begin-recovery',
};

/** Signs what was asked for, as it was asked for. */
export async function agree(config: Config, id: string, acts: readonly string[], options: OwnerOptions): Promise<void> {
  const client = clientOf(config, options);
  const asked = await requestIn(client, id, acts);
  const { piece: _, ...fields } = asked['fields'] as Record<string, unknown>;
  const { tokenId } = asked['standing'] as { tokenId: string };
  const request = {
    ...fields,
    act: AGREED[String(asked['act'])] as string,
    piece: asked['path'] ?? tokenId,
    signatures: asked['signatures'],
  };
  say(`agreeing to this: ${JSON.stringify(fields)}`);
  told(await bringAct(client, request, ownersOf(options)), options, `agreed to ${lineOf(asked)}`);
}

async function requestIn(client: Client, id: string, acts: readonly string[]): Promise<Reply> {
  const asked = await client.get(`/api/v1/acts/${encodeURIComponent(id)}`);
  if (!acts.includes(String(asked['act']))) {
    throw new TouchstoneError('invalid-request', `${id} is no request to be signed in this way.`);
  }
  if (asked['state'] === 'kept') return asked;
  const message = `This request can not be agreed to any more: it is ${asked['state']}. Nothing was done.`;
  throw new TouchstoneError('not-applicable', message);
}

export async function decline(config: Config, id: string, options: ClientOptions & { reason?: string }): Promise<void> {
  const body = options.reason === undefined ? {} : { words: options.reason };
  const path = `/api/v1/acts/${encodeURIComponent(id)}/decline`;
  const receipt = await clientOf(config, options).post(path, body, randomUUID());
  show(receipt, options, () => `${lineOf(receipt)}`);
}

export async function listRequests(config: Config, acts: readonly string[], options: ClientOptions): Promise<void> {
  const page = await clientOf(config, options).get('/api/v1/acts');
  const items = (page['items'] as Reply[]).filter((item) => acts.includes(String(item['act'])));
  show({ items }, options, () => items.map(lineOf).join('\n') || 'no requests');
}

export async function showRequest(config: Config, id: string, options: ClientOptions): Promise<void> {
  const receipt = await clientOf(config, options).get(`/api/v1/acts/${encodeURIComponent(id)}`);
  process.stdout.write(`${JSON.stringify(receipt, null, 2)}\n`);
}

function lineOf({ id, state, act, path, fields }: Reply): string {
  const { kind = act } = fields as { kind?: string };
  return `${String(state).padEnd(9)} ${id}  ${kind} ${path ?? ''}`.trimEnd();
}
