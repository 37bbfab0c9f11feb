// Owns: JSON-RPC over HTTP on the loopback address, and who may speak to it.
// Never enters: what a method does.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from './rpc.ts';

const MAX_BODY = 2 * 1024 * 1024;
const LAST_ANSWERS_MS = 100;
const HOST = '127.0.0.1';
const LOCAL_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);

export interface RpcServer {
  url: string;
  port: number;
  close(): Promise<void>;
}

export async function serveRpc(answer: Answer, preferredPort: number): Promise<RpcServer> {
  const server = createServer((request, response) => {
    handle(answer, request, response).catch(() => response.destroy());
  });
  // Clients keep connections open; closing an idle one just as a request leaves looks like a dead node to them.
  server.keepAliveTimeout = 600_000;
  await listen(server, preferredPort);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${HOST}:${port}`,
    port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      // Answers already given get out; requests that will never be answered do not hold us.
      await Promise.race([closed, delay(LAST_ANSWERS_MS)]);
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The preferred port, or any other: a taken port must not keep the ledger from starting. */
async function listen(server: Server, preferredPort: number): Promise<void> {
  for (const port of [preferredPort, 0]) {
    server.listen(port, HOST);
    try {
      await once(server, 'listening');
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (port === 0 || (code !== 'EADDRINUSE' && code !== 'EACCES')) throw error;
    }
  }
}

async function handle(answer: Answer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const refusal = refuse(request);
  if (refusal !== undefined) return reply(response, refusal.status, JSON.stringify({ error: refusal.why }));
  const body = await readBody(request);
  if (body === undefined) {
    response.setHeader('connection', 'close');
    return reply(response, 413, JSON.stringify({ error: `a request holds at most ${MAX_BODY} bytes` }));
  }
  reply(response, 200, await answer(body));
}

/** A web page open on this machine can reach a loopback port; it can hide neither its Origin nor a rebound name. */
function refuse({ headers, method }: IncomingMessage): { status: number; why: string } | undefined {
  const host = (headers.host ?? '').toLowerCase().replace(/:\d+$/, '');
  if (!LOCAL_NAMES.has(host)) return { status: 403, why: 'this node answers to its loopback address only' };
  if (headers.origin !== undefined) return { status: 403, why: 'this node does not answer web pages' };
  if (method !== 'POST') return { status: 405, why: 'JSON-RPC is a POST request' };
  return undefined;
}

/** Undefined when it is too long; what is read until then is dropped. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length).toString('utf8');
}

function reply(response: ServerResponse, status: number, text: string): void {
  const bytes = Buffer.from(text);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.end(bytes);
}
