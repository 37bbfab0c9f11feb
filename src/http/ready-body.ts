// Owns a body that is made once and answered often: its bytes, its entity tag, its compressed forms, and which of them
// a request gets. Nothing of a single request enters it.
import { createHash } from 'node:crypto';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Request, Response } from 'express';

/** Below this it goes into one packet either way. */
const WORTH_COMPRESSING = 1_400;
/**
 * Whoever scans a code asks once, over a mobile network: gzip saves two thirds of a page and costs less than rendering
 * it. Brotli takes twice as long for six per cent less, so it waits until a body was asked for so many times.
 */
const BROTLI_AFTER = 4;
const BROTLI_QUALITY = 5;

interface Form {
  readonly bytes: Buffer;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export class ReadyBody {
  /** Called with the number of bytes whenever a compressed form was made. */
  onGrowth: (bytes: number) => void = () => {};
  /** Weak, because the compressed forms are other bytes and say the same. */
  readonly etag: string;
  readonly #type: string;
  readonly #more: Readonly<Record<string, string>>;
  readonly #plain: Form;
  #gzip: Form | undefined;
  #brotli: Form | undefined;
  #asked = 0;

  /** @param always headers beside those of the body itself; unless said otherwise, to be asked for again each time */
  constructor(text: string, type: string, always: Readonly<Record<string, string>> = {}) {
    // Of its own: a small buffer would be cut from a shared one and keep the whole of that in memory.
    const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
    bytes.write(text);
    this.etag = `W/"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
    this.#type = type;
    this.#more = { 'cache-control': 'no-cache', vary: 'accept-encoding', ...always };
    this.#plain = this.#form(bytes);
  }

  get size(): number {
    return [this.#plain, this.#gzip, this.#brotli].reduce((sum, form) => sum + (form?.bytes.length ?? 0), 0);
  }

  says(text: string): boolean {
    return this.#plain.bytes.equals(Buffer.from(text));
  }

  /** Answers a GET or HEAD with 200, or with 304 to who has it already. */
  answer(request: Request, response: Response): void {
    if (has(request, this.etag)) {
      response.statusCode = 304;
      for (const [name, value] of this.#always()) response.setHeader(name, value);
      response.end();
      return;
    }
    const { bytes, headers } = this.#formFor(codingsIn(request.headers['accept-encoding']));
    for (const [name, value] of headers) response.setHeader(name, value);
    if (request.method === 'HEAD') response.end();
    else response.end(bytes);
  }

  /** Each compressed form is made when it is first wanted, in one go: two requests can't both be making it. */
  #formFor({ gzip, brotli }: Codings): Form {
    if (this.#plain.bytes.length < WORTH_COMPRESSING) return this.#plain;
    this.#asked += 1;
    if (brotli >= gzip && brotli > 0 && (this.#asked > BROTLI_AFTER || gzip === 0)) {
      this.#brotli ??= this.#compressed('br', brotliCompressed(this.#plain.bytes));
      return this.#brotli;
    }
    if (gzip === 0) return this.#plain;
    this.#gzip ??= this.#compressed('gzip', gzipSync(this.#plain.bytes));
    return this.#gzip;
  }

  #compressed(coding: string, bytes: Buffer): Form {
    this.onGrowth(bytes.length);
    return this.#form(bytes, coding);
  }

  #form(bytes: Buffer, coding?: string): Form {
    const headers: [string, string][] = [
      ['content-type', this.#type],
      ['content-length', String(bytes.length)],
      ...this.#always(),
    ];
    if (coding !== undefined) headers.push(['content-encoding', coding]);
    return { bytes, headers };
  }

  #always(): [string, string][] {
    return [['etag', this.etag], ...Object.entries(this.#more)];
  }
}

function brotliCompressed(bytes: Buffer): Buffer {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return brotliCompressSync(bytes, { params });
}

/** If-None-Match names this tag, by weak comparison (RFC 9110, 13.1.2), and nobody insists on the whole of it. */
function has(request: Request, etag: string): boolean {
  const tags = request.headers['if-none-match'];
  if (tags === undefined || /\bno-cache\b/.test(request.headers['cache-control'] ?? '')) return false;
  const opaque = etag.slice(2);
  return tags.trim() === '*' || tags.split(',').some((tag) => tag.trim().replace(/^W\//, '') === opaque);
}

/** How much a client wants each coding, from 0 (not at all) to 1. */
interface Codings {
  readonly gzip: number;
  readonly brotli: number;
}

const NONE: Codings = { gzip: 0, brotli: 0 };
/** Browsers send a handful of different headers; whoever makes up others has them read each time. */
const REMEMBERED_HEADERS = 32;
const remembered = new Map<string, Codings>();

/** What an Accept-Encoding header says (RFC 9110, 12.5.3). Without one, as it is. */
export function codingsIn(header: string | string[] | undefined): Codings {
  if (typeof header !== 'string' || header === '') return NONE;
  const known = remembered.get(header);
  if (known) return known;
  const wanted = new Map(header.toLowerCase().split(',').map(wish));
  const plain = wanted.get('identity') ?? 0;
  const want = (coding: string) => {
    const quality = wanted.get(coding) ?? wanted.get('*') ?? 0;
    return quality >= plain ? quality : 0;
  };
  const codings = { gzip: want('gzip'), brotli: want('br') };
  if (remembered.size < REMEMBERED_HEADERS && header.length < 100) remembered.set(header, codings);
  return codings;
}

function wish(part: string): [coding: string, quality: number] {
  const [coding = '', ...parameters] = part.split(';').map((word) => word.trim());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  const value = quality === undefined ? 1 : Number(quality.slice(2));
  return [coding, value >= 0 && value <= 1 ? value : 0];
}
