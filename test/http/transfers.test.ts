// Pieces passed on: by the organisation's own key, by a signature made elsewhere, and past the service. Whoever may not
// move a piece is told why, and the piece stays where it is.

import { expect } from 'chai';
import type { Wallet } from 'ethers';
import { fund, pieces, sendDirectly } from '../support/direct.ts';
import {
  type Admitted,
  anchored,
  type Json,
  passport,
  type Reply,
  register,
  startLedger,
  statement,
  type TestLedger,
} from '../support/ledger.ts';
import { until, wallet } from '../support/raw-chain.ts';
import { refusal } from '../support/refusal.ts';

describe('a piece that is passed on', function () {
  this.timeout(240_000);
  const [ada, bob, eve] = ['ada', 'bob', 'eve'].map(wallet) as [Wallet, Wallet, Wallet];
  let ledger: TestLedger;
  let maker: Admitted;
  let shop: Admitted;
  let spare: string[];

  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier-lune');
    shop = await ledger.admit('maison-verre');
    spare = [];
    for (let i = 0; i < 12; i++) spare.push(await register(maker.api, statement(`Ring ${i}`)));
    for (const path of spare) await anchored(ledger.api, path);
  });
  after(() => ledger.stop());

  const low = (owner: Wallet | string) => (typeof owner === 'string' ? owner : owner.address.toLowerCase());
  const fresh = () => spare.pop() as string;
  const pass = (path: string, to: Wallet | string, signed: object = {}, by = maker, headers = {}) =>
    by.api.post('/api/v1/transfers', { path, to: low(to), ...signed }, headers);
  const refused = (send: () => Promise<Reply>, status: number, code: string) => refusal(ledger, send, status, code);

  /** What a wallet elsewhere does with what `prepare` answers. */
  async function sign(
    path: string,
    to: Wallet | string,
    owner: Wallet,
    differing: { domain?: object; message?: object } = {},
  ) {
    const { body } = await ledger.api.get(`/api/v1/transfers/prepare?path=${encodeURIComponent(path)}&to=${low(to)}`);
    const { domain, types, message } = body.typedData;
    const signature = await owner.signTypedData({ ...domain, ...differing.domain }, types, {
      ...message,
      ...differing.message,
    });
    return { signature, deadline: Number({ ...message, ...differing.message }.deadline), moves: body.moves };
  }

  async function done(reply: Reply, by = maker): Promise<Json> {
    expect(reply.status, reply.text).to.equal(202);
    expect(reply.headers.get('location')).to.equal(`/api/v1/transfers/${reply.body.id}`);
    let found: Json;
    await until('the transfer is done', async () => {
      found = (await by.api.get(`/api/v1/transfers/${reply.body.id}`)).body;
      return found.state === 'final' || found.state === 'failed';
    });
    return found;
  }
  const keeper = async (path: string): Promise<Json> => {
    const { body } = await ledger.api.get(`/api/v1/pieces${path}/history`);
    return body.keeper;
  };

  it('goes from the workshop to a shop, to a private owner and to the next, and its history says so', async () => {
    const path = fresh();
    expect(await done(await pass(path, shop.organisation))).to.include({
      state: 'final',
      from: maker.organisation,
      to: shop.organisation,
      moves: 0,
      error: null,
    });
    await done(await pass(path, ada, {}, shop), shop);
    // A private owner has no account: anybody's brings her signature to the chain.
    await done(await pass(path, bob, await sign(path, bob, ada), shop), shop);
    await until('the history has it', async () => (await keeper(path)).number === 4);
    const { body } = await ledger.api.get(`/api/v1/pieces${path}/history`);
    expect(body.timeline.map((entry: Json) => entry.to)).to.deep.equal([
      { number: 1, address: maker.organisation, organisation: 'atelier-lune' },
      { number: 2, address: shop.organisation, organisation: 'maison-verre' },
      { number: 3, address: low(ada) },
      { number: 4, address: low(bob) },
    ]);
    expect((await passport(ledger.api, path)).headline).to.equal('genuine-record');
  });

  it('moves by its owner’s own transaction, past the service, and the passport shows it', async () => {
    const path = fresh();
    await done(await pass(path, ada));
    const { tokenId } = await passport(ledger.api, path);
    await fund(ledger, ada.address);
    await sendDirectly(ledger, pieces.encodeFunctionData('transferFrom', [ada.address, bob.address, tokenId]), ada);
    await until('the passport shows it', async () => (await keeper(path)).address === low(bob));
    expect((await keeper(path)).number).to.equal(3);
  });

  describe('by somebody who may not', () => {
    let path: string;
    before(async () => {
      path = fresh();
      await done(await pass(path, ada));
    });
    afterEach(async () => {
      expect((await keeper(path)).address).to.equal(low(ada));
    });

    it('the workshop that sold it: 403', async () => {
      await refused(() => pass(path, bob), 403, 'not-owner');
    });
    it('a stranger’s key: 403', async () => {
      const signed = await sign(path, bob, eve);
      await refused(() => pass(path, bob, signed), 403, 'not-owner');
    });
    it('a stranger’s key that says it is the owner’s: 422', async () => {
      const signed = await sign(path, bob, eve);
      await refused(() => pass(path, bob, { ...signed, key: low(ada) }), 422, 'signature-invalid');
    });
    it('a signature over another new owner', async () => {
      const signed = await sign(path, bob, ada);
      await refused(() => pass(path, eve, { ...signed, key: low(ada) }), 422, 'signature-invalid');
      await refused(() => pass(path, eve, signed), 403, 'not-owner');
    });
    it('a signature for another chain or another registry', async () => {
      for (const domain of [{ chainId: 1 }, { verifyingContract: `0x${'9'.repeat(40)}` }]) {
        const signed = await sign(path, bob, ada, { domain });
        await refused(() => pass(path, bob, { ...signed, key: low(ada) }), 422, 'signature-invalid');
      }
    });
    it('a signature whose time is over', async () => {
      const signed = await sign(path, bob, ada, { message: { deadline: Math.floor(Date.now() / 1000) - 10 } });
      await refused(() => pass(path, bob, signed), 422, 'signature-expired');
    });
    it('a signature whose deadline was changed', async () => {
      const signed = await sign(path, bob, ada);
      await refused(
        () => pass(path, bob, { ...signed, deadline: signed.deadline + 1, key: low(ada) }),
        422,
        'signature-invalid',
      );
    });
    it('a signature for a number of moves that is past or to come: 409', async () => {
      const signed = await sign(path, bob, ada);
      for (const moves of [0, 2]) await refused(() => pass(path, bob, { ...signed, moves }), 409, 'stale-transfer');
    });
    it('a signature that is none', async () => {
      for (const signature of ['0x00', `0x${'00'.repeat(65)}`, `0x${'ff'.repeat(65)}`]) {
        await refused(() => pass(path, bob, { signature, deadline: 2 ** 40, moves: 1 }), 422, 'signature-invalid');
      }
    });
    it('a signature without the deadline or moves it is over: 400, naming it', async () => {
      const { signature, deadline } = await sign(path, bob, ada);
      const reply = await refused(() => pass(path, bob, { signature, deadline }), 400, 'invalid-request');
      expect(reply.body.errors).to.deep.equal([{ field: 'moves', reason: 'is missing' }]);
    });
    it('to nobody, or to whom owns it already: 422', async () => {
      await refused(() => pass(path, `0x${'0'.repeat(40)}`), 422, 'invalid-transfer');
      await refused(() => pass(path, ada), 422, 'invalid-transfer');
    });
    it('to a contract that takes no pieces: 422', async () => {
      const signed = await sign(path, ledger.service.ledger.chain.organisations, ada);
      await refused(() => pass(path, ledger.service.ledger.chain.organisations, signed), 422, 'invalid-transfer');
    });
    it('to what is no address, or a piece of no code: 400', async () => {
      for (const to of ['0x12', 'ada.eth', '', `0x${'g'.repeat(40)}`])
        await refused(() => pass(path, to), 400, 'invalid-request');
      await refused(() => pass('/p/atelier-lune/short', bob), 400, 'invalid-request');
      await refused(() => pass('/p/atelier-lune/00000000000000000', bob), 404, 'not-found');
    });
  });

  it('is not moved twice by one signature', async () => {
    const path = fresh();
    await done(await pass(path, ada));
    const signed = await sign(path, bob, ada);
    await done(await pass(path, bob, signed));
    await refused(() => pass(path, bob, signed), 422, 'invalid-transfer');
    await done(await pass(path, ada, await sign(path, ada, bob)));
    await refused(() => pass(path, bob, signed), 409, 'stale-transfer');
    expect((await keeper(path)).address).to.equal(low(ada));
  });

  it('takes one of two transfers that come at once, and tells the other to wait', async () => {
    const path = fresh();
    const replies = await Promise.all([pass(path, ada), pass(path, bob)]);
    expect(replies.map((reply) => reply.status).sort()).to.deep.equal([202, 409]);
    const late = replies.find((reply) => reply.status === 409) as Reply;
    expect(late.body.code).to.equal('transfer-under-way');
    expect(Number(late.headers.get('retry-after'))).to.be.within(1, 60);
    const first = replies.find((reply) => reply.status === 202) as Reply;
    const { to } = await done(first);
    expect((await keeper(path)).address).to.equal(to);
  });

  it('is moved once by a request that is sent twice', async () => {
    const path = fresh();
    const headers = { 'idempotency-key': 'twice' };
    const [one, two] = await Promise.all([pass(path, ada, {}, maker, headers), pass(path, ada, {}, maker, headers)]);
    expect([one.status, two.status, one.body.id]).to.deep.equal([202, 202, two.body.id]);
    await done(one);
    expect((await pass(path, ada, {}, maker, headers)).body).to.include({ id: one.body.id, state: 'final' });
  });

  it('that is not on the chain yet can not be passed on yet: 409, and when to come back', async () => {
    const path = await register(maker.api, statement('Just registered'));
    const reply = await refused(() => pass(path, ada), 409, 'piece-not-anchored');
    expect(Number(reply.headers.get('retry-after'))).to.be.within(1, 60);
    await anchored(ledger.api, path);
    await done(await pass(path, ada));
  });

  it('is nobody else’s to look up', async () => {
    const { body } = await pass(fresh(), ada);
    await refused(() => shop.api.get(`/api/v1/transfers/${body.id}`), 404, 'not-found');
  });
});
