// Owns the console's first page: today's numbers, and what wants to be looked at.
import { organisationAt } from '../ledger/organisations.ts';
import { workshopNumbers } from '../ledger/workshop-numbers.ts';
import { overviewMain } from '../web/workshop-overview.ts';
import type { ConsoleRoute } from './workshop-route.ts';

const A_DAY = 24 * 60 * 60;

export const overviewRoutes: readonly ConsoleRoute[] = [
  {
    method: 'get',
    path: '/workshop',
    async handle({ context: { ledger }, caller }) {
      const now = Math.floor(ledger.now() / 1000);
      const [numbers, standing] = await Promise.all([
        workshopNumbers(ledger.db, caller.organisation, now - (now % A_DAY)),
        organisationAt(ledger.db, caller.organisation),
      ]);
      const suspended = standing?.suspendedAt !== undefined;
      return { title: 'Today', current: '/workshop', main: overviewMain({ ...numbers, suspended }) };
    },
  },
];
