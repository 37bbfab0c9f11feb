// Owns the run on cases of GS1 Digital Links from GS1's own engine: every valid one is read as the case says or said to be
// not supported, every invalid one is refused. What can be supported is told from the case's answer, not from ours.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DigitalLink, type LinkOptions, readDigitalLink } from '../../src/core/digital-link.ts';
import { type ElementsLink, linkOfElements, writeDigitalLink } from '../../src/core/digital-link-write.ts';
import { readElements } from '../../src/core/gs1-elements.ts';
import type { Tally } from './tally.ts';

export const GS1_FILES = ['dl-parse.json', 'dl-generate.json'] as const;

type Settings = Readonly<Record<string, unknown>>;

export interface ParseCase {
  readonly input: string;
  readonly valid: boolean;
  readonly expected_elements_caret: string | null;
  readonly settings?: Settings;
}

export interface GenerateCase {
  readonly input_bracketed_ai: string;
  /** What stands before the path; null for GS1's own. */
  readonly stem: string | null;
  readonly valid: boolean;
  readonly expected_uri: string | null;
  readonly settings?: Settings;
}

interface Verdict {
  readonly outcome: 'supported' | 'not supported' | 'refused';
  /** What is wrong with the outcome, if anything. */
  readonly fault?: string;
}

const UNASSIGNED = 'PermitUnknownAIs';
const UNASSIGNED_REFUSED = 'ValidationEnabled:gs1_encoder_vUNKNOWN_AI_NOT_DL_ATTR';
const SETTINGS = new Set([
  'permitConvenienceAlphas',
  'PermitZeroSuppressedGTINinDLuris',
  UNASSIGNED,
  UNASSIGNED_REFUSED,
]);
/** A product with at most variant, lot and serial, in an element string and in a URI. */
const SUPPORTED_ELEMENTS = /^\^01\d{14}(?:22[^^]+)?(?:\^?10[^^]+)?(?:\^?21[^^]+)?$/;
const SUPPORTED_URI = /\/01\/\d{14}(?:\/22\/[^/?]+)?(?:\/10\/[^/?]+)?(?:\/21\/[^/?]+)?$/;

export async function runGs1(folder: string, tally: Tally): Promise<void> {
  const [parse, generate] = GS1_FILES.map((name) => casesOf(join(folder, name)));
  count('URIs read', parse as ParseCase[], judgeParse, (one) => one.input, tally);
  count('URIs written', generate as GenerateCase[], judgeGenerate, (one) => one.input_bracketed_ai, tally);
}

function casesOf(file: string): unknown[] {
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: unknown[] };
  if (!Array.isArray(cases) || cases.length === 0) throw new Error(`${file} holds no cases`);
  return cases;
}

function count<Case extends { readonly settings?: Settings }>(
  title: string,
  cases: readonly Case[],
  judge: (one: Case) => Verdict,
  name: (one: Case) => string,
  tally: Tally,
): void {
  const counts = { supported: 0, 'not supported': 0, refused: 0 };
  for (const one of cases) {
    const { outcome, fault } = judge(one);
    counts[outcome]++;
    tally.check(fault === undefined, `${name(one)}: ${outcome}, but ${fault}`);
  }
  const told = Object.entries(counts).map(([outcome, number]) => `${number} ${outcome}`);
  console.log(`${title}: ${cases.length} cases, ${told.join(', ')}.`);
  const unknown = new Set(
    cases.flatMap(({ settings }) => Object.keys(settings ?? {})).filter((key) => !SETTINGS.has(key)),
  );
  if (unknown.size > 0) console.log(`  Settings that mean nothing here: ${[...unknown].join(', ')}.`);
}

function optionsOf(settings: Settings = {}): LinkOptions {
  return {
    oldWords: settings['permitConvenienceAlphas'] === true,
    shortGtins: settings['PermitZeroSuppressedGTINinDLuris'] === true,
    // The engine takes unknown AIs with the one switch, and lets them into Digital Links only without the other.
    unassigned: settings[UNASSIGNED] === true && settings[UNASSIGNED_REFUSED] === false,
  };
}

export function judgeParse({ input, valid, expected_elements_caret: expected, settings }: ParseCase): Verdict {
  const link = readDigitalLink(input, optionsOf(settings));
  const outcome = outcomeOf(link);
  const wrong = wrongOutcome(outcome, valid, SUPPORTED_ELEMENTS.test(expected ?? ''));
  if (wrong !== undefined) return { outcome, fault: 'why' in link ? `${wrong} (${link.why})` : wrong };
  if (link.kind !== 'invalid' && link.elements !== expected) return { outcome, fault: `read as ${link.elements}` };
  if (link.kind === 'supported') {
    const again = readDigitalLink(writeDigitalLink(link));
    if (again.kind !== 'supported' || again.elements !== expected)
      return { outcome, fault: 'not so when written again' };
  }
  return { outcome };
}

export function judgeGenerate({
  input_bracketed_ai: input,
  stem,
  valid,
  expected_uri,
  settings,
}: GenerateCase): Verdict {
  const link = linkOfElements(readElements(input, optionsOf(settings)));
  const outcome = outcomeOf(link);
  const wrong = wrongOutcome(outcome, valid, SUPPORTED_URI.test(expected_uri ?? ''));
  if (wrong !== undefined) return { outcome, fault: 'why' in link ? `${wrong} (${link.why})` : wrong };
  if (link.kind !== 'supported') return { outcome };
  const uri = writeDigitalLink(link, stem ?? undefined);
  return uri === expected_uri ? { outcome } : { outcome, fault: `written as ${uri}` };
}

function outcomeOf({ kind }: DigitalLink | ElementsLink): Verdict['outcome'] {
  if (kind === 'supported') return 'supported';
  return kind === 'invalid' ? 'refused' : 'not supported';
}

function wrongOutcome(outcome: Verdict['outcome'], valid: boolean, supportable: boolean): string | undefined {
  if (outcome === 'refused') return valid ? 'it is valid' : undefined;
  if (!valid) return 'it is invalid';
  if (outcome === 'supported') return supportable ? undefined : 'it states more';
  return supportable ? 'it is a product with at most variant, lot and serial' : undefined;
}
