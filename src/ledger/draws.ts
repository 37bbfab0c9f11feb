// Owns drawing from lots for sealed batches, before they are registered: a batch whose draws are not on the chain waits, so
// nothing is registered whose draw failed. Whether it is drawn is read from the index alone. A crash before the outbox has
// the draw leaves the batch as it was, to be looked at again; after it, the relayer sends it; the registration follows once
// the index has seen the draw, whoever is the leader then.
import { actTypedData } from '../core/act.ts';
import { DRAW, type DrawnLot, drawCall } from '../core/acts-lots-draw.ts';
import { TouchstoneError } from '../core/errors.ts';
import { type LotId, MOST_LOTS } from '../core/lot.ts';
import type { Ledger } from '../ports.ts';
import { permittedKey, signAs } from './accounts.ts';
import type { Cursor } from './indexer.ts';
import { PERMISSION } from './organisations.ts';
import { enlist, gasFor } from './relay.ts';
import { headerOf, type SealedRow } from './seal.ts';

/** How much batch `b` has not drawn yet of each lot that its records name. */
export const SHORT = `
  SELECT m.lot_id, ceil(m.fine / greatest(l.fineness, 1)) - coalesce(
    (SELECT sum(e.quantity) FROM lot_events e WHERE e.batch_id = b.batch_id AND e.lot_id = m.lot_id), 0) AS short
  FROM batch_masses m LEFT JOIN lots l ON l.lot_id = m.lot_id AND m.material = l.material AND m.unit = l.unit
    AND m.metal = (l.fineness > 0)
  WHERE m.batch_no = b.no AND (l.lot_id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM lots k WHERE k.lot_id = m.lot_id))`;

/** A batch may be registered once this holds. Of most batches nothing names a lot, which one look at an index tells. */
export const ALL_DRAWN = `NOT EXISTS (SELECT 1 FROM (${SHORT}) AS s WHERE s.short IS NULL OR s.short > 0)`;

/**
 * How much is short and how many events its lot had, by one statement, so as of one moment: what is signed says both, and
 * once anything has been drawn, here or by a leader of before, the contract takes it no more. A reorganisation may take a
 * registered batch's draw alone: it is drawn again. A draw that failed could succeed in other blocks until that is final.
 * Batches whose lots are not on the chain now wait, and of refused ones the first are no others' obstacle.
 */
const TO_DRAW = `
  SELECT b.no, b.batch_id, b.organisation, b.root, b.count, b.mode, b.payload_hash, b.parts,
    (SELECT json_agg(json_build_object('lotId', s.lot_id, 'quantity', s.short, 'events',
       coalesce((SELECT max(number) FROM lot_events e WHERE e.lot_id = s.lot_id), 1)) ORDER BY s.lot_id)
     FROM (${SHORT}) AS s WHERE s.short > 0) AS lots
  FROM batches b WHERE b.sealed_here AND EXISTS (SELECT 1 FROM batch_masses m WHERE m.batch_no = b.no)
    AND (NOT EXISTS (SELECT 1 FROM anchors a WHERE a.batch_no = b.no AND a.block <= $1)
      OR b.batch_id IN (SELECT ref FROM transactions WHERE purpose = 'draw' AND NOT succeeded))
    AND NOT EXISTS (SELECT 1 FROM transactions t WHERE t.purpose = 'draw' AND t.ref = b.batch_id AND t.block > $1
                    AND NOT t.succeeded)
    AND NOT EXISTS (SELECT 1 FROM batch_masses m LEFT JOIN lots l USING (lot_id)
                    WHERE m.batch_no = b.no AND l.lot_id IS NULL)
    AND NOT (${ALL_DRAWN})
  ORDER BY b.refusal IS NOT NULL, CASE WHEN b.refusal IS NULL THEN b.no ELSE random() END LIMIT 16`;

/** What is under way with a lot has to be seen first: a draw's signature names how many events its lots had. */
const UNDER_WAY = `
  SELECT m.lot_id FROM transactions t JOIN batches b ON b.batch_id = t.ref JOIN batch_masses m ON m.batch_no = b.no
  WHERE t.purpose = 'draw' AND (t.block IS NULL OR t.block > $1)
  UNION SELECT substr(subject, 5) FROM acts, unnest(subjects) AS subject WHERE NOT done AND subject LIKE 'lot %'`;

/** The typed data's signature, as long as a registration's. */
const SIGNATURE_S = 24 * 60 * 60;
const DRAW_WORK = 120_000n;
const DRAW_WORK_EACH = 50_000n;

interface DrawRow extends SealedRow {
  readonly lots: readonly (DrawnLot & { readonly lotId: LotId })[] | null;
}

/** Enlists the draws of sealed batches, one at a time of each lot. True if there was any. */
export async function drawNext(ledger: Ledger, indexed: Pick<Cursor, 'number' | 'finalBlock'>): Promise<boolean> {
  const rows = await ledger.db.query<DrawRow>(TO_DRAW, [indexed.finalBlock]);
  if (rows.length === 0) return false;
  const waiting = await ledger.db.query<{ lot_id: LotId }>(UNDER_WAY, [indexed.number]);
  const busy = new Set(waiting.map(({ lot_id: lotId }) => lotId));
  let enlisted = 0;
  for (const row of rows) {
    const lots = (row.lots ?? []).slice(0, MOST_LOTS);
    if (lots.length === 0 || lots.some(({ lotId }) => busy.has(lotId))) continue;
    for (const { lotId } of lots) busy.add(lotId);
    if (await draw(ledger, row, lots)) enlisted += 1;
  }
  return enlisted > 0;
}

async function draw(ledger: Ledger, row: DrawRow, lots: readonly DrawnLot[]): Promise<boolean> {
  for (const { lotId, events } of lots) {
    // The index has not seen all of it, or what it saw is gone: it will, and no signature would hold until then.
    if ((await ledger.chain.lotOf(lotId))?.events !== events) return false;
  }
  const refusal = await enlistDraw(ledger, row, lots);
  if (refusal === undefined) return true;
  await ledger.db.query('UPDATE batches SET refusal = $2 WHERE no = $1', [row.no, refusal]);
  ledger.log.warn({ batch: row.batch_id, refusal }, 'a batch waits: its lots can not be drawn from');
  return false;
}

/** @returns why it can not be done now, in the contract's words */
async function enlistDraw(ledger: Ledger, row: DrawRow, lots: readonly DrawnLot[]): Promise<string | undefined> {
  const { chain, now } = ledger;
  const { organisation } = row;
  const deadline = Math.floor(now() / 1000) + SIGNATURE_S;
  try {
    const key = await permittedKey(ledger, organisation, PERMISSION.register);
    const place = { chainId: chain.chainId, address: chain.lots };
    const message = { batchId: row.batch_id, lots };
    const data = actTypedData(place, 'lots', DRAW, { fields: message, standing: undefined, deadline });
    const signature = await signAs(ledger, organisation, key, data);
    const encoded = chain.encodeAct(drawCall(headerOf(row), lots, { key: key.address, deadline, signature }));
    const call = { ...encoded, gas: gasFor(encoded.data, DRAW_WORK + DRAW_WORK_EACH * BigInt(lots.length)) };
    const refusal = await chain.refusal(call);
    if (refusal !== undefined) return refusal;
    await ledger.db.transaction((sql) => enlist(sql, ledger, [{ purpose: 'draw', ref: row.batch_id, call }]));
    return undefined;
  } catch (error) {
    if (error instanceof TouchstoneError && error.code === 'key-not-permitted') return error.code;
    throw error;
  }
}
