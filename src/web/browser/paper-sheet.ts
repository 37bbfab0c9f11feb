// Owns printing a sheet with a paper key: it is filled in just before and emptied just after, so that nothing of it stays in a
// page that is left open.
import { printedPaperKey } from '../../core/paper-key.ts';
import { type Sheet, sheetText } from '../../core/rescue.ts';
import { byId, setText, show } from './dom.ts';
import { qrDrawing } from './qr-drawing.ts';
import { dayWords, word } from './words.ts';

export interface SheetOf extends Sheet {
  readonly title: string;
  readonly path: string;
  /** The call that passes the piece on, for whoever brings it to the chain without this service. */
  readonly call?: { readonly chainId: number; readonly to: string; readonly data: string };
}

/** Shows the groups on the screen: to be written down, or compared with what was printed. */
export function fillGroups(id: string, groups: readonly string[]): void {
  [...byId(`${id}-groups`).children].forEach((item, i) => {
    item.textContent = groups[i] ?? '';
  });
}

export function printSheet({ title, path, call, ...sheet }: SheetOf): void {
  const address = `${location.origin}/rescue${path}`;
  setText('sheet-title', title);
  setText('sheet-path', `${location.origin}${path}`);
  fillGroups('sheet', printedPaperKey(sheet.key).split('-'));
  byId('sheet-qr').replaceChildren(qrDrawing(`${address}#${sheetText(sheet)}`, word('claim.sheet.qr')));
  setText('sheet-how', word('claim.sheet.how', { address }));
  setText('sheet-made', word('claim.sheet.made', { day: dayWords(new Date()) }));
  show('sheet-alone', call !== undefined);
  if (call) setText('sheet-call', `${call.chainId} ${call.to} ${call.data}`);
  const page = document.documentElement;
  page.classList.add('prints-sheet');
  window.addEventListener('afterprint', emptied, { once: true });
  window.print();
}

function emptied(): void {
  document.documentElement.classList.remove('prints-sheet');
  fillGroups('sheet', []);
  byId('sheet-qr').replaceChildren();
  setText('sheet-call', '');
}
