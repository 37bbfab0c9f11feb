// Owns what tests of certificates say and wait for: a grading report about something, issued and on the chain, and a
// certifier's own wallet. What they expect of it stands in the tests.
import type { Wallet } from 'ethers';
import { secretFile } from '../../src/adapters/keys.ts';
import { registrarAct, setKeyMessage } from '../../src/adapters/registrar.ts';
import { permittedKey, signAs } from '../../src/ledger/accounts.ts';
import { PERMISSION } from '../../src/ledger/organisations.ts';
import { type Admitted, type Api, type Json, passport, type TestLedger } from './ledger.ts';
import { until } from './raw-chain.ts';

export const FOR_EVER = 2 ** 48 - 1;

/** What a laboratory states about a subject. */
export function grading(subject: object, differing: object = {}): Json {
  return {
    schema: 'touchstone/certificate/1',
    language: 'en',
    type: 'grading',
    title: 'Diamond grading report',
    statement: 'One natural diamond, round brilliant, 0.51 ct, graded F, VS1.',
    evidence: 'accredited',
    subject,
    ...differing,
  };
}

/** What the API says of a certificate once nothing more will become of it. */
export async function settled(api: Api, id: string): Promise<Json> {
  let found: Json;
  await until(`the certificate ${id} is settled`, async () => {
    found = (await api.get(`/api/v1/certificates/${id}`)).body;
    return found.state === 'final' || found.state === 'failed';
  });
  return found;
}

/** Issues one and waits for it. @throws if it isn't accepted, or fails */
export async function certify(api: Api, statement: object, more: object = {}): Promise<Json> {
  const reply = await api.post('/api/v1/certificates', { statement, ...more });
  if (reply.status !== 202) throw new Error(`not accepted: ${reply.text}`);
  const done = await settled(api, reply.body.id);
  if (done.state !== 'final') throw new Error(`not issued: ${JSON.stringify(done)}`);
  return done;
}

/** Revokes one and waits for it. @throws if it isn't accepted, or fails */
export async function revoke(api: Api, id: string, reason: string, words = ''): Promise<Json> {
  const reply = await api.post(`/api/v1/certificates/${id}/revoke`, { reason, words });
  if (reply.status !== 202) throw new Error(`not accepted: ${reply.text}`);
  let found: Json;
  await until(`the revocation of ${id} is settled`, async () => {
    found = (await api.get(`/api/v1/certificates/${id}`)).body;
    return found.revocation.state === 'final' || found.revocation.state === 'failed';
  });
  if (found.revocation.state !== 'final') throw new Error(`not revoked: ${JSON.stringify(found)}`);
  return found;
}

/** The passport once it holds what is waited for: it may be a second older than the index. */
export async function passportOnce(api: Api, path: string, holds: (seen: Json) => boolean): Promise<Json> {
  let seen: Json;
  await until(`the passport of ${path} shows it`, async () => {
    seen = await passport(api, path);
    return holds(seen);
  });
  return seen;
}

export function checkOf(seen: Json, name: string): string {
  return seen.checks.find((check: Json) => check.name === name)?.result;
}

/** Gives a key of an organisation these permissions on the chain, signed by the key that the service holds. */
export async function setKey(
  ledger: TestLedger,
  { organisation }: Admitted,
  key: string,
  permissions: number,
  endsAt = FOR_EVER,
): Promise<void> {
  const { ledger: parts, rpc } = ledger.service;
  const { chain } = parts;
  const options = { rpc, privateKey: secretFile(ledger.config.registrarKeyFile), chainId: chain.chainId };
  const deadline = Math.floor(Date.now() / 1000) + 600;
  const change = { organisation, key, permissions, until: endsAt, deadline };
  const message = await setKeyMessage(options, chain.organisations, change);
  const held = await permittedKey(parts, organisation, PERMISSION.administer);
  const authorization = { key: held.address, deadline, signature: await signAs(parts, organisation, held, message) };
  await registrarAct(options, chain, 'setKey', [organisation, key, permissions, endsAt, authorization]);
}

/** Typed data as `/prepare` gives them, signed in a wallet. */
export function signedBy(wallet: Wallet, { typedData }: { typedData: Json }): Promise<string> {
  return wallet.signTypedData(typedData.domain, typedData.types, typedData.message);
}
