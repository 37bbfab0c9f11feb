import { Readable } from 'node:stream';
import { expect } from 'chai';
import { createApiKey } from '../../src/ledger/accounts.ts';
import { saidIn, signedInWith, uploadAs, type Visitor, visitor } from '../support/console.ts';
import {
  type Admitted,
  anchored,
  type Json,
  register,
  startLedger,
  statement,
  type TestLedger,
} from '../support/ledger.ts';
import { until } from '../support/raw-chain.ts';

const PIECE = { title: 'Console ring', kind: 'ring', row: 'metal_1', metal_1: 'gold', metal_1_fineness: '750' };
/** As it would stand on a claim card. */
const SECRET = `https://ledger.example/claim/p/atelier-lune/7K2M9QX41B0T5CDEF#c${'7k2m9'.repeat(4)}`;
const ONCE = '11111111-2222-4333-8444-555555555555';

describe('the pages of the console', () => {
  let ledger: TestLedger;
  let lune: Admitted;
  let other: Admitted;
  let ours: Visitor;
  let theirs: Visitor;
  let path: string;

  before(async () => {
    ledger = await startLedger();
    lune = await ledger.admit('atelier-lune', [], ['maker', 'custodian', 'certifier']);
    other = await ledger.admit('other-house', [], ['maker', 'custodian', 'service']);
    path = await register(lune.api, statement('A ring nobody else may touch'));
    await anchored(lune.api, path);
    ours = await signedInWith(ledger, lune.apiKey);
    theirs = await signedInWith(ledger, other.apiKey);
  });
  after(() => ledger.stop());

  const upload = (who: Visitor, file: string | Buffer, differing = {}) => uploadAs(ledger, who, file, differing);

  it('are each led to the sign-in page from, where nobody is signed in', async () => {
    const stranger = visitor(ledger);
    const gets = ['', '/register', '/imports', '/pieces', `/piece${path}`, '/batches', '/shipments', '/requests'];
    for (const address of [...gets, '/certificates', '/lots', '/keys', `/do/recall${path}`]) {
      const answer = await stranger.get(`/workshop${address}`);
      expect([address, answer.status]).to.deep.equal([address, 303]);
      expect(answer.location).to.match(/^\/workshop\/sign-in\?back=/);
    }
    const before = await ledger.stored();
    for (const address of ['/register', '/imports', '/keys', `/do/recall${path}`, '/lots/declare']) {
      expect((await stranger.send(`/workshop${address}`, { token: 'x' })).status, address).to.equal(303);
    }
    expect(await ledger.stored()).to.deep.equal(before);
  });

  it('do nothing for a form without the session’s token, from elsewhere, or of another session', async () => {
    const before = await ledger.stored();
    const fields = { ...PIECE, step: 'register', once: ONCE };
    expect((await ours.send('/workshop/register', fields, { token: null })).status).to.equal(403);
    expect(
      (await ours.send('/workshop/register', fields, { headers: { 'sec-fetch-site': 'cross-site' } })).status,
    ).to.equal(403);
    expect((await upload(ours, 'title\nx', { token: 'x' })).status).to.equal(403);
    expect(await ledger.stored()).to.deep.equal(before);
  });

  it('register a form once, however often it is sent', async () => {
    const fields = { ...PIECE, step: 'register', once: ONCE };
    const answers = await Promise.all([1, 2, 3].map(() => ours.send('/workshop/register', fields)));
    expect(new Set(answers.map(({ status, location }) => `${status} ${location}`)).size).to.equal(1);
    expect(answers[0]?.location).to.match(/^\/workshop\/piece\/p\/atelier-lune\/\w{17}\?done=registered$/);
    expect(await ledger.sql(`SELECT 1 FROM pieces WHERE record::json->>'title' = 'Console ring'`)).to.have.length(1);
  });

  it('keep what was typed, with what is wrong beside it, and store nothing', async () => {
    const before = await ledger.stored();
    const title = '<img src=x onerror=alert(1)>"\'&';
    const answer = await ours.send('/workshop/register', {
      ...PIECE,
      title,
      mass_g: '3,2 g',
      metal_1: 'goldd',
      step: 'register',
    });
    expect(answer.status).to.equal(422);
    expect(answer.text).to.contain('value="&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;"');
    expect(answer.text).to.contain('value="3,2 g"').and.to.contain('aria-invalid="true"');
    expect(answer.text).to.not.contain('<img');
    expect(await ledger.stored()).to.deep.equal(before);
  });

  it('refuse a card’s secret wherever it stands, and don’t repeat it', async () => {
    const before = await ledger.stored();
    const typed = await ours.send('/workshop/register', { ...PIECE, story: `Claim it: ${SECRET}`, step: 'preview' });
    expect(typed.status).to.equal(400);
    expect(typed.text).to.not.contain(SECRET.split('#')[1] as string);
    const sent = await upload(ours, `title,kind,metal_1,story\nA,ring,gold,${SECRET}\n`);
    expect(sent.status).to.equal(400);
    const escaped = JSON.stringify([statement(SECRET)]).replace('#c', '\\u0023\\u0063');
    expect((await upload(ours, escaped)).status).to.equal(400);
    expect(await ledger.sql('SELECT 1 FROM console_files')).to.have.length(0);
    expect(await ledger.stored()).to.deep.equal(before);
  });

  it('take back a GTIN that isn’t the organisation’s, beside its field', async () => {
    const answer = await ours.send('/workshop/register', { ...PIECE, gtin: '09506000134352', step: 'preview' });
    expect(answer.status).to.equal(422);
    expect(answer.text).to.contain('is outside your GS1 company prefixes');
  });

  it('offer a stranger’s piece nothing, and refuse what is tried with it', async () => {
    const page = await theirs.get(`/workshop/piece${path}`);
    expect(page.text).to.contain('A ring nobody else may touch');
    for (const action of ['release', 'recall', 'transfer', 'set-card', 'end', 'correct', 'withdraw-registration']) {
      expect(page.text).to.not.contain(`/workshop/do/${action}/`);
      expect((await theirs.get(`/workshop/do/${action}${path}`)).status, action).to.equal(409);
      const sent = await theirs.send(`/workshop/do/${action}${path}`, {
        words: 'x',
        confirm: path.split('/').at(-1) as string,
      });
      expect(sent.status, action).to.equal(409);
    }
    expect(await ledger.sql(`SELECT 1 FROM acts WHERE subjects @> ARRAY[$1]`, 'x')).to.have.length(0);
    expect(await ledger.sql('SELECT 1 FROM acts')).to.have.length(0);
  });

  it('ask for the code before a recall, and send it once it is typed', async () => {
    const to = `/workshop/do/recall${path}`;
    const wrong = await ours.send(to, { words: 'The clasp opens.', confirm: 'yes' });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.contain('The clasp opens.').and.to.contain('must be');
    const code = (path.split('/').at(-1) as string).toLowerCase();
    const sent = await ours.send(to, { words: 'The clasp opens.', confirm: code, once: ONCE.replace('1', '3') });
    expect([sent.status, sent.location?.slice(0, 15)]).to.deep.equal([303, '/workshop/acts/']);
    await until('the recall is on the chain', async () =>
      (await ours.get(sent.location as string)).text.includes('Done.'),
    );
    expect((await theirs.get(sent.location as string)).status).to.equal(404);
  });

  it('ask a piece’s owner to agree to work, who agrees in her own console', async () => {
    const to = `/workshop/do/request-record${path}`;
    const sent = await theirs.send(to, { kind: 'repair', words: 'Clasp replaced.', date: '2026-05-31' });
    expect(sent.status, saidIn(sent.text)).to.equal(303);
    const list = await ours.get('/workshop/requests');
    const id = /\/workshop\/requests\/([0-9a-f-]{36})/.exec(list.text)?.[1];
    expect((await ours.get(`/workshop/requests/${id}`)).text).to.contain('Clasp replaced.');
    const stranger = await signedInWith(ledger, (await ledger.admit('third-house')).apiKey);
    expect((await stranger.get(`/workshop/requests/${id}`)).status).to.equal(404);
    expect((await stranger.send(`/workshop/requests/${id}/decline`, { words: 'no' })).status).to.equal(404);
    const agreed = await ours.send(`/workshop/requests/${id}/agree`, {});
    expect(agreed.status, saidIn(agreed.text)).to.equal(303);
    await until('the repair is on the chain', async () =>
      (await ours.get(agreed.location as string)).text.includes('Done.'),
    );
    expect((await ours.get(`/workshop/requests/${id}`)).text).to.contain('agreed to');
  });

  it('show nothing of another organisation’s', async () => {
    const secret = 'A ring nobody else may touch';
    for (const address of [
      '',
      '/pieces',
      '/pieces?search=touch',
      '/batches',
      '/imports',
      '/lots',
      '/certificates',
      '/keys',
      '/requests',
      '/shipments',
    ]) {
      const { text, status } = await theirs.get(`/workshop${address}`);
      expect(status, address).to.equal(200);
      expect(text, address)
        .to.not.contain(secret)
        .and.to.not.contain(lune.apiKey.split('_')[1] as string);
    }
    expect((await theirs.get('/workshop/batches/1')).status).to.equal(404);
    const key = lune.apiKey.split('_')[1];
    expect((await theirs.get(`/workshop/keys/${key}/revoke`)).status).to.equal(404);
    expect((await theirs.send(`/workshop/keys/${key}/revoke`, {})).status).to.equal(404);
    expect((await ours.get('/workshop')).status).to.equal(200);
  });

  it('let nobody make a key that may do more than her own, or any without all rights', async () => {
    const key = await createApiKey(ledger.service.ledger, lune.organisation, ['read', 'pieces:write'], 'small');
    const small = await signedInWith(ledger, key);
    expect(
      (await small.send('/workshop/keys', { purpose: 'more', scopes: ['read', 'transfers:write'] })).status,
    ).to.equal(403);
    expect((await small.get(`/workshop/keys/${lune.apiKey.split('_')[1]}/revoke`)).status).to.equal(403);
    expect((await small.get(`/workshop/do/recall${path}`)).status).to.equal(403);
    expect((await small.get('/workshop/register')).status).to.equal(200);
    const nothing = await ours.send('/workshop/keys', { purpose: 'none', scopes: 'everything' });
    expect(nothing.status).to.equal(422);
  });

  it('read a file by the columns it is said to have, and keep it from others', async () => {
    const { location } = await upload(ours, 'Name,Sort,Metall\nA,ring,gold\nB,rings,gold\n', {
      name: '../../<b>x.csv',
    });
    expect(location).to.match(/^\/workshop\/imports\/files\/[0-9a-f-]{36}$/);
    const page = await ours.get(location);
    expect(page.text).to.contain('&lt;b&gt;x.csv').and.to.not.contain('../');
    expect((await theirs.get(location)).status).to.equal(404);
    expect((await theirs.send(location, { step: 'register' })).status).to.equal(404);
    const wrong = await ours.send(location, { 'as.0': 'title', 'as.1': 'kindd', 'as.2': 'metal_1', step: 'register' });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.contain('did you mean kind?');
    const fields = { 'as.0': 'title', 'as.1': 'kind', 'as.2': 'metal_1', step: 'register' };
    const [sent, again] = await Promise.all([ours.send(location, fields), ours.send(location, fields)]);
    expect([again.status, again.location]).to.deep.equal([sent.status, sent.location]);
    expect((await ours.send(location, fields)).location).to.equal(sent.location);
    const to = sent.location as string;
    await until('the file is read', async () => (await ours.get(to)).text.includes('Rows to put right'));
    expect((await theirs.get(to)).status).to.equal(404);
    const fixed = { row: '2', 'cell.2.1': 'ring', once: ONCE.replace('1', '2') };
    expect((await theirs.send(`${to}/mend`, fixed)).status).to.equal(404);
    const [one, two] = await Promise.all([ours.send(`${to}/mend`, fixed), ours.send(`${to}/mend`, fixed)]);
    expect([one.status, two.status]).to.deep.equal([303, 303]);
    await until('both are there', async () => {
      const rows = await ledger.sql(`SELECT record::json->>'title' AS title FROM pieces WHERE import_id IS NOT NULL`);
      return rows.length >= 2;
    });
    const titles = await ledger.sql(
      `SELECT record::json->>'title' AS t FROM pieces WHERE import_id IS NOT NULL ORDER BY 1`,
    );
    expect(titles.map(({ t }) => t)).to.deep.equal(['A', 'B']);
    expect((await ours.get(to)).text).to.contain('All refused rows were put right');
  });

  it('take records as JSON, and refuse what is no file of text', async () => {
    const list = JSON.stringify([statement('From JSON'), { title: 5 }]);
    const { location } = await upload(ours, list, { name: 'records.json' });
    const page = await ours.get(location);
    expect(page.text).to.contain('From JSON').and.to.contain('2 rows');
    expect((await upload(ours, Buffer.from([0xff, 0xfe, 0, 1]))).status).to.equal(400);
    expect((await upload(ours, '')).status).to.equal(400);
    expect((await upload(ours, 'title\n')).status).to.equal(422);
  });

  it('offer pieces to another organisation, which alone accepts them', async () => {
    const piece = await register(lune.api, statement('To be shipped'));
    await anchored(lune.api, piece);
    const wrong = await ours.send('/workshop/shipments/offer', { to: 'nobody-here', pieces: piece });
    expect(wrong.status).to.equal(422);
    const offered = await ours.send('/workshop/shipments/offer', {
      to: 'other-house',
      pieces: `${ledger.url}${piece}`,
      note: 'D-1',
    });
    expect(offered.status, saidIn(offered.text)).to.equal(303);
    const at = offered.location as string;
    expect((await ours.send(`${at}/accept`, {})).status).to.equal(404);
    expect((await theirs.get('/workshop')).text).to.contain('A shipment is offered to you');
    expect((await theirs.send(`${at}/accept`, {})).status).to.equal(303);
    await until('it is delivered', async () => (await theirs.get(at)).text.includes('delivered'));
    expect((await theirs.get(`/workshop/piece${piece}`)).text).to.contain('/workshop/do/release/');
  });

  it('declare a lot and divide it', async () => {
    const fields = {
      title: 'Silver grain',
      material: 'metal silver',
      fineness: '999',
      unit: 'mg',
      quantity: '250,5',
      custody: 'unknown',
    };
    expect((await ours.send('/workshop/lots/declare', { ...fields, quantity: 'much' })).status).to.equal(422);
    const sent = await ours.send('/workshop/lots/declare', fields);
    expect(sent.status, saidIn(sent.text)).to.equal(303);
    await until('it is done', async () => (await ours.get(sent.location as string)).text.includes('Done.'));
    await until('the lot is there', async () => (await ours.get('/workshop/lots')).text.includes('250.5 g'));
    const id = /\/workshop\/lots\/(0x[0-9a-f]{64})/.exec((await ours.get('/workshop/lots')).text)?.[1];
    expect((await theirs.get(`/workshop/lots/${id}`)).status).to.equal(404);
    const split = await ours.send(`/workshop/lots/${id}/split`, { quantities: '100; 50.5' });
    expect(split.status, saidIn(split.text)).to.equal(303);
    await until('it is divided', async () =>
      (await ours.get(`/workshop/lots/${id}`)).text.includes('100 g of 250.5 g'),
    );
  });

  it('issue a certificate and revoke it, for who is a certifier', async () => {
    const piece = await register(other.api, statement('To be certified'));
    await anchored(other.api, piece);
    const fields = {
      piece,
      type: 'identification',
      title: 'Identified',
      statement: 'It is a ring.',
      evidence: 'third-party',
    };
    expect((await theirs.send('/workshop/certificates/issue', fields)).status).to.equal(403);
    const sent = await ours.send('/workshop/certificates/issue', fields);
    expect(sent.status, saidIn(sent.text)).to.equal(303);
    const at = sent.location as string;
    await until('it is on the chain', async () => (await ours.get(at)).text.includes('Revoke it'));
    const about = await theirs.get('/workshop/certificates');
    expect(about.text).to.contain('Identified').and.to.contain(piece);
    expect((await theirs.get(`${at}/revoke`)).status).to.equal(404);
    const confirm = at.split('0x')[1]?.slice(0, 8) as string;
    expect((await ours.send(`${at}/revoke`, { reason: 'mistake', confirm: '' })).status).to.equal(422);
    expect((await ours.send(`${at}/revoke`, { reason: 'mistake', words: 'The wrong ring.', confirm })).status).to.equal(
      303,
    );
    await until('it is revoked', async () => /revoked \((anchored|final)\)/.test((await ours.get(at)).text));
  });

  it('take no answer for a passkey’s that nobody asked for, or that was asked of somebody else', async () => {
    const post = (who: Visitor | undefined, path: string, site = 'same-origin') =>
      fetch(`${ledger.url}${path}`, {
        method: 'POST',
        headers: { 'sec-fetch-site': site, ...(who && { cookie: who.cookie }) },
      });
    expect((await post(undefined, '/workshop/sign-in/options', 'cross-site')).status).to.equal(403);
    expect((await post(undefined, '/workshop/keys/options')).status).to.equal(401);
    const options = (await (await post(ours, '/workshop/keys/options')).json()) as Json;
    expect(options).to.deep.include({ attestation: 'none', rp: { name: 'Touchstone', id: 'localhost' } });
    const client = { type: 'webauthn.create', challenge: options.challenge, origin: ledger.url };
    const clientDataJSON = Buffer.from(JSON.stringify(client)).toString('base64url');
    const response = { clientDataJSON, attestationObject: 'o2NmbXRkbm9uZQ' };
    const answer = { id: 'AAAA', rawId: 'AAAA', type: 'public-key', clientExtensionResults: {}, response };
    for (const text of ['', '{}', '[]', 'null', '{"id":5}', JSON.stringify(answer)]) {
      const sent = await theirs.send('/workshop/keys/passkeys', { label: 'x', answer: text });
      expect(sent.status, text).to.equal(400);
      const signIn = await visitor(ledger).send('/workshop/sign-in/passkey', { answer: text });
      expect([signIn.status, signIn.headers.get('set-cookie')], text).to.deep.equal([401, null]);
    }
    expect(await ledger.sql('SELECT 1 FROM console_passkeys')).to.have.length(0);
  });

  it('take a form with a file apart however it is cut, and refuse one that is broken', async () => {
    const page = await ours.get('/workshop/imports');
    const token = /name="token" value="([\w-]+)"/.exec(page.text)?.[1];
    const part = (name: string, value: string) => `--b\r\nContent-Disposition: form-data; ${name}\r\n\r\n${value}\r\n`;
    const fine = `${part('name="token"', token ?? '')}${part('name="file"; filename="a.csv"', 'title,kind,metal_1\r\n--c,ring,gold\r\n--')}--b--\r\n`;
    const post = (body: string, type = 'multipart/form-data; boundary=b') => {
      // A byte or two at a time, so that every delimiter is cut somewhere.
      const chunks = body.match(/[\s\S]{1,7}/g) ?? [];
      const stream = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
      return fetch(`${ledger.url}/workshop/imports`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie: ours.cookie, 'sec-fetch-site': 'same-origin', 'content-type': type },
        body: stream as unknown as BodyInit,
        duplex: 'half',
      } as RequestInit);
    };
    const sent = await post(fine);
    expect(sent.status).to.equal(303);
    const file = await ours.get(sent.headers.get('location') as string);
    expect(file.text).to.contain('--c').and.to.contain('2 rows');
    const broken = [
      fine.slice(0, -20),
      fine.replace('form-data;', 'attachment;'),
      '',
      '--b--',
      `x${fine}`.replaceAll('--b', '-b'),
    ];
    for (const body of broken) expect((await post(body)).status, body.slice(0, 60)).to.be.oneOf([400, 403]);
    expect((await post(fine, 'multipart/form-data')).status).to.equal(415);
    expect((await post(fine, 'application/json')).status).to.equal(415);
  });

  it('answer hostile addresses and forms in words', async () => {
    const gets = [
      '/piece/p/x',
      '/piece/%2e%2e',
      '/batches/9e99',
      '/batches/-1',
      '/imports/1e3',
      '/acts/x',
      '/lots/0x1',
      '/do/nothing/p/a/b',
      '/pieces?after=x&state=y',
      '/certificates/0x00',
    ];
    for (const address of gets) {
      const { status, text } = await ours.get(`/workshop${address}`);
      expect(status, address).to.be.oneOf([200, 400, 404, 409]);
      expect(text).to.contain('</html>');
    }
    const body = `token=x&${'a=b&'.repeat(3_000)}`;
    expect((await ours.send('/workshop/register', {}, { body })).status).to.equal(413);
    expect((await ours.send('/workshop/register', { title: 'x'.repeat(300_000) })).status).to.equal(413);
    const strange = await ours.send('/workshop/register', {
      ...PIECE,
      title: '\0\u202Eabc',
      row: ['metal_99', '__proto__', 'metal_1'],
      step: 'preview',
    });
    expect(strange.status).to.equal(422);
  });
});
