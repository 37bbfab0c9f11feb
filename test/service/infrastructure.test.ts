// The processes beside the service: one that dies is started again once, also when nobody can be told where it is now.
import { rmSync } from 'node:fs';
import { expect } from 'chai';
import { isAlive } from '../../src/adapters/process-alive.ts';
import { startInfrastructure } from '../../src/infrastructure.ts';
import { nodePid } from '../support/child-service.ts';
import { temporaryFolder, testConfig } from '../support/ledger.ts';
import { until } from '../support/raw-chain.ts';

describe('the processes beside the service', function () {
  this.timeout(240_000);

  it('a restart that can’t be written down for others is told in the log, and isn’t taken for a failed one', async () => {
    const dataDir = temporaryFolder();
    const errors: string[] = [];
    const log = { info: () => {}, warn: () => {}, error: (_: object, message: string) => void errors.push(message) };
    const infrastructure = await startInfrastructure(testConfig(dataDir), log, () => {});
    let told = 0;
    infrastructure.onRestart(() => {
      told += 1;
      throw new Error('ENOSPC: no space left on device');
    });
    const before = nodePid(dataDir);
    process.kill(before, 'SIGKILL');
    await until('it was started again', () => told > 0);
    const after = nodePid(dataDir);
    expect(after).to.not.equal(before);
    await infrastructure.stop();
    expect({ told, errors }).to.deep.equal({
      told: 1,
      errors: ['started again, but where it is now could not be kept'],
    });
    expect(isAlive(after)).to.equal(false);
    rmSync(dataDir, { recursive: true });
  });
});
