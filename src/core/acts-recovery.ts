// Owns the recovery of a piece whose owner lost her key and had allowed it: who registered it asks, an arbiter agrees, and
// thirty days later anybody completes it. The typed data and functions are the contract's (ILifeEvents).
import { z } from 'zod';
import { type Act, act, type Outcome, type Refusal } from './act.ts';
import { account, pieceName } from './act-fields.ts';
import { actor, kindNumber, LIFE_WORK_OF_TWO, lifeCall, lifeEvent, named, reason } from './act-life.ts';
import { ARBITRATE, DAY, HOUR, MOVE_WORK, type OfPiece, STATE_FACTS } from './act-signers.ts';
import type { PieceStanding } from './act-standing.ts';
import { immobile, unless } from './act-states.ts';

/** An arbiter has to look into it. */
const AGREED_WITHIN = 30 * DAY;

interface Asked {
  readonly to: string;
  readonly organisation?: string | undefined;
  readonly arbiter: string;
  readonly words: string;
}

const both = (who: 'maker' | 'arbiter'): OfPiece<unknown> => ({
  by: who === 'maker' ? 'registrant' : 'arbiter',
  type: 'Recovery(uint256 tokenId,address from,address to,address organisation,address arbiter,string words,uint24 moves,uint24 events,uint48 deadline)',
  message: (fields, { tokenId, owner, moves, events }) => {
    const { to, organisation, arbiter, words } = fields as Asked;
    return { tokenId, from: owner, to, organisation, arbiter, words, moves, events };
  },
  account: (fields) => (who === 'maker' ? named((fields as Asked).organisation) : (fields as Asked).arbiter),
  permission: who === 'maker' ? STATE_FACTS : ARBITRATE,
  ...(who === 'maker' ? { kept: 'request-recovery', goodFor: AGREED_WITHIN } : { goodFor: HOUR }),
});

const ALLOWED = unless([
  ['recoverable', 'is not', 'Its owner has not allowed that the piece is recovered.'],
  ['recovering', 'is', 'A recovery of the piece is under way already.'],
]);

function unfit({ to }: { to: string }, standing: PieceStanding): Refusal | undefined {
  if (to === standing.owner) {
    return ['invalid-act', 'The piece is this owner’s already: a recovery goes to another key. Nothing was done.'];
  }
  return immobile(standing) ?? ALLOWED(undefined, standing);
}

const begun = ({ to, arbiter, words }: Asked, standing: PieceStanding): Outcome =>
  lifeEvent('recovery-begun', standing, {
    organisation: arbiter,
    contentHash: `0x${to.slice(2).padStart(64, '0')}`,
    words,
  });

const said = { piece: pieceName, to: account.describe('The owner’s new key'), arbiter: account, words: reason };

const request = act({
  name: 'request-recovery',
  does: 'Who registered a piece asks an arbiter to agree to its recovery. Kept here until the arbiter signs or declines.',
  contract: 'lifeEvents',
  subject: 'registered-piece',
  fields: z.strictObject({ ...said, organisation: actor }),
  signers: { maker: both('maker') },
  work: 0n,
  unfit,
  asks: ({ arbiter }) => arbiter,
  calls: () => [],
  outcome: begun,
});

const begin = act({
  name: 'begin-recovery',
  does: 'Begins the recovery of a piece, by who registered it and an arbiter. Its owner can end it for thirty days.',
  contract: 'lifeEvents',
  subject: 'registered-piece',
  fields: z.strictObject({ ...said, organisation: account }),
  signers: { maker: both('maker'), arbiter: both('arbiter') },
  work: LIFE_WORK_OF_TWO,
  unfit,
  calls: ({ to, organisation, arbiter, words }, { header, index }, signed) => [
    lifeCall('beginRecovery', [header, index, to, organisation, arbiter, words, signed['maker'], signed['arbiter']]),
  ],
  outcome: begun,
});

const complete = act({
  name: 'complete-recovery',
  does: 'Completes a recovery after its thirty days: the piece moves to the owner’s new key. Anybody may.',
  contract: 'lifeEvents',
  subject: 'recovering-piece',
  fields: z.strictObject({ piece: pieceName }),
  signers: {},
  work: MOVE_WORK,
  unfit: (_, standing) =>
    immobile(standing) ??
    unless([['recovering', 'is not', 'No recovery of the piece is under way.']])(undefined, standing),
  dueAt: (_, { readyAt }) => readyAt,
  calls: (_, { tokenId }) => [lifeCall('completeRecovery', [tokenId])],
  outcome: (_, { tokenId }) => ({
    contract: 'lifeEvents',
    event: 'LifeEvent',
    args: { tokenId, kind: kindNumber('recovered') },
  }),
});

export const RECOVERY_ACTS: readonly Act[] = [request, begin, complete];
