// Owns the console's page of scans: counts by country and time, unusual patterns, and the maker's word that a piece is on
// display. Counts are the signed-in organisation's own.
import { z } from 'zod';
import { dayBefore, NOWHERE, SCAN_RULE } from '../core/scan-rule.ts';
import { endDisplay, putOnDisplay, type ScanDay, scansByDay, todayOf, unusualPieces } from '../ledger/scans.ts';
import { titlesOf } from '../ledger/titles.ts';
import { type ScansPage, scansMain } from '../web/workshop-scans.ts';
import type { ConsoleRoute, Elsewhere, Shown, Visit } from './workshop-route.ts';

const SCANS = '/workshop/scans';
const PERIODS = [28, 91, 364] as const;
const WEEKS_SHOWN = 4;
const COUNTRIES_SHOWN = 40;

const DONE: Readonly<Record<string, string>> = {
  display: 'Noted. The page of the piece says that you say so.',
  over: 'Noted: it is on display no more.',
};

type Wrong = { readonly piece: string; readonly faults: Readonly<Record<string, string>> };

async function scansPage(visit: Visit, wrong?: Wrong): Promise<Shown> {
  const { request, context, caller, token } = visit;
  const { db } = context.ledger;
  const today = todayOf(context.ledger);
  const period = PERIODS.find((days) => String(days) === request.query['days']) ?? PERIODS[0];
  const wish = { from: dayBefore(today, period - 1), until: today };
  const [counts, found] = await Promise.all([
    scansByDay(db, caller.organisation, wish),
    unusualPieces(db, caller.organisation, today),
  ]);
  const titles = await titlesOf(
    db,
    caller.organisation,
    found.map(({ path }) => path),
  );
  const page: ScansPage = {
    token,
    ...summedUp(counts, today),
    unusual: found.map((piece) => ({ ...piece, title: titles.get(piece.path) })),
    today,
    period,
    periods: PERIODS,
    faults: wrong?.faults ?? {},
    wrongPiece: wrong?.piece,
  };
  const done = DONE[String(request.query['done'])];
  return {
    title: 'Scans',
    current: SCANS,
    ...(done !== undefined && { done }),
    ...(wrong && { status: 422 }),
    main: scansMain(page),
  };
}

/** By day; and by country, for all of the time and each of its last weeks. */
function summedUp(counts: readonly ScanDay[], today: string) {
  const sum = (rows: readonly ScanDay[]) => rows.reduce((total, { scans }) => total + scans, 0);
  const weeks = Array.from({ length: WEEKS_SHOWN }, (_, i) => dayBefore(today, 7 * (WEEKS_SHOWN - i) - 1));
  const countries = [...Map.groupBy(counts, ({ country }) => country)]
    .map(([country, rows]) => ({
      country,
      scans: sum(rows),
      byWeek: weeks.map((first) => sum(rows.filter(({ day }) => day >= first && day <= dayBefore(first, -6)))),
    }))
    .sort((a, b) => b.scans - a.scans || (a.country < b.country ? -1 : 1))
    .slice(0, COUNTRIES_SHOWN);
  const days = [...Map.groupBy(counts, ({ day }) => day)].map(([day, rows]) => ({ day, scans: sum(rows) }));
  return { days, weeks, countries, countriesKnown: countries.some(({ country }) => country !== NOWHERE) };
}

const day = z.iso.date();

async function display(visit: Visit): Promise<Shown | Elsewhere> {
  const { context, caller, fields } = visit;
  const today = todayOf(context.ledger);
  const [piece, until] = [fields.get('piece'), fields.get('until')];
  const refused = (reason: string) => scansPage(visit, { piece, faults: { until: reason } });
  if (!day.safeParse(until).success) return refused('must be a day');
  if (until < today) return refused('must not be over');
  if (until > dayBefore(today, -SCAN_RULE.displayDays)) {
    return refused(`must be within ${SCAN_RULE.displayDays} days: say it anew when it is over`);
  }
  // What was noticed this week may be what the maker explains.
  const from = dayBefore(today, SCAN_RULE.days - 1);
  const known = await putOnDisplay(context.ledger.db, caller.organisation, piece, { from, until });
  return known ? { to: `${SCANS}?done=display` } : refused('is about a piece that is not yours');
}

export const scanConsoleRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: SCANS, costly: true, handle: (visit) => scansPage(visit) },
  { method: 'post', path: `${SCANS}/display`, scope: 'pieces:write', handle: display },
  {
    method: 'post',
    path: `${SCANS}/display-over`,
    scope: 'pieces:write',
    async handle({ context, caller, fields }) {
      const id = z.coerce.number().int().positive().catch(0).parse(fields.get('id'));
      await endDisplay(context.ledger.db, caller.organisation, id, todayOf(context.ledger));
      return { to: `${SCANS}?done=over` };
    },
  },
];
