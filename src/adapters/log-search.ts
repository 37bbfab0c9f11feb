// Owns fetching logs by what they are about, from nodes that limit how much they give at once. What the logs mean is
// logs.ts's. A node that keeps no old logs, or gives them in portions too small, gives none.

import type { Rpc, RpcReply } from './json-rpc.ts';
import type { RawLog } from './logs.ts';

export interface Filter {
  readonly address: string;
  readonly topics: readonly (string | readonly string[] | null)[];
}

/** A minute's worth at a public node's ten calls a second; whoever has more blocks to ask for asks a node without limit. */
export const MAX_LOG_CALLS = 600;
/** Nodes refuse or split batches of more. */
const CALLS_AT_ONCE = 50;
/** Topics a node takes at one place of a filter, by the strictest one known. */
export const MAX_TOPICS = 100;
/** An honest piece's history has some dozens; what has more was made to hurt. */
export const MAX_LOGS = 50_000;
const TOO_WIDE = /range|limit|exceed|too (many|large|wide|big)|more than|max|timeout|timed out|response size/i;

interface Portion {
  readonly filter: Filter;
  readonly from: number;
  readonly to: number;
}

/** Every log of these filters up to a block, each once; null where the node doesn't give them. */
export async function searchLogs(rpc: Rpc, filters: readonly Filter[], to: number, from = 0): Promise<RawLog[] | null> {
  const found = new Map<string, RawLog>();
  let open: Portion[] = filters.flatMap(divided).map((filter) => ({ filter, from, to }));
  for (let calls = 0; open.length > 0; ) {
    const asked = open.slice(0, CALLS_AT_ONCE);
    calls += asked.length;
    if (calls > MAX_LOG_CALLS) return null;
    const replies = await rpc.batch(asked.map(logsCall));
    const smaller: Portion[] = [];
    for (const [i, reply] of replies.entries()) {
      const logs = logsIn(reply);
      if (logs) for (const log of logs) found.set(`${Number(log.blockNumber)} ${Number(log.logIndex)}`, log);
      else {
        const portion = asked[i] as Portion;
        // Pruned, refused, garbage, or one block that is too much: smaller questions would be answered no better.
        if (!isTooWide(reply) || portion.from === portion.to) return null;
        smaller.push(...halves(portion));
      }
    }
    if (found.size > MAX_LOGS || smaller.length > MAX_LOG_CALLS) return null;
    open = [...smaller, ...open.slice(CALLS_AT_ONCE)];
  }
  return [...found.values()];
}

/** Every log of a filter in these very blocks; null where the node doesn't give them. */
export async function logsOfBlocks(rpc: Rpc, filter: Filter, blocks: readonly number[]): Promise<RawLog[] | null> {
  const found: RawLog[] = [];
  for (let at = 0; at < blocks.length; at += CALLS_AT_ONCE) {
    const asked = blocks.slice(at, at + CALLS_AT_ONCE);
    for (const reply of await rpc.batch(asked.map((block) => logsCall({ filter, from: block, to: block })))) {
      const logs = logsIn(reply);
      if (!logs) return null;
      found.push(...logs);
    }
    if (found.length > MAX_LOGS) return null;
  }
  return found;
}

/** Filters whose lists are short enough for any node. */
function divided(filter: Filter): Filter[] {
  const at = filter.topics.findIndex((topic) => Array.isArray(topic) && topic.length > MAX_TOPICS);
  if (at < 0) return [filter];
  const list = filter.topics[at] as readonly string[];
  return Array.from({ length: Math.ceil(list.length / MAX_TOPICS) }, (_, i) => ({
    ...filter,
    topics: filter.topics.with(at, list.slice(i * MAX_TOPICS, (i + 1) * MAX_TOPICS)),
  }));
}

function logsCall({ filter, from, to }: Portion) {
  const quantity = (block: number) => `0x${block.toString(16)}`;
  return { method: 'eth_getLogs', params: [{ ...filter, fromBlock: quantity(from), toBlock: quantity(to) }] };
}

function isTooWide(reply: RpcReply): boolean {
  return 'error' in reply && TOO_WIDE.test(reply.error.message);
}

function halves({ filter, from, to }: Portion): Portion[] {
  const middle = Math.floor((from + to) / 2);
  return [
    { filter, from, to: middle },
    { filter, from: middle + 1, to },
  ];
}

const HEX = /^0x[0-9a-f]*$/i;
const QUANTITY = /^0x[0-9a-f]{1,13}$/i;

/** The logs of a reply; undefined if it is something else. */
function logsIn(reply: RpcReply): RawLog[] | undefined {
  if (!('result' in reply) || !Array.isArray(reply.result)) return undefined;
  return reply.result.every(isLog) ? reply.result : undefined;
}

function isLog(value: unknown): value is RawLog {
  if (typeof value !== 'object' || value === null) return false;
  const { address, topics, data, blockNumber, logIndex, transactionHash } = value as Record<string, unknown>;
  const texts = [address, data, transactionHash].every((text) => typeof text === 'string' && HEX.test(text));
  const numbers = [blockNumber, logIndex].every((text) => typeof text === 'string' && QUANTITY.test(text));
  const words = Array.isArray(topics) && topics.every((text) => typeof text === 'string' && HEX.test(text));
  return texts && numbers && words;
}
