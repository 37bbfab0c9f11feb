// Owns registering one piece that somebody typed in: looking at it first, then storing it once. The rules are accept.ts's.
import { TouchstoneError } from '../core/errors.ts';
import { foldPassport, type Passport } from '../core/passport.ts';
import type { PieceRecord } from '../core/record.ts';
import type { Ledger } from '../ports.ts';
import { type Besides, cardTakenReason, checkRoom, prepare, store, type WishedCode } from './accept.ts';
import type { Caller } from './accounts.ts';
import { asOfAt } from './find.ts';
import { once } from './idempotency.ts';
import { registrantOf } from './imports.ts';
import { readCursor } from './indexer.ts';
import { NO_LIFE } from './life.ts';

export interface Typed {
  readonly statement: object;
  readonly code: WishedCode;
  readonly besides: Besides;
}

/** The passport as it would begin; nothing is stored. @throws TouchstoneError invalid-record */
export async function previewPiece(
  { db, chain, randomBytes }: Ledger,
  caller: Caller,
  typed: Typed,
): Promise<Passport> {
  const registrant = await registrantOf(db, caller.organisation);
  const prepared = prepare(randomBytes, registrant, typed.statement, typed.code, typed.besides);
  if (!prepared.ok) throw notAccepted(prepared.faults);
  const { candidate } = prepared;
  const { handle, organisation } = registrant.account;
  return foldPassport(
    {
      code: candidate.code,
      record: JSON.parse(candidate.text) as PieceRecord,
      recordHash: candidate.hash,
      registrant: { address: organisation, handle, roles: 0, prefixes: registrant.organisation.prefixes },
      sealed: false,
      moves: [],
      ...NO_LIFE,
      hasCard: candidate.claimKey !== null,
      organisations: new Map([[organisation, handle]]),
      conflicts: [],
      certificates: [],
      reports: [],
      asOf: asOfAt(chain, await readCursor(db)),
    },
    null,
  );
}

/**
 * Stores it, once under its key. @returns its public path
 * @throws TouchstoneError invalid-record, code-taken, claim-key-taken, overloaded
 */
export async function registerPiece(ledger: Ledger, caller: Caller, key: string, typed: Typed): Promise<string> {
  const { db } = ledger;
  const check = async () => {
    await checkRoom(db);
    return registrantOf(db, caller.organisation);
  };
  const request = ['console/pieces', typed];
  const { path } = await once(db, caller.organisation, key, request, check, async (sql, registrant) => {
    const prepared = prepare(ledger.randomBytes, registrant, typed.statement, typed.code, typed.besides);
    if (!prepared.ok) throw notAccepted(prepared.faults);
    const { candidate } = prepared;
    const [outcome] = await store(sql, caller.organisation, [candidate], null);
    if (outcome?.kind === 'taken') {
      const faults = [{ field: 'code', reason: 'is taken: another record is registered under it' }];
      throw new TouchstoneError('code-taken', `The code ${candidate.path} is taken. Nothing was registered.`, {
        faults,
      });
    }
    if (outcome?.kind === 'card-taken') {
      const faults = [{ field: 'claimKey', reason: cardTakenReason(outcome) }];
      throw new TouchstoneError('claim-key-taken', 'The claim card is used. Nothing was registered.', { faults });
    }
    if (outcome?.kind === 'lots-refused') throw notAccepted(outcome.faults);
    return { path: candidate.path };
  });
  ledger.nudge();
  return path;
}

function notAccepted(faults: TouchstoneError['faults']): TouchstoneError {
  return new TouchstoneError('invalid-record', 'The record was not accepted; nothing was registered.', { faults });
}
