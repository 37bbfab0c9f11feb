// Owns the bench of crashes: how much of what was acknowledged is there afterwards, and how much of it twice.
import { parseArgs } from 'node:util';
import { type CrashReport, runCrashes } from './crash/rounds.ts';
import { figure, type Row } from './report.ts';

export const about = `crash: kill -9 of service, node and database in every combination while a client writes
  --rounds N     how many (50)
  --seed N       order and moments (1)`;

const FAULTS_TOLD = 40;

export async function run(args: readonly string[]): Promise<Row[]> {
  const { values } = parseArgs({
    args: [...args],
    options: { rounds: { type: 'string', default: '50' }, seed: { type: 'string', default: '1' } },
  });
  const report = await runCrashes({
    rounds: Number(values.rounds),
    seed: Number(values.seed),
    tell: (line) => console.log(line),
  });
  for (const fault of report.faults.slice(0, FAULTS_TOLD)) console.log(`not as told: ${fault}`);
  for (const line of report.errors.slice(0, FAULTS_TOLD)) console.log(`the service logged: ${line}`);
  if (report.faults.length > 0) process.exitCode = 1;
  return rowsOf(report);
}

function rowsOf(report: CrashReport): Row[] {
  const count = (job: string, value: number, unit = '') => figure(job, unit, value);
  return [
    count('acknowledged', report.acknowledged, 'pieces, transfers, certificates'),
    count('found', report.found, 'pieces, transfers, certificates'),
    count('doubled', report.doubled, 'pieces, transfers, certificates'),
    count('faults', report.faults.length),
    count('errors-logged', report.errors.length),
    count('acknowledged-pieces', report.pieces),
    count('acknowledged-rows', report.rows),
    count('acknowledged-transfers', report.transfers),
    count('transfers-refused', report.refused),
    count('acknowledged-certificates', report.certificates),
    count('acknowledged-revocations', report.revocations),
    count('born-on-chain', report.born),
    count('blocks-compared', report.blocks),
    ...times(report),
  ];
}

/** Rounds of each combination, and how long until everything answered again: the middle one and the longest. */
function times({ rounds }: CrashReport): Row[] {
  const groups = Map.groupBy(rounds, ({ parts }) => parts);
  return [...groups].sort().flatMap(([parts, group]) => {
    const seconds = group.map(({ backAfterMs }) => backAfterMs / 1000).sort((a, b) => a - b);
    return [
      figure(`rounds ${parts}`, 'rounds', seconds.length),
      figure(`back ${parts}`, 's, middle', seconds[Math.floor(seconds.length / 2)] as number),
      figure(`back-longest ${parts}`, 's', seconds.at(-1) as number),
    ];
  });
}
