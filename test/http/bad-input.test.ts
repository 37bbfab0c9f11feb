// Every way the body or sender of a request can be wrong: each has its stable code and status, and leaves nothing
// behind. Addresses are bad-address.test.ts's.
import { request as httpRequest } from 'node:http';
import { expect } from 'chai';
import {
  type Admitted,
  anchored,
  clientOf,
  freshKey,
  type Reply,
  register,
  startLedger,
  statement,
  type TestLedger,
} from '../support/ledger.ts';
import { until } from '../support/raw-chain.ts';
import { refusal } from '../support/refusal.ts';

describe('a request that is wrong', function () {
  this.timeout(240_000);
  let ledger: TestLedger;
  let maker: Admitted;
  let other: Admitted;
  let first: string;

  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier-lune', ['9506000']);
    other = await ledger.admit('maison-verre');
    first = await register(maker.api, statement('First'));
    await anchored(ledger.api, first);
  });
  after(() => ledger.stop());

  const refused = (send: () => Promise<Reply>, status: number, code: string) => refusal(ledger, send, status, code);
  const body = (json: string | Buffer, headers: Record<string, string> = {}) =>
    maker.api.raw('/api/v1/pieces', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': freshKey(), ...headers },
      body: json as BodyInit,
    });
  const record = (differing: object) =>
    maker.api.post('/api/v1/pieces', { record: { ...statement('Wrong'), ...differing } });
  const text = JSON.stringify(statement('Text'));

  describe('as a body', () => {
    const bodies: Record<string, readonly [send: () => Promise<Reply>, status: number, code: string]> = {
      'that is no JSON': [() => body('{"record":'), 400, 'invalid-json'],
      'that is empty': [() => body(''), 400, 'invalid-json'],
      'that is a bare word': [() => body('"record"'), 400, 'invalid-json'],
      'that is a list': [() => body('[]'), 400, 'invalid-request'],
      'that is null': [() => body('null'), 400, 'invalid-json'],
      'in Latin-1': [
        () => body(Buffer.from(`{"record":${text.replace('Text', 'Caf\u00e9')}}`, 'latin1')),
        400,
        'invalid-encoding',
      ],
      'in UTF-16': [
        () => body(Buffer.from('{}', 'utf16le'), { 'content-type': 'application/json; charset=utf-16le' }),
        415,
        'unsupported-media-type',
      ],
      'said to be Latin-1': [
        () => body('{}', { 'content-type': 'application/json; charset=latin1' }),
        415,
        'unsupported-media-type',
      ],
      'said to be text': [
        () => body(`{"record":${text}}`, { 'content-type': 'text/plain' }),
        415,
        'unsupported-media-type',
      ],
      'said to be a form': [
        () => body('a=1', { 'content-type': 'application/x-www-form-urlencoded' }),
        415,
        'unsupported-media-type',
      ],
      'said to be gzip': [() => body('{}', { 'content-encoding': 'gzip' }), 415, 'unsupported-media-type'],
      'in an unknown compression': [() => body('{}', { 'content-encoding': 'lzma' }), 415, 'unsupported-media-type'],
      'of 256 KiB and one byte': [() => body(`{"record":${' '.repeat(256 * 1024)}}`), 413, 'body-too-large'],
      'with objects 10,000 levels deep': [
        () => body(`{"record":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`),
        400,
        'invalid-request',
      ],
      'with lists 100,000 levels deep': [
        () => body(`{"record":{"materials":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`),
        400,
        'invalid-request',
      ],
      'with an unknown member beside the record': [
        () => maker.api.post('/api/v1/pieces', { record: statement('x'), note: 1 }),
        400,
        'invalid-request',
      ],
      'with a mode nobody knows': [
        () => maker.api.post('/api/v1/pieces', { record: statement('x'), mode: 'secret' }),
        400,
        'invalid-request',
      ],
      'with a record that is text': [
        () => maker.api.post('/api/v1/pieces', { record: 'ring' }),
        400,
        'invalid-request',
      ],
      'without a record': [() => maker.api.post('/api/v1/pieces', {}), 400, 'invalid-request'],
      'with __proto__ beside the record': [
        () => body(`{"__proto__":{"record":1},"record":${text}}`),
        400,
        'invalid-request',
      ],
      'with __proto__ in the record': [
        () => body(`{"record":${text.slice(0, -1)},"__proto__":{"title":"x"}}}`),
        422,
        'invalid-record',
      ],
      'with an escaped __proto__ in the record': [
        () => body(`{"record":${text.slice(0, -1)},"\\u005f_proto__":{"title":"x"}}}`),
        422,
        'invalid-record',
      ],
      'with constructor in the record': [
        () => body(`{"record":${text.slice(0, -1)},"constructor":{"prototype":{}}}}`),
        422,
        'invalid-record',
      ],
      'with __proto__ in a material': [
        () => body(`{"record":${text.replace('"type":"metal"', '"type":"metal","__proto__":{}')}}`),
        422,
        'invalid-record',
      ],
      'with __proto__ in the code': [
        () => body(`{"record":${text.slice(0, -1)},"code":{"__proto__":{"handle":"atelier-lune"}}}}`),
        400,
        'invalid-request',
      ],
    };
    for (const [name, [send, status, code]] of Object.entries(bodies)) {
      it(`${name}: ${status} ${code}`, async () => {
        await refused(send, status, code);
      });
    }

    it('in UTF-8 with a byte order mark is read all the same', async () => {
      expect((await body(`\uFEFF{"record":${text}}`)).status).to.equal(202);
    });

    it('sent in chunks that never end is refused when it is too large, and the connection closed', async () => {
      const before = await ledger.stored();
      const status = await new Promise<number>((resolve, reject) => {
        const headers = {
          authorization: `Bearer ${maker.apiKey}`,
          'content-type': 'application/json',
          'idempotency-key': freshKey(),
        };
        const sending = httpRequest(`${ledger.url}/api/v1/pieces`, { method: 'POST', headers }, (response) => {
          response.resume().on('error', () => {});
          resolve(response.statusCode ?? 0);
        });
        sending.on('error', reject);
        const more = () => {
          if (!sending.destroyed && sending.writable) sending.write(' '.repeat(64 * 1024), () => setImmediate(more));
        };
        sending.once('response', () => sending.destroy());
        more();
      });
      expect(status).to.equal(413);
      expect(await ledger.stored()).to.deep.equal(before);
    });
  });

  describe('as a record', () => {
    const [metal, stone] = statement('x').materials as [object, object];
    const records: Record<string, readonly [differing: object, field: string]> = {
      'of another version': [{ schema: 'touchstone/record/2' }, 'schema'],
      'whose title is a number': [{ title: 7 }, 'title'],
      'whose title has 301 characters': [{ title: 'x'.repeat(301) }, 'title'],
      'whose title has a line break': [{ title: 'a\nb' }, 'title'],
      'whose title has a zero byte': [{ title: 'a\0b' }, 'title'],
      'whose title has half a surrogate pair': [{ title: 'a\ud800' }, 'title'],
      'whose title turns the direction of writing': [{ title: 'a\u202eb' }, 'title'],
      'of a kind nobody knows': [{ kind: 'spaceship' }, 'kind'],
      'with an unknown member': [{ colour: 'red' }, 'colour'],
      'with a reserved member': [{ components: [] }, 'components'],
      'with an unknown member in a material': [{ materials: [{ ...metal, shine: 1 }] }, 'materials.0.shine'],
      'with an unknown member in a claim': [
        { claims: [{ statement: 'a', evidence: 'declared', shine: 1 }] },
        'claims.0.shine',
      ],
      'without materials': [{ materials: [] }, 'materials'],
      'with 65 materials': [{ materials: Array(65).fill(metal) }, 'materials'],
      'with a negative mass': [{ massMg: -1 }, 'massMg'],
      'with no mass at all': [{ massMg: 0 }, 'massMg'],
      'with a mass of a hundred kilogrammes and more': [{ massMg: 100_000_001 }, 'massMg'],
      'with a mass beyond exact numbers': [{ massMg: 1e300 }, 'massMg'],
      'with half a milligramme': [{ massMg: 1.5 }, 'massMg'],
      'with a mass in quotes': [{ massMg: '3200' }, 'massMg'],
      'of gold finer than 1000': [{ materials: [{ ...metal, fineness: 1001 }] }, 'materials.0.fineness'],
      'of gold of fineness 0': [{ materials: [{ ...metal, fineness: 0 }] }, 'materials.0.fineness'],
      'with a stone of absurd carats': [
        { materials: [{ ...stone, caratThousandths: 10 ** 12 }] },
        'materials.0.caratThousandths',
      ],
      'made in the year 0': [{ made: { place: 'unknown', date: { text: '0', from: 0, to: 0 } } }, 'made.date.from'],
      'made before it was begun': [
        { made: { place: 'unknown', date: { text: 'x', from: 1900, to: 1890 } } },
        'made.date.to',
      ],
      'with a link that runs': [{ links: [{ url: 'javascript:alert(1)' }] }, 'links.0.url'],
      'with a GTIN whose check digit is wrong': [{ code: { gtin: '09506000134353' } }, 'code.gtin'],
      'with a GTIN of 13 digits': [{ code: { gtin: '9506000134352' } }, 'code.gtin'],
      'with a GTIN outside the organisation’s prefixes': [{ code: { gtin: '04012345678901' } }, 'code.gtin'],
      'with a serial that holds a space': [{ code: { gtin: '09506000134352', serial: 'A B' } }, 'code.serial'],
      'with a serial that is two dots': [{ code: { gtin: '09506000134352', serial: '..' } }, 'code.serial'],
      'with an empty serial': [{ code: { gtin: '09506000134352', serial: '' } }, 'code.serial'],
      'under someone else’s handle': [{ code: { handle: 'maison-verre' } }, 'code.handle'],
      'under an own code that was mistyped': [{ code: { code: '11AHS9V8JJ8EJ67EX' } }, 'code.code'],
    };
    for (const [name, [differing, field]] of Object.entries(records)) {
      it(`${name}: 422, naming ${field}`, async () => {
        const reply = await refused(() => record(differing), 422, 'invalid-record');
        expect(reply.body.errors.map((fault: { field: string }) => fault.field)).to.include(field);
      });
    }

    it('larger than 64 KiB in canonical form: 422', async () => {
      const descriptors = Array.from({ length: 40 }, (_, i) => ({ type: `note ${i}`, value: 'x'.repeat(2000) }));
      await refused(() => record({ descriptors }), 422, 'invalid-record');
    });

    for (const code of [
      { gtin: '09506000134352', serial: 'x'.repeat(21) },
      { code: 'x'.repeat(41) },
      { gtin: 9506000134352 },
      { handle: 'atelier-lune', gtin: '09506000134352' },
      'abc',
      null,
      [],
    ]) {
      it(`with a code of the wrong form, ${JSON.stringify(code).slice(0, 60)}: 400`, async () => {
        const reply = await refused(() => record({ code }), 400, 'invalid-request');
        expect(reply.body.errors[0].field).to.match(/^record\.code/);
      });
    }

    it('under a code that has another record: 409, naming the first; the same record: the same answer', async () => {
      const code = { gtin: '09506000134352', serial: 'TAKEN-1' };
      const once = await record({ title: 'Once', code });
      expect(once.status).to.equal(202);
      const again = await record({ title: 'Once', code });
      expect(again.status).to.equal(202);
      expect({ ...again.body, state: '' }).to.deep.equal({ ...once.body, state: '' });
      const reply = await refused(() => record({ title: 'Another', code }), 409, 'code-taken');
      expect(reply.body.taken).to.deep.equal({ path: once.body.path, recordHash: once.body.recordHash });
    });
  });

  describe('from whom it should not be', () => {
    const asked = (apiKey: string | undefined) => () =>
      clientOf(ledger.url, apiKey).post('/api/v1/pieces', { record: statement('x') });
    it('without an API key: 401 and the scheme', async () => {
      const reply = await refused(asked(undefined), 401, 'unauthenticated');
      expect(reply.headers.get('www-authenticate')).to.equal('Bearer');
    });
    it('with a malformed, unknown, half right or revoked key: one answer for all', async () => {
      const { createApiKey, revokeApiKey } = await import('../../src/ledger/accounts.ts');
      const revoked = await createApiKey(ledger.service.ledger, maker.organisation, ['read', 'pieces:write'], 'test');
      expect(await revokeApiKey(ledger.service.ledger, revoked.slice(3, 15))).to.equal(true);
      const details = new Set<string>();
      const wrong = [
        'abc',
        `ts_${'0'.repeat(12)}_${'A'.repeat(43)}`,
        maker.apiKey.slice(0, -1) + (maker.apiKey.endsWith('A') ? 'B' : 'A'),
        revoked,
        `${maker.apiKey}x`,
      ];
      for (const key of wrong) details.add((await refused(asked(key), 401, 'unauthenticated')).body.detail);
      expect(details.size).to.equal(1);
    });
    it('with a key in the address: 401, as if there were none', async () => {
      await refused(() => ledger.api.get(`/api/v1/pieces?apiKey=${maker.apiKey}`), 401, 'unauthenticated');
    });
    it('with a key that lacks the scope: 403, naming it', async () => {
      const { createApiKey } = await import('../../src/ledger/accounts.ts');
      const key = await createApiKey(ledger.service.ledger, maker.organisation, ['read'], 'test');
      const reply = await refused(asked(key), 403, 'forbidden');
      expect(reply.body.detail).to.contain('pieces:write');
    });
    it('looking for another organisation’s import: 404, as if there were none', async () => {
      const headers = { 'content-type': 'text/csv', 'idempotency-key': freshKey() };
      const { body: job } = await maker.api.raw('/api/v1/imports?format=csv', {
        method: 'POST',
        headers,
        body: 'title\nx\n',
      });
      await until('the import has failed', async () => {
        return (await maker.api.get(`/api/v1/imports/${job.id}`)).body.state === 'failed';
      });
      await refused(() => other.api.get(`/api/v1/imports/${job.id}`), 404, 'not-found');
      await refused(() => other.api.get(`/api/v1/imports/${job.id}/rejected`), 404, 'not-found');
    });
    it('lists nobody else’s pieces', async () => {
      expect((await other.api.get('/api/v1/pieces')).body.items).to.deep.equal([]);
    });
  });

  describe('by its Idempotency-Key', () => {
    const post = (key: string, title = 'x') =>
      maker.api.post('/api/v1/pieces', { record: statement(title) }, { 'idempotency-key': key });
    for (const [name, key] of Object.entries({
      'an empty': '',
      'a long': 'x'.repeat(129),
      'one with a space': 'a b',
    })) {
      it(`${name} one: 400`, async () => {
        await refused(() => post(key), 400, 'idempotency-key-required');
      });
    }
    it('a missing one: 400', async () => {
      const headers = { 'content-type': 'application/json' };
      const send = () =>
        maker.api.raw('/api/v1/pieces', { method: 'POST', headers, body: JSON.stringify({ record: statement('x') }) });
      await refused(send, 400, 'idempotency-key-required');
    });
    it('one used for another body: 422; for the same: the same answer, nothing stored twice', async () => {
      const once = await post('same-key', 'once');
      await refused(() => post('same-key', 'twice'), 422, 'idempotency-key-reused');
      const before = await ledger.stored();
      const again = await post('same-key', 'once');
      expect({ ...again.body, state: '' }).to.deep.equal({ ...once.body, state: '' });
      expect(await ledger.stored()).to.deep.equal(before);
    });
    it('one used twice at once: one piece', async () => {
      const before = await ledger.stored();
      const replies = await Promise.all(Array.from({ length: 8 }, () => post('at-once', 'at once')));
      expect(new Set(replies.map((reply) => reply.body.path)).size, replies[0]?.text).to.equal(1);
      expect((await ledger.stored())['pieces']).to.equal((before['pieces'] ?? 0) + 1);
    });
    it('one of another organisation: its own', async () => {
      expect(
        (await other.api.post('/api/v1/pieces', { record: statement('theirs') }, { 'idempotency-key': 'same-key' }))
          .status,
      ).to.equal(202);
    });
  });

  describe('of any kind', () => {
    it('never meets a fault of the service’s own: not one answer was a 5xx', async () => {
      const metrics = await ledger.api.get('/metrics');
      expect(metrics.text).to.match(/touchstone_http_request_seconds_count\{[^}]*status="422"/);
      expect(metrics.text).to.not.match(/touchstone_http_request_seconds_count\{[^}]*status="5/);
    });
  });
});
