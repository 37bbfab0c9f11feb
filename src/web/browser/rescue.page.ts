// Owns taking a piece back with a sheet: her signature on it passes the piece on to the sheet's key, that key passes it on to
// a new one. The key is in this module's memory while the page is open, and in nothing else.
import { type PaperKey, paperAccount, readPaperKey } from '../../core/paper-key.ts';
import { readSheetText, type Sheet } from '../../core/rescue.ts';
import { prepare, type Receipt, signed, type Wish } from './acts.ts';
import { begin, goOn } from './begun.ts';
import { type Chosen, chosenKey, offerKeys } from './choose-key.ts';
import { byId, dataOf, onClick, setText, show, showOnly } from './dom.ts';
import { takeFragment } from './fragment.ts';
import { faultWords, paperSigner } from './paper.ts';
import { Failure } from './service.ts';
import { switchInPlace } from './switch-language.ts';
import { told, toldCode } from './told.ts';
import { word } from './words.ts';

const fragment = takeFragment();
const PARTS = ['waiting', 'enter', 'unfit', 'choose', 'going', 'done'].map((part) => `rescue-${part}`);

let about: { readonly path: string; readonly title: string };
let sheet = readSheetText(fragment);
let tokenId = '';
let showAgain: () => void = () => {};

function setUp(): void {
  about = dataOf('about');
  switchInPlace(() => {
    setUp();
    showAgain();
  });
  byId('rescue-enter-form').addEventListener('submit', (event) => {
    event.preventDefault();
    void typed();
  });
  onClick('rescue-again', look);
  onClick('rescue-now', takeBack);
  void offerKeys(about);
}

function to(part: string, fill: () => void = () => {}): void {
  showAgain = () => {
    showOnly(PARTS, `rescue-${part}`);
    fill();
  };
  showAgain();
}

async function typed(): Promise<void> {
  const input = byId<HTMLInputElement>('rescue-key');
  const text = input.value.slice(input.value.indexOf('#') + 1).trim();
  const read = readPaperKey(text);
  sheet = readSheetText(text) ?? (read.ok ? { key: read.key } : undefined);
  const fault = sheet || read.ok ? '' : faultWords('paper', read.fault);
  setText('rescue-key-fault', fault);
  show('rescue-key-fault', fault !== '');
  if (!sheet) {
    input.focus();
    return;
  }
  input.value = '';
  await look();
}

const unfit = (words: () => string) => to('unfit', () => setText('rescue-unfit-words', words()));

/** Whether the sheet still opens the piece: its owner and moves are what it was signed for, or its key owns the piece. */
async function look(): Promise<void> {
  if (!sheet) {
    to('enter');
    return;
  }
  try {
    const { standing, refusal } = await prepare({ act: 'transfer', piece: about.path, to: paperAccount(sheet.key) });
    tokenId = String(standing.tokenId);
    const { owner, moves } = standing;
    const its = owner === paperAccount(sheet.key);
    if (!its && !sheet.ahead) unfit(() => word('claim.rescue.need-code'));
    else if (!its && (sheet.ahead?.owner !== owner || sheet.ahead?.moves !== moves)) {
      unfit(() => word('claim.rescue.moved'));
    } else if (refusal) unfit(() => toldCode(refusal.code));
    else to('choose');
  } catch (error) {
    unfit(() => told(error));
  }
}

async function takeBack(): Promise<void> {
  if (!sheet) return;
  show('rescue-fault', false);
  try {
    const chosen = await chosenKey({ tokenId, name: about.title });
    if (!chosen) return;
    to('going');
    await toSheet(sheet);
    await toKey(sheet.key, chosen);
    sheet = undefined;
    to('done');
  } catch (error) {
    await look();
    if (byId('rescue-choose').hidden) return;
    setText('rescue-fault', told(error));
    show('rescue-fault');
  }
}

/** To the sheet's own key, by the signature on the sheet; nothing to do where that was done before. */
async function toSheet({ key, ahead }: Sheet): Promise<void> {
  const account = paperAccount(key);
  const { standing } = await prepare({ act: 'transfer', piece: about.path, to: account });
  if (standing.owner === account || !ahead) return;
  const { owner, deadline, signature } = ahead;
  const signatures = { owner: { key: owner, deadline, signature } };
  await onLedger(
    { act: 'transfer', piece: about.path, to: account, signatures },
    { signer: { way: 'paper', account } },
  );
}

async function toKey(key: PaperKey, { signer, passkey }: Chosen): Promise<void> {
  const wish = await signed({ act: 'transfer', piece: about.path, to: signer.account }, { owner: paperSigner(key) });
  await onLedger(wish, { signer, passkey: passkey?.id });
}

/** Until it is on the ledger; that it becomes final follows by itself. @throws Failure with what was refused */
function onLedger(wish: Wish, by: { signer: Pick<Chosen['signer'], 'way' | 'account'>; passkey?: string | undefined }) {
  return new Promise<void>((resolve, reject) => {
    const heard = (receipt: Receipt | undefined) => {
      setText('rescue-going-words', receipt ? '' : word('claim.error.offline'));
      if (receipt?.state === 'anchored' || receipt?.state === 'final') resolve();
      if (receipt?.state === 'failed') reject(new Failure(receipt.error?.code ?? 'internal', ''));
    };
    goOn(begin({ piece: { ...about, tokenId }, wish, ...by }), heard).catch(reject);
  });
}

// Last, when everything above is there.
if (document.getElementById('rescue')) {
  setUp();
  await look();
}
