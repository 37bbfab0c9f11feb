// Owns reports of suspected counterfeits and of gift messages somebody minds: stored for who registered the piece, or whose
// code it would be; listed, and closed with words. They are told to nobody else, and nothing tells who made them.
import type { PieceCode } from '../core/code.ts';
import { TouchstoneError } from '../core/errors.ts';
import type { Database, Ledger, Sql } from '../ports.ts';
import type { Listing } from './feedback.ts';
import { addressOfHandle, gtinHolder } from './organisations.ts';
import { mustBeWithin, tooMuch, UNKNOWN_CODES_A_DAY } from './visitor-quotas.ts';

export const MOST_SUSPICION_CHARACTERS = 1_000;
export const SUSPICION_STATES = ['open', 'looked-at', 'closed'] as const;
export type SuspicionState = (typeof SUSPICION_STATES)[number];
export const SUSPICION_SUBJECTS = ['piece', 'gift-message', 'unknown-code'] as const;
export type SuspicionSubject = (typeof SUSPICION_SUBJECTS)[number];

export interface Suspicion {
  readonly about: SuspicionSubject;
  readonly seen: string | null;
  readonly link: string | null;
  readonly difference: string;
  readonly language: string;
}

export interface SuspicionItem extends Suspicion {
  readonly id: number;
  readonly path: string;
  readonly day: string;
  readonly state: SuspicionState;
  /** What the organisation noted for itself. */
  readonly note: string | null;
  readonly decidedDay: string | null;
}

/** Who reads about a code nobody registered: whose handle or prefix stands in it; null for the operator. */
export async function readerOf(sql: Sql, code: PieceCode): Promise<string | null> {
  const holder = 'gtin' in code ? await gtinHolder(sql, code.gtin) : await addressOfHandle(sql, code.handle);
  return holder ?? null;
}

/** @throws TouchstoneError over-quota */
export async function storeSuspicion(
  { db, log }: Pick<Ledger, 'db' | 'log'>,
  { organisation, path }: { readonly organisation: string | null; readonly path: string },
  { about, seen, link, difference, language }: Suspicion,
): Promise<void> {
  await db.transaction(async (sql) => {
    await mustBeWithin(sql, 'suspicions', path);
    if (about === 'unknown-code') await mustBeWithinUnknown(sql);
    await sql.query(
      `INSERT INTO suspicions (organisation, path, about, seen, link, difference, language)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [organisation, path, about, seen, link, difference, language],
    );
  });
  // The operator has no console: what waits for nobody else is told in the log, without the stranger's words.
  if (organisation === null) log.warn({ path }, 'a suspicion about a code that is nobody’s waits in the database');
}

async function mustBeWithinUnknown(sql: Sql): Promise<void> {
  await sql.query(`SELECT pg_advisory_xact_lock(hashtextextended('touchstone.suspicions unknown', 0))`);
  const [row] = await sql.query<{ count: number }>(
    `SELECT count(*) AS count FROM suspicions
     WHERE about = 'unknown-code' AND created_at > now() - interval '1 day'`,
  );
  if ((row?.count ?? 0) >= UNKNOWN_CODES_A_DAY) throw tooMuch();
}

const ITEM = `SELECT id, path, about, seen, link, difference, language, state, note,
  (created_at AT TIME ZONE 'UTC')::date::text AS day, (decided_at AT TIME ZONE 'UTC')::date::text AS "decidedDay"
  FROM suspicions`;

export interface SuspicionListing extends Listing {
  readonly state?: SuspicionState | undefined;
}

/** An organisation's own, newest first. */
export async function listSuspicions(
  sql: Sql,
  organisation: string,
  { before, limit, path, state }: SuspicionListing,
): Promise<{ items: SuspicionItem[]; next: number | null }> {
  const items = await sql.query<SuspicionItem>(
    `${ITEM} WHERE organisation = $1 AND ($2::bigint IS NULL OR id < $2) AND ($3::text IS NULL OR path = $3)
     AND ($4::text IS NULL OR state = $4) ORDER BY id DESC LIMIT $5`,
    [organisation, before ?? null, path ?? null, state ?? null, limit],
  );
  return { items, next: items.length === limit ? (items.at(-1)?.id ?? null) : null };
}

export async function countSuspicions(sql: Sql, organisation: string): Promise<Record<SuspicionState, number>> {
  const rows = await sql.query<{ state: SuspicionState; count: number }>(
    'SELECT state, count(*) AS count FROM suspicions WHERE organisation = $1 GROUP BY state',
    [organisation],
  );
  const counts = { open: 0, 'looked-at': 0, closed: 0 };
  for (const { state, count } of rows) counts[state] = count;
  return counts;
}

/** @throws TouchstoneError not-found for anybody else's, as for none */
export async function decideSuspicion(
  db: Database,
  organisation: string,
  id: number,
  { state, note }: { readonly state: SuspicionState; readonly note: string | null },
): Promise<void> {
  const rows = await db.query(
    `UPDATE suspicions SET state = $3, note = $4, decided_at = CASE WHEN $3 = 'open' THEN NULL ELSE now() END
     WHERE id = $1 AND organisation = $2 RETURNING id`,
    [id, organisation, state, note],
  );
  if (rows.length === 0) throw new TouchstoneError('not-found', 'This report is not among yours.');
}
