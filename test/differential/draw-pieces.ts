// Owns drawing acts of the registry of pieces and of organisations' keys: births, moves, ranges, cards, handovers.
import type { Call } from './chain.ts';
import type { Drawer } from './drawer.ts';
import { ADMINISTER, BLOCK, NOBODY, type Piece, REGISTER, RELEASE, TRANSFER } from './ledger.ts';
import { listsOfDeparted } from './rules-pieces.ts';
import type { Said } from './said.ts';
import { CARDS, cardOf, FRESH_CARDS, leafOf, madeBatch, NO_HASH, ONE_TIME_KEYS, PEOPLE } from './world.ts';

const pieces = (method: string, caller: string, ...args: unknown[]): Call => ({
  contract: 'pieces',
  method,
  caller,
  args,
});

export function register(d: Drawer): Call {
  const organisation = d.dice.once(2) ? d.organisation('maker') : d.anyOrganisation();
  const count = d.dice.once(12) ? d.dice.of([0, 257]) : 1 + d.dice.below(4);
  const { header: made } = madeBatch(organisation, count, d.dice.below(2));
  const header = d.dice.once(30) ? { ...made, parts: 1 } : made;
  const { root, mode, payloadHash, parts } = header;
  const key = d.keyOf(organisation, REGISTER);
  const { by, caller } = d.consent(key, (deadline) => ({
    type: 'Register',
    values: [organisation, root, count, mode, payloadHash, parts, deadline],
  }));
  return pieces('register', caller, header, by);
}

export function transferFrom(d: Drawer): Call {
  const piece = d.piece(d.movable());
  const approved = piece.approved !== NOBODY && d.dice.once(2);
  const caller = approved ? piece.approved : d.keyOf(piece.owner, TRANSFER);
  const from = d.dice.once(15) ? d.dice.of(PEOPLE) : piece.owner;
  const method = d.dice.of(['transferFrom', 'safeTransferFrom']);
  return pieces(method, d.callerAs(caller), from, d.recipient(), d.pieceId(piece));
}

export function transferWithSignature(d: Drawer): Call {
  const piece = d.piece(d.movable());
  const to = d.recipient();
  const moves = d.dice.once(12) ? piece.moves + 1 : piece.moves;
  const key = d.keyOf(piece.owner, TRANSFER);
  const by = d.signature(key, (deadline) => ({
    type: 'Transfer',
    values: [piece.id, piece.owner, to, moves, deadline],
  }));
  return pieces('transferWithSignature', d.anybody(), d.pieceId(piece), to, moves, by);
}

export function transferMany(d: Drawer): Call {
  const first = d.piece(d.movable());
  const count = d.dice.once(30) ? 0 : d.dice.below(3);
  const more = Array.from({ length: count }, () =>
    d.piece((one) => one.owner === first.owner && !d.ledger.isImmobile(one)),
  );
  const chosen = d.dice.once(15) ? [first, ...more] : [...new Set([first, ...more])];
  const ids = d.dice.once(40) ? [] : chosen.map((piece) => d.pieceId(piece));
  const moves = chosen.map((piece) => piece.moves + (d.dice.once(30) ? 1 : 0)).slice(0, d.dice.once(30) ? 1 : 9);
  const to = d.recipient();
  const from = first.owner;
  const { by, caller } = d.consent(d.keyOf(from, TRANSFER), (deadline) => ({
    type: 'TransferMany',
    values: [from, to, ids.join(';'), moves.join(';'), deadline],
  }));
  return pieces('transferMany', caller, from, to, ids, moves, by);
}

export function approve(d: Drawer): Call {
  const piece = d.piece();
  const spender = d.dice.once(4) ? NOBODY : d.dice.of(PEOPLE);
  return pieces('approve', d.callerAs(d.keyOf(piece.owner, TRANSFER)), spender, d.pieceId(piece));
}

export function setApprovalForAll(d: Drawer): Call {
  const operator = d.dice.once(15) ? NOBODY : d.dice.of(PEOPLE);
  return pieces('setApprovalForAll', d.anybody(), operator, !d.dice.once(3));
}

export function passRange(d: Drawer): Call {
  const piece = d.piece((one) => !one.apart && !one.ended);
  const { batch } = piece;
  const split = batch.blocks.size > 0 || (batch.header.count > BLOCK && d.dice.once(2));
  const part = d.dice.once(20) ? d.dice.below(4) : split ? Math.floor(piece.index / BLOCK) + 1 : 0;
  const range = batch.blocks.get(part) ?? batch.whole;
  const events = d.dice.once(12) ? range.events + 1 : range.events;
  const to = d.dice.once(6) ? d.recipient() : d.anyOrganisation();
  const right = d.dice.of(listsOfDeparted(batch.pieces, part, batch.blocks));
  const departed = d.dice.once(8) ? d.dice.of([[], right.slice(1), [...right, 3], [...right, ...right]]) : right;
  const id = d.dice.once(40) ? batch.id + 1n : batch.id;
  const { by, caller } = d.consent(d.keyOf(range.holder, TRANSFER), (deadline) => ({
    type: 'PassRange',
    values: [id, part, range.holder, to, events, deadline],
  }));
  return pieces('passRange', caller, id, part, to, events, departed, by);
}

export function claim(d: Drawer): Call {
  const hasCard = (one: Piece) => !one.cardDead && (one.freshCard ?? cardOf(one.index)) !== NOBODY;
  const movable = d.movable();
  const fits = (one: Piece) => hasCard(one) && d.ledger.isOrganisation(one.owner) && movable(one);
  const piece = d.dice.once(3) ? d.piece((one) => fits(one) && one.freshCard !== undefined) : d.piece(fits);
  const byFresh = d.dice.once(12) ? piece.freshCard === undefined : piece.freshCard !== undefined;
  const leaf = leafOf(piece.batch.header, piece.index);
  const to = d.recipient();
  const recoverable = d.dice.once(2);
  const deadline = d.deadline();
  const card = d.dice.once(15) ? d.dice.of([...CARDS, ...FRESH_CARDS]) : (piece.freshCard ?? leaf.claimKey);
  const said: Said = { type: 'Claim', values: [piece.id, to, recoverable, piece.moves, deadline] };
  const release = d.signature(d.keyOf(piece.owner, RELEASE), (until) => ({
    type: 'Release',
    values: [piece.id, piece.moves, piece.events, until],
  }));
  const rest = [to, recoverable, deadline, d.signed(card, said), release];
  if (byFresh) return pieces('claimByFreshCard', d.anybody(), d.pieceId(piece), ...rest);
  return pieces('claim', d.anybody(), d.dice.once(15) ? falsified(d, leaf) : leaf, ...rest);
}

/** A leaf with a word of it changed. */
function falsified(d: Drawer, leaf: ReturnType<typeof leafOf>): unknown {
  return d.dice.of([
    { ...leaf, recordHash: `0x${'77'.repeat(32)}`, proven: false },
    { ...leaf, claimKey: d.dice.of(FRESH_CARDS), proven: false },
    { ...leaf, extra: `0x${'77'.repeat(32)}`, proven: false },
    { ...leaf, index: leaf.header.count, proven: false },
    { ...leaf, proof: [...leaf.proof, NO_HASH], proven: false },
  ]);
}

export function setCard(d: Drawer): Call {
  const piece = d.piece((one) => d.ledger.isOrganisation(one.owner));
  const card = d.dice.once(15) ? NOBODY : d.dice.of(FRESH_CARDS);
  const { by, caller } = d.consent(d.keyOf(piece.owner, TRANSFER), (deadline) => ({
    type: 'SetCard',
    values: [piece.id, card, piece.moves, piece.events, deadline],
  }));
  return pieces('setCard', caller, d.pieceId(piece), card, by);
}

export function acceptHandover(d: Drawer): Call {
  const piece = d.piece(d.movable());
  const to = d.recipient();
  const key = d.dice.of(ONE_TIME_KEYS);
  const by = d.signature(d.keyOf(piece.owner, TRANSFER), (until) => ({
    type: 'Handover',
    values: [piece.id, piece.owner, key, piece.moves, piece.events, until],
  }));
  const deadline = d.deadline();
  const accepted = d.signed(key, { type: 'Accept', values: [piece.id, to, piece.moves, deadline] });
  return pieces('acceptHandover', d.anybody(), d.pieceId(piece), to, key, deadline, accepted, by);
}

export function withdrawHandovers(d: Drawer): Call {
  const piece = d.piece();
  const { by, caller } = d.consent(d.keyOf(piece.owner, TRANSFER), (deadline) => ({
    type: 'WithdrawHandovers',
    values: [piece.id, piece.moves, piece.events, deadline],
  }));
  return pieces('withdrawHandovers', caller, d.pieceId(piece), by);
}

/** What only the contract for life events may do. */
export function trespass(d: Drawer): Call {
  const piece: Piece = d.piece();
  const caller = d.anybody();
  return d.dice.of([
    pieces('note', caller, piece.id, 0, 0, 0, 0, 0, false),
    pieces('noteBatch', caller, piece.batch.id, 2, 0),
    pieces('recover', caller, piece.id, caller),
  ]);
}

export function setKey(d: Drawer): Call {
  const { dice, ledger } = d;
  const organisation = dice.once(40) ? dice.of(PEOPLE) : d.anyOrganisation();
  const key = dice.once(12) ? dice.of([NOBODY, d.anyOrganisation()]) : d.anybody();
  const permissions = dice.of([0, 1, 2, 16, 32, 64, 128, 2 | 8, 255, 255, 256]);
  const until = dice.of([0, ledger.now, ledger.now + 1 + dice.below(100_000), 2 ** 47, 2 ** 48 - 1]);
  const nonce = ledger.organisations.get(organisation)?.nonce ?? 0;
  const { by, caller } = d.consent(d.keyOf(organisation, ADMINISTER), (deadline) => ({
    type: 'SetKey',
    values: [organisation, key, permissions, until, nonce, deadline],
  }));
  return { contract: 'organisations', method: 'setKey', caller, args: [organisation, key, permissions, until, by] };
}
