// Owns hostile requests for every route that an OpenAPI document tells of: where in a request a hostile value is put. A
// route that is added later is met as soon as it is described. What an answer may be stands in the tests.
import fc from 'fast-check';
import { type Garbled, garbling, hostileText, hostileValue, Raw, written } from './hostile-values.ts';
import type { Json } from './ledger.ts';

/** What makes requests go further than the door: credentials, and values that exist. */
export interface Known {
  readonly host: string;
  readonly goodKey: string;
  /** May do nothing but read. */
  readonly lackingKey: string;
  /** By name of a path or query parameter, or of a member. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  /** Whole objects by the name of the member that takes one. */
  readonly objects: Readonly<Record<string, readonly object[]>>;
  readonly record: object;
}

export interface HostileRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer | undefined;
}

interface Operation {
  readonly path: string;
  readonly method: string;
  readonly query: readonly string[];
  /** Of the query, what has to be there. */
  readonly required: readonly string[];
  readonly type: string | undefined;
  readonly schema: Json;
}

/** Bytes of a request as they go out. */
export function bytesOf({ method, target, headers, body }: HostileRequest): Buffer {
  const lines = [`${method} ${target} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body ?? Buffer.alloc(0)]);
}

export function hostileRequests(document: Json, known: Known): fc.Arbitrary<HostileRequest> {
  const all = operationsOf(document);
  // Bodies can be wrong in most ways.
  const operations = [
    ...all,
    ...all,
    ...all.filter(({ type }) => type !== undefined).flatMap((one) => Array<Operation>(5).fill(one)),
  ];
  return fc.oneof(
    {
      weight: 9,
      arbitrary: fc.constantFrom(...operations).chain((operation) => toOperation(operation, document, known)),
    },
    { weight: 2, arbitrary: toAnything(known) },
  );
}

function operationsOf(document: Json): Operation[] {
  return Object.entries<Json>(document.paths).flatMap(([path, item]) =>
    Object.entries<Json>(item).map(([method, operation]) => {
      const [type, content] = Object.entries<Json>(operation.requestBody?.content ?? {})[0] ?? [];
      const asked = operation.parameters.filter((p: Json) => p.in === 'query');
      const query = asked.map((p: Json) => p.name);
      const required = asked.filter((p: Json) => p.required).map((p: Json) => p.name);
      return { path, method: method.toUpperCase(), query, required, type, schema: content?.schema };
    }),
  );
}

const mostly = <T>(usual: fc.Arbitrary<T>, weight: number, rarely: fc.Arbitrary<T>) =>
  fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: rarely });

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'SEARCH', 'LOCK'];

function toOperation(operation: Operation, document: Json, known: Known): fc.Arbitrary<HostileRequest> {
  return fc
    .record({
      method: mostly(fc.constant(operation.method), 6, fc.constantFrom(...METHODS)),
      target: targetOf(operation, known),
      headers: headersOf(operation, known),
      body: bodyOf(operation, document, known),
      garble: garbling,
      chunked: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
    })
    .map(({ method, target, headers, body, garble, chunked }) => {
      if (body === undefined && operation.method === method) return { method, target, headers, body: undefined };
      const garbled = garble(body ?? '{}');
      return { method, target, ...framed(headers, garbled, chunked) };
    });
}

/** Hosts, paths and methods that no route has. */
function toAnything({ host }: Known): fc.Arbitrary<HostileRequest> {
  const fixed = fc.constantFrom(
    '/',
    '/find?code=',
    '/token/',
    '/p/',
    '/01/',
    '/docs',
    '/metrics',
    '/readyz',
    '/api',
    '//',
  );
  return fc
    .record({
      method: mostly(fc.constantFrom('GET', 'HEAD'), 3, fc.constantFrom(...METHODS)),
      target: fc.tuple(fixed, segment).map(([start, rest]) => `${start}${rest}`),
      extra: fc.subarray([...ODD_HEADERS], { maxLength: 3 }),
    })
    .map(({ method, target, extra }) => ({ method, target, headers: [['host', host], ...extra], body: undefined }));
}

function framed(headers: HostileRequest['headers'], { bytes, headers: own }: Garbled, chunked: boolean) {
  const names = own.map(([name]) => name);
  const kept = [...headers.filter(([name]) => !names.includes(name)), ...own];
  if (!chunked) return { headers: [...kept, ['content-length', `${bytes.length}`] as const], body: bytes };
  const frame = [Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n0\r\n\r\n')];
  const body = Buffer.concat(bytes.length > 0 ? frame : [Buffer.from('0\r\n\r\n')]);
  return { headers: [...kept, ['transfer-encoding', 'chunked'] as const], body };
}

/** Bytes that a request line may hold: others are the protocol tests'. */
const visible = (text: string) => text.replace(/[^\x21-\x7e]/g, (c) => encodeURIComponent(c.toWellFormed()));

const segment: fc.Arbitrary<string> = fc.oneof(
  hostileText.map(encodeHostile),
  hostileText.map(visible),
  fc.constantFrom(
    '%',
    '%0',
    '%zz',
    '%00',
    '%C0%AF',
    '%ED%A0%80',
    '%F8%88%80%80%80',
    '%2f',
    '%5c',
    '%252f',
    '%0d%0ax-injected:1',
    '..;/',
    '%2e%2e%2f%2e%2e%2f',
    './',
    '//',
    ';a=b',
    '*',
    ':id',
    '%u0041',
    '?',
    '#',
    '9'.repeat(3_000),
    'a/'.repeat(600),
    'z'.repeat(9_000),
  ),
);

function encodeHostile(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function targetOf({ path, query, required }: Operation, { values }: Known): fc.Arbitrary<string> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
  const placed = (name: string) => mostly(fc.constantFrom(...(values[name] ?? ['1'])), 1, segment);
  const filled = fc
    .tuple(...names.map(placed))
    .map((found) => names.reduce((text, name, i) => text.replace(`{${name}}`, () => found[i] as string), path));
  const member = fc.oneof(
    fc.tuple(fc.constantFrom(...(query.length > 0 ? query : ['x'])), queryValue(values)).map(([n, v]) => `${n}=${v}`),
    fc.constantFrom('__proto__=1', '__proto__[polluted]=1', 'constructor.prototype.polluted=1', 'a[]=1', 'a[b][c]=1'),
    fc.constantFrom('limit=1&limit=2', 'limit[]=1', '&&&', '=', '==', '?', 'x=%zz', 'x=%00', 'a;b', '%5f_proto__=1'),
    segment,
  );
  const asked = mostly(
    fc.array(member, { maxLength: query.length > 0 ? 2 : 1 }),
    30,
    fc.constant(Array(800).fill('limit=1')),
  );
  const usual = fc.tuple(
    ...required.map((name) => fc.constantFrom(...(values[name] ?? ['1'])).map((v) => `${name}=${v}`)),
  );
  const members = fc.oneof(
    usual,
    asked,
    fc.tuple(usual, asked).map(([a, b]) => [...a, ...b]),
  );
  return fc
    .tuple(filled, members, mostly(fc.constant(''), 20, fc.constantFrom('/', '#x', '/.', '?')))
    .map(([address, found, end]) => `${address}${found.length > 0 ? `?${found.join('&')}` : ''}${end}`);
}

function queryValue(values: Known['values']): fc.Arbitrary<string> {
  return mostly(segment, 2, fc.constantFrom(...Object.values(values).flat(), 'csv', 'ndjson', 'published', '1'));
}

const ODD_HEADERS: readonly (readonly [string, string])[] = [
  ['accept', '*/*;q=0'],
  ['accept', 'text/html'],
  ['accept', `${'a/b,'.repeat(300)}text/html;q=1e9`],
  ['accept', '\u00ff'],
  ['accept-encoding', 'gzip;q=0, *;q=0'],
  ['accept-language', '-'.repeat(500)],
  ['range', 'bytes=0-0,5-,-1,9999999999999999999-'],
  ['if-none-match', '*'],
  ['if-modified-since', 'never'],
  ['if-range', '"x"'],
  ['x-forwarded-for', '127.0.0.1, ::1, \', "'],
  ['x-forwarded-for', '1,'.repeat(500)],
  ['x-forwarded-host', 'evil.example'],
  ['x-forwarded-proto', 'javascript'],
  ['forwarded', 'for=_hidden;host=evil.example'],
  ['x-http-method-override', 'DELETE'],
  ['x-method-override', 'PUT'],
  ['x-original-url', '/metrics'],
  ['x-request-id', 'mine'],
  ['origin', 'https://evil.example'],
  ['referer', 'javascript:alert(1)'],
  ['cookie', `__proto__=1; ${'a=b; '.repeat(200)}`],
  ['te', 'trailers'],
  ['trailer', 'host'],
  ['expect', '100-continue'],
  ['expect', 'the-unexpected'],
  ['upgrade', 'h2c'],
  ['upgrade-insecure-requests', '1'],
  ['__proto__', 'x'],
  ['constructor', 'x'],
  ['x-long', 'y'.repeat(9_000)],
  ['x-longer', 'y'.repeat(20_000)],
  ['content-length', '5'],
  ['host', 'second.example'],
  ['authorization', 'Bearer second'],
  ['idempotency-key', 'second'],
  ['content-type', 'application/json'],
];

function headersOf({ type, method }: Operation, known: Known): fc.Arbitrary<HostileRequest['headers']> {
  const authorization = fc.oneof(
    { weight: 1, arbitrary: fc.constant(undefined) },
    { weight: 10, arbitrary: fc.constant(`Bearer ${known.goodKey}`) },
    { weight: 2, arbitrary: fc.constant(`Bearer ${known.lackingKey}`) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        `Bearer ts_${'0'.repeat(12)}_${'A'.repeat(43)}`,
        `Bearer ${known.goodKey.slice(0, 20)}${'B'.repeat(39)}`,
        `Bearer ${'x'.repeat(3_000)}`,
        `Basic ${Buffer.from(known.goodKey).toString('base64')}`,
        `Bearer  ${known.lackingKey} `,
        `Bearer ${known.goodKey}, Bearer ${known.goodKey}`,
        'Bearer',
        'Bearer \u00e9\u00ff',
      ),
    },
  );
  const unique = fc.integer({ min: 0, max: 2 ** 48 }).map((n) => `fuzz-${n}`);
  const idempotency = mostly(unique, 6, fc.constantFrom('', 'same', 'a b', 'x'.repeat(200), '\u00e9', 'a, b'));
  const host = mostly(fc.constant(known.host), 40, fc.constantFrom('', 'evil.example', 'a b', `${'h'.repeat(5_000)}`));
  return fc
    .tuple(host, authorization, idempotency, fc.subarray([...ODD_HEADERS], { maxLength: 2 }), fc.nat({ max: 9 }))
    .map(([name, credential, key, odd, oddness]) => [
      ['host', name],
      ...(credential === undefined ? [] : [['authorization', credential] as const]),
      ...(method === 'POST' ? [['idempotency-key', key] as const] : []),
      ...(type === undefined ? [] : [['content-type', type] as const]),
      ...(oddness < 4 ? odd : []),
    ]);
}

const FILES = ['title,kind,metal_1\nA,ring,gold\n', 'title\n', '{"title":"x"}\n', `${'a,'.repeat(900)}\n`, '"', '\0'];

/** Text of a body; undefined where the operation has none. */
function bodyOf({ type, schema }: Operation, document: Json, known: Known): fc.Arbitrary<string | undefined> {
  if (type === undefined) return fc.constant(undefined);
  if (schema === undefined) return mostly(fc.constantFrom(...FILES), 2, hostileText);
  return fc
    .tuple(instanceOf(schema, document, known), fc.array(MUTATION, { minLength: 1, maxLength: 3 }))
    .map(([value, mutations]) => written(mutations.reduce(mutated, value)));
}

interface Mutation {
  readonly place: number;
  readonly how: 'replace' | 'remove' | 'add';
  readonly name: string;
  readonly value: unknown;
}

const MUTATION: fc.Arbitrary<Mutation> = fc.record({
  place: fc.nat(),
  how: fc.constantFrom('replace', 'remove', 'add'),
  name: hostileText,
  value: hostileValue,
});

/** One place of the value changed, counted through all there are. */
function mutated(value: unknown, { place, how, name, value: other }: Mutation): unknown {
  const places = placesOf(value, []);
  const path = places[place % places.length] ?? [];
  if (path.length === 0) return how === 'add' ? withMember(value, name, other) : other;
  return at(value, path, (holder, key) => {
    if (how === 'remove') return without(holder, key);
    if (how === 'add') return { ...holder, [key]: withMember(holder[key], name, other) };
    return { ...holder, [key]: other };
  });
}

type Holder = Record<string, unknown>;

function placesOf(value: unknown, path: readonly string[]): (readonly string[])[] {
  if (typeof value !== 'object' || value === null || value instanceof Raw) return [path];
  return [path, ...Object.entries(value).flatMap(([key, member]) => placesOf(member, [...path, key]))];
}

function at(
  value: unknown,
  [key = '', ...rest]: readonly string[],
  change: (h: Holder, key: string) => Holder,
): unknown {
  const holder = value as Holder;
  const made = rest.length === 0 ? change({ ...holder }, key) : { ...holder, [key]: at(holder[key], rest, change) };
  return Array.isArray(value) ? Object.values(made) : made;
}

function without(holder: Holder, key: string): Holder {
  const { [key]: _, ...rest } = holder;
  return rest;
}

function withMember(value: unknown, name: string, member: unknown): unknown {
  if (Array.isArray(value)) return [...value, member];
  if (typeof value !== 'object' || value === null || value instanceof Raw) return { [name]: member };
  return Object.fromEntries([...Object.entries(value), [name, member]]);
}

/** Something that a schema allows, or nearly: patterns are left to chance. */
function instanceOf(schema: Json, document: Json, known: Known, depth = 0): fc.Arbitrary<unknown> {
  const inner = (one: Json) => instanceOf(one, document, known, depth + 1);
  if (depth > 8 || schema === undefined || schema === true) return hostileValue;
  if (schema.$ref === '#/components/schemas/Record') return fc.constant(known.record);
  if (schema.$ref)
    return inner(
      schema.$ref
        .slice(2)
        .split('/')
        .reduce((node: Json, key: string) => node?.[key], document),
    );
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return fc.oneof(...options.map(inner));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.type === 'object') {
    const properties = Object.entries<Json>(schema.properties ?? {});
    const members = properties.map(([name, one]) => [name, memberOf(name, one, inner, known)] as const);
    return fc.record(Object.fromEntries(members), { requiredKeys: schema.required ?? [] });
  }
  if (schema.type === 'array') return fc.array(inner(schema.items), { maxLength: 2 });
  if (schema.type === 'integer' || schema.type === 'number') return fc.integer({ min: 0, max: 1000 });
  if (schema.type === 'boolean') return fc.boolean();
  return schema.type === 'string' ? hostileText : hostileValue;
}

function memberOf(name: string, schema: Json, inner: (one: Json) => fc.Arbitrary<unknown>, known: Known) {
  const usual: readonly unknown[] | undefined = known.objects[name] ?? known.values[name];
  return usual ? mostly<unknown>(fc.constantFrom(...usual), 2, inner(schema)) : inner(schema);
}
