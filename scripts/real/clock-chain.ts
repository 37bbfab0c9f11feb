// Owns a chain whose clock a run can set: a node of its own over JSON-RPC, as a production network is spoken to. It keeps
// nothing and ends with the run.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PROJECT } from './data.ts';

const START_MS = 120_000;
const POLL_MS = 200;
const PLENTY = '0x21e19e0c9bab2400000'; // 10,000 of the chain's coin

export interface ClockChain {
  readonly url: string;
  fund(address: string): Promise<void>;
  /** Makes a block so many seconds later than the last. */
  passTime(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startClockChain(port: number): Promise<ClockChain> {
  const bin = join(PROJECT, 'node_modules', 'hardhat', 'dist', 'src', 'cli.js');
  const args = ['--disable-warning=ExperimentalWarning', bin, 'node', '--network', 'edr'];
  const child = spawn(process.execPath, [...args, '--hostname', '127.0.0.1', '--port', String(port)], {
    cwd: PROJECT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  const call = async (method: string, ...params: unknown[]): Promise<unknown> => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const { result, error } = (await response.json()) as { result?: unknown; error?: { message: string } };
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  };
  await listening(child, () => call('eth_chainId'));
  return {
    url,
    fund: async (address) => void (await call('hardhat_setBalance', address, PLENTY)),
    async passTime(seconds) {
      await call('evm_increaseTime', seconds);
      await call('evm_mine');
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function listening(child: ChildProcess, ask: () => Promise<unknown>): Promise<void> {
  const until = performance.now() + START_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The node ended with ${child.exitCode}.`);
    if (performance.now() > until) throw new Error(`The node did not answer within ${START_MS / 1000} s.`);
    const answered = await ask().then(
      () => true,
      () => false,
    );
    if (answered) return;
    await wait(POLL_MS);
  }
}
