// Claim cards as a workshop makes them: from the command line, without any service. What comes out fits together and can
// be imported; secrets stand in files of their owner and nowhere else; nothing is written over, nothing made in half.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type MakeOptions, makeCards } from '../src/card-commands.ts';
import { cardKey, readCardSecret } from '../src/core/card.ts';
import { readCard } from '../src/core/card-address.ts';
import { codePath } from '../src/core/code.ts';
import { compileColumns, statementOfRow } from '../src/core/columns.ts';
import { holdsSecret } from '../src/core/secret-spotter.ts';
import { type Card, cardRuns, cardsOf, LEDGER_URL, refused, succeeded, table } from './support/cards.ts';
import { type Json, statement, temporaryFolder, testConfig } from './support/ledger.ts';
import { readSvg } from './support/qr-reader.ts';

const GTIN = '09506000134352';

describe('making claim cards on the command line', function () {
  this.timeout(240_000);
  const folder = temporaryFolder();
  after(() => rmSync(folder, { recursive: true, force: true }));

  const { newFolder, run, make } = cardRuns(folder);
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const mode = (path: string) => statSync(path).mode & 0o777;

  /** Called in this process: the message that the command line tells in one line, and what is left. */
  async function refusedHere(
    line: RegExp,
    to: string,
    source: string | undefined,
    options: { [Name in keyof MakeOptions]?: MakeOptions[Name] | undefined },
    left: readonly string[] = [],
  ): Promise<void> {
    const wish = { publicUrl: LEDGER_URL, ...options, to } as MakeOptions;
    const message = await makeCards(testConfig(folder), source, wish).then(
      () => 'cards were made',
      (error: Error) => error.message,
    );
    expect(message).to.match(line);
    expect(existsSync(to) ? readdirSync(to) : []).to.deep.equal(left);
  }
  /** A card's address leads to its row's piece, its secret is the one printed, and makes the key to be imported. */
  function opens(card: Card, path: string, claimKey: string): void {
    const read = readCard(card.url);
    const printed = readCardSecret(card.secret);
    if (!read.ok || !printed.ok || !read.code) throw new Error('not a card');
    expect(card.url).to.equal(`${LEDGER_URL}/claim${path}#${read.secret}`);
    expect([read.secret, codePath(read.code), card.path]).to.deep.equal([printed.secret, path, path]);
    expect(cardKey(read.secret).address).to.equal(claimKey);
  }

  describe('make, for a file', () => {
    const rows = 'Ring one,ring,gold,3.2\n"=Two, with comma",ring,gold,\n"Three; ""quoted""",ring,gold,4\n';

    it('of pieces without codes: draws them, and copies the file with codes and keys, every other cell as it was', async () => {
      const to = newFolder();
      const source = file('plain.csv', `\uFEFFtitle,kind,metal_1,mass_g\n${rows}`);
      succeeded(await make(to, source, '--handle', 'atelier-lune'));
      const copy = table(join(to, 'import.csv'));
      const cards = cardsOf(to);
      expect(cards.map(({ row }) => row)).to.deep.equal(['1', '2', '3']);
      for (const [i, { code, claim_key, ...rest }] of copy.entries()) {
        expect(rest).to.deep.equal(
          table(source).map((row) => ({
            title: row['title'] ?? row['\uFEFFtitle'],
            kind: row['kind'],
            metal_1: row['metal_1'],
            mass_g: row['mass_g'],
          }))[i],
        );
        opens(cards[i] as Card, `/p/atelier-lune/${code}`, claim_key as string);
        const read = statementOfRow({ ...rest, code: code as string, claim_key: claim_key as string } as Record<
          string,
          string
        >);
        expect(read.faults).to.deep.equal([]);
        expect(read.claimKey).to.equal(claim_key);
      }
      expect(new Set(copy.map((row) => row['claim_key'])).size).to.equal(3);
      expect(holdsSecret(readFileSync(join(to, 'import.csv'), 'utf8'))).to.equal(false);
    });

    it('of pieces with GTINs: keeps serials that are there and draws the others; a GTIN for all may come from the mapping', async () => {
      const [to, constant] = [newFolder(), newFolder()];
      const source = file(
        'gtins.csv',
        'title,kind,metal_1,GTIN,Nr\nA,ring,gold,9506000134352,S/1\nB,ring,gold,9506000134352,\n',
      );
      const mapping = file('mapping.json', JSON.stringify({ columns: { Nr: 'serial' } }));
      succeeded(await make(to, source, '--mapping', mapping));
      const copy = table(join(to, 'import.csv'));
      expect(Object.keys(copy[0] as object)).to.deep.equal(['title', 'kind', 'metal_1', 'GTIN', 'Nr', 'claim_key']);
      expect(copy[0]).to.include({ GTIN: '9506000134352', Nr: 'S/1' });
      expect(copy[1]?.['Nr']).to.match(/^[0-9A-HJKMNP-TV-Z]{12}$/);
      opens(cardsOf(to)[0] as Card, `/01/${GTIN}/21/S%2F1`, copy[0]?.['claim_key'] as string);
      opens(cardsOf(to)[1] as Card, `/01/${GTIN}/21/${copy[1]?.['Nr']}`, copy[1]?.['claim_key'] as string);
      const one = JSON.stringify({ constants: { gtin: GTIN, kind: 'ring', metal_1: 'gold' } });
      succeeded(
        await make(constant, file('one.csv', 'title\nA\n'), '--mapping', file('one.json', one), '--handle', 'abc'),
      );
      const [header = '', row = ''] = readFileSync(join(constant, 'import.csv'), 'utf8').split('\n');
      expect(header).to.equal('title,serial,claim_key');
      const compiled = compileColumns(header.split(','), JSON.parse(one));
      if (!compiled.ok) throw new Error(JSON.stringify(compiled.faults));
      expect(compiled.statementOf(row.split(',')).code).to.deep.equal({ gtin: GTIN, serial: row.split(',')[1] });
    });

    it('of records as JSON lines: each comes back under record, with its key', async () => {
      const to = newFolder();
      const own = { ...statement('Own'), code: { handle: 'abc', code: '0123456789ABCDEF8' } };
      const gtin = { ...statement('GTIN'), code: { gtin: GTIN } };
      const lines = [statement('None'), own, { record: gtin }].map((line) => JSON.stringify(line)).join('\n');
      succeeded(await make(to, file('records.ndjson', lines), '--handle', 'abc'));
      const copies: Json[] = readFileSync(join(to, 'import.ndjson'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      const plain = copies.map(({ record: { code: _, ...rest } }) => rest);
      expect(plain).to.deep.equal([statement('None'), statement('Own'), statement('GTIN')]);
      expect(copies[1].record.code).to.deep.equal(own.code);
      for (const [i, { claimKey, record }] of copies.entries()) {
        opens(cardsOf(to)[i] as Card, codePath(record.code), claimKey);
      }
      succeeded(await run('cards', 'check', join(to, 'cards.csv'), '--keys', join(to, 'import.ndjson')));
    });
  });

  it('make, without a file: so many codes and keys to be filled in', async () => {
    const [to, own] = [newFolder(), newFolder()];
    const told = succeeded(await make(to, '--count', '25', '--gtin', GTIN));
    expect(told.stdout).to.match(/^25 cards made\n/);
    const copy = table(join(to, 'import.csv'));
    expect(copy).to.have.length(25);
    for (const [i, row] of copy.entries()) {
      opens(cardsOf(to)[i] as Card, `/01/${GTIN}/21/${row['serial']}`, row['claim_key'] as string);
    }
    succeeded(await make(own, '--count', '2', '--handle', 'abc'));
    expect(cardsOf(own).every(({ path }) => /^\/p\/abc\/\w{17}$/.test(path))).to.equal(true);
  });

  it('keeps secrets to their owner: folder 0700, files 0600, though the umask would allow more', async () => {
    const to = newFolder();
    const before = process.umask(0);
    const ended = await make(to, '--count', '1', '--handle', 'abc', '--qr', 'svg').finally(() => process.umask(before));
    succeeded(ended);
    expect([to, join(to, 'qr')].map(mode)).to.deep.equal([0o700, 0o700]);
    expect([join(to, 'cards.csv'), join(to, 'qr', '000001.svg')].map(mode)).to.deep.equal([0o600, 0o600]);
    expect(readdirSync(to).sort()).to.deep.equal(['cards.csv', 'import.csv', 'qr']);
  });

  it('draws QR codes that scan to the cards’ addresses', async () => {
    const to = newFolder();
    succeeded(await make(to, '--count', '3', '--handle', 'atelier-lune', '--qr', 'svg'));
    for (const { row, url } of cardsOf(to)) {
      const svg = readFileSync(join(to, 'qr', `${row.padStart(6, '0')}.svg`), 'utf8');
      expect(await readSvg(svg)).to.equal(url);
      expect(svg).to.contain('width="30mm"');
      // Four modules of quiet zone: strokes begin behind it.
      const [, strokes = ''] = /stroke="#000000" d="([^"]+)"/.exec(svg) ?? [];
      const starts = [...strokes.matchAll(/M(\d+) (\d+(?:\.5)?)/g)].map((match) => [
        Number(match[1]),
        Number(match[2]),
      ]);
      expect(Math.min(...starts.map(([x]) => x as number))).to.equal(4);
      expect(Math.min(...starts.map(([, y]) => y as number))).to.equal(4.5);
    }
  });

  describe('make refuses', () => {
    const plain = 'title,kind,metal_1\nA,ring,gold\n';

    it('to write over anything, finished or not, in one line', async () => {
      for (const name of ['import.csv', 'qr', 'cards.csv.part']) {
        const to = newFolder();
        mkdirSync(to);
        writeFileSync(join(to, name), 'kept');
        const line = new RegExp(`${name} is there already, and nothing is written over`);
        await refusedHere(line, to, file('plain.csv', plain), { handle: 'abc', qr: 'svg' }, [name]);
        expect(readFileSync(join(to, name), 'utf8')).to.equal('kept');
      }
      const to = newFolder();
      succeeded(await make(to, '--count', '1', '--handle', 'abc'));
      const before = readFileSync(join(to, 'cards.csv'), 'utf8');
      refused(await make(to, '--count', '1', '--handle', 'abc'), /cards\.csv is there already/);
      expect(readFileSync(join(to, 'cards.csv'), 'utf8')).to.equal(before);
      expect(readdirSync(to).sort()).to.deep.equal(['cards.csv', 'import.csv']);
    });

    const handle = { handle: 'abc' };
    const wrong: [string, string, Partial<MakeOptions>, RegExp][] = [
      ['a row without code if it knows no handle', plain, {}, /^Row 1: gtin is missing.*--handle/],
      ['a handle that is none', plain, { handle: 'A_B' }, /must be your own handle/],
      ['the same code twice', `title,gtin,serial\nA,${GTIN},1\nB,${GTIN},2\nC,${GTIN},1\n`, {}, /^Row 3: has the code/],
      ['a row that has a card', `gtin,claim_key\n${GTIN},0x${'1'.repeat(40)}\n`, {}, /^Row 1: claim_key is filled/],
      ['a wrong GTIN', 'title,gtin\nA,09506000134353\n', {}, /^Row 1: gtin has check digit 3 where 2 belongs/],
      ['a mistyped code', 'title,code\nA,0123456789ABCDEF7\n', handle, /^Row 1: code has a wrong check character/],
      ['two codes', `title,gtin,code\nA,${GTIN},0123456789ABCDEF8\n`, handle, /both filled/],
      ['half a code', 'title,gtin,serial\nA,,7\n', handle, /^Row 1: gtin is blank, but serial needs it/],
      ['two columns for one', 'title,code,CODE\nA,,\n', handle, /^code is filled by two columns/],
      ['cells that don’t fit the header', 'title,kind\nA\n', handle, /has 1 cells where the header has 2/],
      ['a file without rows', 'title,kind\n', handle, /There is no row/],
    ];
    for (const [name, text, options, line] of wrong) {
      it(name, () => refusedHere(line, newFolder(), file('wrong.csv', text), options));
    }

    it('lines that are no records, or have a card', async () => {
      const lines: [string, RegExp][] = [
        ['{', /^Row 1: is no JSON/],
        ['[]', /^Row 1: must be a JSON object/],
        ['{"record":7}', /must be a JSON object/],
        [`{"record":{},"claimKey":"0x${'1'.repeat(40)}"}`, /claimKey is filled/],
        ['{"code":{"gtin":7}}', /code\.gtin must be text in quotes/],
        ['{"code":{"number":"7"}}', /code\.number is no part of a code/],
        ['{"code":{"handle":"xyz","code":"0123456789ABCDEF8"}}', /code\.handle must be your own handle, abc/],
      ];
      for (const [text, line] of lines) await refusedHere(line, newFolder(), file('wrong.ndjson', text), handle);
    });

    it('to guess where the ledger is, how many cards, or whose', async () => {
      const to = newFolder();
      await refusedHere(/--public-url/, to, undefined, { ...handle, count: '1', publicUrl: undefined });
      for (const publicUrl of ['ledger', 'ftp://a', 'https://', 'https://a?b', 'https://a#b', 'https://me@a'])
        await refusedHere(/no address that cards can lead to/, to, undefined, { ...handle, count: '1', publicUrl });
      for (const count of [undefined, '0', '1.5', '-1', 'x', '1000001'])
        await refusedHere(/--count with 1 to 1000000/, to, undefined, { ...handle, count });
      await refusedHere(/--handle with your handle, or --gtin/, to, undefined, { count: '1' });
      await refusedHere(/--gtin must be 14 digits/, to, undefined, { count: '1', gtin: '1' });
      await refusedHere(/ENOENT.*nowhere\.csv/, to, join(folder, 'nowhere.csv'), handle);
    });
  });
});
