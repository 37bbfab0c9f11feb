// Parts of what browsers run that need no browser: where a scanned code leads, tables read and written, a piece at a glance.
import { expect } from 'chai';
import fc from 'fast-check';
import { glanceOf } from '../../src/core/glance.ts';
import { readTable, writeTable } from '../../src/web/browser/csv.ts';
import { leadOf } from '../../src/web/browser/leads.ts';
import { passportOf } from '../support/passports.ts';

const HERE = ['https://ledger.example', 'http://localhost:8080'];

describe('where a scanned code leads', () => {
  const cases: readonly (readonly [string, ReturnType<typeof leadOf>])[] = [
    ['https://ledger.example/01/09506000134352/21/AB', { kind: 'here', to: '/01/09506000134352/21/AB' }],
    ['HTTP://localhost:8080/01/09506000134352/21/AB', { kind: 'here', to: '/01/09506000134352/21/AB' }],
    ['(01)09506000134352(21)AB', { kind: 'here', to: '/01/09506000134352/21/AB' }],
    [' 09506000134352 AB ', { kind: 'here', to: '/01/09506000134352/21/AB' }],
    [
      'https://ledger.example/claim/01/09506000134352/21/AB#S',
      { kind: 'here', to: '/claim/01/09506000134352/21/AB#S' },
    ],
    ['https://ledger.example/01/09506000134352/21/AB#S', { kind: 'here', to: '/01/09506000134352/21/AB' }],
    [
      'https://ledger.example.evil.example/01/09506000134352/21/AB',
      {
        kind: 'elsewhere',
        to: 'https://ledger.example.evil.example/01/09506000134352/21/AB',
        host: 'ledger.example.evil.example',
        card: false,
        path: '/01/09506000134352/21/AB',
      },
    ],
    [
      'https://ledger.example@evil.example/claim/x#S',
      { kind: 'elsewhere', to: 'https://ledger.example@evil.example/claim/x#S', host: 'evil.example', card: true },
    ],
    ['09506000134352', { kind: 'product' }],
    ['javascript:alert(1)//01/09506000134352/21/AB', { kind: 'none' }],
    ['data:text/html,<script>', { kind: 'none' }],
    ['', { kind: 'none' }],
  ];
  for (const [text, lead] of cases) {
    it(`${JSON.stringify(text)}: ${lead.kind}`, () => expect(leadOf(text, HERE)).to.deep.equal(lead));
  }

  it('never anywhere but to a path of this ledger, an address of the web, or nowhere', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((rest) => `https://ledger.example/${rest}`),
          fc.string().map((rest) => `https://${rest}`),
        ),
        (text) => {
          const lead = leadOf(text, HERE);
          if (lead.kind === 'here') expect(lead.to).to.match(/^\/(?:01|p|claim)\//);
          if (lead.kind === 'elsewhere') expect(lead.to).to.match(/^https?:\/\//);
        },
      ),
      { seed: 5 },
    );
  });
});

describe('a table in the browser', () => {
  it('is read with commas, semicolons or tabs, quotes, and line ends of any kind', () => {
    expect(readTable('a,b\r\n"1,""2""",3\n')).to.deep.equal([
      ['a', 'b'],
      ['1,"2"', '3'],
    ]);
    expect(readTable('\uFEFFa;b\n1,5;2\n\n')).to.deep.equal([
      ['a', 'b'],
      ['1,5', '2'],
    ]);
    expect(readTable('a\tb')).to.deep.equal([['a', 'b']]);
    expect(readTable('"two\nlines",x')).to.deep.equal([['two\nlines', 'x']]);
    expect(readTable('')).to.deep.equal([]);
  });

  it('comes back as it was written, but for an apostrophe before what a spreadsheet would run', () => {
    const cell = fc
      .string({ minLength: 1 })
      .filter((text) => text.trim() === text && !/[=+\-@＝＋－＠'\r\n\t]/.test(text));
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
        const told = [['a', 'b'], ...rows];
        expect(readTable(writeTable(told))).to.deep.equal(told);
      }),
      { seed: 5 },
    );
    expect(writeTable([['=1+1', '@x', '-2', 'plain']])).to.equal("'=1+1,'@x,'-2,plain\r\n");
  });
});

describe('a piece at a glance', () => {
  it('is what its passport says: how it stands, who has it, what warns and what to look at', () => {
    const passport = passportOf({});
    const glance = glanceOf(passport);
    expect(glance).to.include({ path: passport.path, headline: passport.headline, title: passport.record.title });
    expect(glance.keeper.number).to.equal(passport.keeper.number);
    expect(glance.looks.massMg).to.equal(passport.record.massMg === 'unknown' ? null : passport.record.massMg);
    expect(glance.warnings).to.deep.equal(
      passport.checks.filter(({ result }) => result === 'warn' || result === 'fail').map(({ name }) => name),
    );
  });
});
