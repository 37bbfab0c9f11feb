// Owns acting from the command line: what has to be signed is asked for, built again here from the act's own description
// and signed with keys that stay on this machine, so that a service can not have anything else signed than what was asked.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type PrivateOwner, privateOwner } from './adapters/keys.ts';
import type { Client, Reply } from './client.ts';
import { actTypedData, type Signed } from './core/act.ts';
import { actRequest, wishOf } from './core/acts.ts';
import { type ErrorCode, TouchstoneError } from './core/errors.ts';
import { faultsOf } from './core/faults.ts';

const POLL_MS = 300;

export type ActRequest = Readonly<Record<string, unknown>> & { readonly act: string };
/** What of a client acts need. */
export type ActClient = Pick<Client, 'get' | 'post'>;
export type Owners = Readonly<Record<string, PrivateOwner>>;

/** The key in a file: 0x and 64 hexadecimal digits. No message tells anything of what stands in it. */
export function keyIn(file: string): PrivateOwner {
  const text = readFileSync(file, 'utf8').trim();
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return privateOwner(text);
  throw new TouchstoneError('configuration', `${file} must hold one key: 0x and 64 hexadecimal digits.`);
}

/** Signatures of these owners over an act, as it stands now. */
export async function signaturesOf(
  client: ActClient,
  request: ActRequest,
  owners: Owners,
): Promise<Record<string, Signed>> {
  const parsed = actRequest.safeParse(request);
  if (!parsed.success) {
    throw new TouchstoneError('invalid-request', 'This can not be asked for.', {
      faults: faultsOf(parsed.error, request),
    });
  }
  const { act, fields } = wishOf(parsed.data);
  const chain = await client.get('/api/v1/chain');
  const prepared = await client.post('/api/v1/acts/prepare', request, randomUUID());
  const refusal = prepared['refusal'] as { code: ErrorCode; detail: string } | null;
  if (refusal) throw new TouchstoneError(refusal.code, refusal.detail);
  const asked = prepared['signatures'] as { signer: string; deadline: number }[];
  const place = { chainId: Number(chain['chainId']), address: String(chain[act.contract]) };
  const signed: Record<string, Signed> = {};
  for (const [who, owner] of Object.entries(owners)) {
    const deadline = asked.find(({ signer }) => signer === who)?.deadline as number;
    const signer = act.signers[who];
    if (!signer) throw new Error(`${act.name} has no signer ${who}`);
    const data = actTypedData(
      place,
      act.contract,
      signer as never,
      {
        fields,
        standing: prepared['standing'],
        deadline,
      } as never,
    );
    signed[who] = { key: owner.address, deadline, signature: await owner.sign(data) };
  }
  return signed;
}

/** Signs what is to be signed here, brings the act, and stays until nothing more becomes of it. */
export async function bringAct(client: ActClient, request: ActRequest, owners: Owners = {}): Promise<Reply> {
  const brought = request['signatures'] as Record<string, Signed> | undefined;
  const made = Object.keys(owners).length === 0 ? {} : await signaturesOf(client, request, owners);
  const body = { ...request, signatures: { ...brought, ...made } };
  let receipt = await client.post('/api/v1/acts', body, randomUUID());
  while (['accepted', 'sealed'].includes(String(receipt['state']))) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    receipt = await client.get(`/api/v1/acts/${receipt['id']}`);
  }
  const error = receipt['error'] as { code: ErrorCode; detail: string } | null;
  if (error) throw new TouchstoneError(error.code, error.detail);
  return receipt;
}
