// What two sign about a piece, on a real ledger: work with its owner's consent, and the recovery of a lost key. Who is not
// asked, declines, comes too late or finds the piece changed is refused; then the whole way.
import { expect } from 'chai';
import type { Wallet } from 'ethers';
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

describe('what two sign about a piece', function () {
  this.timeout(240_000);
  const [ada, bob, fresh, eve] = ['ada', 'bob', 'fresh', 'eve'].map(wallet) as [Wallet, Wallet, Wallet, Wallet];
  let clock: ChainClock;
  let ledger: TestLedger;
  let maker: Admitted;
  let goldsmith: Admitted;
  let shop: Admitted;
  let court: Admitted;
  let spare: string[];

  before(async () => {
    clock = chainClock();
    ledger = await clock.during(() => startLedger());
    maker = await ledger.admit('atelier-lune');
    goldsmith = await ledger.admit('goldsmith-nord', [], ['service']);
    shop = await ledger.admit('maison-verre', [], ['reseller']);
    court = await ledger.admit('court-one', [], ['arbiter']);
    spare = [];
    for (let i = 0; i < 10; i++) spare.push(await register(maker.api, statement(`Ring ${i}`)));
    for (const path of spare) await anchored(ledger.api, path);
  });
  after(async () => {
    await ledger.stop();
    clock.remove();
  });

  const bring = (act: object, api = ledger.api) => api.post('/api/v1/acts', act);
  const refused = (send: () => Promise<Reply>, status: number, code: string) => refusal(ledger, send, status, code);
  const by = async (api: Api, act: object) => settledAct(ledger, await bring(act, api));
  const receiptOf = async (id: string) => (await ledger.api.get(`/api/v1/acts/${id}`)).body;
  const decline = (id: string, body: object = {}, api = ledger.api) => api.post(`/api/v1/acts/${id}/decline`, body);
  async function adas(): Promise<string> {
    const piece = spare.pop() as string;
    await done(ledger, { act: 'transfer', piece, to: low(ada) }, {}, maker.api);
    return piece;
  }
  const resized = {
    schema: 'touchstone/life-event/1',
    kind: 'resizing',
    language: 'en',
    words: 'From 52 to 54.',
  };
  const asking = (piece: string) => ({ act: 'request-record', piece, kind: 'resizing', statement: resized });
  /** As the owner agrees to a request that she has read. */
  const agreeing = ({ fields, path, signatures }: Json, act = 'record') => {
    const { piece: _, ...said } = fields;
    return { ...said, act, piece: path, signatures };
  };

  describe('work on a piece', () => {
    it('is recorded by service centres, with the owner’s consent, and in nobody else’s name', async () => {
      const piece = await adas();
      await refused(() => bring(asking(piece), maker.api), 403, 'key-not-permitted');
      await refused(() => bring({ ...asking(piece), organisation: goldsmith.organisation }), 401, 'unauthenticated');
      const asGoldsmith = { ...asking(piece), organisation: goldsmith.organisation };
      await refused(() => bring(asGoldsmith, maker.api), 403, 'not-owner');
      await refused(() => bring({ ...asking(piece), kind: 'consigned' }, goldsmith.api), 400, 'invalid-request');
      await refused(() => bring({ ...asking(piece), kind: 'repair' }, goldsmith.api), 422, 'invalid-act');
      const alone = { ...asking(piece), act: 'record', organisation: goldsmith.organisation };
      const { body } = await refused(() => bring(alone, goldsmith.api), 422, 'signature-missing');
      expect(body.errors ?? body.faults).to.deep.equal([
        { field: 'signatures.owner', reason: 'is missing: the piece’s owner signs this' },
      ]);
      const unasked = await signedAct(ledger.api, alone, { owner: ada });
      const { body: told } = await refused(() => bring(unasked), 422, 'signature-missing');
      expect(JSON.stringify(told)).to.match(/signatures\.service.*declined, expired, or the piece has changed/);
    });

    it('is asked for, shown to whoever has the request’s id, agreed to, and on the chain with its statement', async () => {
      const piece = await adas();
      const asked = await by(goldsmith.api, asking(piece));
      expect(asked).to.include({ state: 'kept', asked: low(ada), organisation: goldsmith.organisation, path: piece });
      expect(await receiptOf(asked.id)).to.deep.equal(asked);
      expect(asked.fields.statement).to.deep.equal(resized);
      const eves = await signedAct(ledger.api, agreeing(asked), { owner: eve });
      await refused(() => bring(eves), 403, 'not-owner');
      // Something else than was asked for has not been signed by the goldsmith.
      const other = { ...agreeing(asked), statement: { ...resized, words: 'From 52 to 56.' } };
      await refused(async () => bring(await signedAct(ledger.api, other, { owner: ada })), 422, 'signature-invalid');

      const { signatures: _, ...bare } = agreeing(asked);
      const agreed = await done(ledger, bare, { owner: ada });
      expect(agreed).to.include({ act: 'record', state: 'final', error: null });
      expect(await receiptOf(asked.id)).to.include({ state: 'agreed', transaction: agreed.transaction });
      await refused(() => decline(asked.id), 409, 'not-applicable');
      const [event] = await ledger.sql<Json>('SELECT * FROM life_events WHERE kind = 12');
      expect(event.organisation).to.equal(goldsmith.organisation);
      const [content] = await ledger.sql<Json>(
        'SELECT content FROM certificate_contents WHERE hash = $1',
        event.content_hash,
      );
      expect(JSON.parse(content.content)).to.deep.equal(resized);
    });

    it('declined, or withdrawn by who asked, is not recorded', async () => {
      const piece = await adas();
      const first = await by(goldsmith.api, asking(piece));
      await refused(() => decline('nonsense'), 404, 'not-found');
      const { body } = await decline(first.id, { words: 'It was never there.' });
      expect(body.declined).to.include({ by: 'asked', words: 'It was never there.' });
      expect(await receiptOf(first.id)).to.include({ state: 'declined' });
      const { signatures: _, ...bare } = agreeing(first);
      const act = await signedAct(ledger.api, bare, { owner: ada });
      await refused(() => bring(act), 422, 'signature-missing');

      const second = await by(goldsmith.api, asking(piece));
      expect((await decline(second.id, {}, goldsmith.api)).body.declined.by).to.equal('asking');
      const kept = await signedAct(ledger.api, { act: 'release', piece: spare[0] }, {});
      const release = await by(maker.api, kept);
      await refused(() => decline(release.id), 409, 'not-applicable');
      const { body: listed } = await goldsmith.api.get('/api/v1/acts');
      expect(listed.items.slice(0, 2).map(({ id }: Json) => id)).to.deep.equal([second.id, first.id]);
      expect((await shop.api.get('/api/v1/acts')).body.items).to.deep.equal([]);
      expect((await ledger.api.get('/api/v1/acts')).status).to.equal(401);
    });

    it('asked for before the piece changed, or too long ago, can not be agreed to', async () => {
      const piece = await adas();
      const asked = await by(goldsmith.api, asking(piece));
      await done(ledger, { act: 'allow-recovery', piece }, { owner: ada });
      expect(await receiptOf(asked.id)).to.include({ state: 'void' });
      const stale = await signedAct(ledger.api, agreeing(asked), { owner: ada });
      await refused(() => bring(stale), 422, 'signature-invalid');

      const short = await by(goldsmith.api, { ...asking(piece), deadline: Math.floor(Date.now() / 1000) + 60 });
      const real = ledger.service.ledger.now;
      Object.assign(ledger.service.ledger, { now: () => Date.now() + 120_000 });
      try {
        expect(await receiptOf(short.id)).to.include({ state: 'void' });
        const act = await signedAct(ledger.api, agreeing(short), { owner: ada }).catch(() => undefined);
        expect(act).to.equal(undefined);
        await refused(() => bring(agreeing(short)), 422, 'signature-expired');
      } finally {
        Object.assign(ledger.service.ledger, { now: real });
      }
    });

    it('asked for by others does not use up the room of its owner', async () => {
      const piece = await adas();
      for (let i = 0; i < 20; i++) await bring(asking(piece), goldsmith.api);
      await refused(() => bring(asking(piece), goldsmith.api), 429, 'over-quota');
      expect(await done(ledger, { act: 'handover', piece, handoverKey: low(bob) }, { owner: ada })).to.include({
        state: 'kept',
      });
    });

    it('as a consignment, with a shop’s key to release; a shop that owns it agrees by its held key', async () => {
      const piece = spare.pop() as string;
      const asked = await by(shop.api, { act: 'request-consignment', piece, kind: 'consigned' });
      expect(asked.asked).to.equal(maker.organisation);
      const { body: listed } = await maker.api.get('/api/v1/acts');
      expect(listed.items.map(({ id }: Json) => id)).to.include(asked.id);
      const agreed = await by(maker.api, agreeing(asked, 'consign'));
      expect(agreed).to.include({ act: 'consign', state: 'final', error: null });
      expect((await keeperOf(ledger, piece)).organisation).to.equal('atelier-lune');
    });
  });

  describe('a lost key', () => {
    const words = 'Her phone was stolen; identity checked.';
    const request = (piece: string) => ({
      act: 'request-recovery',
      piece,
      to: low(fresh),
      arbiter: court.organisation,
      words,
    });

    it('is recovered only where its owner allowed it, by who registered the piece', async () => {
      const piece = await adas();
      await refused(() => bring(request(piece), maker.api), 409, 'not-applicable');
      await refused(() => bring({ act: 'complete-recovery', piece }), 409, 'not-applicable');
      await refused(() => bring({ act: 'forbid-recovery', piece }), 409, 'not-applicable');
      await done(ledger, { act: 'allow-recovery', piece }, { owner: ada });
      await refused(() => bring({ ...request(piece), to: low(ada) }, maker.api), 422, 'invalid-act');
      for (const { api } of [court, shop]) {
        const { body } = await refused(() => bring(request(piece), api), 403, 'key-not-permitted');
        expect(body.detail).to.match(/Only who registered this/);
      }
      const begun = agreeing(await by(maker.api, request(piece)), 'begin-recovery');
      await refused(() => bring(begun, shop.api), 422, 'signature-missing');
    });

    it('is not recovered if its owner says a word, or an arbiter cancels it', async () => {
      const piece = await adas();
      await done(ledger, { act: 'allow-recovery', piece }, { owner: ada });
      const begin = async () => by(court.api, agreeing(await by(maker.api, request(piece)), 'begin-recovery'));
      expect(await begin()).to.include({ state: 'final', error: null });
      await refused(() => bring(request(piece), maker.api), 409, 'not-applicable');
      const standing = async () => (await prepared(ledger.api, { act: 'report-lost', piece })).standing.is;
      expect(await standing()).to.deep.equal(['recoverable', 'recovering']);
      await by(court.api, { act: 'cancel-recovery', piece, words: 'She came by.' });
      expect(await standing()).to.deep.equal(['recoverable']);
      await begin();
      await done(ledger, { act: 'forbid-recovery', piece }, { owner: ada });
      expect(await standing()).to.deep.equal([]);
      await refused(() => bring({ act: 'complete-recovery', piece }), 409, 'not-applicable');
    });

    it('is recovered thirty days after maker and arbiter have signed, by anybody, and not earlier', async () => {
      const piece = await adas();
      await done(ledger, { act: 'allow-recovery', piece }, { owner: ada });
      const asked = await by(maker.api, request(piece));
      expect((await court.api.get('/api/v1/acts')).body.items[0].id).to.equal(asked.id);
      const begun = await by(court.api, agreeing(asked, 'begin-recovery'));
      expect(begun).to.include({ state: 'final', organisation: court.organisation });
      expect(await receiptOf(asked.id)).to.include({ state: 'agreed', transaction: begun.transaction });
      const complete = { act: 'complete-recovery', piece };
      const { body } = await refused(() => bring(complete), 409, 'too-early');
      expect(body.detail).to.match(/before 20\d\d-\d\d-\d\d \d\d:\d\d UTC/);
      clock.ahead(31);
      Object.assign(ledger.service.ledger, { now: () => Date.now() + 31 * 24 * 60 * 60 * 1000 });
      expect(await by(ledger.api, complete)).to.include({ state: 'final', error: null });
      expect((await keeperOf(ledger, piece)).address).to.equal(low(fresh));
      await refused(() => bring(complete), 409, 'not-applicable');
    });
  });
});
