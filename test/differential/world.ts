// Owns who lives in the differential test's world: organisations, their first keys, owners, thieves, cards, and the batches
// anybody may register. The same in every run; what happens there never enters.
import { keccak256, SigningKey, toUtf8Bytes } from 'ethers';
import { computeAddress } from 'ethers/transaction';
import { batchIdOf } from '../../src/core/batch.ts';
import type { Hex32 } from '../../src/core/hash.ts';
import { leafBytes, merkleTree, proofIn, rootOf } from '../../src/core/merkle.ts';
import { ARBITER, CERTIFIER, type Header, MAKER, NOBODY, SERVICE_CENTRE } from './ledger.ts';
import type { Brought } from './rules-claims.ts';

export type NamedHeader = Header & { readonly id: bigint };

export const NO_HASH: Hex32 = `0x${'0'.repeat(64)}`;
export const secrets = new Map<string, SigningKey>();

export function account(name: string): string {
  const secret = new SigningKey(keccak256(toUtf8Bytes(`touchstone differential ${name}`)));
  const address = computeAddress(secret).toLowerCase();
  secrets.set(address, secret);
  return address;
}

/** Handle, roles and first key of each organisation. */
export const ADMITTED = [
  ['maker', MAKER, account('maker')],
  ['heir', MAKER | CERTIFIER | ARBITER, account('heir')],
  ['shop', 16, account('shop')],
  ['service', SERVICE_CENTRE, account('service')],
  ['arbiter', ARBITER, account('arbiter')],
] as const;
export const TILL = account('till');
export const PEOPLE = ['alice', 'bob', 'mallory'].map(account);
export const KEYS = [...ADMITTED.map(([, , key]) => key), TILL];
export const CARDS = ['first card', 'second card', 'third card'].map(account);
export const FRESH_CARDS = ['fresh card', 'another fresh card'].map(account);
export const ONE_TIME_KEYS = ['one-time key', 'another one-time key'].map(account);

/** Every fourth piece was made without a card. */
export function cardOf(index: number): string {
  return CARDS[index % 4] ?? NOBODY;
}

interface Made {
  readonly header: NamedHeader;
  readonly proofs: readonly (readonly string[])[];
}

const made = new Map<string, Made>();

/** The batch of this organisation, count and variant; `variant` stands in every record hash. */
export function madeBatch(organisation: string, count: number, variant: number): Made {
  const name = `${organisation} ${count} ${variant}`;
  const known = made.get(name);
  if (known !== undefined) return known;
  const recordHash = recordHashOf(variant);
  const leaves = Array.from({ length: Math.max(count, 1) }, (_, index) =>
    leafBytes({ organisation, index, recordHash, claimKey: cardOf(index), extra: NO_HASH }),
  );
  const tree = merkleTree(leaves);
  const plain = { organisation, root: rootOf(tree), count, mode: 0, payloadHash: NO_HASH, parts: 0 } as const;
  const header = { ...plain, id: BigInt(batchIdOf(plain)) };
  const batch = { header, proofs: leaves.map((_, index) => proofIn(tree, index)) };
  made.set(name, batch);
  return batch;
}

/** The leaf of a piece as its maker gave it; variants are looked up by root. */
export function leafOf(header: Header, index: number): Brought {
  for (const [name, { header: own, proofs }] of made) {
    if (own.root !== header.root || own.count !== header.count) continue;
    const recordHash = recordHashOf(Number(name.split(' ')[2]));
    const proof = proofs[index] ?? [];
    return { header: own, index, recordHash, claimKey: cardOf(index), extra: NO_HASH, proof, proven: true };
  }
  throw new Error('no batch of this world');
}

function recordHashOf(variant: number): Hex32 {
  return `0x${variant.toString(16).padStart(64, '0')}`;
}
