// Owns what a batch is before any chain: header, ids, payload text and its parts (docs/format.md, "Batch").
// Compression and transactions never enter it: the payload's bytes come and go as they are.

import type { CanonicalText } from './canonical.ts';
import { fromHex, type Hex32, keccak, toHex, utf8 } from './hash.ts';
import { type Root, ZERO_32, ZERO_ADDRESS } from './merkle.ts';

export const ROOT_ONLY = 0;
export const PUBLISHED = 1;
/** First byte of a payload: what follows is a Brotli stream (RFC 7932). */
export const CODEC_BROTLI = 1;
export type BatchMode = typeof ROOT_ONLY | typeof PUBLISHED;

/** As many as a tree of 17 levels holds; the contract refuses more. */
export const MAX_BATCH_COUNT = 131_072;
/** Pieces of a block, the smallest part of a batch that can pass on by one slot. */
export const RANGE_BLOCK = 256;
/** Common mempools take transactions up to this size. */
const MAX_TRANSACTION_BYTES = 131_072;
/** Header, offsets, envelope and signature of the transaction that posts a part, rounded up well. */
const TRANSACTION_OVERHEAD = 1_024;
export const MAX_PART_BYTES = 120_000;
/** What a reader expands before it calls a payload a bomb: well above what any sealer here writes. */
export const MAX_PAYLOAD_TEXT_BYTES = 64 * 1024 * 1024;
/** The contract refuses more. */
export const MAX_PARTS = 2_048;

export interface BatchHeader {
  readonly organisation: string;
  readonly root: Root;
  readonly count: number;
  readonly mode: BatchMode;
  readonly payloadHash: Hex32;
  readonly parts: number;
}

/** Decimal string of the 224-bit batch id. */
export type BatchId = string & { readonly __batch: true };
/** Decimal string of the token id: batch id << 32 | index. */
export type TokenId = string & { readonly __token: true };

const BATCH_TAG = keccak(utf8('touchstone.batch.v1'));
const LOW_224 = (1n << 224n) - 1n;

/** Low 224 bits of keccak256(abi.encode(tag, organisation, root, count, mode, payload hash, parts)). */
export function batchIdOf(header: BatchHeader): BatchId {
  const words = new Uint8Array(7 * 32);
  const view = new DataView(words.buffer);
  words.set(BATCH_TAG, 0);
  words.set(fromHex(header.organisation), 44);
  words.set(fromHex(header.root), 64);
  view.setUint32(124, header.count);
  words[159] = header.mode;
  words.set(fromHex(header.payloadHash), 160);
  view.setUint32(220, header.parts);
  return (BigInt(toHex(keccak(words))) & LOW_224).toString() as BatchId;
}

export function tokenIdOf(batchId: BatchId, index: number): TokenId {
  return ((BigInt(batchId) << 32n) | BigInt(index)).toString() as TokenId;
}

export function splitTokenId(tokenId: string): { batchId: BatchId; index: number } {
  const value = BigInt(tokenId);
  return { batchId: (value >> 32n).toString() as BatchId, index: Number(value & 0xffff_ffffn) };
}

/** One line of a payload: a piece's record with, where they aren't zero, its claim key and extra. */
export interface PayloadEntry {
  readonly record: CanonicalText;
  readonly claimKey: string;
  readonly extra: Hex32;
}

/** The entry as canonical JSON. Members in RFC 8785 order: claimKey, extra, record. */
export function payloadLine(entry: PayloadEntry): string {
  const claim = entry.claimKey === ZERO_ADDRESS ? '' : `"claimKey":"${entry.claimKey}",`;
  const extra = entry.extra === ZERO_32 ? '' : `"extra":"${entry.extra}",`;
  return `{${claim}${extra}"record":${entry.record}}\n`;
}

/**
 * As few parts as fit into transactions: each carries the hashes of all, so many parts leave less room in each.
 * @throws RangeError for a payload that no number of parts can carry.
 */
export function splitParts(payload: Uint8Array): Uint8Array[] {
  let size = MAX_PART_BYTES;
  for (let count = 1; count * size < payload.length; count++) {
    if (count === MAX_PARTS) throw new RangeError(`a payload of ${payload.length} bytes does not fit into a batch`);
    size = Math.min(MAX_PART_BYTES, MAX_TRANSACTION_BYTES - TRANSACTION_OVERHEAD - 32 * (count + 1));
  }
  const parts: Uint8Array[] = [];
  for (let at = 0; at < payload.length; at += size) parts.push(payload.subarray(at, at + size));
  return parts;
}

/** keccak256 of the parts' hashes, one after the other. */
export function payloadHashOf(partHashes: readonly Hex32[]): Hex32 {
  const all = new Uint8Array(32 * partHashes.length);
  partHashes.forEach((hash, i) => {
    all.set(fromHex(hash), 32 * i);
  });
  return toHex(keccak(all));
}
