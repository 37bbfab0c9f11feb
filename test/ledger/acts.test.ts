// Acts on a chain that a test makes up: accepted ones outlive a crash at any step, a reorganisation, a change of relayer
// and somebody else's being faster; what fails is told.
import { expect } from 'chai';
import { actRequest, wishOf } from '../../src/core/acts.ts';
import { splitTokenId } from '../../src/core/batch.ts';
import { codePath, type PieceCode } from '../../src/core/code.ts';
import type { Caller } from '../../src/ledger/accounts.ts';
import { forwardActs, storeAct } from '../../src/ledger/act-orders.ts';
import { readAct } from '../../src/ledger/act-receipts.ts';
import { checkAct } from '../../src/ledger/acts.ts';
import { passportOf } from '../../src/ledger/find.ts';
import { readCursor } from '../../src/ledger/indexer.ts';
import { adoptRelayer, relay, reviewMined } from '../../src/ledger/relay.ts';
import type { Ledger } from '../../src/ports.ts';
import { FakeChain } from '../support/fake-chain.ts';
import {
  accept,
  addressOf,
  admitOn,
  type Databases,
  indexAll,
  settle,
  startDatabases,
} from '../support/ledger-parts.ts';

describe('an accepted act', function () {
  this.timeout(240_000);
  let databases: Databases;
  let chain: FakeChain;
  let ledger: Ledger;
  let maker: Caller;
  let code: PieceCode;
  const ada = addressOf('ada');
  const bob = addressOf('bob');

  before(async () => {
    databases = await startDatabases();
  });
  after(() => databases.stop());
  afterEach(() => databases.closeAll());
  beforeEach(async () => {
    chain = new FakeChain();
    ledger = await databases.ledger(chain);
    const organisation = await admitOn(ledger, chain, 'atelier-lune');
    maker = { organisation, handle: 'atelier-lune', displayName: '', keyId: '', scopes: [] };
    code = await accept(ledger, organisation, 'Ring');
    await settle(ledger, chain);
  });

  async function accepted(id: string, to = ada): Promise<void> {
    const request = actRequest.parse({ act: 'transfer', piece: codePath(code), to });
    const checked = await checkAct(ledger, maker, wishOf(request));
    await ledger.db.transaction((sql) => storeAct(sql, id, checked));
  }
  const forward = async () => forwardActs(ledger, (await readCursor(ledger.db)).number);
  const state = async (id: string) => (await readAct(ledger, id))?.state;
  const keeper = async () => (await passportOf(ledger.db, chain, code))?.keeper.address;
  async function mined(): Promise<void> {
    await relay(ledger);
    chain.mine();
    await indexAll(ledger);
    await relay(ledger);
    await forward();
  }

  it('goes through every state, and reaches the chain once however often the steps are repeated', async () => {
    await accepted('one');
    expect(await state('one')).to.equal('accepted');
    await forward();
    await forward();
    expect(await state('one')).to.equal('sealed');
    expect(await ledger.db.query(`SELECT ref FROM transactions WHERE purpose = 'act'`)).to.deep.equal([{ ref: 'one' }]);
    await mined();
    expect(await state('one')).to.equal('anchored');
    chain.finalized = chain.height;
    await indexAll(ledger);
    expect(await state('one')).to.equal('final');
    expect(await keeper()).to.equal(ada);
  });

  it('is not lost by a crash while it is handed over: nothing was written, and the next step does it', async () => {
    await accepted('one');
    const { fees } = chain;
    chain.fees = () => Promise.reject(new Error('power cut'));
    const failed = await forward().catch((error: Error) => error.message);
    chain.fees = fees;
    expect(failed).to.equal('power cut');
    expect(await state('one')).to.equal('accepted');
    await forward();
    await mined();
    expect(await state('one')).to.equal('anchored');
  });

  it('never asks for more gas than a transaction may take: nodes would refuse it for ever, and all that waits behind it', async () => {
    const { tokenId } = (await passportOf(ledger.db, chain, code)) ?? {};
    const { batchId } = splitTokenId(tokenId as string);
    chain.encodeAct = ({ args }) => ({
      to: chain.pieces,
      data: `0x${'00'.repeat(32 * (args[4] as unknown[]).length)}`,
    });
    chain.refusal = async () => undefined;
    const passing = async (departed: number) => {
      const range = { holder: maker.organisation, events: 0, departed: Array.from({ length: departed }, (_, i) => i) };
      chain.rangeOf = async () => range as never;
      const request = actRequest.parse({ act: 'pass-range', batch: batchId, to: ada });
      return checkAct(ledger, maker, wishOf(request)).then(
        ({ calls }) => calls.map(({ gas }) => gas <= 16_777_216n),
        (error: { code: string; message: string }) => [error.code, error.message],
      );
    };
    expect(await passing(1_000)).to.deep.equal([true]);
    expect(await passing(1_200)).to.deep.equal([
      'invalid-act',
      'Too many pieces have left the batch for one transaction: pass its blocks on one by one. Nothing was done.',
    ]);
  });

  it('is told of once, when the same is asked for again, and nothing else is taken meanwhile', async () => {
    await accepted('one');
    const other = await accepted('two', bob).catch((error: { code: string }) => error.code);
    expect(other).to.equal('act-under-way');
    expect(await readAct(ledger, 'two')).to.equal(undefined);
  });

  it('is under way again when its block is taken back, and done again', async () => {
    await accepted('one');
    await forward();
    await mined();
    expect(await state('one')).to.equal('anchored');
    chain.rewind(1);
    chain.extend();
    await indexAll(ledger);
    expect(await state('one')).to.equal('sealed');
    expect(await keeper()).to.equal(maker.organisation);
    await mined();
    expect([await state('one'), await keeper()]).to.deep.equal(['anchored', ada]);
  });

  it('is found again by the review when blocks went that were never indexed', async () => {
    await accepted('one');
    await forward();
    await relay(ledger);
    chain.mine();
    await relay(ledger);
    chain.rewind(1);
    await reviewMined(ledger);
    await mined();
    expect(await state('one')).to.equal('anchored');
  });

  it('is enlisted anew when another relayer takes over', async () => {
    await accepted('one');
    await forward();
    chain.forgetSent();
    await adoptRelayer(ledger);
    await ledger.db.query(`UPDATE settings SET value = '{"address":"0xother"}' WHERE name = 'relayer'`);
    await adoptRelayer(ledger);
    expect(await state('one')).to.equal('accepted');
    await forward();
    await mined();
    expect(await state('one')).to.equal('anchored');
  });

  it('is done when somebody else was faster with the same, and has failed in words when with something else', async () => {
    for (const [to, expected] of [
      [ada, 'anchored'],
      [bob, 'failed'],
    ] as const) {
      code = await accept(ledger, maker.organisation, `Ring for ${to}`);
      await settle(ledger, chain);
      await accepted(to, to);
      await forward();
      const { tokenId } = (await passportOf(ledger.db, chain, code)) ?? {};
      const { number } = chain.extend({ kind: 'move', tokenId: tokenId as never, from: maker.organisation, to: ada });
      await mined();
      const receipt = await readAct(ledger, to);
      expect(receipt?.state).to.equal(expected);
      const [{ transaction }] = (await ledger.db.query('SELECT transaction FROM moves WHERE block = $1', [number])) as [
        { transaction: string },
      ];
      if (expected === 'anchored') expect(receipt).to.deep.include({ transaction, error: null });
      else
        expect(receipt?.error).to.deep.equal({
          code: 'stale-act',
          detail: 'The piece has moved since this was signed. Nothing was done.',
        });
    }
  });
});
