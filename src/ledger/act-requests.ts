// Owns declining what waits for somebody's consent. Its id can not be guessed: whoever has it asked, or was asked. What is
// declined here binds this service only; whoever has the signature itself could still use it.
import { TouchstoneError } from '../core/errors.ts';
import type { Ledger } from '../ports.ts';
import type { Caller } from './accounts.ts';
import { type Declined, type Receipt, readAct } from './act-receipts.ts';
import { found } from './find.ts';

/** @throws TouchstoneError not-found, not-applicable */
export async function declineRequest(
  ledger: Ledger,
  caller: Caller | undefined,
  id: string,
  words: string | null,
): Promise<Receipt> {
  const receipt = found(await readAct(ledger, id), 'This act');
  if (receipt.asked === undefined) throw notNow('Only what waits for somebody’s consent can be declined.');
  if (receipt.state === 'declined') return receipt;
  if (receipt.state !== 'kept') throw notNow(`It waits for nobody’s consent any more: it is ${receipt.state}.`);
  const by = caller !== undefined && caller.organisation === receipt.organisation ? 'asking' : 'asked';
  const declined: Declined = { by, words, at: new Date(ledger.now()).toISOString() };
  await ledger.db.query('UPDATE acts SET declined = $2 WHERE id = $1 AND declined IS NULL', [
    id,
    JSON.stringify(declined),
  ]);
  return found(await readAct(ledger, id), 'This act');
}

function notNow(why: string): TouchstoneError {
  return new TouchstoneError('not-applicable', `${why} Nothing was done.`);
}
