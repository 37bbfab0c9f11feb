// Owns what a new owner is left with: her receipt, and a second way in on paper, signed ahead by her key. What is on the sheet
// is made here and leaves the device on paper alone.
import { paperAccount, printedPaperKey } from '../../core/paper-key.ts';
import { NO_DEADLINE, sheetCall } from '../../core/rescue.ts';
import { chainOf, dataFor, prepare, type Receipt } from './acts.ts';
import { ownKey } from './choose-key.ts';
import { byId, download, onClick, setText, show } from './dom.ts';
import type { Signer } from './keyring.ts';
import type { OwnedPiece } from './memory.ts';
import { drawPaperKey } from './paper.ts';
import { fillGroups, printSheet, type SheetOf } from './paper-sheet.ts';
import { Failure } from './service.ts';
import { told } from './told.ts';
import { momentWords, word } from './words.ts';

export interface ClaimAbout {
  readonly path: string;
  readonly title: string;
}

let sheet: SheetOf | undefined;
let wired: Element | undefined;

/** Fills the last part in; again, as the claim becomes final. @param signer who signed in this page, if somebody did */
export function showDone(about: ClaimAbout, owned: OwnedPiece, receipt: Receipt, signer: Signer | undefined): void {
  const final = receipt.state === 'final';
  setText('claim-done-words', word(final ? 'claim.done.final' : 'claim.done.anchored', { title: about.title }));
  setText('receipt-when', momentWords(new Date(receipt.acceptedAt)));
  setText('receipt-account', owned.account);
  setText('receipt-transaction', receipt.transaction ?? '');
  setText('receipt-block', String(receipt.block ?? ''));
  setText('receipt-state', word(final ? 'claim.receipt.final' : 'claim.receipt.settling'));
  setText('second-about', word(`claim.second.${owned.way}`));
  if (sheet) showSheet(sheet);
  // Once for each markup: the page may have come in another language meanwhile.
  const part = byId('claim-done');
  if (wired === part) return;
  wired = part;
  onClick('receipt-download', () => save(about, owned, receipt));
  onClick('receipt-print', () => window.print());
  onClick('second-sheet', () => makeSheet(about, owned, signer));
  onClick('second-print', () => {
    if (sheet) printSheet(sheet);
  });
}

async function save(about: ClaimAbout, owned: OwnedPiece, receipt: Receipt): Promise<void> {
  const { chainId, pieces } = await chainOf();
  const { path, title } = about;
  const { tokenId, account } = owned;
  const text = {
    schema: 'touchstone/receipt/1',
    title,
    piece: location.origin + path,
    tokenId,
    account,
    chainId,
    pieces,
    receipt,
  };
  download(
    `touchstone-receipt-${receipt.id.slice(0, 8)}.json`,
    'application/json',
    `${JSON.stringify(text, null, 1)}\n`,
  );
}

/** A key drawn here, and her signature that passes the piece on to it: good until the piece moves, used by whoever has both. */
async function makeSheet(about: ClaimAbout, owned: OwnedPiece, signer: Signer | undefined): Promise<void> {
  setText('second-fault', '');
  show('second-fault', false);
  try {
    const own = signer ?? (await ownKey(owned));
    const key = drawPaperKey();
    const wish = { act: 'transfer', piece: about.path, to: paperAccount(key), deadline: NO_DEADLINE };
    const prepared = await prepare(wish);
    if (prepared.refusal) throw new Failure(prepared.refusal.code, prepared.refusal.detail);
    const { data, deadline } = await dataFor(wish, 'owner', prepared);
    const signature = await own.sign(data);
    const ahead = { owner: own.account, moves: Number(data.message['moves']), deadline, signature };
    const { chainId, pieces: to } = await chainOf();
    sheet = { ...about, key, ahead, call: { chainId, to, data: sheetCall(owned.tokenId, { key, ahead }) } };
    showSheet(sheet);
    printSheet(sheet);
  } catch (error) {
    setText('second-fault', told(error));
    show('second-fault');
  }
}

function showSheet({ key }: SheetOf): void {
  show('second-made');
  fillGroups('second', printedPaperKey(key).split('-'));
}
