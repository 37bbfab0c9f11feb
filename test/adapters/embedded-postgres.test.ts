// A real server on a real folder, ended in every way a server and its service can end.

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/adapters/embedded-postgres.ts';
import { isAlive } from '../../src/adapters/process-alive.ts';
import { startChild } from '../support/child.ts';
import { commandLine, modeOf, until } from '../support/raw-chain.ts';

describe('embedded PostgreSQL', function () {
  this.timeout(240_000);
  let folder: string;
  let dataDir: string;
  const said: string[] = [];
  const running: EmbeddedPostgres[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-postgres-'));
    dataDir = join(folder, 'data');
    said.length = 0;
  });
  afterEach(async () => {
    for (const database of running.splice(0)) await database.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(): Promise<EmbeddedPostgres> {
    const database = await startEmbeddedPostgres({ dataDir, log: (line) => said.push(line) });
    running.push(database);
    return database;
  }
  async function query<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
    const client = new pg.Client(url);
    await client.connect();
    try {
      return (await client.query<T>(sql)).rows;
    } finally {
      await client.end();
    }
  }
  const passwords = (): string[] =>
    Object.values(JSON.parse(readFileSync(join(dataDir, 'postgres.secret.json'), 'utf8')) as Record<string, string>);

  it('starts on an empty folder with durable settings, UTF-8 and code point order', async () => {
    const { url, adopted } = await start();
    expect(adopted).to.equal(false);
    expect(new URL(url).hostname).to.equal('127.0.0.1');
    const setting = async (name: string): Promise<unknown> =>
      (await query(url, `SHOW ${name}`))[0]?.[name.toLowerCase()];
    for (const [name, value] of [
      ['fsync', 'on'],
      ['synchronous_commit', 'on'],
      ['full_page_writes', 'on'],
      ['data_checksums', 'on'],
      ['server_encoding', 'UTF8'],
      ['listen_addresses', '127.0.0.1'],
      ['password_encryption', 'scram-sha-256'],
    ] as const) {
      expect(await setting(name), name).to.equal(value);
    }
    const sorted = await query<{ w: string }>(
      url,
      `SELECT w FROM unnest(ARRAY['é','z','a','Z','ä','A']) AS w ORDER BY w`,
    );
    expect(sorted.map(({ w }) => w).join('')).to.equal('AZazäé');
  });

  it('gives the service a role that is no superuser but may make databases', async () => {
    const { url } = await start();
    const [role] = await query(
      url,
      'SELECT rolsuper, rolcreatedb, current_user AS me FROM pg_roles WHERE rolname = current_user',
    );
    expect(role).to.deep.equal({ rolsuper: false, rolcreatedb: true, me: 'touchstone' });
    const refused = await query(url, 'SELECT pg_read_file($$/etc/hostname$$)').catch((error: Error) => error.message);
    expect(refused).to.contain('permission denied');
  });

  it('lets nobody in without the password, and shows it nowhere', async () => {
    const { url, pid } = await start();
    const wrong = new URL(url);
    for (const password of ['', 'wrong', 'touchstone']) {
      wrong.password = password;
      const outcome = await query(wrong.href, 'SELECT 1').catch((error: Error) => error.message);
      expect(outcome, password).to.be.a('string');
    }
    expect(modeOf(statSync(join(dataDir, 'postgres.secret.json')))).to.equal('600');
    const everythingSaid = [commandLine(pid), readFileSync(join(dataDir, 'postgres.log'), 'utf8'), ...said].join('\n');
    for (const password of passwords()) {
      expect(password.length).to.equal(43);
      expect(everythingSaid).to.not.contain(password);
    }
    expect(readdirSync(dataDir).toSorted()).to.deep.equal(['postgres', 'postgres.log', 'postgres.secret.json']);
  });

  it('keeps committed rows when the server is killed, tells of its death and starts again', async () => {
    const database = await start();
    let died = 0;
    database.onDeath(() => died++);
    await query(database.url, 'CREATE TABLE kept (n integer); INSERT INTO kept SELECT generate_series(1, 1000)');
    process.kill(database.pid, 'SIGKILL');
    await until('its death is noticed', () => died === 1);
    const again = await start();
    expect(again.adopted).to.equal(false);
    expect(await query(again.url, 'SELECT count(*)::int AS n FROM kept')).to.deep.equal([{ n: 1000 }]);
  });

  it('adopts the server that outlived its killed service, and notices when that one dies', async () => {
    const service = await startChild('own-postgres', dataDir);
    const pid = Number(service.firstLine);
    await service.kill();
    expect(isAlive(pid)).to.equal(true);
    const database = await start();
    expect(database).to.include({ pid, adopted: true });
    await query(database.url, 'CREATE TABLE kept (n integer)');
    let died = 0;
    database.onDeath(() => died++);
    process.kill(pid, 'SIGKILL');
    await until('its death is noticed', () => died === 1);
    expect(await query((await start()).url, 'SELECT count(*)::int AS n FROM kept')).to.deep.equal([{ n: 0 }]);
  });

  it('says nothing of a death that was asked for', async () => {
    const database = await start();
    let died = 0;
    database.onDeath(() => died++);
    await database.stop();
    expect(isAlive(database.pid)).to.equal(false);
    await start();
    expect(died).to.equal(0);
  });

  it('starts over an old pid that is now another program’s', async () => {
    await (await start()).stop();
    const lines = [process.pid, join(dataDir, 'postgres'), 1_700_000_000, 1, '', '127.0.0.1', '', 'ready'];
    writeFileSync(join(dataDir, 'postgres', 'postmaster.pid'), `${lines.join('\n')}\n`);
    expect(await start()).to.include({ adopted: false });
  });

  it('clears away what a crash in its first start left', async () => {
    mkdirSync(join(dataDir, 'postgres.unfinished-1', 'data'), { recursive: true });
    writeFileSync(join(dataDir, 'postgres.unfinished-1', 'password'), 'x');
    await start();
    expect(existsSync(join(dataDir, 'postgres.unfinished-1'))).to.equal(false);
  });

  it('says which file is missing when the cluster is there and its password is not', async () => {
    await (await start()).stop();
    rmSync(join(dataDir, 'postgres.secret.json'));
    const error = await start().catch((reason: Error) => reason.message);
    expect(error).to.contain('postgres.secret.json is missing');
  });

  it('refuses a cluster of another version', async () => {
    await (await start()).stop();
    writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '12\n');
    const error = await start().catch((reason: Error) => reason.message);
    expect(error).to.match(/was made by PostgreSQL 12, this is 18/);
  });

  it('works in a folder below one that its account may not enter', async function () {
    // Only root meets this: anyone else runs the server under the account that owns the folder.
    if (process.getuid?.() !== 0) this.skip();
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    dataDir = join(closed, 'data');
    expect(await query((await start()).url, 'SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
    expect(modeOf(statSync(closed))).to.equal('700');
  });
});
