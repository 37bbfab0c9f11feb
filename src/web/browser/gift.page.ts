// Owns the giver's page at work: takes the card's secret out of the address before anything else, has the message signed by the
// card or the owner's key, and brings the signature. The secret lives in this module's memory and leaves it nowhere.
import { type CardSecret, cardKey, readCardSecret, signAsCard } from '../../core/card.ts';
import { type GiftMessage, giftMessage, giftTypedData, lengthOf, MOST_GIFT_CHARACTERS } from '../../core/gift.ts';
import { paperAccount, readPaperKey } from '../../core/paper-key.ts';
import { typedDigest } from '../../core/typed-digest.ts';
import type { Signs } from './acts.ts';
import { byId, dataOf, onClick, setText, show } from './dom.ts';
import { takeFragment } from './fragment.ts';
import { KeyRefused, saltOf, walletSigner } from './keyring.ts';
import { paperSigner } from './paper.ts';
import { ownPasskey } from './passkey-again.ts';
import { Failure, get, post } from './service.ts';
import { word } from './words.ts';

const fragment = takeFragment();

interface Standing {
  readonly tokenId: string;
  readonly chainId: number;
  readonly pieces: string;
  readonly by: 'card' | 'owner' | 'nobody';
  /** Who has to sign, where that is an owner. */
  readonly account: string | null;
  readonly deadline: number;
  readonly message: { readonly words: string; readonly language: string } | null;
  readonly hidden: boolean;
}

/** What she typed is at fault: told beside it, and nothing was asked for. */
class Mistyped extends Error {
  readonly field: string;
  constructor(field: string, words: string) {
    super(words);
    this.field = field;
  }
}

const { path } = dataOf<{ path: string }>('piece');
const API = `/api/v1/pieces${path}/gift`;
let secret: CardSecret | undefined;
let standing: Standing | undefined;

const field = (id: string) => byId<HTMLInputElement>(id);
const message = byId<HTMLTextAreaElement>('message');
const language = byId<HTMLSelectElement>('language');

function readFragment(): void {
  const read = fragment === '' ? undefined : readCardSecret(fragment);
  if (read?.ok) secret = read.secret;
  show('card-read', secret !== undefined);
  show('card-typed', secret === undefined);
}

async function look(): Promise<void> {
  show('wait');
  try {
    standing = (await get(API)) as Standing;
  } finally {
    show('wait', false);
  }
  const { by, message: shown, hidden } = standing;
  show('now');
  show('none', shown === null && !hidden);
  show('hidden', hidden);
  show('shown', shown !== null);
  setText('shown', shown?.words ?? '');
  byId('shown').lang = shown?.language ?? '';
  if (shown && message.value === '') {
    message.value = shown.words;
    if ([...language.options].some(({ value }) => value === shown.language)) language.value = shown.language;
  }
  show('nobody', by === 'nobody');
  show('signing', by !== 'nobody');
  show('by-card', by === 'card');
  show('by-owner', by === 'owner');
  show('remove', shown !== null || hidden);
  counted();
}

function counted(): void {
  setText('count', `${lengthOf(message.value)} / ${MOST_GIFT_CHARACTERS}`);
}

const wayOf = () =>
  document.querySelector<HTMLInputElement>('input[name="way"]:checked')?.value as 'passkey' | 'wallet' | 'paper';

/** Who signs, as the page was told. @throws Mistyped, KeyRefused */
async function signerNow({ by, tokenId, account }: Standing): Promise<Signs> {
  if (by === 'card') return cardSigner();
  const owner = String(account);
  const way = wayOf();
  if (way === 'wallet') return walletSigner(owner);
  if (way === 'paper') {
    const read = readPaperKey(field('paper').value);
    if (!read.ok) throw new Mistyped('paper', word('visitor.gift.error.paper'));
    if (paperAccount(read.key) !== owner) throw new Mistyped('paper', word('visitor.gift.error.key'));
    return paperSigner(read.key);
  }
  return ownPasskey(owner, saltOf(tokenId));
}

function cardSigner(): Signs {
  if (!secret) {
    const read = readCardSecret(field('card').value);
    if (!read.ok) throw new Mistyped('card', word('visitor.gift.error.card'));
    secret = read.secret;
  }
  const card = secret;
  return { account: cardKey(card).address, sign: async (data) => signAsCard(card, typedDigest(data)) };
}

function written(): GiftMessage {
  const read = giftMessage.safeParse({ words: message.value.trim(), language: language.value });
  if (read.success) return read.data;
  const length = lengthOf(message.value);
  if (message.value.trim() === '') throw new Mistyped('message', word('visitor.required'));
  const long = length > MOST_GIFT_CHARACTERS;
  const why = long ? word('visitor.long', { length, most: MOST_GIFT_CHARACTERS }) : word('visitor.characters');
  throw new Mistyped('message', why);
}

let busy = false;
async function bring(gift: () => GiftMessage | undefined): Promise<void> {
  if (busy) return;
  busy = true;
  tell('');
  for (const id of ['message', 'card', 'paper']) byId(id).removeAttribute('aria-invalid');
  try {
    const asked = gift();
    const now = (await get(API)) as Standing;
    const { account, sign } = await signerNow(now);
    const signature = await sign(giftTypedData(now, { tokenId: now.tokenId, message: asked, deadline: now.deadline }));
    const signed = { deadline: now.deadline, signature, key: account };
    await post(API, asked ? { shown: true, ...asked, ...signed } : { shown: false, ...signed });
    setText('done-words', word(asked ? 'visitor.gift.shown' : 'visitor.gift.removed'));
    show('now', false);
    show('done');
    byId('done').tabIndex = -1;
    byId('done').focus();
  } catch (error) {
    refuse(error);
  } finally {
    busy = false;
  }
}

const WHY: Readonly<Record<string, string>> = {
  'stale-act': 'stale',
  'signature-invalid': 'key',
  'card-dead': 'key',
  'over-quota': 'busy',
  'rate-limited': 'busy',
  offline: 'offline',
  'piece-not-anchored': 'chain',
};

function refuse(error: unknown): void {
  if (error instanceof Mistyped) {
    tell(error.message);
    byId(error.field).setAttribute('aria-invalid', 'true');
    byId(error.field).focus();
    return;
  }
  if (error instanceof KeyRefused) {
    const why = error.why === 'cancelled' ? 'cancelled' : error.why === 'other-account' ? 'key' : 'none';
    tell(word(`visitor.gift.error.${why}`));
    return;
  }
  // A card that was mistyped into another card's secret is asked for anew.
  if (error instanceof Failure && error.code === 'signature-invalid') {
    secret = undefined;
    show('card-read', false);
    show('card-typed');
  }
  tell(word(`visitor.gift.error.${(error instanceof Failure && WHY[error.code]) || 'other'}`));
}

function tell(words: string): void {
  setText('fault', words);
  show('fault', words !== '');
}

show('script', false);
readFragment();
message.addEventListener('input', counted);
byId('by-owner').addEventListener('change', () => show('paper-part', wayOf() === 'paper'));
byId<HTMLFormElement>('signing').addEventListener('submit', (event) => {
  event.preventDefault();
  void bring(written);
});
onClick('remove', () => bring(() => undefined));
look().catch(refuse);
