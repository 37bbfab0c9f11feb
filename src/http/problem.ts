// Owns how an error leaves the service: RFC 9457 problem details with a stable code, and the HTTP status of each code.
// Adding a code to the core doesn't compile until its status is chosen here. Stack traces never leave.
import { type ErrorCode, TouchstoneError } from '../core/errors.ts';

const STATUS: Record<ErrorCode, number> = {
  'invalid-request': 400,
  'invalid-json': 400,
  'invalid-encoding': 400,
  'secret-sent': 400,
  'invalid-record': 422,
  'invalid-code': 400,
  'invalid-file': 422,
  'invalid-transfer': 422,
  'invalid-certificate': 422,
  'invalid-act': 422,
  'body-too-large': 413,
  'unsupported-media-type': 415,
  'idempotency-key-required': 400,
  'idempotency-key-reused': 422,
  'headers-too-large': 431,
  'request-timeout': 408,
  unauthenticated: 401,
  forbidden: 403,
  'code-not-yours': 403,
  'organisation-unknown': 404,
  'organisation-suspended': 403,
  'key-not-permitted': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'code-taken': 409,
  'claim-key-taken': 409,
  'piece-not-anchored': 409,
  'not-owner': 403,
  'stale-transfer': 409,
  'transfer-under-way': 409,
  'already-revoked': 409,
  'not-released': 409,
  'card-dead': 409,
  'piece-blocked': 409,
  'stale-act': 409,
  'not-applicable': 409,
  'too-early': 409,
  'act-under-way': 409,
  'signature-missing': 422,
  'signature-invalid': 422,
  'signature-expired': 422,
  'rate-limited': 429,
  'over-quota': 429,
  overloaded: 503,
  'database-unavailable': 503,
  'node-unavailable': 503,
  'chain-mismatch': 500,
  'data-dir-locked': 500,
  configuration: 500,
  internal: 500,
};

const TITLE: Partial<Record<number, string>> = {
  400: 'The request could not be understood',
  401: 'An API key is needed',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Took too long',
  409: 'In conflict with what is stored',
  413: 'Too large',
  415: 'Media type not supported',
  422: 'Not accepted',
  429: 'Too many requests',
  431: 'Headers too large',
  500: 'Something went wrong here',
  503: 'Not available for a moment',
};

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly instance: string;
  readonly errors?: readonly { readonly field: string; readonly reason: string }[];
  readonly [member: string]: unknown;
}

export function problemOf(error: TouchstoneError, requestId: string): Problem {
  const status = STATUS[error.code];
  return {
    ...error.extra,
    type: `/docs#${error.code}`,
    title: TITLE[status] ?? 'Not accepted',
    status,
    code: error.code,
    // What only the operator can mend is told to the operator, in the log.
    detail: status === 500 ? 'The service met a fault of its own. Nothing you sent is at fault.' : error.message,
    instance: `urn:request:${requestId}`,
    ...(error.faults.length > 0 ? { errors: error.faults } : {}),
  };
}

/** Any thrown thing as an error of ours: a router's by its status, the rest as internal. */
export function known(error: unknown): TouchstoneError {
  if (error instanceof TouchstoneError) return error;
  const { status: code } = (error ?? {}) as { status?: number };
  if (error instanceof URIError || (code !== undefined && code >= 400 && code < 500)) {
    return new TouchstoneError('invalid-request', 'The request could not be understood: check its path and encoding.');
  }
  return new TouchstoneError('internal', error instanceof Error ? error.message : String(error), { cause: error });
}
