// Owns the server's faster keccak-256: WebAssembly, one instance used again and again.
import { createKeccak } from 'hash-wasm';
import { installKeccak } from '../core/hash.ts';

export async function useFastKeccak(): Promise<void> {
  const hasher = await createKeccak(256);
  installKeccak((bytes) => hasher.init().update(bytes).digest('binary'));
}
