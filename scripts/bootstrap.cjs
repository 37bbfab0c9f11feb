#!/usr/bin/env node
// Owns: making a fresh clone runnable with nothing but git and a system Node >= 18. Installs what the lockfile
// names when it changed, on the pinned Node, and compiles the contracts when they changed. Plain CommonJS and no
// dependency, because it runs before anything is installed. A crash here leaves a stale stamp: the next run redoes it.
'use strict';
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const modules = path.join(root, 'node_modules');
const windows = process.platform === 'win32';
const major = Number(process.versions.node.split('.')[0]);

if (major < 18) stop(`Node ${process.versions.node} is too old to install Touchstone: use Node 20 or newer.`);

install();
const node = pinnedNode();
compile(node);

function install() {
  const wanted = hash(['package.json', 'package-lock.json', '.npmrc']);
  const stamp = path.join(modules, '.touchstone-install');
  if (read(stamp) === wanted) return;
  say('installing packages (a minute or two the first time)');
  run(process.execPath, [npmCli(), 'ci', '--no-audit', '--no-fund', '--loglevel=error']);
  // npm skips optional packages whose engine excludes the Node it runs on; under an old system Node that is
  // Hardhat's native EVM. A second pass on the Node just installed brings it in.
  if (major < 22) {
    run(pinnedNode(), [npmCli(), 'install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']);
  }
  fs.writeFileSync(stamp, wanted);
}

function compile(node) {
  const sources = list(path.join(root, 'contracts'), '.sol');
  const wanted = hash(['hardhat.config.ts', 'package-lock.json', ...sources]);
  const stamp = path.join(root, 'artifacts', '.touchstone-compile');
  if (read(stamp) === wanted) return;
  say('compiling the contracts');
  run(node, [path.join(modules, 'hardhat', 'dist', 'src', 'cli.js'), 'build', '--quiet', '--no-tests']);
  fs.mkdirSync(path.dirname(stamp), { recursive: true });
  fs.writeFileSync(stamp, wanted);
}

/** The Node the lockfile pins, or this one where the platform brings its own (macOS). */
function pinnedNode() {
  const candidate = path.join(modules, '.bin', windows ? 'node.exe' : 'node');
  if (fs.existsSync(candidate)) return candidate;
  if (major < 22) stop(`no pinned Node for ${process.platform}-${process.arch}: use Node 22.13 or newer.`);
  return process.execPath;
}

function npmCli() {
  const fromNpm = process.env.npm_execpath;
  if (fromNpm && /\.c?js$/.test(fromNpm)) return fromNpm;
  const bundled = windows ? 'node_modules/npm/bin/npm-cli.js' : '../lib/node_modules/npm/bin/npm-cli.js';
  const file = path.join(path.dirname(process.execPath), bundled);
  if (!fs.existsSync(file)) stop('npm was not found beside node: run this through npm (npm start, npm test).');
  return file;
}

function run(command, args) {
  const env = { ...process.env, PATH: path.join(modules, '.bin') + path.delimiter + process.env.PATH };
  const done = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], env });
  if (done.status !== 0) stop(`failed: ${path.basename(command)} ${args.slice(1).join(' ')}`);
}

function list(folder, ending) {
  return fs
    .readdirSync(folder, { recursive: true })
    .map((name) => path.relative(root, path.join(folder, String(name))))
    .filter((name) => name.endsWith(ending))
    .sort();
}

function hash(files) {
  const sum = createHash('sha256');
  for (const file of files)
    sum
      .update(file)
      .update('\0')
      .update(read(path.join(root, file)));
  return sum.update(process.platform + process.arch).digest('hex');
}

function read(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
}

function say(text) {
  process.stderr.write(`touchstone: ${text}\n`);
}

function stop(text) {
  say(text);
  process.exit(1);
}
