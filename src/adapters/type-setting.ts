// Owns setting text in lines: which font each character stands in, where a line breaks, and in which order what is written
// from right to left stands beside what is not. A character that no font has is set as its number, so that it is seen to
// be lacking. Where lines go on a page, and what they say, never enters it.
import bidiFactory, { type Bidi } from 'bidi-js';
import { fontIn } from './font-file.ts';
import { type Face, facesWith, type Weight } from './print-fonts.ts';

// Its types describe a module of another kind than it comes as.
const bidi = (bidiFactory as unknown as () => Bidi)();

export interface Style {
  readonly size: number;
  readonly weight?: Weight;
  /** Of the text (BCP 47); the setter's own if not given. */
  readonly language?: string;
  readonly direction?: 'ltr' | 'rtl' | 'auto';
}

interface Run {
  readonly font: string;
  readonly text: string;
  readonly width: number;
  readonly level: number;
}

export interface SetLine {
  /** As it is thought, not as it stands. */
  readonly text: string;
  readonly runs: readonly Run[];
  readonly width: number;
  readonly size: number;
  readonly direction: 'ltr' | 'rtl';
}

/** What of the library's own font object is needed to know whether a character is in it. */
interface Opened {
  readonly _font: { readonly font: { hasGlyphForCodePoint(codePoint: number): boolean } };
}

/** A piece of text that isn't broken, character by character with its font. */
interface Token {
  readonly from: number;
  readonly to: number;
}

export class TypeSetter {
  /** Whether some character had to be set as its number. */
  lacks = false;
  readonly #document: PDFKit.PDFDocument;
  readonly #language: string;
  readonly #fonts = new Set<string>();
  readonly #chosen = new Map<string, string | undefined>();

  constructor(document: PDFKit.PDFDocument, language: string) {
    this.#document = document;
    this.#language = language;
  }

  /** Breaks text into lines no wider than `width` points; line feeds break as well. */
  lines(text: string, width: number, style: Style): SetLine[] {
    return text
      .normalize('NFC')
      .replace(/\t/g, ' ')
      .split('\n')
      .flatMap((paragraph) => this.#paragraph(this.#shown(paragraph, style), width, style));
  }

  /** Draws a line with its baseline at `y`. */
  draw(line: SetLine, x: number, y: number, width = line.width, align: 'start' | 'center' = 'start'): void {
    const free = width - line.width;
    const turned = line.runs.some(({ level }) => level % 2 === 1);
    // Signs that make up a letter, from right to left, are no text to whoever copies or hears it: what it says goes with it.
    if (turned) this.#document.markContent('Span', { actual: line.text });
    let at = x + (align === 'center' ? free / 2 : line.direction === 'rtl' ? free : 0);
    for (const { font, text, width: wide, level } of line.runs) {
      this.#document.font(font).fontSize(line.size);
      // Words one by one would stand in the order they are thought in; a whole run is turned by its own script.
      const features = level % 2 === 1 ? ([] as PDFKit.Mixins.OpenTypeFeatures[]) : undefined;
      this.#document.text(text, at, y, { lineBreak: false, baseline: 'alphabetic', ...(features && { features }) });
      at += wide;
    }
    if (turned) this.#document.endMarkedContent();
  }

  /** The text with its numbers in place of characters that no font has. */
  #shown(text: string, style: Style): string {
    let shown = '';
    for (const character of text) {
      const codePoint = character.codePointAt(0) as number;
      if (INVISIBLE.test(character)) continue;
      if (this.#fontFor(codePoint, style) !== undefined) shown += character;
      else {
        this.lacks = true;
        shown += `[U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}]`;
      }
    }
    return shown;
  }

  #paragraph(text: string, width: number, style: Style): SetLine[] {
    const levels = bidi.getEmbeddingLevels(text, style.direction ?? 'auto');
    const direction = (levels.paragraphs[0]?.level ?? 0) % 2 === 1 ? 'rtl' : 'ltr';
    const fonts = this.#fontsOf(text, style);
    const widthOf = (from: number, to: number) =>
      this.#runs(text, fonts, levels.levels, from, to, style).reduce((sum, run) => sum + run.width, 0);
    return broken(text, width, widthOf).map(({ from, to }) => {
      const end = to - (/\s+$/.exec(text.slice(from, to))?.[0].length ?? 0);
      const runs = visually(this.#runs(text, fonts, levels.levels, from, end, style));
      return {
        text: text.slice(from, end),
        runs,
        width: runs.reduce((sum, run) => sum + run.width, 0),
        size: style.size,
        direction,
      };
    });
  }

  /** The font of each UTF-16 unit. What belongs to no script stays in the font before it, if that has it. */
  #fontsOf(text: string, style: Style): string[] {
    const fonts: string[] = [];
    let before: string | undefined;
    for (const character of text) {
      const codePoint = character.codePointAt(0) as number;
      const stays = before !== undefined && COMMON.test(character) && this.#has(before, codePoint);
      const font: string = stays ? (before as string) : (this.#fontFor(codePoint, style) as string);
      for (let i = 0; i < character.length; i++) fonts.push(font);
      before = font;
    }
    return fonts;
  }

  /** Pieces of one font and one direction, in the order they are thought in. */
  #runs(text: string, fonts: readonly string[], levels: Uint8Array, from: number, to: number, { size }: Style): Run[] {
    const runs: Run[] = [];
    for (let at = from; at < to; ) {
      let end = at + 1;
      while (end < to && fonts[end] === fonts[at] && levels[end] === levels[at]) end += 1;
      const level = levels[at] as number;
      const piece = level % 2 === 1 ? turned(text, levels, at, end) : text.slice(at, end);
      const font = fonts[at] as string;
      runs.push({ font, text: piece, level, width: this.#width(font, piece, size, level) });
      at = end;
    }
    return runs;
  }

  #width(font: string, text: string, size: number, level: number): number {
    const features = level % 2 === 1 ? { features: [] as PDFKit.Mixins.OpenTypeFeatures[] } : {};
    return this.#document.font(font).fontSize(size).widthOfString(text, features);
  }

  #fontFor(codePoint: number, { weight = 400, language = this.#language }: Style): string | undefined {
    const key = `${weight} ${language} ${codePoint}`;
    if (this.#chosen.has(key)) return this.#chosen.get(key);
    const face = facesWith(codePoint, language).find((one) => this.#has(this.#opened(one, weight), codePoint));
    const font = face && this.#opened(face, weight);
    this.#chosen.set(key, font);
    return font;
  }

  #opened(face: Face, weight: Weight): string {
    const name = `${face.name}-${weight}`;
    if (!this.#fonts.has(name)) {
      this.#document.registerFont(name, fontIn(face.fileFor(weight)));
      this.#fonts.add(name);
    }
    return name;
  }

  #has(font: string, codePoint: number): boolean {
    return (this.#document.font(font) as unknown as Opened)._font.font.hasGlyphForCodePoint(codePoint);
  }
}

/** Tell how others are drawn, and are nothing by themselves. Joiners stay: Arabic and Persian need them. */
const INVISIBLE = /\p{Variation_Selector}|[\u200E\u200F\u00AD\uFEFF]/u;
/** Spaces, digits, punctuation, marks on the character before. */
const COMMON = /[\p{Script=Common}\p{Script=Inherited}]/u;
const RTL_LETTER = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;

/** Text from right to left as the library takes it: brackets mirrored, and what has no letter turned by hand. */
function turned(text: string, levels: Uint8Array, from: number, to: number): string {
  const mirrored = bidi.getMirroredCharactersMap(text, levels, from, to - 1);
  let piece = '';
  for (let at = from; at < to; at++) piece += mirrored.get(at) ?? text[at];
  return RTL_LETTER.test(piece) ? piece : [...piece].reverse().join('');
}

/** Rule L2 of the Unicode Bidirectional Algorithm, over runs. */
function visually(runs: readonly Run[]): Run[] {
  const order = [...runs];
  const highest = Math.max(0, ...runs.map(({ level }) => level));
  for (let level = highest; level >= 1; level--) {
    for (let from = 0; from < order.length; from++) {
      let to = from;
      while (to < order.length && (order[to] as Run).level >= level) to += 1;
      if (to > from) order.splice(from, to - from, ...order.slice(from, to).reverse());
      from = Math.max(from, to);
    }
  }
  return order;
}

const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303F\uFF00-\uFFEF]/u;
/** What no line begins with, and what none ends with. */
const NOT_FIRST = /[、。，．・：；？！）」』】〉》〕］｝ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ%）\])}.,;:!?]/u;
const NOT_LAST = /[（「『【〈《〔［｛([{]/u;

/** Where a line may end: behind spaces, hyphens and slashes, and between characters that stand alone. */
function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const characters = [...text];
  let from = 0;
  let at = 0;
  characters.forEach((character, i) => {
    at += character.length;
    const next = characters[i + 1];
    const ends =
      next === undefined ||
      (/\s/u.test(character) && !/\s/u.test(next) && character !== '\u00A0') ||
      (/[-/]/.test(character) && /[\p{L}\p{N}]/u.test(next)) ||
      ((WIDE.test(character) || WIDE.test(next)) &&
        !NOT_FIRST.test(next) &&
        !NOT_LAST.test(character) &&
        !/\s/u.test(next));
    if (!ends) return;
    tokens.push({ from, to: at });
    from = at;
  });
  return tokens;
}

function broken(text: string, width: number, widthOf: (from: number, to: number) => number): Token[] {
  const lines: Token[] = [];
  let from = 0;
  let to = 0;
  const trimmed = (start: number, end: number) => end - (/\s+$/.exec(text.slice(start, end))?.[0].length ?? 0);
  const fits = (start: number, end: number) => widthOf(start, trimmed(start, end)) <= width;
  for (const token of tokensOf(text)) {
    if (!fits(from, token.to)) {
      if (to > from) lines.push({ from, to });
      from = to;
      // A word wider than the line is cut where it must be.
      while (!fits(from, token.to)) {
        let cut = from + 1;
        while (cut < token.to && fits(from, cut + 1)) cut += 1;
        if (cut >= token.to) break;
        if (/[\uDC00-\uDFFF]/.test(text[cut] ?? '')) cut += cut > from + 1 ? -1 : 1;
        lines.push({ from, to: cut });
        from = cut;
      }
    }
    to = token.to;
  }
  lines.push({ from, to });
  return lines;
}
