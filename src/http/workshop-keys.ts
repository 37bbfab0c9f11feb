// Owns the console's pages of keys: API keys made and revoked, passkeys added and removed, operator keys shown. Nobody makes
// a key that may do more than the one signed in with, and only who may do everything makes or revokes any.
import { z } from 'zod';
import { TouchstoneError } from '../core/errors.ts';
import { line } from '../core/fields.ts';
import {
  type ApiKeyRow,
  apiKeysOf,
  type Caller,
  createApiKey,
  heldKeysOf,
  revokeApiKey,
  SCOPES,
  type Scope,
} from '../ledger/accounts.ts';
import { forgetPasskey, passkeysOf } from '../ledger/console-passkeys.ts';
import { found } from '../ledger/find.ts';
import { operatorKeysOf } from '../ledger/operator-keys.ts';
import { keysMain, revokeMain } from '../web/workshop-keys.ts';
import type { Context } from './route.ts';
import { type Faults, readFields } from './workshop-form.ts';
import { registerPasskey } from './workshop-passkeys.ts';
import type { ConsoleRoute, Shown, Visit } from './workshop-route.ts';

const MEANINGS: Readonly<Record<Scope, string>> = {
  read: 'Look',
  'pieces:write': 'Register pieces',
  'certificates:write': 'Issue and revoke certificates',
  'transfers:write': 'Pass pieces on, release, recall and correct them',
};

const mayManage = ({ scopes }: Caller) => SCOPES.every((scope) => scopes.includes(scope));

function mustManage(caller: Caller): void {
  if (mayManage(caller)) return;
  throw new TouchstoneError('forbidden', 'Making and revoking keys takes a key with all rights. Nothing was done.');
}

interface More {
  readonly typed?: { purpose: string; scopes: readonly string[] };
  readonly faults?: Faults;
  readonly made?: string;
  readonly done?: string;
}

async function keysPage({ context, caller, token }: Visit, { done, ...more }: More = {}): Promise<Shown> {
  const { db } = context.ledger;
  const { organisation } = caller;
  const now = Math.floor(context.ledger.now() / 1000);
  const [keys, passkeys, operators, held] = await Promise.all([
    apiKeysOf(db, organisation),
    passkeysOf(db, organisation),
    operatorKeysOf(db, organisation, now),
    heldKeysOf(db, organisation),
  ]);
  const here = new Set(held.map(({ address }) => address));
  return {
    title: 'Keys and passkeys',
    current: '/workshop/keys',
    scripts: ['workshop-keys'],
    ...(more.faults && { status: 422 }),
    ...(done !== undefined && { done }),
    main: keysMain({
      keys,
      passkeys,
      operatorKeys: operators.map((key) => ({ ...key, heldHere: here.has(key.address) })),
      own: caller.keyId,
      mayManage: mayManage(caller),
      scopes: SCOPES.map((scope) => [scope, MEANINGS[scope]]),
      token,
      ...more,
    }),
  };
}

const DONE: Readonly<Record<string, string>> = {
  revoked: 'The key is revoked.',
  passkey: 'The passkey is added. From now on you can sign in with it.',
  removed: 'The passkey is removed, and whoever was signed in with it is signed out.',
};

const named = z.object({ purpose: line(60) });
const labelled = z.object({ label: line(60) });

/** @throws TouchstoneError not-found for another organisation's, as if there were none */
async function ownKey({ request, caller }: Visit, { ledger }: Context): Promise<ApiKeyRow> {
  const keys = await apiKeysOf(ledger.db, caller.organisation);
  const key = keys.find(({ id, revokedAt }) => id === request.params['id'] && revokedAt === null);
  return found(key, 'This key');
}

export const keyRoutes: readonly ConsoleRoute[] = [
  {
    method: 'get',
    path: '/workshop/keys',
    async handle(visit) {
      const done = DONE[String(visit.request.query['done'])];
      return keysPage(visit, done === undefined ? {} : { done });
    },
  },
  {
    method: 'post',
    path: '/workshop/keys',
    async handle(visit) {
      const { fields, caller, context } = visit;
      mustManage(caller);
      const read = readFields(named, fields);
      const scopes = SCOPES.filter((scope) => fields.all('scopes').includes(scope));
      const none = scopes.length === 0 ? { scopes: 'Choose at least one.' } : undefined;
      if (!read.ok || none) {
        const faults = { ...(read.ok ? {} : read.faults), ...none };
        return keysPage(visit, { typed: { purpose: fields.get('purpose'), scopes }, faults });
      }
      // Shown in the answer to the form itself: no address leads to it, and nothing keeps the page.
      const made = await createApiKey(context.ledger, caller.organisation, scopes, read.value.purpose);
      return keysPage(visit, { made });
    },
  },
  {
    method: 'get',
    path: '/workshop/keys/:id/revoke',
    async handle(visit) {
      mustManage(visit.caller);
      const key = await ownKey(visit, visit.context);
      const own = key.id === visit.caller.keyId;
      return {
        title: 'Revoke a key',
        current: '/workshop/keys',
        main: revokeMain(key, { token: visit.token, own }),
      };
    },
  },
  {
    method: 'post',
    path: '/workshop/keys/:id/revoke',
    async handle(visit) {
      mustManage(visit.caller);
      const { id } = await ownKey(visit, visit.context);
      await revokeApiKey(visit.context.ledger, id);
      return { to: '/workshop/keys?done=revoked' };
    },
  },
  {
    method: 'post',
    path: '/workshop/keys/passkeys',
    async handle(visit) {
      const { fields, context, session } = visit;
      const read = readFields(labelled, fields);
      const label = read.ok ? read.value.label : 'Passkey';
      await registerPasskey(context, session, { answer: fields.get('answer'), label });
      return { to: '/workshop/keys?done=passkey' };
    },
  },
  {
    method: 'post',
    path: '/workshop/keys/passkeys/remove',
    async handle({ fields, context, caller }) {
      const gone = await forgetPasskey(context.ledger.db, caller.organisation, fields.get('id'));
      found(gone || undefined, 'This passkey');
      return { to: '/workshop/keys?done=removed' };
    },
  },
];
