// Owns drawing labels as a PDF: codes as paths of their own, text beneath or beside them, page by page. What stands on a
// label, and how large it is, is the core's and its caller's.
import { setImmediate as turn } from 'node:timers/promises';
import PDFDocument from 'pdfkit';
import {
  type Label,
  type LabelLayout,
  type LabelSheet,
  layoutOf,
  type Matrix,
  type Place,
  placeOf,
  QUIET_MODULES,
} from '../core/label-formats.ts';
import { type SetLine, TypeSetter } from './type-setting.ts';

const POINTS_PER_MM = 72 / 25.4;
const pt = (mm: number) => mm * POINTS_PER_MM;
/** The same labels are the same file: it has no date of its own. */
const UNDATED = new Date(0);
const TEXT = { largest: 9, smallest: 3.5, leading: 1.2 };

/** Chunks of the PDF as its pages are done, so that ten thousand labels are never in memory at once. */
export async function* labelSheet(sheet: LabelSheet): AsyncGenerator<Buffer> {
  const document = new PDFDocument({
    autoFirstPage: false,
    margin: 0,
    size: [pt(sheet.format.page.width), pt(sheet.format.page.height)],
    info: { Title: sheet.title, CreationDate: UNDATED, Producer: 'Touchstone', Creator: 'Touchstone' },
    displayTitle: true,
  });
  const drawn = drawAll(document, sheet).then(
    () => document.end(),
    (error) => document.destroy(error),
  );
  for await (const chunk of document) yield chunk as Buffer;
  await drawn;
}

async function drawAll(document: PDFKit.PDFDocument, { format, start, labels, mostMm }: LabelSheet): Promise<void> {
  const setter = new TypeSetter(document, 'en');
  let at = start - 1;
  let page = -1;
  for await (const label of labels) {
    const place = placeOf(format, at);
    if (place.page > page) {
      document.addPage();
      page = place.page;
      // Others are answered meanwhile, and what is done goes out.
      await turn();
    }
    const layout = layoutOf(format, label.code.size, mostMm);
    drawCode(document, label.code, { ...moved(layout.code, place) });
    drawText(setter, label, layout, place);
    at += 1;
  }
  if (page < 0) document.addPage();
}

const moved = (inner: Place, { x, y }: { x: number; y: number }): Place => ({
  ...inner,
  x: inner.x + x,
  y: inner.y + y,
});

/** A code in a square of millimetres, its quiet zone within it: one path, so that no seam shows between its modules. */
export function drawCode(document: PDFKit.PDFDocument, { size, dark }: Matrix, { x, y, width }: Place): void {
  const module = pt(width) / (size + 2 * QUIET_MODULES);
  const path: string[] = [];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      if (!dark(column, row)) continue;
      let end = column + 1;
      while (end < size && dark(end, row)) end += 1;
      path.push(`${column} ${row} ${end - column} 1 re`);
      column = end;
    }
  }
  document.save();
  document.translate(pt(x) + QUIET_MODULES * module, pt(y) + QUIET_MODULES * module).scale(module);
  document.fillColor('#000000').addContent(path.join('\n')).addContent('f');
  document.restore();
}

/** As large as fits, the title above and smaller by nothing: it may have two lines, and ends where they do. */
function drawText(
  setter: TypeSetter,
  { lines, title }: Label,
  { text, code: square }: LabelLayout,
  place: { x: number; y: number },
): void {
  const box = { ...moved(text, place) };
  const [width, height] = [pt(box.width), pt(box.height)];
  const beside = text.x > square.x;
  for (let size = TEXT.largest; ; size -= 0.5) {
    const least = size <= TEXT.smallest;
    const code = lines.flatMap((line) => setter.lines(line, width, { size, weight: 600 }));
    const named = title === undefined ? [] : shortened(setter, title, width, size);
    const shown = [...named, ...code];
    const fits = shown.length * size * TEXT.leading <= height && (code.length === lines.length || least);
    if (!fits && !least) continue;
    const room = Math.max(code.length, Math.floor(height / (size * TEXT.leading)));
    const kept = [...named.slice(0, Math.max(0, room - code.length)), ...code];
    const top = pt(box.y) + Math.max(0, (height - kept.length * size * TEXT.leading) / 2);
    kept.forEach((line, i) => {
      setter.draw(line, pt(box.x), top + (i + 0.85) * size * TEXT.leading, width, beside ? 'start' : 'center');
    });
    return;
  }
}

/** Two lines of a title at most; of a longer one its first words. */
function shortened(setter: TypeSetter, title: string, width: number, size: number): SetLine[] {
  const words = title.split(' ');
  for (let count = words.length; count > 0; count--) {
    const text = count === words.length ? title : `${words.slice(0, count).join(' ')}…`;
    const lines = setter.lines(text, width, { size });
    if (lines.length <= 2) return lines;
  }
  return [];
}
