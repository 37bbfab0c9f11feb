// Owns keccak-256 and hexadecimal for the whole core. No I/O; SHA-256 of documents is the files' business.
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

/** 32 bytes as 0x and 64 lower-case hexadecimal digits. */
export type Hex32 = `0x${string}`;

type Keccak = (bytes: Uint8Array) => Uint8Array;

let implementation: Keccak = keccak_256;

/** keccak-256 as Ethereum has it (not NIST SHA-3). */
export function keccak(bytes: Uint8Array): Uint8Array {
  return implementation(bytes);
}

/**
 * Puts a faster implementation of the same function in place, e.g. WebAssembly where the page's policy allows it.
 * The first answer is compared with the reference, so a wrong build can't slip in.
 */
export function installKeccak(faster: Keccak): void {
  const probe = new TextEncoder().encode('touchstone');
  if (toHex(faster(probe)) !== toHex(keccak_256(probe))) throw new Error('the keccak offered computes something else');
  implementation = faster;
}

export function toHex(bytes: Uint8Array): Hex32 {
  return `0x${bytesToHex(bytes)}`;
}

/** Bytes of a 0x string; throws on anything else, so untrusted text is checked first. */
export function fromHex(hex: string): Uint8Array {
  return hexToBytes(hex.slice(2));
}

/** Lower-cases a 0x string that may carry an EIP-55 checksum. */
export function lower(hex: string): Hex32 {
  return hex.toLowerCase() as Hex32;
}

const encoder = new TextEncoder();

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}
