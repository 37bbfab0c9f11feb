// Owns registering a file's pieces in published mode as the service does it, without the service: its own import,
// sealing, signing and outbox work on a database that is gone afterwards and on the chain for measuring. Two things are
// not as in a running service, so that every figure is the same each time: codes are drawn from a seed, and the whole
// file is accepted before sealing begins, so that every batch is as full as it may be.
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { id } from 'ethers';
import { brotli } from '../../../src/adapters/compress.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../src/adapters/embedded-postgres.ts';
import { useFastKeccak } from '../../../src/adapters/fast-keccak.ts';
import { openKeys } from '../../../src/adapters/keys.ts';
import { openDatabase } from '../../../src/adapters/postgres.ts';
import { fileRows } from '../../../src/adapters/rows.ts';
import { MAX_PAYLOAD_TEXT_BYTES, PUBLISHED } from '../../../src/core/batch.ts';
import type { ColumnMapping } from '../../../src/core/columns.ts';
import { holdKey, openAccount } from '../../../src/ledger/accounts.ts';
import { anchorNext } from '../../../src/ledger/anchor.ts';
import { createImport, importNext } from '../../../src/ledger/imports.ts';
import { indexNext } from '../../../src/ledger/indexer.ts';
import { relay } from '../../../src/ledger/relay.ts';
import { migrate } from '../../../src/ledger/schema.ts';
import { SEAL_POLICY, sealNext } from '../../../src/ledger/seal.ts';
import { receiveFile } from '../../../src/ledger/upload.ts';
import type { FileFormat, Ledger } from '../../../src/ports.ts';
import { seeded } from '../diamonds.ts';
import type { Sent } from './network.ts';
import { Stage } from './stage.ts';

const RELAYER = id('relayer');
const MASTER = id('master');
const SEED = 7_623;
const NOW_MS = 1_700_000_000_000;
const silent = { info: () => {}, warn: () => {}, error: () => {} };

export interface PublishedFile {
  readonly format: FileFormat;
  readonly bytes: Uint8Array;
  readonly mapping?: ColumnMapping;
}

/** Of one batch: the bytes as posted, codec byte and all, and the text they stand for. */
export interface Payload {
  readonly bytes: Uint8Array;
  readonly text: Uint8Array;
  readonly records: number;
}

export interface Published {
  readonly records: number;
  readonly batches: number;
  /** Registrations and parts, in the order they were mined. */
  readonly transactions: readonly Sent[];
  readonly payloads: readonly Payload[];
}

export async function publish(file: PublishedFile): Promise<Published> {
  await useFastKeccak();
  return withDatabase(async (db) => {
    await migrate(db);
    const keys = openKeys(RELAYER, MASTER);
    const stage = await Stage.open([keys.relayer]);
    return publishOn(stage, ledgerOn(stage, db, keys), file);
  });
}

/** A database of its own, of which nothing is left behind, also when this process is interrupted. */
async function withDatabase<T>(work: (db: Ledger['db']) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'touchstone-gas-'));
  let server: EmbeddedPostgres | undefined;
  const remove = () => rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  const abandon = () => {
    killDatabase(dataDir);
    remove();
  };
  process.once('exit', abandon);
  try {
    server = await startEmbeddedPostgres({ dataDir, log: () => {} });
    const { url } = server;
    const db = openDatabase(() => url, silent);
    try {
      return await work(db);
    } finally {
      await db.close();
    }
  } finally {
    await server?.stop();
    process.off('exit', abandon);
    remove();
  }
}

/** Last resort of a process that is ending: the database outlives it otherwise, also one that is still starting. */
function killDatabase(dataDir: string): void {
  try {
    const [pid = ''] = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
    process.kill(Number(pid), 'SIGKILL');
  } catch {
    // There is none, or none any more.
  }
}

function ledgerOn({ chain, people }: Stage, db: Ledger['db'], keys: Ledger['keys']): Ledger {
  const next = seeded(SEED);
  const { maker } = people;
  return {
    db,
    chain,
    // The organisation's key is a known one: another one would make another signature, and other gas.
    keys: { ...keys, sign: async (_organisation, _address, _sealed, data) => signature(maker, data) },
    codec: brotli,
    rows: fileRows,
    log: silent,
    now: () => NOW_MS,
    randomBytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(next() * 256)),
    nudge: () => {},
  };
}

function signature(key: Stage['people']['maker'], data: Parameters<Ledger['keys']['sign']>[3]): Promise<string> {
  return key.signTypedData(data.domain, data.types, data.message);
}

async function publishOn(stage: Stage, ledger: Ledger, file: PublishedFile): Promise<Published> {
  const handle = 'atelier-lune';
  const organisation = await stage.admit(handle, ['maker', 'custodian'], stage.people.maker);
  await openAccount(ledger.db, { organisation, handle, displayName: handle });
  await holdKey(ledger.db, organisation, stage.people.maker.address.toLowerCase(), new Uint8Array());
  while (await indexNext(ledger));
  const records = await accept(ledger, organisation, file);
  while (await sealNext(ledger, { ...SEAL_POLICY, afterMs: 0 }));
  while (await anchorNext(ledger));
  while (await relay(ledger));
  while (await indexNext(ledger));
  const sent = await ledger.db.query<{ hash: string }>('SELECT hash FROM transactions ORDER BY nonce');
  const transactions: Sent[] = [];
  for (const { hash } of sent) transactions.push(await stage.network.measure(hash));
  const payloads = await payloadsOf(ledger);
  await mustBeThere(ledger, transactions, payloads.length);
  return { records, batches: payloads.length, transactions, payloads };
}

async function accept(ledger: Ledger, organisation: string, file: PublishedFile): Promise<number> {
  const { format, bytes, mapping } = file;
  const request = { format, mode: PUBLISHED, mapping } as const;
  const id = await createImport(ledger.db, organisation, request);
  await receiveFile(ledger, id, oneChunk(bytes), () => createHash('sha256').update(bytes).digest());
  while (await importNext(ledger, () => false));
  const [done] = await ledger.db.query<{ state: string; accepted: number; rejected: number }>(
    'SELECT state, accepted, rejected FROM imports',
  );
  if (done?.state !== 'done' || done.rejected > 0) throw new Error(`the import is not done: ${JSON.stringify(done)}`);
  return done.accepted;
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function payloadsOf({ db }: Ledger): Promise<Payload[]> {
  const rows = await db.query<{ bytes: Buffer; records: number }>(
    `SELECT string_agg(data, ''::bytea ORDER BY part) AS bytes, min(count) AS records
     FROM payloads JOIN batches ON no = batch_no GROUP BY no ORDER BY no`,
  );
  const payloads: Payload[] = [];
  for (const { bytes, records } of rows) {
    payloads.push({ bytes, records, text: await brotli.expand(bytes.subarray(1), MAX_PAYLOAD_TEXT_BYTES) });
  }
  return payloads;
}

/** A figure of something that didn't happen would be a good one. */
async function mustBeThere({ db }: Ledger, transactions: readonly Sent[], batches: number): Promise<void> {
  const [found] = await db.query<{ complete: number }>(
    `SELECT count(*) AS complete FROM anchors WHERE state = 'complete'`,
  );
  const failed = transactions.filter(({ succeeded }) => !succeeded).length;
  if (failed > 0 || batches === 0 || found?.complete !== batches) {
    throw new Error(`${found?.complete} of ${batches} batches are on the chain; ${failed} transactions failed`);
  }
}
