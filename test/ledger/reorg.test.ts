// The ledger on a chain that takes blocks back: what was read is unread, what was sent is sent again, and nothing is
// registered or moved twice. Every step is the ledger's own; only the chain is made up.
import { expect } from 'chai';
import fc from 'fast-check';
import type { PieceCode } from '../../src/core/code.ts';
import { transferMessage } from '../../src/core/typed-data.ts';
import type { Caller } from '../../src/ledger/accounts.ts';
import { passportOf } from '../../src/ledger/find.ts';
import { indexNext } from '../../src/ledger/indexer.ts';
import { forgetFinal, relay, reviewMined } from '../../src/ledger/relay.ts';
import { checkTransfer, readTransfer, storeTransfer } from '../../src/ledger/transfers.ts';
import type { Ledger } from '../../src/ports.ts';
import { FakeChain, type Happening } from '../support/fake-chain.ts';
import { type Json, statement } from '../support/ledger.ts';
import {
  accept,
  addressOf,
  admission,
  admitOn,
  type Databases,
  indexAll,
  indexOf,
  send,
  settle,
  startDatabases,
  wiped,
} from '../support/ledger-parts.ts';
import { type OwnBatch, ownBatch } from '../support/own-batch.ts';
import { wallet } from '../support/raw-chain.ts';

describe('a chain that takes blocks back', function () {
  this.timeout(240_000);
  let databases: Databases;
  let chain: FakeChain;
  let ledger: Ledger;
  let maker: string;

  before(async () => {
    databases = await startDatabases();
  });
  after(() => databases.stop());
  afterEach(() => databases.closeAll());
  beforeEach(async () => {
    chain = new FakeChain();
    ledger = await databases.ledger(chain);
    maker = await admitOn(ledger, chain, 'atelier-lune');
  });

  const passport = (code: PieceCode): Promise<Json> => passportOf(ledger.db, ledger.chain, code);
  const state = async (code: PieceCode): Promise<string> => (await passport(code)).state;
  const registrations = async () =>
    (await chain.events(0, chain.height)).filter((event) => event.kind === 'batch').length;
  const extend = (count: number) => {
    for (let i = 0; i < count; i++) chain.extend();
  };

  /** Passes a piece on as the service does: signed by whoever owns it, stored, left to the relayer. */
  async function pass(code: PieceCode, to: string, owner?: ReturnType<typeof wallet>): Promise<string> {
    const caller: Caller = { organisation: maker, handle: 'atelier-lune', displayName: '', keyId: '', scopes: [] };
    const { tokenId } = await passport(code);
    const piece = (await chain.pieceOf(tokenId)) as { owner: string; moves: number };
    const intent = { tokenId, from: piece.owner, to, moves: piece.moves };
    const deadline = Math.floor(Date.now() / 1000) + 600;
    const data = transferMessage(chain.chainId, chain.pieces, intent, deadline);
    const signature = await owner?.signTypedData(data.domain, data.types, data.message);
    const signed = signature ? { signature, deadline, moves: piece.moves } : undefined;
    const checked = await checkTransfer(ledger, caller, code, to, signed);
    const id = `transfer to ${to} at ${piece.moves} by ${piece.owner}, ${chain.height}`;
    await ledger.db.transaction((sql) => storeTransfer(sql, id, caller, checked));
    return id;
  }
  const transfer = (id: string): Promise<Json> => readTransfer(ledger.db, maker, id);

  it('tells accepted, sealed, anchored and final apart, by the node’s own word for final', async () => {
    const code = await accept(ledger, maker, 'Ring');
    expect(await state(code)).to.equal('accepted');
    await send(ledger);
    expect(await state(code)).to.equal('sealed');
    const { number } = chain.mine();
    await indexAll(ledger);
    expect(await state(code)).to.equal('anchored');
    chain.finalized = number - 1;
    await indexAll(ledger);
    expect(await state(code)).to.equal('anchored');
    chain.finalized = number;
    await indexAll(ledger);
    expect(await state(code)).to.equal('final');
    chain.finalized = 0;
    extend(1);
    await indexAll(ledger);
    expect(await state(code), 'a node that lags does not take finality back').to.equal('final');
  });

  it('counts blocks where final means a depth', async () => {
    chain.finality = { depth: 3 };
    const code = await accept(ledger, maker, 'Ring');
    await settle(ledger, chain);
    for (const expected of ['anchored', 'anchored', 'anchored']) {
      await indexAll(ledger);
      expect(await state(code)).to.equal(expected);
      extend(1);
    }
    await indexAll(ledger);
    expect(await state(code)).to.equal('final');
  });

  for (const depth of [1, 2, 3, 4, 5, 6]) {
    it(`drops a batch with ${depth} of its blocks, sends it again, and it comes back with the same token`, async () => {
      extend(6);
      await indexAll(ledger);
      const code = await accept(ledger, maker, 'Ring');
      await settle(ledger, chain);
      extend(depth - 1);
      await indexAll(ledger);
      const before = await passport(code);
      expect(before.state).to.equal('anchored');
      chain.rewind(depth);
      extend(depth + 1);
      await indexAll(ledger);
      expect(await passport(code)).to.include({ state: 'sealed', tokenId: null });
      await settle(ledger, chain);
      expect(await passport(code)).to.include({ state: 'anchored', tokenId: before.tokenId });
      expect(await registrations()).to.equal(1);
    });
  }

  it('follows a fork on which the batch stands in another block', async () => {
    const code = await accept(ledger, maker, 'Ring');
    await settle(ledger, chain);
    const happened = (await chain.events(0, 9)).filter((event) => event.kind !== 'organisation');
    const before = await passport(code);
    chain.rewind(1);
    extend(2);
    chain.extend(...(happened as Happening[]));
    await indexAll(ledger);
    const after = await passport(code);
    expect(after).to.include({ state: 'anchored', tokenId: before.tokenId });
    expect(after.batch.block).to.equal(before.batch.block + 2);
  });

  it('takes two moves of one piece back and makes them again, in order', async () => {
    const [ada, bob] = [wallet('ada'), wallet('bob')];
    const code = await accept(ledger, maker, 'Ring');
    await settle(ledger, chain);
    const first = await pass(code, ada.address.toLowerCase());
    await settle(ledger, chain);
    await indexAll(ledger);
    const second = await pass(code, bob.address.toLowerCase(), ada);
    await settle(ledger, chain);
    expect((await passport(code)).keeper).to.deep.equal({ number: 3, address: bob.address.toLowerCase() });
    expect((await transfer(first)).state).to.equal('anchored');
    chain.rewind(2);
    extend(3);
    await indexAll(ledger);
    expect((await passport(code)).keeper.number).to.equal(1);
    expect([(await transfer(first)).state, (await transfer(second)).state]).to.deep.equal(['sealed', 'sealed']);
    await settle(ledger, chain);
    await settle(ledger, chain);
    expect((await passport(code)).keeper).to.deep.equal({ number: 3, address: bob.address.toLowerCase() });
    expect([(await transfer(first)).state, (await transfer(second)).state]).to.deep.equal(['anchored', 'anchored']);
  });

  it('tells a transfer that failed from one that somebody else brought to the chain', async () => {
    const code = await accept(ledger, maker, 'Ring');
    await settle(ledger, chain);
    const { tokenId } = await passport(code);
    const [ada, bob] = [addressOf('ada'), addressOf('bob')];
    const relayed = await pass(code, ada);
    await send(ledger);
    chain.extend({ kind: 'move', tokenId, from: maker, to: ada });
    chain.mine();
    await relay(ledger);
    await send(ledger);
    expect((await transfer(relayed)).state, 'not judged before the index has seen the block').to.equal('sealed');
    await indexAll(ledger);
    await send(ledger);
    expect(await transfer(relayed)).to.include({ state: 'anchored', error: null });
    chain.extend({ kind: 'move', tokenId, from: ada, to: maker });
    await indexAll(ledger);
    const failed = await pass(code, bob);
    await send(ledger);
    chain.extend({ kind: 'move', tokenId, from: maker, to: ada });
    chain.mine();
    await indexAll(ledger);
    await relay(ledger);
    await send(ledger);
    const told = await transfer(failed);
    expect(told.state).to.equal('failed');
    expect(told.error).to.deep.equal({
      code: 'stale-transfer',
      detail: 'The piece has moved since this was signed. The piece was not moved.',
    });
  });

  it('sends again what was mined in a block that went before it was ever indexed', async () => {
    const code = await accept(ledger, maker, 'Ring');
    await send(ledger);
    chain.mine();
    await relay(ledger);
    chain.rewind(1);
    extend(1);
    await indexAll(ledger);
    await reviewMined(ledger);
    await forgetFinal(ledger.db, (await chain.head()).number);
    await settle(ledger, chain);
    expect(await state(code)).to.equal('anchored');
    expect(await registrations()).to.equal(1);
  });

  it('gives an errand a fresh nonce when somebody else used its own, and registers once', async () => {
    const code = await accept(ledger, maker, 'Ring');
    await send(ledger);
    chain.forgetSent();
    const rival = ledger.keys.transaction(
      chain.chainId,
      0,
      { to: chain.pieces, data: chain.encodeMulticall([]), gas: 21_000n },
      await chain.fees(),
    );
    await chain.send([rival.raw]);
    chain.mine();
    await ledger.db.query('UPDATE transactions SET sent_at = NULL');
    await settle(ledger, chain);
    await settle(ledger, chain);
    expect(await state(code)).to.equal('anchored');
    expect(await registrations()).to.equal(1);
    const rows = await ledger.db.query<Json>('SELECT nonce, block IS NOT NULL AS mined FROM transactions');
    expect(rows).to.deep.equal([{ nonce: 1, mined: true }]);
  });

  it('refuses, loudly and without a change, a fork from below what was final', async () => {
    const code = await accept(ledger, maker, 'Ring');
    await settle(ledger, chain);
    extend(5);
    chain.finalized = chain.height - 2;
    await indexAll(ledger);
    const before = await indexOf(ledger);
    chain.rewind(3);
    extend(6);
    const refused = await indexNext(ledger).then(
      () => '',
      (error: Error) => error.message,
    );
    expect(refused).to.match(/^block 5 was final and is not on this chain/);
    expect(await indexOf(ledger)).to.deep.equal(before);
    expect(await state(code)).to.equal('final');
  });

  it('starts over while nothing is final and every block was replaced', async () => {
    extend(3);
    await indexAll(ledger);
    chain.replace();
    await indexAll(ledger);
    const fresh = await databases.ledger(chain);
    await indexAll(fresh);
    expect(await indexOf(ledger)).to.deep.equal(await indexOf(fresh));
  });

  it('reads again when the chain changed between events and blocks', async () => {
    for (const when of [
      'the events were on the old fork',
      'the new fork has events the old one had not',
      'the cursor went',
    ]) {
      const code = ownBatch(maker, [{ ...statement(when), code: { gtin: '09506000134352', serial: when.slice(-3) } }]);
      const event: Happening = { kind: 'batch', batchId: code.id, header: code.header, key: maker };
      if (when.includes('old fork')) chain.extend(event);
      else chain.extend();
      chain.afterEvents = () => {
        chain.rewind(when.includes('cursor') ? 2 : 1);
        chain.extend(...(when.includes('old fork') ? [] : [event]));
        extend(when.includes('cursor') ? 1 : 0);
      };
      const refused = await indexNext(ledger).then(
        () => '',
        (error: Error) => error.message,
      );
      expect(refused, when).to.equal('The chain was reorganised while being read.');
      await indexAll(ledger);
      const fresh = await databases.ledger(chain);
      await indexAll(fresh);
      expect(await indexOf(ledger), when).to.deep.equal(await indexOf(fresh));
    }
  });

  it('lets the batches of suspended organisations hold up nobody, and anchors them afterwards', async () => {
    const other = await admitOn(ledger, chain, 'maison-verre');
    const codes: PieceCode[] = [];
    chain.suspended.add(maker);
    for (let i = 0; i < 20; i++) {
      codes.push(await accept(ledger, maker, `Ring ${i}`));
      await send(ledger);
    }
    const theirs = await accept(ledger, other, 'Brooch');
    for (let i = 0; i < 4; i++) await settle(ledger, chain);
    expect(await state(theirs)).to.equal('anchored');
    expect(await state(codes[0] as PieceCode)).to.equal('sealed');
    chain.suspended.clear();
    for (let i = 0; i < 24; i++) await settle(ledger, chain);
    expect(new Set(await Promise.all(codes.map(state)))).to.deep.equal(new Set(['anchored']));
  });

  it('ends, whatever came and went, with the index of whoever reads the last chain from its start', async () => {
    const batches = ['a', 'b', 'c'].map((serial) =>
      ownBatch(maker, [{ ...statement(serial), code: { gtin: '09506000134352', serial } }]),
    );
    const happening = fc.oneof(
      fc.constantFrom(...batches.map((batch): Happening[] => [registered(batch)])),
      fc.constantFrom(
        ...batches.map((batch): Happening[] =>
          batch.parts.map((data, part) => ({ kind: 'part', batchId: batch.id, part, data })),
        ),
      ),
      fc.constantFrom(
        ...batches.map((batch): Happening[] => [
          { kind: 'move', tokenId: batch.tokens[0] as never, from: maker, to: addressOf('ada') },
        ]),
      ),
      fc.constantFrom(
        ...batches.map((batch): Happening[] => [
          { kind: 'run', batchId: batch.id, first: 0, last: 0, from: maker, to: addressOf('maison-verre') },
        ]),
      ),
      fc.constant([admission('maison-verre')]),
      fc.constant([]),
    );
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.array(happening, { maxLength: 3 }).map((some) => ({ extend: some.flat() })) },
      { weight: 2, arbitrary: fc.integer({ min: 1, max: 6 }).map((rewind) => ({ rewind })) },
      { weight: 3, arbitrary: fc.constant({ index: true as const }) },
    );
    const emptied = [ledger, await databases.ledger(chain)] as const;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 24 }), async (steps) => {
        chain = new FakeChain();
        chain.extend(admission('atelier-lune'));
        const [followed, fresh] = await [await wiped(emptied[0], chain), await wiped(emptied[1], chain)];
        for (const one of steps) await take(one, followed);
        chain.extend();
        await indexAll(followed);
        await indexAll(fresh);
        expect(await indexOf(followed)).to.deep.equal(await indexOf(fresh));
      }),
      { numRuns: 25, seed: 20_261_122 },
    );
  });

  const registered = (batch: OwnBatch): Happening => ({
    kind: 'batch',
    batchId: batch.id,
    header: batch.header,
    key: maker,
  });

  type Step = { extend: Happening[] } | { rewind: number } | { index: true };

  /** As a contract would: a batch once, its parts and moves only behind it. */
  async function take(step: Step, followed: Ledger): Promise<void> {
    if ('index' in step) return indexAll(followed);
    if ('rewind' in step) return chain.rewind(Math.min(step.rewind, chain.height));
    const before = (await chain.events(0, chain.height)) as Happening[];
    const allowed: Happening[] = [];
    for (const one of step.extend) {
      const known = [...before, ...allowed];
      const isKnown = (id: string) => known.some((event) => event.kind === 'batch' && event.batchId === id);
      const twice = known.some((event) => event.kind === one.kind && event.kind === 'organisation');
      if (one.kind === 'batch' && isKnown(one.batchId)) continue;
      if ((one.kind === 'part' || one.kind === 'run') && !isKnown(one.batchId)) continue;
      if (one.kind === 'move' && !isKnown((BigInt(one.tokenId) >> 32n).toString())) continue;
      if (one.kind === 'organisation' && twice && known.length > 1) continue;
      allowed.push(one);
    }
    chain.extend(...allowed);
  }
});
