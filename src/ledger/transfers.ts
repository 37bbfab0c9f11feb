// Owns passing a piece on: what has to be signed, checking what was, and the errand for the relayer. Who may move a
// piece is the contract's to say; here it is only asked beforehand, so that a refusal has words.
import type { TokenId } from '../core/batch.ts';
import { codePath, type PieceCode } from '../core/code.ts';
import { type ErrorCode, TouchstoneError } from '../core/errors.ts';
import { ZERO_ADDRESS } from '../core/merkle.ts';
import { transferMessage } from '../core/typed-data.ts';
import type { Authorization, Ledger, Sql, TransferIntent } from '../ports.ts';
import { type Caller, permittedKey, signAs } from './accounts.ts';
import { found, movesOf, passportOf } from './find.ts';
import { readCursor } from './indexer.ts';
import { PERMISSION } from './organisations.ts';
import { enlist, gasFor } from './relay.ts';

/** How long a signature made here is good; one made elsewhere brings its own deadline. */
const SIGNATURE_S = 60 * 60;
/** Two new slots, the move's own work and an ERC-1271 or receiver call within reason: the relayer pays no more. */
const TRANSFER_WORK = 260_000n;

export type TransferState = 'accepted' | 'sealed' | 'anchored' | 'final' | 'failed';

export interface Transfer {
  readonly id: string;
  readonly path: string;
  readonly tokenId: string;
  readonly from: string;
  readonly to: string;
  readonly moves: number;
  readonly state: TransferState;
  readonly transaction: string | null;
  readonly error: { readonly code: string; readonly detail: string } | null;
}

/** What the owner of a piece signs to move it. @throws TouchstoneError not-found, piece-not-anchored */
export async function prepareTransfer(ledger: Ledger, code: PieceCode, to: string) {
  const intent = await intentOf(ledger, code, to);
  const deadline = Math.floor(ledger.now() / 1000) + SIGNATURE_S;
  const typedData = transferMessage(ledger.chain.chainId, ledger.chain.pieces, intent, deadline);
  return { ...intent, deadline, typedData };
}

async function intentOf(ledger: Ledger, code: PieceCode, to: string): Promise<TransferIntent> {
  const passport = found(await passportOf(ledger.db, ledger.chain, code), `The piece ${codePath(code)}`);
  const tokenId: TokenId | null = passport.tokenId;
  const piece = tokenId === null ? undefined : await ledger.chain.pieceOf(tokenId);
  if (tokenId === null || !piece) {
    const message = 'The piece is not on the chain yet, so it can not be passed on yet. Try again in a moment.';
    throw new TouchstoneError('piece-not-anchored', message, { retry: { afterSeconds: 2 } });
  }
  if (to === ZERO_ADDRESS || to === piece.owner) {
    const why = to === piece.owner ? 'owns the piece already' : 'is the zero address: nobody could ever own the piece';
    throw new TouchstoneError('invalid-transfer', 'The piece was not moved.', {
      faults: [{ field: 'to', reason: why }],
    });
  }
  return { tokenId, from: piece.owner, to, moves: piece.moves };
}

/** A signature made elsewhere, by the owner or somebody the owner lets move the piece. */
export interface Signed {
  readonly signature: string;
  readonly deadline: number;
  readonly moves: number;
  /** The account that signed, where it can't be told from the signature (contract accounts). */
  readonly key?: string | undefined;
}

/** Checks and signs; stores nothing. @throws TouchstoneError saying why the chain would refuse it */
export async function checkTransfer(
  ledger: Ledger,
  caller: Caller,
  code: PieceCode,
  to: string,
  signed: Signed | undefined,
): Promise<{ path: string; intent: TransferIntent; authorization: Authorization }> {
  const intent = await intentOf(ledger, code, to);
  if (signed && signed.moves !== intent.moves) throw stale(intent.moves);
  const authorization = signed ? elsewhere(ledger, intent, signed) : await held(ledger, caller, intent);
  const refusal = await ledger.chain.refusal(callOf(ledger, intent, authorization));
  if (refusal) throw refused(refusal);
  return { path: codePath(code), intent, authorization };
}

async function held(ledger: Ledger, caller: Caller, intent: TransferIntent): Promise<Authorization> {
  if (intent.from !== caller.organisation) {
    throw new TouchstoneError(
      'not-owner',
      'The piece is not your organisation’s any more, so only its owner can move it.',
    );
  }
  const key = await permittedKey(ledger, caller.organisation, PERMISSION.transfer);
  const deadline = Math.floor(ledger.now() / 1000) + SIGNATURE_S;
  const message = transferMessage(ledger.chain.chainId, ledger.chain.pieces, intent, deadline);
  return { key: key.address, deadline, signature: await signAs(ledger, caller.organisation, key, message) };
}

function elsewhere(ledger: Ledger, intent: TransferIntent, signed: Signed): Authorization {
  const message = transferMessage(ledger.chain.chainId, ledger.chain.pieces, intent, signed.deadline);
  const key = signed.key ?? ledger.keys.signerOf(message, signed.signature);
  if (!key) throw new TouchstoneError('signature-invalid', 'The signature is malformed. The piece was not moved.');
  if (signed.deadline * 1000 < ledger.now()) {
    throw new TouchstoneError('signature-expired', 'The signature’s time is over. Sign again.');
  }
  return { key, deadline: signed.deadline, signature: signed.signature };
}

function callOf(ledger: Ledger, intent: TransferIntent, authorization: Authorization) {
  const data = ledger.chain.encodeTransfer(intent, authorization);
  return { to: ledger.chain.pieces, data, gas: gasFor(data, TRANSFER_WORK) };
}

function stale(moves: number): TouchstoneError {
  return new TouchstoneError('stale-transfer', `The piece has moved since this was signed (it is at move ${moves}).`);
}

/** The contract's error in words. */
function refused(name: string): TouchstoneError {
  const known: Partial<Record<string, [ErrorCode, string]>> = {
    PieceBlocked: ['piece-blocked', 'The piece is reported, locked or at its end, and does not move.'],
    StaleMoves: ['stale-transfer', 'The piece has moved since this was signed.'],
    NotOwnersKey: ['not-owner', 'The signer is neither the owner nor somebody the owner lets move the piece.'],
    InvalidSignature: ['signature-invalid', 'The signature is not the owner’s over this transfer.'],
    SignatureExpired: ['signature-expired', 'The signature’s time is over. Sign again.'],
    ERC721InvalidReceiver: ['invalid-transfer', 'The recipient is a contract that does not take pieces.'],
  };
  const [code, words] = known[name] ?? ['invalid-transfer', `The registry refuses this transfer (${name}).`];
  return new TouchstoneError(code, `${words} The piece was not moved.`);
}

/** Stores a checked transfer; part of the caller's transaction. @throws TouchstoneError transfer-under-way */
export async function storeTransfer(
  sql: Sql,
  id: string,
  caller: Caller,
  { path, intent, authorization }: Awaited<ReturnType<typeof checkTransfer>>,
): Promise<void> {
  // Of two at once, the second waits here and then finds the first.
  await sql.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`transfer ${intent.tokenId}`]);
  // One from before the piece's last move is done or never will be, also where nobody has written that down yet.
  const stored = await sql.query(
    `INSERT INTO transfers (id, organisation, token_id, path, from_address, to_address, moves, key, deadline, signature)
     SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
     WHERE NOT EXISTS (SELECT 1 FROM transfers WHERE token_id = $3 AND NOT done AND moves >= $7) RETURNING id`,
    [
      id,
      caller.organisation,
      intent.tokenId,
      path,
      intent.from,
      intent.to,
      intent.moves,
      authorization.key,
      authorization.deadline,
      authorization.signature,
    ],
  );
  if (stored.length === 1) return;
  const message = 'Another transfer of this piece is under way. Wait until it is done.';
  throw new TouchstoneError('transfer-under-way', message, { retry: { afterSeconds: 2 } });
}

interface OpenTransfer {
  readonly id: string;
  readonly token_id: string;
  readonly from_address: string;
  readonly to_address: string;
  readonly moves: number;
  readonly key: string;
  readonly deadline: number;
  readonly signature: string;
}

/** Hands stored transfers to the relayer, and closes those whose transaction the chain refused. True if it did. */
export async function forwardTransfers(ledger: Ledger): Promise<boolean> {
  const open = await ledger.db.query<OpenTransfer>(
    `SELECT id, token_id, from_address, to_address, moves, key, deadline, signature FROM transfers x
     WHERE NOT done AND NOT EXISTS (SELECT 1 FROM transactions t WHERE t.purpose = 'transfer' AND t.ref = x.id)
     ORDER BY created_at LIMIT 64`,
  );
  if (open.length > 0) {
    const errands = open.map((row) => {
      const intent = { tokenId: row.token_id, from: row.from_address, to: row.to_address, moves: row.moves };
      return { purpose: 'transfer' as const, ref: row.id, call: callOf(ledger, intent, row) };
    });
    await ledger.db.transaction((sql) => enlist(sql, ledger, errands));
  }
  const closed = await closeMined(ledger);
  return open.length > 0 || closed;
}

async function closeMined(ledger: Ledger): Promise<boolean> {
  // Why one failed is told by what the index knows, so it has to have seen that block.
  const cursor = await readCursor(ledger.db);
  const mined = await ledger.db.query<OpenTransfer & { succeeded: boolean }>(
    `SELECT x.*, t.succeeded FROM transfers x JOIN transactions t ON t.purpose = 'transfer' AND t.ref = x.id
     WHERE NOT done AND t.block <= $1 LIMIT 256`,
    [cursor.number],
  );
  if (mined.length === 0) return false;
  const passed = mined.filter((row) => row.succeeded).map((row) => row.id);
  await ledger.db.query('UPDATE transfers SET done = true WHERE id = ANY($1)', [passed]);
  for (const row of mined.filter((one) => !one.succeeded)) await closeFailed(ledger, row);
  return true;
}

async function closeFailed(ledger: Ledger, row: OpenTransfer): Promise<void> {
  const intent = { tokenId: row.token_id, from: row.from_address, to: row.to_address, moves: row.moves };
  // The registry counts passes with the range as well.
  const move = (await movesOf(ledger.db, row.token_id as TokenId))[row.moves];
  // Somebody else may have relayed the same signature first: then the piece has moved as asked, and that is no error.
  if (move?.from === row.from_address && move.to === row.to_address) {
    await ledger.db.query('UPDATE transfers SET done = true WHERE id = $1', [row.id]);
    return;
  }
  const reason = (await ledger.chain.refusal(callOf(ledger, intent, row))) ?? 'unknown';
  const error = refused(reason);
  await ledger.db.query('UPDATE transfers SET done = true, error = $2, error_code = $3 WHERE id = $1', [
    row.id,
    error.message,
    error.code,
  ]);
}

export async function readTransfer(sql: Sql, organisation: string, id: string): Promise<Transfer | undefined> {
  const [row] = await sql.query<
    OpenTransfer & {
      path: string;
      error: string | null;
      error_code: string | null;
      hash: string | null;
      block: number | null;
      done: boolean;
    }
  >(
    `SELECT x.*, t.hash, t.block FROM transfers x LEFT JOIN transactions t ON t.purpose = 'transfer' AND t.ref = x.id
     WHERE x.id = $1 AND x.organisation = $2`,
    [id, organisation],
  );
  if (!row) return undefined;
  const cursor = await readCursor(sql);
  return {
    id: row.id,
    path: row.path,
    tokenId: row.token_id,
    from: row.from_address,
    to: row.to_address,
    moves: row.moves,
    state: stateOf(row, cursor),
    transaction: row.hash,
    error: row.error === null ? null : { code: row.error_code ?? 'internal', detail: row.error },
  };
}

/** Anchored only once the index has it, so that whoever sees the state sees the move in the passport too. */
function stateOf(
  row: { error: string | null; hash: string | null; block: number | null; done: boolean },
  cursor: { number: number; finalBlock: number },
): TransferState {
  if (row.error !== null) return 'failed';
  if (row.hash === null) return 'accepted';
  if (row.block === null || !row.done || row.block > cursor.number) return 'sealed';
  return row.block <= cursor.finalBlock ? 'final' : 'anchored';
}
