// Owns reading a published batch: from its parts to records, checked against everything the batch committed to. Bounded:
// what would expand too far is no payload. Expanding itself is an adapter's business.
import { type BatchHeader, CODEC_BROTLI, MAX_PAYLOAD_TEXT_BYTES, payloadHashOf, payloadLine } from './batch.ts';
import type { CanonicalText } from './canonical.ts';
import { codePath, type PieceCode } from './code.ts';
import { type Hex32, keccak, toHex } from './hash.ts';
import { leafBytes, merkleRoot, ZERO_32, ZERO_ADDRESS } from './merkle.ts';
import { canonicalRecord, hashRecord, type PieceRecord, parseRecord, type RecordHash } from './record.ts';

export interface Unpacked {
  readonly code: PieceCode;
  readonly path: string;
  readonly text: CanonicalText;
  readonly hash: RecordHash;
  readonly claimKey: Hex32 | null;
  readonly extra: Hex32 | null;
}

export class BadPayload extends Error {}

/** @throws BadPayload naming the first thing that is wrong */
export async function unpack(
  expand: (bytes: Uint8Array, limit: number) => Promise<Uint8Array>,
  header: BatchHeader,
  parts: readonly Uint8Array[],
): Promise<Unpacked[]> {
  if (payloadHashOf(parts.map((part) => toHex(keccak(part)))) !== header.payloadHash)
    throw new BadPayload('payload hash');
  const payload = joined(parts);
  if (payload[0] !== CODEC_BROTLI) throw new BadPayload(`codec ${payload[0]}`);
  const text = await expand(payload.subarray(1), MAX_PAYLOAD_TEXT_BYTES).catch((error: Error) => {
    throw new BadPayload(`compression: ${error.message}`);
  });
  const lines = strictUtf8(text).split('\n');
  if (lines.pop() !== '' || lines.length !== header.count) throw new BadPayload('number of lines');
  const pieces = lines.map((line, index) => readLine(line, index));
  const leaves = pieces.map((piece, index) =>
    leafBytes({
      organisation: header.organisation,
      index,
      recordHash: piece.hash,
      claimKey: piece.claimKey ?? ZERO_ADDRESS,
      extra: piece.extra ?? ZERO_32,
    }),
  );
  if (merkleRoot(leaves) !== header.root) throw new BadPayload('Merkle root');
  return pieces;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Malformed bytes would otherwise become other text than was hashed. */
function strictUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new BadPayload('UTF-8');
  }
}

function readLine(line: string, index: number): Unpacked {
  const entry = parseLine(line, index);
  const parsed = parseRecord(entry.record);
  if (!parsed.ok) throw new BadPayload(`line ${index}: ${parsed.faults[0]?.field} ${parsed.faults[0]?.reason}`);
  const text = canonicalOf(parsed.record, index);
  const claimKey = entry.claimKey ?? ZERO_ADDRESS;
  const extra = entry.extra ?? ZERO_32;
  if (payloadLine({ record: text, claimKey, extra }) !== `${line}\n`)
    throw new BadPayload(`line ${index}: not canonical`);
  const code = parsed.record.code as PieceCode;
  return {
    code,
    path: codePath(code),
    text,
    hash: hashRecord(text),
    claimKey: entry.claimKey ?? null,
    extra: entry.extra ?? null,
  };
}

function canonicalOf(record: PieceRecord, index: number): CanonicalText {
  try {
    return canonicalRecord(record);
  } catch (error) {
    throw new BadPayload(`line ${index}: ${(error as Error).message}`);
  }
}

function parseLine(line: string, index: number): { record: unknown; claimKey?: Hex32; extra?: Hex32 } {
  try {
    const entry = JSON.parse(line);
    const claimOk = entry.claimKey === undefined || /^0x[0-9a-f]{40}$/.test(entry.claimKey);
    const extraOk = entry.extra === undefined || /^0x[0-9a-f]{64}$/.test(entry.extra);
    if (claimOk && extraOk) return entry;
  } catch {
    // said below
  }
  throw new BadPayload(`line ${index}: not an entry`);
}
