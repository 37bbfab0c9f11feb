// Owns how the console's first page looks: what wants to be looked at first, then the numbers.
import { number } from './console-words.ts';
import { attr, type Html, html } from './html.ts';

export interface Overview {
  readonly today: number;
  readonly registered: number;
  readonly waiting: number;
  readonly sealed: number;
  readonly anchored: number;
  readonly final: number;
  readonly certificates: number;
  readonly passedOn: number;
  readonly feedback: number;
  readonly attention: Readonly<Record<keyof typeof ATTENTION, number>>;
  readonly suspended: boolean;
}

const some = (n: number, one: string, many: string) => (n === 1 ? one : `${number(n)} ${many}`);

/** What is said of each, and where it is looked at. */
const ATTENTION = {
  suspicions: [
    (n: number) => some(n, 'A suspected counterfeit was reported', 'suspected counterfeits were reported'),
    '/workshop/suspicions',
  ],
  rowsToMend: [
    (n: number) => some(n, 'One row of a file was refused', 'rows of files were refused'),
    '/workshop/imports',
  ],
  failedActs: [
    (n: number) =>
      some(
        n,
        'The chain refused one thing you asked for this week',
        'things you asked for this week were refused by the chain',
      ),
    '/workshop/pieces',
  ],
  refusedBatches: [
    (n: number) => some(n, 'A batch can’t go on the chain', 'batches can’t go on the chain'),
    '/workshop/batches',
  ],
  shipments: [
    (n: number) => some(n, 'A shipment is offered to you', 'shipments are offered to you'),
    '/workshop/shipments',
  ],
  requests: [
    (n: number) => some(n, 'One request waits for your consent', 'requests wait for your consent'),
    '/workshop/requests',
  ],
  importsUnderWay: [(n: number) => some(n, 'A file is being read', 'files are being read'), '/workshop/imports'],
} as const;

export function overviewMain(overview: Overview): Html {
  const { attention, suspended } = overview;
  const calls = Object.entries(ATTENTION).flatMap(([name, [say, to]]) => {
    const n = attention[name as keyof typeof ATTENTION];
    return n > 0 ? [html`<li><a href="${to}">${say(n)}</a></li>`] : [];
  });
  const tiles: readonly (readonly [number, string, string])[] = [
    [overview.today, 'registered today', '/workshop/pieces'],
    [overview.waiting, 'waiting for a batch', '/workshop/pieces?state=accepted'],
    [overview.sealed, 'on their way to the chain', '/workshop/pieces?state=sealed'],
    [overview.registered, 'registered in all', '/workshop/pieces'],
    [overview.anchored, 'anchored', '/workshop/batches'],
    [overview.final, 'final', '/workshop/pieces?state=final'],
    [overview.passedOn, 'passed on', '/workshop/shipments'],
    [overview.certificates, 'certificates issued', '/workshop/certificates'],
    [overview.attention.requests, 'requests waiting for consent', '/workshop/requests'],
    [overview.feedback, 'answers from customers', '/workshop/feedback'],
  ];
  return html`${suspended && html`<div class="faults" role="alert"><p>Your organisation is suspended: it can register and pass on nothing now. What it did before stays.</p></div>`}
<section class="part first-part" aria-labelledby="attention"><h2 id="attention">To look at</h2>
${calls.length === 0 ? html`<p>Nothing waits for you.</p>` : html`<ul class="crafts attention">${calls}</ul>`}</section>
<section class="part" aria-labelledby="numbers"><h2 id="numbers">Pieces and papers</h2>
<ul class="tiles">${tiles.map(([n, what, to]) => html`<li${attr('class', n === 0 ? 'tile-none' : undefined)}><a href="${to}"><strong>${number(n)}</strong> <span>${what}</span></a></li>`)}</ul></section>`;
}
