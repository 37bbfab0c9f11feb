import { expect } from 'chai';
import { AbiCoder, concat, keccak256 } from 'ethers';
import fc from 'fast-check';
import { fromHex, type Hex32, keccak, toHex, utf8 } from '../../src/core/hash.ts';
import {
  type LeafFields,
  leafBytes,
  merkleProof,
  merkleRoot,
  merkleTree,
  proofIn,
  type Root,
  rootOf,
  verifyProof,
} from '../../src/core/merkle.ts';

const anyHex = (bytes: number) => fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((b) => toHex(b));
const anyFields: fc.Arbitrary<LeafFields> = fc.record({
  organisation: anyHex(20),
  index: fc.integer({ min: 0, max: 131_071 }),
  recordHash: anyHex(32),
  claimKey: anyHex(20),
  extra: anyHex(32),
});

function leavesOf(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => keccak(utf8(`leaf ${count} ${i}`)));
}

/** OpenZeppelin's MerkleProof.processProof, restated over another keccak. */
function openZeppelin(leaf: string, proof: readonly string[]): string {
  return proof.reduce((node, sibling) => keccak256(concat(node < sibling ? [node, sibling] : [sibling, node])), leaf);
}

describe('leaf', () => {
  it('is the double hash of what abi.encode gives, for any fields', () => {
    const tag = keccak256(utf8('touchstone.leaf.v1'));
    const types = ['bytes32', 'uint8', 'address', 'uint32', 'bytes32', 'address', 'bytes32'];
    fc.assert(
      fc.property(anyFields, (f) => {
        const encoded = AbiCoder.defaultAbiCoder().encode(types, [
          tag,
          1,
          f.organisation,
          f.index,
          f.recordHash,
          f.claimKey,
          f.extra,
        ]);
        expect(toHex(leafBytes(f))).to.equal(keccak256(keccak256(encoded)));
      }),
    );
  });
});

describe('Merkle tree', () => {
  it('gives a proof for every leaf of every tree of 1 to 300 leaves, and no proof fits its neighbour', () => {
    for (let count = 1; count <= 300; count++) {
      const leaves = leavesOf(count);
      const tree = merkleTree(leaves);
      const root = rootOf(tree);
      for (let index = 0; index < count; index++) {
        const proof = proofIn(tree, index);
        if (!verifyProof(leaves[index] as Uint8Array, proof, root)) expect.fail(`${index} of ${count}`);
      }
      const last = proofIn(tree, count - 1);
      if (count > 1) expect(verifyProof(leaves[0] as Uint8Array, last, root)).to.equal(false);
    }
  }).timeout(240_000);

  it('follows the rule OpenZeppelin checks proofs by', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), (count, drawn) => {
        const leaves = leavesOf(count);
        const index = drawn % count;
        const proof = merkleProof(leaves, index);
        expect(openZeppelin(toHex(leaves[index] as Uint8Array), proof)).to.equal(merkleRoot(leaves));
      }),
    );
  });

  it('of one leaf is that leaf, with an empty proof', () => {
    const [leaf] = leavesOf(1) as [Uint8Array];
    expect(merkleRoot([leaf])).to.equal(toHex(leaf));
    expect(merkleProof([leaf], 0)).to.deep.equal([]);
  });

  it('of no leaf does not exist', () => {
    expect(() => merkleRoot([])).to.throw('at least one leaf');
  });

  it('moves an odd last node up as it is', () => {
    const [a, b, c] = leavesOf(3).map(toHex) as [Hex32, Hex32, Hex32];
    expect(merkleRoot([a, b, c].map(fromHex))).to.equal(openZeppelin(c, [openZeppelin(a, [b])]));
    expect(merkleProof([a, b, c].map(fromHex), 2)).to.have.length(1);
  });

  it('needs at most 17 hashes for the largest batch', () => {
    const leaves = Array.from({ length: 131_072 }, (_, i) => {
      const leaf = new Uint8Array(32);
      new DataView(leaf.buffer).setUint32(28, i);
      return leaf;
    });
    const tree = merkleTree(leaves);
    expect(proofIn(tree, 131_071)).to.have.length(17);
    expect(verifyProof(leaves[131_071] as Uint8Array, proofIn(tree, 131_071), rootOf(tree))).to.equal(true);
  }).timeout(240_000);

  it('rejects a proof once any field of the leaf is another', () => {
    fc.assert(
      fc.property(fc.array(anyFields, { minLength: 1, maxLength: 20 }), anyFields, fc.nat(), (fields, alien, drawn) => {
        const at = drawn % fields.length;
        const leaves = fields.map(leafBytes);
        const root = merkleRoot(leaves);
        const proof = merkleProof(leaves, at);
        const own = fields[at] as LeafFields;
        expect(verifyProof(leafBytes(own), proof, root)).to.equal(true);
        for (const name of ['organisation', 'index', 'recordHash', 'claimKey', 'extra'] as const) {
          if (own[name] === alien[name]) continue;
          expect(verifyProof(leafBytes({ ...own, [name]: alien[name] }), proof, root), name).to.equal(false);
        }
      }),
    );
  });

  it('rejects another root, a shorter, longer or reordered proof', () => {
    const leaves = leavesOf(21);
    const [leaf, root, proof] = [leaves[7] as Uint8Array, merkleRoot(leaves), merkleProof(leaves, 7)];
    expect(verifyProof(leaf, proof, merkleRoot(leavesOf(22)))).to.equal(false);
    expect(verifyProof(leaf, proof.slice(1), root)).to.equal(false);
    expect(verifyProof(leaf, [...proof, proof[0] as Hex32], root)).to.equal(false);
    expect(verifyProof(leaf, [...proof].reverse(), root)).to.equal(false);
    expect(verifyProof(leaf, proof, '0x' as Root)).to.equal(false);
  });

  it('answers no, and throws nothing, for a proof that is no list of hashes', () => {
    const leaves = leavesOf(4);
    const [first, second] = merkleProof(leaves, 0) as [Hex32, Hex32];
    for (const bad of ['', '0x', first.slice(0, 64), `${first}00`, first.toUpperCase(), 'zz'.repeat(33), '0x\u0000']) {
      expect(verifyProof(leaves[0] as Uint8Array, [bad, second], merkleRoot(leaves)), bad).to.equal(false);
    }
  });

  it('does not take an inner node for a leaf', () => {
    const leaves = leavesOf(4);
    const tree = merkleTree(leaves);
    const inner = concat([leaves[0] as Uint8Array, leaves[1] as Uint8Array]);
    // Leaves are hashed twice, so no leaf's bytes are 64 bytes hashed once: the node has a proof, but no fields.
    expect(verifyProof(tree[1]?.[0] as Uint8Array, proofIn(tree.slice(1), 0), rootOf(tree))).to.equal(true);
    expect(keccak256(keccak256(inner))).to.not.equal(toHex(tree[1]?.[0] as Uint8Array));
  });
});
