// The command line as a person meets it: help, one-line refusals, and every command against a running service; then the
// same against a node and a database that are somebody else's.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type EmbeddedNode, startEmbeddedNode } from '../src/adapters/embedded-node.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/adapters/embedded-postgres.ts';
import { addressOfKey, secretFile } from '../src/adapters/keys.ts';
import { type ChildService, type Ended, runCli, startChildService } from './support/child-service.ts';
import {
  type Admitted,
  anchored,
  clientOf,
  type Json,
  passport,
  register,
  startLedger,
  statement,
  type TestLedger,
  temporaryFolder,
} from './support/ledger.ts';
import { until, wallet } from './support/raw-chain.ts';

describe('the command line', function () {
  this.timeout(240_000);
  const dataDir = temporaryFolder();
  const files = temporaryFolder();
  let ledger: TestLedger;
  let maker: Admitted;
  let path: string;

  before(async () => {
    ledger = await startLedger({ DATA_DIR: dataDir });
    maker = await ledger.admit('atelier-lune');
    path = await register(maker.api, statement('Solitaire'));
    await anchored(ledger.api, path);
  });
  after(async () => {
    await ledger.stop();
    for (const folder of [dataDir, files]) rmSync(folder, { recursive: true, force: true });
  });

  const run = (...args: string[]) => runCli(args, { DATA_DIR: dataDir });
  const asMaker = (...args: string[]) => run(...args, '--as', 'atelier-lune');
  const file = (name: string, text: string) => {
    writeFileSync(join(files, name), text);
    return join(files, name);
  };
  function succeeded(ended: Ended): Ended {
    expect(ended.code, ended.stderr).to.equal(0);
    return ended;
  }
  /** Two processes at once, as many as a small machine runs side by side. */
  async function inPairs<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
    for (let at = 0; at < items.length; at += 2) await Promise.all(items.slice(at, at + 2).map(work));
  }

  /** One line on standard error, nothing on standard output. */
  function refused(ended: Ended, code: number, line: RegExp): void {
    expect(ended.stderr).to.match(line);
    expect(ended.stderr.trim().split('\n'), ended.stderr).to.have.length(1);
    expect({ code: ended.code, stdout: ended.stdout }).to.deep.equal({ code, stdout: '' });
  }

  it('explains itself and each of its commands', async () => {
    const commands = ['', 'serve', 'import', 'piece add', 'transfer', 'organisation create', 'deploy', 'reindex'];
    await inPairs(commands, async (command) => {
      const help = await run(...command.split(' ').filter(Boolean), '--help');
      expect(help.code, help.stderr).to.equal(0);
      expect(help.stdout).to.match(new RegExp(`^Usage: touchstone ${command}`));
    });
  });

  it('refuses a wrong call in one line, with exit code 2', async () => {
    const wrong: [string[], RegExp][] = [
      [['serve', '--bogus'], /unknown option '--bogus'/],
      [['bogus'], /unknown command 'bogus'/],
      [['import'], /missing required argument 'file'/],
      [['import', 'x', '--mode', 'secret'], /Allowed choices are published, root-only/],
      [['organisation', 'create', 'x'], /required option '--name <name>' not specified/],
      [['organisation', 'create', 'x', '--name', 'X', '--roles', 'king'], /king is none of maker/],
    ];
    await inPairs(wrong, async ([args, line]) => refused(await run(...args), 2, line));
  });

  it('refuses what it can’t do in one line, with exit code 1', async () => {
    const notJson = file('not.json', '{');
    const wrong: [() => Promise<Ended>, RegExp][] = [
      [
        () => asMaker('piece', 'add', join(files, 'nowhere.json')),
        /^touchstone: .*nowhere\.json: there is no such file or folder\.$/m,
      ],
      [() => asMaker('piece', 'add', files), /^touchstone: EISDIR/],
      [() => asMaker('piece', 'add', notJson), /^touchstone: .*not\.json is not valid JSON/],
      [() => asMaker('piece', 'show', 'nonsense'), /^touchstone: nonsense is no code of a piece/],
      [() => asMaker('piece', 'show', '/p/atelier-lune/00000000000000000'), /is not known here/],
      [() => run('piece', 'list'), /Send your API key/],
      [
        () => run('piece', 'list', '--as', 'nobody-here'),
        /There is no API key of nobody-here in .*Set TOUCHSTONE_API_KEY/,
      ],
      [
        () => run('organisation', 'suspend', 'nobody-here', 'why'),
        /There is no organisation with the handle nobody-here/,
      ],
      [() => run('organisation', 'api-key', 'nobody-here'), /There is no organisation with the handle nobody-here/],
      [() => run('organisation', 'revoke-api-key', 'ts_000000000000'), /No such key is in force/],
      [() => run('reindex'), /^touchstone: Process \d+ is working on/],
      [() => run('deploy'), /deploy needs RPC_URL and PUBLIC_URL/],
      [
        () => runCli(['piece', 'list'], { DATA_DIR: files }),
        /^touchstone: No service runs on .*Start one first: npm start\./,
      ],
      [() => runCli(['piece', 'list', '--url', 'http://127.0.0.1:9'], { DATA_DIR: files }), /can not be reached/],
      [() => runCli(['serve'], { DATA_DIR: files, PORT: 'http' }), /^touchstone: PORT: /],
      [
        () => runCli(['serve'], { DATA_DIR: files, RPC_URL: 'http://127.0.0.1:9' }),
        /PUBLIC_URL is required with RPC_URL/,
      ],
    ];
    await inPairs(wrong, async ([start, line]) => refused(await start(), 1, line));
  });

  it('adds a piece from a file or standard input, once; shows and lists it', async () => {
    const record = file('ring.json', JSON.stringify(statement('From a file')));
    const added = succeeded(await asMaker('piece', 'add', record));
    const [url, state] = added.stdout.split('\n') as [string, string];
    expect(url).to.match(/^http:\/\/localhost:\d+\/p\/atelier-lune\/[0-9A-Z]{17}$/);
    expect(state).to.match(/^accepted, record 0x[0-9a-f]{64}$/);
    const again = succeeded(
      await runCli(
        ['piece', 'add', '-', '--as', 'atelier-lune', '--json'],
        { DATA_DIR: dataDir },
        readFileSync(record, 'utf8'),
      ),
    );
    expect(JSON.parse(again.stdout).url).to.equal(url);
    await anchored(ledger.api, new URL(url).pathname);
    const shown = succeeded(await run('piece', 'show', url));
    expect(shown.stdout).to.match(/^From a file\ngenuine-record, final; kept by atelier-lune\ntoken \d+\n$/);
    const listed = succeeded(await asMaker('piece', 'list', '--search', 'from a'));
    expect(listed.stdout).to.equal(`final     ${new URL(url).pathname}  From a file\n`);
    const bad = file('bad.json', JSON.stringify({ ...statement('x'), kind: 'spaceship' }));
    refused(
      await asMaker('piece', 'add', bad),
      1,
      /The record was not accepted; nothing was registered\. kind must be one of/,
    );
  });

  it('imports a file, writes its bad rows to be mended, and imports them then', async () => {
    const rows = file('rows.csv', 'title,kind,metal_1\nOne,ring,gold\nTwo,spaceship,gold\n');
    const rejected = join(files, 'rejected.csv');
    const first = await asMaker('import', rows, '--rejected', rejected, '--json');
    expect(first.code).to.equal(1);
    expect(JSON.parse(first.stdout)).to.include({ accepted: 1, rejected: 1, anchored: 1 });
    expect(first.stderr).to.match(/^touchstone: row 2: kind /m);
    const bad = readFileSync(rejected, 'utf8');
    expect(bad).to.match(/^title,kind,metal_1,touchstone_row,touchstone_problem\nTwo,spaceship,gold,2,/);
    writeFileSync(rejected, bad.replace('spaceship', 'ring'));
    const mended = succeeded(await asMaker('import', rejected));
    expect(mended.stdout).to.match(/^import \d+: 1 accepted, 0 known before, 0 rejected\n$/);
    const again = await asMaker('import', rows);
    expect(again.stdout).to.match(/1 accepted, 0 known before, 1 rejected/);
    const headless = file('headless.csv', 'titel,kind\nOne,ring\n');
    const failed = await asMaker('import', headless);
    expect(failed.code).to.equal(1);
    expect(failed.stderr).to.contain('titel');
  });

  it('passes a piece on: by the key held, and by a signature made elsewhere', async () => {
    const ada = wallet('ada');
    const sold = succeeded(await asMaker('transfer', path, ada.address));
    expect(sold.stdout).to.match(
      new RegExp(`^${path} passed on to ${ada.address.toLowerCase()} \\((anchored|final)\\)\ntransaction 0x`),
    );
    const to = `0x${'5'.repeat(40)}`;
    const { typedData, deadline, moves } = JSON.parse(succeeded(await run('transfer', path, to, '--prepare')).stdout);
    const signature = await ada.signTypedData(typedData.domain, typedData.types, typedData.message);
    const signed = ['--signature', signature, '--deadline', String(deadline), '--moves', String(moves)];
    succeeded(await asMaker('transfer', path, to, ...signed));
    await until('it is passed on', async () => (await passport(ledger.api, path)).keeper.address === to);
    const late = await asMaker('transfer', path, ada.address, ...signed);
    refused(late, 1, /The piece has moved since this was signed/);
  });

  it('exports every passport, one a line', async () => {
    const out = join(files, 'passports.ndjson');
    succeeded(await asMaker('export', out));
    const lines = readFileSync(out, 'utf8').trim().split('\n');
    const [{ n }] = (await ledger.sql('SELECT count(*) AS n FROM pieces')) as [Json];
    expect(lines).to.have.length(n);
    for (const line of lines) expect(JSON.parse(line).schema).to.equal('touchstone/passport/1');
  });

  it('keeps organisations: create, prefixes, keys, suspension', async () => {
    const created = succeeded(
      await run(
        'organisation',
        'create',
        'maison-verre',
        '--name',
        'Maison Verre',
        '--roles',
        'maker,reseller',
        '--prefix',
        '9506000',
        '--json',
      ),
    );
    const made = JSON.parse(created.stdout);
    expect(readFileSync(made.apiKeyFile, 'utf8')).to.equal(`${made.apiKey}\n`);
    const organisation = async () => (await ledger.api.get('/api/v1/organisations/maison-verre')).body;
    expect(await organisation()).to.deep.include({ roles: ['maker', 'reseller'], prefixes: ['9506000'] });
    succeeded(await run('organisation', 'grant-prefix', 'maison-verre', '9506001'));
    succeeded(await run('organisation', 'withdraw-prefix', 'maison-verre', '9506000'));
    await until('prefixes changed', async () => (await organisation()).prefixes.join() === '9506001');
    expect(succeeded(await run('organisation', 'suspend', 'maison-verre', 'test')).stdout).to.equal(
      'done: suspend maison-verre\n',
    );
    await until('it is suspended', async () => (await organisation()).suspendedAt !== undefined);
    succeeded(await run('organisation', 'reinstate', 'maison-verre'));
    succeeded(await run('organisation', 'rotate-key', 'maison-verre'));
    const second = succeeded(await run('organisation', 'api-key', 'maison-verre', '--scopes', 'read'));
    const key = /ts_\S+/.exec(second.stdout)?.[0] as string;
    expect((await clientOf(ledger.url, key).get('/api/v1/pieces')).status).to.equal(200);
    expect((await clientOf(ledger.url, key).post('/api/v1/pieces', { record: statement('x') })).status).to.equal(403);
    succeeded(await run('organisation', 'revoke-api-key', key.slice(0, 15)));
    expect((await clientOf(ledger.url, key).get('/api/v1/pieces')).status).to.equal(401);
  });
});

describe('the command line on a node and a database of somebody else', function () {
  this.timeout(240_000);
  const [theirs, ours] = [temporaryFolder(), temporaryFolder()];
  let node: EmbeddedNode;
  let database: EmbeddedPostgres;
  let service: ChildService | undefined;

  before(async () => {
    const funded = ['relayer', 'registrar'].map((name) => addressOfKey(secretFile(join(ours, 'keys', `${name}.key`))));
    [node, database] = await Promise.all([
      startEmbeddedNode({ dataDir: theirs, port: 0, funded, log: () => {} }),
      startEmbeddedPostgres({ dataDir: theirs, log: () => {} }),
    ]);
  });
  after(async () => {
    await service?.end('SIGTERM');
    await node.stop();
    await database.stop();
    for (const folder of [theirs, ours]) rmSync(folder, { recursive: true, force: true });
  });

  it('deploys, serves, admits and registers; what it deployed is found by its address only', async () => {
    const env = { DATA_DIR: ours, RPC_URL: node.url, DATABASE_URL: database.url, PUBLIC_URL: 'https://ledger.example' };
    const without = await runCli(['serve'], env);
    expect(without.stderr).to.contain(
      'touchstone: REGISTRY_ADDRESS is required with RPC_URL. Deploy one: touchstone deploy.\n',
    );
    const deployed = await runCli(['deploy'], env);
    expect(deployed.code, deployed.stderr).to.equal(0);
    const registry = /^REGISTRY_ADDRESS=(0x[0-9a-f]{40})$/m.exec(deployed.stdout)?.[1] as string;
    const wrong = await runCli(['serve'], { ...env, REGISTRY_ADDRESS: `0x${'9'.repeat(40)}` });
    expect(wrong.stderr).to.contain(
      `touchstone: There is no registry of this version at 0x${'9'.repeat(40)} on this chain.`,
    );
    const full = { ...env, REGISTRY_ADDRESS: registry };
    service = await startChildService(ours, full);
    const created = await runCli(['organisation', 'create', 'atelier-lune', '--name', 'Atelier Lune', '--json'], full);
    expect(created.code, created.stderr).to.equal(0);
    const api = clientOf(service.url, JSON.parse(created.stdout).apiKey);
    const { body } = await api.post('/api/v1/pieces', { record: statement('Elsewhere') });
    expect(body.url).to.equal(`https://ledger.example${body.path}`);
    const shown = await anchored(api, body.path);
    expect(shown.asOf).to.include({ registry, chainId: node.chainId, embedded: false });
    expect(shown.headline).to.equal('genuine-record');
  });
});
