// Owns what the contracts say, decoded: the events everything else is folded from. How they are read from a node
// is an adapter's business. Addresses are lower-case.
import type { BatchHeader, BatchId, TokenId } from './batch.ts';
import type { CertificateFields, CertificateId } from './certificate.ts';
import type { Hex32 } from './hash.ts';
import type { LotHeader, LotId } from './lot.ts';
import type { Root } from './merkle.ts';

/** Where on the chain something happened, and when. */
export interface ChainPoint {
  readonly block: number;
  /** Block time in seconds since 1970. */
  readonly time: number;
  readonly transaction: Hex32;
}

/** ISO 8601 of a block time in seconds, in UTC. Beyond the calendar's end: the last second it has. */
export function isoTime(seconds: number): string {
  return new Date(Math.min(seconds, 253_402_300_799) * 1000).toISOString().replace('.000Z', 'Z');
}

/** Where in the chain's order. */
export interface Placed {
  readonly block: number;
  readonly logIndex: number;
}

export function isBefore(a: Placed, b: Placed): boolean {
  return a.block < b.block || (a.block === b.block && a.logIndex < b.logIndex);
}

/** A log's place, and the block and transaction it is in. */
export interface EventPlace {
  readonly block: number;
  readonly blockHash: Hex32;
  readonly logIndex: number;
  readonly transaction: Hex32;
}

export type Happening =
  | { readonly kind: 'batch'; readonly batchId: BatchId; readonly header: BatchHeader; readonly key: string }
  | { readonly kind: 'part'; readonly batchId: BatchId; readonly part: number; readonly data: Uint8Array }
  | { readonly kind: 'move'; readonly tokenId: TokenId; readonly from: string; readonly to: string }
  | {
      /** Pieces of a batch, from the first index to the last, changed hands without a slot of their own. */
      readonly kind: 'run';
      readonly batchId: BatchId;
      readonly first: number;
      readonly last: number;
      readonly from: string;
      readonly to: string;
    }
  | {
      /** Counted among the piece's own events. `event` as in life.ts, LIFE_KINDS. */
      readonly kind: 'life';
      readonly tokenId: TokenId;
      readonly number: number;
      readonly event: number;
      readonly organisation: string;
      readonly key: string;
      readonly contentHash: Hex32;
      readonly words: string;
    }
  | {
      readonly kind: 'batch-life';
      readonly batchId: BatchId;
      readonly number: number;
      readonly event: number;
      readonly organisation: string;
      readonly key: string;
      readonly words: string;
    }
  | {
      readonly kind: 'claim';
      readonly tokenId: TokenId;
      readonly to: string;
      readonly claimKey: string;
      readonly recoverable: boolean;
    }
  | { readonly kind: 'approval'; readonly tokenId: TokenId; readonly owner: string; readonly to: string }
  | { readonly kind: 'organisation'; readonly organisation: string; readonly name: string; readonly data: object }
  | {
      readonly kind: 'certificate';
      readonly id: CertificateId;
      readonly fields: CertificateFields;
      readonly key: string;
    }
  | {
      readonly kind: 'certificates';
      readonly id: Hex32;
      readonly organisation: string;
      readonly root: Root;
      readonly count: number;
      readonly key: string;
    }
  | {
      readonly kind: 'revocation';
      readonly id: Hex32;
      readonly index: number;
      readonly organisation: string;
      readonly reason: number;
      readonly words: string;
      readonly key: string;
    }
  | { readonly kind: 'content'; readonly contentHash: Hex32; readonly content: Uint8Array }
  | {
      /** Declared, or made by an operation (lot.ts, LOT_OPERATIONS). The lot's event number 1. */
      readonly kind: 'lot';
      readonly lotId: LotId;
      readonly header: LotHeader;
      readonly operation: number;
      readonly key: string;
    }
  | {
      readonly kind: 'lot-moved';
      readonly lotId: LotId;
      readonly number: number;
      readonly from: string;
      readonly to: string;
      readonly key: string;
    }
  | {
      readonly kind: 'lot-drawn';
      readonly lotId: LotId;
      readonly number: number;
      readonly batchId: BatchId;
      readonly quantity: number;
      readonly key: string;
    }
  | {
      /** What was taken went into the lots whose header has these parents. */
      readonly kind: 'lot-consumed';
      readonly lotId: LotId;
      readonly number: number;
      readonly parents: Hex32;
      readonly operation: number;
      readonly quantity: number;
      readonly key: string;
    }
  | {
      readonly kind: 'piece-returned';
      readonly tokenId: TokenId;
      readonly organisation: string;
      readonly key: string;
    };

export type ChainEvent = EventPlace & Happening;
