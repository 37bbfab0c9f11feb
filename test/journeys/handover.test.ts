// From one owner to the next by a link, in real browsers: at phone and desktop width, with passkey and wallet, by keyboard
// alone; and every way in which it does not come to pass, told in words. The one-time secret leaves no window.
import { expect } from 'chai';
import type { Wallet } from 'ethers';
import type { Browser, Page } from 'playwright-core';
import { offerText, readOffer } from '../../src/core/handover-offer.ts';
import { toHex } from '../../src/core/hash.ts';
import { done, keeperOf, low } from '../support/acts.ts';
import { launchBrowser } from '../support/browser.ts';
import {
  DESKTOP,
  type InjectedWallet,
  type Person,
  PHONE,
  person,
  withPasskeys,
  withWallet,
} from '../support/journey.ts';
import { type Admitted, startLedger, type TestLedger } from '../support/ledger.ts';
import { expectUsable, type Given, givenTo, inDevice, madePasskey, madePiece, remembering } from '../support/owners.ts';
import { readPng } from '../support/qr-reader.ts';
import { until, wallet } from '../support/raw-chain.ts';

describe('a piece handed over by a link', function () {
  this.timeout(120_000);
  const passkey = madePasskey();
  const ada = wallet('ada');
  const logged: string[] = [];
  let ledger: TestLedger;
  let maker: Admitted;
  let browser: Browser;
  let origin: string;
  let seller: Person;
  let pieces: Given[];
  const people: Person[] = [];
  /** Every secret that was ever in a link. */
  const secrets: string[] = [];

  before(async () => {
    [ledger, browser] = await Promise.all([startLedger(), launchBrowser()]);
    origin = ledger.url.replace('127.0.0.1', 'localhost');
    const log = (data: object, message: string) => void logged.push(JSON.stringify(data) + message);
    Object.assign(ledger.service.ledger, { log: { info: log, warn: log, error: log } });
    maker = await ledger.admit('atelier-lune');
    const titles = ['Ring', 'Brooch', 'Bangle', 'Chain', 'Pin'];
    const made = await Promise.all(titles.map((title) => madePiece(ledger, maker, title)));
    pieces = await Promise.all(
      made.map((piece, i) => givenTo(ledger, maker, piece, i === 0 ? passkey : ada.address.toLowerCase())),
    );
    seller = await come();
    await inDevice(await withPasskeys(seller.page), passkey);
    await withWallet(seller.page, ada);
    await seller.page.goto(`${origin}/my`);
    const kept = pieces.map((piece, i) => ({ ...piece, way: i === 0 ? ('passkey' as const) : ('wallet' as const) }));
    await remembering(seller.page, kept, passkey);
  });
  after(async () => {
    await browser?.close();
    await ledger?.stop();
  });

  async function come(options: object = {}): Promise<Person> {
    const one = await person(browser, origin, options);
    people.push(one);
    return one;
  }
  const piece = (i: number) => pieces[i] as Given;
  const part = (page: Page, id: string) => page.locator(`#${id}:not([hidden])`);
  const states = (page: Page) => expectUsable(people.find((one) => one.page === page) as Person);

  /** The seller's link for a piece, as it stands on her page. */
  async function offered(i: number, goodFor = 'day'): Promise<string> {
    const { page } = seller;
    await page.goto(`${origin}/handover${piece(i).path}`);
    await page.locator(`#until-${goodFor}`).check();
    await page.locator('#offer-make').click();
    await part(page, 'offer-made').waitFor();
    const link = await page.locator('#link-text').inputValue();
    secrets.push(link.split('#')[1] as string);
    return link;
  }
  async function opened(link: string, options: object = {}): Promise<Person & { wallet: InjectedWallet }> {
    const one = await come(options);
    const injected = await withWallet(one.page);
    await one.page.goto(link);
    return { ...one, wallet: injected };
  }
  async function why(page: Page): Promise<string> {
    await part(page, 'take-not').waitFor();
    await states(page);
    return page.locator('#take-why').innerText();
  }
  async function takeByWallet(page: Page): Promise<void> {
    await part(page, 'take-offer').waitFor();
    await page.locator('#key-wallet').check();
    await page.locator('#take-accept').click();
  }

  it('needs its owner’s device: another is told so; and says without scripts what it is', async () => {
    const stranger = await come();
    await stranger.page.goto(`${origin}/handover${piece(0).path}`);
    await part(stranger.page, 'handover-not').waitFor();
    expect(await stranger.page.locator('#handover-why').innerText()).to.include('doesn’t know this piece as yours');
    await states(stranger.page);
    const reader = await come({ javaScriptEnabled: false });
    await reader.page.goto(`${origin}/handover${piece(0).path}`);
    expect(await reader.page.locator('main').innerText()).to.include('needs JavaScript');
    expect((await reader.page.goto(`${origin}/handover/01/09506000134352/21/NOBODY`))?.status()).to.equal(404);
  });

  it('is refused where the link is cut short, or signed by somebody else', async () => {
    const link = await offered(1);
    const cut = await opened(link.slice(0, -40));
    expect(await why(cut.page)).to.match(/damaged|didn’t sign/);
    const damaged = await opened(link.slice(0, link.indexOf('#') + 40));
    expect(await why(damaged.page)).to.include('damaged or cut short');
    const [address = '', text = ''] = link.split('#');
    const offer = readOffer(text);
    if (!offer) throw new Error('no offer');
    const digest = toHex(new Uint8Array(32).fill(1));
    const forged = { ...offer, signature: (wallet('eve') as Wallet).signingKey.sign(digest).serialized };
    const eves = await opened(`${address}#${offerText(forged)}`);
    expect(await why(eves.page)).to.include('owner didn’t sign this link. Don’t pay');
  });

  it('is declined without anything happening, and withdrawn by its owner, which the next owner is told', async () => {
    const link = await offered(1);
    const buyer = await opened(link);
    await part(buyer.page, 'take-offer').waitFor();
    await states(buyer.page);
    await buyer.page.locator('#take-decline').click();
    expect(await why(buyer.page)).to.include('nothing has happened');
    expect((await keeperOf(ledger, piece(1).path)).address).to.equal(low(ada));
    await seller.page.locator('#offer-withdraw').click();
    await part(seller.page, 'offer-withdrawn').waitFor();
    await states(seller.page);
    const late = await opened(link);
    expect(await why(late.page)).to.include('withdrew this link');
  });

  it('is over at its end, by the service’s clock', async () => {
    const link = await offered(1, 'hour');
    const real = ledger.service.ledger.now;
    Object.assign(ledger.service.ledger, { now: () => Date.now() + 3_700_000 });
    try {
      const late = await opened(link);
      expect(await why(late.page)).to.match(/The link ended on .* Ask the owner/);
    } finally {
      Object.assign(ledger.service.ledger, { now: real });
    }
  });

  it('stands still once the piece is reported stolen: whoever opens the link is warned and told', async () => {
    const link = await offered(2);
    await done(ledger, { act: 'report-stolen', piece: piece(2).path }, { owner: ada });
    await until('pages tell of it', async () => (await ledger.api.get(piece(2).path)).text.includes('stolen'));
    const buyer = await opened(link);
    expect(await why(buyer.page)).to.include('can’t be handed over now');
    expect(await buyer.page.locator('.verdict').innerText()).to.match(/stolen/);
  });

  it('goes to one of two who take it at once, and the other is told that somebody was quicker', async () => {
    const link = await offered(3);
    const two = await Promise.all([opened(link), opened(link, { viewport: DESKTOP })]);
    for (const { page } of two) await part(page, 'take-offer').waitFor();
    await Promise.all(two.map(({ page }) => takeByWallet(page)));
    await Promise.all(
      two.map(({ page }) => page.locator('#take-done:not([hidden]), #take-not:not([hidden])').waitFor()),
    );
    const won = await Promise.all(two.map(({ page }) => part(page, 'take-done').isVisible()));
    expect(won.filter(Boolean)).to.have.length(1);
    const winner = two[won.indexOf(true)];
    const loser = two[won.indexOf(false)];
    expect((await keeperOf(ledger, piece(3).path)).address).to.equal(winner?.wallet.address);
    expect(await why(loser?.page as Page)).to.include('Somebody else used this link before you');
    expect(await loser?.page.evaluate(() => localStorage.getItem('touchstone.v1'))).to.not.include(piece(3).path);
    const replayed = await opened(link);
    expect(await why(replayed.page)).to.include('has changed hands since this link was made');
  });

  it('survives a lost network, a double click and another language in the middle', async () => {
    const link = await offered(4);
    const buyer = await opened(link);
    await part(buyer.page, 'take-offer').waitFor();
    await buyer.page.locator('.languages a[lang="ar"]').click();
    await buyer.page.locator('html[dir="rtl"]').waitFor();
    await part(buyer.page, 'take-offer').waitFor();
    await states(buyer.page);
    await buyer.page.locator('#key-wallet').check();
    let lost = 0;
    await buyer.page.route('**/api/v1/acts', async (route) => {
      lost += 1;
      if (lost > 1) return route.continue();
      // It got there, and the answer was lost.
      await route.fetch();
      await route.abort();
    });
    await buyer.page.locator('#take-accept').dblclick();
    await part(buyer.page, 'take-done').waitFor();
    expect(lost).to.equal(2);
    const [acts] = await ledger.sql(
      `SELECT count(*) FROM acts WHERE act = 'accept-handover' AND path = $1`,
      piece(4).path,
    );
    expect(acts.count).to.equal(1);
    expect((await keeperOf(ledger, piece(4).path)).address).to.equal(buyer.wallet.address);
  });

  it('passes from a passkey to a passkey: code scanned, verdict first, taken by keyboard alone, done on both sides', async () => {
    const link = await offered(0, 'week');
    const { page } = seller;
    await states(page);
    expect(await readPng(await page.locator('#link-code .qr').screenshot())).to.equal(link);
    const buyer = await come({ viewport: PHONE });
    await withPasskeys(buyer.page);
    await buyer.page.goto(link);
    await part(buyer.page, 'take-offer').waitFor();
    expect(buyer.page.url()).to.equal(`${origin}/handover${piece(0).path}`);
    const main = await buyer.page.locator('main').innerText();
    expect(main.indexOf('This record is genuine')).to.be.within(0, main.indexOf('This piece is offered to you'));
    expect(main).to.match(/pay only once this page says “final”/);
    await buyer.page.locator('#key-passkey').focus();
    await buyer.page.keyboard.press('Space');
    for (let i = 0; i < 12; i++) {
      if ((await buyer.page.evaluate(() => document.activeElement?.id)) === 'take-accept') break;
      await buyer.page.keyboard.press('Tab');
    }
    await buyer.page.keyboard.press('Enter');
    await part(buyer.page, 'take-done').waitFor();
    await states(buyer.page);
    expect(await buyer.page.locator('#take-done').innerText()).to.match(/The piece is yours\s+Final: .*\s+Receipt /);
    await part(page, 'offer-done').waitFor();
    await page.locator('#said').getByText('Final').waitFor();
    await states(page);
    expect(await page.locator('#link-text').inputValue()).to.equal('');
    await buyer.page.goto(`${origin}/my`);
    await buyer.page.locator('.own-pieces [data-tone="genuine-record"]').waitFor();
    await page.goto(`${origin}/my`);
    await page.locator('.own-pieces [data-tone="gone"]').first().waitFor();
  });

  it('and in all of that no secret of a link left a window or stood in a log', () => {
    const parts = secrets.flatMap((text) => [
      text,
      text.slice(0, 43),
      toHex(readOffer(text)?.secret ?? new Uint8Array()),
    ]);
    const everything = [...people.flatMap(({ sent }) => sent.map((one) => JSON.stringify(one))), ...logged].join('\n');
    expect(parts).to.have.length.above(20);
    for (const secret of parts) expect(everything).to.not.include(secret.replace('0x', ''));
    const complaints = people.flatMap((one) => one.complaints);
    expect(complaints.filter((text) => !/status of 4(04|09|22)|ERR_FAILED|pubKeyCredParams/.test(text))).to.deep.equal(
      [],
    );
  });
});
