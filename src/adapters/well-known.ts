// Owns fetching the one document a domain says whose it is with, and nothing else of the net: by https on its own port,
// from an address of the open internet that was found first and is kept to, without following anything, within limits of
// time and size. What the document says never enters it.
import { lookup as systemLookup } from 'node:dns/promises';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { RequestOptions } from 'node:https';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP } from 'node:net';
import { type DomainOutcome, MAX_STATEMENT_BYTES, WELL_KNOWN_PATH } from '../core/domain-statement.ts';
import { DOMAIN } from '../core/profile.ts';
import type { WellKnown } from '../ports.ts';

const WITHIN_MS = 5_000;

export interface Net {
  /** Every address of a host name. */
  lookup(host: string): Promise<readonly string[]>;
  request(options: RequestOptions, answered: (response: IncomingMessage) => void): ClientRequest;
  readonly withinMs: number;
}

const NET: Net = {
  lookup: async (host) => (await systemLookup(host, { all: true, verbatim: true })).map(({ address }) => address),
  request: httpsRequest,
  withinMs: WITHIN_MS,
};

/** Networks that aren't the open internet: IANA's special-purpose registries, and what wraps IPv4 in IPv6. */
const SPECIAL = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  SPECIAL.addSubnet(net, prefix, 'ipv4');
}
/** Of IPv6 only what is given out for the open internet, without what leads elsewhere from within it. */
const GLOBAL6 = new BlockList();
GLOBAL6.addSubnet('2000::', 3, 'ipv6');
for (const [net, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
] as const) {
  SPECIAL.addSubnet(net, prefix, 'ipv6');
}

/** Whether an address is one of the open internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !SPECIAL.check(address, 'ipv4');
  return family === 6 && GLOBAL6.check(address, 'ipv6') && !SPECIAL.check(address, 'ipv6');
}

/** @param net the system's, unless a test has one of its own */
export function wellKnownOf(net: Net = NET): WellKnown {
  return async (domain) => {
    const until = AbortSignal.timeout(net.withinMs);
    try {
      const address = await addressOf(net, domain, until);
      return address === undefined ? { outcome: 'not-public' } : await fetched(net, domain, address, until);
    } catch {
      return { outcome: 'not-reached' };
    }
  };
}

/** Of several addresses all must be public: one that isn't says that somebody tries something. */
async function addressOf(net: Net, domain: string, until: AbortSignal): Promise<string | undefined> {
  if (!DOMAIN.test(domain)) return undefined;
  const late = new Promise<never>((_, reject) => {
    until.addEventListener('abort', () => reject(new Error('took too long')), { once: true });
  });
  const addresses = await Promise.race([net.lookup(domain), late]);
  return addresses.length > 0 && addresses.every(isPublicAddress) ? addresses[0] : undefined;
}

type Fetched = { readonly outcome: Exclude<DomainOutcome, 'controls' | 'not-named'> } | { readonly text: string };

function fetched(net: Net, domain: string, address: string, signal: AbortSignal): Promise<Fetched> {
  return new Promise((resolve, reject) => {
    const asked = net.request(
      {
        // The address that was judged is the one that is called: no second look-up that could give another.
        host: address,
        servername: domain,
        port: 443,
        method: 'GET',
        path: WELL_KNOWN_PATH,
        headers: {
          host: domain,
          accept: 'application/json',
          'accept-encoding': 'identity',
          'user-agent': 'touchstone',
        },
        agent: false,
        signal,
      },
      (response) => {
        read(response)
          .then(resolve, reject)
          .finally(() => asked.destroy());
      },
    );
    asked.once('error', reject);
    asked.end();
  });
}

async function read(response: IncomingMessage): Promise<Fetched> {
  // Also for a redirection: what a domain says stands on it, or is not said.
  if (response.statusCode !== 200) return { outcome: 'no-document' };
  if ((response.headers['content-encoding'] ?? 'identity') !== 'identity') return { outcome: 'not-understood' };
  if (Number(response.headers['content-length'] ?? 0) > MAX_STATEMENT_BYTES) return { outcome: 'too-large' };
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_STATEMENT_BYTES) return { outcome: 'too-large' };
    chunks.push(chunk);
  }
  return { text: Buffer.concat(chunks).toString('utf8') };
}
