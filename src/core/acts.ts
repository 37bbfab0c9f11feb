// Owns which acts there are, and what a request for one may hold. Another contract's acts are a list of their own, added
// to ACTS here: routes, tables, relaying and receipts follow from it.
import { z } from 'zod';
import type { Act } from './act.ts';
import { deadline, signature } from './act-fields.ts';
import { ARBITER_ACTS } from './acts-arbiter.ts';
import { CLAIM_ACTS } from './acts-claim.ts';
import { HANDOVER_ACTS } from './acts-handover.ts';
import { LOT_ACTS } from './acts-lots.ts';
import { BATCH_ACTS, NOTICE_ACTS } from './acts-notice.ts';
import { OWNER_ACTS } from './acts-owner.ts';
import { RANGE_ACTS } from './acts-range.ts';
import { RECOVERY_ACTS } from './acts-recovery.ts';
import { SERVICE_ACTS } from './acts-service.ts';
import { TRADE_ACTS } from './acts-trade.ts';
import { type Fault, TouchstoneError } from './errors.ts';

export const ACTS: readonly Act[] = [
  ...CLAIM_ACTS,
  ...HANDOVER_ACTS,
  ...TRADE_ACTS,
  ...RANGE_ACTS,
  ...LOT_ACTS,
  ...OWNER_ACTS,
  ...SERVICE_ACTS,
  ...NOTICE_ACTS,
  ...BATCH_ACTS,
  ...ARBITER_ACTS,
  ...RECOVERY_ACTS,
];

/** @throws if there is none: names come from a checked request or from the database */
export function actNamed(name: string): Act {
  const found = ACTS.find((one) => one.name === name);
  if (!found) throw new Error(`there is no act named ${name}`);
  return found;
}

const requestOf = ({ name, does, fields, signers }: Act) =>
  z
    .strictObject({
      act: z.literal(name),
      ...fields.shape,
      deadline: deadline.optional().describe('Until when signatures asked for or made here shall be good'),
      signatures: z
        .strictObject(Object.fromEntries(Object.keys(signers).map((who) => [who, signature.optional()])))
        .default({})
        .describe('Those made elsewhere, by signer'),
    })
    .describe(does);

type Request = ReturnType<typeof requestOf>;

/** Any act with the signatures brought for it. */
export const actRequest = z.discriminatedUnion('act', ACTS.map(requestOf) as [Request, ...Request[]]);

/** An act as it was asked for. */
export interface ActWish {
  readonly act: Act;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly deadline: number | undefined;
  readonly signatures: Readonly<Record<string, z.output<typeof signature>>>;
}

export function wishOf(request: z.output<typeof actRequest>): ActWish {
  const { act: name, deadline: until, signatures, ...fields } = request;
  const brought = Object.entries(signatures).flatMap(([who, one]) => (one ? [[who, one]] : []));
  return { act: actNamed(name), fields, deadline: until, signatures: Object.fromEntries(brought) };
}

const SECRET_NAME = /secret|private|mnemonic|seed|password/i;
/** Members that hold 32 bytes which are no key. */
const HASH_NAME = /(hash|sha256|id|ids|root|salt|origin|material|parents|lot|lots)$/i;
const KEY = /(^|[^0-9a-f])[0-9a-f]{64}($|[^0-9a-f])/i;
/** What stands behind # in an address never leaves its holder's device. */
const FRAGMENT = /#[\w.-]{16,}/;

/**
 * Refuses a request that seems to carry a private key, before anything of it is kept or answered. (Secrets of cards are
 * refused wherever they are sent.)
 * @throws TouchstoneError secret-sent
 */
export function refuseSecrets(body: unknown): void {
  const faults = secretsIn(body, '', '');
  if (faults.length === 0) return;
  const message =
    'This looks like a private key or the secret of a card. It was neither kept nor logged here, but should not have left your device: sign there, and send only the signature.';
  throw new TouchstoneError('secret-sent', message, { faults });
}

function secretsIn(value: unknown, path: string, name: string): Fault[] {
  if (typeof value === 'string') {
    const named = SECRET_NAME.test(name) && value.length >= 16;
    // Token ids are as long, but decimal.
    const key = KEY.test(value) && !/^\d+$/.test(value) && !HASH_NAME.test(name);
    return named || key || FRAGMENT.test(value) ? [{ field: path, reason: 'looks like a secret' }] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([member, inner]) => {
    const own = Array.isArray(value) ? name : member;
    return secretsIn(inner, path === '' ? member : `${path}.${member}`, own);
  });
}
