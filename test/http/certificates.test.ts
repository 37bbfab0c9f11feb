// Certificates over HTTP, by a laboratory of the test's own, on a real ledger: what they can be about, how long they
// hold, what becomes public, and how often the same is issued.
import { expect } from 'chai';
import { keccak256, toUtf8Bytes } from 'ethers';
import { contractInterface } from '../../src/adapters/contracts.ts';
import { canonicalise } from '../../src/core/canonical.ts';
import { certify, grading, passportOnce, settled } from '../support/certificates.ts';
import {
  type Admitted,
  type Api,
  anchored,
  freshKey,
  type Json,
  register,
  startLedger,
  statement,
  type TestLedger,
} from '../support/ledger.ts';

describe('certificates', () => {
  let ledger: TestLedger;
  let maker: Admitted;
  let lab: Admitted;
  let path: string;
  let piece: Json;
  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier-lune', ['9506000']);
    lab = await ledger.admit('gem-lab', [], ['certifier']);
    path = await register(maker.api, statement('Certified'));
    piece = await anchored(ledger.api, path);
  });

  after(() => ledger.stop());

  const issue = (body: object, headers: Record<string, string> = {}, api: Api = lab.api) =>
    api.post('/api/v1/certificates', body, headers);
  const shown = (id: string) =>
    passportOnce(ledger.api, path, (seen) => seen.certificates.some((one: Json) => one.id === id)).then((seen) =>
      seen.certificates.find((one: Json) => one.id === id),
    );
  /** Bytes posted to the certificates contract under this hash. */
  async function posted(contentHash: string): Promise<string[]> {
    const { rpc, ledger: parts } = ledger.service;
    const abi = contractInterface('Certificates');
    const topics = [abi.getEvent('ContentPosted')?.topicHash, contentHash];
    const filter = { address: parts.chain.certificates, topics, fromBlock: '0x0', toBlock: 'latest' };
    const logs = await rpc.call<Json[]>('eth_getLogs', filter);
    return logs.map((log) => Buffer.from(String(abi.parseLog(log)?.args['content']).slice(2), 'hex').toString('utf8'));
  }
  /** How often this certificate stands on the chain. */
  async function timesIssued(id: string): Promise<number> {
    const { rpc, ledger: parts } = ledger.service;
    const topics = [contractInterface('Certificates').getEvent('CertificateIssued')?.topicHash, id];
    const filter = { address: parts.chain.certificates, topics, fromBlock: '0x0', toBlock: 'latest' };
    return (await rpc.call<Json[]>('eth_getLogs', filter)).length;
  }

  it('are issued about a piece and stand in its passport, whose evidence is judged genuine', async () => {
    const done = await certify(lab.api, grading({ kind: 'piece', path }), { validUntil: '2099-12-31' });
    expect(await shown(done.id)).to.deep.include({
      about: 'piece',
      standing: 'in-force',
      certifier: { address: lab.organisation, handle: 'gem-lab', suspendedSince: null },
      validUntil: '2100-01-01T00:00:00Z',
      revoked: null,
      final: true,
      statement: grading({ kind: 'piece', tokenId: piece.tokenId }),
    });
    const evidence = await ledger.api.get(`/api/v1/pieces${path}/evidence`);
    const verdict = await ledger.api.post('/api/v1/verify', { evidence: evidence.body });
    expect(verdict.body.headline, verdict.text).to.equal('genuine-record');
    expect(verdict.body.certificates.map((one: Json) => one.id)).to.include(done.id);
  });

  const subjects = (): Record<string, [object, object, string]> => ({
    'a piece by its token': [{ kind: 'piece', tokenId: piece.tokenId }, { tokenId: piece.tokenId }, 'piece'],
    'a record by its path': [{ kind: 'record', path }, { recordHash: piece.recordHash }, 'record'],
    'a record by its hash': [
      { kind: 'record', recordHash: piece.recordHash },
      { recordHash: piece.recordHash },
      'record',
    ],
    'a report that its record states': [
      { kind: 'report', issuer: 'g.i.a', number: '2141-438171' },
      { issuer: 'g.i.a', number: '2141-438171' },
      'report',
    ],
    'its batch': [{ kind: 'batch', batchId: piece.batch.id }, { batchId: piece.batch.id }, 'batch'],
    'its registrant by the handle': [
      { kind: 'organisation', handle: 'atelier-lune' },
      { organisation: maker.organisation },
      'organisation',
    ],
    'its registrant by the address': [
      { kind: 'organisation', organisation: maker.organisation },
      { organisation: maker.organisation },
      'organisation',
    ],
  });
  for (const name of [
    'a piece by its token',
    'a record by its path',
    'a record by its hash',
    'a report that its record states',
    'its batch',
    'its registrant by the handle',
    'its registrant by the address',
  ]) {
    it(`are about ${name}, and then in the passport`, async () => {
      const [told, meant, kind] = subjects()[name] as [object, object, string];
      const done = await certify(lab.api, grading(told, { title: name }));
      expect(done.statement.subject).to.deep.equal({ kind, ...meant });
      expect(done.contentHash).to.equal(keccak256(toUtf8Bytes(canonicalise(done.statement))));
      expect((await shown(done.id)).about).to.equal(kind);
    });
  }

  it('are about a record or a report that this ledger has never seen', async () => {
    for (const subject of [
      { kind: 'record', recordHash: `0x${'7e'.repeat(32)}` },
      { kind: 'report', issuer: 'HRD Antwerp', number: '230000123' },
    ]) {
      expect((await certify(lab.api, grading(subject))).statement.subject).to.deep.equal(subject);
    }
  });

  it('hold to the end of a day, to a second, or without an end', async () => {
    for (const [validUntil, told] of [
      ['2098-02-28', '2098-03-01T00:00:00Z'],
      ['9999-12-31', '9999-12-31T23:59:59Z'],
      [4_102_444_801, '2100-01-01T00:00:01Z'],
      [2 ** 48 - 1, '9999-12-31T23:59:59Z'],
      [0, null],
    ]) {
      const done = await certify(lab.api, grading({ kind: 'piece', path }, { title: `Until ${validUntil}` }), {
        validUntil,
      });
      expect([done.validUntil, done.issued.validUntil, done.issued.standing]).to.deep.equal([told, told, 'in-force']);
    }
  });

  it('put their statement on the chain, or only its fingerprint', async () => {
    const open = await certify(lab.api, grading({ kind: 'piece', path }, { title: 'Open' }));
    expect(await posted(open.contentHash)).to.deep.equal([canonicalise(open.statement)]);
    const kept = await certify(lab.api, grading({ kind: 'piece', path }, { title: 'Kept' }), { publish: false });
    expect(await posted(kept.contentHash)).to.deep.equal([]);
    expect(kept.statement.title).to.equal('Kept');
  });

  it('are published later, if their statement was kept back at first, and issued once all the same', async () => {
    const about = grading({ kind: 'piece', path }, { title: 'Kept back' });
    const { id, contentHash } = await certify(lab.api, about, { publish: false });
    for (const expected of [1, 1]) {
      expect((await issue({ statement: about })).status).to.equal(202);
      await certify(lab.api, grading({ kind: 'piece', path }, { title: `Behind it: ${freshKey()}` }));
      expect(await posted(contentHash)).to.have.length(expected);
    }
    expect(await timesIssued(id)).to.equal(1);
  });

  it('are issued once under one key, and once under another', async () => {
    const key = freshKey();
    const body = { statement: grading({ kind: 'piece', path }, { title: 'Once' }) };
    const [first, again, other] = await Promise.all([
      issue(body, { 'idempotency-key': key }),
      issue(body, { 'idempotency-key': key }),
      issue(body),
    ]);
    expect([first.status, again.status, other.status]).to.deep.equal([202, 202, 202]);
    const { id } = first.body;
    expect([again.body.id, other.body.id]).to.deep.equal([id, id]);
    expect(first.headers.get('location')).to.equal(`/api/v1/certificates/${id}`);
    await settled(lab.api, id);
    expect((await issue(body)).body.state).to.equal('final');
    await certify(lab.api, grading({ kind: 'piece', path }, { title: 'Behind the one' }));
    expect(await timesIssued(id)).to.equal(1);
    const reused = await issue({ statement: grading({ kind: 'piece', path }) }, { 'idempotency-key': key });
    expect([reused.status, reused.body.code]).to.deep.equal([422, 'idempotency-key-reused']);
  });

  it('by two certifiers in the same words are two', async () => {
    const other = await ledger.admit('second-opinion', [], ['certifier', 'maker']);
    const about = grading({ kind: 'piece', path }, { title: 'Agreed' });
    const [one, two] = [await certify(lab.api, about), await certify(other.api, about)];
    expect(one.contentHash).to.equal(two.contentHash);
    expect(one.id).to.not.equal(two.id);
  });

  it('are told by their id to everybody, and listed to their certifier, newest first, page by page', async () => {
    const first = await certify(lab.api, grading({ kind: 'piece', path }, { title: 'Last but one' }));
    const second = await certify(lab.api, grading({ kind: 'piece', path }, { title: 'Last' }));
    const told = await ledger.api.get(`/api/v1/certificates/${second.id.toUpperCase().replace('0X', '0x')}`);
    expect(told.body).to.deep.equal(second);
    const all: Json[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await lab.api.get(`/api/v1/certificates?limit=3${cursor}`);
      all.push(...body.items);
      expect(body.items.length).to.be.at.most(3);
      if (body.next === null) break;
      cursor = `&cursor=${body.next}`;
    }
    expect(all.slice(0, 2).map(({ id }) => id)).to.deep.equal([second.id, first.id]);
    expect(new Set(all.map(({ id }) => id)).size).to.equal(all.length);
    expect(all.every(({ certifier }) => certifier.handle === 'gem-lab')).to.equal(true);
    expect((await maker.api.get('/api/v1/certificates')).body).to.deep.equal({ items: [], next: null });
  });
});
