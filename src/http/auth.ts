// Owns who a request is from and what it may do: API keys in the Authorization header, never in a URL.
import type { Request } from 'express';
import { TouchstoneError } from '../core/errors.ts';
import { authenticate, type Caller, type Scope } from '../ledger/accounts.ts';
import type { Ledger } from '../ports.ts';

/** @throws TouchstoneError unauthenticated */
export function authorise(ledger: Ledger, request: Request): Promise<Caller> {
  const header = request.get('authorization');
  const key = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(header ?? '')?.[1];
  if (key !== undefined) return authenticate(ledger, key);
  throw new TouchstoneError('unauthenticated', 'Send your API key: “Authorization: Bearer ts_…”.');
}

/** The caller. @throws TouchstoneError forbidden */
export function mayDo(caller: Caller, scope: Scope): Caller {
  if (caller.scopes.includes(scope)) return caller;
  throw new TouchstoneError('forbidden', `This API key lacks the scope ${scope}.`);
}
