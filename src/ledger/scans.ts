// Owns the counts of page views: adding them up in batches, the day's salt, how long what is kept, and what they say of a
// piece (core/scan-rule.ts). Whose view it was is coarsened before it gets here (http/scan-counter.ts).
import {
  type Display,
  dayBefore,
  dayOf,
  NOWHERE,
  SCAN_RULE,
  type ScanBucket,
  type UnusualScans,
  unusualScans,
} from '../core/scan-rule.ts';
import type { Database, Ledger, Sql } from '../ports.ts';

const SALT_BYTES = 32;
/** Counts by day and country, a year and a month: this spring beside the last one. */
export const SCAN_DAYS_KEPT = 400;

export interface ScanCount extends ScanBucket {
  readonly path: string;
  /** Who registered the piece. */
  readonly organisation: string;
  readonly scans: number;
}

export function todayOf({ now }: Pick<Ledger, 'now'>): string {
  return dayOf(now());
}

/** The day's salt, the same for all processes. Asked for another day, the salts of all earlier ones are gone. */
export async function saltOf({ db, randomBytes }: Ledger, day: string): Promise<Buffer> {
  const drawn = Buffer.from(randomBytes(SALT_BYTES));
  return db.transaction(async (sql) => {
    await sql.query('DELETE FROM scan_salts WHERE day < $1', [day]);
    await sql.query('INSERT INTO scan_salts (day, salt) VALUES ($1, $2) ON CONFLICT DO NOTHING', [day, drawn]);
    const [row] = await sql.query<{ salt: Buffer }>('SELECT salt FROM scan_salts WHERE day = $1', [day]);
    return row?.salt ?? drawn;
  });
}

/** Commits all of them or none. Not repeated by who calls: after a lost answer some views would count twice. */
export async function addScans(sql: Sql, counts: readonly ScanCount[]): Promise<void> {
  if (counts.length === 0) return;
  // In one order everywhere: two processes adding to the same rows wait for each other and never both.
  const rows = [...counts].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  await sql.query(
    `INSERT INTO scans (path, day, country, place, organisation, scans)
     SELECT * FROM unnest($1::text[], $2::date[], $3::text[], $4::smallint[], $5::text[], $6::integer[])
     ON CONFLICT (path, day, country, place) DO UPDATE SET scans = scans.scans + EXCLUDED.scans`,
    [
      rows.map(({ path }) => path),
      rows.map(({ day }) => day),
      rows.map(({ country }) => country),
      rows.map(({ place }) => place),
      rows.map(({ organisation }) => organisation),
      rows.map(({ scans }) => scans),
    ],
  );
}

const keyOf = ({ path, day, country, place }: ScanCount) => `${path} ${day} ${country} ${place}`;

/** Sums up what the rule looks back at no more, and drops what is old. Idempotent; a crash leaves it for the next time. */
export async function forgetScans({ db, now }: Pick<Ledger, 'db' | 'now'>): Promise<void> {
  const today = dayOf(now());
  await db.query(
    `WITH old AS (DELETE FROM scans WHERE day < $1 RETURNING *)
     INSERT INTO scan_days (path, day, country, organisation, scans, places)
     SELECT path, day, country, min(organisation), sum(scans), count(*) FROM old GROUP BY path, day, country
     ON CONFLICT (path, day, country) DO UPDATE
       SET scans = scan_days.scans + EXCLUDED.scans, places = greatest(scan_days.places, EXCLUDED.places)`,
    [dayBefore(today, SCAN_RULE.days)],
  );
  await db.query('DELETE FROM scan_days WHERE day < $1', [dayBefore(today, SCAN_DAYS_KEPT)]);
  await db.query('DELETE FROM scan_salts WHERE day < $1', [today]);
}

export interface DisplayRow extends Display {
  readonly id: number;
}

/** How a piece's scans of the last week look, and whether it is on display now. */
export interface PieceScans {
  readonly unusual: readonly UnusualScans[];
  readonly displays: readonly DisplayRow[];
}

export async function scansOfPiece(sql: Sql, path: string, organisation: string, today: string): Promise<PieceScans> {
  return (await scansOfPieces(sql, organisation, [path], today)).get(path) ?? { unusual: [], displays: [] };
}

async function scansOfPieces(
  sql: Sql,
  organisation: string,
  paths: readonly string[],
  today: string,
): Promise<Map<string, PieceScans>> {
  const first = dayBefore(today, SCAN_RULE.days - 1);
  const rows = await sql.query<ScanBucket & { path: string; id: number | null; until: string | null }>(
    `SELECT path, day::text AS day, country, place, NULL::bigint AS id, NULL AS until FROM scans
     WHERE path = ANY($1) AND day >= $2 AND organisation = $3
     UNION ALL
     SELECT path, from_day::text, '', 0, id, until_day::text FROM displays
     WHERE path = ANY($1) AND until_day >= $2 AND organisation = $3`,
    [paths, first, organisation],
  );
  const found = new Map<string, PieceScans>();
  for (const [path, ofPath] of Map.groupBy(rows, (row) => row.path)) {
    const displays = ofPath.flatMap(({ id, day, until }) =>
      id === null || until === null ? [] : [{ id, from: day, until }],
    );
    const buckets = ofPath.filter(({ id }) => id === null);
    found.set(path, { unusual: unusualScans(buckets, displays, today), displays });
  }
  return found;
}

export interface UnusualPiece extends PieceScans {
  readonly path: string;
}

/** So many at once: whoever has more to look at looks at these first. */
const MOST_UNUSUAL = 100;

/** An organisation's pieces about whose scans something is unusual, those scanned from most places first. */
export async function unusualPieces(sql: Sql, organisation: string, today: string): Promise<UnusualPiece[]> {
  const rows = await sql.query<{ path: string }>(
    `SELECT path FROM scans WHERE organisation = $1 AND day >= $2 GROUP BY path
     HAVING count(*) >= $3 OR count(DISTINCT country) FILTER (WHERE country <> $5) >= $4
     ORDER BY count(*) DESC, path LIMIT ${2 * MOST_UNUSUAL}`,
    [
      organisation,
      dayBefore(today, SCAN_RULE.days - 1),
      Math.min(SCAN_RULE.placesADay, SCAN_RULE.placesAWeek),
      SCAN_RULE.countriesADay,
      NOWHERE,
    ],
  );
  const paths = rows.map(({ path }) => path);
  const found = await scansOfPieces(sql, organisation, paths, today);
  return paths
    .flatMap((path) => {
      const piece = found.get(path);
      return piece && piece.unusual.length > 0 ? [{ path, ...piece }] : [];
    })
    .slice(0, MOST_UNUSUAL);
}

export interface ScanDay {
  readonly day: string;
  /** '' where it isn't known. */
  readonly country: string;
  readonly scans: number;
}

/** An organisation's scans by day and country, oldest first. @param path of one piece alone */
export async function scansByDay(
  sql: Sql,
  organisation: string,
  { from, until, path }: { readonly from: string; readonly until: string; readonly path?: string | undefined },
): Promise<ScanDay[]> {
  return sql.query<ScanDay>(
    `SELECT day::text AS day, country, sum(scans)::bigint AS scans FROM (
       SELECT day, country, scans FROM scans
       WHERE organisation = $1 AND day BETWEEN $2 AND $3 AND ($4::text IS NULL OR path = $4)
       UNION ALL SELECT day, country, scans FROM scan_days
       WHERE organisation = $1 AND day BETWEEN $2 AND $3 AND ($4::text IS NULL OR path = $4)) AS counted
     GROUP BY day, country ORDER BY day, country`,
    [organisation, from, until, path ?? null],
  );
}

/** The maker's word that a piece is, or was, on display. False if it isn't that maker's piece. */
export async function putOnDisplay(
  db: Database,
  organisation: string,
  path: string,
  { from, until }: Display,
): Promise<boolean> {
  const rows = await db.query(
    `INSERT INTO displays (path, organisation, from_day, until_day)
     SELECT $1, $2, $3, $4 WHERE EXISTS (SELECT 1 FROM pieces WHERE path = $1 AND organisation = $2) RETURNING id`,
    [path, organisation, from, until],
  );
  return rows.length === 1;
}

/** From today on it is on display no more. What it explained before stays explained. */
export async function endDisplay(db: Database, organisation: string, id: number, today: string): Promise<boolean> {
  const rows = await db.query(
    `UPDATE displays SET until_day = least(until_day, $3::date - 1) WHERE id = $1 AND organisation = $2 RETURNING id`,
    [id, organisation, today],
  );
  return rows.length === 1;
}
