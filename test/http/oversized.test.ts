// Everything that can be too large has a limit of its own and an answer that names what is too large; what is just small
// enough is taken. Addresses and headers are bad-address.test.ts's and protocol.test.ts's.
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { MAX_COLUMNS } from '../../src/core/columns.ts';
import { MAX_UNFINISHED } from '../../src/ledger/upload.ts';
import { type Admitted, freshKey, type Json, startLedger, statement, type TestLedger } from '../support/ledger.ts';
import { until } from '../support/raw-chain.ts';
import { rawConnection } from '../support/raw-http.ts';
import { refusal } from '../support/refusal.ts';

const MAX_ROW = 262_144;
const HEADER = 'title,kind,metal_1';

describe('what is too large', function () {
  this.timeout(240_000);
  let ledger: TestLedger;
  let maker: Admitted;
  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier-lune', ['9506000']);
  });
  after(() => ledger.stop());

  const post = (body: string | Uint8Array, headers: Record<string, string> = {}, query = 'format=csv') =>
    maker.api.raw(`/api/v1/imports?${query}`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv', 'idempotency-key': freshKey(), ...headers },
      body: body as BodyInit,
    });
  const imported = async (body: string, format = 'csv', query = ''): Promise<Json> => {
    const type = format === 'csv' ? 'text/csv' : 'application/x-ndjson';
    const { status, body: begun, text } = await post(body, { 'content-type': type }, `format=${format}${query}`);
    expect(status, text).to.equal(202);
    let job: Json;
    await until('the import has ended', async () => {
      job = (await maker.api.get(`/api/v1/imports/${begun.id}`)).body;
      return job.state === 'done' || job.state === 'failed';
    });
    return job;
  };
  const pieces = (body: string) =>
    maker.api.raw('/api/v1/pieces', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': freshKey() },
      body,
    });

  it('a JSON body: 256 KiB are read, a byte more is not', async () => {
    const text = JSON.stringify({ record: statement('Just large enough') });
    expect((await pieces(text.padEnd(256 * 1024))).status).to.equal(202);
    await refusal(ledger, () => pieces(text.padEnd(256 * 1024 + 1)), 413, 'body-too-large');
  });

  it('JSON in itself: 64 levels are looked at, one more is not', async () => {
    const deep = (levels: number) => `{"record":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
    expect((await pieces(deep(64))).body.errors[0].field).to.equal('record');
    const reply = await refusal(ledger, () => pieces(deep(65)), 400, 'invalid-request');
    expect(reply.body).to.not.have.property('errors');
  });

  it(`the header of a file: ${MAX_COLUMNS} columns are read, one more is not, a hundred thousand neither`, async () => {
    const spare = Array.from({ length: MAX_COLUMNS - 3 }, (_, i) => `x${i}`);
    const columns = Object.fromEntries(spare.slice(0, 1).map((name) => [name, 'story']));
    const mapping = `&mapping=${encodeURIComponent(JSON.stringify({ columns }))}`;
    const just = await imported(`${HEADER},${spare.join(',')}\n`, 'csv', mapping);
    expect(just.failure).to.match(/^The header was not understood; no row was taken in\. x1 is no column/);
    for (const count of [MAX_COLUMNS - 2, 100_000]) {
      const wide = await imported(`${HEADER},${Array.from({ length: count }, (_, i) => `x${i}`).join(',')}\n`);
      // The longest row is said where there are so many that their names don't even fit into one.
      expect(wide.failure).to.match(/the header has \d+ columns where there is room for 2000|Row 0 can not be read/);
      expect(wide.state).to.equal('failed');
    }
  });

  it('what is said about a file: of two thousand unknown columns fifty are named, and how many there are', async () => {
    const job = await imported(`${HEADER},${Array.from({ length: 1_500 }, (_, i) => `metal_x${i}`).join(',')}\n`);
    expect(job.failure).to.match(/; and 1450 more$/);
    expect(job.failure.length).to.be.below(16 * 1024);
    const long = await imported(`${HEADER},${'y'.repeat(200_000)}\n`);
    expect(long.failure.length).to.be.below(2 * 1024);
  });

  it('a cell or a row: 256 KiB are read, more are not; the rows before it were taken in', async () => {
    const row = (length: number) => `${HEADER}\nA,ring,gold\n"${'x'.repeat(length)}",ring,gold\n`;
    const just = await imported(row(MAX_ROW - 100));
    expect(just).to.include({ state: 'done', accepted: 1, rejected: 1 });
    expect(just.problems[0].faults[0].reason).to.match(/^has \d+ characters where there is room for \d+: shorten it$/);
    const over = await imported(row(MAX_ROW + 100));
    expect(over).to.include({ state: 'failed', accepted: 1 });
    expect(over.failure).to.match(/^Row 2 can not be read: .*Rows before it were taken in\.$/);
  });

  it('a line of NDJSON: the same', async () => {
    const good = JSON.stringify(statement('Before'));
    const line = (length: number) => `${good}\n{"title":"${'x'.repeat(length)}"}\n`;
    expect(await imported(line(MAX_ROW - 100), 'ndjson')).to.include({ state: 'done', accepted: 1, rejected: 1 });
    const over = await imported(line(MAX_ROW + 100), 'ndjson');
    expect(over).to.include({ state: 'failed', accepted: 1 });
    expect(over.failure).to.match(/^Line 2 is longer than 262144 characters/);
  });

  it('a line nested in itself a hundred thousand times, anywhere in a record: a bad row, and the next one is taken', async () => {
    const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const objects = `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`;
    const { title: _, ...rest } = statement('x');
    const lines = ['title', 'kind', 'materials', 'links', 'code', 'x'].flatMap((name) =>
      [nested, objects].map((value) => `{"${name}":${value},${JSON.stringify(rest).slice(1)}`),
    );
    const job = await imported(`${[...lines, JSON.stringify(statement('After'))].join('\n')}\n`, 'ndjson');
    expect(job).to.include({ state: 'done', rows: lines.length + 1, rejected: lines.length, accepted: 1 });
  });

  it('an upload that is compressed, however small it is: 415, whatever it would become', async () => {
    const zeros = Buffer.alloc(16 * 1024 * 1024);
    const packed = {
      gzip: gzipSync(zeros),
      deflate: deflateSync(zeros),
      br: brotliCompressSync(zeros),
      'x-gzip': gzipSync(zeros),
    };
    for (const [encoding, bytes] of Object.entries(packed)) {
      await refusal(ledger, () => post(bytes, { 'content-encoding': encoding }), 415, 'unsupported-media-type');
    }
    // Not said to be compressed, it is a file that is no text.
    const reply = await post(packed.gzip, { 'content-type': 'application/octet-stream' });
    await until('it is refused', async () => {
      return (await maker.api.get(`/api/v1/imports/${reply.body.id}`)).body.state === 'failed';
    });
  });

  it(`files begun and not sent to their end: ${MAX_UNFINISHED} at once, then 503 and when to come back; finished, there is room`, async () => {
    const keys = Array.from({ length: MAX_UNFINISHED }, freshKey);
    for (const key of keys) {
      const connection = await rawConnection(ledger.url);
      connection.socket.write(
        `POST /api/v1/imports?format=csv HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${maker.apiKey}\r\nidempotency-key: ${key}\r\ncontent-type: text/csv\r\ncontent-length: 1000\r\n\r\ntitle`,
      );
      await until(
        'it is begun',
        async () => (await ledger.sql('SELECT 1 FROM idempotency WHERE key = $1', key)).length > 0,
      );
      connection.close();
    }
    const body = `${HEADER}\nA,ring,gold\n`;
    const reply = await refusal(ledger, () => post(body), 503, 'overloaded');
    expect(reply.headers.get('retry-after')).to.equal('60');
    expect(reply.body.detail).to.contain('Idempotency-Key');
    expect((await post(body, { 'idempotency-key': keys[0] as string })).status).to.equal(202);
    expect((await post(body)).status).to.equal(202);
  });

  it('bad rows that begin like formulas come back as they were, once the file is mended', async () => {
    const titles = ['=1+1', "'=quoted", '-5 mm; =x', '+', '@home', "l'anneau", 'a;b', '＝'];
    const rows = titles.map((title) => `"${title}",spaceship,gold`);
    const job = await imported(`${HEADER}\n${rows.join('\n')}\n`);
    expect(job.rejected).to.equal(titles.length);
    const { text } = await maker.api.get(`/api/v1/imports/${job.id}/rejected`);
    const mended = await imported(text.replaceAll('spaceship', 'ring'));
    expect(mended, JSON.stringify(mended)).to.include({ state: 'done', rejected: 0, accepted: titles.length });
    const { body } = await maker.api.get(`/api/v1/imports/${mended.id}/pieces`);
    expect(body.items.map((item: Json) => item.title)).to.deep.equal(titles);
  });
});
