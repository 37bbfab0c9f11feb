// Owns the rows of the gas bench: which job stands beside which rival's, what it would cost if new state were dearer,
// and shares of a piece.
import { beside, figure, type Row } from '../report.ts';
import { CERTIFICATES } from './certificates.ts';
import { SHIPPED, WHOLE_LIFE } from './life.ts';
import { CLAIMS } from './passkeys.ts';
import { BATCHES } from './pieces.ts';
import type { Measurement } from './stage.ts';
import { MINTS } from './tokens.ts';

/** A new storage slot today, first access included, and under a proposal for a later fork (docs/measurements.md). */
const NEW_SLOT = { today: 22_100, proposed: 110_000 };

const RIVALS: Readonly<Record<string, string>> = {
  'transfer-first-new': 'oz-transfer-new',
  'transfer-first': 'oz-transfer',
  'transfer-later-new': 'oz-transfer-new',
  'transfer-later': 'oz-transfer',
  'register-first': 'erc721a-mint-new',
  ...Object.fromEntries(MINTS.map((count) => [`register-${count}`, `erc721a-mint-${count}`])),
};

/** As many pieces as a batch has whose first sale is compared. */
const SOLD_OF = [1, 100, 100_000];

type Jobs = ReadonlyMap<string, Measurement>;

export function jobRows(measurements: readonly Measurement[], most: number): Row[] {
  const jobs: Jobs = new Map(measurements.map((measurement) => [measurement.job, measurement]));
  const dearer = `-at-${NEW_SLOT.proposed}`;
  return [
    ...measurements.map((one) => row(one, jobs, '', 'gas', ({ gas }) => gas)),
    ...shares(jobs, most),
    ...soldOnce(jobs, '', ({ gas }) => gas),
    ...measurements.map((one) => row(one, jobs, '-slots', 'new slots', ({ newSlots }) => newSlots)),
    ...measurements.map((one) => row(one, jobs, '-overwritten', 'overwritten slots', ({ overwritten }) => overwritten)),
    ...measurements.map((one) => row(one, jobs, dearer, 'gas', proposed)),
    ...soldOnce(jobs, dearer, proposed),
  ];
}

function row(one: Measurement, jobs: Jobs, ending: string, unit: string, of: (one: Measurement) => number): Row {
  const rival = jobs.get(RIVALS[one.job] ?? '');
  const job = `${one.job}${ending}`;
  if (rival === undefined) return figure(job, unit, of(one));
  // No slot beside no slot has no ratio.
  return of(rival) === 0 ? { ...figure(job, unit, of(one)), rival: 0 } : beside(job, unit, of(one), of(rival));
}

/** Every new slot at the proposed price. What else the proposal changes is left as it is. */
function proposed({ gas, newSlots }: Measurement): number {
  return gas + newSlots * (NEW_SLOT.proposed - NEW_SLOT.today);
}

function shares(jobs: Jobs, most: number): Row[] {
  const gas = (job: string) => found(jobs, job).gas;
  return [
    ...BATCHES.map((count) => {
      const [job, value] = [`register-${count}-each`, gas(`register-${count}`) / count];
      if (!MINTS.includes(count)) return figure(job, 'gas a piece', value);
      return beside(job, 'gas a piece', value, gas(`erc721a-mint-${count}`) / count);
    }),
    ...MINTS.map((count) => figure(`erc721a-mint-${count}-each`, 'gas a piece', gas(`erc721a-mint-${count}`) / count)),
    figure('erc721a-mint-most-pieces', 'pieces', most),
    figure('erc721a-mint-most-each', 'gas a piece', gas('erc721a-mint-most') / most),
    figure('claim-50-each', 'gas a claim', gas('claim-50') / CLAIMS),
    figure('claim-50-of-64-each', 'gas a claim', gas('claim-50-of-64') / CLAIMS),
    figure('batch-transfer-50-each', 'gas a piece', gas('batch-transfer-50') / SHIPPED),
    figure(
      'whole-life',
      'gas',
      WHOLE_LIFE.reduce((sum, job) => sum + gas(job), gas('register-100000') / 100_000),
    ),
    figure('certificate-batch-each', 'gas a certificate', gas('certificate-batch') / CERTIFICATES),
  ];
}

/**
 * A piece's way to its first buyer: registered in a batch of so many and passed on, beside one token minted and passed
 * on. A registration makes its owner known without a slot of its own, for which the first transfer then pays.
 */
function soldOnce(jobs: Jobs, ending: string, cost: (one: Measurement) => number): Row[] {
  const of = (job: string) => cost(found(jobs, job));
  const rival = of('oz-mint') + of('oz-transfer');
  return SOLD_OF.map((count) => {
    const ours = of(`register-${count}`) / count + of('transfer-first');
    return beside(`sold-once-of-${count}${ending}`, 'gas a piece', ours, rival);
  });
}

function found(jobs: Jobs, job: string): Measurement {
  const one = jobs.get(job);
  if (one === undefined) throw new Error(`${job} was not measured`);
  return one;
}
