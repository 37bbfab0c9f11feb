// Owns the act that passes a batch, or a block of it, on without touching its pieces. The typed data and the function are
// the contract's (IPieces).
import { z } from 'zod';
import { type Act, act } from './act.ts';
import { account, batchId } from './act-fields.ts';
import { HOUR, TRANSFER } from './act-signers.ts';

/** A block is looked at slot by slot once, and a run costs an event for each gap. */
const RANGE_WORK = 2_000_000n;

const passRange = act({
  name: 'pass-range',
  does: 'Passes a whole batch (part 0), or its block number part - 1 of 256 pieces, on to another organisation.',
  contract: 'pieces',
  subject: 'range',
  fields: z.strictObject({ batch: batchId, part: z.int().min(0).max(512).default(0), to: account }),
  signers: {
    owner: {
      by: 'owner',
      type: 'PassRange(uint224 batchId,uint32 part,address from,address to,uint24 events,uint48 deadline)',
      message: ({ to }, range) => ({
        batchId: range.batchId,
        part: range.part,
        from: range.holder,
        to,
        events: range.events,
      }),
      account: (_, { holder }) => holder,
      permission: TRANSFER,
      goodFor: HOUR,
    },
  },
  work: RANGE_WORK,
  calls: ({ to }, range, { owner }) => [
    {
      contract: 'pieces',
      name: 'passRange',
      args: [range.batchId, range.part, to, range.events, range.departed, owner],
      work: RANGE_WORK + 12_000n * BigInt(range.departed.length),
    },
  ],
  outcome: ({ to }, range) => ({
    contract: 'pieces',
    event: 'RangePassed',
    args: { batchId: range.batchId, part: range.part, number: range.events + 1, from: range.holder, to },
  }),
  refusals: {
    OutOfGas: [
      'invalid-act',
      'Too many pieces have left the batch for one transaction: pass its blocks on one by one. Nothing was done.',
    ],
    NotAnOrganisation: [
      'invalid-act',
      'A batch passes on whole to another organisation only; pieces go to people one by one. Nothing was done.',
    ],
    StaleRange: ['stale-act', 'The batch has passed on since this was signed. Nothing was done.'],
    RangeIsSplit: [
      'invalid-act',
      'Some blocks of the batch have passed on by themselves: pass the others on one by one. Nothing was done.',
    ],
    DepartedDiffer: ['stale-act', 'A piece has left the batch meanwhile. Prepare it again. Nothing was done.'],
    NothingToPass: ['invalid-act', 'Every piece has left the batch already. Nothing was done.'],
    BatchHasEnded: ['piece-blocked', 'The batch is at its end: it passes nothing on. Nothing was done.'],
    UnknownBatch: ['not-found', 'There is no such batch or block on the chain. Nothing was done.'],
  },
});

export const RANGE_ACTS: readonly Act[] = [passRange];
