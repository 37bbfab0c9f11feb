// Report numbers that several pieces claim, and what certificates that were taken back or ran out do to a passport.
import { expect } from 'chai';
import { certify, checkOf, grading, passportOnce, revoke } from '../support/certificates.ts';
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
import { goldRing } from '../support/records.ts';

const SINGLE = 'report-numbers-single-use';

describe('certificates beside a piece', function () {
  this.timeout(240_000);
  let ledger: TestLedger;
  let maker: Admitted;
  let rival: Admitted;
  let lab: Admitted;
  let other: Admitted;
  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier-lune');
    rival = await ledger.admit('maison-verre');
    // Reads like the issuer "G.E.M. Lab".
    lab = await ledger.admit('gem-lab', [], ['certifier']);
    other = await ledger.admit('gem-labs', [], ['certifier']);
  });
  after(() => ledger.stop());

  let number = 2_141_438_171;
  /** Nobody else's number. */
  const fresh = () => {
    number += 7;
    return String(number);
  };
  const stating = (title: string, issuer: string, stated: string) => {
    const materials = goldRing().materials.map((one) =>
      one.type === 'stone' ? { ...one, report: { issuer, number: stated } } : one,
    );
    return statement(title, { materials });
  };
  async function piece(by: Admitted, title: string, issuer: string, stated: string): Promise<Json> {
    const path = await register(by.api, stating(title, issuer, stated));
    return anchored(ledger.api, path);
  }
  const once = (seen: Json, holds: (now: Json) => boolean) => passportOnce(ledger.api, seen.path, holds);

  for (const [whose, second] of [
    ['the same organisation', () => maker],
    ['two organisations', () => rival],
  ] as const) {
    it(`warns on both of two pieces of ${whose} that state one report, each naming the other`, async () => {
      const stated = fresh();
      const first = await piece(maker, 'First', 'G.E.M. Lab', `${stated.slice(0, 4)}-${stated.slice(4)}`);
      expect(checkOf(first, SINGLE)).to.equal('pass');
      const copy = await piece(second(), 'Second', 'gem lab', stated);
      const warned = await once(first, (now) => checkOf(now, SINGLE) === 'warn');
      expect(warned.reports[0]).to.deep.include({ otherUses: [copy.tokenId], named: 'no-piece' });
      expect(copy.reports[0]).to.deep.include({ otherUses: [first.tokenId], named: 'no-piece' });
      expect([checkOf(copy, SINGLE), copy.headline, warned.headline]).to.deep.equal([
        'warn',
        'genuine-record',
        'genuine-record',
      ]);
    });
  }

  it('warns no more on the piece that the laboratory itself names, and alarms on the other, until it takes that back', async () => {
    const stated = fresh();
    const real = await piece(maker, 'Real', 'GEM Lab', stated);
    const fake = await piece(rival, 'Fake', 'GEM Lab', stated);
    const report = { issuer: 'Gem-Lab', number: ` ${stated} `.trim() };
    const of = grading({ kind: 'piece', path: real.path }, { report });
    await certify(other.api, of);
    const unmoved = await once(real, (now) => now.certificates.length === 1);
    expect(unmoved.reports[0].named, 'a handle that reads otherwise confirms nothing').to.equal('no-piece');
    const { id } = await certify(lab.api, of);
    const confirmed = await once(real, (now) => now.reports[0].named === 'this-piece');
    expect([checkOf(confirmed, SINGLE), confirmed.headline]).to.deep.equal(['pass', 'genuine-record']);
    const exposed = await once(fake, (now) => now.reports[0].named === 'another-piece');
    expect([checkOf(exposed, SINGLE), exposed.headline]).to.deep.equal(['warn', 'warning']);
    await revoke(lab.api, id, 'replaced');
    for (const one of [real, fake]) {
      const seen = await once(one, (now) => now.reports[0].named === 'no-piece');
      expect([checkOf(seen, SINGLE), seen.headline]).to.deep.equal(['warn', 'genuine-record']);
    }
  });

  it('takes a laboratory’s word for a record as for a piece, in a batch as alone, and not for the report by itself', async () => {
    const stated = fresh();
    const report = { issuer: 'gem lab', number: stated };
    const real = await piece(maker, 'By its record', 'GEM Lab', stated);
    await certify(lab.api, grading({ kind: 'report', ...report }, { report }));
    const named = await once(real, (now) => now.certificates.length === 1);
    expect([named.reports[0].named, checkOf(named, SINGLE)]).to.deep.equal(['no-piece', 'pass']);
    const certificates = [{ statement: grading({ kind: 'record', path: real.path }, { report }) }];
    expect((await lab.api.post('/api/v1/certificates/batches', { certificates })).status).to.equal(202);
    expect((await once(real, (now) => now.reports[0].named === 'this-piece')).certificates).to.have.length(2);
  });

  it('hears the laboratory through six hundred certificates of others that carry the number', async () => {
    const stated = fresh();
    const report = { issuer: 'GEM Lab', number: stated };
    const real = await piece(maker, 'Crowded', 'GEM Lab', stated);
    const certificates = Array.from({ length: 600 }, (_, i) => ({
      statement: grading({ kind: 'record', recordHash: `0x${'12'.repeat(32)}` }, { report, title: `Noise ${i}` }),
    }));
    expect((await other.api.post('/api/v1/certificates/batches', { certificates })).status).to.equal(202);
    await certify(other.api, grading({ kind: 'piece', path: real.path }, { title: 'Behind the noise' }));
    await certify(lab.api, grading({ kind: 'piece', path: real.path }, { report }));
    expect((await once(real, (now) => now.certificates.length === 2)).reports[0].named).to.equal('this-piece');
  });

  it('lists certificates in order of issue, in force and revoked', async () => {
    const seen = await piece(maker, 'With a history', 'HRD', fresh());
    const ids: string[] = [];
    for (const title of ['first', 'second', 'third']) {
      ids.push((await certify(lab.api, grading({ kind: 'piece', path: seen.path }, { title }))).id);
    }
    await revoke(lab.api, ids[0] as string, 'replaced', 'See the second.');
    const told = await once(seen, (now) => now.certificates[0]?.standing === 'revoked');
    expect(told.certificates.map(({ id }: Json) => id)).to.deep.equal(ids);
    expect(told.certificates.map(({ standing }: Json) => standing)).to.deep.equal(['revoked', 'in-force', 'in-force']);
    expect(told.certificates[0].revoked).to.deep.include({ reason: 'replaced', words: 'See the second.' });
    expect([told.headline, checkOf(told, 'certificates-not-revoked')]).to.deep.equal(['genuine-record', 'pass']);
  });

  for (const reason of ['mistake', 'piece-changed', 'deceit', 'other']) {
    it(`alarms when one about the piece was revoked: ${reason}`, async () => {
      const seen = await piece(maker, reason, 'HRD', fresh());
      const { id } = await certify(lab.api, grading({ kind: 'piece', path: seen.path }));
      await revoke(lab.api, id, reason);
      const told = await once(seen, (now) => now.certificates[0]?.revoked?.reason === reason);
      expect([told.headline, checkOf(told, 'certificates-not-revoked')]).to.deep.equal(['warning', 'warn']);
    });
  }

  it('warns without alarm when one about its registrant was revoked', async () => {
    const late = await ledger.admit('bijoux-mistral');
    const seen = await piece(late, 'Of a former member', 'HRD', fresh());
    const { id } = await certify(
      lab.api,
      grading({ kind: 'organisation', handle: late.handle }, { type: 'membership' }),
    );
    await revoke(lab.api, id, 'deceit');
    const told = await once(seen, (now) => now.certificates[0]?.standing === 'revoked');
    expect([told.headline, checkOf(told, 'certificates-not-revoked')]).to.deep.equal(['genuine-record', 'warn']);
    expect((await passport(ledger.api, seen.path)).certificates[0].about).to.equal('organisation');
  });
});
