// Owns what visitors answer about a piece: stored for who registered it, listed, and summed up over time. Nothing tells who
// answered; words are theirs and are shown to that organisation alone.
import { TouchstoneError } from '../core/errors.ts';
import type { Database, Sql } from '../ports.ts';
import { mustBeWithin } from './visitor-quotas.ts';

/** More is a letter; this goes on a card at a till. */
export const MOST_FEEDBACK_CHARACTERS = 1_000;

export interface Feedback {
  /** 0 to 10. */
  readonly score: number;
  readonly words: string | null;
  /** Of the page it was written on: words may be in another one. */
  readonly language: string;
}

export interface FeedbackItem extends Feedback {
  readonly id: number;
  readonly path: string;
  /** A day and no time: with a time, a shop knows who stood there. */
  readonly day: string;
}

/** @throws TouchstoneError over-quota */
export async function storeFeedback(
  db: Database,
  { organisation, path }: { readonly organisation: string; readonly path: string },
  { score, words, language }: Feedback,
): Promise<void> {
  await db.transaction(async (sql) => {
    await mustBeWithin(sql, 'feedback', path);
    await sql.query('INSERT INTO feedback (organisation, path, score, words, language) VALUES ($1, $2, $3, $4, $5)', [
      organisation,
      path,
      score,
      words,
      language,
    ]);
  });
}

const ITEM = `SELECT id, path, score, words, language, (created_at AT TIME ZONE 'UTC')::date::text AS day FROM feedback`;

export interface Listing {
  readonly before?: number | undefined;
  readonly limit: number;
  readonly path?: string | undefined;
}

/** An organisation's own, newest first. */
export async function listFeedback(sql: Sql, organisation: string, { before, limit, path }: Listing) {
  const items = await sql.query<FeedbackItem>(
    `${ITEM} WHERE organisation = $1 AND ($2::bigint IS NULL OR id < $2) AND ($3::text IS NULL OR path = $3)
     ORDER BY id DESC LIMIT $4`,
    [organisation, before ?? null, path ?? null, limit],
  );
  return { items, next: items.length === limit ? (items.at(-1)?.id ?? null) : null };
}

export interface MonthOfFeedback {
  /** 2026-05 */
  readonly month: string;
  readonly answers: number;
  /** 9 and 10. */
  readonly promoters: number;
  /** 0 to 6. */
  readonly detractors: number;
  /** Promoters less detractors in a hundred answers, -100 to 100. */
  readonly netPromoterScore: number;
}

export interface FeedbackFigures {
  /** How often each number from 0 to 10 was chosen. */
  readonly distribution: readonly number[];
  /** Oldest first; months without an answer are left out. */
  readonly months: readonly MonthOfFeedback[];
}

export async function feedbackFigures(sql: Sql, organisation: string): Promise<FeedbackFigures> {
  const rows = await sql.query<{ month: string; score: number; answers: number }>(
    `SELECT to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month, score, count(*) AS answers
     FROM feedback WHERE organisation = $1 GROUP BY month, score ORDER BY month, score`,
    [organisation],
  );
  const distribution = Array.from({ length: 11 }, (_, score) =>
    rows.reduce((sum, row) => (row.score === score ? sum + row.answers : sum), 0),
  );
  const months = [...Map.groupBy(rows, ({ month }) => month)].map(([month, ofMonth]) => {
    const among = (from: number, to: number) =>
      ofMonth.reduce((sum, { score, answers }) => (score >= from && score <= to ? sum + answers : sum), 0);
    const [answers, promoters, detractors] = [among(0, 10), among(9, 10), among(0, 6)];
    const netPromoterScore = Math.round((100 * (promoters - detractors)) / answers);
    return { month, answers, promoters, detractors, netPromoterScore };
  });
  return { distribution, months };
}

const CSV_AT_ONCE = 1_000;

/** All of an organisation's, oldest first, a portion at a time. */
export async function* allFeedback(sql: Sql, organisation: string): AsyncGenerator<FeedbackItem[]> {
  for (let after = 0; ; ) {
    const items = await sql.query<FeedbackItem>(
      `${ITEM} WHERE organisation = $1 AND id > $2 ORDER BY id LIMIT ${CSV_AT_ONCE}`,
      [organisation, after],
    );
    if (items.length > 0) yield items;
    if (items.length < CSV_AT_ONCE) return;
    after = items.at(-1)?.id ?? after;
  }
}

/** Kept so long: two springs and their autumns beside this one's. */
export const FEEDBACK_KEPT = '36 months';

/** Drops what is old. Idempotent. */
export async function forgetFeedback(sql: Sql): Promise<void> {
  await sql.query(`DELETE FROM feedback WHERE created_at < now() - interval '${FEEDBACK_KEPT}'`);
  await sql.query(`DELETE FROM suspicions WHERE state = 'closed' AND decided_at < now() - interval '${FEEDBACK_KEPT}'`);
}

/** Of one organisation's own. @throws TouchstoneError not-found for anybody else's, as for none */
export async function deleteFeedback(sql: Sql, organisation: string, id: number): Promise<void> {
  const rows = await sql.query('DELETE FROM feedback WHERE id = $1 AND organisation = $2 RETURNING id', [
    id,
    organisation,
  ]);
  if (rows.length === 0) throw new TouchstoneError('not-found', 'This feedback is not among yours.');
}
