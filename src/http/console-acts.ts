// Owns doing an act for whoever is signed in to the console, once a form, as the API does it for a key: the keys held for
// the organisation sign, and the receipt has a page. Which acts there are, and what they say, is the core's.
import { randomUUID } from 'node:crypto';
import { actRequest, refuseSecrets, wishOf } from '../core/acts.ts';
import { TouchstoneError } from '../core/errors.ts';
import { faultsOf } from '../core/faults.ts';
import { storeAct } from '../ledger/act-orders.ts';
import { checkAct } from '../ledger/acts.ts';
import { once } from '../ledger/idempotency.ts';
import type { Visit } from './workshop-route.ts';

/** @param body as POST /api/v1/acts takes it @returns the receipt's id @throws TouchstoneError */
export async function doAct(
  { context, caller }: Pick<Visit, 'context' | 'caller'>,
  key: string,
  body: object,
): Promise<string> {
  const { ledger } = context;
  refuseSecrets(body);
  const parsed = actRequest.safeParse(body);
  if (!parsed.success) {
    throw new TouchstoneError('invalid-request', 'Nothing was done.', { faults: faultsOf(parsed.error, body) });
  }
  const check = () => checkAct(ledger, caller, wishOf(parsed.data));
  const request = ['console/acts', body];
  const { id } = await once(ledger.db, caller.organisation, `console ${key}`, request, check, async (sql, checked) => ({
    id: await storeAct(sql, randomUUID(), checked),
  }));
  ledger.nudge();
  return id;
}
