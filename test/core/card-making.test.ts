// Cards made for a file, for nothing yet, or for pieces that are there; and the text of small CSV files.
import { expect } from 'chai';
import fc from 'fast-check';
import { cardKey } from '../../src/core/card.ts';
import { readCard } from '../../src/core/card-address.ts';
import { cardsFile, cardsFor, cardsForFile, cardsForNew, MAX_CARDS, type Making } from '../../src/core/card-making.ts';
import { codeOfPath, codePath } from '../../src/core/code.ts';
import { csvRows, exactLine, safeLine } from '../../src/core/csv-text.ts';

const GTIN = '09506000134352';

/** The same bytes in every run, never the same twice in one. */
function making(): Making {
  let drawn = 0;
  return {
    publicUrl: 'https://ledger.example',
    handle: 'atelier-lune',
    random: (count) =>
      Uint8Array.from({ length: count }, (_, i) => (Math.imul(++drawn, 2_654_435_761) >>> (i % 24)) & 255),
  };
}

describe('claim cards made in one go', () => {
  it('for so many new pieces: a code, a secret and a row of the file to import each, and no secret in that file', () => {
    for (const gtin of [undefined, GTIN]) {
      const { cards, importFile } = cardsForNew(12, gtin, making());
      const [header = [], ...rows] = csvRows(importFile);
      expect(rows).to.have.length(12);
      for (const [i, { path, secret, url, key }] of cards.entries()) {
        const code = codeOfPath(path);
        const named =
          gtin === undefined
            ? { handle: 'atelier-lune', code: rows[i]?.[header.indexOf('code')] }
            : { gtin, serial: rows[i]?.[header.indexOf('serial')] };
        expect(code).to.deep.equal(named);
        expect(rows[i]?.[header.indexOf('claim_key')]).to.equal(key);
        expect(readCard(url)).to.deep.equal({ ok: true, secret, code });
        expect(cardKey(secret).address).to.equal(key);
        expect(importFile).to.not.include(secret);
      }
      expect(new Set(cards.map(({ path }) => path)).size).to.equal(12);
      expect(new Set(cards.map(({ secret }) => secret)).size).to.equal(12);
    }
  });

  it('for a file: its rows as they were, with what was missing filled in', () => {
    const { cards, importFile } = cardsForFile(
      `\uFEFFtitle;kind;gtin\r\n"A ""ring""; gold";ring;${GTIN}\r\n`,
      making(),
    );
    const [header, row] = csvRows(importFile);
    expect(header).to.deep.equal(['title', 'kind', 'gtin', 'serial', 'claim_key']);
    expect(row?.slice(0, 3)).to.deep.equal(['A "ring"; gold', 'ring', GTIN]);
    expect(cards.map(({ title }) => title)).to.deep.equal(['A "ring"; gold']);
  });

  it('are refused, naming the row: a card already there, a code twice, another’s code, too many, none', () => {
    const twice = `title,kind,gtin,serial\nA,ring,${GTIN},X1\nB,ring,${GTIN},X1\n`;
    expect(() => cardsForFile(twice, making())).to.throw(/Row 2: has the code of an earlier row/);
    const has = `title,kind,gtin,claim_key\nA,ring,${GTIN},0x${'11'.repeat(20)}\n`;
    expect(() => cardsForFile(has, making())).to.throw(/Row 1: .*has a card already/);
    expect(() => cardsForFile('title,kind\n', making())).to.throw(/1 to 500 cards/);
    expect(() => cardsForNew(0, undefined, making())).to.throw(/1 to 500/);
    expect(() => cardsForNew(MAX_CARDS + 1, undefined, making())).to.throw(/1 to 500/);
    expect(() => cardsForNew(1, '123', making())).to.throw(/gtin/);
  });

  it('for pieces that are there: their keys, and nothing to import; the private file has every address', () => {
    const code = { gtin: GTIN, serial: 'X1' };
    const { cards, importFile } = cardsFor([{ code, title: '=1+1' }], making());
    expect(importFile).to.equal('');
    const [, row = []] = csvRows(cardsFile(cards));
    expect(row.slice(0, 3)).to.deep.equal(['1', "'=1+1", codePath(code)]);
    expect(readCard(row[4] as string)).to.deep.include({ ok: true, code });
  });
});

describe('the text of a small CSV file', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', ';', '\n', '\r', '\t', ' ', '=') });

  it('is read back as it was written, whatever its cells hold', () => {
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 }), (rows) => {
        // The separator is told by the first line.
        const all = [['a', 'b', 'c', 'd'], ...rows];
        expect(csvRows(all.map(exactLine).join(''))).to.deep.equal(all);
      }),
    );
  });

  it('is read with either separator and line end, with and without the last one', () => {
    for (const text of ['a,b\n1,"2,\n3"\n', 'a,b\r\n1,"2,\n3"', '\uFEFFa;b\r\n1;"2,\n3"\r\n']) {
      expect(csvRows(text)).to.deep.equal([
        ['a', 'b'],
        ['1', '2,\n3'],
      ]);
    }
    expect(csvRows('a,b\n\n1,\n')).to.deep.equal([
      ['a', 'b'],
      ['1', ''],
    ]);
    expect(csvRows('')).to.deep.equal([]);
  });

  it('is refused where a quotation mark is left open, or something follows a closed one', () => {
    expect(() => csvRows('a,"b\n')).to.throw(/never closed/);
    expect(() => csvRows('a,"b"c\n')).to.throw(/follows a closed/);
  });

  it('runs in no spreadsheet when it leaves for one', () => {
    expect(safeLine(['=1+1', '@x', 'plain'])).to.equal("'=1+1,'@x,plain\n");
  });
});
