import { expect } from 'chai';
import { AbiCoder, concat, keccak256 } from 'ethers';
import fc from 'fast-check';
import {
  type BatchHeader,
  batchIdOf,
  MAX_BATCH_COUNT,
  MAX_PARTS,
  PUBLISHED,
  payloadHashOf,
  payloadLine,
  ROOT_ONLY,
  splitParts,
  splitTokenId,
  tokenIdOf,
} from '../../src/core/batch.ts';
import { canonicalise } from '../../src/core/canonical.ts';
import { type Hex32, toHex, utf8 } from '../../src/core/hash.ts';
import { type Root, ZERO_32, ZERO_ADDRESS } from '../../src/core/merkle.ts';
import { canonicalRecord } from '../../src/core/record.ts';
import { anyRecord } from '../support/any-record.ts';

const anyHex = (bytes: number) => fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((b) => toHex(b));
const anyHeader: fc.Arbitrary<BatchHeader> = fc.record({
  organisation: anyHex(20),
  root: anyHex(32) as fc.Arbitrary<Root>,
  count: fc.integer({ min: 1, max: MAX_BATCH_COUNT }),
  mode: fc.constantFrom(ROOT_ONLY, PUBLISHED),
  payloadHash: anyHex(32),
  parts: fc.integer({ min: 0, max: MAX_PARTS }),
});

describe('batch id', () => {
  it('is the low 224 bits of the hash of what abi.encode gives, for any header', () => {
    const tag = keccak256(utf8('touchstone.batch.v1'));
    const types = ['bytes32', 'address', 'bytes32', 'uint32', 'uint8', 'bytes32', 'uint32'];
    fc.assert(
      fc.property(anyHeader, (h) => {
        const values = [tag, h.organisation, h.root, h.count, h.mode, h.payloadHash, h.parts];
        const hash = keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
        expect(batchIdOf(h)).to.equal(BigInt(`0x${hash.slice(10)}`).toString());
      }),
    );
  });

  it('changes with every field of the header', () => {
    fc.assert(
      fc.property(anyHeader, anyHeader, (header, other) => {
        for (const name of Object.keys(header) as (keyof BatchHeader)[]) {
          if (header[name] === other[name]) continue;
          expect(batchIdOf({ ...header, [name]: other[name] }), name).to.not.equal(batchIdOf(header));
        }
      }),
    );
  });
});

describe('token id', () => {
  it('splits into the batch id and index it was made from', () => {
    fc.assert(
      fc.property(anyHeader, fc.integer({ min: 0, max: 2 ** 32 - 1 }), (header, index) => {
        const batchId = batchIdOf(header);
        expect(splitTokenId(tokenIdOf(batchId, index))).to.deep.equal({ batchId, index });
      }),
    );
  });
});

describe('payload', () => {
  it('has one line a piece, canonical itself, whose record is the hashed text', () => {
    fc.assert(
      fc.property(anyRecord, anyHex(20), anyHex(32), fc.nat(3), (record, claimKey, extra, which) => {
        const text = canonicalRecord(record);
        const entry = {
          claimKey: which & 1 ? claimKey : ZERO_ADDRESS,
          extra: which & 2 ? extra : ZERO_32,
          record: text,
        };
        const line = payloadLine(entry);
        expect(line.indexOf('\n')).to.equal(line.length - 1);
        const read = JSON.parse(line);
        expect(canonicalise(read)).to.equal(line.trimEnd());
        expect(canonicalise(read.record)).to.equal(text);
        expect(read.claimKey ?? ZERO_ADDRESS).to.equal(entry.claimKey);
        expect(read.extra ?? ZERO_32).to.equal(entry.extra);
      }),
    );
  });

  it('hash is keccak256 of its parts’ hashes', () => {
    fc.assert(
      fc.property(fc.array(anyHex(32), { minLength: 1, maxLength: 9 }), (hashes) => {
        expect(payloadHashOf(hashes as Hex32[])).to.equal(keccak256(concat(hashes)));
      }),
    );
  });
});

describe('parts', () => {
  it('put together are the payload', () => {
    for (const length of [1, 119_999, 120_000, 120_001, 240_000, 1_000_000]) {
      const payload = new Uint8Array(length).map((_, i) => i % 251);
      const parts = splitParts(payload);
      expect(parts).to.have.length(Math.ceil(length / 120_000));
      expect(Buffer.compare(Buffer.concat(parts), payload)).to.equal(0);
    }
  });

  it('fit into a transaction of 128 KiB together with the hashes of all, and are never more than the contract takes', () => {
    for (const megabytes of [0.1, 1, 30, 37, 40, 64, 100, 130]) {
      const parts = splitParts(new Uint8Array(megabytes * 1_000_000));
      const largest = Math.max(...parts.map((part) => part.length));
      // Selector, header, offsets, lengths: 13 words at most; envelope and signature: below 300 bytes.
      expect(largest + 32 * parts.length + 13 * 32 + 4 + 300).to.be.at.most(131_072);
      expect(parts.length).to.be.at.most(MAX_PARTS);
    }
  });

  it('do not exist for a payload that no batch can carry', () => {
    expect(() => splitParts(new Uint8Array(140_000_000))).to.throw(RangeError, 'does not fit');
  });
});
