// Owns lots under a test's hand: lots on the fake chain, pieces made of them, the ledger's steps in the sequencer's order,
// and what has to hold of lots and draws whatever happened.
import { expect } from 'chai';
import type { BatchId } from '../../src/core/batch.ts';
import { type Happening, isBefore, type Placed } from '../../src/core/events.ts';
import type { Hex32 } from '../../src/core/hash.ts';
import { headerOfLot, type LotHeader, type LotId, type LotStatement, lotIdOf, parentsOf } from '../../src/core/lot.ts';
import { forwardActs } from '../../src/ledger/act-orders.ts';
import { anchorNext } from '../../src/ledger/anchor.ts';
import { drawNext } from '../../src/ledger/draws.ts';
import { asOfAt } from '../../src/ledger/find.ts';
import { indexNext, readCursor } from '../../src/ledger/indexer.ts';
import { lotAsItStands } from '../../src/ledger/lot-standings.ts';
import { dropIndex, rebuildIndex } from '../../src/ledger/reindex.ts';
import { relay } from '../../src/ledger/relay.ts';
import { sealNext } from '../../src/ledger/seal.ts';
import type { Ledger } from '../../src/ports.ts';
import type { FakeChain } from './fake-chain.ts';
import { lotAfter } from './fake-lots.ts';
import type { Json } from './ledger.ts';
import { accept, addressOf, indexOf, wiped } from './ledger-parts.ts';

export const GRAIN: LotStatement = {
  schema: 'touchstone/lot/1',
  language: 'en',
  title: 'Grain',
  material: { type: 'metal', metal: 'gold' },
  finenessPerMillion: 999_900,
  unit: 'mg',
  quantity: 10_000,
  origin: { country: 'PE' },
  custody: 'mass-balance',
};

/** Of 4 g of 750, in milligrams of grain: 3,000.3, rounded up. */
export const TAKEN = 3_001;

export const saltOf = (n: number): Hex32 => `0x${n.toString(16).padStart(64, '0')}`;

/** Tables that hold anything in these tests besides what an organisation is. */
const USED = [
  'settings, blocks, organisation_events, pieces, unsealed, batches, members, payloads, anchors, parts, transactions',
  'acts, certificate_contents, lots, lot_events, piece_returns, lot_needs, batch_masses',
].flatMap((names) => names.split(', '));

/** The ledger on another chain, with nothing in it but accounts and their keys: quicker than a new database. */
export async function cleared(ledger: Ledger, chain: FakeChain): Promise<Ledger> {
  const parts = USED.map((name) => `of_${name} AS (DELETE FROM ${name})`);
  await ledger.db.query(`WITH ${parts.join(', ')} SELECT 1`);
  return { ...ledger, chain };
}

/** A lot as somebody else's relayer declares it. */
export function declaration(organisation: string, n: number, quantity = GRAIN.quantity): Happening & { kind: 'lot' } {
  const header: LotHeader = headerOfLot(organisation, { ...GRAIN, quantity }, { salt: saltOf(n) });
  return { kind: 'lot', lotId: lotIdOf(header), header, operation: 0, key: addressOf('key') };
}

export const lotNow = (chain: FakeChain, lotId: LotId) => lotAfter(chain.everything(), lotId);

/** As somebody else's relayer brings it to the chain. */
export function passedOn(chain: FakeChain, lotId: LotId, to: string): Happening {
  const { holder: from = '', events = 0 } = lotNow(chain, lotId) ?? {};
  return { kind: 'lot-moved', lotId, number: events + 1, from, to, key: addressOf('key') };
}

/** As somebody else's relayer brings it to the chain; nothing if so much does not remain. */
export function divided(chain: FakeChain, lotId: LotId, quantity: number): Happening[] {
  const lot = lotNow(chain, lotId);
  if (!lot || lot.remaining < quantity) return [];
  const [parents, key] = [parentsOf([lotId]), addressOf('key')];
  const header = { ...lot.header, organisation: lot.holder, quantity, parents, salt: saltOf(lot.events) };
  return [
    { kind: 'lot-consumed', lotId, number: lot.events + 1, parents, operation: 1, quantity, key },
    { kind: 'lot', lotId: lotIdOf(header), header, operation: 1, key },
  ];
}

/** Accepts a piece with 4 g of gold of 750 from each of these lots. */
export function acceptFrom(ledger: Ledger, organisation: string, title: string, ...lots: LotId[]): Promise<Json> {
  const materials = lots.map((lot) => ({
    type: 'metal' as const,
    metal: 'gold' as const,
    fineness: 750,
    massMg: 4_000,
    recycledShare: 'unknown' as const,
    origin: 'unknown' as const,
    custody: 'unknown' as const,
    lot,
  }));
  return accept(ledger, organisation, title, { materials } as never);
}

/** What the leader's loops do, once each and one after the other; every piece is a batch of its own. */
export async function work(ledger: Ledger): Promise<void> {
  while (await sealNext(ledger, { afterMs: 0, maxCount: 1 }));
  const cursor = await readCursor(ledger.db);
  await drawNext(ledger, cursor);
  await anchorNext(ledger);
  await forwardActs(ledger, cursor.number);
  await relay(ledger);
}

/** Works, and whatever was sent is mined and seen. */
export async function round(ledger: Ledger, chain: FakeChain): Promise<void> {
  await work(ledger);
  chain.mine();
  while (await indexNext(ledger));
  await relay(ledger);
  await forwardActs(ledger, (await readCursor(ledger.db)).number);
}

/** As after the time that lets the relayer send again what nobody mined. */
export async function forgetSending(ledger: Ledger): Promise<void> {
  await ledger.db.query('UPDATE transactions SET sent_at = NULL WHERE block IS NULL');
}

export async function happened<K extends Happening['kind']>(chain: FakeChain, kind: K) {
  const events = await chain.events(0, chain.height);
  return events.filter((event): event is Extract<(typeof events)[number], { kind: K }> => event.kind === kind);
}

export async function drawnFor(chain: FakeChain, batchId: string): Promise<number> {
  const draws = await happened(chain, 'lot-drawn');
  return draws.filter((one) => one.batchId === batchId).reduce((sum, one) => sum + one.quantity, 0);
}

/** Batches sealed here, and what their records say they take of lots. */
export function batchesOf(ledger: Ledger): Promise<{ id: BatchId; lot: LotId; takes: number; anchored: boolean }[]> {
  return ledger.db.query(
    `SELECT b.batch_id AS id, m.lot_id AS lot, ceil(m.fine / 999900)::bigint AS takes,
       EXISTS (SELECT 1 FROM anchors a WHERE a.batch_no = b.no) AS anchored
     FROM batches b JOIN batch_masses m ON m.batch_no = b.no WHERE b.sealed_here ORDER BY b.no, m.lot_id`,
  );
}

/** No batch has drawn more than it takes, and where `all` is said, none less and all are registered, once. */
export async function expectDrawnOnce(ledger: Ledger, chain: FakeChain, all = true): Promise<void> {
  const draws = await happened(chain, 'lot-drawn');
  const registered = await happened(chain, 'batch');
  expect(new Set(registered.map(({ batchId }) => batchId)).size).to.equal(registered.length);
  for (const { id, lot, takes, anchored } of await batchesOf(ledger)) {
    const own = draws.filter((one) => one.batchId === id && one.lotId === lot);
    const sum = own.reduce((whole, one) => whole + one.quantity, 0);
    expect(sum, `drawn for ${id}`).to.be.at.most(takes);
    if (!all) continue;
    expect([sum, anchored], `drawn for ${id}, and registered`).to.deep.equal([takes, true]);
    const place = registered.find(({ batchId }) => batchId === id) as Placed;
    expect(own.every((one) => isBefore(one, place))).to.equal(true, 'registered behind its draws');
  }
}

/** What was declared is what was taken and what remains: by the chain's events, its own word, and the index. */
export async function expectBalance(ledger: Ledger, chain: FakeChain): Promise<void> {
  const asOf = asOfAt(chain, await readCursor(ledger.db));
  const events = await chain.events(0, chain.height);
  const lots = await happened(chain, 'lot');
  const rows = await ledger.db.query<{ id: string }>('SELECT lot_id AS id FROM lots ORDER BY block, log_index');
  expect(rows.map(({ id }) => id)).to.deep.equal(lots.map(({ lotId }) => lotId));
  for (const { lotId, header } of lots) {
    const taken = events.reduce((sum, one) => {
      const isTaken = (one.kind === 'lot-drawn' || one.kind === 'lot-consumed') && one.lotId === lotId;
      return isTaken ? sum + one.quantity : sum;
    }, 0);
    const now = await chain.lotOf(lotId);
    expect(taken + (now?.remaining ?? 0)).to.equal(header.quantity);
    const told = await lotAsItStands(ledger.db, asOf, lotId);
    expect(told).to.deep.include({ remaining: now?.remaining, complete: true });
    expect(told?.holder.address).to.equal(now?.holder);
  }
}

/** Whoever reads this chain from its start knows the same, and so does this ledger once it has read it again. */
export async function expectSameAnew(ledger: Ledger, emptied: Ledger): Promise<void> {
  const fresh = await wiped(emptied, ledger.chain);
  while (await indexNext(fresh));
  const told = await fromChain(ledger);
  expect(await fromChain(fresh)).to.deep.equal(told);
  await dropIndex(ledger);
  await rebuildIndex(ledger, () => {});
  expect(await fromChain(ledger)).to.deep.equal(told);
}

async function fromChain(ledger: Ledger): Promise<Json> {
  const { anchors, lots, lotEvents, returns } = await indexOf(ledger);
  return { anchors, lots, lotEvents, returns };
}
