// Owns what is put where it doesn't belong: texts, numbers, JSON, compressed and malformed bodies, as fast-check draws
// them. Where they are put stands in hostile-requests.ts.
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';

/** JSON text that is written as it is: JavaScript has no value for it. */
export class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** As JSON.stringify, but for raw text, and member names stand as often as they are given. */
export function written(value: unknown): string {
  if (value instanceof Raw) return value.text;
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${written(member)}`);
  return `{${members.join(',')}}`;
}

const nested = (open: string, close: string, depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`;

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '.',
    '..',
    '0',
    '-1',
    'null',
    'undefined',
    'NaN',
    '[object Object]',
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    "' or ''='",
    '"; drop table x; --',
    '$(reboot)',
    '`id`',
    '{{7*7}}',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what others would expand
    '${jndi:ldap://x}',
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    'javascript:alert(1)',
    '=1+1',
    '@sum(1)',
    '../../../../etc/passwd',
    '..\\..\\windows\\win.ini',
    'x\r\nx-injected: 1',
    'x\nset-cookie: a=b',
    'a\0b',
    '\uFEFFx',
    '\u202Eevil',
    '\u0130\u0131\uFB00',
    'e\u0301\u0301\u0301',
    '\u{1F48D}',
    '%',
    '%00',
    '%s%n%d',
    '9'.repeat(400),
    '1e309',
    '0x10',
    '-0',
    'x'.repeat(5_000),
    '\u00e9'.repeat(2_000),
  ),
  fc.string({ maxLength: 40 }),
  fc.string({ maxLength: 20, unit: 'binary' }),
);

export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  {
    weight: 6,
    arbitrary: fc.constantFrom<unknown>(
      null,
      true,
      false,
      -1,
      0.5,
      2 ** 53,
      -(2 ** 63),
      1e308,
      [],
      {},
      [[]],
      [null],
      { '': '' },
      { length: 1e9 },
      { toJSON: 1, valueOf: 1 },
      new Raw('-0'),
      new Raw('1e999'),
      new Raw('-1e999'),
      new Raw('NaN'),
      new Raw('Infinity'),
      new Raw('undefined'),
      new Raw('01'),
      new Raw('9'.repeat(2_000)),
      new Raw('"\\ud800"'),
      new Raw('"\\udc00\\ud800"'),
      new Raw('"\\u0000"'),
      new Raw('"\n"'),
      new Raw("'x'"),
      new Raw('{"a":1,"a":2}'),
      new Raw('{"__proto__":{"polluted":1}}'),
      new Raw('{"constructor":{"prototype":{"polluted":1}}}'),
      new Raw('{"\\u005f_proto__":{"polluted":1}}'),
      new Raw(nested('[', ']', 40)),
      new Raw(nested('{"a":', '}', 40)),
      new Raw(nested('[', ']', 5_000)),
      new Raw(nested('{"a":', '}', 3_000)),
      new Raw(`[${'0,'.repeat(3_000)}0]`),
    ),
  },
);

/** What becomes of a body's bytes on their way, with the headers that come with it. */
export interface Garbled {
  readonly bytes: Buffer;
  readonly headers: readonly (readonly [string, string])[];
}

const BOMB = gzipSync(Buffer.alloc(8 * 1024 * 1024));
const plain = (bytes: Buffer): Garbled => ({ bytes, headers: [] });
const typed = (type: string, bytes: Buffer): Garbled => ({ bytes, headers: [['content-type', type]] });
const encoded = (encoding: string, bytes: Buffer): Garbled => ({ bytes, headers: [['content-encoding', encoding]] });

const GARBLINGS: readonly ((text: string) => Garbled)[] = [
  (text) => plain(Buffer.from(text.slice(0, Math.floor(text.length / 2)))),
  (text) => plain(Buffer.from(`${text}${text}`)),
  (text) => plain(Buffer.from(`\uFEFF\uFEFF${text}`)),
  (text) => plain(Buffer.from(text, 'utf16le')),
  (text) => plain(Buffer.from(`${text.slice(0, -1)}/* */}`)),
  (text) => plain(Buffer.concat([Buffer.from(text.slice(0, 10)), Buffer.from([0xff, 0xfe, 0xc0, 0xaf])])),
  (text) => plain(Buffer.concat([Buffer.from('\0'), Buffer.from(text)])),
  () => plain(Buffer.alloc(0)),
  () => plain(Buffer.from(nested('[', ']', 20_000))),
  () => plain(Buffer.from(`{"a":"${'x'.repeat(270_000)}"}`)),
  () => plain(Buffer.from('{"__proto__":{"polluted":1}}')),
  (text) => typed('application/json; charset=utf-16', Buffer.from(text, 'utf16le')),
  (text) => typed('application/json; charset=utf-7', Buffer.from(text)),
  (text) => typed('application/json; charset="utf-8', Buffer.from(text)),
  (text) => typed('application/json;;;=', Buffer.from(text)),
  (text) => typed('text/plain', Buffer.from(text)),
  (text) => typed('', Buffer.from(text)),
  (text) => typed(`${'a'.repeat(2_000)}/b`, Buffer.from(text)),
  () => typed('application/x-www-form-urlencoded', Buffer.from('record[__proto__][polluted]=1&mode=published')),
  () =>
    typed(
      'multipart/form-data; boundary=x',
      Buffer.from('--x\r\ncontent-disposition: form-data; name="record"; filename="../../x"\r\n\r\n{}\r\n--x--\r\n'),
    ),
  (text) => encoded('gzip', gzipSync(text)),
  (text) => encoded('deflate', deflateSync(text)),
  (text) => encoded('br', brotliCompressSync(text)),
  (text) => encoded('zstd, gzip', gzipSync(text)),
  () => encoded('gzip', BOMB),
  () => encoded('gzip', BOMB.subarray(0, 100)),
  (text) => encoded('identity, identity', Buffer.from(text)),
];

/** A body as it should be, or garbled. */
export const garbling: fc.Arbitrary<(text: string) => Garbled> = fc.oneof(
  { weight: 3, arbitrary: fc.constant((text: string) => plain(Buffer.from(text))) },
  { weight: 2, arbitrary: fc.constantFrom(...GARBLINGS) },
);
