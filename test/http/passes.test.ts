// A batch, and a block of one, that pass on by one slot of the real contract, past the service: passports, evidence and
// transfers of the pieces in it, and of those that had left it before.
import { expect } from 'chai';
import { ownCode } from '../../src/core/code.ts';
import { passDirectly, registerDirectly } from '../support/direct.ts';
import { type Admitted, type Json, passport, startLedger, statement, type TestLedger } from '../support/ledger.ts';
import { type OwnBatch, ownBatch } from '../support/own-batch.ts';
import { until, wallet } from '../support/raw-chain.ts';

const COUNT = 260;
/** A piece of the second block, and one of the first, that were sold before anything passed on. */
const SOLD = [7, 258] as const;

describe('a batch passed on to a shop', function () {
  this.timeout(240_000);
  const ada = wallet('ada').address.toLowerCase();
  let ledger: TestLedger;
  let maker: Admitted;
  let shop: Admitted;
  let branch: Admitted;
  let whole: OwnBatch;
  let split: OwnBatch;

  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier-lune');
    shop = await ledger.admit('maison-verre', [], ['reseller']);
    branch = await ledger.admit('boutique-nord', [], ['reseller']);
    [whole, split] = [await registered(1), await registered(2)];
    for (const index of SOLD) {
      for (const seed of [1, 2]) await transfer(maker, pathOf(seed, index), ada);
    }
    const { id: batchId } = whole;
    const pass = { batchId, part: 0, departed: SOLD };
    await passDirectly(ledger, { ...pass, from: maker.organisation, to: shop.organisation, events: 0 });
    await passDirectly(ledger, { ...pass, from: shop.organisation, to: branch.organisation, events: 1 });
    const block = { batchId: split.id, part: 2, from: maker.organisation, to: shop.organisation, events: 0 };
    await passDirectly(ledger, { ...block, departed: SOLD });
  });
  after(() => ledger.stop());

  const codeOf = (seed: number, index: number) =>
    ownCode(
      maker.handle,
      Uint8Array.from({ length: 10 }, (_, i) => [seed, index >> 8, index & 255][i] ?? 0),
    );
  const pathOf = (seed: number, index: number) => `/p/${maker.handle}/${codeOf(seed, index).code}`;

  async function registered(seed: number): Promise<OwnBatch> {
    const records = Array.from({ length: COUNT }, (_, index) => ({
      ...statement(`Piece ${seed}.${index}`),
      code: codeOf(seed, index),
    }));
    const batch = ownBatch(maker.organisation, records);
    await registerDirectly(ledger, maker.organisation, batch);
    return batch;
  }

  async function transfer(by: Admitted, path: string, to: string): Promise<Json> {
    const sent = await by.api.post('/api/v1/transfers', { path, to });
    expect(sent.status, sent.text).to.equal(202);
    let found: Json;
    await until('the transfer is done', async () => {
      found = (await by.api.get(`/api/v1/transfers/${sent.body.id}`)).body;
      return found.state === 'final' || found.state === 'failed';
    });
    return found;
  }

  const owners = async (path: string) => {
    const { timeline } = await passport(ledger.api, path);
    return timeline.map(({ to }: Json) => to.organisation ?? to.address);
  };

  async function verdictOn(path: string): Promise<Json> {
    const { body: evidence } = await ledger.api.get(`/api/v1/pieces${path}/evidence`);
    const { status, body, text } = await ledger.api.post('/api/v1/verify', { evidence });
    expect(status, text).to.equal(200);
    return body;
  }

  it('shows in the passports of its pieces, and not in those sold before', async () => {
    for (const index of [0, 6, 8, 255, 256, COUNT - 1]) {
      expect(await owners(pathOf(1, index)), `${index}`).to.deep.equal([
        'atelier-lune',
        'maison-verre',
        'boutique-nord',
      ]);
    }
    for (const index of SOLD) expect(await owners(pathOf(1, index)), `${index}`).to.deep.equal(['atelier-lune', ada]);
  });

  it('or a block of it: only in the passports of that block', async () => {
    for (const index of [0, 255]) expect(await owners(pathOf(2, index)), `${index}`).to.deep.equal(['atelier-lune']);
    for (const index of [256, 257, 259]) {
      expect(await owners(pathOf(2, index)), `${index}`).to.deep.equal(['atelier-lune', 'maison-verre']);
    }
    expect(await owners(pathOf(2, 258))).to.deep.equal(['atelier-lune', ada]);
  });

  it('has evidence that verifies as genuine: of pieces in it, of those sold before, and outside the block', async () => {
    const moves: Json = {};
    for (const [seed, index] of [
      [1, 0],
      [1, 7],
      [1, 259],
      [2, 0],
      [2, 256],
      [2, 258],
    ] as const) {
      const verdict = await verdictOn(pathOf(seed, index));
      const open = verdict.checks.filter(({ result }: Json) => result !== 'pass');
      expect(verdict.headline, JSON.stringify(open)).to.equal('genuine-record');
      expect(open.map(({ name }: Json) => name)).to.not.include.members(['nothing-since', 'history-complete']);
      moves[`${seed}.${index}`] = verdict.about.moves;
    }
    expect(moves).to.deep.equal({ '1.0': 2, '1.7': 1, '1.259': 2, '2.0': 0, '2.256': 1, '2.258': 1 });
  });

  it('is the new holder’s to sell, by its API key, piece by piece, and nobody else’s', async () => {
    const path = pathOf(1, 100);
    for (const other of [maker, shop]) {
      const refused = await other.api.post('/api/v1/transfers', { path, to: ada });
      expect([refused.status, refused.body.code], refused.text).to.deep.equal([403, 'not-owner']);
    }
    expect(await transfer(branch, path, ada)).to.deep.include({ state: 'final', moves: 2, error: null });
    expect(await owners(path)).to.deep.equal(['atelier-lune', 'maison-verre', 'boutique-nord', ada]);
    expect(await verdictOn(path)).to.deep.include({ headline: 'genuine-record' });
    const { body: evidence } = await ledger.api.get(`/api/v1/pieces${path}/evidence`);
    expect([evidence.rangeEvents, evidence.passes.length, evidence.moves.length]).to.deep.equal([2, 2, 1]);
  });
});
