// Owns counting views of passport pages: on the way of an answer nothing but a few strings is taken, in memory, and what was
// gathered goes to the database every few seconds. A crash loses at most that; so does a database that is away for long.
// Networks and browsers leave the process as one of 64 numbers drawn anew each day, and in no other form.
import { hash } from 'node:crypto';
import type { Request } from 'express';
import { SCAN_RULE } from '../core/scan-rule.ts';
import { addScans, type ScanCount, saltOf, todayOf } from '../ledger/scans.ts';
import type { Ledger } from '../ports.ts';
import type { Trusts } from './proxies.ts';
import { countryOf, familyOf, isBot, networkOf } from './scan-traits.ts';

const FLUSH_MS = 5_000;
/** Different counts that wait for the database: some five megabytes. What comes beyond them isn't counted. */
const MOST_WAITING = 20_000;
/** Views before the day's salt is there: some milliseconds after midnight. */
const MOST_UNSALTED = 2_000;

export interface ScanOptions {
  readonly trusts: Trusts;
  /** Name of the header in which the operator's own proxy writes the caller's country; none: no country is known. */
  readonly countryHeader: string | undefined;
}

interface View {
  readonly path: string;
  readonly organisation: string;
  readonly country: string;
  /** Network and kind of browser; gone once it is hashed. */
  readonly trait: string;
}

type Counted = { -readonly [K in keyof ScanCount]: ScanCount[K] };

export class ScanCounter {
  readonly #ledger: Ledger;
  readonly #options: ScanOptions;
  #waiting = new Map<string, Counted>();
  #unsalted: View[] = [];
  #salt: { readonly day: string; readonly hex: string } | undefined;
  #salting: Promise<void> | undefined;
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
    const { headers } = request;
    const userAgent = headers['user-agent'];
    const purpose = headers['sec-purpose'] ?? headers['purpose'] ?? headers['x-moz'];
    if (isBot({ userAgent, purpose: purpose as string | undefined })) return;
    const { trusts, countryHeader } = this.#options;
    const told = countryHeader === undefined ? undefined : headers[countryHeader];
    const view = {
      path,
      organisation,
      country: countryOf(told, request.socket.remoteAddress, trusts),
      trait: `${networkOf(request.ip ?? '')} ${familyOf(userAgent as string)}`,
    };
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
    const today = todayOf(this.#ledger);
    if (this.#salt?.day === today) this.#count(view, today, this.#salt.hex);
    else this.#wait(view);
  }

  /** Different counts in memory. */
  get waiting(): number {
    return this.#waiting.size + this.#unsalted.length;
  }

  /** Brings what was gathered to the database. What could not be brought is kept and tried again, within the bound. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#flushing = this.#flushing.then(() => this.#flush());
    return this.#flushing;
  }

  #wait(view: View): void {
    if (this.#unsalted.length >= MOST_UNSALTED) this.#dropped += 1;
    else this.#unsalted.push(view);
    this.#salting ??= this.#drawSalt();
  }

  async #drawSalt(): Promise<void> {
    try {
      const day = todayOf(this.#ledger);
      this.#salt = { day, hex: (await saltOf(this.#ledger, day)).toString('hex') };
      for (const view of this.#unsalted.splice(0)) this.#count(view, day, this.#salt.hex);
    } catch {
      // The database is away: whoever looks next asks again, and what waits stays within its bound.
    } finally {
      this.#salting = undefined;
    }
  }

  #count({ path, organisation, country, trait }: View, day: string, salt: string): void {
    const place = placeOf(salt, path, trait);
    const key = `${path} ${day} ${country} ${place}`;
    const counted = this.#waiting.get(key);
    if (counted) counted.scans += 1;
    else if (this.#waiting.size >= MOST_WAITING) this.#dropped += 1;
    else this.#waiting.set(key, { path, day, country, place, organisation, scans: 1 });
  }

  async #flush(): Promise<void> {
    await this.#salting;
    const waiting = this.#waiting;
    if (this.#dropped > 0) {
      this.#ledger.log.warn({ views: this.#dropped }, 'more page views than can be counted');
      this.#dropped = 0;
    }
    if (waiting.size === 0) return;
    this.#waiting = new Map();
    try {
      await addScans(this.#ledger.db, [...waiting.values()]);
    } catch (error) {
      this.#ledger.log.warn({ reason: String(error) }, 'page views could not be counted yet');
      for (const [key, counted] of waiting) {
        const newer = this.#waiting.get(key);
        if (newer) newer.scans += counted.scans;
        else if (this.#waiting.size < MOST_WAITING) this.#waiting.set(key, counted);
      }
      this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
    }
  }
}

/** Also by piece: the same telephone is another place for every piece, so nobody is followed from one to the next. */
function placeOf(salt: string, path: string, trait: string): number {
  return Number.parseInt(hash('sha256', `${salt} ${path} ${trait}`).slice(0, 4), 16) % SCAN_RULE.places;
}
