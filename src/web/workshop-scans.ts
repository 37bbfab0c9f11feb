// Owns how the console shows scans: what is unusual and what can be said to it, then counts by country and by day.
import { SCAN_RULE, type UnusualScans } from '../core/scan-rule.ts';
import { bar } from './bars.ts';
import { day, number, pieceLink, table } from './console-words.ts';
import { choiceField, faultList, formOf, textField } from './form-fields.ts';
import { type Html, html } from './html.ts';
import { ENGLISH } from './language.ts';
import { hidden } from './workshop-frame.ts';

export interface UnusualShown {
  readonly path: string;
  readonly title: string | undefined;
  readonly unusual: readonly UnusualScans[];
  readonly displays: readonly { readonly id: number; readonly from: string; readonly until: string }[];
}

export interface ScansPage {
  readonly token: string;
  readonly days: readonly { readonly day: string; readonly scans: number }[];
  /** Weeks of the time shown, oldest first, by their first day. */
  readonly weeks: readonly string[];
  readonly countries: readonly {
    readonly country: string;
    readonly scans: number;
    readonly byWeek: readonly number[];
  }[];
  readonly unusual: readonly UnusualShown[];
  readonly today: string;
  readonly period: number;
  readonly periods: readonly number[];
  /** Whether a proxy tells countries at all. */
  readonly countriesKnown: boolean;
  readonly faults: Readonly<Record<string, string>>;
  /** The piece whose form was not taken. */
  readonly wrongPiece?: string | undefined;
}

export function scansMain(page: ScansPage): Html {
  const { days, periods, period, faults } = page;
  const all = days.reduce((sum, { scans }) => sum + scans, 0);
  return html`${faultList(faults, { until: 'Last day on display' })}
<section class="part" aria-labelledby="unusual"><h2 id="unusual">Unusual this week</h2>${unusualPart(page)}</section>
<form class="filter" method="get" action="/workshop/scans">
${choiceField({ name: 'days', label: 'Counts of', required: true, value: String(period), choices: periods.map((days) => [String(days), `the last ${days} days`]) })}
<button type="submit">Show</button></form>
${all === 0 ? html`<p class="opening">No page of your pieces was opened in these days.</p>` : counts(page, all)}`;
}

function counts({ days, countries, weeks, countriesKnown, period }: ScansPage, all: number): Html {
  const most = Math.max(...days.map(({ scans }) => scans));
  const mostOfCountry = Math.max(...countries.map(({ scans }) => scans));
  return html`<section class="part" aria-labelledby="countries"><h2 id="countries">By country</h2>
${!countriesKnown && html`<p class="quiet">Countries are known only where a proxy before this service tells them; here none does.</p>`}
<div class="wide-table" role="region" aria-label="Scans by country" tabindex="0">${table(
    `${number(all)} openings of your pieces’ pages in ${period} days, by country and by the week that begins on the day named`,
    [
      { head: 'Country', cell: ({ country }) => (country === '' ? 'not known' : ENGLISH.country(country)) },
      { head: 'Together', cell: ({ scans }) => number(scans), number: true },
      { head: 'In proportion', cell: ({ scans }) => bar(scans, mostOfCountry) },
      ...weeks.map((week, i) => ({
        head: shortDay(week),
        cell: ({ byWeek }: ScansPage['countries'][number]) => number(byWeek[i] ?? 0),
        number: true as const,
      })),
    ],
    countries,
  )}</div></section>
<section class="part" aria-labelledby="days"><h2 id="days">By day</h2>
${table(
  'Newest first; days on which no page was opened are left out',
  [
    { head: 'Day', cell: (row) => day(row.day) },
    { head: 'Openings', cell: ({ scans }) => number(scans), number: true },
    { head: 'In proportion', cell: ({ scans }) => bar(scans, most) },
  ],
  [...days].filter(({ scans }) => scans > 0).reverse(),
)}</section>`;
}

const SHORT = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const shortDay = (iso: string) => SHORT.format(new Date(`${iso}T00:00:00Z`));

function unusualPart({ unusual, ...page }: ScansPage): Html {
  const rule = html`<p class="quiet">A code counts as unusual from ${SCAN_RULE.placesADay} places or ${SCAN_RULE.countriesADay} countries on a day, or ${SCAN_RULE.placesAWeek} places in ${SCAN_RULE.days} days. A copied code is one reason, a shop window another. The page of the piece then bears a note; its verdict stays as it is.</p>`;
  if (unusual.length === 0) return html`<p>Nothing.</p>${rule}`;
  return html`${rule}<ul class="told">${unusual.map((one) => unusualPiece(one, page))}</ul>`;
}

function unusualPiece(
  { path, title, unusual, displays }: UnusualShown,
  { token, today, faults, wrongPiece }: Omit<ScansPage, 'unusual'>,
): Html {
  const current = displays.filter(({ until }) => until >= today);
  const fault = wrongPiece === path ? faults['until'] : undefined;
  return html`<li><p class="told-head"><strong>${title ?? 'A piece'}</strong> ${pieceLink(path)}</p>
<ul class="crafts">${unusual.map((found) => html`<li>${patternWords(found)}${found.onDisplay && html` <span class="quiet">Explained: it was on display.</span>`}</li>`)}</ul>
${current.map(
  ({
    id,
    from,
    until,
  }) => html`<p>You said that it is on display from ${day(from)} until ${day(until)}. Its page says so.</p>
${formOf({ action: '/workshop/scans/display-over', token, submit: 'It is on display no more', main: hidden('id', String(id)) })}`,
)}
${
  current.length === 0 &&
  formOf({
    action: '/workshop/scans/display',
    token,
    submit: 'It is on display',
    main: html`${hidden('piece', path)}${textField({ name: 'until', label: 'Last day on display', type: 'date', required: true, fault, hint: `At most ${SCAN_RULE.displayDays} days from today. The page’s note then says that you say so.` })}`,
  })
}</li>`;
}

function patternWords({ pattern, day: when, count, countries }: UnusualScans): Html {
  if (pattern === 'many-places') return html`${day(when)}: opened from ${number(count)} places.`;
  if (pattern === 'many-countries') {
    return html`${day(when)}: opened in ${number(count)} countries: ${ENGLISH.list(countries.map((country) => ENGLISH.country(country)))}.`;
  }
  return html`In the week until ${day(when)}: opened from ${number(count)} places.`;
}
