// Owns a node as somebody else runs it: one that answers web pages (CORS), passing what it is asked on to a ledger's own
// node, which answers none. What it answers can be changed on the way, as a node that lies would.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface OpenNode {
  readonly url: string;
  /** How often it was asked. */
  readonly asked: number;
  /** From now on answers go through this; undefined for the truth. */
  lie: ((answer: string) => string) | undefined;
  close(): Promise<void>;
}

export async function startOpenNode(behind: string): Promise<OpenNode> {
  let asked = 0;
  const server = createServer(async (request, response) => {
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', 'content-type');
    if (request.method === 'OPTIONS') return void response.end();
    asked += 1;
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const headers = { 'content-type': 'application/json' };
    const answer = await (await fetch(behind, { method: 'POST', headers, body: Buffer.concat(parts) })).text();
    response.setHeader('content-type', 'application/json').end(node.lie ? node.lie(answer) : answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const node = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get asked() {
      return asked;
    },
    lie: undefined as OpenNode['lie'],
    async close() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
  return node;
}
