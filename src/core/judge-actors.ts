// Owns who might say what an evidence file tells of a piece or its batch: that an organisation was admitted, in the role and
// in good standing, with a key that had the permission, or spoke for the registrant, all at that moment, as far as its own
// events tell. Whether it was said is judge-life-history.ts's.
import { isBefore, type Placed } from './events.ts';
import type { Evidence } from './evidence.ts';
import { ENDS, LIFE_KINDS, type LifeKind } from './life.ts';
import { ZERO_ADDRESS } from './merkle.ts';

type Organisation = Evidence['organisations'][number];
type Said = Evidence['batchEvents'][number];

const TRANSFER = 2;
const RELEASE = 16;
const SERVE = 32;
const STATE = 64;
const ARBITRATE = 128;
/** Permissions that need a role. */
const ROLE_FOR: Readonly<Record<number, number>> = { [SERVE]: 8, [ARBITRATE]: 32 };
/** Permissions that need good standing. */
const STATEMENTS = SERVE | STATE | ARBITRATE;
/** A line of successors is no longer than this. */
export const MAX_SUCCESSIONS = 8;

/** What an organisation's key needs for a kind; whose word it is where it is no organisation's. */
function authorityFor(kind: LifeKind): number | 'owner' | 'anybody' {
  if (kind === 'report-lapsed' || kind === 'recovered') return 'anybody';
  const number = LIFE_KINDS[kind];
  if (number >= 10 && number <= 17) return SERVE;
  if (number === 18 || number === 19) return RELEASE;
  if (number >= 40 && number <= 43) return STATE;
  const arbitrated = ['reports-dismissed', 'locked', 'unlocked', 'recovery-begun', 'recovery-cancelled'];
  return arbitrated.includes(kind) ? ARBITRATE : 'owner';
}

export function actorsFault(evidence: Evidence): string | undefined {
  const organisations = new Map(evidence.organisations.map((one) => [one.address, one]));
  for (const event of evidence.events) {
    const fault = actorFault(evidence, organisations, event);
    if (fault !== undefined) return `event ${event.number}, ${event.kind}: ${fault}`;
  }
  for (const event of evidence.batchEvents) {
    const needed = ENDS.includes(event.kind) ? TRANSFER : STATE;
    const fault = organisationFault(evidence, organisations, event, needed);
    if (fault !== undefined) return `event ${event.number} of the batch, ${event.kind}: ${fault}`;
  }
  return undefined;
}

function actorFault(
  evidence: Evidence,
  organisations: ReadonlyMap<string, Organisation>,
  event: Said,
): string | undefined {
  const needed = authorityFor(event.kind);
  if (typeof needed === 'number') return organisationFault(evidence, organisations, event, needed);
  if (event.organisation !== ZERO_ADDRESS) return 'no organisation says so';
  if (needed === 'anybody') return event.key === ZERO_ADDRESS ? undefined : 'nobody signs for it';
  const keeper = organisations.get(keeperAt(evidence, event));
  // Somebody who is no organisation may have named an operator, which no file tells.
  if (!keeper || isPermitted(keeper, event.key, TRANSFER, event)) return undefined;
  return 'the key had no permission of the organisation that owned it';
}

function organisationFault(
  { batch }: Evidence,
  organisations: ReadonlyMap<string, Organisation>,
  event: Said,
  needed: number,
): string | undefined {
  const organisation = organisations.get(event.organisation);
  if (!organisation) return 'whoever says so is not among the organisations';
  if (!isPermitted(organisation, event.key, needed, event))
    return `${organisation.handle} might not, or not by this key`;
  if (needed !== STATE) return undefined;
  const line = successorsOf(batch.header.organisation, organisations, event);
  return line.includes(event.organisation) ? undefined : `${organisation.handle} does not speak for who registered it`;
}

/** Who had the piece right before something. */
function keeperAt({ batch, passes, moves }: Evidence, at: Placed): string {
  return [...passes, ...moves].findLast((one) => isBefore(one, at))?.to ?? batch.header.organisation;
}

/** An organisation, and who succeeded it one after the other; with all its events, or those before a moment. */
export function successorsOf(
  registrant: string,
  organisations: ReadonlyMap<string, Organisation>,
  at?: Placed,
): readonly string[] {
  const line = [registrant];
  while (line.length <= MAX_SUCCESSIONS) {
    const last = organisations.get(line.at(-1) as string);
    const next = last?.events.find((event) => event.name === 'OrganisationSucceeded' && (!at || isBefore(event, at)));
    if (next?.name !== 'OrganisationSucceeded' || line.includes(next.data.successor)) return line;
    line.push(next.data.successor);
  }
  return line;
}

/** As the contract Organisations judges, by the organisation's events before this moment. */
function isPermitted(
  { events }: Organisation,
  key: string,
  permission: number,
  at: Placed & { readonly time: number },
): boolean {
  const before = events.filter((event) => isBefore(event, at));
  const window = before.findLast((event) => event.name === 'KeySet' && event.data.key === key);
  if (window?.name !== 'KeySet' || (window.data.permissions & permission) === 0) return false;
  if (at.time < window.data.from || at.time >= window.data.until) return false;
  if ((permission & STATEMENTS) === 0) return true;
  const last = before.findLast(({ name }) => name === 'OrganisationSuspended' || name === 'OrganisationReinstated');
  const roles = before.reduce((held, event) => ('roles' in event.data ? event.data.roles : held), 0);
  const role = ROLE_FOR[permission] ?? 0;
  return last?.name !== 'OrganisationSuspended' && (roles & role) === role;
}
