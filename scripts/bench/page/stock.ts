// Owns what the page bench's ledger holds: one piece of the sample with everything a passport can say, and many plain
// ones, imported as anybody imports them, anchored by root only. Which of them are asked for is drawn here.
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openDatabase } from '../../../src/adapters/postgres.ts';
import type { Database } from '../../../src/ports.ts';
import { SAMPLE_PIECES } from '../../../src/sample/pieces.ts';
import { DIAMOND_MAPPING } from '../../real/diamonds.ts';
import { Client, type ImportState } from '../client.ts';
import { generatedDiamonds } from '../diamonds.ts';
import type { OwnLedger } from '../ledger.ts';

const MAPPING = encodeURIComponent(JSON.stringify(DIAMOND_MAPPING));
const UPLOAD = `/api/v1/imports?format=csv&mode=root-only&mapping=${MAPPING}`;
const POLL_MS = 250;
const TOLD_EVERY_MS = 10_000;

export class Stock {
  readonly #client: Client;
  readonly #db: Database;
  readonly #asked = new Set<string>();
  #pieces = 0;

  private constructor(ledger: OwnLedger, apiKey: string) {
    this.#client = new Client(() => ledger.url, apiKey);
    this.#db = openDatabase(() => ledger.databaseUrl(), { info() {}, warn() {}, error() {} });
  }

  static async of(ledger: OwnLedger): Promise<Stock> {
    const { apiKey } = await ledger.organisation('bench-pages');
    return new Stock(ledger, apiKey);
  }

  /** Registers the sample's featured piece, published; its path, once it is on the chain. */
  async featured(): Promise<string> {
    const record = SAMPLE_PIECES[0]?.statement;
    const reply = await this.#client.post<{ path: string }>('/api/v1/pieces', 'featured', { record });
    if (reply.status !== 202) throw new Error(`the piece was answered ${reply.status}: ${JSON.stringify(reply.body)}`);
    const { path } = reply.body;
    while ((await this.#client.must<{ state: string }>(`/api/v1/pieces${path}`)).state !== 'final') await wait(POLL_MS);
    this.#pieces += 1;
    return path;
  }

  /** Imports until so many pieces are registered, every one on the chain. */
  async fill(total: number, tell: (line: string) => void): Promise<void> {
    const rows = total - this.#pieces;
    const file = generatedDiamonds(rows);
    const since = performance.now();
    try {
      const sent = await this.#client.sendFile<ImportState>(UPLOAD, `fill-${total}`, file.path);
      if (sent.status !== 202) throw new Error(`the upload was answered ${sent.status}: ${JSON.stringify(sent.body)}`);
      let told = since;
      for (let state = sent.body; state.anchored < rows; ) {
        await wait(POLL_MS);
        state = await this.#client.must<ImportState>(`/api/v1/imports/${sent.body.id}`);
        if (state.state === 'failed' || state.rejected > 0) throw new Error(`the import failed: ${state.failure}`);
        if (performance.now() - told < TOLD_EVERY_MS) continue;
        told = performance.now();
        tell(`${state.accepted} of ${rows} accepted, ${state.anchored} anchored`);
      }
    } finally {
      rmSync(dirname(file.path), { recursive: true });
    }
    this.#pieces = total;
    const [size] = await this.#db.query<{ bytes: number }>('SELECT pg_database_size(current_database()) AS bytes');
    const took = Math.round((performance.now() - since) / 1000);
    tell(`${total} pieces are registered in ${((size?.bytes ?? 0) / 1e6).toFixed(0)} MB; ${rows} took ${took} s`);
    // What autovacuum does by itself within minutes: without it, it would come in the middle of a measurement.
    await this.#db.query('VACUUM (ANALYZE) pieces, members, batches, anchors, unsealed');
  }

  /** Paths from all over the stock that no draw gave before. */
  async draw(count: number): Promise<string[]> {
    const rows = await this.#db.query<{ path: string }>(
      `SELECT path FROM pieces WHERE import_id IS NOT NULL ORDER BY random() LIMIT $1`,
      [count + this.#asked.size],
    );
    const fresh = rows.map(({ path }) => path).filter((path) => !this.#asked.has(path));
    const drawn = fresh.slice(0, count);
    if (drawn.length < count) throw new Error(`only ${drawn.length} of ${count} pieces were left to ask for`);
    for (const path of drawn) this.#asked.add(path);
    return drawn;
  }

  close(): Promise<void> {
    return this.#db.close();
  }
}
