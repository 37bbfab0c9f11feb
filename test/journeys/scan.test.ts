import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from 'chai';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { privateOwner } from '../../src/adapters/keys.ts';
import { launchBrowser } from '../support/browser.ts';
import { type Admitted, anchored, register, startLedger, statement, type TestLedger } from '../support/ledger.ts';
import { until } from '../support/raw-chain.ts';
import { imitationEarrings } from '../support/records.ts';

describe('from a tag to the page behind it, on a phone without JavaScript', function () {
  this.timeout(240_000);
  let ledger: TestLedger;
  let maker: Admitted;
  let browser: Browser;
  let phone: BrowserContext;
  let page: Page;

  before(async () => {
    const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
    const wasmBinary = readFileSync(wasm);
    prepareZXingModule({
      overrides: {
        wasmBinary: wasmBinary.buffer.slice(
          wasmBinary.byteOffset,
          wasmBinary.byteOffset + wasmBinary.length,
        ) as ArrayBuffer,
      },
    });
    [ledger, browser] = await Promise.all([startLedger(), launchBrowser()]);
    maker = await ledger.admit('atelier-lune', ['9506000']);
    phone = await browser.newContext({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false });
    page = await phone.newPage();
  });

  after(async () => {
    await browser?.close();
    await ledger?.stop();
  });

  const headline = () => page.locator('.verdict-sentence').innerText();

  async function scan(path: string): Promise<string> {
    const response = await fetch(`${ledger.url}/api/v1/pieces${path}/qr.png?px=240&level=M`);
    const [found] = await readBarcodes(new Uint8Array(await response.arrayBuffer()));
    return found?.text ?? 'nothing decoded';
  }

  it('a GTIN piece: the code decodes to its address, and the page says what is genuine and of what it is made', async () => {
    const gtin = '09506000134352';
    const path = await register(maker.api, { ...imitationEarrings(), code: { gtin } });
    await anchored(maker.api, path);
    const address = await scan(path);
    expect(address).to.equal(`${ledger.url}${path}`);
    expect(path).to.match(/^\/01\/09506000134352\/21\/[0-9A-Z]{12}$/);
    const answer = await page.goto(address);
    expect(answer?.status()).to.equal(200);
    expect(await headline()).to.match(/^This record is genuine: The atelier-lune registered this piece on /);
    expect(await page.locator('main').innerText()).to.include(imitationEarrings().title);
  });

  it('the page follows the piece from its maker to a first and a second private owner, naming neither', async () => {
    const path = await register(maker.api, statement('Ring that is sold twice'));
    const { tokenId } = await anchored(maker.api, path);
    const [first, second] = [privateOwner(), privateOwner()];
    const sold = await maker.api.post('/api/v1/transfers', { path, to: first.address });
    expect(sold.status).to.equal(202);
    await ownerIs(path, first.address);
    const { body: prepared } = await ledger.api.get(`/api/v1/transfers/prepare?path=${path}&to=${second.address}`);
    const { typedData, deadline, moves } = prepared;
    const signature = await first.sign(typedData);
    const resold = await maker.api.post('/api/v1/transfers', { path, to: second.address, signature, deadline, moves });
    expect(resold.status).to.equal(202);
    await ownerIs(path, second.address);
    expect((await ledger.service.ledger.chain.pieceOf(tokenId))?.owner).to.equal(second.address);

    await page.goto(ledger.url + path);
    const steps = await page.locator('ol.timeline > li').allInnerTexts();
    expect(steps).to.have.length(3);
    expect(steps[1]).to.match(/owner 2/i);
    expect(steps[2]).to.match(/owner 3/i);
    const words = (await page.locator('body').innerText()).toLowerCase();
    for (const owner of [first, second]) expect(words).to.not.include(owner.address.slice(2));
  });

  it('a record that is not on the chain yet is not called genuine', async () => {
    // Sealing waits for the organisation to be in good standing again.
    const { organisation, api } = await ledger.admit('slow-maker');
    await ledger.sql('UPDATE held_keys SET retired_at = now() WHERE organisation = $1', organisation);
    const path = await register(api, statement('Ring on its way'));
    const answer = await page.goto(ledger.url + path);
    expect(answer?.status()).to.equal(200);
    expect(await headline()).to.match(/isn’t on the ledger yet/);
    await ledger.sql('UPDATE held_keys SET retired_at = NULL WHERE organisation = $1', organisation);
    await anchored(api, path);
    await until('the page knows', async () => {
      await page.goto(ledger.url + path);
      return (await headline()).startsWith('This record is genuine');
    });
  });

  it('an unknown code is an honest page with status 404', async () => {
    const answer = await page.goto(`${ledger.url}/01/09506000134352/21/NEVERMADE`);
    expect(answer?.status()).to.equal(404);
    expect(await page.locator('main').innerText()).to.include('No piece is registered here under this code');
  });

  it('a mistyped own code is told from an unknown one', async () => {
    const answer = await page.goto(`${ledger.url}/p/atelier-lune/0000000000000000Z`);
    expect(answer?.status()).to.equal(400);
    expect(await page.locator('h1').innerText()).to.include('can’t be a code');
  });

  it('a code typed by hand, in lower case and with spaces, leads to the page', async () => {
    const path = await register(maker.api, statement('Ring looked up by hand'));
    await anchored(maker.api, path);
    const [, , handle, code] = path.split('/') as [string, string, string, string];
    await page.goto(ledger.url);
    await page
      .locator('input[name=code]')
      .fill(`${handle} ${code.slice(0, 8).toLowerCase()} ${code.slice(8).toLowerCase()}`);
    await page.locator('form button').click();
    expect(page.url()).to.equal(ledger.url + path);
    expect(await page.locator('main').innerText()).to.include('Ring looked up by hand');
  });

  async function ownerIs(path: string, address: string): Promise<void> {
    await until(`${path} has its new owner`, async () => {
      const { body } = await ledger.api.get(`/api/v1/pieces${path}`);
      return body.keeper.address === address;
    });
  }
});
