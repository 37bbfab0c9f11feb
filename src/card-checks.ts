// Owns checking printed cards from the command line: each against itself, and against the file that is imported or the
// piece on the ledger. A service is asked about public codes only; no secret leaves this process.
import { createReadStream, readFileSync } from 'node:fs';
import { fileRows } from './adapters/rows.ts';
import type { CARD_COLUMNS } from './card-commands.ts';
import { type ClientOptions, clientOf, say } from './client-commands.ts';
import type { Config } from './config.ts';
import { cardKey } from './core/card.ts';
import { readCard } from './core/card-address.ts';
import { codeKey } from './core/card-rows.ts';
import { codePath, type PieceCode } from './core/code.ts';
import { TouchstoneError } from './core/errors.ts';
import type { Hex32 } from './core/hash.ts';
import { codeTyped } from './core/typed-code.ts';

const MOST_TOLD = 20;

export interface CheckOptions extends ClientOptions {
  readonly keys?: string;
  readonly online?: boolean;
}

interface Printed {
  /** Row of the file, or number of the line. */
  readonly row: string;
  readonly texts: readonly string[];
  readonly path?: string;
}

/** The claim key of a piece on the ledger, or why there is none to compare with. */
type KeyOf = (code: PieceCode) => Promise<{ readonly key: string } | { readonly why: string }>;

/** @throws TouchstoneError if a card is wrong; which ones and why is told, at most twenty */
export async function checkCards(config: Config, file: string, options: CheckOptions): Promise<void> {
  const known = options.keys === undefined ? undefined : await keysIn(options.keys);
  const online = options.online ? keysOnline(config, options) : undefined;
  const first = new Map<Hex32, string>();
  let wrong = 0;
  let right = 0;
  for await (const printed of cardsIn(file)) {
    const why = await faultOf(printed, first, known, online);
    if (why === undefined) right += 1;
    else if (++wrong <= MOST_TOLD) say(`card ${printed.row}: ${why}`);
  }
  if (wrong > 0) throw new TouchstoneError('invalid-file', `${wrong} of ${wrong + right} cards are wrong.`);
  if (right === 0) throw new TouchstoneError('invalid-file', `${file} holds no card.`);
  const against = [options.keys && `agree with ${options.keys}`, options.online && 'open their pieces on the ledger'];
  const said = against.filter(Boolean).join(' and ') || 'can be read; --keys or --online tells what they open';
  process.stdout.write(`${right} card${right === 1 ? '' : 's'}: all ${said}\n`);
}

async function faultOf(
  { row, texts, path }: Printed,
  first: Map<Hex32, string>,
  known: Keys | undefined,
  online: KeyOf | undefined,
): Promise<string | undefined> {
  const read = texts.map(readCard);
  const bad = read.find((one) => !one.ok);
  if (bad && !bad.ok) return bad.reason;
  const cards = read.flatMap((one) => (one.ok ? [one] : []));
  const [card] = cards;
  if (!card) return 'is empty';
  if (cards.some(({ secret }) => secret !== card.secret))
    return 'its address holds another secret than the one printed';
  const code = cards.find((one) => one.code)?.code;
  if (code && path !== undefined && codePath(code) !== path)
    return `its address leads to ${codePath(code)}, not to ${path}`;
  const key = cardKey(card.secret).address;
  const before = first.get(key);
  if (before !== undefined) return `has the secret of card ${before}`;
  first.set(key, row);
  return (known && notInFile(known, code, key)) ?? (online && (await notOnLedger(online, code, key)));
}

interface Keys {
  readonly byCode: ReadonlyMap<string, string>;
  readonly all: ReadonlySet<string>;
}

function notInFile({ byCode, all }: Keys, code: PieceCode | undefined, key: Hex32): string | undefined {
  // A secret alone, typed from paper, says no code: then it has to open one of them.
  if (!code) return all.has(key) ? undefined : 'opens no piece of that file';
  const expected = byCode.get(codeKey(code));
  if (expected === undefined) return `${codePath(code)} is not in that file, or has no card there`;
  return expected === key ? undefined : `does not open ${codePath(code)}: the file has another claim key`;
}

async function notOnLedger(online: KeyOf, code: PieceCode | undefined, key: Hex32): Promise<string | undefined> {
  if (!code) return 'says no piece: to ask the ledger, its whole address is needed';
  const expected = await online(code);
  if ('why' in expected) return expected.why;
  return expected.key === key
    ? undefined
    : `does not open ${codePath(code)}: it is on the ledger with another claim key, or none`;
}

function keysOnline(config: Config, options: CheckOptions): KeyOf {
  const client = clientOf(config, options);
  return async (code) => {
    try {
      const { batch } = JSON.parse(await client.text(`/api/v1/pieces${codePath(code)}/evidence`));
      return { key: batch.claimKey as string };
    } catch (error) {
      // Its own refusals are about this piece; whatever else goes wrong is about all of them.
      if (error instanceof TouchstoneError && error.code === 'invalid-request') return { why: error.message };
      throw error;
    }
  };
}

async function keysIn(file: string): Promise<Keys> {
  const byCode = new Map<string, string>();
  const json = /\.(nd)?jsonl?$/i.test(file);
  let header: string[] = [];
  for await (const { row, cells } of fileRows.read(json ? 'ndjson' : 'csv', createReadStream(file))) {
    if (!json && row === 0) {
      header = cells.map((cell) => cell.trim().toLowerCase());
      if (header.includes('claim_key')) continue;
      throw new TouchstoneError('invalid-file', `${file} has no column claim_key.`);
    }
    const cell = (name: string) => (cells[header.indexOf(name)] ?? '').trim();
    const line = json ? JSON.parse(cells[0] ?? '{}') : undefined;
    const key = String(json ? (line.claimKey ?? '') : cell('claim_key')).toLowerCase();
    if (key === '') continue;
    const code = json ? line.record?.code : cell('gtin') === '' ? { code: cell('code') } : undefined;
    byCode.set(codeKey(code ?? { gtin: cell('gtin').padStart(14, '0'), serial: cell('serial') }), key);
  }
  return { byCode, all: new Set(byCode.values()) };
}

/** Rows of the private file; or what a scanner or a person typed, a card a line. */
async function* cardsIn(file: string): AsyncGenerator<Printed> {
  const text = readFileSync(file === '-' ? 0 : file, 'utf8').replace(/^\uFEFF/, '');
  const [header = ''] = text.split('\n', 1);
  if (!header.includes('secret')) {
    const lines = text.split('\n').map((line, i) => ({ row: `${i + 1}`, texts: [line.trim()] }));
    yield* lines.filter(({ texts: [line] }) => line !== '');
    return;
  }
  let names: readonly string[] = [];
  for await (const { row, cells } of fileRows.read('csv', [Buffer.from(text)] as never)) {
    if (row === 0) names = cells;
    else {
      const cell = (name: (typeof CARD_COLUMNS)[number]) => cells[names.indexOf(name)] ?? '';
      const path = pathIn(cell('path'));
      yield {
        row: cell('row') || `${row}`,
        texts: [cell('secret'), cell('url')].filter(Boolean),
        ...(path && { path }),
      };
    }
  }
}

function pathIn(text: string): string | undefined {
  const read = codeTyped(text);
  return read.kind === 'code' ? codePath(read.code) : text || undefined;
}
