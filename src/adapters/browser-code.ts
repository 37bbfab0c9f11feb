// Owns making what browsers run out of src/web/browser: esbuild bundles each entry there, with what it shares with others in
// files of their own. Made once a process, in memory; nothing of it is kept between starts.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const FOLDER = join(import.meta.dirname, '..', 'web', 'browser');
/** Files of this name's form are what pages load; all others are parts of them. */
const ENTRY = /^([a-z-]+)\.page\.ts$/;

export interface BrowserFile {
  readonly text: string;
  /** Its name holds its hash: it never changes. */
  readonly lasting: boolean;
}

let made: Promise<ReadonlyMap<string, BrowserFile>> | undefined;

/** By file name: `claim.js`, and the shared parts. @throws if the code does not bundle: a mistake of the authors */
export function browserCode(): Promise<ReadonlyMap<string, BrowserFile>> {
  made ??= bundle();
  return made;
}

async function bundle(): Promise<ReadonlyMap<string, BrowserFile>> {
  const entries = readdirSync(FOLDER).flatMap((file) => {
    const name = ENTRY.exec(file)?.[1];
    return name === undefined ? [] : [{ in: join(FOLDER, file), out: name }];
  });
  const { outputFiles } = await build({
    entryPoints: entries,
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    target: 'es2022',
    outdir: '/',
    chunkNames: 'part-[hash]',
    write: false,
    legalComments: 'none',
    logLevel: 'silent',
  });
  return new Map(
    outputFiles.map(({ path, text }) => {
      const name = path.replace(/^.*[/\\]/, '');
      return [name, { text, lasting: name.startsWith('part-') }] as const;
    }),
  );
}
