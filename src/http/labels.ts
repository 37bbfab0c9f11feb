// Owns turning a wish for labels into sheets: what stands on each, how small its modules become, and sending the file as
// it is made.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { codeOfPath } from '../core/code.ts';
import { TouchstoneError } from '../core/errors.ts';
import { type Label, type LabelFormat, labelFormat, layoutOf, SMALLEST_MODULE_MM } from '../core/label-formats.ts';
import { type LabelsOf, labelsWanted, type Wanted } from '../ledger/labels.ts';
import { type Level, matrixOf } from './qr.ts';
import type { Context } from './route.ts';

export interface LabelWish {
  readonly format: string;
  readonly of: LabelsOf;
  readonly level: Level;
  readonly start: number;
  readonly title: boolean;
  readonly mostMm?: number | undefined;
}

/** Two dots of a printer at 300 dpi: below that a module is a blot. */
const UNREADABLE_MODULE_MM = 0.18;

export interface Planned {
  readonly wanted: Wanted;
  readonly format: LabelFormat;
  /** Of the code with the most modules. */
  readonly moduleMm: number;
  /** What to know before it is printed; undefined if nothing. */
  readonly note: string | undefined;
}

/** @throws TouchstoneError before anything is drawn */
export async function planLabels(context: Context, organisation: string, wish: LabelWish): Promise<Planned> {
  const format = labelFormat(wish.format);
  const fault = (field: string, reason: string) =>
    new TouchstoneError('invalid-request', 'No label was made.', { faults: [{ field, reason }] });
  if (!format) throw fault('format', 'is no format known here');
  if (wish.start > format.columns * format.rows) {
    throw fault('start', `must be one of the sheet’s ${format.columns * format.rows} labels`);
  }
  const wanted = await labelsWanted(context.ledger.db, organisation, wish.of);
  const { size } = matrixOf(context.publicUrl + wanted.longest, wish.level);
  const { moduleMm } = layoutOf(format, size, wish.mostMm);
  if (moduleMm < UNREADABLE_MODULE_MM) {
    throw fault(
      'format',
      `leaves ${mm(moduleMm)} for each module of the code, which no camera reads: take a larger label, or level L`,
    );
  }
  const note =
    moduleMm < SMALLEST_MODULE_MM
      ? `Each module is ${mm(moduleMm)} wide, less than ${mm(SMALLEST_MODULE_MM)}: try one on your printer, with an older phone, before you print them all.`
      : undefined;
  return { wanted, format, moduleMm, note };
}

export async function sendLabels(
  { publicUrl, press }: Context,
  response: Response,
  { wanted, format, moduleMm, note }: Planned,
  wish: LabelWish,
): Promise<void> {
  const labels = labelsOf(publicUrl, wanted, wish);
  const title = `${wanted.count} labels, ${format.name}`;
  const { start, mostMm } = wish;
  response.status(200).set({
    'content-type': 'application/pdf',
    'content-disposition': `attachment; filename="labels-${format.name}.pdf"`,
    'cache-control': 'no-store',
    'label-count': String(wanted.count),
    'label-module-mm': moduleMm.toFixed(3),
    ...(note !== undefined && { 'label-note': note.replace(/[^\x20-\x7e]/g, "'") }),
  });
  const sheet = press.labels({ format, title, start, labels, ...(mostMm !== undefined && { mostMm }) });
  try {
    await pipeline(Readable.from(sheet), response);
  } catch (error) {
    // Whoever asked has gone; nobody is left to be told.
    if (!response.destroyed) throw error;
  }
}

/** @param publicUrl what codes lead to */
export async function* labelsOf(
  publicUrl: string,
  wanted: Pick<Wanted, 'pieces'>,
  { level, title }: Pick<LabelWish, 'level' | 'title'>,
): AsyncGenerator<Label> {
  for await (const piece of wanted.pieces()) {
    const code = matrixOf(publicUrl + piece.path, level);
    yield { code, lines: codeLines(piece.path), ...(title && { title: piece.title }) };
  }
}

/** As GS1 writes a code for people, and as one's own is read out; both are found when typed. */
export function codeLines(path: string): string[] {
  const code = codeOfPath(path);
  if (!code) return [path];
  return 'gtin' in code
    ? [`(01)${code.gtin}`, `(21)${code.serial}`]
    : [code.handle, (code.code.match(/.{1,6}/g) as string[]).join('-')];
}

function mm(value: number): string {
  return `${value.toFixed(2)} mm`;
}
