// Owns batches that some other program sealed: header, parts and ids made from records with the core alone, so that a
// test can put them on a chain past the service, whole or wrong.
import { brotliCompressSync } from 'node:zlib';
import {
  type BatchHeader,
  type BatchId,
  batchIdOf,
  PUBLISHED,
  payloadHashOf,
  payloadLine,
  ROOT_ONLY,
  splitParts,
  type TokenId,
  tokenIdOf,
} from '../../src/core/batch.ts';
import type { PieceCode } from '../../src/core/code.ts';
import { keccak, toHex, utf8 } from '../../src/core/hash.ts';
import { leafBytes, merkleRoot, ZERO_32, ZERO_ADDRESS } from '../../src/core/merkle.ts';
import { canonicalRecord, hashRecord, mustParseRecord } from '../../src/core/record.ts';
import type { Statement } from './records.ts';

export interface OwnBatch {
  readonly header: BatchHeader;
  readonly id: BatchId;
  readonly tokens: readonly TokenId[];
  readonly parts: readonly Uint8Array[];
}

export type OwnRecord = Statement & { readonly code: PieceCode };

/**
 * A batch of these records.
 * @param payload instead of the right one, to be wrong in any way
 * @param claimKeys of the records' cards, in their order; none where left out
 */
export function ownBatch(
  organisation: string,
  records: readonly OwnRecord[],
  {
    published = true,
    payload,
    claimKeys = [],
  }: { published?: boolean; payload?: Uint8Array; claimKeys?: readonly string[] } = {},
): OwnBatch {
  const texts = records.map((record) => canonicalRecord(mustParseRecord(record)));
  const keyOf = (index: number) => claimKeys[index] ?? ZERO_ADDRESS;
  const leaves = texts.map((text, index) =>
    leafBytes({ organisation, index, recordHash: hashRecord(text), claimKey: keyOf(index), extra: ZERO_32 }),
  );
  const lines = texts.map((record, i) => payloadLine({ record, claimKey: keyOf(i), extra: ZERO_32 })).join('');
  const parts = published ? splitParts(payload ?? brotliPayload(utf8(lines))) : [];
  const header: BatchHeader = {
    organisation,
    root: merkleRoot(leaves),
    count: records.length,
    mode: published ? PUBLISHED : ROOT_ONLY,
    payloadHash: published ? payloadHashOf(parts.map((part) => toHex(keccak(part)))) : ZERO_32,
    parts: parts.length,
  };
  const id = batchIdOf(header);
  return { header, id, parts, tokens: records.map((_, index) => tokenIdOf(id, index)) };
}

/** Codec byte, then Brotli. */
export function brotliPayload(text: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.of(1), brotliCompressSync(text)]);
}
