// Cells that a spreadsheet would run: none leaves as it is, whichever separator the spreadsheet looks for, and each
// comes back as it was.
import { expect } from 'chai';
import fc from 'fast-check';
import { fileRows } from '../../src/adapters/rows.ts';
import { defused, undefused } from '../../src/core/formulas.ts';

const SEED = 42;
const evil = fc.string({
  unit: fc.constantFrom(
    '=',
    '+',
    '-',
    '@',
    '\t',
    '\r',
    '\n',
    ';',
    ',',
    ' ',
    '"',
    "'",
    'a',
    '1',
    '＝',
    '＠',
    '\u{1F48D}',
  ),
  maxLength: 14,
});

async function parsed(text: string): Promise<string[][]> {
  const rows: string[][] = [];
  async function* bytes() {
    yield Buffer.from(text);
  }
  for await (const { cells } of fileRows.read('csv', bytes())) rows.push([...cells]);
  return rows;
}

describe('a cell that a spreadsheet would run', () => {
  for (const [cell, harmless] of [
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@sum(1)', "'@sum(1)"],
    ['\tx', "'\tx"],
    ['\rx', "'\rx"],
    [' =1', "' =1"],
    ['＝1', "'＝1"],
    ['a;=1;b', "a;'=1;b"],
    ['a\n=1', "a\n'=1"],
    ["'=1", "''=1"],
    ["l'anneau - 5 mm", "l'anneau - 5 mm"],
  ] as const) {
    it(`${JSON.stringify(cell)} leaves as ${JSON.stringify(harmless)}`, () => {
      expect(defused(cell)).to.equal(harmless);
      expect(undefused(harmless)).to.equal(cell);
    });
  }

  it('comes back as it was, whatever it was', () => {
    fc.assert(
      fc.property(evil, (cell) => undefused(defused(cell)) === cell),
      { seed: SEED, numRuns: 20_000 },
    );
  });

  it('is none any more, whether commas, semicolons or tabs separate cells', () => {
    fc.assert(
      fc.property(fc.array(evil, { minLength: 1, maxLength: 4 }), (cells) => {
        const line = fileRows.csvLine(['1', ...cells]);
        // With commas, quotes hold cells together; with others, a quote in the middle of a cell is a letter.
        const read = [...line.split(/[;\t\r\n]/), ...cells.map(defused)];
        for (const cell of read) expect(cell).to.not.match(/^[ "]*[=+\-@＝＋－＠]/);
        for (const cell of cells.map(defused)) expect(cell).to.not.match(/^[=+\-@\t\r\n]/);
      }),
      { seed: SEED, numRuns: 20_000 },
    );
  });

  it('in a line of a file is read back cell by cell', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(evil, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
        async (rows) => {
          const wide = rows.map((cells) => ['1', ...cells]);
          const read = await parsed(wide.map((cells) => fileRows.csvLine(cells)).join(''));
          expect(read.map((cells) => cells.map(undefused))).to.deep.equal(wide);
        },
      ),
      { seed: SEED, numRuns: 2_000 },
    );
  });
});
