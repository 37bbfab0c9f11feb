// Certificates on a chain that takes blocks back: issued, revoked, lost and sent again, and each of it once. And what
// time does to them, which only a made-up chain lets pass.
import { expect } from 'chai';
import fc from 'fast-check';
import { type CertificateFields, certificateBatchIdOf, certificateIdOf } from '../../src/core/certificate.ts';
import { codePath, type PieceCode } from '../../src/core/code.ts';
import { type Hex32, keccak, toHex, utf8 } from '../../src/core/hash.ts';
import type { Root } from '../../src/core/merkle.ts';
import type { Caller } from '../../src/ledger/accounts.ts';
import { draft, draftAll } from '../../src/ledger/certificate-draft.ts';
import { storeOrder } from '../../src/ledger/certificate-orders.ts';
import { readCertificate } from '../../src/ledger/certificate-report.ts';
import { type Order, orderBatch, orderIssue, orderRevoke, ownCertificate } from '../../src/ledger/certify.ts';
import { passportOf } from '../../src/ledger/find.ts';
import type { Ledger } from '../../src/ports.ts';
import { checkOf, grading } from '../support/certificates.ts';
import { FakeChain, type Happening } from '../support/fake-chain.ts';
import type { Json } from '../support/ledger.ts';
import {
  accept,
  addressOf,
  admission,
  admitOn,
  type Databases,
  indexAll,
  indexOf,
  send,
  settle,
  startDatabases,
  wiped,
} from '../support/ledger-parts.ts';

const START = 1_700_000_000;

describe('certificates on a chain that takes blocks back', function () {
  this.timeout(240_000);
  let databases: Databases;
  let chain: FakeChain;
  let ledger: Ledger;
  let lab: string;
  let code: PieceCode;

  before(async () => {
    databases = await startDatabases();
  });
  after(() => databases.stop());
  afterEach(() => databases.closeAll());
  beforeEach(async () => {
    chain = new FakeChain();
    ledger = { ...(await databases.ledger(chain)), now: () => START * 1000 };
    const maker = await admitOn(ledger, chain, 'atelier-lune');
    lab = await admitOn(ledger, chain, 'gem-lab');
    code = await accept(ledger, maker, 'Ring');
    await settle(ledger, chain);
    extend(3);
    await indexAll(ledger);
  });

  const caller = (): Caller => ({ organisation: lab, handle: 'gem-lab', displayName: '', keyId: '', scopes: [] });
  const passport = (): Promise<Json> => passportOf(ledger.db, ledger.chain, code);
  const told = (id: string): Promise<Json> => readCertificate(ledger.db, id);
  const extend = (count: number) => {
    for (let i = 0; i < count; i++) chain.extend();
  };
  const wish = (title: string, differing: object = {}, validUntil = 0) => ({
    statement: grading({ kind: 'piece', path: codePath(code) }, { title, ...differing }),
    validUntil,
  });
  async function store(order: Order): Promise<Order> {
    await ledger.db.transaction((sql) => storeOrder(sql, caller(), order));
    return order;
  }
  async function issue(title: string, differing: object = {}, validUntil = 0): Promise<string> {
    const drafted = await draft(ledger, lab, wish(title, differing, validUntil));
    return (await store(await orderIssue(ledger, caller(), drafted, true, undefined))).issueId;
  }
  async function revoke(id: string): Promise<void> {
    const row = await ownCertificate(ledger.db, lab, id);
    await store(await orderRevoke(ledger, caller(), row, { reason: 'mistake', words: '' }, undefined));
  }
  const happened = async (kind: Happening['kind']) =>
    (await chain.events(0, chain.height)).filter((event) => event.kind === kind).length;

  it('are accepted, sealed, anchored and final, as the node says', async () => {
    const id = await issue('In four steps');
    expect((await told(id)).state).to.equal('accepted');
    await send(ledger);
    expect((await told(id)).state).to.equal('sealed');
    const { number } = chain.mine();
    await indexAll(ledger);
    expect((await told(id)).state).to.equal('anchored');
    expect((await passport()).certificates[0]).to.include({ id, final: false });
    chain.finalized = number;
    await indexAll(ledger);
    expect((await told(id)).state).to.equal('final');
    expect((await passport()).certificates[0]).to.include({ id, final: true });
  });

  for (const depth of [1, 2, 4]) {
    it(`are gone with ${depth} blocks, sent again, and there once with the same id`, async () => {
      const id = await issue('Lost and found');
      await settle(ledger, chain);
      extend(depth - 1);
      await indexAll(ledger);
      chain.rewind(depth);
      extend(depth + 1);
      await indexAll(ledger);
      expect((await told(id)).state).to.equal('sealed');
      expect((await passport()).certificates).to.deep.equal([]);
      await settle(ledger, chain);
      expect((await told(id)).state).to.equal('anchored');
      expect((await passport()).certificates.map((one: Json) => one.id)).to.deep.equal([id]);
      expect(await happened('certificate')).to.equal(1);
    });
  }

  it('are in force again while their revocation is gone, and revoked once when it is back', async () => {
    const id = await issue('Revoked twice over');
    await settle(ledger, chain);
    await revoke(id);
    await settle(ledger, chain);
    expect((await passport()).certificates[0].standing).to.equal('revoked');
    expect((await passport()).headline).to.equal('warning');
    chain.rewind(1);
    extend(2);
    await indexAll(ledger);
    expect((await passport()).certificates[0].standing).to.equal('in-force');
    expect((await passport()).headline).to.equal('genuine-record');
    expect((await told(id)).revocation).to.deep.equal({ state: 'sealed' });
    await settle(ledger, chain);
    expect((await passport()).certificates[0].standing).to.equal('revoked');
    expect((await told(id)).revocation).to.deep.equal({ state: 'anchored' });
    expect(await happened('revocation')).to.equal(1);
  });

  it('are gone and back with their revocation, in that order', async () => {
    const id = await issue('Both');
    await settle(ledger, chain);
    await revoke(id);
    await settle(ledger, chain);
    chain.rewind(2);
    extend(3);
    await indexAll(ledger);
    expect((await passport()).certificates).to.deep.equal([]);
    await settle(ledger, chain);
    expect((await passport()).certificates[0].standing).to.equal('revoked');
    expect([await happened('certificate'), await happened('revocation')]).to.deep.equal([1, 1]);
  });

  it('of a batch come back under the same root, and stay revoked by one', async () => {
    const drafted = await draftAll(ledger, lab, [wish('One'), wish('Two'), wish('Three')]);
    const { issueId } = await store(await orderBatch(ledger, caller(), drafted));
    await settle(ledger, chain);
    await revoke(drafted[1]?.id as string);
    await settle(ledger, chain);
    chain.rewind(2);
    extend(3);
    await indexAll(ledger);
    expect((await passport()).certificates).to.deep.equal([]);
    await settle(ledger, chain);
    const { certificates } = await passport();
    expect(certificates.map((one: Json) => [one.issue.id, one.standing])).to.deep.equal([
      [issueId, 'in-force'],
      [issueId, 'revoked'],
      [issueId, 'in-force'],
    ]);
  });

  it('that somebody else brought to the chain first have not failed', async () => {
    const id = await issue('Relayed by others');
    await settle(ledger, chain);
    await revoke(id);
    await send(ledger);
    const key = addressOf('key');
    chain.extend({ kind: 'revocation', id: id as Hex32, index: 0, organisation: lab, reason: 1, words: '', key });
    chain.mine();
    await settle(ledger, chain);
    await settle(ledger, chain);
    expect(await told(id)).to.deep.include({ revocation: { state: 'anchored' }, error: null });
  });

  for (const [type, result] of [
    ['assay', 'pass'],
    ['grading', 'pass'],
    ['membership', 'warn'],
    ['audit', 'warn'],
    ['chain-of-custody', 'warn'],
  ] as const) {
    it(`end with their time, which is worth a ${result} for: ${type}`, async () => {
      const time = START + 12 * (chain.height + 4);
      const id = await issue('Ending', { type }, time);
      await settle(ledger, chain);
      extend(2);
      await indexAll(ledger);
      const before = await passport();
      expect([before.certificates[0].id, before.asOf.time]).to.deep.equal([id, time - 12]);
      expect(before.certificates[0].standing).to.equal('in-force');
      expect(checkOf(before, 'certificates-current')).to.equal('pass');
      extend(1);
      await indexAll(ledger);
      const after = await passport();
      expect([after.asOf.time, after.certificates[0].standing]).to.deep.equal([time, 'ended']);
      expect([checkOf(after, 'certificates-current'), after.headline]).to.deep.equal([result, 'genuine-record']);
    });
  }

  it('leave, whatever came and went, the index of whoever reads the last chain from its start', async () => {
    const fields = (name: string): CertificateFields => ({
      organisation: lab,
      kind: 2,
      subject: toHex(keccak(utf8(name))),
      contentHash: toHex(keccak(utf8(`content of ${name}`))),
      validUntil: 0,
      pieceEvents: 0,
    });
    const key = addressOf('key');
    const single = (name: string): Happening => {
      return { kind: 'certificate', id: certificateIdOf(fields(name)), fields: fields(name), key };
    };
    const root = toHex(keccak(utf8('root'))) as Root;
    const batch = certificateBatchIdOf(lab, root, 3);
    const revoked = (id: Hex32, index: number): Happening => {
      return { kind: 'revocation', id, index, organisation: lab, reason: 1, words: 'so', key };
    };
    const some: Happening[] = [
      single('a'),
      single('b'),
      { kind: 'certificates', id: batch, organisation: lab, root, count: 3, key },
      revoked(certificateIdOf(fields('a')), 0),
      revoked(batch, 2),
    ];
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.subarray(some).map((happenings) => ({ extend: happenings })) },
      { weight: 2, arbitrary: fc.integer({ min: 1, max: 6 }).map((rewind) => ({ rewind })) },
      { weight: 3, arbitrary: fc.constant({ index: true as const }) },
    );
    const emptied = [ledger, await databases.ledger(chain)] as const;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 24 }), async (steps) => {
        chain = new FakeChain();
        chain.extend(admission('gem-lab'));
        const [followed, fresh] = [await wiped(emptied[0], chain), await wiped(emptied[1], chain)];
        for (const one of steps) {
          if ('index' in one) await indexAll(followed);
          else if ('rewind' in one) chain.rewind(Math.min(one.rewind, chain.height));
          else chain.extend(...(await allowed(one.extend)));
        }
        chain.extend();
        await indexAll(followed);
        await indexAll(fresh);
        expect(await indexOf(followed)).to.deep.equal(await indexOf(fresh));
      }),
      { numRuns: 25, seed: 20_261_122 },
    );
  });

  /** As the contract would: a batch once, a revocation once; a certificate as often as anybody relays it. */
  async function allowed(happenings: readonly Happening[]): Promise<Happening[]> {
    const before = (await chain.events(0, chain.height)) as Happening[];
    const same = (a: Json, b: Json) => a.kind === b.kind && a.id === b.id && a.index === b.index;
    return happenings.filter((one) => one.kind === 'certificate' || !before.some((other) => same(one, other)));
  }
});
