import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { importsOf, type Sources, violations } from './support/layers.ts';

const ROOT = join(import.meta.dirname, '..');

function projectSources(): Sources {
  const sources = new Map<string, string>();
  for (const folder of ['src', 'contracts', 'scripts', 'test']) {
    if (!existsSync(join(ROOT, folder))) continue;
    for (const entry of readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.(ts|cjs|sol)$/.test(entry.name)) continue;
      const file = join(entry.parentPath, entry.name);
      sources.set(file.slice(ROOT.length + 1).replaceAll('\\', '/'), readFileSync(file, 'utf8'));
    }
  }
  return sources;
}

const one = (file: string, text: string) => violations(new Map([[file, text]]));

describe('the project', () => {
  it('keeps its own rules of layers, vendors, names and lengths', () => {
    expect(violations(projectSources())).to.deep.equal([]);
  });

  it('is there to be looked at', () => {
    expect([...projectSources().keys()]).to.include.members(['src/core/record.ts', 'contracts/Pieces.sol']);
  });
});

describe('the checker of the project’s rules', () => {
  const wrong: Record<string, readonly [file: string, text: string, what: RegExp]> = {
    'the core importing a port': [
      'src/core/a.ts',
      "import { x } from '../ports.ts';",
      /is core and imports src\/ports.ts/,
    ],
    'the core importing a type of the ledger': ['src/core/a.ts', "import type { X } from '../ledger/x.ts';", /is core/],
    'the core importing node:': ['src/core/a.ts', "import { readFileSync } from 'node:fs';", /runs in browsers/],
    'the core importing later': ['src/core/a.ts', "const x = await import('node:fs');", /runs in browsers/],
    'the core importing a vendor': ['src/core/a.ts', "import { id } from 'ethers';", /imports ethers/],
    'the core reading the clock': ['src/core/a.ts', 'const now = Date.now();', /reads the clock/],
    'the core making a date of now': ['src/core/a.ts', 'const now = new Date();', /reads the clock/],
    'the core drawing randomness': ['src/core/a.ts', 'const x = Math.random();', /draws randomness/],
    'the core reading the environment': ['src/core/a.ts', 'const x = process.env.X;', /reads its surroundings/],
    'a port importing the ledger': ['src/ports.ts', "import type { X } from './ledger/x.ts';", /is ports/],
    'the ledger importing an adapter': ['src/ledger/a.ts', "import { x } from '../adapters/chain.ts';", /is ledger/],
    'the ledger importing a driver': ['src/ledger/a.ts', "import pg from 'pg';", /imports pg/],
    'an adapter importing the ledger': ['src/adapters/a.ts', "export { x } from '../ledger/x.ts';", /is adapters/],
    'an adapter with another’s vendor': ['src/adapters/chain.ts', "import { Pool } from 'pg';", /imports pg/],
    'a page importing the ledger': ['src/web/a.ts', "import { x } from '../ledger/x.ts';", /is web/],
    'HTTP importing an adapter': ['src/http/a.ts', "import { x } from '../adapters/chain.ts';", /is http/],
    'anybody importing the service': ['src/http/a.ts', "import { x } from '../service.ts';", /is http/],
    'anybody importing a test': ['src/ledger/a.ts', "import { x } from '../../test/support/x.ts';", /from outside src/],
    'a package nobody is named for': ['src/http/a.ts', "import _ from 'lodash';", /no file is named for/],
    'the compiler outside the embedded node': ['src/adapters/a.ts', "import hre from 'hardhat';", /imports hardhat/],
    'a file in no layer': ['src/things/a.ts', 'export const x = 1;', /belongs to no layer/],
    'a file of 401 lines': ['src/web/a.ts', 'x;\n'.repeat(401), /401 lines/],
    'a function of 71 lines': ['src/web/a.ts', `function a() {\n${'  x;\n'.repeat(69)}}\n`, /line 1: a function of 71/],
    'a long arrow function': ['src/web/a.ts', `const a = () => {\n${'  x;\n'.repeat(70)}};\n`, /a function of 72/],
    'a long method': ['src/web/a.ts', `class A {\n  async b(c: D): E {\n${'    x;\n'.repeat(70)}  }\n}\n`, /line 2/],
    'a long function of many parameters': [
      'src/web/a.ts',
      `function a(\n  b,\n) {\n${'  x;\n'.repeat(70)}}\n`,
      /line 3/,
    ],
    'a long function of a contract': [
      'contracts/A.sol',
      `contract A {\n    function a() external {\n${'        x;\n'.repeat(70)}    }\n}\n`,
      /line 2/,
    ],
    'a file of helpers': ['src/web/helpers.ts', 'x;', /a name that says nothing/],
    'string utils': ['src/web/string-utils.ts', 'x;', /a name that says nothing/],
    'a manager': ['contracts/BatchManager.sol', 'x;', /a name that says nothing/],
    'an index': ['src/web/index.ts', 'x;', /a name that says nothing/],
    'a barrel under another name': [
      'src/web/all.ts',
      "export * from './a.ts';\nexport { b } from './b.ts';\n",
      /passes on/,
    ],
    'unfinished work': ['src/web/a.ts', `// ${'TO' + 'DO'}: later`, /unfinished work/],
  };
  for (const [name, [file, text, what]] of Object.entries(wrong)) {
    it(`sees ${name}`, () => {
      const found = one(file, text);
      expect(
        found.some((violation) => what.test(violation)),
        found.join('\n'),
      ).to.equal(true);
    });
  }

  it('sees a vendor in more files than it may be in', () => {
    const text = "import helmet from 'helmet';";
    const two = new Map([
      ['src/http/a.ts', text],
      ['src/http/b.ts', text],
    ]);
    expect(violations(two)).to.deep.equal(['src/http/a.ts, src/http/b.ts: import helmet, 1 file at most']);
  });

  it('sees that the median file has grown too long', () => {
    const sources = ['a', 'b', 'c'].map((name, i) => [`src/web/${name}.ts`, 'x;\n'.repeat(i === 0 ? 1 : 121)] as const);
    expect(violations(new Map(sources))).to.deep.equal(['src: the median file has 121 lines, 120 at most']);
  });

  it('lets pass what is in order', () => {
    const fine: Record<string, string> = {
      'src/core/a.ts':
        "// Date.now() is not read here.\nimport { z } from 'zod';\nconst d = new Date(0);\nconst processed = 1;",
      'src/ports.ts': "import type { X } from './core/a.ts';",
      'src/ledger/a.ts': "import { x } from '../ports.ts';\nimport { y } from '../core/a.ts';\nimport 'node:crypto';",
      'src/adapters/postgres.ts': "import pg from 'pg';\nimport { x } from '../core/a.ts';",
      'src/adapters/embedded-node/evm.ts': "await import('hardhat/hre');\nimport { y } from '../chain.ts';",
      'src/http/a.ts': "import express from 'express';\nimport { p } from '../web/page.ts';",
      'src/service.ts': "import { x } from './adapters/chain.ts';\nimport { y } from './http/a.ts';",
      'test/a.test.ts': `describe('x', () => {\n${'  x;\n'.repeat(100)}});\n`,
    };
    expect(violations(new Map(Object.entries(fine)))).to.deep.equal([]);
  });

  it('finds imports however they are written', () => {
    const text = `import 'a';\nimport b from "b";\nimport {\n  c,\n} from 'c';\nexport * from 'd';\nawait import('e');\nrequire('f');\n// import 'g';`;
    expect(importsOf(text)).to.deep.equal(['a', 'b', 'c', 'd', 'e', 'f']);
  });
});
