// Owns reading which keys the chain lets act for an organisation, folded from its events in the index.
import type { Sql } from '../ports.ts';
import { PERMISSION } from './organisations.ts';

export interface OperatorKey {
  readonly address: string;
  readonly permissions: readonly string[];
  /** Seconds since 1970. */
  readonly from: number;
  readonly until: number;
}

const FOR_EVER = 2 ** 40;

/** Those whose window is open at a moment. `until` is 0 where there is no end to speak of. */
export async function operatorKeysOf(sql: Sql, organisation: string, now: number): Promise<OperatorKey[]> {
  const rows = await sql.query<{ data: Record<string, unknown> }>(
    `SELECT data FROM organisation_events WHERE organisation = $1 AND name = 'KeySet' ORDER BY block, log_index`,
    [organisation],
  );
  const latest = new Map(rows.map(({ data }) => [String(data['key']), data]));
  return [...latest].flatMap(([address, data]) => {
    const [from, until, bits] = [Number(data['from']), Number(data['until']), Number(data['permissions'])];
    if (bits === 0 || from > now || until <= now) return [];
    const permissions = Object.entries(PERMISSION).flatMap(([name, bit]) => (bits & bit ? [name] : []));
    return [{ address, permissions, from, until: until > FOR_EVER ? 0 : until }];
  });
}
