// A workshop’s papers in a browser: photographs, labels, its words of itself, and claim cards, whose secrets are in no
// request; the codes on screen and on paper are read by two decoders that have nothing in common.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { cardKey } from '../../src/core/card.ts';
import { readCard } from '../../src/core/card-address.ts';
import { csvRows } from '../../src/core/csv-text.ts';
import { launchBrowser } from '../support/browser.ts';
import { DESKTOP, expectAccessible, expectNoSideways, type Person, person } from '../support/journey.ts';
import { type Admitted, anchored, register, startLedger, statement, type TestLedger } from '../support/ledger.ts';
import { decodedBy, type Pixels, photographed, printed } from '../support/printed.ts';

describe('a workshop’s papers', function () {
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

  async function workshop(options: Parameters<typeof person>[2] = {}): Promise<Person> {
    const one = await person(browser, ledger.url, { viewport: DESKTOP, acceptDownloads: true, ...options });
    one.page.setDefaultTimeout(8_000);
    await one.page.goto(`${ledger.url}/workshop`);
    await one.page.getByRole('textbox', { name: 'API key' }).fill(lune.apiKey);
    await one.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await one.page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
    return one;
  }
  async function saved(page: Page, click: () => Promise<void>): Promise<Buffer> {
    const [download] = await Promise.all([page.waitForEvent('download'), click()]);
    return readFileSync(await download.path());
  }
  async function seen(png: Buffer): Promise<Pixels> {
    const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    return { data: new Uint8ClampedArray(data), width: info.width, height: info.height };
  }
  async function looks(page: Page): Promise<void> {
    await expectAccessible(page);
    await expectNoSideways(page);
  }

  /** Ten cards as they are printed: two pages, of eight and two. */
  async function readsFromPaper(page: Page, urls: readonly string[]): Promise<void> {
    const tenth = urls[9] as string;
    await page.getByLabel('Language of the cards').selectOption('ar');
    const pdf = await printed(await page.pdf({ format: 'A4', preferCSSPageSize: true, printBackground: true }));
    expect(pdf.pages).to.have.length(2);
    const last = await pdf.pixels(1, 150);
    const wanted = urls.slice(8).sort();
    expect((await decodedBy(last))[0]).to.deep.equal(wanted);
    const card = await seen(await page.locator('.claim-card').nth(9).screenshot());
    expect(await decodedBy(card)).to.deep.equal([[tenth], [tenth]]);
    const shot = await photographed(card, { turn: 7, shear: 0.05, blur: 0.6, seed: 9 });
    expect(await decodedBy(shot)).to.deep.equal([[tenth], [tenth]]);
  }

  /** From the locked file, with its passphrase and no other. */
  async function printedAgain(page: Page, locked: Buffer, secret: string): Promise<void> {
    await page.getByText('Print cards again from a file you saved').click();
    await page
      .getByLabel('The file with the cards')
      .setInputFiles([{ name: 'cards.json', mimeType: 'application/json', buffer: locked }]);
    await page.getByLabel('Its passphrase').fill('not this one, surely');
    await page.getByRole('button', { name: 'Open it here' }).click();
    await page.getByText('It could not be opened: with another passphrase').waitFor();
    await page.getByLabel('Its passphrase').fill('three bells at noon');
    await page.getByRole('button', { name: 'Open it here' }).click();
    await page.getByText('10 cards, on this page only').waitFor();
    expect(await page.locator('.card-secret').nth(9).textContent()).to.equal(secret);
  }

  it('keep a photograph without script, and the page of the piece shows it', async () => {
    const one = await workshop({ javaScriptEnabled: false });
    await one.page.goto(`${ledger.url}/workshop/photos`);
    const buffer = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#c9a227' } })
      .withExif({ IFD3: { GPSLatitude: '51/1 30/1 0/1' } })
      .jpeg()
      .toBuffer();
    await one.page.getByLabel('Photographs').setInputFiles([{ name: 'ring.jpg', mimeType: 'image/jpeg', buffer }]);
    await one.page.getByRole('button', { name: 'Keep them' }).click();
    await one.page.getByText('The photograph is kept.').waitFor();
    const sha256 = (await one.page.locator('.photo-list code').first().textContent()) as string;
    await one.page
      .getByLabel('Photographs')
      .setInputFiles([{ name: 'no.png', mimeType: 'image/png', buffer: Buffer.from('no') }]);
    await one.page.getByRole('button', { name: 'Keep them' }).click();
    await one.page.getByText('“no.png”: The file is not of the type it says').first().waitFor();
    const path = await register(
      lune.api,
      statement('With a picture', { images: [{ sha256, mediaType: 'image/jpeg', alt: 'From above' }] }),
    );
    await one.page.goto(ledger.url + path);
    const shown = one.page.getByRole('img', { name: 'From above' });
    await shown.waitFor();
    expect(
      await shown.evaluate((image: HTMLImageElement) => [
        image.complete,
        image.naturalWidth > 0,
        image.currentSrc.includes('/photos/'),
      ]),
    ).to.deep.equal([true, true, true]);
    await one.close();
  });

  it('print labels by form: how small they get is told first, and both decoders read what comes', async () => {
    const paths = await Promise.all(['One', 'Two', 'Three'].map((title) => register(lune.api, statement(title))));
    const one = await workshop();
    await one.page.goto(`${ledger.url}/workshop/labels`);
    await looks(one.page);
    await one.page
      .getByLabel('Codes or addresses')
      .fill(paths.map((path) => ledger.service.publicUrl + path).join('\n'));
    await one.page.getByLabel('Labels', { exact: false }).selectOption('L7651');
    await one.page.getByRole('button', { name: 'How small do they get?' }).click();
    await one.page.getByText(/3 labels on 1 sheets; each module/).waitFor();
    const pdf = await printed(
      await saved(one.page, () => one.page.getByRole('button', { name: 'Make the sheets' }).click()),
    );
    const wanted = paths.map((path) => ledger.service.publicUrl + path).sort();
    const [first] = await decodedBy(await pdf.pixels(0, 200));
    expect(first).to.deep.equal(wanted);
    await one.page.getByLabel('Codes or addresses').fill('/p/atelier-lune/nonsense');
    await one.page.getByRole('button', { name: 'Make the sheets' }).click();
    await one.page.getByText('Nothing was stored.').waitFor();
    await looks(one.page);
    await one.close();
  });

  it('say of themselves what they like today, and the passport tells it', async () => {
    const path = await register(lune.api, statement('Of the profile'));
    await anchored(ledger.api, path);
    const one = await workshop({ javaScriptEnabled: false });
    await one.page.goto(`${ledger.url}/workshop/profile?language=fr`);
    await one.page.getByLabel('Mail').fill('bonjour@atelier-lune.example');
    await one.page.getByLabel('Domain').fill('atelier-lune.example');
    await one.page.getByLabel('Your story').fill('Nous faisons des bagues depuis 1921.');
    await one.page.getByLabel('Care 1', { exact: false }).first().fill('Un chiffon doux suffit.');
    await one.page.getByLabel('Telephone').fill('123');
    await one.page.getByRole('button', { name: 'Say so from now on' }).click();
    await one.page
      .getByText(/begin with \+ and the country/)
      .first()
      .waitFor();
    await one.page.getByLabel('Telephone').fill('+33 1 23 45 67 89');
    await one.page.getByRole('button', { name: 'Say so from now on' }).click();
    await one.page.getByText('Kept. It stands on your pieces’ pages from now on.').waitFor();
    await one.page.getByText('/.well-known/touchstone.json').waitFor();
    await one.page.goto(ledger.url + path);
    const part = one.page.locator('#maker');
    for (const words of ['Nous faisons des bagues depuis 1921.', 'Un chiffon doux suffit.', '+33 1 23 45 67 89']) {
      await part.getByText(words).waitFor();
    }
    await one.close();
    const two = await workshop();
    await two.page.goto(`${ledger.url}/workshop/profile?language=fr`);
    await looks(two.page);
    await two.page.goto(`${ledger.url}/workshop/photos`);
    await looks(two.page);
    expect(two.complaints).to.deep.equal([]);
    await two.close();
  });

  it('make claim cards: on paper, in files, and in no request; a card from the sheet is the piece’s', async () => {
    // As fine as screens of these years.
    const one = await workshop({ deviceScaleFactor: 3 });
    const { page } = one;
    await page.goto(`${ledger.url}/workshop/cards`);
    await looks(page);
    await page.getByLabel('How many').fill('10');
    await page.getByRole('button', { name: 'Make the cards' }).click();
    await page.getByText('10 cards, on this page only').waitFor();
    await looks(page);
    const importFile = (
      await saved(page, () => page.getByRole('button', { name: 'Save the file to import' }).click())
    ).toString();
    const open = (await saved(page, () => page.getByRole('button', { name: 'Save open' }).click())).toString();
    const cards = csvRows(open).slice(1);
    expect(cards).to.have.length(10);
    const rows = csvRows(importFile);
    expect(rows[0]).to.include.members(['title', 'kind', 'code', 'claim_key']);
    const [, , path = '', secret = '', url = ''] = cards[9] as string[];
    const read = readCard(url);
    if (!read.ok) throw new Error(read.reason);
    expect(rows[10]?.at(-1)).to.equal(cardKey(read.secret).address);
    expect(importFile).to.not.include(read.secret).and.to.not.include(secret);

    await page.getByLabel('A passphrase to lock the file with').fill('three bells at noon');
    const locked = await saved(page, () => page.getByRole('button', { name: 'Save locked' }).click());
    expect(locked.toString()).to.not.include(path).and.to.not.include(secret);

    await readsFromPaper(
      page,
      cards.map((card) => card[4] as string),
    );

    // Leaving asks first; after they are confirmed nothing of them is left.
    let asked = 0;
    page.on('dialog', (dialog) => {
      asked += 1;
      void dialog.dismiss();
    });
    await page
      .evaluate(() => window.dispatchEvent(new Event('beforeunload', { cancelable: true })) === false)
      .then((kept) => expect(kept).to.equal(true));
    await page.getByRole('button', { name: 'Forget the cards on this page' }).click();
    await page.getByText('Confirm first that they are printed or saved.').waitFor();
    await page.getByLabel('They are printed, or saved').check();
    await page.getByRole('button', { name: 'Forget the cards on this page' }).click();
    await page.getByRole('button', { name: 'Make the cards' }).waitFor();
    expect(await page.content()).to.not.include(secret);
    expect(await page.evaluate(() => window.dispatchEvent(new Event('beforeunload', { cancelable: true })))).to.equal(
      true,
    );
    expect(asked).to.equal(0);

    await printedAgain(page, locked, secret);

    const secrets = cards.flatMap((one) => [one[3] as string, (one[3] as string).replaceAll('-', '')]);
    const said = one.sent
      .map(({ url: to, body, headers }) => `${to} ${body ?? ''} ${JSON.stringify(headers)}`)
      .join('\n');
    for (const text of secrets) expect(said.includes(text)).to.equal(false);
    for (const text of secrets) expect(said.includes(text.slice(5, 17))).to.equal(false);
    expect(one.complaints).to.deep.equal([]);
    await one.close();
  });

  it('make cards for the rows of a file, and for pieces that are there already', async () => {
    const path = await register(lune.api, statement('Returned'));
    const one = await workshop();
    const { page } = one;
    await page.goto(`${ledger.url}/workshop/cards`);
    await page.getByLabel('the rows of a file you are about to import').check();
    const file = 'title;kind;gtin\n"A ring; ""Aube""";ring;09506000134352\n';
    await page
      .getByLabel('The file, as you would import it')
      .setInputFiles([{ name: 'rings.csv', mimeType: 'text/csv', buffer: Buffer.from(file) }]);
    await page.getByRole('button', { name: 'Make the cards' }).click();
    await page.locator('.card-piece', { hasText: 'A ring; "Aube"' }).waitFor();
    const rows = csvRows(
      (await saved(page, () => page.getByRole('button', { name: 'Save the file to import' }).click())).toString(),
    );
    expect(rows[1]?.slice(0, 3)).to.deep.equal(['A ring; "Aube"', 'ring', '09506000134352']);
    await page.getByLabel('They are printed, or saved').check();
    await page.getByRole('button', { name: 'Forget the cards on this page' }).click();
    await page.getByLabel('registered pieces that get a fresh card').check();
    await page.getByLabel('Codes or addresses of the pieces').fill(`${ledger.url}${path}\n`);
    await page.getByRole('button', { name: 'Make the cards' }).click();
    const keys = await page.locator('#card-keys code').allTextContents();
    expect(keys[0]).to.equal(path);
    expect(keys[1]).to.match(/^0x[0-9a-f]{40}$/);
    await page.getByLabel('They are printed, or saved').check();
    await page.getByRole('button', { name: 'Forget the cards on this page' }).click();
    expect(one.complaints).to.deep.equal([]);
    await one.close();
  });

  it('have a code on screen, too: a telephone reads the passport’s from the page of a certificate', async () => {
    const path = await register(lune.api, statement('Certified'));
    await anchored(ledger.api, path);
    const one = await person(browser, ledger.url);
    await one.page.goto(`${ledger.url}/api/v1/pieces${path}/qr.svg?mm=60`);
    const wanted = [ledger.service.publicUrl + path];
    expect(await decodedBy(await seen(await one.page.screenshot()))).to.deep.equal([wanted, wanted]);
    await one.page.goto(ledger.url + path);
    expect(await one.page.getByRole('link', { name: /Certificate of authenticity/ }).getAttribute('href')).to.include(
      '/certificate.pdf?lang=en',
    );
    await one.close();
  });
});
