// Owns: starting the embedded node as a child process, hearing when it is ready or dead, and ending it in order.
// Never enters: what is on the chain. Everything else about the node goes through its URL, as with any other node.
import { type ChildProcess, spawn } from 'node:child_process';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { NodeConfig, NodeMessage } from './embedded-node/main.ts';

export interface EmbeddedNodeOptions {
  dataDir: string;
  /** Preferred; another one is taken when this is in use. 0 for any. */
  port: number;
  /** Addresses that hold currency from the genesis block on. Counts only when the chain begins. */
  funded: readonly string[];
  log(line: string): void;
  onProgress?: (done: number, total: number) => void;
  /** How long to wait for a node on the same folder to end; 15 seconds. */
  lockWaitMs?: number;
}

export interface EmbeddedNode {
  url: string;
  chainId: number;
  pid: number;
  /** Lets the write in hand finish. Resolves when the process is gone. */
  stop(): Promise<void>;
  /** Called once if the process ends without stop(). Starting again is the caller's to do. */
  onDeath(callback: () => void): void;
}

/** The last write is at most one group; a process that takes longer than this is stuck. */
const STOP_MS = 10_000;

export async function startEmbeddedNode(options: EmbeddedNodeOptions): Promise<EmbeddedNode> {
  const { dataDir, port, funded, log, lockWaitMs = 15_000 } = options;
  // The same extension as this file: source runs from .ts, a packed release from .js.
  const main = new URL(`./embedded-node/main${extname(import.meta.url)}`, import.meta.url);
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', fileURLToPath(main)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Its own process group: Ctrl-C reaches the service only, which then ends the node after its own last write.
    detached: true,
    windowsHide: true,
  });
  const death = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  createInterface({ input: child.stderr }).on('line', log);
  // A node that died already says so through `death`, not through a broken pipe.
  child.stdin.on('error', () => {});
  const config: NodeConfig = { dataDir, port, funded, lockWaitMs };
  child.stdin.write(`${JSON.stringify(config)}\n`);
  const { url, chainId } = await untilReady(child, death, options.onProgress);
  return handleOf(child, death, url, chainId);
}

function handleOf(child: ChildProcess, death: Promise<void>, url: string, chainId: number): EmbeddedNode {
  let stopping = false;
  return {
    url,
    chainId,
    pid: child.pid!,
    async stop() {
      stopping = true;
      child.stdin?.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await death;
      clearTimeout(timer);
    },
    onDeath(callback) {
      void death.then(() => {
        if (!stopping) callback();
      });
    },
  };
}

function untilReady(
  child: ChildProcess,
  death: Promise<void>,
  onProgress: EmbeddedNodeOptions['onProgress'],
): Promise<{ url: string; chainId: number }> {
  return new Promise((resolve, reject) => {
    let why: string | undefined;
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const message = JSON.parse(line) as NodeMessage;
      if ('progress' in message) onProgress?.(message.progress.done, message.progress.total);
      else if ('ready' in message) resolve(message.ready);
      else why = message.error;
    });
    child.once('error', (error) => {
      why = error.message;
    });
    // 'close' comes after the last line was read, 'exit' may come before.
    child.once('close', (code, signal) => {
      reject(new Error(`the embedded node did not start: ${why ?? `it ended with ${signal ?? code}`}`));
    });
    void death.then(() => {
      if (child.pid === undefined) reject(new Error(`the embedded node could not be spawned: ${why}`));
    });
  });
}
