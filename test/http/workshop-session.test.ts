import { expect } from 'chai';
import { createApiKey, revokeApiKey } from '../../src/ledger/accounts.ts';
import { signedInWith, visitor } from '../support/console.ts';
import { type Admitted, startLedger, type TestLedger } from '../support/ledger.ts';

describe('signing in to the console', () => {
  let ledger: TestLedger;
  let lune: Admitted;
  let other: Admitted;

  before(async () => {
    ledger = await startLedger({ RATE_LIMITS: 'on' }, { rates: { windowMs: 600_000, failures: 5 } });
    lune = await ledger.admit('atelier-lune');
    other = await ledger.admit('other-house');
  });
  after(() => ledger.stop());

  it('leads whoever isn’t signed in to the sign-in page, and back to the page she wanted', async () => {
    const stranger = visitor(ledger);
    const answer = await stranger.get('/workshop?after=3');
    expect([answer.status, answer.location]).to.deep.equal([303, '/workshop/sign-in?back=%2Fworkshop%3Fafter%3D3']);
    const page = await stranger.get(answer.location as string);
    expect(page.text).to.contain('value="/workshop?after=3"');
    const signed = await stranger.send('/workshop/sign-in', {
      key: ` ${lune.apiKey}\n`,
      back: '/workshop?after=3',
    });
    expect([signed.status, signed.location]).to.deep.equal([303, '/workshop?after=3']);
  });

  for (const back of [
    'https://evil.example/',
    '//evil.example',
    '/workshop//evil.example\\',
    '/workshop@evil',
    'x',
    '',
  ]) {
    it(`leads nobody to ${JSON.stringify(back)}`, async () => {
      const answer = await visitor(ledger).send('/workshop/sign-in', { key: lune.apiKey, back });
      expect(new URL(answer.location as string, ledger.url).href).to.match(new RegExp(`^${ledger.url}/workshop`));
    });
  }

  it('keeps the session in a cookie no script reads and no other site sends, and only its hash', async () => {
    const answer = await visitor(ledger).send('/workshop/sign-in', { key: lune.apiKey });
    const cookie = answer.headers.get('set-cookie') as string;
    expect(cookie).to.match(/^touchstone=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    const secret = /=([\w-]+)/.exec(cookie)?.[1] as string;
    const rows = JSON.stringify(await ledger.sql(`SELECT encode(hash, 'escape') AS hash, s.* FROM console_sessions s`));
    expect(rows).to.not.contain(secret);
  });

  it('shows a page of nobody’s keeping with neither key nor session in it', async () => {
    const one = await signedInWith(ledger, lune.apiKey);
    const page = await one.get('/workshop');
    expect(page.status).to.equal(200);
    expect(page.headers.get('cache-control')).to.equal('no-store');
    expect(page.text).to.contain('The atelier-lune');
    expect(page.text).to.not.contain(lune.apiKey.slice(16));
    expect(page.text).to.not.contain(one.cookie.split('=')[1]);
  });

  it('is over when signed out of, also in a copy of the cookie', async () => {
    const one = await signedInWith(ledger, lune.apiKey);
    const copy = one.cookie;
    expect((await one.send('/workshop/sign-out', {})).location).to.equal('/workshop/sign-in');
    expect(one.cookie).to.equal('');
    one.cookie = copy;
    expect((await one.get('/workshop')).status).to.equal(303);
  });

  it('is over after its twelve hours', async () => {
    const one = await signedInWith(ledger, lune.apiKey);
    const [row] = await ledger.sql(
      'SELECT extract(epoch FROM expires_at - created_at) AS s FROM console_sessions LIMIT 1',
    );
    expect(Number(row.s)).to.be.closeTo(12 * 3600, 5);
    await ledger.sql('UPDATE console_sessions SET expires_at = now()');
    expect((await one.get('/workshop')).location).to.match(/^\/workshop\/sign-in/);
    const sent = await one.send('/workshop/sign-out', {});
    expect(sent.status).to.equal(303);
  });

  it('is over once its API key is revoked', async () => {
    const key = await createApiKey(ledger.service.ledger, other.organisation, ['read'], 'to be revoked');
    const one = await signedInWith(ledger, key);
    expect((await one.get('/workshop')).status).to.equal(200);
    await revokeApiKey(ledger.service.ledger, key.split('_')[1] as string);
    expect((await one.get('/workshop')).status).to.equal(303);
  });

  it('is nobody’s with a cookie that was made up', async () => {
    const one = visitor(ledger);
    for (const cookie of [`touchstone=${'A'.repeat(43)}`, 'touchstone=', "touchstone=' OR 1=1 --", 'touchstone=%00']) {
      one.cookie = cookie;
      expect((await one.get('/workshop')).status, cookie).to.equal(303);
    }
  });

  for (const [what, headers] of [
    ['another site’s page', { 'sec-fetch-site': 'cross-site' }],
    ['a page of the same domain', { 'sec-fetch-site': 'same-site' }],
    ['nobody says where', { 'sec-fetch-site': undefined }],
    ['another origin', { 'sec-fetch-site': undefined, origin: 'https://evil.example' }],
    ['a hidden origin', { 'sec-fetch-site': undefined, origin: 'null' }],
  ] as const) {
    it(`takes no form that comes from ${what}`, async () => {
      const one = await signedInWith(ledger, lune.apiKey);
      expect((await one.send('/workshop/sign-out', {}, { headers })).status).to.equal(403);
      expect((await one.get('/workshop')).status).to.equal(200);
      expect((await visitor(ledger).send('/workshop/sign-in', { key: lune.apiKey }, { headers })).status).to.equal(403);
    });
  }

  it('takes a form whose origin is its own, from a browser that says no more', async () => {
    const one = await signedInWith(ledger, lune.apiKey);
    const headers = { 'sec-fetch-site': undefined, origin: ledger.url };
    expect((await one.send('/workshop/sign-out', {}, { headers })).status).to.equal(303);
  });

  it('takes no form without the token of its own session', async () => {
    const one = await signedInWith(ledger, lune.apiKey);
    const two = await signedInWith(ledger, other.apiKey);
    const token = /name="token" value="([\w-]+)"/.exec((await two.get('/workshop')).text)?.[1] ?? '';
    for (const wrong of [null, '', token, 'x']) {
      expect((await one.send('/workshop/sign-out', {}, { token: wrong })).status).to.equal(403);
    }
    expect((await one.get('/workshop')).status).to.equal(200);
  });

  it('takes no form that is too large, of another kind or no UTF-8', async () => {
    const one = visitor(ledger);
    const body = `key=${'a'.repeat(40_000)}`;
    expect((await one.send('/workshop/sign-in', {}, { body })).status).to.equal(413);
    const json = { headers: { 'content-type': 'application/json' }, body: '{}' };
    expect((await one.send('/workshop/sign-in', {}, json)).status).to.equal(415);
    expect((await one.send('/workshop/sign-in', {}, { body: 'key=%ff' })).status).to.equal(400);
  });

  it('refuses a wrong key in words, and after five of them an address for a while', async () => {
    const stranger = visitor(ledger);
    const wrong = lune.apiKey.slice(0, -4) + (lune.apiKey.endsWith('AAAA') ? 'BBBB' : 'AAAA');
    for (let i = 0; i < 5; i++) {
      const answer = await stranger.send('/workshop/sign-in', { key: wrong });
      expect([answer.status, answer.headers.get('set-cookie')]).to.deep.equal([401, null]);
      expect(answer.text).to.contain('This API key is not valid');
      expect(answer.text).to.not.contain(wrong);
    }
    const answer = await stranger.send('/workshop/sign-in', { key: lune.apiKey });
    expect(answer.status).to.equal(429);
    expect(answer.text).to.contain('Too many requests');
  });
});
