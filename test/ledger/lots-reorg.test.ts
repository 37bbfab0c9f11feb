// Lots, and pieces made of them, on a chain that takes blocks back: what was drawn, declared, passed on, split or returned
// is undone and done again. Nothing is drawn twice for one batch, a batch waits for a draw that is gone, and where one is
// registered without what its records state of a lot, everybody is told until it is drawn.
import { expect } from 'chai';
import { actRequest, wishOf } from '../../src/core/acts.ts';
import type { PieceCode } from '../../src/core/code.ts';
import type { Happening } from '../../src/core/events.ts';
import { type LotHeader, type LotId, lotIdOf, parentsOfPiece } from '../../src/core/lot.ts';
import { ZERO_32 } from '../../src/core/merkle.ts';
import type { Caller } from '../../src/ledger/accounts.ts';
import { storeAct } from '../../src/ledger/act-orders.ts';
import { readAct } from '../../src/ledger/act-receipts.ts';
import { checkAct } from '../../src/ledger/acts.ts';
import { asOfAt, passportOf } from '../../src/ledger/find.ts';
import { readCursor } from '../../src/ledger/indexer.ts';
import { lotAsItStands, lotsHeldBy } from '../../src/ledger/lot-standings.ts';
import { relay, reviewMined } from '../../src/ledger/relay.ts';
import type { Ledger } from '../../src/ports.ts';
import { checkOf } from '../support/certificates.ts';
import { FakeChain } from '../support/fake-chain.ts';
import type { Json } from '../support/ledger.ts';
import {
  addressOf,
  admission,
  admitOn,
  type Databases,
  indexAll,
  indexOf,
  startDatabases,
} from '../support/ledger-parts.ts';
import {
  acceptFrom,
  cleared,
  declaration,
  divided,
  drawnFor,
  expectBalance,
  expectDrawnOnce,
  expectSameAnew,
  GRAIN,
  happened,
  lotNow,
  passedOn,
  round,
  TAKEN,
  work,
} from '../support/lots-parts.ts';

describe('lots on a chain that takes blocks back', function () {
  this.timeout(240_000);
  let databases: Databases;
  let chain: FakeChain;
  let ledger: Ledger;
  let emptied: Ledger;
  let maker: string;
  let shop: string;
  let grain: LotId;

  before(async () => {
    databases = await startDatabases();
    chain = new FakeChain();
    [ledger, emptied] = [await databases.ledger(chain), await databases.ledger(chain)];
    maker = await admitOn(ledger, chain, 'atelier-lune');
    shop = await admitOn(ledger, chain, 'maison-verre');
  });
  after(() => databases.stop());
  beforeEach(begin);

  async function begin(): Promise<void> {
    chain = new FakeChain();
    ledger = await cleared(ledger, chain);
    chain.extend(admission('atelier-lune'), admission('maison-verre'));
    extend(1);
    grain = await declared(1);
  }

  const caller = (): Caller => ({
    organisation: maker,
    handle: 'atelier-lune',
    displayName: '',
    keyId: '',
    scopes: [],
  });
  const passport = (code: PieceCode): Promise<Json> => passportOf(ledger.db, chain, code) as Promise<Json>;
  const state = async (code: PieceCode): Promise<string> => (await passport(code)).state;
  const told = async (lotId: string) => lotAsItStands(ledger.db, asOfAt(chain, await readCursor(ledger.db)), lotId);
  const count = async (kind: Happening['kind']) => (await happened(chain, kind)).length;
  const extend = (blocks: number) => {
    for (let i = 0; i < blocks; i++) chain.extend();
  };

  async function declared(n: number, quantity?: number): Promise<LotId> {
    const lot = declaration(maker, n, quantity);
    chain.extend(lot);
    await indexAll(ledger);
    return lot.lotId;
  }
  /** An act that the organisation signs and this service brings to the chain. */
  async function acted(id: string, wish: object): Promise<void> {
    const checked = await checkAct(ledger, caller(), wishOf(actRequest.parse(wish)));
    await ledger.db.transaction((sql) => storeAct(sql, id, checked));
  }
  async function back(blocks: number, instead = blocks + 1): Promise<void> {
    chain.rewind(blocks);
    extend(instead);
    await indexAll(ledger);
  }
  async function expectSound(all = true): Promise<void> {
    await expectDrawnOnce(ledger, chain, all);
    await expectBalance(ledger, chain);
    await expectSameAnew(ledger, emptied);
  }

  for (const depth of [1, 2, 4]) {
    it(`lets a batch wait whose draw went with ${depth} blocks before it was registered, and draws again, once`, async () => {
      const code = await acceptFrom(ledger, maker, 'Ring', grain);
      await round(ledger, chain);
      extend(depth - 1);
      await indexAll(ledger);
      expect((await told(grain))?.remaining).to.equal(10_000 - TAKEN);
      await back(depth);
      expect((await told(grain))?.remaining).to.equal(10_000);
      expect(await state(code)).to.equal('sealed');
      await work(ledger);
      expect(await ledger.db.query('SELECT purpose FROM transactions')).to.deep.equal([{ purpose: 'draw' }]);
      await round(ledger, chain);
      expect(await count('batch'), 'not before its draw is there').to.equal(0);
      await round(ledger, chain);
      expect(await state(code)).to.equal('anchored');
      expect([await count('lot-drawn'), await count('batch')]).to.deep.equal([1, 1]);
      await expectSound();
    });
  }

  it('draws once where a draw stands in a later block than the one it was noted in, which was never indexed', async () => {
    await acceptFrom(ledger, maker, 'Ring', grain);
    await work(ledger);
    const { number } = chain.mine();
    await relay(ledger);
    const draws = await happened(chain, 'lot-drawn');
    chain.rewind(1);
    extend(1);
    await indexAll(ledger);
    expect((await readCursor(ledger.db)).number).to.equal(number);
    chain.extend(...draws);
    await work(ledger);
    chain.mine();
    await reviewMined(ledger);
    for (let i = 0; i < 3; i++) await round(ledger, chain);
    expect(await drawnFor(chain, draws[0]?.batchId as string)).to.equal(TAKEN);
    await expectSound();
  });

  it('registers a batch again whose registration went, and draws nothing for it', async () => {
    const code = await acceptFrom(ledger, maker, 'Ring', grain);
    await round(ledger, chain);
    await round(ledger, chain);
    expect(await state(code)).to.equal('anchored');
    await back(1);
    expect(await state(code)).to.equal('sealed');
    await round(ledger, chain);
    await round(ledger, chain);
    expect(await state(code)).to.equal('anchored');
    expect([await count('lot-drawn'), await count('batch')]).to.deep.equal([1, 1]);
    await expectSound();
  });

  for (const blocks of [2, 5]) {
    it(`does draw and registration again, in this order, when both went with ${blocks} blocks`, async () => {
      const codes = [await acceptFrom(ledger, maker, 'Ring', grain), await acceptFrom(ledger, maker, 'Cup', grain)];
      for (let i = 0; i < 3; i++) await round(ledger, chain);
      extend(2);
      await indexAll(ledger);
      await back(blocks);
      expect(await Promise.all(codes.map(state))).to.deep.equal(
        blocks === 2 ? ['anchored', 'anchored'] : ['sealed', 'sealed'],
      );
      for (let i = 0; i < 4; i++) await round(ledger, chain);
      expect(await Promise.all(codes.map(state))).to.deep.equal(['anchored', 'anchored']);
      expect([await count('lot-drawn'), await count('batch')]).to.deep.equal([2, 2]);
      const [one] = await Promise.all(codes.map(passport));
      expect(checkOf(one, 'mass-balance')).to.equal('pass');
    });
  }

  it('warns of a piece registered whose draw the other blocks refuse, and draws as soon as the lot can give it', async () => {
    const code = await acceptFrom(ledger, maker, 'Ring', grain);
    await round(ledger, chain);
    await round(ledger, chain);
    expect(checkOf(await passport(code), 'mass-balance')).to.equal('pass');
    chain.rewind(2);
    chain.extend(passedOn(chain, grain, shop));
    await indexAll(ledger);
    expect(await state(code)).to.equal('sealed');
    for (let i = 0; i < 3; i++) await round(ledger, chain);
    const undrawn = await passport(code);
    expect([undrawn.state, undrawn.headline, checkOf(undrawn, 'mass-balance')]).to.deep.equal([
      'anchored',
      'warning',
      'warn',
    ]);
    expect(await count('lot-drawn')).to.equal(0);
    await expectSound(false);
    chain.finalized = chain.height;
    chain.extend(passedOn(chain, grain, maker));
    await indexAll(ledger);
    for (let i = 0; i < 3; i++) await round(ledger, chain);
    const drawn = await passport(code);
    expect([drawn.headline, checkOf(drawn, 'mass-balance')]).to.deep.equal(['genuine-record', 'pass']);
    expect([await count('lot-drawn'), await count('batch')]).to.deep.equal([1, 1]);
    await expectSound(false);
  });

  it('signs no second draw for a batch while the first, which failed, could succeed in other blocks', async () => {
    await acceptFrom(ledger, maker, 'Ring', grain);
    await work(ledger);
    chain.extend(...divided(chain, grain, 100));
    chain.mine();
    await indexAll(ledger);
    await relay(ledger);
    expect(await ledger.db.query('SELECT succeeded FROM transactions')).to.deep.equal([{ succeeded: false }]);
    await round(ledger, chain);
    // Here the draw comes first, and behind it one that was signed after the same number of events would hold as well.
    chain.rewind(3);
    await indexAll(ledger);
    for (let i = 0; i < 4; i++) await round(ledger, chain);
    expect([await count('lot-drawn'), await count('batch')]).to.deep.equal([1, 1]);
    await expectSound();
  });

  it('draws anew once the failure of a draw is final', async () => {
    const code = await acceptFrom(ledger, maker, 'Ring', grain);
    await work(ledger);
    chain.extend(passedOn(chain, grain, shop));
    chain.extend(passedOn(chain, grain, maker));
    for (let i = 0; i < 3; i++) await round(ledger, chain);
    expect(await count('lot-drawn')).to.equal(0);
    chain.finalized = chain.height;
    await indexAll(ledger);
    for (let i = 0; i < 3; i++) await round(ledger, chain);
    expect(await state(code)).to.equal('anchored');
    await expectSound();
  });

  it('lets batches wait whose lot is gone, however many, and holds up none that draws from another lot', async () => {
    const other = await declared(2, 60_000);
    const codes: PieceCode[] = [];
    for (let i = 0; i < 17; i++) codes.push(await acceptFrom(ledger, maker, `Ring ${i}`, other));
    const theirs = await acceptFrom(ledger, maker, 'Cup', grain);
    await back(1);
    expect(await told(other)).to.equal(undefined);
    for (let i = 0; i < 3; i++) await round(ledger, chain);
    expect(new Set(await Promise.all(codes.map(state)))).to.deep.equal(new Set(['sealed']));
    expect(await state(theirs)).to.equal('anchored');
    await expectBalance(ledger, chain);
    expect(await declared(2, 60_000)).to.equal(other);
    for (let i = 0; i < 2; i++) await round(ledger, chain);
    expect(await state(codes[0] as PieceCode)).to.equal('anchored');
    await expectSound(false);
  });

  it('tries every refused batch again, however many before it the chain refuses for good', async () => {
    const other = await declared(2, 60_000);
    for (let i = 0; i < 17; i++) await acceptFrom(ledger, maker, `Ring ${i}`, other);
    const code = await acceptFrom(ledger, maker, 'Cup', grain);
    chain.extend(passedOn(chain, other, shop), passedOn(chain, grain, shop));
    await indexAll(ledger);
    for (let i = 0; i < 20; i++) await work(ledger);
    const [refused] = await ledger.db.query('SELECT count(*)::integer AS count FROM batches WHERE refusal IS NOT NULL');
    expect(refused).to.deep.equal({ count: 18 });
    chain.extend(passedOn(chain, grain, maker));
    await indexAll(ledger);
    for (let i = 0; i < 20 && (await state(code)) !== 'anchored'; i++) await round(ledger, chain);
    expect(await state(code)).to.equal('anchored');
    await expectSound(false);
  });

  it('declares again, once, what an act declared, and tells nobody of the lot meanwhile', async () => {
    await acted('one', { act: 'declare-lot', statement: GRAIN });
    await round(ledger, chain);
    const [, { lotId }] = (await happened(chain, 'lot')) as [Json, Json];
    expect((await told(lotId))?.statement?.title).to.equal('Grain');
    await back(1);
    expect(await told(lotId)).to.equal(undefined);
    expect((await readAct(ledger, 'one'))?.state).to.equal('sealed');
    await round(ledger, chain);
    expect((await readAct(ledger, 'one'))?.state).to.equal('anchored');
    expect((await told(lotId))?.remaining).to.equal(GRAIN.quantity);
    expect(await count('lot')).to.equal(2);
    await expectSound();
  });

  it('splits and passes on again, in this order, what acts did in blocks that went', async () => {
    await acted('split', { act: 'split-lot', lot: grain, quantities: [1_000, 2_000] });
    await round(ledger, chain);
    const [, { lotId: part }] = (await happened(chain, 'lot')) as [Json, Json];
    await acted('pass', { act: 'transfer-lot', lot: part, to: shop });
    await round(ledger, chain);
    expect((await told(part))?.holder.address).to.equal(shop);
    await back(2);
    expect([await told(part), (await told(grain))?.remaining]).to.deep.equal([undefined, GRAIN.quantity]);
    expect(await lotsHeldBy(ledger.db, shop, { limit: 9, usedUp: true })).to.deep.equal({ items: [], next: null });
    await expectBalance(ledger, chain);
    await round(ledger, chain);
    expect((await told(part))?.holder.address).to.equal(shop);
    expect((await told(grain))?.remaining).to.equal(GRAIN.quantity - 3_000);
    expect([(await readAct(ledger, 'split'))?.state, (await readAct(ledger, 'pass'))?.state]).to.deep.equal([
      'anchored',
      'anchored',
    ]);
    expect([await count('lot'), await count('lot-consumed'), await count('lot-moved')]).to.deep.equal([3, 1, 1]);
    await expectSound();
  });

  it('draws after an act on the lot that is under way, so that neither fails, and so again in other blocks', async () => {
    const code = await acceptFrom(ledger, maker, 'Ring', grain);
    await acted('split', { act: 'split-lot', lot: grain, quantities: [1_000] });
    for (let i = 0; i < 3; i++) await round(ledger, chain);
    expect(await state(code)).to.equal('anchored');
    await back(3);
    expect(await state(code)).to.equal('sealed');
    for (let i = 0; i < 3; i++) await round(ledger, chain);
    expect(await state(code)).to.equal('anchored');
    expect((await readAct(ledger, 'split'))?.state).to.equal('anchored');
    const failed = await ledger.db.query('SELECT purpose FROM transactions WHERE NOT succeeded');
    expect(failed).to.deep.equal([]);
    await expectSound();
  });

  it('forgets the lots of a piece that returned with the blocks it did so in', async () => {
    const code = await acceptFrom(ledger, maker, 'Ring', grain);
    await round(ledger, chain);
    await round(ledger, chain);
    const { tokenId } = await passport(code);
    const header: LotHeader = {
      ...(lotNow(chain, grain) as Json).header,
      fineness: 750_000,
      quantity: 4_000,
      origin: ZERO_32,
      contentHash: ZERO_32,
      parents: parentsOfPiece(tokenId),
      salt: ZERO_32,
    };
    const lotId = lotIdOf(header);
    const key = addressOf('key');
    const returned: Happening[] = [
      { kind: 'lot', lotId, header, operation: 4, key },
      { kind: 'piece-returned', tokenId, organisation: maker, key },
    ];
    const before = await indexOf(ledger);
    chain.extend(...returned);
    await indexAll(ledger);
    expect(await told(lotId)).to.deep.include({ returned: tokenId, remaining: 4_000 });
    await expectSound();
    chain.rewind(1);
    await indexAll(ledger);
    expect(await told(lotId)).to.equal(undefined);
    expect(await indexOf(ledger)).to.deep.equal(before);
    extend(1);
    chain.extend(...returned);
    await indexAll(ledger);
    expect(await told(lotId)).to.deep.include({ returned: tokenId, remaining: 4_000 });
    await expectSound();
  });
});
