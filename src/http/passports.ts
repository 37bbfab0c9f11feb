// Owns the short memory of passports: what was read may be shown again for a second, and says as of which block it is.
// Another replica needs nothing of it.
import { codePath, type PieceCode } from '../core/code.ts';
import type { Passport } from '../core/passport.ts';
import { passportOf } from '../ledger/find.ts';
import type { Context } from './route.ts';

const STALE_AFTER_MS = 1_000;
/** A few megabytes at most; the oldest makes room. */
const REMEMBERED = 2_000;

interface Entry {
  readonly until: number;
  readonly passport: Promise<Passport | undefined>;
}

const remembered = new WeakMap<object, Map<string, Entry>>();

/** The passport of a code, read at most once a second however many ask. */
export function cachedPassport(
  { ledger }: Context,
  code: PieceCode,
  { fresh = false }: { fresh?: boolean } = {},
): Promise<Passport | undefined> {
  const entries = entriesOf(ledger);
  const path = codePath(code);
  const entry = entries.get(path);
  if (!fresh && entry && entry.until > ledger.now()) return entry.passport;
  const passport = passportOf(ledger.db, ledger.chain, code);
  entries.delete(path);
  entries.set(path, { until: ledger.now() + STALE_AFTER_MS, passport });
  passport.catch(() => entries.delete(path));
  if (entries.size > REMEMBERED) entries.delete(entries.keys().next().value as string);
  return passport;
}

function entriesOf(ledger: object): Map<string, Entry> {
  const entries = remembered.get(ledger) ?? new Map<string, Entry>();
  remembered.set(ledger, entries);
  return entries;
}
