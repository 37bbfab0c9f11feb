// What the service does when something it rests on goes away, and what it says when it can't start: a real node and a
// real database, ended by their process ids.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { acquireLock } from '../../src/adapters/lock.ts';
import { isAlive, waitForDeath } from '../../src/adapters/process-alive.ts';
import { startService } from '../../src/service.ts';
import { databasePid, nodePid, runCli } from '../support/child-service.ts';
import {
  type Admitted,
  anchored,
  passport,
  register,
  startLedger,
  statement,
  type TestLedger,
  temporaryFolder,
  testConfig,
} from '../support/ledger.ts';
import { until } from '../support/raw-chain.ts';

describe('when something goes away', function () {
  this.timeout(240_000);
  const dataDir = temporaryFolder();
  let ledger: TestLedger;
  let maker: Admitted;
  let first: string;

  before(async () => {
    ledger = await startLedger({ DATA_DIR: dataDir });
    maker = await ledger.admit('atelier-lune');
    first = await register(maker.api, statement('First'));
    await anchored(ledger.api, first);
  });
  after(async () => {
    await ledger.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('the node: pieces are still taken and shown, moves are put off, and it all gets there when the node is back', async () => {
    const pid = nodePid(dataDir);
    process.kill(pid, 'SIGKILL');
    expect(await waitForDeath(pid, 5_000)).to.equal(true);
    // Whoever starts the node again waits for this lock.
    const away = acquireLock(join(dataDir, 'chain', 'journal.lock'), { waitMs: 3_000 });
    const accepted: string[] = [];
    try {
      for (let i = 0; i < 5; i++) accepted.push(await register(maker.api, statement(`While away ${i}`)));
      expect((await passport(ledger.api, accepted[0] as string)).state).to.be.oneOf(['accepted', 'sealed']);
      const moved = await maker.api.post('/api/v1/transfers', { path: first, to: `0x${'5'.repeat(40)}` });
      expect(moved.status, moved.text).to.equal(503);
      expect(moved.body).to.include({ code: 'node-unavailable' });
      expect(Number(moved.headers.get('retry-after'))).to.be.within(1, 60);
      expect(await ledger.sql('SELECT 1 FROM transfers')).to.deep.equal([]);
      const ready = await ledger.api.get('/readyz');
      expect(ready.status).to.equal(200);
      expect(ready.body).to.deep.include({ ready: true });
      expect(ready.body.parts).to.include({ database: 'ok' });
      expect(ready.body.parts.node).to.contain('away');
      expect((await ledger.api.get(first, { accept: 'text/html' })).status).to.equal(200);
    } finally {
      away.release();
    }
    for (const path of accepted) expect((await anchored(ledger.api, path)).headline).to.equal('genuine-record');
    expect(nodePid(dataDir)).to.not.equal(pid);
    const { body } = await maker.api.post('/api/v1/transfers', { path: first, to: `0x${'5'.repeat(40)}` });
    await until(
      'the move is made',
      async () => (await maker.api.get(`/api/v1/transfers/${body.id}`)).body.state === 'final',
    );
  });

  it('the database: 503 and when to come back, for programs and people; then all that was accepted is there', async () => {
    const answers: { status: number; path: string | undefined; code: string | undefined; retry: string | null }[] = [];
    let posting = true;
    const post = async () => {
      for (let i = 0; posting; i++) {
        const reply = await maker.api.post('/api/v1/pieces', { record: statement(`During ${i}`) });
        answers.push({
          status: reply.status,
          path: reply.body?.path,
          code: reply.body?.code,
          retry: reply.headers.get('retry-after'),
        });
      }
    };
    const posts = Promise.all([post(), post()]);
    await until('some are accepted', () => answers.length >= 10);
    process.kill(databasePid(dataDir), 'SIGKILL');
    try {
      let page = 200;
      let asked = 0;
      let retry: string | null = null;
      await until('a page says so', async () => {
        // A piece of its own each time: what was read a moment ago is remembered.
        const reply = await ledger.api.get(`/01/09506000134352/21/${asked++}`, { accept: 'text/html' });
        if (reply.status === 503) {
          page = 503;
          retry = reply.headers.get('retry-after');
          expect(reply.headers.get('content-type')).to.contain('text/html');
        }
        return page === 503;
      });
      expect(Number(retry)).to.be.within(1, 60);
      expect((await ledger.api.get('/healthz')).status).to.equal(200);
      await until('the database is back', async () => (await ledger.api.get('/readyz')).status === 200);
      const back = answers.length;
      await until('pieces are accepted again', () => answers.slice(back).some(({ status }) => status === 202));
    } finally {
      posting = false;
      await posts;
    }
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([202, 503]));
    for (const { status, code, retry } of answers.filter((answer) => answer.status !== 202)) {
      expect({ status, code }).to.deep.equal({ status: 503, code: 'database-unavailable' });
      expect(Number(retry)).to.be.within(1, 60);
    }
    const accepted = answers.flatMap(({ status, path }) => (status === 202 && path ? [path] : []));
    for (const path of accepted) expect((await anchored(ledger.api, path)).headline).to.equal('genuine-record');
    const [row] = await ledger.sql('SELECT count(*) AS n, count(DISTINCT piece_id) AS once FROM members');
    expect(row.n).to.equal(row.once);
  });

  it('a second service on the same folder: one line, exit code 1', async () => {
    const { code, stdout, stderr } = await runCli(['serve', '--no-sample'], { DATA_DIR: dataDir });
    expect(stderr).to.equal(
      `touchstone: Process ${process.pid} is working on ${dataDir}. Stop it, or choose another DATA_DIR.\n`,
    );
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
  });

  it('a port that is taken: one line, exit code 1', async () => {
    const { port } = new URL(ledger.url);
    const other = temporaryFolder();
    const { code, stderr } = await runCli(['serve', '--no-sample'], { DATA_DIR: other, PORT: port });
    expect(stderr).to.equal(`touchstone: Port ${port} is in use. Choose another one: PORT=3001 npm start.\n`);
    expect(code).to.equal(1);
    rmSync(other, { recursive: true });
  });

  it('a database of another registry is refused, and left as it is', async () => {
    const { databaseUrl } = JSON.parse(readFileSync(join(dataDir, 'service.json'), 'utf8'));
    const other = temporaryFolder();
    const before = await ledger.stored();
    const refused = await startService(testConfig(other, { DATABASE_URL: databaseUrl }), () => {}).then(
      () => 'started',
      (error: Error) => error.message,
    );
    expect(refused).to.match(/^This database belongs to registry 0x[0-9a-f]{40} on chain \d+, not to 0x/);
    expect(await ledger.stored()).to.deep.equal(before);
    rmSync(other, { recursive: true });
  });

  it('another master key is told at the start, in clear words, and nothing is left running; the old one starts', async () => {
    const pids = [nodePid(dataDir), databasePid(dataDir)];
    await ledger.stop();
    expect(pids.map(isAlive)).to.deep.equal([false, false]);
    const file = join(dataDir, 'keys', 'master.key');
    const old = readFileSync(file, 'utf8');
    writeFileSync(file, `0x${'ab'.repeat(32)}\n`);
    const { code, stderr } = await runCli(['serve', '--no-sample'], { DATA_DIR: dataDir });
    expect(stderr.trim().split('\n').at(-1)).to.equal(
      'touchstone: A held key can not be opened: MASTER_KEY_FILE is not the one it was sealed with. Put the old file back.',
    );
    expect(code).to.equal(1);
    writeFileSync(file, old);
    ledger = await startLedger({ DATA_DIR: dataDir });
    maker = { ...maker, api: ledger.api };
    expect((await passport(ledger.api, first)).headline).to.equal('genuine-record');
  });
});
