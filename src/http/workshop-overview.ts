// Owns the console's first page: today's numbers, and what wants to be looked at.
import { workshopNumbers } from '../ledger/workshop-numbers.ts';
import { overviewMain } from '../web/workshop-overview.ts';
import type { ConsoleRoute } from './workshop-route.ts';

export const overviewRoutes: readonly ConsoleRoute[] = [
  {
    method: 'get',
    path: '/workshop',
    async handle({ context, caller }) {
      const now = new Date(context.ledger.now());
      const midnight = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()));
      const numbers = await workshopNumbers(context.ledger.db, caller.organisation, midnight);
      return { title: 'Today', current: '/workshop', main: overviewMain(numbers) };
    },
  },
];
