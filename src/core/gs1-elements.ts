// Owns GS1 element strings: what a barcode carries, with separators (FNC1) or in brackets, read into elements and
// written again. Whether elements make an address is digital-link.ts's; what a piece's code is, code.ts's.
import { contentFault } from './gs1-content.ts';
import { IDENTIFIERS, type Identifier, identifierAtStart, unassigned } from './gs1-table.ts';

export interface Element {
  readonly identifier: Identifier;
  readonly value: string;
}

/** What was read, or in words why nothing was. */
export type Elements = readonly Element[] | string;

export interface ElementOptions {
  /** AIs that GS1 hasn't given out are taken, with any content. */
  readonly unassigned?: boolean;
}

/** Longer than any label, and short enough to be read at once. */
export const MOST_CHARACTERS = 8_000;
export const MOST_ELEMENTS = 64;

/** Separators as scanners send them and as they are written in print: ASCII group separator, caret. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the group separator is what scanners send
const SEPARATOR = /[\x1d^]/;
/** What scanners put in front to say that elements follow (ISO/IEC 15424). */
const SYMBOLOGY = /^\](?:C1|e0|d2|Q3|J1)/;

export function identifierOf(ai: string, options: ElementOptions = {}): Identifier | undefined {
  return IDENTIFIERS.get(ai) ?? (options.unassigned ? unassigned(ai) : undefined);
}

/** Reads `(01)…(21)…`, where `\(` is a bracket of the value, or `01…21…` with separators, one in front or none. */
export function readElements(text: string, options: ElementOptions = {}): Elements {
  if (text.length > MOST_CHARACTERS) return 'it is too long';
  const bare = text.replace(SYMBOLOGY, '');
  const elements = bare.startsWith('(')
    ? readBracketed(bare, options)
    : readSeparated(bare.replace(SEPARATOR, dropFirst));
  if (typeof elements === 'string') return elements;
  if (elements.length === 0) return 'it holds no element';
  if (elements.length > MOST_ELEMENTS) return 'it holds too many elements';
  const faults = elements.map(({ identifier, value }) => contentFault(identifier, value));
  return faults.find((fault) => fault !== undefined) ?? elements;
}

/** What begins as a barcode's content does; one without anything in front has to begin with a product. */
export function looksLikeElements(text: string): boolean {
  return text.startsWith('(') || text.search(SEPARATOR) === 0 || SYMBOLOGY.test(text) || /^01\d{14}\S/.test(text);
}

/** Only a separator at the very beginning is dropped; all others end a value. */
function dropFirst(separator: string, at: number): string {
  return at === 0 ? '' : separator;
}

function readBracketed(text: string, options: ElementOptions): Elements {
  const elements: Element[] = [];
  let rest = text;
  while (rest !== '') {
    const [whole, ai, value] = /^\(([^)]*)\)((?:\\\(|[^(])*)/.exec(rest) ?? [];
    const identifier = ai === undefined ? undefined : identifierOf(ai, options);
    if (whole === undefined || identifier === undefined)
      return `${told(rest)} is no element: it begins with no known AI`;
    elements.push({ identifier, value: (value as string).replaceAll('\\(', '(') });
    rest = rest.slice(whole.length);
  }
  return elements;
}

function readSeparated(text: string): Elements {
  const elements: Element[] = [];
  let rest = text;
  while (rest !== '') {
    const identifier = identifierAtStart(rest);
    if (!identifier) return `${told(rest)} is no element: it begins with no known AI`;
    const { ai, separated, parts } = identifier;
    rest = rest.slice(ai.length);
    const separator = rest.search(SEPARATOR);
    const most = separated ? rest.length : parts.reduce((sum, part) => sum + part.most, 0);
    const value = rest.slice(0, separator < 0 ? most : Math.min(separator, most));
    elements.push({ identifier, value });
    rest = rest.slice(value.length).replace(SEPARATOR, dropFirst);
  }
  return elements;
}

/** With `^` for the separator: one in front, and one before whatever follows an element of no predefined length. */
export function writeElements(elements: readonly Element[]): string {
  let out = '';
  let separate = true;
  for (const { identifier, value } of elements) {
    out += (separate ? '^' : '') + identifier.ai + value;
    separate = identifier.separated;
  }
  return out;
}

function told(text: string): string {
  return `“${text.slice(0, 20)}${text.length > 20 ? '…' : ''}”`;
}
