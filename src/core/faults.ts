// Owns how a refused input is told to a person: zod's issues as field and reason, in words a goldsmith can act on.
// Which inputs are refused is the schemas' business; sentences about the whole never enter it.
import type { z } from 'zod';
import type { Fault } from './errors.ts';

type Issue = z.core.$ZodIssue;

const MOST_FAULTS = 50;
/** Members a later version of the record will give a meaning to; until then nobody may give them another. */
const RESERVED = ['components', 'set', 'chip', 'consignment', 'lien', 'successor'];

/** One fault a field, in the order the schema asks. Giving the input tells a missing field from a wrong one. */
export function faultsOf(error: z.ZodError, input?: unknown): Fault[] {
  const faults = new Map<string, Fault>();
  for (const fault of error.issues.flatMap((issue) => flatten(issue, [], input))) {
    if (!faults.has(fault.field)) faults.set(fault.field, fault);
  }
  return [...faults.values()].slice(0, MOST_FAULTS);
}

function flatten(issue: Issue, above: readonly PropertyKey[], input: unknown): Fault[] {
  const path = [...above, ...issue.path];
  const field = path.join('.');
  if (issue.code === 'invalid_union') return ofUnion(issue, path, input);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .slice(0, MOST_FAULTS)
      .map((key) => ({ field: [...path, key].join('.'), reason: unknownField(key, path) }));
  }
  // zod says twice that a huge number is too big; the second time it names the schema's own limit.
  if (issue.code === 'too_big' && issue.maximum === Number.MAX_SAFE_INTEGER) return [];
  if (!isMissing(path, input)) return [{ field, reason: reasonOf(issue) }];
  return [{ field, reason: issue.code === 'invalid_value' ? `is missing: ${oneOf(issue.values)}` : 'is missing' }];
}

function unknownField(key: string, path: readonly PropertyKey[]): string {
  if (path.length === 0 && RESERVED.includes(key)) return 'is reserved for a later version of this format';
  return 'is not a field of this format: check its spelling, or leave it out';
}

/** The branch that came closest speaks. Where "unknown" is one of the answers, it is offered. */
function ofUnion(issue: Issue & { code: 'invalid_union' }, path: PropertyKey[], input: unknown): Fault[] {
  const field = path.join('.');
  if (issue.errors.length === 0) {
    const options = 'options' in issue ? (issue.options as readonly unknown[]) : [];
    return [{ field, reason: isMissing(path, input) ? `is missing: ${oneOf(options)}` : `must be ${oneOf(options)}` }];
  }
  const real = issue.errors.filter((branch) => !isUnknownLiteral(branch)) as Issue[][];
  const offersUnknown = real.length < issue.errors.length;
  const hint = offersUnknown ? ', or "unknown"' : '';
  if (isMissing(path, input)) {
    return [{ field, reason: offersUnknown ? 'is missing; where it is not known, say "unknown"' : 'is missing' }];
  }
  const possible = real.filter((branch) => !branch.some((inner) => inner.path.length === 0 && isWrongType(inner)));
  if (possible.length === 0) {
    const reasons = new Set(real.flatMap((branch) => branch.flatMap((inner) => flatten(inner, path, input))));
    return [{ field, reason: [...new Set([...reasons].map((fault) => fault.reason))].join(', or ') + hint }];
  }
  const [closest, second] = possible.sort((a, b) => strangers(a) - strangers(b)) as [Issue[], Issue[]?];
  const undecided = second !== undefined && strangers(closest) === strangers(second);
  if (undecided && issue.message !== 'Invalid input') return [{ field, reason: issue.message }];
  return closest
    .flatMap((inner) => flatten(inner, path, input))
    .map((fault) => (fault.field === field && !fault.reason.endsWith(hint) ? addHint(fault, hint) : fault));
}

function addHint(fault: Fault, hint: string): Fault {
  return { field: fault.field, reason: fault.reason + hint };
}

function isUnknownLiteral(branch: readonly Issue[]): boolean {
  const only = branch[0];
  return branch.length === 1 && only?.code === 'invalid_value' && only.values.length === 1 && only.path.length === 0;
}

function isWrongType(issue: Issue): boolean {
  return issue.code === 'invalid_type';
}

/** How many members of the input a branch doesn't know. */
function strangers(branch: readonly Issue[]): number {
  return branch.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 0), 0);
}

/** Whether nothing stands at this path of an input. False where no input was given. */
function isMissing(path: readonly PropertyKey[], input: unknown): boolean {
  if (input === undefined || path.length === 0) return false;
  let at: unknown = input;
  for (const key of path) {
    if (typeof at !== 'object' || at === null) return false;
    at = Object.hasOwn(at, key) ? (at as Record<PropertyKey, unknown>)[key] : undefined;
  }
  return at === undefined;
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text in quotes',
  number: 'a number, without quotes or unit',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object with fields of its own',
};

function reasonOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be ${oneOf(issue.values)}`;
    case 'too_big':
      return `must ${amount(issue.origin, 'at most', issue.maximum)}`;
    case 'too_small':
      if (issue.origin === 'string' && Number(issue.minimum) === 1) return 'must not be empty';
      return `must ${amount(issue.origin, 'at least', issue.minimum)}`;
    case 'invalid_format':
      return issue.message.startsWith('Invalid') ? `must be in the form of ${issue.format}` : issue.message;
    default:
      return issue.message;
  }
}

function amount(origin: string, bound: string, limit: number | bigint): string {
  if (origin === 'string') return `have ${bound} ${limit} characters`;
  if (origin === 'array' || origin === 'set')
    return `have ${bound} ${limit} ${Number(limit) === 1 ? 'entry' : 'entries'}`;
  return `be ${bound} ${limit}`;
}

function oneOf(values: readonly unknown[]): string {
  const shown = values.map((value) => (typeof value === 'string' && values.length > 1 ? value : JSON.stringify(value)));
  return values.length === 1 ? String(shown[0]) : `one of ${shown.join(', ')}`;
}
