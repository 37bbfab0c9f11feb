// Owns the mailbox of live proof: a buyer's challenge and the one answer to it, kept for minutes. The buyer's browser judges
// the answer by itself; here it is judged as well, so that nobody else's bytes take its place, and for accounts of which
// only the chain knows who signs for them. Keys and secrets never enter it: signatures do.

import { TRANSFER } from '../core/act-signers.ts';
import type { TokenId } from '../core/batch.ts';
import { codePath, type PieceCode } from '../core/code.ts';
import { TouchstoneError } from '../core/errors.ts';
import type { Hex32 } from '../core/hash.ts';
import { fromHex } from '../core/hash.ts';
import {
  judgeProof,
  liveProofData,
  PROOF_SECONDS,
  type ProofAnswer,
  type ProofAsked,
  type ProofBy,
  type ProofSubject,
  proofId,
  recoveredAccount,
} from '../core/live-proof.ts';
import { typedDigest } from '../core/typed-digest.ts';
import type { Ledger } from '../ports.ts';
import { found, pieceUnder } from './find.ts';
import { workingCard } from './working-card.ts';

/** Open at a time: a shop's counter asks for one or two, a fair for some more. */
export const OPEN_BY_ASKER = 5;
export const OPEN_OF_PIECE = 30;
const OPEN_AT_ALL = 20_000;
/** How long an answer can still be fetched once its time is over, in seconds. */
const KEPT_AFTER = 300;

export interface LiveProof {
  readonly id: string;
  readonly path: string;
  readonly tokenId: string;
  readonly deadline: number;
  readonly state: 'open' | 'answered' | 'expired';
  /** By this service's clock: nobody's own need be right. */
  readonly secondsLeft: number;
  /** Answers that were not the owner's or the card's. */
  readonly refused: number;
  readonly answer?: Answered;
}

/** With how the piece stood when it was answered. */
export interface Answered extends ProofAnswer, ProofSubject {
  /** Who says that it is so: anybody who checks the signature, or the chain, which was asked here. */
  readonly judgedBy: 'signature' | 'chain';
}

interface Row {
  readonly id: string;
  readonly token_id: string;
  readonly path: string;
  readonly challenge: Hex32;
  readonly deadline: number;
  readonly refused: number;
  readonly answer: Answered | null;
}

/** @throws TouchstoneError not-found, piece-not-anchored, rate-limited, overloaded; idempotency-key-reused for a challenge that is there */
export async function askForProof(
  ledger: Ledger,
  { code, challenge, asker }: { code: PieceCode; challenge: Hex32; asker: string },
): Promise<LiveProof> {
  const { db } = ledger;
  const path = codePath(code);
  const { tokenId } = found(await pieceUnder(db, code), `The piece ${path}`);
  if (tokenId === null) throw notAnchored();
  const now = secondsNow(ledger);
  const id = proofId(challenge);
  await db.transaction(async (sql) => {
    await sql.query('DELETE FROM live_proofs WHERE deadline < $1', [now - KEPT_AFTER]);
    const [open] = await sql.query<{ asker: number; piece: number; all: number }>(
      `SELECT count(*) FILTER (WHERE asker = $1) AS asker, count(*) FILTER (WHERE token_id = $2) AS piece,
         count(*) AS all FROM live_proofs WHERE deadline >= $3 AND answer IS NULL`,
      [asker, tokenId, now],
    );
    if (open && open.all >= OPEN_AT_ALL) throw busy('overloaded', 'Too many ask for proof at this moment.');
    if (open && open.asker >= OPEN_BY_ASKER) throw busy('rate-limited', `You have asked ${OPEN_BY_ASKER} times.`);
    if (open && open.piece >= OPEN_OF_PIECE) throw busy('rate-limited', 'Too many ask for proof about this piece.');
    const made = await sql.query(
      `INSERT INTO live_proofs (id, token_id, path, challenge, deadline, asker) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (id) DO NOTHING RETURNING id`,
      [id, tokenId, path, challenge, now + PROOF_SECONDS, asker],
    );
    if (made.length > 0) return;
    throw new TouchstoneError('not-applicable', 'This challenge was used before: make a new one. Nothing was done.');
  });
  return found(await readProof(ledger, id), 'This challenge');
}

export async function readProof(ledger: Ledger, id: string): Promise<LiveProof | undefined> {
  const [row] = await ledger.db.query<Row>('SELECT * FROM live_proofs WHERE id = $1', [id]);
  const now = secondsNow(ledger);
  if (!row || row.deadline < now - KEPT_AFTER) return undefined;
  const told = { id, path: row.path, tokenId: row.token_id, deadline: row.deadline, refused: row.refused };
  const secondsLeft = Math.max(0, row.deadline - now);
  if (row.answer) return { ...told, secondsLeft, state: 'answered', answer: row.answer };
  return { ...told, secondsLeft, state: secondsLeft > 0 ? 'open' : 'expired' };
}

/**
 * Takes the one answer. The same again is answered as before, so that a lost answer of ours does no harm.
 * @throws TouchstoneError not-found, signature-expired, not-applicable, signature-invalid
 */
export async function answerProof(ledger: Ledger, id: string, brought: ProofAnswer): Promise<LiveProof> {
  const { db, chain } = ledger;
  const [row] = await db.query<Row>('SELECT * FROM live_proofs WHERE id = $1', [id]);
  if (!row) throw new TouchstoneError('not-found', 'This challenge is not known here any more. Nothing was done.');
  if (row.answer) return again(ledger, row, brought);
  if (row.deadline <= secondsNow(ledger)) {
    throw new TouchstoneError('signature-expired', 'The two minutes are over: let the buyer ask again.');
  }
  const subject = await subjectNow(ledger, row.token_id as TokenId);
  const asked = { tokenId: row.token_id, challenge: row.challenge, deadline: row.deadline };
  const judged = judgeProof(chain, asked, subject, brought);
  const byChain = judged === 'unknown' && (await chainAgrees(ledger, asked, subject.owner, brought.signature));
  if (judged === 'none' || (judged === 'unknown' && !byChain)) {
    await db.query('UPDATE live_proofs SET refused = least(refused + 1, 99) WHERE id = $1', [id]);
    throw new TouchstoneError('signature-invalid', WRONG[brought.by]);
  }
  const answer: Answered = { ...brought, ...subject, judgedBy: byChain ? 'chain' : 'signature' };
  await db.query('UPDATE live_proofs SET answer = $2 WHERE id = $1 AND answer IS NULL', [id, JSON.stringify(answer)]);
  return found(await readProof(ledger, id), 'This challenge');
}

const WRONG: Readonly<Record<ProofBy, string>> = {
  owner: 'This is not the key of the piece’s owner. Nothing was shown.',
  card: 'This card can not claim the piece: it was used or replaced, or is another piece’s. Nothing was shown.',
};

async function again(ledger: Ledger, { id, answer }: Row, { signature }: ProofAnswer): Promise<LiveProof> {
  if (answer?.signature === signature) return found(await readProof(ledger, id), 'This challenge');
  throw new TouchstoneError('not-applicable', 'Somebody has answered already. Nothing was done.');
}

/** The piece's owner, and the key of the card that could claim it from an organisation, as the chain has them now. */
async function subjectNow({ db, chain }: Ledger, tokenId: TokenId): Promise<ProofSubject> {
  const piece = found(await chain.pieceOf(tokenId), 'The piece');
  return { owner: piece.owner, card: (await workingCard(db, tokenId, piece)) ?? null };
}

/** A contract's own word, or that of the registry about an organisation's keys. */
async function chainAgrees({ chain }: Ledger, asked: ProofAsked, owner: string, signature: string): Promise<boolean> {
  const data = liveProofData(chain, 'owner', asked);
  const key = recoveredAccount(typedDigest(data), fromHex(signature));
  if (key !== undefined && (await chain.isPermitted(owner, key, TRANSFER))) return true;
  return chain.isSignedBy(owner, data, signature);
}

function secondsNow({ now }: Ledger): number {
  return Math.floor(now() / 1000);
}

function notAnchored(): TouchstoneError {
  const message = 'The piece is not on the chain yet, so nobody owns it there. Try again in a moment.';
  return new TouchstoneError('piece-not-anchored', message, { retry: { afterSeconds: 2 } });
}

function busy(code: 'rate-limited' | 'overloaded', why: string): TouchstoneError {
  return new TouchstoneError(code, `${why} Wait until one of them is over, two minutes at most. Nothing was done.`, {
    retry: { afterSeconds: 30 },
  });
}
