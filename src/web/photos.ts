// Owns how a photograph stands on a page: in the size the window needs, with room left for it before it has come, and the
// way to its full size. Which photographs are kept never enters it.
import { type PhotoSize, photoPath, widthsOf } from '../core/photo.ts';
import { attr, type Html, html } from './html.ts';
import { say, type Telling } from './telling.ts';

/** The reading column, and the whole window where that is narrower. */
const SIZES = '(min-width: 44rem) 40rem, 100vw';

export interface Pictured {
  readonly sha256: string;
  readonly alt: string;
  /** Where the whole of it stands. */
  readonly url: string;
  readonly size: PhotoSize | undefined;
  /** The first of a page is what people came for; others wait until they are near. */
  readonly first: boolean;
}

export function renderPhoto(telling: Telling, { sha256, alt, url, size, first }: Pictured): Html {
  const widths = size ? widthsOf(size) : [];
  const largest = widths.at(-1);
  const from = widths.map((width) => `${photoPath(sha256, width)} ${width}w`);
  const srcset = size && widths.length > 0 ? [...from, `${url} ${size.width}w`].join(', ') : undefined;
  const picture = html`<img src="${largest === undefined ? url : photoPath(sha256, largest)}"${attr('srcset', srcset)}${attr('sizes', srcset && SIZES)}${attr('width', size?.width)}${attr('height', size?.height)} alt="${alt}"${attr('lang', telling.language)}${attr('loading', first ? undefined : 'lazy')}${attr('decoding', first ? undefined : 'async')}>`;
  return html`<figure class="plate">${picture}<figcaption>${say(telling, alt)}${srcset && html` <a class="full" href="${url}">${telling.words.text('paper.photo.full')}</a>`}</figcaption></figure>`;
}
