// What an owner does with her pieces, in real browsers: her list on her own device, showing that a piece is hers, live proof to
// a buyer before her, reports, consents, recovery, and everything taken along to another device. Phone and desktop width, by
// keyboard alone, with a lost network, in Arabic.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { cardKey, cardSecret, printedSecret } from '../../src/core/card.ts';
import { done, low, settledAct } from '../support/acts.ts';
import { launchBrowser } from '../support/browser.ts';
import { DESKTOP, type Person, person, withPasskeys, withWallet } from '../support/journey.ts';
import { type Admitted, anchored, type Json, startLedger, statement, type TestLedger } from '../support/ledger.ts';
import { expectUsable, type Given, givenTo, inDevice, madePasskey, madePiece, remembering } from '../support/owners.ts';
import { readPng } from '../support/qr-reader.ts';
import { until, wallet } from '../support/raw-chain.ts';

describe('an owner and her pieces', function () {
  this.timeout(120_000);
  const passkey = madePasskey();
  const bea = wallet('bea');
  const secret = cardSecret(new Uint8Array(16).fill(21));
  const logged: string[] = [];
  let ledger: TestLedger;
  let maker: Admitted;
  let goldsmith: Admitted;
  let browser: Browser;
  let origin: string;
  let ring: Given;
  let brooch: Given;
  let carded: string;
  let ada: Person;
  const people: Person[] = [];

  before(async () => {
    [ledger, browser] = await Promise.all([startLedger(), launchBrowser()]);
    origin = ledger.url.replace('127.0.0.1', 'localhost');
    const log = (data: object, message: string) => void logged.push(JSON.stringify(data) + message);
    Object.assign(ledger.service.ledger, { log: { info: log, warn: log, error: log } });
    maker = await ledger.admit('atelier-lune');
    goldsmith = await ledger.admit('goldsmith-nord', [], ['service']);
    const [first, second] = await Promise.all([madePiece(ledger, maker, 'Ring'), madePiece(ledger, maker, 'Brooch')]);
    const card = { record: statement('In the shop'), claimKey: cardKey(secret).address };
    carded = (await maker.api.post('/api/v1/pieces', card)).body.path;
    [ring, brooch] = await Promise.all([
      givenTo(ledger, maker, first, passkey),
      givenTo(ledger, maker, second, low(bea)),
      anchored(ledger.api, carded),
    ]);
    ada = await come();
    await inDevice(await withPasskeys(ada.page), passkey);
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
  const part = (page: Page, id: string) => page.locator(`#${id}:not([hidden])`);
  const states = (page: Page) => expectUsable(people.find((one) => one.page === page) as Person);
  const seen = (path: string, what: (passport: Json) => boolean) =>
    until('the passport tells of it', async () => what((await ledger.api.get(`/api/v1/pieces${path}`)).body));
  const mine = (page: Page, path = ring.path, query = '') => page.goto(`${origin}/my${path}${query}`);
  /** Its two minutes are over. The clock stays: pages remember passports by it. */
  const over = () => ledger.sql('UPDATE live_proofs SET deadline = deadline - 125');

  describe('on a device that knows nothing yet', () => {
    it('finds an empty list that says what to do, and without scripts that it needs them', async () => {
      await ada.page.goto(`${origin}/my`);
      await part(ada.page, 'my-empty').waitFor();
      expect(await ada.page.locator('#my-empty').innerText()).to.match(
        /No piece is kept here yet\s+Do you have a claim card/,
      );
      await states(ada.page);
      const reader = await come({ javaScriptEnabled: false });
      await reader.page.goto(`${origin}/my`);
      expect(await reader.page.locator('main').innerText()).to.include('needs JavaScript');
    });

    it('is told that what she typed is no code, that a piece is not another key’s, and adds hers by its passkey', async () => {
      const { page } = ada;
      await page.locator('#code').fill('nonsense <b>');
      await page.locator('#code').press('Enter');
      await page.getByText('This is no code of a piece').waitFor();
      await states(page);
      await page.locator('#code').fill(`${origin}${brooch.path}`);
      await page.locator('#code').press('Enter');
      await part(page, 'own-ask').waitFor();
      await page.locator('#way-passkey').click();
      await page.locator('#fault').getByText('That is another key').waitFor();
      await states(page);
      await mine(page);
      await page.locator('#way-passkey').click();
      await part(page, 'own-do').waitFor();
      await states(page);
      await page.goto(`${origin}/my`);
      await page.locator('.own-pieces [data-tone="genuine-record"]').waitFor();
      expect(await page.locator('.own-pieces li').count()).to.equal(1);
      await states(page);
    });

    it('finds the pieces of her wallet, at desktop width', async () => {
      const { page } = await come({ viewport: DESKTOP });
      await withWallet(page, bea);
      await page.goto(`${origin}/my`);
      await page.locator('#my-wallet').click();
      await page.locator('#said').getByText('Pieces of your wallet: 1').waitFor();
      expect(await page.locator('.own-pieces a').innerText()).to.equal('Brooch');
    });
  });

  describe('asked for live proof', () => {
    async function question(path = ring.path): Promise<{ buyer: Page; link: string }> {
      const { page } = await come();
      await page.goto(`${origin}/proof${path}`);
      await page.locator('#proof-ask').click();
      await part(page, 'proof-waiting').waitFor();
      return { buyer: page, link: await page.locator('#link-text').inputValue() };
    }

    it('answers nothing without a question, to one about another piece, or once its time is over', async () => {
      const { page } = await come();
      await page.goto(`${origin}/prove${ring.path}`);
      await part(page, 'prove-not').getByText('There is no question here').waitFor();
      await states(page);
      const { buyer, link } = await question();
      await page.goto(`${origin}/prove${brooch.path}#${link.split('#')[1]}`);
      await part(page, 'prove-not').getByText('about another piece').waitFor();
      await over();
      await page.goto('about:blank');
      await page.goto(link);
      await part(page, 'prove-not').getByText('The two minutes are over').waitFor();
      await part(buyer, 'proof-failed').getByText('Nobody answered within two minutes').waitFor();
      await states(buyer);
    });

    it('with another key than the owner’s shows the buyer nothing but that; and she may decline', async () => {
      const { buyer, link } = await question();
      const eve = await come();
      await withWallet(eve.page);
      await eve.page.goto(link);
      await eve.page.locator('#way-wallet').click();
      await eve.page.locator('#fault').getByText('another key').waitFor();
      await eve.page.locator('summary').click();
      await eve.page.locator('#prove-card-secret').fill(printedSecret(secret));
      await eve.page.locator('#prove-card-secret').press('Enter');
      await eve.page.locator('#fault').getByText('This card can’t claim the piece').waitFor();
      await states(eve.page);
      await buyer.locator('#said').getByText('a key that is not the owner’s').waitFor();
      await eve.page.locator('#prove-decline').click();
      await part(eve.page, 'prove-not').getByText('You gave no answer').waitFor();
      expect(await part(buyer, 'proof-waiting').isVisible()).to.equal(true);
    });

    it('is told that the piece has changed hands where it did between answer and look', async () => {
      const moving = await givenTo(ledger, maker, await madePiece(ledger, maker, 'Chain'), low(bea));
      const { buyer, link } = await question(moving.path);
      await buyer.route('**/api/v1/live-proofs/*', async (route) => {
        const response = await route.fetch();
        const body = await response.json();
        if (body.state !== 'answered') return route.fulfill({ response });
        await done(ledger, { act: 'transfer', piece: moving.path, to: low(wallet('eve')) }, { owner: bea });
        await seen(moving.path, ({ keeper }) => keeper.address === low(wallet('eve')));
        return route.fulfill({ response });
      });
      const { page } = await come();
      await withWallet(page, bea);
      await page.goto(link);
      await page.locator('#way-wallet').click();
      await part(page, 'prove-done').waitFor();
      await part(buyer, 'proof-failed').getByText('changed hands just now').waitFor();
    });

    it('is not shown by a service that says so: the buyer’s browser judges the signature itself', async () => {
      const { buyer } = await question();
      const forged = wallet('eve').signingKey.sign(`0x${'11'.repeat(32)}`).serialized;
      const answer = { by: 'owner', signature: forged, owner: ring.account, card: null, judgedBy: 'signature' };
      await buyer.route('**/api/v1/live-proofs/*', async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: { ...(await response.json()), state: 'answered', answer } });
      });
      await part(buyer, 'proof-failed').getByText('not signed with the key of the piece’s owner').waitFor();
    });

    it('answers by scanning the buyer’s code: his page says that she controls the owner’s key', async () => {
      const { buyer, link } = await question();
      await states(buyer);
      expect(await readPng(await buyer.locator('#link-code .qr').screenshot())).to.equal(link);
      const { page } = ada;
      await mine(page);
      await page.locator('.own-acts summary').click();
      await page.locator('#own-proof-link').fill('https://elsewhere.example/');
      await page.locator('#own-proof-link').press('Enter');
      await page.locator('#fault').getByText('no link to a question').waitFor();
      await page.locator('#own-proof-link').fill(link);
      await page.locator('#own-proof-link').press('Enter');
      await part(page, 'prove-asked').waitFor();
      await states(page);
      await page.locator('#prove-sign').focus();
      await page.keyboard.press('Enter');
      await part(page, 'prove-done').waitFor();
      await states(page);
      await part(buyer, 'proof-owner').waitFor();
      const told = await buyer.locator('#proof-owner').innerText();
      expect(told).to.match(/The person showing you this controls the owner’s key\.[\s\S]*Your own browser checked/);
      await states(buyer);
    });

    it('with the card of a piece in a shop shows that it is there; the secret never leaves the window', async () => {
      const { buyer, link } = await question(carded);
      const holder = await come();
      await holder.page.goto(link);
      await holder.page.locator('summary').click();
      await holder.page.locator('#prove-card-secret').fill('C0000');
      await holder.page.locator('#prove-card-secret').press('Enter');
      await holder.page.locator('#fault').getByText('a card has 30').waitFor();
      await holder.page.locator('#prove-card-secret').fill(printedSecret(secret));
      await holder.page.locator('#prove-card-secret').press('Enter');
      await part(holder.page, 'prove-done').waitFor();
      await part(buyer, 'proof-card').getByText('holds its claim card').waitFor();
      const everything =
        people.flatMap(({ sent }) => sent.map((one) => JSON.stringify(one))).join('\n') + logged.join('\n');
      for (const text of [secret, printedSecret(secret)]) expect(everything).to.not.include(text);
    });
  });

  describe('of a piece', () => {
    it('reports it stolen after a step of asking, by keyboard alone, once though she presses twice; and withdraws', async () => {
      const { page } = ada;
      await mine(page);
      await page.locator('#act-report-stolen').focus();
      await page.keyboard.press('Enter');
      await part(page, 'own-confirm').waitFor();
      expect(await page.locator('#own-confirm-about').innerText()).to.include('For 90 days nobody can move the piece');
      await states(page);
      await page.locator('#own-confirm-cancel').focus();
      await page.keyboard.press('Enter');
      await part(page, 'own-do').waitFor();
      await page.locator('#act-report-stolen').focus();
      await page.keyboard.press('Enter');
      await page.locator('#own-confirm-do').focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Enter');
      await part(page, 'own-done').waitFor();
      expect(await page.locator('#own-done').innerText()).to.match(/Done: Report it stolen\s+Final: .*\s+Receipt /);
      await states(page);
      const [{ count }] = await ledger.sql(`SELECT count(*) FROM acts WHERE act = 'report-stolen'`);
      expect(count).to.equal(1);
      await seen(ring.path, ({ headline }) => headline === 'warning');
      await page.locator('#own-done-back').click();
      await page.locator('#act-withdraw-report').click();
      await page.locator('#own-confirm-do').click();
      await part(page, 'own-done').getByText('Final').waitFor();
      await seen(ring.path, ({ headline }) => headline === 'genuine-record');
    });

    it('allows recovery, over a network that was lost in the middle; and forbids it again', async () => {
      const { page } = ada;
      await mine(page);
      await page.locator('#act-allow-recovery').click();
      let lost = 0;
      await page.route('**/api/v1/acts', async (route) => {
        lost += 1;
        if (lost > 2) return route.continue();
        if (lost === 1) await route.fetch();
        return route.abort();
      });
      await page.locator('#own-confirm-do').click();
      await page.locator('#said').getByText('The connection is lost').waitFor();
      await part(page, 'own-done').getByText('Final').waitFor();
      await page.unroute('**/api/v1/acts');
      const [{ count }] = await ledger.sql(`SELECT count(*) FROM acts WHERE act = 'allow-recovery'`);
      expect(count).to.equal(1);
      await seen(ring.path, ({ standing }) => standing.recovery.allowed);
      await page.locator('#own-done-back').click();
      await page.locator('#act-forbid-recovery').click();
      await page.locator('#own-confirm-do').click();
      await part(page, 'own-done').getByText('Final').waitFor();
      await seen(ring.path, ({ standing }) => !standing.recovery.allowed);
    });

    it('reads what is asked of her with her key alone, agrees to one and declines the other', async () => {
      const words = 'Cleaned, <b>claws</b> looked at.';
      const said = { schema: 'touchstone/life-event/1', kind: 'service', language: 'en', words };
      const ask = async (body: object) => settledAct(ledger, await goldsmith.api.post('/api/v1/acts', body));
      const wish = { act: 'request-record', piece: ring.path };
      const declined = await ask({ ...wish, kind: 'repair' });
      await ask({ ...wish, kind: 'service', statement: said });
      const { page } = ada;
      await mine(page);
      await page.locator('#own-asked').click();
      await part(page, 'own-requests').waitFor();
      expect(await page.locator('.own-request').count()).to.equal(2);
      expect(await page.locator('.own-request').first().innerText()).to.include(words);
      await states(page);
      await page.locator('.own-request').nth(1).getByRole('button', { name: 'Decline' }).click();
      await page.locator('.own-request').nth(1).getByText('Declined.').waitFor();
      expect((await ledger.api.get(`/api/v1/acts/${declined.id}`)).body.state).to.equal('declined');
      await page.locator('.own-request').first().getByRole('button', { name: 'Agree' }).click();
      await part(page, 'own-confirm').getByText('goldsmith-nord asks to record: cleaning and care').waitFor();
      await page.locator('#own-confirm-do').click();
      await part(page, 'own-done').getByText('Final').waitFor();
      await seen(ring.path, ({ timeline }) => timeline.at(-1).event === 'service');
    });

    it('opens what is asked by the link she was given, and not another piece’s', async () => {
      const { body } = await goldsmith.api.post('/api/v1/acts', {
        act: 'request-record',
        piece: ring.path,
        kind: 'engraving',
      });
      const { page } = ada;
      await page.goto(`${origin}/my${ring.path}#ask-${body.id}`);
      await part(page, 'own-requests').getByText('an engraving').waitFor();
      const other = await goldsmith.api.post('/api/v1/acts', {
        act: 'request-record',
        piece: brooch.path,
        kind: 'repair',
      });
      await page.goto('about:blank');
      await page.goto(`${origin}/my${ring.path}#ask-${other.body.id}`);
      await page.locator('#fault').getByText('Nothing is known here').waitFor();
    });

    it('takes everything along, forgets it here, and has it on another device; a damaged file is refused', async () => {
      const { page } = ada;
      await page.goto(`${origin}/my`);
      const saving = page.waitForEvent('download');
      await page.locator('#my-export').click();
      const file = await (await saving).path();
      const along = JSON.parse(readFileSync(file, 'utf8'));
      expect(along.pieces.map(({ path }: Json) => path)).to.deep.equal([ring.path]);
      expect(along.evidence[ring.path].tokenId).to.equal(ring.tokenId);
      expect(Object.keys(along.receipts)).to.have.length.above(3);
      expect(along.passkeys[0]).to.include({ qx: passkey.qx, qy: passkey.qy });
      await mine(page);
      await page.locator('#act-forget').click();
      await page.locator('#own-confirm-do').click();
      await part(page, 'my-empty').waitFor();
      const other = await come({ viewport: DESKTOP });
      await other.page.goto(`${origin}/my`);
      const wrong = { ...along, pieces: [{ ...along.pieces[0], path: 'javascript:alert(1)' }] };
      const upload = (content: object | string) =>
        other.page.locator('#my-import').setInputFiles({
          name: 'x.json',
          mimeType: 'application/json',
          buffer: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
        });
      for (const content of ['{', '[]', wrong, { ...along, schema: 'other' }]) {
        await upload(content);
        await other.page.locator('#fault').getByText('no such file').waitFor();
      }
      await upload(along);
      await other.page.locator('#said').getByText('Pieces taken in: 1').waitFor();
      await other.page.locator('.own-pieces [data-tone="genuine-record"]').waitFor();
    });
  });

  it('reads every page from right to left in Arabic, and in her own language wherever she comes from', async () => {
    const { page } = await come({ locale: 'ar' });
    await page.goto(`${origin}/my`);
    await remembering(page, [{ ...ring, way: 'passkey' }], passkey);
    for (const path of [
      `/my`,
      `/my${ring.path}`,
      `/handover${ring.path}`,
      `/proof${ring.path}`,
      `/prove${ring.path}`,
    ]) {
      await page.goto(origin + path);
      expect(await page.locator('html').getAttribute('dir'), path).to.equal('rtl');
      await page.waitForLoadState('networkidle');
      await states(page);
    }
  });

  describe('in all of that', () => {
    it('no page complains', () => {
      const complaints = people.flatMap((one) => one.complaints);
      expect(
        complaints.filter((text) => !/status of 4(00|04|09|22)|ERR_FAILED|pubKeyCredParams/.test(text)),
      ).to.deep.equal([]);
    });
  });
});
