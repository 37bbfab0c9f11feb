// One file brought twice at once, by the console or by the API's upload: two callers take turns at the database in every
// order in which each of them is held back once, and each time the file is read once, and whole.
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { keepFile, registerFile, registerMended } from '../../src/ledger/console-files.ts';
import { createImport, type ImportRequest, importNext } from '../../src/ledger/imports.ts';
import { receiveFile } from '../../src/ledger/upload.ts';
import type { Database, Ledger, Rows } from '../../src/ports.ts';
import { FakeChain } from '../support/fake-chain.ts';
import type { Json } from '../support/ledger.ts';
import { admitOn, type Databases, startDatabases } from '../support/ledger-parts.ts';

const HEADER = 'title,kind,metal_1';
const ASKED: ImportRequest = { format: 'csv', mode: null, mapping: undefined };
const MIB = 1024 * 1024;

/** Somebody who stops before his nth use of the database; everything he did before it is committed. */
function heldBefore(ledger: Ledger, nth: number) {
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  let uses = 0;
  const next = async () => {
    uses += 1;
    if (uses !== nth) return;
    stop();
    await released;
  };
  const db: Database = {
    ...ledger.db,
    query: async (text, values) => {
      await next();
      return ledger.db.query(text, values);
    },
    transaction: async (work) => {
      await next();
      return ledger.db.transaction(work);
    },
  };
  return { ledger: { ...ledger, db }, stopped, release, uses: () => uses };
}

/** The first is held before its nth use, then the second before its mth; the first ends before the second goes on. */
async function inTurns<T>(
  ledger: Ledger,
  [n, m]: readonly [number, number],
  act: (ledger: Ledger, who: 0 | 1) => Promise<T>,
) {
  const [one, two] = [heldBefore(ledger, n), heldBefore(ledger, m)];
  const first = Promise.allSettled([act(one.ledger, 0)]);
  await Promise.race([one.stopped, first]);
  const second = Promise.allSettled([act(two.ledger, 1)]);
  await Promise.race([two.stopped, second]);
  one.release();
  const [ended] = await first;
  two.release();
  const [endedToo] = await second;
  return [ended, endedToo] as const;
}

/** Every pair of places to be held at; the last is the end, where nobody is. */
function* everyOrder(uses: number): Generator<readonly [number, number]> {
  for (let n = 1; n <= uses + 1; n++) for (let m = 1; m <= uses + 1; m++) yield [n, m];
}

describe('one file brought twice at once', function () {
  this.timeout(240_000);
  let databases: Databases;
  let ledger: Ledger;
  let organisation: string;

  before(async () => {
    databases = await startDatabases();
    const chain = new FakeChain();
    ledger = await databases.ledger(chain);
    organisation = await admitOn(ledger, chain, 'atelier-lune');
  });
  after(() => databases.stop());

  const read = async (id: number): Promise<Json> => {
    while (await importNext(ledger, () => false));
    return (await ledger.db.query('SELECT * FROM imports WHERE id = $1', [id]))[0];
  };
  const count = async (table: string) => (await ledger.db.query(`SELECT 1 FROM ${table}`)).length;
  const usesOf = async (act: (ledger: Ledger) => Promise<unknown>) => {
    const alone = heldBefore(ledger, 0);
    await act(alone.ledger);
    return alone.uses();
  };
  /** Both are told of the same import, which is read once and whole, and of nothing else. */
  const readOnce = async (act: (ledger: Ledger) => Promise<number>, order: readonly [number, number], rows: object) => {
    const before = await count('imports');
    const ends = await inTurns(ledger, order, act);
    const ids = ends.map((end) => (end.status === 'fulfilled' ? end.value : String(end.reason)));
    expect(ids[0], `${order}`).to.be.a('number');
    expect(ids[1], `${order}`).to.equal(ids[0]);
    expect(await read(ids[0] as number), `${order}`).to.include({ state: 'done', ...rows });
    expect(await count('imports'), `${order}`).to.equal(before + 1);
    expect(await count('console_files'), `${order}`).to.equal(0);
  };

  it('by two sendings of the console’s form is one import, read once', async () => {
    const kept = async () => {
      const data = Buffer.from(`${HEADER}\nA,ring,gold\nB,rings,gold\n`);
      const id = await keepFile(ledger.db, organisation, { name: 'a.csv', format: 'csv', data, rows: 2, notes: [] });
      return (l: Ledger) => registerFile(l, organisation, id, ASKED);
    };
    const uses = await usesOf(await kept());
    for (const order of everyOrder(uses)) await readOnce(await kept(), order, { rows: 2, accepted: 1, rejected: 1 });
  });

  it('by two sendings of the rows put right is one import, read once', async () => {
    const refused = async () => {
      const [{ id: importId } = { id: 0 }] = await ledger.db.query<{ id: number }>(
        `WITH made AS (INSERT INTO imports (organisation, format, state) VALUES ($1, 'csv', 'done') RETURNING id)
         INSERT INTO import_rejects (import_id, row_number, faults, source) SELECT id, 2, '[]', '[]' FROM made
         RETURNING import_id AS id`,
        [organisation],
      );
      const mended = { importId, rows: [2], text: `${HEADER}\nB,ring,gold\n`, asked: ASKED };
      return (l: Ledger) => registerMended(l, organisation, `console ${importId}`, mended);
    };
    const uses = await usesOf(await refused());
    for (const order of everyOrder(uses)) await readOnce(await refused(), order, { rows: 1, accepted: 1, rejected: 0 });
  });

  const begun = () => createImport(ledger.db, organisation, ASKED);
  const upload = (l: Ledger, id: number, file: readonly Buffer[]) => {
    const sum = createHash('sha256');
    const chunks = async function* () {
      for (const chunk of file) {
        sum.update(chunk);
        yield chunk;
      }
    };
    return receiveFile(l, id, chunks(), () => sum.digest());
  };
  /** What has arrived; the import ends there. */
  const stored = async (id: number): Promise<Json> => {
    const chunks = await ledger.db.query<{ data: Buffer }>(
      'SELECT data FROM import_chunks WHERE import_id = $1 ORDER BY seq',
      [id],
    );
    const whole = Buffer.concat(chunks.map(({ data }) => data));
    const [job] = await ledger.db.query<Json>('SELECT state, bytes, sha256 FROM imports WHERE id = $1', [id]);
    await ledger.db.query("UPDATE imports SET state = 'done' WHERE id = $1", [id]);
    await ledger.db.query('DELETE FROM import_chunks WHERE import_id = $1', [id]);
    return { whole, state: job.state, bytes: job.bytes, sum: job.sha256?.toString('hex') };
  };
  const fileOf = (letter: string) => [Buffer.alloc(MIB, letter), Buffer.alloc(10, letter)];
  const sumOf = (file: Buffer) => createHash('sha256').update(file).digest('hex');

  for (const [name, letters] of [
    ['by two uploads under one key', 'xx'],
    ['or another one under the same key', 'xy'],
  ] as const) {
    it(`${name} arrives whole from one of them, and whoever is told so brought it`, async () => {
      const files = [...letters].map(fileOf);
      const alone = await begun();
      const uses = await usesOf((l) => upload(l, alone, fileOf('x')));
      await stored(alone);
      for (const order of everyOrder(uses)) {
        const id = await begun();
        const ends = await inTurns(ledger, order, (l, who) => upload(l, id, files[who] as Buffer[]));
        const { whole, state, bytes, sum } = await stored(id);
        expect([state, bytes, whole.length], `${order}`).to.deep.equal(['running', MIB + 10, MIB + 10]);
        expect(sumOf(whole), `${order}`).to.equal(sum);
        const taken = files.map((file) => sumOf(Buffer.concat(file)) === sum);
        const codes = ends.map((end) => (end.status === 'fulfilled' ? 'taken' : end.reason.code));
        expect(codes, `${order}`).to.include('taken');
        codes.forEach((code, who) => {
          expect(code, `${order}`).to.be.oneOf(
            taken[who] ? ['taken', 'invalid-request'] : ['idempotency-key-reused', 'invalid-request'],
          );
        });
      }
    });
  }

  it('the second time while it is being read loses none of its rows', async () => {
    const id = await begun();
    const file = [Buffer.alloc(MIB, 'x'), Buffer.alloc(MIB, 'x'), Buffer.alloc(10, 'x')];
    await upload(ledger, id, file);
    const rows: Rows = {
      ...ledger.rows,
      async *read(_format, chunks) {
        yield { row: 0, cells: HEADER.split(',') };
        let row = 0;
        for await (const _ of chunks) {
          yield { row: ++row, cells: [`Row ${row}`, 'ring', 'gold'] };
          if (row === 1) await upload(ledger, id, file);
        }
      },
    };
    await importNext({ ...ledger, rows }, () => false);
    expect(await read(id)).to.include({ state: 'done', rows: 3, accepted: 3 });
  });
});
