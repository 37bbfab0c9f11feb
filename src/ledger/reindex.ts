// Owns dropping and rebuilding everything that comes from the chain. Records of root-only batches, accounts and what
// isn't anchored yet are kept. A crash in the middle leaves an index at some block; running it again finishes.
import type { Ledger } from '../ports.ts';
import { dropForeignCertificates } from './certificates.ts';
import { CHAIN_TABLES, indexNext, readCursor } from './indexer.ts';

/** Drops every chain-derived row in one transaction, published records included. Nothing may run beside it. */
export async function dropIndex(ledger: Ledger): Promise<void> {
  await ledger.db.transaction(async (sql) => {
    // Which file and row a piece came from is this service's own knowledge: kept aside, and joined again by its token.
    await sql.query(
      `CREATE TABLE IF NOT EXISTS import_rows_kept (
         batch_no bigint, index integer, import_id bigint, row_number integer, PRIMARY KEY (batch_no, index))`,
    );
    // What is not final could still leave the chain, and then this is the only place that has it.
    const { finalBlock } = await readCursor(sql);
    await sql.query(
      `WITH published AS (
         SELECT b.no FROM batches b JOIN anchors a ON a.batch_no = b.no
         WHERE b.mode = 1 AND a.state = 'complete' AND a.block <= $1),
       parted AS (DELETE FROM members m USING published WHERE m.batch_no = published.no RETURNING m.*),
       gone AS (DELETE FROM pieces USING parted WHERE id = piece_id
                RETURNING batch_no, parted.index, import_id, row_number)
       INSERT INTO import_rows_kept SELECT * FROM gone WHERE import_id IS NOT NULL ON CONFLICT DO NOTHING`,
      [finalBlock],
    );
    await sql.query(
      'UPDATE batches SET sealed_here = false WHERE mode = 1 AND NOT EXISTS (SELECT 1 FROM members m WHERE m.batch_no = no)',
    );
    await sql.query(`TRUNCATE ${CHAIN_TABLES.join(', ')}, blocks`);
    await dropForeignCertificates(sql);
    await sql.query(`DELETE FROM settings WHERE name = 'cursor'`);
  });
}

/** Rebuilds up to the chain's head. @param progress gets the block reached after every range */
export async function rebuildIndex(ledger: Ledger, progress: (block: number) => void): Promise<number> {
  for (let more = true; more; ) {
    more = await indexNext(ledger);
    progress((await readCursor(ledger.db)).number);
  }
  await ledger.db.transaction(async (sql) => {
    await sql.query(
      `UPDATE pieces p SET import_id = k.import_id, row_number = k.row_number
       FROM import_rows_kept k JOIN members m USING (batch_no, index) WHERE p.id = m.piece_id`,
    );
    await sql.query('DROP TABLE import_rows_kept');
  });
  return (await readCursor(ledger.db)).number;
}
