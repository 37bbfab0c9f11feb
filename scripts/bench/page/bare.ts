// Owns the rival of the page bench: Express with one route and nothing else, in a process of its own, which answers the
// bytes it was given. They are ready in a buffer: that is quicker than a string, which Express would encode each time.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';

export interface Served {
  readonly type: string;
  /** Base64. */
  readonly body: string;
}

process.on('message', ({ type, body }: Served) => {
  const bytes = Buffer.from(body, 'base64');
  const app = express();
  app.get('/', (_, response) => {
    response.type(type).send(bytes);
  });
  const server: Server = app.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
});
