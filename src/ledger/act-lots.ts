// Owns how lots stand that an act is about: headers from the index, the rest from the chain at the moment of asking. What
// pieces that wait were promised is not given away by another act.
import type { EndedPieceStanding, LotInput, LotsStanding, NewLotStanding } from '../core/act-standing.ts';
import { type BatchHeader, splitTokenId, type TokenId } from '../core/batch.ts';
import { type Fault, TouchstoneError } from '../core/errors.ts';
import { ascending, headerOfLot, type LotId, type LotStatement, massesOf } from '../core/lot.ts';
import type { PieceRecord } from '../core/record.ts';
import type { Ledger, Sql } from '../ports.ts';
import { lockLots, reservedOf } from './lot-needs.ts';
import { lotHeaders } from './lots.ts';

type Fields = Readonly<Record<string, unknown>>;

export const nameOfLot = (lotId: string): string => `lot ${lotId}`;

/** @throws TouchstoneError invalid-request if nobody is named and nobody asks */
export function newLotStanding(fields: Fields): NewLotStanding {
  const organisation = fields['organisation'] as string | undefined;
  if (organisation === undefined) {
    const faults = [{ field: 'organisation', reason: 'must be there: nobody else is named by an API key' }];
    throw new TouchstoneError('invalid-request', 'Who declares the lot is missing. Nothing was done.', { faults });
  }
  const statement = fields['statement'] as LotStatement;
  return { header: headerOfLot(organisation, statement, { salt: fields['salt'] as LotId }) };
}

/** How much an act takes of each lot it names; all that remains where it says nothing. */
function namedIn(fields: Fields): { path: string; lotId: LotId; taken: number | 'all' }[] {
  const inputs = fields['inputs'] as { lot: LotId; quantity: number }[] | undefined;
  if (inputs) return inputs.map(({ lot, quantity }, i) => ({ path: `inputs.${i}.lot`, lotId: lot, taken: quantity }));
  const lots = fields['lots'] as LotId[] | undefined;
  if (lots) return lots.map((lotId, i) => ({ path: `lots.${i}`, lotId, taken: 'all' }));
  const quantities = fields['quantities'] as number[] | undefined;
  const taken = quantities ? quantities.reduce((sum, one) => sum + one, 0) : 'all';
  return [{ path: 'lot', lotId: fields['lot'] as LotId, taken }];
}

/** @throws TouchstoneError invalid-act, not-found */
export async function lotsStanding({ db, chain }: Ledger, fields: Fields): Promise<LotsStanding> {
  const named = namedIn(fields);
  const ids = ascending([...new Set(named.map(({ lotId }) => lotId))]);
  const headers = await lotHeaders(db, ids);
  const standings = await Promise.all(ids.map((lotId) => chain.lotOf(lotId)));
  const found = new Map(ids.map((lotId, i) => [lotId, standings[i]]));
  const holder = standings[0]?.holder as string;
  const faults = named.flatMap(({ path, lotId }, i): Fault[] => {
    const fault = (reason: string) => [{ field: path, reason }];
    if (!headers.has(lotId) || !found.get(lotId)) return fault('is no lot that is known here');
    if (named.findIndex((one) => one.lotId === lotId) < i) return fault('is named twice');
    return found.get(lotId)?.holder === holder ? [] : fault('has another holder than the first');
  });
  if (faults.length > 0) throw new TouchstoneError('invalid-act', 'These lots can not be used so.', { faults });
  const lots = ids.map((lotId): LotInput => {
    const { remaining, events } = found.get(lotId) as { remaining: number; events: number };
    return { lotId, header: headers.get(lotId) as LotInput['header'], remaining, events };
  });
  const batch = fields['batch'] === undefined ? null : await batchHeader(db, fields['batch'] as string);
  if (batch === null) await refuseReserved(db, fields, lots);
  return { holder, lots, batch };
}

/**
 * What is promised to pieces that were accepted stays for them.
 * @throws TouchstoneError invalid-act
 */
async function refuseReserved(sql: Sql, fields: Fields, lots: readonly LotInput[]): Promise<void> {
  const reserved = await reservedOf(
    sql,
    lots.map(({ lotId }) => lotId),
  );
  const faults = namedIn(fields).flatMap(({ path, lotId, taken }): Fault[] => {
    const kept = reserved.get(lotId) ?? 0;
    const { remaining } = lots.find((lot) => lot.lotId === lotId) as LotInput;
    const takes = taken === 'all' ? remaining : taken;
    if (kept === 0 || takes <= remaining - kept) return [];
    return [{ field: path, reason: `has ${remaining} left, of which ${kept} are kept for pieces that wait` }];
  });
  if (faults.length === 0) return;
  throw new TouchstoneError(
    'invalid-act',
    'A lot is promised to pieces that wait to be registered. Nothing was done.',
    {
      faults,
    },
  );
}

/** The same once more while nobody can be promised anything of these lots; part of the transaction that stores an act. */
export async function keepPromises(sql: Sql, fields: Fields, standing: unknown): Promise<void> {
  const { lots, holder, batch } = standing as Partial<LotsStanding>;
  if (!lots || holder === undefined || batch !== null) return;
  await lockLots(sql, holder);
  await refuseReserved(sql, fields, lots);
}

async function batchHeader(sql: Sql, batchId: string): Promise<BatchHeader> {
  const [row] = await sql.query<BatchHeader>(
    `SELECT organisation, root, count, mode, payload_hash AS "payloadHash", parts FROM batches WHERE batch_id = $1`,
    [batchId],
  );
  if (row) return row;
  throw new TouchstoneError('not-found', 'The batch is not known here. Nothing was done.');
}

/** What a piece's record says came from lots. */
export async function massesOfPiece(
  { db }: Ledger,
  tokenId: TokenId,
): Promise<Pick<EndedPieceStanding, 'masses' | 'sources'>> {
  const { batchId, index } = splitTokenId(tokenId);
  const [row] = await db.query<{ record: string }>(
    `SELECT p.record FROM batches b JOIN members m ON m.batch_no = b.no JOIN pieces p ON p.id = m.piece_id
     WHERE b.batch_id = $1 AND m.index = $2::bigint`,
    [batchId, index],
  );
  const masses = row ? massesOf(JSON.parse(row.record) as PieceRecord) : [];
  const headers = await lotHeaders(
    db,
    masses.map(({ lotId }) => lotId),
  );
  if (headers.size > 0) return { masses, sources: [...headers.values()] };
  throw new TouchstoneError('invalid-act', 'Nothing in this piece’s record came from a lot. Nothing was done.');
}
