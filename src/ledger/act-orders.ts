// Owns acts on their way: stored, handed to the relayer, closed when mined, told to whoever asks. A crash at any line is
// met by doing the step again: an act is stored once, its calls are enlisted together, and the chain knows what is done.
import type { Outcome } from '../core/act.ts';
import { statementText } from '../core/act-content.ts';
import { refusalOf } from '../core/act-refusals.ts';
import { actNamed } from '../core/acts.ts';
import { TouchstoneError } from '../core/errors.ts';
import type { Call, Ledger, Sql } from '../ports.ts';
import { keepPromises } from './act-lots.ts';
import { checkQuotas, paidOnceName } from './act-quotas.ts';
import type { CheckedAct } from './acts.ts';
import { readCursor } from './indexer.ts';
import { noteLifeStatement } from './life-statements.ts';
import { enlist } from './relay.ts';

interface StoredCall {
  readonly to: string;
  readonly data: string;
  readonly gas: number;
}

/**
 * Stores a checked act; part of the caller's transaction. The very same one again is not stored twice.
 * @returns its id, or that of the same act stored before
 * @throws TouchstoneError act-under-way, over-quota
 */
export async function storeAct(sql: Sql, id: string, checked: CheckedAct, shipment?: string): Promise<string> {
  const { wish, fields, standing, subjects, signed, caller } = checked;
  // One after the other, so that quotas are counted exactly and of two acts at once the second finds the first.
  await sql.query(`SELECT pg_advisory_xact_lock(hashtextextended('touchstone.acts', 0))`);
  const calls: StoredCall[] = checked.calls.map(({ to, data, gas }) => ({ to, data, gas: Number(gas) }));
  const same = await sameBefore(sql, checked, calls);
  if (same !== undefined) return same;
  if (calls.length > 0) await refuseSecond(sql, subjects);
  await keepPromises(sql, fields, standing);
  await checkQuotas(sql, checked);
  // Lots come with statements as well, which the index takes from the chain.
  const lived = calls.length > 0 && wish.act.contract === 'lifeEvents';
  const statement = lived ? statementText(fields) : undefined;
  if (statement !== undefined) await noteLifeStatement(sql, statement);
  const cursor = await readCursor(sql);
  const { leaf: _, ...kept } = standing as { leaf?: unknown; path?: string };
  await sql.query(
    `INSERT INTO acts (id, act, organisation, subjects, path, fields, standing, signatures, calls, refs, outcome,
       paid_once, shipment, from_block, done, asked)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    [
      id,
      wish.act.name,
      caller?.organisation ?? null,
      subjects,
      kept.path ?? null,
      JSON.stringify(fields),
      JSON.stringify(kept),
      JSON.stringify(signed),
      JSON.stringify(calls),
      calls.map((_call, n) => (n === 0 ? id : `${id} ${n}`)),
      JSON.stringify(wish.act.outcome?.(fields, standing as never, signed) ?? null),
      calls.length === 0 ? null : paidOnceName(checked),
      shipment ?? null,
      Math.max(0, cursor.number),
      calls.length === 0,
      wish.act.asks?.(fields, standing as never) ?? null,
    ],
  );
  return id;
}

async function sameBefore(
  sql: Sql,
  { wish, subjects, standing }: CheckedAct,
  calls: readonly StoredCall[],
): Promise<string | undefined> {
  if (calls.length === 0) return undefined;
  // Nobody's signature says of which time a call by anybody is: what stood then does.
  const since = Object.keys(wish.act.signers).length === 0 ? (standing as { events?: number }).events : undefined;
  const [row] = await sql.query<{ id: string }>(
    `SELECT id FROM acts WHERE subjects && $1 AND act = $2 AND calls = $3::jsonb AND error IS NULL
       AND ($4::jsonb IS NULL OR standing->'events' = $4::jsonb) LIMIT 1`,
    [subjects, wish.act.name, JSON.stringify(calls), since === undefined ? null : String(since)],
  );
  return row?.id;
}

async function refuseSecond(sql: Sql, subjects: readonly string[]): Promise<void> {
  const tokens = subjects.flatMap((name) => (name.startsWith('piece ') ? [name.slice(6)] : []));
  const open = await sql.query(
    `SELECT 1 FROM acts WHERE subjects && $1 AND NOT done
     UNION ALL SELECT 1 FROM transfers WHERE token_id = ANY($2) AND NOT done LIMIT 1`,
    [subjects, tokens],
  );
  if (open.length === 0) return;
  const message = 'Something else is under way with this piece or batch. Wait until it is done. Nothing was done.';
  throw new TouchstoneError('act-under-way', message, { retry: { afterSeconds: 2 } });
}

interface ActRow {
  readonly id: string;
  readonly act: string;
  readonly calls: readonly StoredCall[];
  readonly outcome: Outcome | null;
  readonly from_block: number;
}

/** Hands stored acts to the relayer, and closes those that were mined. True if it did. */
export async function forwardActs(ledger: Ledger, indexedBlock: number): Promise<boolean> {
  const open = await ledger.db.query<{ ref: string; call: StoredCall }>(
    `SELECT r.ref, a.calls->(r.n::integer - 1) AS call FROM acts a, unnest(a.refs) WITH ORDINALITY AS r(ref, n)
     WHERE NOT done AND NOT EXISTS (SELECT 1 FROM transactions t WHERE t.purpose = 'act' AND t.ref = r.ref)
     ORDER BY a.created_at, a.id, r.n LIMIT 64`,
  );
  const errands = open.map(({ ref, call }) => ({ purpose: 'act' as const, ref, call: callOf(call) }));
  // A crash before the commit leaves them as they were, to be enlisted by the next step.
  if (open.length > 0) await ledger.db.transaction((sql) => enlist(sql, ledger, errands));
  const mined = await ledger.db.query<ActRow & { succeeded: boolean }>(
    `SELECT a.id, a.act, a.calls, a.outcome, a.from_block, bool_and(t.succeeded) AS succeeded
     FROM acts a JOIN transactions t ON t.purpose = 'act' AND t.ref = ANY(a.refs) WHERE NOT a.done
     GROUP BY a.id HAVING count(t.block) = cardinality(a.refs) AND max(t.block) <= $1 LIMIT 256`,
    [indexedBlock],
  );
  for (const row of mined) await close(ledger, row);
  return open.length > 0 || mined.length > 0;
}

/** A refused call whose purpose the chain fulfilled by another way is no failure: somebody else relayed it first. */
async function close(ledger: Ledger, row: ActRow & { succeeded: boolean }): Promise<void> {
  if (row.succeeded) {
    await ledger.db.query('UPDATE acts SET done = true WHERE id = $1', [row.id]);
    return;
  }
  const fulfilled = row.outcome && (await ledger.chain.happened(row.outcome, row.from_block));
  if (fulfilled) {
    await ledger.db.query('UPDATE acts SET done = true, elsewhere = $2 WHERE id = $1', [row.id, fulfilled.transaction]);
    return;
  }
  const refusal = await ledger.chain.refusal(callOf(row.calls[0] as StoredCall));
  const [code, detail] = refusalOf(actNamed(row.act), refusal ?? 'for no reason that still holds');
  await ledger.db.query('UPDATE acts SET done = true, error = $2, error_code = $3 WHERE id = $1', [
    row.id,
    detail,
    code,
  ]);
}

function callOf({ to, data, gas }: StoredCall): Call {
  return { to, data, gas: BigInt(gas) };
}
