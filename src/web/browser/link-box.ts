// Owns showing a link that leaves the page only by its reader's hand: drawn as a code here, so that nobody else draws it.
import { byId, onClick } from './dom.ts';
import { said } from './own-say.ts';
import { qrDrawing } from './qr-drawing.ts';
import { word } from './words.ts';

export function readyToCopy(): void {
  const text = byId<HTMLInputElement>('link-text');
  text.addEventListener('focus', () => text.select());
  onClick('link-copy', async () => {
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
      said(word('owner.copied'));
    } catch {
      // It is selected: she copies it herself.
      text.focus();
    }
  });
}

export function showLink(url: string): void {
  byId('link-code').replaceChildren(qrDrawing(url, word('owner.link.code'), 'L'));
  byId<HTMLInputElement>('link-text').value = url;
}

/** Once it is of no more use. */
export function forgetLink(): void {
  byId('link-code').replaceChildren();
  byId<HTMLInputElement>('link-text').value = '';
}
