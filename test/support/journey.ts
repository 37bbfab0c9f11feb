// Owns a person in a browser: a window of her own at phone or desktop width, a passkey in her device, a wallet of her own,
// and a record of everything that left it. Where she goes stands in the journeys.
import axe from 'axe-core';
import { expect } from 'chai';
import { type HDNodeWallet, TypedDataEncoder, Wallet } from 'ethers';
import type { Browser, BrowserContext, BrowserContextOptions, CDPSession, Page } from 'playwright-core';

export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1280, height: 800 };

/** Every journey in every window and colour, as CI wants them; by itself npm test has what most visitors have. */
export const ALL_JOURNEYS = process.env['JOURNEYS'] === 'all';
/** The windows through which what is the same in each of them is looked at. */
export const VIEWPORTS = ALL_JOURNEYS ? [PHONE, DESKTOP] : [PHONE];

/** What left the window: a request with everything it said. */
export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface Person {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly sent: readonly Sent[];
  /** What the console, the page or the network complained of. Whoever expects a complaint takes it out. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/** A person at a phone in English, unless said otherwise. Nothing she does leaves the origin without being complained of. */
export async function person(browser: Browser, origin: string, options: BrowserContextOptions = {}): Promise<Person> {
  const context = await browser.newContext({ viewport: PHONE, locale: 'en-GB', timezoneId: 'UTC', ...options });
  const complaints: string[] = [];
  const sent: Sent[] = [];
  context.on('request', (request) => {
    const url = request.url();
    sent.push({ method: request.method(), url, headers: request.headers(), body: request.postData() });
    if (!url.startsWith(`${origin}/`) && !/^(blob|data):/.test(url)) complaints.push(`left the origin: ${url}`);
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  const page = await context.newPage();
  return { page, context, sent, complaints, close: () => context.close() };
}

/** A device that has passkeys and knows its user. */
export interface Authenticator {
  /** Whether she shows who she is when asked. */
  verifies(verified: boolean): Promise<void>;
  /** What it has, to be put into another one, as passkeys that are synchronised are. */
  credentials(): Promise<readonly object[]>;
  add(credentials: readonly object[]): Promise<void>;
}

export async function withPasskeys(page: Page): Promise<Authenticator> {
  const cdp: CDPSession = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    async verifies(isUserVerified) {
      await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
    },
    async credentials() {
      return (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials;
    },
    async add(credentials) {
      for (const credential of credentials) {
        await cdp.send('WebAuthn.addCredential', { authenticatorId, credential: credential as never });
      }
    },
  };
}

export interface InjectedWallet {
  readonly address: string;
  /** Every call the page made to it. */
  readonly calls: readonly string[];
  /** From now on she says no. */
  refuse(): void;
}

/** A wallet of her own (EIP-1193, EIP-6963) with a real key, on whatever chain it is asked to be. */
export async function withWallet(
  page: Page,
  wallet: Wallet | HDNodeWallet = Wallet.createRandom(),
): Promise<InjectedWallet> {
  const calls: string[] = [];
  let refuses = false;
  await page.exposeFunction('walletAnswers', async (method: string, params: string) => {
    calls.push(method);
    if (method === 'eth_chainId') return '0x1';
    if (method === 'wallet_switchEthereumChain') return null;
    if (method === 'eth_accounts') return [wallet.address];
    if (refuses) return { refused: true };
    if (method === 'eth_requestAccounts') return [wallet.address];
    if (method !== 'eth_signTypedData_v4') throw new Error(`the wallet does not know ${method}`);
    const data = JSON.parse((JSON.parse(params) as [string, string])[1]);
    const { EIP712Domain: _, ...types } = data.types;
    if (TypedDataEncoder.from(types).primaryType !== data.primaryType) throw new Error('another primary type');
    return wallet.signTypedData(data.domain, types, data.message);
  });
  await page.addInitScript(() => {
    const answers = (window as unknown as { walletAnswers(method: string, params: string): Promise<unknown> })
      .walletAnswers;
    const provider = {
      async request({ method, params }: { method: string; params?: unknown }) {
        const answer = await answers(method, JSON.stringify(params ?? []));
        if ((answer as { refused?: boolean } | null)?.refused) {
          throw Object.assign(new Error('User rejected the request.'), { code: 4001 });
        }
        return answer;
      },
    };
    const detail = Object.freeze({ info: { uuid: '1', name: 'Test wallet', icon: '', rdns: 'example' }, provider });
    const announce = () => window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }));
    window.addEventListener('eip6963:requestProvider', announce);
    announce();
  });
  return {
    address: wallet.address.toLowerCase(),
    calls,
    refuse: () => {
      refuses = true;
    },
  };
}

/** Fails with what axe finds on the page as it is now. */
export async function expectAccessible(page: Page, what = page.url()): Promise<void> {
  // By the protocol and not as an element of the page, whose policy allows none; and once a page, however often it changes.
  const there = await page.evaluate(() => 'axe' in window);
  if (!there) await page.evaluate(axe.source);
  // What it passed as well would be most of its answer.
  const faults = await page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run({ resultTypes: ['violations'] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
  expect(faults, what).to.deep.equal([]);
}

/** Fails where the page can be scrolled sideways. */
export async function expectNoSideways(page: Page): Promise<void> {
  const { wide, seen } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    seen: document.documentElement.clientWidth,
  }));
  expect(wide, `${page.url()} is wider than its window`).to.be.at.most(seen);
}
