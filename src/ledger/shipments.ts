// Owns trade between organisations: one offers pieces or ranges, the other accepts once, and only then anything is signed
// and moves. An offer that is declined or withdrawn leaves no signature behind. Moving is the acts' business.
import { type PieceName, SHIPPED_AT_ONCE } from '../core/act-fields.ts';
import type { PiecesStanding, RangeStanding } from '../core/act-standing.ts';
import { type ActWish, actNamed } from '../core/acts.ts';
import { TouchstoneError } from '../core/errors.ts';
import type { Ledger, Sql } from '../ports.ts';
import { type Account, accountOf, type Caller } from './accounts.ts';
import { storeAct } from './act-orders.ts';
import { type CheckedAct, checkAct } from './acts.ts';
import { organisationAt } from './organisations.ts';

/** Four transactions. Whoever ships more has batches and blocks, which cost one slot each. */
export const MOST_SHIPPED = 2_000;
const MOST_FAULTS = 50;

export interface ShippedPiece {
  readonly tokenId: string;
  readonly path: string | null;
  /** As offered: a piece that has moved since is not the one that was meant. */
  readonly moves: number;
}

export interface RangeName {
  readonly batch: string;
  /** 0 for the whole batch, else the number of a block, from 1. */
  readonly part: number;
}

export interface ShippedRange extends RangeName {
  /** As offered: how often it had passed on, and how many of its pieces had left it. */
  readonly events: number;
  readonly departed: number;
}

export interface ShipmentRow {
  readonly id: string;
  readonly no: number;
  readonly from_address: string;
  readonly to_address: string;
  readonly pieces: readonly ShippedPiece[];
  readonly ranges: readonly ShippedRange[];
  readonly note: string | null;
  readonly returns: string | null;
  readonly state: 'offered' | 'accepted' | 'declined' | 'withdrawn';
  readonly created_at: string;
  readonly decided_at: string | null;
}

export interface Offer {
  readonly to: string;
  readonly pieces: readonly PieceName[];
  readonly ranges: readonly RangeName[];
  readonly note: string | null;
}

/** An offer that the chain would carry out now. */
export interface CheckedOffer extends Omit<Offer, 'pieces' | 'ranges'> {
  readonly from: string;
  readonly pieces: readonly ShippedPiece[];
  readonly ranges: readonly ShippedRange[];
  readonly acts: readonly CheckedAct[];
}

/** Looks whether all of it is the caller's and could move now; stores nothing. */
export async function checkOffer(ledger: Ledger, from: Account, offer: Offer): Promise<CheckedOffer> {
  const { to, pieces, ranges } = offer;
  const recipient = to === from.organisation ? undefined : await organisationAt(ledger.db, to);
  if (!recipient) {
    const faults = [{ field: 'to', reason: 'must be another organisation of this ledger' }];
    throw new TouchstoneError('invalid-act', 'Nothing was offered.', { faults });
  }
  const caller: Caller = { ...from, keyId: '', scopes: [] };
  const acts: CheckedAct[] = [];
  for (let at = 0; at < pieces.length; at += SHIPPED_AT_ONCE) {
    const fields = { pieces: pieces.slice(at, at + SHIPPED_AT_ONCE), to };
    acts.push(await checkAct(ledger, caller, wishFor('transfer-many', fields)));
  }
  const passed: ShippedRange[] = [];
  for (const { batch, part } of ranges) {
    const act = await checkAct(ledger, caller, wishFor('pass-range', { batch, part, to }));
    const { events, departed } = act.standing as RangeStanding;
    passed.push({ batch, part, events, departed: departed.length });
    acts.push(act);
  }
  const shipped = acts.flatMap(({ standing }) => (standing as Partial<PiecesStanding>).pieces ?? []);
  refuseTwice(shipped.map(({ tokenId }) => tokenId));
  return {
    ...offer,
    from: from.organisation,
    pieces: shipped.map(({ tokenId, path, moves }) => ({ tokenId, path, moves })),
    ranges: passed,
    acts,
  };
}

function wishFor(name: string, fields: Readonly<Record<string, unknown>>): ActWish {
  return { act: actNamed(name), fields, deadline: undefined, signatures: {} };
}

/** Within one transaction the acts' own reader sees it; here across several. */
function refuseTwice(tokens: readonly string[]): void {
  const seen = new Set<string>();
  const faults = tokens.flatMap((token, i) => {
    if (seen.has(token)) return [{ field: `pieces.${i}`, reason: 'is named twice' }];
    seen.add(token);
    return [];
  });
  if (faults.length === 0) return;
  throw new TouchstoneError('invalid-act', 'Nothing was offered.', { faults: faults.slice(0, MOST_FAULTS) });
}

/** Stores an offer; part of the caller's transaction. Signatures made for looking are forgotten. */
export async function storeOffer(sql: Sql, id: string, offer: CheckedOffer, returns: string | null = null) {
  const stored = await sql.query(
    `INSERT INTO shipments (id, from_address, to_address, pieces, ranges, note, returns, state)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'offered') ON CONFLICT (returns) DO NOTHING RETURNING id`,
    [id, offer.from, offer.to, JSON.stringify(offer.pieces), JSON.stringify(offer.ranges), offer.note, returns],
  );
  // Sent back twice at once: the second waits above until the first is stored.
  if (stored.length === 0) throw returnedAlready();
}

/** What the offering organisation's key signs now that the recipient accepts. */
export async function checkAcceptance(ledger: Ledger, row: ShipmentRow): Promise<CheckedOffer> {
  if (row.state !== 'offered') throw decidedAlready(row.state);
  const from = await accountOf(ledger.db, row.from_address);
  if (!from) throw new TouchstoneError('key-not-permitted', 'No key of the sender is held here. Nothing was moved.');
  const { to_address: to, ranges, note } = row;
  const offer = await checkOffer(ledger, from, { to, pieces: row.pieces, ranges, note });
  const pieces = offer.pieces.flatMap(({ moves }, i) =>
    moves === row.pieces[i]?.moves ? [] : [{ field: `pieces.${i}`, reason: 'has moved since it was offered' }],
  );
  const passed = offer.ranges.flatMap(({ events, departed }, i) => {
    const same = events === row.ranges[i]?.events && departed === row.ranges[i]?.departed;
    return same
      ? []
      : [{ field: `ranges.${i}`, reason: 'has passed on, or a piece has left it, since it was offered' }];
  });
  const faults = [...pieces, ...passed];
  if (faults.length === 0) return offer;
  const message = 'Some pieces have moved since they were offered. Nothing was moved; ask for another shipment.';
  throw new TouchstoneError('stale-act', message, { faults: faults.slice(0, MOST_FAULTS) });
}

/** The shipment and all its acts are stored together, or none: part of the caller's transaction. */
export async function accept(sql: Sql, row: ShipmentRow, offer: CheckedOffer, newId: () => string): Promise<void> {
  await decide(sql, row, 'accepted');
  for (const act of offer.acts) await storeAct(sql, newId(), act, row.id);
}

/** @throws TouchstoneError stale-act where it was decided already */
export async function decide(sql: Sql, { id }: ShipmentRow, state: ShipmentRow['state']): Promise<void> {
  const decided = await sql.query(
    `UPDATE shipments SET state = $2, decided_at = now() WHERE id = $1 AND state = 'offered' RETURNING id`,
    [id, state],
  );
  if (decided.length === 1) return;
  const [now] = await sql.query<{ state: string }>('SELECT state FROM shipments WHERE id = $1', [id]);
  throw decidedAlready(now?.state ?? 'gone');
}

function decidedAlready(state: string): TouchstoneError {
  return new TouchstoneError('stale-act', `The shipment was ${state} already. Nothing was changed.`);
}

/** The way back, from who has it to who sent it: made and accepted in one step, for who gets it back had it. */
export async function checkReturn(ledger: Ledger, caller: Account, row: ShipmentRow): Promise<CheckedOffer> {
  if (row.state !== 'accepted') {
    const message = `The shipment was ${row.state}, so there is nothing to send back.`;
    throw new TouchstoneError('invalid-act', message);
  }
  const [open] = await ledger.db.query('SELECT 1 FROM acts WHERE shipment = $1 AND NOT done LIMIT 1', [row.id]);
  if (open) {
    const message = 'The shipment is still on its way. Wait until it has arrived. Nothing was sent back.';
    throw new TouchstoneError('act-under-way', message, { retry: { afterSeconds: 2 } });
  }
  await refuseReturned(ledger.db, row);
  const back = { to: row.from_address, pieces: row.pieces, ranges: row.ranges, note: null };
  return checkOffer(ledger, caller, back);
}

export async function storeReturn(
  sql: Sql,
  id: string,
  row: ShipmentRow,
  offer: CheckedOffer,
  newId: () => string,
): Promise<void> {
  await refuseReturned(sql, row);
  await storeOffer(sql, id, offer, row.id);
  await accept(sql, { ...row, id }, offer, newId);
}

async function refuseReturned(sql: Sql, { id }: ShipmentRow): Promise<void> {
  const [before] = await sql.query('SELECT 1 FROM shipments WHERE returns = $1', [id]);
  if (before) throw returnedAlready();
}

function returnedAlready(): TouchstoneError {
  return new TouchstoneError('stale-act', 'The shipment was sent back already. Nothing was changed.');
}

/** One of the caller's own, on either side. @throws TouchstoneError not-found */
export async function shipmentOf(sql: Sql, caller: Account, id: string): Promise<ShipmentRow> {
  const [row] = await sql.query<ShipmentRow>(
    'SELECT * FROM shipments WHERE id = $1 AND $2 IN (from_address, to_address)',
    [id, caller.organisation],
  );
  if (row) return row;
  throw new TouchstoneError('not-found', 'Your organisation has no such shipment.');
}
