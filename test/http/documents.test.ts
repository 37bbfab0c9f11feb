// Documents that certificates name: what is taken, what is refused, and how they are given back to whoever knows their
// hash, in a browser that must not be harmed by them.

import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { MAX_DOCUMENT_BYTES } from '../../src/ledger/documents.ts';
import { type Admitted, freshKey, type Reply, startLedger, type TestLedger } from '../support/ledger.ts';
import { refusal } from '../support/refusal.ts';

const AT = '/api/v1/documents';
const BEGINS = {
  'application/pdf': Buffer.from('%PDF-1.7\n'),
  'image/jpeg': Buffer.of(0xff, 0xd8, 0xff, 0xe0),
  'image/png': Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
};
const sha256 = (data: Buffer) => `0x${createHash('sha256').update(data).digest('hex')}`;
const file = (type: keyof typeof BEGINS, rest: string | Buffer) => Buffer.concat([BEGINS[type], Buffer.from(rest)]);

describe('documents', () => {
  let ledger: TestLedger;
  let lab: Admitted;
  before(async () => {
    ledger = await startLedger();
    lab = await ledger.admit('gem-lab', [], ['certifier']);
  });
  after(() => ledger.stop());

  const send = (type: string, data: Buffer, more: Record<string, string> = {}): Promise<Reply> =>
    lab.api.raw(AT, {
      method: 'POST',
      headers: { 'content-type': type, 'idempotency-key': freshKey(), ...more },
      body: new Uint8Array(data),
    });
  const bytesAt = async (path: string): Promise<Buffer> =>
    Buffer.from(await (await fetch(ledger.url + path)).arrayBuffer());
  const stored = async () => (await ledger.sql<{ count: number }>('SELECT count(*) FROM documents'))[0]?.count;

  for (const [type, extension] of [
    ['application/pdf', 'pdf'],
    ['image/jpeg', 'jpg'],
    ['image/png', 'png'],
  ] as const) {
    it(`of ${type} are kept by their hash and given back as they came, to everybody, for ever`, async () => {
      const data = file(type, Buffer.from([0, 255, 13, 10, 128]));
      const reply = await send(type, data);
      expect(reply.status, reply.text).to.equal(201);
      const hash = sha256(data);
      expect(reply.body).to.deep.equal({ sha256: hash, mediaType: type });
      const at = reply.headers.get('location') as string;
      expect(at).to.equal(`/documents/${hash}`);
      expect(await bytesAt(at)).to.deep.equal(data);
      const { headers } = await ledger.api.get(at);
      expect(headers.get('content-type')).to.equal(type);
      expect(headers.get('content-length')).to.equal(String(data.length));
      expect(headers.get('x-content-type-options')).to.equal('nosniff');
      expect(headers.get('cache-control')).to.equal('public, max-age=31536000, immutable');
      expect(headers.get('content-disposition')).to.equal(`inline; filename="${hash.slice(2, 18)}.${extension}"`);
      const policy = headers.get('content-security-policy') as string;
      expect(policy).to.match(/^default-src 'none'; /);
      expect(policy).to.include("frame-ancestors 'none'");
      expect(policy).to.not.match(/script-src|connect-src|form-action \*/);
      // A browser's own viewer of PDF is a plug-in, which sandboxed documents may not have.
      expect(policy.endsWith('sandbox')).to.equal(type !== 'application/pdf');
    });
  }

  it('answer HEAD without bytes, and nothing where the bytes are known', async () => {
    const data = file('image/png', 'seen before');
    const at = (await send('image/png', data)).headers.get('location') as string;
    const head = await ledger.api.raw(at, { method: 'HEAD' });
    expect([head.status, head.text, head.headers.get('content-length')]).to.deep.equal([200, '', String(data.length)]);
    const etag = head.headers.get('etag') as string;
    const known = await ledger.api.get(at, { 'if-none-match': etag, 'cache-control': 'max-age=0' });
    expect([known.status, known.text]).to.deep.equal([304, '']);
  });

  it('are kept once, whoever sends them and however often', async () => {
    const data = file('application/pdf', 'twice');
    const before = Number(await stored());
    const key = { 'idempotency-key': freshKey() };
    const type = 'application/pdf; name="grading report.pdf"';
    const replies = await Promise.all([send(type, data, key), send(type, data, key), send(type, data)]);
    expect(replies.map(({ status }) => status)).to.deep.equal([201, 201, 201]);
    expect(new Set(replies.map(({ body }) => body.sha256))).to.deep.equal(new Set([sha256(data)]));
    expect(Number(await stored())).to.equal(before + 1);
    await refusal(ledger, () => send(type, file('application/pdf', 'other'), key), 422, 'idempotency-key-reused');
  });

  it('are refused when they are not what they say, empty, or of another type', async () => {
    const before = await stored();
    const pdf = file('application/pdf', 'x');
    const cases: [string, Buffer][] = [
      ['image/png', pdf],
      ['image/jpeg', file('image/png', '')],
      ['application/pdf', Buffer.from('%PD')],
      ['application/pdf', Buffer.alloc(0)],
      ['application/pdf', Buffer.from('<script>alert(1)</script>%PDF')],
      ['text/html', Buffer.from('<script>alert(1)</script>')],
      ['image/svg+xml', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
      ['application/json', Buffer.from('{}')],
      ['image/*', pdf],
      ['constructor', pdf],
      ['__proto__', pdf],
    ];
    for (const [type, data] of cases) {
      await refusal(ledger, () => send(type, data), 415, 'unsupported-media-type');
    }
    const zipped = { 'content-encoding': 'gzip' };
    await refusal(ledger, () => send('application/pdf', pdf, zipped), 415, 'unsupported-media-type');
    expect(await stored()).to.equal(before);
  });

  it('have ten mebibytes at most', async () => {
    const largest = file('application/pdf', Buffer.alloc(MAX_DOCUMENT_BYTES - 9));
    const before = await stored();
    await refusal(ledger, () => send('application/pdf', Buffer.concat([largest, Buffer.of(0)])), 413, 'body-too-large');
    expect(await stored()).to.equal(before);
    const reply = await send('application/pdf', largest);
    expect(reply.status, reply.text).to.equal(201);
    expect(sha256(await bytesAt(reply.headers.get('location') as string))).to.equal(sha256(largest));
  });

  it('come from whoever has a key for certificates, with an Idempotency-Key', async () => {
    const pdf = new Uint8Array(file('application/pdf', 'x'));
    const init = { method: 'POST', headers: { 'content-type': 'application/pdf' }, body: pdf };
    await refusal(ledger, () => ledger.api.raw(AT, init), 401, 'unauthenticated');
    await refusal(ledger, () => lab.api.raw(AT, init), 400, 'idempotency-key-required');
  });

  it('are a page that says so where nothing is kept, and a problem to programs', async () => {
    const upper = sha256(file('image/png', 'seen before')).toUpperCase().replace('0X', '0x');
    for (const name of [`0x${'00'.repeat(32)}`, '0x', 'x', '%2e%2e%2fetc', upper, `0x${'00'.repeat(33)}`]) {
      const page = await ledger.api.get(`/documents/${name}`, { accept: 'text/html' });
      expect([page.status, page.headers.get('content-type')], name).to.deep.equal([404, 'text/html; charset=utf-8']);
      expect(page.text).to.include('This document is not kept here.');
      expect(page.headers.get('cache-control')).to.equal('no-store');
      await refusal(
        ledger,
        () => ledger.api.get(`/documents/${name}`, { accept: 'application/json' }),
        404,
        'not-found',
      );
    }
  });

  it('that were damaged where they are kept are not shown, and nothing of the fault is', async () => {
    const data = file('image/jpeg', 'as it was');
    const at = (await send('image/jpeg', data)).headers.get('location') as string;
    const row = Buffer.from(sha256(data).slice(2), 'hex');
    await ledger.sql(`UPDATE documents SET data = data || '\\x00'::bytea WHERE sha256 = $1`, row);
    await refusal(ledger, () => ledger.api.get(at, { accept: 'application/json' }), 500, 'internal');
    const page = await ledger.api.get(at, { accept: 'text/html' });
    expect([page.status, page.headers.get('content-type')]).to.deep.equal([500, 'text/html; charset=utf-8']);
    expect(page.text).to.not.match(/damaged|hashes to/);
    expect(page.headers.get('cache-control')).to.equal('no-store');
  });
});
