// What Lighthouse makes of the two pages that most people see first, on its own telephone: everything but speed, which
// npm run bench -- scan measures, because a test asserts no times.
import { expect } from 'chai';
import { type Judgement, judged } from '../../scripts/bench/scan/lighthouse.ts';
import { anchored, register, startLedger, statement, type TestLedger } from '../support/ledger.ts';

const CATEGORIES = ['accessibility', 'best-practices', 'seo'] as const;

describe('by Lighthouse’s account', function () {
  this.timeout(180_000);
  let ledger: TestLedger;
  let path: string;

  before(async () => {
    ledger = await startLedger();
    const maker = await ledger.admit('atelier-lune');
    path = await register(maker.api, statement('Solitaire'));
    await anchored(ledger.api, path);
  });
  after(() => ledger.stop());

  it('passport and claim page reach 95 of 100 in accessibility, best practices and for search engines', async () => {
    const [passport, claim] = await judged([ledger.url + path, `${ledger.url}/claim${path}`], CATEGORIES);
    for (const category of CATEGORIES) {
      expect(passport?.scores[category], said('passport', passport)).to.be.at.least(95);
      expect(claim?.scores[category], said('claim', claim)).to.be.at.least(95);
    }
  });
});

function said(page: string, judgement: Judgement | undefined): string {
  return `${page} loses by ${judgement?.lost.join(', ')}`;
}
