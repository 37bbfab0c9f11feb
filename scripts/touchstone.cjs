#!/usr/bin/env node
// Owns: starting the command line on the pinned Node, whatever Node called it.
'use strict';
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const ready = spawnSync(process.execPath, [path.join(__dirname, 'bootstrap.cjs')], { stdio: 'inherit' });
if (ready.status !== 0) process.exit(1);
const pinned = path.join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.exe' : 'node');
const node = fs.existsSync(pinned) ? pinned : process.execPath;
const cli = path.join(root, 'src', 'cli.ts');
// As in `npm start`: without them the garbage of an import is left lying until it is twice what is in use.
const flags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=16', '--heap-growing-percent=20'];
const done = spawnSync(node, [...flags, cli, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(done.status ?? 1);
