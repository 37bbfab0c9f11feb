// Owns claiming a piece by its card in the browser: from the secret behind # to the new owner's receipt. The secret is in this
// module's memory until the claim is on its way, and in nothing else: no storage, no address, no request.
import { type CardSecret, cardKey, readCardSecret, signAsCard } from '../../core/card.ts';
import { readCard } from '../../core/card-address.ts';
import { typedDigest } from '../../core/typed-digest.ts';
import { type Receipt, signed } from './acts.ts';
import { begin, goOn } from './begun.ts';
import { chosenKey, offerKeys } from './choose-key.ts';
import { type ClaimAbout, showDone } from './claim-done.ts';
import { standingOf, type Unfit } from './claim-standing.ts';
import { byId, dataOf, onClick, setText, show, showOnly } from './dom.ts';
import { takeFragment } from './fragment.ts';
import type { Signer } from './keyring.ts';
import { type Begun, begunActs, ownedPieces } from './memory.ts';
import { faultWords } from './paper.ts';
import { Failure, get } from './service.ts';
import { switchInPlace } from './switch-language.ts';
import { passes, told, toldCode } from './told.ts';
import { word } from './words.ts';

const fragment = takeFragment();
const PARTS = ['waiting', 'enter', 'unfit', 'choose', 'going', 'done'].map((part) => `claim-${part}`);

let about: ClaimAbout;
let secret: CardSecret | undefined;
let tokenId = '';
/** Who signed in this page, so that a second way in need not ask for it again. */
let signer: Signer | undefined;
/** Shows the state the page is in once more, in another language. */
let showAgain: () => void = () => {};

/** Makes the page's markup work, at first and after it came in another language. */
function setUp(): void {
  about = dataOf<ClaimAbout>('about');
  switchInPlace(() => {
    setUp();
    showAgain();
  });
  byId('claim-enter-form').addEventListener('submit', (event) => {
    event.preventDefault();
    void typed();
  });
  onClick('claim-again', look);
  onClick('claim-now', claimNow);
  void offerKeys(about);
}

/** @param fill what the part says, to be said again in another language */
function to(part: string, fill: () => void = () => {}): void {
  showAgain = () => {
    showOnly(PARTS, `claim-${part}`);
    fill();
  };
  showAgain();
}

function tellFault(id: string, words: string): void {
  setText(`${id}-fault`, words);
  show(`${id}-fault`, words !== '');
}

async function typed(): Promise<void> {
  const input = byId<HTMLInputElement>('claim-secret');
  // The whole address may have been pasted.
  const text = input.value.includes('#') ? input.value : input.value.trim();
  const card = text.includes('#') ? readCard(text) : readCardSecret(text);
  if (card.ok) {
    input.value = '';
    secret = card.secret;
    await look();
    return;
  }
  const read = readCardSecret(text.slice(text.indexOf('#') + 1));
  tellFault('claim-secret', faultWords('card', read.ok ? { is: 'none' } : read.fault));
  input.focus();
}

/** What can be done here now: asked of the service each time, because others may claim meanwhile. */
async function look(): Promise<void> {
  if (secret === undefined) {
    await withoutCard();
    return;
  }
  try {
    const standing = await standingOf(about.path, secret);
    ({ tokenId } = standing);
    if (standing.unfit === 'mine') await showMine();
    else if (standing.unfit) cannot(standing.unfit);
    else {
      const { warning } = standing;
      to('choose', () => tell('claim-warning', warning ? word(`claim.warning.${warning}`) : ''));
    }
  } catch (error) {
    unfit(() => told(error));
  }
}

/** Opened again after it was claimed here; or the card is still to be typed in. */
async function withoutCard(): Promise<void> {
  if (ownedPieces().some(({ path }) => path === about.path)) await showMine();
  else to('enter');
}

function tell(id: string, words: string): void {
  setText(id, words);
  show(id, words !== '');
}

function cannot(why: Unfit): void {
  unfit(() => word(`claim.unfit.${why}`));
}

function unfit(words: () => string): void {
  to('unfit', () => setText('claim-unfit-words', words()));
}

async function claimNow(): Promise<void> {
  if (secret === undefined) return;
  tell('claim-fault', '');
  try {
    const chosen = await chosenKey({ tokenId, name: about.title });
    if (!chosen) return;
    const recoverable = byId<HTMLInputElement>('claim-recoverable').checked;
    const card = secret;
    const wish = await signed(
      { act: 'claim', piece: about.path, to: chosen.signer.account, recoverable },
      { card: { account: cardKey(card).address, sign: async (data) => signAsCard(card, typedDigest(data)) } },
    );
    ({ signer } = chosen);
    const piece = { ...about, tokenId };
    await follow(begin({ piece, wish, signer: chosen.signer, passkey: chosen.passkey?.id }));
  } catch (error) {
    await notDone(error);
  }
}

/** Nothing was done: where somebody else was quicker the piece says so, else what was refused. */
async function notDone(error: unknown): Promise<void> {
  if (error instanceof Failure && !passes(error)) {
    await look();
    if (byId('claim-choose').hidden) return;
  }
  if (byId('claim-choose').hidden) unfit(() => told(error));
  else tell('claim-fault', told(error));
}

const STEPS: readonly string[] = ['sent', 'anchored', 'final'];
const REACHED: Readonly<Record<string, number>> = { accepted: 1, sealed: 1, anchored: 2, final: 3 };

async function follow(begun: Begun): Promise<void> {
  ({ tokenId } = begun);
  let last: Receipt | undefined;
  let connected = true;
  const tellSteps = () => {
    const reached = last ? (REACHED[last.state] ?? 0) : 0;
    STEPS.forEach((step, i) => {
      const done = byId(`step-${step}`).querySelector<HTMLElement>('.step-done');
      if (done) done.hidden = i >= reached;
    });
    setText('claim-going-words', connected ? '' : word('claim.error.offline'));
  };
  const heard = (receipt: Receipt | undefined) => {
    last = receipt ?? last;
    connected = receipt !== undefined;
    tellSteps();
    // Hers as soon as the ledger has it; that nothing can undo it any more follows while she reads on.
    if (receipt && (REACHED[receipt.state] ?? 0) >= 2) mine(receipt);
  };
  const offline = () => heard(undefined);
  window.addEventListener('offline', offline);
  to('going', tellSteps);
  try {
    const receipt = await goOn(begun, heard);
    if (receipt.state === 'failed') await lost(receipt);
  } catch (error) {
    await notDone(error);
  } finally {
    window.removeEventListener('offline', offline);
  }
}

/** The chain refused what it was brought: mostly because somebody else's claim came first. */
async function lost(receipt: Receipt): Promise<void> {
  const { keeper } = await get(`/api/v1/pieces${about.path}`);
  if (keeper.organisation === undefined) cannot('used');
  else unfit(() => toldCode(receipt.error?.code ?? 'internal'));
}

function mine(receipt: Receipt): void {
  secret = undefined;
  const owned = ownedPieces().find(({ path }) => path === about.path);
  if (!owned) return;
  const fill = () => showDone(about, owned, receipt, signer);
  if (byId('claim-done').hidden) {
    to('done', fill);
    return;
  }
  fill();
  // Without taking the focus from where she is by now.
  showAgain = () => to('done', fill);
}

async function showMine(): Promise<void> {
  const owned = ownedPieces().find(({ path }) => path === about.path);
  const [id] = owned?.receipts ?? [];
  if (!owned) {
    to('enter');
    return;
  }
  try {
    const [{ keeper }, receipt] = await Promise.all([
      get(`/api/v1/pieces${about.path}`),
      get(`/api/v1/acts/${id}`) as Promise<Receipt>,
    ]);
    if (keeper.address === owned.account) mine(receipt);
    else if (secret === undefined) to('enter');
    else cannot('owned');
  } catch (error) {
    unfit(() => told(error));
  }
}

// Last, when everything above is there. Pages of addresses that lead nowhere have nothing of it: they are wiped alone.
if (document.getElementById('claim')) {
  const read = readCardSecret(fragment);
  if (read.ok) secret = read.secret;
  setUp();
  const begun = begunActs().find(({ path, act }) => path === about.path && act === 'claim');
  if (begun) await follow(begun);
  else await look();
  if (fragment !== '' && !read.ok && !byId('claim-enter').hidden)
    tellFault('claim-secret', faultWords('card', read.fault));
}
