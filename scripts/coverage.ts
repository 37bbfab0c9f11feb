// Owns the branch coverage of contracts/, which Hardhat does not measure: a copy of contracts and tests is run by
// Foundry's forge, fetched by npx and no dependency of the project, with the compiler of the lockfile. Prints the table of
// contracts/README.md and every branch no test takes; exits 1 below LEAST per cent, or when the README says otherwise.
// Linux and macOS: forge starts its compiler as a program, and here that is a script.
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FORGE = '@foundry-rs/forge@1.7.1';
const LEAST = 95;
const root = join(import.meta.dirname, '..');

interface Counted {
  hit: number;
  all: number;
}
interface FileCoverage {
  readonly file: string;
  readonly lines: Counted;
  readonly branches: Counted;
  readonly functions: Counted;
  /** Line of each branch that no test takes. */
  readonly untaken: number[];
}

/**
 * OpenZeppelin's own has more variables than the compiler reaches without its optimiser. This asks the chain alone, as that
 * does first (EIP-7951); nothing outside contracts/ is measured.
 */
const CURVE = `// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.0;

library P256 {
    uint256 private constant HALF_N = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8;

    function verify(bytes32 h, bytes32 r, bytes32 s, bytes32 qx, bytes32 qy) internal view returns (bool) {
        if (uint256(s) > HALF_N) return false;
        (bool done, bytes memory answer) = address(0x100).staticcall(abi.encode(h, r, s, qx, qy));
        return done && answer.length == 32 && abi.decode(answer, (uint256)) == 1;
    }
}
`;

const folder = mkdtempSync(join(tmpdir(), 'touchstone-coverage-'));
try {
  process.exitCode = await measure();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(): Promise<number> {
  prepare();
  const args = [
    '--yes',
    '--package',
    FORGE,
    '--',
    'forge',
    'coverage',
    '--report',
    'lcov',
    '--report-file',
    'lcov.info',
  ];
  const { code, output } = await run('npx', [...args, '--no-match-coverage', '(node_modules|test)/']);
  if (code !== 0 || !existsSync(join(folder, 'lcov.info'))) {
    process.stdout.write(output);
    return 1;
  }
  // Whether tests pass is for `npm test` to say. Without optimiser a slot is written field by field, which some count.
  const failed = new Set([...output.matchAll(/^\[FAIL.*\] (\w+)\(/gm)].map(([, name]) => name));
  for (const name of failed) process.stdout.write(`fails without optimiser: ${name}\n`);
  const files = parse(readFileSync(join(folder, 'lcov.info'), 'utf8')).filter(({ lines }) => lines.all > 0);
  const table = tableOf(files);
  process.stdout.write(`${table}\n`);
  for (const { file, untaken } of files) {
    for (const line of untaken) process.stdout.write(`${file}:${line}: a branch that no test takes\n`);
  }
  const low = files.filter(({ branches }) => percent(branches) < LEAST).map(({ file }) => file);
  if (low.length > 0) process.stdout.write(`below ${LEAST} %: ${low.join(', ')}\n`);
  const stated = readFileSync(join(root, 'contracts', 'README.md'), 'utf8').includes(table);
  if (!stated) process.stdout.write('contracts/README.md states other figures\n');
  return low.length === 0 && stated ? 0 : 1;
}

function prepare(): void {
  for (const part of ['contracts', join('test', 'contracts')]) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  const vectors = join('test', 'vectors', 'passkeys.json');
  cpSync(join(root, vectors), join(folder, vectors));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const compiler = join(folder, 'solc.cjs');
  writeFileSync(compiler, solcProgram(join(root, 'node_modules', 'solc')));
  chmodSync(compiler, 0o755);
  writeFileSync(join(folder, 'foundry.toml'), settings(compiler));
}

/** What forge asks of a native compiler: its version, and standard JSON from input to output; with another curve. */
function solcProgram(solc: string): string {
  return `#!${process.execPath}
const solc = require(${JSON.stringify(solc)});
if (process.argv.includes('--version')) process.stdout.write('solc\\nVersion: ' + solc.version() + '\\n');
else {
  const input = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
  for (const name of Object.keys(input.sources)) {
    if (name.endsWith('/cryptography/P256.sol')) input.sources[name] = { content: ${JSON.stringify(CURVE)} };
  }
  process.stdout.write(solc.compile(JSON.stringify(input)));
}
`;
}

/** Without optimiser, so that every branch of the source is one in the code. Fewer random lives than the tests have. */
function settings(compiler: string): string {
  return `[profile.default]
src = "contracts"
test = "test/contracts"
libs = ["node_modules"]
solc = ${JSON.stringify(compiler)}
evm_version = "osaka"
optimizer = false
offline = true
auto_detect_remappings = false
fs_permissions = [{ access = "read", path = "test/vectors/passkeys.json" }]
remappings = ["@openzeppelin/contracts/=node_modules/@openzeppelin/contracts/"]
[fuzz]
runs = 64
[invariant]
runs = 4
depth = 100
`;
}

/** LCOV: SF names a file, DA a line, FNDA a function, BRDA a branch, each with how often it was met. */
function parse(lcov: string): FileCoverage[] {
  return lcov
    .split('end_of_record')
    .filter((record) => record.includes('SF:'))
    .map((record) => {
      const of = (kind: string) =>
        [...record.matchAll(new RegExp(`^${kind}:(.*)$`, 'gm'))].map(([, text = '']) => text.split(','));
      const count = (hits: readonly (string | undefined)[]): Counted => ({
        hit: hits.filter((times) => Number(times) > 0).length,
        all: hits.length,
      });
      const branches = of('BRDA');
      return {
        file: of('SF')[0]?.[0] ?? '',
        lines: count(of('DA').map(([, times]) => times)),
        functions: count(of('FNDA').map(([times]) => times)),
        branches: count(branches.map(([, , , times]) => times)),
        untaken: branches.filter(([, , , times]) => !(Number(times) > 0)).map(([line]) => Number(line)),
      };
    });
}

function tableOf(files: readonly FileCoverage[]): string {
  const cell = (counted: Counted) => `${counted.hit} of ${counted.all}`;
  const rows = files.map(
    ({ file, lines, branches, functions }) =>
      `| ${file.replace('contracts/', '')} | ${cell(lines)} | ${cell(functions)} | ${cell(branches)} |`,
  );
  return ['| file | lines | functions | branches |', '|---|---:|---:|---:|', ...rows].join('\n');
}

function percent({ hit, all }: Counted): number {
  return all === 0 ? 100 : (100 * hit) / all;
}

function run(command: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
