// Owns which acts there are about lots of material, and those that change lots into others: declaring, passing on,
// splitting, merging and refining. The typed data and functions are the contract's (ILots).
import { z } from 'zod';
import { type Act, type ActCall, act } from './act.ts';
import { account } from './act-fields.ts';
import { HOUR, TRANSFER } from './act-signers.ts';
import type { LotsStanding, NewLotStanding } from './act-standing.ts';
import { drawLots } from './acts-lots-draw.ts';
import { returnPiece } from './acts-lots-return.ts';
import { hash, list } from './fields.ts';
import { type Hex32, utf8 } from './hash.ts';
import {
  canonicalLot,
  headerOfLot,
  type LotHeader,
  type LotId,
  type LotStatement,
  lotIdOf,
  lotStatementSchema,
  MOST_LOTS,
  MOST_QUANTITY,
  parentsOf,
} from './lot.ts';
import {
  amountsOf,
  byHolder,
  eventsOf,
  first,
  type Inputs,
  idsOf,
  inputs,
  lotId,
  made,
  quantity,
  REFUSED,
  REGISTER,
  shown,
  WORK,
  workFor,
} from './lot-signers.ts';
import { ZERO_32 } from './merkle.ts';

/** Outputs that are alike are told apart by how often something had happened to their parents, and by their place. */
function saltOf(standing: LotsStanding, place: number): Hex32 {
  const happened = eventsOf(standing).reduce((sum, events) => sum + BigInt(events), 0n);
  return `0x${((happened << 8n) | BigInt(place)).toString(16).padStart(64, '0')}`;
}
const posted = (statement: LotStatement): ActCall => ({
  contract: 'certificates',
  name: 'postContent',
  args: [utf8(canonicalLot(statement))],
});
const LOT_TYPE =
  'Lot(address organisation,bytes32 material,uint32 fineness,uint8 unit,uint8 custody,bytes32 origin,uint64 quantity,bytes32 contentHash,bytes32 parents,bytes32 salt)';

const declareLot = act({
  name: 'declare-lot',
  does: 'Declares a lot of material. That it is there, and what it says it is, is the word of who declares it.',
  contract: 'lots',
  subject: 'new-lot',
  fields: z.strictObject({
    organisation: account.optional().describe('Who declares; the caller unless said otherwise'),
    statement: lotStatementSchema,
    salt: hash.default(ZERO_32).describe('Tells equal lots apart'),
  }),
  signers: {
    organisation: {
      by: 'organisation',
      type: `Declare(Lot lot,uint48 deadline)${LOT_TYPE}`,
      message: (_, { header }: NewLotStanding) => ({ lot: header }),
      account: (_, { header }) => header.organisation,
      permission: REGISTER,
      goodFor: HOUR,
    },
  },
  work: workFor(1),
  calls: ({ statement }, { header }, { organisation }) => [
    { contract: 'lots', name: 'declare', args: [header, organisation] },
    posted(statement),
  ],
  outcome: (_, { header }) => shown('LotDeclared', { lotId: lotIdOf(header) }),
  refusals: REFUSED,
});

const transferLot = act({
  name: 'transfer-lot',
  does: 'Passes what remains of a lot on to another organisation, which is not asked. To pass on less, split it first.',
  contract: 'lots',
  subject: 'lots',
  fields: z.strictObject({ lot: lotId, to: account }),
  signers: {
    holder: byHolder<{ to: string }>(
      'TransferLot(bytes32 lotId,address from,address to,uint24 events,uint48 deadline)',
      TRANSFER,
      ({ to }, standing) => ({
        lotId: first(standing).lotId,
        from: standing.holder,
        to,
        events: first(standing).events,
      }),
    ),
  },
  work: WORK,
  calls: ({ to }, standing, { holder }) => [
    { contract: 'lots', name: 'transfer', args: [first(standing).lotId, to, holder] },
  ],
  outcome: (_, standing) => shown('LotMoved', { lotId: first(standing).lotId, number: first(standing).events + 1 }),
  refusals: REFUSED,
});

function splitInto({ quantities }: { quantities: readonly number[] }, standing: LotsStanding): LotHeader[] {
  const { lotId: id, header } = first(standing);
  const of = { ...header, organisation: standing.holder, parents: parentsOf([id]) };
  return quantities.map((one, i) => ({ ...of, quantity: one, salt: saltOf(standing, i) }));
}

const splitLot = act({
  name: 'split-lot',
  does: 'Divides a lot, or some of it, into lots of the same kind.',
  contract: 'lots',
  subject: 'lots',
  fields: z.strictObject({ lot: lotId, quantities: list(quantity, MOST_LOTS) }),
  signers: {
    holder: byHolder<{ quantities: number[] }>(
      'Split(bytes32 lotId,bytes32[] outputs,uint24 events,uint48 deadline)',
      TRANSFER,
      (fields, standing) => ({
        lotId: first(standing).lotId,
        outputs: made(splitInto(fields, standing)),
        events: first(standing).events,
      }),
    ),
  },
  work: workFor(MOST_LOTS),
  calls: (fields, standing, { holder }) => [
    { contract: 'lots', name: 'split', args: [first(standing).header, splitInto(fields, standing), holder] },
  ],
  outcome: (fields, standing) => shown('LotMade', { lotId: made(splitInto(fields, standing))[0] as LotId }),
  refusals: REFUSED,
});

function mergedOf(standing: LotsStanding): LotHeader {
  const { lots, holder } = standing;
  const { header } = first(standing);
  return {
    ...header,
    organisation: holder,
    // No lot holds more: the contract refuses what isn't all of them, and nothing is reckoned beyond exact numbers.
    quantity: Math.min(
      MOST_QUANTITY,
      lots.reduce((sum, { remaining }) => sum + remaining, 0),
    ),
    contentHash: lots.every((lot) => lot.header.contentHash === header.contentHash) ? header.contentHash : ZERO_32,
    parents: parentsOf(idsOf(standing)),
    salt: ZERO_32,
  };
}

const mergeLots = act({
  name: 'merge-lots',
  does: 'Joins all that remains of lots of one kind: alike in material, fineness, unit, custody and origin.',
  contract: 'lots',
  subject: 'lots',
  fields: z.strictObject({ lots: z.array(lotId).min(2).max(MOST_LOTS) }),
  signers: {
    holder: byHolder<unknown>(
      'Merge(bytes32[] lotIds,bytes32 output,uint24[] events,uint48 deadline)',
      TRANSFER,
      (_, standing) => ({ lotIds: idsOf(standing), output: lotIdOf(mergedOf(standing)), events: eventsOf(standing) }),
    ),
  },
  work: workFor(MOST_LOTS),
  calls: (_, standing, { holder }) => [
    { contract: 'lots', name: 'merge', args: [standing.lots.map(({ header }) => header), mergedOf(standing), holder] },
  ],
  outcome: (_, standing) => shown('LotMade', { lotId: lotIdOf(mergedOf(standing)) }),
  refusals: REFUSED,
});

interface Refining {
  readonly inputs: Inputs;
  readonly outputs: readonly LotStatement[];
}

function refinedInto({ outputs }: Refining, standing: LotsStanding): LotHeader[] {
  const parents = parentsOf(idsOf(standing));
  return outputs.map((statement, i) => headerOfLot(standing.holder, statement, { parents, salt: saltOf(standing, i) }));
}

const refineLots = act({
  name: 'refine-lots',
  does: 'Makes lots of a metal from lots of it, of another fineness: refining, or alloying. Never more fine metal.',
  contract: 'lots',
  subject: 'lots',
  fields: z.strictObject({ inputs, outputs: list(lotStatementSchema, MOST_LOTS) }),
  signers: {
    holder: byHolder<Refining>(
      'Refine(bytes32[] lotIds,uint64[] quantities,bytes32[] outputs,uint24[] events,uint48 deadline)',
      REGISTER | TRANSFER,
      (fields, standing) => ({
        lotIds: idsOf(standing),
        quantities: amountsOf(fields.inputs, standing),
        outputs: made(refinedInto(fields, standing)),
        events: eventsOf(standing),
      }),
    ),
  },
  work: workFor(2 * MOST_LOTS),
  calls: (fields, standing, { holder }) => {
    const headers = standing.lots.map(({ header }) => header);
    const args = [headers, amountsOf(fields.inputs, standing), refinedInto(fields, standing), holder];
    return [{ contract: 'lots', name: 'refine', args }, ...fields.outputs.map(posted)];
  },
  outcome: (fields, standing) => shown('LotMade', { lotId: made(refinedInto(fields, standing))[0] as LotId }),
  refusals: REFUSED,
});

export const LOT_ACTS: readonly Act[] = [
  declareLot,
  transferLot,
  splitLot,
  mergeLots,
  refineLots,
  drawLots,
  returnPiece,
];
