// Owns the bytes of what is large on its way to the chain: a payload's part as calldata, and transactions around it.
// ethers does the same in general, byte by byte; at 120 kB a transaction that was a fifth of an import's time.
import type { Interface } from 'ethers';
import { fromHex, type Hex32, keccak, toHex } from '../core/hash.ts';

const WORD = 64;

const word = (value: number) => value.toString(16).padStart(WORD, '0');
const padded = (hex: string) => hex.padEnd(Math.ceil(hex.length / WORD) * WORD, '0');

/** Calldata of a function whose last argument is bytes: as encoded with none, then these in their place. */
export function encodeWithBytes(abi: Interface, name: string, before: readonly unknown[], bytes: Uint8Array): string {
  const empty = abi.encodeFunctionData(name, [...before, '0x']);
  // A dynamic argument's tail comes in order of arguments, so the length of the last one is the last word.
  return empty.slice(0, -WORD) + word(bytes.length) + padded(Buffer.from(bytes).toString('hex'));
}

/** Calldata of a function whose one argument is a list of bytes. */
export function encodeBytesList(abi: Interface, name: string, list: readonly string[]): string {
  const selector = abi.getFunction(name)?.selector;
  if (selector === undefined) throw new Error(`the contract has no ${name}`);
  const tails = list.map((hex) => word((hex.length - 2) / 2) + padded(hex.slice(2)));
  let offset = list.length * 32;
  const offsets = tails.map((tail) => {
    const here = word(offset);
    offset += tail.length / 2;
    return here;
  });
  return selector + word(32) + word(list.length) + offsets.join('') + tails.join('');
}

/** An EIP-1559 transaction without an access list, to be signed. */
export interface FeeTransaction {
  readonly chainId: number;
  readonly nonce: number;
  readonly maxPriorityFeePerGas: bigint;
  readonly maxFeePerGas: bigint;
  readonly gasLimit: bigint;
  readonly to: string;
  readonly data: string;
}

/** ECDSA over a digest, as numbers in hexadecimal. */
export type SignDigest = (digest: Hex32) => { r: string; s: string; yParity: 0 | 1 };

const TYPE = Buffer.of(2);

/** Signed bytes as hexadecimal, and the transaction's hash. */
export function signTransaction(tx: FeeTransaction, sign: SignDigest): { raw: string; hash: Hex32 } {
  const { chainId, nonce, maxPriorityFeePerGas, maxFeePerGas, gasLimit } = tx;
  const fields = [
    ...[chainId, nonce, maxPriorityFeePerGas, maxFeePerGas, gasLimit].map(rlpNumber),
    rlpBytes(Buffer.from(fromHex(tx.to))),
    rlpNumber(0),
    rlpBytes(Buffer.from(tx.data.slice(2), 'hex')),
    rlpList([]),
  ];
  const { r, s, yParity } = sign(toHex(keccak(Buffer.concat([TYPE, rlpList(fields)]))));
  const raw = Buffer.concat([TYPE, rlpList([...fields, ...[yParity, BigInt(r), BigInt(s)].map(rlpNumber)])]);
  return { raw: `0x${raw.toString('hex')}`, hash: toHex(keccak(raw)) };
}

/** Without leading zeros; zero is no bytes. */
function rlpNumber(value: number | bigint): Buffer {
  const hex = value.toString(16);
  return rlpBytes(
    value === 0 || value === 0n
      ? Buffer.alloc(0)
      : Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex'),
  );
}

function rlpBytes(bytes: Buffer): Buffer {
  if (bytes.length === 1 && (bytes[0] as number) < 0x80) return bytes;
  return Buffer.concat([rlpLength(bytes.length, 0x80), bytes]);
}

function rlpList(items: readonly Buffer[]): Buffer {
  const length = items.reduce((sum, item) => sum + item.length, 0);
  return Buffer.concat([rlpLength(length, 0xc0), ...items]);
}

function rlpLength(length: number, short: number): Buffer {
  if (length < 56) return Buffer.of(short + length);
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.of(short + 55 + bytes.length), bytes]);
}
