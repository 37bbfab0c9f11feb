// Owns putting the service together: the only file that sees every part. Order of start: lock, processes, contracts,
// tables, ledger, sequencer, HTTP; of stop: the reverse. A crash at any point is met by starting again.
import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { browserCode } from './adapters/browser-code.ts';
import { openChain } from './adapters/chain.ts';
import { brotli } from './adapters/compress.ts';
import { useFastKeccak } from './adapters/fast-keccak.ts';
import { openKeys, secretFile } from './adapters/keys.ts';
import { openDatabase } from './adapters/postgres.ts';
import { openPress } from './adapters/press.ts';
import { randomBytes } from './adapters/random.ts';
import { contractsOf, deploy } from './adapters/registrar.ts';
import { fileRows } from './adapters/rows.ts';
import { openRpc, type Rpc } from './adapters/rpc.ts';
import { createLog } from './adapters/telemetry.ts';
import type { Config } from './config.ts';
import { TouchstoneError } from './core/errors.ts';
import type { Hex32 } from './core/hash.ts';
import { ZERO_ADDRESS } from './core/merkle.ts';
import { createApp } from './http/app.ts';
import { NO_LIMITS, RATES, type Rates, rateLimits } from './http/limits.ts';
import { createMetrics } from './http/metrics.ts';
import { problemOf } from './http/problem.ts';
import { ScanCounter } from './http/scan-counter.ts';
import { httpServer, PATIENCE, type Patience } from './http/server.ts';
import { type Infrastructure, lockDataDir, startInfrastructure } from './infrastructure.ts';
import { checkHeldKeys } from './ledger/accounts.ts';
import { readCursor } from './ledger/indexer.ts';
import { adoptRelayer } from './ledger/relay.ts';
import { migrate } from './ledger/schema.ts';
import { type Sequencer, startSequencer } from './ledger/sequencer.ts';
import type { Chain, Database, Ledger, Log, Press } from './ports.ts';

export interface Service {
  readonly url: string;
  readonly publicUrl: string;
  readonly ledger: Ledger;
  readonly press: Press;
  readonly rpc: Rpc;
  readonly log: Log;
  stop(): Promise<void>;
}

/** Everything but HTTP and background work: what `reindex` and the registrar's commands need as well. */
export interface Foundation {
  readonly ledger: Ledger;
  readonly rpc: Rpc;
  readonly log: Log;
  stop(): Promise<void>;
}

/** What a test may want smaller. */
export interface ServiceLimits {
  readonly patience?: Partial<Patience>;
  readonly rates?: Partial<Rates>;
}

const FEW_BLOCKS = 64; // what an import under way may put between chain and index

export async function startService(
  config: Config,
  say: (text: string) => void,
  limits: ServiceLimits = {},
): Promise<Service> {
  const lock = lockDataDir(config.dataDir);
  const log = createLog(config.logLevel);
  const patience = { ...PATIENCE, ...limits.patience };
  const server = httpServer(patience, config.trusts);
  let infrastructure: Infrastructure | undefined;
  try {
    await useFastKeccak();
    // Before anything else is started: a port that is taken is told at once, and whoever already comes is told to wait.
    const url = await listen(server.on('request', notYet), config.port, config.host);
    infrastructure = await startInfrastructure(config, log, say);
    return await serve(config, infrastructure, log, say, { lock, server, url, patience, rates: limits.rates });
  } catch (error) {
    server.close();
    server.closeAllConnections();
    await infrastructure?.stop();
    lock.release();
    throw error;
  }
}

interface Opened {
  readonly lock: { release(): void };
  readonly server: Server;
  readonly url: string;
  readonly patience: Patience;
  readonly rates: Partial<Rates> | undefined;
}

async function serve(
  config: Config,
  infrastructure: Infrastructure,
  log: Log,
  say: (text: string) => void,
  { lock, server, url, patience, rates }: Opened,
): Promise<Service> {
  const publicUrl = config.publicUrl ?? url;
  let sequencer: Sequencer | undefined;
  const nudge = () => sequencer?.nudge();
  const foundation = await layFoundation(config, infrastructure, log, say, { publicUrl, nudge });
  const { ledger } = foundation;
  await adoptRelayer(ledger);
  sequencer = startSequencer(() => ledger);
  const press = openPress();
  const scans = new ScanCounter(ledger, config);
  const app = createApp({
    context: () => ({ ledger, publicUrl, press, scans }),
    metrics: metricsOf(ledger),
    ready: () => readiness(ledger),
    limits: config.rateLimited ? rateLimits({ ...RATES, ...rates }) : NO_LIMITS,
    trusts: config.trusts,
    jsonMs: patience.jsonMs,
    browserFiles: browserCode,
  });
  server.off('request', notYet).on('request', app);
  writeServiceFile(config, infrastructure, url);
  // Processes that were started again may listen elsewhere.
  infrastructure.onRestart(() => writeServiceFile(config, infrastructure, url));
  return {
    url,
    publicUrl,
    ledger,
    press,
    rpc: foundation.rpc,
    log,
    async stop() {
      await closed(server);
      await sequencer?.stop();
      await scans.flush();
      await foundation.stop();
      await infrastructure.stop();
      rmSync(serviceFileOf(config), { force: true });
      lock.release();
    },
  };
}

/** Connects to database and chain, deploys on an empty embedded chain, and makes the tables. */
export async function layFoundation(
  config: Config,
  infrastructure: Infrastructure,
  log: Log,
  say: (text: string) => void,
  { publicUrl, nudge }: { publicUrl: string; nudge: () => void },
): Promise<Foundation> {
  const rpc = openRpc(infrastructure.rpcUrl);
  const chain = await connectChain(config, infrastructure, rpc, publicUrl, say);
  const db = openDatabase(infrastructure.databaseUrl, log);
  const keys = openKeys(secretFile(config.relayerKeyFile), secretFile(config.masterKeyFile));
  try {
    await migrate(db);
    await bindDatabase(db, chain);
    await checkHeldKeys(db, keys);
  } catch (error) {
    await db.close();
    throw error;
  }
  const ledger: Ledger = {
    db,
    chain,
    keys,
    codec: brotli,
    rows: fileRows,
    log,
    now: Date.now,
    randomBytes,
    nudge,
  };
  return { ledger, rpc, log, stop: () => db.close() };
}

async function connectChain(
  config: Config,
  infrastructure: Infrastructure,
  rpc: Rpc,
  publicUrl: string,
  say: (text: string) => void,
): Promise<Chain> {
  const chainId = Number(await rpc.call<string>('eth_chainId'));
  let pieces = config.registryAddress;
  if (infrastructure.embeddedNode && pieces === undefined) {
    say('looking after the registry contracts');
    const options = { rpc, privateKey: secretFile(config.registrarKeyFile), chainId };
    // On an embedded chain the registrar's first transactions are the deployment, so its addresses are known.
    pieces = (await deploy(options, `${publicUrl}/api/v1/tokens/`, ZERO_ADDRESS, 0)).pieces;
  }
  if (pieces === undefined) {
    throw new TouchstoneError(
      'configuration',
      'REGISTRY_ADDRESS is required with RPC_URL. Deploy one: touchstone deploy.',
    );
  }
  const companions = await contractsOf(rpc, pieces);
  const first = await rpc.call<{ hash: Hex32 }>('eth_getBlockByNumber', '0x0', false);
  return openChain(rpc, {
    chainId,
    genesis: first.hash,
    pieces,
    ...companions,
    finality: config.finality,
    embedded: infrastructure.embeddedNode,
  });
}

/** A database belongs to one registry for good: an index of another one must not be mixed in. */
async function bindDatabase(db: Database, { chainId, pieces }: Chain): Promise<void> {
  const mine = JSON.stringify({ chainId, pieces });
  const [row] = await db.query<{ value: { chainId: number; pieces: string } }>(
    `INSERT INTO settings (name, value) VALUES ('deployment', $1)
     ON CONFLICT (name) DO UPDATE SET name = EXCLUDED.name RETURNING value`,
    [mine],
  );
  if (row?.value.chainId === chainId && row.value.pieces === pieces) return;
  const other = `registry ${row?.value.pieces} on chain ${row?.value.chainId}`;
  throw new TouchstoneError(
    'chain-mismatch',
    `This database belongs to ${other}, not to ${pieces} on chain ${chainId}.`,
  );
}

function listen(server: Server, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken =
        error.code === 'EADDRINUSE'
          ? `Port ${port} is in use. Choose another one: PORT=3001 npm start.`
          : error.message;
      reject(new TouchstoneError('configuration', taken));
    });
    server.listen(port, host, () => resolve(`http://localhost:${(server.address() as AddressInfo).port}`));
  });
}

const notYet: RequestListener = (_request, response) => {
  const retry = { afterSeconds: 2 };
  const problem = problemOf(
    new TouchstoneError('overloaded', 'The service is starting. Try again.', { retry }),
    randomUUID(),
  );
  response.writeHead(problem.status, { 'content-type': 'application/problem+json', 'retry-after': '2' });
  response.end(JSON.stringify(problem));
};

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    // Requests under way get a moment; what is still open then would keep a stopped service alive.
    setTimeout(() => server.closeAllConnections(), 3_000).unref();
  });
}

async function readiness(ledger: Ledger) {
  // What isn't worded for everybody may name a user, a host or a query.
  const worded = (error: unknown) => (error instanceof TouchstoneError ? error.message : 'out of order; see the log');
  const said = (check: Promise<unknown>) => check.then(() => 'ok').catch(worded);
  const [database, node] = await Promise.all([said(ledger.db.query('SELECT 1')), said(ledger.chain.head())]);
  const index = database === 'ok' && node === 'ok' ? await indexState(ledger).catch(() => 'unknown') : 'unknown';
  // Either of them may go away between one question and the next: readiness is told all the same.
  // Without its node the service still takes and shows pieces; without its database it can do nothing.
  return { ready: database === 'ok', parts: { database, node, index } };
}

/** Far behind the chain, or ahead of it: the indexer is catching up, or stands still. */
async function indexState(ledger: Ledger): Promise<string> {
  const [cursor, head] = await Promise.all([readCursor(ledger.db), ledger.chain.head()]);
  const behind = head.number - cursor.number;
  return behind >= 0 && behind <= FEW_BLOCKS ? 'ok' : `at block ${cursor.number}, the chain at ${head.number}`;
}

function metricsOf(ledger: Ledger) {
  const count = async (sql: string) => (await ledger.db.query<{ n: number }>(sql))[0]?.n ?? 0;
  return createMetrics({
    touchstone_pieces_waiting: {
      help: 'Accepted pieces that wait for a batch',
      read: () => count('SELECT count(*) AS n FROM unsealed'),
    },
    touchstone_transactions_open: {
      help: 'Transactions of the relayer that are not mined yet',
      read: () => count('SELECT count(*) AS n FROM transactions WHERE block IS NULL'),
    },
    touchstone_indexed_block: {
      help: 'Last block taken in from the chain',
      read: async () => (await readCursor(ledger.db)).number,
    },
  });
}

function serviceFileOf(config: Config): string {
  return join(config.dataDir, 'service.json');
}

/** Where the command line on this machine finds the running service. Holds the database's password, so 0600. */
function writeServiceFile(config: Config, infrastructure: Infrastructure, url: string): void {
  const text = { pid: process.pid, url, rpcUrl: infrastructure.rpcUrl(), databaseUrl: infrastructure.databaseUrl() };
  // Whole or not at all: a full disk must not leave half of it in place of the old one.
  const file = serviceFileOf(config);
  writeFileSync(`${file}.new`, `${JSON.stringify(text, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
