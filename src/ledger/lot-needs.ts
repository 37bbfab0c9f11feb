// Owns what accepted pieces need of lots before their batches have drawn it: checked and kept when a record is accepted,
// added up when its batch is sealed. Records without lots never come here.
import type { Fault } from '../core/errors.ts';
import type { Hex32 } from '../core/hash.ts';
import { extraOf, type LotHeader, massesOf } from '../core/lot.ts';
import { misfit, type StatedMass, statedIn, takenOf } from '../core/lot-balance.ts';
import type { PieceRecord } from '../core/record.ts';
import type { Sql } from '../ports.ts';
import { headerIn } from './lots.ts';
import { handlesOf } from './organisations.ts';

/** What is still to be drawn from lot `l` for batches sealed here. */
const UNDRAWN = `
  SELECT sum(greatest(0, ceil(m.fine / greatest(l.fineness, 1)) - coalesce(
    (SELECT sum(e.quantity) FROM lot_events e WHERE e.batch_id = b.batch_id AND e.lot_id = m.lot_id), 0)))
  FROM batch_masses m JOIN batches b ON b.no = m.batch_no
  WHERE m.lot_id = l.lot_id AND b.sealed_here AND m.material = l.material AND m.unit = l.unit
    AND m.metal = (l.fineness > 0)`;

/** Lots as they stand and what of them is promised already: all by one statement, so as of one moment. */
const STANDING = `
  SELECT l.*,
    coalesce((SELECT to_address FROM lot_events e WHERE e.lot_id = l.lot_id AND e.kind = 'moved'
              ORDER BY number DESC LIMIT 1), l.organisation) AS holder,
    (l.quantity - coalesce((SELECT sum(quantity) FROM lot_events e WHERE e.lot_id = l.lot_id), 0))::bigint AS remaining,
    (coalesce((SELECT sum(quantity) FROM lot_needs n WHERE n.lot_id = l.lot_id), 0)
     + coalesce((${UNDRAWN}), 0))::bigint AS reserved,
    EXISTS (SELECT 1 FROM acts WHERE subjects && ARRAY['lot ' || l.lot_id] AND NOT done) AS busy
  FROM lots l WHERE l.lot_id = ANY($1)`;

interface Standing {
  readonly header: LotHeader;
  readonly holder: string;
  readonly remaining: number;
  reserved: number;
  readonly busy: boolean;
}

type Row = Parameters<typeof headerIn>[0] & Omit<Standing, 'header'>;

async function standingsOf(sql: Sql, lotIds: readonly string[]): Promise<Map<string, Standing>> {
  const rows = await sql.query<Row>(STANDING, [lotIds]);
  return new Map(rows.map((row) => [row.lot_id, { ...row, header: headerIn(row) }]));
}

/** How much of each of these lots is promised to pieces and batches that have not drawn it. */
export async function reservedOf(sql: Sql, lotIds: readonly string[]): Promise<Map<string, number>> {
  return new Map([...(await standingsOf(sql, lotIds))].map(([lotId, { reserved }]) => [lotId, reserved]));
}

/**
 * One after the other within an organisation, which alone draws from its lots: of two that need the same rest, the second
 * sees what the first was promised. Held until the caller's transaction ends.
 */
export async function lockLots(sql: Sql, organisation: string): Promise<void> {
  await sql.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`touchstone.lots ${organisation}`]);
}

/** A record that was stored under its path just now, and whose materials name lots. */
export interface NewPiece {
  readonly path: string;
  readonly record: PieceRecord;
}

/**
 * Keeps what new pieces need of their lots; part of the transaction that stores them, after `lockLots`. A piece whose lots
 * can't give it is taken back.
 * @returns for each, what speaks against it; nothing if it was kept
 */
export async function keepNeeds(sql: Sql, organisation: string, pieces: readonly NewPiece[]): Promise<Fault[][]> {
  const lotIds = new Set(pieces.flatMap(({ record }) => record.materials.flatMap(({ lot }) => lot ?? [])));
  const standings = await standingsOf(sql, [...lotIds]);
  const handles = await handlesOf(
    sql,
    [...standings.values()].map(({ holder }) => holder),
  );
  const all: Fault[][] = [];
  for (const piece of pieces) {
    const { record, path } = piece;
    const faults = [...misfits(record, standings, organisation, handles), ...shortages(record, standings)];
    all.push(faults);
    if (faults.length === 0) await keep(sql, organisation, piece, standings);
    else {
      await sql.query(
        `WITH gone AS (DELETE FROM pieces WHERE path = $1 AND organisation = $2 AND holds_path RETURNING id)
         DELETE FROM unsealed USING gone WHERE piece_id = id`,
        [path, organisation],
      );
    }
  }
  return all;
}

function misfits(
  { materials }: PieceRecord,
  standings: ReadonlyMap<string, Standing>,
  organisation: string,
  handles: ReadonlyMap<string, string>,
): Fault[] {
  return materials.flatMap((material, i) => {
    if (material.lot === undefined) return [];
    const standing = standings.get(material.lot);
    const reason = !standing
      ? 'is no lot that is known here'
      : standing.holder !== organisation
        ? `is held by ${handles.get(standing.holder) ?? standing.holder}, not by you: only who holds a lot draws from it`
        : standing.busy
          ? 'has something else under way: try again in a moment'
          : misfit(material, standing.header);
    return reason === undefined ? [] : [{ field: `materials.${i}.lot`, reason }];
  });
}

/** By lot, what a record takes of it. Rounded up for each piece, so it is enough however pieces come to batches. */
function needsOf(record: PieceRecord, standings: ReadonlyMap<string, Standing>) {
  return statedIn(record).flatMap((stated) => {
    const standing = standings.get(stated.lotId);
    const taken = standing && takenOf(standing.header, stated);
    return taken === undefined ? [] : [{ stated, standing: standing as Standing, taken: Number(taken) }];
  });
}

function shortages(record: PieceRecord, standings: ReadonlyMap<string, Standing>): Fault[] {
  return needsOf(record, standings).flatMap(({ stated, standing: { remaining, reserved }, taken }) => {
    if (taken <= remaining - reserved) return [];
    const i = record.materials.findLastIndex(({ lot }) => lot === stated.lotId);
    const kept = reserved === 0 ? '' : `, of which ${reserved} are kept for pieces that wait`;
    const reason = `has not enough left: this takes ${taken}, and ${remaining} remain${kept} (in the lot’s unit)`;
    return [{ field: `materials.${i}.lot`, reason }];
  });
}

async function keep(
  sql: Sql,
  organisation: string,
  { path, record }: NewPiece,
  standings: ReadonlyMap<string, Standing>,
): Promise<void> {
  const needs = needsOf(record, standings);
  for (const { standing, taken } of needs) standing.reserved += taken;
  const rows = needs.map(({ stated, taken }) => ({ ...rowOf(stated), q: taken }));
  await sql.query(
    `WITH piece AS (UPDATE pieces SET extra = decode($3, 'hex') WHERE path = $1 AND organisation = $2 AND holds_path
                    RETURNING id)
     INSERT INTO lot_needs (piece_id, lot_id, material, unit, metal, fine, quantity)
     SELECT piece.id, l, m, u, t, f, q FROM piece, json_to_recordset($4::json)
       AS r(l text, m text, u smallint, t boolean, f numeric, q bigint)`,
    [path, organisation, extraOf(massesOf(record)).slice(2), JSON.stringify(rows)],
  );
}

const rowOf = ({ lotId, material, unit, metal, fine }: StatedMass) => ({
  l: lotId,
  m: material,
  u: unit,
  t: metal,
  f: fine.toString(),
});

/** The needs of a batch's pieces become the batch's; part of the transaction that seals it. */
export async function sealNeeds(sql: Sql, batchNo: number, pieceIds: readonly number[]): Promise<void> {
  await sql.query(
    `WITH gone AS (DELETE FROM lot_needs WHERE piece_id = ANY($2::bigint[]) RETURNING *)
     INSERT INTO batch_masses (batch_no, lot_id, material, unit, metal, fine)
     SELECT $1, lot_id, material, unit, metal, sum(fine) FROM gone GROUP BY lot_id, material, unit, metal`,
    [batchNo, pieceIds],
  );
}

/** The same for a batch that somebody else published. */
export async function noteMasses(sql: Sql, batchNo: number, records: readonly PieceRecord[]): Promise<void> {
  const sums = new Map<string, StatedMass>();
  for (const mass of records.flatMap(statedIn)) {
    const name = [mass.lotId, mass.material, mass.unit, mass.metal].join(' ');
    sums.set(name, { ...mass, fine: (sums.get(name)?.fine ?? 0n) + mass.fine });
  }
  if (sums.size === 0) return;
  await sql.query(
    `INSERT INTO batch_masses (batch_no, lot_id, material, unit, metal, fine)
     SELECT $1, l, m, u, t, f FROM json_to_recordset($2::json) AS r(l text, m text, u smallint, t boolean, f numeric)
     ON CONFLICT DO NOTHING`,
    [batchNo, JSON.stringify([...sums.values()].map(rowOf))],
  );
}

/** What a batch's records state of lots, added up. */
export async function statedOfBatch(sql: Sql, batchNo: number): Promise<StatedMass[]> {
  const rows = await sql.query<{ lot_id: Hex32; material: Hex32; unit: number; metal: boolean; fine: string }>(
    'SELECT lot_id, material, unit, metal, fine::text FROM batch_masses WHERE batch_no = $1 ORDER BY lot_id, material, unit',
    [batchNo],
  );
  return rows.map(({ lot_id: lotId, fine, ...rest }) => ({ lotId, ...rest, fine: BigInt(fine) }));
}
