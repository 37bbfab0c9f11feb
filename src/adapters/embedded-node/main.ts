// Owns: the embedded node as a process: configured by one line on stdin, alive as long as stdin stays open.
// Never enters: keys, the database, the service's own configuration.
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { acquireLock } from '../lock.ts';
import { openJournal } from './journal.ts';
import { recoverChain } from './replay.ts';
import { createAnswer } from './rpc.ts';
import { startSequencer } from './sequencer.ts';
import { serveRpc } from './server.ts';

export interface NodeConfig {
  dataDir: string;
  port: number;
  funded: readonly string[];
  /** How long a predecessor that was told to stop may take to finish its last write. */
  lockWaitMs: number;
}

/** What the process says on stdout, one JSON line each. Everything on stderr is for the log. */
export type NodeMessage =
  | { progress: { done: number; total: number } }
  | { ready: { url: string; chainId: number; height: number } }
  | { error: string };

const EXIT_FAILED = 1;
/** The EVM is ahead of the disk: whoever starts us again gets the journal's state, which is what was acknowledged. */
const EXIT_DISK = 70;

async function run({ dataDir, port, funded, lockWaitMs }: NodeConfig): Promise<() => Promise<void>> {
  const folder = join(dataDir, 'chain');
  const file = join(folder, 'journal.ndjson');
  const lock = acquireLock(join(folder, 'journal.lock'), { waitMs: lockWaitMs });
  const progress = (done: number, total: number): void => say({ progress: { done, total } });
  const { evm, chainId, tip } = await recoverChain(file, { funded, log, progress });
  const journal = await openJournal(file);
  const fatal = (error: unknown): void => {
    log(`stopping, the chain could not be written: ${error instanceof Error ? error.stack : String(error)}`);
    process.exit(EXIT_DISK);
  };
  const sequencer = startSequencer({ evm, journal, tip, fatal });
  const server = await serveRpc(createAnswer({ evm, sequencer, chainId }), port);
  if (server.port !== port && port !== 0) log(`port ${port} is taken, listening on ${server.port}`);
  say({ ready: { url: server.url, chainId, height: tip.number } });
  return async () => {
    // The write first: its callers still get their answers. Then nobody can ask any more, then the file.
    await sequencer.close();
    await server.close();
    await journal.close();
    lock.release();
  };
}

function say(message: NodeMessage, written?: () => void): void {
  process.stdout.write(`${JSON.stringify(message)}\n`, written);
}

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

function main(): void {
  // A parent that was killed no longer reads: that must not stop the write in hand.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  let stop: (() => Promise<void>) | undefined;
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    // Before the node is ready there is nothing to finish: a replay only reads.
    if (stop === undefined) process.exit(0);
    stop().then(
      () => process.exit(0),
      () => process.exit(EXIT_FAILED),
    );
  };
  const input = createInterface({ input: process.stdin });
  input.once('line', (line) => {
    run(JSON.parse(line) as NodeConfig).then(
      (close) => {
        stop = close;
      },
      (error: unknown) => {
        say({ error: error instanceof Error ? error.message : String(error) }, () => process.exit(EXIT_FAILED));
      },
    );
  });
  // End of input is how a parent asks for the end, and also what its death looks like.
  input.once('close', end);
  process.once('SIGTERM', end);
}

main();
