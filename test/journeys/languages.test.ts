// A person who reads Arabic at a phone, without JavaScript: the page runs from right to left, nothing scrolls sideways, axe
// finds nothing, and another language in between keeps the piece.
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { expectAccessible, expectNoSideways, type Person, person } from '../support/journey.ts';
import { anchored, register, startLedger, statement, type TestLedger } from '../support/ledger.ts';

describe('a reader of another language', function () {
  this.timeout(90_000);
  let ledger: TestLedger;
  let browser: Browser;
  let path: string;

  before(async () => {
    [ledger, browser] = await Promise.all([startLedger(), launchBrowser()]);
    const maker = await ledger.admit('atelier-lune');
    path = await register(maker.api, statement('Half-moon ring'));
    await anchored(ledger.api, path);
  });
  after(async () => {
    await browser?.close();
    await ledger?.stop();
  });

  const reader = (locale: string, javaScriptEnabled = false): Promise<Person> =>
    person(browser, ledger.url, { locale, javaScriptEnabled });

  it('is spoken to in her own, from right to left, within her window', async () => {
    const { page, complaints, close } = await reader('ar-EG');
    await page.goto(ledger.url + path);
    expect(await page.locator('html').getAttribute('dir')).to.equal('rtl');
    expect(await page.locator('.verdict-word').innerText()).to.contain('قيد أصلي');
    const [word, shape] = [page.locator('.verdict-word strong'), page.locator('.verdict-word svg')];
    const [textAt, shapeAt] = [await word.boundingBox(), await shape.boundingBox()];
    expect(textAt?.x).to.be.lessThan(shapeAt?.x ?? 0);
    expect(complaints).to.deep.equal([]);
    await close();
  });

  it('finds it within her window with everything unfolded, codes from left to right, and nothing in the way', async () => {
    // What looks at the page is script itself.
    const { page, complaints, close } = await reader('ar-EG', true);
    for (const address of ['/', path, '/01/09506000134352/21/NEVER']) {
      await page.goto(ledger.url + address);
      for (const fold of await page.locator('details > summary').all()) await fold.click();
      await expectNoSideways(page);
      await expectAccessible(page);
      for (const code of await page.locator('main .code').all()) {
        expect(await code.evaluate((one) => getComputedStyle(one).direction)).to.equal('ltr');
      }
    }
    expect(complaints.filter((one) => !one.includes('404'))).to.deep.equal([]);
    await close();
  });

  it('changes the language mid-way and keeps the piece, back and forth, and along links', async () => {
    const { page, complaints, close } = await reader('en-GB');
    await page.goto(ledger.url + path);
    await page.getByRole('link', { name: 'العربية' }).click();
    expect(page.url()).to.equal(`${ledger.url}${path}?lang=ar`);
    expect(await page.locator('h1').innerText()).to.equal('Half-moon ring');
    await page.getByRole('link', { name: '日本語' }).click();
    expect(await page.locator('.verdict-word').innerText()).to.contain('真正な記録');
    expect(await page.locator('h1').innerText()).to.equal('Half-moon ring');
    await page.goBack();
    expect(await page.locator('html').getAttribute('lang')).to.equal('ar');
    await page.locator('.wordmark').click();
    expect(await page.locator('html').getAttribute('lang')).to.equal('ar');
    await page.locator('#code').fill(path.split('/').slice(2).join(' ').toLowerCase());
    await page.locator('form.find button').click();
    expect(page.url()).to.equal(`${ledger.url}${path}?lang=ar`);
    expect(complaints).to.deep.equal([]);
    await close();
  });
});
