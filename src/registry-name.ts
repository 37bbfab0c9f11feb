// Owns reading a registry's name as people write it: CHAIN:ADDRESS.
import { TouchstoneError } from './core/errors.ts';
import type { ExpectedRegistry } from './core/verdict.ts';

/** @throws TouchstoneError invalid-request */
export function registryOf(text: string): ExpectedRegistry {
  const parts = /^(\d{1,15}):(0x[0-9a-fA-F]{40})$/.exec(text.trim());
  if (parts) return { chainId: Number(parts[1]), address: (parts[2] as string).toLowerCase() };
  throw new TouchstoneError('invalid-request', `${text} is no registry: write CHAIN:ADDRESS, such as 1:0x12…ab.`);
}
