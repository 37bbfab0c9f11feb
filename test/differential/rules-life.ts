// Owns what the naive registry does when something else happens to pieces than changing hands
// (contracts/interfaces/ILifeEvents.sol).
import { ARBITRATE, Doubts, type Ledger, NOBODY, type Piece, RELEASE, SERVE, type Told } from './ledger.ts';
import { type Consent, faultsOf, type Said } from './said.ts';

export const DAY = 86_400;
const REPORT_DAYS = 90;
const NO_HASH = `0x${'0'.repeat(64)}`;

export function report(ledger: Ledger, caller: string, id: bigint, kind: number, by: Consent): Told[] {
  const piece = ledger.piece(id);
  ownerActs(ledger, caller, piece, kind, by)
    .when((kind !== 30 && kind !== 31) || piece.ended, 'NotApplicable')
    .settle();
  const before = ledger.isImmobile(piece);
  if (kind === 30) piece.stolen = true;
  if (kind === 31) piece.lost = true;
  piece.blocked = true;
  piece.day = Math.floor(ledger.now / DAY) + REPORT_DAYS;
  piece.recovering = false;
  return told(ledger, piece, before, kind, NOBODY, by.key);
}

export function withdrawReport(ledger: Ledger, caller: string, id: bigint, by: Consent): Told[] {
  const piece = ledger.piece(id);
  ownerActs(ledger, caller, piece, 32, by)
    .when(!piece.stolen && !piece.lost, 'NotApplicable')
    .settle();
  const before = ledger.isImmobile(piece);
  piece.stolen = false;
  piece.lost = false;
  piece.blocked = false;
  piece.recovering = false;
  return told(ledger, piece, before, 32, NOBODY, by.key);
}

export function lapse(ledger: Ledger, _caller: string, id: bigint): Told[] {
  const piece = ledger.piece(id);
  new Doubts()
    .when(!piece.blocked, 'NotApplicable')
    .when(Math.floor(ledger.now / DAY) <= piece.day, 'TooEarly')
    .settle();
  const before = ledger.isImmobile(piece);
  piece.blocked = false;
  return told(ledger, piece, before, 33, NOBODY, NOBODY);
}

export function allowRecovery(ledger: Ledger, caller: string, id: bigint, allowed: boolean, by: Consent): Told[] {
  const piece = ledger.piece(id);
  const kind = allowed ? 60 : 61;
  ownerActs(ledger, caller, piece, kind, by)
    .when(piece.ended || piece.recoverable === allowed, 'NotApplicable')
    .settle();
  piece.recoverable = allowed;
  piece.recovering = false;
  return told(ledger, piece, ledger.isImmobile(piece), kind, NOBODY, by.key);
}

export function end(
  ledger: Ledger,
  caller: string,
  id: bigint,
  kind: number,
  contentHash: string,
  by: Consent,
): Told[] {
  const piece = ledger.piece(id);
  const said: Said = { type: 'End', values: [id, kind, contentHash, piece.moves, piece.events, by.deadline] };
  new Doubts()
    .when(kind < 50 || kind > 52 || ledger.isImmobile(piece), 'NotApplicable')
    .when(!ledger.isOwnersKey(piece.owner, by.key), 'NotOwnersKey')
    .when(true, ...faultsOf(by, caller, ledger.now, said))
    .settle();
  piece.ended = true;
  piece.recoverable = false;
  piece.recovering = false;
  return told(ledger, piece, false, kind, NOBODY, by.key, contentHash);
}

export function arbitrate(
  ledger: Ledger,
  caller: string,
  id: bigint,
  kind: number,
  organisation: string,
  words: string,
  by: Consent,
): Told[] {
  const piece = ledger.piece(id);
  const said: Said = {
    type: 'Arbitrate',
    values: [id, kind, organisation, words, piece.moves, piece.events, by.deadline],
  };
  const reported = piece.stolen || piece.lost || piece.earlier;
  const changes =
    (kind === 34 && reported) ||
    (kind === 35 && !piece.locked && !piece.ended) ||
    (kind === 36 && piece.locked) ||
    (kind === 63 && piece.recovering);
  new Doubts()
    .when(!changes, 'NotApplicable')
    .when(!isReason(words), 'NoReason')
    .when(!ledger.isPermitted(organisation, by.key, ARBITRATE), 'NotPermitted')
    .when(true, ...faultsOf(by, caller, ledger.now, said))
    .settle();
  const before = ledger.isImmobile(piece);
  if (kind === 34) {
    piece.stolen = false;
    piece.lost = false;
    piece.earlier = false;
    piece.blocked = false;
  }
  if (kind === 35) piece.locked = true;
  if (kind === 36) piece.locked = false;
  if (kind === 63) piece.recovering = false;
  return told(ledger, piece, before, kind, organisation, by.key, NO_HASH, words);
}

export function record(
  ledger: Ledger,
  caller: string,
  id: bigint,
  kind: number,
  organisation: string,
  contentHash: string,
  service: Consent,
  owner: Consent,
): Told[] {
  const piece = ledger.piece(id);
  const said = (deadline: number): Said => ({
    type: 'Record',
    values: [id, kind, organisation, contentHash, piece.moves, piece.events, deadline],
  });
  const permission = kind === 18 || kind === 19 ? RELEASE : SERVE;
  new Doubts()
    .when(kind < 10 || kind > 19 || piece.ended, 'NotApplicable')
    .when(!ledger.isPermitted(organisation, service.key, permission), 'NotPermitted')
    .when(!ledger.isOwnersKey(piece.owner, owner.key), 'NotOwnersKey')
    .when(true, ...faultsOf(service, caller, ledger.now, said(service.deadline)))
    .when(true, ...faultsOf(owner, caller, ledger.now, said(owner.deadline)))
    .settle();
  piece.recovering = false;
  return told(ledger, piece, ledger.isImmobile(piece), kind, organisation, service.key, contentHash);
}

function ownerActs(ledger: Ledger, caller: string, piece: Piece, kind: number, by: Consent): Doubts {
  const said: Said = { type: 'OwnerAct', values: [piece.id, kind, piece.moves, piece.events, by.deadline] };
  return new Doubts()
    .when(ledger.isSealed(piece), 'PieceBlocked')
    .when(!ledger.isOwnersKey(piece.owner, by.key), 'NotOwnersKey')
    .when(true, ...faultsOf(by, caller, ledger.now, said));
}

export function isReason(words: string): boolean {
  const { length } = Buffer.from(words);
  return length >= 1 && length <= 1_000;
}

/** Counts the event and tells of it, after whether the piece moves from now on. */
export function told(
  ledger: Ledger,
  piece: Piece,
  wasImmobile: boolean,
  kind: number,
  organisation: string,
  key: string,
  contentHash: string = NO_HASH,
  words = '',
): Told[] {
  const number = ledger.count(piece);
  const event: Told = ['LifeEvent', piece.id, number, kind, organisation, key, contentHash, words];
  const immobile = ledger.isImmobile(piece);
  if (immobile === wasImmobile) return [event];
  return [[immobile ? 'Locked' : 'Unlocked', piece.id], event];
}
