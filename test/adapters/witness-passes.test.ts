// Owns what a node is asked about pieces that change hands with their range, and what is made of its answers: a real node
// with the real contract, and the same with one kind of answer changed on its way.
import { expect } from 'chai';
import type { Rpc, RpcCall, RpcReply } from '../../src/adapters/rpc.ts';
import { askNode } from '../../src/adapters/witness.ts';
import { ownCode } from '../../src/core/code.ts';
import type { Evidence } from '../../src/core/evidence.ts';
import { judge, type Verdict, type Witness } from '../../src/core/verdict.ts';
import { passDirectly, pieces, registerDirectly } from '../support/direct.ts';
import { type Admitted, type Json, startLedger, statement, type TestLedger } from '../support/ledger.ts';
import { type OwnBatch, ownBatch } from '../support/own-batch.ts';

const COUNT = 258;
const TOPIC = {
  passed: pieces.getEvent('RangePassed')?.topicHash,
  run: pieces.getEvent('ConsecutiveTransfer')?.topicHash,
};

describe('a node asked about a piece whose batch passed on', function () {
  this.timeout(240_000);
  let ledger: TestLedger;
  let rpc: Rpc;
  let maker: Admitted;
  let shop: Admitted;
  let whole: OwnBatch;
  let split: OwnBatch;

  before(async () => {
    ledger = await startLedger();
    rpc = ledger.service.rpc;
    maker = await ledger.admit('atelier-lune');
    shop = await ledger.admit('maison-verre', [], ['reseller']);
    [whole, split] = [await registered(1), await registered(2)];
    const [here, there] = [maker.organisation, shop.organisation];
    await passDirectly(ledger, { batchId: whole.id, part: 0, from: here, to: there, events: 0 });
    await passDirectly(ledger, { batchId: whole.id, part: 0, from: there, to: here, events: 1 });
    await passDirectly(ledger, { batchId: split.id, part: 2, from: here, to: there, events: 0 });
  });
  after(() => ledger.stop());

  const codeOf = (seed: number, index: number) =>
    ownCode(
      maker.handle,
      Uint8Array.from({ length: 10 }, (_, i) => [seed, index >> 8, index & 255][i] ?? 0),
    );

  async function registered(seed: number): Promise<OwnBatch> {
    const records = Array.from({ length: COUNT }, (_, index) => ({
      ...statement(`Piece ${seed}.${index}`),
      code: codeOf(seed, index),
    }));
    const batch = ownBatch(maker.organisation, records);
    await registerDirectly(ledger, maker.organisation, batch);
    return batch;
  }

  async function fileOf(seed: number, index: number): Promise<Evidence> {
    const path = `/p/${maker.handle}/${codeOf(seed, index).code}`;
    const reply = await ledger.api.get(`/api/v1/pieces${path}/evidence`);
    expect(reply.status, reply.text).to.equal(200);
    return reply.body;
  }

  const ask = (node: Rpc, file: Evidence) => askNode(node, file, { payload: false, finality: 'tag' });
  const verdictOn = (file: Evidence, witness: Witness | undefined): Verdict =>
    judge(file, {
      registry: { chainId: file.chain.chainId, address: file.chain.pieces },
      ...(witness ? { witness } : {}),
    });
  const failed = ({ checks }: Verdict) => checks.filter(({ result }) => result === 'fail');

  /** The same node, with replies about one event changed on their way; `asked` counts those. */
  function through(event: string | undefined, change: (call: RpcCall, reply: RpcReply) => RpcReply) {
    const asked: RpcCall[] = [];
    const batch = async (calls: readonly RpcCall[]) =>
      (await rpc.batch(calls)).map((reply, i) => {
        const call = calls[i] as RpcCall;
        const [filter] = call.params as Json[];
        if (call.method !== 'eth_getLogs' || filter.topics[0] !== event) return reply;
        asked.push(call);
        return change(call, reply);
      });
    return { node: { ...rpc, batch }, asked };
  }

  it('tells every pass of it, in its place, and no birth', async () => {
    const file = await fileOf(1, 3);
    const witness = (await ask(rpc, file)) as Witness;
    const runs = witness.events?.filter(({ kind }) => kind === 'run') as Json[];
    const told = runs.map(({ kind, blockHash, batchId, first, last, ...pass }) => {
      expect([kind, batchId, first, last]).to.deep.equal(['run', whole.id, 0, COUNT - 1]);
      expect(blockHash).to.match(/^0x[0-9a-f]{64}$/);
      return pass;
    });
    expect(told).to.deep.equal(file.passes);
    expect(told.map(({ from, to }) => [from, to])).to.deep.equal([
      [maker.organisation, shop.organisation],
      [shop.organisation, maker.organisation],
    ]);
    expect(witness.batch).to.deep.include({ holder: maker.organisation, count: COUNT, events: 2 });
    expect(witness.piece).to.deep.include({ owner: maker.organisation, moves: 2, events: 0 });
    const verdict = verdictOn(file, witness);
    expect(verdict.headline, JSON.stringify(verdict.checks)).to.equal('genuine-record');
  });

  it('is asked about the blocks of the chain in which the piece’s own range passed on, and no others', async () => {
    const calls = async (seed: number, index: number) => {
      const file = await fileOf(seed, index);
      const { node, asked } = through(TOPIC.run, (_, reply) => reply);
      const verdict = verdictOn(file, await ask(node, file));
      expect(verdict.headline, JSON.stringify(verdict.checks)).to.equal('genuine-record');
      return asked.map(({ params: [{ fromBlock, toBlock }] }: Json) => {
        expect(fromBlock).to.equal(toBlock);
        return Number(fromBlock);
      });
    };
    const blocks = (file: Evidence) => file.passes.map(({ block }) => block);
    expect(await calls(1, 0)).to.deep.equal(blocks(await fileOf(1, 0)));
    expect(await calls(2, 255)).to.deep.equal([]);
    expect(await calls(2, 256)).to.deep.equal(blocks(await fileOf(2, 256)));
    expect(blocks(await fileOf(2, 256))).to.have.length(1);
  });

  it('without these logs: what only they can say is unknown, and nobody is accused', async () => {
    const file = await fileOf(1, 3);
    for (const event of [TOPIC.passed, TOPIC.run]) {
      const { node, asked } = through(event, () => ({ error: { code: -32_000, message: 'pruned' } }));
      const witness = await ask(node, file);
      expect(asked).to.not.deep.equal([]);
      expect(witness).to.deep.include({ events: null });
      const verdict = verdictOn(file, witness);
      expect([verdict.headline, failed(verdict)]).to.deep.equal(['not-confirmed', []]);
    }
  });

  it('that leaves a pass out contradicts its own count of moves, and nobody is accused', async () => {
    const file = await fileOf(1, 3);
    for (const event of [TOPIC.passed, TOPIC.run]) {
      const { node } = through(event, (_, reply) => ({ result: ((reply as Json).result as Json[]).slice(1) }));
      const verdict = verdictOn(file, await ask(node, file));
      expect([verdict.headline, failed(verdict)]).to.deep.equal(['not-confirmed', []]);
    }
  });

  it('that answers with what is no log: nobody is accused, and nothing is thrown', async () => {
    const file = await fileOf(1, 3);
    const broken = [null, 0, 'x', {}, [null], [0], [{}], [[]]];
    const changed = [{ data: '0x' }, { data: null }, { topics: null }, { topics: ['0x'] }, { blockNumber: 'x' }];
    // Which range passed on is read from the data; that it was one of this batch, the question said.
    const harmless = (event: string | undefined, answer: unknown) => event === TOPIC.passed && answer === changed[3];
    for (const event of [TOPIC.passed, TOPIC.run]) {
      for (const answer of [...broken, ...changed]) {
        const { node } = through(event, (_, reply) => {
          if (broken.includes(answer as never)) return { result: answer };
          return { result: ((reply as Json).result as Json[]).map((log) => ({ ...log, ...(answer as object) })) };
        });
        const verdict = verdictOn(file, await ask(node, file));
        const expected = harmless(event, answer) ? 'genuine-record' : 'not-confirmed';
        expect([verdict.headline, failed(verdict)], JSON.stringify(answer)).to.deep.equal([expected, []]);
      }
    }
  });
});
