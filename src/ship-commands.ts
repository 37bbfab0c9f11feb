// Owns the command line's commands about shipments between organisations, clients of a running service.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { recipientOf } from './act-commands.ts';
import type { Client, Reply } from './client.ts';
import { type ClientOptions, clientOf, pathOf, show } from './client-commands.ts';
import type { Config } from './config.ts';
import { type ErrorCode, TouchstoneError } from './core/errors.ts';

const POLL_MS = 300;

export interface ShipOptions extends ClientOptions {
  readonly file?: string;
  readonly batch: readonly string[];
  readonly note?: string;
}

/** @param codes the pieces; more may stand in a file, one a line */
export async function makeShipment(
  config: Config,
  to: string,
  codes: readonly string[],
  options: ShipOptions,
): Promise<void> {
  const client = clientOf(config, options);
  const listed = options.file === undefined ? [] : readFileSync(options.file, 'utf8').split(/\r?\n/);
  const pieces = [...codes, ...listed.map((line) => line.trim()).filter((line) => line !== '')].map(pathOf);
  const ranges = options.batch.map((text) => {
    const [batch, part = '0'] = text.split('/');
    return { batch, part: Number(part) };
  });
  const { note } = options;
  const body = { to: await recipientOf(client, to), pieces, ranges, ...(note === undefined ? {} : { note }) };
  tell(await client.post('/api/v1/shipments', body, randomUUID()), options);
}

export type Step = 'accept' | 'decline' | 'withdraw' | 'return';

/** Takes the step, and stays until what moves has arrived. */
export async function stepOfShipment(config: Config, step: Step, id: string, options: ClientOptions): Promise<void> {
  const client = clientOf(config, options);
  const path = `/api/v1/shipments/${encodeURIComponent(id)}/${step}`;
  tell(await arrived(client, await client.post(path, {}, randomUUID())), options);
}

async function arrived(client: Client, reply: Reply): Promise<Reply> {
  let now = reply;
  while (now['state'] === 'accepted') {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    now = await client.get(`/api/v1/shipments/${now['id']}`);
  }
  const acts = now['acts'] as { error: { code: ErrorCode; detail: string } | null }[];
  const failed = acts.find(({ error }) => error !== null)?.error;
  if (failed) throw new TouchstoneError(failed.code, `Some of it did not arrive. ${failed.detail}`);
  return now;
}

export async function listShipments(config: Config, options: ClientOptions): Promise<void> {
  const page = await clientOf(config, options).get('/api/v1/shipments');
  const items = page['items'] as Reply[];
  show(page, options, () => items.map(lineOf).join('\n') || 'no shipments');
}

function tell(shipment: Reply, options: ClientOptions): void {
  show(shipment, options, () => lineOf(shipment));
}

function lineOf({ id, state, from, to, count, note }: Reply): string {
  const name = (side: unknown) => {
    const { handle, address } = side as { handle: string | null; address: string };
    return handle ?? address;
  };
  const what = `${count} pieces${note ? `, ${note}` : ''}`;
  return `${String(state).padEnd(9)} ${id}  ${name(from)} to ${name(to)}: ${what}`;
}
