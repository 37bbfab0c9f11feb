// Owns carrying JSON-RPC to a node over HTTP from a process of ours. What a call and a reply are is json-rpc.ts's, what the
// methods mean chain.ts's.
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { TouchstoneError } from '../core/errors.ts';
import { type Rpc, rpcOver, unavailable } from './json-rpc.ts';

export { type Rpc, type RpcCall, type RpcFailure, type RpcReply, unavailable } from './json-rpc.ts';

export interface RpcLimits {
  /** Without a byte. */
  readonly silenceMs: number;
  /** For a whole reply, however steadily it drips. */
  readonly replyMs: number;
  readonly replyBytes: number;
}

const LIMITS: RpcLimits = {
  silenceMs: 30_000,
  replyMs: 120_000,
  // A batch of eight 128 KiB transactions, or the logs they leave, fits many times over.
  replyBytes: 256 * 1024 * 1024,
};

/** @param url of the node; a function, because an embedded node may come back on another port. */
export function openRpc(url: () => string, limits: RpcLimits = LIMITS): Rpc {
  const agents = { 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent({ keepAlive: true }) };
  return rpcOver((body) => post(new URL(url()), agents, body, limits));
}

function post(url: URL, agents: Record<string, HttpAgent>, body: string, limits: RpcLimits): Promise<string> {
  const agent = agents[url.protocol];
  if (!agent) throw new TouchstoneError('configuration', `RPC_URL must be http or https, not ${url.protocol}`);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    let late: NodeJS.Timeout | undefined;
    const fail = (reason: string, cause?: unknown) => {
      clearTimeout(late);
      reject(unavailable(reason, cause));
    };
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const request = send(url, { method: 'POST', agent, headers, timeout: limits.silenceMs }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > limits.replyBytes) request.destroy(new Error('the reply is too large'));
        chunks.push(chunk);
      });
      response.on('end', () => {
        clearTimeout(late);
        if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString('utf8'));
        else fail(`the node answered HTTP ${response.statusCode}`);
      });
      response.on('error', (error) => fail(error.message, error));
    });
    late = setTimeout(() => request.destroy(new Error(`no whole reply within ${limits.replyMs} ms`)), limits.replyMs);
    request.on('timeout', () => request.destroy(new Error(`no reply within ${limits.silenceMs} ms`)));
    request.on('error', (error) => fail(error.message, error));
    request.end(body);
  });
}
