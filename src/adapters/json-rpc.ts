// Owns what JSON-RPC to an EVM node is, whatever carries it: calls in a batch, replies in their order, and what is no
// reply. How bytes get there and back stands with the carrier: rpc.ts for the service, a page's own fetch in browsers.
import { TouchstoneError } from '../core/errors.ts';

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

/** @param send carries a body to the node and answers with the body it gave. @throws TouchstoneError node-unavailable */
export function rpcOver(send: (body: string) => Promise<string>): Rpc {
  const batch = async (calls: readonly RpcCall[]): Promise<RpcReply[]> => {
    if (calls.length === 0) return [];
    const text = await send(JSON.stringify(calls.map((call, id) => ({ jsonrpc: '2.0', id, ...call }))));
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
