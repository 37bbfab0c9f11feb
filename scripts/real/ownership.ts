// Owns the run on a museum's chains of holders as ownership really changes hands: pieces pass to a dealer by the block, are
// claimed by card, handed over by one-time keys, stolen and given back, and recovered for who lost her key, on a chain
// whose clock the run sets. In the end every passport is compared with what was done, and evidence files are judged.
import { randomBytes } from 'node:crypto';
import { Wallet } from 'ethers';
import { type ActClient, bringAct, signaturesOf } from '../../src/act-client.ts';
import { type PrivateOwner, privateOwner } from '../../src/adapters/keys.ts';
import type { Signed } from '../../src/core/act.ts';
import { type CardSecret, cardKey, cardSecret } from '../../src/core/card.ts';
import { toHex } from '../../src/core/hash.ts';
import type { Passport } from '../../src/core/passport.ts';
import { SECRET_BYTES } from '../../src/core/secret-text.ts';
import { ownerEntries } from '../../src/core/timeline.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import { type ClockChain, startClockChain } from './clock-chain.ts';
import { type MuseumObject, type MuseumRecord, museumRecord } from './museum-record.ts';
import { type Api, freePorts, startService } from './service.ts';
import { inParallel, seconds, type Tally } from './tally.ts';

const IMPORT_PATH = '/api/v1/imports?format=ndjson&mode=root-only';
const IMPORT_MINUTES = 10;
const AT_ONCE = 12;
/** Of the chains of holders: each so many-th is disputed, or ends with a lost key. */
const DISPUTED = 6;
const LOST = 9;
/** An evidence file is judged of each so many-th. */
const JUDGED = 8;
const THIRTY_DAYS_AND_MORE_S = 31 * 24 * 60 * 60;
/** Pieces of the block that goes through the trade. */
const WHOLESALE = 256;

interface Entry {
  readonly number: number;
  readonly object: MuseumObject;
  readonly mapped: MuseumRecord;
  readonly card: CardSecret;
  path: string;
  /** Who owned it after the museum, in order: addresses in lower case. */
  readonly owners: string[];
  keeper: PrivateOwner | undefined;
}

interface Parties {
  readonly museum: Actor;
  readonly dealer: Actor;
  readonly arbiter: Actor;
  readonly anybody: ActClient;
}

interface Actor {
  readonly address: string;
  readonly api: Api;
  readonly client: ActClient;
}

export async function runOwnership(file: string, tally: Tally): Promise<void> {
  const since = performance.now();
  const [port = 0] = await freePorts(1);
  const chain = await startClockChain(port);
  try {
    const service = await startService(chain.url, chain.fund);
    try {
      console.log(`A ledger on a chain with a clock is ready at ${service.url} after ${seconds(since)}.`);
      const admit = async (handle: string, roles: readonly string[]): Promise<Actor> => {
        const api = await service.createOrganisation(handle, handle, roles);
        const { address } = await api.get<{ address: string }>(`/api/v1/organisations/${handle}`);
        return { address: address.toLowerCase(), api, client: clientOf(api) };
      };
      const museum = await admit('real-museum', ['maker', 'custodian']);
      const parties: Parties = {
        museum,
        dealer: await admit('real-dealer', ['reseller']),
        arbiter: await admit('real-arbiter', ['arbiter']),
        anybody: clientOf(museum.api.asAnybody()),
      };
      await live(entriesOf(file), parties, chain, tally);
    } finally {
      await service.stop();
    }
  } finally {
    await chain.stop();
  }
}

function entriesOf(file: string): Entry[] {
  const lines = file.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line, number) => {
    const object = JSON.parse(line) as MuseumObject;
    const card = cardSecret(randomBytes(SECRET_BYTES));
    return { number, object, mapped: museumRecord(object), card, path: '', owners: [], keeper: undefined };
  });
}

function clientOf(api: Api): ActClient {
  return {
    get: (path) => api.get(path),
    post: (path, body) => api.post(path, body),
  };
}

async function live(entries: Entry[], parties: Parties, chain: ClockChain, tally: Tally): Promise<void> {
  await register(entries, parties.museum.api, tally);
  const registered = entries.filter(({ path }) => path !== '');
  await toDealer(registered, parties, tally);
  const held = registered.filter(({ mapped }) => mapped.holders.length > 0);
  const changes = held.reduce((sum, { mapped }) => sum + mapped.holders.length, 0);
  console.log(`Claiming ${held.length} pieces by card, and handing them over: ${changes} changes of holder.`);
  const since = performance.now();
  let done = 0;
  await inParallel(held, AT_ONCE, async (entry) => {
    await tally.holds(`${entry.object.source_id} changes hands`, () => chainOf(entry, parties, tally));
    if (++done % 100 === 0) console.log(`  ${done} chains after ${seconds(since)}`);
  });
  console.log(`  ${done} chains after ${seconds(since)}`);
  await recover(
    held.filter(({ number }) => number % LOST === 0),
    parties,
    chain,
    tally,
  );
  await compare(registered, parties, tally);
}

async function register(entries: readonly Entry[], api: Api, tally: Tally): Promise<void> {
  console.log(`Registering ${entries.length} entries, each with a claim card.`);
  const body = entries.map(({ mapped, card }) =>
    JSON.stringify({ record: mapped.statement, claimKey: cardKey(card).address }),
  );
  const { id } = await api.sendFile(IMPORT_PATH, 'application/x-ndjson', `${body.join('\n')}\n`);
  const done = await api.importDone(id, IMPORT_MINUTES);
  tally.check(done.state === 'done' && done.final === entries.length, `import: ${JSON.stringify(done)}`);
  for (const { row, path } of await api.importedPieces(id)) {
    const entry = entries[row - 1];
    if (entry) entry.path = path;
  }
}

/** The first block of the first piece's batch goes to the dealer, and those of its pieces that have a place in it. */
async function toDealer(entries: readonly Entry[], { museum, dealer }: Parties, tally: Tally): Promise<void> {
  const [first] = entries;
  if (!first) return;
  const { batch } = await museum.api.get<Passport>(`/api/v1/pieces${first.path}`);
  const request = { act: 'pass-range', batch: batch?.id, part: 1, to: dealer.address };
  await tally.holds('a block passes to the dealer', () => bringAct(museum.client, request));
  await inParallel(entries, AT_ONCE, async (entry) => {
    const { batch: own } = await museum.api.get<Passport>(`/api/v1/pieces${entry.path}`);
    if (own?.id === batch?.id && (own?.index ?? WHOLESALE) < WHOLESALE) entry.owners.push(dealer.address);
  });
  const passed = entries.filter(({ owners }) => owners.length === 1).length;
  tally.check(passed === Math.min(WHOLESALE, batch?.count ?? 0), `${passed} pieces passed to the dealer`);
  console.log(`  ${passed} of them went to the dealer in one step`);
}

async function chainOf(entry: Entry, parties: Parties, tally: Tally): Promise<void> {
  for (const [step] of entry.mapped.holders.entries()) {
    const next = privateOwner(Wallet.createRandom().privateKey);
    if (step === 0) await claim(entry, parties, next);
    else await handOver(entry, parties, next);
    entry.owners.push(next.address.toLowerCase());
    entry.keeper = next;
    if (step === 0 && entry.number % DISPUTED === 0) await dispute(entry, parties, tally);
  }
}

async function claim({ path, card, owners }: Entry, parties: Parties, next: PrivateOwner): Promise<void> {
  const seller = owners.length > 0 ? parties.dealer : parties.museum;
  await bringAct(seller.client, { act: 'release', piece: path });
  const signer = privateOwner(toHex(cardKey(card).privateKey));
  const request = { act: 'claim', piece: path, to: next.address, recoverable: true };
  await bringAct(parties.anybody, request, { card: signer });
}

async function handOver({ path, keeper }: Entry, { anybody }: Parties, next: PrivateOwner): Promise<void> {
  const once = privateOwner(Wallet.createRandom().privateKey);
  const offer = { act: 'handover', piece: path, handoverKey: once.address };
  const { owner } = (await signaturesOf(anybody, offer, { owner: keeper as PrivateOwner })) as { owner: Signed };
  const request = {
    act: 'accept-handover',
    piece: path,
    to: next.address,
    handoverKey: once.address,
    signatures: { owner },
  };
  await bringAct(anybody, request, { key: once });
}

/** Reported stolen: it doesn't move. Then its owner takes that back, or an arbiter dismisses it. */
async function dispute(entry: Entry, parties: Parties, tally: Tally): Promise<void> {
  const { path, number } = entry;
  const owner = entry.keeper as PrivateOwner;
  const { anybody, arbiter } = parties;
  await bringAct(anybody, { act: 'report-stolen', piece: path }, { owner });
  const { headline } = await parties.museum.api.get<Passport>(`/api/v1/pieces${path}`);
  tally.check(headline === 'warning', `${path} was reported stolen and says ${headline}`);
  const thief = privateOwner(Wallet.createRandom().privateKey);
  const refused = await handOver(entry, parties, thief).then(
    () => undefined,
    (error: unknown) => String(error),
  );
  tally.check(/does not move until the report/.test(String(refused)), `a reported piece was handed over: ${refused}`);
  if (number % (2 * DISPUTED) === 0) await bringAct(anybody, { act: 'withdraw-report', piece: path }, { owner });
  else {
    const words = 'The piece was found; the report is settled.';
    await bringAct(arbiter.client, { act: 'dismiss-reports', piece: path, words });
  }
}

/** The last owners of some lost their keys and had allowed recovery: the museum asks, the arbiter agrees, time passes. */
async function recover(entries: Entry[], parties: Parties, chain: ClockChain, tally: Tally): Promise<void> {
  const { museum, arbiter, anybody } = parties;
  const since = performance.now();
  const begun: { entry: Entry; to: string }[] = [];
  await inParallel(entries, AT_ONCE, async (entry) => {
    // Recovery is allowed by whoever claims, and by nobody after: the last owner says so.
    const owner = entry.keeper as PrivateOwner;
    const to = Wallet.createRandom().address.toLowerCase();
    await tally.holds(`a recovery of ${entry.object.source_id} begins`, async () => {
      if (entry.mapped.holders.length > 1) {
        await bringAct(anybody, { act: 'allow-recovery', piece: entry.path }, { owner });
      }
      const asked = {
        piece: entry.path,
        to,
        arbiter: arbiter.address,
        words: 'She lost her telephone and its backup.',
      };
      await bringAct(museum.client, { act: 'request-recovery', ...asked });
      await bringAct(arbiter.client, { act: 'begin-recovery', organisation: museum.address, ...asked });
      const { headline } = await museum.api.get<Passport>(`/api/v1/pieces${entry.path}`);
      tally.check(headline === 'warning', `${entry.path} is being recovered and says ${headline}`);
      begun.push({ entry, to });
    });
  });
  await chain.passTime(THIRTY_DAYS_AND_MORE_S);
  await inParallel(begun, AT_ONCE, async ({ entry, to }) => {
    const request = { act: 'complete-recovery', piece: entry.path };
    await tally.holds(`${entry.object.source_id} is recovered`, () => bringAct(anybody, request));
    entry.owners.push(to);
  });
  console.log(
    `  ${begun.length} recovered for who lost her key, thirty days later by the chain, after ${seconds(since)}`,
  );
}

async function compare(entries: readonly Entry[], { museum }: Parties, tally: Tally): Promise<void> {
  const since = performance.now();
  console.log('Comparing every passport with what was done, and judging evidence files.');
  let judged = 0;
  await inParallel(entries, AT_ONCE, async ({ path, owners, number, object }) => {
    const passport = await museum.api.get<Passport>(`/api/v1/pieces${path}`);
    const shown = ownerEntries(passport.timeline).map(({ to }) => to.address.toLowerCase());
    const expected = [museum.address, ...owners];
    tally.check(shown.join() === expected.join(), `${object.source_id}: owners ${shown}, not ${expected}`);
    tally.check(passport.headline === 'genuine-record', `${object.source_id}: ${passport.headline}`);
    if (number % JUDGED !== 0) return;
    const evidence = await museum.api.get(`/api/v1/pieces${path}/evidence`);
    const verdict = await museum.api.post<Verdict>('/api/v1/verify', { evidence });
    const wrong = verdict.checks.filter(({ result }) => result === 'fail');
    tally.check(verdict.headline === 'genuine-record', `${path}: ${verdict.headline} ${JSON.stringify(wrong)}`);
    judged++;
  });
  console.log(`  ${entries.length} compared, ${judged} evidence files judged after ${seconds(since)}`);
}
