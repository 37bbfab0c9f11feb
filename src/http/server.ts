// Owns the HTTP server around the app: how long anybody may take over anything, how many connections there may be, and
// the answer to what is no HTTP. What a request means never enters it.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ErrorCode, TouchstoneError } from '../core/errors.ts';
import { problemOf } from './problem.ts';
import type { Trusts } from './proxies.ts';

/** How long, in milliseconds, and how many. A test has less patience. */
export interface Patience {
  /** For the 16 KiB of headers at most. A connection that drips them is closed then. */
  readonly headersMs: number;
  /** For a whole request, body included: 512 MiB on a line of 14 Mbit/s. */
  readonly requestMs: number;
  /** For a JSON body, 256 KiB at most. */
  readonly jsonMs: number;
  /** Without a byte in either direction: longer than the longest statement of the database, which answers nothing. */
  readonly idleMs: number;
  /** For an answer from its request's headers to its last byte: whoever reads a byte a minute isn't idle. */
  readonly answerMs: number;
  /** How often the first two are looked at. */
  readonly checkMs: number;
  /** At once. Each costs some tens of kilobytes; the process may have this many files open besides. */
  readonly connections: number;
  /** At once from one address that is no trusted proxy: nobody alone takes all of them. */
  readonly connectionsOfOne: number;
}

export const PATIENCE: Patience = {
  headersMs: 15_000,
  requestMs: 300_000,
  jsonMs: 30_000,
  idleMs: 120_000,
  answerMs: 900_000,
  checkMs: 5_000,
  connections: 2_000,
  connectionsOfOne: 200,
};

/** Headers of one request together. Node's own limit, said aloud. */
const MAX_HEADER_BYTES = 16 * 1024;

export function httpServer(patience: Patience, trusts: Trusts): Server {
  const server = createServer({
    headersTimeout: patience.headersMs,
    requestTimeout: patience.requestMs,
    connectionsCheckingInterval: patience.checkMs,
    maxHeaderSize: MAX_HEADER_BYTES,
    // Refused by the app, in words.
    requireHostHeader: false,
    insecureHTTPParser: false,
  });
  server.maxConnections = patience.connections;
  server.timeout = patience.idleMs;
  limitEachAddress(server, patience.connectionsOfOne, trusts);
  const latest = new WeakMap<Duplex, { request: IncomingMessage; response: ServerResponse }>();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    latest.set(request.socket, { request, response });
    // Node takes //a@b for a host and finds no path, and then no route of the app would ever see it.
    if (request.url?.startsWith('//')) request.url = request.url.replaceAll('@', '%40');
    const timer = setTimeout(() => request.socket.destroy(), patience.answerMs);
    response.once('close', () => clearTimeout(timer));
  });
  // Something else than 100-continue is wished: it may be ignored, and is.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const { request, response } = latest.get(socket) ?? {};
    // In the middle of an answer another one would be taken for its rest, after one to a request that still goes on for
    // that of the next.
    const answered = response?.headersSent && !(response.writableFinished && request?.complete);
    if (!socket.writable || answered) socket.destroy();
    else socket.end(refusal(error.code ?? ''), () => socket.destroy());
  });
  return server;
}

function limitEachAddress(server: Server, most: number, trusts: Trusts): void {
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    if (trusts(address)) return;
    const count = (open.get(address) ?? 0) + 1;
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
    if (count > most) socket.destroy();
  });
}

const REFUSALS: Readonly<Record<string, readonly [code: ErrorCode, detail: string]>> = {
  HPE_HEADER_OVERFLOW: ['headers-too-large', 'The headers of a request may have 16 KiB together.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['body-too-large', 'The chunks of the body say too much about themselves.'],
  ERR_HTTP_REQUEST_TIMEOUT: [
    'request-timeout',
    'The request took too long to arrive. Nothing was done; send it again.',
  ],
};
const NO_HTTP = ['invalid-request', 'This is no HTTP request. Nothing was done.'] as const;

/** A whole answer, as bytes: there is no request it could be an answer of. */
function refusal(reason: string): string {
  const [code, detail] = REFUSALS[reason] ?? NO_HTTP;
  const id = randomUUID();
  const problem = problemOf(new TouchstoneError(code, detail), id);
  const body = JSON.stringify(problem);
  const headers = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${id}`,
    'x-content-type-options: nosniff',
    'cache-control: no-store',
    'connection: close',
  ];
  return `${headers.join('\r\n')}\r\n\r\n${body}`;
}
