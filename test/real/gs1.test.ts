// Holds that the run on GS1's cases would notice a wrong answer of every kind, and that the table of AIs is GS1's own
// wherever the dictionary is at hand.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { realFile } from '../../scripts/real/data.ts';
import { type GenerateCase, judgeGenerate, judgeParse, type ParseCase } from '../../scripts/real/gs1.ts';
import { PRIMARY_KEYS } from '../../src/core/gs1-keys.ts';
import { IDENTIFIERS, type Identifier } from '../../src/core/gs1-table.ts';

const GOOD: ParseCase = {
  input: 'https://example.com/shop/01/09506000134352/21/A%2F7',
  valid: true,
  expected_elements_caret: '^010950600013435221A/7',
};
const OTHER: ParseCase = {
  input: 'https://example.com/00/095060001343520000',
  valid: true,
  expected_elements_caret: '^00095060001343520000',
};
const WRITTEN: GenerateCase = {
  input_bracketed_ai: '(21)A/7(01)09506000134352',
  stem: null,
  valid: true,
  expected_uri: 'https://id.gs1.org/01/09506000134352/21/A%2F7',
};

describe('the run on GS1’s cases', () => {
  it('takes each of the three outcomes for what it is', () => {
    expect(judgeParse(GOOD)).to.deep.equal({ outcome: 'supported' });
    expect(judgeParse(OTHER)).to.deep.equal({ outcome: 'not supported' });
    const refused = { ...GOOD, input: GOOD.input.replace('352', '353'), valid: false, expected_elements_caret: null };
    expect(judgeParse(refused)).to.deep.equal({ outcome: 'refused' });
    expect(judgeGenerate(WRITTEN)).to.deep.equal({ outcome: 'supported' });
  });

  it('faults every other pairing of case and answer', () => {
    expect(judgeParse({ ...GOOD, valid: false, expected_elements_caret: null }).fault).to.equal('it is invalid');
    expect(judgeParse({ ...OTHER, valid: false, expected_elements_caret: null }).fault).to.match(/^it is invalid/);
    expect(judgeParse({ ...GOOD, input: 'https://example.com' }).fault).to.match(/^it is valid/);
    expect(judgeParse({ ...GOOD, input: `${GOOD.input}?17=300101` }).fault).to.match(/^it is a product with at most/);
    expect(judgeParse({ ...GOOD, expected_elements_caret: `${GOOD.expected_elements_caret}^99X` }).fault).to.equal(
      'it states more',
    );
    expect(judgeParse({ ...GOOD, expected_elements_caret: '^010950600013435221A' }).fault).to.match(/^read as/);
    expect(judgeParse({ ...OTHER, expected_elements_caret: '^00095060001343520001' }).fault).to.match(/^read as/);
    expect(judgeGenerate({ ...WRITTEN, valid: false, expected_uri: null }).fault).to.equal('it is invalid');
    expect(judgeGenerate({ ...WRITTEN, stem: 'https://example.com' }).fault).to.match(/^written as/);
    expect(judgeGenerate({ ...WRITTEN, expected_uri: `${WRITTEN.expected_uri}?99=X` }).fault).to.equal(
      'it states more',
    );
  });

  it('reads a case under the settings that were in force', () => {
    const old = { ...GOOD, input: 'https://example.com/gtin/9506000134352/ser/A%2F7' };
    const settings = { permitConvenienceAlphas: true, PermitZeroSuppressedGTINinDLuris: true };
    expect(judgeParse({ ...old, settings }).fault).to.equal(undefined);
    expect(judgeParse(old).fault).to.match(/^it is valid/);
  });
});

/** `AI or range, flags, format, attributes`; the comment and the title are left out. */
function dictionary(text: string): Map<string, { flags: string; parts: string[]; attributes: string[] }> {
  const rows = text.split('\n').flatMap((line) => {
    const [, from = '', to = from, flags = '', rest = ''] =
      /^(\d{2,4})(?:-(\d{2,4}))?\s+([*?]*)\s+([^#]*)/.exec(line) ?? [];
    const words = rest.trim().split(/\s+/);
    const isPart = (word: string) => /^\[?[NXYZ]/.test(word);
    const row = { flags, parts: words.filter(isPart), attributes: words.filter((word) => !isPart(word)) };
    const length = from === '' ? 0 : Number(to) - Number(from) + 1;
    return Array.from({ length }, (_, i) => [String(Number(from) + i).padStart(from.length, '0'), row] as const);
  });
  return new Map(rows);
}

function partsTold({ parts }: Identifier): string[] {
  return parts.map(({ set, least, most, optional, checks }) => {
    const lengths = least === most ? String(most) : `..${most}`;
    return `${optional ? '[' : ''}${set}${lengths}${optional ? ']' : ''} ${checks.length}`;
  });
}

describe('the table of AIs', () => {
  it('agrees with every row of GS1’s dictionary: formats, separators, attributes, keys and qualifiers', function () {
    const file = realFile('gs1/gs1-syntax-dictionary.txt');
    // The data isn't part of the project, and its tests pass without it; `npm run real` insists on it in CI.
    if (file === undefined) return this.skip();
    const rows = dictionary(readFileSync(file, 'utf8'));
    expect([...IDENTIFIERS.keys()].sort()).to.deep.equal([...rows.keys()].sort());
    for (const [ai, { flags, parts, attributes }] of rows) {
      const identifier = IDENTIFIERS.get(ai) as Identifier;
      // A prefix among digits says nothing that the digits don't. A package type can't come into a Digital Link.
      const expected = parts.map((part) => {
        const [format = '', ...checks] = part.split(',');
        const judged = checks.filter((check) => check !== 'packagetype');
        const kept = judged.filter((check) => !(/^\[?N/.test(format) && check.startsWith('gcppos')));
        return `${format} ${kept.length}`;
      });
      expect(partsTold(identifier), ai).to.deep.equal(expected);
      expect(identifier.separated, ai).to.equal(!flags.includes('*'));
      expect(identifier.attribute, ai).to.equal(flags.includes('?'));
      const key = attributes.find((word) => word.startsWith('dlpkey'));
      const qualifiers = key?.slice('dlpkey='.length).split('|').filter(Boolean);
      expect(
        PRIMARY_KEYS[ai]?.map((row) => row.join(',')),
        ai,
      ).to.deep.equal(qualifiers);
    }
  });
});
