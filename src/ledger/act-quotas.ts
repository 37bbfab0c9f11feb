// Owns how much the relayer pays for acts. What is refused here can be relayed by anybody: the call comes with the answer.
import type { SignedBy } from '../core/act.ts';
import { TouchstoneError } from '../core/errors.ts';
import type { Call, Sql } from '../ports.ts';
import type { CheckedAct } from './acts.ts';

/** Nobody's piece changes hands twenty times a day; a pair of thieves passing one to and fro does. */
export const ACTS_A_DAY = 20;
/** Of strangers altogether, counted by piece: at 150,000 gas each some forty full blocks, which an operator can pay and notice. */
export const STRANGERS_ACTS_A_DAY = 10_000;
const DAY_S = 24 * 60 * 60;
/** Seconds until the oldest one counted is a day old. */
const WAIT = 'greatest(60, ceil(86400 - extract(epoch FROM now() - min(created_at))))::integer';

/**
 * Part of the transaction that stores an act, which other stores wait for.
 * @throws TouchstoneError over-quota with the call in it, to be relayed by oneself
 */
export async function checkQuotas(sql: Sql, act: CheckedAct): Promise<void> {
  const { subjects, caller, calls, wish } = act;
  const paidOnce = paidOnceName(act);
  if (paidOnce !== null) {
    const paid = await sql.query('SELECT 1 FROM acts WHERE paid_once = $1 LIMIT 1', [paidOnce]);
    if (paid.length > 0) throw over('This service has paid for a claim by this card already.', calls, DAY_S);
  }
  // What is only kept costs no gas, but a row: it is counted apart. So is what each organisation does: nobody else's acts
  // keep an arbiter from locking a piece.
  const [busy] = await sql.query<{ wait: number }>(
    `SELECT ${WAIT} AS wait FROM acts, unnest(subjects) AS subject
     WHERE subjects && $1 AND subject = ANY($1) AND (calls = '[]') = $3 AND organisation IS NOT DISTINCT FROM $4
       AND ($5::text IS NULL OR act = $5) AND created_at > now() - interval '1 day'
     GROUP BY subject HAVING count(*) >= $2 LIMIT 1`,
    [
      subjects,
      ACTS_A_DAY,
      calls.length === 0,
      caller?.organisation ?? null,
      wish.act.countedApart ? wish.act.name : null,
    ],
  );
  if (busy) throw over(`This service takes ${ACTS_A_DAY} acts a day of a piece.`, calls, busy.wait);
  if (caller) return;
  const [day] = await sql.query<{ count: number; wait: number }>(
    `SELECT coalesce(sum(cardinality(subjects)), 0)::bigint AS count, ${WAIT} AS wait FROM acts
     WHERE organisation IS NULL AND calls <> '[]' AND created_at > now() - interval '1 day'`,
  );
  if (day && day.count + subjects.length > STRANGERS_ACTS_A_DAY) {
    throw over('This service has paid for as much as it does in a day.', calls, day.wait);
  }
}

export function paidOnceName({ wish, fields, standing, signed }: CheckedAct): string | null {
  return wish.act.paidOnce?.(fields, standing as never, signed as SignedBy) ?? null;
}

function over(message: string, calls: readonly Call[], afterSeconds: number): TouchstoneError {
  const hint = 'Nothing was sent. The calls stand in this answer: anybody who pays the gas can send them to the chain.';
  return new TouchstoneError('over-quota', `${message} ${hint}`, {
    retry: { afterSeconds },
    extra: { calls: calls.map(({ to, data }) => ({ to, data })) },
  });
}
