// Owns the registrar's acts: deploying the contracts and admitting organisations, with the registrar's own key, which
// pays its own gas. Used by the command line and by the embedded ledger's first start; never by the HTTP service.
import { getCreateAddress, Interface, Transaction, Wallet } from 'ethers';
import { TouchstoneError } from '../core/errors.ts';
import { type Hex32, lower } from '../core/hash.ts';
import { organisationsDomain, SET_KEY_TYPES } from '../core/typed-data.ts';
import { type ContractName, contractInterface, creationCode } from './contracts.ts';
import type { Rpc } from './rpc.ts';

export interface Deployment {
  readonly registrar: string;
  readonly organisations: string;
  readonly pieces: string;
  readonly certificates: string;
  readonly lifeEvents: string;
  readonly passkeys: string;
  readonly lots: string;
  readonly bundles: string;
}

const DEPLOY_GAS = 8_000_000n;
const ACT_GAS = 400_000n;
const RECEIPT_POLL_MS = 100;
const RECEIPT_WAIT_MS = 180_000;

export interface RegistrarOptions {
  readonly rpc: Rpc;
  readonly privateKey: string;
  readonly chainId: number;
}

/** Addresses that a registrar whose first transactions are the deployment gets. */
export function plannedDeployment(registrar: string, nonce = 0): Deployment {
  const at = (offset: number) => lower(getCreateAddress({ from: registrar, nonce: nonce + offset }));
  const first = { registrar: at(0), organisations: at(1), pieces: at(2), certificates: at(3) };
  return { ...first, lifeEvents: at(4), passkeys: at(5), lots: at(6), bundles: at(7) };
}

/**
 * Deploys what is missing of the contracts, beginning at `nonce`. Safe to repeat after a crash in between: what is
 * there is recognised by its address.
 */
export async function deploy(
  options: RegistrarOptions,
  baseUri: string,
  predecessor: string,
  nonce: number,
): Promise<Deployment> {
  const wallet = new Wallet(options.privateKey);
  const plan = plannedDeployment(wallet.address, nonce);
  const companions = [plan.certificates, plan.lots, plan.lifeEvents, plan.passkeys];
  const steps: [ContractName, unknown[]][] = [
    ['Registrar', [wallet.address]],
    ['Organisations', [plan.registrar, plan.passkeys]],
    // The registry names the contracts that follow, whose addresses are known before they are there.
    ['Pieces', [plan.organisations, companions, plan.registrar, predecessor, baseUri]],
    ['Certificates', [plan.organisations, plan.passkeys]],
    ['LifeEvents', [plan.pieces, plan.organisations, plan.passkeys]],
    ['Passkeys', []],
    ['Lots', [plan.pieces, plan.organisations, plan.passkeys]],
    ['Bundles', []],
  ];
  const addresses = [
    plan.registrar,
    plan.organisations,
    plan.pieces,
    plan.certificates,
    plan.lifeEvents,
    plan.passkeys,
    plan.lots,
    plan.bundles,
  ];
  for (const [i, [name, values]] of steps.entries()) {
    const code = await options.rpc.call<string>('eth_getCode', addresses[i], 'latest');
    if (code !== '0x') continue;
    const { abi, bytecode } = creationCode(name);
    const data = bytecode + new Interface(abi).encodeDeploy(values).slice(2);
    await act(options, wallet, { data, gas: DEPLOY_GAS, nonce: nonce + i });
  }
  return plan;
}

export async function nonceOf({ rpc, privateKey }: RegistrarOptions): Promise<number> {
  return Number(await rpc.call<string>('eth_getTransactionCount', new Wallet(privateKey).address, 'latest'));
}

const organisations = contractInterface('Organisations');

/** One of the registrar's acts on the organisations contract. @throws TouchstoneError invalid-request in the contract's words */
export async function registrarAct(
  options: RegistrarOptions,
  deployment: Pick<Deployment, 'organisations'>,
  name: 'admit' | 'setRoles' | 'succeed' | 'suspend' | 'reinstate' | 'grantPrefix' | 'withdrawPrefix' | 'setKey',
  values: readonly unknown[],
): Promise<Hex32> {
  const data = organisations.encodeFunctionData(name, [...values]);
  return act(options, new Wallet(options.privateKey), { to: deployment.organisations, data, gas: ACT_GAS });
}

export async function organisationAddress(rpc: Rpc, contract: string, handle: string): Promise<string | undefined> {
  const data = organisations.encodeFunctionData('organisationByHandle', [handle]);
  const answer = await rpc.call<string>('eth_call', { to: contract, data }, 'latest');
  const address = lower(organisations.decodeFunctionResult('organisationByHandle', answer)[0]);
  return /^0x0{40}$/.test(address) ? undefined : address;
}

/** Typed data of a key change, with the organisation's present nonce. */
export async function setKeyMessage(
  options: RegistrarOptions,
  contract: string,
  change: { organisation: string; key: string; permissions: number; until: number; deadline: number },
) {
  const data = organisations.encodeFunctionData('organisationOf', [change.organisation]);
  const answer = await options.rpc.call<string>('eth_call', { to: contract, data }, 'latest');
  const { nonce } = organisations.decodeFunctionResult('organisationOf', answer)[0] as { nonce: bigint };
  return {
    domain: organisationsDomain(options.chainId, contract),
    types: SET_KEY_TYPES,
    primaryType: 'SetKey',
    message: { ...change, nonce: Number(nonce) },
  };
}

/** Reads from the registry which contracts belong to it. @throws TouchstoneError chain-mismatch if it is none of ours */
export async function contractsOf(
  rpc: Rpc,
  pieces: string,
): Promise<Pick<Deployment, 'organisations' | 'certificates' | 'lots' | 'lifeEvents'>> {
  const contract = contractInterface('Pieces');
  const ask = (name: string) => ({
    method: 'eth_call',
    params: [{ to: pieces, data: contract.encodeFunctionData(name) }, 'latest'],
  });
  const replies = await rpc.batch(['organisations', 'certificates', 'lots', 'lifeEvents'].map(ask));
  const [organisationsAt, certificates, lots, lifeEvents] = replies.map((reply) => {
    if ('result' in reply && /^0x[0-9a-fA-F]{64}$/.test(String(reply.result))) {
      return lower(`0x${String(reply.result).slice(26)}`);
    }
    throw new TouchstoneError(
      'chain-mismatch',
      `There is no registry of this version at ${pieces} on this chain. Check REGISTRY_ADDRESS and RPC_URL; a ledger made by an older version needs that version.`,
    );
  });
  return { organisations: organisationsAt, certificates, lots, lifeEvents } as Record<string, string> as Pick<
    Deployment,
    'organisations' | 'certificates' | 'lots' | 'lifeEvents'
  >;
}

interface Act {
  readonly to?: string;
  readonly data: string;
  readonly gas: bigint;
  readonly nonce?: number;
}

async function act(options: RegistrarOptions, wallet: Wallet, { to, data, gas, nonce }: Act): Promise<Hex32> {
  const { rpc, chainId } = options;
  if (to !== undefined) await rehearse(rpc, wallet.address, to, data);
  const block = await rpc.call<{ baseFeePerGas?: string }>('eth_getBlockByNumber', 'latest', false);
  const tip = 1_000_000n;
  const tx = Transaction.from({
    type: 2,
    chainId,
    nonce: nonce ?? (await nonceOf(options)),
    to: to ?? null,
    data,
    gasLimit: gas,
    maxFeePerGas: 2n * BigInt(block.baseFeePerGas ?? '0x0') + tip,
    maxPriorityFeePerGas: tip,
  });
  tx.signature = wallet.signingKey.sign(tx.unsignedHash);
  const [reply] = await rpc.batch([{ method: 'eth_sendRawTransaction', params: [tx.serialized] }]);
  if (reply && 'error' in reply && !/known/i.test(reply.error.message)) {
    throw new TouchstoneError('configuration', `The node refused the registrar's transaction: ${reply.error.message}`);
  }
  await receiptOf(rpc, tx.hash as Hex32);
  return tx.hash as Hex32;
}

async function rehearse(rpc: Rpc, from: string, to: string, data: string): Promise<void> {
  const [reply] = await rpc.batch([{ method: 'eth_call', params: [{ from, to, data }, 'latest'] }]);
  if (!reply || !('error' in reply)) return;
  const found = (reply.error.data as { data?: string } | undefined)?.data ?? reply.error.data;
  const parsed = typeof found === 'string' ? organisations.parseError(found) : null;
  const words = parsed ? `${parsed.name}(${parsed.args.map(String).join(', ')})` : reply.error.message;
  throw new TouchstoneError('invalid-request', `The ledger refuses this: ${words}. Nothing was changed.`);
}

async function receiptOf(rpc: Rpc, hash: Hex32): Promise<void> {
  const until = Date.now() + RECEIPT_WAIT_MS;
  for (;;) {
    const receipt = await rpc.call<{ status: string } | null>('eth_getTransactionReceipt', hash);
    if (receipt) {
      if (Number(receipt.status) === 1) return;
      throw new TouchstoneError('configuration', `The registrar's transaction ${hash} was reverted.`);
    }
    if (Date.now() > until)
      throw new TouchstoneError('node-unavailable', `The transaction ${hash} is not mined yet. Look again later.`);
    await new Promise((resolve) => setTimeout(resolve, RECEIPT_POLL_MS));
  }
}

/** GS1 company prefix digits as the contract's number: a 1 before them. @throws TouchstoneError invalid-request */
export function prefixNumber(digits: string): number {
  if (!/^\d{7,12}$/.test(digits)) {
    throw new TouchstoneError('invalid-request', `A GS1 company prefix has 7 to 12 digits; ${digits} has not.`);
  }
  return Number(`1${digits}`);
}
