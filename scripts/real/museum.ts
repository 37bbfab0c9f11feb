// Owns the run on a museum's jewellery: every entry registered, its holders replayed as real transfers between keys made
// here, and every page compared with its source word by word. How an entry becomes a record is museum-record.ts.
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Wallet } from 'ethers';
import type { Passport } from '../../src/core/passport.ts';
import { ownerEntries } from '../../src/core/timeline.ts';
import { missingFrom, visibleText } from './museum-missing.ts';
import { type MuseumObject, type MuseumRecord, museumRecord } from './museum-record.ts';
import type { Api, OwnService } from './service.ts';
import { inParallel, seconds, type Tally } from './tally.ts';

const HANDLE = 'real-museum';
const NAME = 'A Museum';
/** Declared holders may be living people: only fingerprints of such records go on the chain. */
const IMPORT_PATH = '/api/v1/imports?format=ndjson&mode=root-only';
const IMPORT_MINUTES = 10;
const CHAINS_AT_ONCE = 32;
const READS_AT_ONCE = 8;
const POLL_MS = 250;
const TRANSFER_MS = 120_000;

interface Entry {
  readonly object: MuseumObject;
  readonly mapped: MuseumRecord;
  path: string;
  /** Who came to own the piece after the museum's organisation, in order. */
  readonly owners: Wallet[];
}

export async function runMuseum(service: OwnService, file: string, tally: Tally): Promise<void> {
  const lines = file.split('\n').filter((line) => line.trim() !== '');
  const entries = lines.map((line): Entry => {
    const object = JSON.parse(line) as MuseumObject;
    return { object, mapped: museumRecord(object), path: '', owners: [] };
  });
  const api = await service.createOrganisation(HANDLE, NAME);
  await register(api, entries, tally);
  const registered = entries.filter((entry) => entry.path !== '');
  await replay(api, registered, tally);
  await compare(api, registered, tally);
  console.log(`The service asked to come back later ${api.waits} times.`);
}

async function register(api: Api, entries: readonly Entry[], tally: Tally): Promise<void> {
  const since = performance.now();
  console.log(`Registering ${entries.length} entries.`);
  const body = `${entries.map(({ mapped }) => JSON.stringify(mapped.statement)).join('\n')}\n`;
  const { id } = await api.sendFile(IMPORT_PATH, 'application/x-ndjson', body);
  const done = await api.importDone(id, IMPORT_MINUTES);
  const pieces = await api.importedPieces(id);
  for (const { row, path } of pieces) {
    const entry = entries[row - 1];
    if (entry) entry.path = path;
  }
  tally.check(done.state === 'done' && done.final === entries.length, `import: ${JSON.stringify(done)}`);
  for (const { object, path } of entries) tally.check(path !== '', `${object.source_id} was not registered`);
  if (done.rejected > 0) console.log(await api.text(`/api/v1/imports/${id}/rejected`));
  console.log(`  ${pieces.length} registered and final after ${seconds(since)}`);
}

async function replay(api: Api, entries: readonly Entry[], tally: Tally): Promise<void> {
  const since = performance.now();
  const total = entries.reduce((sum, entry) => sum + entry.mapped.holders.length, 0);
  console.log(`Passing the pieces on: ${total} changes of holder.`);
  let moved = 0;
  await inParallel(entries, CHAINS_AT_ONCE, async (entry) => {
    for (const step of entry.mapped.holders) {
      const previous = entry.owners.at(-1);
      const next = new Wallet(`0x${randomBytes(32).toString('hex')}`);
      const refusal = await passOn(api, entry.path, previous, next.address);
      tally.check(refusal === undefined, `${entry.object.source_id}, "${step.text}": ${refusal}`);
      if (refusal !== undefined) return;
      entry.owners.push(next);
      if (++moved % 250 === 0) console.log(`  ${moved} passed on after ${seconds(since)}`);
    }
  });
  console.log(`  ${moved} of ${total} passed on after ${seconds(since)}`);
}

interface Prepared {
  readonly typedData: {
    readonly domain: Record<string, unknown>;
    readonly types: Record<string, { name: string; type: string }[]>;
    readonly message: Record<string, unknown>;
  };
  readonly moves: number;
  readonly deadline: number;
}

interface TransferState {
  readonly id: string;
  readonly state: 'accepted' | 'sealed' | 'anchored' | 'final' | 'failed';
  readonly error?: unknown;
}

/** Moves a piece; the organisation's own key signs where there is no previous owner. Why not, if it failed. */
async function passOn(api: Api, path: string, from: Wallet | undefined, to: string): Promise<string | undefined> {
  try {
    const signature = from === undefined ? {} : await signed(api, path, from, to);
    let transfer = await api.post<TransferState>('/api/v1/transfers', { path, to, ...signature });
    const until = performance.now() + TRANSFER_MS;
    while (transfer.state !== 'final' && transfer.state !== 'failed') {
      if (performance.now() > until) return `not final after ${TRANSFER_MS / 1000} s: ${JSON.stringify(transfer)}`;
      await wait(POLL_MS);
      transfer = await api.get<TransferState>(`/api/v1/transfers/${transfer.id}`);
    }
    return transfer.state === 'final' ? undefined : JSON.stringify(transfer.error);
  } catch (error) {
    return (error as Error).message;
  }
}

async function signed(api: Api, path: string, from: Wallet, to: string) {
  const query = new URLSearchParams({ path, to });
  const { typedData, moves, deadline } = await api.get<Prepared>(`/api/v1/transfers/prepare?${query}`);
  const { EIP712Domain: _, ...types } = typedData.types;
  const signature = await from.signTypedData(typedData.domain, types, typedData.message);
  return { signature, moves, deadline };
}

async function compare(api: Api, entries: readonly Entry[], tally: Tally): Promise<void> {
  const since = performance.now();
  console.log('Comparing every passport and every page with its source.');
  await inParallel(entries, READS_AT_ONCE, async ({ object, path, owners }) => {
    const passport = await api.get<Passport>(`/api/v1/pieces${path}`);
    const page = await api.page(path);
    const name = object.source_id;
    const expected = [passport.registrant.address, ...owners.map((owner) => owner.address)].map(lower);
    const shown = ownerEntries(passport.timeline).map((entry) => lower(entry.to.address));
    tally.check(passport.registrant.handle === HANDLE && passport.state === 'final', `${name}: ${passport.state}`);
    tally.check(shown.join() === expected.join(), `${name}: the passport's chain is ${shown}, not ${expected}`);
    const told = ownersOnPage(page);
    const numbers = expected.map((_address, i) => i + 1);
    tally.check(told.join() === numbers.join(), `${name}: the page's timeline tells owners ${told}, not ${numbers}`);
    const missing = missingFrom(object, visibleText(page));
    tally.check(missing.length === 0, `${name}: the page lacks ${JSON.stringify(missing)}`);
  });
  console.log(`  ${entries.length} compared after ${seconds(since)}`);
}

const lower = (address: string) => address.toLowerCase();

/** The numbers of the owners that a page's timeline tells, in its order: the first is whoever registered the piece. */
export function ownersOnPage(page: string): number[] {
  const timeline = /<ol class="timeline">([\s\S]*?)<\/ol>/.exec(page)?.[1] ?? '';
  return timeline
    .split('<li>')
    .slice(1)
    .map((entry) => {
      const words = visibleText(entry);
      if (/\b(?:Registered|Recorded) by\b/.test(words)) return 1;
      return Number(/\bowner (\d+)\b/.exec(words)?.[1] ?? Number.NaN);
    });
}
