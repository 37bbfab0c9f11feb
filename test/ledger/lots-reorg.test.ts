// Lots, and pieces made of them, on a chain that takes blocks back: what was drawn, declared, passed on, split or returned
// is undone and done again. Nothing is drawn twice for one batch, a batch waits for a draw that is gone, and where one is
// registered without what its records state of a lot, everybody is told until it is drawn.
import { expect } from 'chai';
import fc from 'fast-check';
import { actRequest, wishOf } from '../../src/core/acts.ts';
import { codeOfPath, type PieceCode } from '../../src/core/code.ts';
import type { Happening } from '../../src/core/events.ts';
import { type LotHeader, type LotId, lotIdOf, parentsOf, parentsOfPiece } from '../../src/core/lot.ts';
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
import { lotAfter } from '../support/fake-lots.ts';
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
  batchesOf,
  cleared,
  declaration,
  drawnFor,
  expectBalance,
  expectDrawnOnce,
  expectSameAnew,
  forgetSending,
  GRAIN,
  happened,
  round,
  saltOf,
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
  /** What somebody else's relayer brings. */
  function passedOn(from: string, to: string, lotId = grain): Happening {
    const number = (lotNow(lotId)?.events ?? 0) + 1;
    return { kind: 'lot-moved', lotId, number, from, to, key: addressOf('key') };
  }
  const lotNow = (lotId: LotId) => lotAfter(chain.everything(), lotId);
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
    chain.extend(passedOn(maker, shop));
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
    chain.extend(passedOn(shop, maker));
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
    chain.extend(passedOn(maker, shop));
    chain.extend(passedOn(shop, maker));
    chain.mine();
    await indexAll(ledger);
    await relay(ledger);
    expect(await ledger.db.query('SELECT succeeded FROM transactions')).to.deep.equal([{ succeeded: false }]);
    await round(ledger, chain);
    // Where the draw comes first, a second one signed after the same number of events would hold as well.
    chain.rewind(4);
    await indexAll(ledger);
    await round(ledger, chain);
    chain.extend(passedOn(maker, shop));
    chain.extend(passedOn(shop, maker));
    for (let i = 0; i < 4; i++) await round(ledger, chain);
    expect([await count('lot-drawn'), await count('batch')]).to.deep.equal([1, 1]);
    await expectSound();
  });

  it('draws anew once the failure of a draw is final', async () => {
    const code = await acceptFrom(ledger, maker, 'Ring', grain);
    await work(ledger);
    chain.extend(passedOn(maker, shop));
    chain.extend(passedOn(shop, maker));
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
      ...(lotNow(grain) as Json).header,
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

  it('keeps the mass of every lot, and draws at most once, whatever came and went', async () => {
    const step = fc.oneof(
      { weight: 2, arbitrary: fc.constant('accept' as const) },
      { weight: 4, arbitrary: fc.constantFrom('work' as const, 'round' as const, 'index' as const) },
      { weight: 2, arbitrary: fc.constantFrom('review' as const, 'mine' as const) },
      { weight: 1, arbitrary: fc.constantFrom('away' as const, 'divide' as const, 'final' as const) },
      { weight: 2, arbitrary: fc.integer({ min: 1, max: 3 }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 16 }), async (steps) => {
        await begin();
        for (const one of steps) {
          await take(one);
          await expectDrawnOnce(ledger, chain, false);
        }
        await finish();
        await expectSound(false);
        await expectTold();
      }),
      { numRuns: 20, seed: 20_261_122 },
    );
  });

  type Step = 'accept' | 'work' | 'round' | 'index' | 'review' | 'mine' | 'away' | 'divide' | 'final' | number;

  async function take(step: Step): Promise<void> {
    if (typeof step === 'number')
      return chain.rewind(Math.min(step, chain.height - 3 - Math.max(0, chain.finalized - 3)));
    switch (step) {
      case 'accept':
        // Refused where the lot is elsewhere, or promised to others.
        await acceptFrom(ledger, maker, `Ring ${chain.height}`, grain).catch(() => {});
        return;
      case 'work':
        return work(ledger);
      case 'round':
        return round(ledger, chain);
      case 'index':
        return indexAll(ledger);
      case 'review':
        await reviewMined(ledger);
        return forgetSending(ledger);
      case 'mine':
        chain.mine();
        return;
      case 'away': {
        const holder = lotNow(grain)?.holder as string;
        chain.extend(passedOn(holder, holder === maker ? shop : maker));
        return;
      }
      case 'divide':
        chain.extend(...divided(100));
        return;
      case 'final':
        chain.finalized = Math.max(3, chain.height - 2);
        return indexAll(ledger);
    }
  }

  function divided(quantity: number): Happening[] {
    const lot = lotNow(grain);
    if (!lot || lot.remaining < quantity) return [];
    const [parents, key] = [parentsOf([grain]), addressOf('key')];
    const salt = saltOf(lot.events);
    const header = { ...lot.header, organisation: lot.holder, quantity, parents, salt };
    const number = lot.events + 1;
    return [
      { kind: 'lot-consumed', lotId: grain, number, parents, operation: 1, quantity, key },
      { kind: 'lot', lotId: lotIdOf(header), header, operation: 1, key },
    ];
  }

  async function finish(): Promise<void> {
    chain.extend();
    await indexAll(ledger);
    if (lotNow(grain)?.holder !== maker) chain.extend(passedOn(shop, maker));
    for (let i = 0; i < 6; i++) {
      await reviewMined(ledger);
      await forgetSending(ledger);
      await round(ledger, chain);
      chain.finalized = chain.height;
      await indexAll(ledger);
    }
  }

  /** What is short in the end is what the lot can't give any more, and no passport says otherwise. */
  async function expectTold(): Promise<void> {
    const remaining = lotNow(grain)?.remaining ?? 0;
    for (const { id, takes, anchored } of await batchesOf(ledger)) {
      const drawn = await drawnFor(chain, id);
      if (drawn < takes) expect(remaining).to.be.lessThan(takes - drawn);
      if (!anchored) continue;
      const [row] = await ledger.db.query<{ path: string }>(
        'SELECT path FROM batches JOIN members ON batch_no = no JOIN pieces ON id = piece_id WHERE batch_id = $1',
        [id],
      );
      const seen = await passport(codeOfPath(row?.path as string) as PieceCode);
      expect(checkOf(seen, 'mass-balance')).to.equal(drawn < takes ? 'warn' : 'pass');
    }
  }
});
