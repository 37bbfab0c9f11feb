// Owns `npm run real -- NAME [FILE or FOLDER]`: the project on input that nobody here wrote. What is checked is each run's
// own business; where the files are is real/data.ts's, a ledger that is gone afterwards real/service.ts's.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { realFile } from './real/data.ts';
import { runDiamonds } from './real/diamonds.ts';
import { GS1_FILES, runGs1 } from './real/gs1.ts';
import { LAB_FILES, runLabReports } from './real/lab-reports.ts';
import { runMuseum } from './real/museum.ts';
import { runMuseumPages } from './real/museum-pages.ts';
import { runOwnership } from './real/ownership.ts';
import { type OwnService, startService } from './real/service.ts';
import { seconds, Tally } from './real/tally.ts';

interface Run {
  /** Under REAL_DATA: a file, or a folder with `files` in it. */
  readonly at: string;
  readonly files?: readonly string[];
  readonly what: string;
  run(path: string, tally: Tally): Promise<void>;
}

const RUNS: Readonly<Record<string, Run>> = {
  museum: {
    at: 'museum/jewellery.ndjson',
    what: "a museum's entries about jewellery, one JSON object a line: what each is made of, who made it, who held it",
    run: onOwnLedger(runMuseum),
  },
  'museum-ownership': {
    at: 'museum/jewellery.ndjson',
    what: "a museum's entries about jewellery, one JSON object a line: their holders, one after the other",
    run: (path, tally) => runOwnership(readFileSync(path, 'utf8'), tally),
  },
  'museum-pages': {
    at: 'museum/jewellery.ndjson',
    what: "a museum's entries about jewellery, one JSON object a line: their pages, read in a browser and in every language",
    run: onOwnLedger(runMuseumPages),
  },
  diamonds: {
    at: 'diamonds/diamonds.csv',
    what: 'polished diamonds as CSV: carat, cut, color, clarity, depth, table, price, x, y, z',
    run: onOwnLedger(runDiamonds),
  },
  gs1: {
    at: 'gs1',
    files: GS1_FILES,
    what: 'cases of GS1 Digital Links in a folder: URIs with their element strings, element strings with their URIs',
    run: runGs1,
  },
  'lab-reports': {
    at: 'lab-reports',
    files: LAB_FILES,
    what: "a laboratory's published report numbers and types in a folder, and some answers of its service",
    run: withLedger(runLabReports),
  },
};

/** The exit code: 0 if everything held or the set isn't here, 1 if something failed, 2 for a wrong call. */
async function main([name = '', given]: readonly string[]): Promise<number> {
  const run = Object.hasOwn(RUNS, name) ? (RUNS[name] as Run) : undefined;
  if (run === undefined) {
    const calls = Object.entries(RUNS).map(([one, { files }]) => `${one} [${files ? 'FOLDER' : 'FILE'}]`);
    console.log(`Usage: npm run real -- ${calls.join(' | ')}`);
    return 2;
  }
  const path = given ?? realFile(run.at);
  const missing = path === undefined ? run.at : missingAt(path, run.files);
  return path === undefined || missing !== undefined ? absent(run, given, missing ?? '') : measured(run, path);
}

/** What isn't there, if anything: the path itself, or a file that has to be in it. */
function missingAt(path: string, files: readonly string[] = []): string | undefined {
  return [path, ...files.map((file) => join(path, file))].find((each) => !existsSync(each));
}

function absent(run: Run, given: string | undefined, missing: string): number {
  const where = given === undefined ? `${missing}, looked for under REAL_DATA (or ../shared/data)` : missing;
  console.log(`This run reads ${run.what}.\nIt isn't here: ${where}.`);
  if (process.env['CI'] !== 'true') {
    console.log(
      'It is not part of the project. Set REAL_DATA, or name a path of your own; until then nothing is checked.',
    );
    return 0;
  }
  console.log('Where every change is checked it must be here.\n0 passed, 1 failed');
  return 1;
}

async function measured(run: Run, path: string): Promise<number> {
  const since = performance.now();
  const tally = new Tally();
  try {
    await run.run(path, tally);
  } catch (error) {
    tally.check(false, `the run broke off: ${(error as Error).stack}`);
  }
  console.log(`Done after ${seconds(since)}.\n${tally.line}`);
  return tally.failed === 0 ? 0 : 1;
}

/** A run on one file: with the whole of it as text. */
function onOwnLedger(run: (service: OwnService, text: string, tally: Tally) => Promise<void>): Run['run'] {
  return withLedger((service, path, tally) => run(service, readFileSync(path, 'utf8'), tally));
}

/** A run over HTTP: on a service that is started for it. */
function withLedger(run: (service: OwnService, path: string, tally: Tally) => Promise<void>): Run['run'] {
  return async (path, tally) => {
    const since = performance.now();
    const service = await startService();
    const interrupted = () => {
      void service.stop().finally(() => process.exit(130));
    };
    process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
    try {
      console.log(`A ledger of its own is ready at ${service.url} after ${seconds(since)}.`);
      await run(service, path, tally);
    } finally {
      await service.stop();
    }
  };
}

process.exitCode = await main(process.argv.slice(2));
