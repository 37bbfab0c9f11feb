// Owns what the naive registry does when organisations and their keys change (contracts/interfaces/IOrganisations.sol).
import { ADMINISTER, Doubts, EVERYTHING, type Ledger, NOBODY, type Told } from './ledger.ts';
import { type Consent, faultsOf } from './said.ts';

export function setRoles(ledger: Ledger, caller: string, organisation: string, roles: number): Told[] {
  const entry = ledger.organisations.get(organisation);
  byRegistrar(ledger, caller)
    .when(entry === undefined, 'UnknownOrganisation')
    .when(roles === 0 || (roles & ~(1 | 2 | 4 | 8 | 16 | 32)) !== 0, 'InvalidRoles')
    .settle();
  if (entry !== undefined) entry.roles = roles;
  return [['RolesSet', organisation, roles]];
}

export function suspend(ledger: Ledger, caller: string, organisation: string, reason: string): Told[] {
  const entry = ledger.organisations.get(organisation);
  byRegistrar(ledger, caller)
    .when(entry === undefined, 'UnknownOrganisation')
    .when(entry?.suspended === true, 'AlreadySuspended')
    .settle();
  if (entry !== undefined) entry.suspended = true;
  return [['OrganisationSuspended', organisation, reason]];
}

export function reinstate(ledger: Ledger, caller: string, organisation: string): Told[] {
  const entry = ledger.organisations.get(organisation);
  byRegistrar(ledger, caller)
    .when(entry === undefined, 'UnknownOrganisation')
    .when(entry?.suspended === false, 'NotSuspended')
    .settle();
  if (entry !== undefined) entry.suspended = false;
  return [['OrganisationReinstated', organisation]];
}

export function succeed(ledger: Ledger, caller: string, organisation: string, successor: string): Told[] {
  const entry = ledger.organisations.get(organisation);
  byRegistrar(ledger, caller)
    .when(entry === undefined || !ledger.isOrganisation(successor), 'UnknownOrganisation')
    .when(entry !== undefined && entry.successor !== NOBODY, 'AlreadySucceeded')
    .when(organisation === successor || ledger.speaksFor(successor, organisation), 'CircularSuccession')
    .settle();
  if (entry !== undefined) entry.successor = successor;
  return [['OrganisationSucceeded', organisation, successor]];
}

export function setKey(
  ledger: Ledger,
  caller: string,
  organisation: string,
  key: string,
  permissions: number,
  until: number,
  by: Consent,
): Told[] {
  const { now } = ledger;
  const entry = ledger.organisations.get(organisation);
  const before = entry?.keys.get(key);
  const usable = before !== undefined && now < before.until;
  const ends = until <= now;
  const said = {
    type: 'SetKey',
    values: [organisation, key, permissions, until, entry?.nonce ?? 0, by.deadline],
  } as const;
  const shortensItself = until < (before?.until ?? 0) || (permissions & ADMINISTER) === 0;
  new Doubts()
    .when(entry === undefined, 'UnknownOrganisation')
    .when(!ledger.isPermitted(organisation, by.key, ADMINISTER), 'NotPermitted')
    .when(true, ...faultsOf(by, caller, now, said))
    .when(key === NOBODY || ledger.isOrganisation(key), 'InvalidKey')
    .when(ends && !usable, 'InvalidKey')
    .when(!ends && (permissions === 0 || (permissions & ~EVERYTHING) !== 0), 'InvalidKey')
    .when(key === by.key && shortensItself, 'SelfLockout')
    .settle();
  const window = before ?? { from: now, until: 0, permissions: 0 };
  if (ends) {
    window.until = now;
  } else {
    const gainsNothing = usable && (permissions & ~window.permissions) === 0;
    if (!gainsNothing) window.from = now;
    window.until = until;
    window.permissions = permissions;
  }
  entry?.keys.set(key, window);
  if (entry !== undefined) entry.nonce += 1;
  return [['KeySet', organisation, key, window.permissions, window.from, window.until]];
}

function byRegistrar(ledger: Ledger, caller: string): Doubts {
  return new Doubts().when(caller !== ledger.administrator, 'AccessManagedUnauthorized');
}
