// Owns the vectors of what is on the chain: leaves, trees, batches with their payloads, organisations and signatures.
// Their addresses are those of a deployment from Hardhat's first well-known account, so the contracts can be asked too.
import { AbiCoder, computeAddress, getCreateAddress, keccak256, TypedDataEncoder, toUtf8Bytes, Wallet } from 'ethers';
import { type BatchHeader, batchIdOf, payloadHashOf, payloadLine, tokenIdOf } from '../../src/core/batch.ts';
import type { CanonicalText } from '../../src/core/canonical.ts';
import { type Hex32, keccak, lower, toHex, utf8 } from '../../src/core/hash.ts';
import {
  type LeafFields,
  leafBytes,
  merkleTree,
  proofIn,
  type Root,
  rootOf,
  ZERO_32,
  ZERO_ADDRESS,
} from '../../src/core/merkle.ts';
import { canonicalRecord, hashRecord, mustParseRecord } from '../../src/core/record.ts';
import * as typed from '../../src/core/typed-data.ts';
import { goldRing, imitationEarrings, vintageBrooch } from '../../test/support/records.ts';
import { CODE, least } from './records.ts';

export const CHAIN_ID = 31_337;
export const DEPLOYER = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
/** In order of deployment: registrar 0, organisations 1, pieces 2, certificates 3, life events 4, passkeys 5, lots 6. */
export const ORGANISATIONS = lower(getCreateAddress({ from: DEPLOYER, nonce: 1 }));
export const PIECES = lower(getCreateAddress({ from: DEPLOYER, nonce: 2 }));
export const CERTIFICATES = lower(getCreateAddress({ from: DEPLOYER, nonce: 3 }));
export const LIFE_EVENTS = lower(getCreateAddress({ from: DEPLOYER, nonce: 4 }));
export const LOTS = lower(getCreateAddress({ from: DEPLOYER, nonce: 6 }));
export const HANDLE = 'atelier-lune';
/** A key for these vectors and nothing else. */
export const SIGNING_KEY = keccak256(toUtf8Bytes('touchstone vectors: the signing key'));
export const DEADLINE = 4_102_444_800; // 2100-01-01

/** Low 160 bits of keccak256(abi.encode(tag, chain id, contract, handle)). */
export function organisationAddress(chainId: number, contract: string, handle: string): Hex32 {
  const tag = keccak256(toUtf8Bytes('touchstone.organisation.v1'));
  const types = ['bytes32', 'uint256', 'address', 'string'];
  const encoded = AbiCoder.defaultAbiCoder().encode(types, [tag, chainId, contract, handle]);
  return `0x${keccak256(encoded).slice(26)}`;
}

export const ORGANISATION = organisationAddress(CHAIN_ID, ORGANISATIONS, HANDLE);

/** What `brotli` made of the first line of 'one piece, published'; other encoders make other bytes of it. */
export const BROTLI_SAMPLE = [
  '1b7001809c07762c981cd9cdcd94ec052845b6f620a86ba437ebf715d8f60211d92c0a5d7d5387a56fdd01e8915f5b1246ff',
  'de92a8766ade2da03cf2805aba4d143aeb0eb3b5d91b941657b001aafa8fa61ba6653baee707611427a90774bf407ed5535f',
  '1f72ba979ae157e0277399e4be40bd90394f8df804e030c132cfd01c6b3d1ada799e596b8111457b667d4bf52fb2dd8b661d',
  '4b814101e5a1740d4e361bfa7c21f785a1425cfd4435b8a93a68d02110c4d00f',
].join('');

const hashOf = (text: string): Hex32 => toHex(keccak(utf8(text)));
const someKey = (i: number): Hex32 => `0x${hashOf(`claim key ${i}`).slice(26)}`;

function fieldsOf(index: number): LeafFields {
  return {
    organisation: ORGANISATION,
    index,
    recordHash: hashOf(`record ${index}`),
    claimKey: index % 2 === 0 ? ZERO_ADDRESS : someKey(index),
    extra: index % 3 === 2 ? hashOf(`extra ${index}`) : ZERO_32,
  };
}

export function leafVectors() {
  const fields = [0, 1, 2, 3, 131_071].map(fieldsOf);
  return fields.map((leaf) => ({ ...leaf, leaf: toHex(leafBytes(leaf)) }));
}

/** Small trees whole; a larger one by its root and some proofs. Leaves are `fieldsOf` index 0, 1, 2, … */
export function treeVectors() {
  return [1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 100].map((count) => {
    const fields = Array.from({ length: count }, (_, index) => fieldsOf(index));
    const leaves = fields.map(leafBytes);
    const tree = merkleTree(leaves);
    const shown = count <= 13 ? fields : [0, 63, 64, 99].map((index) => fields[index] as LeafFields);
    return {
      count,
      leaves: leaves.map(toHex),
      root: rootOf(tree),
      proofs: shown.map((leaf) => ({ ...leaf, proof: proofIn(tree, leaf.index) })),
    };
  });
}

interface Entry {
  readonly record: CanonicalText;
  readonly claimKey: Hex32;
  readonly extra: Hex32;
}

function entry(input: unknown, claimKey: Hex32 = ZERO_ADDRESS, extra: Hex32 = ZERO_32): Entry {
  return { record: canonicalRecord(mustParseRecord(input)), claimKey, extra };
}

/** A Brotli stream of one stored block (RFC 7932, section 9.2): any encoder could have written it. */
function storedBrotli(text: Uint8Array): Uint8Array {
  const header = ((text.length - 1) << 4) | (1 << 20);
  return Uint8Array.of(header & 255, (header >> 8) & 255, header >> 16, ...text, 3);
}

function batch(name: string, entries: readonly Entry[], payloadParts: readonly Uint8Array[]) {
  const fields = entries.map((e, index) => ({
    organisation: ORGANISATION,
    index,
    recordHash: hashRecord(e.record),
    claimKey: e.claimKey,
    extra: e.extra,
  }));
  const partHashes = payloadParts.map((part) => toHex(keccak(part)));
  const published = payloadParts.length > 0;
  const tree = merkleTree(fields.map(leafBytes));
  const header: BatchHeader = {
    organisation: ORGANISATION,
    root: rootOf(tree) as Root,
    count: entries.length,
    mode: published ? 1 : 0,
    payloadHash: published ? payloadHashOf(partHashes) : ZERO_32,
    parts: payloadParts.length,
  };
  const batchId = batchIdOf(header);
  return {
    name,
    header,
    batchId,
    pieces: fields.map((piece) => ({
      ...piece,
      tokenId: tokenIdOf(batchId, piece.index),
      line: payloadLine(entries[piece.index] as Entry),
      proof: proofIn(tree, piece.index),
    })),
    parts: payloadParts.map((part, i) => ({ data: toHex(part), hash: partHashes[i] })),
  };
}

function threeEntries(): Entry[] {
  return [
    entry({ ...goldRing(), code: CODE }, someKey(1)),
    entry({ ...imitationEarrings(), code: { gtin: '09506000134352', serial: 'A/7%"z' } }),
    entry({ ...vintageBrooch(), code: CODE }, someKey(2), hashOf('extra')),
  ];
}

export function onePublished(): Entry {
  return entry(least());
}

export function batchVectors() {
  const three = threeEntries();
  const stored = Uint8Array.of(1, ...storedBrotli(utf8(three.map(payloadLine).join(''))));
  const sample = Uint8Array.of(1, ...Buffer.from(BROTLI_SAMPLE, 'hex'));
  return [
    batch('three pieces, root-only', three, []),
    batch('three pieces, published in two parts, stored without compression', three, [
      stored.subarray(0, 1000),
      stored.subarray(1000),
    ]),
    batch('one piece, published', [onePublished()], [sample]),
  ];
}

export function organisationVectors() {
  return [
    [CHAIN_ID, ORGANISATIONS, HANDLE],
    [1, ORGANISATIONS, HANDLE],
    [CHAIN_ID, PIECES, HANDLE],
    [CHAIN_ID, ORGANISATIONS, 'abc'],
    [CHAIN_ID, ORGANISATIONS, 'a'.repeat(31)],
  ].map(([chainId, contract, handle]) => ({
    chainId,
    contract,
    handle,
    address: organisationAddress(chainId as number, contract as string, handle as string),
  }));
}

export function typedDataVectors() {
  const [rootOnly, published] = batchVectors();
  if (!rootOnly || !published) throw new Error('there are no batches to sign for');
  const to = computeAddress(keccak256(toUtf8Bytes('touchstone vectors: a customer')));
  const setKey = {
    domain: typed.organisationsDomain(CHAIN_ID, ORGANISATIONS),
    types: typed.SET_KEY_TYPES,
    primaryType: 'SetKey',
    message: {
      organisation: ORGANISATION,
      key: lower(to),
      permissions: 3,
      until: DEADLINE,
      nonce: 0,
      deadline: DEADLINE,
    },
  };
  const transfer = { tokenId: tokenIdOf(rootOnly.batchId, 1), from: ORGANISATION, to: lower(to), moves: 0 };
  const messages = [
    typed.registerMessage(CHAIN_ID, PIECES, rootOnly.header, DEADLINE),
    typed.registerMessage(CHAIN_ID, PIECES, published.header, DEADLINE),
    typed.transferMessage(CHAIN_ID, PIECES, transfer, DEADLINE),
    setKey,
  ];
  const signer = new Wallet(SIGNING_KEY);
  return messages.map(({ domain, types, primaryType, message }) => {
    const digest = TypedDataEncoder.hash(domain, types, message);
    return {
      primaryType,
      type: TypedDataEncoder.from(types).encodeType(primaryType),
      domain,
      message,
      domainSeparator: TypedDataEncoder.hashDomain(domain),
      structHash: TypedDataEncoder.hashStruct(primaryType, types, message),
      digest,
      signer: lower(signer.address),
      signature: signer.signingKey.sign(digest).serialized,
    };
  });
}
