// Owns the contracts as they are deployed, on a chain for measuring, with the people who act on them; and the list of
// what was measured. Which jobs there are is their own files' business.
import { type HDNodeWallet, id } from 'ethers';
import { openChain } from '../../../src/adapters/chain.ts';
import { type ContractName, contractInterface } from '../../../src/adapters/contracts.ts';
import { type Deployment, deploy } from '../../../src/adapters/registrar.ts';
import type { Hex32 } from '../../../src/core/hash.ts';
import { ZERO_ADDRESS } from '../../../src/core/merkle.ts';
import { organisationAddressOf } from '../../../src/core/organisation-address.ts';
import { ROLES, type Role } from '../../../src/ledger/organisations.ts';
import type { Authorization, Chain, TypedData } from '../../../src/ports.ts';
import { CHAIN_ID, type Contract, type Cost, GasNetwork } from './network.ts';

/** As far away as a signature's end can be. */
export const FOREVER = 2 ** 48 - 1;

export interface Measurement extends Cost {
  readonly job: string;
  /** The job in words. */
  readonly what: string;
}

export interface People {
  readonly registrar: HDNodeWallet;
  /** The key of an organisation that registers. */
  readonly maker: HDNodeWallet;
  readonly bob: HDNodeWallet;
  readonly carol: HDNodeWallet;
  readonly dora: HDNodeWallet;
  readonly relayer: HDNodeWallet;
  /** The key of an organisation that certifies. */
  readonly lab: HDNodeWallet;
  readonly alice: HDNodeWallet;
}

export class Stage {
  readonly network: GasNetwork;
  readonly people: People;
  readonly chain: Chain;
  readonly organisations: Contract;
  readonly pieces: Contract;
  readonly certificates: Contract;
  readonly lifeEvents: Contract;
  readonly bundles: Contract;
  readonly lots: Contract;
  readonly measured: Measurement[] = [];

  private constructor(network: GasNetwork, people: People, chain: Chain, { bundles, lots }: Deployment) {
    this.network = network;
    this.people = people;
    this.chain = chain;
    const contract = (name: ContractName, address: string) => ({ address, abi: contractInterface(name) });
    this.organisations = contract('Organisations', chain.organisations);
    this.pieces = contract('Pieces', chain.pieces);
    this.certificates = contract('Certificates', chain.certificates);
    this.lifeEvents = contract('LifeEvents', chain.lifeEvents);
    this.bundles = contract('Bundles', bundles);
    this.lots = contract('Lots', lots);
  }

  /** @param others addresses that are to pay for transactions too */
  static async open(others: readonly string[] = []): Promise<Stage> {
    const network = await GasNetwork.open(others);
    const [registrar, maker, bob, carol, dora, relayer, lab, alice] = network.accounts as HDNodeWallet[];
    const people = { registrar, maker, bob, carol, dora, relayer, lab, alice } as People;
    const options = { rpc: network.rpc, privateKey: people.registrar.privateKey, chainId: CHAIN_ID };
    const addresses = await deploy(options, '', ZERO_ADDRESS, 0);
    const chain = openChain(network.rpc, {
      ...addresses,
      chainId: CHAIN_ID,
      genesis: network.genesis as Hex32,
      finality: { depth: 0 },
      embedded: true,
    });
    return new Stage(network, people, chain, addresses);
  }

  /** One transaction, measured under this name. */
  async act(job: string, what: string, from: HDNodeWallet, to: string, data: string): Promise<void> {
    const { gas, floor, newSlots, overwritten } = await this.network.send(from, to, data);
    this.measured.push({ job, what, gas, floor, newSlots, overwritten });
  }

  /** One transaction that only makes ready for another. */
  async prepare(from: HDNodeWallet, { address, abi }: Contract, name: string, args: readonly unknown[]): Promise<void> {
    await this.network.send(from, address, abi.encodeFunctionData(name, args));
  }

  /** Admits an organisation with all permissions for one key; its address. */
  async admit(handle: string, roles: readonly Role[], key: HDNodeWallet, job?: [string, string]): Promise<string> {
    const bits = roles.reduce((sum, role) => sum | ROLES[role], 0);
    const data = this.organisations.abi.encodeFunctionData('admit', [handle, bits, key.address]);
    const { registrar } = this.people;
    if (job === undefined) await this.network.send(registrar, this.organisations.address, data);
    else await this.act(...job, registrar, this.organisations.address, data);
    return organisationAddressOf(CHAIN_ID, this.organisations.address, handle);
  }
}

/** Whoever sends the transaction says so itself. */
export function inPerson(key: HDNodeWallet): Authorization {
  return { key: key.address, deadline: 0, signature: '0x' };
}

/** Signed by this key; anybody may bring it to the chain. */
export async function signedBy(key: HDNodeWallet, data: TypedData, deadline = FOREVER): Promise<Authorization> {
  const signature = await key.signTypedData(data.domain, data.types, data.message);
  return { key: key.address, deadline, signature };
}

/** 32 bytes that look like any others. */
export function bytes32(name: string): Hex32 {
  return id(name) as Hex32;
}
