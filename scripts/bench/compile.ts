// Owns compiling a rival's contract with the project's own compiler profile: another optimiser would make another rival.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { InterfaceAbi } from 'ethers';
import { compiler } from '../../hardhat.config.ts';
import { PROJECT } from '../real/data.ts';

export interface Compiled {
  readonly abi: InterfaceAbi;
  readonly bytecode: string;
}

/** @param source path from the project's root; it may import from the package named here and from nowhere else */
export function compileRival(source: string, contract: string, fromPackage: string): Compiled {
  const require = createRequire(import.meta.url);
  const outputSelection = { '*': { [contract]: ['abi', 'evm.bytecode.object'] } };
  const input = {
    language: 'Solidity',
    sources: { [source]: { content: readFileSync(join(PROJECT, source), 'utf8') } },
    settings: { ...compiler.settings, outputSelection },
  };
  const folder = dirname(require.resolve(`${fromPackage}/package.json`));
  const found = (path: string) => ({
    contents: readFileSync(join(folder, path.replace(`${fromPackage}/`, '')), 'utf8'),
  });
  const solc = require('solc') as { compile(input: string, callbacks: object): string };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: found }));
  const compiled = output.contracts?.[source]?.[contract];
  if (!compiled) throw new Error(`the rival does not compile: ${JSON.stringify(output.errors)}`);
  return { abi: compiled.abi, bytecode: `0x${compiled.evm.bytecode.object}` };
}

export function compilePlainERC721(): Compiled {
  return compileRival('test/contracts/support/PlainERC721.sol', 'PlainERC721', '@openzeppelin/contracts');
}
