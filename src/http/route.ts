// Owns what a route of the API is: one description that both answers requests and writes the OpenAPI document, so the
// two can't differ. What a route does stands in the files that list routes.
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { type Fault, TouchstoneError } from '../core/errors.ts';
import { faultsOf } from '../core/faults.ts';
import type { Caller, Scope } from '../ledger/accounts.ts';
import type { Ledger, Press } from '../ports.ts';
import type { ScanCounter } from './scan-counter.ts';

export interface Context {
  readonly ledger: Ledger;
  readonly press: Press;
  /** Origin in every link and QR code. */
  readonly publicUrl: string;
  /** Told of every passport page that is answered; none where nobody counts. */
  readonly scans?: Pick<ScanCounter, 'saw'>;
}

export interface Call<Query, Body> {
  readonly request: Request;
  readonly response: Response;
  readonly context: Context;
  readonly query: Query;
  readonly body: Body;
  /** Only for routes with a scope, and where `mayUseKey` and a key came. */
  readonly caller: Caller;
  /** Only for writes. */
  readonly idempotencyKey: string;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: 'get' | 'post';
  /** Express path; `*path` takes a piece's public path. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  readonly scope?: Scope;
  /** Answers strangers as well; an API key that is sent needs this scope. */
  readonly mayUseKey?: Scope;
  /** Sees the body before anything else does. @throws TouchstoneError for what must not be looked at any further */
  inspect?(body: unknown): void;
  /** Costs as much as dozens of others, always or asked in this way: is limited more tightly. */
  readonly costly?: boolean | ((request: Request) => boolean);
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Where a body may be larger than most. */
  readonly maxBodyBytes?: number;
  /** False for a POST that changes nothing, and so needs no Idempotency-Key. */
  readonly writes?: false;
  /** The body isn't JSON: the route reads the stream itself. */
  readonly rawBody?: { readonly types: readonly string[]; readonly description: string };
  readonly success: {
    readonly status: number;
    readonly description: string;
    readonly schema?: z.ZodType;
    readonly type?: string;
  };
  /** Undefined when the route has answered by itself (a stream). */
  handle(call: Call<never, never>): Promise<Answer | undefined>;
}

/** Types a route's handler from its schemas. */
export function route<Q extends z.ZodObject, B extends z.ZodType>(
  definition: Omit<Route, 'handle' | 'query' | 'body'> & {
    query?: Q;
    body?: B;
    handle(call: Call<z.output<Q>, z.output<B>>): Promise<Answer | undefined>;
  },
): Route {
  return definition as unknown as Route;
}

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,128}$/;

export function idempotencyKeyOf(request: Request): string {
  const key = request.get('idempotency-key');
  if (key !== undefined && IDEMPOTENCY_KEY.test(key)) return key;
  throw new TouchstoneError(
    'idempotency-key-required',
    'A write needs an Idempotency-Key header of 1 to 128 visible ASCII characters, so that sending it again is safe.',
  );
}

/** @throws TouchstoneError invalid-request listing every fault */
export function checked<T extends z.ZodType>(schema: T, input: unknown, what: string): z.output<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const faults: readonly Fault[] = faultsOf(parsed.error, input);
  throw new TouchstoneError('invalid-request', `The ${what} was not understood; nothing was done.`, { faults });
}
