// Owns what is taken of a request to count it: its network and kind of browser, both coarse, whether a program says that it
// is one, and the country where a proxy of the operator's own says so. Nothing of it is kept; scan-counter.ts hashes it.
import { isIPv4, isIPv6 } from 'node:net';
import type { Trusts } from './proxies.ts';

/** Programs that say so: crawlers, previews of links, monitors, libraries. */
const BOT =
  /(?<!cu)bot\b|bot[/_-]|crawl|spider|slurp|preview|externalhit|embedly|whatsapp|archiver|monitor|uptime|pingdom|lighthouse|headless|curl|wget|python|java\/|okhttp|go-http|node|undici|axios|libwww|scrapy|feed|validator/i;

/** Browsers load pages ahead of their users, who may never see them. */
const AHEAD = /prefetch|prerender|preview/i;

export interface Asked {
  readonly userAgent: string | undefined;
  /** Sec-Purpose, Purpose or X-Moz. */
  readonly purpose: string | undefined;
}

export function isBot({ userAgent, purpose }: Asked): boolean {
  if (userAgent === undefined || userAgent.length < 8 || BOT.test(userAgent)) return true;
  return purpose !== undefined && AHEAD.test(purpose);
}

const FAMILIES = ['Firefox', 'Edg', 'SamsungBrowser', 'OPR', 'Chrome', 'Safari'] as const;

/** One of some fourteen kinds of browser, without a version. */
export function familyOf(userAgent: string): string {
  const family = FAMILIES.find((name) => userAgent.includes(name)) ?? 'other';
  return userAgent.includes('Mobi') ? `${family} mobile` : family;
}

const PLAIN_IPV4 = /^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}$/;

/** The first 24 bits of an IPv4 address, the first 48 of an IPv6 one: some hundreds of households, or a network. */
export function networkOf(address: string): string {
  if (PLAIN_IPV4.test(address)) return address.slice(0, address.lastIndexOf('.'));
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (isIPv4(plain)) return plain.slice(0, plain.lastIndexOf('.'));
  if (!isIPv6(plain)) return '';
  const [head = '', tail] = plain.toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  const behind = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - behind.length);
  const all = [...groups, ...Array<string>(zeros).fill('0'), ...behind];
  return all
    .slice(0, 3)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

/** What proxies write where they don't know, or for the Tor network. */
const NO_COUNTRY = new Set(['XX', 'ZZ', 'T1', 'EU', 'AP', 'A1', 'A2', 'O1']);

/** Where the operator's own proxy says a request comes from; '' where it says nothing, or somebody else does. */
export function countryOf(header: string | string[] | undefined, peer: string | undefined, trusts: Trusts): string {
  if (typeof header !== 'string' || peer === undefined || !trusts(peer.replace(/^::ffff:(?=\d+\.)/i, ''))) return '';
  const country = header.trim().toUpperCase();
  return /^[A-Z]{2}$/.test(country) && !NO_COUNTRY.has(country) ? country : '';
}
