// Owns what the chain says about organisations, folded from its events in the index: handle, roles, standing, prefixes,
// as of a moment. Accounts and keys held here are accounts.ts's.
import { gtinPrefixes, type PieceCode } from '../core/code.ts';
import type { Sql } from '../ports.ts';

export const PERMISSION = {
  register: 1,
  transfer: 2,
  certify: 4,
  administer: 8,
  release: 16,
  serve: 32,
  state: 64,
  arbitrate: 128,
} as const;
export const ROLES = { maker: 1, custodian: 2, certifier: 4, service: 8, reseller: 16, arbiter: 32 } as const;
export type Role = keyof typeof ROLES;

export interface Organisation {
  readonly address: string;
  readonly handle: string;
  readonly roles: readonly Role[];
  readonly admittedAt: number;
  readonly suspendedAt?: number;
  /** GS1 company prefixes held at the moment asked for. */
  readonly prefixes: readonly string[];
}

interface EventRow {
  readonly name: string;
  readonly time: number;
  readonly block: number;
  readonly log_index: number;
  readonly data: Record<string, unknown>;
}

/** Where in the chain's order: up to and including this event. */
export interface Moment {
  readonly block: number;
  readonly logIndex: number;
}

/** @param prefixesAt the moment for which prefixes are told (an anchor); everything else is as of the index's head. */
export async function organisationAt(
  sql: Sql,
  address: string,
  prefixesAt?: Moment,
): Promise<Organisation | undefined> {
  const events = await sql.query<EventRow>(
    `SELECT name, time, block, log_index, data FROM organisation_events
     WHERE organisation = $1 ORDER BY block, log_index`,
    [address],
  );
  return fold(address, events, prefixesAt);
}

export async function listOrganisations(sql: Sql): Promise<Organisation[]> {
  const rows = await sql.query<EventRow & { organisation: string }>(
    'SELECT organisation, name, time, block, log_index, data FROM organisation_events ORDER BY block, log_index',
  );
  const byAddress = Map.groupBy(rows, (row) => row.organisation);
  return [...byAddress].flatMap(([address, events]) => fold(address, events) ?? []);
}

/** Handles of those addresses that are organisations. */
export async function handlesOf(sql: Sql, addresses: readonly string[]): Promise<Map<string, string>> {
  const rows = await sql.query<{ organisation: string; handle: string }>(
    `SELECT organisation, data->>'handle' AS handle FROM organisation_events
     WHERE name = 'OrganisationAdmitted' AND organisation = ANY($1)`,
    [addresses],
  );
  return new Map(rows.map((row) => [row.organisation, textOfHandle(row.handle)]));
}

export async function addressOfHandle(sql: Sql, handle: string): Promise<string | undefined> {
  const hex = `0x${Buffer.from(handle, 'ascii').toString('hex').padEnd(64, '0')}`;
  const [row] = await sql.query<{ organisation: string }>(
    `SELECT organisation FROM organisation_events WHERE name = 'OrganisationAdmitted' AND data->>'handle' = $1`,
    [hex],
  );
  return row?.organisation;
}

export interface PrefixEvent {
  readonly name: 'PrefixGranted' | 'PrefixWithdrawn';
  readonly prefix: string;
  readonly organisation: string;
  readonly block: number;
  readonly log_index: number;
  readonly time: number;
  readonly transaction: string;
}

/** Grants and withdrawals of these prefixes, in the chain's order. */
export async function prefixEvents(sql: Sql, prefixes: readonly string[]): Promise<PrefixEvent[]> {
  const rows = await sql.query<PrefixEvent>(
    `SELECT name, data->>'prefix' AS prefix, organisation, block, log_index, time, transaction FROM organisation_events
     WHERE name IN ('PrefixGranted', 'PrefixWithdrawn') AND data->>'prefix' = ANY($1) ORDER BY block, log_index`,
    [prefixes.map((prefix) => `1${prefix}`)],
  );
  return rows.map((row) => ({ ...row, prefix: prefixText(row.prefix) }));
}

/**
 * Who holds the longest granted GS1 company prefix of a GTIN-14 at a moment (now, if none is given): of a prefix and a
 * longer one within it, the longer decides.
 */
export async function gtinHolder(sql: Sql, gtin: string, moment?: Moment): Promise<string | undefined> {
  const prefixes = gtinPrefixes(gtin);
  const holders = new Map<string, string>();
  for (const event of await prefixEvents(sql, prefixes)) {
    if (moment && isAfter(event, moment)) break;
    if (event.name === 'PrefixGranted') holders.set(event.prefix, event.organisation);
    else holders.delete(event.prefix);
  }
  return prefixes.map((prefix) => holders.get(prefix)).find((holder) => holder !== undefined);
}

/** Whether a code was an organisation's to give at a moment (now, if none is given). */
export async function mayGive(sql: Sql, organisation: string, code: PieceCode, moment?: Moment): Promise<boolean> {
  if ('gtin' in code) return (await gtinHolder(sql, code.gtin, moment)) === organisation;
  return (await addressOfHandle(sql, code.handle)) === organisation;
}

/** Prefixes that others hold now and that begin with one of this organisation's own. */
export async function lentPrefixes(sql: Sql, { address, prefixes }: Organisation): Promise<string[]> {
  if (prefixes.length === 0) return [];
  const events = await sql.query<{ organisation: string; name: string; prefix: string }>(
    `SELECT organisation, name, data->>'prefix' AS prefix FROM organisation_events
     WHERE name IN ('PrefixGranted', 'PrefixWithdrawn') AND data->>'prefix' LIKE ANY($1) ORDER BY block, log_index`,
    [prefixes.map((prefix) => `1${prefix}_%`)],
  );
  const holders = new Map<string, string>();
  for (const { organisation, name, prefix } of events) {
    if (name === 'PrefixGranted') holders.set(prefix, organisation);
    else holders.delete(prefix);
  }
  return [...holders].filter(([, holder]) => holder !== address).map(([prefix]) => prefixText(prefix));
}

function fold(address: string, events: readonly EventRow[], prefixesAt?: Moment): Organisation | undefined {
  const admitted = events.find((event) => event.name === 'OrganisationAdmitted');
  if (!admitted) return undefined;
  let roles = Number(admitted.data['roles']);
  let suspendedAt: number | undefined;
  const prefixes = new Set<string>();
  for (const event of events) {
    if (event.name === 'RolesSet') roles = Number(event.data['roles']);
    if (event.name === 'OrganisationSuspended') suspendedAt = event.time;
    if (event.name === 'OrganisationReinstated') suspendedAt = undefined;
    if (prefixesAt && isAfter(event, prefixesAt)) continue;
    if (event.name === 'PrefixGranted') prefixes.add(prefixText(event.data['prefix']));
    if (event.name === 'PrefixWithdrawn') prefixes.delete(prefixText(event.data['prefix']));
  }
  return {
    address,
    handle: textOfHandle(String(admitted.data['handle'])),
    roles: (Object.keys(ROLES) as Role[]).filter((role) => roles & ROLES[role]),
    admittedAt: admitted.time,
    ...(suspendedAt === undefined ? {} : { suspendedAt }),
    prefixes: [...prefixes],
  };
}

function isAfter(event: Pick<EventRow, 'block' | 'log_index'>, moment: Moment): boolean {
  return event.block > moment.block || (event.block === moment.block && event.log_index > moment.logIndex);
}

/** bytes32, left-aligned, to text. */
export function textOfHandle(hex: string): string {
  return Buffer.from(hex.slice(2), 'hex').toString('ascii').replace(/\0+$/, '');
}

/** Prefixes are numbers with a 1 written before their digits. */
function prefixText(value: unknown): string {
  return String(value).slice(1);
}
