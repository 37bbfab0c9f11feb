// Owns: the one queue of transactions and the durable height, the only number readers may see up to.
// Never enters: HTTP, JSON-RPC's shapes, the file's format.
import type { Evm, RpcError } from './evm.ts';
import type { Journal, JournalBlock } from './journal.ts';

/** So many blocks share one write and one fsync: enough to hide the disk, few enough to answer soon. */
const GROUP = 64;

export type SendOutcome = { hash: string } | { error: RpcError };

export interface Sequencer {
  /** The highest block that is on disk. Only ever grows. */
  height(): number;
  /** Resolves when the outcome is durable: also a refusal, which may rest on a block that is not durable yet. */
  send(raw: string): Promise<SendOutcome>;
  /** Refuses new work, finishes the group being written, forgets the rest (nobody was told about it). */
  close(): Promise<void>;
}

export interface SequencerParts {
  evm: Evm;
  journal: Journal;
  /** Where the replay ended. */
  tip: { number: number; timestamp: number };
  /** Called once when the EVM is ahead of the disk. Nothing more is answered; the process must end. */
  fatal(error: unknown): void;
  now?: () => number;
}

interface Waiting {
  raw: string;
  settle(outcome: SendOutcome): void;
}

export function startSequencer({ evm, journal, tip, fatal, now = secondsNow }: SequencerParts): Sequencer {
  const waiting: Waiting[] = [];
  let { number, timestamp } = tip;
  let durable = number;
  let working: Promise<void> | undefined;
  let closed = false;

  async function writeGroup(group: readonly Waiting[]): Promise<void> {
    const blocks: JournalBlock[] = [];
    const outcomes: SendOutcome[] = [];
    for (const { raw } of group) {
      // Never backwards, whatever the machine's clock does; equal timestamps are allowed.
      const t = Math.max(now(), timestamp);
      const mined = await evm.mine(raw, number + 1, t);
      if ('hash' in mined) {
        number = mined.number;
        timestamp = t;
        blocks.push({ n: number, t, h: mined.hash, x: raw });
        outcomes.push({ hash: mined.transaction });
      } else outcomes.push({ error: mined });
    }
    // A crash above loses blocks that exist in memory only; nobody was told. A crash below may keep blocks nobody
    // was told of: the caller finds them by the transaction's hash, which it knew before it sent.
    if (blocks.length > 0) await journal.append(blocks);
    durable = number;
    group.forEach(({ settle }, index) => {
      settle(outcomes[index]!);
    });
  }

  async function work(): Promise<void> {
    try {
      while (waiting.length > 0 && !closed) await writeGroup(waiting.splice(0, GROUP));
      working = undefined;
    } catch (error) {
      closed = true;
      fatal(error);
    }
  }

  return {
    height: () => durable,
    send: (raw) =>
      new Promise((settle) => {
        // Left unanswered: the connection is about to be closed, and that says the same.
        if (closed) return;
        waiting.push({ raw, settle });
        working ??= work();
      }),
    async close() {
      closed = true;
      await working;
    },
  };
}

function secondsNow(): number {
  return Math.floor(Date.now() / 1000);
}
