// Owns the step from a sealed batch to the chain: signs the registration as the organisation and hands it, with the
// payload's parts, to the relayer. Safe to repeat: the contract registers a batch once and checks every part.
import { type BatchHeader, PUBLISHED } from '../core/batch.ts';
import { TouchstoneError } from '../core/errors.ts';
import { keccak, toHex } from '../core/hash.ts';
import { registerMessage } from '../core/typed-data.ts';
import type { Ledger } from '../ports.ts';
import { permittedKey, signAs } from './accounts.ts';
import { ALL_DRAWN } from './draws.ts';
import { PERMISSION } from './organisations.ts';
import { type Errand, enlist, gasFor } from './relay.ts';
import { headerOf, type SealedRow } from './seal.ts';

/** How long a signature is good. If the chain takes longer, the registration reverts and is signed anew. */
const SIGNATURE_S = 24 * 60 * 60;
const REGISTER_WORK = 160_000n;
const PART_WORK = 40_000n;
const BATCHES_AT_ONCE = 16;

/**
 * Batches sealed here that are not on the chain and have no live transaction. Of those that were refused, each
 * organisation's first is tried again, after all others: the batches of suspended organisations hold up nobody.
 */
const UNSENT = `
  SELECT * FROM (
    SELECT no, batch_id, organisation, root, count, mode, payload_hash, parts, refusal,
      row_number() OVER (PARTITION BY organisation, refusal IS NULL ORDER BY no) AS place FROM batches b
    WHERE sealed_here AND NOT EXISTS (SELECT 1 FROM anchors a WHERE a.batch_no = b.no) AND ${ALL_DRAWN}
      AND NOT EXISTS (SELECT 1 FROM transactions t WHERE t.purpose = 'register' AND t.ref = b.batch_id
                      AND (t.block IS NULL OR t.succeeded))) AS unsent
  WHERE (refusal IS NULL AND place <= $1) OR place = 1 ORDER BY refusal IS NOT NULL, no`;

/** Batches on the chain with a part missing that no live transaction carries. */
const MISSING_PARTS = `
  SELECT b.no, batch_id, organisation, root, count, mode, payload_hash, parts, p.part FROM batches b
  JOIN anchors a ON a.batch_no = b.no AND a.state = 'incomplete' JOIN payloads p ON p.batch_no = b.no
  WHERE sealed_here AND NOT EXISTS (SELECT 1 FROM parts q WHERE q.batch_no = b.no AND q.part = p.part)
    AND NOT EXISTS (SELECT 1 FROM transactions t WHERE t.block IS NULL AND (t.purpose, t.ref) IN
                    (('part', b.batch_id || '/' || p.part), ('register', b.batch_id)))
    AND a.block < $1 ORDER BY b.no LIMIT 16`;

/** Enlists what sealed batches need. True if there was anything. A suspended organisation's batches wait. */
export async function anchorNext(ledger: Ledger): Promise<boolean> {
  const rows = await ledger.db.query<SealedRow>(UNSENT, [BATCHES_AT_ONCE]);
  let enlisted = 0;
  for (const row of rows) {
    if (await anchor(ledger, row)) enlisted += 1;
  }
  return enlisted > 0;
}

async function anchor(ledger: Ledger, row: SealedRow): Promise<boolean> {
  const header = headerOf(row);
  try {
    const errands = await errandsOf(ledger, row, header);
    await ledger.db.transaction((sql) => enlist(sql, ledger, errands));
    return true;
  } catch (error) {
    if (!(error instanceof TouchstoneError) || error.code !== 'key-not-permitted') throw error;
    await ledger.db.query('UPDATE batches SET refusal = $2 WHERE no = $1', [row.no, error.code]);
    return false;
  }
}

async function errandsOf(ledger: Ledger, row: SealedRow, header: BatchHeader): Promise<Errand[]> {
  const key = await permittedKey(ledger, row.organisation, PERMISSION.register);
  const { chainId, pieces } = ledger.chain;
  const deadline = Math.floor(ledger.now() / 1000) + SIGNATURE_S;
  const signature = await signAs(ledger, row.organisation, key, registerMessage(chainId, pieces, header, deadline));
  const register = ledger.chain.encodeRegister(header, { key: key.address, deadline, signature });
  const posts = await postCalls(ledger, row, header);
  const [first, ...rest] = posts;
  // The first part rides with the registration, so that a small batch is one transaction.
  const data = first ? ledger.chain.encodeMulticall([register, first]) : register;
  const call = { to: pieces, data, gas: gasFor(data, first ? REGISTER_WORK + PART_WORK : REGISTER_WORK) };
  return [
    { purpose: 'register', ref: row.batch_id, call },
    ...rest.map((post, i) => partErrand(ledger, row, i + 1, post)),
  ];
}

/** Posts again the parts that a reorganisation or a failed transaction left out. True if there were any. */
export async function repostParts(ledger: Ledger, indexedBlock: number): Promise<boolean> {
  const rows = await ledger.db.query<SealedRow & { part: number }>(MISSING_PARTS, [indexedBlock]);
  for (const row of rows) {
    const posts = await postCalls(ledger, row, headerOf(row));
    const errand = partErrand(ledger, row, row.part, posts[row.part] as string);
    await ledger.db.transaction((sql) => enlist(sql, ledger, [errand]));
  }
  return rows.length > 0;
}

function partErrand(ledger: Ledger, row: SealedRow, part: number, data: string): Errand {
  return {
    purpose: 'part',
    ref: `${row.batch_id}/${part}`,
    call: { to: ledger.chain.pieces, data, gas: gasFor(data, PART_WORK) },
  };
}

async function postCalls(ledger: Ledger, row: SealedRow, header: BatchHeader): Promise<string[]> {
  if (header.mode !== PUBLISHED) return [];
  const payload = await ledger.db.query<{ data: Buffer }>(
    'SELECT data FROM payloads WHERE batch_no = $1 ORDER BY part',
    [row.no],
  );
  const hashes = payload.map(({ data }) => toHex(keccak(data)));
  return payload.map(({ data }, part) => ledger.chain.encodePostPart(header, hashes, part, data));
}
