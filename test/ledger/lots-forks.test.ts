// Pieces made of lots, in any order of what a workshop, its rivals and a chain that takes blocks back may do: the mass of
// every lot is kept, no batch draws twice, and whatever is registered without what it states of a lot says so.
import { expect } from 'chai';
import fc from 'fast-check';
import { codeOfPath, type PieceCode } from '../../src/core/code.ts';
import type { LotId } from '../../src/core/lot.ts';
import { passportOf } from '../../src/ledger/find.ts';
import { reviewMined } from '../../src/ledger/relay.ts';
import type { Ledger } from '../../src/ports.ts';
import { checkOf } from '../support/certificates.ts';
import { FakeChain } from '../support/fake-chain.ts';
import { admission, admitOn, type Databases, indexAll, startDatabases } from '../support/ledger-parts.ts';
import {
  acceptFrom,
  batchesOf,
  cleared,
  declaration,
  divided,
  drawnFor,
  expectBalance,
  expectDrawnOnce,
  expectSameAnew,
  forgetSending,
  lotNow,
  passedOn,
  round,
  work,
} from '../support/lots-parts.ts';

describe('pieces made of lots, whatever comes and goes', function () {
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

  async function begin(): Promise<void> {
    chain = new FakeChain();
    ledger = await cleared(ledger, chain);
    const lot = declaration(maker, 1);
    grain = lot.lotId;
    chain.extend(admission('atelier-lune'), admission('maison-verre'));
    chain.extend();
    chain.extend(lot);
    await indexAll(ledger);
  }

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
        await expectDrawnOnce(ledger, chain, false);
        await expectBalance(ledger, chain);
        await expectSameAnew(ledger, emptied);
        await expectTold();
      }),
      { numRuns: 5, seed: 20_261_122 },
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
        const holder = lotNow(chain, grain)?.holder as string;
        chain.extend(passedOn(chain, grain, holder === maker ? shop : maker));
        return;
      }
      case 'divide':
        chain.extend(...divided(chain, grain, 100));
        return;
      case 'final':
        chain.finalized = Math.max(3, chain.height - 2);
        return indexAll(ledger);
    }
  }

  async function finish(): Promise<void> {
    chain.extend();
    await indexAll(ledger);
    if (lotNow(chain, grain)?.holder !== maker) chain.extend(passedOn(chain, grain, maker));
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
    const remaining = lotNow(chain, grain)?.remaining ?? 0;
    for (const { id, takes, anchored } of await batchesOf(ledger)) {
      const drawn = await drawnFor(chain, id);
      if (drawn < takes) expect(remaining).to.be.lessThan(takes - drawn);
      if (!anchored) continue;
      const [row] = await ledger.db.query<{ path: string }>(
        'SELECT path FROM batches JOIN members ON batch_no = no JOIN pieces ON id = piece_id WHERE batch_id = $1',
        [id],
      );
      const seen = await passportOf(ledger.db, chain, codeOfPath(row?.path as string) as PieceCode);
      expect(checkOf(seen, 'mass-balance')).to.equal(drawn < takes ? 'warn' : 'pass');
    }
  }
});
