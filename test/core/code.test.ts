import { expect } from 'chai';
import fc from 'fast-check';
import {
  codeOfPath,
  codeOfSegments,
  codePath,
  gtinCheckDigit,
  gtinFault,
  isHandle,
  isSerial,
  ownCode,
  ownCodeFault,
  prefixCovers,
  randomSerial,
  tidyOwnCode,
} from '../../src/core/code.ts';
import { anyCode, anyGtin, anyOwnCode, anySerial } from '../support/any-record.ts';

const ALPHABET = [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'];
/** GS1 General Specifications, figure 7.11-1. */
const CHARACTER_SET_82 = `!"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz`;
const GTIN = '09506000134352';

describe('GTIN', () => {
  const real: Record<string, string> = {
    'the example of the GS1 Digital Link standard': '09506000134352',
    'a book (ISBN 978-0-306-40615-7)': '09780306406157',
    'the UPC-A of textbooks (0 36000 29145 2)': '00036000291452',
    'GS1 US’s own example (0 614141 99999 6)': '00614141999996',
    'a case of it, indicator 1': '10614141999993',
    'GS1’s EAN-8 example (9638 5074)': '00000096385074',
  };
  for (const [name, gtin] of Object.entries(real)) {
    it(`is accepted: ${name}`, () => {
      expect(gtinFault(gtin)).to.equal(undefined);
      expect(gtinCheckDigit(gtin.slice(0, 13))).to.equal(gtin[13]);
    });
  }

  it('with any single digit wrong is refused, and the reason says so', () => {
    fc.assert(
      fc.property(anyGtin, fc.nat(13), fc.integer({ min: 1, max: 9 }), (gtin, at, by) => {
        const wrong = gtin.slice(0, at) + ((Number(gtin[at]) + by) % 10) + gtin.slice(at + 1);
        expect(gtinFault(wrong)).to.match(/one digit is wrong|all zeros/);
      }),
    );
  });

  it('of another length, of other characters or of zeros only is refused', () => {
    for (const text of ['', '9506000134352', '095060001343520', '0950600013435X', '٠9506000134352', `${GTIN}\n`]) {
      expect(gtinFault(text), text).to.match(/14 digits/);
    }
    expect(gtinFault('0'.repeat(14))).to.match(/all zeros/);
  });

  it('belongs to a company prefix by the digits after the indicator', () => {
    expect(prefixCovers('9506000', GTIN)).to.equal(true);
    expect(prefixCovers('950600013435', GTIN)).to.equal(true);
    expect(prefixCovers('0950600', GTIN)).to.equal(false);
    expect(prefixCovers('9506001', GTIN)).to.equal(false);
    expect(prefixCovers('0614141', '10614141999993')).to.equal(true);
  });
});

describe('serial', () => {
  it('may hold every character of GS1 character set 82 and no other of ASCII', () => {
    expect(CHARACTER_SET_82).to.have.length(82);
    for (let code = 0; code < 256; code++) {
      const character = String.fromCharCode(code);
      expect(isSerial(`a${character}`), JSON.stringify(character)).to.equal(CHARACTER_SET_82.includes(character));
    }
  });

  it('has 1 to 20 characters', () => {
    expect([0, 1, 20, 21].map((length) => isSerial('7'.repeat(length)))).to.deep.equal([false, true, true, false]);
  });

  it('is not "." or "..", which every reader of a URL drops', () => {
    expect(['.', '..', '...', '.a'].map(isSerial)).to.deep.equal([false, false, true, true]);
  });

  it('drawn at random is 12 characters of the own alphabet', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (random) => {
        expect(randomSerial(random)).to.match(/^[0-9A-HJKMNP-TV-Z]{12}$/);
      }),
    );
    expect(randomSerial(new Uint8Array(8).fill(255))).to.equal('ZZZZZZZZZZZZ');
  });

  it('differs when any of the 60 bits used differs', () => {
    const seen = new Set<string>();
    for (let bit = 0; bit < 60; bit++) {
      const bytes = new Uint8Array(8);
      bytes[bit >> 3] = 0x80 >> (bit & 7);
      seen.add(randomSerial(bytes));
    }
    expect(seen.size).to.equal(60);
  });
});

describe('own code', () => {
  it('differs when any of its 80 bits differs', () => {
    const seen = new Set<string>();
    for (let bit = 0; bit < 80; bit++) {
      const bytes = new Uint8Array(10);
      bytes[bit >> 3] = 0x80 >> (bit & 7);
      seen.add(ownCode('lune', bytes).code);
    }
    expect(seen.size).to.equal(80);
  });

  it('is accepted as drawn', () => {
    fc.assert(fc.property(anyOwnCode, ({ code }) => ownCodeFault(code) === undefined));
  });

  it('with any single character wrong is refused: all 17 places, all 31 other characters', () => {
    const codes = fc.sample(anyOwnCode, { numRuns: 20, seed: 7 });
    for (const { code } of codes) {
      for (let at = 0; at < 17; at++) {
        for (const other of ALPHABET) {
          if (other === code[at]) continue;
          expect(ownCodeFault(code.slice(0, at) + other + code.slice(at + 1))).to.match(/mistyped/);
        }
      }
    }
  });

  it('with two neighbours swapped is refused but for 0 and Z: 990 of 992 ordered pairs, at every place', () => {
    for (let at = 0; at < 15; at++) {
      const missed: string[] = [];
      for (const a of ALPHABET) {
        for (const b of ALPHABET) {
          const bodies = [a + b, b + a].map((both) => ownCodeWithBody('7'.repeat(at) + both + '7'.repeat(14 - at)));
          const [right, swapped] = bodies as [string, string];
          if (a !== b && right[16] === swapped[16]) missed.push(a + b);
        }
      }
      expect(missed, `place ${at}`).to.deep.equal(['0Z', 'Z0']);
    }
  });

  it('with its last character and its check character swapped is refused but for 0 and Z', () => {
    fc.assert(
      fc.property(anyOwnCode, ({ code }) => {
        const swapped = code.slice(0, 15) + code[16] + code[15];
        const missed = swapped === code || ['0Z', 'Z0'].includes(code.slice(15));
        expect(ownCodeFault(swapped) === undefined).to.equal(missed);
      }),
    );
  });

  it('of other characters or another length is refused', () => {
    for (const text of [
      '',
      '0'.repeat(16),
      '0'.repeat(18),
      `${'0'.repeat(16)}O`,
      `${'0'.repeat(16)}o`,
      'U'.repeat(17),
    ]) {
      expect(ownCodeFault(text), text).to.match(/17 characters/);
    }
  });

  it('is read as people type it: any case, spaces, hyphens, I and L for 1, O for 0', () => {
    const { code } = ownCode('lune', Uint8Array.of(0, 1, 8, 64, 2, 16, 132, 33, 8, 66));
    const typed = code
      .toLowerCase()
      .replaceAll('1', 'l')
      .replaceAll('0', 'o')
      .replace(/(.{4})/g, '$1 - ');
    expect(tidyOwnCode(typed)).to.equal(code);
    fc.assert(fc.property(anyOwnCode, (own) => tidyOwnCode(own.code) === own.code));
  });
});

describe('public path', () => {
  it('reads back to the code it was written from, for any code', () => {
    fc.assert(
      fc.property(anyCode, (code) => {
        expect(codeOfPath(codePath(code as never))).to.deep.equal(code);
      }),
      { numRuns: 1000 },
    );
  });

  it('survives a URL parser, for every character of GS1 character set 82 alone, doubled and among others', () => {
    for (const character of CHARACTER_SET_82) {
      for (const serial of [character, character + character, `a${character}`, `${character}a`, `a${character}a`]) {
        if (!isSerial(serial)) continue;
        const url = new URL(codePath({ gtin: GTIN, serial }), 'https://example.com');
        expect(codeOfPath(url.pathname), serial).to.deep.equal({ gtin: GTIN, serial });
        expect(url.search + url.hash).to.equal('');
      }
    }
    fc.assert(
      fc.property(anySerial, (serial) => {
        const url = new URL(codePath({ gtin: GTIN, serial }), 'https://example.com');
        expect(codeOfPath(url.pathname)).to.deep.equal({ gtin: GTIN, serial });
      }),
    );
  });

  it('of anything else is no code', () => {
    const { code } = ownCode('lune', new Uint8Array(10).fill(9));
    for (const path of [
      '/',
      '',
      `/01/${GTIN}`,
      `/01/${GTIN}/21/`,
      `/01/${GTIN}/21/a/b`,
      `/01/${GTIN}/10/a`,
      '/01/09506000134353/21/a',
      `/01/${GTIN}/21/%`,
      `/01/${GTIN}/21/%00`,
      `/01/${GTIN}/21/%C3%A9`,
      `/01/${GTIN}/21/${'a'.repeat(21)}`,
      `/p/lune/${code}x`,
      `/p/Lune/${code}`,
      `/p/lune/${code}/`,
      `/p/-ab/${code}`,
      `/q/lune/${code}`,
    ]) {
      expect(codeOfPath(path), path).to.equal(undefined);
    }
    expect(codeOfSegments([])).to.equal(undefined);
  });
});

describe('handle', () => {
  it('is 3 to 31 of a-z, 0-9 and inner hyphens', () => {
    for (const good of ['abc', 'a-c', '0b9', 'a'.repeat(31), 'a--b']) expect(isHandle(good), good).to.equal(true);
    for (const bad of ['ab', 'a'.repeat(32), '-ab', 'ab-', 'Abc', 'a_b', 'a.b', 'äbc', 'abc\n', '']) {
      expect(isHandle(bad), bad).to.equal(false);
    }
  });
});

/** The code whose first 16 characters are these. */
function ownCodeWithBody(body: string): string {
  let bits = 0n;
  for (const character of body) bits = (bits << 5n) | BigInt(ALPHABET.indexOf(character));
  const bytes = new Uint8Array(10);
  for (let i = 9; i >= 0; i--, bits >>= 8n) bytes[i] = Number(bits & 255n);
  const { code } = ownCode('lune', bytes);
  expect(code.slice(0, 16)).to.equal(body);
  return code;
}
