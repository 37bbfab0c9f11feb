// A paper key from bytes to text, back from what somebody typed, its account and what it signs; that no card is one; and
// that it is spotted where it may not be.
import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { recoverAddress } from 'ethers';
import fc from 'fast-check';
import { cardKey, cardSecret, readCardSecret } from '../../src/core/card.ts';
import { toHex } from '../../src/core/hash.ts';
import { paperAccount, paperKey, printedPaperKey, readPaperKey, signOnPaper } from '../../src/core/paper-key.ts';
import { holdsSecret } from '../../src/core/secret-spotter.ts';

const ALPHABET = [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'];
const anyBytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
const anyKey = anyBytes.map(paperKey);
const replaced = (text: string, at: number, by: string) => text.slice(0, at) + by + text.slice(at + 1);

describe('a paper key', () => {
  it('is 30 characters, the first of them P, and reads back as people type it', () => {
    fc.assert(
      fc.property(anyKey, fc.constantFrom('', ' ', '-', '.', '\n'), (key, between) => {
        expect(key).to.match(/^P[0-9A-HJKMNP-TV-Z]{29}$/);
        const typed = printedPaperKey(key).replaceAll('-', between).toLowerCase().replaceAll('1', 'l');
        expect(readPaperKey(typed)).to.deep.equal({ ok: true, key });
      }),
    );
  });

  it('takes 16 bytes and no other number', () => {
    for (const length of [0, 15, 17, 32]) expect(() => paperKey(new Uint8Array(length))).to.throw(RangeError);
  });

  it('with one character wrong is refused, and the group to compare is named', () => {
    const [key] = fc.sample(anyKey, { numRuns: 1, seed: 6 }) as [ReturnType<typeof paperKey>];
    for (let at = 0; at < 30; at++) {
      for (const other of ALPHABET) {
        if (other === key[at]) continue;
        const group = Math.floor(at / 5) + 1;
        expect(readPaperKey(replaced(key, at, other))).to.deep.equal({
          ok: false,
          reason: `is mistyped: compare group ${group} of 6 with the sheet`,
          fault: { is: 'mistyped-group', group },
        });
      }
    }
  });

  it('says what else is wrong with what was typed', () => {
    const faultOf = (typed: string) => {
      const read = readPaperKey(typed);
      return read.ok ? undefined : read.fault;
    };
    const key = paperKey(new Uint8Array(16).fill(7));
    expect(faultOf(' - ')).to.deep.equal({ is: 'empty' });
    expect(faultOf(`${key.slice(0, 29)}U`)).to.deep.equal({ is: 'stranger', character: 'U' });
    expect(faultOf(key.slice(0, 24))).to.deep.equal({ is: 'length', length: 24 });
    expect(
      faultOf(replaced(replaced(key, 3, key[3] === '0' ? '2' : '0'), 20, key[20] === '0' ? '2' : '0')),
    ).to.deep.equal({
      is: 'mistyped',
    });
  });

  it('is never a card, nor a card one, though both are made of the same bytes', () => {
    fc.assert(
      fc.property(anyBytes, (random) => {
        const [card, key] = [cardSecret(random), paperKey(random)];
        expect(readPaperKey(card)).to.deep.include({ ok: false, fault: { is: 'other-kind' } });
        expect(readCardSecret(key)).to.deep.include({ ok: false, fault: { is: 'other-kind' } });
        // Not with its letter exchanged either: the check characters cover it.
        expect(readPaperKey(`P${card.slice(1)}`).ok).to.equal(false);
        expect(paperAccount(key)).not.to.equal(cardKey(card).address);
      }),
    );
  });

  it('signs digests as its account, as another implementation recovers', () => {
    fc.assert(
      fc.property(anyKey, anyBytes, (key, half) => {
        const digest = toHex(Uint8Array.of(...half, ...half));
        expect(recoverAddress(digest, signOnPaper(key, digest)).toLowerCase()).to.equal(paperAccount(key));
      }),
      { numRuns: 20 },
    );
  });

  it('is spotted whole or printed, in any case, and in the address it is scanned from', () => {
    const key = paperKey(randomBytes(16));
    const address = `https://a.example/rescue/p/abc/0123456789ABCDEF8#${key}.AAAA`;
    for (const text of [
      key,
      printedPaperKey(key).toLowerCase(),
      `{"words":"${printedPaperKey(key).replaceAll('-', ' ')}"}`,
      address,
      address.replace('#', '%23'),
    ]) {
      expect(holdsSecret(text), text).to.equal(true);
    }
  });
});
