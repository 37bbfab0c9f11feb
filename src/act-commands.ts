// Owns the command line's commands about cards in use, claims, handovers and ranges, all of them clients of a running
// service. Secrets are read from files and used here; nothing sends, prints or logs one.
import { readFileSync, writeFileSync } from 'node:fs';
import { bringAct, keyIn, type Owners, signaturesOf } from './act-client.ts';
import { type PrivateOwner, privateOwner } from './adapters/keys.ts';
import { randomBytes } from './adapters/random.ts';
import type { Client, Reply } from './client.ts';
import { type ClientOptions, clientOf, pathOf, say, show } from './client-commands.ts';
import type { Config } from './config.ts';
import type { Signed } from './core/act.ts';
import { cardKey } from './core/card.ts';
import { readCard } from './core/card-address.ts';
import { codePath } from './core/code.ts';
import { TouchstoneError } from './core/errors.ts';
import { toHex } from './core/hash.ts';

export interface OwnerOptions extends ClientOptions {
  /** The file with the owner's own key; without it the organisation's held key signs. */
  readonly ownerKey?: string;
  readonly until?: string;
}

export const ownersOf = ({ ownerKey }: OwnerOptions): Owners =>
  ownerKey === undefined ? {} : { owner: keyIn(ownerKey) };

/** A day counts to its end in UTC. */
function deadlineIn({ until }: OwnerOptions): { deadline?: number } {
  if (until === undefined) return {};
  const start = /^\d{4}-\d{2}-\d{2}$/.test(until) ? Date.parse(`${until}T00:00:00Z`) : Number.NaN;
  if (!Number.isNaN(start)) return { deadline: start / 1000 + 24 * 60 * 60 };
  throw new TouchstoneError('invalid-request', `${until} is no day such as 2027-01-31.`);
}

export function told(receipt: Reply, options: ClientOptions, what: string): void {
  const where = receipt['transaction'] ? `\ntransaction ${receipt['transaction']}` : '';
  show(receipt, options, () => `${what} (${receipt['state']})\nreceipt ${receipt['id']}${where}`);
}

/** An address as it is, or an organisation by its handle. */
export async function recipientOf(client: Client, text: string): Promise<string> {
  if (/^0x[0-9a-fA-F]{40}$/.test(text)) return text;
  return String((await client.get(`/api/v1/organisations/${encodeURIComponent(text)}`))['address']);
}

export async function releasePiece(config: Config, code: string, options: OwnerOptions): Promise<void> {
  const piece = pathOf(code);
  const request = { act: 'release', piece, ...deadlineIn(options) };
  const owners = options.ownerKey === undefined ? {} : { release: keyIn(options.ownerKey) };
  told(await bringAct(clientOf(config, options), request, owners), options, `${piece} may be claimed by its card`);
}

export async function setCard(config: Config, code: string, options: OwnerOptions & { key: string }): Promise<void> {
  const piece = pathOf(code);
  const request = { act: 'set-card', piece, claimKey: options.key };
  const receipt = await bringAct(clientOf(config, options), request, ownersOf(options));
  told(receipt, options, `${piece} has a fresh card; the one before works no more`);
}

export interface ClaimOptions extends ClientOptions {
  readonly to: string;
  readonly secretFile?: string;
  readonly recoverable?: boolean;
}

/** @param card a card's whole address, or the piece's code with the secret in a file */
export async function claim(config: Config, card: string, options: ClaimOptions): Promise<void> {
  const { secretFile, to, recoverable = false } = options;
  const text = secretFile === undefined ? card : readFileSync(secretFile === '-' ? 0 : secretFile, 'utf8');
  const read = readCard(text);
  if (!read.ok) throw new TouchstoneError('invalid-code', `The card can not be used: ${read.reason}.`);
  const piece = secretFile === undefined && read.code ? codePath(read.code) : pathOf(card);
  if (secretFile !== undefined && read.code && codePath(read.code) !== piece) {
    throw new TouchstoneError('invalid-code', `The card in ${secretFile} is another piece’s. Nothing was done.`);
  }
  const signer = privateOwner(toHex(cardKey(read.secret).privateKey));
  const request = { act: 'claim', piece, to, recoverable };
  told(await bringAct(clientOf(config, options), request, { card: signer }), options, `${piece} is now ${to}’s`);
}

/** What a handover file holds: whoever has it can take the piece until the deadline. */
interface HandoverFile {
  readonly schema: 'touchstone/handover/1';
  readonly piece: string;
  readonly key: string;
  readonly owner: Signed;
}

/** Draws the one-time key here; the owner signs that it may say where the piece goes. */
export async function makeHandover(config: Config, code: string, file: string, options: OwnerOptions): Promise<void> {
  const client = clientOf(config, options);
  const piece = pathOf(code);
  const key = toHex(randomBytes(32));
  const request = { act: 'handover', piece, handoverKey: privateOwner(key).address, ...deadlineIn(options) };
  const owners = ownersOf(options);
  const kept = options.ownerKey === undefined ? await bringAct(client, request) : undefined;
  const signatures = kept
    ? (kept['signatures'] as Record<string, Signed>)
    : await signaturesOf(client, request, owners);
  const offer: HandoverFile = { schema: 'touchstone/handover/1', piece, key, owner: signatures['owner'] as Signed };
  writeFileSync(file, `${JSON.stringify(offer, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  const until = new Date(offer.owner.deadline * 1000).toISOString();
  show({ file, piece, until, id: kept?.['id'] ?? null }, options, () => `${file}: whoever has it can take ${piece}`);
  say(`good until ${until}; it ends when the piece moves, or by: touchstone handover withdraw ${piece}`);
}

export async function acceptHandover(
  config: Config,
  file: string,
  options: ClientOptions & { to: string },
): Promise<void> {
  const { piece, key, owner } = handoverIn(file);
  const request = { act: 'accept-handover', piece, to: options.to, handoverKey: key.address, signatures: { owner } };
  told(await bringAct(clientOf(config, options), request, { key }), options, `${piece} is now ${options.to}’s`);
}

function handoverIn(file: string): { piece: string; key: PrivateOwner; owner: Signed } {
  try {
    const offer = JSON.parse(readFileSync(file, 'utf8')) as HandoverFile;
    if (offer.schema === 'touchstone/handover/1') {
      return { piece: pathOf(offer.piece), key: privateOwner(offer.key), owner: offer.owner };
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error;
  }
  throw new TouchstoneError('invalid-file', `${file} is no handover (touchstone handover make).`);
}

export async function withdrawHandovers(config: Config, code: string, options: OwnerOptions): Promise<void> {
  const piece = pathOf(code);
  const request = { act: 'withdraw-handovers', piece };
  const receipt = await bringAct(clientOf(config, options), request, ownersOf(options));
  told(receipt, options, `every handover and release of ${piece} is worthless`);
}

export async function passRange(
  config: Config,
  batch: string,
  to: string,
  options: OwnerOptions & { block?: string },
): Promise<void> {
  const client = clientOf(config, options);
  const part = options.block === undefined ? 0 : Number(options.block);
  const request = { act: 'pass-range', batch, part, to: await recipientOf(client, to) };
  const receipt = await bringAct(client, request, ownersOf(options));
  told(receipt, options, `${part === 0 ? 'the batch' : `block ${part}`} passed on to ${to}`);
}
