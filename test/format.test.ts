import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { MAX_BATCH_COUNT, MAX_PART_BYTES, MAX_PARTS, MAX_PAYLOAD_TEXT_BYTES } from '../src/core/batch.ts';
import { PASSPORT_SCHEMA } from '../src/core/passport.ts';
import { MAX_RECORD_BYTES, RECORD_SCHEMA, recordSchema } from '../src/core/record.ts';
import * as typed from '../src/core/typed-data.ts';
import * as words from '../src/core/vocabulary.ts';
import { requirementsOf, schemasAt } from './support/schema-members.ts';

const FORMAT = readFileSync(join(import.meta.dirname, '..', 'docs', 'format.md'), 'utf8');

interface Row {
  readonly member: string;
  readonly required: string;
  readonly type: string;
}

function section(title: string): string {
  const start = FORMAT.search(new RegExp(`^#+ ${title}$`, 'm'));
  expect(start, title).to.be.at.least(0);
  const rest = FORMAT.slice(FORMAT.indexOf('\n', start));
  const end = rest.search(/^#+ /m);
  return end < 0 ? rest : rest.slice(0, end);
}

function rowsOf(title: string): Row[] {
  return [...section(title).matchAll(/^\| `([\w.]+)` \| (yes|no) \| ([^|]*)/gm)].map((match) => ({
    member: match[1] as string,
    required: match[2] as string,
    type: match[3] as string,
  }));
}

const SHARED: Readonly<Record<string, readonly string[]>> = {
  '(#date)': ['Date'],
  '(#claim)': ['Claim'],
  '(#code)': ['Code'],
  '(#material)': ['Material', 'Metal', 'Stone', 'Other material'],
};

/** Rows of a section and, under them, those of the objects its types refer to. */
function documented(titles: readonly string[], prefix = ''): [path: string, required: string, type: string][] {
  return titles.flatMap(rowsOf).flatMap((row) => {
    const path = prefix + row.member;
    const inner = Object.entries(SHARED).flatMap(([link, sections]) =>
      row.type.includes(link) ? documented(sections, `${path}.`) : [],
    );
    return [[path, row.required, row.type] as [string, string, string], ...inner];
  });
}

describe('docs/format.md', () => {
  it('has every member of a record, says rightly whether it is required, and has no other', () => {
    const found = new Map<string, Set<string>>();
    for (const [path, required] of documented(['The record itself'])) {
      found.set(path, (found.get(path) ?? new Set()).add(required));
    }
    const plain = (map: Map<string, Set<string>>) =>
      Object.fromEntries(
        [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, flags]) => [path, [...flags].sort()]),
      );
    expect(plain(found)).to.deep.equal(plain(requirementsOf(recordSchema)));
  });

  it('states the bounds the code has: numbers, lengths of text and of lists, and where unknown is an answer', () => {
    let stated = 0;
    for (const [path, , type] of documented(['The record itself'])) {
      const schemas = schemasAt(recordSchema, path);
      // Branches of a union may differ (a metal's colour, a stone's): one of them must be as stated.
      const judges = (values: unknown[], expected: boolean[]) => {
        const taken = schemas.map((schema) => values.map((value) => schema.safeParse(value).success));
        expect(taken, path).to.deep.include(expected);
      };
      // A list's length is judged before its entries, so entries needn't be right.
      const tooLong = (length: number) =>
        schemas.every((schema) => JSON.stringify(schema.safeParse(Array(length).fill(null)).error).includes('too_big'));
      const text = /^(?:line|prose)\((\d+)\)/.exec(type);
      const integer = /^integer ([\d,]+) … ([\d,]+)/.exec(type);
      const list = /^list\((\d+)\)/.exec(type);
      const [low, high] = (integer?.slice(1) ?? []).map((digits) => Number(digits.replaceAll(',', '')));
      const limit = Number(text?.[1] ?? list?.[1]);
      if (text) judges(['x'.repeat(limit), 'x'.repeat(limit + 1)], [true, false]);
      if (list) {
        judges([[]], [false]);
        expect([tooLong(limit), tooLong(limit + 1)], path).to.deep.equal([false, true]);
      }
      if (low !== undefined && high !== undefined) {
        judges([low - 1, low, high, high + 1], [false, true, true, false]);
      }
      if (!text && !path.startsWith('code.') && !/word of|`unknown`/.test(type))
        judges(['unknown'], [/or unknown/.test(type)]);
      if (text || list || integer) stated++;
    }
    expect(stated).to.be.greaterThan(80);
  });

  it('has every word of every list, and no other', () => {
    const lists: Record<string, readonly string[]> = {
      Kinds: words.KINDS,
      'Maker qualifiers': Object.keys(words.MAKER_QUALIFIERS),
      Metals: words.METALS,
      'Stone natures': Object.keys(words.STONE_NATURES),
      'Other materials': words.OTHER_MATERIALS,
      'Custody models': Object.keys(words.CUSTODY_MODELS),
      'Evidence levels': Object.keys(words.EVIDENCE_LEVELS),
      'Restricted substances': Object.keys(words.RESTRICTED_SUBSTANCES),
      History: words.HISTORY_KINDS,
      'Ring sizes': words.RING_SIZE_SYSTEMS,
    };
    const entries = section('Words').split(/^\* /m).slice(1);
    const found = entries.map((entry) => [
      /^\*\*([\w ]+?):?\*\*/.exec(entry)?.[1],
      [...entry.matchAll(/`([^`]+)`/g)].map((match) => match[1]),
    ]);
    expect(Object.fromEntries(found)).to.deep.equal(lists);
  });

  it('has the limits, names and types of the code', () => {
    const numbers = [MAX_BATCH_COUNT, MAX_PARTS, MAX_PAYLOAD_TEXT_BYTES, MAX_PART_BYTES, MAX_RECORD_BYTES];
    for (const number of numbers) expect(FORMAT).to.contain(number.toLocaleString('en-US'));
    for (const schema of [RECORD_SCHEMA, PASSPORT_SCHEMA]) expect(FORMAT).to.contain(`"${schema}"`);
    for (const types of [typed.REGISTER_TYPES, typed.TRANSFER_TYPES, typed.SET_KEY_TYPES]) {
      for (const [name, fields] of Object.entries(types)) {
        const line = `    ${name}(${fields.map((field) => `${field.type} ${field.name}`).join(',')})\n`;
        expect(FORMAT).to.contain(line);
      }
    }
    for (const domain of [typed.piecesDomain(1, ''), typed.organisationsDomain(1, '')]) {
      expect(FORMAT).to.contain(`\`${domain.name}\` | \`${domain.version}\``);
    }
  });
});
