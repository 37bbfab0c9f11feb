// Cards, handovers, ranges and shipments on the command line, against a running service: refusals in one line first, then
// the whole way of a piece, with secrets that are read from files and never told.
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { cardKey, cardSecret } from '../src/core/card.ts';
import { cardUrl } from '../src/core/card-address.ts';
import { codeOfPath, type PieceCode } from '../src/core/code.ts';
import { keeperOf, low } from './support/acts.ts';
import { type Ended, runCli } from './support/child-service.ts';
import {
  type Admitted,
  anchored,
  type Json,
  register,
  startLedger,
  statement,
  type TestLedger,
  temporaryFolder,
} from './support/ledger.ts';
import { modeOf, wallet } from './support/raw-chain.ts';

describe('the command line about what passes between hands', function () {
  this.timeout(240_000);
  const dataDir = temporaryFolder();
  const files = temporaryFolder();
  const ada = wallet('ada');
  const bob = wallet('bob');
  const secret = cardSecret(new Uint8Array(16).fill(7));
  const otherSecret = cardSecret(new Uint8Array(16).fill(9));
  let ledger: TestLedger;
  let maker: Admitted;
  let path: string;
  let others: string[];

  before(async () => {
    ledger = await startLedger({ DATA_DIR: dataDir });
    maker = await ledger.admit('atelier-lune');
    await ledger.admit('maison-verre', [], ['reseller']);
    const record = statement('Solitaire');
    const { address: claimKey } = cardKey(secret);
    path = (await maker.api.post('/api/v1/pieces', { record, claimKey })).body.path;
    others = await Promise.all(['a', 'b'].map((title) => register(maker.api, statement(title))));
    for (const one of [path, ...others]) await anchored(ledger.api, one);
  });
  after(async () => {
    await ledger.stop();
    for (const folder of [dataDir, files]) rmSync(folder, { recursive: true, force: true });
  });

  const run = (...args: string[]) => runCli(args, { DATA_DIR: dataDir });
  const file = (name: string, text: string) => {
    writeFileSync(join(files, name), text);
    return join(files, name);
  };
  async function done(...args: string[]): Promise<string> {
    const ended = await run(...args);
    expect(ended.code, ended.stderr).to.equal(0);
    return ended.stdout;
  }
  async function refused(args: readonly string[], code: number, line: RegExp): Promise<Ended> {
    const ended = await run(...args);
    expect(ended.stderr).to.match(line);
    expect(ended.stderr.trim().split('\n'), ended.stderr).to.have.length(1);
    expect({ code: ended.code, stdout: ended.stdout }).to.deep.equal({ code, stdout: '' });
    return ended;
  }
  const keeper = async (piece = path) => {
    const { organisation, address } = (await keeperOf(ledger, piece)) as Json;
    return organisation ?? address;
  };
  const ownerKey = (name: string, { privateKey }: { privateKey: string }) => file(name, `${privateKey}\n`);

  it('explains each command', async () => {
    for (const command of ['claim', 'card set', 'handover make', 'ship make']) {
      const help = await run(...command.split(' '), '--help');
      expect(help.code, help.stderr).to.equal(0);
      expect(help.stdout).to.match(/^Usage: touchstone \w/);
    }
  });

  it('refuses what can not be done, in one line that tells no secret', async () => {
    const card = file('card.txt', cardUrl('https://ledger.example', codeOfPath(path) as PieceCode, secret));
    const to = ['--to', low(ada)];
    await refused(['claim', path], 2, /required option '--to <address>'/);
    await refused(['claim', path, ...to], 1, /The card can not be used: (there is nothing behind #|the secret)/);
    await refused(['claim', others[0] as string, '--secret-file', card, ...to], 1, /is another piece’s/);
    const early = await refused(['claim', path, '--secret-file', card, ...to], 1, /has not released it/);
    expect(early.stderr).to.not.include(secret.slice(1, 12));
    await refused(['piece', 'release', path, '--as', 'maison-verre'], 1, /not your organisation’s/);
    await refused(['card', 'set', path, '--key', 'nonsense', '--as', 'atelier-lune'], 1, /address|field/i);
    await refused(['handover', 'accept', card, ...to], 1, /is no handover/);
    await refused(['handover', 'make', path, join(files, 'x.json'), '--owner-key', card], 1, /must hold one key/);
    await refused(['ship', 'accept', 'nonsense', '--as', 'maison-verre'], 1, /has no such shipment/);
    await refused(['range', 'pass', '123', 'maison-verre', '--as', 'atelier-lune'], 1, /This batch is not known/);
  });

  it('releases and claims by the card the piece was registered with, then hands over by a file', async () => {
    expect(await done('piece', 'release', path, '--as', 'atelier-lune')).to.match(
      /may be claimed by its card \(kept\)/,
    );
    const card = file('secret.txt', secret);
    expect(await done('claim', path, '--secret-file', card, '--to', low(ada), '--recoverable')).to.match(
      /is now 0x[0-9a-f]{40}’s \((anchored|final)\)\nreceipt [0-9a-f-]{36}\ntransaction 0x/,
    );
    expect(await keeper()).to.equal(low(ada));
    const again = await refused(['claim', path, '--secret-file', card, '--to', low(bob)], 1, /has a private owner/);
    expect(again.stderr).to.not.include(secret.slice(1, 12));

    const adas = ownerKey('ada.key', ada);
    const offer = join(files, 'offer.json');
    await done('handover', 'make', path, offer, '--owner-key', adas);
    expect(modeOf(statSync(offer))).to.equal('600');
    await done('handover', 'withdraw', path, '--owner-key', adas);
    await refused(['handover', 'accept', offer, '--to', low(bob)], 1, /The offer does not hold/);
    const second = join(files, 'second.json');
    await done('handover', 'make', path, second, '--owner-key', adas);
    const { key } = JSON.parse(readFileSync(second, 'utf8'));
    const accepted = await done('handover', 'accept', second, '--to', low(bob), '--json');
    expect(accepted).to.not.include(key.slice(2));
    expect(JSON.parse(accepted)).to.include({ act: 'accept-handover', error: null });
    expect(await keeper()).to.equal(low(bob));
    // Nothing secret is in the database.
    const [{ text }] = await ledger.sql<Json>('SELECT string_agg(a::text, $1) AS text FROM acts a', '\n');
    for (const hidden of [key.slice(2), secret.slice(1, 20), ada.privateKey.slice(2)])
      expect(text).to.not.include(hidden);
  });

  it('sets a fresh card, ships to a shop, has it sent back', async () => {
    const [piece = ''] = others;
    await done('card', 'set', piece, '--key', cardKey(otherSecret).address, '--as', 'atelier-lune');
    const list = file('pieces.txt', `${others.join('\n')}\n`);
    const shipment = JSON.parse(
      await done('ship', 'make', 'maison-verre', '--file', list, '--note', 'May', '--as', 'atelier-lune', '--json'),
    );
    expect(await done('ship', 'list', '--as', 'maison-verre')).to.match(
      /^offered {3}.* atelier-lune to maison-verre: 2 pieces, May/,
    );
    expect(await done('ship', 'accept', shipment.id, '--as', 'maison-verre')).to.match(/^delivered/);
    expect(await keeper(piece)).to.equal('maison-verre');
    expect(await done('ship', 'return', shipment.id, '--as', 'maison-verre')).to.match(/^delivered/);
    expect(await keeper(piece)).to.equal('atelier-lune');
    expect(await keeper(others[1])).to.equal('atelier-lune');
  });

  it('passes a batch on by its id', async () => {
    const { batch } = await anchored(ledger.api, await register(maker.api, statement('Alone')));
    expect(await done('range', 'pass', batch.id, 'maison-verre', '--as', 'atelier-lune')).to.match(
      /the batch passed on to maison-verre/,
    );
  });
});
