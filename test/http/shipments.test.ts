// Shipments between organisations on a real ledger: what is refused, and the whole way of offering, accepting, declining,
// withdrawing and sending back, with the same receipt for both sides.
import { expect } from 'chai';
import { done, keeperOf, low } from '../support/acts.ts';
import {
  type Admitted,
  type Api,
  anchored,
  freshKey,
  type Json,
  type Reply,
  register,
  startLedger,
  statement,
  type TestLedger,
} from '../support/ledger.ts';
import { until, wallet } from '../support/raw-chain.ts';
import { refusal } from '../support/refusal.ts';

describe('a shipment from a workshop to a shop', function () {
  this.timeout(240_000);
  const ada = wallet('ada');
  let ledger: TestLedger;
  let maker: Admitted;
  let shop: Admitted;
  let branch: Admitted;
  let spare: string[];

  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier-lune');
    shop = await ledger.admit('maison-verre', [], ['reseller']);
    branch = await ledger.admit('boutique-nord', [], ['reseller']);
    spare = await Promise.all(Array.from({ length: 24 }, (_, i) => register(maker.api, statement(`Ring ${i}`))));
    for (const path of spare) await anchored(ledger.api, path);
  });
  after(() => ledger.stop());

  const some = (count: number) => spare.splice(0, count);
  const offer = (pieces: readonly string[], to = shop, by = maker, more = {}) =>
    by.api.post('/api/v1/shipments', { to: to.organisation, pieces, ...more });
  const act = (shipment: Json, name: string, by: { api: Api }, headers = {}) =>
    by.api.post(`/api/v1/shipments/${shipment.id}/${name}`, {}, headers);
  const refused = (send: () => Promise<Reply>, status: number, code: string) => refusal(ledger, send, status, code);
  async function offered(pieces: readonly string[], to = shop, by = maker): Promise<Json> {
    const reply = await offer(pieces, to, by);
    expect(reply.status, reply.text).to.equal(202);
    return reply.body;
  }
  async function arrived(shipment: Json, by: Admitted): Promise<Json> {
    let receipt: Json;
    await until('the shipment has arrived', async () => {
      receipt = (await by.api.get(`/api/v1/shipments/${shipment.id}`)).body;
      return receipt.state !== 'accepted' && receipt.acts.every(({ state }: Json) => state !== 'anchored');
    });
    return receipt;
  }
  const holders = async (paths: readonly string[]) =>
    new Set((await Promise.all(paths.map((path) => keeperOf(ledger, path)))).map(({ organisation }) => organisation));

  it('of others’ pieces, of none, of one twice, to people or to oneself: refused', async () => {
    const [first = '', second = ''] = some(2);
    await refused(() => offer([first], branch, shop), 403, 'not-owner');
    await refused(() => offer([]), 400, 'invalid-request');
    await refused(() => offer([first, second, first]), 422, 'invalid-act');
    await refused(() => offer([first], maker), 422, 'invalid-act');
    await refused(() => offer([first], { ...shop, organisation: low(ada) }), 422, 'invalid-act');
    await refused(() => offer(['/p/atelier-lune/00000000000000000']), 404, 'not-found');
    await refused(
      () => ledger.api.post('/api/v1/shipments', { to: shop.organisation, pieces: [first] }),
      401,
      'unauthenticated',
    );
    await done(ledger, { act: 'transfer', piece: second, to: low(ada) }, {}, maker.api);
    const { body } = await refused(() => offer([first, second]), 422, 'invalid-act');
    expect(body.errors).to.deep.equal([{ field: 'pieces.1', reason: 'has another owner than the first' }]);
  });

  it('moves nothing before it is accepted; nobody else sees it or decides it', async () => {
    const pieces = some(2);
    const shipment = await offered(pieces);
    expect(shipment).to.deep.include({ state: 'offered', count: 2, acts: [], returnedBy: null });
    for (const name of ['accept', 'decline', 'withdraw', 'return']) {
      await refused(() => act(shipment, name, branch), 404, 'not-found');
    }
    await refused(() => branch.api.get(`/api/v1/shipments/${shipment.id}`), 404, 'not-found');
    await refused(() => act(shipment, 'accept', maker), 404, 'not-found');
    await refused(() => act(shipment, 'decline', maker), 404, 'not-found');
    await refused(() => act(shipment, 'withdraw', shop), 404, 'not-found');
    await refused(() => act(shipment, 'return', shop), 422, 'invalid-act');
    expect(await holders(pieces)).to.deep.equal(new Set(['atelier-lune']));
    expect(await ledger.sql('SELECT id FROM acts WHERE shipment = $1', shipment.id)).to.deep.equal([]);
  });

  it('declined or withdrawn stays where it is, and can not be accepted any more', async () => {
    for (const [name, side, state] of [
      ['decline', shop, 'declined'],
      ['withdraw', maker, 'withdrawn'],
    ] as const) {
      const pieces = some(1);
      const shipment = await offered(pieces);
      expect((await act(shipment, name, side)).body).to.include({ state });
      for (const other of ['accept', 'decline']) await refused(() => act(shipment, other, shop), 409, 'stale-act');
      await refused(() => act(shipment, 'withdraw', maker), 409, 'stale-act');
      expect((await shop.api.get(`/api/v1/shipments/${shipment.id}`)).body.state).to.equal(state);
      expect(await holders(pieces)).to.deep.equal(new Set(['atelier-lune']));
    }
  });

  it('of which a piece was sold meanwhile is refused whole, and named', async () => {
    const pieces = some(2);
    const shipment = await offered(pieces);
    await done(ledger, { act: 'transfer', piece: pieces[1] as string, to: low(ada) }, {}, maker.api);
    await refused(() => act(shipment, 'accept', shop), 422, 'invalid-act');
    await done(ledger, { act: 'transfer', piece: pieces[1] as string, to: maker.organisation }, { owner: ada });
    const { body } = await refused(() => act(shipment, 'accept', shop), 409, 'stale-act');
    expect(body.errors).to.deep.equal([{ field: 'pieces.1', reason: 'has moved since it was offered' }]);
    expect(await holders(pieces)).to.deep.equal(new Set(['atelier-lune']));
  });

  it('accepted once is the shop’s in one transaction, however often that is sent, and both sides have the receipt', async () => {
    const pieces = some(8);
    const shipment = await offered(pieces);
    const key = { 'idempotency-key': freshKey() };
    const replies = await Promise.all([1, 2].map(() => act(shipment, 'accept', shop, key)));
    expect(replies.map(({ status }) => status)).to.deep.equal([202, 202]);
    await refused(() => act(shipment, 'accept', shop), 409, 'stale-act');
    const receipt = await arrived(shipment, shop);
    expect(receipt).to.deep.include({
      state: 'delivered',
      count: 8,
      from: { address: maker.organisation, handle: 'atelier-lune' },
      to: { address: shop.organisation, handle: 'maison-verre' },
    });
    expect(receipt.acts).to.have.length(1);
    expect(receipt.acts[0]).to.include({ act: 'transfer-many', state: 'final', count: 8, error: null });
    expect((await maker.api.get(`/api/v1/shipments/${shipment.id}`)).body).to.deep.equal(receipt);
    expect(await holders(pieces)).to.deep.equal(new Set(['maison-verre']));
    const { body: listed } = await shop.api.get('/api/v1/shipments?limit=1');
    expect(listed.items[0]).to.include({ id: shipment.id, state: 'delivered' });
    expect(listed.next).to.be.a('number');
  });

  it('goes back whole in one step, once, while all of it is there', async () => {
    const pieces = some(3);
    const shipment = await offered(pieces);
    await act(shipment, 'accept', shop);
    await arrived(shipment, shop);
    await refused(() => act(shipment, 'return', maker), 404, 'not-found');
    const both = await Promise.all([act(shipment, 'return', shop), act(shipment, 'return', shop)]);
    expect(both.map(({ status }) => status).sort()).to.deep.equal([202, 409]);
    const back = both.find(({ status }) => status === 202) as Reply;
    expect(back.status, back.text).to.equal(202);
    expect(back.body).to.include({ returns: shipment.id });
    expect(await arrived(back.body, maker)).to.include({ state: 'delivered' });
    expect(await holders(pieces)).to.deep.equal(new Set(['atelier-lune']));
    expect((await maker.api.get(`/api/v1/shipments/${shipment.id}`)).body.returnedBy).to.equal(back.body.id);
    await refused(() => act(shipment, 'return', shop), 409, 'stale-act');
  });

  it('of a batch: one slot, and back; another offer made before is not of what there is now', async () => {
    const path = await register(maker.api, statement('Alone in its batch'));
    const { batch } = await anchored(ledger.api, path);
    const reply = await offer([], shop, maker, { ranges: [{ batch: batch.id }], note: 'Delivery 7' });
    expect(reply.status, reply.text).to.equal(202);
    const other = await offer([], shop, maker, { ranges: [{ batch: batch.id }] });
    await act(reply.body, 'accept', shop);
    expect(await arrived(reply.body, maker)).to.deep.include({ state: 'delivered', note: 'Delivery 7' });
    expect(reply.body.ranges).to.deep.equal([{ batch: batch.id, part: 0 }]);
    expect(await holders([path])).to.deep.equal(new Set(['maison-verre']));
    const back = await act(reply.body, 'return', shop);
    expect(await arrived(back.body, shop)).to.include({ state: 'delivered' });
    expect(await holders([path])).to.deep.equal(new Set(['atelier-lune']));
    const stale = await refused(() => act(other.body, 'accept', shop), 409, 'stale-act');
    expect(stale.body.errors).to.deep.equal([
      { field: 'ranges.0', reason: 'has passed on, or a piece has left it, since it was offered' },
    ]);
  });
});
