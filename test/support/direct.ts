// Owns going past the service: transactions straight to the chain, signed and paid for by whoever a test says.
import { Transaction, Wallet } from 'ethers';
import { contractInterface } from '../../src/adapters/contracts.ts';
import { secretFile } from '../../src/adapters/keys.ts';
import { keccak, toHex } from '../../src/core/hash.ts';
import { piecesDomain, registerMessage } from '../../src/core/typed-data.ts';
import { permittedKey, signAs } from '../../src/ledger/accounts.ts';
import { PERMISSION } from '../../src/ledger/organisations.ts';
import type { Json, TestLedger } from './ledger.ts';
import type { OwnBatch } from './own-batch.ts';
import { until } from './raw-chain.ts';

export const pieces = contractInterface('Pieces');

/**
 * Sends a call from an account that can pay for it, the registrar's unless another is given, and waits for it.
 * @param to the registry unless given; null makes a contract of the data
 */
export async function sendDirectly(
  ledger: TestLedger,
  data: string,
  from?: Wallet,
  to: string | null = ledger.service.ledger.chain.pieces,
): Promise<Json> {
  const { rpc, ledger: parts } = ledger.service;
  const wallet = from ?? new Wallet(secretFile(ledger.config.registrarKeyFile));
  const tx = Transaction.from({
    type: 2,
    chainId: parts.chain.chainId,
    nonce: Number(await rpc.call<string>('eth_getTransactionCount', wallet.address, 'latest')),
    to,
    data,
    gasLimit: 8_000_000n,
    maxFeePerGas: 10_000_000_000n,
    maxPriorityFeePerGas: 1_000_000n,
  });
  tx.signature = wallet.signingKey.sign(tx.unsignedHash);
  const hash = await rpc.call<string>('eth_sendRawTransaction', tx.serialized);
  const receipt = await rpc.call<Json>('eth_getTransactionReceipt', hash);
  if (Number(receipt.status) !== 1) throw new Error(`reverted: ${hash}`);
  await until('the index has the block', async () => {
    const [row] = await ledger.sql<Json>(`SELECT value->'number' AS number FROM settings WHERE name = 'cursor'`);
    return row.number >= Number(receipt.blockNumber);
  });
  return receipt;
}

/** Puts currency into an account from the registrar's. */
export async function fund(ledger: TestLedger, address: string): Promise<void> {
  const { rpc, ledger: parts } = ledger.service;
  const wallet = new Wallet(secretFile(ledger.config.registrarKeyFile));
  const nonce = Number(await rpc.call<string>('eth_getTransactionCount', wallet.address, 'latest'));
  const raw = await wallet.signTransaction({
    type: 2,
    chainId: parts.chain.chainId,
    nonce,
    to: address,
    value: 10n ** 18n,
    gasLimit: 21_000n,
    maxFeePerGas: 10_000_000_000n,
    maxPriorityFeePerGas: 1_000_000n,
  });
  await rpc.call('eth_sendRawTransaction', raw);
}

/** Registers a batch with the organisation's held key, and posts those of its parts. */
export async function registerDirectly(
  ledger: TestLedger,
  organisation: string,
  batch: OwnBatch,
  parts = batch.parts.map((_, part) => part),
): Promise<void> {
  const { chain } = ledger.service.ledger;
  const key = await permittedKey(ledger.service.ledger, organisation, PERMISSION.register);
  const deadline = Math.floor(Date.now() / 1000) + 600;
  const message = registerMessage(chain.chainId, chain.pieces, batch.header, deadline);
  const signature = await signAs(ledger.service.ledger, organisation, key, message);
  await sendDirectly(ledger, chain.encodeRegister(batch.header, { key: key.address, deadline, signature }));
  const hashes = batch.parts.map((part) => toHex(keccak(part)));
  for (const part of parts) {
    await sendDirectly(ledger, chain.encodePostPart(batch.header, hashes, part, batch.parts[part] as Uint8Array));
  }
}

/** Makes a contract account that consents to everything (ERC-1271), at a cost of so many steps of 26 gas. */
export async function contractAccount(ledger: TestLedger, steps = 1): Promise<string> {
  const loop = `62${steps.toString(16).padStart(6, '0')}5b600190038060045750`;
  const runtime = `${loop}631626ba7e60e01b60005260206000f3`;
  const size = (runtime.length / 2).toString(16).padStart(2, '0');
  const receipt = await sendDirectly(ledger, `0x60${size}80600b6000396000f3${runtime}`, undefined, null);
  return receipt.contractAddress.toLowerCase();
}

const PASS_RANGE = {
  PassRange: ['uint224 batchId', 'uint32 part', 'address from', 'address to', 'uint24 events', 'uint48 deadline'].map(
    (pair) => {
      const [type = '', name = ''] = pair.split(' ');
      return { name, type };
    },
  ),
};

export interface Pass {
  readonly batchId: string;
  /** 0 for the whole batch, else the number of its block of 256, from 1. */
  readonly part: number;
  readonly from: string;
  readonly to: string;
  readonly events: number;
  readonly departed?: readonly number[];
}

/** Passes a batch, or a block of it, on with the holder's held key. */
export async function passDirectly(ledger: TestLedger, pass: Pass): Promise<void> {
  const { chain } = ledger.service.ledger;
  const { batchId, part, from, to, events, departed = [] } = pass;
  const key = await permittedKey(ledger.service.ledger, from, PERMISSION.transfer);
  const deadline = Math.floor(Date.now() / 1000) + 600;
  const message = {
    domain: piecesDomain(chain.chainId, chain.pieces),
    types: PASS_RANGE,
    primaryType: 'PassRange',
    message: { batchId, part, from, to, events, deadline },
  };
  const signature = await signAs(ledger.service.ledger, from, key, message);
  const authorization = { key: key.address, deadline, signature };
  const call = [batchId, part, to, events, departed, authorization];
  await sendDirectly(ledger, pieces.encodeFunctionData('passRange', call));
}
