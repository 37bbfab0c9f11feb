// Ten thousand hostile requests and more, to every route the service describes, over real connections: never a fault of
// its own, never silence, every refusal a problem, nothing stored by one, nothing told that isn't to be told.
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import fc from 'fast-check';
import { createApiKey } from '../../src/ledger/accounts.ts';
import { faultsOfAnswer } from '../support/answers.ts';
import { bytesOf, type HostileRequest, hostileRequests, type Known } from '../support/hostile-requests.ts';
import {
  type Admitted,
  anchored,
  type Json,
  register,
  startLedger,
  statement,
  type TestLedger,
} from '../support/ledger.ts';
import { type RawConnection, type RawOutcome, rawConnection } from '../support/raw-http.ts';

const ROUNDS = Number(process.env['HOSTILE_ROUNDS'] ?? 120);
/** Requests of a round that are refused, at the least: 540 rounds make more than 10,000. */
const REFUSED_A_ROUND = 18.6;
const AT_ONCE = 24;
const SEED = 20_240_607;
/** Of what is still held after all of it, garbage collected. */
const MOST_HELD_BYTES = 64 * 1024 * 1024;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

describe('hostile requests', function () {
  this.timeout(240_000);
  let ledger: TestLedger;
  let maker: Admitted;
  let document: Json;
  let known: Known;
  let secrets: string[];
  const pool: (RawConnection | undefined)[] = [];

  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier-lune', ['9506000']);
    const path = await register(maker.api, statement('First'));
    const { tokenId, batch } = await anchored(ledger.api, path);
    document = (await ledger.api.get('/openapi.json')).body;
    const lackingKey = await createApiKey(ledger.service.ledger, maker.organisation, ['read'], 'test');
    known = {
      host: new URL(ledger.url).host,
      goodKey: maker.apiKey,
      lackingKey,
      record: statement('Hostile'),
      objects: { evidence: [(await ledger.api.get(`/api/v1/pieces${path}/evidence`)).body] },
      values: {
        path: [path.slice(1), 'p/atelier-lune/00000000000000000', '01/09506000134352/21/X'],
        tokenId: [tokenId],
        handle: ['atelier-lune'],
        id: ['1', batch?.id ?? '1', '00000000-0000-4000-8000-000000000000'],
        code: [path],
        to: [`0x${'5'.repeat(40)}`],
        format: ['csv', 'ndjson'],
        deadline: ['4102444800'],
        signature: [`0x${'1b'.repeat(65)}`],
      },
    };
    const keyFiles = [ledger.config.relayerKeyFile, ledger.config.registrarKeyFile, ledger.config.masterKeyFile];
    secrets = [
      maker.apiKey,
      lackingKey,
      ledger.config.dataDir,
      ...keyFiles.map((file) => readFileSync(file, 'utf8').trim()),
      ...keyFiles.map((file) => readFileSync(file, 'utf8').trim().slice(2)),
    ];
  });
  after(async () => {
    for (const connection of pool) connection?.close();
    await ledger.stop();
  });

  /** What stands where an accepted request leaves something, by the name of its route. */
  const stored = async (): Promise<Record<string, number>> => {
    const [row] = await ledger.sql(`SELECT (SELECT count(*) FROM pieces WHERE import_id IS NULL) AS pieces,
      (SELECT count(*) FROM imports) AS imports, (SELECT count(*) FROM transfers) AS transfers`);
    return row;
  };
  const connectionAt = async (place: number): Promise<RawConnection> => {
    const there = pool[place];
    if (there?.open) return there;
    const fresh = await rawConnection(ledger.url);
    pool[place] = fresh;
    return fresh;
  };
  const ask = async (request: HostileRequest, place: number): Promise<RawOutcome> => {
    const bytes = bytesOf(request);
    const head = request.method === 'HEAD';
    const reused = pool[place]?.open;
    const outcome = await (await connectionAt(place)).ask(bytes, { head });
    // A connection that was being closed as the request left: whether it was read can't be told.
    return outcome === 'closed' && reused ? (await connectionAt(place)).ask(bytes, { head }) : outcome;
  };

  it('never meet a fault of the service’s own, and are refused in one form, leaving nothing', async () => {
    const prototype = Object.getOwnPropertyNames(Object.prototype);
    const before = await stored();
    const counts = new Map<number, number>();
    const accepted: Record<string, Set<string>> = { pieces: new Set(), imports: new Set(), transfers: new Set() };
    collect();
    const held = process.memoryUsage().heapUsed;
    const judged = async (request: HostileRequest, place: number): Promise<string[]> => {
      const outcome = await ask(request, place);
      if (typeof outcome === 'string') return [outcome];
      counts.set(outcome.status, (counts.get(outcome.status) ?? 0) + 1);
      if (outcome.status === 202) {
        const kind = /^\/api\/v1\/(\w+)/.exec(request.target)?.[1] ?? '';
        const answer = JSON.parse(outcome.body);
        accepted[kind]?.add(String(answer.path ?? answer.id));
      }
      return faultsOfAnswer(request, outcome, secrets);
    };
    const round = fc.array(hostileRequests(document, known), { minLength: AT_ONCE, maxLength: AT_ONCE });
    await fc.assert(
      fc.asyncProperty(round, async (requests) => {
        const found = await Promise.all(requests.map(judged));
        const wrong = requests.flatMap((request, i) => {
          const shown = { ...request, body: request.body?.toString('latin1').slice(0, 2_000) };
          return found[i]?.length ? [`${found[i]?.join('; ')}\n${JSON.stringify(shown)}`] : [];
        });
        if (wrong.length > 0) throw new Error(wrong.join('\n'));
      }),
      // The service remembers what it was asked before: a smaller round would be another one.
      { seed: SEED, numRuns: ROUNDS, endOnFailure: true, includeErrorInReport: true },
    );
    const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const refused = [...counts].reduce((sum, [status, count]) => sum + (status >= 400 ? count : 0), 0);
    const told = [...counts].sort(([a], [b]) => a - b).map(([status, count]) => `${count} × ${status}`);
    process.stdout.write(`      ${all} hostile requests, ${refused} refused (${told.join(', ')})\n`);
    expect(refused).to.be.at.least(ROUNDS * REFUSED_A_ROUND);
    expect(Object.getOwnPropertyNames(Object.prototype)).to.deep.equal(prototype);
    const after = await stored();
    for (const [kind, ids] of Object.entries(accepted)) {
      expect((after[kind] ?? 0) - (before[kind] ?? 0), kind).to.equal(ids.size);
    }
    collect();
    expect(process.memoryUsage().heapUsed - held).to.be.below(MOST_HELD_BYTES);
  });

  it('and after them the service is well: ready, and registers, shows and lists as before', async () => {
    expect((await ledger.api.get('/readyz')).body).to.deep.equal({
      ready: true,
      parts: { database: 'ok', node: 'ok', index: 'ok' },
    });
    const path = await register(maker.api, statement('Afterwards'));
    expect((await anchored(ledger.api, path)).headline).to.equal('genuine-record');
    const { text } = await ledger.api.get('/metrics');
    expect(text).to.not.match(/touchstone_http_request_seconds_count\{[^}]*status="5/);
  });
});
