// A piece's life on the command line, against a running service: what can not be done in one line first, then reports,
// rulings, recalls, work with consent, a recovery begun, an end.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { done as acted, low } from './support/acts.ts';
import { runCli } from './support/child-service.ts';
import {
  type Admitted,
  anchored,
  passport,
  register,
  startLedger,
  statement,
  type TestLedger,
  temporaryFolder,
} from './support/ledger.ts';
import { wallet } from './support/raw-chain.ts';

describe('the command line about a piece’s life', function () {
  this.timeout(240_000);
  const dataDir = temporaryFolder();
  const files = temporaryFolder();
  const ada = wallet('ada');
  let ledger: TestLedger;
  let maker: Admitted;
  let path: string;
  let mine: string;

  before(async () => {
    ledger = await startLedger({ DATA_DIR: dataDir });
    maker = await ledger.admit('atelier-lune');
    await ledger.admit('atelier-nova');
    await ledger.admit('goldsmith-nord', [], ['service']);
    await ledger.admit('court-one', [], ['arbiter']);
    path = await register(maker.api, statement('Solitaire'));
    mine = await register(maker.api, statement('Unsold'));
    for (const one of [path, mine]) await anchored(ledger.api, one);
    await acted(ledger, { act: 'transfer', piece: path, to: low(ada) }, {}, maker.api);
    writeFileSync(join(files, 'ada.key'), `${ada.privateKey}\n`);
  });
  after(async () => {
    await ledger.stop();
    for (const folder of [dataDir, files]) rmSync(folder, { recursive: true, force: true });
  });

  const run = (...args: string[]) => runCli(args, { DATA_DIR: dataDir });
  const byAda = () => ['--owner-key', join(files, 'ada.key')];
  async function done(...args: string[]): Promise<string> {
    const ended = await run(...args);
    expect(ended.code, ended.stderr).to.equal(0);
    return ended.stdout;
  }
  async function refused(args: readonly string[], code: number, line: RegExp): Promise<void> {
    const ended = await run(...args);
    expect(ended.stderr).to.match(line);
    expect(ended.stderr.trim().split('\n'), ended.stderr).to.have.length(1);
    expect({ code: ended.code, stdout: ended.stdout }).to.deep.equal({ code, stdout: '' });
  }
  const as = (handle: string) => ['--as', handle];
  const why = ['--reason', 'Case 12 of 2027'];

  it('explains each command, with an example', async () => {
    for (const command of [
      'piece report',
      'piece end',
      'piece recall',
      'arbiter lock',
      'service request',
      'recovery begin',
    ]) {
      const help = await run(...command.split(' '), '--help');
      expect(help.code, help.stderr).to.equal(0);
      expect(help.stdout).to.match(/^Usage: touchstone \w/);
      expect(help.stdout).to.include(`Examples:\n  touchstone ${command} `);
    }
  });

  it('refuses what can not be done, in one line', async () => {
    await refused(['piece', 'report', path], 1, /either --stolen or --lost/);
    await refused(['piece', 'report', path, '--lost', ...as('atelier-lune')], 1, /not your organisation’s/);
    await refused(['piece', 'end', path, '--as-what', 'sold'], 2, /Allowed choices are melted/);
    await refused(['piece', 'end', path, '--as-what', 'melted', ...byAda()], 1, /can not be undone.*Add --yes/);
    await refused(['piece', 'withdraw', path, ...why, ...as('atelier-lune')], 1, /can not be undone.*Add --yes/);
    await refused(['piece', 'recall', ...why, ...as('atelier-lune')], 1, /Name a piece by its code, or a batch/);
    await refused(['piece', 'recall', path, ...as('atelier-lune')], 1, /Say why: --reason/);
    await refused(['piece', 'recall', path, ...why, ...as('atelier-nova')], 1, /Only who registered this/);
    await refused(['piece', 'correct', path, ...why, ...as('atelier-lune')], 1, /needs the statement/);
    await refused(['arbiter', 'lock', path, ...as('court-one')], 2, /required option '--reason <words>'/);
    await refused(['arbiter', 'lock', path, ...why, ...as('atelier-lune')], 1, /lacks the role/);
    await refused(['service', 'request', path, '--kind', 'polish', ...as('goldsmith-nord')], 2, /Allowed choices/);
    await refused(['service', 'consent', 'nonsense', ...byAda()], 1, /This act is not known/);
    await refused(['recovery', 'complete', path], 1, /No recovery of the piece is under way/);
    await refused(['organisation', 'succeed', 'atelier-lune', 'nobody-here'], 1, /There is no organisation/);
  });

  it('reports a piece and takes the report back; an arbiter locks it and lets go', async () => {
    expect(await done('piece', 'report', path, '--stolen', ...byAda())).to.match(/is reported stolen; for 90 days/);
    const offer = join(files, 'offer.json');
    await refused(['handover', 'make', path, offer, ...byAda()], 1, /The piece is reported stolen/);
    await done('piece', 'withdraw-report', path, ...byAda());
    await done('arbiter', 'lock', path, ...why, ...as('court-one'));
    await refused(['handover', 'make', path, offer, ...byAda()], 1, /An arbiter has locked the piece/);
    await done('arbiter', 'unlock', path, ...why, ...as('court-one'));
    await done('handover', 'make', path, offer, ...byAda());
  });

  it('recalls a piece and a batch, and lets a successor lift it', async () => {
    const { batch } = await anchored(ledger.api, await register(maker.api, statement('Alone')));
    await done('piece', 'recall', mine, '--reason', 'The clasp opens.', ...as('atelier-lune'));
    await done('piece', 'recall', '--batch', batch.id, '--reason', 'Nickel.', ...as('atelier-lune'));
    expect(await done('organisation', 'succeed', 'atelier-lune', 'atelier-nova')).to.equal(
      'done: succeed atelier-lune\n',
    );
    await done('piece', 'lift-recall', '--batch', batch.id, '--reason', 'It was none.', ...as('atelier-nova'));
    await done('piece', 'lift-recall', mine, '--reason', 'Mended.', ...as('atelier-nova'));
    const end = ['piece', 'end', '--batch', batch.id, '--as-what', 'destroyed', '--reason', 'Flood.'];
    await done(...end, ...as('atelier-lune'), '--yes');
  });

  it('asks the owner to agree to work, who declines, and agrees another time', async () => {
    const said = { schema: 'touchstone/life-event/1', kind: 'resizing', language: 'en', words: 'From 52 to 54.' };
    writeFileSync(join(files, 'resizing.json'), JSON.stringify(said));
    const asked = async () => {
      const rest = [
        '--kind',
        'resizing',
        '--statement',
        join(files, 'resizing.json'),
        ...as('goldsmith-nord'),
        '--json',
      ];
      return JSON.parse(await done('service', 'request', path, ...rest)).id;
    };
    const first = await asked();
    expect(JSON.parse(await done('service', 'show', first)).fields.statement).to.deep.equal(said);
    expect(await done('service', 'decline', first, '--reason', 'Not done.')).to.match(/^declined /);
    await refused(['service', 'consent', first, ...byAda()], 1, /it is declined/);
    const second = await asked();
    await refused(['recovery', 'sign', second, ...as('court-one')], 1, /is no request to be signed in this way/);
    expect(await done('service', 'consent', second, ...byAda())).to.match(/agreed to .* resizing/);
    const list = await done('service', 'list', ...as('goldsmith-nord'));
    expect(
      list
        .trim()
        .split('\n')
        .map((line) => line.slice(0, 9).trim()),
    ).to.deep.equal(['agreed', 'declined']);
    expect(readFileSync(join(files, 'ada.key'), 'utf8')).to.include(ada.privateKey);
  });

  it('begins a recovery that the owner allowed, and that she ends', async () => {
    const to = low(wallet('fresh'));
    const begin = ['recovery', 'begin', path, '--to', to, '--arbiter', 'court-one', ...why, ...as('atelier-nova')];
    await refused(begin, 1, /has not allowed/);
    await done('recovery', 'allow', path, ...byAda());
    const { id } = JSON.parse(await done(...begin, '--json'));
    expect(await done('recovery', 'list', ...as('court-one'))).to.match(new RegExp(`^kept +${id}`));
    await done('recovery', 'sign', id, ...as('court-one'));
    await refused(['recovery', 'complete', path], 1, /It is not time for this before/);
    await done('recovery', 'forbid', path, ...byAda());
    await refused(['recovery', 'complete', path], 1, /No recovery of the piece is under way/);
  });

  it('ends a piece', async () => {
    expect(await done('piece', 'end', path, '--as-what', 'melted', ...byAda(), '--yes')).to.match(/: melted/);
    await refused(['handover', 'make', path, join(files, 'x.json'), ...byAda()], 1, /at its end/);
    expect((await passport(ledger.api, path)).path).to.equal(path);
  });
});
