// Certificates over HTTP, by a laboratory and an assay office of the test's own, on a real ledger.
import { expect } from 'chai';
import {
  type Admitted,
  anchored,
  type Json,
  passport,
  register,
  startLedger,
  statement,
  type TestLedger,
} from '../support/ledger.ts';
import { until } from '../support/raw-chain.ts';

const grading = (differing: object = {}) => ({
  schema: 'touchstone/certificate/1',
  language: 'en',
  type: 'grading',
  title: 'Diamond grading report',
  statement: 'One natural diamond, round brilliant, 0.41 ct, graded G, VS1.',
  evidence: 'accredited',
  ...differing,
});

describe('certificates', () => {
  let ledger: TestLedger;
  let maker: Admitted;
  let lab: Admitted;
  let path: string;
  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier-lune', ['9506000']);
    lab = await ledger.admit('gem-lab', [], ['certifier']);
    path = await register(maker.api, statement('Certified'));
    await anchored(ledger.api, path);
  });

  after(() => ledger.stop());

  async function issued(id: string): Promise<Json> {
    let found: Json;
    await until('the certificate is on the chain', async () => {
      found = (await ledger.api.get(`/api/v1/certificates/${id}`)).body;
      return found.state === 'final' || found.state === 'failed';
    });
    return found;
  }

  it('are issued about a piece and stand in its passport', async () => {
    const wish = { statement: grading({ subject: { kind: 'piece', path } }), validUntil: '2099-12-31' };
    const reply = await lab.api.post('/api/v1/certificates', wish);
    expect(reply.status, reply.text).to.equal(202);
    const done = await issued(reply.body.id);
    expect(done.state, JSON.stringify(done)).to.equal('final');
    let seen: Json;
    await until('the passport shows it', async () => {
      seen = await passport(ledger.api, path);
      return seen.certificates.length > 0;
    });
    expect(seen.certificates.map((one: Json) => [one.about, one.standing, one.certifier.handle])).to.deep.equal([
      ['piece', 'in-force', 'gem-lab'],
    ]);
    const evidence = await ledger.api.get(`/api/v1/pieces${path}/evidence`);
    expect(evidence.status, evidence.text).to.equal(200);
    const verdict = await ledger.api.post('/api/v1/verify', { evidence: evidence.body });
    expect(verdict.status, verdict.text).to.equal(200);
    expect(verdict.body.headline).to.equal('genuine-record');
  });
});
