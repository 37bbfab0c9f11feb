// Owns running every check in one go and counting: types, format, lint, contracts, then everything mocha runs. Ends with
// the plain line `N passed, N failed`; exits 1 if anything failed. --quick leaves out what starts processes or browsers.
import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../src/adapters/embedded-postgres.ts';

interface Outcome {
  readonly passed: number;
  readonly failed: number;
}

const quick = process.argv.includes('--quick');
const only = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const root = join(import.meta.dirname, '..');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const scratch = mkdtempSync(join(tmpdir(), 'touchstone-test-'));

const servers = join(scratch, 'servers');

/** Quick: what needs neither a child process nor a chain. */
const QUICK = ['test/core/**/*.test.ts', 'test/web/**/*.test.ts', 'test/*.test.ts'];
const SLOW_AT_TOP = /^test.(cli|cards|vectors)\b/;

/**
 * Long files are begun first, so that none of them is left running by itself at the end. Most wait for a ledger of their
 * own more than they work: one file more at a time than there are cores keeps the cores busy.
 */
const LONG = ['test/cli', 'test/http/certificates-reports', 'test/journeys/', 'test/service/', 'test/ledger/'];
const AFTER_THOSE = ['test/http/', 'test/adapters/'];
const AT_A_TIME = availableParallelism() + 1;

let outcomes: Outcome[];
try {
  if (only.length > 0) {
    outcomes = [await mocha(only, Promise.resolve())];
  } else {
    // Tools and contracts take one core, everything mocha runs the rest. What mocha says waits until they are told.
    const told = toolsAndContracts();
    outcomes = (await Promise.all([told, mocha(files(), told)])).flat();
  }
} finally {
  // Servers that test processes started and left: a start finds them, and then they can be stopped.
  for (const dataDir of globSync(join(servers, '*'))) {
    await startEmbeddedPostgres({ dataDir, log: () => {} }).then((server) => server.stop());
  }
  rmSync(scratch, { recursive: true, force: true });
}
const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
// Not process.exit: to a pipe that is full, what was written is still to come.
process.exitCode = failed === 0 ? 0 : 1;

async function toolsAndContracts(): Promise<Outcome[]> {
  const contracts = globSync('contracts/**/*.sol', { cwd: root });
  return [
    await check('types', bin('tsc'), []),
    await check('format and lint', bin('biome'), ['check', '.']),
    await check('contract format', bin('prettier'), [
      '--check',
      ...globSync('{contracts,test}/**/*.sol', { cwd: root }),
    ]),
    await check('contract lint', bin('solhint'), ['--max-warnings', '0', ...contracts]),
    ...(quick ? [] : [await solidity()]),
  ];
}

function files(): string[] {
  const found = globSync(quick ? QUICK : 'test/**/*.test.ts', { cwd: root }).sort();
  const order = [...LONG, ...AFTER_THOSE];
  const place = (file: string) => {
    const at = order.findIndex((start) => file.replaceAll('\\', '/').startsWith(start));
    return at < 0 ? order.length : at;
  };
  const wanted = quick ? found.filter((file) => !SLOW_AT_TOP.test(file)) : found;
  return wanted.sort((a, b) => place(a) - place(b));
}

/** A tool that either passes or doesn't counts as one test; what it says is shown only when it fails. */
async function check(name: string, command: string, args: readonly string[]): Promise<Outcome> {
  const { code, output } = await run(command, args);
  process.stdout.write(code === 0 ? `  ✔ ${name}\n` : `  ✗ ${name}\n${output}\n`);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function solidity(): Promise<Outcome> {
  const { code, output } = await run(bin('hardhat'), ['test', 'solidity'], Promise.resolve());
  const count = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(output)?.[1] ?? 0);
  // A compiler error leaves no counts: that is a failure, too.
  return { passed: count('passing'), failed: Math.max(count('failing'), code === 0 ? 0 : 1) };
}

/** Several processes share the files; each file's report is told whole. */
async function mocha(specs: readonly string[], turn: Promise<unknown>): Promise<Outcome> {
  const report = join(scratch, 'mocha.json');
  const reporters = ['--reporter', join(root, 'scripts', 'test-report.cjs'), '--reporter-option', `output=${report}`];
  const args = ['--disable-warning=ExperimentalWarning', join(root, 'node_modules/mocha/bin/mocha.js'), '--exit'];
  const shared = specs.length > 1 ? ['--parallel', '--jobs', String(AT_A_TIME)] : [];
  const { code } = await run(
    process.execPath,
    [...args, '--timeout', '240000', ...shared, ...reporters, ...specs],
    turn,
  );
  const counted = readCounts(report);
  return counted.failed === 0 && code !== 0 ? { ...counted, failed: 1 } : counted;
}

function readCounts(file: string): Outcome {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Outcome;
  } catch {
    return { passed: 0, failed: 1 };
  }
}

/** @param turn what it says is shown from then on; without it, not at all */
function run(
  command: string,
  args: readonly string[],
  turn?: Promise<unknown>,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    // Modules are compiled, and types stripped, once for all the processes that tests start.
    const env = { ...process.env, NODE_COMPILE_CACHE: join(scratch, 'compiled'), TEST_SERVERS: servers };
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let waiting: string | undefined = '';
    const take = (chunk: Buffer) => {
      output += chunk;
      if (waiting !== undefined) waiting += chunk;
      else process.stdout.write(chunk);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', reject);
    child.on('close', async (code) => {
      await turn;
      resolve({ code: code ?? 1, output });
    });
    void turn?.then(() => {
      process.stdout.write(waiting ?? '');
      waiting = undefined;
    });
  });
}
