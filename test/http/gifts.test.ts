// Gift messages on a real ledger: first whatever must not get one onto a page, then what does.
import { expect } from 'chai';
import type { Wallet } from 'ethers';
import { cardKey, cardSecret, printedSecret, signAsCard } from '../../src/core/card.ts';
import { type GiftMessage, giftTypedData } from '../../src/core/gift.ts';
import { typedDigest } from '../../src/core/typed-digest.ts';
import { hideGift, listGifts } from '../../src/ledger/gifts.ts';
import { done, low } from '../support/acts.ts';
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

describe('a gift message', function () {
  this.timeout(240_000);
  const [ada, bob, eve] = ['ada', 'bob', 'eve'].map(wallet) as [Wallet, Wallet, Wallet];
  const [secret, other] = [21, 22].map((byte) => cardSecret(new Uint8Array(16).fill(byte))) as [
    ReturnType<typeof cardSecret>,
    ReturnType<typeof cardSecret>,
  ];
  const FOR_ANNA: GiftMessage = { words: 'For Anna,\nwith love', language: 'en' };
  let ledger: TestLedger;
  let maker: Admitted;
  let shop: Admitted;
  /** In the shop, with a card. */
  let carded: string;
  /** Ada's. */
  let owned: string;

  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier-lune');
    shop = await ledger.admit('maison-verre', [], ['reseller']);
    const reply = await maker.api.post('/api/v1/pieces', {
      record: statement('A ring in the shop'),
      claimKey: cardKey(secret).address,
    });
    carded = reply.body.path;
    owned = await register(maker.api, statement('Ada’s ring'));
    await anchored(ledger.api, carded);
    await anchored(ledger.api, owned);
    await done(ledger, { act: 'transfer', piece: owned, to: low(ada) }, {}, maker.api);
  });
  after(() => ledger?.stop());
  beforeEach(() => ledger.sql('TRUNCATE gifts'));

  const standing = async (piece: string): Promise<Json> => {
    const reply = await ledger.api.get(`/api/v1/pieces${piece}/gift`);
    expect(reply.status, reply.text).to.equal(200);
    return reply.body;
  };
  const typed = async (piece: string, message: GiftMessage | undefined, differing: object = {}) => {
    const now = await standing(piece);
    return giftTypedData(now, { tokenId: now.tokenId, message, deadline: now.deadline, ...differing });
  };
  type Sign = (data: Awaited<ReturnType<typeof typed>>) => Promise<string> | string;
  const byCard =
    (card = secret): Sign =>
    (data) =>
      signAsCard(card, typedDigest(data));
  const byOwner =
    (owner: Wallet): Sign =>
    ({ domain, types, message }) =>
      owner.signTypedData(domain, types, message);
  const wishOf = async (
    piece: string,
    sign: Sign,
    message: GiftMessage | undefined = undefined,
    differing: object = {},
  ): Promise<Json> => {
    const data = await typed(piece, message, differing);
    const signed = { deadline: data.message['deadline'], signature: await sign(data) };
    return message ? { shown: true, ...message, ...signed } : { shown: false, ...signed };
  };
  const bring = (piece: string, wish: object): Promise<Reply> => ledger.api.post(`/api/v1/pieces${piece}/gift`, wish);
  const refused = async (piece: string, wish: object, code: string) => {
    const rows = await ledger.sql('SELECT * FROM gifts ORDER BY token_id');
    const reply = await bring(piece, wish);
    expect(reply.body?.code, reply.text).to.equal(code);
    expect(await ledger.sql('SELECT * FROM gifts ORDER BY token_id')).to.deep.equal(rows);
  };
  const written = async (piece: string, sign: Sign, message?: GiftMessage) => {
    const reply = await bring(piece, await wishOf(piece, sign, message));
    expect(reply.status, reply.text).to.equal(200);
    return reply.body;
  };
  const page = async (piece: string) => {
    const { tokenId } = await standing(piece);
    return (await ledger.api.get(`/token/${tokenId}`)).text;
  };

  describe('is refused', () => {
    it('by the wrong card, by another piece’s, and by no signature', async () => {
      await refused(carded, await wishOf(carded, byCard(other), FOR_ANNA), 'signature-invalid');
      await refused(owned, await wishOf(owned, byCard(secret), FOR_ANNA), 'signature-invalid');
      await refused(carded, await wishOf(carded, () => `0x${'00'.repeat(65)}`, FOR_ANNA), 'signature-invalid');
    });

    it('by anybody who is not the owner, whoever they say they are', async () => {
      await refused(owned, await wishOf(owned, byOwner(eve), FOR_ANNA), 'signature-invalid');
      const wish = await wishOf(owned, byOwner(eve), FOR_ANNA);
      await refused(owned, { ...wish, key: low(ada) }, 'signature-invalid');
      await refused(carded, await wishOf(carded, byOwner(ada), FOR_ANNA), 'signature-invalid');
    });

    it('with other words, another language or another deadline than were signed', async () => {
      const wish = await wishOf(carded, byCard(), FOR_ANNA);
      await refused(carded, { ...wish, words: 'For Eve' }, 'signature-invalid');
      await refused(carded, { ...wish, language: 'fr' }, 'signature-invalid');
      await refused(carded, { ...wish, deadline: wish.deadline - 1 }, 'signature-invalid');
      const { words: _, language: __, ...nothing } = wish;
      await refused(carded, { ...nothing, shown: false }, 'signature-invalid');
    });

    it('signed for another ledger or another piece', async () => {
      await refused(carded, await wishOf(carded, byCard(), FOR_ANNA, { tokenId: '7' }), 'signature-invalid');
      const now = await standing(carded);
      const wrong = giftTypedData(
        { chainId: now.chainId + 1, pieces: now.pieces },
        { tokenId: now.tokenId, message: FOR_ANNA, deadline: now.deadline },
      );
      const wish = {
        shown: true,
        ...FOR_ANNA,
        deadline: now.deadline,
        signature: signAsCard(secret, typedDigest(wrong)),
      };
      await refused(carded, wish, 'signature-invalid');
    });

    it('when its time is over, or so far off that a next owner would be locked out', async () => {
      const now = Math.floor(Date.now() / 1000);
      await refused(carded, await wishOf(carded, byCard(), FOR_ANNA, { deadline: now - 5 }), 'signature-expired');
      await refused(carded, await wishOf(carded, byCard(), FOR_ANNA, { deadline: now + 9_000 }), 'invalid-request');
    });

    it('when something newer was signed: an older signature brings nothing back', async () => {
      const wish = await wishOf(carded, byCard(), FOR_ANNA);
      expect((await bring(carded, wish)).status).to.equal(200);
      await written(carded, byCard());
      await refused(carded, wish, 'stale-act');
      expect((await standing(carded)).message).to.equal(null);
    });

    it('with control characters, too long, blank, or with a card’s secret in it', async () => {
      const wish = await wishOf(carded, byCard(), FOR_ANNA);
      for (const words of ['', '  ', 'a\u0000b', 'a\u202Eb', 'x'.repeat(301), 'x\n'.repeat(13)]) {
        await refused(carded, { ...wish, words }, 'invalid-request');
      }
      await refused(carded, { ...wish, words: printedSecret(secret) }, 'secret-sent');
      await refused(carded, { ...wish, privateKey: `0x${'11'.repeat(32)}` }, 'secret-sent');
    });

    it('about a piece that is not known', async () => {
      const path = '/p/atelier-lune/00000000000000000';
      expect((await ledger.api.get(`/api/v1/pieces${path}/gift`)).status).to.equal(404);
      expect((await ledger.api.get(`/gift${path}`)).status).to.equal(404);
    });

    it('after twenty changes in a day', async () => {
      for (let i = 0; i < 20; i++) await written(carded, byCard(), { ...FOR_ANNA, words: `For Anna ${i}` });
      await refused(carded, await wishOf(carded, byCard(), FOR_ANNA), 'over-quota');
    });
  });

  it('by the card stands on the page as the giver’s words, in their language, as text', async () => {
    const words = '<script>alert(1)</script>\n<b>For</b> "Anna" & me';
    const now = await written(carded, byCard(), { words, language: 'it' });
    expect(now).to.deep.include({ by: 'card', account: null, hidden: false });
    expect(now.message).to.include({ words, language: 'it' });
    const text = await page(carded);
    expect(text).to.match(/<h2[^>]*>A message from the giver<\/h2>\s*<blockquote class="gift" lang="it" dir="auto">/);
    expect(text).to.include('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).to.not.include('<script>alert');
    expect(text).to.include('These are not the words of The atelier-lune');
    const evidence = (await ledger.api.get(`/api/v1/pieces${carded}/evidence`)).text;
    expect(evidence).to.not.include('Anna');
    expect((await ledger.api.get(`/api/v1/pieces${carded}`)).text).to.not.include('Anna');
  });

  it('brought twice is one, and removed leaves no words behind', async () => {
    const wish = await wishOf(carded, byCard(), FOR_ANNA);
    expect((await bring(carded, wish)).status).to.equal(200);
    expect((await bring(carded, wish)).status).to.equal(200);
    expect(await ledger.sql('SELECT changes FROM gifts')).to.deep.equal([{ changes: 1 }]);
    await written(carded, byCard());
    expect(await page(carded)).to.not.include('A message from the giver');
    expect(await ledger.sql('SELECT words, language FROM gifts')).to.deep.equal([{ words: null, language: null }]);
  });

  it('by its owner stands through a gift from hand to hand; the next owner can remove it, the one before not', async () => {
    const piece = await register(maker.api, statement('A ring for Bob'));
    await anchored(ledger.api, piece);
    await done(ledger, { act: 'transfer', piece, to: low(ada) }, {}, maker.api);
    expect(await written(piece, byOwner(ada), FOR_ANNA)).to.include({ by: 'owner', account: low(ada) });
    const early = await wishOf(piece, byOwner(ada), { ...FOR_ANNA, words: 'Signed before' });
    await done(ledger, { act: 'transfer', piece, to: low(bob) }, { owner: ada });
    await refused(piece, early, 'signature-invalid');
    await refused(piece, await wishOf(piece, byOwner(ada)), 'signature-invalid');
    expect(await page(piece)).to.include('For Anna,');
    await written(piece, byOwner(bob));
    expect(await page(piece)).to.not.include('For Anna');
  });

  it('goes by itself when the piece is back in trade, and does not come back with the next buyer', async () => {
    const piece = await register(maker.api, statement('A ring that comes back'));
    await anchored(ledger.api, piece);
    await done(ledger, { act: 'transfer', piece, to: low(ada) }, {}, maker.api);
    await written(piece, byOwner(ada), FOR_ANNA);
    await done(ledger, { act: 'transfer', piece, to: shop.organisation }, { owner: ada });
    expect(await standing(piece)).to.deep.include({ by: 'nobody', message: null });
    expect(await page(piece)).to.not.include('For Anna');
    await refused(piece, await wishOf(piece, byOwner(ada), FOR_ANNA), 'card-dead');
    const fresh = cardKey(other).address;
    await done(ledger, { act: 'set-card', piece, claimKey: fresh }, {}, shop.api);
    await written(piece, byCard(other), { words: 'For Bob', language: 'en' });
    expect(await page(piece)).to.include('For Bob');
  });

  it('can be hidden by who registered the piece, by nobody else, and stays so whatever is written next', async () => {
    await written(carded, byCard(), FOR_ANNA);
    const { db } = ledger.service.ledger;
    const { tokenId } = await standing(carded);
    expect(await listGifts(db, shop.organisation)).to.deep.equal([]);
    let thrown: unknown;
    await hideGift(db, shop.organisation, tokenId, true).catch((error: unknown) => {
      thrown = error;
    });
    expect(thrown).to.include({ code: 'not-found' });
    await hideGift(db, maker.organisation, tokenId, true);
    expect(await page(carded)).to.not.include('For Anna');
    expect(await written(carded, byCard(), { ...FOR_ANNA, words: 'Again' })).to.include({
      hidden: true,
      message: null,
    });
    expect(await page(carded)).to.not.include('Again');
    await hideGift(db, maker.organisation, tokenId, false);
    expect(await page(carded)).to.include('Again');
  });

  it('page: never redirects, is kept nowhere, loads nothing from elsewhere', async () => {
    const reply = await ledger.api.get(`/gift${carded}`);
    expect(reply.status).to.equal(200);
    expect(reply.headers.get('cache-control')).to.equal('no-store');
    expect(reply.headers.get('referrer-policy')).to.equal('no-referrer');
    expect(reply.headers.get('content-security-policy')).to.include("script-src 'self'");
    expect(reply.text).to.not.match(/(src|href)="(https?:)?\/\//);
    for (const odd of [`${carded}/`, carded.toLowerCase(), `/01/${'0'.repeat(14)}/21/x`]) {
      expect((await ledger.api.get(`/gift${odd}`)).status, odd).to.equal(404);
    }
  });
});
