// Owns reading a JSON body: how much of it, in which encoding, how deep. It stops at the first byte too many and leaves
// the rest unread; what becomes of a sender that goes on is app.ts's. What the JSON means is the routes' schemas'.
import { isUtf8 } from 'node:buffer';
import type { Request, RequestHandler } from 'express';
import { TouchstoneError } from '../core/errors.ts';
import { holdsSecret, SECRET_WAS_SENT } from '../core/secret-spotter.ts';

/** A record has 64 KiB in canonical form; JSON as people write it, with indentation and escapes, may have some more. */
const MAX_JSON_BYTES = 256 * 1024;
/** The deepest member of a record is eight levels down; what is much deeper only wears out whoever walks over it. */
const MAX_DEPTH = 64;

/** Puts the parsed body, an object or a list, on the request. @param withinMs how long its sender may take */
export const jsonBody =
  (withinMs: number, maxBytes = MAX_JSON_BYTES): RequestHandler =>
  async (request, _response, next) => {
    if (!request.is('application/json')) {
      throw new TouchstoneError('unsupported-media-type', 'Send JSON, with “Content-Type: application/json”.');
    }
    const charset = /;\s*charset="?([^\s;"]+)/i.exec(request.get('content-type') ?? '')?.[1] ?? 'utf-8';
    if (charset.toLowerCase() !== 'utf-8') throw new TouchstoneError('unsupported-media-type', 'Send JSON in UTF-8.');
    mustBePlain(request);
    const bytes = await inTime(withinMs, bytesOf(request, maxBytes));
    mustHoldNoSecret(bytes.toString('latin1'));
    request.body = parsed(bytes);
    next();
  };

/** @throws TouchstoneError unsupported-media-type for a compressed body */
export function mustBePlain(request: Request): void {
  if ((request.get('content-encoding') ?? 'identity') === 'identity') return;
  throw new TouchstoneError('unsupported-media-type', 'Send the body uncompressed, without a Content-Encoding.');
}

/** @throws TouchstoneError secret-sent before anybody stores, logs or answers with any of it */
export function mustHoldNoSecret(text: string): void {
  if (holdsSecret(text)) throw new TouchstoneError('secret-sent', SECRET_WAS_SENT);
}

/** The request's chunks. Leaving the loop early leaves the connection as it is, so that an answer still gets out. */
export async function* chunksOf(request: Request): AsyncGenerator<Buffer> {
  const chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  try {
    yield* chunks;
  } catch {
    const message = 'The body broke off before its end. Send it again with the same Idempotency-Key.';
    throw new TouchstoneError('invalid-request', message);
  }
}

/** Whoever drips a body holds a connection; what he holds it for is over at some point. */
export async function inTime<T>(withinMs: number, reading: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = 'The body took too long to arrive. Nothing was done; send it again.';
    timer = setTimeout(() => reject(new TouchstoneError('request-timeout', message)), withinMs);
  });
  // What becomes of it after that is nobody's business any more.
  reading.catch(() => {});
  try {
    return await Promise.race([reading, late]);
  } finally {
    clearTimeout(timer);
  }
}

export async function bytesOf(request: Request, maxBytes: number): Promise<Buffer> {
  const tooLarge = () => new TouchstoneError('body-too-large', 'The body is too large. Nothing was done.');
  if (Number(request.get('content-length') ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunksOf(request)) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function parsed(bytes: Buffer): unknown {
  // A lenient decoder would put question marks on record for ever.
  if (!isUtf8(bytes)) throw new TouchstoneError('invalid-encoding', 'The body is not UTF-8. Nothing was done.');
  if (depthOf(bytes) > MAX_DEPTH) {
    throw new TouchstoneError('invalid-request', `The body is nested more than ${MAX_DEPTH} levels deep.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    throw new TouchstoneError('invalid-json', 'The body is not valid JSON. Nothing was done.');
  }
  if (typeof value === 'object' && value !== null) return value;
  throw new TouchstoneError('invalid-json', 'The body must be a JSON object. Nothing was done.');
}

const [QUOTE, BACKSLASH, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = Buffer.from('"\\{}[]');

/** How deep lists and objects stand in each other, by their brackets outside of strings. */
function depthOf(json: Buffer): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i];
    if (byte === QUOTE) quoted = !quoted;
    else if (quoted && byte === BACKSLASH) i += 1;
    else if (!quoted && (byte === OPEN_BRACE || byte === OPEN_BRACKET)) deepest = Math.max(deepest, ++depth);
    else if (!quoted && (byte === CLOSE_BRACE || byte === CLOSE_BRACKET)) depth -= 1;
  }
  return deepest;
}
