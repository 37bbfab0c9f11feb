// Owns what the naive registry does when pieces are born and move (contracts/interfaces/IPieces.sol). Each rule gathers all
// that speaks against an act before anything changes; which of these a contract finds first is its own affair.

import type { Piece, Range } from './ledger.ts';
import { BLOCK, blockOf, Doubts, type Header, type Ledger, NOBODY, REGISTER, Refused, type Told } from './ledger.ts';
import { type Consent, faultsOf, faultsOfSigned, type Said } from './said.ts';

const MOST_OF_A_BATCH = 131_072;
const MOST_OF_A_SHIPMENT = 500;
const NO_HASH = `0x${'0'.repeat(64)}`;

export function register(
  ledger: Ledger,
  caller: string,
  header: Header & { readonly id: bigint },
  by: Consent,
): Told[] {
  const { id, organisation, root, count, mode, payloadHash, parts } = header;
  const said: Said = { type: 'Register', values: [organisation, root, count, mode, payloadHash, parts, by.deadline] };
  new Doubts()
    .when(count < 1 || count > MOST_OF_A_BATCH, 'InvalidHeader')
    .when(mode !== 0 || payloadHash !== NO_HASH || parts !== 0, 'InvalidHeader')
    .when(ledger.batches.has(id), 'BatchAlreadyRegistered')
    .when(!ledger.isPermitted(organisation, by.key, REGISTER), 'NotPermitted')
    .when(true, ...faultsOf(by, caller, ledger.now, said))
    .settle();
  const { pieces } = ledger.birth(id, header);
  return [
    ['BatchRegistered', id, organisation, by.key, root, count, mode, payloadHash, parts],
    ['ConsecutiveTransfer', pieces[0]?.id ?? 0n, pieces.at(-1)?.id ?? 0n, NOBODY, organisation],
  ];
}

export function transferFrom(ledger: Ledger, caller: string, from: string, to: string, id: bigint): Told[] {
  const piece = ledger.piece(id);
  mayMove(ledger, piece, to)
    .when(from !== piece.owner, 'ERC721IncorrectOwner')
    .when(caller !== piece.approved && !ledger.isOwnersKey(piece.owner, caller), 'ERC721InsufficientApproval')
    .settle();
  return [ledger.move(piece, to)];
}

export function safeTransferFrom(ledger: Ledger, caller: string, from: string, to: string, id: bigint): Told[] {
  const piece = ledger.piece(id);
  mayMove(ledger, piece, to)
    .when(from !== piece.owner, 'ERC721IncorrectOwner')
    .when(caller !== piece.approved && !ledger.isOwnersKey(piece.owner, caller), 'ERC721InsufficientApproval')
    .when(ledger.walls.has(to), 'ERC721InvalidReceiver')
    .settle();
  return [ledger.move(piece, to)];
}

export function transferWithSignature(
  ledger: Ledger,
  _caller: string,
  id: bigint,
  to: string,
  moves: number,
  by: Consent,
): Told[] {
  const piece = ledger.piece(id);
  const said: Said = { type: 'Transfer', values: [id, piece.owner, to, moves, by.deadline] };
  mayMove(ledger, piece, to)
    .when(moves !== piece.moves, 'StaleMoves')
    .when(!ledger.isOwnersKey(piece.owner, by.key), 'NotOwnersKey')
    .when(true, ...faultsOfSigned(by.signed, by.key, by.deadline, ledger.now, said))
    .when(ledger.walls.has(to), 'ERC721InvalidReceiver')
    .settle();
  return [ledger.move(piece, to)];
}

export function transferMany(
  ledger: Ledger,
  caller: string,
  from: string,
  to: string,
  ids: readonly bigint[],
  moves: readonly number[],
  by: Consent,
): Told[] {
  const said: Said = { type: 'TransferMany', values: [from, to, ids.join(';'), moves.join(';'), by.deadline] };
  const doubts = new Doubts()
    .when(ids.length < 1 || ids.length > MOST_OF_A_SHIPMENT || ids.length !== moves.length, 'InvalidShipment')
    .when(!ledger.isOwnersKey(from, by.key), 'NotOwnersKey')
    .when(true, ...faultsOf(by, caller, ledger.now, said))
    .when(to === NOBODY, 'ERC721InvalidReceiver');
  const pieces: Piece[] = [];
  for (const [i, id] of ids.entries()) {
    const piece = found(ledger, id);
    doubts.when(piece === undefined, 'ERC721NonexistentToken');
    if (piece === undefined) continue;
    // Listed again, it has moved meanwhile: whoever ships to herself may name it again, with its next number of moves.
    const before = pieces.filter((one) => one === piece).length;
    doubts
      .when((before === 0 ? piece.owner : to) !== from, 'ERC721IncorrectOwner')
      .when(piece.moves + before !== moves[i], 'StaleMoves')
      .when(ledger.isImmobile(piece), 'PieceBlocked');
    pieces.push(piece);
  }
  doubts.settle();
  return pieces.map((piece) => ledger.move(piece, to));
}

export function approve(ledger: Ledger, caller: string, spender: string, id: bigint): Told[] {
  const piece = ledger.piece(id);
  new Doubts()
    .when(!ledger.isOwnersKey(piece.owner, caller), 'ERC721InvalidApprover')
    .when(spender !== NOBODY && ledger.isSealed(piece), 'PieceBlocked')
    .settle();
  // That nobody is approved is nothing to keep of a piece in its range.
  if (spender !== NOBODY || piece.apart) ledger.touch(piece);
  piece.approved = spender;
  piece.recovering = false;
  return [['Approval', piece.owner, spender, id]];
}

export function setApprovalForAll(ledger: Ledger, caller: string, operator: string, yes: boolean): Told[] {
  new Doubts().when(operator === NOBODY, 'ERC721InvalidOperator').settle();
  if (yes) ledger.operators.add(`${caller} ${operator}`);
  else ledger.operators.delete(`${caller} ${operator}`);
  return [['ApprovalForAll', caller, operator, yes]];
}

export function passRange(
  ledger: Ledger,
  caller: string,
  batchId: bigint,
  part: number,
  to: string,
  events: number,
  departed: readonly number[],
  by: Consent,
): Told[] {
  const batch = ledger.batches.get(batchId);
  if (batch === undefined) throw new Refused(['UnknownBatch']);
  if (part > Math.ceil(batch.header.count / BLOCK)) throw new Refused(['UnknownBatch', 'BatchHasEnded']);
  const range: Range = batch.blocks.get(part) ?? batch.whole;
  const within = batch.pieces.filter((piece) => part === 0 || blockOf(piece) === part);
  const intact = within.filter((piece) => !piece.apart);
  const said: Said = { type: 'PassRange', values: [batchId, part, range.holder, to, events, by.deadline] };
  const listed = listsOfDeparted(batch.pieces, part, batch.blocks).some((list) => same(list, departed));
  new Doubts()
    .when(part === 0 && batch.blocks.size > 0, 'RangeIsSplit')
    .when(batch.ended, 'BatchHasEnded')
    .when(events !== range.events, 'StaleRange')
    .when(!ledger.isOrganisation(to) || to === range.holder, 'NotAnOrganisation')
    .when(!ledger.isOwnersKey(range.holder, by.key), 'NotOwnersKey')
    .when(true, ...faultsOf(by, caller, ledger.now, said))
    .when(!listed, 'DepartedDiffer')
    .when(intact.length === 0, 'NothingToPass')
    .settle();
  const from = range.holder;
  const passed = part === 0 ? batch.whole : { holder: to, events: range.events };
  if (part !== 0) batch.blocks.set(part, passed);
  passed.holder = to;
  passed.events += 1;
  for (const piece of intact) {
    piece.owner = to;
    piece.moves += 1;
    ledger.touched.add(piece);
  }
  const runs = runsOf(intact).map(([first, last]): Told => ['ConsecutiveTransfer', first.id, last.id, from, to]);
  return [...runs, ['RangePassed', batchId, part, passed.events, from, to, intact.length]];
}

/** What may be given as those that have left a range: see passRange. */
export function listsOfDeparted(
  pieces: readonly Piece[],
  part: number,
  blocks: ReadonlyMap<number, Range>,
): number[][] {
  const apart = pieces.filter((piece) => piece.apart);
  const own = apart.filter((piece) => part === 0 || blockOf(piece) === part);
  const shared = apart.filter((piece) => !blocks.has(blockOf(piece)));
  const lists = part === 0 || blocks.has(part) ? [own] : [own, shared];
  return lists.map((list) => list.map((piece) => piece.index));
}

/** Neighbours that changed hands together: first and last of each run. */
function runsOf(pieces: readonly Piece[]): [first: Piece, last: Piece][] {
  const runs: [Piece, Piece][] = [];
  for (const piece of pieces) {
    const run = runs.at(-1);
    if (run !== undefined && run[1].index + 1 === piece.index) run[1] = piece;
    else runs.push([piece, piece]);
  }
  return runs;
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

function found(ledger: Ledger, id: bigint): Piece | undefined {
  try {
    return ledger.piece(id);
  } catch {
    return undefined;
  }
}

export function mayMove(ledger: Ledger, piece: Piece, to: string): Doubts {
  return new Doubts().when(to === NOBODY, 'ERC721InvalidReceiver').when(ledger.isImmobile(piece), 'PieceBlocked');
}
