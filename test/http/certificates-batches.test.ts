// Many certificates at once: one transaction, each found, proven and revoked by itself.
import { expect } from 'chai';
import { MAX_EVIDENCE_BYTES } from '../../src/core/evidence.ts';
import { checkOf, grading, passportOnce, revoke, settled } from '../support/certificates.ts';
import {
  type Admitted,
  anchored,
  freshKey,
  type Json,
  register,
  startLedger,
  statement,
  type TestLedger,
} from '../support/ledger.ts';
import { refusal } from '../support/refusal.ts';

const AT = '/api/v1/certificates/batches';

describe('certificates in batches', function () {
  this.timeout(240_000);
  let ledger: TestLedger;
  let maker: Admitted;
  let lab: Admitted;
  let paths: string[];
  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier-lune');
    lab = await ledger.admit('gem-lab', [], ['certifier']);
    paths = await Promise.all(['One', 'Two', 'Three', 'Four'].map((title) => register(maker.api, statement(title))));
    for (const path of paths) await anchored(ledger.api, path);
  });
  after(() => ledger.stop());

  const wishes = (title: string, of = paths) =>
    of.map((path) => ({ statement: grading({ kind: 'piece', path }, { title }), validUntil: '2099-12-31' }));
  async function issued(certificates: object[]): Promise<string[]> {
    const reply = await lab.api.post(AT, { certificates });
    expect(reply.status, reply.text).to.equal(202);
    await settled(lab.api, reply.body.certificates[0]);
    return reply.body.certificates;
  }
  const seenIn = (path: string, id: string) =>
    passportOnce(ledger.api, path, (seen) => seen.certificates.some((one: Json) => one.id === id)).then((seen) =>
      seen.certificates.find((one: Json) => one.id === id),
    );
  async function verdictOn(path: string): Promise<Json> {
    const { body: evidence } = await ledger.api.get(`/api/v1/pieces${path}/evidence`);
    return (await ledger.api.post('/api/v1/verify', { evidence })).body;
  }

  for (const count of [1, 2, 3, 4]) {
    it(`of ${count}: each in the passport of its piece, with its proof`, async () => {
      const of = paths.slice(0, count);
      const ids = await issued(wishes(`Tray of ${count}`, of));
      expect(ids).to.have.length(count);
      const issues = new Set<string>();
      for (const [index, path] of of.entries()) {
        const one = await seenIn(path, ids[index] as string);
        expect(one.issue.index).to.equal(index);
        issues.add(one.issue.id);
        const verdict = await verdictOn(path);
        expect(verdict.headline, JSON.stringify(verdict.checks)).to.equal('genuine-record');
        const judged = verdict.certificates.find(({ id }: Json) => id === ids[index]);
        expect(new Set(judged.checks.map(({ result }: Json) => result))).to.deep.equal(new Set(['pass']));
      }
      expect(issues.size).to.equal(1);
    });
  }

  it('of a thousand are issued in one transaction; the first, a middle and the last are proven', async () => {
    const certificates = Array.from({ length: 1_000 }, (_, i) => ({
      statement: grading({ kind: 'piece', path: paths[i % 4] }, { title: `Stone ${i}` }),
    }));
    const ids = await issued(certificates);
    expect(new Set(ids).size).to.equal(1_000);
    const issue = (await settled(lab.api, ids[999] as string)).issued;
    for (const i of [0, 499, 500, 999]) {
      const done = await settled(lab.api, ids[i] as string);
      expect([done.issue.index, done.statement.title]).to.deep.equal([i, `Stone ${i}`]);
      expect(done.issued.transaction).to.equal(issue.transaction);
      expect((await seenIn(paths[i % 4] as string, ids[i] as string)).standing).to.equal('in-force');
    }
    const verdict = await verdictOn(paths[3] as string);
    expect(verdict.headline, JSON.stringify(verdict.checks)).to.equal('genuine-record');
    expect(verdict.certificates.length).to.be.greaterThan(250);
  });

  it('of full size make no evidence file that nobody takes: the last come without their statements', async () => {
    const path = await register(maker.api, statement('Written about at length'));
    await anchored(ledger.api, path);
    const findings = Array.from({ length: 30 }, (_, i) => ({ name: `n${i}`, value: '"'.repeat(230) }));
    const certificates = Array.from({ length: 240 }, (_, i) => ({
      statement: grading({ kind: 'record', path }, { title: `Volume ${i}`, findings }),
    }));
    const ids = await issued(certificates);
    await seenIn(path, ids[239] as string);
    const { body: evidence, text } = await ledger.api.get(`/api/v1/pieces${path}/evidence`);
    expect(evidence.certificates).to.have.length(240);
    expect(evidence.certificates[0].statement).to.include('Volume 0');
    expect(evidence.certificates[239].statement).to.equal(null);
    expect(text.length).to.be.below(MAX_EVIDENCE_BYTES);
    expect((await verdictOn(path)).headline).to.equal('genuine-record');
  });

  it('are revoked one by one: the neighbours stay in force', async () => {
    const ids = await issued(wishes('To be revoked in part'));
    const done = await revoke(lab.api, ids[1] as string, 'replaced', 'Typed wrongly.');
    expect(done.issued).to.deep.include({ standing: 'revoked' });
    const standings = [];
    for (const [i, id] of ids.entries()) standings.push((await seenIn(paths[i] as string, id)).standing);
    expect(standings).to.deep.equal(['in-force', 'revoked', 'in-force', 'in-force']);
    const verdict = await verdictOn(paths[1] as string);
    expect(checkOf(verdict, 'certificates-not-revoked')).to.equal('pass');
    expect(verdict.headline).to.equal('genuine-record');
  });

  it('are issued once, under one key and under another', async () => {
    const key = { 'idempotency-key': freshKey() };
    const body = { certificates: wishes('Once') };
    const replies = await Promise.all([
      lab.api.post(AT, body, key),
      lab.api.post(AT, body, key),
      lab.api.post(AT, body),
    ]);
    expect(replies.map(({ status }) => status)).to.deep.equal([202, 202, 202]);
    const ids = replies[0]?.body.certificates;
    for (const reply of replies) expect(reply.body.certificates).to.deep.equal(ids);
    await settled(lab.api, ids[0]);
    expect((await lab.api.post(AT, body)).body.certificates).to.deep.equal(ids);
    const [{ count }] = (await ledger.sql(
      'SELECT count(*) FROM certificate_orders WHERE issue_id = $1',
      (
        await settled(lab.api, ids[0])
      ).issue.id,
    )) as [Json];
    expect(count).to.equal(1);
  });

  it('don’t hold the same certificate twice, nor one that is issued already', async () => {
    const [first, second] = wishes('Same');
    const twice = { certificates: [first, second, first] };
    const told = await refusal(ledger, () => lab.api.post(AT, twice), 422, 'invalid-certificate');
    expect(told.body.errors).to.deep.equal([{ field: 'certificates.2', reason: 'is the same as certificates.0' }]);
    const [id] = await issued([first as object]);
    const again = await refusal(
      ledger,
      () => lab.api.post(AT, { certificates: [second, first] }),
      422,
      'invalid-certificate',
    );
    expect(again.body.errors.map(({ field }: Json) => field)).to.deep.equal(['certificates.1']);
    const single = await refusal(ledger, () => lab.api.post('/api/v1/certificates', first), 422, 'invalid-certificate');
    expect(single.body.errors.map(({ field }: Json) => field)).to.deep.equal(['statement']);
    expect((await settled(lab.api, id as string)).issued.standing).to.equal('in-force');
  });

  it('name the certificate and the field at fault, and are at most a thousand', async () => {
    const good = wishes('Good');
    const cases: [unknown, number, string, string][] = [
      [[], 400, 'invalid-request', 'certificates'],
      [Array(1_001).fill(good[0]), 400, 'invalid-request', 'certificates'],
      ['none', 400, 'invalid-request', 'certificates'],
      [[good[0], null], 400, 'invalid-request', 'certificates.1'],
      [[good[0], { ...good[1], publish: true }], 400, 'invalid-request', 'certificates.1.publish'],
      [
        [good[0], { statement: grading({ kind: 'piece', path: '/p/x' }) }],
        422,
        'invalid-certificate',
        'certificates.1.statement.subject.path',
      ],
      [
        [good[0], { statement: grading({ kind: 'piece', path: paths[0] }, { title: '' }) }],
        422,
        'invalid-certificate',
        'certificates.1.statement.title',
      ],
      [[good[0], { ...good[1], validUntil: '2000-01-01' }], 422, 'invalid-certificate', 'certificates.1.validUntil'],
    ];
    for (const [certificates, status, code, field] of cases) {
      const { body } = await refusal(ledger, () => lab.api.post(AT, { certificates }), status, code);
      expect(body.errors.map((fault: Json) => fault.field)).to.deep.equal([field]);
    }
    await refusal(ledger, () => maker.api.post(AT, { certificates: good }), 403, 'key-not-permitted');
  });
});
