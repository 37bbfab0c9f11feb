// Owns how what an act is about stands: read from the chain at the moment of asking, because that is what signatures
// bind. Names of pieces are looked up in the index; a piece whose record is not known here goes by its token id.

import type { PieceName } from '../core/act-fields.ts';
import type { PieceStanding, Standings, SubjectKind } from '../core/act-standing.ts';
import { batchStatesOf, statesOf } from '../core/act-states.ts';
import { type BatchHeader, type BatchId, splitTokenId, type TokenId } from '../core/batch.ts';
import { codePath } from '../core/code.ts';
import { TouchstoneError } from '../core/errors.ts';
import { lotIdOf } from '../core/lot.ts';
import type { Ledger } from '../ports.ts';
import { lotsStanding, massesOfPiece, nameOfLot, newLotStanding } from './act-lots.ts';
import { leafOf } from './evidence.ts';
import { found, pieceUnder } from './find.ts';
import { headerOf, type SealedRow } from './seal.ts';

const MOST_FAULTS = 50;

type Fields = Readonly<Record<string, unknown>>;

interface Subject<S> {
  read(ledger: Ledger, fields: Fields): Promise<S>;
  /** What quotas count, and what only one act may be under way of. */
  names(standing: S): readonly string[];
}

/** Pieces looked up at a time: as many as leave connections for others. */
const AT_ONCE = 8;
const nameOfPiece = ({ tokenId }: PieceStanding) => `piece ${tokenId}`;

const SUBJECTS: { readonly [K in SubjectKind]: Subject<Standings[K]> } = {
  piece: {
    read: (ledger, fields) => pieceStanding(ledger, fields['piece'] as PieceName),
    names: (standing) => [nameOfPiece(standing)],
  },
  'registered-piece': {
    async read(ledger, fields) {
      const standing = await pieceStanding(ledger, fields['piece'] as PieceName);
      const { batchId, index } = splitTokenId(standing.tokenId);
      return { ...standing, header: await headerOfBatch(ledger, batchId), index };
    },
    names: (standing) => [nameOfPiece(standing)],
  },
  'recovering-piece': {
    async read(ledger, fields) {
      const standing = await pieceStanding(ledger, fields['piece'] as PieceName);
      return { ...standing, readyAt: await ledger.chain.recoveryReadyAt(standing.tokenId) };
    },
    names: (standing) => [nameOfPiece(standing)],
  },
  'proven-piece': {
    async read(ledger, fields) {
      const standing = await pieceStanding(ledger, fields['piece'] as PieceName);
      return { ...standing, leaf: (await leafOf(ledger.db, standing.tokenId)) ?? null };
    },
    names: (standing) => [nameOfPiece(standing)],
  },
  pieces: {
    read: (ledger, fields) => piecesStanding(ledger, fields['pieces'] as PieceName[]),
    names: ({ pieces }) => pieces.map(nameOfPiece),
  },
  range: {
    async read({ db, chain }, fields) {
      const batch = fields['batch'] as BatchId;
      const part = fields['part'] as number;
      const [anchor] = await db.query<{ block: number }>(
        'SELECT a.block FROM batches b JOIN anchors a ON a.batch_no = b.no WHERE b.batch_id = $1',
        [batch],
      );
      const range = anchor && (await chain.rangeOf(batch, part, anchor.block));
      return { batchId: batch, part, ...found(range, part === 0 ? 'This batch' : 'This block of the batch') };
    },
    names: ({ batchId, part }) => [`range ${batchId} ${part}`],
  },
  batch: {
    async read(ledger, fields) {
      const batch = fields['batch'] as BatchId;
      const header = await headerOfBatch(ledger, batch);
      const { flags, ...state } = found(await ledger.chain.batchOf(batch), 'This batch');
      return { batchId: batch, header, ...state, is: batchStatesOf(flags) };
    },
    // As the range that it is: it is not passed on while it is ended.
    names: ({ batchId }) => [`range ${batchId} 0`],
  },
  'new-lot': {
    read: async (_, fields) => newLotStanding(fields),
    names: ({ header }) => [nameOfLot(lotIdOf(header))],
  },
  lots: {
    read: lotsStanding,
    names: ({ lots }) => lots.map(({ lotId }) => nameOfLot(lotId)),
  },
  'ended-piece': {
    async read(ledger, fields) {
      const standing = await pieceStanding(ledger, fields['piece'] as PieceName);
      const leaf = (await leafOf(ledger.db, standing.tokenId)) ?? null;
      return { ...standing, leaf, ...(await massesOfPiece(ledger, standing.tokenId)) };
    },
    names: (standing) => [nameOfPiece(standing)],
  },
};

/** @throws TouchstoneError not-found, piece-not-anchored, invalid-act */
export function standingOf<K extends SubjectKind>(ledger: Ledger, kind: K, fields: Fields): Promise<Standings[K]> {
  return SUBJECTS[kind].read(ledger, fields);
}

export function subjectsOf<K extends SubjectKind>(kind: K, standing: Standings[K]): readonly string[] {
  return SUBJECTS[kind].names(standing);
}

async function piecesStanding(ledger: Ledger, names: readonly PieceName[]): Promise<Standings['pieces']> {
  const pieces: PieceStanding[] = [];
  for (let at = 0; at < names.length; at += AT_ONCE) {
    pieces.push(...(await Promise.all(names.slice(at, at + AT_ONCE).map((name) => pieceStanding(ledger, name)))));
  }
  const owner = pieces[0]?.owner as string;
  const seen = new Set<TokenId>();
  const faults = pieces.flatMap((piece, i) => {
    const twice = seen.has(piece.tokenId);
    seen.add(piece.tokenId);
    if (twice) return [{ field: `pieces.${i}`, reason: 'is named twice' }];
    return piece.owner === owner ? [] : [{ field: `pieces.${i}`, reason: 'has another owner than the first' }];
  });
  if (faults.length === 0) return { owner, pieces };
  throw new TouchstoneError('invalid-act', 'These pieces can not be passed on together.', {
    faults: faults.slice(0, MOST_FAULTS),
  });
}

async function pieceStanding(ledger: Ledger, name: PieceName): Promise<PieceStanding> {
  const path = 'code' in name ? codePath(name.code) : await pathOfToken(ledger, name.tokenId);
  const known = 'code' in name ? found(await pieceUnder(ledger.db, name.code), `The piece ${path}`) : name;
  const tokenId = known.tokenId as TokenId | null;
  const piece = tokenId === null ? undefined : await ledger.chain.pieceOf(tokenId);
  if (tokenId !== null && piece) {
    const { flags, ...state } = piece;
    return { tokenId, path, ...state, is: statesOf(piece.state, flags) };
  }
  const message = 'The piece is not on the chain yet, so nothing can be done with it there. Try again in a moment.';
  throw new TouchstoneError('piece-not-anchored', message, { retry: { afterSeconds: 2 } });
}

async function headerOfBatch({ db }: Ledger, batchId: BatchId): Promise<BatchHeader> {
  const [row] = await db.query<SealedRow>(
    `SELECT b.no, b.batch_id, b.organisation, b.root, b.count, b.mode, b.payload_hash, b.parts
     FROM batches b WHERE b.batch_id = $1`,
    [batchId],
  );
  return headerOf(found(row, 'This batch'));
}

async function pathOfToken({ db }: Ledger, tokenId: string): Promise<string | null> {
  const { batchId, index } = splitTokenId(tokenId);
  const [row] = await db.query<{ path: string }>(
    `SELECT p.path FROM batches b JOIN members m ON m.batch_no = b.no JOIN pieces p ON p.id = m.piece_id
     WHERE b.batch_id = $1 AND m.index = $2::bigint`,
    [batchId, index],
  );
  return row?.path ?? null;
}
