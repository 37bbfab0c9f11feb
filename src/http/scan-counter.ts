// Owns counting views of passport pages: on the way of an answer a few strings are joined and a number goes up, in memory;
// every few seconds what was gathered goes to the database. A crash loses at most that; so does a database that is away for
// long. Networks and browsers leave the process as one of 64 numbers drawn anew each day, and in no other form.
import { hash } from 'node:crypto';
import type { Request } from 'express';
import { SCAN_RULE } from '../core/scan-rule.ts';
import { addScans, type ScanCount, saltOf, todayOf } from '../ledger/scans.ts';
import type { Ledger } from '../ports.ts';
import type { Trusts } from './proxies.ts';
import { countryOf, familyOf, isBot, networkOf } from './scan-traits.ts';

const FLUSH_MS = 5_000;
/** Different views in memory: some five megabytes. What comes beyond them isn't counted. */
const MOST_WAITING = 20_000;
/** Browsers send some hundreds of different names; whoever makes up others has them read each time. */
const REMEMBERED_BROWSERS = 500;

export interface ScanOptions {
  readonly trusts: Trusts;
  /** Name of the header in which the operator's own proxy writes the caller's country; none: no country is known. */
  readonly countryHeader: string | undefined;
}

/** Views that differ in nothing that is counted. */
interface View {
  readonly path: string;
  readonly organisation: string;
  readonly country: string;
  /** Network and kind of browser; gone once it is hashed. */
  readonly trait: string;
  scans: number;
}

type Counted = { -readonly [K in keyof ScanCount]: ScanCount[K] };

export class ScanCounter {
  readonly #ledger: Ledger;
  readonly #options: ScanOptions;
  #views = new Map<string, View>();
  /** Hashed already, and refused by a database that was away. */
  #unwritten = new Map<string, Counted>();
  #salt: { readonly day: string; readonly hex: string } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #dropped = 0;
  #flushing: Promise<void> = Promise.resolve();

  constructor(ledger: Ledger, options: ScanOptions) {
    this.#ledger = ledger;
    this.#options = options;
  }

  /** A page was answered. @param organisation that registered the piece */
  saw(request: Request, path: string, organisation: string): void {
    if (request.method !== 'GET') return;
    const { headers, socket } = request;
    const family = browserOf(headers['user-agent']);
    if (family === null) return;
    if (isAhead(headers)) return;
    const { trusts, countryHeader } = this.#options;
    const told = countryHeader === undefined ? undefined : headers[countryHeader];
    const country = told === undefined ? '' : countryOf(told, socket.remoteAddress, trusts);
    // Only what came by a proxy has to be looked at by whose word counts.
    const address = headers['x-forwarded-for'] === undefined ? socket.remoteAddress : request.ip;
    const trait = `${networkOf(address ?? '')} ${family}`;
    const key = `${path} ${country} ${trait}`;
    const view = this.#views.get(key);
    if (view) view.scans += 1;
    else if (this.waiting >= MOST_WAITING) this.#dropped += 1;
    else this.#views.set(key, { path, organisation, country, trait, scans: 1 });
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }

  /** Different counts in memory. */
  get waiting(): number {
    return this.#views.size + this.#unwritten.size;
  }

  /** Brings what was gathered to the database. What could not be brought is kept and tried again, within the bound. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#flushing = this.#flushing.then(() => this.#flush());
    return this.#flushing;
  }

  async #flush(): Promise<void> {
    if (this.#dropped > 0) {
      this.#ledger.log.warn({ views: this.#dropped }, 'more page views than can be counted');
      this.#dropped = 0;
    }
    if (this.waiting === 0) return;
    try {
      const day = todayOf(this.#ledger);
      if (this.#salt?.day !== day) {
        this.#salt = { day, hex: (await saltOf(this.#ledger, day)).toString('hex') };
      }
      this.#hashViews(this.#salt.hex, day);
      const counts = this.#unwritten;
      await addScans(this.#ledger.db, [...counts.values()]);
      this.#unwritten = new Map();
    } catch (error) {
      this.#ledger.log.warn({ reason: String(error) }, 'page views could not be counted yet');
      this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
    }
  }

  /** From here on nothing tells from which network or browser they came. */
  #hashViews(salt: string, day: string): void {
    const views = this.#views;
    this.#views = new Map();
    for (const { path, organisation, country, trait, scans } of views.values()) {
      const place = placeOf(salt, path, trait);
      const key = `${path} ${day} ${country} ${place}`;
      const counted = this.#unwritten.get(key);
      if (counted) counted.scans += scans;
      else this.#unwritten.set(key, { path, day, country, place, organisation, scans });
    }
  }
}

/** Also by piece: the same telephone is another place for every piece, so nobody is followed from one to the next. */
function placeOf(salt: string, path: string, trait: string): number {
  return Number.parseInt(hash('sha256', `${salt} ${path} ${trait}`).slice(0, 4), 16) % SCAN_RULE.places;
}

const browsers = new Map<string, string | null>();

/** The kind of browser; null for programs. */
function browserOf(userAgent: string | undefined): string | null {
  if (userAgent === undefined) return null;
  const known = browsers.get(userAgent);
  if (known !== undefined) return known;
  const family = isBot({ userAgent, purpose: undefined }) ? null : familyOf(userAgent);
  if (browsers.size < REMEMBERED_BROWSERS && userAgent.length < 400) browsers.set(userAgent, family);
  return family;
}

function isAhead(headers: Request['headers']): boolean {
  const purpose = headers['sec-purpose'] ?? headers['purpose'] ?? headers['x-moz'];
  return purpose !== undefined && isBot({ userAgent: 'a browser', purpose: String(purpose) });
}
