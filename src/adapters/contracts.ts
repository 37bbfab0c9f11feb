// Owns the compiled contracts: interfaces and creation code as the compiler left them in artifacts/.
import { readFileSync } from 'node:fs';
import { Interface } from 'ethers';

export type ContractName =
  | 'Registrar'
  | 'Organisations'
  | 'Pieces'
  | 'Certificates'
  | 'LifeEvents'
  | 'Passkeys'
  | 'Lots'
  | 'Bundles';

interface Artifact {
  readonly abi: ConstructorParameters<typeof Interface>[0];
  readonly bytecode: string;
}

function artifact(name: ContractName): Artifact {
  const file = new URL(`../../artifacts/contracts/${name}.sol/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Artifact;
}

export function contractInterface(name: ContractName): Interface {
  return new Interface(artifact(name).abi);
}

export function creationCode(name: ContractName): { abi: Artifact['abi']; bytecode: string } {
  return artifact(name);
}
