// Owns the bench of the public page: answers a second and how long the slowest hundredth took, for a passport that was
// just asked for and for ones never asked for, beside a bare Express route that returns the same bytes.
import { parseArgs } from 'node:util';
import { OwnLedger } from './ledger.ts';
import { Children } from './page/children.ts';
import type { Outcome } from './page/load.ts';
import { Stock } from './page/stock.ts';
import { beside, figure, type Row } from './report.ts';

export const about = `page: passports a second, as page and as JSON, warm and cold, beside a bare Express route
  --few N        pieces registered at first (10000)
  --many N       pieces registered at last (1000000)
  --only WHAT    warm (the passport that was just asked for) or cold (ones never asked for)`;

const CONNECTIONS = 50;
const WARM_ROUNDS = 7;
const WARM_MS = 2_000;
/** Both sides have compiled what they run before anything counts. */
const WARM_UP_MS = 3_000;
const COLD_ROUNDS = 5;
const COLD_ASKED = 1_000;
const COLD_WARM_UP = 1_500;

interface Pair {
  readonly ours: Outcome;
  readonly rival: Outcome;
}

export async function run(args: readonly string[]): Promise<Row[]> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      few: { type: 'string', default: '10000' },
      many: { type: 'string', default: '1000000' },
      only: { type: 'string' },
    },
  });
  const ledger = await OwnLedger.prepare({
    execArgv: (process.env['BENCH_NODE_OPTIONS'] ?? '').split(' ').filter(Boolean),
  });
  const children = new Children();
  let stock: Stock | undefined;
  try {
    await ledger.start();
    stock = await Stock.of(ledger);
    const bench = new Bench(ledger, children, stock);
    const path = await stock.featured();
    const rows: Row[] = [];
    if (values.only !== 'cold') {
      rows.push(...(await bench.warm('page-warm', path)));
      rows.push(...(await bench.warm('json-warm', `/api/v1/pieces${path}`)));
    }
    if (values.only !== 'warm') rows.push(...(await bench.bothCold(Number(values.few), Number(values.many))));
    return rows;
  } finally {
    children.end();
    await stock?.close();
    await ledger.remove();
  }
}

class Bench {
  readonly #ledger: OwnLedger;
  readonly #children: Children;
  readonly #stock: Stock;

  constructor(ledger: OwnLedger, children: Children, stock: Stock) {
    this.#ledger = ledger;
    this.#children = children;
    this.#stock = stock;
  }

  get #port(): number {
    return Number(new URL(this.#ledger.url).port);
  }

  /** One address, asked over and over. */
  async warm(job: string, path: string): Promise<Row[]> {
    const { body, type } = await this.#fetched(path);
    tell(`${job}: ${body.length} bytes`);
    const rivalPort = await this.#children.rival(type, body);
    const ask = (port: number, asked: string, forMs: number) =>
      this.#children.ask({ port, connections: CONNECTIONS, paths: [asked], forMs, length: body.length });
    await ask(this.#port, path, WARM_UP_MS);
    await ask(rivalPort, '/', WARM_UP_MS);
    const pairs: Pair[] = [];
    for (let round = 0; round < WARM_ROUNDS; round++) {
      const rival = await ask(rivalPort, '/', WARM_MS);
      pairs.push({ rival, ours: await ask(this.#port, path, WARM_MS) });
      tellPair(job, pairs);
    }
    return rowsOf(job, pairs);
  }

  async bothCold(few: number, many: number): Promise<Row[]> {
    const first = await this.#cold(`page-cold-${few}`, few);
    const second = await this.#cold(`page-cold-${many}`, many);
    const rate = ([row]: Row[]) => row?.value ?? 0;
    return [...first, ...second, figure('page-cold-flatness', `${many} : ${few}`, rate(second) / rate(first))];
  }

  /** Every request another piece that nobody asked for before, drawn from all that are registered. */
  async #cold(job: string, pieces: number): Promise<Row[]> {
    await this.#stock.fill(pieces, tell);
    const [sample = ''] = await this.#stock.draw(1);
    const { body, type } = await this.#fetched(sample);
    tell(`${job}: about ${body.length} bytes`);
    const rivalPort = await this.#children.rival(type, body);
    const common = { connections: CONNECTIONS };
    const ours = async (count: number) =>
      this.#children.ask({ ...common, port: this.#port, paths: await this.#stock.draw(count) });
    const rival = (count: number) =>
      this.#children.ask({ ...common, port: rivalPort, paths: Array(count).fill('/'), length: body.length });
    await ours(COLD_WARM_UP);
    await rival(COLD_WARM_UP);
    const pairs: Pair[] = [];
    for (let round = 0; round < COLD_ROUNDS; round++) {
      pairs.push({ rival: await rival(COLD_ASKED), ours: await ours(COLD_ASKED) });
      tellPair(job, pairs);
    }
    return rowsOf(job, pairs);
  }

  async #fetched(path: string): Promise<{ body: Buffer; type: string }> {
    const response = await fetch(this.#ledger.url + path, { headers: { 'accept-encoding': 'identity' } });
    if (response.status !== 200) throw new Error(`GET ${path} was answered ${response.status}`);
    return { body: Buffer.from(await response.arrayBuffer()), type: response.headers.get('content-type') ?? '' };
  }
}

function rowsOf(job: string, pairs: readonly Pair[]): Row[] {
  const middle = (of: (outcome: Outcome) => number) =>
    [pairs.map(({ ours }) => of(ours)), pairs.map(({ rival }) => of(rival))].map(median) as [number, number];
  return [
    beside(job, 'requests/s', ...middle(({ answered, seconds }) => answered / seconds)),
    beside(`${job}-p99`, 'ms', ...middle(({ p99Ms }) => p99Ms)),
  ];
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

/** Beside the table, which alone goes to standard output. */
function tell(line: string): void {
  console.error(line);
}

function tellPair(job: string, pairs: readonly Pair[]): void {
  const last = pairs.at(-1) as Pair;
  const words = ({ answered, seconds, p99Ms }: Outcome) =>
    `${Math.round(answered / seconds)}/s, p99 ${p99Ms.toFixed(1)} ms`;
  tell(`${job}, round ${pairs.length}: ${words(last.ours)}; bare Express ${words(last.rival)}`);
}
