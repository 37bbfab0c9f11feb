// Owns the buyer's page of live proof: draws the challenge, shows it to be scanned, waits, and judges the answer itself. What the
// service says of the answer counts only where no browser could know, and the page says so.
import type { Hex32 } from '../../core/hash.ts';
import { challengeText, judgeProof, proofId } from '../../core/live-proof.ts';
import type { Passport } from '../../core/passport.ts';
import type { PieceData } from '../owner-parts.ts';
import { chainOf } from './acts.ts';
import { dataOf, onClick, setText, show, showOnly } from './dom.ts';
import { randomHex } from './keyring.ts';
import { forgetLink, readyToCopy, showLink } from './link-box.ts';
import { attempt, pause, said, surely } from './own-say.ts';
import { type Answer, Failure, get, post } from './service.ts';
import { momentWords, word } from './words.ts';

const PARTS = ['proof-start', 'proof-waiting', 'proof-owner', 'proof-card', 'proof-failed'];
const LOOK_MS = 1_000;
/** The chain knows of a move a moment before what the page reads from. */
const INDEX_MS = 2_500;

type Outcome = 'owner' | 'card' | 'expired' | 'other' | 'moved' | 'lost';

if (document.getElementById('piece')) begin(dataOf<PieceData>('piece'));

function begin(piece: PieceData): void {
  readyToCopy();
  onClick('proof-ask', () => attempt(() => ask(piece)));
  onClick('proof-again', () => attempt(() => ask(piece)));
  show('proof-start');
}

async function ask({ path, tokenId }: PieceData): Promise<void> {
  const challenge = randomHex(32);
  const asked = await post('/api/v1/live-proofs', { piece: path, challenge });
  if (asked.tokenId !== tokenId || asked.id !== proofId(challenge)) throw new Failure('internal', 'another question');
  showLink(`${location.origin}/prove${path}#${challengeText(challenge)}`);
  setText('proof-left', word('owner.proof.left', { seconds: asked.secondsLeft }));
  show('proof-again-part', false);
  showOnly(PARTS, 'proof-waiting');
  said('');
  // Asking again begins anew; this page waits for one answer at a time.
  const { outcome, byChain } = await answered(asked.id, challenge);
  forgetLink();
  said('');
  show('proof-again-part');
  if (outcome === 'owner' || outcome === 'card') {
    setText(`proof-${outcome}-when`, word('owner.proof.when', { moment: momentWords(new Date()) }));
    setText(`proof-${outcome}-how`, word(byChain ? 'owner.proof.by-chain' : 'owner.proof.by-browser'));
    showOnly(PARTS, `proof-${outcome}`);
    return;
  }
  setText('proof-why', word(`owner.proof.${outcome}`));
  showOnly(PARTS, 'proof-failed');
}

async function answered(id: string, challenge: Hex32): Promise<{ outcome: Outcome; byChain?: boolean }> {
  for (;;) {
    await pause(LOOK_MS);
    let proof: Answer;
    try {
      proof = await surely(() => get(`/api/v1/live-proofs/${id}`));
    } catch (error) {
      if (error instanceof Failure && error.code === 'not-found') return { outcome: 'lost' };
      throw error;
    }
    if (proof.state === 'expired') return { outcome: proof.refused > 0 ? 'other' : 'expired' };
    setText('proof-left', word('owner.proof.left', { seconds: proof.secondsLeft }));
    said(proof.refused > 0 ? word('owner.proof.refused') : '');
    if (proof.state === 'answered') return judged(proof, challenge);
  }
}

async function judged(proof: Answer, challenge: Hex32): Promise<{ outcome: Outcome; byChain?: boolean }> {
  const { answer, tokenId, deadline, path } = proof;
  let passport: Passport = await surely(() => get(`/api/v1/pieces${path}`));
  if (passport.keeper.address !== answer.owner) {
    await pause(INDEX_MS);
    passport = await surely(() => get(`/api/v1/pieces${path}`));
  }
  if (passport.keeper.address !== answer.owner || passport.tokenId !== tokenId) return { outcome: 'moved' };
  const working = passport.keeper.organisation !== undefined && ['made', 'fresh'].includes(passport.standing.card);
  const subject = { owner: passport.keeper.address, card: working ? answer.card : null };
  const shown = judgeProof(await surely(chainOf), { tokenId, challenge, deadline }, subject, answer);
  if (shown === 'owner' || shown === 'card') return { outcome: shown };
  return shown === 'unknown' && answer.judgedBy === 'chain'
    ? { outcome: 'owner', byChain: true }
    : { outcome: 'other' };
}
