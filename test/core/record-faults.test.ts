import { expect } from 'chai';
import { z } from 'zod';
import { ownCode } from '../../src/core/code.ts';
import { faultsOf } from '../../src/core/faults.ts';
import { parseRecord } from '../../src/core/record.ts';
import { goldRing } from '../support/records.ts';

type Json = Record<string, unknown>;
const FULL = { ...goldRing(), code: ownCode('lune', new Uint8Array(10)) };
const STRANGE = 'is not a field of this format: check its spelling, or leave it out';
const PLAIN = 'must be plain text: no control characters, none that turn the direction of writing';
const LINE = `${PLAIN}, no line breaks`;
const DAY = 'must be a year such as 1925 (a number, without quotes), or a day such as "2025-05-31"';
const COUNTRY = 'must be a country as its two capital letters, such as IT';

/** The ring with one member set (or, for undefined, left out), given as a dotted path. */
function withMember(path: string, value: unknown): unknown {
  const record = structuredClone(FULL) as unknown as Json;
  const names = path.split('.');
  const last = names.pop() as string;
  const at = names.reduce<Json>((object, name) => object[name] as Json, record);
  if (value === undefined) delete at[last];
  else Object.defineProperty(at, last, { value, enumerable: true, configurable: true, writable: true });
  return record;
}

function faults(input: unknown): string[] {
  const parsed = parseRecord(input);
  return parsed.ok ? [] : parsed.faults.map((fault) => `${fault.field}: ${fault.reason}`);
}

/** What is set, to what, and the one fault that must come of it (at the same path unless it says another). */
type Case = readonly [path: string, value: unknown, reason: string, at?: string];

const CASES: Record<string, readonly Case[]> = {
  'a number out of bounds': [
    ['materials.0.fineness', 1001, 'must be at most 1000'],
    ['materials.0.fineness', 0, 'must be at least 1'],
    ['materials.0.massMg', -3200, 'must be at least 1'],
    ['materials.0.massMg', 0, 'must be at least 1'],
    ['materials.0.massMg', 100_000_001, 'must be at most 100000000'],
    ['materials.0.massMg', 1e300, 'must be at most 100000000'],
    ['materials.0.recycledShare', 1001, 'must be at most 1000'],
    ['materials.0.recycledShare', -1, 'must be at least 0'],
    ['materials.1.caratThousandths', 0, 'must be at least 1'],
    ['materials.0.hallmarks.0.year', 1299, 'must be at least 1300'],
    ['dimensions.widthUm', 10_000_001, 'must be at most 10000000'],
  ],
  'a number that is not whole, or no number': [
    ['materials.0.massMg', 3.2, 'must be a whole number, or "unknown"'],
    ['materials.0.massMg', '3200', 'must be a number, without quotes or unit, or "unknown"'],
    ['materials.0.massMg', '3.2 g', 'must be a number, without quotes or unit, or "unknown"'],
    ['materials.0.massMg', null, 'must be a number, without quotes or unit, or "unknown"'],
    ['dimensions.widthUm', 2.1, 'must be a whole number'],
    ['massMg', Number.NaN, 'must be a number, without quotes or unit, or "unknown"'],
    ['massMg', Number.POSITIVE_INFINITY, 'must be a number, without quotes or unit, or "unknown"'],
  ],
  'a date that is none': [
    ['made.date.from', 0, 'must not be 0: there is no year 0'],
    ['made.date.from', -0, 'must not be 0: there is no year 0'],
    ['made.date.from', '0000-01-01', 'must not be in the year 0: there is none'],
    ['made.date.from', '2025-02-29', DAY],
    ['made.date.from', '14.05.2025', DAY],
    ['made.date.from', '1925', DAY],
    ['made.date.to', 10_000, 'must be at most 9999'],
    ['made.date.to', 2024, 'must not be before from'],
    ['made.date.to', '2025-05-13', 'must not be before from'],
    ['made.date', '2025', 'must be an object with fields of its own, or "unknown"'],
  ],
  'text that is empty, blank or too long': [
    ['title', '', 'must not be empty'],
    ['title', ' ', 'must not begin or end with white space'],
    ['title', 'Ring ', 'must not begin or end with white space'],
    ['title', '\u00a0Ring', 'must not begin or end with white space'],
    ['title', 'x'.repeat(301), 'must have at most 300 characters'],
    ['title', 'x'.repeat(1_000_000), 'must have at most 300 characters'],
    ['story', ' \n\t ', 'must not be blank'],
    ['story', 'x'.repeat(8001), 'must have at most 8000 characters'],
    ['title', 7, 'must be text in quotes'],
    ['title', null, 'must be text in quotes'],
  ],
  'text with characters nobody can see or that mislead': [
    ['title', 'a\nb', LINE],
    ['title', 'a\tb', LINE],
    ['title', 'a\u0000b', LINE],
    ['title', 'a\u007fb', LINE],
    ['title', 'a\u0085b', LINE],
    ['title', 'a\u2028b', LINE],
    ['title', 'a\ud800b', LINE],
    ['title', '\udc00', LINE],
    ['title', 'pure \u202edlog', LINE],
    ['title', 'a\u2066b', LINE],
    ['story', 'a\u0000b', PLAIN],
    ['story', 'a\ud800', PLAIN],
    ['story', 'pure \u202edlog', PLAIN],
  ],
  'a word that is not in its list': [
    ['recordedAs', 'seller', 'must be one of maker, custodian'],
    ['schema', 'touchstone/record/2', 'must be "touchstone/record/1"'],
    [
      'materials.1.nature',
      'real',
      'must be one of natural, natural-treated, laboratory-grown, cultured, composite, reconstructed, imitation, unknown',
    ],
    ['materials.0.type', 'gold', 'must be one of metal, stone, other'],
    ['materials.0.type', undefined, 'is missing: one of metal, stone, other'],
    ['language', 'English', 'must be a BCP 47 tag such as en or pt-BR'],
    ['made.place.country', 'Belgium', COUNTRY],
    ['made.place.country', 'be', COUNTRY],
    ['materials.1.origin.country', 'Botswana', COUNTRY],
  ],
  'something missing': [
    ['title', undefined, 'is missing'],
    ['code', undefined, 'is missing'],
    ['recordedAs', undefined, 'is missing: one of maker, custodian'],
    ['maker', undefined, 'is missing; where it is not known, say "unknown"'],
    ['materials.0.fineness', undefined, 'is missing; where it is not known, say "unknown"'],
    ['made.date.to', undefined, 'is missing; where it is not known, say "unknown"'],
    ['materials', undefined, 'is missing'],
  ],
  'a list that is empty, too long or none': [
    ['materials', [], 'must have at least 1 entry'],
    ['care', [], 'must have at least 1 entry'],
    ['materials.0.hallmarks', [], 'must have at least 1 entry'],
    ['care', Array(17).fill('x'), 'must have at most 16 entries'],
    ['care', 'Keep dry.', 'must be a list'],
    ['care', { 0: 'x' }, 'must be a list'],
    ['materials.1.treatments', [], 'must have at least 1 entry'],
  ],
  'a field this format does not have, at every depth': [
    ['price', 100, STRANGE],
    ['made.when', 1, STRANGE],
    ['made.date.circa', true, STRANGE],
    ['materials.0.karat', 18, STRANGE],
    ['materials.0.hallmarks.0.maker', 'x', STRANGE],
    ['materials.0.claims.0.level', 'x', STRANGE],
    ['materials.1.report.pdf', 'x', STRANGE],
    ['dimensions.ringSize.size', 'x', STRANGE],
    ['code.url', 'x', STRANGE],
    ['maker.address', 'x', STRANGE],
    ['components', [], 'is reserved for a later version of this format'],
    ['lien', {}, 'is reserved for a later version of this format'],
  ],
  'a name that means something to JavaScript': [
    ['__proto__', { title: 'x' }, STRANGE],
    ['materials.0.__proto__', { fineness: 999 }, STRANGE],
    ['code.__proto__', {}, STRANGE],
    ['constructor', { prototype: {} }, STRANGE],
    ['materials.1.prototype', 1, STRANGE],
    ['toString', 'x', STRANGE],
    ['hasOwnProperty', 1, STRANGE],
  ],
  'a code that is none': [
    ['code', {}, 'must have gtin and serial, or handle and code'],
    ['code', 'x', 'must be an object with fields of its own'],
    ['code', { gtin: '09506000134352' }, 'is missing', 'code.serial'],
    ['code', { handle: 'lune' }, 'is missing', 'code.code'],
    [
      'code',
      { gtin: '09506000134353', serial: '1' },
      'has check digit 3 where 2 belongs: one digit is wrong',
      'code.gtin',
    ],
    [
      'code',
      { gtin: '09506000134352', serial: '..' },
      'must be 1 to 20 letters, digits or marks that GS1 allows, and not "." or ".."',
      'code.serial',
    ],
    ['code.code', '00000000000000001', 'has a wrong check character: it was mistyped'],
    ['code.handle', 'Lune', 'must be a handle: 3 to 31 of a-z, 0-9 and inner hyphens'],
  ],
  'a link or hash that is none': [
    ['links', [{ url: 'javascript:alert(1)' }], 'link', 'links.0.url'],
    ['links', [{ url: 'https://good.example@evil.example/' }], 'link', 'links.0.url'],
    ['links', [{ url: 'https://example.com/\ud800' }], 'link', 'links.0.url'],
    ['links', [{ url: ' https://example.com/' }], 'link', 'links.0.url'],
    ['links', [{ url: 'https://exa\nmple.com/' }], 'link', 'links.0.url'],
    ['links', [{ url: `https://example.com/${'x'.repeat(500)}` }], 'must have at most 500 characters', 'links.0.url'],
    ['images.0.sha256', `0x${'A'.repeat(64)}`, 'must be a SHA-256 as 0x and 64 lower-case hexadecimal digits'],
    ['images.0.mediaType', 'jpeg', 'must be a media type such as image/jpeg'],
    ['images.0.mediaType', `${'a'.repeat(60_000)}/b`, 'must be a media type such as image/jpeg'],
    ['annexRoot', '0x', 'must be a hash as 0x and 64 lower-case hexadecimal digits'],
  ],
};

const LINK = 'must be a link such as https://example.com/ring?id=7, other characters percent-encoded';

describe('record refuses', () => {
  for (const [name, cases] of Object.entries(CASES)) {
    it(`${name}, and says where and why`, () => {
      for (const [path, value, reason, at] of cases) {
        const expected = `${at ?? path}: ${reason === 'link' ? LINK : reason}`;
        expect(faults(withMember(path, value))).to.deep.equal([expected]);
      }
    });
  }

  it('what is no object', () => {
    for (const input of [null, undefined, [], 'x', 7, true]) {
      expect(faults(input)).to.deep.equal([': must be an object with fields of its own']);
    }
  });

  it('what is nested 100,000 deep, without running out of stack', () => {
    const deep = JSON.parse('['.repeat(5000) + ']'.repeat(5000));
    let deeper: unknown = deep;
    for (let i = 0; i < 100_000; i++) deeper = { made: deeper };
    expect(faults(withMember('made', deeper))).to.include(`made.made: ${STRANGE}`);
    expect(faults(withMember('story', deeper))).to.deep.equal(['story: must be text in quotes']);
    expect(faults(deep)).to.have.length(1);
  });

  it('with every fault there is, once a field, and at most fifty', () => {
    const bad = withMember('title', '') as Json;
    bad['kind'] = 'rng';
    (bad['materials'] as Json[])[0] = { type: 'metal', fineness: 2000, karat: 18 };
    const fields = faults(bad).map((fault) => fault.split(':')[0]);
    expect(new Set(fields).size).to.equal(fields.length);
    expect(fields).to.include.members([
      'title',
      'kind',
      'materials.0.fineness',
      'materials.0.karat',
      'materials.0.metal',
    ]);
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`x${i}`, i]));
    expect(faults({ ...FULL, ...many })).to.have.length(50);
  });

  it('a list of a million without looking at its entries', () => {
    expect(faults(withMember('care', Array(1_000_000).fill(7)))).to.deep.equal(['care: must have at most 16 entries']);
  });
});

describe('faults of other schemas', () => {
  const schema = z.strictObject({ limit: z.coerce.number().max(100).optional(), mail: z.email(), on: z.boolean() });

  it('read the same without the input, but for what is missing', () => {
    const input = { limit: 101, mail: 'x' };
    const error = schema.safeParse(input).error as z.ZodError;
    expect(faultsOf(error, input)).to.deep.equal([
      { field: 'limit', reason: 'must be at most 100' },
      { field: 'mail', reason: 'must be in the form of email' },
      { field: 'on', reason: 'is missing' },
    ]);
    expect(faultsOf(error)[2]).to.deep.equal({ field: 'on', reason: 'must be true or false' });
  });
});
