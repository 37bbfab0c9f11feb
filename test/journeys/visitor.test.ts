// What a visitor leaves with a piece, in a real browser: feedback and reports without script, a gift message signed by a card,
// a wallet and a passkey, and how the workshop reads all of it.
import { expect } from 'chai';
import { Wallet } from 'ethers';
import type { Browser, Page } from 'playwright-core';
import { cardKey, cardSecret, printedSecret } from '../../src/core/card.ts';
import { ownCode } from '../../src/core/code.ts';
import { passkeyAccountOf } from '../../src/core/passkey.ts';
import { keyOfAuthenticatorData } from '../../src/core/passkey-answer.ts';
import { dayBefore, SCAN_RULE } from '../../src/core/scan-rule.ts';
import { todayOf } from '../../src/ledger/scans.ts';
import { done } from '../support/acts.ts';
import { launchBrowser } from '../support/browser.ts';
import {
  DESKTOP,
  expectAccessible,
  expectNoSideways,
  type Person,
  person,
  VIEWPORTS,
  withPasskeys,
  withWallet,
} from '../support/journey.ts';
import { type Admitted, anchored, register, startLedger, statement, type TestLedger } from '../support/ledger.ts';

const PATIENCE_MS = 10_000;
const SECRET = cardSecret(new Uint8Array(16).fill(77));

describe('a visitor and what she leaves', function () {
  this.timeout(60_000);
  let ledger: TestLedger;
  let browser: Browser;
  let lune: Admitted;
  let path: string;
  let carded: string;

  before(async () => {
    [ledger, browser] = await Promise.all([startLedger(), launchBrowser()]);
    lune = await ledger.admit('atelier-lune', ['9506000']);
    path = await register(lune.api, statement('Ring with a blue stone'));
    const claimKey = cardKey(SECRET).address;
    const reply = await lune.api.post('/api/v1/pieces', { record: statement('A ring in the shop'), claimKey });
    carded = reply.body.path;
    await anchored(ledger.api, carded);
  });
  after(async () => {
    await browser?.close();
    await ledger?.stop();
  });

  async function visitor(options: Parameters<typeof person>[2] = {}): Promise<Person> {
    const one = await person(browser, ledger.url, options);
    one.page.setDefaultTimeout(PATIENCE_MS);
    return one;
  }
  async function looks(page: Page): Promise<void> {
    await expectAccessible(page);
    await expectNoSideways(page);
  }
  /** What browsers say of an answer with 422 or 429 is no fault. */
  async function left(one: Person): Promise<void> {
    expect(one.complaints.filter((complaint) => !/status of 4\d\d/.test(complaint))).to.deep.equal([]);
    await one.close();
  }

  for (const viewport of VIEWPORTS) {
    it(`leaves feedback, at ${viewport.width} pixels`, async () => {
      const one = await visitor({ viewport });
      const { page } = one;
      await page.goto(ledger.url + path);
      await page.getByRole('link', { name: 'Leave feedback' }).click();
      await page.getByRole('heading', { level: 1, name: 'Feedback' }).waitFor();
      await looks(page);
      await page.getByLabel('In your own words').fill('The stone is even bluer.');
      await page.getByRole('button', { name: 'Send the feedback' }).click();
      await page.getByRole('alert').getByRole('link', { name: 'Choose a number from 0 to 10.' }).waitFor();
      await looks(page);
      expect(await page.getByLabel('In your own words').inputValue()).to.equal('The stone is even bluer.');
      await page.getByRole('radio', { name: '9' }).check();
      await page.getByRole('button', { name: 'Send the feedback' }).click();
      await page.getByRole('heading', { level: 1, name: 'Thank you' }).waitFor();
      await looks(page);
      await page.reload();
      await page.getByRole('link', { name: 'Back to the piece' }).click();
      expect(new URL(page.url()).pathname).to.equal(path);
      const { body } = await lune.api.get('/api/v1/feedback?limit=1');
      expect(body.items[0]).to.include({ path, score: 9, words: 'The stone is even bluer.' });
      await ledger.sql('TRUNCATE feedback');
      await left(one);
    });
  }

  it('answers by keyboard alone, without script', async () => {
    const one = await visitor({ javaScriptEnabled: false });
    const { page } = one;
    await page.goto(`${ledger.url}/feedback${path}`);
    const { keyboard } = page;
    const tabTo = async (selector: string) => {
      for (let i = 0; i < 40 && (await page.locator(`${selector}:focus`).count()) === 0; i++)
        await keyboard.press('Tab');
    };
    await tabTo('input[name=score]');
    await keyboard.press('Space');
    for (let i = 0; i < 8; i++) await keyboard.press('ArrowRight');
    await tabTo('textarea');
    await keyboard.type('By keyboard');
    await tabTo('button');
    await keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Thank you' }).waitFor();
    const { body } = await lune.api.get('/api/v1/feedback?limit=1');
    expect(body.items[0]).to.include({ score: 8, words: 'By keyboard' });
    await left(one);
  });

  it('reports a suspicion without script', async () => {
    const one = await visitor({ javaScriptEnabled: false });
    const { page } = one;
    await page.goto(ledger.url + path);
    await page.getByRole('link', { name: 'Report a suspected counterfeit' }).click();
    await page.getByLabel('Where did you see it?').fill('A market');
    await page.getByRole('button', { name: 'Send the report' }).click();
    await page.getByRole('alert').getByRole('link', { name: 'This is needed.' }).click();
    await page.getByLabel('What is different').fill('No hallmark');
    await page.getByRole('button', { name: 'Send the report' }).click();
    await page.getByText('Your report was passed on.').waitFor();
    const { body } = await lune.api.get('/api/v1/suspicions?limit=1');
    expect(body.items[0]).to.include({ about: 'piece', seen: 'A market', difference: 'No hallmark' });
    await left(one);
  });

  it('reports a code that is nobody’s piece, in Arabic, from right to left', async () => {
    const one = await visitor({ locale: 'ar' });
    const { page } = one;
    const { handle, code } = ownCode('atelier-lune', new Uint8Array(10).fill(9));
    await page.goto(`${ledger.url}/p/${handle}/${code}`);
    await page.locator(`a[href="/suspicion/p/${handle}/${code}"]`).click();
    expect(await page.locator('html').getAttribute('dir')).to.equal('rtl');
    await looks(page);
    await page.locator('#seen').fill('سوق في دبي');
    await page.locator('#link').fill('shop.example');
    await page.locator('form.visit button').click();
    await page.locator('#link-fault').waitFor();
    await looks(page);
    await page.locator('#link').fill('https://shop.example/ring');
    await page.locator('#difference').fill('لا يوجد ختم');
    await page.locator('form.visit button').click();
    await page.waitForURL(/\?sent/);
    await looks(page);
    const { body } = await lune.api.get('/api/v1/suspicions?limit=1');
    expect(body.items[0]).to.include({ about: 'unknown-code', seen: 'سوق في دبي', language: 'ar' });
    await left(one);
  });

  it('adds a gift message with the card, whose secret no request and no address ever holds; and removes it', async () => {
    const one = await visitor();
    const { page } = one;
    const other = cardSecret(new Uint8Array(16).fill(78));
    await page.goto(`${ledger.url}/gift${carded}#${SECRET}`);
    await page.getByText('The card’s secret was read').waitFor();
    expect(page.url()).to.equal(`${ledger.url}/gift${carded}`);
    await looks(page);
    await page.getByLabel('Your message').fill('x'.repeat(301));
    await page.getByRole('button', { name: 'Show this message' }).click();
    await page.getByRole('alert').filter({ hasText: '301' }).waitFor();
    await looks(page);
    await page.getByLabel('Your message').fill('Für Anna\n<b>in Liebe</b>');
    await page.getByLabel('Language of the message').selectOption('de');
    await page.getByRole('button', { name: 'Show this message' }).dblclick();
    await page.getByText('Your message stands on the piece’s page').waitFor();
    await looks(page);
    const { tokenId } = (await ledger.api.get(`/api/v1/pieces${carded}`)).body;
    await page.goto(`${ledger.url}/token/${tokenId}`);
    const gift = page.locator('#gift blockquote');
    expect(await gift.innerText()).to.match(/Für Anna\s+<b>in Liebe<\/b>/);
    expect(await gift.getAttribute('lang')).to.equal('de');
    await looks(page);
    // Another card, typed in; then the right one.
    await page.goto(`${ledger.url}/gift${carded}`);
    await page.getByLabel('The secret on the card').fill(printedSecret(other));
    await page.getByRole('button', { name: 'Remove the message' }).click();
    await page.getByRole('alert').filter({ hasText: 'not the one of this piece' }).waitFor();
    await page.getByLabel('The secret on the card').fill('ABCDE');
    await page.getByRole('button', { name: 'Remove the message' }).click();
    await page.getByRole('alert').filter({ hasText: 'Compare it with the card' }).waitFor();
    await page.getByLabel('The secret on the card').fill(printedSecret(SECRET).toLowerCase());
    await page.getByRole('button', { name: 'Remove the message' }).click();
    await page.getByText('The message is gone').waitFor();
    expect((await ledger.api.get(`/api/v1/pieces${carded}/gift`)).body.message).to.equal(null);
    const said = JSON.stringify(one.sent);
    for (const secret of [SECRET, other]) {
      for (const group of [secret, printedSecret(secret), secret.slice(0, 10)]) expect(said).to.not.include(group);
    }
    await left(one);
  });

  it('adds one as the owner, by wallet, while the network goes away in between', async () => {
    const owner = Wallet.createRandom();
    await anchored(ledger.api, path);
    await done(ledger, { act: 'transfer', piece: path, to: owner.address.toLowerCase() }, {}, lune.api);
    const one = await visitor({ viewport: DESKTOP });
    const { page, context } = one;
    await withWallet(page, owner);
    await page.goto(`${ledger.url}/gift${path}`);
    await page.getByLabel('Wallet').check();
    await looks(page);
    await page.getByLabel('Your message').fill('For my daughter');
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Show this message' }).click();
    await page.getByRole('alert').filter({ hasText: 'could not be reached' }).waitFor();
    await context.setOffline(false);
    expect(await page.getByLabel('Your message').inputValue()).to.equal('For my daughter');
    await page.getByRole('button', { name: 'Show this message' }).click();
    await page.getByText('Your message stands on the piece’s page').waitFor();
    const { body } = await ledger.api.get(`/api/v1/pieces${path}/gift`);
    expect(body.message).to.include({ words: 'For my daughter', language: 'en' });
    one.complaints.splice(0, one.complaints.length, ...one.complaints.filter((c) => !/ERR_INTERNET_DISC/.test(c)));
    await left(one);
  });

  it('adds one as the owner, by a passkey this browser was never told of', async () => {
    const one = await visitor();
    const { page } = one;
    await withPasskeys(page);
    const piece = await register(lune.api, statement('A ring with a passkey'));
    const { tokenId } = await anchored(ledger.api, piece);
    await page.goto(`${ledger.url}/gift${piece}`);
    const made = await page.evaluate(async () => {
      const options = {
        rp: { name: 'x' },
        user: { id: new Uint8Array(16), name: 'x', displayName: 'x' },
        challenge: new Uint8Array(32),
        pubKeyCredParams: [-7, -257].map((alg) => ({ type: 'public-key' as const, alg })),
        authenticatorSelection: { residentKey: 'required' as const, userVerification: 'required' as const },
      };
      const credential = (await navigator.credentials.create({ publicKey: options })) as PublicKeyCredential;
      return [...new Uint8Array((credential.response as AuthenticatorAttestationResponse).getAuthenticatorData())];
    });
    const salt = `0x${BigInt(tokenId).toString(16).padStart(64, '0')}` as const;
    const to = passkeyAccountOf(keyOfAuthenticatorData(Uint8Array.from(made)), salt);
    await done(ledger, { act: 'transfer', piece, to }, {}, lune.api);
    await page.reload();
    await page.getByLabel('Your message').fill('For Anna');
    await page.getByRole('button', { name: 'Show this message' }).click();
    await page.getByText('Your message stands on the piece’s page').waitFor();
    expect((await ledger.api.get(`/api/v1/pieces${piece}/gift`)).body.message).to.include({ words: 'For Anna' });
    await left(one);
  });

  it('without script is told on the gift page what it needs', async () => {
    const one = await visitor({ javaScriptEnabled: false });
    await one.page.goto(`${ledger.url}/gift${path}`);
    await one.page.getByText('This page needs JavaScript').waitFor();
    expect(await one.page.locator('#signing').isVisible()).to.equal(false);
    await left(one);
  });

  it('is read by the workshop at its console, in every window; a shop window is explained by keyboard', async () => {
    const today = todayOf(ledger.service.ledger);
    await ledger.sql(
      `INSERT INTO scans SELECT $1, $2::date, country, place, $3, 3
       FROM generate_series(1, $4) AS place, unnest(ARRAY['FR', 'IT', 'JP', '']) AS country`,
      path,
      today,
      lune.organisation,
      SCAN_RULE.placesADay,
    );
    await ledger.sql(
      `INSERT INTO feedback (organisation, path, score, words, language)
       SELECT $1, $2, score, 'A very ' || repeat('long ', 40) || 'word', 'en' FROM generate_series(0, 10) AS score`,
      lune.organisation,
      path,
    );
    for (const viewport of VIEWPORTS) {
      const one = await visitor({ viewport });
      const { page } = one;
      await page.goto(`${ledger.url}/workshop`);
      await page.getByRole('textbox', { name: 'API key' }).fill(lune.apiKey);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      for (const name of ['feedback', 'suspicions', 'scans', 'gifts']) {
        await page.goto(`${ledger.url}/workshop/${name}`);
        await looks(page);
      }
      // What is done there is done once.
      if (viewport === VIEWPORTS.at(-1)) {
        await page.goto(`${ledger.url}/workshop/scans`);
        await page.getByLabel('Last day on display').focus();
        await page.getByLabel('Last day on display').fill(dayBefore(today, -14));
        await page.keyboard.press('Enter');
        await page.getByRole('status').filter({ hasText: 'Noted' }).waitFor();
        await looks(page);
        await page.goto(`${ledger.url}/workshop/suspicions`);
        await page.getByLabel('It is').first().selectOption('closed');
        await page.getByLabel('Note, for yourselves').first().fill('Seller told.');
        await page.getByRole('button', { name: 'Keep' }).first().click();
        await page.getByRole('status').filter({ hasText: 'Kept' }).waitFor();
      }
      await left(one);
    }
    const one = await visitor();
    const { tokenId } = (await ledger.api.get(`/api/v1/pieces${path}`)).body;
    await one.page.goto(`${ledger.url}/token/${tokenId}`);
    await one.page.getByText('says that the piece is on display until').waitFor();
    await looks(one.page);
    await left(one);
  });
});
