// Owns the API of what visitors left, for the organisation it was left for, and for nobody else.
import { z } from 'zod';
import { codePath } from '../core/code.ts';
import { dayBefore, NOWHERE } from '../core/scan-rule.ts';
import { feedbackFigures, listFeedback } from '../ledger/feedback.ts';
import { SCAN_DAYS_KEPT, scansByDay, todayOf, unusualPieces } from '../ledger/scans.ts';
import { listSuspicions, SUSPICION_STATES } from '../ledger/suspicions.ts';
import { piecePath } from './fields.ts';
import { type Route, route } from './route.ts';

const page = {
  cursor: z.coerce.number().int().min(1).optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  piece: piecePath.optional().describe('Of one piece alone'),
};

const DEFAULT_DAYS = 30;
const day = z.iso.date('must be a day such as 2026-05-31');

export const visitorRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/v1/feedback',
    summary: 'Feedback on your organisation’s pieces, newest first, with figures over time',
    description: 'By day: no time and nothing about who wrote it is kept.',
    tag: 'Visitors',
    scope: 'read',
    query: z.strictObject(page),
    success: { status: 200, description: 'A page of answers, the cursor of the next, and figures over all of them.' },
    async handle({ query, caller, context }) {
      const { db } = context.ledger;
      const path = query.piece && codePath(query.piece);
      const list = await listFeedback(db, caller.organisation, { before: query.cursor, limit: query.limit, path });
      return { status: 200, body: { ...list, figures: await feedbackFigures(db, caller.organisation) } };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/suspicions',
    summary: 'Suspected counterfeits and gift messages reported to your organisation, newest first',
    tag: 'Visitors',
    scope: 'read',
    query: z.strictObject({ ...page, state: z.enum(SUSPICION_STATES).optional() }),
    success: { status: 200, description: 'A page of reports and the cursor of the next.' },
    async handle({ query, caller, context }) {
      const { cursor, limit, piece, state } = query;
      const wish = { before: cursor, limit, state, path: piece && codePath(piece) };
      return { status: 200, body: await listSuspicions(context.ledger.db, caller.organisation, wish) };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/scans',
    summary: 'How often the pages of your organisation’s pieces were opened, by day and country',
    description: 'Coarse counts without persons; what they are, and the rule of unusual ones: docs/scans.md.',
    tag: 'Visitors',
    scope: 'read',
    costly: true,
    query: z.strictObject({
      from: day.optional().describe('First day (thirty days ago)'),
      until: day.optional().describe('Last day (today)'),
      piece: piecePath.optional().describe('Of one piece alone'),
    }),
    success: { status: 200, description: 'Counts, country null where it is not known, and what is unusual this week.' },
    async handle({ query, caller, context }) {
      const { ledger } = context;
      const today = todayOf(ledger);
      const until = query.until ?? today;
      const earliest = dayBefore(until, SCAN_DAYS_KEPT);
      const wanted = query.from ?? dayBefore(until, DEFAULT_DAYS - 1);
      const from = wanted < earliest ? earliest : wanted;
      const path = query.piece && codePath(query.piece);
      const days = await scansByDay(ledger.db, caller.organisation, { from, until, path });
      const unusual = await unusualPieces(ledger.db, caller.organisation, today);
      const items = days.map(({ country, ...rest }) => ({ ...rest, country: country === NOWHERE ? null : country }));
      return { status: 200, body: { from, until, items, unusual } };
    },
  }),
];
