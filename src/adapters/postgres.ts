// Owns the connection to PostgreSQL: a pool, transactions, locks over all processes. SQL texts live with the use cases;
// no other file but the embedded server's names the vendor.
import pg from 'pg';
import { TouchstoneError } from '../core/errors.ts';
import type { Database, Log, Sql } from '../ports.ts';

pg.types.setTypeParser(pg.types.builtins.INT8, Number);
// Timestamps leave the database as ISO text, never as a Date in some zone.
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) => new Date(text).toISOString());

const POOL_SIZE = 12; // two cores serve about this many at once; more would only queue inside the server
const CONNECT_TIMEOUT_MS = 3_000;
const STATEMENT_TIMEOUT_MS = 60_000;

/** @param url a postgres:// URL, or a function that gives the current one (an embedded server may change its port). */
export function openDatabase(url: () => string, log: Log): Database {
  let pool = newPool(url(), log);
  let poolUrl = url();
  const current = () => {
    if (poolUrl !== url()) {
      const old = pool;
      void old.end().catch(() => {});
      poolUrl = url();
      pool = newPool(poolUrl, log);
    }
    return pool;
  };
  return {
    query: (text, values) => run(current(), text, values),
    transaction: (work) => transaction(current(), work),
    tryLock: (name) => tryLock(url(), name, log),
    close: () => pool.end(),
  };
}

function newPool(url: string, log: Log): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
  });
  // An idle connection that dies is replaced at the next query; without a listener it would end the process.
  pool.on('error', (error) => log.warn({ reason: error.message }, 'a database connection was lost'));
  return pool;
}

async function run<Row>(client: pg.Pool | pg.ClientBase, text: string, values?: readonly unknown[]): Promise<Row[]> {
  try {
    const result = await (client as pg.Pool).query(text, values as unknown[]);
    return result.rows as Row[];
  } catch (error) {
    throw translated(error);
  }
}

async function transaction<T>(pool: pg.Pool, work: (sql: Sql) => Promise<T>): Promise<T> {
  let client: pg.PoolClient;
  try {
    client = await pool.connect();
  } catch (error) {
    throw translated(error);
  }
  let broken = true;
  // Between two of our queries a server that goes away tells the client, not a query: unheard, that ends the process.
  const lost = () => {};
  client.on('error', lost);
  try {
    await run(client, 'BEGIN');
    const result = await work({ query: (text, values) => run(client, text, values) });
    // A crash or lost reply from here on: the server has all of it or nothing, and the caller doesn't know which.
    // Every caller is written so that doing it again is harmless.
    await run(client, 'COMMIT');
    broken = false;
    return result;
  } catch (error) {
    await client.query('ROLLBACK').then(
      () => {
        broken = false;
      },
      () => {},
    );
    throw error;
  } finally {
    client.off('error', lost);
    client.release(broken);
  }
}

async function tryLock(url: string, name: string, log: Log) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, keepAlive: true });
  const lost = new Promise<void>((resolve) => {
    client.on('error', (error) => {
      log.warn({ lock: name, reason: error.message }, 'the connection holding a lock was lost');
      resolve();
    });
    client.on('end', () => resolve());
  });
  try {
    await client.connect();
    const { rows } = await client.query('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked', [name]);
    if (rows[0].locked) return { lost, release: () => client.end() };
  } catch (error) {
    await client.end().catch(() => {});
    throw translated(error);
  }
  await client.end();
  return undefined;
}

/** SQLSTATE classes 08 (connection), 57P (shutdown), 53 (resources), and sockets that fail, are a server away. */
function translated(error: unknown): unknown {
  if (error instanceof TouchstoneError) return error;
  const { code, message } = error as { code?: string; message?: string };
  const away =
    (code !== undefined && /^(08|57P|53|ECONN|ENOENT|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND)/.test(code)) ||
    /Connection terminated|timeout exceeded when trying to connect|not queryable|lost connection to parallel worker/.test(
      message ?? '',
    );
  if (!away) return error;
  return new TouchstoneError(
    'database-unavailable',
    'The database is away for a moment; nothing was lost. Try again.',
    {
      retry: { afterSeconds: 2 },
      cause: error,
    },
  );
}
