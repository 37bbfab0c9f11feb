// Owns the one error class of the project and the closed list of its codes. Expected outcomes (a failed check, an
// unreachable node in a verdict) are values and never enter it; neither does an HTTP status (src/http/problem.ts).

export const ERROR_CODES = [
  'invalid-request',
  'invalid-json',
  'invalid-encoding',
  'secret-sent',
  'invalid-record',
  'invalid-code',
  'invalid-file',
  'invalid-transfer',
  'invalid-certificate',
  'invalid-act',
  'body-too-large',
  'unsupported-media-type',
  'idempotency-key-required',
  'idempotency-key-reused',
  'headers-too-large',
  'request-timeout',
  'unauthenticated',
  'forbidden',
  'code-not-yours',
  'organisation-unknown',
  'organisation-suspended',
  'key-not-permitted',
  'not-found',
  'method-not-allowed',
  'code-taken',
  'claim-key-taken',
  'piece-not-anchored',
  'not-owner',
  'stale-transfer',
  'transfer-under-way',
  'already-revoked',
  'not-released',
  'card-dead',
  'piece-blocked',
  'stale-act',
  'not-applicable',
  'too-early',
  'act-under-way',
  'signature-missing',
  'signature-invalid',
  'signature-expired',
  'rate-limited',
  'over-quota',
  'overloaded',
  'database-unavailable',
  'node-unavailable',
  'chain-mismatch',
  'data-dir-locked',
  'configuration',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** One thing that is wrong with an input: where, and why in words. */
export interface Fault {
  /** Dotted path into the input, or a column name; empty for the whole. */
  readonly field: string;
  readonly reason: string;
}

/** Whether and when the same call may succeed: `never` as it stands, or after so many seconds. */
export type Retry = 'never' | { readonly afterSeconds: number };

export interface ErrorDetail {
  readonly retry?: Retry;
  readonly faults?: readonly Fault[];
  /** Further public members, e.g. the piece that already has a code. Never secrets. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

export class TouchstoneError extends Error {
  override readonly name = 'TouchstoneError';
  readonly code: ErrorCode;
  readonly retry: Retry;
  readonly faults: readonly Fault[];
  readonly extra: Readonly<Record<string, unknown>>;

  /** @param message What happened, what was kept and what to do, in a sentence fit for the person who caused it. */
  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.retry = detail.retry ?? 'never';
    this.faults = detail.faults ?? [];
    this.extra = detail.extra ?? {};
  }
}
