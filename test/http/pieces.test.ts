// Pieces over the API: registered under every kind of code, found again, shown, drawn as QR codes that lead to their
// page, listed and searched; and what the service says about itself.
import { expect } from 'chai';
import { API_ROUTES } from '../../src/http/app.ts';
import { qrText } from '../../src/http/qr.ts';
import {
  type Admitted,
  anchored,
  type Json,
  passport,
  type Reply,
  register,
  startLedger,
  statement,
  type TestLedger,
} from '../support/ledger.ts';
import { readPng, readSvg, readTerminal } from '../support/qr-reader.ts';
import { until } from '../support/raw-chain.ts';

const GTIN = '09506000134352';

describe('a piece', function () {
  this.timeout(240_000);
  let ledger: TestLedger;
  let maker: Admitted;

  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier-lune', ['9506000']);
  });
  after(() => ledger.stop());

  const post = (differing: object) =>
    maker.api.post('/api/v1/pieces', { record: { ...statement('Ring'), ...differing } });

  describe('is registered under', () => {
    const codes: Record<string, readonly [code: object | undefined, path: RegExp]> = {
      'a code that is drawn': [undefined, /^\/p\/atelier-lune\/[0-9A-HJKMNP-TV-Z]{17}$/],
      'a code that is drawn for its own handle': [
        { handle: 'atelier-lune' },
        /^\/p\/atelier-lune\/[0-9A-HJKMNP-TV-Z]{17}$/,
      ],
      'a code of its own, typed in lower case with hyphens': [
        { code: '0000-0000-0000-0000-0' },
        /^\/p\/atelier-lune\/00000000000000000$/,
      ],
      'a GTIN and a serial that is drawn': [{ gtin: GTIN }, /^\/01\/09506000134352\/21\/[0-9A-HJKMNP-TV-Z]{12}$/],
      'a GTIN and a serial of its own': [
        { gtin: GTIN, serial: 'AUBE-2025/1' },
        /^\/01\/09506000134352\/21\/AUBE-2025%2F1$/,
      ],
      'a serial of every mark that GS1 allows': [
        { gtin: GTIN, serial: `!"%&'()*+,-./:;<=>?_` },
        /^\/01\/09506000134352\/21\/!%22%25%26/,
      ],
    };
    const replies = new Map<string, Reply>();
    before(async () => {
      for (const [name, [code]] of Object.entries(codes)) {
        replies.set(name, await post({ title: name, ...(code ? { code } : {}) }));
      }
    });
    for (const [name, [, path]] of Object.entries(codes)) {
      it(`${name}: accepted, anchored, and shown under its public address`, async () => {
        const { status, body } = replies.get(name) as Reply;
        expect(status, JSON.stringify(body)).to.equal(202);
        expect(body.path).to.match(path);
        expect(body).to.include({ state: 'accepted', url: ledger.url + body.path });
        const shown = await anchored(ledger.api, body.path);
        expect(shown).to.include({
          schema: 'touchstone/passport/1',
          state: 'final',
          headline: 'genuine-record',
          path: body.path,
          recordHash: body.recordHash,
        });
        expect(shown.record.title).to.equal(name);
        const page = await ledger.api.get(body.path);
        expect([page.status, page.headers.get('content-type')]).to.deep.equal([200, 'text/html; charset=utf-8']);
        for (const form of ['png', 'svg'] as const) {
          const response = await fetch(`${ledger.url}/api/v1/pieces${body.path}/qr.${form}`);
          const read =
            form === 'png' ? readPng(new Uint8Array(await response.arrayBuffer())) : readSvg(await response.text());
          expect(await read, form).to.equal(body.url);
        }
      });
    }
  });

  it('has a history, tokens’ metadata and a batch that agree with its passport', async () => {
    const path = await register(maker.api, statement('Agreeing'));
    const shown = await anchored(ledger.api, path);
    const { body: history } = await ledger.api.get(`/api/v1/pieces${path}/history`);
    expect(history.timeline).to.deep.equal(shown.timeline);
    expect(history.keeper).to.deep.equal(shown.keeper);
    const { body: token } = await ledger.api.get(`/api/v1/tokens/${shown.tokenId}`);
    expect(token).to.include({ name: 'Agreeing', external_url: ledger.url + path });
    expect((await fetch(token.image)).headers.get('content-type')).to.contain('image/svg+xml');
    const { body: batch } = await ledger.api.get(`/api/v1/batches/${shown.batch.id}`);
    expect(batch).to.include({
      id: shown.batch.id,
      root: shown.batch.root,
      block: shown.batch.block,
      state: 'complete',
    });
    expect((BigInt(shown.tokenId) >> 32n).toString()).to.equal(shown.batch.id);
    const { body: chain } = await ledger.api.get('/api/v1/chain');
    expect(chain).to.include({ chainId: shown.asOf.chainId, pieces: shown.asOf.registry, embedded: true });
  });

  it('has QR codes in every size and correction that lead to its page, also in a terminal', async () => {
    const path = await register(maker.api, statement('Drawn'));
    const url = ledger.url + path;
    for (const level of ['L', 'M', 'Q', 'H']) {
      for (const query of [`level=${level}`, `level=${level}&margin=16`, `level=${level}&px=300`]) {
        const png = await fetch(`${ledger.url}/api/v1/pieces${path}/qr.png?${query}`);
        expect(png.headers.get('content-type')).to.equal('image/png');
        expect(await readPng(new Uint8Array(await png.arrayBuffer())), query).to.equal(url);
      }
      const svg = await ledger.api.get(`/api/v1/pieces${path}/qr.svg?level=${level}&mm=12.5`);
      expect(svg.text).to.contain('width="12.5mm" height="12.5mm"');
      expect(await readSvg(svg.text), level).to.equal(url);
    }
    const text = await qrText(url);
    expect(await readTerminal(text)).to.equal(url);
    expect(
      text
        .split('\n')
        .every((row) => row === '' || (row.startsWith('\u001b[47m\u001b[30m    ') && row.endsWith('    \u001b[0m'))),
    ).to.equal(true);
  });

  it('is found at one address: lower case goes on to the printed one; what is typed is understood', async () => {
    const path = await register(maker.api, statement('Typed'));
    const code = path.split('/').at(-1) as string;
    const lower = await ledger.api.get(path.toLowerCase());
    expect([lower.status, lower.headers.get('location')]).to.deep.equal([301, path]);
    for (const typed of [
      path,
      ledger.url + path,
      `atelier-lune ${code}`,
      `ATELIER-LUNE ${code.toLowerCase()}`,
      `atelier-lune/${code.slice(0, 8)} ${code.slice(8)}`,
    ]) {
      const found = await ledger.api.get(`/find?code=${encodeURIComponent(typed)}`);
      expect([found.status, found.headers.get('location')], typed).to.deep.equal([303, path]);
    }
    expect((await ledger.api.get('/find?code=nonsense')).status).to.equal(400);
    expect((await ledger.api.get('/find')).status).to.equal(400);
  });

  it('is listed newest first, page by page, and found by title and code, wildcards being plain letters', async () => {
    const shop = await ledger.admit('maison-verre');
    const paths: string[] = [];
    for (const title of ['Lune 100%', 'Lune 1000', 'Lune_A', 'LuneXA', 'Étoile', 'back\\slash'])
      paths.unshift(await register(shop.api, statement(title)));
    const seen: string[] = [];
    for (let query = 'limit=4'; query; ) {
      const { body } = await shop.api.get(`/api/v1/pieces?${query}`);
      seen.push(...body.items.map((item: Json) => item.path));
      query = body.next === null ? '' : `limit=4&cursor=${body.next}`;
    }
    expect(seen).to.deep.equal(paths);
    const found = async (search: string) => {
      const { body } = await shop.api.get(`/api/v1/pieces?search=${encodeURIComponent(search)}`);
      return body.items.map((item: Json) => item.title).sort();
    };
    expect(await found('lune 100%')).to.deep.equal(['Lune 100%']);
    expect(await found('Lune_A')).to.deep.equal(['Lune_A']);
    expect(await found('étoile')).to.deep.equal(['Étoile']);
    expect(await found('\\')).to.deep.equal(['back\\slash']);
    expect(await found((paths[0] as string).slice(-8))).to.deep.equal(['back\\slash']);
    expect(await found('nothing')).to.deep.equal([]);
  });

  it('with declared history stays off the chain unless asked for; its passport is the same', async () => {
    const history = [{ kind: 'holder', text: 'Mme de R., Paris' }];
    const modes = await Promise.all(
      [undefined, 'published' as const].map(async (mode) => {
        const path = await register(maker.api, { ...statement('With history'), history }, mode);
        return (await anchored(ledger.api, path)).batch.published;
      }),
    );
    expect(modes).to.deep.equal([false, true]);
    const path = await register(maker.api, statement('Without history'));
    expect((await anchored(ledger.api, path)).batch.published).to.equal(true);
    expect((await passport(ledger.api, path)).headline).to.equal('genuine-record');
  });
});

describe('the service about itself', function () {
  this.timeout(240_000);
  let ledger: TestLedger;
  before(async () => {
    ledger = await startLedger();
  });
  after(() => ledger.stop());

  it('is alive, ready and counts', async () => {
    expect((await ledger.api.get('/healthz')).body).to.deep.equal({ status: 'alive' });
    const ready = await ledger.api.get('/readyz');
    expect([ready.status, ready.body]).to.deep.equal([
      200,
      { ready: true, parts: { database: 'ok', node: 'ok', index: 'ok' } },
    ]);
    let text = '';
    await until('the first blocks are indexed', async () => {
      text = (await ledger.api.get('/metrics')).text;
      return /^touchstone_indexed_block \d+$/m.test(text);
    });
    for (const name of ['touchstone_pieces_waiting', 'touchstone_transactions_open', 'touchstone_indexed_block']) {
      expect(text).to.match(new RegExp(`^${name} \\d+$`, 'm'));
    }
  });

  it('sends every answer with an id of its own and headers that let no page be framed or run scripts', async () => {
    const ids = new Set<string>();
    for (const path of ['/', '/docs', '/openapi.json', '/healthz', '/nothing', '/api/v1/nothing', '/p/x/y']) {
      const { headers } = await ledger.api.get(path);
      ids.add(headers.get('x-request-id') as string);
      expect(headers.get('content-security-policy'), path)
        .to.contain("default-src 'none'")
        .and.to.contain("frame-ancestors 'none'");
      expect(headers.get('content-security-policy'), path).to.not.contain('unsafe-inline');
      expect(headers.get('x-content-type-options'), path).to.equal('nosniff');
      expect(headers.get('referrer-policy'), path).to.equal('no-referrer');
      expect(headers.get('x-powered-by'), path).to.equal(null);
    }
    expect(ids.size).to.equal(7);
  });

  it('describes its API in OpenAPI 3.1: every route, every parameter, every reference', async () => {
    const { body: document } = await ledger.api.get('/openapi.json');
    expect(document.openapi).to.match(/^3\.1\.\d$/);
    expect(document.info).to.include.keys('title', 'version');
    const described = Object.entries<Json>(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method} ${path}`),
    );
    const routes = API_ROUTES.map(
      (route) => `${route.method} ${route.path.replace('*path', '{path}').replace(/:(\w+)/g, '{$1}')}`,
    );
    expect(described.sort()).to.deep.equal(routes.sort());
    for (const [path, item] of Object.entries<Json>(document.paths)) {
      for (const operation of Object.values<Json>(item)) checkOperation(path, operation);
    }
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
      ([, reference]) => reference as string,
    );
    expect(references.length).to.be.greaterThan(10);
    for (const reference of references) {
      expect(reference).to.match(/^#\//);
      const found = reference
        .slice(2)
        .split('/')
        .reduce((at: Json, key) => at?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], document);
      expect(found, reference).to.be.an('object');
    }
    expect(document.components.schemas.Record.properties).to.include.keys('title', 'materials', 'code');
  });

  function checkOperation(path: string, operation: Json): void {
    expect(operation.summary, path).to.be.a('string');
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const parameters = operation.parameters.filter((parameter: Json) => parameter.in === 'path');
    expect(
      parameters.map((parameter: Json) => parameter.name),
      path,
    ).to.deep.equal(inPath);
    for (const parameter of operation.parameters) {
      expect(parameter, path).to.include.keys('name', 'in', 'required', 'schema');
      if (parameter.in === 'path') expect(parameter.required).to.equal(true);
    }
    const names = operation.parameters.map((parameter: Json) => `${parameter.in} ${parameter.name}`);
    expect(new Set(names).size, path).to.equal(names.length);
    for (const [status, response] of Object.entries<Json>(operation.responses)) {
      expect(status).to.match(/^(2\d\d|default)$/);
      expect(response.description, path).to.be.a('string');
    }
    // An empty one: a key may be sent, and need not be.
    for (const requirement of operation.security ?? []) expect([{ apiKey: [] }, {}]).to.deep.include(requirement);
  }

  it('can be read by people: every operation and every error code has its place in /docs', async () => {
    const [{ text }, { body: document }] = await Promise.all([
      ledger.api.get('/docs'),
      ledger.api.get('/openapi.json'),
    ]);
    for (const path of Object.keys(document.paths)) expect(text).to.contain(path);
    for (const code of document.components.schemas.Problem.properties.code.enum)
      expect(text).to.contain(`id="${code}"`);
    expect(text).to.not.contain('<script');
    const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).to.equal(ids.length);
  });
});
