// Owns doing what has to be signed, from the wish to the receipt. What is signed is built here from the act's own
// description, so that the service can not have anything else signed than what was asked for.
import { type ActState, type ActTypedData, actTypedData, type Signed } from '../../core/act.ts';
import { actRequest, wishOf } from '../../core/acts.ts';
import type { Signer } from './keyring.ts';
import { type Answer, Failure, get, post } from './service.ts';

export type Wish = Readonly<Record<string, unknown>> & { readonly act: string; readonly piece?: string };
/** Whose signature is made here: an owner, or any key that signs a digest or typed data. */
export type Signs = Pick<Signer, 'account' | 'sign'>;
export interface Receipt {
  readonly id: string;
  readonly act: string;
  readonly state: ActState;
  readonly path: string | null;
  readonly transaction: string | null;
  readonly block: number | null;
  readonly error: { readonly code: string; readonly detail: string } | null;
  readonly acceptedAt: string;
  readonly signatures?: Readonly<Record<string, Signed>>;
}

export interface Chain {
  readonly chainId: number;
  readonly pieces: string;
  readonly lifeEvents: string;
  readonly [contract: string]: unknown;
}

let chain: Promise<Chain> | undefined;

export function chainOf(): Promise<Chain> {
  chain ??= get('/api/v1/chain');
  // A lost network now doesn't spoil the next try.
  chain.catch(() => {
    chain = undefined;
  });
  return chain;
}

export interface Prepared {
  readonly standing: Answer;
  readonly signatures: readonly { signer: string; deadline: number; from: string; account: string | null }[];
  readonly refusal: { readonly code: string; readonly detail: string } | null;
  readonly calls: readonly { to: string; data: string }[];
}

/** How things stand for a wish, before anybody signs. */
export function prepare(wish: Wish): Promise<Prepared> {
  return post('/api/v1/acts/prepare', wish);
}

/** What a signer of a wish signs, as things stand. */
export async function dataFor(
  wish: Wish,
  who: string,
  { standing, signatures }: Prepared,
): Promise<{ data: ActTypedData; deadline: number }> {
  const { act, fields } = wishOf(actRequest.parse(wish));
  const signer = act.signers[who];
  const deadline = signatures.find((one) => one.signer === who)?.deadline;
  if (!signer || deadline === undefined) throw new Error(`${act.name} has no signer ${who}`);
  const { chainId, [act.contract]: address } = await chainOf();
  const place = { chainId, address: String(address) };
  return {
    data: actTypedData(place, act.contract, signer as never, { fields, standing, deadline } as never),
    deadline,
  };
}

/** The wish with these signatures. @throws Failure with the chain's refusal, before anybody is asked to sign */
export async function signed(wish: Wish, signers: Readonly<Record<string, Signs>>): Promise<Wish> {
  const prepared = await prepare(wish);
  if (prepared.refusal) throw new Failure(prepared.refusal.code, prepared.refusal.detail);
  const made: Record<string, Signed> = {};
  for (const [who, { account, sign }] of Object.entries(signers)) {
    const { data, deadline } = await dataFor(wish, who, prepared);
    made[who] = { key: account, deadline, signature: await sign(data) };
  }
  return { ...wish, signatures: { ...(wish['signatures'] as object | undefined), ...made } };
}

/** Brings a signed wish. Asked again with the same key after a lost answer, nothing is done twice. */
export function bring(wish: Wish, key: string): Promise<Receipt> {
  return post('/api/v1/acts', wish, key);
}

export function receiptOf(id: string): Promise<Receipt> {
  return get(`/api/v1/acts/${id}`);
}

const POLL_MS = 700;
const UNSETTLED: readonly ActState[] = ['accepted', 'sealed', 'anchored'];

/** Tells each state as it comes, until nothing more becomes of it. A lost network is waited for. */
export async function follow(id: string, told: (receipt: Receipt) => void): Promise<Receipt> {
  for (;;) {
    try {
      const receipt = await receiptOf(id);
      told(receipt);
      if (!UNSETTLED.includes(receipt.state)) return receipt;
    } catch (error) {
      if (
        !(error instanceof Failure) ||
        !['offline', 'overloaded', 'rate-limited', 'database-unavailable', 'node-unavailable'].includes(error.code)
      )
        throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
