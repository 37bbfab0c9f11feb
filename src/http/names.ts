// Owns the names organisations go by on pages: as their accounts here say. The passport itself holds handles only,
// because names aren't on the chain.
import type { Ledger } from '../ports.ts';

const FRESH_MS = 30_000;

interface Names {
  readonly until: number;
  readonly names: Promise<Map<string, string>>;
}

const known = new WeakMap<Ledger, Names>();

/** Handle to display name. */
export function namesOf(ledger: Ledger): Promise<Map<string, string>> {
  const entry = known.get(ledger);
  if (entry && entry.until > ledger.now()) return entry.names;
  const names = ledger.db
    .query<{ handle: string; name: string }>('SELECT handle, display_name AS name FROM accounts')
    .then((rows) => new Map(rows.map((row) => [row.handle, row.name])));
  known.set(ledger, { until: ledger.now() + FRESH_MS, names });
  names.catch(() => known.delete(ledger));
  return names;
}
