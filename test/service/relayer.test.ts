import { rmSync } from 'node:fs';
import { expect } from 'chai';
import { fund } from '../support/direct.ts';
import { anchored, register, startLedger, statement, type TestLedger, temporaryFolder } from '../support/ledger.ts';

describe('a relayer whose key was lost', function () {
  this.timeout(240_000);
  const dataDir = temporaryFolder();
  const env = { DATA_DIR: dataDir };
  let ledger: TestLedger;

  after(async () => {
    await ledger?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('is followed by another one, twice, and what was under way is anchored once', async () => {
    ledger = await startLedger(env);
    const { api, handle } = await ledger.admit('atelier-lune');
    const paths = [await register(api, statement('Under the first relayer'))];
    await anchored(ledger.api, paths[0] as string);
    for (const which of ['second', 'third']) {
      const before = ledger.service.ledger.keys.relayer;
      // An errand that its relayer can't pay for any more: signed, and never on the chain.
      await ledger.sql(
        `INSERT INTO transactions (nonce, purpose, ref, hash, raw) VALUES (999, 'part', '0/0', '0x', '0x')`,
      );
      await ledger.stop();
      rmSync(ledger.config.relayerKeyFile);
      ledger = await startLedger(env);
      expect(ledger.service.ledger.keys.relayer).to.not.equal(before);
      await fund(ledger, ledger.service.ledger.keys.relayer);
      const again = await ledger.client(handle);
      const path = await register(again, statement(`Under the ${which} relayer`));
      paths.push(path);
      await anchored(ledger.api, path);
    }
    const rows = await ledger.sql<{ nonce: number }>('SELECT nonce FROM transactions ORDER BY nonce');
    expect(rows.map((row) => row.nonce)).to.deep.equal([-3, -2, 0]);
    for (const path of paths) expect((await anchored(ledger.api, path)).headline).to.equal('genuine-record');
  });
});
