// Owns the real contracts of the differential test: acts brought to them as transactions, what they answered and told, and
// what they hold. It judges nothing.
import { type Interface, id, keccak256, toUtf8Bytes, Wallet } from 'ethers';
import { contractInterface } from '../../src/adapters/contracts.ts';
import { startEvm } from '../../src/adapters/embedded-node/evm.ts';
import { deploy } from '../../src/adapters/registrar.ts';
import type { Rpc, RpcFailure, RpcReply } from '../../src/adapters/rpc.ts';
import { organisationAddressOf } from '../../src/core/organisation-address.ts';
import { NOBODY } from './ledger.ts';
import { type Consent, type Domain, number, Pens, type Signed } from './said.ts';
import { ADMITTED, KEYS, PEOPLE, secrets } from './world.ts';

export interface Call {
  readonly contract: Domain;
  readonly method: string;
  readonly caller: string;
  readonly args: readonly unknown[];
  /** Seconds that pass before. */
  readonly after?: number;
}

export type Outcome = { readonly refused: string } | { readonly told: readonly string[] };

export interface Chain {
  readonly addresses: Readonly<Record<Domain, string>>;
  readonly administrator: string;
  /** Organisations in the order of ADMITTED. */
  readonly organisations: readonly string[];
  /** Block time of the admission of the last of them; the others were admitted a second apart. */
  readonly start: number;
  /** `hopeless` says that it will be refused: then it is only asked, which is quicker, and done if it is not refused. */
  act(call: Call, now: number, hopeless?: boolean): Promise<Outcome>;
  /** What view functions answer, as hex without 0x; all of one contract. */
  read(contract: Domain, calls: readonly string[]): Promise<string[]>;
  /** Keeps what is there; answers with how to come back to it, any number of times. */
  keep(): Promise<() => Promise<void>>;
}

const GAS = { gas: '0xf00000', gasPrice: '0x10000000000' };
const MULTICALL = id('multicall(bytes[])').slice(0, 10);
const CHAIN_ID = 31_337;
/** Its own account and key, known to everybody, of this chain only. */
const REGISTRAR_KEY = keccak256(toUtf8Bytes('touchstone differential registrar'));
/** Later than any clock, so that every run has the same days. */
const START = 3_000_000_000;
/** Told to marketplaces only: read the metadata again. */
const NOT_COMPARED = new Set(['MetadataUpdate', 'BatchMetadataUpdate']);

type Ask = (method: string, ...params: unknown[]) => Promise<RpcReply>;
type Need = <T>(method: string, ...params: unknown[]) => Promise<T>;

export async function startChain(): Promise<Chain> {
  const administrator = new Wallet(REGISTRAR_KEY).address.toLowerCase();
  const funded = [administrator, ...PEOPLE, ...KEYS].map((address) => ({ address, wei: String(10n ** 30n) }));
  const evm = await startEvm({ chainId: CHAIN_ID, timestamp: 1, funded });
  const ask: Ask = async (method, ...params) => JSON.parse(await evm.request(method, params)) as RpcReply;
  const need: Need = async <T>(method: string, ...params: unknown[]): Promise<T> => {
    const reply = await ask(method, ...params);
    if ('error' in reply) throw new Error(`${method}: ${reply.error.message}`);
    return reply.result as T;
  };
  const rpc: Rpc = {
    call: need,
    batch: (calls) => Promise.all(calls.map(({ method, params }) => ask(method, ...params))),
  };
  const plan = await deploy({ rpc, privateKey: REGISTRAR_KEY, chainId: CHAIN_ID }, '', NOBODY, 0);
  for (const { address } of funded) await need('hardhat_impersonateAccount', address);
  const addresses = { pieces: plan.pieces, lifeEvents: plan.lifeEvents, organisations: plan.organisations };
  const contracts = {
    pieces: contractInterface('Pieces'),
    lifeEvents: contractInterface('LifeEvents'),
    organisations: contractInterface('Organisations'),
  };
  const act = actor(ask, need, contracts, addresses);
  const organisations: string[] = [];
  for (const [i, [handle, roles, key]] of ADMITTED.entries()) {
    const call = {
      contract: 'organisations',
      method: 'admit',
      caller: administrator,
      args: [handle, roles, key],
    } as const;
    await act(call, START + i);
    organisations.push(organisationAddressOf(CHAIN_ID, plan.organisations, handle));
  }
  return {
    addresses,
    administrator,
    organisations,
    start: START + organisations.length - 1,
    act,
    async read(contract, calls) {
      const to = addresses[contract];
      if (contract === 'organisations') {
        return Promise.all(
          calls.map(async (data) => (await need<string>('eth_call', { to, data }, 'latest')).slice(2)),
        );
      }
      const data = multicall(calls);
      return answersIn((await need<string>('eth_call', { to, data, gas: GAS.gas }, 'latest')).slice(2));
    },
    async keep() {
      let kept = await need('evm_snapshot');
      return async () => {
        await need('evm_revert', kept);
        kept = await need('evm_snapshot');
      };
    },
  };
}

function actor(ask: Ask, need: Need, contracts: Interfaces, addresses: Readonly<Record<Domain, string>>): Chain['act'] {
  const errors = errorsOf(Object.values(contracts));
  const pens = new Pens(secrets, CHAIN_ID, addresses);
  return async ({ contract, method, caller, args }, now, hopeless) => {
    const name = method === 'safeTransferFrom' ? 'safeTransferFrom(address,address,uint256)' : method;
    const data = contracts[contract].encodeFunctionData(
      name,
      args.map((arg) => bytesOf(arg, pens)),
    );
    const transaction = { from: caller, to: addresses[contract], data, ...GAS };
    await need('evm_setNextBlockTimestamp', now);
    const refusal = (reply: RpcReply) =>
      'error' in reply ? (errors.get(errorData(reply.error).slice(0, 10)) ?? reply.error.message) : undefined;
    if (hopeless) {
      const refused = refusal(await ask('eth_call', transaction, 'pending'));
      if (refused !== undefined) return { refused };
    }
    const hash = await need('eth_sendTransaction', transaction);
    const receipt = await need<{ status: string; logs: Log[] }>('eth_getTransactionReceipt', hash);
    if (receipt.status === '0x1') return { told: eventsIn(receipt.logs, contracts, addresses) };
    // Nothing has changed but the nonce, so that it is refused again for the same reason.
    return { refused: refusal(await ask('eth_call', transaction, 'latest')) ?? 'refused once and done again' };
  };
}

function errorData({ data }: RpcFailure): string {
  return typeof data === 'object' && data !== null && 'data' in data ? String(data.data) : String(data);
}

type Interfaces = Readonly<Record<Domain, Interface>>;

interface Log {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}

function eventsIn(logs: readonly Log[], contracts: Interfaces, addresses: Readonly<Record<Domain, string>>): string[] {
  const told: string[] = [];
  for (const log of logs) {
    const from = (Object.keys(addresses) as Domain[]).find((name) => addresses[name] === log.address.toLowerCase());
    const event = from === undefined ? null : contracts[from].parseLog(log);
    if (event === null) told.push(`something by ${log.address}`);
    else if (!NOT_COMPARED.has(event.name)) told.push([event.name, ...event.args].map(String).join(' ').toLowerCase());
  }
  return told;
}

/** Consents become authorizations, and what was signed a signature. */
function bytesOf(arg: unknown, pens: Pens): unknown {
  if (typeof arg !== 'object' || arg === null) return arg;
  if ('signer' in arg) return pens.sign(arg as Signed);
  if ('key' in arg && 'deadline' in arg) {
    const { key, deadline, signed } = arg as Consent;
    return { key, deadline, signature: signed === undefined ? '0x' : pens.sign(signed) };
  }
  return arg;
}

/** multicall(bytes[]), written by hand: these calls are many, and short. */
function multicall(calls: readonly string[]): string {
  const heads: string[] = [];
  const tails: string[] = [];
  let at = 32 * calls.length;
  for (const call of calls) {
    const length = (call.length - 2) / 2;
    const words = Math.ceil(length / 32);
    heads.push(number(at));
    tails.push(number(length), call.slice(2).padEnd(64 * words, '0'));
    at += 32 * (1 + words);
  }
  return `${MULTICALL}${number(32)}${number(calls.length)}${heads.join('')}${tails.join('')}`;
}

/** The bytes[] that a multicall answers with. */
function answersIn(hex: string): string[] {
  const word = (at: number) => Number(`0x${hex.slice(2 * at, 2 * at + 64)}`);
  const list = 64;
  return Array.from({ length: word(32) }, (_, i) => {
    const at = list + word(list + 32 * i);
    return hex.slice(2 * (at + 32), 2 * (at + 32 + word(at)));
  });
}

/** Names of errors by selector, of all contracts: each passes on what another one says. */
function errorsOf(contracts: readonly Interface[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const contract of contracts) contract.forEachError((error) => names.set(error.selector, error.name));
  return names;
}
