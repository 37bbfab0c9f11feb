// Owns the page for trade: gathering codes from paste, file, camera and scanners, having them checked, and showing what came
// of it. What a code means the service says; the table is trade-table.ts's, shipments are trade-lots.ts's.
import { cameraPanel } from './camera-panel.ts';
import { readTable } from './csv.ts';
import { byId, dataOf, element, onClick, setText, show } from './dom.ts';
import { ownedPieces } from './memory.ts';
import { onTypedScan } from './scanner.ts';
import { shipmentsPart } from './trade-lots.ts';
import { checkAll } from './trade-service.ts';
import { exportRows, isShown, type Row, renderRows, type Shown, worstFirst } from './trade-table.ts';
import { word } from './words.ts';

const { most, atOnce } = dataOf<{ most: number; atOnce: number }>('trade-data');
const field = byId<HTMLTextAreaElement>('codes');
const chosen = new Set<string>();
let rows: Row[] = [];
let table: string[][] = [];
/** A later check overtakes one that is still under way. */
let wish = 0;

byId('codes-form').addEventListener('submit', (event) => {
  event.preventDefault();
  void check();
});
byId<HTMLInputElement>('table-file').addEventListener(
  'change',
  ({ target }) => void readFile(target as HTMLInputElement),
);
byId<HTMLSelectElement>('column').addEventListener('change', takeColumn);
onClick('clear', () => {
  field.value = '';
  field.focus();
  tellCount();
});
field.addEventListener('input', tellCount);
cameraPanel(add);
onTypedScan(add);
for (const box of document.querySelectorAll<HTMLInputElement>('input[name=shown]'))
  box.addEventListener('change', render);
onClick('export-csv', () => exportRows(visible(), 'csv'));
onClick('export-json', () => exportRows(visible(), 'json'));
shipmentsPart({
  chosen,
  check(paths) {
    field.value = paths.join('\n');
    void check();
  },
  again: () => void (rows.length > 0 && check()),
});
show('trade');

/** What follows # in an address is a claim card's secret, if anything: it is dropped before anybody sees it. */
const withoutSecret = (code: string) => code.split('#')[0]?.trim() ?? '';

function codes(): string[] {
  return [...new Set(field.value.split('\n').map(withoutSecret).filter(Boolean))];
}

function add(code: string): void {
  const plain = withoutSecret(code);
  if (plain === '' || codes().includes(plain)) return;
  field.value = `${field.value.trimEnd()}\n${plain}\n`.trimStart();
  tellCount();
}

function tellCount(): void {
  const count = codes().length;
  setText('codes-told', count > most ? word('trade.too-many', { count, most }) : word('trade.counted', { count }));
}

async function readFile(input: HTMLInputElement): Promise<void> {
  const file = input.files?.[0];
  if (!file) return;
  table = readTable(await file.text());
  const columns = Math.max(0, ...table.map((row) => row.length));
  const best = columnOfCodes(columns);
  const options = Array.from({ length: columns }, (_, i) =>
    element('option', { value: `${i}` }, table[0]?.[i] || `${i + 1}`),
  );
  byId('column').replaceChildren(...options);
  show('column-field', columns > 1);
  if (best === undefined) {
    setText('codes-told', word('trade.no-column'));
    return;
  }
  byId<HTMLSelectElement>('column').value = `${best}`;
  takeColumn();
}

const LOOKS_LIKE_A_CODE = /\/(?:p|01)\/|^\(?01\)?\d{14}|^[a-z0-9-]{3,31}[ /][0-9A-HJKMNP-TV-Z]{17}$/i;

/** The column with most of what looks like a code; undefined for an empty table. */
function columnOfCodes(columns: number): number | undefined {
  const counts = Array.from(
    { length: columns },
    (_, i) => table.filter((row) => LOOKS_LIKE_A_CODE.test(row[i] ?? '')).length,
  );
  const highest = Math.max(...counts, 0);
  return columns === 0 ? undefined : counts.indexOf(highest);
}

function takeColumn(): void {
  const column = Number(byId<HTMLSelectElement>('column').value);
  const cells = table.map((row) => row[column] ?? '');
  // A heading is no code; in a column of codes it would only be told as one that is none.
  const body = LOOKS_LIKE_A_CODE.test(cells[0] ?? '') || cells.length === 1 ? cells : cells.slice(1);
  field.value = body.join('\n');
  tellCount();
}

async function check(): Promise<void> {
  const mine = ++wish;
  const all = codes().slice(0, most);
  if (all.length === 0) {
    setText('codes-told', word('trade.none'));
    field.focus();
    return;
  }
  const paths = new Set(ownedPieces().map(({ path }) => path));
  const found: Row[] = [];
  const button = byId('check-codes');
  button.setAttribute('aria-disabled', 'true');
  try {
    await checkAll(all, atOnce, (items) => {
      if (mine !== wish) return;
      for (const item of items) {
        found.push({ ...item, mine: item.found === 'piece' && (item.yours || paths.has(item.piece.path)) });
      }
      setText('codes-told', word('trade.checking', { done: found.length, count: all.length }));
    });
    if (mine === wish) setText('codes-told', word('trade.counted', { count: all.length }));
  } catch {
    if (mine === wish) setText('codes-told', word('trade.stopped', { done: found.length, count: all.length }));
  } finally {
    if (mine === wish) button.removeAttribute('aria-disabled');
  }
  if (mine !== wish) return;
  rows = worstFirst(found);
  keepChosen();
  showResults();
}

function keepChosen(): void {
  const there = new Set(rows.flatMap((row) => (row.found === 'piece' ? [row.piece.path] : [])));
  for (const path of chosen) if (!there.has(path)) chosen.delete(path);
}

function showResults(): void {
  const warnings = rows.filter((row) => isShown(row, 'warning')).length;
  const unknown = rows.filter((row) => isShown(row, 'missing')).length;
  setText('results-told', word('trade.done', { count: rows.length, warnings, unknown }));
  render();
  show('results');
  byId('results-heading').focus({ preventScroll: true });
  byId('results-heading').scrollIntoView({ block: 'start' });
}

function shown(): Shown {
  return (document.querySelector<HTMLInputElement>('input[name=shown]:checked')?.value ?? 'all') as Shown;
}

function visible(): Row[] {
  return rows.filter((row) => isShown(row, shown()));
}

function render(): void {
  renderRows(rows, shown(), chosen);
}
