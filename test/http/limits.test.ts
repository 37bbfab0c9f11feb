// How often one key or address may call: that both are limited, and that neither a spoofed address nor a made-up key
// gets around it or falls on somebody else.
import { expect } from 'chai';
import { openClient } from '../../src/client.ts';
import { trustedProxies } from '../../src/http/proxies.ts';
import { type Admitted, clientOf, type Reply, startLedger, type TestLedger } from '../support/ledger.ts';

/** A window longer than the test: what is used up stays used up. */
const RATES = { windowMs: 600_000, reads: 20, writes: 12, costly: 5, failures: 6 };

const from = (address: string) => ({ 'x-forwarded-for': address });

async function statuses(count: number, send: (i: number) => Promise<Reply>): Promise<number[]> {
  const replies: number[] = [];
  for (let i = 0; i < count; i++) replies.push((await send(i)).status);
  return replies;
}

const limited = (replies: readonly number[]) => replies.filter((status) => status === 429).length;
const madeUpKey = (i: number) => `ts_${i.toString(16).padStart(12, '0')}_${'A'.repeat(43)}`;

describe('how often one may call, behind a proxy', function () {
  this.timeout(240_000);
  let ledger: TestLedger;
  let maker: Admitted;
  before(async () => {
    ledger = await startLedger({ RATE_LIMITS: 'on' }, { rates: RATES });
    maker = await ledger.admit('atelier-lune', ['9506000']);
  });
  after(() => ledger.stop());

  const read = (address: string, headers: Record<string, string> = {}) =>
    ledger.api.get('/api/v1/organisations', { ...from(address), ...headers });

  it('an address: 429, a problem and when to come back; another address goes on', async () => {
    const replies = await statuses(RATES.reads + 3, () => read('203.0.113.1'));
    expect(replies).to.deep.equal([...Array(RATES.reads).fill(200), 429, 429, 429]);
    const reply = await read('203.0.113.1');
    expect(reply.headers.get('content-type')).to.equal('application/problem+json; charset=utf-8');
    expect(reply.headers.get('retry-after')).to.equal('600');
    expect(reply.headers.get('x-request-id')).to.match(/^[0-9a-f-]{36}$/);
    expect(reply.body).to.include({ status: 429, code: 'rate-limited' });
    expect((await read('203.0.113.2')).status).to.equal(200);
  });

  it('for people it is a page that says when to come back', async () => {
    await statuses(RATES.reads, () => read('203.0.113.3'));
    const reply = await ledger.api.get('/', { ...from('203.0.113.3'), accept: 'text/html' });
    expect([reply.status, reply.headers.get('retry-after')]).to.deep.equal([429, '600']);
    expect(reply.headers.get('content-type')).to.contain('text/html');
  });

  it('acts of strangers are among what costs much: each may ask the node for hundreds of pieces', async () => {
    const ask = (headers: Record<string, string>) => ledger.api.post('/api/v1/acts/prepare', {}, headers);
    const replies = await statuses(RATES.costly + 2, () => ask(from('203.0.113.9')));
    expect(replies).to.deep.equal([...Array(RATES.costly).fill(400), 429, 429]);
    const known = await statuses(RATES.costly + 2, () =>
      maker.api.post('/api/v1/acts/prepare', {}, from('203.0.113.9')),
    );
    expect(limited(known)).to.equal(0);
  });

  it('writes are counted by themselves, whatever their method', async () => {
    const methods = ['POST', 'PUT', 'DELETE', 'OPTIONS'];
    const send = (i: number) =>
      ledger.api.raw('/api/v1/nothing', { method: methods[i % 4] as string, headers: from('203.0.113.4') });
    expect(limited(await statuses(RATES.writes + 4, send))).to.equal(4);
    expect((await read('203.0.113.4')).status).to.equal(200);
  });

  it('what a caller writes in X-Forwarded-For before his proxy does changes nothing', async () => {
    const replies = await statuses(RATES.reads + 5, (i) => read(`198.51.100.${i}, 10.0.0.${i}, 203.0.113.5`));
    expect(limited(replies)).to.equal(5);
  });

  it('an IPv6 address counts with its whole /56, however it is spelled; a mapped IPv4 one as IPv4', async () => {
    const inside = (i: number) => read(`2001:db8:1:42${(i % 16).toString(16)}${(i % 7).toString(16)}::${i}`);
    expect(limited(await statuses(RATES.reads + 5, inside))).to.equal(5);
    expect((await read('2001:0DB8:0001:4200:0000:0000:0000:0001')).status).to.equal(429);
    expect((await read('2001:db8:1:4100::1')).status).to.equal(200);
    await statuses(RATES.reads, () => read('::ffff:203.0.113.6'));
    expect((await read('203.0.113.6')).status).to.equal(429);
  });

  it('what is no address, or has a port, is no fresh caller every time', async () => {
    const ports = await statuses(RATES.reads + 5, (i) => read(`203.0.113.7:${4000 + i}`));
    expect(limited(ports)).to.equal(5);
    const nonsense = await statuses(RATES.reads + 5, (i) => read(`unknown-${i}`));
    expect(limited(nonsense)).to.be.at.least(5);
  });

  it('a key drawn afresh for every call is no fresh caller', async () => {
    const send = (i: number) => read('203.0.113.8', { authorization: `Bearer ${madeUpKey(i)}` });
    expect(limited(await statuses(RATES.reads + 5, send))).to.equal(5);
  });

  it('a key that was found right counts by itself: a busy address doesn’t stop it, nor does it use the address up', async () => {
    const own = (address: string) => maker.api.get('/api/v1/imports', from(address));
    expect((await own('203.0.113.9')).status).to.equal(200);
    await statuses(RATES.reads, () => read('203.0.113.9'));
    expect((await read('203.0.113.9')).status).to.equal(429);
    expect((await own('203.0.113.9')).status).to.equal(200);
    // From anywhere: it is one key.
    const replies = await statuses(RATES.reads, (i) => own(`203.0.113.${100 + i}`));
    expect(limited(replies)).to.be.at.least(1);
    expect((await read('203.0.113.10')).status).to.equal(200);
  });

  it('naming the key of somebody else uses nothing of his up', async () => {
    const other = await ledger.admit('maison-verre');
    expect((await other.api.get('/api/v1/imports', from('203.0.113.11'))).status).to.equal(200);
    const forged = `${other.apiKey.slice(0, 15)}_${'B'.repeat(43)}`;
    await statuses(RATES.reads, (i) => read(`203.0.113.${150 + i}`, { authorization: `Bearer ${forged}` }));
    expect((await other.api.get('/api/v1/imports', from('203.0.113.11'))).status).to.equal(200);
  });

  it('keys that are wrong are limited more tightly than calls; right ones from there go on, no key is no wrong key', async () => {
    const address = '203.0.113.12';
    const bare = await statuses(RATES.failures, () => ledger.api.get('/api/v1/imports', from(address)));
    expect(new Set(bare)).to.deep.equal(new Set([401]));
    const third = await ledger.admit('oro-vero');
    expect((await third.api.get('/api/v1/imports', from('203.0.113.13'))).status).to.equal(200);
    const wrong = (i: number) => clientOf(ledger.url, madeUpKey(i)).get('/api/v1/imports', from(address));
    expect(await statuses(RATES.failures + 2, wrong)).to.deep.equal([...Array(RATES.failures).fill(401), 429, 429]);
    expect((await third.api.get('/api/v1/imports', from(address))).status).to.equal(200);
  });

  it('what costs much is limited more tightly: searches, files, counts; looking at a list is not', async () => {
    const fourth = await ledger.admit('petit-prix');
    expect((await fourth.api.get('/api/v1/pieces?limit=1', from('203.0.113.14'))).status).to.equal(200);
    const searches = await statuses(RATES.costly + 2, () => fourth.api.get('/api/v1/pieces?search=ring'));
    expect(limited(searches)).to.equal(2);
    expect((await fourth.api.get('/api/v1/pieces?limit=1')).status).to.equal(200);
    expect((await fourth.api.get('/api/v1/imports/1/rejected')).status).to.equal(429);
    const counts = await statuses(RATES.costly + 2, () => ledger.api.get('/metrics', from('203.0.113.15')));
    expect(limited(counts)).to.equal(2);
  });

  it('a look whether the process lives is never refused', async () => {
    const replies = await statuses(RATES.reads + 5, () => ledger.api.get('/healthz', from('203.0.113.16')));
    expect(new Set(replies)).to.deep.equal(new Set([200]));
  });
});

describe('how often one may call, without a proxy', function () {
  this.timeout(240_000);
  let ledger: TestLedger;
  before(async () => {
    ledger = await startLedger({ RATE_LIMITS: 'on', TRUSTED_PROXIES: 'none' }, { rates: RATES });
  });
  after(() => ledger.stop());

  it('an X-Forwarded-For of one’s own changes nothing, even from this machine', async () => {
    const send = (i: number) => ledger.api.get('/api/v1/organisations', from(`203.0.113.${i}`));
    expect(limited(await statuses(RATES.reads + 5, send))).to.equal(5);
    const others = ['forwarded', 'x-real-ip', 'true-client-ip', 'cf-connecting-ip', 'x-client-ip'];
    const named = await statuses(others.length, (i) =>
      ledger.api.get('/api/v1/organisations', { [others[i] as string]: i === 0 ? 'for=203.0.113.77' : '203.0.113.77' }),
    );
    expect(limited(named)).to.equal(others.length);
  });
});

describe('the command line’s client', function () {
  this.timeout(240_000);
  it('told to go more slowly, goes on more slowly', async () => {
    const ledger = await startLedger({ RATE_LIMITS: 'on' }, { rates: { windowMs: 1_000, reads: 4 } });
    try {
      const { apiKey } = await ledger.admit('atelier-lune');
      const client = openClient(ledger.config, { url: ledger.url, apiKey });
      // At once: one after the other they would all be within the limit where the machine is slow.
      const pages = await Promise.all(Array.from({ length: 10 }, () => client.get('/api/v1/pieces')));
      for (const page of pages) expect(page).to.deep.include({ items: [] });
      const { text } = await ledger.api.get('/metrics');
      expect(text).to.match(/touchstone_http_request_seconds_count\{[^}]*status="429"/);
    } finally {
      await ledger.stop();
    }
  });
});

describe('the proxies that are trusted', () => {
  const understood: Record<string, readonly [trusted: readonly string[], others: readonly string[]]> = {
    none: [[], ['127.0.0.1', '::1', '10.0.0.1', 'unix', '']],
    loopback: [
      ['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'],
      ['128.0.0.1', '10.0.0.1', '::2'],
    ],
    '10.0.0.0/8, 2001:db8::/32': [
      ['10.9.8.7', '2001:db8:5::1'],
      ['11.0.0.1', '127.0.0.1', '2001:db9::1'],
    ],
    'loopback,192.0.2.7': [['127.0.0.1', '192.0.2.7'], ['192.0.2.8']],
  };
  for (const [text, [trusted, others]] of Object.entries(understood)) {
    it(`“${text}”: those and no others`, () => {
      const trusts = trustedProxies(text);
      expect(trusted.filter((address) => !trusts?.(address))).to.deep.equal([]);
      expect(others.filter((address) => trusts?.(address))).to.deep.equal([]);
    });
  }
  for (const text of ['', 'all', '10.0.0.0/33', '::1/129', '10.0.0', 'localhost', '10.0.0.1,,10.0.0.2', '10.0.0.1/']) {
    it(`“${text}” is not understood`, () => {
      expect(trustedProxies(text)).to.equal(undefined);
    });
  }
});
