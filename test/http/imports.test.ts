// Files as workshops send them: good rows register, bad rows come back with number, field and reason, and whatever is
// sent twice, broken off or malformed registers nothing twice and nothing in half.
import { request as httpRequest } from 'node:http';
import { expect } from 'chai';
import { actOn } from '../../src/admission.ts';
import {
  type Admitted,
  freshKey,
  type Json,
  register,
  startLedger,
  statement,
  type TestLedger,
} from '../support/ledger.ts';
import { until } from '../support/raw-chain.ts';
import { refusal } from '../support/refusal.ts';

const HEADER = 'title,kind,metal_1';

describe('a file of pieces', function () {
  this.timeout(240_000);
  let ledger: TestLedger;
  let maker: Admitted;

  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier-lune', ['9506000']);
  });
  after(() => ledger.stop());

  const post = (
    body: string | Uint8Array,
    { query = 'format=csv', key = freshKey(), by = maker, type = 'text/csv' } = {},
  ) =>
    by.api.raw(`/api/v1/imports?${query}`, {
      method: 'POST',
      headers: { 'content-type': type, 'idempotency-key': key },
      body: body as BodyInit,
    });
  const ended = async (id: number, by = maker): Promise<Json> => {
    let job: Json;
    await until('the import has ended', async () => {
      job = (await by.api.get(`/api/v1/imports/${id}`)).body;
      return job.state === 'done' || job.state === 'failed';
    });
    return job;
  };
  const imported = async (body: string | Uint8Array, options: Parameters<typeof post>[1] = {}): Promise<Json> => {
    const reply = await post(body, options);
    expect(reply.status, reply.text).to.equal(202);
    return ended(reply.body.id, options.by);
  };
  const titles = async (id: number): Promise<[number, string][]> => {
    const { body } = await maker.api.get(`/api/v1/imports/${id}/pieces`);
    return body.items.map((item: Json) => [item.row, item.title]);
  };

  describe('of rows good and bad', () => {
    it('tells each bad row by number, column and reason, and registers the others', async () => {
      const job = await imported(
        `${HEADER},fineness_1,mass_g\nA,ring,gold,750,3.2\nB,spaceship,gold,750,3\nC,ring,gold,1750,-1\nD,ring,gold\n,ring,gold,750,1\nE,ring,gold,750,1\n`.replace(
          'fineness_1',
          'metal_1_fineness',
        ),
      );
      expect(job).to.include({ state: 'done', rows: 6, accepted: 2, rejected: 4 });
      expect(await titles(job.id)).to.deep.equal([
        [1, 'A'],
        [6, 'E'],
      ]);
      const fields = job.problems.map((problem: Json) => [
        problem.row,
        problem.faults.map((fault: Json) => fault.field).sort(),
      ]);
      expect(fields).to.deep.equal([
        [2, ['kind']],
        [3, ['mass_g', 'metal_1_fineness']],
        [4, ['']],
        [5, ['title']],
      ]);
      expect(job.problems[2].faults[0].reason).to.equal(
        'has 3 cells where the header has 5: check quotes and separators',
      );
    });

    it('comes back as a file that registers once it is mended, and only what was mended', async () => {
      const job = await imported(`${HEADER}\nGood,ring,gold\n"Bad, quoted",spaceship,gold\n`);
      const rejected = await maker.api.get(`/api/v1/imports/${job.id}/rejected`);
      expect(rejected.headers.get('content-type')).to.equal('text/csv; charset=utf-8');
      expect(rejected.headers.get('content-disposition')).to.contain('attachment');
      const [header, row] = rejected.text.split('\n');
      expect(header).to.equal(`${HEADER},touchstone_row,touchstone_problem`);
      expect(row).to.match(/^"Bad, quoted",spaceship,gold,2,"?kind /);
      const mended = await imported(rejected.text.replace('spaceship', 'ring'));
      expect(mended).to.deep.include({ state: 'done', accepted: 1, rejected: 0, notes: [] });
      expect(await titles(mended.id)).to.deep.equal([[1, 'Bad, quoted']]);
    });

    it('defuses formulas in the file of bad rows, and takes them back as they were', async () => {
      const evil = ['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', '\tx'];
      const job = await imported(
        `${HEADER}\n${evil.map((title) => `"${title.replaceAll('"', '""')}",spaceship,gold`).join('\n')}\n`,
      );
      expect(job.rejected).to.equal(evil.length);
      const { text } = await maker.api.get(`/api/v1/imports/${job.id}/rejected`);
      for (const line of text.trim().split('\n').slice(1)) expect(line).to.match(/^"?'/);
    });

    it('under one code twice in a file: the same row is known, another is refused', async () => {
      const body = `${HEADER},gtin,serial\nA,ring,gold,09506000134352,S1\nA,ring,gold,09506000134352,S1\nB,ring,gold,09506000134352,S1\n`;
      const job = await imported(body);
      expect(job).to.include({ accepted: 1, repeated: 1, rejected: 1 });
      expect(job.problems[0]).to.deep.include({ row: 3 });
      expect(job.problems[0].faults[0].reason).to.match(/^is taken: you registered another record under it/);
    });

    it('in NDJSON: lines that are no JSON, no object, no record, or hold what no text is', async () => {
      const good = JSON.stringify(statement('Line'));
      const lines = [
        '{"title":',
        '[]',
        '7',
        '{"title":"x"}',
        '{"\\u0000":1}',
        '{"\\ud800":"\\udfff"}',
        '['.repeat(50_000) + ']'.repeat(50_000),
        good.replace('{', '{"__proto__":{},'),
        good,
      ];
      const job = await imported(`${lines.join('\n')}\n`, { query: 'format=ndjson', type: 'application/x-ndjson' });
      expect(job).to.include({ state: 'done', rows: lines.length, accepted: 1, rejected: lines.length - 1 });
      expect(await titles(job.id)).to.deep.equal([[lines.length, 'Line']]);
      const rejected = await maker.api.get(`/api/v1/imports/${job.id}/rejected`);
      expect(rejected.text.split('\n').slice(0, -1)).to.deep.equal(lines.slice(0, -1));
    });
  });

  describe('in many spellings', () => {
    const good: Record<string, string | Buffer> = {
      'with a byte order mark': `\uFEFF${HEADER}\nA,ring,gold\n`,
      'with semicolons': `${HEADER.replaceAll(',', ';')}\nA;ring;gold\n`,
      'with tabs': `${HEADER.replaceAll(',', '\t')}\nA\tring\tgold\n`,
      'with Windows’ line ends': `${HEADER}\r\nA,ring,gold\r\n`,
      'without a last line end': `${HEADER}\nA,ring,gold`,
      'with blank lines': `${HEADER}\n\n\nA,ring,gold\n\n`,
      'with every cell quoted': '"title","kind","metal_1"\n"A","ring","gold"\n',
    };
    for (const [name, body] of Object.entries(good)) {
      it(`${name}: one piece`, async () => {
        const job = await imported(body);
        expect(job, JSON.stringify(job.problems)).to.include({ state: 'done', accepted: 1, rejected: 0 });
        expect(await titles(job.id)).to.deep.equal([[1, 'A']]);
      });
    }

    it('with quoted line feeds, quotes and separators inside a cell', async () => {
      const job = await imported(`${HEADER},story\n"A ""big"", ring",ring,gold,"one\ntwo"\n`);
      expect(job, JSON.stringify(job.problems)).to.include({ accepted: 1 });
      expect(await titles(job.id)).to.deep.equal([[1, 'A "big", ring']]);
    });

    const bad: Record<string, readonly [body: string | Buffer, failure: RegExp]> = {
      'in Windows-1252': [
        Buffer.from(`${HEADER}\nCaf\u00e9,ring,gold\n`, 'latin1'),
        /^The file is not UTF-8 .*Save it as “CSV UTF-8”/,
      ],
      'in UTF-16': [Buffer.from(`\uFEFF${HEADER}\nA,ring,gold\n`, 'utf16le'), /^The file is not UTF-8/],
      'with a zero byte in the header': [`title\0,kind,metal_1\nA,ring,gold\n`, /^The header holds control characters/],
      'with a quote that is never closed': [`${HEADER}\nA,ring,gold\n"B,ring,gold\n`, /^Row 2 can not be read/],
      'with a quote in the middle of a cell': [`${HEADER}\nA "x" b,ring,gold\n`, /^Row 1 can not be read/],
      'with an unknown column': ['titel,kind,metal_1\nA,ring,gold\n', /titel .*title/],
      'with a column twice': ['title,title,kind,metal_1\nA,B,ring,gold\n', /title/],
      'with no column for the kind': ['title,metal_1\nA,gold\n', /kind is missing/],
    };
    for (const [name, [body, failure]] of Object.entries(bad)) {
      it(`${name}: failed, in words`, async () => {
        const job = await imported(body);
        expect(job.state, JSON.stringify(job)).to.equal('failed');
        expect(job.failure).to.match(failure);
      });
    }

    it('with a fault in the middle: the rows before it are taken in, as it says', async () => {
      const job = await imported(`${HEADER}\nA,ring,gold\nB,ring,gold\nC "x" c,ring,gold\nD,ring,gold\n`);
      expect(job).to.include({ state: 'failed', rows: 2, accepted: 2 });
      expect(job.failure).to.match(/^Row 3 can not be read: .* Rows before it were taken in\.$/);
      expect(await titles(job.id)).to.deep.equal([
        [1, 'A'],
        [2, 'B'],
      ]);
    });

    for (const [name, body] of [
      ['empty', ''],
      ['with blank lines only', '\n\n'],
      ['with a header only', `${HEADER}\n`],
    ] as const) {
      it(`${name}: ends, and registers nothing`, async () => {
        expect(await imported(body)).to.include({ rows: 0, accepted: 0, rejected: 0 });
      });
    }

    it('with columns of its own, by a mapping: zeros counted aloud, columns left out said', async () => {
      const mapping = JSON.stringify({
        columns: { Name: 'title', Art: 'kind', 'Gewicht (g)': 'mass_g' },
        constants: { metal_1: 'gold' },
        ignore: ['Preis'],
        zeroIsUnknown: ['mass_g'],
      });
      const query = `format=csv&mode=root-only&mapping=${encodeURIComponent(mapping)}`;
      const job = await imported('Name;Art;Gewicht (g);Preis\nA;ring;0;100\nB;ring;3.2;200\n', { query });
      expect(job, JSON.stringify(job)).to.include({ accepted: 2, mode: 'root-only' });
      expect(Object.values(job.zeros)).to.deep.equal([1]);
      expect(job.notes).to.deep.equal(['Columns left out, as asked: Preis.']);
    });
  });

  describe('that is refused before it is read', () => {
    const refused = (send: () => ReturnType<typeof post>, status: number, code: string) =>
      refusal(ledger, send, status, code);
    it('for its type, compression, mapping or query', async () => {
      await refused(() => post('{}', { type: 'application/json' }), 415, 'unsupported-media-type');
      await refused(
        () =>
          maker.api.raw('/api/v1/imports?format=csv', {
            method: 'POST',
            headers: { 'content-type': 'text/csv', 'content-encoding': 'gzip', 'idempotency-key': 'z' },
            body: 'x',
          }),
        415,
        'unsupported-media-type',
      );
      await refused(() => post('x', { query: 'format=xlsx' }), 400, 'invalid-request');
      await refused(() => post('x', { query: '' }), 400, 'invalid-request');
      for (const mapping of [
        '{',
        '[]',
        '{"rows":1}',
        '{"columns":{"a":1}}',
        '{"ignore":["\\u0000"]}',
        '{"ignore":["\\ud800"]}',
      ]) {
        await refused(
          () => post('x', { query: `format=csv&mapping=${encodeURIComponent(mapping)}` }),
          400,
          'invalid-request',
        );
      }
    });

    it('for its size, said beforehand: the answer comes though the file does not', async () => {
      const status = await new Promise<number>((resolve, reject) => {
        const headers = {
          authorization: `Bearer ${maker.apiKey}`,
          'content-type': 'text/csv',
          'idempotency-key': freshKey(),
          'content-length': 600 * 1024 * 1024,
        };
        const sending = httpRequest(
          `${ledger.url}/api/v1/imports?format=csv`,
          { method: 'POST', headers },
          (response) => {
            resolve(response.resume().statusCode ?? 0);
            sending.destroy();
          },
        );
        sending.on('error', reject).write('title');
      });
      expect(status).to.equal(413);
    });
  });

  describe('that is sent again', () => {
    it('under its Idempotency-Key: the same import; another file or another mapping: refused', async () => {
      const [key, body] = [freshKey(), `${HEADER}\nA,ring,gold\n`];
      const first = await imported(body, { key });
      const again = await post(body, { key });
      expect([again.status, again.body.id, again.body.accepted]).to.deep.equal([202, first.id, 1]);
      await refusal(ledger, () => post(`${HEADER}\nB,ring,gold\n`, { key }), 422, 'idempotency-key-reused');
      await refusal(
        ledger,
        () => post(body, { key, query: 'format=csv&mode=root-only' }),
        422,
        'idempotency-key-reused',
      );
    });

    const uploadsBegun = (key: string) =>
      ledger.sql<Json>(
        `SELECT i.id, state FROM imports i JOIN idempotency ON (response->>'id')::bigint = i.id
         WHERE key = $1 AND attempt > 0`,
        key,
      );

    it('after it broke off half-way: taken in once, whole', async () => {
      const key = freshKey();
      const rows = Array.from({ length: 40_000 }, (_, i) => `Broken off ${i},ring`);
      const body = `title,kind\n${rows.join('\n')}\n`;
      await new Promise<void>((resolve) => {
        const headers = { authorization: `Bearer ${maker.apiKey}`, 'content-type': 'text/csv', 'idempotency-key': key };
        const sending = httpRequest(`${ledger.url}/api/v1/imports?format=csv`, { method: 'POST', headers });
        sending.on('error', () => resolve());
        sending.write(body.slice(0, body.length / 2), () => setImmediate(() => sending.destroy(new Error('cut'))));
      });
      let known: Json[] = [];
      await until('the service noticed', async () => {
        known = await uploadsBegun(key);
        return known.length === 1;
      });
      expect(known[0].state).to.equal('receiving');
      const job = await imported(body, { key });
      expect(job.id).to.equal(known[0].id);
      // No material anywhere: the header is refused, which needs the whole file to have arrived as it was.
      expect(job).to.include({ state: 'failed', bytes: body.length });
    });

    it('while its first upload still drips in: the second counts, chunks never mix', async () => {
      const key = freshKey();
      const body = `${HEADER}\nDrip,ring,gold\n`;
      const headers = { authorization: `Bearer ${maker.apiKey}`, 'content-type': 'text/csv', 'idempotency-key': key };
      const dripping = httpRequest(`${ledger.url}/api/v1/imports?format=csv`, { method: 'POST', headers });
      const answer = new Promise<Json>((resolve, reject) => {
        dripping.on('error', reject).on('response', (response) => {
          let text = '';
          response
            .on('data', (chunk) => {
              text += chunk;
            })
            .on('end', () => resolve({ status: response.statusCode, body: JSON.parse(text) }));
        });
      });
      dripping.write(body.slice(0, 20));
      await until('the first is under way', async () => (await uploadsBegun(key)).length === 1);
      const job = await imported(body, { key });
      expect(job).to.include({ state: 'done', accepted: 1 });
      dripping.end('and something else');
      const late = await answer;
      expect([late.status, late.body.code]).to.deep.equal([400, 'invalid-request']);
      expect(await titles(job.id)).to.deep.equal([[1, 'Drip']]);
    });
  });

  it('of an organisation that is suspended midway waits, holds up nobody, and goes on when that ends', async () => {
    const late = await ledger.admit('bijoux-mistral');
    const rows = Array.from({ length: 12_000 }, (_, i) => `Waiting ${i + 1},ring,gold`);
    const { body } = await post(`${HEADER}\n${rows.join('\n')}\n`, { by: late });
    await actOn(ledger.service, ledger.config, late.handle, { name: 'suspend', reason: 'test' });
    let job: Json;
    await until('it waits', async () => {
      job = (await late.api.get(`/api/v1/imports/${body.id}`)).body;
      return job.failure !== null || job.state === 'done';
    });
    expect(job.state, 'the suspension came in time').to.equal('running');
    expect(job.failure).to.match(/^The organisation is suspended. The import goes on/);
    expect(job.rows).to.be.lessThan(rows.length);
    expect(await imported(`${HEADER}\nOther,ring,gold\n`)).to.include({ accepted: 1 });
    await refusal(ledger, () => post(`${HEADER}\nNew,ring,gold\n`, { by: late }), 403, 'organisation-suspended');
    await actOn(ledger.service, ledger.config, late.handle, { name: 'reinstate' });
    expect(await ended(body.id, late)).to.include({ state: 'done', accepted: rows.length, rejected: 0, failure: null });
    expect(await register(late.api, statement('After'))).to.contain('/p/bijoux-mistral/');
  });
});
