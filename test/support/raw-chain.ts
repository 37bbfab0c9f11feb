// Owns: signing raw transactions and asking a JSON-RPC answerer, for tests of the node itself.
// Never enters: the project's contracts, and any client library's retries or caches.
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type TransactionRequest, Wallet } from 'ethers';

/** A different throwaway key for every name, the same in every run. */
export function wallet(name: string): Wallet {
  return new Wallet(`0x${Buffer.from(name.padEnd(32, '.')).toString('hex')}`);
}

export interface RpcReply {
  id: number | string | null;
  // biome-ignore lint/suspicious/noExplicitAny: the shape differs by method and the tests say which they expect
  result?: any;
  error?: { code: number; message: string; data?: unknown };
}

export function request(method: string, params: unknown[] = [], id: number | string = 1): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params });
}

export async function post(url: string, body: string): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', body });
  return response.json();
}

export async function call(url: string, method: string, params: unknown[] = []): Promise<RpcReply> {
  return (await post(url, request(method, params))) as RpcReply;
}

/** Signs with every fee it could need; the caller numbers its own transactions. */
export function sign(from: Wallet, chainId: number, nonce: number, extra: TransactionRequest = {}): Promise<string> {
  return from.signTransaction({
    type: 2,
    chainId,
    nonce,
    gasLimit: 200_000n,
    maxFeePerGas: 100_000_000_000n,
    maxPriorityFeePerGas: 0n,
    to: '0x2222222222222222222222222222222222222222',
    ...extra,
  });
}

/** Runs `LOG1(calldata, 0x42)`; and a creation that reverts. */
export const LOGGER_CODE = '0x6c3660006000376042366000a100600052600d6013f3';
export const REVERTING_CODE = '0x60006000fd';

/** Numbers that look random and are the same for the same seed. */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) % below;
  };
}

/**
 * Polls until it holds: often at first, then less, so that waiting takes little from what is waited for. The deadline is
 * for a broken test, not part of what is tested.
 */
export async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 45_000): Promise<void> {
  const deadline = Date.now() + ms;
  for (let pause = 5; !(await holds()); pause = Math.min(pause * 1.25, 50)) {
    if (Date.now() > deadline) throw new Error(`gave up waiting until ${what}`);
    await delay(pause);
  }
}

export function modeOf(stat: { mode: number }): string {
  return (stat.mode & 0o777).toString(8);
}

export function commandLine(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
}
