import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import {
  DESKTOP,
  expectAccessible,
  expectNoSideways,
  type Person,
  PHONE,
  person,
  VIEWPORTS,
  withPasskeys,
} from '../support/journey.ts';
import { type Admitted, anchored, register, startLedger, statement, type TestLedger } from '../support/ledger.ts';
import { shopifyFile } from '../support/shop-files.ts';

const TOLD_OFF = /status of 4\d\d/;

describe('a workshop at its console', function () {
  this.timeout(60_000);
  let ledger: TestLedger;
  let browser: Browser;
  let lune: Admitted;

  before(async () => {
    [ledger, browser] = await Promise.all([startLedger(), launchBrowser()]);
    lune = await ledger.admit('atelier-lune', ['9506000']);
  });
  after(async () => {
    await browser.close();
    await ledger.stop();
  });

  const at = (path: string) => ledger.url + path;

  async function signIn(page: Page, key = lune.apiKey): Promise<void> {
    page.setDefaultTimeout(6_000);
    await page.goto(at('/workshop'));
    await page.getByRole('textbox', { name: 'API key' }).fill(key);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
  }

  /** Looks at the page as it is: nothing axe finds, nothing sideways. */
  async function looks(page: Page): Promise<void> {
    await expectAccessible(page);
    await expectNoSideways(page);
  }

  async function left(one: Person): Promise<void> {
    expect(one.complaints.filter((complaint) => !TOLD_OFF.test(complaint))).to.deep.equal([]);
    for (const { url, headers } of one.sent) {
      expect(url).to.not.contain(lune.apiKey);
      expect(headers['referer'] ?? '').to.not.contain(lune.apiKey);
    }
    await one.close();
  }

  it('signs in with its key on a phone, adds a passkey, and comes back with that alone', async () => {
    const one = await person(browser, ledger.url);
    await withPasskeys(one.page);
    await signIn(one.page);
    await looks(one.page);
    await one.page.goto(at('/workshop/keys'));
    await one.page.getByLabel('Name of a new passkey').fill('Telephone at the bench');
    await one.page.getByRole('button', { name: 'Add a passkey' }).click();
    await one.page.getByText('The passkey is added').waitFor();
    await looks(one.page);
    await one.page.getByRole('button', { name: 'Sign out' }).click();
    await looks(one.page);
    await one.page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await one.page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
    await one.page.goto(at('/workshop/keys'));
    await one.page.getByRole('button', { name: 'Remove the passkey Telephone at the bench' }).click();
    await one.page.getByRole('textbox', { name: 'API key' }).waitFor();
    await left(one);
  });

  it('registers a piece by form without script, and sees first what it states', async () => {
    const one = await person(browser, ledger.url, { javaScriptEnabled: false, viewport: PHONE });
    await signIn(one.page);
    await one.page.goto(at('/workshop/register'));
    await one.page.getByLabel('Title').fill('Ring “Halo” <b>750</b>');
    await one.page.getByLabel('Kind').selectOption('ring');
    await one.page.getByLabel('Fineness, thousandths').first().fill('18 k');
    await one.page.getByRole('button', { name: 'Add a stone' }).click();
    await one.page.getByRole('textbox', { name: 'Stone', exact: true }).fill('garnet');
    await one.page.getByRole('button', { name: 'Look at it first' }).first().click();
    await one.page.getByRole('alert').waitFor();
    expect(await one.page.getByText('18 carat is 750').count()).to.be.greaterThan(0);
    expect(await one.page.getByLabel('Title').inputValue()).to.equal('Ring “Halo” <b>750</b>');
    await one.page.getByLabel('Fineness, thousandths').first().fill('750');
    await one.page.getByRole('combobox', { name: 'Metal', exact: true }).selectOption('gold');
    // As the key Enter sends a form.
    await one.page.getByLabel('Title').press('Enter');
    await one.page.getByRole('heading', { name: 'Ring “Halo” <b>750</b>' }).waitFor();
    expect(await ledger.sql('SELECT 1 FROM pieces')).to.have.length(0);
    await one.page.getByRole('button', { name: 'Register this piece' }).click();
    await one.page.getByText('The piece is registered').waitFor();
    expect(await ledger.sql('SELECT 1 FROM pieces')).to.have.length(1);
    await left(one);
  });

  const FILE = [
    'Name,Sort,metal_1,Feingehalt,Price',
    'Ring one,ring,gold,750,10',
    'Ring two,rings,gold,18k,10',
    'Ring three,ring,goldd,585,10',
    'Ring four,ring,silver,925,10',
  ].join('\n');

  it('registers a file with columns of its own, and puts two refused rows right where they stand', async () => {
    const one = await person(browser, ledger.url, { viewport: DESKTOP });
    await signIn(one.page);
    await one.page.goto(at('/workshop/imports'));
    await looks(one.page);
    await one.page
      .getByLabel('File', { exact: true })
      .setInputFiles({ name: 'tray.csv', mimeType: 'text/csv', buffer: Buffer.from(FILE) });
    await one.page.getByRole('button', { name: 'Send the file' }).click();
    await one.page.getByRole('heading', { name: 'Which column is which' }).waitFor();
    expect(await one.page.getByLabel('Name is read as').inputValue()).to.equal('title');
    expect(await one.page.getByLabel('Feingehalt is read as').inputValue()).to.equal('metal_1_fineness');
    await one.page.getByLabel('Sort is read as').fill('kind');
    await one.page.getByRole('button', { name: 'Look again' }).click();
    await looks(one.page);
    expect(await one.page.getByRole('row', { name: /^2 Ring two/ }).innerText()).to.contain('did you mean ring');
    await one.page.getByRole('button', { name: 'Register 4 rows' }).click();
    await one.page.getByRole('heading', { name: 'Rows to put right' }).waitFor();
    await looks(one.page);
    const row = (n: number) => one.page.getByRole('group', { name: `Row ${n}` });
    await row(2).getByLabel('Sort').fill('ring');
    await row(3).getByLabel('metal_1').fill('gold');
    await one.page.getByRole('button', { name: 'Register the rows put right' }).click();
    await one.page.getByText('One row is registered').waitFor();
    expect(await row(2).innerText()).to.contain('18 carat is 750');
    await row(2).getByLabel('Feingehalt').fill('750');
    await one.page.getByRole('button', { name: 'Register the rows put right' }).click();
    await one.page.getByRole('heading', { name: 'Pieces it made' }).waitFor();
    const titles = await ledger.sql(`SELECT record::json->>'title' AS title FROM pieces WHERE import_id IS NOT NULL`);
    expect(titles.map(({ title }) => title).sort()).to.deep.equal(['Ring four', 'Ring one', 'Ring three', 'Ring two']);
    await left(one);
  });

  it('registers what a shop exports', async () => {
    const one = await person(browser, ledger.url, { viewport: DESKTOP, javaScriptEnabled: false });
    await signIn(one.page);
    await one.page.goto(at('/workshop/imports'));
    const buffer = Buffer.from(shopifyFile());
    await one.page
      .getByLabel('File', { exact: true })
      .setInputFiles({ name: 'products_export.csv', mimeType: 'text/csv', buffer });
    await one.page.getByRole('button', { name: 'Send the file' }).click();
    await one.page.getByText('Read as a product export of Shopify').waitFor();
    expect(await one.page.getByRole('row', { name: /^1 Halo ring – 52/ }).innerText()).to.contain('gold 750');
    await one.page.getByRole('button', { name: 'Register 3 rows' }).click();
    await one.page.getByRole('heading', { name: 'Pieces it made' }).waitFor();
    const [row] = await ledger.sql(`SELECT record FROM pieces WHERE record::json->>'title' LIKE 'Halo%52%'`);
    expect(JSON.parse(row.record).story).to.equal('Hand made in Porto & polished.');
    await left(one);
  });

  it('releases a piece, takes that back, and recalls it only once its code is typed', async () => {
    const path = await register(lune.api, statement('To be recalled'));
    await anchored(lune.api, path);
    const one = await person(browser, ledger.url, { javaScriptEnabled: false });
    await signIn(one.page);
    await one.page.goto(at('/workshop/pieces?search=recalled'));
    await one.page.getByRole('link', { name: path }).click();
    await one.page.getByRole('link', { name: 'Release it: it is sold' }).click();
    await one.page.getByRole('button', { name: 'Release the piece' }).click();
    await one.page.getByText('It is kept here until it is used').waitFor();
    await one.page.getByRole('link', { name: path }).click();
    await one.page.getByRole('link', { name: 'Take the release back' }).click();
    await one.page.getByRole('button', { name: 'Take it back' }).click();
    await one.page.getByText('Done.').waitFor();
    await one.page.goto(at(`/workshop/do/recall${path}`));
    await one.page.getByLabel('Why, in words').fill('The clasp may open: bring it back.');
    await one.page.getByRole('button', { name: 'Recall the piece' }).click();
    await one.page.getByRole('alert').waitFor();
    expect(await ledger.sql(`SELECT 1 FROM acts WHERE act = 'recall'`)).to.have.length(0);
    await one.page.getByLabel('to confirm').fill(path.split('/').at(-1) as string);
    await one.page.getByRole('button', { name: 'Recall the piece' }).click();
    await one.page.getByText('Done.').waitFor();
    await one.page.goto(at(path));
    expect(await one.page.locator('main').innerText()).to.contain('The clasp may open');
    await left(one);
  });

  it('makes a key, which opens the console until it is revoked', async () => {
    const one = await person(browser, ledger.url, { viewport: DESKTOP });
    const two = await person(browser, ledger.url, { javaScriptEnabled: false });
    await signIn(one.page);
    await one.page.goto(at('/workshop/keys'));
    await one.page.getByLabel('What it is for').fill('Till');
    await one.page.getByLabel('Look (read)').check();
    await one.page.getByRole('button', { name: 'Make the key' }).click();
    const key = await one.page.locator('#new-key').innerText();
    await looks(one.page);
    await signIn(two.page, key);
    await two.page.goto(at('/workshop/register'));
    expect(await two.page.getByRole('alert').innerText()).to.contain('lacks the scope pieces:write');
    await one.page.goto(at('/workshop/keys'));
    expect(await one.page.content()).to.not.contain(key);
    await one.page.getByRole('link', { name: 'Revoke the key Till' }).click();
    await looks(one.page);
    await one.page.getByRole('button', { name: 'Revoke the key for good' }).click();
    await one.page.getByText('The key is revoked').waitFor();
    await two.page.goto(at('/workshop'));
    await two.page.getByRole('textbox', { name: 'API key' }).waitFor();
    await left(one);
    await left(two);
  });

  it('is gone through by keyboard alone, from signing in to a piece looked at', async () => {
    const one = await person(browser, ledger.url, { viewport: DESKTOP });
    const { page } = one;
    page.setDefaultTimeout(6_000);
    const tabTo = async (name: string | RegExp) => {
      const wanted = (text: string) => (typeof name === 'string' ? text === name : name.test(text));
      for (let i = 0; i < 90; i++) {
        await page.keyboard.press('Tab');
        const said = await page.evaluate(() => {
          const at = document.activeElement as HTMLInputElement | null;
          return at?.labels?.[0]?.textContent?.trim() ?? at?.textContent?.trim() ?? '';
        });
        if (wanted(said)) return;
      }
      throw new Error(`no Tab leads to ${name}`);
    };
    await page.goto(at('/workshop'));
    await tabTo('API key');
    await page.keyboard.type(lune.apiKey);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
    await tabTo('Register a piece');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Register a piece' }).waitFor();
    await looks(page);
    await tabTo('Title');
    await page.keyboard.type('By keyboard');
    await tabTo('Kind');
    await page.keyboard.type('brooch');
    await tabTo('Metal');
    await page.keyboard.type('silver');
    await tabTo('Look at it first');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'By keyboard' }).waitFor();
    await looks(page);
    await left(one);
  });

  it('shows every page without a fault, in every window', async () => {
    const path = '/workshop/shipments/offer';
    const pages = [
      '/workshop/register',
      '/workshop/pieces',
      '/workshop/batches',
      '/workshop/batches/1',
      '/workshop/shipments',
      path,
    ];
    const more = [
      '/workshop/requests',
      '/workshop/certificates',
      '/workshop/lots',
      '/workshop/lots/declare',
      '/workshop/keys',
    ];
    for (const viewport of VIEWPORTS) {
      const one = await person(browser, ledger.url, { viewport });
      await signIn(one.page);
      for (const address of [...pages, ...more]) {
        await one.page.goto(at(address));
        await one.page.getByRole('heading', { level: 1 }).first().waitFor();
        expect(await one.page.locator('.faults').count(), address).to.equal(0);
        if (viewport === PHONE) await expectAccessible(one.page);
        await expectNoSideways(one.page);
      }
      await left(one);
    }
  });
});
