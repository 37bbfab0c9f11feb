// Owns calls of the certificates contract on their way: stored, handed to the relayer, closed when mined. A crash at any
// line is met by doing the step again: an order is stored once, and the contract or the index knows what is done.
import { randomUUID } from 'node:crypto';
import type { Ledger, Sql } from '../ports.ts';
import type { Caller } from './accounts.ts';
import { noteCertificates, noteContents } from './certificates.ts';
import { callOf, type Order, refused } from './certify.ts';
import { enlist } from './relay.ts';

/** Stores an order; part of the caller's transaction. The same one again is not stored twice, unless it had failed. */
export async function storeOrder(sql: Sql, caller: Caller, order: Order): Promise<void> {
  const { action, issueId, index, certificates } = order;
  // Of two at once, the second waits here and then finds the first.
  await sql.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${action} ${issueId} ${index}`]);
  const noted = certificates.map(({ id, fields }, position) => ({ issueId, index: position, id, fields }));
  await noteCertificates(sql, noted, true);
  await noteContents(
    sql,
    certificates.map(({ fields, text }) => ({ hash: fields.contentHash, text })),
  );
  await sql.query(
    `INSERT INTO certificate_orders (id, organisation, action, issue_id, index, data)
     SELECT $1, $2, $3, $4, $5, $6
     WHERE NOT EXISTS (SELECT 1 FROM certificate_orders o WHERE (o.issue_id, o.index, o.action) = ($4, $5, $3)
                       AND o.error IS NULL)`,
    [randomUUID(), caller.organisation, action, issueId, index, order.data],
  );
}

interface OpenOrder {
  readonly id: string;
  readonly action: Order['action'];
  readonly issue_id: string;
  readonly index: number;
  readonly data: string;
}

/** Hands stored orders to the relayer, and closes those whose transaction the chain refused. True if it did. */
export async function forwardOrders(ledger: Ledger, indexedBlock: number): Promise<boolean> {
  const open = await ledger.db.query<OpenOrder>(
    `SELECT id, action, issue_id, index, data FROM certificate_orders o
     WHERE NOT done AND NOT EXISTS (SELECT 1 FROM transactions t WHERE t.purpose = 'certificate' AND t.ref = o.id)
     ORDER BY created_at LIMIT 64`,
  );
  if (open.length > 0) {
    const errands = open.map((row) => ({
      purpose: 'certificate' as const,
      ref: row.id,
      call: callOf(ledger, row.data),
    }));
    await ledger.db.transaction((sql) => enlist(sql, ledger, errands));
  }
  const mined = await ledger.db.query<OpenOrder & { succeeded: boolean }>(
    `SELECT o.id, o.action, o.issue_id, o.index, o.data, t.succeeded FROM certificate_orders o
     JOIN transactions t ON t.purpose = 'certificate' AND t.ref = o.id WHERE NOT done AND t.block <= $1 LIMIT 256`,
    [indexedBlock],
  );
  for (const row of mined) await close(ledger, row);
  return open.length > 0 || mined.length > 0;
}

/** A refused call whose purpose the chain fulfilled by another way is no failure: somebody else relayed it first. */
async function close(ledger: Ledger, row: OpenOrder & { succeeded: boolean }): Promise<void> {
  const [fulfilled] = row.succeeded
    ? [{}]
    : await ledger.db.query(
        row.action === 'revoke'
          ? 'SELECT 1 FROM certificate_revocations WHERE issue_id = $1 AND index = $2'
          : 'SELECT 1 FROM certificate_issues WHERE issue_id = $1 AND $2 = 0',
        [row.issue_id, row.index],
      );
  if (fulfilled) {
    await ledger.db.query('UPDATE certificate_orders SET done = true WHERE id = $1', [row.id]);
    return;
  }
  const reason = (await ledger.chain.refusal(callOf(ledger, row.data))) ?? 'unknown';
  const error = refused(reason);
  await ledger.db.query('UPDATE certificate_orders SET done = true, error = $2, error_code = $3 WHERE id = $1', [
    row.id,
    error.message,
    error.code,
  ]);
}
