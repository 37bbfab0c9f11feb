// Handovers, batches passed on, and what the relayer pays for, on a real ledger: negative cases first, then the whole way
// with a receipt for both sides.
import { expect } from 'chai';
import type { Wallet } from 'ethers';
import { ownCode } from '../../src/core/code.ts';
import { ACTS_A_DAY, STRANGERS_ACTS_A_DAY } from '../../src/ledger/act-quotas.ts';
import { done, keeperOf, low, prepared, settledAct, signedAct } from '../support/acts.ts';
import { registerDirectly, sendDirectly } from '../support/direct.ts';
import {
  type Admitted,
  anchored,
  type Json,
  type Reply,
  register,
  startLedger,
  statement,
  type TestLedger,
} from '../support/ledger.ts';
import { type OwnBatch, ownBatch } from '../support/own-batch.ts';
import { until, wallet } from '../support/raw-chain.ts';
import { refusal } from '../support/refusal.ts';

describe('what passes between hands by acts', function () {
  this.timeout(240_000);
  const [ada, bob, link, eve] = ['ada', 'bob', 'link', 'eve'].map(wallet) as [Wallet, Wallet, Wallet, Wallet];
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
    spare = [];
    for (let i = 0; i < 10; i++) spare.push(await register(maker.api, statement(`Ring ${i}`)));
    for (const path of spare) await anchored(ledger.api, path);
  });
  after(() => ledger.stop());

  const bring = (act: object, api = ledger.api) => api.post('/api/v1/acts', act);
  const refused = (send: () => Promise<Reply>, status: number, code: string) => refusal(ledger, send, status, code);
  async function adas(): Promise<string> {
    const piece = spare.pop() as string;
    await done(ledger, { act: 'transfer', piece, to: low(ada) }, {}, maker.api);
    return piece;
  }
  const offerOf = (piece: string, until?: number) => ({
    act: 'handover',
    piece,
    handoverKey: low(link),
    ...(until === undefined ? {} : { deadline: until }),
  });
  const acceptOf = (piece: string, owner: Json, to = bob) => ({
    act: 'accept-handover',
    piece,
    to: low(to),
    handoverKey: low(link),
    signatures: { owner },
  });
  /** The owner's signature, as her link carries it. */
  async function offered(piece: string, by = ada, until?: number): Promise<Json> {
    return (await signedAct(ledger.api, offerOf(piece, until), { owner: by })).signatures.owner;
  }

  describe('a handover', () => {
    it('accepted by another key than the link’s, or for another address than it signed: refused', async () => {
      const piece = await adas();
      const owner = await offered(piece);
      for (const [key, differing] of [
        [eve, {}],
        [link, { message: { to: low(eve) } }],
      ] as const) {
        const act = await signedAct(ledger.api, acceptOf(piece, owner), { key }, differing);
        const { body } = await refused(() => bring(act), 422, 'signature-invalid');
        expect(body.detail).to.match(/one-time key did not sign this/);
      }
      expect((await keeperOf(ledger, piece)).address).to.equal(low(ada));
    });

    it('offered by somebody who does not own the piece, or without the owner’s signature: refused', async () => {
      const piece = await adas();
      const forged = await signedAct(ledger.api, acceptOf(piece, await offered(piece, eve)), { key: link });
      const { body } = await refused(() => bring(forged), 409, 'stale-act');
      expect(body.detail).to.match(/The offer does not hold/);
      const { signatures, ...bare } = await signedAct(ledger.api, acceptOf(piece, await offered(piece)), { key: link });
      const lacking = { ...bare, signatures: { key: signatures.key } };
      await refused(() => bring(lacking), 422, 'signature-missing');
      await refused(() => bring(lacking, maker.api), 422, 'signature-missing');
      const eves = await signedAct(ledger.api, offerOf(piece), { owner: eve });
      await refused(() => bring(eves), 403, 'not-owner');
    });

    it('whose time is over: refused', async () => {
      const piece = await adas();
      const past = offerOf(piece, 1_700_000_000);
      await refused(() => ledger.api.post('/api/v1/acts/prepare', past), 400, 'invalid-request');
      const owner = await signedAct(
        ledger.api,
        offerOf(piece),
        { owner: ada },
        { message: { deadline: 1_700_000_000 } },
      );
      const act = await signedAct(ledger.api, { ...acceptOf(piece, {}), signatures: {} }, { key: link });
      act.signatures.owner = owner.signatures.owner;
      await refused(() => bring(act), 422, 'signature-expired');
    });

    it('made, accepted by link: the piece moves, and both sides have a receipt', async () => {
      const piece = await adas();
      // Who wants to watch it leaves the offer here; it works without.
      const offer = await done(ledger, offerOf(piece), { owner: ada });
      expect(offer).to.include({ act: 'handover', state: 'kept', path: piece, transaction: null });
      const accepted = await done(ledger, acceptOf(piece, offer.signatures.owner), { key: link });
      expect(accepted).to.include({ act: 'accept-handover', state: 'final', error: null, path: piece });
      expect((await keeperOf(ledger, piece)).address).to.equal(low(bob));
      const { body: given } = await ledger.api.get(`/api/v1/acts/${offer.id}`);
      expect(given).to.include({ state: 'moved', to: low(bob), transaction: accepted.transaction });
    });

    it('withdrawn: the old link is refused, and a fresh one works', async () => {
      const piece = await adas();
      const offer = await done(ledger, offerOf(piece), { owner: ada });
      const { owner } = offer.signatures;
      const act = await signedAct(ledger.api, acceptOf(piece, owner), { key: link });
      expect(await done(ledger, { act: 'withdraw-handovers', piece }, { owner: ada })).to.include({ state: 'final' });
      const { body } = await refused(() => bring(act), 409, 'stale-act');
      expect(body.detail).to.match(/withdrawn/);
      expect((await ledger.api.get(`/api/v1/acts/${offer.id}`)).body.state).to.equal('void');
      await done(ledger, acceptOf(piece, await offered(piece)), { key: link });
      expect((await keeperOf(ledger, piece)).address).to.equal(low(bob));
    });

    it('made by a shop with the key held for it', async () => {
      const piece = spare.pop() as string;
      await refused(() => bring(offerOf(piece), shop.api), 403, 'not-owner');
      const offer = await settledAct(ledger, await bring(offerOf(piece), maker.api));
      expect(offer).to.include({ state: 'kept', organisation: maker.organisation });
      const accepted = await done(ledger, acceptOf(piece, offer.signatures.owner), { key: link });
      expect(accepted).to.include({ state: 'final' });
    });

    it('relayed by somebody else a moment before: done all the same, by the other’s transaction', async () => {
      const piece = await adas();
      const act = await signedAct(ledger.api, acceptOf(piece, await offered(piece)), { key: link });
      const { calls } = await prepared(ledger.api, act);
      // The service's transaction is held back until the other one is mined.
      const { chain } = ledger.service.ledger;
      const send = chain.send;
      (chain as { send: unknown }).send = async () => [];
      let reply: Reply;
      let receipt: Json;
      try {
        reply = await bring(act);
        expect(reply.status, reply.text).to.equal(202);
        receipt = await sendDirectly(ledger, calls[0].data, undefined, calls[0].to);
      } finally {
        (chain as { send: unknown }).send = send;
      }
      const told = await settledAct(ledger, reply);
      expect(told).to.include({ state: 'final', error: null, transaction: receipt.transactionHash });
    });
  });

  describe('a batch', () => {
    const COUNT = 300;
    let batch: OwnBatch;
    const pathOf = (index: number) =>
      `/p/${maker.handle}/${
        ownCode(
          maker.handle,
          Uint8Array.from({ length: 10 }, (_, i) => [9, index >> 8, index & 255][i] ?? 0),
        ).code
      }`;
    before(async () => {
      const records = Array.from({ length: COUNT }, (_, index) => ({
        ...statement(`Piece ${index}`),
        code: ownCode(
          maker.handle,
          Uint8Array.from({ length: 10 }, (_, i) => [9, index >> 8, index & 255][i] ?? 0),
        ),
      }));
      batch = ownBatch(maker.organisation, records);
      await registerDirectly(ledger, maker.organisation, batch);
    });
    const passOf = (to: string, part = 0) => ({ act: 'pass-range', batch: batch.id, part, to });

    it('is not passed on by others, to people, beyond its blocks, or without being there', async () => {
      await refused(() => bring(passOf(branch.organisation), shop.api), 403, 'not-owner');
      await refused(() => bring(passOf(low(ada)), maker.api), 422, 'invalid-act');
      await refused(() => bring(passOf(maker.organisation), maker.api), 422, 'invalid-act');
      await refused(() => bring(passOf(shop.organisation, 3), maker.api), 404, 'not-found');
      await refused(() => bring({ ...passOf(shop.organisation), batch: '12345' }, maker.api), 404, 'not-found');
      await refused(() => bring(passOf(shop.organisation)), 422, 'signature-missing');
    });

    it('goes to a distributor whole and on to a shop by block, without those that left it before', async () => {
      await done(ledger, { act: 'transfer', piece: pathOf(7), to: low(ada) }, {}, maker.api);
      await done(ledger, { act: 'set-card', piece: pathOf(299), claimKey: low(link) }, {}, maker.api);
      expect((await prepared(maker.api, passOf(shop.organisation))).standing.departed).to.deep.equal([7, 299]);
      const whole = await done(ledger, passOf(shop.organisation), {}, maker.api);
      expect(whole, JSON.stringify(whole)).to.include({ state: 'final' });
      const block = await done(ledger, passOf(branch.organisation, 2), {}, shop.api);
      expect(block, JSON.stringify(block)).to.include({ state: 'final' });
      const keepers: Json = {};
      for (const index of [0, 7, 255, 256, 298, 299]) {
        const keeper = await keeperOf(ledger, pathOf(index));
        keepers[index] = keeper.organisation ?? keeper.address;
      }
      expect(keepers).to.deep.equal({
        0: 'maison-verre',
        7: low(ada),
        255: 'maison-verre',
        256: 'boutique-nord',
        298: 'boutique-nord',
        299: 'atelier-lune',
      });
      await refused(() => bring(passOf(branch.organisation), shop.api), 422, 'invalid-act');
    });
  });

  describe('the relayer', () => {
    it('pays for strangers’ twenty acts a day with a piece, and then gives the call to relay oneself', async () => {
      const piece = await adas();
      const [row] = await ledger.sql<Json>('SELECT * FROM acts WHERE path = $1', piece);
      await ledger.sql(
        `INSERT INTO acts (id, act, subjects, fields, standing, signatures, calls, refs, from_block, done)
         SELECT 'quota ' || n, 'transfer', $1, '{}', '{}', '{}', '[1]', '{}', 0, true FROM generate_series(1, $2) n`,
        row.subjects,
        ACTS_A_DAY,
      );
      const act = await signedAct(ledger.api, { act: 'transfer', piece, to: low(bob) }, { owner: ada });
      const { body, headers } = await refused(() => bring(act), 429, 'over-quota');
      expect(Number(headers.get('retry-after'))).to.be.within(60, 86_400);
      expect(body.detail).to.match(/anybody who pays the gas/);
      await sendDirectly(ledger, body.calls[0].data, undefined, body.calls[0].to);
      await until('the passport shows it', async () => (await keeperOf(ledger, piece)).address === low(bob));
    });

    it('pays for so many strangers’ acts a day and no more, and for organisations’ beyond them', async () => {
      const piece = await adas();
      const [{ n }] = await ledger.sql<Json>(
        `SELECT sum(cardinality(subjects))::bigint AS n FROM acts WHERE organisation IS NULL AND calls <> '[]'`,
      );
      await ledger.sql(
        `INSERT INTO acts (id, act, subjects, fields, standing, signatures, calls, refs, from_block, done)
         SELECT 'day ' || k, 'transfer-many', array_fill('piece 1'::text, ARRAY[k]), '{}', '{}', '{}', '[1]', '{}', 0, true
         FROM unnest(ARRAY[500, $1::int]) k`,
        STRANGERS_ACTS_A_DAY - n - 500,
      );
      const act = await signedAct(ledger.api, { act: 'transfer', piece, to: low(bob) }, { owner: ada });
      await refused(() => bring(act), 429, 'over-quota');
      expect(await settledAct(ledger, await bring(act, shop.api))).to.include({ state: 'final' });
      await ledger.sql(`DELETE FROM acts WHERE id LIKE 'day %'`);
    });
  });
});
