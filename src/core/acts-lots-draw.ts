// Owns drawing from lots for a batch of pieces: what is signed, and the call. The typed data and the function are the
// contract's (ILots).
import { z } from 'zod';
import { type ActCall, act, type Signed, type Signer } from './act.ts';
import { batchId } from './act-fields.ts';
import { HOUR, signedBy } from './act-signers.ts';
import type { LotsStanding } from './act-standing.ts';
import type { BatchHeader } from './batch.ts';
import type { Hex32 } from './hash.ts';
import { MOST_LOTS } from './lot.ts';
import { amountsOf, byHolder, first, type Inputs, inputs, REFUSED, REGISTER, shown, workFor } from './lot-signers.ts';

/** What is drawn of a lot, and how many events it had when that was signed. */
export interface DrawnLot {
  readonly lotId: Hex32;
  readonly quantity: number;
  readonly events: number;
}
interface Drawing {
  readonly batchId: string;
  readonly lots: readonly DrawnLot[];
}

/** Lots ascending by id. */
export const DRAW: Signer<Drawing, unknown> = {
  by: 'organisation',
  type: 'Draw(uint224 batchId,bytes32[] lotIds,uint64[] quantities,uint24[] events,uint48 deadline)',
  message: ({ batchId: batch, lots }) => ({
    batchId: batch,
    lotIds: lots.map(({ lotId: id }) => id),
    quantities: lots.map((lot) => lot.quantity),
    events: lots.map(({ events }) => events),
  }),
  goodFor: HOUR,
};

export function drawCall(header: BatchHeader, lots: readonly DrawnLot[], authorization: Signed): ActCall {
  const ids = lots.map(({ lotId: id }) => id);
  return { contract: 'lots', name: 'draw', args: [header, ids, lots.map((lot) => lot.quantity), authorization] };
}

interface DrawFields {
  readonly batch: string;
  readonly inputs: Inputs;
}
const drawnIn = ({ inputs: of }: DrawFields, standing: LotsStanding): DrawnLot[] => {
  const amounts = amountsOf(of, standing);
  return standing.lots.map(({ lotId: id, events }, i) => ({ lotId: id, events, quantity: amounts[i] as number }));
};

export const drawLots = act({
  name: 'draw-lots',
  does: 'Draws from lots for a batch of the same organisation. What this service registers draws by itself.',
  contract: 'lots',
  subject: 'lots',
  fields: z.strictObject({ batch: batchId, inputs }),
  signers: {
    holder: byHolder<DrawFields>(DRAW.type, REGISTER, (fields, standing) =>
      DRAW.message({ batchId: fields.batch, lots: drawnIn(fields, standing) }, standing),
    ),
  },
  work: workFor(MOST_LOTS),
  calls: (fields, standing, signed) => [
    drawCall(standing.batch as BatchHeader, drawnIn(fields, standing), signedBy(signed, 'holder')),
  ],
  outcome: (_, standing) => shown('LotDrawn', { lotId: first(standing).lotId, number: first(standing).events + 1 }),
  refusals: REFUSED,
});
