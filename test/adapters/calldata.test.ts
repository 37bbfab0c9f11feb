// Large calldata and transactions, encoded here by hand, are byte for byte what ethers' general encoders make.
import { randomBytes as systemBytes } from 'node:crypto';
import { expect } from 'chai';
import { Interface, Transaction, Wallet } from 'ethers';
import { encodeBytesList, encodeWithBytes, signTransaction } from '../../src/adapters/calldata.ts';
import { randomBytes } from '../../src/adapters/random.ts';

const abi = new Interface([
  'function post(tuple(address organisation, bytes32 root, uint32 count) header, bytes32[] hashes, uint32 part, bytes data)',
  'function multicall(bytes[] calls)',
]);
const wallet = new Wallet(`0x${'17'.repeat(32)}`);
const hex = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString('hex')}`;
const SIZES = [0, 1, 31, 32, 33, 55, 56, 255, 256, 65_535, 65_536, 120_000];

describe('calldata encoded by hand', () => {
  for (const size of SIZES) {
    it(`is the same for a last argument of ${size} bytes`, () => {
      const data = systemBytes(size);
      for (const hashes of [[], [hex(systemBytes(32))], [hex(systemBytes(32)), hex(systemBytes(32))]]) {
        const before = [[wallet.address, hex(systemBytes(32)), 7], hashes, 3];
        expect(
          encodeWithBytes(abi, 'post', before, data) === abi.encodeFunctionData('post', [...before, data]),
        ).to.equal(true);
      }
    });
  }

  it('is the same for lists of bytes', () => {
    for (const sizes of [[], [0], [4], [1, 0, 33], [260, 120_516]]) {
      const calls = sizes.map((size) => hex(systemBytes(size)));
      expect(encodeBytesList(abi, 'multicall', calls) === abi.encodeFunctionData('multicall', [calls])).to.equal(true);
    }
  });
});

describe('a transaction signed by hand', () => {
  const sign = (digest: string) => wallet.signingKey.sign(digest);
  const fees = [
    { maxPriorityFeePerGas: 1_000_000n, maxFeePerGas: 2_000_000_000n },
    { maxPriorityFeePerGas: 0n, maxFeePerGas: 127n },
    { maxPriorityFeePerGas: 128n, maxFeePerGas: 2n ** 90n },
  ];
  for (const size of SIZES) {
    it(`is the same with ${size} bytes of data`, () => {
      for (const [i, fee] of fees.entries()) {
        const to = hex(systemBytes(20));
        const nonce = [0, 1, 127, 128, 70_000][(size + i) % 5] as number;
        const fields = { chainId: 2 ** 44 + i, nonce, to, gasLimit: 16_777_216n, data: hex(systemBytes(size)), ...fee };
        const theirs = Transaction.from({ type: 2, ...fields });
        theirs.signature = wallet.signingKey.sign(theirs.unsignedHash);
        const ours = signTransaction(fields, sign);
        expect(ours.hash).to.equal(theirs.hash);
        expect(ours.raw === theirs.serialized).to.equal(true);
      }
    });
  }

  it('is the same where r or s begins with zeros', () => {
    let short = 0;
    for (let nonce = 0; short < 3 && nonce < 5_000; nonce++) {
      const fields = { chainId: 1, nonce, to: wallet.address, gasLimit: 21_000n, data: '0x', ...(fees[0] as object) };
      const theirs = Transaction.from({ type: 2, ...fields });
      const signature = wallet.signingKey.sign(theirs.unsignedHash);
      if (!signature.r.startsWith('0x00') && !signature.s.startsWith('0x00')) continue;
      short += 1;
      theirs.signature = signature;
      expect(signTransaction(fields as Parameters<typeof signTransaction>[0], () => signature).raw).to.equal(
        theirs.serialized,
      );
    }
    expect(short).to.equal(3);
  });
});

describe('random bytes', () => {
  it('come in the number asked for, none of them twice', () => {
    const drawn = Array.from({ length: 5_000 }, (_, i) => randomBytes([8, 10, 32][i % 3] as number));
    expect(drawn.map((bytes) => bytes.length)).to.deep.equal(drawn.map((_, i) => [8, 10, 32][i % 3]));
    expect(new Set(drawn.map(hex)).size).to.equal(drawn.length);
    expect(randomBytes(10_000).length).to.equal(10_000);
  });

  it('stay what they were when more are drawn', () => {
    const first = randomBytes(32);
    const was = hex(first);
    for (let i = 0; i < 1_000; i++) randomBytes(32);
    expect(hex(first)).to.equal(was);
  });
});
