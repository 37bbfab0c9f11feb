// Owns that the digest owners sign in their browser is the one ethers and the contracts reckon.
import { expect } from 'chai';
import { TypedDataEncoder } from 'ethers';
import fc from 'fast-check';
import { actTypedData } from '../../src/core/act.ts';
import { ACTS } from '../../src/core/acts.ts';
import { typedDigest } from '../../src/core/typed-digest.ts';

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value) => `0x${Buffer.from(value).toString('hex')}`);

type Types = Record<string, readonly { name: string; type: string }[]>;

function anyOf(type: string, types: Types): fc.Arbitrary<unknown> {
  const struct = types[type];
  if (struct) return fc.record(Object.fromEntries(struct.map((field) => [field.name, anyOf(field.type, types)])));
  const array = /^(.*)\[\]$/.exec(type);
  if (array) return fc.array(anyOf(array[1] as string, types), { maxLength: 4 });
  const bits = /^uint(\d+)$/.exec(type)?.[1];
  if (bits) return fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n }).map(String);
  if (type === 'address') return hex(20);
  if (type === 'bool') return fc.boolean();
  if (type === 'bytes') return fc.uint8Array({ maxLength: 80 }).map((b) => `0x${Buffer.from(b).toString('hex')}`);
  if (type === 'bytes32') return hex(32);
  return fc.string({ unit: 'grapheme' });
}

const place = fc.record({ chainId: fc.integer({ min: 1, max: 2 ** 48 }), address: hex(20) });

describe('the digest of typed data', () => {
  for (const { name, contract, signers } of ACTS) {
    for (const [who, signer] of Object.entries(signers)) {
      it(`of ${name}, ${who}, is the one ethers reckons`, () => {
        const spelled = actTypedData(
          { chainId: 1, address: `0x${'11'.repeat(20)}` },
          contract,
          {
            ...signer,
            message: () => ({}),
          } as never,
          { fields: {}, standing: {}, deadline: 1 },
        );
        const message = anyOf(spelled.primaryType, spelled.types) as fc.Arbitrary<Record<string, unknown>>;
        fc.assert(
          fc.property(place, message, ({ chainId, address }, values) => {
            const domain = { ...spelled.domain, chainId, verifyingContract: address };
            const data = { ...spelled, domain, message: values };
            expect(typedDigest(data)).to.equal(TypedDataEncoder.hash(domain, data.types, values));
          }),
          { numRuns: 25, seed: 712 },
        );
      });
    }
  }

  it('follows types that refer to others, and lists of them', () => {
    const types = {
      Mail: [
        { name: 'to', type: 'Person[]' },
        { name: 'about', type: 'Asset' },
        { name: 'raw', type: 'bytes' },
      ],
      Person: [{ name: 'name', type: 'string' }],
      Asset: [
        { name: 'owner', type: 'Person' },
        { name: 'worth', type: 'uint64' },
      ],
    };
    const message = { to: [{ name: 'A' }, { name: 'Ö' }], about: { owner: { name: 'B' }, worth: 7 }, raw: '0x00ff' };
    const domain = { name: 'Test', version: '1', chainId: 5 };
    expect(typedDigest({ domain, types, primaryType: 'Mail', message })).to.equal(
      TypedDataEncoder.hash(domain, types, message),
    );
  });

  it('is of nothing that does not fit its type', () => {
    const digest = (type: string, value: unknown) =>
      typedDigest({ domain: {}, types: { X: [{ name: 'x', type }] }, primaryType: 'X', message: { x: value } });
    expect(() => digest('uint8', 256)).to.throw('does not fit');
    expect(() => digest('uint8', -1)).to.throw('does not fit');
    expect(() => digest('address', '0x1234')).to.throw('20 bytes');
    expect(() => digest('bytes32', '0x1234')).to.throw('32 bytes');
    expect(() => digest('uint8[]', 5)).to.throw('a list');
    expect(() => digest('uint8', undefined)).to.throw();
  });
});
