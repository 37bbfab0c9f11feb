// Reports, rulings, recalls, corrections and the end of pieces and batches by acts, on a real ledger: negative cases first.
import { expect } from 'chai';
import type { Wallet } from 'ethers';
import { actOn } from '../../src/admission.ts';
import { ACTS_A_DAY } from '../../src/ledger/act-quotas.ts';
import { done, keeperOf, low, prepared, settledAct, signedAct } from '../support/acts.ts';
import { type ChainClock, chainClock } from '../support/chain-clock.ts';
import {
  type Admitted,
  type Api,
  anchored,
  type Json,
  type Reply,
  register,
  startLedger,
  statement,
  type TestLedger,
} from '../support/ledger.ts';
import { wallet } from '../support/raw-chain.ts';
import { refusal } from '../support/refusal.ts';

describe('what happens to a piece by acts', function () {
  this.timeout(240_000);
  const [ada, bob, eve] = ['ada', 'bob', 'eve'].map(wallet) as [Wallet, Wallet, Wallet];
  let clock: ChainClock;
  let ledger: TestLedger;
  let maker: Admitted;
  let heir: Admitted;
  let shop: Admitted;
  let court: Admitted;
  let spare: string[];
  const words = 'Case 12 of 2027';

  before(async () => {
    clock = chainClock();
    ledger = await clock.during(() => startLedger());
    maker = await ledger.admit('atelier-lune');
    heir = await ledger.admit('atelier-nova');
    shop = await ledger.admit('maison-verre', [], ['reseller']);
    court = await ledger.admit('court-one', [], ['arbiter']);
    spare = [];
    for (let i = 0; i < 14; i++) spare.push(await register(maker.api, statement(`Ring ${i}`)));
    for (const path of spare) await anchored(ledger.api, path);
  });
  after(async () => {
    await ledger.stop();
    clock.remove();
  });

  const bring = (act: object, api = ledger.api) => api.post('/api/v1/acts', act);
  const refused = (send: () => Promise<Reply>, status: number, code: string) => refusal(ledger, send, status, code);
  async function adas(): Promise<string> {
    const piece = spare.pop() as string;
    await done(ledger, { act: 'transfer', piece, to: low(ada) }, {}, maker.api);
    return piece;
  }
  const by = async (api: Api, act: object) => settledAct(ledger, await bring(act, api));
  const isNow = async (piece: string): Promise<string[]> =>
    (await prepared(ledger.api, { act: 'report-lost', piece })).standing.is;
  const sold = (piece: string) => signedAct(ledger.api, { act: 'transfer', piece, to: low(bob) }, { owner: ada });

  describe('a report', () => {
    it('by somebody who does not own the piece: refused', async () => {
      const piece = await adas();
      const act = { act: 'report-stolen', piece };
      await refused(() => bring(act), 422, 'signature-missing');
      await refused(() => bring(act, maker.api), 403, 'not-owner');
      const eves = await signedAct(ledger.api, act, { owner: eve });
      await refused(() => bring(eves), 403, 'not-owner');
      const asLost = await signedAct(ledger.api, { ...act, act: 'report-lost' }, { owner: ada });
      await refused(() => bring({ ...asLost, act: 'report-stolen' }), 403, 'not-owner');
      await refused(() => bring({ act: 'withdraw-report', piece }), 409, 'not-applicable');
      await refused(() => bring({ act: 'lapse-report', piece }), 409, 'not-applicable');
    });

    it('keeps the piece where it is until its owner withdraws it', async () => {
      const piece = await adas();
      const before = await sold(piece);
      const receipt = await done(ledger, { act: 'report-stolen', piece }, { owner: ada });
      expect(receipt).to.include({ act: 'report-stolen', state: 'final', error: null, path: piece });
      expect(await isNow(piece)).to.deep.equal(['reported-stolen', 'blocked']);

      const { body } = await refused(() => bring(before), 409, 'piece-blocked');
      expect(body.detail).to.match(/reported stolen: it does not move until .* lapsed on 20\d\d-\d\d-\d\d\. Nothing/);
      const told = await prepared(ledger.api, { act: 'transfer', piece, to: low(bob) });
      expect(told.refusal).to.deep.equal({ code: 'piece-blocked', detail: body.detail });
      const twice = () => bring({ act: 'transfer-many', pieces: [spare[0], piece], to: low(bob) });
      expect((await twice()).body.code).to.equal('invalid-act');
      await refused(() => bring({ act: 'end', piece, kind: 'melted' }), 409, 'piece-blocked');
      await refused(() => bring({ act: 'handover', piece, handoverKey: low(bob) }), 409, 'piece-blocked');

      await done(ledger, { act: 'withdraw-report', piece }, { owner: ada });
      expect(await isNow(piece)).to.deep.equal([]);
      await done(ledger, { act: 'transfer', piece, to: low(bob) }, { owner: ada });
      expect((await keeperOf(ledger, piece)).address).to.equal(low(bob));
    });

    it('is not kept from being made by others’ acts of the day', async () => {
      const piece = await adas();
      await ledger.sql(
        `INSERT INTO acts (id, act, subjects, fields, standing, signatures, calls, refs, from_block, done)
         SELECT 'spent ' || n, 'transfer', a.subjects, '{}', '{}', '{}', '[{}]', '{}', 0, true
         FROM acts a, generate_series(1, $1::integer) n WHERE a.path = $2`,
        ACTS_A_DAY,
        piece,
      );
      const act = await sold(piece);
      const { body } = await refused(() => bring(act), 429, 'over-quota');
      expect(body.calls).to.have.length(1);
      expect(await done(ledger, { act: 'report-lost', piece }, { owner: ada })).to.include({ state: 'final' });
      // Nor is an arbiter kept from ruling.
      const locked = await by(court.api, { act: 'lock', piece, words });
      expect(locked).to.include({ state: 'final', organisation: court.organisation });
    });
  });

  describe('an arbiter', () => {
    it('is an organisation with that role, and gives a reason', async () => {
      const piece = await adas();
      const act = { act: 'lock', piece, words };
      for (const { api } of [maker, shop]) await refused(() => bring(act, api), 403, 'key-not-permitted');
      await refused(() => bring({ ...act, organisation: court.organisation }, maker.api), 403, 'not-owner');
      await refused(() => bring({ act: 'lock', piece }, court.api), 400, 'invalid-request');
      await refused(() => bring({ ...act, words: 'é'.repeat(501) }, court.api), 400, 'invalid-request');
      await refused(() => bring(act), 400, 'invalid-request');
      for (const [name, why] of [
        ['unlock', /not locked/],
        ['dismiss-reports', /Nobody has reported/],
        ['cancel-recovery', /No recovery/],
      ] as const) {
        const { body } = await refused(() => bring({ ...act, act: name }, court.api), 409, 'not-applicable');
        expect(body.detail).to.match(why);
      }
    });

    it('locks and unlocks a piece, and dismisses what an earlier owner reported', async () => {
      const piece = await adas();
      expect(await by(court.api, { act: 'lock', piece, words })).to.include({ state: 'final', error: null });
      await refused(() => bring({ act: 'lock', piece, words }, court.api), 409, 'not-applicable');
      const { body } = await refused(() => bring({ act: 'transfer', piece, to: low(bob) }), 409, 'piece-blocked');
      expect(body.detail).to.match(/An arbiter has locked the piece/);
      await done(ledger, { act: 'report-stolen', piece }, { owner: ada });
      expect(await isNow(piece)).to.deep.equal(['reported-stolen', 'blocked', 'locked']);
      await by(court.api, { act: 'dismiss-reports', piece, words });
      expect(await isNow(piece)).to.deep.equal(['locked']);
      await by(court.api, { act: 'unlock', piece, words });
      await done(ledger, { act: 'transfer', piece, to: low(bob) }, { owner: ada });
      expect(await isNow(piece)).to.deep.equal([]);
      const [row] = await ledger.sql<Json>('SELECT organisation, words FROM life_events WHERE kind = 35');
      expect(row.words).to.equal(words);
    });
  });

  describe('who registered a piece', () => {
    it('recalls it, corrects it and withdraws its registration; nobody else does', async () => {
      const piece = await adas();
      const act = { act: 'recall', piece, words: 'The clasp opens.' };
      const { body } = await refused(() => bring(act, heir.api), 403, 'key-not-permitted');
      expect(body.detail).to.match(/Only who registered this/);
      await refused(() => bring(act, shop.api), 403, 'key-not-permitted');
      await refused(() => bring({ ...act, act: 'lift-recall' }, maker.api), 409, 'not-applicable');
      expect(await by(maker.api, act)).to.include({ state: 'final' });
      await refused(() => bring(act, maker.api), 409, 'not-applicable');
      expect(await isNow(piece)).to.deep.equal(['recalled']);
      await by(maker.api, { ...act, act: 'lift-recall' });
      await by(maker.api, { ...act, act: 'withdraw-registration' });
      expect(await isNow(piece)).to.deep.equal(['withdrawn']);
      // It still moves: its owner keeps what she bought.
      await done(ledger, { act: 'transfer', piece, to: low(bob) }, { owner: ada });
    });

    it('corrects it by a statement that goes on the chain with it', async () => {
      const piece = spare.pop() as string;
      const act = { act: 'correct', piece, words: 'A digit was misread.' };
      await refused(() => bring(act, maker.api), 422, 'invalid-act');
      const said = (kind: string, more: object = {}) => ({
        schema: 'touchstone/life-event/1',
        kind,
        language: 'en',
        words: 'Weighed again.',
        ...more,
      });
      const corrections = [{ path: '/massMg', value: 4200, why: 'Read off another scale.' }];
      await refused(() => bring({ ...act, statement: said('repair') }, maker.api), 422, 'invalid-act');
      await refused(() => bring({ ...act, statement: said('corrected') }, maker.api), 400, 'invalid-request');
      const correct = { ...act, statement: said('corrected', { corrections }) };
      const receipt = await by(maker.api, correct);
      expect(receipt).to.include({ state: 'final', error: null });
      const [event] = await ledger.sql<Json>('SELECT content_hash FROM life_events WHERE kind = 43');
      const [content] = await ledger.sql<Json>(
        'SELECT content FROM certificate_contents WHERE hash = $1',
        event.content_hash,
      );
      expect(JSON.parse(content.content)).to.deep.equal(correct.statement);
      const posted = await ledger.sql<Json>(
        `SELECT 1 FROM transactions WHERE purpose = 'act' AND ref = $1`,
        receipt.id,
      );
      expect(posted).to.have.length(1);
      const [{ count }] = await ledger.sql<Json>(
        `SELECT count(*) AS count FROM transactions WHERE purpose = 'act' AND ref LIKE $1 || '%' AND succeeded`,
        receipt.id,
      );
      expect(count).to.equal(2);
    });

    it('says so of a whole batch; its successor as well, once named', async () => {
      const { batch } = await anchored(ledger.api, await register(maker.api, statement('Alone')));
      const act = { act: 'recall-batch', batch: batch.id, words: 'Nickel in the plating.' };
      await refused(() => bring(act, heir.api), 403, 'key-not-permitted');
      await refused(() => bring({ ...act, batch: '12345' }, maker.api), 404, 'not-found');
      expect(await by(maker.api, act)).to.include({ state: 'final' });
      await refused(() => bring(act, maker.api), 409, 'not-applicable');
      await actOn(ledger.service, ledger.config, 'atelier-lune', { name: 'succeed', successor: 'atelier-nova' });
      expect(await by(heir.api, { ...act, act: 'lift-batch-recall' })).to.include({
        state: 'final',
        organisation: heir.organisation,
      });
      expect(await by(heir.api, { ...act, act: 'withdraw-batch' })).to.include({ state: 'final' });
      const piece = spare.pop() as string;
      expect(await by(heir.api, { act: 'recall', piece, words })).to.include({ state: 'final' });
    });
  });

  describe('the end', () => {
    it('of a piece is its owner’s to say, and for good', async () => {
      const piece = await adas();
      await refused(() => bring({ act: 'end', piece, kind: 'sold' }), 400, 'invalid-request');
      await refused(() => bring({ act: 'end', piece, kind: 'melted' }, maker.api), 403, 'not-owner');
      await done(ledger, { act: 'end', piece, kind: 'melted' }, { owner: ada });
      expect(await isNow(piece)).to.deep.equal(['ended']);
      const { body } = await refused(() => bring({ act: 'transfer', piece, to: low(bob) }), 409, 'piece-blocked');
      expect(body.detail).to.match(/at its end/);
      await refused(() => bring({ act: 'report-lost', piece }), 409, 'not-applicable');
    });

    it('of a batch is its holder’s to say', async () => {
      const { batch } = await anchored(ledger.api, await register(maker.api, statement('Never sold')));
      const act = { act: 'end-batch', batch: batch.id, kind: 'destroyed', words: 'Flood.' };
      await refused(() => bring(act, heir.api), 403, 'not-owner');
      expect(await by(maker.api, act)).to.include({ state: 'final' });
      await refused(() => bring(act, maker.api), 409, 'not-applicable');
      const pass = { act: 'pass-range', batch: batch.id, to: shop.organisation };
      await refused(() => bring(pass, maker.api), 409, 'piece-blocked');
    });
  });

  describe('ninety days later', () => {
    it('a report’s block is ended by anybody, not earlier, and again after the next report', async () => {
      const piece = await adas();
      await done(ledger, { act: 'report-lost', piece }, { owner: ada });
      const lapse = { act: 'lapse-report', piece };
      const { body } = await refused(() => bring(lapse), 409, 'too-early');
      expect(body.detail).to.match(/not time for this before 20\d\d-\d\d-\d\d 00:00 UTC/);
      clock.ahead(91);
      // Nothing was mined since, so what the node says is still as of then.
      serviceAhead(91);
      const first = await by(ledger.api, lapse);
      expect(first).to.include({ state: 'final', error: null });
      expect(await isNow(piece)).to.deep.equal(['reported-lost']);

      await done(ledger, { act: 'report-lost', piece, deadline: deadlineIn(100) }, { owner: ada });
      await refused(() => bring(lapse), 409, 'too-early');
      clock.ahead(183);
      serviceAhead(183);
      const second = await by(ledger.api, lapse);
      expect(second).to.include({ state: 'final', error: null });
      expect(second.id).to.not.equal(first.id);
      const transfer = { act: 'transfer', piece, to: low(bob), deadline: deadlineIn(200) };
      await done(ledger, transfer, { owner: ada });
      expect(await isNow(piece)).to.deep.equal(['reported-before']);
    });
  });

  const serviceAhead = (days: number) =>
    Object.assign(ledger.service.ledger, { now: () => Date.now() + days * 24 * 60 * 60 * 1000 });
  const deadlineIn = (days: number) => Math.floor(Date.now() / 1000) + days * 24 * 60 * 60;
});
