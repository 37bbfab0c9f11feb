// A claim card's secret from bytes to text, back from what somebody typed, and to the key on the chain; its address; and
// how a secret is spotted where none may be.
import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { computeAddress, recoverAddress, SigningKey } from 'ethers';
import fc from 'fast-check';
import { cardKey, cardSecret, claimKeyFault, printedSecret, readCardSecret, signAsCard } from '../../src/core/card.ts';
import { cardUrl, claimPath, codeOfClaimPath, readCard } from '../../src/core/card-address.ts';
import type { PieceCode } from '../../src/core/code.ts';
import { type Hex32, toHex } from '../../src/core/hash.ts';
import { holdsSecret, secretSpotter } from '../../src/core/secret-spotter.ts';
import { firstKey } from '../../src/core/secret-text.ts';
import { anyCode } from '../support/any-record.ts';

const ALPHABET = [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'];
/** The order of secp256k1's group (SEC 2, section 2.4.1). */
const ORDER = 0xffffffff_ffffffff_ffffffff_fffffffe_baaedce6_af48a03b_bfd25e8c_d0364141n;
const anyBytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
const anySecret = anyBytes.map(cardSecret);
const reasonOf = (text: string) => {
  const read = readCardSecret(text);
  return read.ok ? undefined : read.reason;
};
const replaced = (text: string, at: number, by: string) => text.slice(0, at) + by + text.slice(at + 1);
const swapped = (text: string, a: number, b: number) =>
  replaced(replaced(text, a, text[b] as string), b, text[a] as string);

describe('a card’s secret', () => {
  it('is 30 characters of the alphabet, the first of them C, and reads back as it was written', () => {
    fc.assert(
      fc.property(anySecret, (secret) => {
        expect(secret).to.match(/^C[0-9A-HJKMNP-TV-Z]{29}$/);
        expect(readCardSecret(secret)).to.deep.equal({ ok: true, secret });
      }),
    );
  });

  it('differs, with its key, when any of its 128 bits differs', () => {
    const secrets = Array.from({ length: 128 }, (_, bit) => {
      const bytes = new Uint8Array(16);
      bytes[bit >> 3] = 0x80 >> (bit & 7);
      return cardSecret(bytes);
    });
    expect(new Set(secrets).size).to.equal(128);
    expect(new Set(secrets.map((secret) => cardKey(secret).address)).size).to.equal(128);
  });

  it('takes 16 bytes and no other number', () => {
    for (const length of [0, 15, 17, 32]) expect(() => cardSecret(new Uint8Array(length))).to.throw(RangeError);
  });

  it('with any single character wrong is refused, all 30 places, all 31 others, and the reason names its group', () => {
    for (const secret of fc.sample(anySecret, { numRuns: 10, seed: 4 })) {
      for (let at = 0; at < 30; at++) {
        for (const other of ALPHABET) {
          if (other === secret[at]) continue;
          const group = Math.floor(at / 5) + 1;
          expect(reasonOf(replaced(secret, at, other))).to.equal(
            `is mistyped: compare group ${group} of 6 with the card`,
          );
        }
      }
    }
  });

  it('with any two characters swapped is refused, neighbours or not', () => {
    for (const secret of fc.sample(anySecret, { numRuns: 20, seed: 5 })) {
      for (let a = 0; a < 30; a++) {
        for (let b = a + 1; b < 30; b++) {
          if (secret[a] !== secret[b]) expect(reasonOf(swapped(secret, a, b)), `${a} ${b}`).to.match(/is mistyped/);
        }
      }
    }
  });

  it('with up to three characters wrong is refused, wherever they stand', () => {
    const places = fc.uniqueArray(fc.tuple(fc.nat(29), fc.integer({ min: 1, max: 31 })), {
      minLength: 1,
      maxLength: 3,
      selector: ([at]) => at,
    });
    fc.assert(
      fc.property(anySecret, places, (secret, wrongs) => {
        const wrong = wrongs.reduce(
          (text, [at, by]) => replaced(text, at, ALPHABET[(ALPHABET.indexOf(text[at] as string) + by) % 32] as string),
          secret as string,
        );
        expect(readCardSecret(wrong).ok).to.equal(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is read as people type it: any case, spaces, hyphens, dots, I and L for 1, O for 0', () => {
    fc.assert(
      fc.property(anySecret, fc.constantFrom('', ' ', '-', '.', '–', ' - ', '\n'), (secret, between) => {
        const typed = printedSecret(secret).replaceAll('-', between).toLowerCase();
        for (const one of ['1', 'i', 'l', 'I', 'L']) {
          expect(readCardSecret(` ${typed.replaceAll('1', one).replaceAll('0', 'o')}`)).to.deep.equal({
            ok: true,
            secret,
          });
        }
      }),
    );
  });

  it('that is none is told why, without a word of it but a character no card has', () => {
    const secret = cardSecret(new Uint8Array(16).fill(7));
    expect(reasonOf('')).to.equal('is empty');
    expect(reasonOf(' - ')).to.equal('is empty');
    expect(reasonOf(secret.slice(1))).to.equal('has 29 characters where a card has 30');
    expect(reasonOf(secret + secret)).to.equal('has 60 characters where a card has 30');
    expect(reasonOf(replaced(secret, 3, 'u'))).to.match(/^holds “U”, which is on no card/);
    expect(reasonOf(replaced(secret, 3, 'é'))).to.match(/^holds “É”/);
  });

  it('whose spare bits are set, or whose version is unknown, is refused though its checks are right', () => {
    const right = (body: string) => {
      const ends = ALPHABET.flatMap((a) => ALPHABET.flatMap((b) => ALPHABET.map((c) => a + b + c)));
      const found = ends.filter((end) => !reasonOf(body + end)?.startsWith('is mistyped'));
      expect(found).to.have.length(1);
      return body + found[0];
    };
    expect(reasonOf(right(`C${'0'.repeat(25)}1`))).to.equal('is no secret of a card');
    expect(reasonOf(right(`D${'0'.repeat(26)}`))).to.equal('is of another version than this program knows');
    expect(reasonOf(right(`C${'0'.repeat(26)}`))).to.equal(undefined);
  }).timeout(240_000);
});

describe('a card’s key', () => {
  it('is in the group, and its address that of another implementation', () => {
    fc.assert(
      fc.property(anySecret, (secret) => {
        const { privateKey, address } = cardKey(secret);
        const number = BigInt(toHex(privateKey));
        expect(number > 0n && number < ORDER).to.equal(true);
        expect(computeAddress(new SigningKey(privateKey)).toLowerCase()).to.equal(address);
      }),
      { numRuns: 30 },
    );
  });

  it('is the first candidate that is neither zero nor beyond the group’s order', () => {
    const bytes = (value: bigint) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
    const candidates = [0n, ORDER, 2n ** 256n - 1n, ORDER - 1n, 1n].map(bytes);
    const asked: number[] = [];
    const key = firstKey((attempt) => {
      asked.push(attempt);
      return candidates[attempt] as Buffer;
    });
    expect(BigInt(toHex(key))).to.equal(ORDER - 1n);
    expect(asked).to.deep.equal([0, 1, 2, 3]);
    expect(() => firstKey(() => bytes(0n))).to.throw(/order of the group/);
  });

  it('signs what contracts take: 65 bytes by its address, s in the lower half', () => {
    fc.assert(
      fc.property(anySecret, fc.uint8Array({ minLength: 32, maxLength: 32 }), (secret, digest) => {
        const { privateKey, address } = cardKey(secret);
        const signature = signAsCard(secret, toHex(digest));
        expect(recoverAddress(digest, signature).toLowerCase()).to.equal(address);
        expect(signature).to.equal(new SigningKey(privateKey).sign(digest).serialized);
        expect(BigInt(`0x${signature.slice(66, 130)}`) <= ORDER / 2n).to.equal(true);
      }),
      { numRuns: 30 },
    );
  });

  it('as an address is taken in lower or upper case, or with the right checksum, and nothing else is', () => {
    /** From ERC-55. */
    const address = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
    const right = [address, address.toLowerCase(), `0x${address.slice(2).toUpperCase()}`];
    for (const text of right) expect(claimKeyFault(text), text).to.equal(undefined);
    expect(claimKeyFault(address.replace('aA', 'Aa'))).to.match(/EIP-55/);
    for (const text of ['', '0x', address.slice(2), `${address}0`, `${address}\n`, `0x${'ab'.repeat(32)}`]) {
      expect(claimKeyFault(text), text).to.equal('must be an address: 0x and 40 hexadecimal digits');
    }
  });
});

describe('a card’s address', () => {
  it('reads back to piece and secret for any code, host and stem; the secret stands behind # only', () => {
    fc.assert(
      fc.property(
        anyCode as fc.Arbitrary<PieceCode>,
        anySecret,
        fc.constantFrom('https://a.example', 'http://127.0.0.1:3000', 'https://a.example/ledger'),
        (code, secret, publicUrl) => {
          const url = cardUrl(publicUrl, code, secret);
          expect(readCard(url)).to.deep.equal({ ok: true, secret, code });
          expect(readCard(url.replace('#', '?utm=1#'))).to.deep.equal({ ok: true, secret, code });
          const parsed = new URL(url);
          expect(parsed.hash).to.equal(`#${secret}`);
          expect(parsed.pathname.endsWith(claimPath(code))).to.equal(true);
          expect(url.slice(0, url.indexOf('#'))).not.to.contain(secret.slice(1, 8));
          expect(codeOfClaimPath(claimPath(code))).to.deep.equal(code);
        },
      ),
    );
  });

  it('without secret, with another’s path or with a mistyped secret is told what is wrong', () => {
    const secret = cardSecret(new Uint8Array(16).fill(9));
    const path = '/claim/01/09506000134352/21/S1';
    const reason = (text: string) => {
      const read = readCard(text);
      return read.ok ? undefined : read.reason;
    };
    expect(reason(`https://a.example${path}`)).to.match(/nothing behind #/);
    expect(reason(`https://a.example${path}#`)).to.equal('the secret is empty');
    expect(reason(`https://a.example/01/09506000134352/21/S1#${secret}`)).to.match(/is no address of a claim card/);
    expect(reason(`https://a.example/claim/01/09506000134353/21/S1#${secret}`)).to.match(/is no address/);
    expect(reason(`https://a.example${path}#${secret.slice(0, 29)}`)).to.match(/^the secret has 29 characters/);
    expect(readCard(secret)).to.deep.equal({ ok: true, secret });
    expect(readCard(`#${secret}`)).to.deep.equal({ ok: true, secret });
    expect(codeOfClaimPath('/01/09506000134352/21/S1')).to.equal(undefined);
  });

  it('never throws, whatever is read', () => {
    const anything = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'/claim#01%p:?C- ') }));
    fc.assert(fc.property(anything, (text) => [true, false].includes(readCard(text).ok)));
  });
});

describe('spotting a secret', () => {
  const secret = cardSecret(Uint8Array.from({ length: 16 }, (_, i) => 17 * i));
  const around = fc.constantFrom('', ' ', '"', ',', ';', '\n', '#', '{"a":"', '-x ', '=');

  it('finds it whole or printed, in any case, within any text', () => {
    fc.assert(
      fc.property(anySecret, around, around, fc.boolean(), (one, before, after, small) => {
        for (const form of [one, printedSecret(one), printedSecret(one).replaceAll('-', ' ')]) {
          const text = before + (small ? form.toLowerCase() : form) + after;
          expect(holdsSecret(text), text).to.equal(true);
        }
      }),
    );
  });

  it('finds a card’s address though its secret is mistyped, as JSON or a query has it, and a printed one likewise', () => {
    const wrong = secret.slice(0, 29) + (secret[29] === '0' ? '1' : '0');
    const url = `https://a.example/claim/p/abc/0123456789ABCDEF8#${wrong}`;
    for (const text of [url, url.replaceAll('/', '\\/'), url.replace('#', '%23'), printedSecret(wrong as never)]) {
      expect(holdsSecret(text), text).to.equal(true);
    }
  });

  it('finds nothing in hashes, keys, codes, prose, or what is almost as long', () => {
    const innocent = [
      `0x${'c0ffee1234'.repeat(6)}c0de`,
      'c'.repeat(64),
      `C${'0'.repeat(28)}`,
      `x${secret}`,
      `${secret}0`,
      'CROWN PEARL WHITE STONE HEART CHAIN',
      'https://a.example/claim/p/abc/0123456789ABCDEF8',
      'https://a.example/p/abc/0123456789ABCDEF8#certificates',
    ];
    for (const text of innocent) expect(holdsSecret(text), text).to.equal(false);
  });

  it('finds it wherever a stream is cut', () => {
    const text = `a,b\n1,${secret}\n${'x'.repeat(1000)}`;
    for (let cut = 0; cut <= 60; cut++) {
      const holds = secretSpotter();
      const found = [text.slice(0, cut), text.slice(cut, cut + 7), text.slice(cut + 7)].map(holds);
      expect(found.includes(true), String(cut)).to.equal(true);
    }
    expect(['abc', 'def', ''].map(secretSpotter())).to.deep.equal([false, false, false]);
  });

  it('takes hardly any text of 30 characters for one: fewer than 1 in 20,000 that begin with C', () => {
    const bodies = fc.sample(fc.string({ unit: fc.constantFrom(...ALPHABET), minLength: 29, maxLength: 29 }), {
      numRuns: 40_000,
      seed: 11,
    });
    expect(bodies.filter((body) => holdsSecret(`C${body}`)).length).to.be.at.most(2);
  });
});

describe('drawn cards', () => {
  it('share nothing: of 2,000 from the system’s generator no secret, and no half of one, is there twice', () => {
    const secrets = Array.from({ length: 2_000 }, () => cardSecret(randomBytes(16)));
    const halves = secrets.flatMap((text) => [text.slice(1, 14), text.slice(14, 27)]);
    expect(new Set(halves).size).to.equal(4_000);
    const keys: Hex32[] = secrets.slice(0, 50).map((text) => cardKey(text).address);
    expect(new Set(keys).size).to.equal(50);
  });
});
