// A sceptic with an evidence file: checked on the command line against a node of the chain, also after the service, its
// database and everything else of the operator's is gone; and what she is told when something is not so.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type EmbeddedNode, startEmbeddedNode } from '../../src/adapters/embedded-node.ts';
import { addressOfKey, secretFile } from '../../src/adapters/keys.ts';
import { type Ended, runCli } from '../support/child-service.ts';
import {
  type Admitted,
  anchored,
  type Json,
  register,
  startLedger,
  statement,
  type TestLedger,
  temporaryFolder,
} from '../support/ledger.ts';

describe('an evidence file on the command line', function () {
  this.timeout(240_000);
  const dataDir = temporaryFolder();
  const files = temporaryFolder();
  let ledger: TestLedger;
  let maker: Admitted;
  let node: EmbeddedNode;
  let path: string;
  let registry: string;
  let certificate: string;
  const saved = (name: string) => join(files, name);
  /** As on a machine that knows nothing of the operator. */
  const verify = (...args: string[]) => runCli(['verify', ...args], {});
  const cli = (...args: string[]) => runCli(args, { DATA_DIR: dataDir });

  before(async () => {
    ledger = await startLedger({ DATA_DIR: dataDir });
    maker = await ledger.admit('atelier-lune');
    await ledger.admit('gia', [], ['certifier']);
    path = await register(maker.api, statement('Solitaire'));
    await anchored(ledger.api, path);
    await certify();
    const evidence = await cli('evidence', path, saved('evidence.json'));
    expect(evidence.code, evidence.stderr).to.equal(0);
    const told = await ledger.api.get('/api/v1/chain');
    registry = `${told.body.chainId}:${told.body.pieces}`;
    await askedTwice();
    await ledger.stop();
    const funded = [addressOfKey(secretFile(ledger.config.registrarKeyFile))];
    node = await startEmbeddedNode({ dataDir, port: 0, funded, log: () => {} });
  });
  after(async () => {
    await node.stop();
    for (const folder of [dataDir, files]) rmSync(folder, { recursive: true, force: true });
  });

  /** Two certificates by the command line, about the piece and naming its report. */
  async function certify(): Promise<void> {
    const text = {
      language: 'en',
      type: 'grading',
      title: 'Grading report',
      statement: 'Natural.',
      evidence: 'third-party',
      report: { issuer: 'GIA', number: '2141438171' },
    };
    writeFileSync(saved('statement.json'), JSON.stringify(text));
    writeFileSync(saved('report.pdf'), '%PDF-1.4 a report');
    for (const extra of [
      ['--document', saved('report.pdf')],
      ['--until', '2099-01-01'],
    ]) {
      const done = await cli('certify', saved('statement.json'), '--as', 'gia', '--about', path, ...extra);
      expect(done.code, done.stderr).to.equal(0);
      expect(done.stdout).to.match(/^0x[0-9a-f]{64} (final|anchored)\n {2}Grading report/);
    }
    const { stdout } = await cli('certificate', 'list', '--as', 'gia', '--json');
    certificate = JSON.parse(stdout).items[0].id;
  }

  async function askedTwice(): Promise<void> {
    const asked = await cli('certificate', 'revoke', certificate, 'mistake', '--as', 'gia');
    expect(asked.code).to.equal(1);
    expect(asked.stderr).to.match(/^touchstone: Revoking “Grading report” can not be undone.*Add --yes to do it\.\n$/);
  }

  function judged(ended: Ended): Json {
    return JSON.parse(ended.stdout);
  }
  const resultOf = (verdict: Json, name: string) => verdict.checks.find((one: Json) => one.name === name)?.result;

  it('is genuine by any node of the chain when the service is gone', async () => {
    const ended = await verify(saved('evidence.json'), '--registry', registry, '--rpc', node.url);
    expect(ended.code, ended.stdout).to.equal(0);
    expect(ended.stdout).to.match(/^GENUINE RECORD\./);
    expect(ended.stdout).to.include('Solitaire').and.to.include('grading: Grading report (third-party)');
    for (const name of ['anchored', 'history-complete', 'payload-published', 'report-numbers-confirmed']) {
      expect(ended.stdout).to.include(`pass     ${name}`);
    }
  });

  it('is never genuine without a registry that the asker named', async () => {
    const ended = await verify(saved('evidence.json'), '--rpc', node.url, '--json');
    expect(ended.code).to.equal(3);
    expect(judged(ended).headline).to.equal('not-confirmed');
    expect(resultOf(judged(ended), 'registry-expected')).to.equal('unknown');
  });

  it('is unknown, not failed, while no node can be reached', async () => {
    for (const rpc of [[], ['--rpc', 'http://127.0.0.1:9']]) {
      const ended = await verify(saved('evidence.json'), '--registry', registry, ...rpc, '--json');
      expect(ended.code).to.equal(3);
      expect(judged(ended).headline).to.equal('not-confirmed');
      expect(judged(ended).checks.filter((one: Json) => one.result === 'fail')).to.deep.equal([]);
    }
  });

  it('fails for another registry, and for a changed letter', async () => {
    const other = `${registry.split(':')[0]}:0x${'12'.repeat(20)}`;
    const foreign = await verify(saved('evidence.json'), '--registry', other, '--rpc', node.url, '--json');
    expect(foreign.code).to.equal(1);
    expect(resultOf(judged(foreign), 'registry-expected')).to.equal('fail');
    writeFileSync(saved('forged.json'), readFileSync(saved('evidence.json'), 'utf8').replace('Solitaire', 'Solitaira'));
    const forged = await verify(saved('forged.json'), '--registry', registry, '--rpc', node.url, '--json');
    expect(forged.code).to.equal(1);
    expect(resultOf(judged(forged), 'record-in-batch')).to.equal('fail');
  });

  it('is refused in one line for a file that is not there, and a registry that is none', async () => {
    const [absent, wrong] = await Promise.all([
      verify(saved('nowhere.json')),
      verify(saved('evidence.json'), '--registry', 'mainnet'),
    ]);
    for (const ended of [absent, wrong]) {
      expect(ended.code).to.equal(2);
      expect(ended.stdout).to.equal('');
      expect(ended.stderr).to.match(/^touchstone: .+\n$/);
    }
  });

  it('does not let a file’s words steer the terminal', async () => {
    const text = readFileSync(saved('evidence.json'), 'utf8').replaceAll('atelier-lune', 'atelier\\u001b[2Jlune');
    writeFileSync(saved('steering.json'), text);
    const ended = await verify(saved('steering.json'), '--registry', registry);
    expect(ended.code).to.equal(1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
    expect(ended.stdout).to.not.match(/[\u0000-\u0009\u000b-\u001f\u007f]/);
  });
});
