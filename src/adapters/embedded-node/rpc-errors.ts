// Owns: EDR's errors in the words other nodes use, so that clients meet one dialect here and in production.
// Never enters: deciding whether something is an error.
import type { RpcError } from './evm.ts';

/** Left: how EDR says it. Right: how go-ethereum does, which client libraries match on. */
const WORDS: readonly [RegExp, string][] = [
  [/^Nonce too low/, 'nonce too low'],
  [/^Nonce too high/, 'nonce too high'],
  [/^Known transaction/, 'already known'],
  [/^Sender doesn't have enough funds/, 'insufficient funds for gas * price + value'],
  [/^Transaction maxFeePerGas .* too low/, 'max fee per gas less than block base fee'],
  [/^Transaction gasPrice .* too low/, 'max fee per gas less than block base fee'],
  [/^Transaction requires at least/, 'intrinsic gas too low'],
  [/exceeds transaction gas cap/, 'transaction gas limit too high'],
  [/^Transaction gas limit .* exceeds block gas limit/, 'exceeds block gas limit'],
  [/invalid chainId/, 'invalid chain id for signer'],
];

const ERROR = '{"error":';

/** Passes a result through untouched; an error is small enough to be read and written again. */
export function asNodesSay(answer: string): string {
  if (!answer.startsWith(ERROR)) return answer;
  return JSON.stringify({ error: translate((JSON.parse(answer) as { error: RpcError }).error) });
}

function translate({ code, message, data }: RpcError): RpcError {
  const reason = (data as { reason?: { Revert?: string } } | null | undefined)?.reason;
  if (reason?.Revert !== undefined) return { code: 3, message: 'execution reverted', data: reason.Revert };
  const words = WORDS.find(([pattern]) => pattern.test(message))?.[1];
  // EDR's data repeats the whole request or its own types: neither belongs in an answer.
  return { code, message: words === undefined ? message : `${words}: ${message}` };
}
