// Owns answering "is this so?": about a code or token of this ledger, or an evidence file from anywhere, judged against
// this service's own registry and node. Whoever doesn't trust this service asks the command line instead.
import { type BatchHeader, batchIdOf } from '../core/batch.ts';
import { type Evidence, parseEvidence } from '../core/evidence.ts';
import { lotsTold, massesStated } from '../core/judge-lots.ts';
import { judge, judgeValue, type Verdict, type Witness } from '../core/verdict.ts';
import type { Ledger } from '../ports.ts';
import { statedOfBatch } from './lot-needs.ts';

/** The verdict on a parsed JSON value, whatever it is. An unreachable node leaves checks unknown. */
export async function verdictOn(ledger: Ledger, value: unknown): Promise<Verdict> {
  const { chain } = ledger;
  const registry = { chainId: chain.chainId, address: chain.pieces };
  const parsed = parseEvidence(value);
  if (!parsed.ok) return judgeValue(value, { registry });
  const { evidence } = parsed;
  // A file about another registry fails for that; asking our node about it would say nothing.
  const ours = evidence.chain.chainId === registry.chainId && evidence.chain.pieces === registry.address;
  const witness = ours ? await chain.witness(evidence) : undefined;
  return judge(evidence, { registry, witness: witness && (await withPayload(ledger, evidence, witness)) });
}

/** Published batches are read back and recomputed by the index; what it found is not computed again. */
async function withPayload({ db }: Ledger, evidence: Evidence, witness: Witness): Promise<Witness> {
  const { batch } = evidence;
  const [row] = await db.query<{ no: number; state: string }>(
    'SELECT b.no, a.state FROM anchors a JOIN batches b ON b.no = a.batch_no WHERE b.batch_id = $1',
    [batchIdOf(batch.header as BatchHeader)],
  );
  const found: Readonly<Record<string, Witness['payload']>> = {
    complete: 'complete',
    incomplete: 'incomplete',
    invalid: 'mismatch',
  };
  const payload = found[row?.state ?? ''] ?? 'not-read';
  const told = lotsTold(evidence);
  if (!row || payload !== 'complete' || told.length === 0) return { ...witness, payload };
  return { ...witness, payload, stated: massesStated(await statedOfBatch(db, row.no), told) };
}
