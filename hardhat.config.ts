// Owns the compiler profile and the simulated network. One profile only: tests, the embedded node and a
// production deployment must meet the same bytecode, or addresses and gas figures stop being comparable.
import { createRequire } from 'node:module';
import { defineConfig } from 'hardhat/config';

const compiler = {
  version: '0.8.37',
  // The compiler comes from the lockfile: nothing is downloaded at build time.
  path: createRequire(import.meta.url).resolve('solc/soljson.js'),
  settings: {
    evmVersion: 'osaka',
    viaIR: true,
    optimizer: { enabled: true, runs: 20_000 },
    metadata: { bytecodeHash: 'none' as const },
  },
};

export default defineConfig({
  solidity: { profiles: { default: compiler, production: compiler } },
  paths: { tests: { solidity: 'test/contracts' } },
  test: { solidity: { fuzz: { runs: 256 }, invariant: { runs: 64, depth: 100, failOnRevert: false } } },
  networks: {
    edr: { type: 'edr-simulated', chainType: 'l1', hardfork: 'osaka' },
  },
});
