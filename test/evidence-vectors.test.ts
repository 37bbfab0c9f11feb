// Owns reading the vectors of evidence files as a second implementation would: from the JSON alone, every check compared.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { expectedOf, type TextEdit, textOf } from '../scripts/vectors/evidence/case.ts';
import { type Operation, patched } from '../scripts/vectors/patch.ts';
import { VECTORS_FOLDER } from '../scripts/vectors.ts';
import { type ExpectedRegistry, judgeText, type Verdict, type Witness } from '../src/core/verdict.ts';

interface Valid {
  readonly name: string;
  readonly file: object;
  readonly witness: Witness;
  readonly registry: ExpectedRegistry;
  readonly expected: ReturnType<typeof expectedOf>;
}

interface Changed {
  readonly name: string;
  readonly why?: string;
  readonly base: string;
  readonly edits: readonly Operation[];
  readonly text?: TextEdit;
  readonly witness: readonly Operation[] | null;
  readonly registry: ExpectedRegistry | null;
  readonly expected: ReturnType<typeof expectedOf>;
}

const GROUPS = ['text', 'file', 'chain', 'passes', 'lives', 'lives-chain', 'lots', 'certificates', 'made', 'nodes'];

function read<T>(group: string): T[] {
  return JSON.parse(readFileSync(join(VECTORS_FOLDER, 'evidence', `${group}.json`), 'utf8'));
}

const VALID = new Map(read<Valid>('valid').map((one) => [one.name, one]));

function judged({ base, edits, text, witness, registry }: Changed): Verdict {
  const { file, witness: honest } = VALID.get(base) as Valid;
  const said = witness && patched(honest, witness);
  const trust = { ...(registry ? { registry } : {}), ...(said ? { witness: said } : {}) };
  return judgeText(textOf(file, edits, text ?? null), trust);
}

describe('evidence files', () => {
  for (const { name, file, witness, registry, expected } of VALID.values()) {
    it(`that an honest service writes are judged as they should be: ${name}`, () => {
      expect(expectedOf(judgeText(JSON.stringify(file), { registry, witness }))).to.deep.equal(expected);
    });
  }

  for (const group of GROUPS) {
    it(`that are wrong, or whose node is, are judged as they should be: ${group}`, () => {
      for (const one of read<Changed>(group)) {
        expect(expectedOf(judged(one)), one.name).to.deep.equal(one.expected);
      }
    });
  }

  it('that were changed are called genuine only where it is said why that is right', () => {
    const genuine = GROUPS.flatMap((group) => read<Changed>(group)).filter(
      ({ edits, text, expected }) =>
        (edits.length > 0 || text !== undefined) && ['genuine-record', 'warning'].includes(expected.headline),
    );
    const silent = genuine.filter(({ why, expected }) => {
      const told = Object.entries(expected.checks).some(
        ([name, result]) => result !== 'pass' && name !== 'single-record',
      );
      return why === undefined && !told;
    });
    expect(silent.map(({ name }) => name)).to.deep.equal([]);
    expect(genuine.length).to.be.greaterThan(10);
  });

  it('number at least two hundred wrong ones, each named once', () => {
    const names = GROUPS.flatMap((group) => read<Changed>(group)).map(({ name }) => name);
    expect(names.length).to.be.at.least(200);
    expect(new Set(names).size).to.equal(names.length);
  });
});
