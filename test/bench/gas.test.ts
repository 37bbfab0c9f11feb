// Holds the gas bench to its aims, which are facts and no timings: gas is the same in every run. And its counting to
// cases whose slots are known from the contracts' storage.
import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect } from 'chai';
import { generatedDiamonds } from '../../scripts/bench/diamonds.ts';
import { measureJobs } from '../../scripts/bench/gas/jobs.ts';
import { calldataFloor, slotsIn } from '../../scripts/bench/gas/network.ts';
import { BATCHES } from '../../scripts/bench/gas/pieces.ts';
import { type Published, publish } from '../../scripts/bench/gas/published.ts';
import type { Measurement } from '../../scripts/bench/gas/stage.ts';
import { publishedRows } from '../../scripts/bench/gas.ts';
import type { Row } from '../../scripts/bench/report.ts';
import { DIAMOND_MAPPING } from '../../scripts/real/diamonds.ts';

const MOST_REGISTRATION = 90_000;
const MOST_ISSUE = 55_000;
const MOST_CLAIM = 124_000;
const MOST_HANDOVER = 72_000;
const MOST_PASS = 85_000;
const MOST_BESIDE_RIVAL = 1.05;
const FEW_ROWS = 300;

describe('gas of single jobs', () => {
  let jobs: Map<string, Measurement>;
  const one = (job: string) => jobs.get(job) as Measurement;

  before(async () => {
    jobs = new Map((await measureJobs()).map((measurement) => [measurement.job, measurement]));
  });

  it('a later batch costs at most 90,000, whatever its size and whoever brings it', () => {
    const names = [...BATCHES.map((count) => `register-${count}`), 'register-relayed-100000'];
    for (const name of names) expect(one(name).gas, name).to.be.within(21_000, MOST_REGISTRATION);
  });

  it("a later transfer costs at most a twentieth more than OpenZeppelin's, whoever receives", () => {
    for (const recipient of ['', '-new']) {
      const ratio = one(`transfer-later${recipient}`).gas / one(`oz-transfer${recipient}`).gas;
      expect(ratio, recipient).to.be.within(0.5, MOST_BESIDE_RIVAL);
    }
  });

  it('a certificate costs at most 55,000, also when it is relayed', () => {
    for (const job of ['certificate-issue', 'certificate-issue-relayed']) {
      expect(one(job).gas, job).to.be.within(21_000, MOST_ISSUE);
    }
  });

  it('a claim, a handover and a range that passes on stay below what docs/measurements.md says', () => {
    expect(one('claim').gas).to.be.within(21_000, MOST_CLAIM);
    expect(one('handover').gas).to.be.within(21_000, MOST_HANDOVER);
    for (const job of ['wholesale-1000', 'wholesale-pass-on', 'wholesale-block', 'wholesale-block-on']) {
      expect(one(job).gas, job).to.be.within(21_000, MOST_PASS);
    }
  });

  it('a batch takes one new slot, an owner one of a piece that was never sold, a balance one if it is the first', () => {
    const slots = (job: string) => [one(job).newSlots, one(job).overwritten];
    expect(slots('register-first')).to.deep.equal([2, 0]);
    expect(slots('register-100000')).to.deep.equal([1, 1]);
    expect(slots('transfer-first-new')).to.deep.equal([2, 2]);
    expect(slots('transfer-first')).to.deep.equal([1, 3]);
    expect(slots('transfer-later-new')).to.deep.equal([1, 2]);
    expect(slots('transfer-later')).to.deep.equal([0, 3]);
    expect(slots('claim')).to.deep.equal([2, 2]);
    expect(slots('claim-known')).to.deep.equal([1, 3]);
    expect(slots('handover')).to.deep.equal([1, 2]);
    expect(slots('wholesale-pass-on-known')).to.deep.equal([0, 3]);
    expect(slots('wholesale-block')).to.deep.equal([1, 3]);
    expect(slots('certificate-issue')).to.deep.equal([0, 0]);
    expect(slots('certificate-revoke-in-batch')).to.deep.equal([1, 0]);
    expect(slots('certificate-revoke-in-batch-next')).to.deep.equal([0, 1]);
  });
});

describe('what the gas bench counts', () => {
  it('slots by what was in them before and is after', () => {
    const storage = (slots: Record<string, string>) => ({ '0xa': { storage: slots } });
    const pre = storage({ '0x1': '0x5', '0x2': '0x5', '0x3': '0x0', '0x4': '0x7' });
    const post = storage({ '0x1': '0x6', '0x3': '0x1', '0x4': '0x7', '0x5': '0x9' });
    expect(slotsIn({ pre, post })).to.deep.equal({ newSlots: 2, overwritten: 2 });
    expect(slotsIn({ pre: {}, post: { '0xb': { storage: { '0x1': '0x1' } } } }).newSlots).to.equal(1);
    expect(slotsIn({ pre: { '0xb': {} }, post: {} })).to.deep.equal({ newSlots: 0, overwritten: 0 });
  });

  it('the floor of calldata as EIP-7623 has it', () => {
    expect(calldataFloor('0x')).to.equal(21_000);
    expect(calldataFloor('0x0001ff')).to.equal(21_000 + 10 + 40 + 40);
  });
});

describe('gas of published batches', () => {
  let once: Published;
  let again: Published;

  before(async function () {
    this.timeout(240_000);
    const { path } = generatedDiamonds(FEW_ROWS);
    try {
      const bytes = await readFile(path);
      once = await publish({ format: 'csv', bytes, mapping: DIAMOND_MAPPING });
      again = await publish({ format: 'csv', bytes, mapping: DIAMOND_MAPPING });
    } finally {
      rmSync(dirname(path), { recursive: true });
    }
  });

  it('is at most a twentieth above the least that the calldata allows', () => {
    const [total] = publishedRows('few', once) as [Row];
    expect(once.records).to.equal(FEW_ROWS);
    expect(total.ratio).to.be.within(1, MOST_BESIDE_RIVAL);
  });

  it('every record is in the payloads', () => {
    const lines = once.payloads.flatMap(({ text }) => Buffer.from(text).toString('utf8').trimEnd().split('\n'));
    expect(lines).to.have.length(FEW_ROWS);
  });

  it('is the same each time', () => {
    expect(again).to.deep.equal(once);
  });
});
