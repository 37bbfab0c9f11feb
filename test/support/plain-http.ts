// Owns a request and its answer as they are on the wire: nothing is decompressed, followed or added.
import { type IncomingHttpHeaders, request } from 'node:http';

export interface PlainReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

export function ask(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<PlainReply> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(chunks) });
      });
    });
    sent.on('error', reject).end();
  });
}
