// Owns the owner's page of live proof: reads the buyer's challenge behind #, says what is asked, and answers with a key or with
// the secret of a card. Neither leaves the page; signatures do.
import { readCardSecret, signAsCard } from '../../core/card.ts';
import type { Hex32 } from '../../core/hash.ts';
import { liveProofData, type ProofAsked, type ProofBy, proofId, readChallenge } from '../../core/live-proof.ts';
import { typedDigest } from '../../core/typed-digest.ts';
import type { PieceData } from '../owner-parts.ts';
import { chainOf } from './acts.ts';
import { ownKey } from './choose-key.ts';
import { byId, dataOf, onClick, setText, show, showOnly } from './dom.ts';
import type { Signer } from './keyring.ts';
import { owned } from './own-act.ts';
import { attempt, fault, pause, said, surely } from './own-say.ts';
import { onWay } from './own-ways.ts';
import { faultWords } from './paper.ts';
import { Failure, get, post } from './service.ts';
import { word } from './words.ts';

const PARTS = ['prove-asked', 'prove-done', 'prove-not'];
const piece = dataOf<PieceData>('piece');
let asked: ProofAsked | undefined;
let over = false;

addEventListener('hashchange', () => location.reload());
void attempt(begin);

async function begin(): Promise<void> {
  keepForOtherLanguages();
  const challenge = readChallenge(location.hash.slice(1));
  if (!challenge) return end('owner.prove.none');
  const proof = await found(challenge);
  if (!proof) return end('owner.prove.over');
  if (proof.tokenId !== piece.tokenId) return end('owner.prove.other-piece');
  if (proof.state === 'answered') return end('owner.prove.answered');
  if (proof.state === 'expired') return end('owner.prove.over');
  asked = { tokenId: proof.tokenId, challenge, deadline: proof.deadline };
  const known = owned(piece.path);
  show(known ? 'prove-known' : 'prove-unknown');
  onClick('prove-sign', () => known && attempt(async () => bySigner(await ownKey(known))));
  onWay(ownerNow, bySigner);
  onClick('prove-decline', () => end('owner.prove.declined'));
  byId('prove-card-form').addEventListener('submit', (event) => {
    event.preventDefault();
    void attempt(byCard);
  });
  showOnly(PARTS, 'prove-asked');
  void countDown(proof.secondsLeft);
}

/** The language switch leads to the same question. */
function keepForOtherLanguages(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.languages a')) link.hash = location.hash;
}

async function found(challenge: Hex32) {
  try {
    return await surely(() => get(`/api/v1/live-proofs/${proofId(challenge)}`));
  } catch (error) {
    if (error instanceof Failure && error.code === 'not-found') return undefined;
    throw error;
  } finally {
    said('');
  }
}

async function ownerNow() {
  const { keeper } = await surely(() => get(`/api/v1/pieces${piece.path}`));
  return { account: String(keeper.address), tokenId: String(piece.tokenId) };
}

async function bySigner(signer: Signer): Promise<void> {
  if (!asked) return;
  const data = liveProofData(await surely(chainOf), 'owner', asked);
  await bring('owner', await signer.sign(data));
}

async function byCard(): Promise<void> {
  const input = byId<HTMLInputElement>('prove-card-secret');
  const read = readCardSecret(input.value);
  if (!read.ok) {
    fault(faultWords('card', read.fault));
    input.focus();
    return;
  }
  if (!asked) return;
  const data = liveProofData(await surely(chainOf), 'card', asked);
  await bring('card', signAsCard(read.secret, typedDigest(data)));
  input.value = '';
}

async function bring(by: ProofBy, signature: string): Promise<void> {
  if (!asked) return;
  const { challenge } = asked;
  said(word('owner.working'));
  try {
    await surely(() => post(`/api/v1/live-proofs/${proofId(challenge)}/answer`, { by, signature }));
  } catch (error) {
    said('');
    const code = error instanceof Failure ? error.code : '';
    if (code === 'signature-invalid') {
      return fault(word(by === 'card' ? 'owner.prove.card.used' : 'owner.prove.not-owner'));
    }
    if (code === 'signature-expired' || code === 'not-found') return end('owner.prove.over');
    if (code === 'not-applicable') return end('owner.prove.answered');
    throw error;
  }
  over = true;
  said('');
  showOnly(PARTS, 'prove-done');
}

function end(why: string): void {
  over = true;
  asked = undefined;
  setText('prove-why', word(why));
  showOnly(PARTS, 'prove-not');
}

async function countDown(seconds: number): Promise<void> {
  const until = performance.now() + seconds * 1000;
  while (!over) {
    const left = Math.max(0, Math.ceil((until - performance.now()) / 1000));
    setText('prove-left', word('owner.prove.left', { seconds: left }));
    if (left === 0) return end('owner.prove.over');
    await pause(1_000);
  }
}
