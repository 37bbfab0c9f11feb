// Owns making what browsers run out of src/web/browser: esbuild bundles each entry there, with what it shares with others in
// files of their own. Made once a process, when it is first asked for, in memory; nothing of it is kept between starts.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { once } from '../core/once.ts';
import { type ContractName, contractInterface } from './contracts.ts';

const FOLDER = join(import.meta.dirname, '..', 'web', 'browser');
/** Files of this name's form are what pages load; all others are parts of them. */
const ENTRY = /^([a-z-]+)\.page\.ts$/;
/** These as well, but each in one piece, for a page that is kept as one file. */
const WHOLE = /^([a-z-]+)\.whole\.ts$/;

export interface BrowserFile {
  readonly text: string;
  /** Its name holds its hash: it never changes. */
  readonly lasting: boolean;
}

/** zod makes functions out of text where it may. The pages' policy lets nobody do so, and says so aloud if it is tried. */
const NO_EVAL = '(globalThis.__zod_globalConfig??={}).jitless=true;';

/** By file name: `claim.js`, and the shared parts. @throws if the code does not bundle: a mistake of the authors */
export const browserCode: () => Promise<ReadonlyMap<string, BrowserFile>> = once(bundle);

async function bundle(): Promise<ReadonlyMap<string, BrowserFile>> {
  const parts = built(ENTRY, { splitting: true, format: 'esm', chunkNames: 'part-[hash]' });
  const wholes = built(WHOLE, { format: 'iife' });
  return new Map((await Promise.all([parts, wholes])).flat());
}

async function built(names: RegExp, options: BuildOptions): Promise<(readonly [string, BrowserFile])[]> {
  const entryPoints = readdirSync(FOLDER).flatMap((file) => {
    const name = names.exec(file)?.[1];
    return name === undefined ? [] : [{ in: join(FOLDER, file), out: name }];
  });
  const { outputFiles } = await build({
    ...options,
    entryPoints,
    bundle: true,
    minify: true,
    // What is displayed in this program's own words is text, not bytes in an escape of JavaScript.
    charset: 'utf8',
    target: 'es2022',
    outdir: '/',
    write: false,
    legalComments: 'none',
    logLevel: 'silent',
    plugins: [STAND_INS],
    banner: { js: NO_EVAL },
  });
  return (outputFiles ?? []).map(({ path, text }) => {
    const name = path.replace(/^.*[/\\]/, '');
    return [name, { text, lasting: name.startsWith('part-') }] as const;
  });
}

/** What asking a node about an evidence file takes of the contracts. */
const ASKED_ABOUT: readonly ContractName[] = ['Pieces', 'Organisations', 'Certificates', 'LifeEvents', 'Lots'];

/**
 * Asking a node about an evidence file is the same code here and in a browser, which has neither the compiler's files nor
 * zlib: what contracts.ts reads from disk is written out for it, and compress.ts is what a browser can expand.
 */
const STAND_INS: Plugin = {
  name: 'stand-ins',
  setup(work) {
    // Its errors in fifty languages, of which no page says one: more than half of what pages would share.
    work.onLoad({ filter: /[/\\]zod[/\\]v4[/\\]locales[/\\]index\.js$/ }, () => ({ contents: '', loader: 'js' }));
    work.onLoad({ filter: /[/\\]adapters[/\\]contracts\.ts$/ }, () => ({ contents: contractsWritten(), loader: 'js' }));
    work.onResolve({ filter: /^\.\/compress\.ts$/ }, () => ({ path: join(FOLDER, 'expand.ts') }));
    work.onResolve({ filter: /^\.\/contracts\.ts$/ }, ({ resolveDir }) => ({ path: join(resolveDir, 'contracts.ts') }));
  },
};

function contractsWritten(): string {
  // Views and events alone, as signatures: a tenth of the compiler's own words.
  const told = ASKED_ABOUT.map((name) => {
    const { fragments } = contractInterface(name);
    const asked = fragments.filter(
      (one) => one.type === 'event' || (one.type === 'function' && one.format('full').includes(' view ')),
    );
    return [name, asked.map((one) => one.format('full'))];
  });
  return `import { Interface } from 'ethers';
const SAID = ${JSON.stringify(Object.fromEntries(told))};
export function contractInterface(name) { return new Interface(SAID[name]); }`;
}
