// A crash anywhere loses and doubles nothing that was acknowledged: three rounds of `npm run bench -- crash`, with a real
// service, node and database that are killed while a client keeps writing.
import { expect } from 'chai';
import { runCrashes } from '../../scripts/bench/crash/rounds.ts';

describe('kill -9 while a client writes', function () {
  this.timeout(240_000);

  it('loses nothing that was acknowledged and doubles nothing', async () => {
    const report = await runCrashes({
      rounds: 3,
      seed: 7,
      subsets: [['service'], ['node', 'database'], ['service', 'node', 'database']],
    });
    expect(report.faults).to.deep.equal([]);
    expect(report.pieces).to.be.greaterThan(0);
    expect(report.rows).to.be.greaterThan(0);
    expect(report.certificates).to.be.greaterThan(0);
    expect(report.revocations).to.be.greaterThan(0);
    expect(report.found).to.equal(report.acknowledged);
    expect(report.doubled).to.equal(0);
    expect(report.born).to.equal(report.pieces + report.rows);
    expect(report.blocks).to.be.greaterThan(0);
  });
});
