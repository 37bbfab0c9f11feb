// What is known of lots comes from the chain alone: dropped and rebuilt, here and on a database that saw nothing else, it
// is the same to the byte. Rows of a file whose lots can't give what they say are rejected by column, the others taken.
import { rmSync } from 'node:fs';
import { expect } from 'chai';
import { openDatabase } from '../../src/adapters/postgres.ts';
import { codeOfPath, type PieceCode } from '../../src/core/code.ts';
import { startInfrastructure } from '../../src/infrastructure.ts';
import { asOfAt, passportOf } from '../../src/ledger/find.ts';
import { readCursor } from '../../src/ledger/indexer.ts';
import { lotAsItStands, lotsHeldBy } from '../../src/ledger/lot-standings.ts';
import { dropIndex, rebuildIndex } from '../../src/ledger/reindex.ts';
import { migrate } from '../../src/ledger/schema.ts';
import type { Ledger } from '../../src/ports.ts';
import { layFoundation } from '../../src/service.ts';
import { done } from '../support/acts.ts';
import {
  type Admitted,
  anchored,
  type Json,
  startLedger,
  type TestLedger,
  temporaryFolder,
} from '../support/ledger.ts';
import { until } from '../support/raw-chain.ts';

const GRAIN = {
  schema: 'touchstone/lot/1',
  language: 'en',
  title: 'Grain',
  material: { type: 'metal', metal: 'gold' },
  finenessPerMillion: 999_900,
  unit: 'mg',
  quantity: 10_000,
  origin: { country: 'PE' },
  custody: 'mass-balance',
};

describe('an index of lots that is dropped and rebuilt', function () {
  this.timeout(240_000);
  const dataDir = temporaryFolder();
  let ledger: TestLedger;
  let maker: Admitted;
  let shop: Admitted;
  let grain: string;
  let parts: string[];
  let path: string;

  async function texts(from: Ledger): Promise<string[]> {
    const asOf = asOfAt(from.chain, await readCursor(from.db));
    const lots = await Promise.all([grain, ...parts].map((lotId) => lotAsItStands(from.db, asOf, lotId)));
    const passport = await passportOf(from.db, from.chain, codeOfPath(path) as PieceCode);
    const held = await lotsHeldBy(from.db, maker.organisation, { limit: 50, usedUp: true });
    return [...lots, passport, held].map((told) => JSON.stringify(told ?? null));
  }

  const lotsMadeIn = async (transaction: string): Promise<string[]> =>
    (await ledger.sql('SELECT lot_id FROM lots WHERE transaction = $1 ORDER BY log_index', transaction)).map(
      (row: Json) => row.lot_id,
    );

  before(async () => {
    ledger = await startLedger({ DATA_DIR: dataDir });
    maker = await ledger.admit('atelier-lune');
    shop = await ledger.admit('maison-verre');
    const act = async (wish: object): Promise<string> => {
      const receipt = await done(ledger, wish, {}, maker.api);
      expect(receipt.error, JSON.stringify(receipt)).to.equal(null);
      return receipt.transaction;
    };
    [grain = ''] = await lotsMadeIn(await act({ act: 'declare-lot', statement: GRAIN }));
    parts = await lotsMadeIn(await act({ act: 'split-lot', lot: grain, quantities: [1_000, 2_000] }));
    await act({ act: 'transfer-lot', lot: parts[0], to: shop.organisation });
  });
  after(() => rmSync(dataDir, { recursive: true, force: true }));

  it('begins with a file of which those rows are registered that the lots can give', async () => {
    const lines = [
      'title,kind,metal_1,metal_1_fineness,metal_1_mass_g,metal_1_lot',
      `One,ring,gold,750,4,${grain}`,
      `Two,ring,gold,750,4,${parts[0]}`,
      `Three,ring,gold,750,4,${grain}`,
      `Four,ring,gold,750,4,${grain}`,
      'Five,ring,gold,750,4,',
    ];
    const started = await maker.api.raw('/api/v1/imports?format=csv&mode=published', {
      method: 'POST',
      headers: { 'content-type': 'text/csv', 'idempotency-key': 'lots-1' },
      body: lines.join('\n'),
    });
    expect(started.status, started.text).to.equal(202);
    let job: Json;
    await until('the import is done', async () => {
      job = (await maker.api.get(`/api/v1/imports/${started.body.id}`)).body;
      return job.state === 'done' || job.state === 'failed';
    });
    expect(job).to.deep.include({ accepted: 3, rejected: 2 });
    const rejects = await ledger.sql('SELECT row_number AS n, faults FROM import_rejects ORDER BY row_number');
    expect(rejects.map(({ n, faults }: Json) => [n, faults[0].field])).to.deep.equal([
      [2, 'metal_1_lot'],
      [4, 'metal_1_lot'],
    ]);
    expect(rejects[0].faults[0].reason).to.contain('held by maison-verre');
    expect(rejects[1].faults[0].reason).to.contain('has not enough left');
    const { body } = await maker.api.get(`/api/v1/imports/${started.body.id}/pieces`);
    path = body.items[0].path;
    for (const item of body.items) await anchored(ledger.api, item.path);
    const [{ drawn }] = await ledger.sql(
      `SELECT sum(quantity)::integer AS drawn FROM lot_events WHERE kind = 'drawn' AND lot_id = $1`,
      grain,
    );
    // Twice 4 g of 750 from grain of 999.9: 6,000.6 mg of it, rounded up for each batch.
    expect(drawn).to.be.within(6_001, 6_002);
  });

  it('is the same after it, here and on another database', async () => {
    await ledger.stop();
    const { service, config } = ledger;
    const infrastructure = await startInfrastructure(config, service.log, () => {});
    const options = { publicUrl: 'http://x', nudge: () => {} };
    const foundation = await layFoundation(config, infrastructure, service.log, () => {}, options);
    try {
      const told = await texts(foundation.ledger);
      expect(told.every((text) => text !== 'null')).to.equal(true);
      await dropIndex(foundation.ledger);
      expect((await texts(foundation.ledger))[0]).to.equal('null');
      await rebuildIndex(foundation.ledger, () => {});
      expect(await texts(foundation.ledger)).to.deep.equal(told);
      await foundation.ledger.db.query('CREATE DATABASE another');
      const url = infrastructure.databaseUrl().replace(/\/[^/]*$/, '/another');
      const db = openDatabase(() => url, service.log);
      try {
        await migrate(db);
        const another = { ...foundation.ledger, db };
        await rebuildEmpty(another);
        expect(await texts(another)).to.deep.equal(told);
      } finally {
        await db.close();
      }
    } finally {
      await foundation.stop();
      await infrastructure.stop();
    }
  });

  async function rebuildEmpty(another: Ledger): Promise<void> {
    await dropIndex(another);
    await rebuildIndex(another, () => {});
  }
});
