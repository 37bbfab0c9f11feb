// Owns the sample's lot of gold: declared by a made-up refiner and passed on to the workshop, which then draws from it.
// Done again after a crash it is the same lot: its id follows from what it says.
import { headerOfLot, type LotId, lotIdOf } from './core/lot.ts';
import { ZERO_32 } from './core/merkle.ts';
import type { Ledger } from './ports.ts';
import { SAMPLE_LOT } from './sample/lot.ts';
import { actOnce } from './sample-acting.ts';
import { callerOf } from './sample-steps.ts';

interface Side {
  readonly organisation: string;
  readonly handle: string;
}

export async function deliverLot(ledger: Ledger, refiner: Side, workshop: Side): Promise<LotId> {
  const caller = callerOf(refiner.organisation, refiner.handle);
  const lot = lotIdOf(headerOfLot(refiner.organisation, SAMPLE_LOT, { salt: ZERO_32 }));
  const subject = `lot ${lot}`;
  await actOnce(ledger, { caller, subject, request: { act: 'declare-lot', statement: SAMPLE_LOT } });
  await actOnce(ledger, { caller, subject, request: { act: 'transfer-lot', lot, to: workshop.organisation } });
  return lot;
}
