// The node's parts in this process, where a test can hold the disk still or break it.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Evm } from '../../src/adapters/embedded-node/evm.ts';
import { type Journal, openJournal } from '../../src/adapters/embedded-node/journal.ts';
import { recoverChain } from '../../src/adapters/embedded-node/replay.ts';
import { type Answer, createAnswer } from '../../src/adapters/embedded-node/rpc.ts';
import { type Sequencer, startSequencer } from '../../src/adapters/embedded-node/sequencer.ts';
import {
  LOGGER_CODE,
  REVERTING_CODE,
  type RpcReply,
  request,
  seeded,
  sign,
  until,
  wallet,
} from '../support/raw-chain.ts';

interface Parts {
  evm: Evm;
  chainId: number;
  journal: Journal;
  sequencer: Sequencer;
  ask(method: string, params?: unknown[]): Promise<RpcReply>;
  answer: Answer;
  fatal: unknown[];
  close(): Promise<void>;
}

describe('embedded node, answers', function () {
  this.timeout(240_000);
  const rich = wallet('rich');
  let folder: string;
  let file: string;
  const open: Parts[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-node-'));
    file = join(folder, 'chain', 'journal.ndjson');
  });
  afterEach(async () => {
    for (const parts of open.splice(0)) await parts.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(
    options: { now?: () => number; datasync?: (handle: FileHandle) => Promise<void> } = {},
  ): Promise<Parts> {
    const quiet = { log: () => {}, progress: () => {} };
    const { evm, chainId, tip } = await recoverChain(file, { funded: [rich.address], ...quiet });
    const journal = await openJournal(file, options.datasync);
    const fatal: unknown[] = [];
    const now = options.now === undefined ? {} : { now: options.now };
    const sequencer = startSequencer({ evm, journal, tip, fatal: (error) => fatal.push(error), ...now });
    const answer = createAnswer({ evm, sequencer, chainId });
    const parts: Parts = {
      evm,
      chainId,
      journal,
      sequencer,
      answer,
      fatal,
      ask: async (method, params = []) => JSON.parse(await answer(request(method, params))) as RpcReply,
      async close() {
        await sequencer.close();
        await journal.close();
      },
    };
    open.push(parts);
    return parts;
  }

  it('shows nothing of a block until its fsync is done', async () => {
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const { ask, evm, chainId } = await start({
      datasync: async (handle) => {
        await held;
        await handle.datasync();
      },
    });
    const before = await ask('eth_getBalance', [rich.address, 'latest']);
    const sent = ask('eth_sendRawTransaction', [
      await sign(rich, chainId, 0, { to: null, data: LOGGER_CODE, value: 0n }),
    ]);
    let answered = false;
    void sent.then(() => {
      answered = true;
    });
    await until('EDR has mined', async () => JSON.parse(await evm.request('eth_blockNumber', [])).result === '0x1');
    const block = JSON.parse(await evm.request('eth_getBlockByNumber', ['0x1', false])).result;
    const hash = block.transactions[0];

    expect((await ask('eth_blockNumber')).result).to.equal('0x0');
    expect((await ask('eth_getTransactionReceipt', [hash])).result).to.equal(null);
    expect((await ask('eth_getTransactionByHash', [hash])).result).to.equal(null);
    expect((await ask('eth_getBlockByNumber', ['0x1', true])).result).to.equal(null);
    expect((await ask('eth_getBlockByHash', [block.hash, true])).result).to.equal(null);
    expect((await ask('eth_getLogs', [{ blockHash: block.hash }])).result).to.deep.equal([]);
    for (const tag of ['latest', 'safe', 'finalized', 'pending', undefined]) {
      const at = tag === undefined ? [] : [tag];
      expect((await ask('eth_getTransactionCount', [rich.address, ...at])).result, tag).to.equal('0x0');
      expect((await ask('eth_getBalance', [rich.address, ...at])).result, tag).to.equal(before.result);
      if (tag !== undefined) expect((await ask('eth_getBlockByNumber', [tag, false])).result.number).to.equal('0x0');
    }
    for (const named of ['0x1', { blockNumber: '0x1' }, { blockHash: block.hash }, '0x00000000000000000001', 'later']) {
      for (const [method, params] of [
        ['eth_getBalance', [rich.address, named]],
        ['eth_call', [{ to: rich.address }, named]],
        ['eth_getStorageAt', [rich.address, '0x0', named]],
        ['eth_getProof', [rich.address, [], named]],
        ['eth_feeHistory', ['0x1', named, []]],
      ] as const) {
        expect(await ask(method, [...params]), `${method} ${JSON.stringify(named)}`).to.have.property('error');
      }
    }

    expect(answered).to.equal(false);
    letGo();
    expect((await sent).result).to.equal(hash);
    expect((await ask('eth_blockNumber')).result).to.equal('0x1');
    expect((await ask('eth_getTransactionReceipt', [hash])).result.status).to.equal('0x1');
    expect((await ask('eth_getBalance', [rich.address, { blockHash: block.hash }])).result).to.not.equal(before.result);
  });

  it('answers nobody and reports once when the disk fails', async () => {
    const parts = await start({
      datasync: async () => {
        throw new Error('no space left on device');
      },
    });
    let answered = 0;
    for (const nonce of [0, 1]) {
      const sending = parts.ask('eth_sendRawTransaction', [await sign(rich, parts.chainId, nonce)]);
      void sending.then(() => answered++);
    }
    await until('the failure is reported', () => parts.fatal.length > 0);
    expect(String(parts.fatal)).to.contain('no space left');
    expect((await parts.ask('eth_blockNumber')).result).to.equal('0x0');
    expect(answered).to.equal(0);
  });

  it('replays to the same blocks, receipts and logs after a seeded mix of good, reverted and refused work', async () => {
    let clock = 1_900_000_000;
    const first = await start({ now: () => clock });
    const random = seeded(20_261);
    const created = await first.ask('eth_sendRawTransaction', [
      await sign(rich, first.chainId, 0, { to: null, data: LOGGER_CODE }),
    ]);
    const receipt = (await first.ask('eth_getTransactionReceipt', [created.result])).result;
    const logger = receipt.contractAddress as string;
    let nonce = 1;
    for (let step = 0; step < 250; step++) {
      const send = async (at: number, extra = {}): Promise<RpcReply> =>
        first.ask('eth_sendRawTransaction', [await sign(rich, first.chainId, at, extra)]);
      const kind = random(9);
      if (kind <= 2)
        expect((await send(nonce++, { to: logger, data: `0x${'ab'.repeat(1 + random(900))}` })).error).to.equal(
          undefined,
        );
      else if (kind === 3) expect((await send(nonce++, { to: null, data: REVERTING_CODE })).error).to.equal(undefined);
      else if (kind === 4) expect((await send(nonce + 1 + random(5))).error?.message).to.match(/^nonce too high/);
      else if (kind === 5)
        expect((await send(nonce, { value: 10n ** 30n })).error?.message).to.match(/^insufficient funds/);
      else if (kind === 6) await first.ask('eth_call', [{ to: null, data: REVERTING_CODE }, 'pending']);
      else if (kind === 7) await first.ask('eth_estimateGas', [{ from: rich.address, to: logger, data: '0x01' }]);
      // Backwards too: a machine's clock is not to be trusted.
      else clock += random(40) - 10;
    }
    const before = await everything(first, logger);
    await first.close();
    open.length = 0;
    const second = await start();
    expect(await everything(second, logger)).to.deep.equal(before);
    expect(before.blocks.length).to.be.greaterThan(80);
    expect(before.receipts.filter(({ status }) => status === '0x0').length).to.be.greaterThan(5);
    const stamps = before.blocks.map(({ timestamp }) => Number(timestamp));
    expect(stamps).to.deep.equal(stamps.toSorted((a, b) => a - b));
    // And it goes on from there.
    const next = await second.ask('eth_sendRawTransaction', [await sign(rich, second.chainId, nonce)]);
    expect(next.error).to.equal(undefined);
  });

  interface Everything {
    blocks: { timestamp: string; transactions: { hash: string }[] }[];
    receipts: { status: string }[];
    logs: unknown;
  }

  async function everything({ ask }: Parts, logger: string): Promise<Everything> {
    const blocks: Everything['blocks'] = [];
    const receipts: Everything['receipts'] = [];
    const height = Number((await ask('eth_blockNumber')).result);
    for (let number = 0; number <= height; number++) {
      const block = (await ask('eth_getBlockByNumber', [`0x${number.toString(16)}`, true])).result;
      blocks.push(block);
      for (const { hash } of block.transactions) receipts.push((await ask('eth_getTransactionReceipt', [hash])).result);
    }
    return { blocks, receipts, logs: (await ask('eth_getLogs', [{ fromBlock: '0x0', address: logger }])).result };
  }

  it('gives a reverted transaction a block, a receipt that says so and a journal line', async () => {
    const { ask, chainId } = await start();
    const raw = await sign(rich, chainId, 0, { to: null, data: REVERTING_CODE });
    const { result: hash } = await ask('eth_sendRawTransaction', [raw]);
    expect((await ask('eth_getTransactionReceipt', [hash])).result).to.include({ status: '0x0', blockNumber: '0x1' });
    expect(readFileSync(file, 'utf8')).to.contain(raw);
  });

  it('mines nothing for a refused transaction, and says why in the words of other nodes', async () => {
    const { ask, chainId } = await start();
    const refused = async (raw: string): Promise<string> => {
      const { error } = await ask('eth_sendRawTransaction', [raw]);
      expect((await ask('eth_blockNumber')).result).to.equal('0x1');
      return error?.message ?? 'accepted';
    };
    const first = await sign(rich, chainId, 0);
    await ask('eth_sendRawTransaction', [first]);
    expect(await refused(first)).to.match(/^nonce too low/);
    expect(await refused(await sign(rich, chainId, 9))).to.match(/^nonce too high/);
    expect(await refused(await sign(wallet('poor'), chainId, 0))).to.match(/^insufficient funds/);
    expect(await refused(await sign(rich, chainId, 1, { maxFeePerGas: 1n }))).to.match(
      /^max fee per gas less than block base fee/,
    );
    expect(await refused(await sign(rich, chainId, 1, { gasLimit: 20_000n }))).to.match(/^intrinsic gas too low/);
    expect(await refused(await sign(rich, chainId, 1, { gasLimit: 16_777_217n }))).to.match(
      /^transaction gas limit too high/,
    );
    expect(await refused(await sign(rich, 1, 1))).to.match(/^invalid chain id/);
    for (const junk of ['0x', '0x123', '0xzz', 'abcd', '0x00', '","x":"']) {
      expect(await refused(junk), junk).to.not.equal('accepted');
    }
    expect((await ask('eth_sendRawTransaction', [42])).error?.code).to.equal(-32602);
  });

  it('takes a transaction of 131,072 bytes and none above', async () => {
    const { ask, chainId } = await start();
    const filled = async (length: number): Promise<string> =>
      sign(rich, chainId, 0, { gasLimit: 10_000_000n, data: `0x${'00'.repeat(length)}` });
    const overhead = ((await filled(131_072 - 200)).length - 2) / 2 - (131_072 - 200);
    const over = await ask('eth_sendRawTransaction', [await filled(131_073 - overhead)]);
    expect(over.error?.message).to.equal('oversized data: transaction size 131073, limit 131072');
    expect((await ask('eth_sendRawTransaction', [await filled(131_072 - overhead)])).error).to.equal(undefined);
  });

  it('answers a reverting call as other nodes do, with the data', async () => {
    const { ask } = await start();
    // Reverts with four bytes, as a custom error does.
    const reply = await ask('eth_call', [{ data: '0x63deadbeef6000526004601cfd' }, 'latest']);
    expect(reply.error).to.deep.equal({ code: 3, message: 'execution reverted', data: '0xdeadbeef' });
  });

  it('has the methods of a public node and none that rewrite the chain', async () => {
    const { ask } = await start();
    for (const method of [
      'evm_mine',
      'evm_revert',
      'hardhat_setBalance',
      'anvil_setCode',
      'eth_sendTransaction',
      'eth_sign',
      'debug_traceTransaction',
      'toString',
    ]) {
      expect((await ask(method)).error?.code, method).to.equal(-32601);
    }
    expect((await ask('eth_syncing')).result).to.equal(false);
    expect((await ask('eth_gasPrice')).result).to.match(/^0x/);
    expect((await ask('eth_maxPriorityFeePerGas')).result).to.match(/^0x/);
    expect((await ask('web3_clientVersion')).result).to.match(/^touchstone\//);
    expect((await ask('eth_getProof', [rich.address, [`0x${'00'.repeat(32)}`], 'latest'])).result).to.have.property(
      'accountProof',
    );
    expect((await ask('eth_feeHistory', ['0x1', 'latest', [50]])).result.oldestBlock).to.equal('0x0');
  });

  it('clamps and empties log ranges at the height', async () => {
    const { ask, chainId } = await start();
    const { result: hash } = await ask('eth_sendRawTransaction', [
      await sign(rich, chainId, 0, { to: null, data: LOGGER_CODE }),
    ]);
    const { contractAddress: to } = (await ask('eth_getTransactionReceipt', [hash])).result;
    await ask('eth_sendRawTransaction', [await sign(rich, chainId, 1, { to, data: '0xcafe' })]);
    const logs = async (filter: object): Promise<{ data: string }[]> => (await ask('eth_getLogs', [filter])).result;
    expect((await logs({ fromBlock: 'earliest', toBlock: '0xffff' })).map(({ data }) => data)).to.deep.equal([
      '0xcafe',
    ]);
    expect(await logs({})).to.have.length(1);
    expect(await logs({ fromBlock: '0x3', toBlock: '0xffff' })).to.deep.equal([]);
    expect(await logs({ fromBlock: '0x0', toBlock: '0x1' })).to.deep.equal([]);
  });

  it('answers batches in order and refuses what is no request', async () => {
    const { answer, chainId } = await start();
    const raws = await Promise.all([0, 1, 2, 3].map((nonce) => sign(rich, chainId, nonce)));
    const body = raws.map((raw, id) => JSON.parse(request('eth_sendRawTransaction', [raw], id)));
    const replies = JSON.parse(await answer(JSON.stringify(body))) as RpcReply[];
    expect(replies.map(({ id }) => id)).to.deep.equal([0, 1, 2, 3]);
    expect(replies.every(({ error }) => error === undefined)).to.equal(true);
    for (const [text, code] of [
      ['{', -32700],
      ['[]', -32600],
      ['null', -32600],
      ['{"id":1}', -32600],
      ['{"id":{},"method":"eth_chainId"}', -32600],
      ['{"id":1,"method":"eth_chainId","params":{}}', -32600],
    ] as const) {
      expect((JSON.parse(await answer(text)) as RpcReply).error?.code, text).to.equal(code);
    }
    expect(JSON.parse(await answer('[1]'))[0].error.code).to.equal(-32600);
  });
});
