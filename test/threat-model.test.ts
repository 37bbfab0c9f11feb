// Holds docs/threat-model.md to the tests: every row says what stops an attack and names tests that exist, or why there
// is none.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

const MODEL = readFileSync(join(import.meta.dirname, '..', 'docs', 'threat-model.md'), 'utf8');

interface Row {
  readonly id: string;
  readonly cells: readonly string[];
  readonly tests: readonly { readonly file: string; readonly name: string }[];
}

function rowsOf(text: string): Row[] {
  return [...text.matchAll(/^\| ([A-Z]\d+) \| (.*) \|$/gm)].map(([, id = '', rest = '']) => {
    const cells = rest.split(' | ');
    const named = [...(cells.at(-1) ?? '').matchAll(/`([\w./-]+)` “([^”]+)”/g)];
    return { id, cells, tests: named.map(([, file = '', name = '']) => ({ file, name })) };
  });
}

/** Whether a test of this name is declared in this file: a line of mocha's, or a function of a Solidity test. */
function exists({ file, name }: { file: string; name: string }): boolean {
  const path = join(import.meta.dirname, file);
  if (!existsSync(path)) return false;
  const text = readFileSync(path, 'utf8');
  if (file.endsWith('.sol')) return text.includes(`function ${name}(`);
  return [`'${name}'`, `\`${name}\``, `"${name}"`].some((quoted) => text.includes(`it(${quoted}`));
}

const rows = rowsOf(MODEL);

describe('docs/threat-model.md', () => {
  it('looks at everybody who may want to do harm', () => {
    for (const who of [
      'stranger',
      'buyer',
      'maker',
      'keys',
      'registrar',
      'operator',
      'database',
      'node',
      'evidence',
      'supply',
    ]) {
      expect(MODEL).to.match(new RegExp(`^## .*${who}`, 'm'));
    }
    expect(rows.length).to.be.greaterThan(40);
    expect(new Set(rows.map(({ id }) => id)).size).to.equal(rows.length);
  });

  for (const { id, cells, tests } of rows) {
    it(`${id}: says how, what stops it and what remains, and names tests that exist`, () => {
      expect(cells).to.have.length(4);
      for (const cell of cells) expect(cell.trim()).to.not.equal('');
      expect(tests.filter((test) => !exists(test))).to.deep.equal([]);
      if (tests.length === 0) expect(cells[3]).to.match(/^none( yet)?: \S/);
    });
  }

  it('names no test in another form, which nobody would look for', () => {
    const named = rows.reduce((sum, { tests }) => sum + tests.length, 0);
    expect([...MODEL.matchAll(/\.(test\.ts|t\.sol)` ?“/g)].length).to.equal(named);
    expect([...MODEL.matchAll(/“/g)].length).to.equal(named);
  });
});

describe('the check of the threat model', () => {
  const row = (test: string) => rowsOf(`| X1 | how | stops | remains | ${test} |`)[0]?.tests ?? [];
  it('misses a test that is gone, a file that is gone, and a name that only stands in a comment', () => {
    expect(
      row('`layers.test.ts` “keeps its own rules of layers, vendors, names and lengths”').map(exists),
    ).to.deep.equal([true]);
    for (const gone of [
      '`layers.test.ts` “keeps its own rules”',
      '`nowhere.test.ts` “keeps its own rules of layers, vendors, names and lengths”',
      '`contracts/pieces.token.t.sol` “test_theRegistrarMovesNothing”',
      '`threat-model.test.ts` “a name that only stands in a comment”',
    ]) {
      expect(row(gone).map(exists), gone).to.deep.equal([false]);
    }
  });
});
