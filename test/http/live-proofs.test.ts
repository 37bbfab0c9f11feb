// Owns the mailbox of live proof and what owners ask by their keys, on a real ledger: what is refused, then what is told.
import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import type { Wallet } from 'ethers';
import { cardKey, cardSecret, signAsCard } from '../../src/core/card.ts';
import { offerText } from '../../src/core/handover-offer.ts';
import { type Hex32, toHex } from '../../src/core/hash.ts';
import { judgeProof, liveProofData, ownerReadsData, type ProofBy, proofId } from '../../src/core/live-proof.ts';
import { typedDigest } from '../../src/core/typed-digest.ts';
import { done, low, settledAct, signedAct } from '../support/acts.ts';
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
import { wallet } from '../support/raw-chain.ts';
import { refusal } from '../support/refusal.ts';

describe('live proof, and what an owner asks by her key', function () {
  this.timeout(120_000);
  const [ada, eve] = ['ada', 'eve'].map(wallet) as [Wallet, Wallet];
  const secret = cardSecret(new Uint8Array(16).fill(11));
  let ledger: TestLedger;
  let maker: Admitted;
  let goldsmith: Admitted;
  let piece: string;
  let tokenId: string;
  let carded: string;

  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier-lune');
    goldsmith = await ledger.admit('goldsmith-nord', [], ['service']);
    piece = await register(maker.api, statement('Ada’s ring'));
    const reply = await maker.api.post('/api/v1/pieces', {
      record: statement('A ring in the shop'),
      claimKey: cardKey(secret).address,
    });
    carded = reply.body.path;
    ({ tokenId } = await anchored(maker.api, piece));
    await anchored(maker.api, carded);
    await done(ledger, { act: 'transfer', piece, to: low(ada) }, {}, maker.api);
  });
  after(() => ledger?.stop());
  // Nobody here asks as often as the tests together.
  beforeEach(() => ledger.sql('DELETE FROM live_proofs'));

  const fresh = () => toHex(randomBytes(32)) as Hex32;
  const ask = (path: string, challenge: Hex32 = fresh()) =>
    ledger.api.post('/api/v1/live-proofs', { piece: path, challenge });
  const read = (id: string) => ledger.api.get(`/api/v1/live-proofs/${id}`);
  const answer = (id: string, body: object) => ledger.api.post(`/api/v1/live-proofs/${id}/answer`, body);
  const dataOf = ({ tokenId: of, deadline }: Json, challenge: Hex32, by: ProofBy = 'owner') =>
    liveProofData(ledger.service.ledger.chain, by, { tokenId: of, challenge, deadline });
  const sign = async (signer: Wallet, asked: Json, challenge: Hex32) => {
    const { domain, types, message } = dataOf(asked, challenge);
    return { by: 'owner', signature: await signer.signTypedData(domain, types, message) };
  };
  async function later<T>(seconds: number, run: () => Promise<T>): Promise<T> {
    const real = ledger.service.ledger.now;
    Object.assign(ledger.service.ledger, { now: () => Date.now() + seconds * 1000 });
    try {
      return await run();
    } finally {
      Object.assign(ledger.service.ledger, { now: real });
    }
  }

  it('refuses what is no challenge, no piece, or one not on the chain', async () => {
    const url = '/api/v1/live-proofs';
    for (const challenge of ['0x12', `0x${'AB'.repeat(32)}`, 7]) {
      await refusal(ledger, () => ledger.api.post(url, { piece, challenge }), 400, 'invalid-request');
    }
    await refusal(ledger, () => ask('/01/09506000134352/21/NOBODY'), 404, 'not-found');
    await refusal(ledger, () => ask('/nowhere'), 400, 'invalid-request');
    await refusal(ledger, () => read('nonsense'), 404, 'not-found');
    await refusal(
      ledger,
      () => answer('0'.repeat(32), { by: 'owner', signature: `0x${'11'.repeat(65)}` }),
      404,
      'not-found',
    );
  });

  it('takes no challenge twice, and no more than five at a time from one asker', async () => {
    const challenge = fresh();
    expect((await ask(piece, challenge)).status).to.equal(201);
    await refusal(ledger, () => ask(piece, challenge), 409, 'not-applicable');
    for (let i = 0; i < 4; i++) expect((await ask(piece)).status).to.equal(201);
    const { headers } = await refusal(ledger, () => ask(piece), 429, 'rate-limited');
    expect(headers.get('retry-after')).to.equal('30');
    await later(121, async () => expect((await ask(piece)).status).to.equal(201));
  });

  it('takes no more than thirty at a time about one piece, whoever asks', async () => {
    const until = Math.floor(Date.now() / 1000) + 100;
    await ledger.sql(
      `INSERT INTO live_proofs SELECT 'x' || n, $1, $2, '0x', $3, 'asker ' || n FROM generate_series(1, 30) n`,
      tokenId,
      piece,
      until,
    );
    await refusal(ledger, () => ask(piece), 429, 'rate-limited');
    expect((await ask(carded)).status).to.equal(201);
  });

  it('takes an answer of nobody but the owner, and tells the buyer how often others tried', async () => {
    const challenge = fresh();
    const { body: asked } = await ask(piece, challenge);
    await refusal(ledger, async () => answer(asked.id, await sign(eve, asked, challenge)), 422, 'signature-invalid');
    await refusal(ledger, async () => answer(asked.id, await sign(ada, asked, fresh())), 422, 'signature-invalid');
    const card = { by: 'card', signature: signAsCard(secret, typedDigest(dataOf(asked, challenge, 'card'))) };
    await refusal(ledger, () => answer(asked.id, card), 422, 'signature-invalid');
    await refusal(
      ledger,
      () => answer(asked.id, { by: 'owner', signature: `0x${'11'.repeat(32)}` }),
      400,
      'invalid-request',
    );
    expect((await read(asked.id)).body).to.include({ state: 'open', refused: 3 });
  });

  it('takes no answer when the two minutes are over, and forgets the question soon after', async () => {
    const challenge = fresh();
    const { body: asked } = await ask(piece, challenge);
    const signed = await sign(ada, asked, challenge);
    await later(121, async () => {
      await refusal(ledger, () => answer(asked.id, signed), 422, 'signature-expired');
      expect((await read(asked.id)).body).to.include({ state: 'expired', secondsLeft: 0 });
    });
    await later(500, async () => {
      await refusal(ledger, () => read(asked.id), 404, 'not-found');
      await ask(piece);
      expect(await ledger.sql('SELECT id FROM live_proofs WHERE id = $1', asked.id)).to.deep.equal([]);
    });
  });

  it('tells the owner’s answer with her signature, which the buyer checks by himself; a second one is refused', async () => {
    const challenge = fresh();
    const { body: asked } = await ask(piece, challenge);
    expect(asked).to.include({ id: proofId(challenge), path: piece, tokenId, state: 'open', refused: 0 });
    expect(asked.secondsLeft).to.be.within(115, 120);
    expect(JSON.stringify(asked)).to.not.include(challenge);
    const signed = await sign(ada, asked, challenge);
    expect((await answer(asked.id, signed)).status).to.equal(200);
    expect((await answer(asked.id, signed)).body.state).to.equal('answered');
    const { body: told } = await read(asked.id);
    expect(told.answer).to.deep.equal({ ...signed, owner: low(ada), card: null, judgedBy: 'signature' });
    const place = ledger.service.ledger.chain;
    expect(judgeProof(place, { tokenId, challenge, deadline: told.deadline }, told.answer, told.answer)).to.equal(
      'owner',
    );
    await refusal(
      ledger,
      () => answer(asked.id, { by: 'owner', signature: `0x${'11'.repeat(65)}` }),
      409,
      'not-applicable',
    );
  });

  it('tells that the card of a piece still in trade is there, by the card’s signature', async () => {
    const challenge = fresh();
    const { body: asked } = await ask(carded, challenge);
    const signed = { by: 'card', signature: signAsCard(secret, typedDigest(dataOf(asked, challenge, 'card'))) };
    const { body: told } = await answer(asked.id, signed);
    expect(told.answer).to.include({ by: 'card', card: cardKey(secret).address, owner: maker.organisation });
  });

  it('takes no answer of a card that was used, a fresh one either, also where the piece is back in trade', async () => {
    const card = wallet('fresh card');
    const returned = await register(maker.api, statement('A ring that came back'));
    await anchored(maker.api, returned);
    await done(ledger, { act: 'set-card', piece: returned, claimKey: low(card) }, {}, maker.api);
    const answers = async (): Promise<Reply> => {
      const challenge = fresh();
      const { body: asked } = await ask(returned, challenge);
      const { domain, types, message } = dataOf(asked, challenge, 'card');
      return answer(asked.id, { by: 'card', signature: await card.signTypedData(domain, types, message) });
    };
    expect((await answers()).status).to.equal(200);
    await done(ledger, { act: 'release', piece: returned }, {}, maker.api);
    await done(ledger, { act: 'claim', piece: returned, to: low(eve) }, { card });
    await refusal(ledger, answers, 422, 'signature-invalid');
    await done(ledger, { act: 'transfer', piece: returned, to: maker.organisation }, { owner: eve });
    await refusal(ledger, answers, 422, 'signature-invalid');
  });

  it('asks the chain about an organisation’s own key', async () => {
    const challenge = fresh();
    const { body: asked } = await ask(carded, challenge);
    const [key] = await ledger.sql('SELECT address, sealed FROM held_keys WHERE organisation = $1', maker.organisation);
    const data = dataOf(asked, challenge);
    const signature = await ledger.service.ledger.keys.sign(maker.organisation, key.address, key.sealed, data);
    const { body: told } = await answer(asked.id, { by: 'owner', signature });
    expect(told.answer).to.include({ by: 'owner', judgedBy: 'chain', owner: maker.organisation });
  });

  it('is no place for a handover link, nor is any other: whoever sends one is refused before anything is kept', async () => {
    const json = { accept: 'application/json' };
    const { address, privateKey } = wallet('once');
    const secret = Uint8Array.from(Buffer.from(privateKey.slice(2), 'hex'));
    const offer = {
      secret,
      deadline: 1,
      moves: 0,
      events: 0,
      key: address.toLowerCase(),
      signature: `0x${'11'.repeat(65)}`,
    };
    const link = `https://ledger.example/handover${piece}#${offerText(offer)}`;
    await refusal(ledger, () => ledger.api.get(`/my?code=${encodeURIComponent(link)}`, json), 400, 'secret-sent');
    await refusal(ledger, () => ledger.api.get(`/find?code=${encodeURIComponent(link)}`, json), 400, 'secret-sent');
    await refusal(
      ledger,
      () => ledger.api.post('/api/v1/live-proofs', { piece: link, challenge: fresh() }),
      400,
      'secret-sent',
    );
    const body = { piece, handoverKey: low(ada), key: low(ada), deadline: 1, signature: privateKey };
    await refusal(ledger, () => ledger.api.post('/api/v1/handovers/check', body), 400, 'secret-sent');
  });

  it('tells whether an offer is the owner’s, or an organisation’s by its own key, without the one-time key', async () => {
    const check = async (body: object) => (await ledger.api.post('/api/v1/handovers/check', body)).body.signed;
    const deadline = Math.floor(Date.now() / 1000) + 600;
    const act = { act: 'handover', piece, handoverKey: low(eve), deadline };
    const of = async (signer: Wallet) => {
      const { signatures } = await signedAct(ledger.api, act, { owner: signer });
      return { piece, handoverKey: low(eve), deadline, key: low(signer), signature: signatures.owner.signature };
    };
    const hers = await of(ada);
    expect(await check(hers)).to.equal(true);
    expect(await check({ ...hers, handoverKey: low(ada) })).to.equal(false);
    expect(await check({ ...hers, deadline: deadline + 1 })).to.equal(false);
    expect(await check(await of(eve))).to.equal(false);
    expect(await check({ ...(await of(eve)), key: low(ada) })).to.equal(false);
    const offered = await settledAct(
      ledger,
      await maker.api.post('/api/v1/acts', { act: 'handover', piece: carded, handoverKey: low(eve), deadline }),
    );
    const { key, signature } = offered.signatures.owner;
    expect(await check({ piece: carded, handoverKey: low(eve), deadline, key, signature })).to.equal(true);
  });

  describe('an owner', () => {
    const pieces = (owner: string, query = '') => ledger.api.get(`/api/v1/owners/${owner}/pieces${query}`);
    const reading = async (signer: Wallet, deadline = Math.floor(Date.now() / 1000) + 60) => {
      const { domain, types, message } = ownerReadsData(ledger.service.ledger.chain, tokenId, deadline);
      return { deadline, signature: await signer.signTypedData(domain, types, message) };
    };
    const requests = (body: object) => ledger.api.post(`/api/v1/pieces${piece}/requests`, body);

    it('is listed her pieces page by page, and what has left her no more', async () => {
      await refusal(ledger, () => pieces('0x12'), 400, 'invalid-request');
      await refusal(ledger, () => pieces(low(ada), '?cursor=1'), 400, 'invalid-request');
      await refusal(ledger, () => pieces(low(ada), '?limit=51'), 400, 'invalid-request');
      expect((await pieces(low(eve))).body).to.deep.equal({ items: [], next: null });
      const second = await register(maker.api, statement('Another'));
      await anchored(maker.api, second);
      await done(ledger, { act: 'transfer', piece: second, to: low(ada) }, {}, maker.api);
      const { body: first } = await pieces(low(ada), '?limit=1');
      expect(first.items).to.have.length(1);
      expect(first.items[0]).to.include({ path: second, title: 'Another' });
      const { body: rest } = await pieces(low(ada), `?limit=1&cursor=${first.next}`);
      expect(rest.items[0]).to.include({ path: piece, tokenId, title: 'Ada’s ring' });
      await done(ledger, { act: 'transfer', piece: second, to: low(eve) }, { owner: ada });
      expect((await pieces(low(ada))).body.items.map(({ path }: Json) => path)).to.deep.equal([piece]);
    });

    it('is told what is asked of her by her signature alone: not by a code, another key, an old or a shown proof', async () => {
      const said = { act: 'request-record', piece, kind: 'service' };
      const asked = await settledAct(ledger, await goldsmith.api.post('/api/v1/acts', said));
      await refusal(ledger, () => requests({}), 400, 'invalid-request');
      await refusal(ledger, async () => requests(await reading(eve)), 422, 'signature-invalid');
      const now = Math.floor(Date.now() / 1000);
      await refusal(ledger, async () => requests(await reading(ada, now - 1)), 422, 'signature-expired');
      await refusal(ledger, async () => requests(await reading(ada, now + 3600)), 422, 'signature-expired');
      const challenge = fresh();
      const { body: proof } = await ask(piece, challenge);
      const shown = await sign(ada, proof, challenge);
      await refusal(
        ledger,
        () => requests({ deadline: proof.deadline, signature: shown.signature }),
        422,
        'signature-invalid',
      );
      const { body } = await requests(await reading(ada));
      expect(body.items.map(({ id }: Json) => id)).to.deep.equal([asked.id]);
      expect(body.items[0]).to.include({ state: 'kept', asked: low(ada), organisation: goldsmith.organisation });
    });
  });
});
