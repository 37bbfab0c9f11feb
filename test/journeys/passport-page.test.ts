// Owns what only a browser can tell of the public pages: that they are accessible in light and dark, never scroll
// sideways, need no script, ask nobody else for anything, and show a record's words as they are.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { ICON_SVG } from '../../src/web/drawings.ts';
import { ICON_PATH, PAGE_POLICY } from '../../src/web/layout.ts';
import {
  renderHome,
  renderMalformedCode,
  renderNotSupported,
  renderProductOnly,
  renderUnavailable,
  renderUnknownCode,
} from '../../src/web/other-pages.ts';
import { renderPassport } from '../../src/web/passport-page.ts';
import { launchBrowser } from '../support/browser.ts';
import { ALL_JOURNEYS, expectAccessible } from '../support/journey.ts';
import { passportOf, SAMPLE_PASSPORTS } from '../support/passports.ts';
import { hex32 } from '../support/pieces.ts';

const PHOTO =
  '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600"><rect width="800" height="600" fill="#cbb"/></svg>';
/** What is the same in both is looked at in light ones; that the dark ones tell one thing from another, in CI. */
const COLOURS = ALL_JOURNEYS ? (['light', 'dark'] as const) : (['light'] as const);
const WIDTHS = [320, 390, 768];
const NASTY = '<img src=x onerror="document.title=1">&amp;\n\t"it’s" שלום 💍';

function pages(): Map<string, string> {
  const rendered = new Map<string, string>();
  const context = { publicUrl: 'https://ledger.example', embedded: true, imageUrl: () => '/photo.svg' };
  const passports = {
    ...SAMPLE_PASSPORTS,
    photographed: passportOf({ images: [{ sha256: hex32('1'), mediaType: 'image/jpeg', alt: 'Seen from above' }] }),
    nasty: passportOf({ story: NASTY }),
  };
  for (const [name, passport] of Object.entries(passports)) rendered.set(`/${name}`, renderPassport(passport, context));
  rendered.set('/', renderHome());
  rendered.set('/unknown', renderUnknownCode({ code: 'X'.repeat(200) }));
  rendered.set('/malformed', renderMalformedCode({ code: 'atelier-lune/42' }));
  rendered.set('/not-supported', renderNotSupported({ code: '/00/095060001343520000', why: 'it names no product' }));
  rendered.set('/product', renderProductOnly({ gtin: '09506000134352' }));
  rendered.set('/unavailable', renderUnavailable({ requestId: '7f3a', retryAfterSeconds: 5 }));
  return rendered;
}

function serve(rendered: Map<string, string>): Server {
  const assets: Record<string, readonly [type: string, body: string]> = {
    [ICON_PATH]: ['image/svg+xml', ICON_SVG],
    '/photo.svg': ['image/svg+xml', PHOTO],
  };
  return createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const page = rendered.get(pathname === '/find' ? '/unknown' : pathname);
    const [type, body] = assets[pathname] ?? ['text/html', page];
    response.writeHead(body === undefined ? 404 : 200, {
      'content-type': `${type}; charset=utf-8`,
      'content-security-policy': PAGE_POLICY,
    });
    response.end(body);
  });
}

describe('public pages in a browser', function () {
  this.timeout(240_000);
  const rendered = pages();
  let server: Server;
  let browser: Browser;
  let origin = '';

  before(async () => {
    server = serve(rendered);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launchBrowser();
  });

  after(async () => {
    await browser?.close();
    server?.close();
  });

  /** Opens a page in a window of its own; whatever goes wrong in it, or leaves the origin, is collected. */
  async function withPage(options: BrowserContextOptions, use: (page: Page) => Promise<void>): Promise<void> {
    const context = await browser.newContext(options);
    const complaints: string[] = [];
    const page = await context.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
    page.on('request', (request) => {
      if (!request.url().startsWith(`${origin}/`)) complaints.push(`left the origin: ${request.url()}`);
    });
    try {
      await use(page);
      expect(complaints).to.deep.equal([]);
    } finally {
      await context.close();
    }
  }

  const unfold = (page: Page) => page.evaluate(() => document.querySelector('details')?.setAttribute('open', ''));

  it(`has no accessibility faults in ${COLOURS.join(' and ')} colours, unfolded`, async () => {
    await withPage({ viewport: { width: 390, height: 844 } }, async (page) => {
      for (const path of rendered.keys()) {
        await page.goto(origin + path);
        await unfold(page);
        for (const colorScheme of COLOURS) {
          await page.emulateMedia({ colorScheme });
          await expectAccessible(page, `${path} in ${colorScheme} colours`);
        }
      }
    });
  });

  it(`never scrolls sideways at ${WIDTHS.join(', ')} pixels, and what is to be tapped is large enough`, async () => {
    await withPage({}, async (page) => {
      for (const path of rendered.keys()) {
        await page.goto(origin + path);
        await unfold(page);
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 800 });
          const where = `${path} at ${width} pixels`;
          expect(await page.evaluate(() => document.documentElement.scrollWidth), where).to.equal(width);
          const small = await page.evaluate(() =>
            [...document.querySelectorAll('button, input, summary, .button, .wordmark, .foot a, .papers a')]
              .filter((target) => target.getBoundingClientRect().height < 44)
              .map((target) => target.outerHTML),
          );
          expect(small, where).to.deep.equal([]);
        }
      }
    });
  });

  it('works without script: unfolds its proof and looks up a code', async () => {
    await withPage({ javaScriptEnabled: false }, async (page) => {
      await page.goto(`${origin}/fine-ring`);
      const root = page.getByText('Merkle root', { exact: true });
      expect(await root.isVisible()).to.equal(false);
      await page.getByText('How this is proven').click();
      expect(await root.isVisible()).to.equal(true);
      await page.getByRole('link', { name: 'Touchstone' }).click();
      await page.getByLabel('The code on the piece').fill('atelier-lune 42');
      await page.getByRole('button', { name: 'Look it up' }).click();
      expect(page.url()).to.equal(`${origin}/find?code=atelier-lune+42`);
    });
  });

  it('shows a record’s words exactly as they are', async () => {
    await withPage({}, async (page) => {
      await page.goto(`${origin}/nasty`);
      expect(await page.locator('.story .said').textContent()).to.equal(NASTY);
      expect(await page.title()).to.equal('Ring · Touchstone');
    });
  });

  it('reads in order: one heading of the first rank, none skipped, and a way past the header', async () => {
    await withPage({}, async (page) => {
      await page.goto(`${origin}/fine-ring`);
      const ranks = await page.evaluate(() =>
        [...document.querySelectorAll('h1, h2, h3, h4')].map((heading) => Number(heading.tagName[1])),
      );
      expect(ranks[0]).to.equal(1);
      expect(ranks.filter((rank) => rank === 1)).to.have.length(1);
      for (let i = 1; i < ranks.length; i++) expect((ranks[i] ?? 0) - (ranks[i - 1] ?? 0)).to.be.at.most(1);
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.textContent)).to.equal('Skip to the content');
      expect(await page.locator('.skip').boundingBox())
        .to.have.property('y')
        .above(0);
    });
  });

  it('prints with its proof unfolded and its buttons gone', async () => {
    await withPage({}, async (page) => {
      await page.goto(`${origin}/pending-ring`);
      await page.emulateMedia({ media: 'print' });
      expect(await page.getByText('Record hash, keccak-256').isVisible()).to.equal(true);
      expect(await page.locator('.button').isVisible()).to.equal(false);
    });
  });
});
