// The chain that lies in other tests, held to what it says of itself: as long as it isn't told to lie, it doesn't.
import { expect } from 'chai';
import { openKeys } from '../../src/adapters/keys.ts';
import { actTypedData } from '../../src/core/act.ts';
import { DRAW, drawCall } from '../../src/core/acts-lots-draw.ts';
import type { Chain } from '../../src/ports.ts';
import { FakeChain } from '../support/fake-chain.ts';
import { statement } from '../support/ledger.ts';
import { addressOf, admission } from '../support/ledger-parts.ts';
import { declaration } from '../support/lots-parts.ts';
import { ownBatch } from '../support/own-batch.ts';
import { wallet } from '../support/raw-chain.ts';

const UNTOUCHED = { day: 0, state: 0, flags: 0 };

describe('the fake chain', () => {
  const keys = openKeys(`0x${'a1'.repeat(32)}`, `0x${'b2'.repeat(32)}`);
  const fees = { maxFeePerGas: 10n, maxPriorityFeePerGas: 1n };
  const batch = ownBatch(addressOf('maker'), [
    { ...statement('a'), code: { handle: 'maker', code: '00000000000000000' } },
  ]);
  const authorization = { key: addressOf('key'), deadline: 0, signature: '0x' };
  let chain: FakeChain;
  beforeEach(() => {
    chain = new FakeChain();
  });
  const raw = (nonce: number, data = chain.encodeRegister(batch.header, authorization)) =>
    keys.transaction(chain.chainId, nonce, { to: chain.pieces, data, gas: 100_000n }, fees);

  it('gives every block another hash, also the twin on another fork', async () => {
    const [one, two] = [chain.extend(), chain.extend()];
    chain.rewind(2);
    const [uno, due] = [chain.extend(), chain.extend()];
    expect(new Set([one.hash, two.hash, uno.hash, due.hash]).size).to.equal(4);
    expect([uno.number, due.number, uno.time]).to.deep.equal([one.number, two.number, one.time]);
    expect(await chain.blocks([1, 2, 3])).to.deep.equal(
      [uno, due, undefined].map((b) => b && { number: b.number, hash: b.hash, time: b.time }),
    );
  });

  it('tells events of a range, in their places, and forgets them with their blocks', async () => {
    chain.extend(admission('one'), admission('two'));
    const { hash } = chain.extend(admission('three'));
    const found = await chain.events(1, 2);
    expect(found.map((event) => [event.block, event.logIndex])).to.deep.equal([
      [1, 0],
      [1, 1],
      [2, 0],
    ]);
    expect(found[2]?.blockHash).to.equal(hash);
    chain.rewind(1);
    expect(await chain.events(2, 9)).to.deep.equal([]);
  });

  it('mines by nonce, once, and keeps the contract’s rules', async () => {
    expect(await chain.send([raw(1).raw, raw(0).raw])).to.deep.equal([{ outcome: 'taken' }, { outcome: 'taken' }]);
    chain.mine();
    expect(await chain.receipts([raw(0).hash, raw(1).hash])).to.deep.equal([
      { block: 1, succeeded: true },
      { block: 1, succeeded: false },
    ]);
    expect(await chain.nonceOf(keys.relayer)).to.equal(2);
    expect(await chain.send([raw(0).raw])).to.deep.equal([{ outcome: 'nonce-used' }]);
    expect(await chain.pieceOf(batch.tokens[0] as string)).to.deep.equal({
      owner: addressOf('maker'),
      moves: 0,
      events: 0,
      ...UNTOUCHED,
    });
    chain.rewind(1);
    expect(await chain.receipts([raw(0).hash])).to.deep.equal([undefined]);
    expect(await chain.nonceOf(keys.relayer)).to.equal(0);
    expect(await chain.pieceOf(batch.tokens[0] as string)).to.equal(undefined);
  });

  it('counts passes of a piece with its range among its moves, and others’ not', async () => {
    const { id: batchId, header } = batch;
    const [maker, shop] = [addressOf('maker'), addressOf('shop')];
    chain.extend({ kind: 'batch', batchId, header, key: addressOf('key') });
    chain.extend({ kind: 'run', batchId, first: 1, last: 9, from: maker, to: shop });
    expect(await chain.pieceOf(batch.tokens[0] as string)).to.deep.equal({
      owner: maker,
      moves: 0,
      events: 0,
      ...UNTOUCHED,
    });
    chain.extend({ kind: 'run', batchId, first: 0, last: 0, from: maker, to: shop });
    expect(await chain.pieceOf(batch.tokens[0] as string)).to.deep.equal({
      owner: shop,
      moves: 1,
      events: 0,
      ...UNTOUCHED,
    });
  });

  it('moves a piece only from its owner, at its number of moves', async () => {
    chain.extend({ kind: 'batch', batchId: batch.id, header: batch.header, key: addressOf('key') });
    const tokenId = batch.tokens[0] as string;
    const move = (from: string, to: string, moves: number) => chain.encodeTransfer({ tokenId, from, to, moves });
    const refusal = (data: string) => (chain as Chain).refusal({ to: '', data, gas: 1n });
    expect(await refusal(move(addressOf('maker'), addressOf('ada'), 0))).to.equal(undefined);
    expect(await refusal(move(addressOf('ada'), addressOf('bob'), 0))).to.equal('StaleMoves');
    expect(await refusal(move(addressOf('maker'), addressOf('ada'), 1))).to.equal('StaleMoves');
    await chain.send([raw(0, move(addressOf('maker'), addressOf('ada'), 0)).raw]);
    chain.mine();
    expect(await chain.pieceOf(tokenId)).to.deep.equal({ owner: addressOf('ada'), moves: 1, events: 0, ...UNTOUCHED });
  });

  it('draws from a lot for who holds it, as much as is there, over a signature of how many events it had', async () => {
    const lot = declaration(batch.header.organisation, 1);
    chain.extend(lot);
    const signer = wallet('key');
    const drawing = async (quantity: number, events: number) => {
      const lots = [{ lotId: lot.lotId, quantity, events }];
      const place = { chainId: chain.chainId, address: chain.lots };
      const said = { fields: { batchId: batch.id, lots }, standing: undefined, deadline: 9 };
      const { domain, types, message } = actTypedData(place, 'lots', DRAW, said);
      const signature = await signer.signTypedData(domain, types, message);
      const call = drawCall(batch.header, lots, { key: signer.address, deadline: 9, signature });
      return chain.encodeAct(call).data;
    };
    const refused = async (quantity: number, events: number) =>
      (await (chain as Chain).refusal({ to: '', data: await drawing(quantity, events), gas: 1n })) !== undefined;
    expect(await Promise.all([refused(10_000, 1), refused(10_001, 1), refused(1, 2)])).to.deep.equal([
      false,
      true,
      true,
    ]);
    await chain.send([raw(0, await drawing(9_000, 1)).raw]);
    chain.mine();
    expect(await chain.lotOf(lot.lotId)).to.deep.include({ remaining: 1_000, events: 2 });
    expect(await Promise.all([refused(1_000, 2), refused(1_000, 1)])).to.deep.equal([false, true]);
    const { header, lotId } = lot;
    chain.extend({ kind: 'lot-moved', lotId, number: 3, from: header.organisation, to: addressOf('shop'), key: '' });
    expect(await refused(1, 3), 'of who holds it no more').to.equal(true);
  });

  it('calls final what it is told, never what isn’t there', async () => {
    for (let i = 0; i < 9; i++) chain.extend();
    const head = await chain.head();
    expect(await chain.finalBlock(head)).to.equal(-1);
    chain.finalized = 7;
    expect(await chain.finalBlock(head)).to.equal(7);
    chain.finalized = 70;
    expect(await chain.finalBlock(head)).to.equal(9);
    chain.finality = { depth: 4 };
    expect(await chain.finalBlock(head)).to.equal(5);
    chain.lag = 3;
    expect((await chain.head()).number).to.equal(6);
    expect(await chain.blocks([7])).to.deep.equal([undefined]);
  });
});
