// Owns the rival of an import: one ERC-721 token minted per piece, as it is commonly done, on the same kind of durable
// node. The client is a competent one: everything is signed beforehand and sent 64 to a request, so that the node
// writes 64 blocks with one flush.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Interface, Transaction, Wallet } from 'ethers';
import { startEmbeddedNode } from '../../src/adapters/embedded-node.ts';
import { openRpc, type Rpc } from '../../src/adapters/rpc.ts';
import { compilePlainERC721 } from './compile.ts';

const AT_ONCE = 64;
const WARM_UP = 256;
const DEPLOY_GAS = 5_000_000n;
const MINT_GAS = 120_000n;
const FEE = 100_000_000_000n;

export interface RivalFigures {
  /** Mints a second, 64 to a request. */
  readonly batched: number;
  /** Mints a second, one request after the other. */
  readonly single: number;
  readonly gas: number;
  readonly bytes: number;
}

export async function measureRival(mints: number, singles: number): Promise<RivalFigures> {
  const wallet = Wallet.createRandom();
  const dataDir = await mkdtemp(join(tmpdir(), 'touchstone-rival-'));
  const node = await startEmbeddedNode({ dataDir, port: 0, funded: [wallet.address], log: () => {} });
  try {
    return await mintAll(
      openRpc(() => node.url),
      node.chainId,
      wallet.privateKey,
      mints,
      singles,
    );
  } finally {
    await node.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function mintAll(rpc: Rpc, chainId: number, privateKey: string, mints: number, singles: number) {
  const wallet = new Wallet(privateKey);
  const { abi, bytecode } = compilePlainERC721();
  const contract = new Interface(abi);
  const sign = signer(wallet, chainId);
  const deployment = await receipt(rpc, await sendOne(rpc, sign(undefined, bytecode, DEPLOY_GAS)));
  const mint = (tokenId: number) =>
    sign(deployment.contractAddress, contract.encodeFunctionData('mint', [wallet.address, tokenId]), MINT_GAS);
  const signed = Array.from({ length: WARM_UP + mints + singles }, (_, i) => mint(i));
  await sendAll(rpc, signed.slice(0, WARM_UP));
  const batched = await rate(mints, () => sendAll(rpc, signed.slice(WARM_UP, WARM_UP + mints)));
  const single = await rate(singles, async () => {
    for (const raw of signed.slice(WARM_UP + mints)) await sendOne(rpc, raw);
  });
  const last = Transaction.from(signed.at(-1) as string);
  const { status, gasUsed } = await receipt(rpc, last.hash as string);
  const call = { to: deployment.contractAddress, data: contract.encodeFunctionData('balanceOf', [wallet.address]) };
  const minted = Number(await rpc.call<string>('eth_call', call, 'latest'));
  if (Number(status) !== 1 || minted !== signed.length) throw new Error(`${minted} of ${signed.length} were minted`);
  return { batched, single, gas: Number(gasUsed), bytes: ((signed.at(-1) as string).length - 2) / 2 };
}

function signer(wallet: Wallet, chainId: number) {
  let nonce = 0;
  return (to: string | undefined, data: string, gasLimit: bigint): string => {
    const fees = { maxFeePerGas: FEE, maxPriorityFeePerGas: 1_000_000n };
    const tx = Transaction.from({ type: 2, chainId, nonce: nonce++, to: to ?? null, data, gasLimit, ...fees });
    tx.signature = wallet.signingKey.sign(tx.unsignedHash);
    return tx.serialized;
  };
}

async function rate(count: number, work: () => Promise<void>): Promise<number> {
  const since = performance.now();
  await work();
  return (count * 1000) / (performance.now() - since);
}

async function sendAll(rpc: Rpc, signed: readonly string[]): Promise<void> {
  for (let at = 0; at < signed.length; at += AT_ONCE) {
    const calls = signed.slice(at, at + AT_ONCE).map((raw) => ({ method: 'eth_sendRawTransaction', params: [raw] }));
    for (const reply of await rpc.batch(calls)) {
      if ('error' in reply) throw new Error(`a mint was refused: ${reply.error.message}`);
    }
  }
}

function sendOne(rpc: Rpc, raw: string): Promise<string> {
  return rpc.call<string>('eth_sendRawTransaction', raw);
}

function receipt(rpc: Rpc, hash: string) {
  return rpc.call<{ status: string; gasUsed: string; contractAddress: string }>('eth_getTransactionReceipt', hash);
}
