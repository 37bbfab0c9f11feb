// Statements and the ids that commit to them: what is refused, that reading and writing are one, that nothing in a
// certificate can be changed unseen, and that the contract computes the same.
import { expect } from 'chai';
import fc from 'fast-check';
import { NotCanonicalisable } from '../../src/core/canonical.ts';
import {
  type CertificateFields,
  type CertificateStatement,
  canonicalStatement,
  certificateBatchIdOf,
  certificateIdOf,
  certificateLeaf,
  fieldsOf,
  hashStatement,
  MAX_STATEMENT_BYTES,
  parseStatement,
  readStatement,
  reportKey,
  reportsAlike,
  SUBJECT_KINDS,
  subjectOf,
} from '../../src/core/certificate.ts';
import { TouchstoneError } from '../../src/core/errors.ts';
import type { Hex32 } from '../../src/core/hash.ts';
import { merkleRoot, merkleTree, proofIn } from '../../src/core/merkle.ts';
import { CERTIFICATE_TYPES, EVIDENCE_LEVELS } from '../../src/core/vocabulary.ts';
import { grading } from '../support/certificates.ts';
import { deployRegistry, type Registry } from '../support/registry.ts';

const keysOf = (map: object) => fc.constantFrom(...Object.keys(map));
const line = (maxLength: number) =>
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength })
    .map((text) =>
      text
        .normalize('NFC')
        .replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/gu, '')
        .trim(),
    )
    .filter((text) => text !== '' && text.length <= maxLength);
const bits = (count: number) => fc.bigInt({ min: 0n, max: (1n << BigInt(count)) - 1n });
const hex = (bytes: number) =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((some) => `0x${Buffer.from(some).toString('hex')}` as Hex32);
const report = fc.record({ issuer: line(40).map((text) => `${text}x`), number: line(40).map((text) => `${text}1`) });
const subject = fc.oneof(
  bits(256).map((value) => ({ kind: 'piece', tokenId: value.toString() })),
  hex(32).map((recordHash) => ({ kind: 'record', recordHash })),
  report.map((one) => ({ kind: 'report', ...one })),
  bits(224).map((value) => ({ kind: 'batch', batchId: value.toString() })),
  hex(20).map((organisation) => ({ kind: 'organisation', organisation })),
);
const statement = fc.record(
  {
    schema: fc.constant('touchstone/certificate/1'),
    language: fc.constantFrom('en', 'fr-CH', 'zh-Hant-TW'),
    type: keysOf(CERTIFICATE_TYPES),
    subject,
    title: line(100),
    statement: line(300),
    evidence: keysOf(EVIDENCE_LEVELS),
    examined: fc.constantFrom(
      { text: 'May 2025', from: '2025-05-01', to: '2025-05-31' },
      { text: 'long ago', from: -50, to: 'unknown' },
    ),
    method: line(100),
    standards: fc.array(line(50), { minLength: 1, maxLength: 3 }),
    report,
    findings: fc.array(fc.record({ name: line(20), value: line(40) }), { minLength: 1, maxLength: 4 }),
    document: hex(32).map((sha256) => ({ sha256, mediaType: 'application/pdf', title: 'Report' })),
  },
  { requiredKeys: ['schema', 'language', 'type', 'subject', 'title', 'statement', 'evidence'] },
);

/** @throws if it isn't one */
function parsed(input: unknown): CertificateStatement {
  const read = parseStatement(input);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return read.statement;
}
const hashOf = (input: unknown) => hashStatement(canonicalStatement(parsed(input)));

describe('statements of certificates', () => {
  it('are read back from their canonical bytes as they were, and from no other bytes', () => {
    fc.assert(
      fc.property(statement, (input) => {
        const read = parsed(input);
        const text = canonicalStatement(read);
        expect(readStatement(text)).to.deep.equal(read);
        expect(canonicalStatement(parsed(JSON.parse(text)))).to.equal(text);
        for (const changed of [` ${text}`, `${text}\n`, text.slice(0, -1), text.replace(':', ': ')]) {
          expect(readStatement(changed)).to.equal(undefined);
        }
      }),
      { numRuns: 200, seed: 20_261_122 },
    );
  });

  it('have another hash whenever one of their members is another, is missing or is new', () => {
    const path = (of: unknown, at: string[] = []): string[][] =>
      typeof of === 'object' && of !== null
        ? Object.entries(of).flatMap(([name, value]) => path(value, [...at, name]))
        : [at];
    const at = (of: object, where: readonly string[]) =>
      where.slice(0, -1).reduce<Record<string, unknown>>((one, name) => one[name] as never, of as never);
    fc.assert(
      fc.property(statement, statement, fc.nat(), (one, two, which) => {
        const where = path(one)[which % path(one).length] as string[];
        const changed = structuredClone(one);
        const last = where.at(-1) as string;
        const other = (two as Record<string, unknown>)[last];
        if (other === undefined) delete at(changed, where)[last];
        else at(changed, where)[last] = other;
        const read = parseStatement(changed);
        if (!read.ok || JSON.stringify(read.statement) === JSON.stringify(parsed(one))) return;
        expect(hashOf(changed)).to.not.equal(hashOf(one));
      }),
      { numRuns: 300, seed: 20_261_122 },
    );
    const whole = grading({ kind: 'record', recordHash: `0x${'12'.repeat(32)}` });
    for (const name of ['title', 'statement', 'language']) {
      expect(hashOf({ ...whole, [name]: name === 'language' ? 'de' : `${whole[name]}.` })).to.not.equal(hashOf(whole));
    }
    expect(hashOf({ ...whole, method: 'by eye' })).to.not.equal(hashOf(whole));
  });

  it('are put into normal form when they are written, and must be in it when they are read', () => {
    const loose = grading({ kind: 'report', issuer: 'Édition', number: '1' }, { statement: 'a\r\nb\rc' });
    const read = parsed({ ...loose, title: 'e\u0301' });
    expect([read.title, read.statement]).to.deep.equal(['é', 'a\nb\nc']);
    const text = canonicalStatement(read);
    expect(readStatement(text.replace('é', 'e\u0301'))).to.equal(undefined);
    expect(readStatement(text.replace('a\\nb', 'a\\r\\nb'))).to.equal(undefined);
  });

  it('have 16,384 bytes at most, and more is refused before it is read', () => {
    const findings = Array.from({ length: 64 }, () => ({ name: 'n', value: 'é'.repeat(200) }));
    const large = parsed(grading({ kind: 'piece', tokenId: '1' }, { findings }));
    let refused: unknown;
    try {
      canonicalStatement(large, 'statement');
    } catch (error) {
      refused = error;
    }
    expect(refused).to.be.instanceOf(TouchstoneError);
    expect((refused as TouchstoneError).faults[0]?.field).to.equal('statement');
    expect(readStatement('['.repeat(MAX_STATEMENT_BYTES + 1))).to.equal(undefined);
    expect(readStatement('['.repeat(MAX_STATEMENT_BYTES))).to.equal(undefined);
    expect(() => canonicalStatement({ ...large, title: 1.5 } as never)).to.throw(NotCanonicalisable);
  });

  it('name reports that read alike by one key, and others by others', () => {
    const alike = [
      ['GIA', '2141438171'],
      ['gia', '2141-438171'],
      ['G.I.A.', ' 2141 438 171'],
      ['G I A', '2141.438.171'],
      ['g-i-a', '2141\u00A0438171'],
    ] as const;
    const keys = alike.map(([issuer, number]) => reportKey({ issuer, number }));
    expect(new Set(keys).size).to.equal(1);
    const others = [
      ['GIA', '2141438172'],
      ['GI', 'A2141438171'],
      ['GIA2', '141438171'],
      ['GÍA', '2141438171'],
      ['GIA', '2141/438171'],
    ] as const;
    for (const [issuer, number] of others) {
      expect(reportsAlike({ issuer: 'GIA', number: '2141438171' }, { issuer, number }), issuer).to.equal(false);
    }
    expect(reportsAlike({ issuer: '-', number: '1' }, { issuer: '.', number: '1' })).to.equal(false);
  });
});

describe('ids of certificates', () => {
  let registry: Registry;
  before(async () => {
    registry = await deployRegistry();
  });
  after(() => registry.close());

  const fields = fc.record<CertificateFields>({
    organisation: hex(20),
    kind: fc.integer({ min: 0, max: 255 }),
    subject: hex(32),
    contentHash: hex(32),
    validUntil: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
    pieceEvents: fc.integer({ min: 0, max: 2 ** 24 - 1 }),
  });

  it('and of their batches are what the contract computes', async () => {
    await fc.assert(
      fc.asyncProperty(fields, hex(32), fc.integer({ min: 0, max: 2 ** 32 - 1 }), async (one, root, count) => {
        const { certificates } = registry;
        expect(await certificates.getFunction('certificateIdOf')(one)).to.equal(certificateIdOf(one));
        const ofContract = await certificates.getFunction('certificateBatchIdOf')(one.organisation, root, count);
        expect(ofContract).to.equal(certificateBatchIdOf(one.organisation, root as never, count));
      }),
      { numRuns: 50, seed: 20_261_122 },
    );
  });

  it('are others for every field that is another', () => {
    fc.assert(
      fc.property(fields, fields, (one, two) => {
        for (const name of Object.keys(one) as (keyof CertificateFields)[]) {
          if (one[name] === two[name]) continue;
          expect(certificateIdOf({ ...one, [name]: two[name] }), name).to.not.equal(certificateIdOf(one));
        }
      }),
      { numRuns: 100, seed: 20_261_122 },
    );
  });

  it('lead by their leaves to a root that the contract knows for issued, at their own index alone', async () => {
    const signer = (registry.certificates.runner as unknown as { address: string }).address;
    await registry.send('organisations', 'admit', ['gem-lab', 4, signer]);
    const organisation = (await registry.organisations.getFunction('organisationByHandle')('gem-lab')).toLowerCase();
    for (const count of [1, 2, 3, 7]) {
      const all = Array.from({ length: count }, (_, i) => {
        const said = parsed(grading({ kind: 'piece', tokenId: String(count * 10 + i) }));
        return fieldsOf(organisation, said, hashStatement(canonicalStatement(said)));
      });
      const leaves = all.map((one, i) => certificateLeaf(i, certificateIdOf(one)));
      const root = merkleRoot(leaves);
      const verify = (index: number, one: CertificateFields, proof: readonly string[]): Promise<boolean> =>
        registry.certificates.getFunction('verifyCertificate')(root, count, index, one, proof);
      const tree = merkleTree(leaves);
      expect(await verify(0, all[0] as CertificateFields, proofIn(tree, 0)), 'not issued yet').to.equal(false);
      await registry.send('certificates', 'issueBatch', [organisation, root, count, [signer, 0, '0x']]);
      for (const [i, one] of all.entries()) {
        expect(await verify(i, one, proofIn(tree, i))).to.equal(true);
        expect(await verify(i + 1, one, proofIn(tree, i))).to.equal(false);
        expect(await verify(i, { ...one, validUntil: 1 }, proofIn(tree, i))).to.equal(false);
      }
    }
  });

  it('hold the subject as 32 bytes, numbered by its kind', () => {
    const said = (of: object) => fieldsOf(`0x${'11'.repeat(20)}`, parsed(grading(of)), `0x${'22'.repeat(32)}` as never);
    const word = (value: bigint) => `0x${value.toString(16).padStart(64, '0')}`;
    const cases: [object, number, string][] = [
      [{ kind: 'piece', tokenId: '258' }, 1, word(258n)],
      [{ kind: 'record', recordHash: `0x${'ab'.repeat(32)}` }, 2, `0x${'ab'.repeat(32)}`],
      [{ kind: 'report', issuer: 'GIA', number: '1' }, 3, reportKey({ issuer: 'gia', number: '1' })],
      [{ kind: 'batch', batchId: (2n ** 224n - 1n).toString() }, 4, word(2n ** 224n - 1n)],
      [{ kind: 'organisation', organisation: `0x${'cd'.repeat(20)}` }, 5, `0x${'00'.repeat(12)}${'cd'.repeat(20)}`],
      [{ kind: 'lot', lotId: `0x${'ef'.repeat(32)}` }, 6, `0x${'ef'.repeat(32)}`],
    ];
    expect(cases.map(([, kind]) => kind)).to.deep.equal(Object.values(SUBJECT_KINDS));
    for (const [of, kind, expected] of cases) {
      expect([said(of).kind, said(of).subject]).to.deep.equal([kind, expected]);
      expect(subjectOf(parsed(grading(of)).subject)).to.equal(expected);
    }
  });
});
