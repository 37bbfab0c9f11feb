// Owns the sizes of labels that are sold, and where a code and its text go on one: sheets for office printers, tags for
// jewellery, labels on rolls. Millimetres throughout. Drawing is an adapter's business.

export interface LabelFormat {
  readonly name: string;
  /** What it says on the box. */
  readonly words: string;
  readonly page: { readonly width: number; readonly height: number };
  readonly columns: number;
  readonly rows: number;
  /** Of one label. */
  readonly width: number;
  readonly height: number;
  /** From the page's corner to the first label's. */
  readonly left: number;
  readonly top: number;
  /** From one label's corner to the next one's. */
  readonly stepX: number;
  readonly stepY: number;
  /** What of the label may be printed on, from its corner; all of it but a margin unless said. */
  readonly printed?: { readonly width: number; readonly height: number };
}

const A4 = { width: 210, height: 297 };
const LETTER = { width: 215.9, height: 279.4 };
const inches = (count: number) => Math.round(count * 25_400) / 1000;

const own = (
  name: string,
  words: string,
  width: number,
  height: number,
  printed?: LabelFormat['printed'],
): LabelFormat => {
  const page = { width, height };
  const one = { columns: 1, rows: 1, width, height, left: 0, top: 0, stepX: width, stepY: height };
  return { name, words, page, ...one, ...(printed && { printed }) };
};

export const LABEL_FORMATS: readonly LabelFormat[] = [
  {
    ...{ name: 'L7160', words: 'Avery L7160: A4, 21 labels of 63.5 × 38.1 mm', page: A4, columns: 3, rows: 7 },
    ...{ width: 63.5, height: 38.1, left: 7.25, top: 15.15, stepX: 66, stepY: 38.1 },
  },
  {
    ...{ name: 'L7651', words: 'Avery L7651: A4, 65 labels of 38.1 × 21.2 mm', page: A4, columns: 5, rows: 13 },
    ...{ width: 38.1, height: 21.2, left: 4.75, top: 10.7, stepX: 40.6, stepY: 21.2 },
  },
  {
    ...{ name: '3475', words: 'Avery Zweckform 3475: A4, 24 labels of 70 × 36 mm', page: A4, columns: 3, rows: 8 },
    ...{ width: 70, height: 36, left: 0, top: 4.5, stepX: 70, stepY: 36 },
  },
  {
    ...{ name: '5160', words: 'Avery 5160: US Letter, 30 labels of 1 × 2⅝ inches', page: LETTER, columns: 3, rows: 10 },
    ...{ width: inches(2.625), height: inches(1), left: inches(0.1875), top: inches(0.5) },
    ...{ stepX: inches(2.75), stepY: inches(1) },
  },
  // The tail is wound around the shank: nothing is printed on it.
  own('rat-tail', 'Jewellery tag with a tail, on a roll: 66 × 13 mm, printed on 34 × 13 mm', 66, 13, {
    width: 34,
    height: 13,
  }),
  own('barbell', 'Jewellery tag folded over, on a roll: 60 × 15 mm, printed on 30 × 15 mm', 60, 15, {
    width: 30,
    height: 15,
  }),
  own('roll-25x25', 'Roll, 25 × 25 mm', 25, 25),
  own('roll-50x25', 'Roll, 50 × 25 mm', 50, 25),
];

export const LABEL_FORMAT_NAMES = LABEL_FORMATS.map(({ name }) => name) as [string, ...string[]];

export function labelFormat(name: string): LabelFormat | undefined {
  return LABEL_FORMATS.find((format) => format.name === name);
}

/** A QR code's modules, row by row, without the light ones around it. */
export interface Matrix {
  /** Modules on each side. */
  readonly size: number;
  dark(x: number, y: number): boolean;
}

export interface Label {
  readonly code: Matrix;
  /** What a person reads and types if it can't be scanned, line by line. */
  readonly lines: readonly string[];
  readonly title?: string;
}

export interface LabelSheet {
  readonly format: LabelFormat;
  /** What the file is called in a viewer. */
  readonly title: string;
  /** The label of the first sheet to begin with, from 1: those before it are used up. */
  readonly start: number;
  /** The code with its quiet zone, if it is to be smaller than it could be. */
  readonly mostMm?: number;
  readonly labels: AsyncIterable<Label> | Iterable<Label>;
}

/** ISO/IEC 18004 asks for four light modules all around. */
export const QUIET_MODULES = 4;
/** Below a third of a millimetre, cameras of older phones and office printers at 300 dpi begin to miss modules. */
export const SMALLEST_MODULE_MM = 0.33;
/** Between what is printed and the label's edge, which no printer meets exactly. */
const MARGIN_MM = 1;
/** A label so much wider than high has its text beside the code, others beneath it. */
const WIDE = 1.3;
/** Text beneath the code takes so much of the height. */
const BENEATH = 0.3;

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface LabelLayout {
  /** The code with its quiet zone: a square. From the label's corner. */
  readonly code: Place;
  readonly text: Place;
  /** Width of one module. */
  readonly moduleMm: number;
}

/** Where things go on a label, for a code of so many modules. */
export function layoutOf(
  { width, height, printed = { width, height } }: LabelFormat,
  modules: number,
  mostMm?: number,
): LabelLayout {
  const inner = { width: printed.width - 2 * MARGIN_MM, height: printed.height - 2 * MARGIN_MM };
  const beside = printed.width > WIDE * printed.height;
  // Its own quiet zone is light anyway: the margin may be a part of it, down to the edge of the label itself.
  const room = beside
    ? Math.min(inner.height, inner.width * 0.62)
    : Math.min(inner.width, inner.height * (1 - BENEATH));
  const side = Math.min(room, mostMm ?? room);
  const moduleMm = side / (modules + 2 * QUIET_MODULES);
  const code = {
    x: beside ? MARGIN_MM : MARGIN_MM + (inner.width - side) / 2,
    y: beside ? MARGIN_MM + (inner.height - side) / 2 : MARGIN_MM,
    width: side,
    height: side,
  };
  const text = beside
    ? { x: MARGIN_MM + side, y: MARGIN_MM, width: inner.width - side, height: inner.height }
    : { x: MARGIN_MM, y: MARGIN_MM + side, width: inner.width, height: inner.height - side };
  return { code, text, moduleMm };
}

/** The label's corner on its page, and which page, both from 0. */
export function placeOf(
  { columns, rows, left, top, stepX, stepY }: LabelFormat,
  index: number,
): { page: number; x: number; y: number } {
  const each = columns * rows;
  const on = index % each;
  return {
    page: Math.floor(index / each),
    x: left + (on % columns) * stepX,
    y: top + Math.floor(on / columns) * stepY,
  };
}
