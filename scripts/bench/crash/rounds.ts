// Owns the crashes: kill -9 of service, node and database, alone and together, at moments nobody chose, while a client
// keeps writing; then a start on the same folder. The same seed gives the same order and the same waits.
import { setTimeout as wait } from 'node:timers/promises';
import { openRpc, type Rpc } from '../../../src/adapters/rpc.ts';
import { Client } from '../client.ts';
import { seeded } from '../diamonds.ts';
import { OwnLedger, PARTS, type Part } from '../ledger.ts';
import { type Audit, audit } from './audit.ts';
import { lastBlock, type SeenBlock } from './chain.ts';
import { Workload } from './workload.ts';

/** Every combination of the three parts. */
export const SUBSETS: readonly (readonly Part[])[] = [1, 2, 3, 4, 5, 6, 7].map((bits) =>
  PARTS.filter((_, i) => (bits >> i) & 1),
);
const EARLIEST_MS = 100;
const LATEST_MS = 1_500;
/** One in so many kills of the service is followed by another one while it starts again. */
const AGAIN_ONE_IN = 4;
const READY_MS = 60_000;

export interface CrashOptions {
  readonly rounds: number;
  readonly seed: number;
  /** Which parts each round kills; every combination in a drawn order if left out. */
  readonly subsets?: readonly (readonly Part[])[];
  tell?(line: string): void;
}

export interface Round {
  readonly parts: string;
  /** From the kill until service, node and database answer again. */
  readonly backAfterMs: number;
}

export interface CrashReport extends Audit {
  readonly rounds: readonly Round[];
  /** What the service logged as an error: faults it did not expect, also where the client was answered well. */
  readonly errors: readonly string[];
}

export async function runCrashes({ rounds, seed, subsets, tell = () => {} }: CrashOptions): Promise<CrashReport> {
  const next = seeded(seed);
  const order = subsets ?? drawn(rounds, next);
  const ledger = await OwnLedger.prepare();
  try {
    await ledger.start();
    const { apiKey } = await ledger.organisation('crash-bench', ['maker', 'certifier']);
    const client = new Client(() => ledger.url, apiKey);
    const rpc = openRpc(() => ledger.rpcUrl());
    const workload = new Workload(client, seeded(seed + 1));
    workload.start();
    const seen: SeenBlock[] = [];
    const done: Round[] = [];
    for (const [i, parts] of order.slice(0, rounds).entries()) {
      // The last kill at least has to come while everything is under way, also where the machine is slow.
      if (i === rounds - 1) await workload.eachKind();
      await wait(EARLIEST_MS + next() * (LATEST_MS - EARLIEST_MS));
      done.push(await crash(ledger, rpc, parts, next, seen));
      const { pieces, imports, transfers, certificates } = workload;
      const counts = `${pieces.length} pieces, ${imports.length} files, ${transfers.length} transfers, ${certificates.length} certificates`;
      tell(
        `${i + 1}: ${parts.join('+')}, back after ${((done.at(-1)?.backAfterMs ?? 0) / 1000).toFixed(1)} s; ${counts}`,
      );
    }
    await workload.finish();
    return { ...(await audit(client, rpc, workload, seen)), rounds: done, errors: ledger.errors };
  } finally {
    await ledger.remove();
  }
}

/** Combinations in a drawn order, each as often as any other. */
function drawn(rounds: number, next: () => number): (readonly Part[])[] {
  const order: (readonly Part[])[] = [];
  while (order.length < rounds) {
    const left = [...SUBSETS];
    while (left.length > 0) order.push(...left.splice(Math.floor(next() * left.length), 1));
  }
  return order;
}

async function crash(
  ledger: OwnLedger,
  rpc: Rpc,
  parts: readonly Part[],
  next: () => number,
  seen: SeenBlock[],
): Promise<Round> {
  const before = await lastBlock(rpc);
  if (before) seen.push(before);
  const since = performance.now();
  await ledger.kill(parts);
  if (parts.includes('service')) {
    if (next() * AGAIN_ONE_IN < 1) {
      const starting = ledger.start().catch(() => {});
      await wait(next() * LATEST_MS);
      await ledger.kill(parts);
      await starting;
    }
    await ledger.start();
  }
  await allReady(ledger);
  return { parts: parts.join('+'), backAfterMs: performance.now() - since };
}

async function allReady(ledger: OwnLedger): Promise<void> {
  for (const until = performance.now() + READY_MS; performance.now() < until; await wait(25)) {
    const response = await fetch(`${ledger.url}/readyz`).catch(() => undefined);
    if (response?.ok !== true) continue;
    const { parts } = (await response.json()) as { parts: Record<string, string> };
    if (Object.values(parts).every((said) => said === 'ok')) return;
  }
  throw new Error(`the service was not ready again after ${READY_MS / 1000} s`);
}
