// Owns what acts may be about, and what of it signatures bind: a piece, several, a batch or block, as they stand on the
// chain. Reading that is the ledger's (ledger/act-standings.ts).
import type { BatchStateName, StateName } from './act-states.ts';
import type { BatchHeader, BatchId, TokenId } from './batch.ts';
import type { Hex32 } from './hash.ts';
import type { LotHeader, LotId, Mass } from './lot.ts';

/** What leads from a piece's record to the root of its batch, as the contracts take it. */
export interface Leaf {
  readonly header: BatchHeader;
  readonly index: number;
  readonly recordHash: Hex32;
  readonly claimKey: string;
  readonly extra: Hex32;
  readonly proof: readonly Hex32[];
}

/** A piece as it stands on the chain. */
export interface PieceStanding {
  readonly tokenId: TokenId;
  /** Its public path; null if its record is not known here. */
  readonly path: string | null;
  readonly owner: string;
  readonly moves: number;
  readonly events: number;
  /** Bits as in IPieces, Standing. */
  readonly state: number;
  /** The same and what concerns recovery, in words. */
  readonly is: readonly StateName[];
  /** Last day, counted from 1970, of a report's block. */
  readonly day: number;
}

/** With the header it was registered under, which needs no record. */
export interface RegisteredPieceStanding extends PieceStanding {
  readonly header: BatchHeader;
  readonly index: number;
}

/** With when the recovery begun last may be completed; 0 if none ever was. */
export interface RecoveringPieceStanding extends PieceStanding {
  readonly readyAt: number;
}

export interface ProvenPieceStanding extends PieceStanding {
  /** Null if the records of its batch are not all known here. */
  readonly leaf: Leaf | null;
}

/** Several pieces of one owner. */
export interface PiecesStanding {
  readonly owner: string;
  readonly pieces: readonly PieceStanding[];
}

/** A batch, or a block of it (`part` - 1), as it stands on the chain. */
export interface RangeStanding {
  readonly batchId: BatchId;
  readonly part: number;
  readonly holder: string;
  readonly events: number;
  /** Indexes of the pieces that have left it, ascending, as passRange takes them. */
  readonly departed: readonly number[];
}

/** A batch as registered: who holds the pieces still in its range, and what was said of all that were born in it. */
export interface BatchStanding {
  readonly batchId: BatchId;
  readonly header: BatchHeader;
  readonly holder: string;
  readonly rangeEvents: number;
  readonly events: number;
  readonly is: readonly BatchStateName[];
}

/** A lot that is not there yet. */
export interface NewLotStanding {
  readonly header: LotHeader;
}

export interface LotInput {
  readonly lotId: LotId;
  readonly header: LotHeader;
  readonly remaining: number;
  readonly events: number;
}

/** Lots of one holder, ascending by id, as the contract takes them. */
export interface LotsStanding {
  readonly holder: string;
  readonly lots: readonly LotInput[];
  /** Of the batch they are drawn for. */
  readonly batch: BatchHeader | null;
}

/** A piece with what its record says came from lots, and the headers of those. */
export interface EndedPieceStanding extends ProvenPieceStanding {
  readonly masses: readonly Mass[];
  readonly sources: readonly LotHeader[];
}

/** What an act may be about. For each the ledger knows how to read the standing (ledger/act-standings.ts). */
export interface Standings {
  readonly piece: PieceStanding;
  readonly 'registered-piece': RegisteredPieceStanding;
  readonly 'recovering-piece': RecoveringPieceStanding;
  /** A piece together with its way to the batch's root: for calls that name its header or leaf. */
  readonly 'proven-piece': ProvenPieceStanding;
  readonly pieces: PiecesStanding;
  readonly range: RangeStanding;
  readonly batch: BatchStanding;
  readonly 'new-lot': NewLotStanding;
  readonly lots: LotsStanding;
  readonly 'ended-piece': EndedPieceStanding;
}
export type SubjectKind = keyof Standings;
