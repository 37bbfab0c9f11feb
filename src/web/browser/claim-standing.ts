// Owns looking whether a card can claim its piece now, before anybody is asked for a key: what the service and the chain say,
// without the card's secret or a signature of it.
import { type CardSecret, cardKey } from '../../core/card.ts';
import { prepare } from './acts.ts';
import { ownedPieces } from './memory.ts';
import { type Answer, get } from './service.ts';

/** Why it can not be claimed: the words are claim.unfit.{why}. */
export type Unfit =
  | 'pending'
  | 'ended'
  | 'mine'
  | 'used'
  | 'owned'
  | 'stolen'
  | 'lost'
  | 'reported'
  | 'locked'
  | 'no-card'
  | 'other-card'
  | 'replaced'
  | 'not-released';

export interface Standing {
  readonly unfit: Unfit | undefined;
  readonly tokenId: string;
  /** Doubts that do not stand in the way. */
  readonly warning: 'recalled' | 'withdrawn' | undefined;
}

/** @throws Failure where it can't be asked */
export async function standingOf(path: string, secret: CardSecret): Promise<Standing> {
  const passport = await get(`/api/v1/pieces${path}`);
  const tokenId = String(passport.tokenId ?? '');
  if (tokenId === '') return { unfit: 'pending', tokenId, warning: undefined };
  const { recalled, withdrawn } = passport.standing;
  const warning = withdrawn.length > 0 ? 'withdrawn' : recalled.length > 0 ? 'recalled' : undefined;
  return { unfit: (await whyNot(path, passport, cardKey(secret).address)) ?? undefined, tokenId, warning };
}

async function whyNot(path: string, { keeper, standing }: Answer, card: string): Promise<Unfit | null> {
  if (standing.ended) return 'ended';
  if (keeper.organisation === undefined) {
    const mine = ownedPieces().some((piece) => piece.path === path && piece.account === keeper.address);
    return mine ? 'mine' : standing.card === 'used' ? 'used' : 'owned';
  }
  if (standing.locked) return 'locked';
  if (standing.blockedUntil !== null) return reportOf(standing);
  if (standing.card === 'none') return 'no-card';
  if (standing.card === 'used' || standing.card === 'void') return 'replaced';
  // Asked for the card's own account: nothing is signed, so nothing can come of it.
  const { standing: live, signatures } = await prepare({ act: 'claim', piece: path, to: card, recoverable: false });
  const first = live.leaf?.claimKey as string | undefined;
  if (first === card && standing.card === 'fresh') return 'replaced';
  if (first !== undefined && first !== card && standing.card === 'made') return 'other-card';
  return signatures.find(({ signer }) => signer === 'release')?.from === 'missing' ? 'not-released' : null;
}

function reportOf({ reported }: Answer): Unfit {
  return reported.at(-1)?.what ?? 'reported';
}
