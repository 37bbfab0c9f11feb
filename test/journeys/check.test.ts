// A visitor who would rather see for herself: her browser checks a piece's evidence, a forged file, a node that is honest,
// lies or is away; the same as a file from her own disk; and a code scanned, typed or read by a scanner that types.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { filmOf } from '../support/fake-camera.ts';
import { expectAccessible, expectNoSideways, type Person, person, VIEWPORTS } from '../support/journey.ts';
import { anchored, register, startLedger, statement, type TestLedger, temporaryFolder } from '../support/ledger.ts';
import { type OpenNode, startOpenNode } from '../support/open-node.ts';

describe('a visitor who would rather see for herself', function () {
  this.timeout(120_000);
  const files = temporaryFolder();
  let ledger: TestLedger;
  let browser: Browser;
  let node: OpenNode;
  let visitor: Person;
  let origin: string;
  let path: string;
  const saved = (name: string) => join(files, name);

  before(async () => {
    ledger = await startLedger();
    const maker = await ledger.admit('atelier-lune');
    path = await register(maker.api, statement('Solitaire <b>“Aurore”</b>'));
    await anchored(ledger.api, path);
    origin = ledger.url.replace('127.0.0.1', 'localhost');
    filmOf(`${ledger.url}${path}`, saved('card.y4m'));
    browser = await launchBrowser({ camera: saved('card.y4m') });
    const { rpcUrl } = JSON.parse(readFileSync(join(ledger.config.dataDir, 'service.json'), 'utf8'));
    node = await startOpenNode(rpcUrl);
    const evidence = (await ledger.api.get(`/api/v1/pieces${path}/evidence`)).text;
    writeFileSync(saved('evidence.json'), evidence);
    writeFileSync(saved('forged.json'), evidence.replace('Aurore', 'Aurora'));
  });
  after(async () => {
    await browser?.close();
    await node?.close();
    await ledger?.stop();
  });
  afterEach(async () => {
    const told = visitor?.complaints ?? [];
    await visitor?.close();
    expect(told).to.deep.equal([]);
  });

  const open = async (at: string, options: Parameters<typeof person>[2] = {}): Promise<Page> => {
    visitor = await person(browser, origin, { reducedMotion: 'reduce', ...options });
    await visitor.page.goto(origin + at);
    return visitor.page;
  };
  /** Waits for the verdict, which stands last. */
  const verdict = async (page: Page): Promise<string> => {
    await page.locator('#result[aria-busy=false] #headline p').waitFor();
    return page.locator('#headline').innerText();
  };
  const results = (page: Page, name: string) =>
    page.locator(`#checks li[data-check=${name}]`).getAttribute('data-result');

  describe('checking a piece in her browser', () => {
    for (const viewport of VIEWPORTS) {
      it(`goes through a good piece, check by check, at ${viewport.width} pixels, and sends nothing anywhere`, async () => {
        const page = await open(path, { viewport });
        await page.locator(`a[href="/check${path}"]`).click();
        expect(await verdict(page)).to.include('The file holds together. The chain was not asked');
        expect(await results(page, 'record-in-batch')).to.equal('pass');
        expect(await results(page, 'registry-expected')).to.equal('pass');
        expect(await results(page, 'anchored')).to.equal('unknown');
        expect(await page.locator('#checks li').count()).to.be.at.least(30);
        expect(await page.locator('#took').innerText()).to.match(
          /^\d+ checks, worked out in your browser in [\d.]+ milli/,
        );
        expect(await page.locator('#about').innerText()).to.include('Solitaire <b>“Aurore”</b>');
        const posts = visitor.sent.filter(({ method }) => method !== 'GET');
        expect(posts).to.deep.equal([]);
        await expectAccessible(page);
        await expectNoSideways(page);
      });
    }

    it('asks the node that she names, and only that, and then calls the record genuine', async () => {
      const page = await open(`/check${path}`);
      await verdict(page);
      await page.locator('#node').fill(node.url);
      await page.locator('#start').click();
      await page.locator('li[data-check=anchored][data-result=pass]').waitFor();
      expect(await verdict(page)).to.include('This record is genuine');
      expect(await results(page, 'history-complete')).to.equal('pass');
      expect(node.asked).to.be.greaterThan(0);
      const elsewhere = visitor.complaints.splice(0);
      expect(
        elsewhere.every((one) => one === `left the origin: ${node.url}/`),
        elsewhere.join('\n'),
      ).to.equal(true);
      await expectAccessible(page);
    });

    it('says of a node that lies or is away what that means, and calls nothing forged because a node is broken', async () => {
      const page = await open(`/check${path}`);
      await verdict(page);
      node.lie = (answer) => answer.replace(/"result":"0x[0-9a-f]+"/, '"result":"0x7a69"');
      await page.locator('#node').fill(node.url);
      await page.locator('#start').click();
      await page.locator('li[data-check=same-chain][data-result=fail]').waitFor();
      expect(await verdict(page)).to.include('Not genuine');
      node.lie = () => 'no JSON at all';
      await page.locator('#start').click();
      await page.locator('li[data-check=node-reached][data-result=unknown]').waitFor();
      expect(await verdict(page)).to.include('gave no usable answer');
      node.lie = undefined;
      await page.locator('#node').fill('http://127.0.0.1:9');
      await page.locator('#start').click();
      await page.locator('#start', { hasText: /^Check$/ }).waitFor();
      expect(await verdict(page)).to.include('gave no usable answer');
      await page.locator('#node').fill('ftp://example.org');
      await page.locator('#start').click();
      expect(await page.locator('#node-wrong').isVisible()).to.equal(true);
      visitor.complaints.splice(0);
    });

    it('fails a forged file visibly, and one about another registry', async () => {
      const page = await open('/check');
      await page.locator('#file').setInputFiles(saved('forged.json'));
      expect(await verdict(page)).to.include('Not genuine');
      expect(await results(page, 'record-in-batch')).to.equal('fail');
      expect(await page.locator('li[data-check=record-in-batch]').innerText()).to.match(/batch: no/i);
      await page.locator('#file').setInputFiles(saved('evidence.json'));
      await page.locator('li[data-check=record-in-batch][data-result=pass]').waitFor();
      await page.locator('#registry').fill(`1:0x${'12'.repeat(20)}`);
      await page.locator('#start').click();
      await page.locator('li[data-check=registry-expected][data-result=fail]').waitFor();
      await page.locator('#registry').fill('mainnet');
      await page.locator('#start').click();
      expect(await page.locator('#registry-wrong').isVisible()).to.equal(true);
      await expectAccessible(page);
      expect(visitor.sent.filter(({ url }) => url.includes('/api/'))).to.deep.equal([]);
    });

    it('takes a file that is dropped, and goes on without a network', async () => {
      const page = await open('/check');
      await visitor.context.setOffline(true);
      const text = readFileSync(saved('evidence.json'), 'utf8');
      await page.evaluate((content) => {
        const data = new DataTransfer();
        data.items.add(new File([content], 'mine.json', { type: 'application/json' }));
        document.getElementById('drop')?.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true }));
      }, text);
      expect(await verdict(page)).to.include('The file holds together');
      expect(await page.locator('#file-told').innerText()).to.equal('Your file: mine.json');
    });

    it('is kept as one file that opens from her disk and needs nothing of the service', async () => {
      const answer = await ledger.api.get('/check/touchstone-check.html?lang=fr');
      expect(answer.headers.get('content-disposition')).to.include('attachment');
      expect(answer.text).to.include('lang="fr"');
      expect(answer.text).to.not.include(ledger.url);
      writeFileSync(saved('check.html'), answer.text);
      visitor = await person(browser, 'file://', { reducedMotion: 'reduce' });
      const { page } = visitor;
      await page.goto(pathToFileURL(saved('check.html')).href);
      await page.locator('#file').setInputFiles(saved('evidence.json'));
      await verdict(page);
      expect(await results(page, 'registry-expected')).to.equal('unknown');
      const { body } = await ledger.api.get('/api/v1/chain');
      await page.locator('#registry').fill(`${body.chainId}:${body.pieces}`);
      await page.locator('#node').fill(node.url);
      await page.locator('#start').click();
      await page.locator('#headline.verdict-genuine-record').waitFor();
      expect(visitor.sent.filter(({ url }) => !url.startsWith('file:') && !url.startsWith(node.url))).to.deep.equal([]);
      visitor.complaints.splice(0);
    });

    it('works by keyboard alone, and in Arabic from right to left', async () => {
      const page = await open(`/check${path}?lang=ar`);
      await verdict(page);
      expect(await page.locator('html').getAttribute('dir')).to.equal('rtl');
      await page.locator('#registry').focus();
      await page.keyboard.press('Tab');
      await page.keyboard.type(node.url);
      await page.keyboard.press('Enter');
      await page.locator('#headline.verdict-genuine-record').waitFor();
      await expectAccessible(page);
      await expectNoSideways(page);
      visitor.complaints.splice(0);
    });

    it('says without JavaScript what it needs, and refuses what is no piece', async () => {
      const page = await open(`/check${path}`, { javaScriptEnabled: false });
      expect(await page.locator('main').innerText()).to.include('needs JavaScript');
      expect((await ledger.api.get('/check/nonsense')).status).to.equal(404);
      expect((await ledger.api.get('/check/01/09506000134352/21/NEVERMADE')).status).to.equal(200);
    });
  });

  describe('scanning a code in the page', () => {
    const typed = async (page: Page, text: string) => {
      await page.locator('#typed').fill(text);
      await page.locator('#typed-form button').click();
    };

    for (const viewport of VIEWPORTS) {
      it(`by the camera leads to the piece’s page, at ${viewport.width} pixels`, async () => {
        const page = await open('/scan', { viewport, permissions: ['camera'] });
        await expectAccessible(page);
        await expectNoSideways(page);
        await page.locator('#camera-start').click();
        await page.waitForURL(origin + path);
        expect(await page.locator('h1').first().innerText()).to.include('Solitaire');
        const sent = visitor.sent.filter(({ method }) => method !== 'GET');
        expect(sent, 'the picture went nowhere').to.deep.equal([]);
      });
    }

    it('by a photo leads there as well; a picture without a code is told so', async () => {
      const page = await open('/scan');
      const picture = Buffer.from(
        await (await fetch(`${ledger.url}/api/v1/pieces${path}/qr.png?px=480`)).arrayBuffer(),
      );
      const blank = await page.screenshot();
      await page.locator('#picture').setInputFiles({ name: 'blank.png', mimeType: 'image/png', buffer: blank });
      await page.locator('#camera-state', { hasText: 'No code was found' }).waitFor();
      await page.locator('#picture').setInputFiles({ name: 'code.png', mimeType: 'image/png', buffer: picture });
      await page.waitForURL(origin + path);
    });

    it('says so in words where the camera is refused, and takes a typed code', async () => {
      const page = await open('/scan?lang=ar');
      await page.evaluate(() => {
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
      });
      await page.locator('#camera-start').click();
      await page.locator('#camera-state:not(:empty)').waitFor();
      await expectAccessible(page);
      await expectNoSideways(page);
      await page.locator('#typed').focus();
      await page.keyboard.type(path.split('/').slice(2).join(' '));
      await page.keyboard.press('Enter');
      await page.waitForURL(`${origin}${path}?lang=ar`);
    });

    it('takes what a scanner types wherever the focus is', async () => {
      const page = await open('/scan');
      await page.locator('body').press('Tab');
      await page.keyboard.type(`${ledger.url}${path}`);
      await page.keyboard.press('Enter');
      await page.waitForURL(origin + path);
    });

    it('asks before a code leads to another place, and keeps a card’s secret out of every request', async () => {
      const page = await open('/scan');
      await typed(page, 'https://jewels.example/claim/01/09506000134352/21/AB#CARDSECRET');
      expect(await page.locator('#elsewhere-words').innerText()).to.include('claim card for another ledger');
      expect(await page.locator('#elsewhere-open').getAttribute('href')).to.match(/#CARDSECRET$/);
      await expectAccessible(page);
      await page.locator('#again').click();
      await typed(page, `https://jewels.example${path}`);
      await page.locator('#elsewhere-here').click();
      await page.waitForURL(origin + path);
      await page.goto(`${origin}/scan`);
      await typed(page, `${ledger.url}/claim${path}#CARDSECRET`);
      await page.waitForURL(`${origin}/claim${path}**`);
      expect(JSON.stringify(visitor.sent)).to.not.include('CARDSECRET');
      visitor.complaints.splice(0);
    });

    it('says of what is no code, or a product’s alone, what it is', async () => {
      const page = await open('/scan');
      await typed(page, 'javascript:alert(1)');
      expect(await page.locator('#trouble').innerText()).to.include('not the code of a piece');
      await typed(page, '09506000134352');
      expect(await page.locator('#trouble').innerText()).to.include('names a product');
    });

    it('lets a code be looked up without JavaScript', async () => {
      const page = await open('/scan', { javaScriptEnabled: false });
      expect(await page.locator('main').innerText()).to.include('The camera needs JavaScript');
      await page.locator('#typed').fill(path);
      await page.locator('#typed-form button').click();
      await page.waitForURL(origin + path);
    });
  });
});
