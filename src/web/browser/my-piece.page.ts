// Owns one piece of an owner's, on her device: showing that it is hers, what she does with it, each after one step of asking,
// and what others ask of her. How each is signed and brought is own-act.ts's.

import { readChallenge } from '../../core/live-proof.ts';
import type { PieceData } from '../owner-parts.ts';
import { ownKey } from './choose-key.ts';
import { byId, dataOf, element, onClick, setText, show, showOnly } from './dom.ts';
import { forgetPiece, rememberPiece } from './memory.ts';
import { owned, perform, rememberReceipt } from './own-act.ts';
import { consentTo, listRequests, oneRequest } from './own-requests.ts';
import { attempt, fault, inLanguage, receiptLink, said, stateWords, surely } from './own-say.ts';
import { onShown } from './own-ways.ts';
import { get } from './service.ts';
import { word } from './words.ts';

const PARTS = ['own-ask', 'own-gone', 'own-do', 'own-confirm', 'own-done', 'own-requests'];
const piece = dataOf<PieceData>('piece');
/** What the confirmation would do. */
let next: (() => Promise<void>) | undefined;

if (piece.tokenId !== null) void attempt(begin);

async function begin(): Promise<void> {
  wire();
  const known = owned(piece.path);
  if (!known) return show('own-ask');
  receipts();
  const { account } = await ownerNow();
  said('');
  if (account !== known.account) return show('own-gone');
  const asked = /^#ask-([0-9a-f-]{36})$/.exec(location.hash)?.[1];
  if (asked === undefined) return show('own-do');
  await oneRequest(asked, piece.path);
  showOnly(PARTS, 'own-requests');
}

async function ownerNow() {
  const { keeper } = await surely(() => get(`/api/v1/pieces${piece.path}`));
  return { account: String(keeper.address), tokenId: String(piece.tokenId) };
}

function wire(): void {
  onShown(ownerNow, added);
  addEventListener('hashchange', () => location.reload());
  for (const one of document.querySelectorAll<HTMLButtonElement>('[data-act]')) {
    onClick(one.id, () => ask(one.dataset['act'] as string));
  }
  onClick('own-confirm-do', () => attempt(async () => next?.()));
  onClick('own-confirm-cancel', () => showOnly(PARTS, 'own-do'));
  // What stands above has changed by then.
  onClick('own-done-back', () => location.reload());
  onClick('own-requests-back', () => showOnly(PARTS, 'own-do'));
  onClick('own-asked', () =>
    attempt(async () => {
      const known = owned(piece.path);
      if (!known) return;
      await listRequests(piece, await ownKey(known));
      showOnly(PARTS, 'own-requests');
    }),
  );
  consentTo((act, about, run) => confirm(word(`owner.act.${act}`), about, run), sign);
  document.getElementById('own-proof')?.addEventListener('submit', (event) => {
    event.preventDefault();
    openProof(byId<HTMLInputElement>('own-proof-link').value);
  });
}

async function added({
  way,
  passkey,
}: {
  way: 'passkey' | 'wallet' | 'paper';
  passkey?: { id: string };
}): Promise<void> {
  const { account, tokenId } = await ownerNow();
  const kept = {
    path: piece.path,
    title: piece.title,
    tokenId,
    account,
    way,
    receipts: [],
    since: new Date().toISOString(),
  };
  rememberPiece(passkey ? { ...kept, passkey: passkey.id } : kept);
  said(word('owner.piece.added'));
  showOnly(PARTS, 'own-do');
}

function openProof(link: string): void {
  fault('');
  const [, text = ''] = link.trim().split('#');
  if (readChallenge(text)) location.assign(inLanguage(`/prove${piece.path}#${text}`));
  else fault(word('owner.piece.proof.wrong'));
}

function ask(act: string): void {
  confirm(word(`owner.act.${act}`), word(`owner.act.${act}.about`), () =>
    act === 'forget' ? forget() : sign({ act }),
  );
}

function confirm(title: string, about: string, run: () => Promise<void>): void {
  fault('');
  said('');
  setText('own-confirm-title', title);
  setText('own-confirm-about', about);
  next = run;
  showOnly(PARTS, 'own-confirm');
}

async function forget(): Promise<void> {
  forgetPiece(piece.path);
  location.assign(inLanguage('/my'));
}

async function sign(wish: { readonly act: string } & Readonly<Record<string, unknown>>): Promise<void> {
  const known = owned(piece.path);
  if (!known) return;
  const signer = await ownKey(known);
  said(word('owner.working'));
  const receipt = await perform({ ...wish, piece: piece.path }, { owner: signer }, ({ id }) =>
    rememberReceipt(piece.path, id),
  );
  said('');
  setText('own-done-title', `${word('owner.act.done')}: ${word(`owner.act.${wish.act}`)}`);
  setText('own-done-state', stateWords(receipt.state));
  byId('own-done-receipt').replaceChildren(receiptLink(receipt.id));
  receipts();
  showOnly(PARTS, 'own-done');
}

function receipts(): void {
  const ids = owned(piece.path)?.receipts ?? [];
  show('own-receipts-part', ids.length > 0);
  byId('own-receipts').replaceChildren(...ids.map((id) => element('li', {}, receiptLink(id))));
}
