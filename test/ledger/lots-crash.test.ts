// Pieces made of lots through a crash at every line between their acceptance and the registration of their batches: what
// was being written is lost, or is kept and nobody was told, or a leader that was replaced goes on as if nothing were.
// Nothing is drawn twice, nothing registered that has not drawn, and the next leader finishes it all.
import { expect } from 'chai';
import type { LotId } from '../../src/core/lot.ts';
import { indexNext } from '../../src/ledger/indexer.ts';
import { relay } from '../../src/ledger/relay.ts';
import type { Database, Ledger } from '../../src/ports.ts';
import { FakeChain } from '../support/fake-chain.ts';
import { addressOf, admission, admitOn, type Databases, indexAll, startDatabases } from '../support/ledger-parts.ts';
import {
  acceptFrom,
  cleared,
  declaration,
  drawnFor,
  expectBalance,
  expectDrawnOnce,
  expectSameAnew,
  forgetSending,
  happened,
  round,
  TAKEN,
  work,
} from '../support/lots-parts.ts';

const ROUNDS = 4;
const maker = addressOf('atelier-lune');
const WRITE = /^\s*(INSERT|UPDATE|DELETE|WITH)/;
const ASKED = ['head', 'blocks', 'finalBlock', 'events', 'receipts', 'nonceOf', 'fees', 'refusal', 'lotOf'] as const;

const ON_DRAWS = new Set<string>(['lotOf', 'refusal', 'nonceOf', 'fees', 'send', 'receipts']);

/** Of the database or, where `asks` names it, of the chain. */
interface Question {
  readonly writes: boolean;
  readonly asks?: string;
}
type Around = <T>(question: Question, call: () => Promise<T>) => Promise<T>;

/** The same ledger, whose every question to the database or the chain goes through the test's hand. */
function through(ledger: Ledger, around: Around): Ledger {
  const { db } = ledger;
  const asked: Database = {
    query: (text, values) => around({ writes: WRITE.test(text) }, () => db.query(text, values)),
    transaction: (work) => around({ writes: true }, () => db.transaction(work)),
    tryLock: (name) => db.tryLock(name),
    close: () => db.close(),
  };
  const chain = Object.create(ledger.chain);
  chain.send = (raw: string[]) => around({ writes: true, asks: 'send' }, () => ledger.chain.send(raw));
  for (const name of ASKED) {
    // biome-ignore lint/suspicious/noExplicitAny: one wrapper for all of a chain's questions
    chain[name] = (...args: any[]) => around({ writes: false, asks: name }, () => (ledger.chain[name] as any)(...args));
  }
  return { ...ledger, db: asked, chain };
}

describe('pieces made of lots, through a crash', function () {
  this.timeout(240_000);
  let databases: Databases;
  let chain: FakeChain;
  let ledger: Ledger;
  let emptied: Ledger;
  let grain: LotId;
  let rest: LotId;

  before(async () => {
    databases = await startDatabases();
    chain = new FakeChain();
    ledger = await databases.ledger(chain);
    emptied = await databases.ledger(chain);
    await admitOn(ledger, chain, 'atelier-lune');
  });
  after(() => databases.stop());
  beforeEach(begin);

  /** Two batches that draw from one lot, one of them from another as well. */
  async function begin(): Promise<void> {
    chain = new FakeChain();
    ledger = await cleared(ledger, chain);
    const [one, two] = [declaration(maker, 1), declaration(maker, 2)];
    [grain, rest] = [one.lotId, two.lotId];
    chain.extend(admission('atelier-lune'), one, two);
    await indexAll(ledger);
    await acceptFrom(ledger, maker, 'Ring', grain, rest);
    await acceptFrom(ledger, maker, 'Cup', grain);
  }

  const isDone = async () => (await happened(chain, 'batch')).length === 2;

  async function rounds(of: Ledger): Promise<void> {
    for (let i = 0; i < ROUNDS && !(await isDone()); i++) await round(of, chain);
  }

  /** The next leader, on the same database and chain, after a time in which the relayer may send again. */
  async function finish(): Promise<void> {
    await forgetSending(ledger);
    await rounds(ledger);
    await indexAll(ledger);
  }

  async function expectSound(): Promise<void> {
    await expectDrawnOnce(ledger, chain);
    await expectBalance(ledger, chain);
    expect(await happened(chain, 'lot-drawn')).to.have.length(3);
    expect((await chain.lotOf(grain))?.remaining).to.equal(10_000 - 2 * TAKEN);
  }

  /** The questions that some work asks, in order. */
  async function questionsOf(some: (of: Ledger) => Promise<void>): Promise<Question[]> {
    const all: Question[] = [];
    const noted = through(ledger, (question, call) => {
      all.push(question);
      return call();
    });
    await some(noted);
    return all;
  }

  /** The same ledger, whose question of this place is answered as `at` says. */
  function meeting(place: number, at: Around): Ledger {
    let count = -1;
    return through(ledger, (question, call) => {
      count += 1;
      return count === place ? at(question, call) : call();
    });
  }

  for (const { what, kept } of [
    { what: 'lost', kept: false },
    { what: 'kept and nobody was told', kept: true },
  ]) {
    it(`are drawn and registered once, whichever write is ${what} as everything dies`, async () => {
      const all = await questionsOf(rounds);
      await expectSound();
      let died = 0;
      for (const [place, question] of all.entries()) {
        if (!question.writes) continue;
        await begin();
        const dying = meeting(place, async (_, call) => {
          if (kept) await call();
          died += 1;
          throw new Error('power cut');
        });
        await rounds(dying).catch(() => {});
        await expectDrawnOnce(ledger, chain, false);
        await finish();
        await expectSound();
      }
      expect(died).to.equal(all.filter(({ writes }) => writes).length);
      expect(died).to.be.greaterThan(12);
      await expectSameAnew(ledger, emptied);
    });
  }

  it('are drawn and registered once, whichever question to the node fails while the rest goes on', async () => {
    const all = await questionsOf(steps);
    const places = [...all.keys()].filter((place) => ON_DRAWS.has(all[place]?.asks ?? ''));
    for (const place of places) {
      await begin();
      let failed = false;
      const failing = meeting(place, () => {
        failed = true;
        return Promise.reject(new Error('connection reset'));
      });
      await steps(failing);
      expect(failed, `question ${place}`).to.equal(true);
      await finish();
      await expectSound();
    }
    expect(places.length).to.be.greaterThan(20);
  });

  /** As the sequencer's loops: what fails is tried again, and stops no other step. */
  async function steps(of: Ledger): Promise<void> {
    for (let i = 0; i < ROUNDS && !(await isDone()); i++) {
      await work(of).catch(() => {});
      chain.mine();
      await indexNext(of).catch(() => {});
      await relay(of).catch(() => {});
    }
  }

  for (const { before, rounded } of [
    { before: 'the draws', rounded: 0 },
    { before: 'the second draw and the first registration', rounded: 1 },
  ]) {
    it(`are drawn and registered once where a leader that was replaced comes to, before ${before}`, async () => {
      const sofar = async () => {
        await begin();
        for (let i = 0; i < rounded; i++) await round(ledger, chain);
      };
      await sofar();
      const all = await questionsOf(work);
      // What it had read before it slept is what it goes on with.
      const places = [...all.keys()].filter((place) => all[place]?.writes || all[place]?.asks);
      let replaced = 0;
      for (const place of places) {
        await sofar();
        const slept = meeting(place, async (_, call) => {
          await rounds(ledger);
          replaced += 1;
          return call();
        });
        // It may well fail: the new leader did the work.
        await work(slept).catch(() => {});
        chain.mine();
        await finish();
        await round(ledger, chain);
        await expectSound();
      }
      expect(replaced).to.equal(places.length);
      expect(replaced).to.be.greaterThan(10);
    });
  }

  it('are not drawn again by a ledger whose database is of before the draws', async () => {
    const [before] = await ledger.db.query<{ value: object }>(`SELECT value FROM settings WHERE name = 'cursor'`);
    await round(ledger, chain);
    const [first] = await happened(chain, 'lot-drawn');
    await ledger.db.query('DELETE FROM transactions');
    await ledger.db.query('DELETE FROM lot_events');
    await ledger.db.query(`UPDATE settings SET value = $1 WHERE name = 'cursor'`, [JSON.stringify(before?.value)]);
    await work(ledger);
    chain.mine();
    expect(await drawnFor(chain, first?.batchId as string), 'while the index has not seen them').to.equal(2 * TAKEN);
    await rounds(ledger);
    await expectSound();
  });
});
