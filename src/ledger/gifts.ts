// Owns gift messages as they are kept: who may write one now, by the chain's word at this moment; that nothing older is
// brought again; that the registrant may hide one. What is signed is core/gift.ts's.
import type { TokenId } from '../core/batch.ts';
import { codePath, type PieceCode } from '../core/code.ts';
import { TouchstoneError } from '../core/errors.ts';
import { GIFT_GOOD_FOR, type GiftMessage, type GiftWish, giftStands, giftTypedData } from '../core/gift.ts';
import type { Passport } from '../core/passport.ts';
import type { Ledger, PieceState, Sql } from '../ports.ts';
import { found, passportOf } from './find.ts';
import { organisationAt } from './organisations.ts';
import { todayOf } from './scans.ts';
import { workingCard } from './working-card.ts';

/** Rewording twice over a glass is no abuse; a page that changes by the minute is. */
const CHANGES_A_DAY = 20;
/** Clocks differ. */
const LEEWAY_S = 300;

export type GiftSigner = 'card' | 'owner';

interface GiftRow {
  readonly words: string | null;
  readonly language: string | null;
  readonly deadline: number;
  readonly signature: string;
  readonly moves: number;
  readonly hidden: boolean;
  readonly changes: number;
  readonly changes_day: string;
  readonly day: string;
}

/** A message as the passport shows it. */
export interface ShownGift extends GiftMessage {
  readonly day: string;
}

const ROW = `SELECT words, language, deadline, signature, moves, hidden, changes, changes_day::text AS changes_day,
  (written_at AT TIME ZONE 'UTC')::date::text AS day FROM gifts WHERE token_id = $1`;

/** The message that stands on a piece's page; undefined if none does. */
export async function shownGift(sql: Sql, passport: Passport): Promise<ShownGift | undefined> {
  const [row] = passport.tokenId === null ? [] : await sql.query<GiftRow>(ROW, [passport.tokenId]);
  if (!row || row.hidden || row.words === null || row.language === null) return undefined;
  if (!giftStands(row.moves, keepersOf(passport))) return undefined;
  return { words: row.words, language: row.language, day: row.day };
}

function keepersOf({ timeline }: Passport): boolean[] {
  return timeline.flatMap((entry) =>
    entry.kind === 'registered' || entry.kind === 'moved' ? [entry.to.organisation !== undefined] : [],
  );
}

/** What a page needs to have a message signed. */
export interface GiftStanding {
  readonly tokenId: string;
  readonly chainId: number;
  readonly pieces: string;
  /** Who may sign now. */
  readonly by: GiftSigner | 'nobody';
  /** Whose signature it has to be, where that is an owner; a card's key stays unsaid. */
  readonly account: string | null;
  /** To be signed with: later than any that was brought. */
  readonly deadline: number;
  readonly message: ShownGift | null;
  /** The registrant doesn't want it shown. */
  readonly hidden: boolean;
}

export async function giftStanding(ledger: Ledger, code: PieceCode): Promise<GiftStanding> {
  const { passport, tokenId, signer } = await situationOf(ledger, code);
  const [row] = await ledger.db.query<GiftRow>(ROW, [tokenId]);
  return {
    tokenId,
    chainId: ledger.chain.chainId,
    pieces: ledger.chain.pieces,
    by: signer.by,
    account: signer.by === 'owner' ? signer.account : null,
    deadline: Math.max(Math.floor(ledger.now() / 1000) + GIFT_GOOD_FOR, (row?.deadline ?? 0) + 1),
    message: (await shownGift(ledger.db, passport)) ?? null,
    hidden: row?.hidden ?? false,
  };
}

interface Situation {
  readonly passport: Passport;
  readonly tokenId: string;
  readonly piece: PieceState;
  readonly signer: { readonly by: GiftSigner; readonly account: string } | { readonly by: 'nobody' };
}

/** @throws TouchstoneError not-found, piece-not-anchored */
async function situationOf({ db, chain }: Ledger, code: PieceCode): Promise<Situation> {
  const passport = found(await passportOf(db, chain, code), `The piece ${codePath(code)}`);
  const { tokenId } = passport;
  const piece = tokenId === null ? undefined : await chain.pieceOf(tokenId);
  if (tokenId === null || !piece) {
    const retry = { afterSeconds: 2 };
    throw new TouchstoneError('piece-not-anchored', 'The piece is not on the chain yet. Try again in a moment.', {
      retry,
    });
  }
  return { passport, tokenId, piece, signer: await signerOf(db, tokenId, piece) };
}

/** A card is the giver's while an organisation has the piece, as for a claim; after that its owner gives it. */
async function signerOf(sql: Sql, tokenId: TokenId, piece: PieceState): Promise<Situation['signer']> {
  if (!(await organisationAt(sql, piece.owner))) return { by: 'owner', account: piece.owner };
  const account = await workingCard(sql, tokenId, piece);
  return account === undefined ? { by: 'nobody' } : { by: 'card', account };
}

/**
 * Keeps what was signed. The same signature again changes nothing.
 * @throws TouchstoneError signature-expired, signature-invalid, card-dead, stale-act, over-quota
 */
export async function writeGift(ledger: Ledger, code: PieceCode, wish: GiftWish): Promise<void> {
  const now = Math.floor(ledger.now() / 1000);
  if (wish.deadline < now) {
    throw new TouchstoneError('signature-expired', 'A signature’s time is over. Sign again. Nothing was done.');
  }
  const situation = await situationOf(ledger, code);
  const message = wish.shown ? { words: wish.words, language: wish.language } : undefined;
  const by = await mustBeSigned(ledger, situation, wish, message);
  await ledger.db.transaction(async (sql) => {
    await sql.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`touchstone.gift ${situation.tokenId}`]);
    const [before] = await sql.query<GiftRow>(ROW, [situation.tokenId]);
    if (before?.signature === wish.signature && before.deadline === wish.deadline) return;
    // Beyond the hour only where the one before was signed for as late: a deadline far off would lock out the next owner.
    if (wish.deadline > Math.max(now + GIFT_GOOD_FOR + LEEWAY_S, (before?.deadline ?? 0) + 1)) {
      const faults = [{ field: 'deadline', reason: 'must be within the next hour' }];
      throw new TouchstoneError('invalid-request', 'The deadline is too far off. Nothing was done.', { faults });
    }
    if (before && wish.deadline <= before.deadline) {
      const text = 'Something newer was signed about this message. Look at it, and sign again. Nothing was done.';
      throw new TouchstoneError('stale-act', text);
    }
    const changes = changesToday(ledger, before);
    await sql.query(
      `INSERT INTO gifts (token_id, path, organisation, words, language, deadline, signature, signed_by, moves,
         changes, changes_day) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       ON CONFLICT (token_id) DO UPDATE SET words = EXCLUDED.words, language = EXCLUDED.language,
         deadline = EXCLUDED.deadline, signature = EXCLUDED.signature, signed_by = EXCLUDED.signed_by,
         moves = EXCLUDED.moves, changes = EXCLUDED.changes, changes_day = EXCLUDED.changes_day, written_at = now()`,
      [
        situation.tokenId,
        situation.passport.path,
        situation.passport.registrant.address,
        message?.words ?? null,
        message?.language ?? null,
        wish.deadline,
        wish.signature,
        by,
        situation.piece.moves,
        changes,
        todayOf(ledger),
      ],
    );
  });
}

function changesToday(ledger: Ledger, before: GiftRow | undefined): number {
  const changes = before?.changes_day === todayOf(ledger) ? before.changes + 1 : 1;
  if (changes <= CHANGES_A_DAY) return changes;
  throw new TouchstoneError('over-quota', `A message changes ${CHANGES_A_DAY} times a day at most. Nothing was done.`, {
    retry: { afterSeconds: 6 * 60 * 60 },
  });
}

async function mustBeSigned(
  { keys, chain }: Ledger,
  { tokenId, signer, piece }: Situation,
  { deadline, signature, key }: GiftWish,
  message: GiftMessage | undefined,
): Promise<GiftSigner> {
  const data = giftTypedData(chain, { tokenId, message, deadline });
  const recovered = keys.signerOf(data, signature);
  if (signer.by !== 'nobody' && recovered === signer.account) return signer.by;
  // Of passkeys and contract accounts, which no signature can be reckoned back to, the chain has the word.
  const bySelf = signer.by === 'owner' && (key === undefined || key === signer.account);
  if (bySelf && (await chain.isSignedBy(piece.owner, data, signature))) return 'owner';
  if (signer.by === 'nobody') {
    const text =
      'No card works for this piece now, and an organisation has it. Once it has a private owner, that owner signs.';
    throw new TouchstoneError('card-dead', `${text} Nothing was done.`);
  }
  const whose = signer.by === 'card' ? 'the card of this piece' : 'the piece’s owner, and its card works no more';
  throw new TouchstoneError('signature-invalid', `This was not signed by ${whose}. Nothing was done.`);
}

export interface GiftItem {
  readonly tokenId: string;
  readonly path: string;
  readonly words: string;
  readonly language: string;
  readonly day: string;
  readonly hidden: boolean;
}

const MOST_LISTED = 200;

/** Messages about pieces an organisation registered, newest first. */
export async function listGifts(sql: Sql, organisation: string): Promise<GiftItem[]> {
  return sql.query<GiftItem>(
    `SELECT token_id AS "tokenId", path, words, language, hidden, (written_at AT TIME ZONE 'UTC')::date::text AS day
     FROM gifts WHERE organisation = $1 AND words IS NOT NULL ORDER BY written_at DESC, token_id LIMIT ${MOST_LISTED}`,
    [organisation],
  );
}

/**
 * The registrant's house rule: hidden stays hidden, whatever is written next, until the registrant shows it again.
 * @throws TouchstoneError not-found for anybody else's, as for none
 */
export async function hideGift(sql: Sql, organisation: string, tokenId: string, hidden: boolean): Promise<void> {
  const rows = await sql.query(
    'UPDATE gifts SET hidden = $3 WHERE token_id = $1 AND organisation = $2 RETURNING token_id',
    [tokenId, organisation, hidden],
  );
  if (rows.length === 0) throw new TouchstoneError('not-found', 'This message is not about a piece of yours.');
}
