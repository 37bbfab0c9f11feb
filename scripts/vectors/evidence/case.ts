// Owns what a vector of an evidence file is: a base, what was done to it, what a node says of the result, and what must be
// said of it. Expectations are written by hand; every other check's result is added by the judge, and CI compares both.
import type { BatchHeader } from '../../../src/core/batch.ts';
import { type Evidence, readEvidence } from '../../../src/core/evidence.ts';
import { judgeText, type Verdict, type VerdictHeadline, type Witness } from '../../../src/core/verdict.ts';
import { honestWitness, type MadeChain } from '../../../test/support/made-chain.ts';
import { type Operation, patched, patchOf } from '../patch.ts';
import { type Base, bases, readBack } from './bases.ts';
import { WORLD } from './world.ts';

/** How the text of a file comes about where it is no plain JSON of a changed base. */
export type TextEdit =
  | { readonly text: string }
  | { readonly replace: readonly [string, string] }
  | { readonly cut: number }
  | { readonly repeat: readonly [before: string, unit: string, times: number, after: string] };

export interface Case {
  readonly name: string;
  /** Why it is as it is, where that is not plain. */
  readonly why?: string;
  readonly base: string;
  readonly edit?: (file: Evidence) => void;
  readonly text?: TextEdit;
  /** The chain that the honest node has; the world's unless said otherwise. */
  readonly chain?: MadeChain;
  /** What the node says otherwise than an honest one; null for no node. */
  readonly lie?: ((said: Witness) => Witness) | null;
  /** Which registry whoever asks trusts; null for none named. */
  readonly registry?: { readonly chainId: number; readonly address: string } | null;
  readonly headline: VerdictHeadline;
  readonly checks?: Readonly<Record<string, string>>;
  /** Of the certificate at this place in the file. */
  readonly certificate?: readonly [number, Readonly<Record<string, string>>];
}

export const REGISTRY = { chainId: WORLD.chainId, address: WORLD.pieces };
const BASES = new Map(bases().map((base) => [base.name, base]));

/** The text of a vector's file, from its base and edits: what a second implementation does first. */
export function textOf(base: unknown, edits: readonly Operation[], edit: TextEdit | null): string {
  const text = JSON.stringify(patched(base, edits));
  if (edit === null) return text;
  if ('text' in edit) return edit.text;
  if ('cut' in edit) return text.slice(0, edit.cut);
  if ('repeat' in edit) return edit.repeat[0] + edit.repeat[1].repeat(edit.repeat[2]) + edit.repeat[3];
  if (!text.includes(edit.replace[0])) throw new Error(`nothing to replace: ${edit.replace[0]}`);
  return text.replace(edit.replace[0], () => edit.replace[1]);
}

export function vectorOf(one: Case) {
  const base = BASES.get(one.base);
  if (!base) throw new Error(`no base ${one.base}`);
  const edited = structuredClone(base.file);
  one.edit?.(edited);
  const edits = patchOf(base.file, edited);
  const text = textOf(base.file, edits, one.text ?? null);
  const witness = witnessOf(one, base, text);
  const registry = one.registry === undefined ? REGISTRY : one.registry;
  const verdict = judgeText(text, { ...(registry ? { registry } : {}), ...(witness ? { witness } : {}) });
  expectation(one, verdict);
  return {
    name: one.name,
    ...(one.why === undefined ? {} : { why: one.why }),
    base: one.base,
    edits,
    ...(one.text === undefined ? {} : { text: one.text }),
    witness: witness && patchOf(base.witness, witness),
    registry,
    expected: expectedOf(verdict),
  };
}

export function expectedOf({ headline, checks, certificates }: Verdict) {
  const results = (list: readonly { readonly name: string; readonly result: string }[]) =>
    Object.fromEntries(list.map(({ name, result }) => [name, result]));
  return { headline, checks: results(checks), certificates: certificates.map((one) => results(one.checks)) };
}

function witnessOf(one: Case, base: Base, text: string): Witness | null {
  if (one.lie === null) return null;
  const parsed = readEvidence(text);
  // A file that can't be read is nothing to ask a node about.
  if (!parsed.ok) return base.witness;
  const honest = honestWitness(one.chain ?? WORLD, parsed.evidence);
  const isPublished = (parsed.evidence.batch.header as BatchHeader).mode === 1;
  const said: Witness = isPublished && honest.batch ? { ...honest, ...readBack(parsed.evidence) } : honest;
  return one.lie ? one.lie(said) : said;
}

/** @throws if the judge says otherwise than was written by hand */
function expectation({ name, headline, checks = {}, certificate }: Case, verdict: Verdict): void {
  const found = expectedOf(verdict);
  const said = JSON.stringify(verdict.checks.filter((check) => check.result !== 'pass'));
  if (found.headline !== headline) throw new Error(`${name}: ${found.headline}, not ${headline}: ${said}`);
  const [at = 0, own = {}] = certificate ?? [];
  for (const [expected, results] of [
    [checks, found.checks],
    [own, found.certificates[at] ?? {}],
  ] as const) {
    for (const [check, result] of Object.entries(expected)) {
      if (results[check] !== result) throw new Error(`${name}: ${check} is ${results[check]}, not ${result}: ${said}`);
    }
  }
}
