// Holds contracts/README.md to the code: its invariants to tests that exist, its sizes and gas to what is measured.
// Also: every error the interfaces declare is provoked by some test, and every contract can be deployed.
import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import hre from 'hardhat';
import { measureJobs } from '../../scripts/bench/gas/jobs.ts';
import { gasTable } from './support/gas.ts';

const ROOT = new URL('../../', import.meta.url);
const CONTRACTS = ['Registrar', 'Organisations', 'Pieces', 'Certificates', 'LifeEvents', 'Passkeys', 'Lots', 'Bundles'];
const CODE_SIZE_LIMIT = 24_576;

const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');
const namesIn = (folder: string, ending: string): string[] =>
  readdirSync(new URL(folder, ROOT)).filter((name) => name.endsWith(ending));

const readme = read('contracts/README.md');
const tests = new Map(namesIn('test/contracts/', '.t.sol').map((name) => [name, read(`test/contracts/${name}`)]));
const support = namesIn('test/contracts/support/', '.sol').map((name) => read(`test/contracts/support/${name}`));
const allTests = [...tests.values(), ...support].join('\n');

interface NamedTest {
  readonly file: string;
  readonly name: string;
}

/** The numbered invariants with the tests each one names. */
function invariants(): { number: number; tests: NamedTest[] }[] {
  const section = readme.split('\n## Invariants\n')[1]?.split('\n### ')[0] ?? '';
  return section
    .split(/\n(?=\d+\. )/)
    .slice(1)
    .map((entry) => ({
      number: Number.parseInt(entry, 10),
      tests: [...entry.matchAll(/`([\w.]+\.t\.sol)` `(\w+)`/g)].map(([, file = '', name = '']) => ({ file, name })),
    }));
}

describe('contracts/README.md', () => {
  before(async function () {
    this.timeout(240_000);
    await hre.tasks.getTask('build').run({ quiet: true });
  });

  it('numbers its invariants one by one', () => {
    const numbers = invariants().map(({ number }) => number);
    expect(numbers).to.have.length.greaterThan(5);
    expect(numbers).to.deep.equal(numbers.map((_, position) => position + 1));
  });

  for (const { number, tests: named } of invariants()) {
    it(`names tests that exist for invariant ${number}`, () => {
      expect(named).to.not.have.length(0);
      for (const { file, name } of named) expect(tests.get(file) ?? '', file).to.include(`function ${name}(`);
    });
  }

  it('leaves no invariant of the random lives out', () => {
    const held = [...allTests.matchAll(/function (holds_\w+)\(/g)].map(([, name = '']) => name);
    const named = invariants().flatMap(({ tests: list }) => list.map(({ name }) => name));
    expect(held).to.have.length.greaterThan(5);
    expect(named).to.include.members(held);
    for (const name of held) expect(allTests, name).to.include(`        ${name}();`);
  });

  it('names a test for every case of ERC-721, and every such test', () => {
    const section = readme.split('\n## ERC-721 conformance\n')[1]?.split('\n## ')[0] ?? '';
    const named = [...section.matchAll(/`(test\w*_\w+)`/g)].map(([, name]) => name);
    const cases = [...tests].filter(([file]) => file.startsWith('erc721.'));
    const written = cases.flatMap(([, text]) => [...text.matchAll(/function (test\w+)\(/g)].map(([, name]) => name));
    expect(written).to.have.length.greaterThan(40);
    expect([...named].sort()).to.deep.equal([...written].sort());
  });

  it('states the size of each contract, and each can be deployed', async () => {
    for (const name of CONTRACTS) {
      const { deployedBytecode } = await hre.artifacts.readArtifact(name);
      const size = (deployedBytecode.length - 2) / 2;
      expect(size, name).to.be.within(1, CODE_SIZE_LIMIT);
      expect(readme).to.include(`| ${name} | ${size.toLocaleString('en')} |`);
    }
  });

  it('states the gas that is measured', async function () {
    this.timeout(240_000);
    expect(readme).to.include(gasTable(await measureJobs()));
  });
});

describe('refusals', () => {
  for (const file of namesIn('contracts/interfaces/', '.sol')) {
    const errors = read(`contracts/interfaces/${file}`).matchAll(/^ {4}error (\w+)\(/gm);
    for (const [, error = ''] of errors) {
      const qualified = `${file.replace('.sol', '')}.${error}`;
      it(`${qualified} is provoked by a test`, () => {
        expect(allTests).to.include(`${qualified}.selector`);
      });
    }
  }

  it("those of OpenZeppelin's ERC-721 that Pieces uses are provoked too", () => {
    const parts = namesIn('contracts/parts/', '.sol').map((name) => read(`contracts/parts/${name}`));
    const pieces = [read('contracts/Pieces.sol'), ...parts].join('\n');
    const used = new Set([...pieces.matchAll(/\b(ERC721[A-Z]\w+)\(/g)].map(([, name]) => name));
    expect(used.size).to.be.greaterThan(5);
    for (const error of used) expect(allTests).to.include(`IERC721Errors.${error}.selector`);
  });
});
