// Owns `npm run screenshots`: pictures of each page, on a phone and a screen, of the sample workshop on a ledger that is gone
// afterwards; and docs/screens.md, which shows them. They are made anew by this and never touched by hand.
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import sharp from 'sharp';
import { makeSample, type Sample } from '../src/sample.ts';
import { WORKSHOP_PAGES } from '../src/web/workshop-frame.ts';
import { launchBrowser } from '../test/support/browser.ts';
import { startLedger, temporaryFolder } from '../test/support/ledger.ts';

const DOCS = join(import.meta.dirname, '..', 'docs');
const FOLDER = join(DOCS, 'screens');
const PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1280, height: 800 };
/** Of a long page so much is shown: its beginning is what people meet. */
const MOST_HEIGHT = { phone: 1480, desktop: 1000 };
const QUALITY = 45;
const MOST_BYTES = 2_000_000;

interface Shot {
  readonly name: string;
  readonly title: string;
  readonly path: string;
  readonly only?: 'phone' | 'desktop';
  readonly options?: BrowserContextOptions;
  /** The picture begins with this element, not with the page. */
  readonly from?: string;
  /** What a visitor does before the picture is taken. */
  act?(page: Page): Promise<void>;
}

function shotsOf({ featuredPath: piece, card }: Sample, others: readonly string[]): Shot[] {
  const trayed = (page: Page) => traded(page, [...others, 'nonsense']);
  const dark: BrowserContextOptions = { colorScheme: 'dark' };
  return [
    { name: 'home', title: 'Front page', path: '/' },
    { name: 'passport', title: 'Passport', path: piece },
    { name: 'passport-dark', title: 'Passport, dark', path: piece, options: dark },
    { name: 'passport-arabic', title: 'Passport in Arabic', path: `${piece}?lang=ar`, options: { locale: 'ar' } },
    { name: 'unknown-code', title: 'Unknown code', path: '/01/09506000134352/21/NEVERMADE', only: 'phone' },
    ...(card ? [{ name: 'claim', title: 'Claim', path: `/claim${card.path}` }] : []),
    { name: 'my', title: 'My pieces', path: '/my' },
    { name: 'proof', title: 'Asking for live proof', path: `/proof${piece}` },
    { name: 'check', title: 'Check it yourself', path: `/check${piece}`, act: checked },
    { name: 'check-result', title: 'Check by check', path: `/check${piece}`, act: checked, from: '#result' },
    { name: 'scan', title: 'Scan in the page', path: '/scan' },
    { name: 'trade', title: 'For trade', path: '/trade' },
    { name: 'trade-result', title: 'A tray of pieces, checked', path: '/trade', act: trayed, from: '#results' },
    { name: 'feedback', title: 'Feedback', path: `/feedback${piece}`, only: 'phone' },
    { name: 'suspicion', title: 'Reporting a suspected counterfeit', path: `/suspicion${piece}`, only: 'phone' },
    { name: 'gift', title: 'Gift message', path: `/gift${piece}`, only: 'phone' },
    { name: 'workshop-sign-in', title: 'Workshop: signing in', path: '/workshop/sign-in', only: 'phone' },
  ];
}

async function checked(page: Page): Promise<void> {
  await page.locator('#result[aria-busy=false] #headline p').waitFor();
}

async function traded(page: Page, codes: readonly string[]): Promise<void> {
  await page.locator('#codes').fill(codes.join('\n'));
  await page.locator('#check-codes').click();
  await page.locator('#results').waitFor();
}

async function signedIn(page: Page, origin: string, key: string): Promise<void> {
  await page.goto(`${origin}/workshop/sign-in`);
  await page.locator('input[name=key]').fill(key);
  await page.locator('form:has(input[name=key]) button').click();
  await page.waitForURL((url) => !url.pathname.endsWith('/sign-in'));
}

interface Taken {
  readonly title: string;
  readonly files: readonly string[];
}

class Camera {
  readonly taken: Taken[] = [];
  readonly left: string[] = [];
  readonly #browser: Browser;
  readonly #origin: string;

  constructor(browser: Browser, origin: string) {
    this.#browser = browser;
    this.#origin = origin;
  }

  async shoot(shot: Shot, key?: string): Promise<void> {
    const files: string[] = [];
    for (const device of ['phone', 'desktop'] as const) {
      if (shot.only && shot.only !== device) continue;
      const context = await this.#browser.newContext({
        viewport: device === 'phone' ? PHONE : DESKTOP,
        locale: 'en-GB',
        reducedMotion: 'reduce',
        ...shot.options,
      });
      const page = await context.newPage();
      try {
        if (key !== undefined) await signedIn(page, this.#origin, key);
        const answer = await page.goto(this.#origin + shot.path);
        const there = answer && (answer.status() === 200 || shot.name === 'unknown-code');
        if (!there) {
          this.left.push(`${shot.path}: ${answer?.status()}`);
          return;
        }
        await shot.act?.(page);
        files.push(await this.#save(page, shot, device));
      } finally {
        await context.close();
      }
    }
    this.taken.push({ title: shot.title, files });
  }

  async #save(page: Page, { name, from = 'body' }: Shot, device: 'phone' | 'desktop'): Promise<string> {
    const file = `${name}-${device}.webp`;
    await page.evaluate(() => window.scrollTo(0, 0));
    const top = Math.floor((await page.locator(from).first().boundingBox())?.y ?? 0);
    const whole = await page.screenshot({ fullPage: true });
    const { width = 0, height = 0 } = await sharp(whole).metadata();
    const shown = { left: 0, top, width, height: Math.min(height - top, MOST_HEIGHT[device]) };
    await sharp(whole).extract(shown).webp({ quality: QUALITY, effort: 6 }).toFile(join(FOLDER, file));
    return file;
  }
}

function listed(taken: readonly Taken[]): string {
  const parts = taken.map(({ title, files }) => {
    const pictures = files.map((file) => {
      const phone = file.endsWith('-phone.webp');
      return `<img src="screens/${file}" width="${phone ? 240 : 560}" alt="${title}, ${phone ? 'on a phone' : 'on a screen'}">`;
    });
    return `## ${title}\n\n${pictures.join('\n')}\n`;
  });
  return `# Screens\n\nThe pages as they are, with the sample workshop. Made by \`npm run screenshots\`; of long pages the beginning.\n\n${parts.join('\n')}`;
}

async function main(): Promise<void> {
  // What the embedded parts log is not what this is about.
  const ledger = await startLedger({ DATA_DIR: temporaryFolder() });
  const browser = await launchBrowser();
  try {
    const sample = await makeSample(ledger.service, ledger.config, (text) => console.log(text));
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(FOLDER, { recursive: true });
    const origin = ledger.url.replace('127.0.0.1', 'localhost');
    const maker = await ledger.client(sample.maker.handle);
    const { body } = await maker.get('/api/v1/pieces?limit=6');
    const others = body.items.map(({ path }: { path: string }) => path);
    const camera = new Camera(browser, origin);
    for (const shot of shotsOf(sample, others)) await camera.shoot(shot);
    for (const { path, name } of WORKSHOP_PAGES) {
      const file = path.slice(1).replaceAll('/', '-');
      const only = path === '/workshop' || path === '/workshop/register' ? {} : { only: 'desktop' as const };
      await camera.shoot({ name: file, title: `Workshop: ${name}`, path, ...only }, sample.maker.apiKey);
    }
    writeFileSync(join(DOCS, 'screens.md'), listed(camera.taken));
    const bytes = readdirSync(FOLDER).reduce((sum, file) => sum + statSync(join(FOLDER, file)).size, 0);
    console.log(`${readdirSync(FOLDER).length} pictures, ${bytes} bytes`);
    for (const path of camera.left) console.log(`no picture of ${path}`);
    if (bytes > MOST_BYTES) throw new Error(`the pictures have more than ${MOST_BYTES} bytes`);
  } finally {
    await browser.close();
    await ledger.stop();
  }
}

await main();
