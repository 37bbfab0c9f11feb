// Owns returning a piece that has ended as lots. The typed data and the function are the contract's (ILots).
import { z } from 'zod';
import { act } from './act.ts';
import { account, pieceName } from './act-fields.ts';
import { HOUR } from './act-signers.ts';
import type { EndedPieceStanding } from './act-standing.ts';
import { list, whole } from './fields.ts';
import { type LotHeader, lotIdOf, type Mass, parentsOfPiece } from './lot.ts';
import { made, quantity, REFUSED, REGISTER, shown, workFor } from './lot-signers.ts';
import { ZERO_32 } from './merkle.ts';

const MASS_BALANCE = 3;

interface Returning {
  readonly to?: string | undefined;
  readonly parts?: readonly { readonly mass: number; readonly quantity: number }[] | undefined;
}
interface ReturnedMass {
  readonly mass: number;
  readonly source: LotHeader;
  readonly output: LotHeader;
}

const recipientIn = ({ to }: Returning, { owner }: EndedPieceStanding) => to ?? owner;

/** Everything that its lots are reckoned in, unless the caller says which part. */
function returnsOf(fields: Returning, standing: EndedPieceStanding): ReturnedMass[] {
  const { masses, sources, tokenId } = standing;
  const all = masses.map((mass, i) => ({ mass: i, quantity: mass.quantity }));
  return (fields.parts ?? all).flatMap(({ mass: place, quantity: amount }) => {
    const mass = masses[place] as Mass | undefined;
    const source = mass && sources.find((one) => lotIdOf(one) === mass.lotId);
    if (!mass || !source || source.unit !== mass.unit) return [];
    const output: LotHeader = {
      organisation: recipientIn(fields, standing),
      material: mass.material,
      fineness: mass.fineness,
      unit: mass.unit,
      // Without an origin of its own it is a mass balance at best.
      custody: Math.min(source.custody, MASS_BALANCE),
      origin: ZERO_32,
      quantity: amount,
      contentHash: ZERO_32,
      parents: parentsOfPiece(tokenId),
      salt: `0x${place.toString(16).padStart(64, '0')}`,
    };
    return [{ mass: place, source, output }];
  });
}

export const returnPiece = act({
  name: 'return-piece',
  does: 'Makes lots of a piece that was melted or dismantled, once, of what its record says came from lots.',
  contract: 'lots',
  subject: 'ended-piece',
  fields: z.strictObject({
    piece: pieceName,
    to: account.optional().describe('Who gets the lots; the owner, if that is an organisation'),
    parts: list(z.strictObject({ mass: whole(0, 127), quantity }), 64)
      .optional()
      .describe('Which of the piece’s masses, by place from 0, and how much; all of all if left out'),
  }),
  signers: {
    owner: {
      by: 'owner',
      type: 'ReturnPiece(uint256 tokenId,address to,bytes32[] outputs,uint24 moves,uint24 events,uint48 deadline)',
      message: (fields: Returning, standing: EndedPieceStanding) => ({
        tokenId: standing.tokenId,
        to: recipientIn(fields, standing),
        outputs: made(returnsOf(fields, standing).map(({ output }) => output)),
        moves: standing.moves,
        events: standing.events,
      }),
      account: (_, { owner }) => owner,
      permission: REGISTER,
      goodFor: HOUR,
    },
  },
  work: workFor(64),
  calls: (fields, standing, { owner }) => {
    const returns = returnsOf(fields, standing);
    const args = [standing.leaf, standing.masses, returns, recipientIn(fields, standing), owner];
    return [{ contract: 'lots', name: 'returnPiece', args, work: workFor(2 * returns.length) }];
  },
  outcome: (_, { tokenId }) => shown('PieceReturned', { tokenId }),
  refusals: REFUSED,
});
