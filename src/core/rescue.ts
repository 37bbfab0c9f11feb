// Owns what a sheet with a paper key says to whoever scans it (docs/format.md, "Sheet"): an address whose fragment holds the
// key and, where the piece is not the key's yet, its owner's signature that passes it on to the key. Nothing of it may be sent.
import { codeOfPath, codePath, type PieceCode } from './code.ts';
import { fromHex, type Hex32, keccak, toHex, utf8 } from './hash.ts';
import { isPaperKey, type PaperKey, paperAccount } from './paper-key.ts';
import { SECRET_LENGTH } from './secret-text.ts';

/** A transfer of the piece to the sheet's account, signed beforehand by its owner. */
export interface SignedAhead {
  readonly owner: string;
  /** How often the piece had moved: once it has moved again, this does nothing. */
  readonly moves: number;
  /** Seconds since 1970. */
  readonly deadline: number;
  readonly signature: Hex32;
}

export interface Sheet {
  readonly key: PaperKey;
  readonly ahead?: SignedAhead;
}

/** As far as a signature's deadline may lie: the sheet is good until the piece moves. */
export const NO_DEADLINE = 2 ** 48 - 1;
const OWNER = 20;
const MOVES = 3;
const DEADLINE = 6;
const FIXED = OWNER + MOVES + DEADLINE;
/** Of a passkey's signature; wallets of many keys may have longer ones, which no sheet holds. */
const LONGEST = 1_500;

export function rescuePath(code: PieceCode): string {
  return `/rescue${codePath(code)}`;
}

export function codeOfRescuePath(path: string): PieceCode | undefined {
  return path.startsWith('/rescue/') ? codeOfPath(path.slice('/rescue'.length)) : undefined;
}

/** What stands behind # on the sheet. @throws RangeError for a signature too long for one */
export function sheetText({ key, ahead }: Sheet): string {
  if (!ahead) return key;
  const signature = fromHex(ahead.signature);
  if (signature.length > LONGEST)
    throw new RangeError(`a signature of ${signature.length} bytes is too long for a sheet`);
  const bytes = new Uint8Array(FIXED + signature.length);
  bytes.set(fromHex(ahead.owner));
  bytes.set(numberBytes(ahead.moves, MOVES), OWNER);
  bytes.set(numberBytes(ahead.deadline, DEADLINE), OWNER + MOVES);
  bytes.set(signature, FIXED);
  return `${key}.${base64Url(bytes)}`;
}

/** Reads what stood behind #, as scanned or pasted; undefined if it is of no sheet. */
export function readSheetText(text: string): Sheet | undefined {
  const key = text.slice(0, SECRET_LENGTH).toUpperCase();
  if (!isPaperKey(key) || key.length !== SECRET_LENGTH) return undefined;
  const rest = text.slice(SECRET_LENGTH);
  if (rest === '') return { key: key as PaperKey };
  const bytes = rest.startsWith('.') ? fromBase64Url(rest.slice(1)) : undefined;
  if (!bytes || bytes.length <= FIXED || bytes.length > FIXED + LONGEST) return undefined;
  const ahead = {
    owner: toHex(bytes.subarray(0, OWNER)),
    moves: numberOf(bytes.subarray(OWNER, OWNER + MOVES)),
    deadline: numberOf(bytes.subarray(OWNER + MOVES, FIXED)),
    signature: toHex(bytes.subarray(FIXED)),
  };
  return { key: key as PaperKey, ahead };
}

const TRANSFER = toHex(
  keccak(utf8('transferWithSignature(uint256,address,uint24,(address,uint48,bytes))')).slice(0, 4),
);
const WORD = 64;

/** The call of Pieces that does it (IPieces.transferWithSignature), for whoever brings it to the chain without a service. */
export function sheetCall(tokenId: string, { key, ahead }: Required<Sheet>): string {
  const { owner, moves, deadline, signature } = ahead;
  const word = (value: bigint | number) => value.toString(16).padStart(WORD, '0');
  const address = (account: string) => account.slice(2).padStart(WORD, '0');
  const digits = signature.slice(2);
  // Where the signature's holder begins in the arguments, and the signature in its holder.
  const head = [word(BigInt(tokenId)), address(paperAccount(key)), word(moves), word(4 * 32)];
  const holder = [address(owner), word(deadline), word(3 * 32), word(digits.length / 2)];
  const padded = digits.padEnd(Math.ceil(digits.length / WORD) * WORD, '0');
  return TRANSFER + [...head, ...holder, padded].join('');
}

function numberBytes(number: number, length: number): Uint8Array {
  return fromHex(`0x${number.toString(16).padStart(2 * length, '0')}`);
}

function numberOf(bytes: Uint8Array): number {
  return Number(toHex(bytes));
}

function base64Url(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64Url(text: string): Uint8Array | undefined {
  if (!/^[\w-]+$/.test(text) || text.length % 4 === 1) return undefined;
  const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(bytes, (character) => character.charCodeAt(0));
}
