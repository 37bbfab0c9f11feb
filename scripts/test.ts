// Owns running every check in one go and counting: types, format, lint, contracts, then everything mocha runs. Ends with
// the plain line `N passed, N failed`; exits 1 if anything failed. --quick leaves out what starts processes or browsers.
import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Outcome {
  readonly passed: number;
  readonly failed: number;
}

const quick = process.argv.includes('--quick');
const only = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const root = join(import.meta.dirname, '..');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const scratch = mkdtempSync(join(tmpdir(), 'touchstone-test-'));

/** Quick: what needs neither a child process nor a chain. */
const QUICK = ['test/core/**/*.test.ts', 'test/web/**/*.test.ts', 'test/*.test.ts'];
const SLOW_AT_TOP = ['test/cli.test.ts', 'test/vectors.test.ts'];

const outcomes: Outcome[] = [];
try {
  if (only.length === 0) {
    outcomes.push(await check('types', bin('tsc'), []));
    outcomes.push(await check('format and lint', bin('biome'), ['check', '.']));
    outcomes.push(
      await check('contract format', bin('prettier'), ['--check', ...globSync('{contracts,test}/**/*.sol')]),
    );
    outcomes.push(
      await check('contract lint', bin('solhint'), ['--max-warnings', '0', ...globSync('contracts/**/*.sol')]),
    );
    if (!quick) outcomes.push(await solidity());
  }
  outcomes.push(...(await inTwo(only.length > 0 ? only : files())));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
// Not process.exit: to a pipe that is full, what was written is still to come.
process.exitCode = failed === 0 ? 0 : 1;

function files(): string[] {
  const found = globSync(quick ? QUICK : 'test/**/*.test.ts', { cwd: root }).sort();
  return quick ? found.filter((file) => !SLOW_AT_TOP.includes(file)) : found;
}

/** A tool that either passes or doesn't counts as one test; what it says is shown only when it fails. */
async function check(name: string, command: string, args: readonly string[]): Promise<Outcome> {
  const { code, output } = await run(command, args, false);
  process.stdout.write(code === 0 ? `  ✔ ${name}\n` : `  ✗ ${name}\n${output}\n`);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function solidity(): Promise<Outcome> {
  const { code, output } = await run(bin('hardhat'), ['test', 'solidity'], true);
  const count = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(output)?.[1] ?? 0);
  // A compiler error leaves no counts: that is a failure, too.
  return { passed: count('passing'), failed: Math.max(count('failing'), code === 0 ? 0 : 1) };
}

/**
 * Most tests wait for a ledger of their own more than they work, so two processes share them: HTTP in one, all others in
 * the other, whose report is shown when both are done.
 */
async function inTwo(specs: readonly string[]): Promise<Outcome[]> {
  const [http, others] = [specs.filter(isHttp), specs.filter((file) => !isHttp(file))];
  if (http.length === 0 || others.length === 0) return [await mocha('all', specs, true)];
  const later = mocha('others', others, false);
  return [await mocha('http', http, true), await later];
}

function isHttp(file: string): boolean {
  return file.replaceAll('\\', '/').startsWith('test/http/');
}

async function mocha(name: string, specs: readonly string[], shown: boolean): Promise<Outcome> {
  const report = join(scratch, `${name}.json`);
  const reporters = ['--reporter', join(root, 'scripts', 'test-report.cjs'), '--reporter-option', `output=${report}`];
  const args = ['--disable-warning=ExperimentalWarning', join(root, 'node_modules/mocha/bin/mocha.js'), '--exit'];
  const { code, output } = await run(process.execPath, [...args, '--timeout', '60000', ...reporters, ...specs], shown);
  if (!shown) process.stdout.write(output);
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

function run(command: string, args: readonly string[], shown: boolean): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const take = (chunk: Buffer) => {
      output += chunk;
      if (shown) process.stdout.write(chunk);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
