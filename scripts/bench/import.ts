// Owns the bench of an import: from the upload of a CSV file until every piece of it is on the chain and its passport
// says so, beside one mint per piece on the same kind of node; and how much memory the service needs for it.
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openRpc } from '../../src/adapters/rpc.ts';
import { DIAMOND_MAPPING } from '../real/diamonds.ts';
import { Client, type ImportState } from './client.ts';
import { type DiamondFile, diamondFile, generatedDiamonds } from './diamonds.ts';
import { OwnLedger } from './ledger.ts';
import { peakMiB } from './memory.ts';
import { beside, figure, type Row } from './report.ts';
import { measureRival } from './rival.ts';

export const about = `import: pieces a second from upload to anchored and readable, beside one mint a piece; memory
  --rows N       so many generated rows instead of the diamonds
  --mints N      mints of the rival (3000)
  --no-memory    leave out the memory of 10,000 and 500,000 rows
  --only-memory  nothing but that`;

const UPLOAD = `/api/v1/imports?format=csv&mode=published&mapping=${encodeURIComponent(JSON.stringify(DIAMOND_MAPPING))}`;
const POLL_MS = 100;
const FEW_ROWS = 10_000;
const MANY_ROWS = 500_000;

export async function run(args: readonly string[]): Promise<Row[]> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: 'string' },
      mints: { type: 'string', default: '3000' },
      'no-memory': { type: 'boolean', default: false },
      'only-memory': { type: 'boolean', default: false },
    },
  });
  const rows: Row[] = [];
  if (!values['only-memory']) {
    const file = values.rows === undefined ? diamondFile() : generatedDiamonds(Number(values.rows));
    rows.push(...(await speed(file, Number(values.mints))));
  }
  if (!values['no-memory']) rows.push(...(await memory()));
  return rows;
}

async function speed(file: DiamondFile, mints: number): Promise<Row[]> {
  console.log(`importing ${file.rows} rows of ${file.temporary ? 'a generated file' : file.path}`);
  const ours = await withFile(file, importOnce);
  console.log(`minting ${mints} tokens one by one, for comparison`);
  const rival = await measureRival(mints, Math.ceil(mints / 3));
  const perSecond = (ms: number) => (file.rows * 1000) / ms;
  return [
    beside('import', 'pieces/s', perSecond(ours.readableMs), rival.batched),
    beside('import-single-mints', 'pieces/s', perSecond(ours.readableMs), rival.single),
    figure('import-upload', 's', ours.uploadMs / 1000),
    figure('import-accepted', 'pieces/s', perSecond(ours.acceptedMs)),
    figure('import-readable', 's', ours.readableMs / 1000),
    beside('import-gas', 'gas/piece', ours.gas / file.rows, rival.gas),
    beside('import-chain-bytes', 'bytes/piece', ours.bytes / file.rows, rival.bytes),
    figure('import-transactions', 'transactions', ours.transactions),
    ...(ours.peakMiB === undefined ? [] : [figure('import-peak', 'MiB', ours.peakMiB)]),
  ];
}

async function memory(): Promise<Row[]> {
  const peak = async (rows: number) => {
    console.log(`importing ${rows} generated rows, for the memory of it`);
    return (await withFile(generatedDiamonds(rows), importOnce)).peakMiB;
  };
  const few = await peak(FEW_ROWS);
  const many = few === undefined ? undefined : await peak(MANY_ROWS);
  if (few !== undefined && many !== undefined) return [beside('import-memory', 'MiB', many, few)];
  console.log('this system does not tell how much memory a process has held at most');
  return [];
}

async function withFile<T>(file: DiamondFile, work: (file: DiamondFile) => Promise<T>): Promise<T> {
  try {
    return await work(file);
  } finally {
    if (file.temporary) rmSync(dirname(file.path), { recursive: true });
  }
}

interface Imported {
  readonly uploadMs: number;
  /** Every row stored durably. */
  readonly acceptedMs: number;
  /** Every piece on the chain, and the last one's passport says so. */
  readonly readableMs: number;
  readonly peakMiB: number | undefined;
  readonly gas: number;
  readonly bytes: number;
  readonly transactions: number;
}

async function importOnce(file: DiamondFile): Promise<Imported> {
  const ledger = await OwnLedger.prepare({
    execArgv: (process.env['BENCH_NODE_OPTIONS'] ?? '').split(' ').filter(Boolean),
  });
  try {
    await ledger.start();
    const { apiKey } = await ledger.organisation('bench-imports');
    const client = new Client(() => ledger.url, apiKey);
    const before = await onChain(ledger);
    const times = await timed(client, file);
    const peak = peakMiB(ledger.pid('service') as number);
    const after = await onChain(ledger);
    return {
      ...times,
      peakMiB: peak,
      gas: after.gas - before.gas,
      bytes: after.bytes - before.bytes,
      transactions: after.transactions - before.transactions,
    };
  } finally {
    await ledger.remove();
  }
}

async function timed(client: Client, file: DiamondFile) {
  const since = performance.now();
  const sent = await client.sendFile<ImportState>(UPLOAD, 'import', file.path);
  if (sent.status !== 202) throw new Error(`the upload was answered ${sent.status}: ${JSON.stringify(sent.body)}`);
  const uploadMs = performance.now() - since;
  const path = `/api/v1/imports/${sent.body.id}`;
  let acceptedMs: number | undefined;
  for (let state = sent.body; ; state = await client.must<ImportState>(path)) {
    if (state.state === 'failed') throw new Error(`the import failed: ${state.failure}`);
    if (state.state === 'done') {
      acceptedMs ??= performance.now() - since;
      if (state.accepted !== file.rows) throw new Error(`${state.accepted} of ${file.rows} rows were accepted`);
      if (state.anchored === file.rows) break;
    }
    await wait(POLL_MS);
  }
  await untilReadable(client, path, file.rows);
  return { uploadMs, acceptedMs: acceptedMs as number, readableMs: performance.now() - since };
}

/** The passport of the last row's piece, as anybody reads it, says that it is on the chain. */
async function untilReadable(client: Client, path: string, rows: number): Promise<void> {
  const page = await client.must<{ items: { path: string }[] }>(`${path}/pieces?after=${rows - 1}&limit=1`);
  for (;;) {
    const passport = await client.must<{ state: string }>(`/api/v1/pieces${page.items[0]?.path}`);
    if (passport.state === 'anchored' || passport.state === 'final') return;
    await wait(POLL_MS);
  }
}

interface RawBlock {
  readonly gasUsed: string;
  readonly transactions: { readonly input: string }[];
}

/** What the chain holds so far: gas used, bytes of calldata, transactions. */
async function onChain(ledger: OwnLedger): Promise<{ gas: number; bytes: number; transactions: number }> {
  const rpc = openRpc(() => ledger.rpcUrl());
  const head = Number(await rpc.call<string>('eth_blockNumber'));
  const sum = { gas: 0, bytes: 0, transactions: 0 };
  for (let number = 1; number <= head; number++) {
    const block = await rpc.call<RawBlock>('eth_getBlockByNumber', `0x${number.toString(16)}`, true);
    sum.gas += Number(block.gasUsed);
    sum.transactions += block.transactions.length;
    for (const { input } of block.transactions) sum.bytes += (input.length - 2) / 2;
  }
  return sum;
}
