// Owns which pieces labels are wanted for: named one by one, of an import, of a batch. A label holds a public code and a
// title; nothing private enters it.
import { codePath, type PieceCode } from '../core/code.ts';
import { TouchstoneError } from '../core/errors.ts';
import type { Sql } from '../ports.ts';

export const MAX_LABELS = 10_000;
const AT_ONCE = 500;

export type LabelsOf =
  | { readonly codes: readonly PieceCode[] }
  | { readonly importId: number }
  | { readonly batchId: string };

export interface Labelled {
  readonly path: string;
  readonly title: string;
}

export interface Wanted {
  readonly count: number;
  /** The longest of their paths: its code has the most modules. */
  readonly longest: string;
  /** In the order they were named, or stand in the file or batch. */
  pieces(): AsyncGenerator<Labelled>;
}

/** @throws TouchstoneError not-found, invalid-request naming codes that nobody registered, body-too-large */
export async function labelsWanted(sql: Sql, organisation: string, of: LabelsOf): Promise<Wanted> {
  if ('codes' in of) return namedOnes(sql, of.codes.map(codePath));
  const [from, id] = 'importId' in of ? [OF_IMPORT, of.importId] : [OF_BATCH, of.batchId];
  const [row] = await sql.query<{ count: number; longest: string | null }>(
    `SELECT count(*) AS count, (array_agg(path ORDER BY length(path) DESC))[1] AS longest FROM (${from.all}) AS them`,
    [organisation, id],
  );
  const { count = 0, longest = null } = row ?? {};
  if (longest === null) throw new TouchstoneError('not-found', 'You have no pieces there.');
  mustFit(count);
  return {
    count,
    longest,
    async *pieces() {
      for (let after = -1; ; ) {
        const rows = await sql.query<Labelled & { at: number }>(
          `SELECT * FROM (${from.all}) AS them WHERE at > $3 ORDER BY at LIMIT $4`,
          [organisation, id, after, AT_ONCE],
        );
        yield* rows;
        if (rows.length < AT_ONCE) return;
        after = (rows.at(-1) as { at: number }).at;
      }
    },
  };
}

const OF_IMPORT = {
  all: `SELECT p.path, p.record::json->>'title' AS title, p.row_number AS at FROM pieces p
    JOIN imports i ON i.id = p.import_id WHERE i.organisation = $1 AND i.id = $2`,
};
const OF_BATCH = {
  all: `SELECT p.path, p.record::json->>'title' AS title, m.index AS at FROM members m
    JOIN batches b ON b.no = m.batch_no JOIN pieces p ON p.id = m.piece_id WHERE b.organisation = $1 AND b.batch_id = $2`,
};

async function namedOnes(sql: Sql, paths: readonly string[]): Promise<Wanted> {
  mustFit(paths.length);
  const titles = new Map<string, string>();
  for (let from = 0; from < paths.length; from += AT_ONCE) {
    const rows = await sql.query<Labelled>(
      `SELECT path, record::json->>'title' AS title FROM pieces WHERE holds_path AND path = ANY($1)`,
      [paths.slice(from, from + AT_ONCE)],
    );
    for (const { path, title } of rows) titles.set(path, title);
  }
  const faults = paths.flatMap((path, i) =>
    titles.has(path) ? [] : [{ field: `of.codes.${i}`, reason: `${path} is registered by nobody` }],
  );
  if (faults.length > 0) {
    const message = 'Some of these codes stand for no piece. No label was made.';
    throw new TouchstoneError('invalid-request', message, { faults: faults.slice(0, 100) });
  }
  return {
    count: paths.length,
    longest: paths.reduce((longest, path) => (path.length > longest.length ? path : longest), ''),
    async *pieces() {
      for (const path of paths) yield { path, title: titles.get(path) as string };
    },
  };
}

function mustFit(count: number): void {
  if (count <= MAX_LABELS) return;
  const message = `${count} labels are more than the ${MAX_LABELS} of one file: name codes, some thousands at a time.`;
  throw new TouchstoneError('body-too-large', message);
}
