// A service as a process: how it ends when it is asked to, what outlives a kill, and what its log never says.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { isAlive } from '../../src/adapters/process-alive.ts';
import { databasePid, nodePid, spawnCli, startChildService } from '../support/child-service.ts';
import { type Admitted, clientOf, freshKey, type Json, statement, temporaryFolder } from '../support/ledger.ts';
import { until } from '../support/raw-chain.ts';

describe('a service as a process', function () {
  this.timeout(240_000);
  const folders: string[] = [];
  const folder = () => {
    folders.push(temporaryFolder());
    return folders.at(-1) as string;
  };
  after(() => {
    for (const one of folders) rmSync(one, { recursive: true, force: true });
  });

  const ROWS = 5_000;
  const csv = () => {
    const rows = Array.from({ length: ROWS }, (_, i) => `Ring ${i + 1},ring,gold`);
    return `title,kind,metal_1\n${rows.join('\n')}\n`;
  };
  const importCsv = (api: Admitted['api'], key: string) =>
    api.raw('/api/v1/imports?format=csv', {
      method: 'POST',
      headers: { 'content-type': 'text/csv', 'idempotency-key': key },
      body: csv(),
    });

  /** Every row of the import, once. */
  async function everyRowOnce(api: Admitted['api'], id: number): Promise<void> {
    let job: Json;
    await until(
      'the import is done',
      async () => {
        job = (await api.get(`/api/v1/imports/${id}`)).body;
        return job.state === 'done' && job.anchored === ROWS;
      },
      50_000,
    );
    expect(job).to.include({ rows: ROWS, accepted: ROWS, repeated: 0, rejected: 0 });
    const titles = new Set<string>();
    const tokens = new Set<string>();
    for (let after: number | null = 0; after !== null; ) {
      const { body }: Json = await api.get(`/api/v1/imports/${id}/pieces?after=${after}&limit=1000`);
      for (const { row, title, tokenId } of body.items) {
        expect(title).to.equal(`Ring ${row}`);
        titles.add(title);
        tokens.add(tokenId);
      }
      after = body.next;
    }
    expect([titles.size, tokens.size]).to.deep.equal([ROWS, ROWS]);
  }

  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    it(`loses and doubles no row when ${signal} ends it in the middle of an import of ${ROWS} rows`, async () => {
      const dataDir = folder();
      const first = await startChildService(dataDir);
      const { apiKey, api } = await first.admit('atelier-lune');
      const key = freshKey();
      const { id } = (await importCsv(api, key)).body;
      await until('some rows are done', async () => (await api.get(`/api/v1/imports/${id}`)).body.rows > 0);
      const { code } = await first.end(signal);
      expect(code).to.equal(signal === 'SIGTERM' ? 0 : null);
      const second = await startChildService(dataDir);
      const again = clientOf(second.url, apiKey);
      expect((await importCsv(again, key)).body.id).to.equal(id);
      await everyRowOnce(again, id);
      await second.end('SIGTERM');
    });
  }

  it('ends with exit code 0 at Ctrl-C, its node, database and service file gone', async () => {
    const dataDir = folder();
    const service = await startChildService(dataDir);
    const pids = [nodePid(dataDir), databasePid(dataDir)];
    expect(pids.map(isAlive)).to.deep.equal([true, true]);
    const { code, stderr } = await service.end('SIGINT');
    expect(code).to.equal(0);
    expect(stderr).to.match(/touchstone: stopping \(SIGINT\)\n$/);
    expect(pids.map(isAlive)).to.deep.equal([false, false]);
    expect(() => readFileSync(join(dataDir, 'service.json'))).to.throw('ENOENT');
  });

  it('ends with exit code 0 at Ctrl-C while it is still starting, and leaves nothing running', async () => {
    const dataDir = folder();
    const starting = spawnCli(['serve', '--no-sample'], { DATA_DIR: dataDir });
    await until('it has begun', () => starting.stderr().includes('starting the database'));
    starting.process.kill('SIGINT');
    const { code, stdout } = await starting.ended;
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: '' });
    expect(isAlive(databasePidOr(dataDir))).to.equal(false);
  });

  function databasePidOr(dataDir: string): number {
    try {
      return databasePid(dataDir);
    } catch {
      return 2 ** 30;
    }
  }

  it('says neither keys nor passwords in its log, however much it logs and whatever is sent', async () => {
    const dataDir = folder();
    const service = await startChildService(dataDir, { LOG_LEVEL: 'debug' });
    const { api, apiKey } = await service.admit('atelier-lune');
    const { databaseUrl } = JSON.parse(readFileSync(join(dataDir, 'service.json'), 'utf8'));
    await api.post('/api/v1/pieces', { record: statement('Ring') });
    await api.post('/api/v1/pieces', { record: { apiKey } });
    await api.get(`/api/v1/pieces?apiKey=${apiKey}`);
    await api.get(`/${apiKey}`);
    await clientOf(service.url, `${apiKey}x`).get('/api/v1/pieces');
    process.kill(databasePid(dataDir), 'SIGKILL');
    await until('the loss is logged', async () => (await api.get('/api/v1/pieces')).status === 503);
    await until('it is back', async () => (await api.get('/api/v1/pieces')).status === 200);
    const { stderr, stdout } = await service.end('SIGTERM');
    expect(stderr).to.contain('"msg":"request"');
    const secrets = {
      'the API key': apiKey.slice(16),
      'the database’s password': new URL(databaseUrl).password,
      'the relayer’s key': readFileSync(join(dataDir, 'keys', 'relayer.key'), 'utf8')
        .trim()
        .slice(2),
      'the registrar’s key': readFileSync(join(dataDir, 'keys', 'registrar.key'), 'utf8')
        .trim()
        .slice(2),
      'the master key': readFileSync(join(dataDir, 'keys', 'master.key'), 'utf8')
        .trim()
        .slice(2),
    };
    for (const [name, secret] of Object.entries(secrets)) {
      expect(secret.length, name).to.be.greaterThan(15);
      expect((stderr + stdout).includes(secret), name).to.equal(false);
    }
  });
});
