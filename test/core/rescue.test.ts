// What a sheet says to whoever scans it: there and back, and what is none.
import { expect } from 'chai';
import { Interface } from 'ethers';
import fc from 'fast-check';
import type { PieceCode } from '../../src/core/code.ts';
import { type Hex32, toHex } from '../../src/core/hash.ts';
import { paperAccount, paperKey } from '../../src/core/paper-key.ts';
import {
  codeOfRescuePath,
  NO_DEADLINE,
  readSheetText,
  rescuePath,
  type Sheet,
  sheetCall,
  sheetText,
} from '../../src/core/rescue.ts';
import { holdsSecret } from '../../src/core/secret-spotter.ts';
import { anyCode } from '../support/any-record.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((one) => toHex(one));
const anyKey = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(paperKey);
const anyAhead = fc.record({
  owner: bytes(20),
  moves: fc.integer({ min: 0, max: 2 ** 24 - 1 }),
  deadline: fc.integer({ min: 0, max: NO_DEADLINE }),
  signature: fc.oneof(bytes(65), bytes(420), bytes(1)) as fc.Arbitrary<Hex32>,
});
const anySheet: fc.Arbitrary<Sheet> = fc.oneof(
  anyKey.map((key) => ({ key })),
  fc.record({ key: anyKey, ahead: anyAhead }),
);

describe('a sheet', () => {
  it('reads back as it was written, with a transfer signed ahead or without', () => {
    fc.assert(
      fc.property(anySheet, (sheet) => {
        expect(readSheetText(sheetText(sheet))).to.deep.equal(sheet);
      }),
    );
  });

  it('stands in an address whole, and is spotted there', () => {
    fc.assert(
      fc.property(anySheet, anyCode, (sheet, code) => {
        const { pathname, hash, href } = new URL(
          `https://a.example${rescuePath(code as PieceCode)}#${sheetText(sheet)}`,
        );
        expect(hash).to.equal(`#${sheetText(sheet)}`);
        expect(codeOfRescuePath(pathname)).to.deep.equal(code);
        expect(holdsSecret(href)).to.equal(true);
      }),
    );
  });

  it('is none without its key, with a key mistyped, cut off within what was signed, or with more behind it', () => {
    const key = paperKey(new Uint8Array(16).fill(9));
    const wrong = `${key.slice(0, 9)}${key[9] === '0' ? '1' : '0'}${key.slice(10)}`;
    const short = sheetText({
      key,
      ahead: { owner: `0x${'11'.repeat(20)}`, moves: 1, deadline: 2, signature: '0x33' },
    });
    for (const text of [
      '',
      wrong,
      `${key}.`,
      `${key}.AAAA`,
      `${key}0`,
      short.slice(0, -2),
      `${short}!`,
      `${short}A`.slice(30),
    ])
      expect(readSheetText(text), text).to.equal(undefined);
    expect(readSheetText(key.toLowerCase())).to.deep.equal({ key });
  });

  it('makes the call that another encoder makes', () => {
    const pieces = new Interface([
      'function transferWithSignature(uint256 tokenId, address to, uint24 moves, (address key, uint48 deadline, bytes signature) authorization)',
    ]);
    fc.assert(
      fc.property(anyKey, anyAhead, fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (key, ahead, tokenId) => {
        const { owner, moves, deadline, signature } = ahead;
        const made = [tokenId, paperAccount(key), moves, [owner, deadline, signature]];
        expect(sheetCall(String(tokenId), { key, ahead })).to.equal(
          pieces.encodeFunctionData('transferWithSignature', made),
        );
      }),
    );
  });

  it('never throws when it is read, and takes no signature that no code could hold', () => {
    fc.assert(fc.property(fc.string(), (text) => readSheetText(text) === undefined));
    const ahead = { owner: `0x${'11'.repeat(20)}`, moves: 1, deadline: 2, signature: toHex(new Uint8Array(1_501)) };
    expect(() => sheetText({ key: paperKey(new Uint8Array(16)), ahead })).to.throw(RangeError);
  });
});
