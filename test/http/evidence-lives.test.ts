// Evidence of pieces to which more happened than changing hands, by transactions to the real contracts past the service:
// what is said of it, and of files that leave something out or tell it otherwise.
import { expect } from 'chai';
import type { Wallet } from 'ethers';
import { contractInterface } from '../../src/adapters/contracts.ts';
import { permittedKey, signAs } from '../../src/ledger/accounts.ts';
import { PERMISSION } from '../../src/ledger/organisations.ts';
import { done, low } from '../support/acts.ts';
import { fund, pieces, sendDirectly } from '../support/direct.ts';
import {
  type Admitted,
  anchored,
  type Json,
  register,
  startLedger,
  statement,
  type TestLedger,
} from '../support/ledger.ts';
import { wallet } from '../support/raw-chain.ts';

const life = contractInterface('LifeEvents');
const FAR = 4_102_444_800;
const ZERO = `0x${'0'.repeat(64)}`;
const REPAIR = `0x${'ab'.repeat(32)}`;

const typesOf = (name: string, fields: string) => ({
  [name]: fields.split(',').map((field) => {
    const [type = '', member = ''] = field.split(' ');
    return { name: member, type };
  }),
});
const BATCH_NOTICE = 'uint224 batchId,uint8 kind,address organisation,string words,uint16 events,uint48 deadline';
const RECORD =
  'uint256 tokenId,uint8 kind,address organisation,bytes32 contentHash,uint24 moves,uint24 events,uint48 deadline';
const RECOVERY =
  'uint256 tokenId,address from,address to,address organisation,address arbiter,string words,uint24 moves,uint24 events,uint48 deadline';

describe('the evidence of a piece that has lived', function () {
  this.timeout(240_000);
  const [ada, bob, card] = [wallet('ada of lives'), wallet('bob of lives'), wallet('card of lives')];
  let ledger: TestLedger;
  let maker: Admitted;
  let bench: Admitted;
  let court: Admitted;

  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier-lune');
    bench = await ledger.admit('bench-sud', [], ['service']);
    court = await ledger.admit('court-ouest', [], ['arbiter']);
    await fund(ledger, ada.address);
  });
  after(() => ledger.stop());

  const fileOf = async (path: string): Promise<Json> => {
    const reply = await ledger.api.get(`/api/v1/pieces${path}/evidence`);
    expect(reply.status, reply.text).to.equal(200);
    return reply.body;
  };
  const verdictOn = async (evidence: Json): Promise<Json> => {
    const reply = await ledger.api.post('/api/v1/verify', { evidence });
    expect(reply.status, reply.text).to.equal(200);
    return reply.body;
  };
  const resultOf = ({ checks }: Json, name: string) => checks.find((one: Json) => one.name === name)?.result;
  const open = ({ checks }: Json) =>
    checks.flatMap(({ name, result }: Json) => (result === 'pass' ? [] : [`${name} ${result}`]));

  const toLife = (name: string, args: readonly unknown[], from?: Wallet) =>
    sendDirectly(ledger, life.encodeFunctionData(name, args), from, ledger.service.ledger.chain.lifeEvents);
  const own = { key: ada.address, deadline: FAR, signature: '0x' };
  const byAda = (name: string, ...args: unknown[]) => toLife(name, [...args, own], ada);

  async function signed(
    by: Admitted,
    permission: number,
    name: string,
    fields: string,
    message: object,
  ): Promise<object> {
    const { chain } = ledger.service.ledger;
    const key = await permittedKey(ledger.service.ledger, by.organisation, permission);
    const domain = {
      name: 'Touchstone Life Events',
      version: '1',
      chainId: chain.chainId,
      verifyingContract: chain.lifeEvents,
    };
    const data = { domain, types: typesOf(name, fields), primaryType: name, message: { ...message, deadline: FAR } };
    return {
      key: key.address,
      deadline: FAR,
      signature: await signAs(ledger.service.ledger, by.organisation, key, data),
    };
  }

  /** A piece that ada claimed by a card set for it, allowing recovery. */
  async function claimed(title: string): Promise<string> {
    const piece = await register(maker.api, statement(title));
    await anchored(ledger.api, piece);
    await done(ledger, { act: 'set-card', piece, claimKey: low(card) }, {}, maker.api);
    await done(ledger, { act: 'release', piece }, {}, maker.api);
    const claim = await done(ledger, { act: 'claim', piece, to: low(ada), recoverable: true }, { card });
    expect(claim, JSON.stringify(claim)).to.include({ state: 'final', error: null });
    return piece;
  }

  const countersOf = ({ tokenId, passes, moves, events }: Json) => ({
    tokenId,
    moves: passes.length + moves.length,
    events: events.length,
  });

  async function repaired(path: string): Promise<void> {
    const file = await fileOf(path);
    const [organisation, kind, contentHash] = [bench.organisation, 11, REPAIR];
    const message = { ...countersOf(file), kind, organisation, contentHash };
    const consent = await signed(bench, PERMISSION.serve, 'Record', RECORD, message);
    await byAda('record', file.tokenId, kind, organisation, contentHash, consent);
  }

  async function recalled(path: string, kind: number, words: string): Promise<void> {
    const { tokenId, batch, batchEvents } = await fileOf(path);
    const { organisation } = maker;
    const batchId = (BigInt(tokenId) >> 32n).toString();
    const message = { batchId, kind, organisation, words, events: batchEvents.length };
    const consent = await signed(maker, PERMISSION.state, 'BatchNotice', BATCH_NOTICE, message);
    await toLife('noticeBatch', [batch.header, kind, organisation, words, consent]);
  }

  async function recoveryBegun(path: string): Promise<void> {
    const file = await fileOf(path);
    const [to, organisation, arbiter, words] = [low(bob), maker.organisation, court.organisation, 'Her key burnt'];
    const message = { ...countersOf(file), from: low(ada), to, organisation, arbiter, words };
    const both = [
      await signed(maker, PERMISSION.state, 'Recovery', RECOVERY, message),
      await signed(court, PERMISSION.arbitrate, 'Recovery', RECOVERY, message),
    ];
    const { header, index } = file.batch;
    await toLife('beginRecovery', [header, index, to, organisation, arbiter, words, ...both]);
  }

  it('tells claim, work and a report withdrawn, is genuine, and not when anything of it is changed', async () => {
    const path = await claimed('Long lived');
    await repaired(path);
    const before = await fileOf(path);
    await byAda('report', before.tokenId, 30);
    const reported = await fileOf(path);
    await byAda('withdrawReport', before.tokenId);
    const file = await fileOf(path);
    expect(file.events.map(({ number, kind }: Json) => [number, kind])).to.deep.equal([
      [1, 'card-set'],
      [2, 'repair'],
      [3, 'reported-stolen'],
      [4, 'report-withdrawn'],
    ]);
    expect(file.moves[0].claim).to.deep.equal({ key: low(card), recoverable: true });
    const { day } = reported.standing;
    expect(file.standing).to.deep.equal({ state: 0, day, recoverable: true, recovering: false, batchFlags: 0 });
    expect(day).to.equal(Math.floor(file.events[2].time / 86_400) + 90);
    const verdict = await verdictOn(file);
    expect([verdict.headline, open(verdict)]).to.deep.equal([
      'genuine-record',
      ['single-record unknown', 'report-numbers-confirmed unknown'],
    ]);
    // Of their time, each file tells all; what came after is told beside it.
    for (const older of [before, reported]) {
      const said = await verdictOn(older);
      expect(said.headline, JSON.stringify(said.checks)).to.equal('genuine-record');
      expect([resultOf(said, 'nothing-since'), resultOf(said, 'not-reported')]).to.deep.equal(['warn', 'pass']);
    }
    const lies: readonly ((told: Json) => void)[] = [
      (told) => {
        told.events.splice(2, 2);
        Object.assign(told, { pieceEvents: 2, standing: { ...told.standing, day: 0 } });
      },
      (told) => Object.assign(told.events[1], { kind: 'appraisal' }),
      (told) => Object.assign(told.events[1], { key: low(bob) }),
      (told) => Object.assign(told.standing, { recoverable: false }),
      (told) => {
        Object.assign(told.moves[0].claim, { recoverable: false });
        told.standing.recoverable = false;
      },
      (told) => Object.assign(told.chain, { lifeEvents: low(bob) }),
      (told) => {
        told.organisations = told.organisations.filter(({ handle }: Json) => handle !== 'bench-sud');
      },
    ];
    for (const [i, lie] of lies.entries()) {
      const told = structuredClone(file);
      lie(told);
      expect((await verdictOn(told)).headline, `lie ${i}`).to.equal('not-genuine');
    }
  });

  it('is a warning while a theft is reported, also by a file that is older', async () => {
    const path = await claimed('Stolen');
    const older = await fileOf(path);
    await byAda('report', older.tokenId, 30);
    for (const file of [await fileOf(path), older]) {
      const verdict = await verdictOn(file);
      expect(verdict.headline, JSON.stringify(verdict.checks)).to.equal('warning');
      expect([resultOf(verdict, 'not-reported'), resultOf(verdict, 'not-blocked')]).to.deep.equal(['warn', 'warn']);
    }
  });

  it('is a warning while its batch is recalled, and not any more when that is lifted', async () => {
    const path = await claimed('Recalled');
    await recalled(path, 40, 'The clasp may open');
    const file = await fileOf(path);
    expect(file.standing.batchFlags).to.equal(4);
    const verdict = await verdictOn(file);
    expect([verdict.headline, resultOf(verdict, 'not-recalled')]).to.deep.equal(['warning', 'warn']);
    const hidden = { ...file, batchEvents: [], standing: { ...file.standing, batchFlags: 0 } };
    expect((await verdictOn(hidden)).headline).to.equal('not-genuine');
    await recalled(path, 41, 'It does not');
    expect((await verdictOn(await fileOf(path))).headline).to.equal('genuine-record');
    expect((await verdictOn(file)).headline, 'the older file').to.equal('genuine-record');
  });

  it('is a warning while a recovery is under way, until its owner signs anything: an approval is told then', async () => {
    const path = await claimed('Recovering');
    await recoveryBegun(path);
    const file = await fileOf(path);
    const verdict = await verdictOn(file);
    expect([verdict.headline, resultOf(verdict, 'no-recovery-under-way')]).to.deep.equal(['warning', 'warn']);
    await sendDirectly(ledger, pieces.encodeFunctionData('approve', [bob.address, file.tokenId]), ada);
    const ended = await fileOf(path);
    expect(ended.approvals.map(({ owner, to }: Json) => [owner, to])).to.deep.equal([[low(ada), low(bob)]]);
    expect((await verdictOn(ended)).headline).to.equal('genuine-record');
    const since = await verdictOn(file);
    expect([since.headline, resultOf(since, 'nothing-since')]).to.deep.equal(['genuine-record', 'warn']);
    expect((await verdictOn({ ...ended, approvals: [] })).headline).to.equal('not-genuine');
  });

  it('is a warning when the piece is no more', async () => {
    const path = await claimed('Melted');
    await byAda('end', (await fileOf(path)).tokenId, 50, ZERO);
    const verdict = await verdictOn(await fileOf(path));
    expect([verdict.headline, resultOf(verdict, 'not-ended')]).to.deep.equal(['warning', 'warn']);
  });
});
