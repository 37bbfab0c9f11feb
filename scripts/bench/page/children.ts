// Owns the page bench's two other processes, the load and the rival, and how they are spoken to.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Served } from './bare.ts';
import type { Order, Outcome, Report } from './load.ts';

export class Children {
  readonly #started: ChildProcess[] = [];
  readonly #load: ChildProcess;

  constructor() {
    this.#load = this.#start('./load.ts');
  }

  /** @throws at the first answer that is wrong */
  async ask(order: Order): Promise<Outcome> {
    const report = await exchange<Report>(this.#load, order);
    if ('failure' in report) throw new Error(report.failure);
    return report.outcome;
  }

  /** A bare Express that answers these bytes on every request; its port. */
  async rival(type: string, body: Buffer): Promise<number> {
    const served: Served = { type, body: body.toString('base64') };
    return exchange<number>(this.#start('./bare.ts'), served);
  }

  end(): void {
    for (const child of this.#started) child.kill('SIGKILL');
  }

  /** With nothing inherited that would slow or quicken it: the profiler is for the service alone. */
  #start(file: string): ChildProcess {
    const execArgv = ['--disable-warning=ExperimentalWarning'];
    const child = fork(fileURLToPath(new URL(file, import.meta.url)), { execArgv });
    this.#started.push(child);
    return child;
  }
}

async function exchange<T>(child: ChildProcess, message: object): Promise<T> {
  const over = new AbortController();
  const { signal } = over;
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`a process of the bench ended with ${code}`);
  });
  const answered = once(child, 'message', { signal }).then(([answer]) => answer as T);
  child.send(message);
  try {
    return await Promise.race([answered, ended]);
  } finally {
    over.abort();
    await Promise.allSettled([answered, ended]);
  }
}
