// Owns a registry of the real contracts on a chain in this process, deployed from the first well-known account in the
// order registrar, organisations, pieces, certificates, life events, passkeys, lots, bundles, so that addresses are the same
// in every run. For tests of what the contracts compute; tests of the service use a node of their own.
import { readFileSync } from 'node:fs';
import { BrowserProvider, type Contract, ContractFactory, type JsonRpcSigner } from 'ethers';
import hre from 'hardhat';
import { plannedDeployment } from '../../src/adapters/registrar.ts';

export interface Registry {
  readonly chainId: number;
  readonly organisations: Contract;
  readonly pieces: Contract;
  readonly certificates: Contract;
  readonly lifeEvents: Contract;
  readonly passkeys: Contract;
  readonly lots: Contract;
  readonly bundles: Contract;
  /** Sends a transaction as the registrar and waits for it. @throws if it reverts */
  send(
    contract: 'organisations' | 'pieces' | 'certificates' | 'lifeEvents' | 'lots',
    method: string,
    values: readonly unknown[],
  ): Promise<void>;
  close(): Promise<void>;
}

export async function deployRegistry(): Promise<Registry> {
  const connection = await hre.network.create();
  const provider = new BrowserProvider(connection.provider);
  const registrar = await provider.getSigner(0);
  const authority = await deploy(registrar, 'Registrar', registrar.address);
  const plan = plannedDeployment(registrar.address);
  const organisations = await deploy(registrar, 'Organisations', authority.target, plan.passkeys);
  const none = `0x${'0'.repeat(40)}`;
  const companions = [plan.certificates, plan.lots, plan.lifeEvents, plan.passkeys];
  const pieces = await deploy(registrar, 'Pieces', organisations.target, companions, authority.target, none, '');
  const certificates = await deploy(registrar, 'Certificates', organisations.target, plan.passkeys);
  const lifeEvents = await deploy(registrar, 'LifeEvents', pieces.target, organisations.target, plan.passkeys);
  const passkeys = await deploy(registrar, 'Passkeys');
  const lots = await deploy(registrar, 'Lots', pieces.target, organisations.target, plan.passkeys);
  const bundles = await deploy(registrar, 'Bundles');
  const contracts = { organisations, pieces, certificates, lifeEvents, passkeys, lots, bundles };
  return {
    chainId: Number((await provider.getNetwork()).chainId),
    ...contracts,
    async send(contract, method, values) {
      const sent = await contracts[contract].getFunction(method)(...values);
      await sent.wait();
    },
    async close() {
      provider.destroy();
      await connection.close();
    },
  };
}

async function deploy(signer: JsonRpcSigner, name: string, ...values: unknown[]): Promise<Contract> {
  const file = new URL(`../../artifacts/contracts/${name}.sol/${name}.json`, import.meta.url);
  const { abi, bytecode } = JSON.parse(readFileSync(file, 'utf8'));
  const contract = await new ContractFactory(abi, bytecode, signer).deploy(...values);
  await contract.waitForDeployment();
  return contract as Contract;
}
