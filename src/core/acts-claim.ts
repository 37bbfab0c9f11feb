// Owns the acts of claim cards: an organisation releases a sold piece, its card claims it, a fresh card is set. The typed
// data and functions are the contract's (IPieces).
import { z } from 'zod';
import { type Act, act } from './act.ts';
import { account, pieceName } from './act-fields.ts';
import { byOwner, DAY, HOUR, MOVE_WORK, type OfPiece, RELEASE, signedBy } from './act-signers.ts';
import { immobile } from './act-states.ts';

/** A piece may wait long for its claim: as a gift, or in a drawer. The owner can end it by withdrawing. */
const RELEASED_FOR = 365 * DAY;
/** Two signatures, a proof of 17 levels, and what a move costs. */
const CLAIM_WORK = 340_000n;

const RELEASE_SIGNER: OfPiece<unknown> = {
  by: 'organisation',
  type: 'Release(uint256 tokenId,uint24 moves,uint24 events,uint48 deadline)',
  message: (_, { tokenId, moves, events }) => ({ tokenId, moves, events }),
  account: (_, { owner }) => owner,
  permission: RELEASE,
  kept: 'release',
  goodFor: RELEASED_FOR,
};

const release = act({
  name: 'release',
  does: 'Lets whoever holds the claim card of a sold piece claim it. Kept here and given to whoever claims.',
  contract: 'pieces',
  subject: 'piece',
  fields: z.strictObject({ piece: pieceName }),
  signers: { release: RELEASE_SIGNER },
  work: 0n,
  unfit: (_, standing) => immobile(standing),
  calls: () => [],
});

const NO_CARD =
  'No claim card with this key works for the piece: it was used or replaced, it is another piece’s, or the piece has moved since it signed. Nothing was done.';

const NOT_THE_CARDS =
  'The card’s signature does not fit: it is another piece’s card, it signed for another owner, or the piece has changed since. Or the release does not fit. Nothing was done.';

const claim = act({
  name: 'claim',
  does: 'Makes whoever holds the claim card the owner of a piece that its organisation has released.',
  contract: 'pieces',
  subject: 'proven-piece',
  fields: z.strictObject({
    piece: pieceName,
    to: account,
    recoverable: z.boolean().default(false).describe('Whether a lost key of the new owner may be recovered'),
  }),
  signers: {
    card: {
      by: 'card',
      type: 'Claim(uint256 tokenId,address to,bool recoverable,uint24 moves,uint48 deadline)',
      message: ({ to, recoverable }, { tokenId, moves }) => ({ tokenId, to, recoverable, moves }),
      goodFor: HOUR,
    },
    release: RELEASE_SIGNER,
  },
  work: CLAIM_WORK,
  unfit: (_, standing) => immobile(standing),
  calls({ to, recoverable }, { tokenId, leaf }, signed) {
    const { key, deadline, signature } = signedBy(signed, 'card');
    const rest = [to, recoverable, deadline, signature, signedBy(signed, 'release')];
    // The card that the record was registered with shows so by its proof; any other one was set later.
    const first = leaf?.claimKey === key;
    const name = first ? 'claim' : 'claimByFreshCard';
    return [{ contract: 'pieces', name, args: [first ? leaf : tokenId, ...rest] }];
  },
  outcome: ({ to }, { tokenId }, signed) => ({
    contract: 'pieces',
    event: 'Claimed',
    args: { tokenId, to, claimKey: signedBy(signed, 'card').key },
  }),
  // Of a piece that was returned, and whose card is still good, the next claim is another one.
  paidOnce: (_, { tokenId, moves, events }, signed) =>
    `claim ${tokenId} ${signedBy(signed, 'card').key} ${moves} ${events}`,
  refusals: {
    CardDead: ['card-dead', NO_CARD],
    InvalidSignature: ['signature-invalid', NOT_THE_CARDS],
    NotReleased: ['not-released', 'The piece’s owner has not released it, or is no organisation. Nothing was done.'],
  },
});

const setCard = act({
  name: 'set-card',
  does: 'Sets a fresh claim card for a piece an organisation owns: returned goods, or a lost card.',
  contract: 'pieces',
  subject: 'piece',
  fields: z.strictObject({ piece: pieceName, claimKey: account }),
  signers: {
    owner: byOwner<{ claimKey: string }>(
      'SetCard(uint256 tokenId,address claimKey,uint24 moves,uint24 events,uint48 deadline)',
      ({ claimKey }, { moves, events }) => ({ claimKey, moves, events }),
    ),
  },
  work: MOVE_WORK,
  calls: ({ claimKey }, { tokenId }, { owner }) => [
    { contract: 'pieces', name: 'setCard', args: [tokenId, claimKey, owner] },
  ],
  outcome: ({ claimKey }, { tokenId, events }) => ({
    contract: 'pieces',
    event: 'CardSet',
    args: { tokenId, number: events + 1, claimKey },
  }),
});

export const CLAIM_ACTS: readonly Act[] = [release, claim, setCard];
