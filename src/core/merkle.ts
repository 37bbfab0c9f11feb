// Owns leaves, trees and proofs (docs/format.md, "Leaf" and "Tree"). Pure; the same rules stand in
// contracts/libraries/Ids.sol, and test/vectors holds both to the same values.
import { fromHex, type Hex32, keccak, toHex, utf8 } from './hash.ts';

export type Leaf = Hex32 & { readonly __leaf: true };
export type Root = Hex32 & { readonly __root: true };

const LEAF_TAG = keccak(utf8('touchstone.leaf.v1'));
const LEAF_VERSION = 1;
export const ZERO_ADDRESS: Hex32 = `0x${'0'.repeat(40)}`;
export const ZERO_32: Hex32 = `0x${'0'.repeat(64)}`;

export interface LeafFields {
  /** Address of the organisation that registers. */
  readonly organisation: string;
  readonly index: number;
  readonly recordHash: Hex32;
  /** Address of the claim card's key; the zero address for none. */
  readonly claimKey: string;
  /** Reserved; 32 zero bytes. */
  readonly extra: Hex32;
}

/** keccak256(keccak256(abi.encode(tag, version, organisation, index, record hash, claim key, extra))), as raw bytes. */
export function leafBytes(fields: LeafFields): Uint8Array {
  const words = new Uint8Array(7 * 32);
  words.set(LEAF_TAG, 0);
  words[63] = LEAF_VERSION;
  words.set(fromHex(fields.organisation), 76);
  new DataView(words.buffer).setUint32(124, fields.index);
  words.set(fromHex(fields.recordHash), 128);
  words.set(fromHex(fields.claimKey), 172);
  words.set(fromHex(fields.extra), 192);
  return keccak(keccak(words));
}

/** All levels of a tree, leaves first, root alone in the last. */
export type Tree = readonly (readonly Uint8Array[])[];

/** The tree over leaves in order of index. Pairs are sorted before hashing; an odd last node moves up as it is. */
export function merkleTree(leaves: readonly Uint8Array[]): Tree {
  if (leaves.length === 0) throw new Error('a tree has at least one leaf');
  const levels = [leaves];
  for (let level = leaves; level.length > 1; ) {
    level = above(level);
    levels.push(level);
  }
  return levels;
}

export function rootOf(tree: Tree): Root {
  return toHex(tree.at(-1)?.[0] as Uint8Array) as Root;
}

/** Sibling hashes from the leaf up; shorter where the node moved up without a sibling. */
export function proofIn(tree: Tree, index: number): Hex32[] {
  const proof: Hex32[] = [];
  let at = index;
  for (const level of tree) {
    const sibling = level[at ^ 1];
    if (sibling) proof.push(toHex(sibling));
    at >>= 1;
  }
  return proof;
}

export function merkleRoot(leaves: readonly Uint8Array[]): Root {
  return rootOf(merkleTree(leaves));
}

/** One proof; who needs many builds the tree once and asks `proofIn`. */
export function merkleProof(leaves: readonly Uint8Array[], index: number): Hex32[] {
  return proofIn(merkleTree(leaves), index);
}

const HASH = /^0x[0-9a-f]{64}$/;

/** Whether the proof leads from leaf to root. A proof may come from anywhere: what is no list of hashes doesn't. */
export function verifyProof(leaf: Uint8Array, proof: readonly string[], root: Root): boolean {
  let node = leaf;
  for (const sibling of proof) {
    if (!HASH.test(sibling)) return false;
    node = pair(node, fromHex(sibling));
  }
  return toHex(node) === root;
}

function above(level: readonly Uint8Array[]): Uint8Array[] {
  const next: Uint8Array[] = [];
  for (let i = 0; i < level.length; i += 2) {
    const left = level[i] as Uint8Array;
    const right = level[i + 1];
    next.push(right ? pair(left, right) : left);
  }
  return next;
}

/** A buffer reused between calls: keccak copies what it reads before it returns. */
const both = new Uint8Array(64);

function pair(a: Uint8Array, b: Uint8Array): Uint8Array {
  const swap = compare(a, b) > 0;
  both.set(swap ? b : a, 0);
  both.set(swap ? a : b, 32);
  return keccak(both);
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < 32; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}
