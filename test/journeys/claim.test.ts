// Claiming a piece by its card as people do it: by passkey, wallet or paper key, on a phone and at a desk; what they are told
// where it can't be done; what becomes of it when the network, the page or somebody else comes between. The card's secret and
// paper keys are looked for in everything that left the browser, in the service's log and in the browser's storage.
import fs from 'node:fs';
import { expect } from 'chai';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { printedSecret } from '../../src/core/card.ts';
import { holdsSecret } from '../../src/core/secret-spotter.ts';
import { keeperOf } from '../support/acts.ts';
import { launchBrowser } from '../support/browser.ts';
import { type Carded, cardedPieces, doneBy, hearLog, printedCode } from '../support/carded.ts';
import {
  DESKTOP,
  expectAccessible,
  expectNoSideways,
  type Person,
  person,
  withPasskeys,
  withWallet,
} from '../support/journey.ts';
import { type Admitted, type Json, startLedger, type TestLedger } from '../support/ledger.ts';
import { until } from '../support/raw-chain.ts';

/** Chromium says aloud what the page handles: refused requests, a lost network, one algorithm asked for where two are usual. */
const EXPECTED = /status of 4\d\d|net::ERR|pubKeyCredParams/;

describe('claiming a piece by its card', function () {
  this.timeout(25_000);
  let ledger: TestLedger;
  let browser: Browser;
  let maker: Admitted;
  let origin: string;
  const log = hearLog();
  const cards: Carded[] = [];
  const people: Person[] = [];

  before(async () => {
    [ledger, browser] = await Promise.all([startLedger({ LOG_LEVEL: 'debug' }), launchBrowser()]);
    origin = ledger.url.replace('127.0.0.1', 'localhost');
    maker = await ledger.admit('atelier-lune');
    cards.push(...(await cardedPieces(ledger, maker, 13)));
    await Promise.all(cards.slice(0, 10).map(({ path }) => by({ act: 'release', piece: path })));
  });
  after(async () => {
    log.stop();
    await browser?.close();
    await ledger?.stop();
  });

  const by = (act: object) => doneBy(maker, act);

  async function someone(options: BrowserContextOptions = {}): Promise<Person> {
    const one = await person(browser, origin, options);
    one.page.setDefaultTimeout(6_000);
    people.push(one);
    return one;
  }

  const card = (i: number) => cards[i] as Carded;

  /** As a scanned code opens it: a page of its own, whatever was open before. */
  async function scan({ page }: Person, { path, secret }: Carded): Promise<void> {
    await page.goto('about:blank');
    await page.goto(`${origin}/claim${path}#${secret}`);
  }

  const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 2, name }).waitFor();
  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
  const keeper = async ({ path }: Carded) => (await keeperOf(ledger, path)).address as string;
  const remembered = (page: Page): Promise<Json> =>
    page.evaluate(() => JSON.parse(localStorage['touchstone.v1'] ?? '{}'));
  const claims = ({ sent }: Person) =>
    sent.filter(({ method, url }) => method === 'POST' && url.endsWith('/api/v1/acts'));

  /** What every state of the page has to be. */
  async function looks(page: Page): Promise<void> {
    await expectAccessible(page);
    await expectNoSideways(page);
  }

  it('on a phone, by passkey: typed wrongly, in Arabic midway, refused once, clicked twice; then a receipt, a sheet, and back', async () => {
    const her = await someone();
    const { page } = her;
    const { path, secret } = card(0);
    const device = await withPasskeys(page);
    await page.goto(`${origin}/claim${path}`);
    await heading(page, 'Your claim card');
    const field = page.getByRole('textbox', { name: /on the card/ });
    const typed = printedSecret(secret).toLowerCase();
    await field.fill(`${typed.slice(0, 13)}${typed[13] === 'z' ? 'y' : 'z'}${typed.slice(14)}`);
    await page.keyboard.press('Enter');
    await page.getByText('Something is mistyped in group 3. Compare it with the card.').waitFor();
    await looks(page);
    await field.fill(typed.replaceAll('-', ' '));
    await press(page, 'Go on');
    await heading(page, 'Make it yours');
    await looks(page);

    await page.getByRole('checkbox').check();
    await page.getByRole('link', { name: 'العربية' }).click();
    await heading(page, 'اجعلوها لكم');
    expect(await page.evaluate(() => document.documentElement.dir)).to.equal('rtl');
    await looks(page);
    await page.getByRole('link', { name: 'English' }).click();
    await heading(page, 'Make it yours');

    await device.verifies(false);
    await press(page, 'Make it mine');
    await page.getByText('Your device was asked and did not agree.').waitFor();
    expect(claims(her)).to.have.length(0);
    await looks(page);
    await device.verifies(true);
    await page.getByRole('button', { name: 'Make it mine' }).dblclick();
    await heading(page, 'It is yours');
    await page.getByText('nothing can undo that any more').waitFor();
    await looks(page);

    expect(claims(her)).to.have.length(1);
    const { pieces, passkeys, begun } = await remembered(page);
    expect([pieces.length, passkeys.length, begun.length]).to.deep.equal([1, 1, 0]);
    expect(pieces[0]).to.include({ path, way: 'passkey', account: await keeper(card(0)), passkey: passkeys[0].id });

    const [saved] = await Promise.all([page.waitForEvent('download'), press(page, 'Save the receipt')]);
    const receipt = JSON.parse(fs.readFileSync(await saved.path(), 'utf8'));
    expect(receipt).to.deep.include({ schema: 'touchstone/receipt/1', account: pieces[0].account });
    expect(receipt.receipt).to.deep.include({ state: 'final', act: 'claim' });

    const code = await printedCode(page, 'Make a sheet to print');
    await looks(page);
    expect(holdsSecret(code)).to.equal(true);
    expect(claims(her), 'what a sheet holds is sent nowhere').to.have.length(1);

    await page.goto(`${origin}/scan`).catch(() => {});
    await page.goBack();
    await heading(page, 'It is yours');
    expect(page.url()).to.not.contain('#');

    await rescued(code, card(0));
  });

  async function rescued(code: string, piece: Carded): Promise<void> {
    const before = await keeper(piece);
    const her = await someone(DESKTOP_SCREEN);
    const { page } = her;
    await withPasskeys(page);
    await page.goto(code);
    await heading(page, 'Take the piece back with this sheet');
    expect(page.url()).to.equal(`${origin}/rescue${piece.path}`);
    await looks(page);
    await press(page, 'Take it back');
    await heading(page, 'Your new key has it');
    await looks(page);
    const [owned] = (await remembered(page)).pieces;
    expect([owned.way, owned.account]).to.deep.equal(['passkey', await keeper(piece)]);
    expect(owned.account).to.not.equal(before);
    await page.goto('about:blank');
    await page.goto(code);
    await page.getByText('The piece has been passed on since this sheet was made').waitFor();
  }

  const DESKTOP_SCREEN = { viewport: DESKTOP };

  it('at a desk, by a wallet and the keyboard alone', async () => {
    const her = await someone(DESKTOP_SCREEN);
    const { page } = her;
    const wallet = await withWallet(page);
    await scan(her, card(1));
    await heading(page, 'Make it yours');
    expect(page.url()).to.equal(`${origin}/claim${card(1).path}`);
    const reach = async (id: string) => {
      for (let presses = 0; presses < 30; presses++) {
        await page.keyboard.press('Tab');
        if (await page.evaluate((wanted) => document.activeElement?.id === wanted, id)) return;
      }
      throw new Error(`the keyboard does not reach ${id}`);
    };
    await reach('key-passkey');
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('#key-wallet').isChecked()).to.equal(true);
    await looks(page);
    await reach('claim-now');
    await page.keyboard.press('Enter');
    await heading(page, 'It is yours');
    expect(await keeper(card(1))).to.equal(wallet.address);
    // The wallet is asked who she is; the card signs.
    expect(wallet.calls).to.deep.equal(['eth_requestAccounts']);
    await looks(page);
  });

  it('by a key on paper, closed as soon as it was signed, and opened again', async () => {
    const her = await someone();
    const { page } = her;
    await scan(her, card(2));
    await heading(page, 'Make it yours');
    await page.getByRole('radio', { name: 'A key on paper' }).check();
    await looks(page);
    const groups = await page.locator('#key-paper-groups li').allTextContents();
    const label = await page.locator('#key-paper-check-label').textContent();
    const asked = Number(/group (\d)/.exec(label ?? '')?.[1]);
    const field = page.locator('#key-paper-check');
    await field.fill('AAAAA');
    await press(page, 'Make it mine');
    await page.getByText(`That is not group ${asked}.`).waitFor();
    expect(claims(her)).to.have.length(0);
    await field.fill((groups[asked - 1] as string).toLowerCase());
    // Nobody is told how it goes on before the page is closed.
    await page.route('**/api/v1/acts/*-*', (route) => route.abort());
    await press(page, 'Make it mine');
    await heading(page, 'It is on its way to you');
    await looks(page);
    const [begun] = (await remembered(page)).begun;
    expect(begun).to.include({ path: card(2).path, act: 'claim', way: 'paper' });
    await page.close();

    const again = await her.context.newPage();
    await again.goto(`${origin}/claim${card(2).path}`);
    await heading(again, 'It is yours');
    await again.getByText('nothing can undo that any more').waitFor();
    expect(await remembered(again))
      .to.have.property('begun')
      .that.deep.equals([]);
    expect(await keeper(card(2))).to.equal(begun.account);
    // Closed before the answer came, it is asked again under the same key, which does nothing twice.
    expect(new Set(claims(her).map(({ headers }) => headers['idempotency-key']))).to.have.property('size', 1);
    const kept = JSON.stringify(await remembered(again));
    expect(kept).to.not.contain(groups.join(''));
    expect(holdsSecret(kept)).to.equal(false);
  });

  it('with the answer lost and the network gone: it waits, goes on, and nothing is done twice', async () => {
    const her = await someone();
    const { page, context } = her;
    await withPasskeys(page);
    await scan(her, card(3));
    await heading(page, 'Make it yours');
    let lost = 0;
    await page.route('**/api/v1/acts', async (route) => {
      lost += 1;
      if (lost > 1) return route.continue();
      // The service has it; the answer never comes.
      await route.fetch();
      await context.setOffline(true);
      return route.abort();
    });
    await press(page, 'Make it mine');
    await page.getByText('The connection was lost.').waitFor();
    await context.setOffline(false);
    await heading(page, 'It is yours');
    const keys = claims(her).map(({ headers }) => headers['idempotency-key']);
    expect(keys.length).to.be.at.least(2);
    expect(new Set(keys).size).to.equal(1);
    const [stored] = await ledger.sql(
      `SELECT count(*)::int AS n FROM acts WHERE act = 'claim' AND path = $1`,
      card(3).path,
    );
    expect(stored.n).to.equal(1);
  });

  it('two at once: exactly one has it, and the other is told, as is whoever scans the card later', async () => {
    const both = await Promise.all([someone(), someone(DESKTOP_SCREEN)]);
    await Promise.all(both.map(({ page }) => withPasskeys(page)));
    await Promise.all(both.map((one) => scan(one, card(4))));
    await Promise.all(both.map(({ page }) => heading(page, 'Make it yours')));
    await Promise.all(both.map(({ page }) => press(page, 'Make it mine')));
    const outcome = ({ page }: Person) =>
      Promise.race([
        heading(page, 'It is yours').then(() => 'hers'),
        heading(page, 'This piece can’t be claimed now').then(() => 'told'),
        page
          .getByText('Somebody is doing this very thing')
          .waitFor()
          .then(() => 'wait'),
      ]);
    let outcomes = await Promise.all(both.map(outcome));
    for (const [i, one] of both.entries()) {
      if (outcomes[i] !== 'wait') continue;
      await until(
        'the other one is through',
        async () => (await keeperOf(ledger, card(4).path)).organisation === undefined,
      );
      await press(one.page, 'Make it mine');
      await heading(one.page, 'This piece can’t be claimed now');
    }
    outcomes = outcomes.map((one) => (one === 'hers' ? one : 'told'));
    expect(outcomes.sort()).to.deep.equal(['hers', 'told']);
    const third = await someone();
    await scan(third, card(4));
    await third.page.getByText('Somebody has claimed this piece with its card already').waitFor();
    await looks(third.page);
  });

  it('where it can’t be done says so before any key is asked for', async () => {
    const her = await someone();
    const { page } = her;
    await Promise.all([
      by({ act: 'report-stolen', piece: card(5).path }),
      by({ act: 'recall', piece: card(7).path, words: 'The clasp may open by itself.' }),
      ledger
        .admit('court', [], ['arbiter'])
        .then((court) => doneBy(court, { act: 'lock', piece: card(6).path, words: 'Two say it is theirs.' })),
    ]);
    const stands = async (i: number, of: (standing: Json) => boolean) =>
      until(`piece ${i} stands so`, async () =>
        of((await ledger.api.get(`/api/v1/pieces${card(i).path}`)).body.standing),
      );
    await Promise.all([
      stands(5, ({ reported }) => reported.length === 1),
      stands(6, ({ locked }) => locked !== null),
      stands(7, ({ recalled }) => recalled.length === 1),
    ]);
    const told = async (one: Carded, words: string) => {
      await scan(her, one);
      await page.getByText(words).waitFor();
    };
    await told(card(5), 'This piece is reported stolen.');
    await looks(page);
    await told(card(6), 'An arbiter has locked this piece');
    await told({ ...card(8), secret: card(9).secret }, 'This is the card of another piece.');
    await told(card(11), 'The seller has not released this piece yet');
    await told(card(12), 'No claim card was made for this piece.');
    await by({ act: 'release', piece: card(11).path });
    await scan(her, card(11));
    await heading(page, 'Make it yours');
    // A recall makes the seller release it anew; then it warns and forbids nothing.
    await told(card(7), 'The seller has not released this piece yet');
    await by({ act: 'release', piece: card(7).path });
    await told(card(7), 'The maker has recalled this piece');
    await heading(page, 'Make it yours');
    await looks(page);
    await page.goto('about:blank');
    await page.goto(`${origin}/claim${card(8).path}#C0000`);
    await page.getByText('That is 5 characters, and a card has 30').waitFor();
    expect(page.url()).to.not.contain('#');
  });

  it('is answered at every address without a redirection, in the reader’s language, and kept by nobody', async () => {
    const { path } = card(8);
    const variants: [string, number][] = [
      [path, 200],
      [path.toLowerCase(), 200],
      [`${path}/`, 400],
      [`/${path}`, 400],
      ['', 400],
      ['/', 400],
      ['/01/09506000134352/21/none', 404],
      ['/01/9506000134352/21/none', 400],
      ['/01/09506000134352/22/A/21/none', 400],
      ['/p/atelier-lune/0000', 400],
    ];
    for (const stem of ['/claim', '/rescue']) {
      for (const [rest, status] of variants) {
        const reply = await ledger.api.get(stem + rest, { 'accept-language': 'de', accept: 'text/html' });
        expect([stem + rest, reply.status]).to.deep.equal([stem + rest, status]);
        expect(reply.headers.get('cache-control')).to.equal('no-store');
        expect(reply.headers.get('content-security-policy')).to.contain("require-trusted-types-for 'script'");
        expect(reply.headers.get('referrer-policy')).to.equal('no-referrer');
        expect(reply.text).to.contain('<html lang="de"');
        expect(reply.text).to.not.match(/(?:src|href)="https?:\/\/(?!localhost|127)/);
      }
    }
  });

  it('says what is needed where no script runs', async () => {
    const { page } = await someone({ javaScriptEnabled: false });
    await page.goto(`${origin}/claim${card(8).path}`);
    expect(await page.locator('#claim-waiting noscript').innerText()).to.match(/needs JavaScript/);
    await page.getByRole('heading', { level: 1, name: 'Ring 8' }).waitFor();
  });

  it('let no secret out: not into a request, a header, the log or any storage', async () => {
    // Whoever sends one all the same is refused, and it stands nowhere.
    const { path, secret } = card(8);
    for (const address of [
      `/claim${path}?card=${secret}`,
      `/claim${path}%23${secret}`,
      `/claim/${printedSecret(secret)}`,
    ]) {
      expect((await ledger.api.get(address, { accept: 'application/json' })).body, address).to.include({
        code: 'secret-sent',
      });
    }
    expect(log.text()).to.contain('/api/v1/acts');
    expect(holdsSecret(log.text())).to.equal(false);
    const everything = people.flatMap(({ sent }) => sent).map((one) => JSON.stringify(one));
    expect(everything.length).to.be.greaterThan(100);
    for (const one of everything) {
      // Where the browser was told to go is in the driver's record; what left it has no fragment.
      const left = one.replace(/("url":"[^"#]*)#[^"]*/, '$1');
      expect(holdsSecret(left), left.slice(0, 200)).to.equal(false);
      for (const { secret } of cards) expect(left).to.not.contain(secret);
    }
    for (const { context, complaints } of people) {
      const { cookies, origins } = await context.storageState({ indexedDB: true });
      expect(cookies).to.deep.equal([]);
      expect(holdsSecret(JSON.stringify(origins))).to.equal(false);
      expect(complaints.filter((complaint) => !EXPECTED.test(complaint))).to.deep.equal([]);
    }
  });
});
