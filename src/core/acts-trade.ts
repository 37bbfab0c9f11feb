// Owns the acts that pass pieces on by name: one to anybody, or many of one owner together. The typed data and functions
// are the contract's (IPieces).
import { z } from 'zod';
import { type Act, act, type Refusal } from './act.ts';
import { account, pieceName, SHIPPED_AT_ONCE } from './act-fields.ts';
import { byOwner, HOUR, MOVE_WORK, TRANSFER } from './act-signers.ts';
import type { PieceStanding } from './act-standing.ts';
import { immobile } from './act-states.ts';

/**
 * Each piece of a shipment: a slot of its own at worst, and its event. Five hundred stay below what a transaction may take
 * (EIP-7825).
 */
const WORK_EACH = 28_000n;

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
  unfit: (_, standing) => immobile(standing),
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
  unfit: (_, { pieces }) => immobileAmong(pieces),
  calls({ to }, { owner: from, pieces }, { owner }) {
    const args = [from, to, pieces.map(({ tokenId }) => tokenId), pieces.map(({ moves }) => moves), owner];
    return [{ contract: 'pieces', name: 'transferMany', args, work: MOVE_WORK + WORK_EACH * BigInt(pieces.length) }];
  },
  outcome: ({ to }, { owner, pieces }) => ({
    contract: 'pieces',
    event: 'Transfer',
    args: { from: owner, to },
    // All of them: that some passed on by other ways says nothing about the rest.
    each: { name: 'tokenId', values: pieces.map(({ tokenId }) => tokenId) },
  }),
});

/** Of many pieces it has to be said which one stays. */
function immobileAmong(pieces: readonly PieceStanding[]): Refusal | undefined {
  for (const piece of pieces) {
    const refusal = immobile(piece);
    if (refusal) return [refusal[0], `${piece.path ?? piece.tokenId}: ${refusal[1]}`];
  }
  return undefined;
}

export const TRADE_ACTS: readonly Act[] = [transfer, transferMany];
