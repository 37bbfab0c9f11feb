// Owns the gas table of contracts/README.md: which of the gas bench's jobs it tells. Run by itself it prints the table.
import { pathToFileURL } from 'node:url';
import hre from 'hardhat';
import { measureJobs } from '../../../scripts/bench/gas/jobs.ts';
import type { Measurement } from '../../../scripts/bench/gas/stage.ts';

const TOLD = [
  'admit',
  'register-first',
  'register-1',
  'register-100000',
  'register-relayed-100000',
  'register-to-publish',
  'post-part-64000',
  'transfer-first-new',
  'transfer-first',
  'transfer-later-new',
  'transfer-later',
  'oz-transfer-new',
  'oz-transfer',
  'transfer-relayed-new',
  'transfer-relayed',
  'claim',
  'claim-known',
  'handover',
  'wholesale-1000',
  'wholesale-1000-known',
  'wholesale-pass-on',
  'wholesale-pass-on-known',
  'wholesale-block',
  'wholesale-block-on',
  'claim-passkey',
  'transfer-passkey',
  'claim-50',
  'batch-transfer-50',
  'report-stolen-relayed',
  'report-withdrawn-relayed',
  'life-event',
  'lot-declare',
  'lot-draw',
  'lot-draw-again',
  'lot-split',
  'lot-transfer',
  'certificate-issue',
  'certificate-revoke',
  'certificate-issue-relayed',
  'certificate-batch',
  'certificate-revoke-in-batch',
  'certificate-revoke-in-batch-next',
];

export function gasTable(measurements: readonly Measurement[]): string {
  const rows = TOLD.map((job) => {
    const told = measurements.find((measurement) => measurement.job === job);
    if (told === undefined) throw new Error(`${job} was not measured`);
    return `| ${told.what} | ${told.gas.toLocaleString('en')} |`;
  });
  return ['| transaction | gas |', '|---|---:|', ...rows].join('\n');
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await hre.tasks.getTask('build').run({ quiet: true });
  console.log(gasTable(await measureJobs()));
}
