// Gift messages: what may be written, what its signature binds, and when it stands.
import { expect } from 'chai';
import { TypedDataEncoder } from 'ethers';
import fc from 'fast-check';
import {
  giftHash,
  giftMessage,
  giftStands,
  giftTypedData,
  giftWish,
  MOST_GIFT_CHARACTERS,
} from '../../src/core/gift.ts';
import { typedDigest } from '../../src/core/typed-digest.ts';

const PLACE = { chainId: 31337, pieces: `0x${'ab'.repeat(20)}` };
const gift = (words = 'For Anna', language = 'en') => giftMessage.parse({ words, language });

describe('a gift message', () => {
  it('has at most 300 characters as people count them', () => {
    const rings = '💍'.repeat(MOST_GIFT_CHARACTERS);
    expect(giftMessage.safeParse({ words: rings, language: 'en' }).success).to.equal(true);
    expect(giftMessage.safeParse({ words: `${rings}!`, language: 'en' }).success).to.equal(false);
  });

  it('is plain text: no control characters, none that turn the writing, not blank, no novel of line breaks', () => {
    for (const words of [
      '',
      ' ',
      '\u0000',
      'a\u0007',
      'a\u202Eb',
      'a\u2066b',
      'a\u2028b',
      '\n'.repeat(20),
      'x\n'.repeat(13),
    ]) {
      expect(giftMessage.safeParse({ words, language: 'en' }).success, JSON.stringify(words)).to.equal(false);
    }
    expect(gift('<b>For</b>\n“Anna” & me').words).to.equal('<b>For</b>\n“Anna” & me');
  });

  it('is the same however it was typed: composed or not, line ends of any system', () => {
    expect(giftHash(gift('Ze\u0301lie\r\nfor ever'))).to.equal(giftHash(gift('Zélie\nfor ever')));
  });

  it('is bound with its language, and none is zero', () => {
    expect(giftHash(gift('Gift', 'en'))).to.not.equal(giftHash(gift('Gift', 'de')));
    expect(giftHash(undefined)).to.equal(`0x${'0'.repeat(64)}`);
  });

  it('is signed as wallets reckon it, under a domain of its own', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), fc.integer({ min: 0 }), (token, deadline) => {
        const data = giftTypedData(PLACE, { tokenId: String(token), message: gift(), deadline });
        expect(typedDigest(data)).to.equal(TypedDataEncoder.hash(data.domain, data.types, data.message));
      }),
      { numRuns: 25, seed: 3 },
    );
    const { domain, types } = giftTypedData(PLACE, { tokenId: '1', message: undefined, deadline: 1 });
    expect(domain['name']).to.equal('Touchstone Gift');
    expect(TypedDataEncoder.from(types).encodeType('Gift')).to.equal(
      'Gift(uint256 tokenId,bytes32 wordsHash,bool shown,uint48 deadline)',
    );
  });

  it('changes its digest with whatever is signed', () => {
    const base = { tokenId: '7', message: gift(), deadline: 100 };
    const digests = [
      base,
      { ...base, tokenId: '8' },
      { ...base, message: gift('For Ann') },
      { ...base, message: gift('For Anna', 'fr') },
      { ...base, message: undefined },
      { ...base, deadline: 101 },
    ].map((one) => typedDigest(giftTypedData(PLACE, one)));
    digests.push(typedDigest(giftTypedData({ ...PLACE, chainId: 1 }, base)));
    digests.push(typedDigest(giftTypedData({ ...PLACE, pieces: `0x${'cd'.repeat(20)}` }, base)));
    expect(new Set(digests).size).to.equal(digests.length);
  });

  it('is brought either with words or without, never half', () => {
    const signed = { signature: `0x${'11'.repeat(65)}`, deadline: 5 };
    const fits = (wish: object) => giftWish.safeParse(wish).success;
    expect(fits({ shown: true, words: 'a', language: 'en', ...signed })).to.equal(true);
    expect(fits({ shown: false, ...signed })).to.equal(true);
    expect(fits({ shown: true, ...signed })).to.equal(false);
    expect(fits({ shown: false, words: 'a', language: 'en', ...signed })).to.equal(false);
    expect(fits({ shown: false, ...signed, secret: 'x' })).to.equal(false);
    expect(fits({ shown: false, ...signed, signature: `0x${'11'.repeat(32)}` })).to.equal(false);
  });

  it('stands through gifts from hand to hand, and ends when the piece is back in trade', () => {
    const [shop, private_] = [true, false];
    // Written by the card in the shop, then claimed, then given on.
    expect(giftStands(0, [shop])).to.equal(true);
    expect(giftStands(0, [shop, private_, private_])).to.equal(true);
    expect(giftStands(0, [shop, shop])).to.equal(false);
    // Written by an owner; sold to a shop; sold again.
    expect(giftStands(1, [shop, private_, private_])).to.equal(true);
    expect(giftStands(1, [shop, private_, shop])).to.equal(false);
    expect(giftStands(1, [shop, private_, shop, private_])).to.equal(false);
  });
});
