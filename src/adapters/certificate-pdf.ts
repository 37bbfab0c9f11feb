// Owns how a printed sheet looks as a PDF: columns, sizes, colours, pages, and the structure that readers who don't see
// go by. Every word of it is given; it has no clock, so the same sheet is the same file.
import PDFDocument from 'pdfkit';
import type { Block, PrintedSheet } from '../core/printed-sheet.ts';
import { drawCode } from './label-sheet.ts';
import { type SetLine, type Style, TypeSetter } from './type-setting.ts';

const MM = 72 / 25.4;
const PAGE = { width: 595.28, height: 841.89 };
const MARGIN = { side: 20 * MM, top: 18 * MM, bottom: 24 * MM };
const WIDTH = PAGE.width - 2 * MARGIN.side;
const CODE = 34 * MM;
const GAP = 6 * MM;
const NAMES = 46 * MM;
const PHOTO = { width: 84 * MM, height: 54 * MM };
const LEADING = 1.42;
/** Arabic and Chinese fill their line more than Latin. */
const SIZES = { kind: 9, heading: 21, byline: 10.5, verdict: 12.5, body: 9.2, section: 11.5, fixed: 7.2, foot: 7.6 };
const INK = '#26221d';
const QUIET = '#6a6258';
const GOLD = '#a97f2f';
const TONES = { 'genuine-record': '#1f5a3c', pending: '#7a5200', warning: '#9b1c1c' } as const;

const NAME: Style = { size: SIZES.body, weight: 600, direction: 'auto' };

type Tag = 'H1' | 'H2' | 'P' | 'Figure';

/** The file's bytes. */
export async function printedPdf(sheet: PrintedSheet): Promise<Buffer> {
  const at = new Date(sheet.at);
  const document = new PDFDocument({
    size: [PAGE.width, PAGE.height],
    margin: 0,
    pdfVersion: '1.7',
    bufferPages: true,
    tagged: true,
    displayTitle: true,
    lang: sheet.language,
    info: {
      Title: sheet.title,
      Subject: sheet.subject,
      Creator: 'Touchstone',
      Producer: 'Touchstone',
      CreationDate: at,
      ModDate: at,
    },
  });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise((resolve, reject) => document.once('end', resolve).once('error', reject));
  new Sheet(document, sheet).draw();
  document.end();
  await ended;
  return Buffer.concat(chunks);
}

class Sheet {
  readonly #document: PDFKit.PDFDocument;
  readonly #sheet: PrintedSheet;
  readonly #setter: TypeSetter;
  readonly #root: PDFKit.PDFStructureElement;
  #y = MARGIN.top;

  constructor(document: PDFKit.PDFDocument, sheet: PrintedSheet) {
    this.#document = document;
    this.#sheet = sheet;
    this.#setter = new TypeSetter(document, sheet.language);
    this.#root = document.struct('Document', { title: sheet.title, lang: sheet.language } as object);
    document.addStructure(this.#root);
  }

  draw(): void {
    this.#head();
    this.#photo();
    for (const block of this.#sheet.blocks) this.#block(block);
    if (this.#setter.lacks) this.#text('P', this.#sheet.lacking, { size: SIZES.foot }, { colour: QUIET, before: 8 });
    this.#root.end();
    this.#feet();
  }

  /** What it is and what was found on one side, the code on the other. */
  #head(): void {
    const { kind, heading, byline, verdict, code } = this.#sheet;
    const width = WIDTH - CODE - GAP;
    const top = this.#y;
    this.#text('P', kind, { size: SIZES.kind, weight: 600 }, { colour: GOLD, width });
    this.#text('H1', heading, { size: SIZES.heading, weight: 600, direction: 'auto' }, { width, before: 4 });
    this.#text('P', byline, { size: SIZES.byline }, { colour: QUIET, width, before: 3 });
    this.#text(
      'P',
      verdict.word,
      { size: SIZES.verdict, weight: 600 },
      { colour: TONES[verdict.tone], width, before: 10 },
    );
    this.#text('P', verdict.sentence, { size: SIZES.byline }, { width, before: 1 });
    const after = this.#y;
    this.#y = top;
    const left = this.#sheet.direction === 'rtl' ? MARGIN.side : PAGE.width - MARGIN.side - CODE;
    this.#tagged('Figure', { alt: code.caption }, () => {
      drawCode(this.#document, code.matrix, { x: left / MM, y: top / MM, width: CODE / MM, height: CODE / MM });
    });
    this.#y = top + CODE + 2;
    this.#text('P', code.caption, { size: SIZES.foot }, { colour: QUIET, width: CODE, left });
    this.#text(
      'P',
      code.address,
      { size: SIZES.fixed, direction: 'ltr' },
      { colour: QUIET, width: CODE, left, before: 2 },
    );
    this.#y = Math.max(this.#y, after) + 10;
  }

  #photo(): void {
    const { photo } = this.#sheet;
    if (!photo) return;
    // biome-ignore lint/suspicious/noExplicitAny: the library's types lack its own openImage
    const image = (this.#document as any).openImage(photo.data) as { width: number; height: number };
    const scale = Math.min(PHOTO.width / image.width, PHOTO.height / image.height);
    const [width, height] = [image.width * scale, image.height * scale];
    const x = this.#sheet.direction === 'rtl' ? PAGE.width - MARGIN.side - width : MARGIN.side;
    this.#room(height);
    const y = this.#y;
    this.#tagged('Figure', { alt: photo.alt }, () => this.#document.image(image as never, x, y, { width, height }));
    this.#y += height + 4;
    this.#text('P', photo.alt, { size: SIZES.foot, direction: 'auto' }, { colour: QUIET });
    this.#y += 4;
  }

  #block(block: Block): void {
    if (block.kind === 'heading') this.#heading(block.text);
    else if (block.kind === 'fact') this.#fact(block);
    else if (block.kind === 'name') this.#text('P', block.text, NAME, { before: 5 });
    else if (block.kind === 'item') this.#item(block.text);
    else {
      const style = {
        size: SIZES.body,
        direction: 'auto',
        ...(block.language && { language: block.language }),
      } as const;
      this.#text('P', block.text, style, { before: 2, ...(block.quiet && { colour: QUIET }) });
    }
  }

  #heading(text: string): void {
    this.#room(60);
    this.#y += 12;
    const y = this.#y;
    this.#artifact(() => {
      this.#document
        .moveTo(MARGIN.side, y)
        .lineTo(PAGE.width - MARGIN.side, y)
        .lineWidth(0.5)
        .strokeColor(GOLD)
        .stroke();
    });
    this.#y += 5;
    this.#text('H2', text, { size: SIZES.section, weight: 600 }, {});
    this.#y += 2;
  }

  #item(text: string): void {
    const indent = 4 * MM;
    this.#room(SIZES.body * LEADING);
    const y = this.#y + SIZES.body * 0.62 + 2;
    const x = this.#sheet.direction === 'rtl' ? PAGE.width - MARGIN.side - 2 : MARGIN.side + 2;
    this.#artifact(() => this.#document.circle(x, y, 1.2).fill(GOLD));
    const left = this.#sheet.direction === 'rtl' ? MARGIN.side : MARGIN.side + indent;
    this.#text('P', text, { size: SIZES.body, direction: 'auto' }, { before: 2, width: WIDTH - indent, left });
  }

  #fact({ name, text, fixed }: Extract<Block, { kind: 'fact' }>): void {
    const rtl = this.#sheet.direction === 'rtl';
    const names = this.#lines(name, NAMES - 8, { size: SIZES.body });
    const style: Style = fixed ? { size: SIZES.fixed, direction: 'ltr' } : { size: SIZES.body, direction: 'auto' };
    const values = this.#lines(text, WIDTH - NAMES, style);
    this.#room(Math.max(names.length, 1) * SIZES.body * LEADING + 2);
    this.#y += 2;
    const top = this.#y;
    const page = this.#pages();
    this.#set('P', names, { colour: QUIET, left: rtl ? PAGE.width - MARGIN.side - NAMES : MARGIN.side, width: NAMES });
    const after = this.#y;
    if (this.#pages() === page) this.#y = top + (fixed ? 1.5 : 0);
    this.#set('P', values, { left: rtl ? MARGIN.side : MARGIN.side + NAMES, width: WIDTH - NAMES });
    if (this.#pages() === page) this.#y = Math.max(this.#y, after);
  }

  #lines(text: string, width: number, style: Style): SetLine[] {
    return this.#setter.lines(text, width, { direction: this.#sheet.direction, ...style });
  }

  #text(tag: Tag, text: string, style: Style, { before = 0, ...where }: Where & { before?: number }): void {
    this.#y += before;
    this.#set(tag, this.#lines(text, where.width ?? WIDTH, style), where);
  }

  #set(tag: Tag, lines: readonly SetLine[], { colour = INK, width = WIDTH, left }: Where): void {
    const rtl = this.#sheet.direction === 'rtl';
    const x = left ?? (rtl ? PAGE.width - MARGIN.side - width : MARGIN.side);
    this.#tagged(tag, {}, () => {
      for (const line of lines) {
        this.#room(line.size * LEADING);
        this.#document.fillColor(colour);
        // The sheet's own side is where every line begins, whatever its direction.
        const at = rtl && line.direction === 'ltr' ? x + width - line.width : x;
        this.#setter.draw(line, at, this.#y + line.size * 1.05, rtl && line.direction === 'ltr' ? line.width : width);
        this.#y += line.size * LEADING;
      }
    });
  }

  #room(height: number): void {
    if (this.#y + height <= PAGE.height - MARGIN.bottom) return;
    this.#document.addPage({ size: [PAGE.width, PAGE.height], margin: 0 });
    this.#y = MARGIN.top;
  }

  #pages(): number {
    return this.#document.bufferedPageRange().count;
  }

  #tagged(tag: Tag, options: { alt?: string }, content: () => void): void {
    this.#root.add(this.#document.struct(tag, options, content));
  }

  /** Drawn, and no part of what is read. */
  #artifact(content: () => void): void {
    this.#document.markContent('Artifact', { type: 'Layout' });
    content();
    this.#document.endMarkedContent();
  }

  #feet(): void {
    const { start, count } = this.#document.bufferedPageRange();
    const { foot, direction } = this.#sheet;
    for (let page = start; page < start + count; page++) {
      this.#document.switchToPage(page);
      this.#document.markContent('Artifact', { type: 'Pagination' });
      const lines = this.#lines(foot, WIDTH - 60, { size: SIZES.foot });
      this.#document.fillColor(QUIET);
      lines.forEach((line, i) => {
        const x = direction === 'rtl' ? MARGIN.side + 60 : MARGIN.side;
        this.#setter.draw(line, x, PAGE.height - MARGIN.bottom + 18 + i * SIZES.foot * LEADING, WIDTH - 60);
      });
      const [number] = this.#lines(`${page - start + 1} / ${count}`, 60, { size: SIZES.foot, direction: 'ltr' });
      if (number) {
        const x = direction === 'rtl' ? MARGIN.side : PAGE.width - MARGIN.side - number.width;
        this.#setter.draw(number, x, PAGE.height - MARGIN.bottom + 18);
      }
      this.#document.endMarkedContent();
    }
  }
}

interface Where {
  readonly colour?: string;
  readonly width?: number;
  readonly left?: number;
}
