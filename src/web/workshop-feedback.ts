// Owns how the console shows feedback: figures over time, how the numbers are spread, and what was written.
import { bar } from './bars.ts';
import { day, number, pager, pieceLink, table } from './console-words.ts';
import { formOf } from './form-fields.ts';
import { type Html, html } from './html.ts';
import { hidden } from './workshop-frame.ts';

interface Month {
  readonly month: string;
  readonly answers: number;
  readonly promoters: number;
  readonly detractors: number;
  readonly netPromoterScore: number;
}

export interface FeedbackPage {
  readonly token: string;
  readonly items: readonly {
    readonly id: number;
    readonly path: string;
    readonly title: string | undefined;
    readonly score: number;
    readonly words: string | null;
    readonly language: string;
    readonly day: string;
  }[];
  readonly next: number | null;
  readonly later: boolean;
  readonly figures: { readonly distribution: readonly number[]; readonly months: readonly Month[] };
}

const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
const monthWords = (month: string) => MONTH.format(new Date(`${month}-01T00:00:00Z`));
const signed = (score: number) => (score > 0 ? `+${score}` : String(score).replace('-', '−'));

export function feedbackMain(page: FeedbackPage): Html {
  const { months, distribution } = page.figures;
  if (months.length === 0) {
    return html`<p class="opening">Nobody has left feedback yet. Every piece’s page asks one question: how likely is it, from 0 to 10, that one recommends you.</p>`;
  }
  const answers = distribution.reduce((sum, count) => sum + count, 0);
  const most = Math.max(...distribution);
  return html`<section class="part" aria-labelledby="months"><h2 id="months">Over time</h2>
${table(
  'Answers by month. The score is the share of 9 and 10 less that of 0 to 6, from −100 to +100.',
  [
    { head: 'Month', cell: ({ month }) => monthWords(month) },
    { head: 'Score', cell: ({ netPromoterScore }) => signed(netPromoterScore), number: true },
    { head: 'In proportion', cell: ({ netPromoterScore }) => bar(netPromoterScore + 100, 200) },
    { head: 'Answers', cell: (month) => number(month.answers), number: true },
    { head: '9 and 10', cell: ({ promoters }) => number(promoters), number: true },
    { head: '0 to 6', cell: ({ detractors }) => number(detractors), number: true },
  ],
  [...months].reverse(),
)}</section>
<section class="part" aria-labelledby="spread"><h2 id="spread">How the answers are spread</h2>
${table(
  `All ${number(answers)} answers of the last three years`,
  [
    { head: 'Number', cell: ({ score }) => score, number: true },
    { head: 'Answers', cell: ({ count }) => number(count), number: true },
    { head: 'In proportion', cell: ({ count }) => bar(count, most) },
  ],
  distribution.map((count, score) => ({ count, score })).reverse(),
)}</section>
<section class="part" aria-labelledby="said"><h2 id="said">What was said</h2>
<p class="actions"><a class="button beside" href="/workshop/feedback.csv" download>All of it as a file (CSV)</a></p>
${page.items.length > 0 ? html`<ul class="told">${page.items.map((item) => said(item, page.token))}</ul>` : html`<p>Nothing further back.</p>`}
${pager('/workshop/feedback', {}, page.next, page.later)}</section>`;
}

function said(
  { id, path, title, score, words, language, day: when }: FeedbackPage['items'][number],
  token: string,
): Html {
  return html`<li><p class="told-head"><strong class="told-score">${score}</strong> <span>${title ?? 'A piece'} ${pieceLink(path)}</span> <span class="quiet">${day(when)}, page in ${language}</span></p>
${words !== null && html`<blockquote class="said" dir="auto">${words}</blockquote>`}
<details class="told-more"><summary>Delete</summary><p class="quiet">For good, figures included: for what names a person, or is no feedback.</p>
${formOf({ action: '/workshop/feedback/delete', token, submit: 'Delete this feedback', grave: true, main: hidden('id', String(id)) })}</details></li>`;
}
