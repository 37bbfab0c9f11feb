// Owns how claim cards stand on the sheet that is printed: eight of a bank card's size to a page, with marks to cut along.
// Secrets are drawn here and go nowhere else.
import { printedSecret } from '../../core/card.ts';
import type { MadeCard } from '../../core/card-making.ts';
import { element } from './dom.ts';
import { qrDrawing } from './qr-drawing.ts';

const PER_PAGE = 8;

export interface CardWords {
  readonly language: string;
  readonly direction: string;
  readonly words: Readonly<Record<string, string>>;
}

export function cardPages(cards: readonly MadeCard[], maker: string, words: CardWords): HTMLElement[] {
  const pages: HTMLElement[] = [];
  for (let from = 0; from < cards.length; from += PER_PAGE) {
    const shown = cards.slice(from, from + PER_PAGE).map((card) => cardOf(card, maker, words));
    pages.push(element('div', { class: 'card-page' }, ...shown));
  }
  return pages;
}

function cardOf(card: MadeCard, maker: string, { language, direction, words }: CardWords): HTMLElement {
  const say = (key: string) => words[`paper.card.${key}`] ?? '';
  const code = element('div', { class: 'card-code' });
  // Q bears a quarter of the code worn away, as a panel that is scratched off leaves it.
  code.append(qrDrawing(card.url, say('title'), 'Q'));
  const groups = printedSecret(card.secret);
  return element(
    'article',
    { class: 'claim-card', lang: language, dir: direction },
    code,
    element(
      'div',
      { class: 'card-words' },
      element('p', { class: 'card-maker' }, maker),
      element('h2', {}, say('title')),
      element('p', { class: 'card-piece', dir: 'auto' }, card.title),
      element('p', {}, say('how')),
      element('p', { class: 'card-secret', dir: 'ltr' }, groups),
      element('p', { class: 'card-keep' }, say('keep')),
      element('p', { class: 'card-path', dir: 'ltr' }, card.path),
    ),
  );
}
