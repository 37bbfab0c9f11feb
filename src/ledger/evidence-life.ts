// Owns the part of an evidence file that tells a piece's life besides its owners: from what the index holds to what the
// format takes. How the piece stands after it is core/course.ts's.
import type { BatchId, TokenId } from '../core/batch.ts';
import type { Evidence } from '../core/evidence.ts';
import { courseTold } from '../core/judge-life.ts';
import { type BatchLifeFacts, batchFlagsAfter, type LifeFacts, type LifeNote } from '../core/life.ts';
import { ZERO_32, ZERO_ADDRESS } from '../core/merkle.ts';
import type { Sql } from '../ports.ts';
import { batchLifeOf, lifeOf } from './life.ts';

type Move = Evidence['moves'][number];
type Told = Pick<Evidence, 'moves' | 'events' | 'batchEvents' | 'approvals' | 'standing'>;

const placeOf = ({ block, logIndex, time, transaction }: LifeNote | LifeFacts | BatchLifeFacts) => {
  return { block, logIndex, time, transaction };
};

/** @param moved the piece's moves up to that block, without their claims */
export async function lifeTold(
  sql: Sql,
  { tokenId, batchId }: { readonly tokenId: TokenId; readonly batchId: BatchId },
  moved: readonly Omit<Move, 'claim'>[],
  until: number,
): Promise<Told> {
  const { events: facts, notes } = await lifeOf(sql, tokenId, until);
  const batchFacts = await batchLifeOf(sql, batchId, until);
  const statements = await statementsAt(sql, facts);
  const moves = withClaims(moved, notes);
  const events = facts.map((one) => {
    const contentHash = one.contentHash ?? ZERO_32;
    return { ...saidBy(one), contentHash, statement: statements.get(contentHash) ?? null };
  });
  const batchEvents = batchFacts.map(saidBy);
  const approvals = notes.flatMap((note) =>
    note.kind === 'approved' ? [{ owner: note.key, to: note.to, ...placeOf(note) }] : [],
  );
  const all = { moves, events, batchEvents, approvals };
  return {
    ...all,
    approvals: tellingOf(all),
    standing: { ...courseTold(all).standing, batchFlags: batchFlagsAfter(batchFacts) },
  };
}

function saidBy(one: LifeFacts | BatchLifeFacts): Evidence['batchEvents'][number] {
  const { number, kind, organisation, key, words } = one;
  return { number, kind, organisation: organisation ?? ZERO_ADDRESS, key: key ?? ZERO_ADDRESS, words, ...placeOf(one) };
}

/** The contract tells of a claim right after the move it made. */
function withClaims(moves: readonly Omit<Move, 'claim'>[], notes: readonly LifeNote[]): Move[] {
  const claims = new Map(
    notes.flatMap((note) => (note.kind === 'claimed' ? [[`${note.block} ${note.logIndex}`, note]] : [])),
  );
  return moves.map(({ number, from, to, ...place }) => {
    const claim = claims.get(`${place.block} ${place.logIndex + 1}`);
    return { number, from, to, claim: claim ? { key: claim.key, recoverable: claim.recoverable } : null, ...place };
  });
}

function tellingOf(all: Parameters<typeof courseTold>[0]): Evidence['approvals'] {
  const { telling } = courseTold(all);
  return all.approvals.filter(({ block, logIndex }) =>
    telling.some((one) => one.block === block && one.logIndex === logIndex),
  );
}

async function statementsAt(sql: Sql, facts: readonly LifeFacts[]): Promise<Map<string, string>> {
  const hashes = facts.flatMap(({ contentHash }) => contentHash ?? []);
  if (hashes.length === 0) return new Map();
  const rows = await sql.query<{ hash: string; content: string }>(
    'SELECT hash, content FROM certificate_contents WHERE hash = ANY($1)',
    [hashes],
  );
  return new Map(rows.map(({ hash, content }) => [hash, content]));
}
