// Owns the vectors of evidence files as they are written: valid files with what a node says of them, and cases by what was
// done to one.
import { bases } from './bases.ts';
import { type Case, REGISTRY, vectorOf } from './case.ts';
import { CERTIFICATE_CASES } from './cases-certificates.ts';
import { CHAIN_CASES } from './cases-chain.ts';
import { FILE_CASES } from './cases-file.ts';
import { LIFE_CASES } from './cases-lives.ts';
import { LIFE_CHAIN_CASES } from './cases-lives-chain.ts';
import { LOT_CASES } from './cases-lots.ts';
import { MADE_CASES } from './cases-made.ts';
import { NODE_CASES } from './cases-nodes.ts';
import { PASS_CASES } from './cases-passes.ts';
import { TEXT_CASES } from './cases-text.ts';

function validVectors() {
  return bases().map(({ name, what, file, witness, headline, checks }) => {
    const { expected } = vectorOf({ name, base: name, headline, checks });
    const passed = Object.entries(expected.checks).filter(([check, result]) => result !== 'pass' && !checks[check]);
    if (passed.length > 0) throw new Error(`${name}: ${passed}`);
    return { name, what, file, witness, registry: REGISTRY, expected };
  });
}

/** File name to vectors. */
export function evidenceVectors(): Record<string, readonly object[]> {
  const cases: Readonly<Record<string, readonly Case[]>> = {
    text: TEXT_CASES,
    file: FILE_CASES,
    chain: CHAIN_CASES,
    passes: PASS_CASES,
    lives: LIFE_CASES,
    'lives-chain': LIFE_CHAIN_CASES,
    certificates: CERTIFICATE_CASES,
    lots: LOT_CASES,
    made: MADE_CASES,
    nodes: NODE_CASES,
  };
  const written = Object.entries(cases).map(([name, all]) => [`evidence/${name}.json`, all.map(vectorOf)]);
  return { 'evidence/valid.json': validVectors(), ...Object.fromEntries(written) };
}
