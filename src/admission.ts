// Owns the registrar's commands end to end: an act on the chain with the registrar's key, then what this service keeps
// about the organisation. Each can be repeated after a crash: what is done already is found and not done twice.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { secretFile } from './adapters/keys.ts';
import { organisationAddress, prefixNumber, registrarAct, setKeyMessage } from './adapters/registrar.ts';
import { apiKeyFile, type Config } from './config.ts';
import { isHandle } from './core/code.ts';
import { TouchstoneError } from './core/errors.ts';
import { organisationAddressOf } from './core/organisation-address.ts';
import {
  accountByHandle,
  createApiKey,
  holdKey,
  openAccount,
  permittedKey,
  SCOPES,
  type Scope,
} from './ledger/accounts.ts';
import { addressOfHandle, organisationAt, PERMISSION, ROLES, type Role } from './ledger/organisations.ts';
import type { Foundation } from './service.ts';

const INDEX_WAIT_MS = 20_000;
const ALL_PERMISSIONS = 255;
const FOR_EVER = 2 ** 48 - 1;

export interface NewOrganisation {
  readonly handle: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly prefixes: readonly string[];
}

export interface Admitted {
  readonly organisation: string;
  readonly handle: string;
  readonly apiKey: string;
  readonly apiKeyFile: string;
}

type Base = Pick<Foundation, 'ledger' | 'rpc'>;

/** Admits an organisation with a key held here, grants its prefixes, and makes an API key with every scope. */
export async function createOrganisation(base: Base, config: Config, wish: NewOrganisation): Promise<Admitted> {
  if (!isHandle(wish.handle)) {
    throw new TouchstoneError('invalid-request', 'A handle is 3 to 31 characters of a-z, 0-9 and inner hyphens.');
  }
  const { ledger, rpc } = base;
  const options = registrarOptions(base, config);
  const contract = ledger.chain;
  let organisation = await organisationAddress(rpc, contract.organisations, wish.handle);
  const account = await accountByHandle(ledger.db, wish.handle);
  if (organisation && !account) {
    throw new TouchstoneError(
      'code-taken',
      `The handle ${wish.handle} belongs to an organisation that this service holds no key of.`,
    );
  }
  const numbers = wish.prefixes.map(prefixNumber);
  if (!organisation) {
    organisation = await admit(base, config, wish);
  }
  await untilIndexed(() => addressOfHandle(ledger.db, wish.handle));
  const held = (await organisationAt(ledger.db, organisation))?.prefixes ?? [];
  for (const [i, digits] of wish.prefixes.entries()) {
    if (!held.includes(digits)) await registrarAct(options, contract, 'grantPrefix', [organisation, numbers[i]]);
  }
  await untilIndexed(async () => {
    const now = (await organisationAt(ledger.db, organisation as string))?.prefixes ?? [];
    return wish.prefixes.every((digits) => now.includes(digits)) || undefined;
  });
  const { apiKey, file } = await newApiKey(base, config, wish.handle, organisation, SCOPES);
  return { organisation, handle: wish.handle, apiKey, apiKeyFile: file };
}

/** The key is sealed in the database before the chain learns of it: a crash in between leaves a key unused, not lost. */
async function admit(base: Base, config: Config, wish: NewOrganisation): Promise<string> {
  const { ledger } = base;
  const organisation = plannedAddress(base, wish.handle);
  const { address, sealed } = await ledger.keys.create(organisation);
  await ledger.db.transaction(async (sql) => {
    await openAccount(sql, { organisation, handle: wish.handle, displayName: wish.name });
    await holdKey(sql, organisation, address, sealed);
  });
  const roles = wish.roles.reduce((bits, role) => bits | ROLES[role], 0);
  await registrarAct(registrarOptions(base, config), ledger.chain, 'admit', [wish.handle, roles, address]);
  return organisation;
}

function plannedAddress({ ledger }: Base, handle: string): string {
  return organisationAddressOf(ledger.chain.chainId, ledger.chain.organisations, handle);
}

/** Shown once; kept in a 0600 file for the command line on this machine, and nowhere else in the clear. */
export async function newApiKey(
  base: Base,
  config: Config,
  handle: string,
  organisation: string,
  scopes: readonly Scope[],
): Promise<{ apiKey: string; file: string }> {
  const apiKey = await createApiKey(base.ledger, organisation, scopes, 'made on the command line');
  const file = apiKeyFile(config, handle);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${apiKey}\n`, { mode: 0o600 });
  return { apiKey, file };
}

export type Act =
  | { readonly name: 'suspend'; readonly reason: string }
  | { readonly name: 'reinstate' }
  | { readonly name: 'succeed'; readonly successor: string }
  | { readonly name: 'grantPrefix' | 'withdrawPrefix'; readonly prefix: string };

export async function actOn(base: Base, config: Config, handle: string, act: Act): Promise<void> {
  const organisation = await known(base, handle);
  const values = [organisation, ...(await detailOf(base, act))];
  await registrarAct(registrarOptions(base, config), base.ledger.chain, act.name, values);
}

async function detailOf(base: Base, act: Act): Promise<readonly unknown[]> {
  switch (act.name) {
    case 'suspend':
      return [act.reason];
    case 'reinstate':
      return [];
    case 'succeed':
      return [await known(base, act.successor)];
    default:
      return [prefixNumber(act.prefix)];
  }
}

/**
 * Gives an organisation a fresh operator key and revokes the one held so far. Each step is signed by the key in force;
 * the registrar only pays. A crash in between leaves both keys valid, and running it again ends the older.
 */
export async function rotateKey(
  base: Base,
  config: Config,
  handle: string,
): Promise<{ address: string; revoked: string }> {
  const { ledger } = base;
  const organisation = await known(base, handle);
  const old = await permittedKey(ledger, organisation, PERMISSION.administer);
  const fresh = await ledger.keys.create(organisation);
  await holdKey(ledger.db, organisation, fresh.address, fresh.sealed);
  await setKey(base, config, { organisation, key: fresh.address, permissions: ALL_PERMISSIONS, until: FOR_EVER }, old);
  await setKey(base, config, { organisation, key: old.address, permissions: 0, until: 0 }, fresh);
  await ledger.db.query('UPDATE held_keys SET retired_at = now() WHERE organisation = $1 AND address = $2', [
    organisation,
    old.address,
  ]);
  return { address: fresh.address, revoked: old.address };
}

async function setKey(
  base: Base,
  config: Config,
  change: { organisation: string; key: string; permissions: number; until: number },
  signer: { address: string; sealed: Uint8Array },
): Promise<void> {
  const { ledger } = base;
  const options = registrarOptions(base, config);
  const deadline = Math.floor(ledger.now() / 1000) + 3600;
  const message = await setKeyMessage(options, ledger.chain.organisations, { ...change, deadline });
  const signature = await ledger.keys.sign(change.organisation, signer.address, signer.sealed, message);
  const authorization = { key: signer.address, deadline, signature };
  const { organisation, key, permissions, until } = change;
  await registrarAct(options, ledger.chain, 'setKey', [organisation, key, permissions, until, authorization]);
}

async function known({ ledger, rpc }: Base, handle: string): Promise<string> {
  const organisation = isHandle(handle) && (await organisationAddress(rpc, ledger.chain.organisations, handle));
  if (organisation) return organisation;
  throw new TouchstoneError('organisation-unknown', `There is no organisation with the handle ${handle}.`);
}

function registrarOptions({ ledger, rpc }: Base, config: Config) {
  return { rpc, privateKey: secretFile(config.registrarKeyFile), chainId: ledger.chain.chainId };
}

/** The running service's index has to have seen the act before anything can build on it. */
async function untilIndexed<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (const until = Date.now() + INDEX_WAIT_MS; ; ) {
    const value = await look();
    if (value !== undefined) return value;
    if (Date.now() > until) {
      throw new TouchstoneError(
        'overloaded',
        'The chain has it, but the running service has not seen it yet. Run this again.',
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
