// Owns the outbox: every transaction the relayer ever signed, in nonce order, written before it is sent. Sending is
// repeated until the chain has it, so a lost reply or a crash at any line doubles nothing: a nonce is used once.
import type { Call, Ledger, SendOutcome, Sql } from '../ports.ts';

export type Purpose = 'register' | 'part' | 'transfer' | 'certificate' | 'act' | 'draw';

/** What the relayer is to pay for, on whose behalf. `ref` names the batch, part, transfer, order or act's call. */
export interface Errand {
  readonly purpose: Purpose;
  readonly ref: string;
  readonly call: Call;
}

interface OutboxRow {
  readonly nonce: number;
  readonly hash: string;
  readonly raw: string;
  /** Seconds since it was last sent; null if it never was. */
  readonly waited: number | null;
  /** Seconds since this price was first offered. */
  readonly offered: number;
}

const BATCH_COUNT = 64;
/** In hexadecimal: four transactions of full size. Nodes commonly refuse requests beyond a few megabytes. */
const BATCH_BYTES = 1024 * 1024;
const RESEND_AFTER_S = 10;
/** A transaction that waits this long is offered again at a quarter more, as replacement rules of mempools ask. */
const REPLACE_AFTER_S = 90;
const CALLDATA_GAS = 42n; // 40 per byte at most (EIP-7623), and some for hashing and copying it

/**
 * A transaction takes no more (EIP-7825). One that asks for more is refused by nodes for ever, and everything behind it in
 * the outbox would wait for ever; at 40 gas a byte it is no longer than mempools take, either.
 */
export const MOST_GAS = 16_777_216n;

/** Gas limit for a call of known weight: work beside the calldata, and the calldata itself. */
export function gasFor(data: string, work: bigint): bigint {
  return 60_000n + work + (BigInt(data.length - 2) / 2n) * CALLDATA_GAS;
}

/**
 * Signs errands and writes them down; part of the caller's transaction. Only the leader calls this, so nonces are
 * given out by one process at a time. A crash before the commit leaves no trace.
 */
export async function enlist(sql: Sql, ledger: Ledger, errands: readonly Errand[]): Promise<void> {
  if (errands.length === 0) return;
  const [last] = await sql.query<{ next: number | null }>('SELECT max(nonce) + 1 AS next FROM transactions');
  const fromChain = await ledger.chain.nonceOf(ledger.keys.relayer);
  let nonce = Math.max(last?.next ?? 0, fromChain);
  const fees = await ledger.chain.fees();
  for (const errand of errands) {
    const { raw, hash } = ledger.keys.transaction(ledger.chain.chainId, nonce, errand.call, fees);
    await sql.query('INSERT INTO transactions (nonce, purpose, ref, hash, raw) VALUES ($1, $2, $3, $4, $5)', [
      nonce,
      errand.purpose,
      errand.ref,
      hash,
      raw,
    ]);
    nonce += 1;
  }
}

/** Sends what is not on the chain yet and notes what is. True if anything changed. */
export async function relay(ledger: Ledger): Promise<boolean> {
  const open = await ledger.db.query<OutboxRow>(
    `SELECT nonce, hash, raw, extract(epoch FROM now() - sent_at)::float8 AS waited,
       extract(epoch FROM now() - offered_at)::float8 AS offered FROM transactions
     WHERE block IS NULL ORDER BY nonce LIMIT $1`,
    [BATCH_COUNT],
  );
  if (open.length === 0) return false;
  const sent = await sendDue(ledger, within(open));
  const mined = await noteMined(ledger, open);
  return mined > 0 || sent > 0;
}

function within(rows: readonly OutboxRow[]): OutboxRow[] {
  let bytes = 0;
  return rows.filter((row, i) => {
    bytes += row.raw.length;
    return i === 0 || bytes <= BATCH_BYTES;
  });
}

async function sendDue(ledger: Ledger, rows: readonly OutboxRow[]): Promise<number> {
  const due = rows.filter((row) => row.waited === null || row.waited > RESEND_AFTER_S);
  if (due.length === 0) return 0;
  const outcomes = await ledger.chain.send(due.map((row) => row.raw));
  const taken: number[] = [];
  for (const [i, row] of due.entries()) {
    const outcome = outcomes[i] as SendOutcome;
    if (outcome.outcome === 'taken' && row.offered > REPLACE_AFTER_S) await offerMore(ledger, row);
    else if (outcome.outcome === 'taken') taken.push(row.nonce);
    else if (outcome.outcome === 'nonce-used') await noteUsedNonce(ledger, row);
    else ledger.log.warn({ nonce: row.nonce, reason: outcome.reason }, 'the node refused a transaction for now');
  }
  // A crash before this line sends them once more, which the node answers as known.
  await ledger.db.query('UPDATE transactions SET sent_at = now() WHERE nonce = ANY($1::bigint[])', [taken]);
  return taken.length;
}

/**
 * The nonce is spent. Either this very transaction is on the chain (its receipt says so), or another one took the
 * nonce, as after restoring a database: then the errand moves to a fresh nonce.
 */
async function noteUsedNonce(ledger: Ledger, row: OutboxRow): Promise<void> {
  const [receipt] = await ledger.chain.receipts([row.hash]);
  if (receipt) return;
  if ((await ledger.chain.nonceOf(ledger.keys.relayer)) <= row.nonce) return;
  await ledger.db.transaction(async (sql) => {
    const [errand] = await sql.query<{ purpose: Purpose; ref: string }>(
      'DELETE FROM transactions WHERE nonce = $1 AND block IS NULL RETURNING purpose, ref',
      [row.nonce],
    );
    if (errand) await enlist(sql, ledger, [{ ...errand, call: ledger.keys.callOf(row.raw) }]);
  });
  ledger.log.warn({ nonce: row.nonce }, 'a nonce was used by another transaction; the errand got a fresh one');
}

async function offerMore(ledger: Ledger, row: OutboxRow): Promise<void> {
  const fees = await ledger.chain.fees();
  const more = (fee: bigint) => (fee * 5n) / 4n + 1n;
  const offer = {
    maxFeePerGas: more(fees.maxFeePerGas),
    maxPriorityFeePerGas: more(fees.maxPriorityFeePerGas),
  };
  const call = ledger.keys.callOf(row.raw);
  const { raw, hash } = ledger.keys.transaction(ledger.chain.chainId, row.nonce, call, offer);
  // Whichever of the two is mined uses the nonce; if it is the first, noteUsedNonce finds no receipt for the new hash
  // and enlists the errand again, which the contract then refuses as done.
  await ledger.db.query(
    'UPDATE transactions SET raw = $2, hash = $3, sent_at = NULL, offered_at = now() WHERE nonce = $1',
    [row.nonce, raw, hash],
  );
}

async function noteMined(ledger: Ledger, rows: readonly OutboxRow[]): Promise<number> {
  const receipts = await ledger.chain.receipts(rows.map((row) => row.hash));
  const mined = rows.flatMap((row, i) => {
    const receipt = receipts[i];
    return receipt ? [{ n: row.nonce, b: receipt.block, s: receipt.succeeded }] : [];
  });
  if (mined.length === 0) return 0;
  await ledger.db.query(
    `UPDATE transactions t SET block = r.b, succeeded = r.s
     FROM json_to_recordset($1::json) AS r(n bigint, b bigint, s boolean) WHERE t.nonce = r.n`,
    [JSON.stringify(mined)],
  );
  return mined.length;
}

/**
 * Looks again for every transaction that counted as mined: a reorganisation of blocks that were never indexed leaves no
 * other trace. What is gone is sent again. Before `forgetFinal`, or there would be nothing left to send.
 */
export async function reviewMined(ledger: Ledger): Promise<void> {
  const rows = await ledger.db.query<{ nonce: number; hash: string; block: number; succeeded: boolean }>(
    'SELECT nonce, hash, block, succeeded FROM transactions WHERE block IS NOT NULL AND raw IS NOT NULL ORDER BY nonce',
  );
  for (let at = 0; at < rows.length; at += BATCH_COUNT) {
    const some = rows.slice(at, at + BATCH_COUNT);
    const receipts = await ledger.chain.receipts(some.map((row) => row.hash));
    const changed = some.flatMap((row, i) => {
      const { block = null, succeeded = null } = receipts[i] ?? {};
      return block === row.block && succeeded === row.succeeded
        ? []
        : [{ n: row.nonce, o: row.block, b: block, s: succeeded }];
    });
    if (changed.length === 0) continue;
    await ledger.db.transaction(async (sql) => {
      await sql.query(
        `UPDATE transactions t SET block = r.b, succeeded = r.s, sent_at = NULL
         FROM json_to_recordset($1::json) AS r(n bigint, o bigint, b bigint, s boolean)
         WHERE t.nonce = r.n AND t.block = r.o`,
        [JSON.stringify(changed)],
      );
      await reopen(sql);
    });
    ledger.log.warn({ count: changed.length }, 'transactions are no longer where they were mined');
  }
}

/** Transfers, certificates and acts whose transaction is not on the chain any more are under way again. */
export async function reopen(sql: Sql): Promise<void> {
  await sql.query(
    `UPDATE transfers SET done = false, error = NULL, error_code = NULL FROM transactions t
     WHERE t.purpose = 'transfer' AND t.ref = transfers.id AND t.block IS NULL AND done`,
  );
  await sql.query(
    `UPDATE certificate_orders o SET done = false, error = NULL, error_code = NULL FROM transactions t
     WHERE t.purpose = 'certificate' AND t.ref = o.id AND t.block IS NULL AND done`,
  );
  await sql.query(
    `UPDATE acts a SET done = false, error = NULL, error_code = NULL, elsewhere = NULL FROM transactions t
     WHERE t.purpose = 'act' AND t.ref = ANY(a.refs) AND t.block IS NULL AND done`,
  );
}

/**
 * Makes the outbox this relayer's: of another one's, what is not on the chain is let go, and enlisted again by whoever
 * finds it missing; what is keeps a number below all that will be given out. Before the sequencer starts. Should the old
 * relayer's transaction be mined after all, the contract refuses the second.
 */
export async function adoptRelayer(ledger: Ledger): Promise<void> {
  await ledger.db.transaction(async (sql) => {
    const mine = JSON.stringify({ address: ledger.keys.relayer });
    const [before] = await sql.query<{ value: { address: string } }>(
      `SELECT value FROM settings WHERE name = 'relayer' FOR UPDATE`,
    );
    await sql.query(
      `INSERT INTO settings (name, value) VALUES ('relayer', $1) ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value`,
      [mine],
    );
    if (!before || before.value.address === ledger.keys.relayer) return;
    await sql.query('DELETE FROM transactions WHERE block IS NULL');
    await sql.query(
      'UPDATE transactions SET nonce = nonce - (SELECT max(nonce) + 1 - least(0, min(nonce)) FROM transactions)',
    );
    ledger.log.warn({ before: before.value.address, now: ledger.keys.relayer }, 'another relayer pays from now on');
  });
}

/** Forgets raw bytes and payloads of what is final: from then on the chain keeps them. */
export async function forgetFinal(sql: Sql, finalBlock: number): Promise<void> {
  await sql.query('UPDATE transactions SET raw = NULL WHERE raw IS NOT NULL AND block <= $1', [finalBlock]);
  await sql.query(
    `DELETE FROM payloads p USING anchors a WHERE a.batch_no = p.batch_no AND a.state = 'complete' AND a.block <= $1`,
    [finalBlock],
  );
}
