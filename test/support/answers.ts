// Owns what holds for every answer of the service, whatever was asked: no fault of its own, a form that programs can
// rely on, nothing of its innards or secrets, no header that was put there from outside.
import { ERROR_CODES } from '../../src/core/errors.ts';
import type { Json } from './ledger.ts';
import type { RawReply } from './raw-http.ts';
import { INNARDS } from './refusal.ts';

/** Every header the service has; what isn't here was injected, or is new and belongs here. */
const HEADERS = new Set([
  'accept-ranges',
  'allow',
  'cache-control',
  'connection',
  'content-disposition',
  'content-language',
  'content-length',
  'content-security-policy',
  'content-type',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'date',
  'etag',
  'keep-alive',
  'location',
  'origin-agent-cluster',
  'ratelimit',
  'ratelimit-policy',
  'referrer-policy',
  'retry-after',
  'strict-transport-security',
  'transfer-encoding',
  'vary',
  'www-authenticate',
  'x-content-type-options',
  'x-dns-prefetch-control',
  'x-download-options',
  'x-frame-options',
  'x-permitted-cross-domain-policies',
  'x-request-id',
  'x-xss-protection',
]);

const ID = /^[0-9a-f-]{36}$/;

export interface Asked {
  readonly method: string;
  readonly target: string;
}

/** What is wrong with an answer; empty for one in order. @param secrets texts that may stand in no answer */
export function faultsOfAnswer({ method, target }: Asked, reply: RawReply, secrets: readonly string[]): string[] {
  const { status, headers, body } = reply;
  const valuesOf = (name: string) => headers.filter(([other]) => other === name).map(([, value]) => value);
  const faults: string[] = [];
  const must = (holds: boolean, what: string) => {
    if (!holds) faults.push(what);
  };
  must(status >= 200 && status < 500, `is a ${status}`);
  for (const [name] of headers) must(HEADERS.has(name), `has a header ${name}`);
  for (const name of ['x-request-id', 'content-type', 'content-length', 'location', 'cache-control']) {
    must(valuesOf(name).length < 2, `has ${name} twice`);
  }
  const [id = ''] = valuesOf('x-request-id');
  must(ID.test(id), 'has no request id');
  must(valuesOf('x-content-type-options')[0] === 'nosniff', 'lets its type be guessed');
  const whole = `${headers.map((header) => header.join(': ')).join('\n')}\n${body}`;
  for (const secret of secrets) must(!whole.includes(secret), `holds a secret: ${secret.slice(0, 12)}…`);
  if (status < 400) return faults;
  must(!INNARDS.test(body), `tells of innards: ${INNARDS.exec(body)?.[0]}`);
  const [type = ''] = valuesOf('content-type');
  const forPeople = type.startsWith('text/html') && !isApi(target);
  must(forPeople || type === 'application/problem+json; charset=utf-8', `is of the type ${type}`);
  if (!forPeople && method !== 'HEAD') faults.push(...faultsOfProblem(body, status, id));
  return faults;
}

function isApi(target: string): boolean {
  return /^\/api([/?#]|$)/i.test(target);
}

function faultsOfProblem(body: string, status: number, id: string): string[] {
  let problem: Json;
  try {
    problem = JSON.parse(body);
  } catch {
    return ['is no JSON'];
  }
  const faults = [];
  if (!ERROR_CODES.includes(problem.code)) faults.push(`has the code ${problem.code}`);
  if (problem.status !== status) faults.push(`says it is a ${problem.status}`);
  if (problem.instance !== `urn:request:${id}`) faults.push('names another request');
  if (typeof problem.detail !== 'string' || problem.detail.length === 0) faults.push('says nothing');
  if (body.length > 64 * 1024) faults.push(`has ${body.length} characters`);
  return faults;
}
