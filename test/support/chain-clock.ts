// Owns the clock of an embedded chain that a test starts: it goes as the machine's does, and so much ahead as the test says.
// The service's own clock stays as it is. The chain's process gets it by a module it loads before everything else.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ChainClock {
  /** Runs what starts the chain; only a process begun in it has this clock. */
  during<T>(start: () => Promise<T>): Promise<T>;
  /** From now on blocks are so many days later than the machine's clock says. */
  ahead(days: number): void;
  remove(): void;
}

export function chainClock(): ChainClock {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-clock-'));
  const file = join(folder, 'ahead');
  const ahead = (days: number) => writeFileSync(file, String(days * 24 * 60 * 60 * 1000));
  ahead(0);
  const preload = `import { readFileSync } from 'node:fs';
    const now = Date.now;
    Date.now = () => now() + Number(readFileSync(${JSON.stringify(file)}, 'utf8'));`;
  const module = `data:text/javascript,${encodeURIComponent(preload).replaceAll("'", '%27')}`;
  return {
    async during(start) {
      const before = process.env['NODE_OPTIONS'];
      process.env['NODE_OPTIONS'] = `${before ?? ''} --import=${module}`;
      try {
        return await start();
      } finally {
        if (before === undefined) delete process.env['NODE_OPTIONS'];
        else process.env['NODE_OPTIONS'] = before;
      }
    },
    ahead,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
