// Owns what an owner asks about her pieces by her key: which there are, and what others ask of her about one of them. Which
// account owns what stands on the chain for everybody; what is asked of her is told only to who signs as her.

import { TRANSFER } from '../core/act-signers.ts';
import { actNamed } from '../core/acts.ts';
import type { TokenId } from '../core/batch.ts';
import { codePath, type PieceCode } from '../core/code.ts';
import { TouchstoneError } from '../core/errors.ts';
import { ownerReadsData, signedBy } from '../core/live-proof.ts';
import type { Ledger, Sql } from '../ports.ts';
import { type Receipt, requestsAbout } from './act-receipts.ts';
import { type AnySigner, typedDataOf } from './act-signatures.ts';
import { situationOf } from './acts.ts';
import { found, pieceUnder } from './find.ts';

export interface OwnedPiece {
  readonly tokenId: string;
  /** Null if its record is not known here. */
  readonly path: string | null;
  readonly title: string | null;
  readonly since: string;
}

interface OwnedRow {
  readonly block: number;
  readonly log_index: number;
  readonly time: number;
  readonly token_id: string;
  readonly path: string | null;
  readonly record: string | null;
}

/**
 * Pieces that passed to an account one by one and have not passed on since, the latest first. What an organisation holds in
 * ranges is not among them: it has lists of its own. @param before `next` of the page before
 */
export async function piecesOwnedBy(
  sql: Sql,
  { owner, before, limit }: { owner: string; before?: { block: number; logIndex: number } | undefined; limit: number },
): Promise<{ items: OwnedPiece[]; next: string | null }> {
  const rows = await sql.query<OwnedRow>(
    `SELECT m.block, m.log_index, m.time, m.token_id, p.path, p.record FROM moves m
     LEFT JOIN batches b ON b.batch_id = trunc(m.token_id::numeric / 4294967296)::text
     LEFT JOIN members s ON s.batch_no = b.no AND s.index = mod(m.token_id::numeric, 4294967296)::bigint
     LEFT JOIN pieces p ON p.id = s.piece_id
     WHERE m.to_address = $1 AND ($2::bigint IS NULL OR (m.block, m.log_index) < ($2::bigint, $3::bigint))
       AND NOT EXISTS (SELECT 1 FROM moves later WHERE later.token_id = m.token_id
         AND (later.block, later.log_index) > (m.block, m.log_index))
     ORDER BY m.block DESC, m.log_index DESC LIMIT $4`,
    [owner, before?.block ?? null, before?.logIndex ?? null, limit],
  );
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return {
    items: rows.map(({ token_id: tokenId, path, record, time }) => ({
      tokenId,
      path,
      title: record === null ? null : String((JSON.parse(record) as { title: unknown }).title),
      since: new Date(time * 1000).toISOString(),
    })),
    next: last ? `${last.block}-${last.log_index}` : null,
  };
}

/** How far ahead the time of such a signature may lie: it is good for reading until then, whoever has it. */
export const READS_FOR_SECONDS = 600;

/**
 * What waits for the owner's word about a piece, or for somebody else's to take it from her.
 * @throws TouchstoneError not-found, piece-not-anchored, signature-expired, signature-invalid
 */
export async function requestsForOwner(
  ledger: Ledger,
  code: PieceCode,
  { deadline, signature }: { deadline: number; signature: string },
): Promise<Receipt[]> {
  const { db, chain, now } = ledger;
  const path = codePath(code);
  const { tokenId } = found(await pieceUnder(db, code), `The piece ${path}`);
  const piece = tokenId === null ? undefined : await chain.pieceOf(tokenId);
  if (tokenId === null || !piece) {
    throw new TouchstoneError('piece-not-anchored', 'The piece is not on the chain yet. Try again in a moment.', {
      retry: { afterSeconds: 2 },
    });
  }
  const at = Math.floor(now() / 1000);
  if (deadline < at || deadline > at + READS_FOR_SECONDS) {
    throw new TouchstoneError('signature-expired', 'The signature’s time is over, or too far ahead. Sign again.');
  }
  const data = ownerReadsData(chain, tokenId as TokenId, deadline);
  const signed = signedBy(piece.owner, data, signature);
  if (signed === 'no' || (signed === 'unknown' && !(await chain.isSignedBy(piece.owner, data, signature)))) {
    throw new TouchstoneError('signature-invalid', 'This is not the key of the piece’s owner. Nothing is told.');
  }
  return requestsAbout(ledger, `piece ${tokenId}`);
}

/**
 * Whether an offer was signed by a piece's owner as it stands, or by a key the chain lets act for it: for accounts of which
 * no browser can tell. The one-time key itself is not asked for. @throws TouchstoneError not-found, piece-not-anchored
 */
export async function isOffered(
  ledger: Ledger,
  offer: { code: PieceCode; handoverKey: string; key: string; deadline: number; signature: string },
): Promise<boolean> {
  const { key, deadline, signature, code, handoverKey } = offer;
  const wish = { act: actNamed('handover'), fields: { piece: { code }, handoverKey }, deadline, signatures: {} };
  const situation = await situationOf(ledger, undefined, wish);
  const signer = wish.act.signers['owner'] as AnySigner;
  const owner = signer.account?.(situation.fields, situation.standing);
  if (owner === undefined) return false;
  if (key !== owner && !(await ledger.chain.isPermitted(owner, key, TRANSFER))) return false;
  const data = typedDataOf(ledger, situation, signer, deadline);
  return signedBy(key, data, signature) === 'yes' || ledger.chain.isSignedBy(key, data, signature);
}
