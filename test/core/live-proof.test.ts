// Owns live proof and handover links as pure functions: whose signature is taken for whose, and that nothing else is.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { id as id256, recoverAddress, TypedDataEncoder, Wallet } from 'ethers';
import fc from 'fast-check';
import { cardKey, cardSecret, signAsCard } from '../../src/core/card.ts';
import { offerText, oneTimeAddress, oneTimeKey, readOffer, signOnce } from '../../src/core/handover-offer.ts';
import { fromHex, type Hex32, toHex } from '../../src/core/hash.ts';
import {
  challengeText,
  judgeProof,
  liveProofData,
  ownerReadsData,
  type ProofBy,
  proofId,
  readChallenge,
  recoveredAccount,
} from '../../src/core/live-proof.ts';
import { typedDigest } from '../../src/core/typed-digest.ts';
import { wallet } from '../support/raw-chain.ts';

const place = { chainId: 31337, pieces: `0x${'ab'.repeat(20)}` };
const asked = { tokenId: '4294967297', challenge: `0x${'5c'.repeat(32)}` as Hex32, deadline: 1_900_000_000 };
const ada = wallet('ada');
const eve = wallet('eve');
const secret = cardSecret(new Uint8Array(16).fill(7));
const subject = { owner: ada.address.toLowerCase(), card: cardKey(secret).address };

const signedBy = async (signer: Wallet, by: ProofBy, differing: Partial<typeof asked> = {}, where = place) => {
  const { domain, types, message } = liveProofData(where, by, { ...asked, ...differing });
  return signer.signTypedData(domain, types, message);
};
const judged = (by: ProofBy, signature: string) => judgeProof(place, asked, subject, { by, signature });

describe('a live proof', () => {
  it('is the owner’s or the card’s by nobody else’s signature', async () => {
    expect(judged('owner', await signedBy(eve, 'owner'))).to.equal('unknown');
    expect(judged('card', await signedBy(eve, 'card'))).to.equal('none');
    expect(judgeProof(place, asked, { ...subject, card: null }, { by: 'card', signature: '0x00' })).to.equal('none');
    for (const signature of ['', '0x', '0x0', 'zz', `0x${'00'.repeat(5000)}`]) {
      expect(judged('owner', signature), signature).to.equal('none');
    }
  });

  it('holds for its piece, challenge, time, chain and registry alone', async () => {
    const others = [
      await signedBy(ada, 'owner', { tokenId: '4294967298' }),
      await signedBy(ada, 'owner', { challenge: `0x${'5d'.repeat(32)}` }),
      await signedBy(ada, 'owner', { deadline: asked.deadline + 1 }),
      await signedBy(ada, 'owner', {}, { ...place, chainId: 1 }),
      await signedBy(ada, 'owner', {}, { ...place, pieces: `0x${'ac'.repeat(20)}` }),
      await signedBy(ada, 'card'),
    ];
    for (const signature of others) expect(judged('owner', signature)).to.equal('unknown');
  });

  it('can not be taken for leave to read, nor the other way round', async () => {
    const reads = ownerReadsData(place, asked.tokenId, asked.deadline);
    expect(judged('owner', await ada.signTypedData(reads.domain, reads.types, reads.message))).to.equal('unknown');
    expect(typedDigest(reads)).to.not.equal(typedDigest(liveProofData(place, 'owner', asked)));
  });

  it('is the owner’s by her key, and the card’s by its secret', async () => {
    expect(judged('owner', await signedBy(ada, 'owner'))).to.equal('owner');
    expect(judged('card', signAsCard(secret, typedDigest(liveProofData(place, 'card', asked))))).to.equal('card');
  });

  it('never throws, whatever the bytes', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 }).map(toHex);
    fc.assert(
      fc.property(bytes, (signature) => {
        expect(judged('owner', signature)).to.be.oneOf(['unknown', 'none']);
        expect(judged('card', signature)).to.equal('none');
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it('is recovered as ethers recovers it; a signature with s in the upper half is none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const digest = toHex(bytes);
        const { serialized, r, s, v } = ada.signingKey.sign(digest);
        expect(recoveredAccount(digest, fromHex(serialized))).to.equal(subject.owner);
        const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
        const high = `${r}${(order - BigInt(s)).toString(16).padStart(64, '0')}${v === 27 ? '1c' : '1b'}`;
        expect(recoveredAccount(digest, fromHex(high))).to.equal(undefined);
      }),
      { seed: 6, numRuns: 25 },
    );
  });

  it('signs what ethers calls the same typed data', () => {
    for (const data of [liveProofData(place, 'card', asked), ownerReadsData(place, asked.tokenId, asked.deadline)]) {
      expect(typedDigest(data)).to.equal(TypedDataEncoder.hash(data.domain, data.types, data.message));
    }
  });

  it('travels as 43 characters, and no other text is a challenge', () => {
    expect(readChallenge(challengeText(asked.challenge))).to.equal(asked.challenge);
    for (const text of ['', 'A'.repeat(42), 'A'.repeat(44), `${'A'.repeat(42)}B`, `${'A'.repeat(42)}!`]) {
      expect(readChallenge(text), text).to.equal(undefined);
    }
    expect(proofId(asked.challenge)).to.match(/^[0-9a-f]{32}$/);
    expect(asked.challenge).to.not.include(proofId(asked.challenge));
  });
});

describe('the vectors of live proof and handover links', () => {
  const vectors = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'vectors', 'live-proofs.json'), 'utf8'));

  it('are what ethers reckons, and judged so', () => {
    for (const { by, signature, id, text, digest, ...rest } of vectors.proofs) {
      const { domain, types, message } = liveProofData(vectors.place, by, rest);
      expect(TypedDataEncoder.hash(domain, types, message)).to.equal(digest);
      expect(recoverAddress(digest, signature).toLowerCase()).to.equal(vectors[by]);
      expect(judgeProof(vectors.place, rest, vectors, { by, signature })).to.equal(by);
      expect(readChallenge(text)).to.equal(rest.challenge);
      expect(id256(`touchstone.live-proof.v1 ${rest.challenge}`).slice(2, 34)).to.equal(id);
    }
  });

  it('of offers are read as they were written', () => {
    for (const { text, secret, handoverKey, ...said } of vectors.offers) {
      expect(Buffer.from(text, 'base64url').subarray(1, 33).toString('hex')).to.equal(secret.slice(2));
      expect(readOffer(text)).to.deep.equal({ ...said, secret: fromHex(secret) });
      expect(new Wallet(secret).address.toLowerCase()).to.equal(handoverKey);
    }
  });
});

describe('a handover link', () => {
  const offer = {
    secret: oneTimeKey(new Uint8Array(32).fill(9)),
    deadline: 1_900_000_000,
    moves: 3,
    events: 70_000,
    key: subject.owner,
    signature: `0x${'1f'.repeat(65)}`,
  };

  it('cut short, lengthened by a character, of another version or with no key is none', () => {
    const text = offerText(offer);
    expect(readOffer('')).to.equal(undefined);
    expect(readOffer(text.slice(0, 60))).to.equal(undefined);
    expect(readOffer(`${text}=`)).to.equal(undefined);
    expect(readOffer(`B${text.slice(1)}`)).to.equal(undefined);
    expect(readOffer(offerText({ ...offer, secret: new Uint8Array(32) }))).to.equal(undefined);
    expect(readOffer('A'.repeat(6000))).to.equal(undefined);
  });

  it('says the same when it is read again', () => {
    expect(readOffer(offerText(offer))).to.deep.equal(offer);
  });

  it('holds the key of the address that the owner offers the piece to', () => {
    const { address, signingKey } = new Wallet(toHex(offer.secret));
    const digest = toHex(new Uint8Array(32).fill(3));
    expect(oneTimeAddress(offer.secret)).to.equal(address.toLowerCase());
    expect(signOnce(offer.secret, digest)).to.equal(signingKey.sign(digest).serialized);
    expect(() => oneTimeKey(new Uint8Array(31))).to.throw('32 random bytes');
  });
});
