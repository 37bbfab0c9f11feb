// Owns: which JSON-RPC methods the embedded node has, and that no read passes the durable height.
// Never enters: sockets, headers, writing to disk.
import { type Evm, hex, type RpcError } from './evm.ts';
import { isHex } from './journal.ts';
import { beyond, blockOf, rewriteBlocks, UnknownBlock } from './rpc-blocks.ts';
import { asNodesSay } from './rpc-errors.ts';
import type { Sequencer } from './sequencer.ts';

/** Common mempools drop more than this; a chain that accepts it here would fail on a public network later. */
export const MAX_TRANSACTION_BYTES = 131_072;
const MAX_BATCH = 1_000;

export interface RpcParts {
  evm: Evm;
  sequencer: Sequencer;
  chainId: number;
}

/** Answers one HTTP body. The text is assembled, never parsed and printed again: answers can be megabytes of logs. */
export type Answer = (body: string) => Promise<string>;

type Method = (params: unknown[]) => Promise<string> | string;

export function createAnswer(parts: RpcParts): Answer {
  const methods = createMethods(parts);
  return async (body) => {
    let parsed: unknown;
    try {
      parsed = JSON.parse(body);
    } catch {
      return envelope(null, failure({ code: -32700, message: 'parse error' }));
    }
    if (!Array.isArray(parsed)) return answerOne(methods, parsed);
    if (parsed.length === 0 || parsed.length > MAX_BATCH) {
      return envelope(null, failure({ code: -32600, message: `a batch holds 1 to ${MAX_BATCH} requests` }));
    }
    // Started in order, so a batch of transactions is queued in the order it was written.
    return `[${(await Promise.all(parsed.map((entry) => answerOne(methods, entry)))).join(',')}]`;
  };
}

async function answerOne(methods: ReadonlyMap<string, Method>, entry: unknown): Promise<string> {
  const { id, method, params = [] } = (entry ?? {}) as { id?: unknown; method?: unknown; params?: unknown };
  if (typeof method !== 'string' || !Array.isArray(params) || !isId(id)) {
    return envelope(
      null,
      failure({ code: -32600, message: 'invalid request: method, params as a list and id expected' }),
    );
  }
  const run = methods.get(method);
  if (run === undefined) {
    return envelope(id, failure({ code: -32601, message: `the method ${method.slice(0, 100)} does not exist` }));
  }
  try {
    return envelope(id, await run(params));
  } catch (error) {
    if (error instanceof UnknownBlock) return envelope(id, failure({ code: -32000, message: error.message }));
    // A bug here or in the engine: the caller gets a number to branch on, the cause goes to the log.
    process.stderr.write(`${method}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return envelope(id, failure({ code: -32603, message: 'internal error' }));
  }
}

function createMethods({ evm, sequencer, chainId }: RpcParts): ReadonlyMap<string, Method> {
  const { height } = sequencer;
  const fixed = (value: () => unknown): Method => {
    return () => `{"result":${JSON.stringify(value())}}`;
  };
  const pass = async (method: string, params: unknown[]): Promise<string> =>
    asNodesSay(await evm.request(method, params));
  /** At a block: tags and absent ones become the durable height. */
  const at = (method: string, position: number): [string, Method] => [
    method,
    async (params) => pass(method, await rewriteBlocks(params, position, height(), evm)),
  ];
  /** By hash: EDR may know it already, we may not. */
  const byHash = (method: string): [string, Method] => [
    method,
    async (params) => {
      const text = await pass(method, params);
      return beyond(text, height()) ? '{"result":null}' : text;
    },
  ];
  return new Map<string, Method>([
    ['web3_clientVersion', fixed(() => `touchstone/edr-${evm.versions.edr}`)],
    ['net_version', fixed(() => String(chainId))],
    ['eth_chainId', fixed(() => hex(chainId))],
    ['eth_blockNumber', fixed(() => hex(height()))],
    ['eth_syncing', fixed(() => false)],
    ['eth_gasPrice', (params) => pass('eth_gasPrice', params)],
    ['eth_maxPriorityFeePerGas', (params) => pass('eth_maxPriorityFeePerGas', params)],
    [
      'eth_getBlockByNumber',
      (params) => {
        const number = blockOf(params[0], height());
        if (number > height()) return '{"result":null}';
        return pass('eth_getBlockByNumber', [hex(number), params[1] ?? false]);
      },
    ],
    byHash('eth_getBlockByHash'),
    byHash('eth_getTransactionByHash'),
    byHash('eth_getTransactionReceipt'),
    at('eth_getTransactionCount', 1),
    at('eth_getBalance', 1),
    at('eth_getCode', 1),
    at('eth_getStorageAt', 2),
    at('eth_getProof', 2),
    at('eth_call', 1),
    at('eth_estimateGas', 1),
    at('eth_feeHistory', 1),
    ['eth_getLogs', (params) => getLogs(params, height(), pass)],
    ['eth_sendRawTransaction', (params) => sendRaw(params, sequencer)],
  ]);
}

async function getLogs(
  [filter]: unknown[],
  height: number,
  pass: (method: string, params: unknown[]) => Promise<string>,
): Promise<string> {
  const wanted = (filter ?? {}) as Record<string, unknown>;
  if (wanted['blockHash'] !== undefined) {
    const text = await pass('eth_getLogs', [wanted]);
    return beyond(text, height) ? '{"result":[]}' : text;
  }
  const from = blockOf(wanted['fromBlock'], height);
  const to = blockOf(wanted['toBlock'], height);
  if (from > height) return '{"result":[]}';
  return pass('eth_getLogs', [{ ...wanted, fromBlock: hex(from), toBlock: hex(Math.min(to, height)) }]);
}

async function sendRaw([raw]: unknown[], sequencer: Sequencer): Promise<string> {
  if (!isHex(raw) || raw.length % 2 !== 0) {
    return failure({ code: -32602, message: 'a raw transaction is a hex string' });
  }
  const bytes = (raw.length - 2) / 2;
  if (bytes > MAX_TRANSACTION_BYTES) {
    const message = `oversized data: transaction size ${bytes}, limit ${MAX_TRANSACTION_BYTES}`;
    return failure({ code: -32000, message });
  }
  const outcome = await sequencer.send(raw);
  return 'hash' in outcome ? `{"result":"${outcome.hash}"}` : asNodesSay(failure(outcome.error));
}

function isId(id: unknown): id is string | number {
  return (typeof id === 'string' && id.length <= 200) || (typeof id === 'number' && Number.isFinite(id));
}

function failure(error: RpcError): string {
  return JSON.stringify({ error });
}

function envelope(id: string | number | null, outcome: string): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},${outcome.slice(1)}`;
}
