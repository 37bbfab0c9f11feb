// Owns what the contracts' errors mean, in words for whoever is refused. Where one means something else for an act, that
// act says so.
import type { Act, Refusals } from './act.ts';
import type { ErrorCode } from './errors.ts';

const AGAIN = 'Nothing was done.';

/** What every act may be refused for. */
const REFUSALS: Refusals = {
  StaleMoves: ['stale-act', `The piece has moved since this was signed. ${AGAIN}`],
  StaleEvents: ['stale-act', `Something happened to the piece since this was signed. ${AGAIN}`],
  NotOwnersKey: [
    'not-owner',
    `The signer is neither the owner nor somebody the owner lets act for it; or the piece has changed since it was signed. ${AGAIN}`,
  ],
  InvalidSignature: ['signature-invalid', `A signature is not its signer’s over this act as things stand. ${AGAIN}`],
  SignatureExpired: ['signature-expired', `A signature’s time is over. Sign again. ${AGAIN}`],
  ERC721IncorrectOwner: ['stale-act', `A piece has changed hands since this was signed. ${AGAIN}`],
  PieceBlocked: ['piece-blocked', `The piece may not move: it is reported, locked or at its end. ${AGAIN}`],
  NotPermitted: ['key-not-permitted', `The key may not do this for its organisation now. ${AGAIN}`],
  NotAnOrganisation: ['invalid-act', `Only an organisation may be there, and another one than now. ${AGAIN}`],
  ERC721InvalidReceiver: ['invalid-act', `The recipient is an address that can not take pieces. ${AGAIN}`],
  ERC721NonexistentToken: ['piece-not-anchored', `The piece is not on the chain. ${AGAIN}`],
  BatchHasEnded: ['piece-blocked', `The pieces of the batch are at their end. ${AGAIN}`],
  UnknownBatch: ['not-found', `There is no such batch on the chain. ${AGAIN}`],
  NoSuchPiece: ['not-found', `The batch has no piece with this number. ${AGAIN}`],
  NotProven: ['invalid-act', `The record does not lead to its batch. ${AGAIN}`],
  NotApplicable: ['not-applicable', `This changes nothing as the piece or batch stands now. ${AGAIN}`],
  NoReason: ['invalid-act', `A reason is needed, of 1,000 bytes at most. ${AGAIN}`],
  InvalidContent: [
    'invalid-act',
    `A correction comes with the statement that corrects; other notices without one. ${AGAIN}`,
  ],
  NotRegistrant: [
    'key-not-permitted',
    `Only who registered this, or the organisation that succeeded it, may say so. ${AGAIN}`,
  ],
  TooEarly: ['too-early', `It is not time for this yet. ${AGAIN}`],
  InvalidRecipient: ['invalid-act', `A piece is recovered for somebody else than its owner. ${AGAIN}`],
  NotRecoverable: ['not-applicable', `No recovery that the owner allowed is under way. ${AGAIN}`],
  InvalidShipment: ['invalid-act', `A shipment is 1 to 500 pieces. ${AGAIN}`],
  OutOfGas: ['invalid-act', `This costs more gas than is paid for here. ${AGAIN}`],
  FailedCall: ['invalid-act', `This costs more gas than is paid for here. ${AGAIN}`],
};

/** A contract's error in words. @param name as the chain tells it */
export function refusalOf({ refusals = {} }: Pick<Act, 'refusals'>, name: string): readonly [ErrorCode, string] {
  const words = [refusals, REFUSALS].find((known) => Object.hasOwn(known, name))?.[name];
  return words ?? ['invalid-act', `The registry refuses this (${name.slice(0, 100)}). ${AGAIN}`];
}
