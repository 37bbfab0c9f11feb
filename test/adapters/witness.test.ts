// Owns what is asked of a node about an evidence file: of a real one with the real contracts, and of nodes that keep no
// logs, limit them, lag behind, or answer with what is no answer. No file is called forged because its node is broken.
import { expect } from 'chai';
import type { Rpc, RpcCall, RpcReply } from '../../src/adapters/rpc.ts';
import { askNode, type WitnessOptions } from '../../src/adapters/witness.ts';
import type { Evidence } from '../../src/core/evidence.ts';
import { keccak, toHex } from '../../src/core/hash.ts';
import { judge, type Verdict, type Witness } from '../../src/core/verdict.ts';
import { certify, grading, revoke } from '../support/certificates.ts';
import { registerDirectly, sendDirectly } from '../support/direct.ts';
import {
  type Admitted,
  anchored,
  type Json,
  register,
  startLedger,
  statement,
  type TestLedger,
} from '../support/ledger.ts';
import { brotliPayload, type OwnBatch, ownBatch } from '../support/own-batch.ts';
import { until } from '../support/raw-chain.ts';
import { goldRing } from '../support/records.ts';

const OPTIONS: WitnessOptions = { payload: true, finality: 'tag' };
const GARBAGE: readonly unknown[] = [
  null,
  0,
  -1,
  'x',
  '',
  '0x',
  '0xzz',
  `0x${'f'.repeat(200)}`,
  [],
  [null],
  {},
  true,
  [{}],
];

describe('a node asked about an evidence file', function () {
  this.timeout(240_000);
  let ledger: TestLedger;
  let maker: Admitted;
  let rpc: Rpc;
  let evidence: Evidence;
  let honest: Witness;
  let conflicting: Evidence;
  const bad: Record<'bomb' | 'wrong' | 'incomplete', OwnBatch> = Object.create(null);

  before(async () => {
    ledger = await startLedger();
    rpc = ledger.service.rpc;
    maker = await ledger.admit('atelier-lune', ['9506000']);
    const shop = await ledger.admit('maison-verre', [], ['reseller']);
    const lab = await ledger.admit('gem-lab', [], ['certifier']);
    const code = { gtin: '09506000134352', serial: 'W-1' };
    const path = await register(maker.api, statement('Watched', { code } as object), 'published');
    await anchored(ledger.api, path);
    await move(maker, path, shop.organisation);
    await move(shop, path, `0x${'5a'.repeat(20)}`);
    await certify(lab.api, grading({ kind: 'piece', path }));
    await revoke(lab.api, (await certify(lab.api, grading({ kind: 'record', path }))).id, 'replaced');
    const twice = await anchored(ledger.api, await register(maker.api, statement('Given twice'), 'published'));
    await registerDirectly(ledger, maker.organisation, ownBatch(maker.organisation, [record('Again', twice.code)]));
    for (const [name, batch] of Object.entries(wrongBatches())) bad[name as keyof typeof bad] = batch;
    await registerDirectly(ledger, maker.organisation, bad.bomb);
    await registerDirectly(ledger, maker.organisation, bad.wrong);
    await registerDirectly(ledger, maker.organisation, bad.incomplete, []);
    evidence = await fileOf(path);
    conflicting = await fileOf(twice.path);
    honest = (await askNode(rpc, evidence, OPTIONS)) as Witness;
  });
  after(() => ledger.stop());

  const record = (title: string, code: Json) => ({ ...goldRing(), title, code });

  function wrongBatches(): Record<keyof typeof bad, OwnBatch> {
    const one = (title: string, payload?: Uint8Array) =>
      ownBatch(maker.organisation, [record(title, { handle: maker.handle, code: '0123456789ABCDEF8' })], {
        ...(payload ? { payload } : {}),
      });
    return {
      bomb: one('Bomb', brotliPayload(Buffer.alloc(100 * 1024 * 1024))),
      wrong: one('Wrong', brotliPayload(Buffer.from('{"record":{}}\n'))),
      incomplete: one('Incomplete'),
    };
  }

  async function move(by: Admitted, path: string, to: string): Promise<void> {
    const sent = await by.api.post('/api/v1/transfers', { path, to });
    expect(sent.status, sent.text).to.equal(202);
    await until('the transfer is done', async () => {
      const { body } = await by.api.get(`/api/v1/transfers/${sent.body.id}`);
      return body.state === 'final';
    });
  }

  async function fileOf(path: string): Promise<Evidence> {
    const reply = await ledger.api.get(`/api/v1/pieces${path}/evidence`);
    expect(reply.status, reply.text).to.equal(200);
    return reply.body;
  }

  const registryOf = ({ chain }: Evidence) => ({ chainId: chain.chainId, address: chain.pieces });
  const verdictOn = (file: Evidence, witness: Witness | undefined): Verdict =>
    judge(file, { registry: registryOf(file), ...(witness ? { witness } : {}) });
  const failed = ({ checks }: Verdict) => checks.filter(({ result }) => result === 'fail');
  const resultOf = ({ checks }: Verdict, name: string) => checks.find((check) => check.name === name)?.result;

  /** The same node, with replies changed on their way. */
  function through(change: (call: RpcCall, reply: RpcReply) => RpcReply): Rpc {
    const batch = async (calls: readonly RpcCall[]) =>
      (await rpc.batch(calls)).map((reply, i) => change(calls[i] as RpcCall, reply));
    return { ...rpc, batch };
  }
  const refusing = (method: string, message: string) =>
    through((call, reply) => (call.method === method ? { error: { code: -32_000, message } } : reply));

  describe('that is honest', () => {
    it('says everything, and the file is genuine', () => {
      expect(honest.chainId).to.equal(evidence.chain.chainId);
      expect(honest.asOf).to.deep.include({ hash: evidence.asOf.blockHash, time: evidence.asOf.time });
      const { organisations, certificates, lots, lifeEvents } = evidence.chain;
      expect(honest.registry).to.deep.equal({ organisations, certificates, lots, lifeEvents });
      const nothingSaid = { flags: 0, batchEvents: 0 };
      expect(honest.batch).to.deep.equal({ holder: maker.organisation, count: 1, events: 0, ...nothingSaid });
      const untouched = { day: 0, state: 0, recoverable: false, recovering: false };
      expect(honest.piece).to.deep.equal({ owner: evidence.owner, moves: 2, events: 0, ...untouched });
      expect(honest.certificates.map(({ revoked }) => revoked)).to.deep.equal([false, true]);
      expect(honest.payload).to.equal('complete');
      const kinds = new Set(honest.events?.map(({ kind }) => kind));
      expect([...kinds].sort()).to.deep.equal(['batch', 'certificate', 'move', 'organisation', 'revocation']);
      const verdict = verdictOn(evidence, honest);
      expect(verdict.headline, JSON.stringify(failed(verdict))).to.equal('genuine-record');
      const open = verdict.checks.filter(({ result }) => result !== 'pass').map(({ name }) => name);
      expect(open).to.deep.equal(['single-record', 'report-numbers-confirmed']);
    });

    it('confirms a conflict that the file proves', async () => {
      expect(conflicting.conflicts).to.have.length(1);
      const verdict = verdictOn(conflicting, await askNode(rpc, conflicting, OPTIONS));
      expect(resultOf(verdict, 'single-record'), JSON.stringify(verdict.checks)).to.equal('warn');
      expect(verdict.headline).to.equal('warning');
    });

    it('names certificates about the piece that the file leaves out', async () => {
      const file = { ...evidence, certificates: [] };
      file.organisations = file.organisations.filter(({ handle }) => handle !== 'gem-lab');
      const verdict = verdictOn(file, await askNode(rpc, file, OPTIONS));
      expect(verdict.headline).to.equal('genuine-record');
      expect(verdict.checks.find(({ name }) => name === 'certificates-told')).to.deep.include({
        result: 'warn',
        detail: 'it leaves out 2',
      });
    });

    it('knows nothing of a registry where there is none, or of another contract in its place', async () => {
      for (const address of [`0x${'12'.repeat(20)}`, evidence.chain.certificates, evidence.chain.organisations]) {
        const file = { ...evidence, chain: { ...evidence.chain, pieces: address } };
        const witness = await askNode(rpc, file, OPTIONS);
        expect(witness).to.deep.include({ registry: null, batch: null, piece: null });
        expect(resultOf(verdictOn(file, witness), 'same-chain')).to.equal('fail');
      }
    });

    it('is asked about the token that the batch has, whatever the file says', async () => {
      const file = { ...evidence, tokenId: (2n ** 256n - 1n).toString() };
      expect(await askNode(rpc, file, OPTIONS)).to.deep.equal({ ...honest });
    });
  });

  describe('that keeps less than everything', () => {
    it('has no logs: what only logs can say is unknown', async () => {
      for (const message of ['History has been pruned for this block', 'method not found']) {
        const witness = await askNode(refusing('eth_getLogs', message), evidence, OPTIONS);
        expect(witness).to.deep.include({ events: null, payload: 'not-read', piece: honest.piece });
        const verdict = verdictOn(evidence, witness);
        expect(verdict.headline).to.equal('not-confirmed');
        expect(failed(verdict)).to.deep.equal([]);
      }
    });

    it('gives logs of a few blocks at a time: it is asked as often as it takes, and says the same', async () => {
      let calls = 0;
      const limited = through((call, reply) => {
        if (call.method !== 'eth_getLogs') return reply;
        calls += 1;
        const [{ fromBlock, toBlock }] = call.params as [{ fromBlock: string; toBlock: string }];
        if (Number(toBlock) - Number(fromBlock) < 8) return reply;
        return { error: { code: -32_005, message: 'eth_getLogs is limited to a 8 block range' } };
      });
      expect(await askNode(limited, evidence, OPTIONS)).to.deep.equal(honest);
      expect(calls).to.be.greaterThan(20);
    });

    it('lags behind the file: nobody is accused', async () => {
      const head = honest.head.block;
      for (const behind of [1, 2, 5, 10, head]) {
        const block = `0x${(head - behind).toString(16)}`;
        const older = (params: readonly unknown[]) => params.map((one) => (one === 'latest' ? block : one));
        const lagging: Rpc = {
          ...rpc,
          batch: (calls) => rpc.batch(calls.map((call) => ({ ...call, params: older(call.params) }))),
        };
        const file = { ...evidence, asOf: { ...evidence.asOf, block: head, blockHash: `0x${'ab'.repeat(32)}` } };
        const witness = await askNode(lagging, file, OPTIONS);
        const verdict = verdictOn(file, witness);
        expect(witness?.head.block).to.equal(head - behind);
        expect(verdict.headline).to.equal('not-confirmed');
        expect(failed(verdict), `${behind}`).to.deep.equal([]);
      }
    });

    it('is reorganised while it is asked: what it said is of two chains, and no witness', async () => {
      let asked = 0;
      const torn = through((call, reply) => {
        if (call.params[0] === 'latest' || !('result' in reply)) return reply;
        const isHead = call.method === 'eth_getBlockByNumber' && Number(call.params[0]) === honest.head.block;
        if (!isHead) return reply;
        asked += 1;
        return { result: { ...(reply.result as object), hash: `0x${'cd'.repeat(32)}` } };
      });
      expect(await askNode(torn, evidence, OPTIONS)).to.equal(undefined);
      expect(asked).to.be.greaterThan(0);
    });
  });

  describe('that says what is final', () => {
    const saying = (finalized: RpcReply) =>
      through((call, reply) => (call.params[0] === 'finalized' ? finalized : reply));
    const block = (number: number): RpcReply => ({
      result: { number: `0x${number.toString(16)}`, hash: `0x${'00'.repeat(32)}`, timestamp: '0x1' },
    });

    it('by its tag: as far as it says, nothing where it says nothing, never beyond its head', async () => {
      const cases: [RpcReply, number][] = [
        [block(3), 3],
        [{ result: null }, -1],
        [{ error: { code: -39_001, message: 'Unknown block' } }, -1],
        [block(1_000_000), honest.head.block],
      ];
      for (const [reply, expected] of cases) {
        const witness = (await askNode(saying(reply), evidence, OPTIONS)) as Witness;
        expect(witness.finalBlock).to.equal(expected);
        const final = resultOf(verdictOn(evidence, witness), 'final');
        expect(final).to.equal(expected === honest.head.block ? 'pass' : 'unknown');
      }
    });

    it('by depth, whatever its tag says', async () => {
      const witness = await askNode(saying(block(1)), evidence, { payload: false, finality: { depth: 2 } });
      expect(witness?.finalBlock).to.equal(honest.head.block - 2);
      expect(witness?.payload).to.equal('not-read');
    });
  });

  describe('that has what a batch published', () => {
    const asked = async (batch: OwnBatch, node = rpc) => {
      const file = { ...evidence, batch: { ...evidence.batch, header: { ...batch.header } } };
      return (await askNode(node, file, OPTIONS))?.payload;
    };

    it('tells a payload that expands without end, or is not what was committed to, from one not all there', async () => {
      expect(await asked(bad.bomb)).to.equal('mismatch');
      expect(await asked(bad.wrong)).to.equal('mismatch');
      expect(await asked(bad.incomplete)).to.equal('incomplete');
    });

    it('reads a part once, however often it was posted', async () => {
      const { header, parts } = bad.wrong;
      const { chain } = ledger.service.ledger;
      const hashes = parts.map((part) => toHex(keccak(part)));
      await sendDirectly(ledger, chain.encodePostPart(header, hashes, 0, parts[0] as Uint8Array));
      expect(await asked(bad.wrong)).to.equal('mismatch');
    });

    it('gives no more of it than can be right: what is larger is not expanded', async () => {
      const data = `0x${'20'.padStart(64, '0')}${(40 * 1024 * 1024).toString(16).padStart(64, '0')}${'00'.repeat(40 * 1024 * 1024)}`;
      const swollen: Rpc = {
        ...rpc,
        batch: async (calls) => {
          const replies = await rpc.batch(calls);
          return replies.map((reply, i) => {
            const { method, params } = calls[i] as RpcCall;
            const { topics, address } = (method === 'eth_getLogs' ? params[0] : {}) as Json;
            const isOfParts = address === evidence.chain.pieces && topics.length === 3;
            if (!isOfParts || !('result' in reply)) return reply;
            const logs = reply.result as Json[];
            const part = (n: number) => ({
              ...logs[0],
              logIndex: `0x${n.toString(16)}`,
              topics: [logs[0].topics[0], logs[0].topics[1], `0x${n.toString(16).padStart(64, '0')}`],
              data,
            });
            return { result: [part(0), part(1)] };
          });
        },
      };
      expect(await asked(bad.wrong, swollen)).to.equal('mismatch');
    });
  });

  describe('that answers with what is no answer', () => {
    const METHODS = ['eth_chainId', 'eth_getBlockByNumber', 'eth_call', 'eth_getLogs'];

    for (const method of METHODS) {
      it(`to ${method}: the file is never genuine, and nothing is thrown`, async () => {
        for (const garbage of GARBAGE) {
          const node = through((call, reply) => (call.method === method ? { result: garbage } : reply));
          const witness = await askNode(node, evidence, OPTIONS);
          const harmless = method === 'eth_getLogs' && Array.isArray(garbage) && garbage.length === 0;
          const expected = harmless || method === 'eth_call' ? ['not-genuine', 'not-confirmed'] : ['not-confirmed'];
          expect(verdictOn(evidence, witness).headline, JSON.stringify(garbage)).to.be.oneOf(expected);
        }
      });
    }

    it('or with an error to any one call: nobody is accused', async () => {
      for (let broken = 0; broken < 40; broken++) {
        let at = 0;
        const node = through((_, reply) =>
          at++ === broken ? { error: { code: -32_603, message: 'internal' } } : reply,
        );
        const verdict = verdictOn(evidence, await askNode(node, evidence, OPTIONS));
        expect(failed(verdict), `call ${broken}`).to.deep.equal([]);
      }
    });
  });
});
