// Owns the acts by which an owner hands a piece to the next: an offer to a one-time key, its acceptance, and taking back
// every consent that was not used. The typed data and functions are the contract's (IPieces).
import { z } from 'zod';
import { type Act, act } from './act.ts';
import { account, pieceName } from './act-fields.ts';
import { byOwner, DAY, HOUR, MOVE_WORK, signedBy } from './act-signers.ts';
import { immobile } from './act-states.ts';

const OFFERED_FOR = 7 * DAY;

const HANDOVER = 'Handover(uint256 tokenId,address from,address key,uint24 moves,uint24 events,uint48 deadline)';
const handoverSigner = (goodFor: number) =>
  byOwner<{ handoverKey: string }>(
    HANDOVER,
    ({ handoverKey }, { owner, moves, events }) => ({ from: owner, key: handoverKey, moves, events }),
    goodFor,
  );

const handover = act({
  name: 'handover',
  does: 'Offers a piece to whoever holds a one-time key. Nothing reaches the chain before that is accepted.',
  contract: 'pieces',
  subject: 'piece',
  fields: z.strictObject({ piece: pieceName, handoverKey: account }),
  signers: { owner: handoverSigner(OFFERED_FOR) },
  work: 0n,
  unfit: (_, standing) => immobile(standing),
  calls: () => [],
});

const VOID =
  'The offer does not hold: it was withdrawn or changed, or the piece has changed hands or was written to since. Ask its owner for another one. Nothing was done.';

const acceptHandover = act({
  name: 'accept-handover',
  does: 'Moves a piece to where the holder of the one-time key says, which its owner authorised.',
  contract: 'pieces',
  subject: 'piece',
  fields: z.strictObject({ piece: pieceName, to: account, handoverKey: account }),
  signers: {
    key: {
      by: 'one-time-key',
      type: 'Accept(uint256 tokenId,address to,uint24 moves,uint48 deadline)',
      message: ({ to }, { tokenId, moves }) => ({ tokenId, to, moves }),
      account: ({ handoverKey }) => handoverKey,
      exactly: true,
      goodFor: HOUR,
    },
    // The offer the recipient was sent: nobody makes one anew for accepting it.
    owner: omit(handoverSigner(OFFERED_FOR), 'permission'),
  },
  work: MOVE_WORK + 60_000n,
  unfit: (_, standing) => immobile(standing),
  calls: ({ to, handoverKey }, { tokenId }, signed) => {
    const { deadline, signature } = signedBy(signed, 'key');
    const args = [tokenId, to, handoverKey, deadline, signature, signedBy(signed, 'owner')];
    return [{ contract: 'pieces', name: 'acceptHandover', args }];
  },
  outcome: ({ to }, { tokenId, owner }) => ({
    contract: 'pieces',
    event: 'Transfer',
    args: { from: owner, to, tokenId },
  }),
  refusals: { NotOwnersKey: ['stale-act', VOID], InvalidSignature: ['stale-act', VOID] },
});

const withdrawHandovers = act({
  name: 'withdraw-handovers',
  does: 'Makes every handover and release of the piece that was not used worthless.',
  contract: 'pieces',
  subject: 'piece',
  fields: z.strictObject({ piece: pieceName }),
  signers: {
    owner: byOwner<unknown>(
      'WithdrawHandovers(uint256 tokenId,uint24 moves,uint24 events,uint48 deadline)',
      (_, standing) => ({
        moves: standing.moves,
        events: standing.events,
      }),
    ),
  },
  work: MOVE_WORK,
  calls: (_, { tokenId }, { owner }) => [{ contract: 'pieces', name: 'withdrawHandovers', args: [tokenId, owner] }],
  outcome: (_, { tokenId, events }) => ({
    contract: 'pieces',
    event: 'HandoversWithdrawn',
    args: { tokenId, number: events + 1 },
  }),
});

function omit<T extends object, K extends keyof T>(whole: T, name: K): Omit<T, K> {
  const { [name]: _, ...rest } = whole;
  return rest;
}

export const HANDOVER_ACTS: readonly Act[] = [handover, acceptHandover, withdrawHandovers];
