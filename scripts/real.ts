// Owns `npm run real -- museum|diamonds [FILE]`: the project on input that nobody here wrote, against a ledger of its
// own that is gone afterwards. What is checked is each run's own business; where the files are is real/data.ts's.
import { existsSync, readFileSync } from 'node:fs';
import { realFile } from './real/data.ts';
import { runDiamonds } from './real/diamonds.ts';
import { runMuseum } from './real/museum.ts';
import { type OwnService, startService } from './real/service.ts';
import { seconds, Tally } from './real/tally.ts';

interface Run {
  readonly file: string;
  readonly what: string;
  run(service: OwnService, file: string, tally: Tally): Promise<void>;
}

const RUNS: Readonly<Record<string, Run>> = {
  museum: {
    file: 'museum/jewellery.ndjson',
    what: "a museum's entries about jewellery, one JSON object a line: what each is made of, who made it, who held it",
    run: runMuseum,
  },
  diamonds: {
    file: 'diamonds/diamonds.csv',
    what: 'polished diamonds as CSV: carat, cut, color, clarity, depth, table, price, x, y, z',
    run: runDiamonds,
  },
};

/** The exit code: 0 if everything held or the set isn't here, 1 if something failed, 2 for a wrong call. */
async function main([name = '', given]: readonly string[]): Promise<number> {
  const run = Object.hasOwn(RUNS, name) ? (RUNS[name] as Run) : undefined;
  if (run === undefined) {
    console.log(`Usage: npm run real -- ${Object.keys(RUNS).join('|')} [FILE]`);
    return 2;
  }
  const file = given === undefined ? realFile(run.file) : existsSync(given) ? given : undefined;
  return file === undefined ? absent(run, given) : measured(run, file);
}

function absent(run: Run, given: string | undefined): number {
  const where = given ?? `${run.file}, looked for under REAL_DATA (or ../shared/data)`;
  console.log(`This run reads ${run.what}.\nThe file isn't here: ${where}.`);
  if (process.env['CI'] !== 'true') {
    console.log(
      'It is not part of the project. Set REAL_DATA, or name a file of your own; until then nothing is checked.',
    );
    return 0;
  }
  console.log('Where every change is checked it must be here.\n0 passed, 1 failed');
  return 1;
}

async function measured(run: Run, file: string): Promise<number> {
  const since = performance.now();
  const tally = new Tally();
  const service = await startService();
  const interrupted = () => {
    void service.stop().finally(() => process.exit(130));
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    console.log(`A ledger of its own is ready at ${service.url} after ${seconds(since)}.`);
    await run.run(service, readFileSync(file, 'utf8'), tally);
  } catch (error) {
    tally.check(false, `the run broke off: ${(error as Error).stack}`);
  } finally {
    await service.stop();
  }
  console.log(`Done after ${seconds(since)}.\n${tally.line}`);
  return tally.failed === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: Error) => {
  console.log(`The ledger could not be started: ${error.message}\n0 passed, 1 failed`);
  return 1;
});
