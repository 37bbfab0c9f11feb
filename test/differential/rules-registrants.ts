// Owns what the naive registry does at the word of who registered pieces, of who holds a whole batch, and when a lost key is
// recovered (contracts/interfaces/ILifeEvents.sol).
import { ARBITRATE, Doubts, type Header, type Ledger, NOBODY, Refused, STATE, type Told } from './ledger.ts';
import { DAY, isReason, told } from './rules-life.ts';
import { type Consent, faultsOf, type Said } from './said.ts';

const NO_HASH = `0x${'0'.repeat(64)}`;
const RECOVERY_DAYS = 30;
type Named = Header & { readonly id: bigint };

export function notice(
  ledger: Ledger,
  caller: string,
  header: Named,
  index: number,
  kind: number,
  organisation: string,
  contentHash: string,
  words: string,
  by: Consent,
): Told[] {
  const piece = pieceOf(ledger, header, index);
  const { id, moves, events } = piece;
  const said: Said = {
    type: 'Notice',
    values: [id, kind, organisation, contentHash, words, moves, events, by.deadline],
  };
  bySpeaker(ledger, header.organisation, organisation, by.key)
    .when(!changes(kind, piece) && kind !== 43, 'NotApplicable')
    .when((kind === 43) !== (contentHash !== NO_HASH), 'InvalidContent')
    .when(!isReason(words), 'NoReason')
    .when(true, ...faultsOf(by, caller, ledger.now, said))
    .when(ledger.isSealed(piece), 'PieceBlocked')
    .settle();
  write(kind, piece);
  return told(ledger, piece, ledger.isImmobile(piece), kind, organisation, by.key, contentHash, words);
}

export function noticeBatch(
  ledger: Ledger,
  caller: string,
  header: Named,
  kind: number,
  organisation: string,
  words: string,
  by: Consent,
): Told[] {
  const batch = ledger.batches.get(header.id);
  const said: Said = {
    type: 'BatchNotice',
    values: [header.id, kind, organisation, words, batch?.events ?? 0, by.deadline],
  };
  bySpeaker(ledger, header.organisation, organisation, by.key)
    .when(batch === undefined, 'UnknownBatch')
    .when(!changes(kind, batch ?? { recalled: false, withdrawn: false }), 'NotApplicable')
    .when(!isReason(words), 'NoReason')
    .when(true, ...faultsOf(by, caller, ledger.now, said))
    .settle();
  if (batch === undefined) return [];
  write(kind, batch);
  batch.events += 1;
  return [['BatchEvent', header.id, batch.events, kind, organisation, by.key, words]];
}

export function endBatch(
  ledger: Ledger,
  caller: string,
  batchId: bigint,
  kind: number,
  words: string,
  by: Consent,
): Told[] {
  const batch = ledger.batches.get(batchId);
  // Without a batch nothing of it can be ended, whatever the reason given.
  if (batch === undefined)
    throw new Refused(['UnknownBatch', 'NotApplicable', ...(isReason(words) ? [] : ['NoReason'])]);
  const { holder } = batch.whole;
  const intact = batch.pieces.filter((piece) => !piece.apart);
  const said: Said = {
    type: 'BatchEnd',
    values: [batchId, kind, words, batch.whole.events, batch.events, by.deadline],
  };
  new Doubts()
    .when(kind < 50 || kind > 52 || batch.ended || intact.length === 0, 'NotApplicable')
    .when(!isReason(words), 'NoReason')
    .when(batch.blocks.size > 0, 'RangeIsSplit')
    .when(!ledger.isOwnersKey(holder, by.key), 'NotOwnersKey')
    .when(true, ...faultsOf(by, caller, ledger.now, said))
    .settle();
  batch.ended = true;
  batch.events += 1;
  for (const piece of intact) {
    piece.ended = true;
    ledger.touched.add(piece);
  }
  return [['BatchEvent', batchId, batch.events, kind, holder, by.key, words]];
}

export function beginRecovery(
  ledger: Ledger,
  caller: string,
  header: Named,
  index: number,
  to: string,
  organisation: string,
  arbiter: string,
  words: string,
  maker: Consent,
  arbitration: Consent,
): Told[] {
  const piece = pieceOf(ledger, header, index);
  const { id, owner, moves, events } = piece;
  const said = (deadline: number): Said => ({
    type: 'Recovery',
    values: [id, owner, to, organisation, arbiter, words, moves, events, deadline],
  });
  bySpeaker(ledger, header.organisation, organisation, maker.key)
    .when(!piece.recoverable || piece.recovering || ledger.isImmobile(piece), 'NotApplicable')
    .when(to === NOBODY || to === owner, 'InvalidRecipient')
    .when(!isReason(words), 'NoReason')
    .when(!ledger.isPermitted(arbiter, arbitration.key, ARBITRATE), 'NotPermitted')
    .when(ledger.speaksFor(header.organisation, arbiter), 'NotPermitted')
    .when(true, ...faultsOf(maker, caller, ledger.now, said(maker.deadline)))
    .when(true, ...faultsOf(arbitration, caller, ledger.now, said(arbitration.deadline)))
    .settle();
  piece.recovering = true;
  piece.recovery = { to, readyAt: ledger.now + RECOVERY_DAYS * DAY };
  const heir = `0x${to.slice(2).padStart(64, '0')}`;
  return told(ledger, piece, false, 62, arbiter, arbitration.key, heir, words);
}

export function completeRecovery(ledger: Ledger, _caller: string, id: bigint): Told[] {
  const piece = ledger.piece(id);
  const { to, readyAt } = piece.recovery;
  new Doubts()
    .when(!piece.recovering, 'NotApplicable')
    .when(ledger.now < readyAt, 'TooEarly')
    .when(ledger.isImmobile(piece), 'PieceBlocked')
    .settle();
  const moved = ledger.move(piece, to);
  piece.recovery = { to: NOBODY, readyAt: 0 };
  const heir = `0x${to.slice(2).padStart(64, '0')}`;
  return [moved, ...told(ledger, piece, false, 64, NOBODY, NOBODY, heir)];
}

interface Registered {
  recalled: boolean;
  withdrawn: boolean;
}

function changes(kind: number, { recalled, withdrawn }: Registered): boolean {
  return (kind === 40 && !recalled) || (kind === 41 && recalled) || (kind === 42 && !withdrawn);
}

function write(kind: number, entry: Registered): void {
  if (kind === 40) entry.recalled = true;
  if (kind === 41) entry.recalled = false;
  if (kind === 42) entry.withdrawn = true;
}

function pieceOf(ledger: Ledger, header: Named, index: number) {
  if (index >= header.count) throw new Refused(['NoSuchPiece']);
  return ledger.piece((header.id << 32n) + BigInt(index));
}

function bySpeaker(ledger: Ledger, registrant: string, acting: string, key: string): Doubts {
  return new Doubts()
    .when(acting !== registrant && !ledger.speaksFor(registrant, acting), 'NotRegistrant')
    .when(!ledger.isPermitted(acting, key, STATE), 'NotPermitted');
}
