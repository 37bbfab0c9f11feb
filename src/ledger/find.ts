// Owns reading: from a public path or token id to the facts of a piece, its passport, and lists of pieces. Reads the
// index only, never the chain, so it answers while the node is away; what it says is as of the index's block.
import { subjectsOf } from '../core/attestation.ts';
import { type BatchId, PUBLISHED, splitTokenId, type TokenId, tokenIdOf } from '../core/batch.ts';
import { codePath, type PieceCode } from '../core/code.ts';
import { TouchstoneError } from '../core/errors.ts';
import type { Hex32 } from '../core/hash.ts';
import {
  type AsOf,
  type BatchFacts,
  foldPassport,
  type MoveFacts,
  type Passport,
  type PieceFacts,
} from '../core/passport.ts';
import type { PieceRecord, RecordHash } from '../core/record.ts';
import type { Chain, Sql } from '../ports.ts';
import { certificatesAbout, factsOfRows, reportUses } from './certificates.ts';
import { type Cursor, readCursor } from './indexer.ts';
import { NO_LIFE, wholeLifeOf } from './life.ts';
import { gtinHolder, handlesOf, type Moment, mayGive, organisationAt } from './organisations.ts';
import { lotsOfPiece } from './piece-lots.ts';

interface PieceRow {
  readonly id: number;
  readonly organisation: string;
  readonly path: string;
  readonly hash: RecordHash;
  readonly record: string;
  readonly has_card: boolean;
  readonly batch_no: number | null;
  readonly batch_id: BatchId | null;
  readonly index: number | null;
  readonly root: Hex32;
  readonly count: number;
  readonly mode: number;
  readonly block: number | null;
  readonly log_index: number;
  readonly time: number;
  readonly transaction: Hex32;
}

const PIECE = `
  SELECT p.id, p.organisation, p.path, '0x' || encode(p.record_hash, 'hex') AS hash, p.record,
    p.claim_key IS NOT NULL AS has_card, b.no AS batch_no, b.batch_id, m.index, b.root, b.count, p.mode, a.block, a.log_index, a.time, a.transaction
  FROM pieces p LEFT JOIN members m ON m.piece_id = p.id LEFT JOIN batches b ON b.no = m.batch_no
  LEFT JOIN anchors a ON a.batch_no = b.no AND a.state <> 'incomplete'`;

/**
 * All pieces under a path; the first on the chain comes first, what isn't on it yet comes last. In two halves, each with
 * an index of its own, and by id: a plan that needs no statistics, which a table has none of while its first import runs.
 */
const OF_PATH = `
  WHERE p.id = ANY(ARRAY(SELECT id FROM pieces WHERE path = $1 AND holds_path
                         UNION ALL SELECT id FROM pieces WHERE path = $1 AND NOT holds_path))
  ORDER BY a.block, a.log_index, m.index, p.id`;

/** What reading needs to know of the chain without asking it. */
export type Place = Pick<Chain, 'chainId' | 'pieces' | 'embedded'>;

/** The passport of a code; undefined if nothing is registered under it. */
export async function passportOf(sql: Sql, place: Place, code: PieceCode): Promise<Passport | undefined> {
  const [row, ...others] = await rowsOf(sql, code);
  if (!row) return undefined;
  return passportOfRow(sql, place, row, others);
}

/** What a code stands for, by whoever may give it; undefined if nothing is registered under it. */
export async function pieceUnder(
  sql: Sql,
  code: PieceCode,
): Promise<{ tokenId: TokenId | null; recordHash: RecordHash } | undefined> {
  const [row] = await rowsOf(sql, code);
  return row && { tokenId: tokenOf(row), recordHash: row.hash };
}

async function rowsOf(sql: Sql, code: PieceCode): Promise<readonly PieceRow[]> {
  const rows = await sql.query<PieceRow>(`${PIECE} ${OF_PATH}`, [codePath(code)]);
  return rows.length > 1 ? rightfulFirst(sql, code, rows) : rows;
}

/** Nobody gets a code by being first with it: whose it was to give goes before, then the order of the chain. */
async function rightfulFirst(sql: Sql, code: PieceCode, rows: readonly PieceRow[]): Promise<PieceRow[]> {
  const rightful = new Set<PieceRow>();
  for (const row of rows) if (await mayGive(sql, row.organisation, code, momentOf(row))) rightful.add(row);
  return [...rightful, ...rows.filter((row) => !rightful.has(row))];
}

function momentOf(row: PieceRow): Moment | undefined {
  return row.block === null ? undefined : { block: row.block, logIndex: row.log_index };
}

/** The passport of a token; undefined if its batch isn't known or its record isn't public. */
export async function passportOfToken(sql: Sql, place: Place, tokenId: string): Promise<Passport | undefined> {
  const piece = await pieceOfToken(sql, tokenId);
  if (!piece) return undefined;
  const rows = await sql.query<PieceRow>(`${PIECE} ${OF_PATH}`, [piece.path]);
  const row = rows.find((candidate) => candidate.id === piece.id);
  return (
    row &&
    passportOfRow(
      sql,
      place,
      row,
      rows.filter((other) => other.id !== row.id),
    )
  );
}

async function pieceOfToken(sql: Sql, tokenId: string): Promise<{ id: number; path: string } | undefined> {
  const value = BigInt(tokenId);
  const [row] = await sql.query<{ id: number; path: string }>(
    `SELECT p.id, p.path FROM batches b JOIN members m ON m.batch_no = b.no JOIN pieces p ON p.id = m.piece_id
     WHERE b.batch_id = $1 AND m.index = $2::bigint`,
    [(value >> 32n).toString(), Number(value & 0xffff_ffffn)],
  );
  return row;
}

export function asOfAt({ chainId, pieces, embedded }: Place, { number, time, finalBlock }: Cursor): AsOf {
  return { chainId, registry: pieces, block: number, time, finalBlock, embedded };
}

async function passportOfRow(sql: Sql, place: Place, row: PieceRow, others: readonly PieceRow[]): Promise<Passport> {
  const cursor = await readCursor(sql);
  const tokenId = tokenOf(row);
  const moves = tokenId ? await movesOf(sql, tokenId) : [];
  const life = tokenId ? await wholeLifeOf(sql, tokenId) : NO_LIFE;
  const anchoredAt = momentOf(row);
  const organisation = await organisationAt(sql, row.organisation, anchoredAt);
  const handles = await handlesOf(sql, [
    row.organisation,
    ...moves.map((move) => move.to),
    ...[...life.life, ...life.batchLife].flatMap(({ organisation: by }) => by ?? []),
  ]);
  const record = JSON.parse(row.record) as PieceRecord;
  const subjects = subjectsOf({
    record,
    recordHash: row.hash,
    registrant: row.organisation,
    tokenId,
    batchId: row.block === null ? null : row.batch_id,
  });
  const certificates = await factsOfRows(sql, await certificatesAbout(sql, subjects));
  const asOf = asOfAt(place, cursor);
  const batch = row.block === null ? null : { no: row.batch_no as number, id: row.batch_id as BatchId };
  const facts: PieceFacts = {
    code: record.code as PieceCode,
    record,
    recordHash: row.hash,
    registrant: {
      address: row.organisation,
      handle: organisation?.handle ?? 'unknown',
      roles: 0,
      prefixes: await ownPrefixes(sql, row.organisation, record.code as PieceCode, organisation?.prefixes, anchoredAt),
      ...(organisation?.suspendedAt === undefined ? {} : { suspendedAt: organisation.suspendedAt }),
    },
    ...(row.block === null ? { sealed: row.batch_no !== null } : { batch: batchOf(row) }),
    moves,
    ...life,
    hasCard: row.has_card,
    organisations: handles,
    conflicts: conflictsOf(row, others),
    certificates,
    reports: await reportUses(sql, record, { tokenId, recordHash: row.hash }),
    lots: await lotsOfPiece(sql, { ...row, record, batch }, certificates, asOf),
    asOf,
  };
  return foldPassport(facts, tokenId);
}

/** None where somebody else held a longer prefix within them that covers this GTIN. */
async function ownPrefixes(
  sql: Sql,
  address: string,
  code: PieceCode,
  prefixes: readonly string[] = [],
  moment?: Moment,
): Promise<readonly string[]> {
  if (!('gtin' in code) || prefixes.length === 0) return prefixes;
  return (await gtinHolder(sql, code.gtin, moment)) === address ? prefixes : [];
}

function tokenOf(row: PieceRow): TokenId | null {
  return row.block === null ? null : tokenIdOf(row.batch_id as BatchId, row.index as number);
}

function batchOf(row: PieceRow): BatchFacts {
  return {
    id: row.batch_id as BatchId,
    root: row.root,
    count: row.count,
    index: row.index as number,
    published: row.mode === PUBLISHED,
    block: row.block as number,
    time: row.time,
    transaction: row.transaction,
  };
}

/** Other anchored pieces of the same organisation under this code: a copy of the record is one as well. */
function conflictsOf(row: PieceRow, others: readonly PieceRow[]): PieceFacts['conflicts'] {
  return others.flatMap((other) => {
    const tokenId = tokenOf(other);
    return tokenId && other.organisation === row.organisation ? [{ tokenId, recordHash: other.hash }] : [];
  });
}

/** Moves of the piece itself, and of its range while it was in it. */
export async function movesOf(sql: Sql, tokenId: TokenId): Promise<MoveFacts[]> {
  const { batchId, index } = splitTokenId(tokenId);
  return sql.query<MoveFacts>(
    `SELECT block, log_index AS "logIndex", time, transaction, from_address AS "from", to_address AS "to",
       false AS ranged FROM moves WHERE token_id = $1
     UNION ALL
     SELECT block, log_index, time, transaction, from_address, to_address, true
     FROM runs WHERE batch_id = $2 AND first_index <= $3 AND last_index >= $3
     ORDER BY block, "logIndex"`,
    [tokenId, batchId, index],
  );
}

export interface PieceSummary {
  readonly path: string;
  readonly title: string;
  readonly kind: string;
  readonly recordHash: string;
  readonly tokenId: TokenId | null;
  readonly state: 'accepted' | 'sealed' | 'anchored' | 'final';
  readonly row?: number;
}

export interface Search {
  readonly organisation: string;
  readonly text?: string | undefined;
  readonly before?: number | undefined;
  readonly limit: number;
  /** Only those that are so far. */
  readonly state?: PieceSummary['state'] | undefined;
}

/** `$6` is the state, `$7` the last final block. */
const IN_STATE = `AND ($6::text IS NULL OR $6 = CASE WHEN m.piece_id IS NULL THEN 'accepted' WHEN a.block IS NULL THEN 'sealed'
  WHEN a.block <= $7 THEN 'final' ELSE 'anchored' END)`;

/** A text is looked for in so many pieces a call, so that no search of a million pieces holds up others. */
const SEARCHED_AT_ONCE = 50_000;

/**
 * Newest first; `next` is the cursor for the following page. Text is searched in titles and codes, of 50,000 pieces a
 * call: a page may hold fewer than `limit`, or none, and still have a next one.
 */
export async function searchPieces(
  sql: Sql,
  { organisation, text, before, limit, state }: Search,
): Promise<{ items: PieceSummary[]; next: number | null }> {
  const cursor = await readCursor(sql);
  const all = text === undefined && state === undefined;
  const [window] = await sql.query<{ oldest: number | null; full: boolean }>(
    `SELECT min(id) AS oldest, count(*) = $3 AS full FROM (
       SELECT id FROM pieces WHERE organisation = $1 AND ($2::bigint IS NULL OR id < $2)
       ORDER BY id DESC LIMIT $3) AS looked_at`,
    [organisation, before ?? null, all ? limit : SEARCHED_AT_ONCE],
  );
  const rows = await sql.query<PieceRow>(
    `${PIECE} WHERE p.organisation = $1 AND ($2::bigint IS NULL OR p.id < $2) AND p.id >= $5
     AND ($3::text IS NULL OR p.path ILIKE $3 OR p.record::json->>'title' ILIKE $3) ${IN_STATE}
     ORDER BY p.id DESC LIMIT $4`,
    [
      organisation,
      before ?? null,
      text === undefined ? null : `%${escapeLike(text)}%`,
      limit,
      window?.oldest ?? 0,
      state ?? null,
      cursor.finalBlock,
    ],
  );
  const more = rows.length === limit ? (rows.at(-1)?.id ?? null) : window?.full ? window.oldest : null;
  return { items: rows.map((row) => summary(row, cursor)), next: more };
}

/** The pieces of an import in order of row, after `after`. */
export async function importPieces(sql: Sql, importId: number, after: number, limit: number) {
  const rows = await sql.query<PieceRow & { row_number: number }>(
    `${PIECE.replace('SELECT', 'SELECT p.row_number,')} WHERE p.id = ANY(ARRAY(
       SELECT id FROM pieces WHERE import_id = $1 AND row_number > $2 ORDER BY row_number LIMIT $3))
     ORDER BY p.row_number`,
    [importId, after, limit],
  );
  const cursor = await readCursor(sql);
  const items = rows.map((row) => ({ ...summary(row, cursor), row: row.row_number }));
  return { items, next: rows.length === limit ? (items.at(-1)?.row ?? null) : null };
}

function summary(row: PieceRow, cursor: Cursor): PieceSummary {
  const record = JSON.parse(row.record) as PieceRecord;
  const anchored = row.block !== null && row.block <= cursor.finalBlock ? 'final' : 'anchored';
  return {
    path: row.path,
    title: record.title,
    kind: record.kind,
    recordHash: row.hash,
    tokenId: tokenOf(row),
    state: row.block !== null ? anchored : row.batch_no !== null ? 'sealed' : 'accepted',
  };
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`);
}

/** @throws TouchstoneError not-found */
export function found<T>(value: T | undefined, what: string): T {
  if (value !== undefined) return value;
  throw new TouchstoneError('not-found', `${what} is not known here.`);
}
