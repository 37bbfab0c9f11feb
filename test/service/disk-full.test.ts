// A disk without room, a real one: what was acknowledged is kept and gets on the chain once there is room, what can't be
// kept is not acknowledged, and nobody has to mend anything by hand.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkJournal } from '../../src/adapters/embedded-node/journal.ts';
import { isAlive } from '../../src/adapters/process-alive.ts';
import { databasePid } from '../support/child-service.ts';
import {
  type Admitted,
  anchored,
  freshKey,
  type Json,
  passport,
  register,
  startLedger,
  statement,
  type TestLedger,
  temporaryFolder,
} from '../support/ledger.ts';
import { until } from '../support/raw-chain.ts';
import { mountTinyDisk, type TinyDisk } from '../support/tiny-disk.ts';

const PATIENCE_MS = 90_000;

describe('a full disk', function () {
  this.timeout(240_000);
  let dataDir: string;
  let disk: TinyDisk | undefined;
  let ledger: TestLedger | undefined;
  let maker: Admitted;

  /** A service with this folder of its data on a disk of its own; the test is left out where there can't be one. */
  const onTinyDisk = async (test: Mocha.Context, folder: string, mebibytes: number): Promise<TestLedger> => {
    dataDir = temporaryFolder();
    const mounted = mountTinyDisk(join(dataDir, folder), mebibytes);
    if (typeof mounted === 'string') {
      process.stdout.write(
        `      not run: this needs a small disk to fill, and here none can be mounted (${mounted})\n`,
      );
      rmSync(dataDir, { recursive: true });
      return test.skip();
    }
    disk = mounted;
    ledger = await startLedger({ DATA_DIR: dataDir });
    maker = await ledger.admit('atelier-lune', ['9506000']);
    return ledger;
  };
  afterEach(async () => {
    disk?.free();
    await ledger?.stop();
    disk?.unmount();
    if (disk) rmSync(dataDir, { recursive: true, force: true });
    [disk, ledger] = [undefined, undefined];
  });

  const everyPieceOnce = async ({ sql, api }: TestLedger, paths: readonly string[]) => {
    for (const path of paths) {
      await until(`${path} is anchored`, async () => (await passport(api, path)).tokenId != null, PATIENCE_MS);
      expect((await passport(api, path)).headline).to.equal('genuine-record');
    }
    const [row] = await sql('SELECT count(*) AS n, count(DISTINCT piece_id) AS once FROM members');
    expect(row.n).to.equal(row.once);
  };

  it('under the chain: pieces are still taken, moves are put off; with room again all of it gets on the chain, once', async function () {
    const service = await onTinyDisk(this, 'chain', 2);
    const first = await register(maker.api, statement('Before'));
    await anchored(service.api, first);
    disk?.fill();
    const during: string[] = [];
    for (let i = 0; i < 5; i++) during.push(await register(maker.api, statement(`No room ${i}`)));
    await until('the node could not write', async () => {
      return (await service.api.get('/readyz')).body.parts.node !== 'ok';
    });
    const answers: Json[] = [];
    await until('a move is put off', async () => {
      const move = await maker.api.post('/api/v1/transfers', { path: first, to: `0x${'5'.repeat(40)}` });
      answers.push(move);
      return move.status === 503;
    });
    expect(answers.at(-1).body.code).to.equal('node-unavailable');
    expect(Number(answers.at(-1).headers.get('retry-after'))).to.be.within(1, 60);
    expect((await service.api.get(first, { accept: 'text/html' })).status).to.equal(200);
    for (const path of during) expect((await passport(service.api, path)).tokenId).to.equal(null);
    disk?.free();
    await everyPieceOnce(service, [first, ...during]);
    await service.stop();
    ledger = undefined;
    const said: string[] = [];
    const { blocks } = await checkJournal(join(dataDir, 'chain', 'journal.ndjson'), (line) => said.push(line));
    expect(blocks).to.be.greaterThan(0);
    expect(said).to.deep.equal([]);
    ledger = await startLedger({ DATA_DIR: dataDir });
    await everyPieceOnce(ledger, [first, ...during]);
  });

  it('under everything: 503 and when to come back, never a 202 for what isn’t kept; with room again it goes on by itself', async function () {
    const service = await onTinyDisk(this, '', 256);
    const first = await register(maker.api, statement('Before'));
    await anchored(service.api, first);
    disk?.fill();
    const accepted: string[] = [];
    const refused: Json[] = [];
    await until(
      'there is no room for a piece',
      async () => {
        const reply = await maker.api.post('/api/v1/pieces', { record: statement(`No room ${accepted.length}`) });
        if (reply.status === 202) accepted.push(reply.body.path);
        else refused.push(reply);
        return refused.length >= 3;
      },
      PATIENCE_MS,
    );
    const file = await maker.api.raw('/api/v1/imports?format=csv', {
      method: 'POST',
      headers: { 'content-type': 'text/csv', 'idempotency-key': freshKey() },
      body: `title,kind,metal_1\n${Array.from({ length: 60_000 }, (_, i) => `No room ${i},ring,gold`).join('\n')}\n`,
    });
    for (const reply of [...refused, file]) {
      expect(reply.status, reply.text).to.equal(503);
      expect(reply.body.code).to.equal('database-unavailable');
      expect(Number(reply.headers.get('retry-after'))).to.be.within(1, 60);
    }
    // Now it can't even write down what it is about to do, which PostgreSQL answers by ending.
    const pid = databasePid(dataDir);
    const emit = "SELECT pg_logical_emit_message(false, 'x', repeat('x', 1000000))";
    await until('the database gave up', () =>
      service.sql(emit).then(
        () => false,
        () => !isAlive(pid),
      ),
    );
    const down = await maker.api.post('/api/v1/pieces', { record: statement('Nobody there') });
    expect([down.status, down.body.code]).to.deep.equal([503, 'database-unavailable']);
    disk?.free();
    let again = '';
    await until(
      'pieces are taken again',
      async () => {
        const reply = await maker.api.post('/api/v1/pieces', { record: statement('Room again') });
        if (reply.status === 202) again = reply.body.path;
        return again !== '';
      },
      PATIENCE_MS,
    );
    await everyPieceOnce(service, [first, ...accepted, again]);
    const [row] = await service.sql('SELECT count(*) AS n FROM pieces');
    expect(row.n).to.equal(2 + accepted.length);
  });
});
