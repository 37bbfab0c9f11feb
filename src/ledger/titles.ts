// Owns the titles of an organisation's own pieces by path, for lists that know no more of a piece than its path.
import type { Sql } from '../ports.ts';

export async function titlesOf(
  sql: Sql,
  organisation: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (paths.length === 0) return new Map();
  const rows = await sql.query<{ path: string; title: string }>(
    `SELECT path, record::json->>'title' AS title FROM pieces WHERE path = ANY($1) AND organisation = $2 ORDER BY id DESC`,
    [[...new Set(paths)], organisation],
  );
  return new Map(rows.map(({ path, title }) => [path, title]));
}
