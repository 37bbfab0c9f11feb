// Owns the bench of a scan and what follows it: the passport's page over the wire and on a slow phone, the check in the
// browser, claims end to end, a sheet of labels, and what Lighthouse makes of it. On a ledger of its own.
import { parseArgs } from 'node:util';
import { labelSheet } from '../../src/adapters/label-sheet.ts';
import { type LabelFormat, labelFormat } from '../../src/core/label-formats.ts';
import { matrixOf } from '../../src/http/qr.ts';
import { launchBrowser } from '../../test/support/browser.ts';
import { type Api, type OwnService, startService } from '../real/service.ts';
import { figure, type Row } from './report.ts';
import { type Carded, cardedPieces, claimed, released } from './scan/claims.ts';
import { type Judgement, judged } from './scan/lighthouse.ts';
import { headlineAfter, verifiedIn, wireOf } from './scan/phone.ts';

export const about = `scan: the passport's page on a phone, the check in a browser, claims a second, labels
  --claims N     so many pieces claimed (200)
  --labels N     so many labels drawn (1000)`;

const VISITS = 7;
const CHECKS = 9;
const JUDGED = 3;
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
const LABELS = 'L7651';

export async function run(args: readonly string[]): Promise<Row[]> {
  const { values } = parseArgs({
    args: [...args],
    options: { claims: { type: 'string', default: '200' }, labels: { type: 'string', default: '1000' } },
  });
  const service = await startService();
  try {
    const maker = await service.createOrganisation('bench', 'Bench');
    const pieces = await cardedPieces(maker, Number(values.claims));
    const [first] = pieces;
    if (!first) throw new Error('no piece was registered');
    return [
      ...(await pages(service, maker, first.path)),
      ...(await claims(maker, pieces)),
      await labels(service.url, Number(values.labels)),
    ];
  } finally {
    await service.stop();
  }
}

async function pages({ url }: OwnService, maker: Api, path: string): Promise<Row[]> {
  const page = url + path;
  const rows: Row[] = [];
  for (const encoding of ['identity', 'gzip', 'br'] as const) {
    rows.push(figure(`page-bytes-${encoding}`, 'bytes', await bodyOf(page, encoding)));
  }
  rows.push(figure('evidence-bytes-identity', 'bytes', (await maker.text(`/api/v1/pieces${path}/evidence`)).length));
  const browser = await launchBrowser();
  try {
    const wire = await wireOf(browser, page);
    rows.push(figure('page-requests', 'requests', wire.requests), figure('page-on-the-wire', 'bytes', wire.bytes));
    const check = await wireOf(browser, `${url}/check${path}`);
    rows.push(figure('check-requests', 'requests', check.requests), figure('check-on-the-wire', 'bytes', check.bytes));
    const headlines: number[] = [];
    for (let i = 0; i < VISITS; i++) headlines.push(await headlineAfter(browser, page));
    rows.push(figure('headline-on-slow-phone', 'ms', median(headlines)));
    const fast = await verifiedIn(browser, `${url}/check${path}`, CHECKS, false);
    const slow = await verifiedIn(browser, `${url}/check${path}`, CHECKS, true);
    rows.push(figure('verified-first', 'ms', fast[0] as number), figure('verified-again', 'ms', median(fast.slice(1))));
    rows.push(figure('verified-first-slow-phone', 'ms', slow[0] as number));
    rows.push(figure('verified-again-slow-phone', 'ms', median(slow.slice(1))));
  } finally {
    await browser.close();
  }
  return [...rows, ...(await scores([`passport ${page}`, `claim ${url}/claim${path}`]))];
}

async function scores(named: readonly string[]): Promise<Row[]> {
  const urls = named.map((one) => one.split(' ')[1] as string);
  const runs: Judgement[][] = [];
  for (let run = 0; run < JUDGED; run++) runs.push(await judged(urls, CATEGORIES));
  // Of each page the run in the middle by its speed: the rest is the same in all of them.
  const all = urls.map((_, page) => {
    const own = runs.map((run) => run[page] as Judgement);
    return own.sort((a, b) => (a.scores.performance ?? 0) - (b.scores.performance ?? 0))[own.length >> 1] as Judgement;
  });
  return all.flatMap(({ scores: given, figures, lost }, i) => {
    const name = named[i]?.split(' ')[0];
    if (lost.length > 0) console.error(`${name} loses by ${lost.join(', ')}`);
    return [
      ...CATEGORIES.map((category) => figure(`lighthouse-${name}-${category}`, 'of 100', given[category] ?? 0)),
      ...Object.entries(figures).map(([id, value]) =>
        figure(`lighthouse-${name}-${id}`, id === 'cumulative-layout-shift' ? '' : 'ms', value),
      ),
    ];
  });
}

async function bodyOf(url: string, encoding: string): Promise<number> {
  // fetch would unpack it; the length the service tells is what it sends.
  const response = await fetch(url, { headers: { 'accept-encoding': encoding } });
  const body = await response.arrayBuffer();
  return Number(response.headers.get('content-length') ?? body.byteLength);
}

async function claims(maker: Api, pieces: readonly Carded[]): Promise<Row[]> {
  await released(maker, pieces);
  const seconds = await claimed(maker, pieces);
  return [figure('claims', 'claims/s', pieces.length / seconds)];
}

async function labels(url: string, count: number): Promise<Row> {
  const since = performance.now();
  let bytes = 0;
  for await (const chunk of labelSheet({ format: formatOf(), title: 'Bench', start: 1, labels: drawn(url, count) })) {
    bytes += chunk.length;
  }
  console.error(`${count} labels are ${bytes} bytes`);
  return figure('labels', `s for ${count}`, (performance.now() - since) / 1000);
}

function formatOf(): LabelFormat {
  const format = labelFormat(LABELS);
  if (!format) throw new Error(`there is no format ${LABELS}`);
  return format;
}

function* drawn(url: string, count: number) {
  for (let i = 0; i < count; i++) {
    const code = String(i).padStart(17, '0');
    yield { code: matrixOf(`${url}/p/bench/${code}`, 'M'), lines: ['bench', code], title: `Ring ${i}` };
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
