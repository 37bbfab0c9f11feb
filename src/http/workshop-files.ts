// Owns a file between its upload and its registration: of which kind it is, what its columns are taken for, and what would
// come of its first rows. A shop's export becomes our columns here; JSON becomes lines.
import { isUtf8 } from 'node:buffer';
import { guessColumns } from '../core/column-guess.ts';
import { type ColumnMapping, compileColumns } from '../core/columns.ts';
import { type Fault, TouchstoneError } from '../core/errors.ts';
import type { Material } from '../core/record.ts';
import { shopTable } from '../core/shop-columns.ts';
import { prepare, type Registrant, type WishedCode } from '../ledger/accept.ts';
import { type ConsoleFile, firstRows, keepFile, MAX_CONSOLE_FILE } from '../ledger/console-files.ts';
import { registrantOf } from '../ledger/imports.ts';
import { judge } from '../ledger/mend.ts';
import type { FileFormat, FileRow, Ledger } from '../ports.ts';
import { mappingMain, type PreviewRow } from '../web/workshop-imports.ts';
import { mustHoldNoSecret } from './json-body.ts';
import { bytesOfPart, uploadOf } from './multipart.ts';
import type { Fields } from './workshop-form.ts';
import type { Shown, Visit } from './workshop-route.ts';

const LOOKED_AT = 5;
const MOST_COLUMNS = 300;
/** The form's own fields around the file. */
const FORM_BYTES = 64 * 1024;

interface Taken {
  readonly format: FileFormat;
  readonly data: Buffer;
  readonly rows: number;
  readonly notes: readonly string[];
}

/** Stores what a form brought. @returns its id @throws TouchstoneError invalid-file, invalid-encoding, body-too-large */
export async function takeFile(visit: Visit): Promise<string> {
  const { context, caller } = visit;
  const { files } = await uploadOf(visit, MAX_CONSOLE_FILE + FORM_BYTES);
  for await (const part of files) {
    const bytes = await bytesOfPart(part, MAX_CONSOLE_FILE);
    if (bytes.length === 0) break;
    const taken = await readWhole(context.ledger, bytes);
    // Escapes of JSON may have hidden one until here.
    if (taken.data !== bytes) mustHoldNoSecret(taken.data.toString('latin1'));
    const name = part.filename?.split(/[/\\]/).at(-1) || 'file';
    return keepFile(context.ledger.db, caller.organisation, { ...taken, name });
  }
  throw new TouchstoneError('invalid-request', 'Choose a file that holds something first. Nothing was done.');
}

async function readWhole({ rows }: Ledger, bytes: Buffer): Promise<Taken> {
  if (!isUtf8(bytes)) {
    const message = 'The file is not UTF-8: save it as “CSV UTF-8” and send it again. Nothing was done.';
    throw new TouchstoneError('invalid-encoding', message);
  }
  mustHoldNoSecret(bytes.toString('latin1'));
  const begins = bytes
    .subarray(0, 1024)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (/^[[{]/.test(begins)) {
    const data = linesOf(bytes);
    return { format: 'ndjson', data, rows: (await allRows(rows, 'ndjson', data)).length, notes: [] };
  }
  const [header, ...table] = await allRows(rows, 'csv', bytes);
  if (!header || table.length === 0)
    throw new TouchstoneError('invalid-file', 'The file holds no rows. Nothing was done.');
  if (header.cells.length > MOST_COLUMNS) {
    const message = `The file has ${header.cells.length} columns; the console shows ${MOST_COLUMNS} at most. Use “touchstone import” with a mapping.`;
    throw new TouchstoneError('invalid-file', message);
  }
  const cells = table.map((row) => row.cells);
  const shop = shopTable(header.cells, cells);
  if (!shop) return { format: 'csv', data: bytes, rows: table.length, notes: [] };
  const text = [shop.header, ...shop.rows].map(exactLine).join('');
  const notes = [
    `Read as a product export of ${shop.shop}: a variant is a row of its own, descriptions are words without markup.`,
    ...(shop.left.length > 0 ? [`Nothing is taken from: ${shop.left.join(', ')}.`] : []),
  ];
  return { format: 'csv', data: Buffer.from(text), rows: shop.rows.length, notes };
}

/** Every cell quoted, and nothing else done to it: it is read here again, by no spreadsheet. */
const exactLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\r\n`;

/** A list of records as a line each; lines that are there already stay as they are. */
function linesOf(bytes: Buffer): Buffer {
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return bytes;
  }
  const list = Array.isArray(value) ? value : [value];
  return Buffer.from(list.map((one) => `${JSON.stringify(one)}\n`).join(''));
}

async function allRows(rows: Ledger['rows'], format: FileFormat, data: Buffer): Promise<FileRow[]> {
  const all: FileRow[] = [];
  const whole = (async function* () {
    yield data;
  })();
  for await (const row of rows.read(format, whole)) all.push(row);
  return all;
}

/** What a form says about the columns; undefined before there was one. */
interface Said {
  readonly columns: ReadonlyMap<number, string>;
  readonly constants: readonly (readonly [string, string])[];
  readonly unknownValues: string;
  readonly mode: string;
}

export function mappingIn(fields: Fields, format: FileFormat): Said {
  const names = format === 'csv' ? fields.names().filter((name) => /^as\.\d{1,3}$/.test(name)) : [];
  const columns = new Map(names.map((name) => [Number(name.slice(3)), fields.get(name).toLowerCase()]));
  const constants = [0, 1, 2].map(
    (n) => [fields.get(`constant.${n}.column`), fields.get(`constant.${n}.text`)] as const,
  );
  return { columns, constants, unknownValues: fields.get('unknown'), mode: fields.get('mode') };
}

export interface Looked {
  readonly shown: Shown;
  readonly mapping: ColumnMapping | undefined;
  readonly faulty: boolean;
}

export async function lookAt(visit: Visit, file: ConsoleFile, said: Said | undefined): Promise<Looked> {
  const { context, caller, token } = visit;
  const { ledger } = context;
  const { header, rows } = await firstRows(ledger, file, LOOKED_AT);
  const registrant = await registrantOf(ledger.db, caller.organisation);
  const guessed = guessColumns(header);
  const columns = header.map((source, at) => said?.columns.get(at) ?? (said ? '' : (guessed.get(source) ?? '')));
  const constants = (said?.constants ?? []).filter(([column]) => column !== '');
  const unknownValues = said?.unknownValues ?? '';
  const mapping = file.format === 'csv' ? mappingOf(header, columns, constants, unknownValues) : undefined;
  const compiled = mapping && compileColumns(header, mapping);
  const headerFaults = compiled && !compiled.ok ? compiled.faults : [];
  const preview =
    headerFaults.length > 0 ? [] : rows.map((row) => previewOf(ledger, registrant, { file, header, mapping }, row));
  return {
    mapping,
    faulty: headerFaults.length > 0,
    shown: {
      title: 'Look at the file',
      current: '/workshop/imports',
      ...(said && headerFaults.length > 0 && { status: 422 }),
      main: mappingMain({
        ...file,
        header,
        samples: header.map((_, at) => samplesOf(rows, at)),
        columns,
        constants,
        unknownValues,
        mode: said?.mode ?? '',
        headerFaults,
        preview,
        token,
      }),
    },
  };
}

function mappingOf(
  header: readonly string[],
  columns: readonly string[],
  constants: readonly (readonly [string, string])[],
  unknownValues: string,
): ColumnMapping {
  const sources = header.map(
    (source, at) => [(at === 0 ? source.replace(/^\uFEFF/, '') : source).trim(), columns[at] ?? ''] as const,
  );
  const unknown = unknownValues.split(';').map((one) => one.trim());
  return {
    columns: Object.fromEntries(sources.filter(([source, column]) => source !== '' && column !== '')),
    ignore: sources.flatMap(([source, column]) => (source !== '' && column === '' ? [source] : [])),
    constants: Object.fromEntries(constants),
    unknownValues: unknown.filter((one) => one !== ''),
  };
}

function samplesOf(rows: readonly FileRow[], at: number): string {
  const seen = new Set(rows.map(({ cells }) => (cells[at] ?? '').trim()).filter((cell) => cell !== ''));
  const text = [...seen].slice(0, 3).join(' · ');
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

interface ReadAs {
  readonly file: ConsoleFile;
  readonly header: readonly string[];
  readonly mapping: ColumnMapping | undefined;
}

function previewOf(
  ledger: Ledger,
  registrant: Registrant,
  { file, header, mapping }: ReadAs,
  { row, cells }: FileRow,
): PreviewRow {
  const csv = file.format === 'csv';
  const plan = { id: 0, format: file.format, mode: null, mapping: mapping ?? null, header: csv ? header : null };
  const faults = judge(ledger, registrant, plan, cells);
  const { statement, code } = statementIn(csv ? header : undefined, mapping, cells);
  const prepared =
    faults.length === 0 ? prepare(ledger.randomBytes, registrant, statement, code as WishedCode) : undefined;
  const chosen = prepared?.ok && code !== undefined ? prepared.candidate.path : 'drawn at random';
  return {
    row,
    title: String(statement['title'] ?? ''),
    kind: String(statement['kind'] ?? '').replaceAll('-', ' '),
    materials: listIn(statement['materials']).map(materialWord).join(', '),
    code: chosen,
    faults: faults as Fault[],
  };
}

function statementIn(
  header: readonly string[] | undefined,
  mapping: ColumnMapping | undefined,
  cells: readonly string[],
): { statement: Readonly<Record<string, unknown>>; code: unknown } {
  if (header !== undefined) {
    const compiled = compileColumns(header, mapping);
    const read = compiled.ok ? compiled.statementOf(cells) : undefined;
    return { statement: read?.statement ?? {}, code: read?.code };
  }
  try {
    const value = JSON.parse(cells[0] ?? '');
    const { code, ...statement } = (value?.record ?? value ?? {}) as Record<string, unknown>;
    return { statement, code };
  } catch {
    return { statement: {}, code: undefined };
  }
}

/** Before it was judged, a line of JSON may hold anything there. */
const listIn = (value: unknown) => (Array.isArray(value) ? (value as (Material | null)[]) : []);

function materialWord(material: Material | null): string {
  if (material?.type === 'metal')
    return `${material.metal ?? '?'}${material.fineness === 'unknown' ? '' : ` ${material.fineness}`}`;
  if (material?.type === 'stone') return String(material.species);
  return String(material?.material ?? '');
}
