// Owns what a passport tells of the lots that a piece's materials came from: read from the index, as of its block. Records
// without lots cost nothing here.
import type { CertificateFacts } from '../core/attestation.ts';
import { type BatchId, PUBLISHED } from '../core/batch.ts';
import type { Hex32 } from '../core/hash.ts';
import { balanceOf, commits, misfit } from '../core/lot-balance.ts';
import type { Balance, Named, PieceLots } from '../core/lot-view.ts';
import { ZERO_32 } from '../core/merkle.ts';
import type { AsOf } from '../core/passport.ts';
import type { PieceRecord } from '../core/record.ts';
import type { Sql } from '../ports.ts';
import { statedOfBatch } from './lot-needs.ts';
import { lotHeaders, tracesOf } from './lots.ts';

interface Piece {
  readonly id: number;
  readonly record: PieceRecord;
  readonly organisation: string;
  readonly mode: number;
  /** Of the batch it is in, once that is on the chain. */
  readonly batch: { readonly no: number; readonly id: BatchId } | null;
}

/** Null if its record names no lots. */
export async function lotsOfPiece(
  sql: Sql,
  piece: Piece,
  certificates: readonly CertificateFacts[],
  asOf: AsOf,
): Promise<PieceLots | null> {
  const { record, batch } = piece;
  const named = record.materials.flatMap(({ lot }, material) => (lot ? [{ material, lotId: lot as Hex32 }] : []));
  if (named.length === 0) return null;
  const lotIds = [...new Set(named.map(({ lotId }) => lotId))];
  const headers = await lotHeaders(sql, lotIds);
  const materials = named.map(({ material, lotId }) => {
    const header = headers.get(lotId);
    const of = record.materials[material] as PieceRecord['materials'][number];
    return { material, lotId, fits: header ? misfit(of, header) === undefined : null };
  });
  const sums = batch && piece.mode === PUBLISHED ? await statedOfBatch(sql, batch.no) : null;
  const drawn = batch ? await drawnFor(sql, batch.id, lotIds) : new Map<string, number>();
  const balance: Balance[] = batch
    ? lotIds.map((lotId) => {
        const attested = attestedSum(certificates, piece.organisation, lotId, asOf);
        return balanceOf(lotId, headers.get(lotId), sums, drawn.get(lotId) ?? 0, attested);
      })
    : [];
  const { traces, more } = await tracesOf(sql, asOf, lotIds);
  const committed = batch === null ? null : commits(record, await extraOfPiece(sql, piece.id));
  return { materials, traces, more, balance, committed };
}

async function drawnFor(sql: Sql, batchId: BatchId, lotIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await sql.query<{ lot_id: string; quantity: number }>(
    `SELECT lot_id, sum(quantity)::bigint AS quantity FROM lot_events
     WHERE batch_id = $1 AND kind = 'drawn' AND lot_id = ANY($2) GROUP BY lot_id`,
    [batchId, lotIds],
  );
  return new Map(rows.map(({ lot_id: lotId, quantity }) => [lotId, quantity]));
}

async function extraOfPiece(sql: Sql, id: number): Promise<Hex32> {
  const [row] = await sql.query<{ extra: Hex32 | null }>(
    `SELECT '0x' || encode(extra, 'hex') AS extra FROM pieces WHERE id = $1`,
    [id],
  );
  return row?.extra ?? ZERO_32;
}

/** The latest word in force of somebody else than who registered, on what the batch's records add up to. */
function attestedSum(
  certificates: readonly CertificateFacts[],
  registrant: string,
  lotId: Hex32,
  { time }: AsOf,
): { by: Named; quantity: number } | undefined {
  const found = certificates.findLast(({ statement, revoked, fields, certifier }) => {
    const inForce = revoked === null && (fields.validUntil === 0 || fields.validUntil > time);
    const sums = statement?.type === 'mass-balance' && statement.subject.kind === 'batch' ? statement.balance : [];
    return inForce && certifier.address !== registrant && sums?.some(({ lot }) => lot === lotId);
  });
  const quantity = found?.statement?.balance?.find(({ lot }) => lot === lotId)?.quantity;
  if (!found || quantity === undefined) return undefined;
  return { by: { address: found.certifier.address, handle: found.certifier.handle }, quantity };
}
