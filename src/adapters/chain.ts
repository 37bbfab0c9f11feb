// Owns the chain as the ledger sees it: blocks, events, transactions and calls of the contracts over JSON-RPC.
// It holds no key and no state but the addresses; whatever it says is as of the node it asks.
import { Interface, TypedDataEncoder, toBeHex } from 'ethers';
import { type Hex32, lower } from '../core/hash.ts';
import type { BlockPoint, Call, Chain, ChainEvent, Fees, Receipt, SendOutcome, TypedData } from '../ports.ts';
import { openActs } from './acts.ts';
import { encodeBytesList, encodeWithBytes } from './calldata.ts';
import { contractInterface } from './contracts.ts';
import { eventOf, type RawLog } from './logs.ts';
import { type Rpc, type RpcFailure, unavailable } from './rpc.ts';
import { askNode } from './witness.ts';

/** When a block is final: by the node's own `finalized` tag, or so many blocks deep. */
export type FinalityRule = 'tag' | { readonly depth: number };

export interface ChainConfig {
  readonly chainId: number;
  readonly genesis: Hex32;
  readonly pieces: string;
  readonly organisations: string;
  readonly certificates: string;
  readonly lots: string;
  readonly lifeEvents: string;
  readonly finality: FinalityRule;
  readonly embedded: boolean;
}

const pieces = contractInterface('Pieces');
const organisations = contractInterface('Organisations');
const certificates = contractInterface('Certificates');
const lifeEvents = contractInterface('LifeEvents');
const lots = contractInterface('Lots');
const passkeys = contractInterface('Passkeys');
const accounts = new Interface(['function isValidSignature(bytes32 digest, bytes signature) view returns (bytes4)']);
/** What an account's contract may use to look at a signature (ERC-1271). */
const ACCOUNT_GAS = 300_000n;
const MIN_PRIORITY_FEE = 1_000_000n; // 0.001 gwei: some networks refuse none at all

interface RawBlock {
  readonly number: string;
  readonly hash: Hex32;
  readonly timestamp: string;
  readonly baseFeePerGas?: string;
}

export function openChain(rpc: Rpc, config: ChainConfig): Chain {
  const head = async () => point(await rpc.call<RawBlock>('eth_getBlockByNumber', 'latest', false));
  const read = async (to: string, data: string) => rpc.call<string>('eth_call', { to, data }, 'latest');
  return {
    ...config,
    head,
    blocks: (numbers) => blocks(rpc, numbers),
    finalBlock: (at) => finalBlock(rpc, config.finality, at),
    events: (from, to) => events(rpc, config, from, to),
    send: (raw) => send(rpc, raw),
    receipts: (hashes) => receipts(rpc, hashes),
    nonceOf: async (address) => Number(await rpc.call<string>('eth_getTransactionCount', address, 'latest')),
    fees: () => fees(rpc),
    refusal: (call) => refusal(rpc, call),
    async isPermitted(organisation, key, permission) {
      const data = organisations.encodeFunctionData('isPermitted', [organisation, key, permission]);
      const answer = await read(config.organisations, data);
      return organisations.decodeFunctionResult('isPermitted', answer)[0] as boolean;
    },
    async speaksFor(registrant, acting) {
      const answer = await read(
        config.organisations,
        organisations.encodeFunctionData('speaksFor', [registrant, acting]),
      );
      return organisations.decodeFunctionResult('speaksFor', answer)[0] as boolean;
    },
    async pieceOf(tokenId) {
      const call = { method: 'eth_call', params: [{ to: config.pieces, data: standingOfData(tokenId) }, 'latest'] };
      const [reply] = await rpc.batch([call]);
      if (!reply || 'error' in reply) {
        if (reply && revertOf(reply.error) !== undefined) return undefined;
        throw unavailable(reply?.error.message ?? 'no reply');
      }
      const [owner, ...numbers] = pieces.decodeFunctionResult('standingOf', reply.result as string)[0];
      const [moves, events, day, state, flags] = numbers.map(Number) as [number, number, number, number, number];
      return { owner: lower(owner), moves, events, day, state, flags };
    },
    async lotOf(lotId) {
      const answer = await read(config.lots, lots.encodeFunctionData('lotOf', [lotId]));
      const [holder, remaining, events] = lots.decodeFunctionResult('lotOf', answer);
      if (Number(events) === 0) return undefined;
      return { holder: lower(holder), remaining: Number(remaining), events: Number(events) };
    },
    isSignedBy: (account, data, signature) => isSignedBy(rpc, config.pieces, account, { data, signature }),
    ...openActs(rpc, config),
    encodeRegister: (header, auth) => pieces.encodeFunctionData('register', [header, auth]),
    encodePostPart: (header, hashes, part, data) => encodeWithBytes(pieces, 'postPart', [header, hashes, part], data),
    encodeTransfer: (t, auth) => pieces.encodeFunctionData('transferWithSignature', [t.tokenId, t.to, t.moves, auth]),
    encodeMulticall: (calls) => encodeBytesList(pieces, 'multicall', calls),
    encodeIssue: (fields, auth) => certificates.encodeFunctionData('issueWithSignature', [fields, auth]),
    encodeIssueBatch: ({ organisation, root, count }, auth) =>
      certificates.encodeFunctionData('issueBatch', [organisation, root, count, auth]),
    encodeRevoke: ({ id, index, reason, words }, fields, auth) =>
      fields
        ? certificates.encodeFunctionData('revoke', [fields, reason, words, auth])
        : certificates.encodeFunctionData('revokeInBatch', [id, index, reason, words, auth]),
    witness: (evidence) => askNode(rpc, evidence, { payload: false, finality: config.finality }),
    encodePostContent: (content) => certificates.encodeFunctionData('postContent', [content]),
  };
}

const standingOfData = (tokenId: string) => pieces.encodeFunctionData('standingOf', [tokenId]);

function point(block: RawBlock | null): BlockPoint {
  if (!block) throw unavailable('the node has no latest block');
  return { number: Number(block.number), hash: block.hash, time: Number(block.timestamp) };
}

async function blocks(rpc: Rpc, numbers: readonly number[]): Promise<(BlockPoint | undefined)[]> {
  const calls = numbers.map((n) => ({ method: 'eth_getBlockByNumber', params: [toQuantity(n), false] }));
  const replies = await rpc.batch(calls);
  return replies.map((reply) => {
    if ('error' in reply) throw unavailable(reply.error.message);
    return reply.result === null ? undefined : point(reply.result as RawBlock);
  });
}

async function finalBlock(rpc: Rpc, rule: FinalityRule, head: BlockPoint): Promise<number> {
  if (rule !== 'tag') return Math.max(-1, head.number - rule.depth);
  const block = await rpc.call<RawBlock | null>('eth_getBlockByNumber', 'finalized', false);
  // A chain that has finalised nothing yet answers null: then nothing is final, not even the genesis.
  return block ? Math.min(Number(block.number), head.number) : -1;
}

async function events(rpc: Rpc, config: ChainConfig, from: number, to: number): Promise<ChainEvent[]> {
  const address = [config.pieces, config.organisations, config.certificates, config.lifeEvents, config.lots];
  const filter = { address, fromBlock: toQuantity(from), toBlock: toQuantity(to) };
  const logs = await rpc.call<RawLog[]>('eth_getLogs', filter);
  return logs.flatMap((log) => eventOf(log, config) ?? []);
}

async function send(rpc: Rpc, raw: readonly string[]): Promise<SendOutcome[]> {
  const replies = await rpc.batch(raw.map((tx) => ({ method: 'eth_sendRawTransaction', params: [tx] })));
  return replies.map((reply) => ('result' in reply ? { outcome: 'taken' } : outcomeOf(reply.error)));
}

/** Nodes agree on the words more than on the codes. */
function outcomeOf(error: RpcFailure): SendOutcome {
  if (/already known|known transaction|already imported|ALREADY_EXISTS/i.test(error.message)) {
    return { outcome: 'taken' };
  }
  if (/nonce/i.test(error.message) && /low|used|expected/i.test(error.message)) return { outcome: 'nonce-used' };
  return { outcome: 'refused', reason: error.message };
}

async function receipts(rpc: Rpc, hashes: readonly string[]): Promise<(Receipt | undefined)[]> {
  const replies = await rpc.batch(hashes.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] })));
  return replies.map((reply) => {
    if ('error' in reply) throw unavailable(reply.error.message);
    const receipt = reply.result as { blockNumber: string | null; status: string } | null;
    if (!receipt?.blockNumber) return undefined;
    return { block: Number(receipt.blockNumber), succeeded: Number(receipt.status) === 1 };
  });
}

async function fees(rpc: Rpc): Promise<Fees> {
  const [block, tip] = await rpc.batch([
    { method: 'eth_getBlockByNumber', params: ['latest', false] },
    { method: 'eth_maxPriorityFeePerGas', params: [] },
  ]);
  if (!block || 'error' in block || !tip) throw unavailable('the node tells no fees');
  const suggested = 'result' in tip ? BigInt(tip.result as string) : 0n;
  const maxPriorityFeePerGas = suggested > MIN_PRIORITY_FEE ? suggested : MIN_PRIORITY_FEE;
  const base = BigInt((block.result as RawBlock).baseFeePerGas ?? '0x0');
  // Twice the base fee lasts through six full blocks in a row.
  return { maxFeePerGas: 2n * base + maxPriorityFeePerGas, maxPriorityFeePerGas };
}

async function refusal(rpc: Rpc, call: Call): Promise<string | undefined> {
  const params = [{ to: call.to, data: call.data, gas: toBeHex(call.gas).replace(/^0x0+/, '0x') }, 'latest'];
  const [reply] = await rpc.batch([{ method: 'eth_call', params }]);
  if (!reply) throw unavailable('no reply');
  if ('result' in reply) return undefined;
  const revert = revertOf(reply.error);
  if (revert === undefined) throw unavailable(reply.error.message);
  return revert;
}

/** As Signatures.sol judges what no ECDSA signature is: an account with code answers for itself, else it may be a passkey. */
async function isSignedBy(
  rpc: Rpc,
  registry: string,
  account: string,
  { data, signature }: { data: TypedData; signature: string },
): Promise<boolean> {
  const digest = TypedDataEncoder.hash(data.domain, data.types, data.message);
  const code = await rpc.call<string>('eth_getCode', account, 'latest');
  if (code !== '0x') {
    const asked = accounts.encodeFunctionData('isValidSignature', [digest, signature]);
    const [reply] = await rpc.batch([
      { method: 'eth_call', params: [{ to: account, data: asked, gas: toBeHex(ACCOUNT_GAS) }, 'latest'] },
    ]);
    if (!reply) throw unavailable('no reply');
    const answer = 'result' in reply ? String(reply.result) : '';
    return answer.length === 66 && answer.startsWith(accounts.getFunction('isValidSignature')?.selector as string);
  }
  const where = await rpc.call<string>(
    'eth_call',
    { to: registry, data: pieces.encodeFunctionData('passkeys') },
    'latest',
  );
  const [to] = pieces.decodeFunctionResult('passkeys', where);
  const asked = passkeys.encodeFunctionData('isSignedBy', [account, digest, signature]);
  const answer = await rpc.call<string>('eth_call', { to: lower(to), data: asked }, 'latest');
  return passkeys.decodeFunctionResult('isSignedBy', answer)[0] as boolean;
}

/** The name of the contract's error if this is a revert; its words if they are no error of ours. */
function revertOf(error: RpcFailure): string | undefined {
  const found =
    typeof error.data === 'object' && error.data !== null ? (error.data as { data?: unknown }).data : error.data;
  if (typeof found === 'string' && found.length >= 10) {
    return (
      [pieces, organisations, certificates, lifeEvents, lots].map((abi) => abi.parseError(found)).find(Boolean)?.name ??
      `revert ${found.slice(0, 10)}`
    );
  }
  // Not the node's fault, nor over in a moment: this call costs more than it may.
  if (/out of gas/i.test(error.message)) return 'OutOfGas';
  return /revert/i.test(error.message) ? error.message : undefined;
}

const toQuantity = (n: number) => `0x${n.toString(16)}`;
