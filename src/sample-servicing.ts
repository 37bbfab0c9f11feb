// Owns the work that the sample's goldsmith does on pieces that were sold, recorded with their owners' consent.
import { passportOf } from './ledger/find.ts';
import type { Ledger } from './ports.ts';
import { actOnce } from './sample-acting.ts';
import { buyerOf } from './sample-selling.ts';
import { callerOf, type Registered } from './sample-steps.ts';

/** @param seed of the private owners' keys: the last one signs that the work is recorded */
export async function service(
  ledger: Ledger,
  goldsmith: { readonly organisation: string; readonly handle: string },
  piece: Registered,
  seed: string,
): Promise<void> {
  const { sold = [], work: statement } = piece.sample;
  if (!statement) return;
  const { organisation, handle } = goldsmith;
  const passport = await passportOf(ledger.db, ledger.chain, piece.code);
  await actOnce(ledger, {
    caller: callerOf(organisation, handle),
    request: { act: 'record', piece: piece.path, kind: statement.kind, organisation, statement },
    subject: `piece ${passport?.tokenId}`,
    owner: buyerOf(seed, piece.path, sold.length - 1),
  });
}
