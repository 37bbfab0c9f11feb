// Owns the registrar's commands beside a running service: admitting organisations, what becomes of them, their API keys. How
// they are called stands in cli.ts.
import { type Act, actOn, createOrganisation, type NewOrganisation, newApiKey, rotateKey } from './admission.ts';
import { type ClientOptions, show } from './client-commands.ts';
import type { Config } from './config.ts';
import { TouchstoneError } from './core/errors.ts';
import { accountByHandle, revokeApiKey, type Scope } from './ledger/accounts.ts';
import { besideService } from './service-commands.ts';

export async function admit(config: Config, wish: NewOrganisation, options: ClientOptions): Promise<void> {
  const made = await besideService(config, (base) => createOrganisation(base, config, wish));
  show(
    made,
    options,
    () => `${made.handle} ${made.organisation}\nAPI key, shown once: ${made.apiKey}\nkept in ${made.apiKeyFile}`,
  );
}

export async function act(config: Config, handle: string, what: Act): Promise<void> {
  await besideService(config, (base) => actOn(base, config, handle, what));
}

export async function rotate(config: Config, handle: string): Promise<void> {
  await besideService(config, (base) => rotateKey(base, config, handle));
}

export async function makeKey(config: Config, handle: string, scopes: readonly Scope[]): Promise<void> {
  const made = await besideService(config, async (base) => {
    const account = await accountByHandle(base.ledger.db, handle);
    if (!account)
      throw new TouchstoneError('organisation-unknown', `There is no organisation with the handle ${handle} here.`);
    return newApiKey(base, config, handle, account.organisation, scopes);
  });
  process.stdout.write(`API key, shown once: ${made.apiKey}\nkept in ${made.file}\n`);
}

export async function revokeKey(config: Config, id: string): Promise<void> {
  const revoked = await besideService(config, (base) => revokeApiKey(base.ledger, id.replace(/^ts_/, '').slice(0, 12)));
  if (!revoked) throw new TouchstoneError('not-found', 'No such key is in force.');
  process.stdout.write('revoked\n');
}
