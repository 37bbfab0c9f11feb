// Claims by card on a real ledger: what a card and a shop sign comes from the API and really moves the piece, so the
// messages are those the contract hashes. Whoever may not is told why, and the piece stays where it is.
import { expect } from 'chai';
import type { Wallet } from 'ethers';
import { done, keeperOf, low, prepared, settledAct, signedAct } from '../support/acts.ts';
import { sendDirectly } from '../support/direct.ts';
import {
  type Admitted,
  anchored,
  freshKey,
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

describe('a piece claimed by its card', function () {
  this.timeout(240_000);
  const [ada, bob, card, otherCard] = ['ada', 'bob', 'card', 'other card'].map(wallet) as [
    Wallet,
    Wallet,
    Wallet,
    Wallet,
  ];
  let ledger: TestLedger;
  let maker: Admitted;
  let shop: Admitted;
  let spare: string[];

  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier-lune');
    shop = await ledger.admit('maison-verre', [], ['reseller']);
    spare = [];
    for (let i = 0; i < 12; i++) spare.push(await register(maker.api, statement(`Ring ${i}`)));
    for (const path of spare) await anchored(ledger.api, path);
  });
  after(() => ledger.stop());

  /** A piece with a card set for it. */
  async function carded(by: Wallet = card): Promise<string> {
    const piece = spare.pop() as string;
    const set = await done(ledger, { act: 'set-card', piece, claimKey: low(by) }, {}, maker.api);
    expect(set, JSON.stringify(set)).to.include({ state: 'final', error: null });
    return piece;
  }
  const release = (piece: string) => done(ledger, { act: 'release', piece }, {}, maker.api);
  const claimOf = (piece: string, to = ada) => ({ act: 'claim', piece, to: low(to) });
  const bring = (act: object, api = ledger.api, headers = {}) => api.post('/api/v1/acts', act, headers);
  const refused = (send: () => Promise<Reply>, status: number, code: string) => refusal(ledger, send, status, code);
  const claimed = async (piece: string, to = ada, by = card) => done(ledger, claimOf(piece, to), { card: by });

  it('that the shop has not released: refused in words, and nothing moved', async () => {
    const piece = await carded();
    const act = await signedAct(ledger.api, claimOf(piece), { card });
    const { body } = await refused(() => bring(act), 409, 'not-released');
    expect(body.detail).to.match(/has not released it. Ask the shop/);
    expect((await keeperOf(ledger, piece)).organisation).to.equal('atelier-lune');
  });

  it('that somebody else’s organisation released: 403, and nothing is kept', async () => {
    const piece = await carded();
    await refused(() => bring({ act: 'release', piece }, shop.api), 403, 'not-owner');
    await refused(() => bring({ act: 'release', piece }), 422, 'signature-missing');
    const forged = await signedAct(ledger.api, { act: 'release', piece }, { release: bob });
    await refused(() => bring(forged), 403, 'key-not-permitted');
    const act = await signedAct(ledger.api, claimOf(piece), { card });
    await refused(() => bring(act), 409, 'not-released');
  });

  it('by an unauthenticated customer, once it was released: hers, with a receipt', async () => {
    const piece = await carded();
    const kept = await release(piece);
    expect(kept).to.include({ act: 'release', state: 'kept', transaction: null, path: piece });
    const asked = await prepared(ledger.api, claimOf(piece));
    expect(asked.signatures.map(({ signer, from }: Json) => [signer, from])).to.deep.equal([
      ['card', 'missing'],
      ['release', 'kept'],
    ]);
    expect(asked).to.deep.include({ calls: [], refusal: null });
    const receipt = await claimed(piece);
    expect(receipt).to.include({ act: 'claim', state: 'final', error: null, path: piece, organisation: null });
    expect(receipt.transaction).to.match(/^0x[0-9a-f]{64}$/);
    expect(receipt.block).to.be.greaterThan(0);
    await until('the passport shows it', async () => (await keeperOf(ledger, piece)).address === low(ada));
    expect((await ledger.api.get(`/api/v1/acts/${kept.id}`)).body).to.include({ state: 'moved', to: low(ada) });
    expect((await passport(ledger.api, piece)).headline).to.equal('genuine-record');
  });

  it('with a release made elsewhere by a till, in one request', async () => {
    const piece = await carded();
    const act = await signedAct(ledger.api, claimOf(piece), { card });
    const atTheTill = await bring(act, maker.api);
    expect(await settledAct(ledger, atTheTill)).to.include({ state: 'final', organisation: maker.organisation });
    expect((await keeperOf(ledger, piece)).address).to.equal(low(ada));
  });

  describe('when it can not be', () => {
    let piece: string;
    before(async () => {
      piece = await carded();
      await release(piece);
    });
    afterEach(async () => expect((await keeperOf(ledger, piece)).organisation).to.equal('atelier-lune'));

    it('another card: 422, in words', async () => {
      const act = await signedAct(ledger.api, claimOf(piece), { card: otherCard });
      const { body } = await refused(() => bring(act), 422, 'signature-invalid');
      expect(body.detail).to.match(/another piece’s card/);
    });

    it('sent on to another address than the card signed: refused', async () => {
      const act = await signedAct(ledger.api, claimOf(piece), { card }, { message: { to: low(bob) } });
      await refused(() => bring(act), 422, 'signature-invalid');
    });

    for (const [what, differing, code] of [
      ['for another chain', { domain: { chainId: 1 } }, 'signature-invalid'],
      ['for another contract', { domain: { verifyingContract: `0x${'77'.repeat(20)}` } }, 'signature-invalid'],
      ['for another state of the piece', { message: { moves: 5 } }, 'signature-invalid'],
      ['too late', { message: { deadline: 1_700_000_000 } }, 'signature-expired'],
    ] as const) {
      it(`signed ${what}: 422 ${code}`, async () => {
        const act = await signedAct(ledger.api, claimOf(piece), { card }, differing);
        await refused(() => bring(act), 422, code);
      });
    }

    it('without the card’s signature: told which is missing', async () => {
      const { body } = await refused(() => bring(claimOf(piece)), 422, 'signature-missing');
      expect(body.errors).to.deep.equal([
        { field: 'signatures.card', reason: 'is missing: the claim card signs this' },
      ]);
    });

    it('a wrong API key, or one without the scope, is not taken for a stranger', async () => {
      const act = await signedAct(ledger.api, claimOf(piece), { card });
      await refused(() => bring(act, ledger.api, { authorization: 'Bearer ts_wrong' }), 401, 'unauthenticated');
    });

    it('a private key or a card’s secret in the request: refused unread, and not repeated', async () => {
      const key = card.privateKey;
      for (const body of [
        { ...claimOf(piece), secret: key },
        { ...claimOf(piece), signatures: { card: { signature: key, deadline: 2_000_000_000 } } },
        { ...claimOf(piece), to: key },
        { ...claimOf(`${piece}#CJ1ZQ8K3M4N5P6R7S8T9V0W1X2Y3Z4`) },
        { ...claimOf(piece), cardPrivateKey: 'abcdefghijklmnopqrst' },
      ]) {
        for (const route of ['/api/v1/acts', '/api/v1/acts/prepare']) {
          const reply = await refused(() => ledger.api.post(route, body), 400, 'secret-sent');
          expect(reply.text).to.not.include(key.slice(2));
        }
      }
    });
  });

  it('a second time: the card is used', async () => {
    const piece = await carded();
    await release(piece);
    const again = await signedAct(ledger.api, claimOf(piece, bob), { card });
    expect(await claimed(piece)).to.include({ state: 'final' });
    const { body } = await refused(() => bring(again), 409, 'card-dead');
    expect(body.detail).to.match(/has a private owner already: its card was used/);
    expect((await keeperOf(ledger, piece)).address).to.equal(low(ada));
  });

  it('twice at once, for two people: one has it, the other is told', async () => {
    const piece = await carded();
    await release(piece);
    const acts = await Promise.all([ada, bob].map((to) => signedAct(ledger.api, claimOf(piece, to), { card })));
    const replies = await Promise.all(acts.map((act) => bring(act)));
    const outcomes = await Promise.all(
      replies.map(async (reply) => (reply.status === 202 ? (await settledAct(ledger, reply)).state : reply.body.code)),
    );
    expect(outcomes.toSorted()).to.deep.equal(['act-under-way', 'final']);
    const winner = [ada, bob][outcomes.indexOf('final')] as Wallet;
    expect((await keeperOf(ledger, piece)).address).to.equal(low(winner));
  });

  it('sent twice, with the same key or as the same act, is done once', async () => {
    const piece = await carded();
    await release(piece);
    const act = await signedAct(ledger.api, claimOf(piece), { card });
    const key = { 'idempotency-key': freshKey() };
    const [first, second] = await Promise.all([bring(act), bring(act)]);
    expect(first.body.id).to.equal(second.body.id);
    const before = await ledger.sql('SELECT id FROM acts');
    expect(await settledAct(ledger, first)).to.include({ state: 'final' });
    await refused(() => bring(act, ledger.api, key), 409, 'card-dead');
    expect(await ledger.sql('SELECT id FROM acts')).to.have.length(before.length);
  });

  it('relayed by the customer herself, past the service: hers all the same', async () => {
    const piece = await carded();
    await release(piece);
    const act = await signedAct(ledger.api, claimOf(piece), { card });
    const { calls, refusal: why } = await prepared(ledger.api, act);
    expect([calls.length, why]).to.deep.equal([1, null]);
    expect(calls[0].to).to.equal(ledger.service.ledger.chain.pieces);
    await sendDirectly(ledger, calls[0].data, undefined, calls[0].to);
    await until('the passport shows it', async () => (await keeperOf(ledger, piece)).address === low(ada));
    await refused(() => bring(act), 409, 'card-dead');
  });

  it('that came back: claimed anew by a fresh card, and not by the old one', async () => {
    const piece = await carded();
    await release(piece);
    await claimed(piece);
    const back = await done(ledger, { act: 'transfer', piece, to: maker.organisation }, { owner: ada });
    expect(back).to.include({ state: 'final' });
    await release(piece);
    const old = await signedAct(ledger.api, claimOf(piece, bob), { card });
    await refused(() => bring(old), 409, 'card-dead');
    await done(ledger, { act: 'set-card', piece, claimKey: low(otherCard) }, {}, maker.api);
    await refused(() => bring(old), 409, 'not-released');
    await release(piece);
    expect(await claimed(piece, bob, otherCard)).to.include({ state: 'final' });
    await until('the passport shows it', async () => (await keeperOf(ledger, piece)).address === low(bob));
  });

  it('unknown, or with an unknown receipt: 404', async () => {
    await refused(() => bring(claimOf('/p/atelier-lune/00000000000000000')), 404, 'not-found');
    await refused(() => ledger.api.get('/api/v1/acts/00000000-0000-4000-8000-000000000000'), 404, 'not-found');
    await refused(() => ledger.api.get('/api/v1/acts/1'), 404, 'not-found');
  });
});
