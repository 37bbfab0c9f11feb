// Everything that comes from the chain, dropped and rebuilt: passports are the same to the byte, here and on a second
// database that saw nothing but the chain. What others put there past the service is read with suspicion.
import { rmSync } from 'node:fs';
import { expect } from 'chai';
import { openDatabase } from '../../src/adapters/postgres.ts';
import { actOn } from '../../src/admission.ts';
import { PUBLISHED } from '../../src/core/batch.ts';
import { codeOfPath, ownCode, type PieceCode } from '../../src/core/code.ts';
import { startInfrastructure } from '../../src/infrastructure.ts';
import { importPieces, passportOf, passportOfToken } from '../../src/ledger/find.ts';
import { dropIndex, rebuildIndex } from '../../src/ledger/reindex.ts';
import { migrate } from '../../src/ledger/schema.ts';
import type { Ledger } from '../../src/ports.ts';
import { layFoundation } from '../../src/service.ts';
import { registerDirectly } from '../support/direct.ts';
import {
  type Admitted,
  anchored,
  freshKey,
  type Json,
  passport,
  register,
  startLedger,
  statement,
  type TestLedger,
  temporaryFolder,
} from '../support/ledger.ts';
import { brotliPayload, type OwnBatch, ownBatch } from '../support/own-batch.ts';
import { until } from '../support/raw-chain.ts';

const GTIN = '09506000134352';
const FOREIGN_GTIN = '04012345678901';

describe('an index that is dropped and rebuilt', function () {
  this.timeout(240_000);
  const dataDir = temporaryFolder();
  let ledger: TestLedger;
  let maker: Admitted;
  let rival: Admitted;
  let late: Admitted;
  const paths: Record<string, string> = {};
  const batches: Record<string, OwnBatch> = {};
  let importId: number;
  let told: Record<string, string>;
  let rows: Json;

  const codeOf = (path: string) => codeOfPath(path) as PieceCode;
  const random = (seed: number) => Uint8Array.from({ length: 10 }, (_, i) => (seed * 31 + i * 7) % 256);

  /** All passports, by name; of tokens, too. */
  async function texts(from: Ledger, names = Object.keys(paths)): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const name of names) {
      found[name] = JSON.stringify((await passportOf(from.db, from.chain, codeOf(paths[name] as string))) ?? null);
    }
    for (const [name, { tokens }] of Object.entries(batches)) {
      found[`token of ${name}`] = JSON.stringify(
        (await passportOfToken(from.db, from.chain, tokens[0] as string)) ?? null,
      );
    }
    return found;
  }

  before(async () => {
    ledger = await startLedger({ DATA_DIR: dataDir });
    maker = await ledger.admit('atelier-lune', ['9506000']);
    rival = await ledger.admit('maison-verre');
    late = await ledger.admit('bijoux-mistral');
    await registerAll();
    await passOn();
    await importThree();
    await goPastTheService();
    await actOn(ledger.service, ledger.config, late.handle, { name: 'suspend', reason: 'test' });
    await until(
      'the suspension is seen',
      async () => (await passport(ledger.api, paths['suspended'] as string)).registrant.suspendedSince,
    );
    const [row] = await ledger.sql<Json>(`SELECT value->'number' AS number FROM settings WHERE name = 'cursor'`);
    await until(
      'the index is at the head',
      async () => (await ledger.service.ledger.chain.head()).number === row.number,
    );
    told = await texts(ledger.service.ledger);
    rows = await importPieces(ledger.service.ledger.db, importId, 0, 100);
  });
  after(async () => {
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function registerAll(): Promise<void> {
    paths['published'] = await register(maker.api, statement('Published'));
    paths['with a GTIN'] = await register(
      maker.api,
      statement('With a GTIN', { code: { gtin: GTIN, serial: 'A-1' } } as object),
    );
    paths['passed on'] = await register(maker.api, statement('Passed on'));
    // Without a report's number: whoever knows this record would count it among that number's uses.
    const materials = statement('').materials.map((one) => ('report' in one ? { ...one, report: undefined } : one));
    paths['root-only'] = await register(maker.api, { ...statement('Root-only'), materials }, 'root-only');
    paths['in conflict'] = await register(maker.api, statement('First of its code'));
    paths['copied by a rival'] = await register(maker.api, statement('Copied'));
    paths['suspended'] = await register(late.api, statement('Late'));
    for (const path of Object.values(paths)) await anchored(ledger.api, path);
  }

  async function passOn(): Promise<void> {
    for (const to of [rival.organisation]) {
      const { body } = await maker.api.post('/api/v1/transfers', { path: paths['passed on'], to });
      await until(
        'it is passed on',
        async () => (await maker.api.get(`/api/v1/transfers/${body.id}`)).body.state === 'final',
      );
    }
  }

  async function importThree(): Promise<void> {
    const headers = { 'content-type': 'text/csv', 'idempotency-key': freshKey() };
    const body = 'title,kind,metal_1\nOne,ring,gold\nTwo,spaceship,gold\nThree,ring,gold\n';
    importId = (await maker.api.raw('/api/v1/imports?format=csv', { method: 'POST', headers, body })).body.id;
    await until(
      'the import is anchored',
      async () => (await maker.api.get(`/api/v1/imports/${importId}`)).body.final === 2,
    );
  }

  async function goPastTheService(): Promise<void> {
    const own = (handle: string, seed: number) => ownCode(handle, random(seed));
    const put = async (name: string, by: Admitted, batch: OwnBatch, parts?: number[]) => {
      batches[name] = batch;
      await registerDirectly(ledger, by.organisation, batch, parts);
    };
    const inConflict = codeOf(paths['in conflict'] as string);
    await put(
      'another record',
      maker,
      ownBatch(maker.organisation, [{ ...statement('Second of its code'), code: inConflict }]),
    );
    const copied = codeOf(paths['copied by a rival'] as string);
    await put('a rival’s copy', rival, ownBatch(rival.organisation, [{ ...statement('Fake'), code: copied }]));
    paths['outside the prefix'] = `/01/${FOREIGN_GTIN}/21/B-2`;
    await put(
      'outside the prefix',
      maker,
      ownBatch(maker.organisation, [{ ...statement('Outside'), code: { gtin: FOREIGN_GTIN, serial: 'B-2' } }]),
    );
    const squatted = own('atelier-lune', 9);
    paths['squatted'] = `/p/${squatted.handle}/${squatted.code}`;
    await put('squatted', rival, ownBatch(rival.organisation, [{ ...statement('Squatted'), code: squatted }]));
    const wrong = { ...statement('Payload of another'), code: own('atelier-lune', 1) };
    paths['invalid'] = `/p/atelier-lune/${wrong.code.code}`;
    await put(
      'invalid',
      maker,
      ownBatch(maker.organisation, [wrong], { payload: brotliPayload(Buffer.from('{"record":{}}\n')) }),
    );
    const bomb = { ...statement('Bomb'), code: own('atelier-lune', 2) };
    paths['bomb'] = `/p/atelier-lune/${bomb.code.code}`;
    await put(
      'bomb',
      maker,
      ownBatch(maker.organisation, [bomb], { payload: brotliPayload(Buffer.alloc(80 * 1024 * 1024, 32)) }),
    );
    const missing = { ...statement('Part missing'), code: own('atelier-lune', 3) };
    paths['incomplete'] = `/p/atelier-lune/${missing.code.code}`;
    await put('incomplete', maker, ownBatch(maker.organisation, [missing]), []);
    await put(
      'root-only elsewhere',
      maker,
      ownBatch(maker.organisation, [{ ...statement('Elsewhere'), code: own('atelier-lune', 4) }], { published: false }),
    );
  }

  it('shows both records of a code that its own organisation anchored twice as in conflict', async () => {
    const first = JSON.parse(told['in conflict'] as string);
    const second = JSON.parse(told['token of another record'] as string);
    expect(first.headline).to.equal('warning');
    expect(first.record.title).to.equal('First of its code');
    expect(first.conflicts).to.deep.equal([{ tokenId: second.tokenId, recordHash: second.recordHash }]);
    expect(second.record.title).to.equal('Second of its code');
    expect(second.conflicts).to.deep.equal([{ tokenId: first.tokenId, recordHash: first.recordHash }]);
  });

  it('lets nobody else spoil a code: the maker’s stays genuine, and the copy warns', async () => {
    expect(JSON.parse(told['copied by a rival'] as string)).to.deep.include({
      headline: 'genuine-record',
      conflicts: [],
    });
    const copy = JSON.parse(told['token of a rival’s copy'] as string);
    expect(copy.headline).to.equal('warning');
    expect(copy.checks).to.deep.include({ name: 'code-belongs-to-registrant', result: 'fail' });
  });

  it('warns of a GTIN outside the organisation’s prefix that was anchored past the service', async () => {
    const outside = JSON.parse(told['outside the prefix'] as string);
    expect(outside.headline).to.equal('warning');
    expect(outside.checks).to.deep.include({ name: 'code-belongs-to-registrant', result: 'fail' });
  });

  it('marks a published batch that isn’t what it says, and shows nothing of it', async () => {
    for (const name of ['invalid', 'bomb', 'incomplete']) {
      expect(told[name], name).to.equal('null');
      expect(told[`token of ${name}`], name).to.equal('null');
      const { body } = await ledger.api.get(`/api/v1/batches/${batches[name]?.id}`);
      expect(body.state, name).to.equal(name === 'incomplete' ? 'incomplete' : 'invalid');
    }
    expect(told['token of root-only elsewhere']).to.equal('null');
  });

  it('leaves a code that a rival sat on to its owner, who registers it and is shown first', async () => {
    const code = codeOf(paths['squatted'] as string);
    expect(JSON.parse(told['squatted'] as string)).to.deep.include({ headline: 'warning' });
    const path = await register(maker.api, { ...statement('The real one'), code });
    expect(path).to.equal(paths['squatted']);
    expect((await passport(ledger.api, path)).record.title).to.equal('The real one');
    const real = await anchored(ledger.api, path);
    expect(real).to.deep.include({ headline: 'genuine-record', conflicts: [] });
    await ledger.stop();
  });

  it('is the same to the byte after it was dropped and rebuilt, and keeps the rows of imports', async () => {
    const { service, config } = ledger;
    const infrastructure = await startInfrastructure(config, service.log, () => {});
    const foundation = await layFoundation(config, infrastructure, service.log, () => {}, {
      publicUrl: 'http://x',
      nudge: () => {},
    });
    try {
      told = await texts(foundation.ledger);
      await dropIndex(foundation.ledger);
      expect(
        await passportOf(foundation.ledger.db, foundation.ledger.chain, codeOf(paths['published'] as string)),
      ).to.equal(undefined);
      await rebuildIndex(foundation.ledger, () => {});
      expect(await texts(foundation.ledger)).to.deep.equal(told);
      expect(await importPieces(foundation.ledger.db, importId, 0, 100)).to.deep.equal(rows);
      expect(rows.items.map((item: Json) => [item.row, item.title])).to.deep.equal([
        [1, 'One'],
        [3, 'Three'],
      ]);
      await dropIndex(foundation.ledger);
      await rebuildIndex(foundation.ledger, () => {});
      expect(await texts(foundation.ledger), 'a second time').to.deep.equal(told);
      await onAnotherDatabase(foundation.ledger, infrastructure.databaseUrl());
    } finally {
      await foundation.stop();
      await infrastructure.stop();
    }
  });

  /** Root-only records are nowhere but where they were registered; everything else comes from the chain. */
  async function onAnotherDatabase(from: Ledger, url: string): Promise<void> {
    await from.db.query('CREATE DATABASE another');
    const db = openDatabase(() => url.replace(/\/[^/]*$/, '/another'), from.log);
    try {
      await migrate(db);
      const another = { ...from, db };
      await rebuildEmpty(another);
      const published = Object.keys(paths).filter((name) => name !== 'root-only');
      const seen = await texts(another, published);
      const { 'root-only': rootOnly, ...expected } = told;
      expect(seen).to.deep.equal(expected);
      expect(rootOnly).to.not.equal('null');
      const modes = await db.query<Json>('SELECT DISTINCT mode FROM pieces');
      expect(modes).to.deep.equal([{ mode: PUBLISHED }]);
    } finally {
      await db.close();
    }
  }

  async function rebuildEmpty(another: Ledger): Promise<void> {
    await dropIndex(another);
    await rebuildIndex(another, () => {});
  }
});
