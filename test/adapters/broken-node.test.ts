// Owns nodes that can't be talked with, or give logs in portions only: whoever asks one ends in bounded time, with bounded
// memory and a bounded number of calls.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { fileOf } from '../../scripts/vectors/evidence/bases.ts';
import { type Filter, MAX_LOG_CALLS, MAX_TOPICS, searchLogs } from '../../src/adapters/log-search.ts';
import { openRpc, type Rpc, type RpcCall, type RpcReply } from '../../src/adapters/rpc.ts';
import { askNode } from '../../src/adapters/witness.ts';

describe('logs', () => {
  const FILTER: Filter = { address: `0x${'11'.repeat(20)}`, topics: [] };

  /** A node that answers log calls by what they ask for, and how often it was asked. */
  function node(answer: (from: number, to: number, call: RpcCall) => RpcReply): { rpc: Rpc; asked: () => number } {
    let asked = 0;
    const batch = async (calls: readonly RpcCall[]) =>
      calls.map((call) => {
        asked += 1;
        const [{ fromBlock, toBlock }] = call.params as [{ fromBlock: string; toBlock: string }];
        return answer(Number(fromBlock), Number(toBlock), call);
      });
    return { rpc: { batch, call: () => Promise.reject(new Error('not asked')) }, asked: () => asked };
  }
  const refusal = (message: string): RpcReply => ({ error: { code: -32_005, message } });

  it('given in portions are asked for again in halves, each block once', async () => {
    const seen: number[] = [];
    const { rpc } = node((from, to) => {
      if (to - from >= 100) return refusal('block range too large');
      for (let block = from; block <= to; block++) seen.push(block);
      return { result: [] };
    });
    expect(await searchLogs(rpc, [FILTER], 1_000)).to.deep.equal([]);
    expect(seen.sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 1_001 }, (_, block) => block));
  });

  it('given in portions too small are not had, after a bounded number of calls', async () => {
    const narrow = node((from, to) => (to - from < 100 ? { result: [] } : refusal('query exceeds max block range')));
    expect(await searchLogs(narrow.rpc, [FILTER], 25_000_000)).to.equal(null);
    expect(narrow.asked()).to.be.at.most(MAX_LOG_CALLS);
    const never = node(() => refusal('query returned more than 10000 results'));
    expect(await searchLogs(never.rpc, [FILTER], 25_000_000)).to.equal(null);
    expect(never.asked()).to.be.at.most(MAX_LOG_CALLS);
  });

  it('that a node does not keep are asked for once', async () => {
    const pruned = node(() => refusal('History has been pruned for this block'));
    expect(await searchLogs(pruned.rpc, [FILTER], 25_000_000)).to.equal(null);
    expect(pruned.asked()).to.equal(1);
  });

  it('about more than a node takes at once are asked for in several calls', async () => {
    const topics = Array.from({ length: 2 * MAX_TOPICS + 1 }, (_, i) => `0x${i.toString(16).padStart(64, '0')}`);
    const lists: string[][] = [];
    const { rpc } = node((_, __, call) => {
      lists.push((call.params[0] as { topics: [null, string[]] }).topics[1]);
      return { result: [] };
    });
    await searchLogs(rpc, [{ ...FILTER, topics: [null, topics] }], 10);
    expect(lists.map((list) => list.length)).to.deep.equal([MAX_TOPICS, MAX_TOPICS, 1]);
    expect(lists.flat()).to.deep.equal(topics);
  });
});

describe('a node that can not be talked with is no witness', () => {
  const EVIDENCE = fileOf('ring', 1);
  const OPTIONS = { payload: true, finality: 'tag' } as const;
  const servers: Server[] = [];
  after(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function answering(listener: RequestListener): Promise<Rpc> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return openRpc(() => url, { silenceMs: 200, replyMs: 400, replyBytes: 100_000 });
  }
  const asked = async (listener: RequestListener) => askNode(await answering(listener), EVIDENCE, OPTIONS);

  it('because there is none', async () => {
    expect(
      await askNode(
        openRpc(() => 'http://127.0.0.1:9'),
        EVIDENCE,
        OPTIONS,
      ),
    ).to.equal(undefined);
  });

  it('because it speaks something else', async () => {
    const texts = ['', 'null', '[]', '{}', '<html>', '[null,null,null,null]', '[1,2]', '"x"'];
    const replies = ['{"id":0}', '{"id":0,"result":"0x1","error":{}}', '{"id":0,"error":null}', '{"id":0,"error":"x"}'];
    for (const text of [...texts, ...replies.map((reply) => `[${reply}]`)]) {
      expect(await asked((_, response) => response.end(text)), text).to.equal(undefined);
    }
  });

  it('because it refuses, moved away, falls silent, drips, or never stops', async () => {
    const status =
      (code: number): RequestListener =>
      (_, response) =>
        response.writeHead(code).end('[]');
    expect(await asked(status(500))).to.equal(undefined);
    expect(await asked(status(302))).to.equal(undefined);
    expect(await asked(() => {})).to.equal(undefined);
    expect(await asked((request) => request.socket.destroy())).to.equal(undefined);
    expect(await asked(dripping)).to.equal(undefined);
    expect(await asked((_, response) => response.end(' '.repeat(200_000)))).to.equal(undefined);
  });
});

/** A byte at a time, often enough not to be silent. */
const dripping: RequestListener = (_, response) => {
  const timer = setInterval(() => response.write(' '), 50);
  response.on('close', () => clearInterval(timer));
};
