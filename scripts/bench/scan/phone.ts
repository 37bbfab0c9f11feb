// Owns the passport's page as a phone meets it: what goes over the wire, and when the headline stands there on a slow
// processor and a slow network. One cold visit each time: a fresh profile, nothing kept.
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';

/** Lighthouse's "slow 4G" and its middling phone, applied to the browser itself. */
export const SLOW_4G = {
  latency: 150,
  downloadThroughput: (1.6 * 1024 * 1024) / 8,
  uploadThroughput: (0.75 * 1024 * 1024) / 8,
};
export const CPU_TIMES_SLOWER = 4;

export interface Wire {
  readonly requests: number;
  /** Headers and bodies, as they came. */
  readonly bytes: number;
}

export async function phone(browser: Browser): Promise<{ context: BrowserContext; page: Page; cdp: CDPSession }> {
  const context = await browser.newContext({
    viewport: { width: 360, height: 740 },
    deviceScaleFactor: 3,
    isMobile: true,
    hasTouch: true,
    locale: 'en-GB',
  });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  return { context, page, cdp };
}

/** What a first visit costs, with the encodings a browser offers over TLS or plain HTTP. */
export async function wireOf(browser: Browser, url: string): Promise<Wire> {
  const { context, page, cdp } = await phone(browser);
  let [requests, bytes] = [0, 0];
  cdp.on('Network.requestWillBeSent', () => {
    requests += 1;
  });
  cdp.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await page.goto(url, { waitUntil: 'networkidle' });
  await context.close();
  return { requests, bytes };
}

export async function slowed(cdp: CDPSession, network = true): Promise<void> {
  if (network) await cdp.send('Network.emulateNetworkConditions', { offline: false, ...SLOW_4G });
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: CPU_TIMES_SLOWER });
}

/** Milliseconds from the beginning of the navigation to the first frame with the headline in it. */
export async function headlineAfter(browser: Browser, url: string): Promise<number> {
  const { context, page, cdp } = await phone(browser);
  await slowed(cdp);
  await page.addInitScript(() => {
    const look = () => {
      const headline = document.querySelector('.verdict-sentence');
      // A frame after the one it is laid out for: then it is on the screen.
      if (headline && headline.getBoundingClientRect().height > 0) {
        requestAnimationFrame(() => Object.assign(window, { headlineAt: performance.now() }));
      } else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto(url);
  const at = await page.waitForFunction(() => (window as unknown as { headlineAt?: number }).headlineAt);
  const ms = Number(await at.jsonValue());
  await context.close();
  return ms;
}

/** Milliseconds of the verification in a browser, by the page's own account, again and again in one visit. */
export async function verifiedIn(browser: Browser, url: string, times: number, slow: boolean): Promise<number[]> {
  const { context, page, cdp } = await phone(browser);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  if (slow) await slowed(cdp, false);
  await page.goto(url);
  const took: number[] = [];
  for (let i = 0; i < times; i++) {
    if (i > 0) await page.locator('#start').click();
    await page.locator('#result[aria-busy=false] #headline p').waitFor();
    const told = await page.locator('#took').innerText();
    took.push(Number(/ ([\d.]+) milli/.exec(told)?.[1] ?? Number.NaN));
  }
  await context.close();
  return took;
}
