// Owns `npm run bench -- NAME [--out FILE] […]`: measurements of the project as it is shipped, each on a ledger of its
// own that is gone afterwards. What is measured is each bench's own business; docs/measurements.md tells the figures.
import * as crash from './bench/crash.ts';
import * as gas from './bench/gas.ts';
import * as imports from './bench/import.ts';
import * as page from './bench/page.ts';
import { machine, print, type Row, write } from './bench/report.ts';
import * as scan from './bench/scan.ts';
import * as verify from './bench/verify.ts';

interface Bench {
  /** The first line is `name: what`, the others its options. */
  readonly about: string;
  run(args: readonly string[]): Promise<Row[]>;
}

const BENCHES: Readonly<Record<string, Bench>> = { import: imports, page, verify, crash, gas, scan };

const USAGE = `Usage: npm run bench -- NAME [--out FILE] [options]

${Object.values(BENCHES)
  .map((bench) => bench.about)
  .join('\n')}

--out FILE writes the figures as JSON.`;

/** The exit code: 0 if it was measured, 1 if the bench found a fault or broke off, 2 for a wrong call. */
async function main([name = '', ...rest]: readonly string[]): Promise<number> {
  const help = name === '--help' || name === '-h' || rest.includes('--help');
  const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  if (help || bench === undefined) {
    console.log(USAGE);
    return help ? 0 : 2;
  }
  const at = rest.indexOf('--out');
  const out = at < 0 ? undefined : rest[at + 1];
  const args = at < 0 ? rest : [...rest.slice(0, at), ...rest.slice(at + 2)];
  if (at >= 0 && out === undefined) {
    console.log(USAGE);
    return 2;
  }
  const report = { bench: name, machine: machine(), rows: await bench.run(args) };
  print(report);
  if (out !== undefined) write(out, report);
  return 0;
}

// A bench that is interrupted ends what it started: its ledger does so when this process exits.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(130));

main(process.argv.slice(2)).then(
  (code) => process.exit(process.exitCode ?? code),
  (error: Error) => {
    console.error(`the bench broke off: ${error.stack}`);
    process.exit(1);
  },
);
