// Owns: getting from a folder to a running EVM at the height of its journal, or to a new chain in an empty one.
// Never enters: serving it.
import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type Evm, startEvm } from './evm.ts';
import { checkJournal, createJournal, type JournalHeader, readBlocks } from './journal.ts';

/** Above every chain id in public use, low enough for the signatures of wallets that compute in doubles. */
const CHAIN_IDS = [2 ** 31, 2 ** 45] as const;
const FUNDS_WEI = (1_000_000n * 10n ** 18n).toString();
const PROGRESS_EVERY = 1_000;

export interface Recovered {
  evm: Evm;
  chainId: number;
  tip: { number: number; timestamp: number };
}

export interface RecoverOptions {
  /** Who gets the currency of a new chain. An existing chain keeps what its header says. */
  funded: readonly string[];
  log(line: string): void;
  progress(done: number, total: number): void;
}

export async function recoverChain(file: string, options: RecoverOptions): Promise<Recovered> {
  return existsSync(file) ? replay(file, options) : begin(file, options.funded);
}

async function begin(file: string, addresses: readonly string[]): Promise<Recovered> {
  const chainId = randomInt(...CHAIN_IDS);
  const timestamp = Math.floor(Date.now() / 1000);
  const funded = addresses.map((address) => ({ address: address.toLowerCase(), wei: FUNDS_WEI }));
  const evm = await startEvm({ chainId, timestamp, funded });
  const genesis = { timestamp, hash: evm.genesisHash };
  // A crash before this line leaves no chain: the next start draws another id, and nobody saw this one.
  await createJournal(file, { format: 1, chainId, hardfork: 'osaka', ...evm.versions, genesis, funded });
  return { evm, chainId, tip: { number: 0, timestamp } };
}

async function replay(file: string, { funded, log, progress }: RecoverOptions): Promise<Recovered> {
  const { header, blocks } = await checkJournal(file, log);
  const { chainId, genesis } = header;
  const evm = await startEvm({ chainId, timestamp: genesis.timestamp, funded: header.funded });
  if (evm.genesisHash !== genesis.hash) throw new Error(differs(file, 0, genesis.hash, evm.genesisHash, header, evm));
  const known = new Set(header.funded.map(({ address }) => address));
  const missing = funded.filter((address) => !known.has(address.toLowerCase()));
  if (missing.length > 0) log(`this chain began without funds for ${missing.join(', ')}`);
  const tip = { number: 0, timestamp: genesis.timestamp };
  for await (const { n, t, h, x } of readBlocks(file)) {
    const mined = await evm.mine(x, n, t);
    if (!('hash' in mined)) throw new Error(`${file}: block ${n} is refused now: ${mined.message}`);
    if (mined.hash !== h) throw new Error(differs(file, n, h, mined.hash, header, evm));
    tip.number = n;
    tip.timestamp = t;
    if (n % PROGRESS_EVERY === 0) progress(n, blocks);
  }
  return { evm, chainId, tip };
}

function differs(file: string, n: number, was: string, is: string, { hardhat, edr }: JournalHeader, evm: Evm): string {
  return (
    `${file}: block ${n} was ${was} and replays as ${is} (written by hardhat ${hardhat}, edr ${edr}; ` +
    `this is hardhat ${evm.versions.hardhat}, edr ${evm.versions.edr})`
  );
}
