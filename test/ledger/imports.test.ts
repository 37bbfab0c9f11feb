// Imports under a test's hand: what one organisation's file does to the service never holds up another's, a file may
// have so many rows and no more, and what was begun and left gives its room back.
import { expect } from 'chai';
import { importNext, MAX_IMPORT_ROWS } from '../../src/ledger/imports.ts';
import { forgetUnfinished } from '../../src/ledger/upload.ts';
import type { FileRow, Ledger, Rows } from '../../src/ports.ts';
import { FakeChain } from '../support/fake-chain.ts';
import type { Json } from '../support/ledger.ts';
import { admitOn, type Databases, startDatabases } from '../support/ledger-parts.ts';

const HEADER = ['title', 'kind', 'metal_1'];
const GOOD = ['A', 'ring', 'gold'];

describe('an import', function () {
  this.timeout(240_000);
  let databases: Databases;
  let ledger: Ledger;
  let organisations: readonly [string, string];

  before(async () => {
    databases = await startDatabases();
  });
  after(() => databases.stop());
  afterEach(() => databases.closeAll());
  beforeEach(async () => {
    const chain = new FakeChain();
    ledger = await databases.ledger(chain);
    organisations = [await admitOn(ledger, chain, 'atelier-lune'), await admitOn(ledger, chain, 'maison-verre')];
  });

  const begin = async (organisation: string, state = 'running'): Promise<number> => {
    const [row] = await ledger.db.query<{ id: number }>(
      "INSERT INTO imports (organisation, format, state) VALUES ($1, 'csv', $2) RETURNING id",
      [organisation, state],
    );
    await ledger.db.query('INSERT INTO import_chunks VALUES ($1, 0, $2)', [row?.id, Buffer.from(`${row?.id}`)]);
    return row?.id as number;
  };
  const job = async (id: number): Promise<Json> =>
    (await ledger.db.query('SELECT * FROM imports WHERE id = $1', [id]))[0];
  /** Rows by the import they are of, which is what its only chunk says. */
  const reading = (rowsOf: (id: number) => Iterable<FileRow>): Rows => ({
    ...ledger.rows,
    async *read(_format, chunks) {
      for await (const chunk of chunks) yield* rowsOf(Number(Buffer.from(chunk).toString()));
    },
  });

  it('that meets a fault of the service’s own is told of, and the other organisations’ go on', async () => {
    const [poisoned, good] = [await begin(organisations[0]), await begin(organisations[1])];
    const rows = reading((id) => {
      if (id === poisoned) throw new RangeError('Maximum call stack size exceeded');
      return [
        { row: 0, cells: HEADER },
        { row: 1, cells: GOOD },
      ];
    });
    expect(await importNext({ ...ledger, rows }, () => false)).to.equal(true);
    expect(await job(good)).to.include({ state: 'done', accepted: 1 });
    const thrown = await importNext({ ...ledger, rows }, () => false).catch((error: Error) => error);
    expect(thrown).to.be.instanceOf(RangeError);
    expect((await job(poisoned)).state).to.equal('running');
  });

  it(`of more than ${MAX_IMPORT_ROWS} rows ends there: those are taken in, and it says so`, async () => {
    const id = await begin(organisations[0]);
    const rows = reading(() => [
      { row: 0, cells: HEADER },
      { row: MAX_IMPORT_ROWS, cells: GOOD },
      { row: MAX_IMPORT_ROWS + 1, cells: GOOD },
    ]);
    await importNext({ ...ledger, rows }, () => false);
    expect(await job(id)).to.include({ state: 'failed', accepted: 1, rows: MAX_IMPORT_ROWS });
    expect((await job(id)).failure).to.equal(
      'A file may have 1000000 rows at most; split it. The rows up to there were taken in.',
    );
  });

  it('that was begun a day ago and never arrived whole is forgotten, a younger or a running one is not', async () => {
    const [old, young, running] = [
      await begin(organisations[0], 'receiving'),
      await begin(organisations[0], 'receiving'),
      await begin(organisations[0]),
    ];
    const age = 'UPDATE imports SET created_at = now() - $2::interval WHERE id = $1';
    await ledger.db.query(age, [old, '25 hours']);
    await ledger.db.query(age, [young, '23 hours']);
    await ledger.db.query(age, [running, '25 hours']);
    await forgetUnfinished(ledger.db);
    expect([(await job(old)).state, (await job(young)).state, (await job(running)).state]).to.deep.equal([
      'failed',
      'receiving',
      'running',
    ]);
    const chunks = await ledger.db.query<{ id: number }>('SELECT import_id AS id FROM import_chunks ORDER BY 1');
    expect(chunks.map(({ id }) => id)).to.deep.equal([young, running]);
  });
});
