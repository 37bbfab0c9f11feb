// Owns the acts by which pieces reach people and pass between them: release and claim by card, a fresh card, handovers,
// transfers, a shipment of many, and a batch or block passed on. The typed data and functions are the contract's (IPieces).
import { z } from 'zod';
import { type Act, act, type PieceStanding, type Signed, type Signer } from './act.ts';
import { account, batchId, pieceName, SHIPPED_AT_ONCE } from './act-fields.ts';

const HOUR = 60 * 60;
const DAY = 24 * HOUR;
/** A piece may wait long for its claim: as a gift, or in a drawer. The owner can end it by withdrawing. */
const RELEASED_FOR = 365 * DAY;
const OFFERED_FOR = 7 * DAY;

/** Permissions of an organisation's keys (IOrganisations). */
const TRANSFER = 2;
const RELEASE = 16;

/** One new slot or two, the move's own work and an ERC-1271 or receiver call within reason. */
const MOVE_WORK = 260_000n;
/** Two signatures, a proof of 17 levels, and what a move costs. */
const CLAIM_WORK = 340_000n;
/**
 * Each piece of a shipment: a slot of its own at worst, and its event. Five hundred stay below what a transaction may take
 * (EIP-7825).
 */
const WORK_EACH = 28_000n;
/** A block is looked at slot by slot once, and a run costs an event for each gap. */
const RANGE_WORK = 2_000_000n;

type OfPiece<F> = Signer<F, PieceStanding>;
const byOwner = <F>(
  type: string,
  members: (fields: F, standing: PieceStanding) => Record<string, unknown>,
  goodFor = HOUR,
): OfPiece<F> => ({
  by: 'owner',
  type,
  message: (fields, standing) => ({ tokenId: standing.tokenId, ...members(fields, standing) }),
  account: (_, { owner }) => owner,
  permission: TRANSFER,
  goodFor,
});

const RELEASE_SIGNER: OfPiece<unknown> = {
  by: 'organisation',
  type: 'Release(uint256 tokenId,uint24 moves,uint24 events,uint48 deadline)',
  message: (_, { tokenId, moves, events }) => ({ tokenId, moves, events }),
  account: (_, { owner }) => owner,
  permission: RELEASE,
  kept: 'release',
  goodFor: RELEASED_FOR,
};

const HANDOVER = 'Handover(uint256 tokenId,address from,address key,uint24 moves,uint24 events,uint48 deadline)';
const handoverSigner = (goodFor: number) =>
  byOwner<{ handoverKey: string }>(
    HANDOVER,
    ({ handoverKey }, { owner, moves, events }) => ({ from: owner, key: handoverKey, moves, events }),
    goodFor,
  );

const signedBy = (signed: Readonly<Record<string, Signed>>, name: string) => signed[name] as Signed;

const release = act({
  name: 'release',
  does: 'Lets whoever holds the claim card of a sold piece claim it. Kept here and given to whoever claims.',
  contract: 'pieces',
  subject: 'piece',
  fields: z.strictObject({ piece: pieceName }),
  signers: { release: RELEASE_SIGNER },
  work: 0n,
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

const handover = act({
  name: 'handover',
  does: 'Offers a piece to whoever holds a one-time key. Nothing reaches the chain before that is accepted.',
  contract: 'pieces',
  subject: 'piece',
  fields: z.strictObject({ piece: pieceName, handoverKey: account }),
  signers: { owner: handoverSigner(OFFERED_FOR) },
  work: 0n,
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

const transfer = act({
  name: 'transfer',
  does: 'Passes a piece on to an address the owner names.',
  contract: 'pieces',
  subject: 'piece',
  fields: z.strictObject({ piece: pieceName, to: account }),
  signers: {
    owner: byOwner<{ to: string }>(
      'Transfer(uint256 tokenId,address from,address to,uint24 moves,uint48 deadline)',
      ({ to }, { owner, moves }) => ({ from: owner, to, moves }),
    ),
  },
  work: MOVE_WORK,
  calls: ({ to }, { tokenId, moves }, { owner }) => [
    { contract: 'pieces', name: 'transferWithSignature', args: [tokenId, to, moves, owner] },
  ],
  outcome: ({ to }, { tokenId, owner }) => ({
    contract: 'pieces',
    event: 'Transfer',
    args: { from: owner, to, tokenId },
  }),
});

const transferMany = act({
  name: 'transfer-many',
  does: `Passes up to ${SHIPPED_AT_ONCE} pieces of one owner on together: all or none.`,
  contract: 'pieces',
  subject: 'pieces',
  fields: z.strictObject({ pieces: z.array(pieceName).min(1).max(SHIPPED_AT_ONCE), to: account }),
  signers: {
    owner: {
      by: 'owner',
      type: 'TransferMany(address from,address to,uint256[] tokenIds,uint24[] moves,uint48 deadline)',
      message: ({ to }, { owner, pieces }) => ({
        from: owner,
        to,
        tokenIds: pieces.map(({ tokenId }) => tokenId),
        moves: pieces.map(({ moves }) => moves),
      }),
      account: (_, { owner }) => owner,
      permission: TRANSFER,
      goodFor: HOUR,
    },
  },
  work: MOVE_WORK,
  calls({ to }, { owner: from, pieces }, { owner }) {
    const args = [from, to, pieces.map(({ tokenId }) => tokenId), pieces.map(({ moves }) => moves), owner];
    return [{ contract: 'pieces', name: 'transferMany', args, work: MOVE_WORK + WORK_EACH * BigInt(pieces.length) }];
  },
  outcome: ({ to }, { owner, pieces }) => ({
    contract: 'pieces',
    event: 'Transfer',
    args: { from: owner, to, tokenId: (pieces[0] as PieceStanding).tokenId },
  }),
});

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

function omit<T extends object, K extends keyof T>(whole: T, name: K): Omit<T, K> {
  const { [name]: _, ...rest } = whole;
  return rest;
}

export const PIECE_ACTS: readonly Act[] = [
  release,
  claim,
  setCard,
  handover,
  acceptHandover,
  withdrawHandovers,
  transfer,
  transferMany,
  passRange,
];
