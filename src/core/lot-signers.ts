// Owns what acts about lots share: who signs for lots, what the contract's errors mean about them, what it costs. The typed
// data and functions are the contract's (ILots).
import { z } from 'zod';
import type { Refusals, Signer } from './act.ts';
import { HOUR } from './act-signers.ts';
import type { LotInput, LotsStanding } from './act-standing.ts';
import { hash, list, whole } from './fields.ts';
import { type LotHeader, lotIdOf, MOST_LOTS, MOST_QUANTITY } from './lot.ts';

export const REGISTER = 1;
export const WORK = 200_000n;
/** A new slot, an event with a header, and reading the header. */
const WORK_EACH = 70_000n;

export const lotId = hash.describe('Id of a lot');
export const quantity = whole(1, MOST_QUANTITY).describe('In the lot’s unit');
export const inputs = list(z.strictObject({ lot: lotId, quantity }), MOST_LOTS);

const NOTHING = 'Nothing was done.';
export const REFUSED: Refusals = {
  InvalidLot: ['invalid-act', `The lot breaks a rule of lots: quantity, fineness, unit, custody or origin. ${NOTHING}`],
  LotExists: ['invalid-act', `There is such a lot already; give it another salt if it is another one. ${NOTHING}`],
  UnknownLot: ['not-found', `There is no such lot on the chain. ${NOTHING}`],
  NotHolders: ['not-owner', `One of the lots is somebody else’s. ${NOTHING}`],
  NotEnough: ['invalid-act', `So much does not remain of the lot. ${NOTHING}`],
  NothingTaken: ['invalid-act', `Nothing remains of the lot, or nothing of it would be taken. ${NOTHING}`],
  NotAlike: [
    'invalid-act',
    `The lots are not alike: to be merged in material, fineness, unit, custody and origin; to be refined of one metal of known fineness. ${NOTHING}`,
  ],
  InvalidCount: ['invalid-act', `Up to 16 lots go in or out of one operation. ${NOTHING}`],
  NotAscending: ['invalid-act', `A lot is named twice. ${NOTHING}`],
  NotDerived: [
    'invalid-act',
    `What would come out is not what went in: another metal, a better custody, or an origin that not all of it shares. ${NOTHING}`,
  ],
  MassGained: ['invalid-act', `More metal would come out than went in. ${NOTHING}`],
  NotRecipient: [
    'invalid-act',
    `A piece does not return there: to its owner, if that is an organisation, else to one in good standing. ${NOTHING}`,
  ],
  NotProven: ['invalid-act', `What the piece is made of is not proven by its batch. ${NOTHING}`],
  NotEnded: ['invalid-act', `Only a piece that was melted or dismantled returns as lots. ${NOTHING}`],
  AlreadyReturned: ['invalid-act', `The piece returned as lots already, which it does once. ${NOTHING}`],
  NotReturnable: ['invalid-act', `More would return than the piece’s record says, or something else. ${NOTHING}`],
  InvalidSignature: [
    'stale-act',
    `The signature is not its signer’s over this as the lots stand now: something happened to one of them since. ${NOTHING}`,
  ],
};

type OfLots<F> = Signer<F, LotsStanding>;
export function byHolder<F>(
  type: string,
  permission: number,
  members: (fields: F, standing: LotsStanding) => Record<string, unknown>,
): OfLots<F> {
  return { by: 'organisation', type, message: members, account: (_, { holder }) => holder, permission, goodFor: HOUR };
}
export const eventsOf = ({ lots }: LotsStanding) => lots.map(({ events }) => events);
export const idsOf = ({ lots }: LotsStanding) => lots.map(({ lotId: id }) => id);
export const first = ({ lots }: LotsStanding) => lots[0] as LotInput;
export const workFor = (count: number) => WORK + WORK_EACH * BigInt(count);
export const made = (outputs: readonly LotHeader[]) => outputs.map(lotIdOf);
export const shown = (event: string, args: Readonly<Record<string, string | number>>) => ({
  contract: 'lots' as const,
  event,
  args,
});

export type Inputs = readonly { readonly lot: string; readonly quantity: number }[];
export const amountsOf = (of: Inputs, standing: LotsStanding) =>
  standing.lots.map((lot) => of.find((one) => one.lot === lot.lotId)?.quantity as number);
