// Owns a registry of the real contracts on a chain in this process, deployed from the first well-known account in the
// order registrar, organisations, pieces, certificates, so that addresses are the same in every run. For tests of what the contracts
// compute; tests of the service use a node of their own.
import { readFileSync } from 'node:fs';
import { BrowserProvider, type Contract, ContractFactory, getCreateAddress, type JsonRpcSigner } from 'ethers';
import hre from 'hardhat';

export interface Registry {
  readonly chainId: number;
  readonly organisations: Contract;
  readonly pieces: Contract;
  readonly certificates: Contract;
  /** Sends a transaction as the registrar and waits for it. @throws if it reverts */
  send(
    contract: 'organisations' | 'pieces' | 'certificates',
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
  const organisations = await deploy(registrar, 'Organisations', authority.target);
  const none = `0x${'0'.repeat(40)}`;
  const next = getCreateAddress({ from: registrar.address, nonce: (await registrar.getNonce()) + 1 });
  const pieces = await deploy(registrar, 'Pieces', organisations.target, next, authority.target, none, '');
  const certificates = await deploy(registrar, 'Certificates', organisations.target);
  const contracts = { organisations, pieces, certificates };
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
