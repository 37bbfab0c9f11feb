// Owns going on with what was signed, from bringing it until nothing more becomes of it: after a lost answer, a lost network or
// a closed page as well. It is remembered before it is brought and brought under one name, so nothing is done twice.
import { bring, follow, type Receipt, type Wish } from './acts.ts';
import type { Signer } from './keyring.ts';
import { type Begun, forgetBegun, ownedPieces, rememberBegun, rememberPiece } from './memory.ts';
import { Failure } from './service.ts';
import { passes } from './told.ts';

interface Begins {
  readonly piece: { readonly path: string; readonly tokenId: string; readonly title: string };
  /** Signed. */
  readonly wish: Wish;
  /** Whose it is about: of a claim, the new owner's key. */
  readonly signer: Pick<Signer, 'way' | 'account'>;
  readonly passkey?: string | undefined;
}

/** Remembers it: from here on it goes on, whatever becomes of this page. */
export function begin({ piece, wish, signer, passkey }: Begins): Begun {
  const { path, tokenId, title } = piece;
  const { way, account } = signer;
  const begun = { path, tokenId, title, act: wish.act, wish, key: crypto.randomUUID(), way, account };
  const whole = passkey === undefined ? begun : { ...begun, passkey };
  rememberBegun(whole);
  return whole;
}

/** A failed connection is told as undefined, and waited for. */
export type Hears = (receipt: Receipt | undefined) => void;

/**
 * Brings it, unless that was done, and tells each state as it comes. What makes her the owner is remembered as hers.
 * @throws Failure with the refusal; then nothing was done, and nothing is remembered of it
 */
export async function goOn(begun: Begun, told: Hears): Promise<Receipt> {
  const id = begun.receipt ?? (await brought(begun, told));
  let settled: Receipt | undefined;
  try {
    settled = await follow(id, (receipt) => {
      if (receipt.state === 'anchored' || receipt.state === 'final') keep(begun, id);
      told(receipt);
    });
    return settled;
  } catch (error) {
    // A service that forgot it knows nothing of it by now; the piece itself says what became of it.
    if (error instanceof Failure && error.code === 'not-found') forgetBegun(begun);
    throw error;
  } finally {
    if (settled) forgetBegun(begun);
  }
}

async function brought(begun: Begun, told: Hears): Promise<string> {
  for (;;) {
    try {
      const { id } = await bring(begun.wish, begun.key);
      rememberBegun({ ...begun, receipt: id });
      return id;
    } catch (error) {
      if (!passes(error)) {
        forgetBegun(begun);
        throw error;
      }
      told(undefined);
      await backOnline();
    }
  }
}

const AGAIN_MS = 2_000;

/** Until the network is back, or soon where it never seemed gone. */
export function backOnline(): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      window.removeEventListener('online', over);
      resolve();
    };
    const timer = setTimeout(over, AGAIN_MS);
    window.addEventListener('online', over);
  });
}

/** Where it goes to her own key, it is hers from now on. */
function keep({ path, tokenId, title, wish, way, account, passkey }: Begun, receipt: string): void {
  if (wish['to'] !== account) return;
  const known = ownedPieces().find((piece) => piece.path === path && piece.account === account);
  const piece = { path, tokenId, title, way, account, receipts: [receipt], since: new Date().toISOString() };
  if (known?.receipts.includes(receipt)) return;
  const receipts = [receipt, ...(known?.receipts ?? [])];
  rememberPiece({ ...piece, ...(passkey !== undefined && { passkey }), receipts, since: known?.since ?? piece.since });
}
