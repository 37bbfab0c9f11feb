// Owns drawing life events, what the registrar decides, and how time passes.
import type { Call } from './chain.ts';
import type { Drawer } from './drawer.ts';
import { ARBITRATE, type Piece, RELEASE, SERVE, STATE, TRANSFER } from './ledger.ts';
import { DAY } from './rules-life.ts';
import { PEOPLE } from './world.ts';

const life = (method: string, caller: string, ...args: unknown[]): Call => ({
  contract: 'lifeEvents',
  method,
  caller,
  args,
});

export function report(d: Drawer): Call {
  const piece = d.piece((one) => !one.ended);
  const kind = d.kind([30, 31]);
  const { by, caller } = ownerAct(d, piece, kind);
  return life('report', caller, d.pieceId(piece), kind, by);
}

export function withdrawReport(d: Drawer): Call {
  const piece = d.piece((one) => one.stolen || one.lost);
  const { by, caller } = ownerAct(d, piece, 32);
  return life('withdrawReport', caller, d.pieceId(piece), by);
}

export function lapse(d: Drawer): Call {
  return life('lapse', d.anybody(), d.pieceId(d.piece((one) => one.blocked)));
}

export function allowRecovery(d: Drawer): Call {
  const allowed = !d.dice.once(4);
  const piece = d.piece((one) => !one.ended && one.recoverable !== allowed);
  const { by, caller } = ownerAct(d, piece, allowed ? 60 : 61);
  return life('allowRecovery', caller, d.pieceId(piece), allowed, by);
}

export function end(d: Drawer): Call {
  const piece = d.piece(d.movable());
  const kind = d.kind([50, 51, 52]);
  const hash = d.hash();
  const { by, caller } = d.consent(d.keyOf(piece.owner, TRANSFER), (deadline) => ({
    type: 'End',
    values: [piece.id, kind, hash, piece.moves, piece.events, deadline],
  }));
  return life('end', caller, d.pieceId(piece), kind, hash, by);
}

export function arbitrate(d: Drawer): Call {
  const kind = d.kind([34, 35, 35, 36, 36, 63]);
  const piece = d.piece(
    (one) =>
      (kind === 34 && (one.stolen || one.lost || one.earlier)) ||
      (kind === 35 && !one.locked) ||
      (kind === 36 && one.locked) ||
      (kind === 63 && one.recovering),
  );
  const organisation = d.organisation('arbiter');
  const words = d.words();
  const { by, caller } = d.consent(d.keyOf(organisation, ARBITRATE), (deadline) => ({
    type: 'Arbitrate',
    values: [piece.id, kind, organisation, words, piece.moves, piece.events, deadline],
  }));
  return life('arbitrate', caller, d.pieceId(piece), kind, organisation, words, by);
}

export function record(d: Drawer): Call {
  const piece = d.piece((one) => !one.ended);
  const kind = d.kind([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  const organisation = kind < 18 ? d.organisation('service') : d.anyOrganisation();
  const hash = d.hash();
  const say = (deadline: number) =>
    ({
      type: 'Record',
      values: [piece.id, kind, organisation, hash, piece.moves, piece.events, deadline],
    }) as const;
  const serviceKey = d.keyOf(organisation, kind < 18 ? SERVE : RELEASE);
  const owner = d.consent(d.keyOf(piece.owner, TRANSFER), say);
  // One of the two may bring it and sign nothing.
  const service = owner.by.signed === undefined ? undefined : d.consent(serviceKey, say);
  const caller = service?.caller ?? owner.caller;
  return life(
    'record',
    caller,
    d.pieceId(piece),
    kind,
    organisation,
    hash,
    service?.by ?? d.signature(serviceKey, say),
    owner.by,
  );
}

export function notice(d: Drawer): Call {
  const kind = d.kind([40, 41, 42, 43]);
  const piece = d.piece(
    (one) =>
      kind === 43 || (kind === 40 && !one.recalled) || (kind === 41 && one.recalled) || (kind === 42 && !one.withdrawn),
  );
  const organisation = speaker(d, piece);
  const words = d.words();
  const hash = kind === 43 ? `0x${'5a'.repeat(32)}` : `0x${'0'.repeat(64)}`;
  const given = d.dice.once(20) ? d.hash() : hash;
  const index = d.dice.once(30) ? piece.batch.header.count : piece.index;
  const { by, caller } = d.consent(d.keyOf(organisation, STATE), (deadline) => ({
    type: 'Notice',
    values: [piece.id, kind, organisation, given, words, piece.moves, piece.events, deadline],
  }));
  return life('notice', caller, d.header(piece), index, kind, organisation, given, words, by);
}

export function noticeBatch(d: Drawer): Call {
  const piece = d.piece();
  const { batch } = piece;
  const kind = d.kind([40, 41, 42]);
  const organisation = speaker(d, piece);
  const words = d.words();
  const { by, caller } = d.consent(d.keyOf(organisation, STATE), (deadline) => ({
    type: 'BatchNotice',
    values: [batch.id, kind, organisation, words, batch.events, deadline],
  }));
  return life('noticeBatch', caller, d.header(piece), kind, organisation, words, by);
}

export function endBatch(d: Drawer): Call {
  const { batch } = d.piece((one) => !one.apart && one.batch.blocks.size === 0);
  const kind = d.kind([50, 51, 52]);
  const words = d.words();
  const id = d.dice.once(40) ? batch.id + 1n : batch.id;
  const { by, caller } = d.consent(d.keyOf(batch.whole.holder, TRANSFER), (deadline) => ({
    type: 'BatchEnd',
    values: [id, kind, words, batch.whole.events, batch.events, deadline],
  }));
  return life('endBatch', caller, id, kind, words, by);
}

export function beginRecovery(d: Drawer): Call {
  const movable = d.movable();
  const piece = d.piece((one) => one.recoverable && !one.recovering && movable(one));
  const to = d.dice.once(6) ? d.recipient() : d.dice.of(PEOPLE.filter((person) => person !== piece.owner));
  const organisation = speaker(d, piece);
  // Who may speak for the maker, too, may be an arbiter of others' pieces.
  const arbiter = d.dice.once(6) ? d.organisation('heir') : d.organisation('arbiter');
  const words = d.words();
  const say = (deadline: number) =>
    ({
      type: 'Recovery',
      values: [piece.id, piece.owner, to, organisation, arbiter, words, piece.moves, piece.events, deadline],
    }) as const;
  const maker = d.signature(d.keyOf(organisation, STATE), say);
  const { by, caller } = d.consent(d.keyOf(arbiter, ARBITRATE), say);
  const index = d.dice.once(40) ? piece.batch.header.count : piece.index;
  return life('beginRecovery', caller, d.header(piece), index, to, organisation, arbiter, words, maker, by);
}

export function completeRecovery(d: Drawer): Call {
  const ready = (one: Piece) => one.recovering && (d.dice.once(3) || d.ledger.now >= one.recovery.readyAt);
  return life('completeRecovery', d.anybody(), d.pieceId(d.piece(ready)));
}

export function decide(d: Drawer): Call {
  const { dice, ledger } = d;
  const caller = dice.once(10) ? d.anybody() : ledger.administrator;
  const whom = dice.once(30) ? dice.of(PEOPLE) : dice.once(3) ? d.organisation('shop') : d.anyOrganisation();
  const call = (method: string, ...args: unknown[]): Call => ({ contract: 'organisations', method, caller, args });
  const suspended = ledger.organisations.get(whom)?.suspended === true;
  if (suspended && dice.once(2)) return call('reinstate', whom);
  return dice.of([
    () => call('suspend', whom, 'unpaid'),
    () => call('reinstate', whom),
    () => call('setRoles', whom, dice.of([0, 1, 4, 8, 32, 63, 63, 64])),
    () => call('succeed', whom, d.anyOrganisation()),
    () => call('succeed', d.organisation('service'), d.organisation('shop')),
  ])();
}

/** How many seconds pass. */
export function passTime(d: Drawer): number {
  return d.dice.of([1, 3_600, DAY, 29 * DAY, 30 * DAY, 30 * DAY, 89 * DAY, 90 * DAY, 91 * DAY]);
}

/** What somebody waits for comes next: a story that chance alone would seldom tell to its end. */
export function follow(d: Drawer): Call {
  const { ledger } = d;
  const waits = d.dice.of<(one: Piece) => boolean>([
    (one) => one.blocked,
    (one) => one.recovering,
    (one) => one.recoverable && !one.recovering && !ledger.isImmobile(one),
  ]);
  const piece = d.piece(waits);
  if (!piece.recovering && !piece.blocked) return beginRecovery(d);
  const time = piece.recovering ? piece.recovery.readyAt : (piece.day + 1) * DAY;
  // The very second, or just before it, or a day.
  const early = d.dice.of([0, 0, 0, 1, d.dice.below(DAY), DAY]);
  const after = Math.max(time - early - ledger.now, 0);
  const { blocked } = piece;
  if (blocked && d.dice.once(4)) return withdrawReport(d);
  return { ...life(blocked ? 'lapse' : 'completeRecovery', d.anybody(), d.pieceId(piece)), after };
}

function ownerAct(d: Drawer, { id, owner, moves, events }: Piece, kind: number) {
  return d.consent(d.keyOf(owner, TRANSFER), (deadline) => ({
    type: 'OwnerAct',
    values: [id, kind, moves, events, deadline],
  }));
}

/** Who registered it, or whoever speaks for them, mostly. */
function speaker(d: Drawer, { batch }: Piece): string {
  const registrant = batch.header.organisation;
  if (d.dice.once(10)) return d.anyOrganisation();
  const heir = d.ledger.organisations.get(registrant)?.successor;
  return heir !== undefined && BigInt(heir) !== 0n && d.dice.once(2) ? heir : registrant;
}
