// Owns doing what an owner signs, from her word to the receipt, and that her device remembers the receipt. A lost network in
// the middle is waited for: what was signed is brought again under the same name.
import { bring, follow, type Receipt, type Signs, signed, type Wish } from './acts.ts';
import { type OwnedPiece, ownedPieces, rememberPiece } from './memory.ts';
import { said, stateWords, surely } from './own-say.ts';
import { Failure } from './service.ts';

const MOST_RECEIPTS = 50;

/**
 * @param brought hears of the receipt as soon as the service has the act, before it is settled
 * @throws Failure where it was refused, at once or by the chain
 */
export async function perform(
  wish: Wish,
  signers: Readonly<Record<string, Signs>>,
  brought: (receipt: Receipt) => void,
): Promise<Receipt> {
  const whole = await signed(wish, signers);
  const name = crypto.randomUUID();
  const receipt = await surely(() => bring(whole, name));
  brought(receipt);
  const settled = await follow(receipt.id, ({ state }) => said(stateWords(state)));
  if (settled.state === 'failed') throw new Failure(settled.error?.code ?? 'internal', settled.error?.detail ?? '');
  return settled;
}

export function owned(path: string): OwnedPiece | undefined {
  return ownedPieces().find((piece) => piece.path === path);
}

export function rememberReceipt(path: string, id: string): void {
  const piece = owned(path);
  if (piece) rememberPiece({ ...piece, receipts: [id, ...piece.receipts].slice(0, MOST_RECEIPTS) });
}
