// Owns: running another TypeScript file as a second process and hearing its first line.
// Never enters: what that file does.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Child {
  process: ChildProcess;
  firstLine: string;
  /** kill -9, and its end seen. */
  kill(): Promise<void>;
}

export async function startChild(name: string, ...args: string[]): Promise<Child> {
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [firstLine] = (await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    exited.then(([code]) => [`ended with ${code}`]),
  ])) as [string];
  return {
    process: child,
    firstLine,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
