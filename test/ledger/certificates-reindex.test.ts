// Certificates that come from the chain past the service, with whatever bytes their authors chose; and all of them again
// after the index was dropped, here and on a database that saw nothing but the chain.
import { rmSync } from 'node:fs';
import { expect } from 'chai';
import { AbiCoder, type Wallet } from 'ethers';
import { contractInterface } from '../../src/adapters/contracts.ts';
import { openDatabase } from '../../src/adapters/postgres.ts';
import { canonicalise } from '../../src/core/canonical.ts';
import { type CertificateFields, certificateIdOf, subjectOf } from '../../src/core/certificate.ts';
import { codeOfPath, type PieceCode } from '../../src/core/code.ts';
import { type Hex32, keccak, toHex } from '../../src/core/hash.ts';
import { startInfrastructure } from '../../src/infrastructure.ts';
import { passportOf } from '../../src/ledger/find.ts';
import { dropIndex, rebuildIndex } from '../../src/ledger/reindex.ts';
import { migrate } from '../../src/ledger/schema.ts';
import type { Ledger } from '../../src/ports.ts';
import { layFoundation } from '../../src/service.ts';
import { certify, grading, passportOnce, revoke, setKey, settled } from '../support/certificates.ts';
import { fund, sendDirectly } from '../support/direct.ts';
import {
  type Admitted,
  anchored,
  type Json,
  register,
  startLedger,
  statement,
  type TestLedger,
  temporaryFolder,
} from '../support/ledger.ts';
import { until, wallet } from '../support/raw-chain.ts';

const abi = contractInterface('Certificates');
const FIELDS = 'tuple(address,uint8,bytes32,bytes32,uint48,uint24)';
const AUTHORIZATION = 'tuple(address,uint48,bytes)';
const CERTIFY = 4;

describe('certificates that come from the chain', function () {
  this.timeout(240_000);
  const dataDir = temporaryFolder();
  const own = wallet('a certifier at the contract') as unknown as Wallet;
  let ledger: TestLedger;
  let maker: Admitted;
  let lab: Admitted;
  let path: string;
  let other: string;
  let piece: Json;

  before(async () => {
    ledger = await startLedger({ DATA_DIR: dataDir });
    maker = await ledger.admit('atelier-lune');
    lab = await ledger.admit('gem-lab', [], ['certifier']);
    path = await register(maker.api, statement('Certified'));
    other = await register(maker.api, statement('Another'));
    piece = await anchored(ledger.api, path);
    await anchored(ledger.api, other);
    await setKey(ledger, lab, own.address, CERTIFY);
    await fund(ledger, own.address);
  });
  after(() => rmSync(dataDir, { recursive: true, force: true }));

  const direct = (data: string) => sendDirectly(ledger, data, own, ledger.service.ledger.chain.certificates);
  const post = (content: Uint8Array) => direct(abi.encodeFunctionData('postContent', [content]));
  const fieldsFor = (content: Uint8Array, differing: Partial<CertificateFields> = {}): CertificateFields => ({
    organisation: lab.organisation,
    kind: 1,
    subject: subjectOf({ kind: 'piece', tokenId: piece.tokenId }),
    contentHash: toHex(keccak(content)),
    validUntil: 0,
    pieceEvents: 0,
    ...differing,
  });
  const bytesOf = (said: object) => Buffer.from(canonicalise(said), 'utf8');
  /** Issued at the contract, with its bytes posted. @returns its id */
  async function issueDirectly(content: Uint8Array, differing: Partial<CertificateFields> = {}): Promise<Hex32> {
    const fields = fieldsFor(content, differing);
    await direct(abi.encodeFunctionData('issue', [fields]));
    await post(content);
    return certificateIdOf(fields);
  }
  /** With words that are bytes, as the contract takes them. */
  async function revokeDirectly(fields: CertificateFields, words: Uint8Array): Promise<void> {
    const values = [Object.values(fields), 5, words, [own.address, 0, '0x']];
    const tail = AbiCoder.defaultAbiCoder().encode([FIELDS, 'uint8', 'bytes', AUTHORIZATION], values);
    await direct(`${abi.getFunction('revoke')?.selector}${tail.slice(2)}`);
  }
  const shown = (id: string, holds: (one: Json) => boolean = () => true) =>
    passportOnce(ledger.api, path, (seen) => seen.certificates.some((one: Json) => one.id === id && holds(one))).then(
      (seen) => seen.certificates.find((one: Json) => one.id === id),
    );
  const about = (title: string, tokenId = piece.tokenId) => grading({ kind: 'piece', tokenId }, { title });

  it('past the service are shown with their statement, and told by the API', async () => {
    const said = about('At the contract');
    const id = await issueDirectly(bytesOf(said));
    expect(await shown(id)).to.deep.include({ statement: said, standing: 'in-force' });
    expect(await settled(ledger.api, id)).to.deep.include({ state: 'final', statement: said });
    await revoke(lab.api, id, 'replaced');
    expect((await settled(ledger.api, id)).issued.standing).to.equal('revoked');
  });

  it('take nobody’s bytes for a statement that aren’t one, and stop at none', async () => {
    const good = bytesOf(about('Good'));
    const broken = Buffer.from(good);
    broken[good.indexOf('Good')] = 0xff;
    const cases: Record<string, Uint8Array> = {
      'no UTF-8, and a statement once it is mended': broken,
      'with a byte order mark': Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), good]),
      'not canonical': Buffer.from(JSON.stringify({ title: 'x', ...about('Good') })),
      'no JSON': Buffer.from('not a statement'),
      'an escaped NUL': Buffer.from(good.toString().replace('Good', '\\u0000')),
      'a plain NUL': Buffer.concat([good, Buffer.of(0)]),
      'half a character': Buffer.from(good.toString().replace('Good', '\\ud800')),
      huge: Buffer.alloc(100_000, 0x61),
      deep: Buffer.from('['.repeat(60_000)),
      prototype: Buffer.from(good.toString().replace('{', '{"__proto__":{},')),
      nothing: Buffer.alloc(0),
    };
    for (const [name, content] of Object.entries(cases)) {
      const id = await issueDirectly(content);
      expect((await shown(id)).statement, name).to.equal(null);
    }
    const verdict = await ledger.api.post('/api/v1/verify', { tokenId: piece.tokenId });
    expect(verdict.body.headline, verdict.text).to.equal('genuine-record');
  });

  it('about one piece, with a statement about another, show no statement and spoil nobody’s evidence', async () => {
    const id = await issueDirectly(bytesOf(about('Of another', (await anchored(ledger.api, other)).tokenId)));
    expect((await shown(id)).statement).to.equal(null);
    const { body: evidence } = await ledger.api.get(`/api/v1/pieces${path}/evidence`);
    const verdict = await ledger.api.post('/api/v1/verify', { evidence });
    expect(verdict.body.headline, verdict.text).to.equal('genuine-record');
  });

  it('about a lot that nobody knows, with bytes that are no statement, are no piece’s', async () => {
    const id = await issueDirectly(Buffer.from('lot'), { kind: 6 });
    expect((await settled(ledger.api, id)).issued.about).to.equal('lot');
    const seen = await passportOnce(ledger.api, path, (now) => now.certificates.length > 0);
    expect(seen.certificates.some((one: Json) => one.id === id)).to.equal(false);
  });

  it('are revoked in words of any bytes, which are read as far as they can be', async () => {
    const cases: [string, Uint8Array, string][] = [
      ['no UTF-8', Buffer.from([0x66, 0xff, 0x6f, 0xed, 0xa0, 0x80]), 'f\uFFFDo\uFFFD\uFFFD\uFFFD'],
      ['NUL', Buffer.from('a\0b'), 'ab'],
      ['cut', Buffer.from('é').subarray(0, 1), '\uFFFD'],
      ['endless', Buffer.alloc(100_000, 0x61), 'a'.repeat(1_000)],
    ];
    for (const [title, words, expected] of cases) {
      const content = bytesOf(about(`Revoked, ${title}`));
      const id = await issueDirectly(content);
      await revokeDirectly(fieldsFor(content), words);
      const one = await shown(id, ({ revoked }) => revoked !== null);
      expect([title, one.revoked.reason, one.revoked.words]).to.deep.equal([title, 'other', expected]);
    }
    const verdict = await ledger.api.post('/api/v1/verify', { tokenId: piece.tokenId });
    expect(verdict.body.headline, verdict.text).to.equal('warning');
  });

  it('stand beside organisations suspended for reasons of any bytes', async () => {
    const organisations = contractInterface('Organisations');
    for (const reason of [Buffer.from([0, 0xff, 0xc0, 0x80]), Buffer.from('"\\\0\u2028'), Buffer.alloc(50_000, 0xfe)]) {
      const values = AbiCoder.defaultAbiCoder().encode(['address', 'bytes'], [lab.organisation, reason]);
      const to = ledger.service.ledger.chain.organisations;
      await sendDirectly(ledger, organisations.getFunction('suspend')?.selector + values.slice(2), undefined, to);
      await passportOnce(ledger.api, path, (seen) => seen.certificates[0].certifier.suspendedSince !== null);
      await sendDirectly(ledger, organisations.encodeFunctionData('reinstate', [lab.organisation]), undefined, to);
    }
    await passportOnce(ledger.api, path, (seen) => seen.certificates[0].certifier.suspendedSince === null);
  });

  it('are the same to the byte after the index was dropped and rebuilt; elsewhere without what was not published', async () => {
    const kept = await certify(lab.api, about('Kept back'), { publish: false });
    const certificates = [{ statement: about('In a batch') }, { statement: about('And another') }];
    const [inBatch] = (await lab.api.post('/api/v1/certificates/batches', { certificates })).body.certificates;
    await settled(ledger.api, inBatch);
    await revoke(lab.api, inBatch, 'mistake', 'Taken back.');
    await until('the index is at the head', async () => {
      const [row] = await ledger.sql<Json>(`SELECT value->'number' AS number FROM settings WHERE name = 'cursor'`);
      return (await ledger.service.ledger.chain.head()).number === row.number;
    });
    await ledger.stop();
    const { service, config } = ledger;
    const infrastructure = await startInfrastructure(config, service.log, () => {});
    const links = { publicUrl: 'http://x', nudge: () => {} };
    const foundation = await layFoundation(config, infrastructure, service.log, () => {}, links);
    try {
      const here = foundation.ledger;
      const told = await texts(here);
      await dropIndex(here);
      await rebuildIndex(here, () => {});
      expect(await texts(here)).to.deep.equal(told);
      const seen = await elsewhere(here, infrastructure.databaseUrl());
      const expected = JSON.parse(told[0] as string);
      expected.certificates = expected.certificates.flatMap((one: Json) => {
        if (one.id !== one.issue.id) return [];
        return one.id === kept.id ? [{ ...one, statement: null }] : [one];
      });
      expect(seen.certificates).to.deep.equal(expected.certificates);
      expect(seen.certificates.length).to.be.greaterThan(15);
    } finally {
      await foundation.stop();
      await infrastructure.stop();
    }
  });

  const texts = async (from: Ledger): Promise<string[]> =>
    Promise.all(
      [path, other].map(async (one) =>
        JSON.stringify(await passportOf(from.db, from.chain, codeOfPath(one) as PieceCode)),
      ),
    );

  /** The first piece's passport on a database that saw nothing but the chain. */
  async function elsewhere(from: Ledger, url: string): Promise<Json> {
    await from.db.query('CREATE DATABASE another');
    const db = openDatabase(() => url.replace(/\/[^/]*$/, '/another'), from.log);
    try {
      await migrate(db);
      await dropIndex({ ...from, db });
      await rebuildIndex({ ...from, db }, () => {});
      return JSON.parse((await texts({ ...from, db }))[0] as string);
    } finally {
      await db.close();
    }
  }
});
