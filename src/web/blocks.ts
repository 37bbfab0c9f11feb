// Owns turning a part of a page into what a printed sheet says: headings, sentences, facts. It reads only what `html`
// writes; what is drawn, and what is folded away, is left out.
import type { Block } from '../core/printed-sheet.ts';
import type { Html } from './html.ts';

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const LEFT_OUT = /<(svg|details|figure|script|style|button)\b[\s\S]*?<\/\1>/g;
const HEADINGS = new Set(['h2']);
const NAMES = new Set(['h3', 'h4']);
const ITEMS = new Set(['li']);
const BLOCKS = new Set(['p', 'div', 'section', 'ul', 'ol', 'dl', 'blockquote', 'h1', ...HEADINGS, ...NAMES, ...ITEMS]);

/** Its text alone, on one line. */
export function textOf(markup: Html | string): string {
  const text =
    typeof markup === 'string'
      ? markup
      : decoded(
          markup
            .toString()
            .replace(LEFT_OUT, '')
            .replace(/<[^>]*>/g, ''),
        );
  return text.replace(/[^\S\n]+/g, ' ').trim();
}

export function blocksOf(markup: Html | null | undefined | false): Block[] {
  if (!markup) return [];
  const blocks: Block[] = [];
  let open = { tag: 'p', quiet: false };
  let text = '';
  let name: string | undefined;
  const flush = () => {
    const said = textOf(decoded(text).replace(/\s*\n\s*/g, ' '));
    text = '';
    // The first heading is the sheet's own.
    if (said === '' || open.tag === 'h1') return;
    if (open.tag === 'dt') name = said;
    else if (open.tag === 'dd') blocks.push({ kind: 'fact', name: name ?? '', text: said });
    else if (HEADINGS.has(open.tag)) blocks.push({ kind: 'heading', text: said });
    else if (NAMES.has(open.tag)) blocks.push({ kind: 'name', text: said });
    else if (ITEMS.has(open.tag)) blocks.push({ kind: 'item', text: said });
    else blocks.push({ kind: 'paragraph', text: said, ...(open.quiet && { quiet: true }) });
  };
  for (const [, close, tag = '', attributes = '', words] of markup
    .toString()
    .replace(LEFT_OUT, '')
    .matchAll(/<(\/?)([a-z][a-z0-9]*)([^>]*)>|([^<]+)/g)) {
    if (words !== undefined) text += words;
    else if (tag === 'br') text += ' ';
    // A fact's value stays one, whatever blocks it has within.
    else if (open.tag === 'dd' && !(close && tag === 'dd')) text += BLOCKS.has(tag) ? ' ' : '';
    else if (BLOCKS.has(tag) || tag === 'dt' || tag === 'dd') {
      flush();
      open = close
        ? { tag: 'p', quiet: false }
        : { tag, quiet: /\bclass="[^"]*\b(?:quiet|lead|beneath)\b/.test(attributes) };
    }
  }
  flush();
  return blocks;
}

function decoded(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_whole, entity: string) => ENTITIES[entity] as string);
}
