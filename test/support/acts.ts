// Owns acting as pages and wallets do: asking what has to be signed, signing it with keys of one's own, bringing it, and
// waiting for the receipt. What a test expects of the answers stands in the test.
import { expect } from 'chai';
import type { Wallet } from 'ethers';
import { codeOfPath, type PieceCode } from '../../src/core/code.ts';
import { passportOf } from '../../src/ledger/find.ts';
import type { Api, Json, Reply, TestLedger } from './ledger.ts';
import { until } from './raw-chain.ts';

export type Signers = Readonly<Record<string, Wallet>>;

/** What `prepare` answers. */
export async function prepared(api: Api, act: object): Promise<Json> {
  const reply = await api.post('/api/v1/acts/prepare', act);
  expect(reply.status, reply.text).to.equal(200);
  return reply.body;
}

/** The act with these signatures over what `prepare` answers, which were changed first if wanted. */
export async function signedAct(
  api: Api,
  act: object,
  signers: Signers,
  differing: { domain?: object; message?: object } = {},
): Promise<Json> {
  const { signatures } = await prepared(api, act);
  const brought: Json = { ...((act as Json).signatures ?? {}) };
  for (const [who, signer] of Object.entries(signers)) {
    const { typedData } = signatures.find((one: Json) => one.signer === who);
    const message = { ...typedData.message, ...differing.message };
    const signature = await signer.signTypedData(
      { ...typedData.domain, ...differing.domain },
      typedData.types,
      message,
    );
    brought[who] = { signature, deadline: Number(message.deadline) };
  }
  return { ...act, signatures: brought };
}

/** The receipt once nothing more will become of the act. */
export async function settledAct(ledger: TestLedger, reply: Reply): Promise<Json> {
  expect(reply.status, reply.text).to.equal(202);
  expect(reply.headers.get('location')).to.equal(`/api/v1/acts/${reply.body.id}`);
  let receipt: Json;
  await until('the act is done', async () => {
    receipt = (await ledger.api.get(`/api/v1/acts/${reply.body.id}`)).body;
    return !['accepted', 'sealed', 'anchored'].includes(receipt.state);
  });
  return receipt;
}

/** Signs, brings and waits, without an API key unless another client is given. */
export async function done(
  ledger: TestLedger,
  act: object,
  signers: Signers = {},
  api: Api = ledger.api,
): Promise<Json> {
  return settledAct(ledger, await api.post('/api/v1/acts', await signedAct(api, act, signers)));
}

export const low = ({ address }: Wallet) => address.toLowerCase();

/** As the index has it now: pages may be a second behind. */
export async function keeperOf({ service }: TestLedger, path: string): Promise<Json> {
  const { db, chain } = service.ledger;
  return (await passportOf(db, chain, codeOfPath(path) as PieceCode))?.keeper;
}
