import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { MOST_OTHER_USES } from '../src/core/attestation.ts';
import { MAX_BATCH_COUNT, MAX_PART_BYTES, MAX_PARTS, MAX_PAYLOAD_TEXT_BYTES } from '../src/core/batch.ts';
import {
  CERTIFICATE_SCHEMA,
  certificateStatementSchema,
  MAX_CERTIFICATES,
  MAX_STATEMENT_BYTES,
  REVOCATION_REASONS,
  SUBJECT_KINDS,
} from '../src/core/certificate.ts';
import { EVIDENCE_SCHEMA, evidenceSchema, MAX_EVIDENCE_BYTES } from '../src/core/evidence.ts';
import { LIFE_STATEMENT_SCHEMA, lifeStatementSchema } from '../src/core/life-statement.ts';
import { LOT_SCHEMA, lotStatementSchema } from '../src/core/lot.ts';
import { PASSPORT_SCHEMA } from '../src/core/passport.ts';
import { MAX_RECORD_BYTES, RECORD_SCHEMA, recordSchema } from '../src/core/record.ts';
import * as typed from '../src/core/typed-data.ts';
import { VERDICT_SCHEMA } from '../src/core/verdict.ts';
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

const FORMS = [
  ['Life statement', lifeStatementSchema],
  ['The record itself', recordSchema],
  ['Statement', certificateStatementSchema],
  ['Lot statement', lotStatementSchema],
] as const;

/** Every name of a check that the vectors of evidence files have. */
function seenChecks(): { checks: Set<string>; certificates: Set<string> } {
  const folder = join(import.meta.dirname, 'vectors', 'evidence');
  const all = readdirSync(folder).flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8'))) as {
    expected: { checks: object; certificates: object[] };
  }[];
  return {
    checks: new Set(all.flatMap(({ expected }) => Object.keys(expected.checks))),
    certificates: new Set(all.flatMap(({ expected }) => expected.certificates.flatMap(Object.keys))),
  };
}

describe('docs/format.md', () => {
  const CHANGED = /^(?:changes|corrections)\./;
  const SUBJECT = /^subject\.\w+$/;

  it('has every member of a record and of a statement, says rightly whether it is required, and has no other', () => {
    const plain = (map: Map<string, Set<string>>) =>
      Object.fromEntries(
        [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, flags]) => [path, [...flags].sort()]),
      );
    for (const [title, schema] of FORMS) {
      const found = new Map<string, Set<string>>();
      for (const [path, required] of documented([title])) {
        found.set(path, (found.get(path) ?? new Set()).add(required));
      }
      // Subjects have a table of their own; changes and corrections are told in sentences.
      const there = new Map([...requirementsOf(schema)].filter(([path]) => !SUBJECT.test(path) && !CHANGED.test(path)));
      expect(plain(found), title).to.deep.equal(plain(there));
    }
  });

  it('has every kind of subject with its number and members', () => {
    const rows = [...section('Subject').matchAll(/^\| `(\w+)` \| (\d) \| ([^|]*)/gm)];
    expect(Object.fromEntries(rows.map((row) => [row[1], Number(row[2])]))).to.deep.equal(SUBJECT_KINDS);
    const named = rows.flatMap((row) =>
      [...(row[3] as string).matchAll(/`(\w+)`:/g)].map((match) => `subject.${match[1]}`),
    );
    const there = [...requirementsOf(certificateStatementSchema).keys()].filter((path) => SUBJECT.test(path));
    expect([...named, 'subject.kind'].sort()).to.deep.equal(there.sort());
  });

  it('has every member of an evidence file, and no other', () => {
    const rows = (title: string) => [...section(title).matchAll(/^\| `([\w.]+)` \| ([^|]*)/gm)];
    const inner: Readonly<Record<string, string>> = { '(#place)': 'Place', '(#member)': 'Member' };
    const named = rows('Members').flatMap(([, member, type]) => [
      member,
      ...Object.entries(inner).flatMap(([link, title]) =>
        (type as string).includes(link) ? rows(title).map((row) => `${member}.${row[1]}`) : [],
      ),
    ]);
    const events = rows('Event').flatMap(([, , data]) =>
      [...(data as string).matchAll(/`(\w+)`:/g)].map((match) => `organisations.events.data.${match[1]}`),
    );
    const event = ['name', 'data', ...rows('Place').map((row) => row[1])].map((name) => `organisations.events.${name}`);
    const found = [...new Set([...named, ...event, ...events])].sort();
    expect(found).to.deep.equal([...requirementsOf(evidenceSchema).keys()].sort());
    const all = [...requirementsOf(evidenceSchema)];
    const optional = all.filter(([, flags]) => [...flags].join() !== 'yes').map(([path]) => path);
    const leftOut = rows('Members').filter(([, , type]) => /left out/.test(type as string));
    expect(optional).to.deep.equal(leftOut.map(([, member]) => member));
  });

  it('has every check of a verdict and of a certificate in it, and no other', () => {
    const { checks, certificates } = seenChecks();
    const rows = (text: string) => [...text.matchAll(/^\| `([a-z-]+)` \|/gm)].map((match) => match[1] as string);
    const [ofFile, ofCertificate] = section('Checks').split('**Certificates.**') as [string, string];
    expect(rows(ofFile).sort()).to.deep.equal([...checks].sort());
    expect(rows(ofCertificate).sort()).to.deep.equal([...certificates].sort());
  });

  it('states the bounds the code has: numbers, lengths of text and of lists, and where unknown is an answer', () => {
    let stated = 0;
    const all = FORMS.flatMap(([title, schema]) => documented([title]).map((row) => [...row, schema] as const));
    for (const [path, , type, form] of all) {
      const schemas = schemasAt(form, path);
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
      'Certificate types': Object.keys(words.CERTIFICATE_TYPES),
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
    const more = [MAX_STATEMENT_BYTES, MAX_CERTIFICATES, MAX_EVIDENCE_BYTES, MOST_OTHER_USES];
    for (const number of more) expect(FORMAT).to.contain(number.toLocaleString('en-US'));
    for (const [reason, number] of Object.entries(REVOCATION_REASONS))
      expect(FORMAT).to.contain(`${number} \`${reason}\``);
    const schemas = [
      RECORD_SCHEMA,
      PASSPORT_SCHEMA,
      CERTIFICATE_SCHEMA,
      LOT_SCHEMA,
      EVIDENCE_SCHEMA,
      VERDICT_SCHEMA,
      LIFE_STATEMENT_SCHEMA,
    ];
    for (const schema of schemas) expect(FORMAT).to.contain(`"${schema}"`);
    const ofCertificates = [typed.ISSUE_TYPES, typed.ISSUE_BATCH_TYPES, typed.REVOKE_TYPES];
    for (const types of [typed.REGISTER_TYPES, typed.TRANSFER_TYPES, typed.SET_KEY_TYPES, ...ofCertificates]) {
      for (const [name, fields] of Object.entries(types)) {
        const line = `    ${name}(${fields.map((field) => `${field.type} ${field.name}`).join(',')})\n`;
        expect(FORMAT).to.contain(line);
      }
    }
    const domains = [typed.piecesDomain, typed.organisationsDomain, typed.certificatesDomain];
    for (const domain of domains.map((of) => of(1, ''))) {
      expect(FORMAT).to.contain(`\`${domain.name}\` | \`${domain.version}\``);
    }
  });
});
