// Owns: the EVM that runs inside this process (EDR, the engine of Hardhat) and the rules of an embedded chain.
// Never enters: the disk, the network, and which of its blocks may be shown. No private key: it signs nothing.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as Edr from '@nomicfoundation/edr';

/** EIP-7825's cap on one transaction, and a block that holds a few of them. */
export const TRANSACTION_GAS_CAP = 16_777_216n;
const BLOCK_GAS_LIMIT = 60_000_000n;
const INITIAL_BASE_FEE = 1_000_000_000n;

export interface EvmSpec {
  chainId: number;
  timestamp: number;
  funded: readonly { address: string; wei: string }[];
}

export interface MinedBlock {
  number: number;
  hash: string;
  transaction: string;
}

/** What JSON-RPC says in an error, also used for a transaction that was refused and mined nothing. */
export interface RpcError {
  code: number;
  message: string;
  data?: unknown;
}

export interface Evm {
  versions: { hardhat: string; edr: string };
  genesisHash: string;
  /** One request; the answer is the text `{"result":…}` or `{"error":…}`, passed on without being parsed here. */
  request(method: string, params: unknown): Promise<string>;
  /** `raw` is hex, checked by the caller. Mines this transaction alone into block `number` at `timestamp`; a reverted one is mined as well. */
  mine(raw: string, number: number, timestamp: number): Promise<MinedBlock | RpcError>;
}

/** EDR did something a chain must not: the process has to stop before it writes the result down. */
export class EvmBroken extends Error {
  override readonly name = 'EvmBroken';
}

// Hardhat pins the exact engine, so it is resolved from Hardhat's place. Its runtime environment is left out on
// purpose: it only takes funded accounts by private key, sends failure reports to its makers when asked to, and
// parses every answer that we pass on as text.
const fromHardhat = createRequire(createRequire(import.meta.url).resolve('hardhat/package.json'));

export async function startEvm(spec: EvmSpec): Promise<Evm> {
  const edr = fromHardhat('@nomicfoundation/edr') as typeof Edr;
  const provider = await createProvider(edr, spec);
  const request = async (method: string, params: unknown): Promise<string> =>
    asText((await provider.handleRequest(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))).data);
  const genesis = JSON.parse(await request('eth_getBlockByNumber', ['0x0', false])) as { result: { hash: string } };
  return {
    versions: readVersions(),
    genesisHash: genesis.result.hash,
    request,
    async mine(raw, number, timestamp) {
      const answer = JSON.parse(asText((await provider.handleRequest(mineRequest(raw, number, timestamp))).data));
      if (answer.error === undefined) return minedBlock(answer.result, number, timestamp);
      // One error stands for all three requests: make sure it was the transaction and that it left no block.
      const height = JSON.parse(await request('eth_blockNumber', []));
      if (Number(height.result) !== number - 1) throw new EvmBroken(`block ${number}: ${answer.error.message}`);
      return answer.error as RpcError;
    },
  };
}

/** One crossing into the engine instead of three: a quarter more transactions a second. */
function mineRequest(raw: string, number: number, timestamp: number): string {
  const at = `{"jsonrpc":"2.0","id":1,"method":"evm_setNextBlockTimestamp","params":[${timestamp}]}`;
  const send = `{"jsonrpc":"2.0","id":2,"method":"eth_sendRawTransaction","params":["${raw}"]}`;
  const block = `{"jsonrpc":"2.0","id":3,"method":"eth_getBlockByNumber","params":["${hex(number)}",false]}`;
  return `[${at},${send},${block}]`;
}

type BlockJson = { number: string; hash: string; timestamp: string; transactions: string[] } | null;

function minedBlock([, sent, block]: [unknown, string, BlockJson], number: number, timestamp: number): MinedBlock {
  if (
    block === null ||
    Number(block.number) !== number ||
    Number(block.timestamp) !== timestamp ||
    block.transactions.length !== 1 ||
    block.transactions[0] !== sent
  ) {
    throw new EvmBroken(`block ${number} at ${timestamp} does not hold exactly the transaction ${sent}`);
  }
  return { number, hash: block.hash, transaction: sent };
}

/** EDR wants one per process, however many chains it holds. */
let shared: Promise<Edr.EdrContext> | undefined;

async function createContext(edr: typeof Edr): Promise<Edr.EdrContext> {
  const context = new edr.EdrContext();
  await context.registerProviderFactory(edr.L1_CHAIN_TYPE, edr.l1ProviderFactory());
  return context;
}

async function createProvider(edr: typeof Edr, spec: EvmSpec): Promise<Edr.Provider> {
  shared ??= createContext(edr);
  const context = await shared;
  const config: Edr.ProviderConfig = {
    // Without it a burst pushes the chain's clock ahead by a second a block.
    allowBlocksWithSameTimestamp: true,
    allowUnlimitedContractSize: false,
    bailOnCallFailure: true,
    // A reverted transaction answers with its hash and has a receipt, as on any network.
    bailOnTransactionFailure: false,
    chainId: BigInt(spec.chainId),
    coinbase: new Uint8Array(20),
    defaultTransactionGasLimit: TRANSACTION_GAS_CAP,
    genesisState: [
      ...edr.l1GenesisState(edr.l1HardforkFromString(edr.OSAKA)),
      ...spec.funded.map(({ address, wei }) => ({
        address: Buffer.from(address.slice(2), 'hex'),
        balance: BigInt(wei),
      })),
    ],
    hardfork: edr.OSAKA,
    initialBaseFeePerGas: INITIAL_BASE_FEE,
    minGasPrice: 0n,
    mining: { autoMine: true, blockGasLimit: BLOCK_GAS_LIMIT, memPool: { order: edr.MineOrdering.Fifo } },
    network: { genesisBlockGasLimit: BLOCK_GAS_LIMIT, genesisBlockTime: BigInt(spec.timestamp) },
    networkId: BigInt(spec.chainId),
    observability: {},
    ownedAccounts: [],
    precompileOverrides: [],
    transactionGasCap: TRANSACTION_GAS_CAP,
  };
  const quiet = { enable: false, decodeConsoleLogInputsCallback: () => [], printLineCallback: () => {} };
  return context.createProvider(
    edr.L1_CHAIN_TYPE,
    config,
    quiet,
    { subscriptionCallback: () => {} },
    new edr.ContractDecoder(),
  );
}

function readVersions(): { hardhat: string; edr: string } {
  const version = (file: string): string => (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
  return {
    hardhat: version(fromHardhat.resolve('hardhat/package.json')),
    edr: version(join(dirname(fromHardhat.resolve('@nomicfoundation/edr')), 'package.json')),
  };
}

/** EDR hands over an object only where a JavaScript string would be too long. */
function asText(data: unknown): string {
  return typeof data === 'string' ? data : JSON.stringify(data);
}

export function hex(quantity: number): string {
  return `0x${quantity.toString(16)}`;
}
