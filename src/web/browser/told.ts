// Owns telling people what went wrong, in the page's language: a refusal of the service or the chain by its code, a key that
// did not sign by why. The page carries the messages of the area `claim`.
import { TouchstoneError } from '../../core/errors.ts';
import { KeyRefused } from './keyring.ts';
import { Failure } from './service.ts';
import { hasWord, word } from './words.ts';

/** What happened, what was kept, what to do. @param error anything that was thrown */
export function told(error: unknown): string {
  if (error instanceof KeyRefused) return word(`claim.refused.${error.why}`);
  if (error instanceof Failure || error instanceof TouchstoneError) return toldCode(error.code);
  return word('claim.error.internal');
}

/** The same for an act that failed later, by its receipt's code. */
export function toldCode(code: string): string {
  const key = `claim.error.${code}`;
  return word(hasWord(key) ? key : 'claim.error.internal');
}

/** Whether asking again later may well succeed, without anything being done differently. */
export function passes(error: unknown): boolean {
  return error instanceof Failure && PASSING.includes(error.code);
}

const PASSING = [
  'offline',
  'overloaded',
  'rate-limited',
  'database-unavailable',
  'node-unavailable',
  'request-timeout',
];
