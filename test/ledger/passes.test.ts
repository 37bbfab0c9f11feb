// Pieces that change hands with their range, on a chain that a test makes up: what the index keeps of it, what passports
// and evidence files tell, and that blocks taken back, or read anew, leave nothing behind.
import { expect } from 'chai';
import type { PieceCode } from '../../src/core/code.ts';
import { judge } from '../../src/core/verdict.ts';
import type { Caller } from '../../src/ledger/accounts.ts';
import { evidenceOf } from '../../src/ledger/evidence.ts';
import { passportOf } from '../../src/ledger/find.ts';
import { dropIndex, rebuildIndex } from '../../src/ledger/reindex.ts';
import { relay } from '../../src/ledger/relay.ts';
import { checkTransfer, readTransfer, storeTransfer } from '../../src/ledger/transfers.ts';
import type { Ledger } from '../../src/ports.ts';
import { FakeChain } from '../support/fake-chain.ts';
import type { Json } from '../support/ledger.ts';
import {
  accept,
  addressOf,
  admitOn,
  type Databases,
  indexAll,
  indexOf,
  send,
  settle,
  startDatabases,
} from '../support/ledger-parts.ts';

describe('a batch that passes on with its pieces', function () {
  this.timeout(240_000);
  let databases: Databases;
  let chain: FakeChain;
  let ledger: Ledger;
  let maker: string;
  let shop: string;
  let branch: string;
  /** By index in the batch. */
  let codes: PieceCode[];
  let batchId: string;

  before(async () => {
    databases = await startDatabases();
  });
  after(() => databases.stop());
  afterEach(() => databases.closeAll());
  beforeEach(async () => {
    chain = new FakeChain();
    ledger = await databases.ledger(chain);
    maker = await admitOn(ledger, chain, 'atelier-lune');
    shop = await admitOn(ledger, chain, 'maison-verre');
    branch = await admitOn(ledger, chain, 'boutique-nord');
    codes = await batchOf(['Cup', 'Bowl', 'Spoon', 'Plate']);
    batchId = (await passport(0)).batch.id;
  });

  async function batchOf(titles: readonly string[]): Promise<PieceCode[]> {
    const accepted: PieceCode[] = [];
    for (const title of titles) accepted.push(await accept(ledger, maker, title));
    await settle(ledger, chain);
    const places = await Promise.all(accepted.map((code) => passportOf(ledger.db, ledger.chain, code)));
    expect(new Set(places.map((place) => place?.batch?.id)).size).to.equal(1);
    return accepted.toSorted((a, b) => {
      const [first, second] = [a, b].map((code) => places[accepted.indexOf(code)]?.batch?.index as number);
      return (first as number) - (second as number);
    });
  }

  const passport = (index: number): Promise<Json> =>
    passportOf(ledger.db, ledger.chain, codes[index] as PieceCode) as Promise<Json>;
  const pass = (first: number, last: number, from: string, to: string) =>
    chain.extend({ kind: 'run', batchId: batchId as never, first, last, from, to });
  const evidence = async (index: number) => {
    const { tokenId } = await passport(index);
    return (await evidenceOf(ledger.db, ledger.chain, tokenId)) as NonNullable<Awaited<ReturnType<typeof evidenceOf>>>;
  };
  const first = { number: 1, address: addressOf('atelier-lune'), organisation: 'atelier-lune' };
  const second = { number: 2, address: addressOf('maison-verre'), organisation: 'maison-verre' };
  const third = { number: 3, address: addressOf('boutique-nord'), organisation: 'boutique-nord' };

  it('shows in the passports of its pieces, with its holders by name, before and after they move', async () => {
    const { number, time } = pass(0, 2, maker, shop);
    pass(0, 2, shop, branch);
    chain.extend({ kind: 'move', tokenId: (await passport(1)).tokenId, from: branch, to: addressOf('ada') });
    chain.finalized = number;
    await indexAll(ledger);
    const inRange = await passport(0);
    expect(inRange.keeper).to.deep.equal(third);
    expect(inRange.timeline.map((entry: Json) => entry.to)).to.deep.equal([first, second, third]);
    expect(inRange.timeline[1]).to.deep.include({
      kind: 'moved',
      block: number,
      at: new Date(time * 1000).toISOString().replace('.000Z', 'Z'),
      final: true,
    });
    expect(inRange.timeline[2].final).to.equal(false);
    expect(inRange.headline).to.equal('genuine-record');
    const left = await passport(1);
    expect(left.timeline.map((entry: Json) => entry.to)).to.deep.equal([
      first,
      second,
      third,
      { number: 4, address: addressOf('ada') },
    ]);
  });

  it('leaves alone pieces outside its runs, and those of other batches', async () => {
    const [, other] = await batchOf(['Cup of another batch', 'Bowl of another batch']);
    pass(1, 2, maker, shop);
    await indexAll(ledger);
    const keepers = await Promise.all([0, 1, 2, 3].map(async (index) => (await passport(index)).keeper));
    expect(keepers).to.deep.equal([first, second, second, first]);
    const elsewhere = await passportOf(ledger.db, ledger.chain, other as PieceCode);
    expect(elsewhere?.keeper).to.deep.equal(first);
    expect(elsewhere?.timeline).to.have.length(1);
  });

  it('is in evidence files, which fit in themselves, up to their block', async () => {
    const [one, two] = [pass(0, 1, maker, shop), pass(0, 0, shop, branch)];
    chain.extend({ kind: 'move', tokenId: (await passport(1)).tokenId, from: shop, to: addressOf('ada') });
    await indexAll(ledger);
    const inRange = await evidence(0);
    expect(inRange.passes.map(({ from, to, block }) => [from, to, block])).to.deep.equal([
      [maker, shop, one.number],
      [shop, branch, two.number],
    ]);
    expect(inRange).to.deep.include({ rangeEvents: 2, moves: [], owner: branch });
    expect(inRange.organisations.map(({ handle }) => handle)).to.deep.equal([
      'atelier-lune',
      'maison-verre',
      'boutique-nord',
    ]);
    const left = await evidence(1);
    expect(left).to.deep.include({ rangeEvents: 1, owner: addressOf('ada') });
    expect(left.moves.map(({ number, from }) => [number, from])).to.deep.equal([[1, shop]]);
    const outside = await evidence(3);
    expect(outside).to.deep.include({ rangeEvents: 0, passes: [], moves: [], owner: maker });
    for (const file of [inRange, left, outside]) {
      const { checks, about } = judge(file, {});
      for (const name of ['events-in-order', 'owner-as-told'] as const) {
        expect(checks, name).to.deep.include({ name, result: 'pass' });
      }
      expect(about?.moves).to.equal(file.passes.length + file.moves.length);
    }
  });

  it('is taken back with its block, and told as the chain has it then', async () => {
    const before = [await passport(0), await indexOf(ledger)];
    pass(0, 3, maker, shop);
    await indexAll(ledger);
    expect((await passport(0)).keeper).to.deep.equal(second);
    chain.rewind(1);
    chain.extend();
    await indexAll(ledger);
    const back = await passport(0);
    expect([back.keeper, back.timeline]).to.deep.equal([before[0].keeper, before[0].timeline]);
    expect((await indexOf(ledger)).runs).to.deep.equal([]);
    pass(1, 3, maker, shop);
    await indexAll(ledger);
    expect([(await passport(0)).keeper, (await passport(1)).keeper]).to.deep.equal([first, second]);
    const fresh = await databases.ledger(chain);
    await indexAll(fresh);
    expect(await indexOf(ledger)).to.deep.equal(await indexOf(fresh));
  });

  it('is the same to the byte after the index was dropped and rebuilt', async () => {
    pass(0, 2, maker, shop);
    chain.extend({ kind: 'move', tokenId: (await passport(1)).tokenId, from: shop, to: addressOf('ada') });
    chain.extend(
      { kind: 'run', batchId: batchId as never, first: 0, last: 0, from: shop, to: branch },
      { kind: 'run', batchId: batchId as never, first: 2, last: 2, from: shop, to: branch },
    );
    const { tokenId } = await passport(2);
    const said = { number: 1, organisation: maker, key: addressOf('ada'), words: 'The clasp may open' };
    chain.extend(
      { kind: 'life', tokenId, event: 40, contentHash: `0x${'0'.repeat(64)}`, ...said },
      { kind: 'batch-life', batchId: batchId as never, event: 40, ...said },
    );
    chain.finalized = chain.height;
    await indexAll(ledger);
    const told = async () =>
      JSON.stringify(await Promise.all([0, 1, 2, 3].map(async (i) => [await passport(i), await evidence(i)])));
    const before = await told();
    expect((await passport(2)).keeper).to.deep.equal(third);
    expect((await evidence(2)).standing).to.deep.include({ state: 32, batchFlags: 4 });
    await dropIndex(ledger);
    expect((await indexOf(ledger)).runs).to.deep.equal([]);
    await rebuildIndex(ledger, () => {});
    expect(await told()).to.equal(before);
  });

  it('counts among the moves of a transfer: one that somebody else brought to the chain did not fail', async () => {
    pass(0, 3, maker, shop);
    await indexAll(ledger);
    const caller: Caller = { organisation: shop, handle: 'maison-verre', displayName: '', keyId: '', scopes: [] };
    const checked = await checkTransfer(ledger, caller, codes[0] as PieceCode, addressOf('ada'), undefined);
    expect(checked.intent).to.deep.include({ from: shop, moves: 1 });
    await ledger.db.transaction((sql) => storeTransfer(sql, 'one', caller, checked));
    await send(ledger);
    chain.extend({ kind: 'move', tokenId: checked.intent.tokenId as never, from: shop, to: addressOf('ada') });
    chain.mine();
    await indexAll(ledger);
    await relay(ledger);
    await send(ledger);
    expect(await readTransfer(ledger.db, shop, 'one')).to.include({ state: 'anchored', error: null });
  });
});
