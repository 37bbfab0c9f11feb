// Owns what the ledger needs from outside: a database, a chain, keys, compression, a clock, a log. Each method states
// what is durable when it answers and who retries. Vendors and their types never enter it.
import type { ActCall, ActContract, Outcome } from './core/act.ts';
import type { BatchHeader } from './core/batch.ts';
import type { CertificateFields } from './core/certificate.ts';
import type { DomainOutcome } from './core/domain-statement.ts';
import type { ChainEvent } from './core/events.ts';
import type { Evidence } from './core/evidence.ts';
import type { Hex32 } from './core/hash.ts';
import type { LabelSheet } from './core/label-formats.ts';
import type { PhotoSize } from './core/photo.ts';
import type { PrintedSheet } from './core/printed-sheet.ts';
import type { CertificateBatch, Revocation } from './core/typed-data.ts';
import type { Witness } from './core/verdict.ts';

/** Runs SQL. Rows are plain objects; int8 comes as number (all ours are below 2^53), bytea as Buffer. */
export interface Sql {
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** @throws TouchstoneError database-unavailable (retry after some seconds) wherever the server can't be reached. */
export interface Database extends Sql {
  /** Commits what `work` did, or nothing. When it answers, it is on disk. The caller repeats it after an error. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /**
   * A lock over all processes on this database, held on a connection of its own; undefined if another holds it.
   * `lost` resolves when the connection is gone and with it the lock.
   */
  tryLock(name: string): Promise<{ readonly lost: Promise<void>; release(): Promise<void> } | undefined>;
  close(): Promise<void>;
}

export interface BlockPoint {
  readonly number: number;
  readonly hash: Hex32;
  readonly time: number;
}

export type { ChainEvent } from './core/events.ts';

export type SendOutcome =
  /** The node has it (now or before). */
  | { readonly outcome: 'taken' }
  /** The nonce is used: this transaction or another one with its nonce is on the chain. */
  | { readonly outcome: 'nonce-used' }
  | { readonly outcome: 'refused'; readonly reason: string };

export interface Receipt {
  readonly block: number;
  readonly succeeded: boolean;
}

/** A call that a relayer pays for. */
export interface Call {
  readonly to: string;
  readonly data: string;
  readonly gas: bigint;
}

export interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/** @throws TouchstoneError node-unavailable (retry after some seconds) wherever the node can't be reached. */
export interface Chain {
  readonly chainId: number;
  /** Hash of the chain's first block. */
  readonly genesis: Hex32;
  readonly pieces: string;
  readonly organisations: string;
  readonly certificates: string;
  readonly lots: string;
  readonly lifeEvents: string;
  /** The chain is kept by this service's operator alone. */
  readonly embedded: boolean;
  head(): Promise<BlockPoint>;
  blocks(numbers: readonly number[]): Promise<(BlockPoint | undefined)[]>;
  /** Number of the last block that counts as final under the configured rule. */
  finalBlock(head: BlockPoint): Promise<number>;
  /** The contracts' events of a range of blocks, in order. */
  events(from: number, to: number): Promise<ChainEvent[]>;
  /** Sends signed transactions in the given order. Idempotent: sending again is answered, not repeated. */
  send(raw: readonly string[]): Promise<SendOutcome[]>;
  receipts(hashes: readonly string[]): Promise<(Receipt | undefined)[]>;
  nonceOf(address: string): Promise<number>;
  fees(): Promise<Fees>;
  /** Why a call would revert now, in the contract's words; undefined if it would pass. */
  refusal(call: Call): Promise<string | undefined>;
  isPermitted(organisation: string, key: string, permission: number): Promise<boolean>;
  /** Whether a contract account or a passkey made a signature, as the contracts judge it. */
  isSignedBy(account: string, data: TypedData, signature: string): Promise<boolean>;
  /** Whether it registered this, or is the one that succeeded who did. */
  speaksFor(registrant: string, acting: string): Promise<boolean>;
  /** A piece now; undefined if there is none. */
  pieceOf(tokenId: string): Promise<PieceState | undefined>;
  /** Block time from which the recovery of a piece begun last may be completed; 0 if none was. */
  recoveryReadyAt(tokenId: string): Promise<number>;
  /** A batch as a whole now; undefined if there is none. */
  batchOf(batchId: string): Promise<BatchState | undefined>;
  /** Who holds a lot, what remains of it and how many events it has; undefined if there is none. */
  lotOf(lotId: string): Promise<{ holder: string; remaining: number; events: number } | undefined>;
  /** A batch (part 0) or its block `part` - 1 now; undefined if there is none. @throws where there are too many logs */
  rangeOf(batchId: string, part: number, sinceBlock: number): Promise<RangeState | undefined>;
  /** Where a contract stands that checks acts. */
  addressOf(contract: ActContract): string;
  /** An act's call as the relayer, or anybody, sends it. */
  encodeAct(call: ActCall): { to: string; data: string };
  /** The event of this kind from a block on with which all that the outcome asks for is there; undefined if it is not. */
  happened(outcome: Outcome, fromBlock: number): Promise<{ block: number; transaction: Hex32 } | undefined>;
  encodeRegister(header: BatchHeader, authorization: Authorization): string;
  encodePostPart(header: BatchHeader, partHashes: readonly Hex32[], part: number, data: Uint8Array): string;
  encodeTransfer(transfer: TransferIntent, authorization: Authorization): string;
  /** Both kinds of contract bundle calls to themselves in the same way. */
  encodeMulticall(calls: readonly string[]): string;
  encodeIssue(fields: CertificateFields, authorization: Authorization): string;
  encodeIssueBatch(batch: CertificateBatch, authorization: Authorization): string;
  /** @param certificate its fields, if it was issued by itself; otherwise the revocation names its batch and index */
  encodeRevoke(
    revocation: Revocation,
    certificate: CertificateFields | undefined,
    authorization: Authorization,
  ): string;
  encodePostContent(content: Uint8Array): string;
  /** What the node says about a passport's evidence. Never throws for an unreachable node: that is an answer. */
  witness(evidence: Evidence): Promise<Witness | undefined>;
}

/** Bits as in IPieces, Standing. */
export interface PieceState {
  readonly owner: string;
  readonly moves: number;
  readonly events: number;
  /** Last day, counted from 1970, of a report's block. */
  readonly day: number;
  readonly state: number;
  readonly flags: number;
}

/** Flags as in IPieces, batchStandingOf; `events` are the batch's own, `rangeEvents` those of the range it is. */
export interface BatchState {
  readonly holder: string;
  readonly rangeEvents: number;
  readonly flags: number;
  readonly events: number;
}

export interface RangeState {
  readonly holder: string;
  readonly events: number;
  /** Indexes of all pieces that have a slot of their own, ascending: those of the block only, where it counts for itself. */
  readonly departed: readonly number[];
}

export interface Authorization {
  readonly key: string;
  /** Seconds since 1970. */
  readonly deadline: number;
  readonly signature: string;
}

export interface TransferIntent {
  readonly tokenId: string;
  readonly from: string;
  readonly to: string;
  readonly moves: number;
}

/** EIP-712 typed data as wallets take it. */
export interface TypedData {
  readonly domain: Record<string, unknown>;
  readonly types: Record<string, { name: string; type: string }[]>;
  readonly primaryType: string;
  readonly message: Record<string, unknown>;
}

/** Signs with keys the service holds. Private keys never leave it except sealed. */
export interface Keys {
  readonly relayer: string;
  /** A fresh key: its address, and itself encrypted for the database (AES-256-GCM under the master key). */
  create(organisation: string): Promise<{ address: string; sealed: Uint8Array }>;
  /** Signs typed data with a sealed key. @throws TouchstoneError configuration if the master key is another one. */
  sign(organisation: string, address: string, sealed: Uint8Array, data: TypedData): Promise<string>;
  /** A transaction of the relayer, signed: raw bytes as hexadecimal, and its hash. */
  transaction(chainId: number, nonce: number, call: Call, fees: Fees): { raw: string; hash: Hex32 };
  /** The call that a signed transaction makes. */
  callOf(raw: string): Call;
  /** The account that made a typed-data signature (ECDSA); undefined if the signature is malformed. */
  signerOf(data: TypedData, signature: string): string | undefined;
}

/** Codec 1 of docs/format.md: Brotli. */
export interface Codec {
  /** Reads as it goes. @param size about how many bytes the text has */
  compress(text: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array>;
  /** @throws if the stream is malformed or would expand beyond `limit` bytes. */
  expand(bytes: Uint8Array, limit: number): Promise<Uint8Array>;
}

export type FileFormat = 'csv' | 'ndjson';

/** One row of a file: cells of a CSV row, or the text of an NDJSON line. Rows count from 1 after a header. */
export interface FileRow {
  readonly row: number;
  readonly cells: readonly string[];
}

/** The rows of workshop's files, and back. */
export interface Rows {
  /**
   * Reads as it goes; the first row of a CSV file is its header (row 0). NDJSON gives one cell a line.
   * @throws TouchstoneError invalid-encoding, invalid-file naming the row; rows before it have been given
   */
  read(format: FileFormat, chunks: AsyncIterable<Uint8Array>): AsyncIterable<FileRow>;
  /** One CSV line, quoted where needed, with cells that a spreadsheet would run as a formula made harmless. */
  csvLine(cells: readonly string[]): string;
}

/** A photograph made ready to be kept: pixels alone, upright, and smaller sizes of it. */
export interface MadePhoto extends PhotoSize {
  readonly mediaType: string;
  readonly data: Buffer;
  readonly sizes: readonly (PhotoSize & { readonly mediaType: string; readonly data: Buffer })[];
}

/** What the well-known document of a domain says, or why it says nothing. Never throws: not to be reached is an answer. */
export type WellKnown = (
  domain: string,
) => Promise<{ readonly text: string } | { readonly outcome: Exclude<DomainOutcome, 'controls' | 'not-named'> }>;

/** Pictures and papers. Nothing is kept by it: the same from the same, as often as it is asked. */
export interface Press {
  /** @throws TouchstoneError unsupported-media-type, invalid-file naming why */
  photo(mediaType: string, bytes: Uint8Array): Promise<MadePhoto>;
  /** A photograph as paper takes it. */
  photoForPrint(data: Uint8Array, mostWidth: number): Promise<Buffer>;
  /** A PDF: the same bytes for the same sheet. */
  sheet(sheet: PrintedSheet): Promise<Buffer>;
  /** A PDF, page by page as it is made. */
  labels(sheet: LabelSheet): AsyncIterable<Buffer>;
  wellKnown: WellKnown;
}

/** Structured log. Secrets never enter it. */
export interface Log {
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
  error(data: object, message: string): void;
}

/** What every use case gets. */
export interface Ledger {
  readonly db: Database;
  readonly chain: Chain;
  readonly keys: Keys;
  readonly codec: Codec;
  readonly rows: Rows;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Tells the sequencer that there is work; a replica without the lead ignores it and the leader's poll finds it. */
  readonly nudge: () => void;
}
