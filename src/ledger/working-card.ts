// Owns which claim card works on a piece at this moment, as the contract judges it. Whose signature it then is, callers say.
import { splitTokenId, type TokenId } from '../core/batch.ts';
import { FLAG, LIFE_KINDS } from '../core/life.ts';
import { ZERO_ADDRESS } from '../core/merkle.ts';
import type { PieceState, Sql } from '../ports.ts';
import { organisationAt } from './organisations.ts';

/**
 * The key of the card that could claim it: of the card set last, else of the one it was registered with. None once a card
 * was used, whichever it was, and none while no organisation owns the piece.
 */
export async function workingCard(sql: Sql, tokenId: TokenId, piece: PieceState): Promise<string | undefined> {
  // Before all else: a fresh card that was used is still marked as the fresh one.
  if ((piece.flags & FLAG.cardDead) !== 0 || !(await organisationAt(sql, piece.owner))) return undefined;
  const [card] = (piece.flags & FLAG.freshCard) !== 0 ? await setLast(sql, tokenId) : await bornWith(sql, tokenId);
  return card?.key && card.key !== ZERO_ADDRESS ? card.key : undefined;
}

function setLast(sql: Sql, tokenId: TokenId): Promise<{ key: string | null }[]> {
  return sql.query(
    `SELECT '0x' || right(content_hash, 40) AS key FROM life_events WHERE token_id = $1 AND kind = $2
     ORDER BY block DESC, log_index DESC LIMIT 1`,
    [tokenId, LIFE_KINDS['card-set']],
  );
}

function bornWith(sql: Sql, tokenId: TokenId): Promise<{ key: string | null }[]> {
  const { batchId, index } = splitTokenId(tokenId);
  return sql.query(
    `SELECT '0x' || encode(p.claim_key, 'hex') AS key FROM batches b JOIN members m ON m.batch_no = b.no
     JOIN pieces p ON p.id = m.piece_id WHERE b.batch_id = $1 AND m.index = $2`,
    [batchId, index],
  );
}
