// Owns one thing: JSON-RPC over HTTP to an EVM node, single and in batches. What the methods mean is chain.ts's.
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { TouchstoneError } from '../core/errors.ts';

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

export interface RpcFailure {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}
export type RpcReply = { readonly result: unknown } | { readonly error: RpcFailure };
export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

export interface Rpc {
  /** Replies in the order of the calls. @throws TouchstoneError node-unavailable */
  batch(calls: readonly RpcCall[]): Promise<RpcReply[]>;
  /** The result. @throws TouchstoneError node-unavailable if the node can't be reached or answers with an error */
  call<T>(method: string, ...params: unknown[]): Promise<T>;
}

/** @param url of the node; a function, because an embedded node may come back on another port. */
export function openRpc(url: () => string, limits: RpcLimits = LIMITS): Rpc {
  const agents = { 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent({ keepAlive: true }) };
  const batch = async (calls: readonly RpcCall[]): Promise<RpcReply[]> => {
    if (calls.length === 0) return [];
    const body = JSON.stringify(calls.map((call, id) => ({ jsonrpc: '2.0', id, ...call })));
    const text = await post(new URL(url()), agents, body, limits);
    return inOrder(parsed(text), calls.length);
  };
  return {
    batch,
    async call<T>(method: string, ...params: unknown[]): Promise<T> {
      const [reply] = await batch([{ method, params }]);
      if (reply && 'result' in reply) return reply.result as T;
      throw unavailable(`${method}: ${reply?.error.message ?? 'no reply'}`);
    },
  };
}

export function unavailable(reason: string, cause?: unknown): TouchstoneError {
  const message = 'The chain node is away for a moment; what was accepted is kept and will be anchored. Try again.';
  return new TouchstoneError('node-unavailable', message, {
    retry: { afterSeconds: 2 },
    cause: new Error(reason, cause === undefined ? undefined : { cause }),
  });
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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unavailable('the node answered something that is no JSON', error);
  }
}

function inOrder(answer: unknown, count: number): RpcReply[] {
  if (!Array.isArray(answer)) throw unavailable('the node refused a batch of calls');
  const replies = new Map(answer.map((reply: { id?: unknown } | null) => [reply?.id, reply]));
  return Array.from({ length: count }, (_, id) => {
    const reply = replyIn(replies.get(id));
    if (!reply) throw unavailable('the node left a call of a batch unanswered');
    return reply;
  });
}

/** Either a result or an error in words: whatever else a node sends is no reply. */
function replyIn(reply: unknown): RpcReply | undefined {
  const { result, error } = (reply ?? {}) as { result?: unknown; error?: Partial<RpcFailure> | null };
  if (typeof error === 'object' && error !== null) {
    return { error: { ...error, code: Number(error.code), message: String(error.message) } };
  }
  return result === undefined ? undefined : { result };
}
