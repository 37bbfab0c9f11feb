import { keccak_256 } from '@noble/hashes/sha3.js';
import { expect } from 'chai';
import { keccak256 } from 'ethers';
import fc from 'fast-check';
import { fromHex, installKeccak, keccak, lower, toHex, utf8 } from '../../src/core/hash.ts';

describe('hash', () => {
  after(() => installKeccak(keccak_256));

  it('is keccak-256 as Ethereum has it, not SHA-3', () => {
    expect(toHex(keccak(utf8('')))).to.equal('0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470');
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => toHex(keccak(bytes)) === keccak256(bytes)));
  });

  it('refuses a faster implementation that computes something else, and keeps the old one', () => {
    expect(() => installKeccak(() => new Uint8Array(32))).to.throw('computes something else');
    expect(toHex(keccak(utf8('')))).to.match(/^0xc5d2/);
  });

  it('takes a faster implementation that computes the same', () => {
    let calls = 0;
    const slow = keccak(utf8('x'));
    installKeccak((bytes) => {
      calls++;
      return fromHex(keccak256(bytes));
    });
    expect(keccak(utf8('x'))).to.deep.equal(slow);
    expect(calls).to.equal(2);
  });

  it('reads and writes hexadecimal both ways', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromHex(toHex(bytes))).to.deep.equal(bytes);
      }),
    );
    expect(lower('0xAbC0')).to.equal('0xabc0');
    expect(() => fromHex('0xzz')).to.throw();
  });
});
