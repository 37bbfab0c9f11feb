// Owns the bench of gas: what every job costs in one transaction, beside tokens as they are commonly made; and what
// publishing whole files of records costs, beside the least that their bytes can cost.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { realFile } from '../real/data.ts';
import { DIAMOND_MAPPING } from '../real/diamonds.ts';
import { type MuseumObject, museumRecord } from '../real/museum-record.ts';
import { brotli11, zstd19 } from './gas/compression.ts';
import { measureJobs, measureMints } from './gas/jobs.ts';
import { floorOf } from './gas/network.ts';
import { type Payload, type Published, type PublishedFile, publish } from './gas/published.ts';
import { jobRows } from './gas/rows.ts';
import { beside, figure, type Row } from './report.ts';

export const about = `gas: what each job costs on the chain, beside common tokens; published files beside the least their bytes cost
  --no-files     leave out the published files
  --all-batches  compare the compression of every batch, not of every third`;

interface RealFile {
  readonly name: string;
  readonly at: string;
  read(path: string): PublishedFile;
}

const FILES: readonly RealFile[] = [
  { name: 'museum', at: 'museum/jewellery.ndjson', read: museum },
  { name: 'diamonds', at: 'diamonds/diamonds.csv', read: diamonds },
];
/** The strongest encoders take minutes for a whole file. */
const EVERY = 3;

export async function run(args: readonly string[]): Promise<Row[]> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'no-files': { type: 'boolean', default: false },
      'all-batches': { type: 'boolean', default: false },
    },
  });
  console.log('measuring single transactions, and those of common tokens beside them');
  const ours = await measureJobs();
  const mints = await measureMints();
  const rows = jobRows([...ours, ...mints.jobs], mints.most);
  if (values['no-files']) return rows;
  for (const file of FILES) rows.push(...(await fileRows(file, values['all-batches'] ? 1 : EVERY)));
  return rows;
}

async function fileRows({ name, at, read }: RealFile, every: number): Promise<Row[]> {
  const path = realFile(at);
  if (path === undefined) {
    console.log(`${at} isn't here, looked for under REAL_DATA (or ../shared/data): its rows are left out.`);
    if (process.env['CI'] === 'true') {
      console.log('Where every change is checked it must be here.');
      process.exitCode = 1;
    }
    return [];
  }
  console.log(`publishing the records of ${path}`);
  const published = await publish(read(path));
  return [...publishedRows(name, published), ...(await compressionRows(name, published.payloads, every))];
}

export function publishedRows(name: string, { records, batches, transactions, payloads }: Published): Row[] {
  const job = `register-published-${name}`;
  const sum = (of: (one: Published['transactions'][number]) => number) =>
    transactions.reduce((total, one) => total + of(one), 0);
  const gas = sum((one) => one.gas);
  const payloadFloor = payloads.reduce((total, { bytes }) => total + floorOf(bytes), 0);
  return [
    beside(
      job,
      'gas',
      gas,
      sum((one) => one.floor),
    ),
    beside(`${job}-over-payload`, 'gas', gas, payloadFloor),
    figure(`${job}-each`, 'gas a piece', gas / records),
    figure(`${job}-pieces`, 'pieces', records),
    figure(`${job}-batches`, 'batches', batches),
    figure(`${job}-transactions`, 'transactions', transactions.length),
    figure(
      `${job}-slots`,
      'new slots',
      sum((one) => one.newSlots),
    ),
  ];
}

async function compressionRows(name: string, payloads: readonly Payload[], every: number): Promise<Row[]> {
  console.log(
    `compressing the same text with the strongest encoders, ${every === 1 ? 'all of it' : 'every third batch'}`,
  );
  const job = `bytes-per-record-${name}`;
  const unit = 'bytes a record';
  const some = payloads.filter((_, i) => i % every === 0);
  const texts = some.map(({ text }) => text);
  const ours = bytesEach(some);
  const { records } = countedIn(some);
  return [
    figure(job, unit, bytesEach(payloads)),
    figure(`${job}-text`, unit, countedIn(payloads).text / countedIn(payloads).records),
    beside(`${job}-brotli-11`, unit, ours, (await brotli11(texts)) / records),
    beside(`${job}-zstd-19`, unit, ours, (await zstd19(texts)) / records),
  ];
}

function bytesEach(payloads: readonly Payload[]): number {
  const { bytes, records } = countedIn(payloads);
  return bytes / records;
}

function countedIn(payloads: readonly Payload[]): { bytes: number; text: number; records: number } {
  const total = { bytes: 0, text: 0, records: 0 };
  for (const { bytes, text, records } of payloads) {
    total.bytes += bytes.length;
    total.text += text.length;
    total.records += records;
  }
  return total;
}

function museum(path: string): PublishedFile {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const statements = lines.map((line) => JSON.stringify(museumRecord(JSON.parse(line) as MuseumObject).statement));
  return { format: 'ndjson', bytes: Buffer.from(`${statements.join('\n')}\n`) };
}

function diamonds(path: string): PublishedFile {
  return { format: 'csv', bytes: readFileSync(path), mapping: DIAMOND_MAPPING };
}
