// Owns how tests run the command line's commands about claim cards, and what holds of every such run: it connects to
// nothing, tells no secret, and refuses in one line.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { holdsSecret } from '../../src/core/secret-spotter.ts';
import { type Ended, runCli } from './child-service.ts';

export const LEDGER_URL = 'https://ledger.example';
/** Ends the process at its first attempt to connect to anything. */
const NO_NETWORK = `--import=data:text/javascript,${encodeURIComponent(
  `import net from 'node:net'; net.Socket.prototype.connect = () => process.exit(99);`,
)}`;

/** A row of the private file. */
export interface Card {
  readonly row: string;
  readonly title: string;
  readonly path: string;
  readonly secret: string;
  readonly url: string;
}

export interface CardRuns {
  /** A folder that isn't there yet. */
  newFolder(): string;
  /** Any command, without a network. */
  run(...args: string[]): Promise<Ended>;
  /** `cards make` into a folder. */
  make(to: string, ...args: string[]): Promise<Ended>;
}

export function cardRuns(folder: string): CardRuns {
  let made = 0;
  const run: CardRuns['run'] = (...args) => runCli(args, { DATA_DIR: folder, NODE_OPTIONS: NO_NETWORK });
  return {
    run,
    newFolder() {
      made += 1;
      return join(folder, `cards-${made}`);
    },
    make: (to, ...args) => run('cards', 'make', ...args, '--to', to, '--public-url', `${LEDGER_URL}/`),
  };
}

/** Rows of a CSV file by its header, read by nothing of ours. */
export function table<Row = Record<string, string>>(path: string): Row[] {
  return parse(readFileSync(path, 'utf8'), { columns: true, bom: true });
}

export function cardsOf(to: string): Card[] {
  return table<Card>(join(to, 'cards.csv'));
}

export function succeeded(ended: Ended): Ended {
  expect(ended.code, ended.stderr).to.equal(0);
  expect(holdsSecret(ended.stdout + ended.stderr), 'a secret is told').to.equal(false);
  return ended;
}

/** One line and an exit code. */
export function refused(ended: Ended, line: RegExp): void {
  expect(ended.code, ended.stderr).to.equal(1);
  expect(ended.stderr).to.match(line);
  expect(ended.stderr.trim().split('\n'), ended.stderr).to.have.length(1);
  expect(ended.stdout).to.equal('');
}
