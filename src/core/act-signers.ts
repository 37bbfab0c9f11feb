// Owns what acts about a single piece share: the owner's signature, how long signatures are good, and how much gas a move
// may use. The permissions are the contract's (IOrganisations).
import type { Signed, SignedBy, Signer } from './act.ts';
import type { PieceStanding } from './act-standing.ts';

export const HOUR = 60 * 60;
export const DAY = 24 * HOUR;

export const TRANSFER = 2;
export const RELEASE = 16;
export const SERVE = 32;
export const STATE_FACTS = 64;
export const ARBITRATE = 128;

/** One new slot or two, the move's own work and an ERC-1271 or receiver call within reason. */
export const MOVE_WORK = 260_000n;

export type OfPiece<F> = Signer<F, PieceStanding>;
/** By the owner of a piece, or whoever the owner lets act for it. `members` come after the token's id. */
export const byOwner = <F>(
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

export const signedBy = (signed: SignedBy, name: string) => signed[name] as Signed;
