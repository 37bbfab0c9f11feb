// Owns taking a form with files apart as it arrives (multipart/form-data, RFC 7578): part after part, each a stream, so that
// a file of any size passes through without being kept. What is in a part, and who may send it, is its reader's business.
import { isUtf8 } from 'node:buffer';
import type { Request } from 'express';
import { TouchstoneError } from '../core/errors.ts';
import { chunksOf, mustBePlain, mustHoldNoSecret } from './json-body.ts';
import { Fields, textOf } from './workshop-form.ts';
import type { Visit } from './workshop-route.ts';
import { mustHoldToken } from './workshop-session.ts';

const MAX_HEADER_BYTES = 4 * 1024;
const MAX_FIELD_BYTES = 64 * 1024;
const MAX_PARTS = 200;

export interface Part {
  readonly name: string;
  /** Null for what is no file. A name somebody else chose: to be shown, never to be opened. */
  readonly filename: string | null;
  readonly type: string;
  /** To be read to its end, or not at all, before the next part is asked for. */
  readonly body: AsyncIterable<Buffer>;
}

export interface Upload {
  /** What stood before the first file. */
  readonly fields: Fields;
  /** Files that hold anything, in the form's order; each is to be read before the next is asked for. */
  readonly files: AsyncIterable<Part>;
}

/** A form with files of the console, its token checked before any file is read. @throws TouchstoneError */
export async function uploadOf(
  { request, session }: Pick<Visit, 'request' | 'session'>,
  maxBytes: number,
): Promise<Upload> {
  const parts = partsOf(request, maxBytes);
  const values = new Map<string, string[]>();
  for (;;) {
    const { value: part, done } = await parts.next();
    if (done || part.filename !== null) {
      const fields = new Fields(values);
      mustHoldToken(session, fields.get('token'));
      return { fields, files: filesFrom(done ? undefined : part, parts) };
    }
    values.set(part.name, [...(values.get(part.name) ?? []), await fieldText(part)]);
  }
}

async function* filesFrom(first: Part | undefined, rest: AsyncGenerator<Part>): AsyncGenerator<Part> {
  if (!first) return;
  yield first;
  for await (const part of rest) if (part.filename !== null) yield part;
}

/** A file whole, in memory. @throws TouchstoneError body-too-large */
export async function bytesOfPart({ body }: Part, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

async function fieldText(part: Part): Promise<string> {
  const bytes = await bytesOfPart(part, MAX_FIELD_BYTES);
  if (!isUtf8(bytes)) throw new TouchstoneError('invalid-encoding', 'The form is not UTF-8. Nothing was done.');
  const text = bytes.toString('utf8');
  mustHoldNoSecret(text);
  return textOf(text);
}

async function* partsOf(request: Request, maxBytes: number): AsyncGenerator<Part> {
  const type = request.get('content-type') ?? '';
  const [, quoted, bare] = /^multipart\/form-data;.*?\bboundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(type) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) {
    throw new TouchstoneError('unsupported-media-type', 'This page takes forms with files as browsers send them.');
  }
  mustBePlain(request);
  if (Number(request.get('content-length') ?? 0) > maxBytes) throw tooLarge();
  const bytes = new Pulled(chunksOf(request), maxBytes);
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  for await (const _ of bytes.upTo(delimiter));
  for (let n = 0; ; n++) {
    const after = await bytes.take(2);
    if (after === '--') return;
    if (after !== '\r\n' || n === MAX_PARTS) throw malformed();
    const part = partIn(await headerOf(bytes), bytes.upTo(delimiter));
    yield part;
    // What its reader left.
    for await (const _ of part.body);
  }
}

async function headerOf(bytes: Pulled): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bytes.upTo(Buffer.from('\r\n\r\n'))) {
    size += chunk.length;
    if (size > MAX_HEADER_BYTES) throw malformed();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function partIn(header: string, body: AsyncIterable<Buffer>): Part {
  const disposition = /^content-disposition:\s*form-data;(.*)$/im.exec(header)?.[1];
  const named = (what: string) => new RegExp(`(?:^|;)\\s*${what}="([^"]*)"`, 'i').exec(disposition ?? '')?.[1];
  const name = named('name');
  if (name === undefined) throw malformed();
  const filename = named('filename');
  const type = /^content-type:\s*([\w./+-]+)/im.exec(header)?.[1] ?? 'text/plain';
  return { name, filename: filename?.replace(/\p{Cc}/gu, '').slice(0, 200) ?? null, type, body };
}

/** Bytes asked for as they are needed. */
class Pulled {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #max: number;
  #size = 0;
  // The first delimiter may stand at the very beginning, without the line end that others have.
  #held: Buffer = Buffer.from('\r\n');
  constructor(chunks: AsyncIterable<Buffer>, max: number) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#max = max;
  }

  /** What comes before the delimiter, which is passed over. Asked again once it is over, it is empty. */
  async *upTo(delimiter: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.#held.indexOf(delimiter);
      if (at >= 0) {
        const last = this.#held.subarray(0, at);
        this.#held = this.#held.subarray(at + delimiter.length);
        if (last.length > 0) yield last;
        return;
      }
      // A delimiter may have begun in what is held.
      const sure = Math.max(0, this.#held.length - delimiter.length + 1);
      const ready = this.#held.subarray(0, sure);
      this.#held = this.#held.subarray(sure);
      if (ready.length > 0) yield ready;
      await this.#pull();
    }
  }

  async take(count: number): Promise<string> {
    while (this.#held.length < count) await this.#pull();
    const taken = this.#held.subarray(0, count).toString('latin1');
    this.#held = this.#held.subarray(count);
    return taken;
  }

  async #pull(): Promise<void> {
    const { value, done } = await this.#chunks.next();
    if (done) throw malformed();
    this.#size += value.length;
    if (this.#size > this.#max) throw tooLarge();
    this.#held = this.#held.length === 0 ? value : Buffer.concat([this.#held, value]);
  }
}

const tooLarge = () => new TouchstoneError('body-too-large', 'The file is too large. Nothing was done.');
const malformed = () =>
  new TouchstoneError('invalid-request', 'The form broke off or is not in the form browsers send. Nothing was done.');
