// Owns what the naive registry does when cards and one-time keys are used, and that nobody but the contract for life events
// notes anything (contracts/interfaces/IPieces.sol).
import { Doubts, type Header, type Ledger, NOBODY, type Piece, RELEASE, Refused, type Told } from './ledger.ts';
import { mayMove } from './rules-pieces.ts';
import { type Consent, faultsOf, faultsOfSigned, type Said, type Signed } from './said.ts';

/** A leaf as somebody brings it; `proven` says whether it is the one its batch commits to. */
export interface Brought {
  readonly header: Header & { readonly id: bigint };
  readonly index: number;
  readonly recordHash: string;
  readonly claimKey: string;
  readonly extra: string;
  readonly proof: readonly string[];
  readonly proven: boolean;
}

export function claim(
  ledger: Ledger,
  _caller: string,
  leaf: Brought,
  to: string,
  recoverable: boolean,
  deadline: number,
  card: Signed,
  release: Consent,
): Told[] {
  const batch = ledger.batches.get(leaf.header.id);
  if (batch === undefined) throw new Refused(['UnknownBatch']);
  const piece = batch.pieces[leaf.index];
  if (piece === undefined || !leaf.proven) throw new Refused(['NotProven', 'ERC721NonexistentToken']);
  const works = piece.freshCard === undefined && leaf.claimKey !== NOBODY;
  return claimed(ledger, { piece, works, key: leaf.claimKey, to, recoverable, deadline, card, release });
}

export function claimByFreshCard(
  ledger: Ledger,
  _caller: string,
  id: bigint,
  to: string,
  recoverable: boolean,
  deadline: number,
  card: Signed,
  release: Consent,
): Told[] {
  const piece = ledger.piece(id);
  const works = piece.freshCard !== undefined;
  return claimed(ledger, { piece, works, key: piece.freshCard ?? NOBODY, to, recoverable, deadline, card, release });
}

interface Asked {
  readonly piece: Piece;
  readonly works: boolean;
  readonly key: string;
  readonly to: string;
  readonly recoverable: boolean;
  readonly deadline: number;
  readonly card: Signed;
  readonly release: Consent;
}

function claimed(ledger: Ledger, asked: Asked): Told[] {
  const { piece, to, recoverable, release, deadline, key } = asked;
  const released: Said = { type: 'Release', values: [piece.id, piece.moves, piece.events, release.deadline] };
  const said: Said = { type: 'Claim', values: [piece.id, to, recoverable, piece.moves, deadline] };
  mayMove(ledger, piece, to)
    .when(!asked.works || piece.cardDead, 'CardDead')
    .when(!ledger.isPermitted(piece.owner, release.key, RELEASE), 'NotReleased')
    .when(true, ...faultsOfSigned(release.signed, release.key, release.deadline, ledger.now, released))
    .when(true, ...faultsOfSigned(asked.card, key, deadline, ledger.now, said))
    .when(ledger.walls.has(to), 'ERC721InvalidReceiver')
    .settle();
  const moved = ledger.move(piece, to);
  piece.cardDead = true;
  piece.recoverable = recoverable;
  return [moved, ['Claimed', piece.id, to, key, recoverable]];
}

export function setCard(ledger: Ledger, caller: string, id: bigint, card: string, by: Consent): Told[] {
  const piece = ledger.piece(id);
  const said: Said = { type: 'SetCard', values: [id, card, piece.moves, piece.events, by.deadline] };
  mayBeToldOf(ledger, piece, caller, by, said)
    .when(card === NOBODY, 'CardDead')
    .when(!ledger.isOrganisation(piece.owner), 'NotAnOrganisation')
    .settle();
  piece.freshCard = card;
  piece.cardDead = false;
  piece.recovering = false;
  return [['CardSet', id, ledger.count(piece), card, by.key]];
}

export function acceptHandover(
  ledger: Ledger,
  _caller: string,
  id: bigint,
  to: string,
  key: string,
  deadline: number,
  accepted: Signed,
  by: Consent,
): Told[] {
  const piece = ledger.piece(id);
  const offer: Said = {
    type: 'Handover',
    values: [id, piece.owner, key, piece.moves, piece.events, by.deadline],
  };
  const acceptance: Said = { type: 'Accept', values: [id, to, piece.moves, deadline] };
  mayMove(ledger, piece, to)
    .when(!ledger.isOwnersKey(piece.owner, by.key), 'NotOwnersKey')
    .when(true, ...faultsOfSigned(by.signed, by.key, by.deadline, ledger.now, offer))
    .when(true, ...faultsOfSigned(accepted, key, deadline, ledger.now, acceptance))
    .when(ledger.walls.has(to), 'ERC721InvalidReceiver')
    .settle();
  return [ledger.move(piece, to)];
}

export function withdrawHandovers(ledger: Ledger, caller: string, id: bigint, by: Consent): Told[] {
  const piece = ledger.piece(id);
  const said: Said = { type: 'WithdrawHandovers', values: [id, piece.moves, piece.events, by.deadline] };
  mayBeToldOf(ledger, piece, caller, by, said).settle();
  piece.recovering = false;
  return [['HandoversWithdrawn', id, ledger.count(piece), by.key]];
}

/** What is said by the owner's key of one piece, which leaves its range by that. */
function mayBeToldOf(ledger: Ledger, piece: Piece, caller: string, by: Consent, said: Said): Doubts {
  return new Doubts()
    .when(ledger.isSealed(piece), 'PieceBlocked')
    .when(!ledger.isOwnersKey(piece.owner, by.key), 'NotOwnersKey')
    .when(true, ...faultsOf(by, caller, ledger.now, said));
}

/** Of people, none may. */
export function note(): Told[] {
  throw new Refused(['NotLifeEvents']);
}

export const noteBatch = note;
export const recover = note;
