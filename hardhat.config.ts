// Owns the compiler profile and the simulated network. One profile only: tests, the embedded node and a
// production deployment must meet the same bytecode, or addresses and gas figures stop being comparable.
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { defineConfig } from 'hardhat/config';
import type { HardhatPlugin } from 'hardhat/types/plugins';

/** What every contract is compiled with, the product’s and its rivals’. */
export const compiler = {
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

// Test code is compiled without optimiser, in one job: 3 s instead of 60. The contracts it tests are not part of it: it
// imports their interfaces and deploys their artifacts (splitTestsCompilation builds those first, whatever test is run).
// Overrides have to be one object to be one job. Rivals that are measured are compiled apart (scripts/bench/compile.ts).
const TESTS = 'test/contracts';
const quick = { ...compiler, settings: { ...compiler.settings, viaIR: false, optimizer: { enabled: false } } };
const testSources = readdirSync(new URL(TESTS, import.meta.url), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.sol'))
  .map((name) => `${TESTS}/${name.replaceAll('\\', '/')}`);
const oneJobForTests: HardhatPlugin = {
  id: 'one-job-for-tests',
  hookHandlers: {
    config: async () => ({
      default: async () => ({
        resolveUserConfig: async (userConfig, resolveVariable, next) => {
          const config = await next(userConfig, resolveVariable);
          for (const profile of Object.values(config.solidity.profiles)) {
            const [shared] = Object.values(profile.overrides);
            if (shared !== undefined) for (const file of testSources) profile.overrides[file] = shared;
          }
          return config;
        },
      }),
    }),
  },
};
/** Random lives of 500 steps each, and random values: a few where somebody waits for them, 256 where every change is checked (.ci/run). */
const RANDOM_LIVES = Number(process.env['INVARIANT_RUNS'] ?? 12);
const RANDOM_VALUES = Number(process.env['FUZZ_RUNS'] ?? 64);
const profile = { compilers: [compiler], overrides: Object.fromEntries(testSources.map((file) => [file, quick])) };

export default defineConfig({
  plugins: [oneJobForTests],
  solidity: { splitTestsCompilation: true, profiles: { default: profile, production: profile } },
  paths: { tests: { solidity: TESTS } },
  test: {
    solidity: {
      fuzz: { runs: RANDOM_VALUES },
      invariant: { runs: RANDOM_LIVES, depth: 500, failOnRevert: true },
      fsPermissions: { readFile: ['test/vectors/passkeys.json'] },
    },
  },
  networks: {
    edr: { type: 'edr-simulated', chainType: 'l1', hardfork: 'osaka' },
  },
});
