// Owns the databases of ledgers that need no server of their own: one embedded PostgreSQL for a test process, an empty
// database on it for each of them. scripts/test.ts names the folder and ends the servers in it; without it there are none,
// and every ledger starts its own.
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/adapters/embedded-postgres.ts';
import { openDatabase } from '../../src/adapters/postgres.ts';

/**
 * Nobody drops it: its server's folder goes as a whole. Dropping waits for a checkpoint, which takes minutes where many
 * tests write, and fails beside a worker of the server that looks after the tables.
 */
export interface EmptyDatabase {
  readonly url: string;
}

const silent = { info: () => {}, warn: () => {}, error: () => {} };
let server: Promise<EmbeddedPostgres> | undefined;
let count = 0;

/** @returns nothing where no servers are shared */
export async function emptyDatabase(): Promise<EmptyDatabase | undefined> {
  const folder = process.env['TEST_SERVERS'];
  if (folder === undefined) return undefined;
  server ??= startEmbeddedPostgres({ dataDir: join(folder, String(process.pid)), log: () => {} });
  const { url } = await server;
  count += 1;
  return databaseOn(url, `test_${count}`);
}

/** Makes an empty database on a server. */
export async function databaseOn(url: string, name: string): Promise<EmptyDatabase> {
  const admin = openDatabase(() => url, silent);
  await admin.query(`CREATE DATABASE ${name}`).finally(() => admin.close());
  return { url: url.replace(/\/[^/]*$/, `/${name}`) };
}
