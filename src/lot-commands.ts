// Owns the command line's commands about lots of material, clients of a running service. Amounts are converted here, exactly;
// what can't be is refused.
import { readFileSync } from 'node:fs';
import { bringAct, keyIn } from './act-client.ts';
import { recipientOf } from './act-commands.ts';
import { randomBytes } from './adapters/random.ts';
import type { Client, Reply } from './client.ts';
import { type ClientOptions, clientOf, pathOf, show } from './client-commands.ts';
import type { Config } from './config.ts';
import { TouchstoneError } from './core/errors.ts';
import { toHex } from './core/hash.ts';
import { type LotUnit, parseLot } from './core/lot.ts';
import { amountText, quantityIn } from './core/lot-amounts.ts';

export interface HolderOptions extends ClientOptions {
  /** The file with the holder's own key; without it the organisation's held key signs. */
  readonly ownerKey?: string;
}

const signedAs = (who: string, { ownerKey }: HolderOptions) =>
  ownerKey === undefined ? {} : { [who]: keyIn(ownerKey) };

function told(receipt: Reply, options: ClientOptions, lots: readonly string[]): void {
  const made = lots.length === 0 ? '' : `\n${lots.map((lot) => `lot ${lot}`).join('\n')}`;
  const done = `done (${receipt['state']})${made}\nreceipt ${receipt['id']}\ntransaction ${receipt['transaction']}`;
  show({ ...receipt, lots }, options, () => done);
}

/** The lots that came of one that was taken from, in the transaction of this receipt. */
async function lotsFrom(client: Client, lotId: string, receipt: Reply): Promise<string[]> {
  const lot = await client.get(`/api/v1/lots/${lotId}`);
  const steps = lot['steps'] as { transaction: string; into?: string[] }[];
  return steps.find(({ transaction }) => transaction === receipt['transaction'])?.into ?? [];
}

function statementIn(file: string): object {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error;
    throw new TouchstoneError('invalid-json', `${file} is no JSON.`);
  }
  const parsed = parseLot(value);
  if (parsed.ok) return parsed.statement;
  throw new TouchstoneError('invalid-request', `${file} is no statement of a lot.`, { faults: parsed.faults });
}

export async function declareLot(config: Config, file: string, options: HolderOptions): Promise<void> {
  const client = clientOf(config, options);
  const request = { act: 'declare-lot', statement: statementIn(file), salt: toHex(randomBytes(32)) };
  const organisation = options.ownerKey === undefined ? {} : { organisation: await ownAddress(client, options) };
  const receipt = await bringAct(client, { ...request, ...organisation }, signedAs('organisation', options));
  const [subject = ''] = receipt['subjects'] as string[];
  told(receipt, options, [subject.replace(/^lot /, '')]);
}

async function ownAddress(client: Client, { as: handle }: ClientOptions): Promise<string> {
  if (handle !== undefined) return recipientOf(client, handle);
  throw new TouchstoneError('invalid-request', 'With a key of your own, say whose it is: --as <handle>.');
}

export async function listLots(config: Config, options: ClientOptions & { all?: boolean }): Promise<void> {
  const page = await clientOf(config, options).get(`/api/v1/lots?limit=200&all=${options.all === true}`);
  const items = page['items'] as Reply[];
  const lineOf = (lot: Reply) =>
    `${lot['lotId']}  ${amountText(Number(lot['remaining']), lot['unit'] as LotUnit)} of ${amountText(Number(lot['quantity']), lot['unit'] as LotUnit)}  ${lot['title'] ?? lot['operation']}`;
  show(page, options, () => items.map(lineOf).join('\n') || 'no lots');
}

export async function showLot(config: Config, lotId: string, options: ClientOptions): Promise<void> {
  const lot = await clientOf(config, options).get(`/api/v1/lots/${encodeURIComponent(lotId)}`);
  const name = (who: unknown) => {
    const { handle, address } = who as { handle: string | null; address: string };
    return handle ?? address;
  };
  const unit = lot['unit'] as LotUnit;
  const steps = lot['steps'] as Reply[];
  show(lot, options, () =>
    [
      `lot ${lot['lotId']}: ${(lot['statement'] as Reply | null)?.['title'] ?? lot['operation']}`,
      `${amountText(Number(lot['remaining']), unit)} of ${amountText(Number(lot['quantity']), unit)} left, held by ${name(lot['holder'])}`,
      `${lot['operation']} by ${name(lot['by'])} at ${lot['at']}`,
      ...steps.map((step) =>
        step['kind'] === 'moved'
          ? `${step['at']} moved to ${name(step['to'])}`
          : `${step['at']} ${amountText(Number(step['quantity']), unit)} ${step['kind'] === 'drawn' ? `drawn for batch ${step['batchId']}` : step['operation']}`,
      ),
    ].join('\n'),
  );
}

export async function transferLot(config: Config, lot: string, to: string, options: HolderOptions): Promise<void> {
  const client = clientOf(config, options);
  const request = { act: 'transfer-lot', lot, to: await recipientOf(client, to) };
  told(await bringAct(client, request, signedAs('holder', options)), options, []);
}

/** @param amounts with their unit: 1.5kg, 200g, 30mg, 0.25ct, or a plain number of pieces */
export async function splitLot(
  config: Config,
  lot: string,
  amounts: readonly string[],
  options: HolderOptions,
): Promise<void> {
  const client = clientOf(config, options);
  const { unit } = await client.get(`/api/v1/lots/${encodeURIComponent(lot)}`);
  const quantities = amounts.map((amount) => quantityOf(amount, unit as LotUnit));
  const receipt = await bringAct(client, { act: 'split-lot', lot, quantities }, signedAs('holder', options));
  told(receipt, options, await lotsFrom(client, lot, receipt));
}

export async function mergeLots(config: Config, lots: readonly string[], options: HolderOptions): Promise<void> {
  const client = clientOf(config, options);
  const receipt = await bringAct(client, { act: 'merge-lots', lots }, signedAs('holder', options));
  told(receipt, options, await lotsFrom(client, lots[0] as string, receipt));
}

/** @param inputs each a lot and how much of it: 0x…=1.5kg */
export async function refineLots(
  config: Config,
  inputs: readonly string[],
  options: HolderOptions & { into: readonly string[] },
): Promise<void> {
  const client = clientOf(config, options);
  const taken = inputs.map((text) => {
    const [lot = '', amount = ''] = text.split('=');
    return { lot, quantity: quantityOf(amount, 'mg') };
  });
  const request = { act: 'refine-lots', inputs: taken, outputs: options.into.map(statementIn) };
  const receipt = await bringAct(client, request, signedAs('holder', options));
  told(receipt, options, await lotsFrom(client, taken[0]?.lot as string, receipt));
}

export async function returnPiece(
  config: Config,
  code: string,
  options: HolderOptions & { to?: string },
): Promise<void> {
  const client = clientOf(config, options);
  const to = options.to === undefined ? {} : { to: await recipientOf(client, options.to) };
  const request = { act: 'return-piece', piece: pathOf(code), ...to };
  told(await bringAct(client, request, signedAs('owner', options)), options, []);
}

function quantityOf(amount: string, unit: LotUnit): number {
  const quantity = quantityIn(amount, unit);
  if (quantity !== undefined) return quantity;
  const example = { mg: '1.5kg, 200g or 30mg', count: '12', 'carat-thousandths': '0.25ct' }[unit];
  throw new TouchstoneError(
    'invalid-request',
    `${amount} is no amount of this lot, such as ${example}. Nothing was done.`,
  );
}
