// Owns reading lots from the index as they came about, and traces back to what was declared. What became of them is
// lot-standings.ts's.
import { viewOf } from '../core/attestation.ts';
import type { TokenId } from '../core/batch.ts';
import { SUBJECT_KINDS } from '../core/certificate.ts';
import { isoTime } from '../core/events.ts';
import type { Hex32 } from '../core/hash.ts';
import {
  custodyOf,
  headerOfLot,
  LOT_OPERATIONS,
  type LotHeader,
  type LotId,
  type LotOperation,
  type LotStatement,
  readLot,
  unitOf,
} from '../core/lot.ts';
import { type LotView, MOST_LEVELS, MOST_TRACED, type TracedLot } from '../core/lot-view.ts';
import type { AsOf } from '../core/passport.ts';
import type { Sql } from '../ports.ts';
import { type CertificateRow, certificatesAbout, factsOfRows } from './certificates.ts';
import { handlesOf } from './organisations.ts';

export interface LotRow {
  readonly lot_id: LotId;
  readonly block: number;
  readonly time: number;
  readonly transaction: Hex32;
  readonly operation: number;
  readonly organisation: string;
  readonly material: Hex32;
  readonly fineness: number;
  readonly unit: number;
  readonly custody: number;
  readonly origin: Hex32;
  readonly quantity: number;
  readonly content_hash: Hex32;
  readonly parents: Hex32;
  readonly salt: Hex32;
  readonly content: string | null;
}

export const LOT = 'SELECT l.*, t.content FROM lots l LEFT JOIN certificate_contents t ON t.hash = l.content_hash';

export function headerIn(row: Omit<LotRow, 'content'>): LotHeader {
  const { organisation, material, fineness, unit, custody, origin, quantity, parents, salt } = row;
  return {
    organisation,
    material,
    fineness,
    unit,
    custody,
    origin,
    quantity,
    contentHash: row.content_hash,
    parents,
    salt,
  };
}

/** The headers of those of these lots that are known. */
export async function lotHeaders(sql: Sql, lotIds: readonly string[]): Promise<Map<Hex32, LotHeader>> {
  if (lotIds.length === 0) return new Map();
  const rows = await sql.query<LotRow>('SELECT * FROM lots WHERE lot_id = ANY($1)', [lotIds]);
  return new Map(rows.map((row) => [row.lot_id, headerIn(row)]));
}

/** Words that stand for another kind of material than the header are nobody's. */
export function statementIn(row: LotRow): LotStatement | null {
  const statement = row.content === null ? undefined : readLot(row.content);
  if (!statement) return null;
  const said = headerOfLot(row.organisation, statement);
  const alike = (['material', 'fineness', 'unit', 'custody', 'origin'] as const).every(
    (name) => said[name] === row[name],
  );
  return alike ? statement : null;
}

export async function viewsOf(sql: Sql, asOf: AsOf, rows: readonly LotRow[]): Promise<LotView[]> {
  const handles = await handlesOf(
    sql,
    rows.map(({ organisation }) => organisation),
  );
  const taken = await sql.query<{ parents: Hex32; lot_id: LotId; quantity: number }>(
    `SELECT parents, lot_id, sum(quantity)::bigint AS quantity FROM lot_events WHERE parents = ANY($1) AND transaction = ANY($2)
     GROUP BY parents, lot_id ORDER BY lot_id`,
    [rows.map(({ parents }) => parents), rows.map(({ transaction }) => transaction)],
  );
  const pieces = await sql.query<{ parents: Hex32; token_id: TokenId }>(
    'SELECT parents, token_id FROM piece_returns WHERE parents = ANY($1)',
    [rows.map(({ parents }) => parents)],
  );
  const certificates = await certificatesOf(
    sql,
    asOf,
    rows.map(({ lot_id: lotId }) => lotId),
  );
  return rows.map((row) => ({
    lotId: row.lot_id,
    operation: operationOf(row.operation),
    by: { address: row.organisation, handle: handles.get(row.organisation) ?? null },
    at: isoTime(row.time),
    block: row.block,
    transaction: row.transaction,
    final: row.block <= asOf.finalBlock,
    quantity: row.quantity,
    unit: unitOf(row.unit) ?? 'mg',
    fineness: row.fineness === 0 ? null : row.fineness,
    custody: custodyOf(row.custody),
    header: headerIn(row),
    statement: statementIn(row),
    madeOf: taken
      .filter(({ parents }) => parents === row.parents)
      .map(({ lot_id: lotId, quantity }) => ({ lotId, quantity })),
    returned: pieces.find(({ parents }) => parents === row.parents)?.token_id ?? null,
    certificates: certificates.get(row.lot_id) ?? [],
  }));
}

export function operationOf(number: number): LotOperation {
  return (Object.keys(LOT_OPERATIONS) as LotOperation[]).find((name) => LOT_OPERATIONS[name] === number) ?? 'declared';
}

async function certificatesOf(sql: Sql, asOf: AsOf, lotIds: readonly LotId[]) {
  const rows: CertificateRow[] = await certificatesAbout(
    sql,
    lotIds.map((subject) => ({ kind: SUBJECT_KINDS.lot, subject })),
  );
  const byLot = new Map<string, LotView['certificates'][number][]>();
  for (const fact of await factsOfRows(sql, rows)) {
    const { subject } = fact.fields;
    byLot.set(subject, [...(byLot.get(subject) ?? []), viewOf(fact, asOf)]);
  }
  return byLot;
}

/** Lots with their parents, level by level, each once. */
export async function tracesOf(
  sql: Sql,
  asOf: AsOf,
  lotIds: readonly string[],
): Promise<{ traces: TracedLot[]; more: boolean }> {
  const traces: TracedLot[] = [];
  const seen = new Set<string>();
  let next = [...new Set(lotIds)];
  for (let level = 0; next.length > 0 && level <= MOST_LEVELS; level++) {
    const room = next.slice(0, MOST_TRACED - traces.length);
    if (room.length === 0) break;
    for (const lotId of room) seen.add(lotId);
    const rows = await sql.query<LotRow>(`${LOT} WHERE l.lot_id = ANY($1) ORDER BY l.lot_id`, [room]);
    const views = await viewsOf(sql, asOf, rows);
    traces.push(...views.map((view) => ({ ...view, level })));
    const rest = next.slice(room.length);
    const parents = views.flatMap(({ madeOf }) => madeOf.map(({ lotId }) => lotId)).filter((lotId) => !seen.has(lotId));
    next = [...rest, ...new Set(parents)];
  }
  return { traces, more: next.length > 0 };
}
