// Owns what the steps of making the sample share: a piece of it that is registered, on whose behalf something is done,
// and waiting for the ledger. What the steps are never enters it.
import type { PieceCode } from './core/code.ts';
import { type Caller, SCOPES } from './ledger/accounts.ts';
import type { SamplePiece } from './sample/pieces.ts';

export interface Registered {
  readonly code: PieceCode;
  readonly path: string;
  readonly sample: SamplePiece;
}

const WAIT_MS = 60_000;
const LOOK_MS = 30;

export function callerOf(organisation: string, handle: string): Caller {
  return { organisation, handle, displayName: handle, keyId: 'sample', scopes: SCOPES };
}

/** Looks until there is something. @throws Error if that takes longer than anybody waits */
export async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + WAIT_MS; ; ) {
    const value = await look();
    if (value !== undefined) return value;
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
