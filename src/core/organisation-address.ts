// Owns how an organisation's address follows from its handle (docs/format.md, "Organisations"): nobody has its key.
import { fromHex, type Hex32, keccak, toHex, utf8 } from './hash.ts';

const TAG = keccak(utf8('touchstone.organisation.v1'));

/** Low 160 bits of keccak256(abi.encode(tag, chain id, contract, handle)). @throws RangeError beyond 31 bytes: no handle */
export function organisationAddressOf(chainId: number, contract: string, handle: string): Hex32 {
  const text = utf8(handle);
  const words = new Uint8Array(6 * 32);
  const view = new DataView(words.buffer);
  words.set(TAG, 0);
  view.setBigUint64(56, BigInt(chainId));
  words.set(fromHex(contract), 76);
  view.setUint32(124, 4 * 32); // where the handle's length and bytes begin
  view.setUint32(156, text.length);
  words.set(text, 160);
  return `0x${toHex(keccak(words)).slice(26)}`;
}
