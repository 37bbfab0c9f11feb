// Owns the list of an owner's pieces: filled in from this device's memory, each as the ledger has it now; finding a wallet's
// pieces; taking everything along to another device.
import type { Passport } from '../../core/passport.ts';
import { exported, takenIn } from './along.ts';
import { byId, download, element, onClick, show } from './dom.ts';
import { walletSigner } from './keyring.ts';
import { type OwnedPiece, ownedPieces, rememberPiece, remembers } from './memory.ts';
import { owned } from './own-act.ts';
import { attempt, fault, inLanguage, said, surely } from './own-say.ts';
import { type Answer, Failure, get } from './service.ts';
import { dayWords, word } from './words.ts';

/** As many of a wallet's pieces as are looked for at a time. */
const MOST_PAGES = 10;

void attempt(list);
show('my-private', !remembers());
byId<HTMLInputElement>('code').form?.addEventListener('submit', onlyItsAddress);
onClick('my-wallet', () => attempt(ofWallet));
onClick('my-export', () => attempt(save));
byId<HTMLInputElement>('my-import').addEventListener('change', () => attempt(takeIn));

/** Whoever pastes a card's address or a handover link keeps what stands behind #. */
function onlyItsAddress(): void {
  const input = byId<HTMLInputElement>('code');
  input.value = input.value.split('#')[0] ?? '';
}

async function list(): Promise<void> {
  const pieces = ownedPieces();
  const place = byId('my-pieces');
  show('my-empty', pieces.length === 0);
  show('my-pieces', pieces.length > 0);
  const items = pieces.map((piece) => itemOf(piece));
  place.replaceChildren(...items.map(({ item }) => item));
  // All at once are too many of a large collection, one by one too slow.
  for (let at = 0; at < pieces.length; at += 6) {
    await Promise.all(items.slice(at, at + 6).map(({ piece, state }) => standing(piece, state)));
  }
}

function itemOf(piece: OwnedPiece) {
  const state = element('span', { class: 'own-state' }, word('owner.working'));
  const since = element('span', { class: 'beneath' }, word('owner.my.since', { day: dayWords(new Date(piece.since)) }));
  const link = element('a', { href: inLanguage(`/my${piece.path}`), dir: 'auto' }, piece.title);
  return { piece, state, item: element('li', {}, link, state, since) };
}

async function standing(piece: OwnedPiece, state: HTMLElement): Promise<void> {
  try {
    const passport: Passport = await surely(() => get(`/api/v1/pieces${piece.path}`));
    said('');
    const hers = passport.tokenId === piece.tokenId && passport.keeper.address === piece.account;
    const key = { 'genuine-record': 'genuine', pending: 'on-its-way', warning: 'warning' }[passport.headline];
    state.dataset['tone'] = hers ? passport.headline : 'gone';
    state.textContent = word(hers ? `owner.my.${key}` : 'owner.my.not-yours');
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    state.textContent = word('owner.my.unknown');
  }
}

async function ofWallet(): Promise<void> {
  const { account } = await walletSigner();
  let count = 0;
  let next: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const from: string = next === null ? '' : `&cursor=${next}`;
    const answer: Answer = await surely(() => get(`/api/v1/owners/${account}/pieces?limit=50${from}`));
    for (const { path, title, tokenId, since } of answer.items) {
      if (path === null) continue;
      count += 1;
      if (!owned(path)) rememberPiece({ path, tokenId, title, way: 'wallet', account, receipts: [], since });
    }
    next = answer.next;
    if (next === null) break;
  }
  await list();
  said(word('owner.my.wallet.found', { count }));
}

async function save(): Promise<void> {
  said(word('owner.working'));
  const file = await exported();
  said('');
  download('touchstone-my-pieces.json', 'application/json', JSON.stringify(file, null, 1));
}

async function takeIn(): Promise<void> {
  const input = byId<HTMLInputElement>('my-import');
  const [file] = input.files ?? [];
  if (!file) return;
  const count = takenIn(await file.text());
  input.value = '';
  if (count === undefined) return fault(word('owner.my.import.wrong'));
  await list();
  said(word('owner.my.imported', { count }));
}
