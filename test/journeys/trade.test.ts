// A reseller at her counter: many codes at once by paste, table, camera and a scanner that types; what warns comes first;
// what she saves is safe to open; and pieces offered by one organisation are accepted by another.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { done } from '../support/acts.ts';
import { launchBrowser } from '../support/browser.ts';
import { filmOf } from '../support/fake-camera.ts';
import { DESKTOP, expectAccessible, expectNoSideways, type Person, person, VIEWPORTS } from '../support/journey.ts';
import {
  type Admitted,
  anchored,
  passport,
  register,
  startLedger,
  statement,
  type TestLedger,
  temporaryFolder,
} from '../support/ledger.ts';
import { until } from '../support/raw-chain.ts';
import { imitationEarrings } from '../support/records.ts';

const FORMULA = '=cmd|calc!A1 “Ring” <img src=x onerror=alert(1)>';

describe('a reseller with a tray of pieces', function () {
  this.timeout(120_000);
  let ledger: TestLedger;
  let maker: Admitted;
  let shop: Admitted;
  let browser: Browser;
  let reseller: Person;
  let origin: string;
  let good: string;
  let recalled: string;
  let odd: string;

  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier-lune');
    shop = await ledger.admit('maison-verre', [], ['reseller']);
    [good, recalled, odd] = (await Promise.all(
      [
        statement('Plain ring'),
        { ...imitationEarrings(), title: 'Ring called back' },
        { ...imitationEarrings(), title: FORMULA },
      ].map((one) => register(maker.api, one)),
    )) as [string, string, string];
    for (const path of [good, recalled, odd]) await anchored(ledger.api, path);
    await done(ledger, { act: 'recall', piece: recalled, words: 'A setting may open.' }, {}, maker.api);
    // What was read a moment ago may be shown for a second.
    await until('its passport says so', async () => (await passport(ledger.api, recalled)).headline === 'warning');
    origin = ledger.url.replace('127.0.0.1', 'localhost');
    const film = join(temporaryFolder(), 'tray.y4m');
    filmOf(`${ledger.url}${good}`, film);
    browser = await launchBrowser({ camera: film });
  });
  after(async () => {
    await browser?.close();
    await ledger?.stop();
  });
  afterEach(async () => {
    const told = reseller?.complaints ?? [];
    await reseller?.close();
    expect(told).to.deep.equal([]);
  });

  const open = async (options: Parameters<typeof person>[2] = {}, query = ''): Promise<Page> => {
    reseller = await person(browser, origin, options);
    await reseller.page.goto(`${origin}/trade${query}`);
    return reseller.page;
  };
  const check = async (page: Page, codes: readonly string[]) => {
    await page.locator('#codes').fill(codes.join('\n'));
    await page.locator('#check-codes').click();
    await page.locator('#results').waitFor();
  };
  const states = (page: Page) =>
    page.locator('#rows tr').evaluateAll((rows) => rows.map((row) => row.dataset['state']));

  for (const viewport of VIEWPORTS) {
    it(`sees what warns first, who has what and what to look at, at ${viewport.width} pixels`, async () => {
      const page = await open({ viewport });
      await expectAccessible(page);
      await check(page, [
        good,
        `${ledger.url}${recalled}#SECRETOFACARD`,
        'nonsense',
        '/01/09506000134352/21/NEVERMADE',
        odd,
        '09506000134352',
      ]);
      expect(await states(page)).to.deep.equal([
        'warning',
        'unknown-code',
        'no-code',
        'product',
        'genuine-record',
        'genuine-record',
      ]);
      const words = await page.locator('#rows').innerText();
      expect(words).to.include('recalled').and.to.include('An organisation: atelier-lune').and.to.include(FORMULA);
      await page.locator(`#rows tr`, { hasText: 'Plain ring' }).locator('summary').click();
      expect(await page.locator('.look-list:visible').innerText()).to.match(/Weigh it: [\d.]+ g/);
      expect(await page.locator(`a[href="/proof${good}"]`).count()).to.equal(1);
      await expectAccessible(page);
      await expectNoSideways(page);
      await page.getByLabel('With warnings', { exact: true }).check();
      expect(await states(page)).to.deep.equal(['warning']);
      expect(JSON.stringify(reseller.sent)).to.not.include('SECRETOFACARD');
    });
  }

  it('saves what she sees as a table that no spreadsheet runs, and as JSON', async () => {
    const page = await open();
    await check(page, [odd, recalled]);
    const saved = async (button: string) => {
      const [download] = await Promise.all([page.waitForEvent('download'), page.locator(button).click()]);
      return readFileSync(await download.path(), 'utf8');
    };
    const table = await saved('#export-csv');
    expect(table).to.include(`'=cmd|calc!A1`);
    expect(table).to.not.match(/(^|,)"?=/m);
    const [first, second] = JSON.parse(await saved('#export-json'));
    expect([first.piece.title, second.piece.title]).to.deep.equal(['Ring called back', FORMULA]);
    expect(first.piece.warnings).to.deep.equal(['not-recalled']);
  });

  it('reads codes from a table’s column, from the camera and from a scanner that types, each once', async () => {
    const page = await open({ permissions: ['camera'] });
    const text = `Lot;Preis;Code\r\n"1; alt";"12,50";${ledger.url}${recalled}\r\n2;9;${odd}\r\n`;
    await page
      .locator('#table-file')
      .setInputFiles({ name: 'tray.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    expect(await page.locator('#column').inputValue()).to.equal('2');
    expect(await page.locator('#codes').inputValue()).to.equal(`${ledger.url}${recalled}\n${odd}`);
    await page.locator('#camera-start').click();
    await page.locator('#codes-told', { hasText: 'Codes: 3.' }).waitFor();
    await page.locator('#camera-stop').click();
    await page.locator('h1').click();
    await page.keyboard.type(good);
    await page.keyboard.press('Enter');
    await page.locator('#codes-told', { hasText: 'Codes: 4.' }).waitFor();
    await page.locator('#codes').press('End');
    await page.locator('#check-codes').press('Enter');
    await page.locator('#results').waitFor();
    // The address and the path of one piece are two codes of it.
    expect(await states(page)).to.deep.equal(['warning', 'genuine-record', 'genuine-record', 'genuine-record']);
  });

  it('asks in portions, and names the limit', async () => {
    const page = await open();
    const many = Array.from({ length: 501 }, (_, i) => `nonsense ${i}`);
    await page.locator('#codes').fill(many.join('\n'));
    expect(await page.locator('#codes-told').innerText()).to.include('These are 501 codes; 500 can be checked');
    await page.locator('#check-codes').click();
    await page.locator('#results').waitFor();
    expect(await page.locator('#rows tr').count()).to.equal(500);
    const asked = reseller.sent.filter(({ url }) => url.endsWith('/api/v1/checks'));
    expect(asked).to.have.length(10);
    const more = await ledger.api.post('/api/v1/checks', { codes: many.slice(0, 51) });
    expect(more.status).to.equal(400);
  });

  it('says what is missing when the connection is lost, and keeps what is there', async () => {
    const page = await open();
    await check(page, [good]);
    await reseller.context.setOffline(true);
    await page.locator('#check-codes').click();
    await page.locator('#codes-told', { hasText: 'Only 0 of 1' }).waitFor();
    expect(reseller.complaints.splice(0).join()).to.include('ERR_INTERNET_DISCONNECTED');
  });

  it('offers pieces with a key that stays in the window, and the shop accepts them, by keyboard alone', async () => {
    let page = await open();
    await check(page, [good, odd]);
    const signIn = async (key: string) => {
      await page.locator('#key').focus();
      await page.keyboard.type(key);
      await page.keyboard.press('Enter');
    };
    await signIn('no-such-key');
    await page.locator('#key-told', { hasText: 'does not know this key' }).waitFor();
    expect(reseller.complaints.splice(0).join()).to.include('401');
    await signIn(maker.apiKey);
    await page.locator('#signed-in').waitFor();
    await page.locator('#rows tr', { hasText: 'You' }).first().waitFor();
    for (const box of await page.locator('#rows input[type=checkbox]').all()) {
      await box.focus();
      await page.keyboard.press('Space');
    }
    await page.locator('#to').focus();
    await page.keyboard.type('maison-verre');
    await page.keyboard.press('Enter');
    await page.locator('#offer-told', { hasText: 'Pieces: 2' }).waitFor();
    await expectAccessible(page);
    const stored = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    );
    expect(stored).to.not.include(maker.apiKey);
    await reseller.close();

    page = await open({ viewport: DESKTOP });
    await signIn(shop.apiKey);
    const shipment = page.locator('.shipment[data-state=offered]');
    await shipment.getByText('Check its pieces').press('Enter');
    await page.locator('#results').waitFor();
    expect(await page.locator('#rows tr').count()).to.equal(2);
    const accept = shipment.locator('button', { hasText: /Accept/ });
    await accept.press('Enter');
    expect(await accept.innerText()).to.include('Press again');
    await accept.press('Enter');
    await page.locator('.shipment:not([data-state=offered])').waitFor();
    await until('it has arrived', async () => {
      const { body } = await ledger.api.get(`/api/v1/pieces${good}`);
      return body.keeper.organisation === 'maison-verre';
    });
  });

  it('reads from right to left in Arabic, and says without JavaScript what it needs', async () => {
    const page = await open({}, '?lang=ar');
    await check(page, [recalled, 'nonsense']);
    expect(await page.locator('html').getAttribute('dir')).to.equal('rtl');
    await expectAccessible(page);
    await expectNoSideways(page);
    await reseller.close();
    const plain = await open({ javaScriptEnabled: false });
    expect(await plain.locator('main').innerText()).to.include('needs JavaScript');
  });
});
