// Owns what this device remembers of its owner's pieces and passkeys: in the browser's own storage, nowhere else, and nothing
// of it secret. Where storage is refused, as in private windows, it is remembered while the page is open.
import type { Passkey, Way } from './keyring.ts';

export interface OwnedPiece {
  readonly path: string;
  readonly tokenId: string;
  readonly title: string;
  readonly way: Way;
  readonly account: string;
  /** Id of the passkey it is owned by. */
  readonly passkey?: string;
  /** Acts of hers, newest first, by their receipts' ids. */
  readonly receipts: readonly string[];
  readonly since: string;
}

/** Something of hers that was signed and whose end this device has not seen: enough to go on with it, and no secret. */
export interface Begun {
  readonly path: string;
  readonly tokenId: string;
  readonly title: string;
  readonly act: string;
  /** As signed; for its own account alone. */
  readonly wish: Readonly<Record<string, unknown>> & { readonly act: string };
  /** Its Idempotency-Key. */
  readonly key: string;
  /** Its id, once the service has it. */
  readonly receipt?: string;
  readonly way: Way;
  readonly account: string;
  readonly passkey?: string;
}

interface Kept {
  readonly passkeys: readonly Passkey[];
  readonly pieces: readonly OwnedPiece[];
  readonly begun: readonly Begun[];
}

const NAME = 'touchstone.v1';
let inMemory: string | null = null;

function read(): Kept {
  try {
    const text = localStorage.getItem(NAME) ?? inMemory;
    const { passkeys = [], pieces = [], begun = [] } = JSON.parse(text ?? '{}') as Partial<Kept>;
    return { passkeys, pieces, begun };
  } catch {
    return { passkeys: [], pieces: [], begun: [] };
  }
}

function write(kept: Kept): void {
  inMemory = JSON.stringify(kept);
  try {
    localStorage.setItem(NAME, inMemory);
  } catch {
    // Kept in memory: the page says so where it matters.
  }
}

export const passkeys = (): readonly Passkey[] => read().passkeys;
export const ownedPieces = (): readonly OwnedPiece[] => read().pieces;
export const begunActs = (): readonly Begun[] => read().begun;

export function rememberPasskey(passkey: Passkey): void {
  const kept = read();
  write({ ...kept, passkeys: [passkey, ...kept.passkeys.filter(({ id }) => id !== passkey.id)] });
}

/** Puts a piece first, in place of what was remembered of it. */
export function rememberPiece(piece: OwnedPiece): void {
  const kept = read();
  write({ ...kept, pieces: [piece, ...kept.pieces.filter(({ path }) => path !== piece.path)] });
}

export function forgetPiece(path: string): void {
  const kept = read();
  write({ ...kept, pieces: kept.pieces.filter((piece) => piece.path !== path) });
}

/** In place of what was begun with the piece before: one thing at a time. */
export function rememberBegun(one: Begun): void {
  const kept = read();
  write({ ...kept, begun: [one, ...kept.begun.filter(({ path }) => path !== one.path)] });
}

export function forgetBegun({ key }: Begun): void {
  const kept = read();
  write({ ...kept, begun: kept.begun.filter((one) => one.key !== key) });
}

/** Whether what is remembered outlives this page. */
export function remembers(): boolean {
  try {
    localStorage.setItem(`${NAME}.try`, '1');
    localStorage.removeItem(`${NAME}.try`);
    return true;
  } catch {
    return false;
  }
}
