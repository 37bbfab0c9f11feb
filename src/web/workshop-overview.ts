// Owns how the console's first page looks.
import { attr, type Html, html } from './html.ts';

export interface OverviewNumbers {
  readonly registered: number;
  readonly waiting: number;
  readonly sealed: number;
  readonly anchored: number;
  readonly final: number;
  readonly certificatesIssued: number;
  readonly passedOn: number;
  readonly requests: number;
}

export function overviewMain(numbers: OverviewNumbers): Html {
  const tiles: readonly (readonly [number, string, string])[] = [
    [numbers.registered, 'registered', '/workshop/pieces'],
    [numbers.waiting, 'waiting for a batch', '/workshop/pieces?state=waiting'],
    [numbers.sealed, 'sealed, on their way to the chain', '/workshop/pieces?state=sealed'],
    [numbers.anchored, 'anchored', '/workshop/batches'],
    [numbers.final, 'final', '/workshop/batches'],
    [numbers.passedOn, 'passed on', '/workshop/pieces'],
    [numbers.certificatesIssued, 'certificates issued', '/workshop/certificates'],
    [numbers.requests, 'requests waiting for your consent', '/workshop/requests'],
  ];
  return html`<ul class="tiles">${tiles.map(([n, what, to]) => html`<li${attr('class', n === 0 ? 'tile-none' : undefined)}><a href="${to}"><strong>${n.toLocaleString('en')}</strong> <span>${what}</span></a></li>`)}</ul>`;
}
