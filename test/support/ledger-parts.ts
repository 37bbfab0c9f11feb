// Owns a ledger put together from a real database and any chain, step by step under a test's hand: nothing runs by
// itself. Every test gets a database of its own on one embedded server.
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { brotli } from '../../src/adapters/compress.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/adapters/embedded-postgres.ts';
import { openKeys } from '../../src/adapters/keys.ts';
import { openDatabase } from '../../src/adapters/postgres.ts';
import { fileRows } from '../../src/adapters/rows.ts';
import { ownCode } from '../../src/core/code.ts';
import { prepare, store } from '../../src/ledger/accept.ts';
import { holdKey, openAccount } from '../../src/ledger/accounts.ts';
import { anchorNext } from '../../src/ledger/anchor.ts';
import { forwardOrders } from '../../src/ledger/certificate-orders.ts';
import { drawNext } from '../../src/ledger/draws.ts';
import { registrantOf } from '../../src/ledger/imports.ts';
import { indexNext, readCursor } from '../../src/ledger/indexer.ts';
import { relay } from '../../src/ledger/relay.ts';
import { migrate } from '../../src/ledger/schema.ts';
import { sealNext } from '../../src/ledger/seal.ts';
import { forwardTransfers } from '../../src/ledger/transfers.ts';
import type { Chain, Ledger } from '../../src/ports.ts';
import { databaseOn, emptyDatabase } from './database.ts';
import type { FakeChain, Happening } from './fake-chain.ts';
import { type Json, statement, temporaryFolder } from './ledger.ts';

const RELAYER = `0x${'a1'.repeat(32)}`;
const MASTER = `0x${'b2'.repeat(32)}`;
const silent = { info: () => {}, warn: () => {}, error: () => {} };

export interface Databases {
  /** A ledger on an empty database and this chain. */
  ledger(chain: Chain): Promise<Ledger>;
  /** Closes what was opened; the databases stay. */
  closeAll(): Promise<void>;
  stop(): Promise<void>;
}

export async function startDatabases(): Promise<Databases> {
  const folder = temporaryFolder();
  let own: EmbeddedPostgres | undefined;
  let made = 0;
  const opened: { close(): Promise<void> }[] = [];
  const closeAll = async () => {
    for (const one of opened.splice(0)) await one.close();
  };
  const empty = async () => {
    const shared = await emptyDatabase();
    if (shared) return shared;
    own ??= await startEmbeddedPostgres({ dataDir: folder, log: () => {} });
    made += 1;
    return databaseOn(own.url, `test_${made}`);
  };
  return {
    async ledger(chain) {
      const database = await empty();
      const db = openDatabase(() => database.url, silent);
      opened.push(db);
      await migrate(db);
      const keys = openKeys(RELAYER, MASTER);
      return {
        db,
        chain,
        keys,
        codec: brotli,
        rows: fileRows,
        log: silent,
        now: Date.now,
        randomBytes,
        nudge: () => {},
      };
    },
    closeAll,
    async stop() {
      await closeAll();
      await own?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The ledger with nothing in it that comes from a chain, on another chain. */
export async function wiped(ledger: Ledger, chain: Chain): Promise<Ledger> {
  await ledger.db.query(
    `TRUNCATE settings, pieces, batches, members, anchors, parts, moves, runs, organisation_events, blocks, certificates,
       certificate_contents, certificate_issues, certificate_revocations, lots, lot_events, piece_returns`,
  );
  return { ...ledger, chain };
}

export function addressOf(name: string): string {
  return `0x${Buffer.from(name).toString('hex').padEnd(40, '0').slice(0, 40)}`;
}

/** An organisation as the chain tells of it. */
export function admission(handle: string): Happening {
  const bytes32 = `0x${Buffer.from(handle).toString('hex').padEnd(64, '0')}`;
  const organisation = addressOf(handle);
  return {
    kind: 'organisation',
    organisation,
    name: 'OrganisationAdmitted',
    data: { organisation, handle: bytes32, roles: 1 },
  };
}

/** Admits an organisation on the fake chain and holds a key for it. */
export async function admitOn(ledger: Ledger, chain: FakeChain, handle: string): Promise<string> {
  const organisation = addressOf(handle);
  chain.extend(admission(handle));
  const { address, sealed } = await ledger.keys.create(organisation);
  await openAccount(ledger.db, { organisation, handle, displayName: handle });
  await holdKey(ledger.db, organisation, address, sealed);
  await indexAll(ledger);
  return organisation;
}

/** Accepts a piece; it waits to be sealed. */
export async function accept(
  ledger: Ledger,
  organisation: string,
  title: string,
  differing: Parameters<typeof statement>[1] = {},
): Promise<Json> {
  const registrant = await registrantOf(ledger.db, organisation);
  const code = ownCode(registrant.account.handle, ledger.randomBytes(10));
  const prepared = prepare(ledger.randomBytes, registrant, statement(title, differing), code);
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.faults));
  const [outcome] = await ledger.db.transaction((sql) => store(sql, organisation, [prepared.candidate], null));
  if (outcome?.kind !== 'accepted') throw new Error(JSON.stringify(outcome));
  return prepared.candidate.code;
}

/** Seals and hands over everything there is, without a block. */
export async function send(ledger: Ledger): Promise<void> {
  while (await sealNext(ledger, { afterMs: 0, maxCount: 8 }));
  await drawNext(ledger, await readCursor(ledger.db));
  await anchorNext(ledger);
  await forwardTransfers(ledger);
  await forwardOrders(ledger, (await readCursor(ledger.db)).number);
  await relay(ledger);
}

export async function indexAll(ledger: Ledger): Promise<void> {
  while (await indexNext(ledger));
}

/** Sends, mines, indexes and notes what was mined. */
export async function settle(ledger: Ledger, chain: FakeChain): Promise<void> {
  await send(ledger);
  chain.mine();
  await indexAll(ledger);
  await relay(ledger);
  await forwardTransfers(ledger);
  await forwardOrders(ledger, (await readCursor(ledger.db)).number);
}

/** Everything that comes from the chain, without the database's own numbers. */
export async function indexOf(ledger: Ledger): Promise<Json> {
  const read = (text: string) => ledger.db.query(text);
  return {
    cursor: await read(`SELECT value FROM settings WHERE name = 'cursor'`),
    anchors: await read(
      `SELECT batch_id, organisation, root, count, mode, payload_hash, parts, block, log_index, time, transaction, key, state
       FROM anchors JOIN batches ON no = batch_no ORDER BY block, log_index`,
    ),
    batches: await read('SELECT batch_id FROM batches ORDER BY batch_id'),
    parts: await read('SELECT batch_id, part, block FROM parts JOIN batches ON no = batch_no ORDER BY batch_id, part'),
    pieces: await read(
      `SELECT batch_id, index, p.organisation, path, holds_path, p.mode, encode(record_hash, 'hex') AS hash, record
       FROM pieces p JOIN members ON piece_id = id JOIN batches ON no = batch_no ORDER BY batch_id, index`,
    ),
    moves: await read('SELECT * FROM moves ORDER BY block, log_index'),
    runs: await read('SELECT * FROM runs ORDER BY block, log_index'),
    certificates: await read(
      `SELECT issue_id, index, id, organisation, kind, subject, content_hash, valid_until, piece_events
       FROM certificates ORDER BY issue_id, index`,
    ),
    issues: await read('SELECT * FROM certificate_issues ORDER BY block, log_index'),
    revocations: await read('SELECT * FROM certificate_revocations ORDER BY block, log_index'),
    lots: await read('SELECT * FROM lots ORDER BY block, log_index'),
    lotEvents: await read('SELECT * FROM lot_events ORDER BY block, log_index'),
    returns: await read('SELECT * FROM piece_returns ORDER BY block, log_index'),
    organisations: await read('SELECT * FROM organisation_events ORDER BY block, log_index'),
  };
}
