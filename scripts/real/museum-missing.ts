// Owns the question whether a page says everything its museum says: which words of the source a page's visible text
// lacks. White space, control characters and Unicode's ways of writing an accent make no difference; nothing else may.
import { readMedium } from './museum-medium.ts';
import { chunks, type MuseumObject, splitInscriptions, tidy } from './museum-record.ts';

export interface Missing {
  readonly what: 'material' | 'inscription' | 'history' | 'term';
  readonly text: string;
}

/** What of the source isn't found in a page's visible text. */
export function missingFrom(object: MuseumObject, pageText: string): Missing[] {
  const page = flat(pageText);
  return wordsOf(object).filter(({ text }) => !page.includes(flat(text)));
}

function wordsOf(object: MuseumObject): Missing[] {
  const words: Missing[] = [];
  const add = (what: Missing['what'], text: string | null | undefined, max = 2000) => {
    for (const part of chunks(tidy(text ?? ''), max)) words.push({ what, text: part });
  };
  for (const { stated } of readMedium(flat(object.medium ?? ''))) add('material', stated);
  add('material', object.medium);
  const inscriptions = splitInscriptions(tidy(object.inscriptions ?? ''));
  for (const { text } of inscriptions) add('inscription', text, 3000);
  if (inscriptions.length > 1) add('inscription', object.inscriptions);
  for (const step of object.provenance_steps ?? []) add('history', step.text);
  if ((object.provenance_steps ?? []).length === 0) add('history', object.provenance_text);
  const { title, maker, date, dimensions, culture, period, style, classification, object_name } = object;
  for (const text of [title, date, culture, period, style, classification, object_name]) add('term', text);
  add('term', maker, 1000);
  add('term', dimensions, 1000);
  for (const text of [object.object_number, object.credit_line, object.date_acquired]) add('term', text);
  for (const { term } of object.origin ?? []) add('term', term);
  for (const { name } of object.makers ?? []) add('term', name);
  return words;
}

function flat(text: string): string {
  return tidy(text).replace(/\s+/g, ' ').trim();
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** A page's text as a reader finds it: without tags, scripts and styles. */
export function visibleText(html: string): string {
  return html
    .replace(/<(script|style|template|head)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<!--[\s\S]*?-->/g, ' ')
    .replace(/<\/?(?:wbr|b|i|em|strong|span|bdi|mark|a)\b[^>]*>/gi, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));/gi, (whole, hex, number, name) => {
      if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
      return number ? String.fromCodePoint(Number(number)) : (ENTITIES[String(name).toLowerCase()] ?? whole);
    });
}
