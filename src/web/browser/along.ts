// Owns the file by which an owner takes her pieces to another device: what this one remembers, with receipts and evidence files
// beside it. What comes in is judged member by member; nothing in it is secret, and nothing of it is believed about the ledger.
import { codeOfPath } from '../../core/code.ts';
import type { Passkey } from './keyring.ts';
import { type OwnedPiece, ownedPieces, passkeys, rememberPasskey, rememberPiece } from './memory.ts';
import { surely } from './own-say.ts';
import { Failure, get } from './service.ts';

const SCHEMA = 'touchstone/my-pieces/1';
const MOST_PIECES = 2_000;
const MOST_CHARACTERS = 64 * 1024 * 1024;

/** Everything, fetched where it is not here. What the service no longer has is left out. */
export async function exported(): Promise<object> {
  const pieces = ownedPieces();
  const evidence: Record<string, unknown> = {};
  const receipts: Record<string, unknown> = {};
  for (const piece of pieces) {
    const file = await ifThere(`/api/v1/pieces${piece.path}/evidence`);
    if (file !== undefined) evidence[piece.path] = file;
    for (const id of piece.receipts) {
      const receipt = await ifThere(`/api/v1/acts/${id}`);
      if (receipt !== undefined) receipts[id] = receipt;
    }
  }
  return { schema: SCHEMA, exportedAt: new Date().toISOString(), passkeys: passkeys(), pieces, receipts, evidence };
}

async function ifThere(path: string): Promise<unknown> {
  try {
    return await surely(() => get(path));
  } catch (error) {
    if (error instanceof Failure && ['not-found', 'piece-not-anchored'].includes(error.code)) return undefined;
    throw error;
  }
}

/** How many pieces were taken in; undefined if this is no such file. What this device knows already stays as it is. */
export function takenIn(text: string): number | undefined {
  if (text.length > MOST_CHARACTERS) return undefined;
  let file: { schema?: unknown; pieces?: unknown; passkeys?: unknown };
  try {
    file = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { pieces, passkeys: keys } = file ?? {};
  if (file?.schema !== SCHEMA || !Array.isArray(pieces) || !Array.isArray(keys)) return undefined;
  if (pieces.length > MOST_PIECES || !pieces.every(isPiece) || !keys.every(isPasskey)) return undefined;
  const here = new Set(ownedPieces().map(({ path }) => path));
  const known = new Set(passkeys().map(({ id }) => id));
  for (const { id, qx, qy } of keys.toReversed()) if (!known.has(id)) rememberPasskey({ id, qx, qy });
  const fresh = pieces.filter(({ path }) => !here.has(path));
  for (const { path, tokenId, title, way, account, passkey, receipts, since } of fresh.toReversed()) {
    const piece = { path, tokenId, title, way, account, receipts, since };
    rememberPiece(passkey === undefined ? piece : { ...piece, passkey });
  }
  return fresh.length;
}

const fits = (value: unknown, form: RegExp): value is string => typeof value === 'string' && form.test(value);
const ID = /^[0-9a-f-]{36}$/;
const CREDENTIAL = /^[A-Za-z0-9_-]{0,1400}$/;

function isPiece(value: unknown): value is OwnedPiece {
  const { path, tokenId, title, way, account, passkey, receipts, since } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof path === 'string' &&
    codeOfPath(path) !== undefined &&
    fits(tokenId, /^[1-9]\d{0,77}$/) &&
    fits(title, /^[\s\S]{1,2000}$/) &&
    fits(way, /^(passkey|wallet|paper)$/) &&
    fits(account, /^0x[0-9a-f]{40}$/) &&
    (passkey === undefined || fits(passkey, CREDENTIAL)) &&
    Array.isArray(receipts) &&
    receipts.length <= 100 &&
    receipts.every((id) => fits(id, ID)) &&
    typeof since === 'string' &&
    !Number.isNaN(Date.parse(since))
  );
}

function isPasskey(value: unknown): value is Passkey {
  const { id, qx, qy } = (value ?? {}) as Record<string, unknown>;
  return fits(id, CREDENTIAL) && fits(qx, /^0x[0-9a-f]{64}$/) && fits(qy, /^0x[0-9a-f]{64}$/);
}
