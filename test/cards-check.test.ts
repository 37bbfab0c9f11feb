// Printed cards checked from the command line: against themselves, the file to be imported, and the ledger, which is asked
// about public codes only. What is wrong is told without telling a secret.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { holdsSecret } from '../src/core/secret-spotter.ts';
import { type Card, cardRuns, cardsOf, refused, succeeded, table } from './support/cards.ts';
import { type Ended, runCli } from './support/child-service.ts';
import { statement, temporaryFolder } from './support/ledger.ts';

describe('checking claim cards on the command line', function () {
  this.timeout(240_000);
  const folder = temporaryFolder();
  const { newFolder, run, make } = cardRuns(folder);
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  let to: string;
  let cards: readonly Card[];
  let server: Server;
  let asked: string[];
  let answers: Map<string, string>;
  before(async () => {
    to = newFolder();
    succeeded(await make(to, '--count', '4', '--handle', 'abc'));
    cards = cardsOf(to);
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        asked.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)} ${body}`);
        const path = (request.url ?? '').replace(/^\/api\/v1\/pieces|\/evidence$/g, '');
        const claimKey = answers.get(path);
        if (claimKey === undefined)
          response.writeHead(409).end(JSON.stringify({ detail: 'It is not on the chain yet.' }));
        else response.end(JSON.stringify({ batch: { claimKey } }));
      });
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    asked = [];
    const keys = table(join(to, 'import.csv')).map((row) => row['claim_key'] as string);
    answers = new Map(cards.map(({ path }, i) => [path, keys[i] as string]));
  });
  const check = (input: string, ...args: string[]) =>
    runCli(['cards', 'check', '-', ...args], { DATA_DIR: folder }, input);
  const keys = () => ['--keys', join(to, 'import.csv')];
  const online = () => ['--online', '--url', `http://127.0.0.1:${(server.address() as AddressInfo).port}`];
  const privateFile = () => readFileSync(join(to, 'cards.csv'), 'utf8');
  const lines = (ended: Ended) => ended.stderr.trim().split('\n');

  it('finds the whole file right, by itself, against the file to import, against the ledger', async () => {
    expect(succeeded(await run('cards', 'check', join(to, 'cards.csv'))).stdout).to.match(/^4 cards: all can be read/);
    expect(succeeded(await check(privateFile(), ...keys())).stdout).to.match(/^4 cards: all agree with/);
    expect(succeeded(await check(privateFile(), ...online())).stdout).to.match(/^4 cards: all open their pieces/);
  });

  it('asks the ledger for public codes only: no secret, whole, printed or in part, is in any request', async () => {
    succeeded(await check(privateFile(), ...online()));
    expect(asked).to.have.length(4);
    const sent = asked.join('\n').toUpperCase();
    for (const { secret, url } of cards) {
      for (const part of [...secret.split('-'), url.split('#')[1] as string]) expect(sent).to.not.contain(part);
    }
  });

  it('without --online asks nobody: whatever connects is ended here, which asking the ledger shows', async () => {
    expect((await run('cards', 'check', join(to, 'cards.csv'), ...online())).code).to.equal(99);
  });

  it('takes a card as scanned, as printed, or as typed, a line each', async () => {
    const [first, second, third] = cards as [Card, Card, Card];
    const typed = `${first.url}\n\n ${second.secret} \n${third.secret.toLowerCase().replaceAll('-', ' ').replaceAll('1', 'l')}\n`;
    expect(succeeded(await check(typed, ...keys())).stdout).to.match(/^3 cards: all agree/);
  });

  it('tells a mistyped card, one of another piece, of another batch, twice the same: which and why, not what', async () => {
    const [first, second, third, fourth] = cards as [Card, Card, Card, Card];
    const stranger = newFolder();
    succeeded(await make(stranger, '--count', '1', '--handle', 'abc'));
    const wrong = first.secret.endsWith('0') ? '1' : '0';
    const ended = await check(
      [
        first.secret.slice(0, -1) + wrong,
        second.url.replace(/#.*/, `#${third.url.split('#')[1]}`),
        cardsOf(stranger)[0]?.secret,
        third.url,
        fourth.url,
        fourth.url,
      ].join('\n'),
      ...keys(),
    );
    expect(ended.code).to.equal(1);
    expect(ended.stdout).to.equal('');
    expect(lines(ended)).to.deep.equal([
      'touchstone: card 1: the secret is mistyped: compare group 6 of 6 with the card',
      `touchstone: card 2: does not open ${second.path}: the file has another claim key`,
      'touchstone: card 3: opens no piece of that file',
      'touchstone: card 4: has the secret of card 2',
      'touchstone: card 6: has the secret of card 5',
      'touchstone: 5 of 6 cards are wrong.',
    ]);
    expect(holdsSecret(ended.stderr)).to.equal(false);
  });

  it('tells where the private file itself does not fit together', async () => {
    const [first, second] = cards as [Card, Card];
    const text = privateFile().replace(first.secret, second.secret).replace(`,${second.path},`, `,${first.path},`);
    const ended = await check(text);
    expect(lines(ended).slice(0, 2)).to.deep.equal([
      'touchstone: card 1: its address holds another secret than the one printed',
      `touchstone: card 2: its address leads to ${second.path}, not to ${first.path}`,
    ]);
  });

  it('tells a piece that is not on the ledger yet, or is there with another key', async () => {
    const [first, second, third] = cards as [Card, Card, Card];
    answers.delete(first.path);
    answers.set(second.path, `0x${'0'.repeat(40)}`);
    const ended = await check(`${first.url}\n${second.url}\n${third.secret}\n`, ...online());
    expect(lines(ended)).to.deep.equal([
      'touchstone: card 1: It is not on the chain yet.',
      `touchstone: card 2: does not open ${second.path}: it is on the ledger with another claim key, or none`,
      'touchstone: card 3: says no piece: to ask the ledger, its whole address is needed',
      'touchstone: 3 of 3 cards are wrong.',
    ]);
  });

  it('refuses an empty file, and keys that have no keys', async () => {
    refused(await check(''), /holds no card/);
    refused(await check(privateFile(), '--keys', file('nokeys.csv', 'title\nA\n')), /has no column claim_key/);
  });

  it('a file of secrets given to import, or a secret in a record, is not sent', async () => {
    const [first] = cards as [Card];
    const url = online().slice(1);
    const record = file('card.json', JSON.stringify({ ...statement('x'), story: first.secret }));
    const env = { DATA_DIR: folder, TOUCHSTONE_API_KEY: 'ts_none' };
    refused(
      await runCli(['import', join(to, 'cards.csv'), ...url], env),
      /holds the secret of a claim card\. Nothing was sent/,
    );
    refused(await runCli(['piece', 'add', record, ...url], env), /holds the secret of a claim card\. Nothing was sent/);
    expect(asked).to.deep.equal([]);
  });
});
