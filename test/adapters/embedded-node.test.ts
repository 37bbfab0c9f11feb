// The node as the service meets it: a child process, ended in every way a process can end.

import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type EmbeddedNode, startEmbeddedNode } from '../../src/adapters/embedded-node.ts';
import { isAlive } from '../../src/adapters/process-alive.ts';
import { startChild } from '../support/child.ts';
import { call, post, request, seeded, sign, until, wallet } from '../support/raw-chain.ts';

describe('embedded node, as a process', function () {
  this.timeout(240_000);
  const wallets = ['one', 'two', 'three', 'four'].map(wallet);
  let dataDir: string;
  let journal: string;
  const said: string[] = [];
  const nodes: EmbeddedNode[] = [];

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'touchstone-node-'));
    journal = join(dataDir, 'chain', 'journal.ndjson');
    said.length = 0;
  });
  afterEach(async () => {
    for (const node of nodes.splice(0)) await node.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function start(extra: { port?: number; lockWaitMs?: number } = {}): Promise<EmbeddedNode> {
    const funded = wallets.map(({ address }) => address);
    const node = await startEmbeddedNode({ dataDir, port: 0, funded, log: (line) => said.push(line), ...extra });
    nodes.push(node);
    return node;
  }
  const refusal = (): Promise<string> =>
    start({ lockWaitMs: 100 }).then(
      () => 'started',
      (error: Error) => error.message,
    );

  it('keeps chain id, blocks and port over a restart', async () => {
    const node = await start();
    expect(node.chainId).to.be.within(2 ** 31, 2 ** 45);
    const sent = await call(node.url, 'eth_sendRawTransaction', [await sign(wallets[0]!, node.chainId, 0)]);
    const before = await call(node.url, 'eth_getBlockByNumber', ['latest', true]);
    expect(before.result.transactions[0].hash).to.equal(sent.result);
    const died: string[] = [];
    node.onDeath(() => died.push('died'));
    await node.stop();
    expect(died).to.deep.equal([]);
    const again = await start({ port: Number(new URL(node.url).port) });
    expect(again.chainId).to.equal(node.chainId);
    expect(again.url).to.equal(node.url);
    expect(await call(again.url, 'eth_getBlockByNumber', ['latest', true])).to.deep.equal(before);
  });

  it('takes another port when the preferred one is in use, and says so', async () => {
    const first = await start();
    const port = Number(new URL(first.url).port);
    const other = mkdtempSync(join(tmpdir(), 'touchstone-node-'));
    const second = await startEmbeddedNode({ dataDir: other, port, funded: [], log: (line) => said.push(line) });
    expect(second.url).to.not.equal(first.url);
    expect(second.chainId).to.not.equal(first.chainId);
    await until('it was said', () => said.some((line) => line.includes(`port ${port} is taken`)));
    await second.stop();
    rmSync(other, { recursive: true, force: true });
  });

  it('loses nothing acknowledged when it is killed in a burst, three times over', async () => {
    const random = seeded(99);
    const acknowledged: string[] = [];
    for (let round = 0; round < 3; round++) {
      const node = await start();
      let died = false;
      node.onDeath(() => {
        died = true;
      });
      const killAfter = acknowledged.length + 30 + random(150);
      const lane = async (from: (typeof wallets)[number]): Promise<void> => {
        let nonce = Number((await call(node.url, 'eth_getTransactionCount', [from.address, 'latest'])).result);
        for (;;) {
          const raw = await sign(from, node.chainId, nonce++, { data: `0x${'5a'.repeat(random(3_000))}` });
          const { result, error } = await call(node.url, 'eth_sendRawTransaction', [raw]);
          expect(error).to.equal(undefined);
          acknowledged.push(result as string);
          if (acknowledged.length >= killAfter && isAlive(node.pid)) process.kill(node.pid, 'SIGKILL');
        }
      };
      const ends = await Promise.allSettled(wallets.map(lane));
      // A dropped connection, and nothing else, ended every lane.
      expect(ends.map((end) => end.status === 'rejected' && end.reason.name)).to.deep.equal(
        wallets.map(() => 'TypeError'),
      );
      await until('its death is noticed', () => died);
    }
    const node = await start();
    for (const hash of acknowledged) {
      const { result } = await call(node.url, 'eth_getTransactionReceipt', [hash]);
      expect(result, hash).to.include({ status: '0x1' });
    }
    expect(Number((await call(node.url, 'eth_blockNumber')).result)).to.be.at.least(acknowledged.length);
  });

  it('drops a torn last line and refuses a torn middle', async () => {
    const node = await start();
    for (const nonce of [0, 1])
      await call(node.url, 'eth_sendRawTransaction', [await sign(wallets[0]!, node.chainId, nonce)]);
    await node.stop();
    const whole = readFileSync(journal, 'utf8');
    appendFileSync(journal, '{"n":3,"t":17');
    const again = await start();
    expect((await call(again.url, 'eth_blockNumber')).result).to.equal('0x2');
    expect(said.join()).to.contain('torn last line after block 2');
    await again.stop();
    expect(readFileSync(journal, 'utf8')).to.equal(whole);
    const lines = whole.split('\n');
    writeFileSync(journal, [lines[0], lines[1]!.slice(0, -9), ...lines.slice(2)].join('\n'));
    expect(await refusal()).to.match(/journal\.ndjson: line 2 is damaged .* and is not the last one/);
  });

  it('refuses a journal whose blocks do not replay to their hashes, and names the block', async () => {
    const node = await start();
    await call(node.url, 'eth_sendRawTransaction', [await sign(wallets[0]!, node.chainId, 0)]);
    await node.stop();
    const { crc32 } = await import('node:zlib');
    const reseal = (line: string): string => {
      const body = line.replace(/,"c":"[0-9a-f]{8}"}$/, '');
      return `${body},"c":"${crc32(body).toString(16).padStart(8, '0')}"}`;
    };
    const [header, block] = readFileSync(journal, 'utf8').split('\n');
    const otherHash = block!.replace(/"h":"0x.{8}/, '"h":"0xdeadbeef');
    writeFileSync(journal, `${header}\n${reseal(otherHash)}\n`);
    expect(await refusal()).to.match(/block 1 was 0xdeadbeef.* and replays as 0x/);
    const richer = header!.replace('"wei":"1', '"wei":"2');
    writeFileSync(journal, `${reseal(richer)}\n${block}\n`);
    expect(await refusal()).to.match(/block 0 was/);
  });

  it('is the only one on its folder', async () => {
    const node = await start();
    expect(await refusal()).to.contain(`journal.lock is held by process ${node.pid}`);
  });

  it('ends when its parent is killed, and releases the folder', async () => {
    const parent = await startChild('own-node', dataDir);
    const pid = Number(parent.firstLine);
    expect(isAlive(pid)).to.equal(true);
    await parent.kill();
    await until('the orphan has ended', () => !isAlive(pid));
    await start();
  });

  it('answers only its own machine, and no web page', async () => {
    const { url } = await start();
    const ask = (headers: Record<string, string>, method = 'POST'): Promise<number> =>
      new Promise((resolve, reject) => {
        const sent = httpRequest(url, { method, headers }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        sent.once('error', reject);
        sent.end(method === 'POST' ? request('eth_chainId') : undefined);
      });
    const { port } = new URL(url);
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, 'LOCALHOST']) {
      expect(await ask({ host }), host).to.equal(200);
    }
    for (const host of ['ledger.example', `ledger.example:${port}`, '127.0.0.1.example']) {
      expect(await ask({ host }), host).to.equal(403);
    }
    expect(await ask({ origin: 'https://ledger.example' })).to.equal(403);
    expect(await ask({ origin: 'null' })).to.equal(403);
    expect(await ask({}, 'GET')).to.equal(405);
    expect(await post(url, request('hardhat_reset'))).to.have.nested.property('error.code', -32601);
  });

  it('refuses a body above two MiB and goes on', async () => {
    const { url } = await start();
    const response = await fetch(url, { method: 'POST', body: ' '.repeat(2 * 1024 * 1024 + 1) }).catch(() => undefined);
    expect(response?.status ?? 413).to.equal(413);
    expect((await call(url, 'eth_blockNumber')).result).to.equal('0x0');
  });
});
