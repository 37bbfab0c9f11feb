// Passports that are made ready once and answered often: that they are never older than a second, the same in every
// coding, told apart by their tag, and that nothing is remembered that shouldn't be.
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { Request, Response } from 'express';
import { codeOfPath, type PieceCode } from '../../src/core/code.ts';
import type { Passport } from '../../src/core/passport.ts';
import { passportAs, recall, rememberedBytes } from '../../src/http/passports.ts';
import { codingsIn } from '../../src/http/ready-body.ts';
import type { Context } from '../../src/http/route.ts';
import { ENGLISH } from '../../src/web/language.ts';
import {
  type Admitted,
  anchored,
  passport,
  register,
  startLedger,
  statement,
  type TestLedger,
} from '../support/ledger.ts';
import { ask, type PlainReply } from '../support/plain-http.ts';
import { until } from '../support/raw-chain.ts';

const VIEWS = { page: '', json: '/api/v1/pieces' } as const;
const VARY = { page: 'accept-encoding, accept-language', json: 'accept-encoding' } as const;
/** What differs from answer to answer anyway. */
const OWN = ['date', 'x-request-id'];

describe('a passport made ready', function () {
  this.timeout(240_000);
  let ledger: TestLedger;
  let maker: Admitted;
  let path: string;

  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier-lune');
    path = await register(maker.api, statement('Ready'));
    await anchored(ledger.api, path);
  });
  after(() => ledger.stop());

  for (const [view, prefix] of Object.entries(VIEWS)) {
    const vary = VARY[view as keyof typeof VIEWS];
    describe(`as ${view}`, () => {
      const get = (headers: Record<string, string> = {}, method = 'GET') =>
        ask(ledger.url + prefix + path, headers, method);

      it('says the same in every coding, under one tag, and that it differs by what is accepted', async () => {
        const plain = await get();
        expect(plain.headers).to.include({ vary, 'cache-control': 'no-cache' });
        expect(plain.headers).to.not.have.property('content-encoding');
        const seen = new Set<string | undefined>();
        for (const accepted of Array(8).fill(['identity', 'gzip', 'br', 'gzip, deflate, br, zstd', '*']).flat()) {
          const reply = await get({ 'accept-encoding': accepted });
          seen.add(reply.headers['content-encoding']);
          expect(decoded(reply).equals(plain.bytes), accepted).to.equal(true);
          expect(reply.headers['content-length']).to.equal(String(reply.bytes.length));
          for (const name of ['etag', 'vary', 'cache-control', 'content-type']) {
            expect(reply.headers[name], name).to.equal(plain.headers[name]);
          }
        }
        expect(seen).to.deep.equal(new Set([undefined, 'gzip', 'br']));
      });

      it('is answered with 304 to who has it, in whatever coding, and whole to everybody else', async () => {
        const { headers, bytes } = await get();
        const etag = String(headers['etag']);
        const has = [etag, etag.replace('W/', ''), `"other", ${etag}`, '*'];
        for (const tags of has) {
          for (const accepted of ['gzip', 'identity']) {
            const reply = await get({ 'if-none-match': tags, 'accept-encoding': accepted });
            expect([reply.status, reply.bytes.length], tags).to.deep.equal([304, 0]);
            expect(reply.headers).to.include({ etag, vary, 'cache-control': 'no-cache' });
            expect(reply.headers).to.not.have.any.keys('content-encoding', 'content-type');
          }
        }
        const others = [{ 'if-none-match': '"other"' }, { 'if-none-match': etag, 'cache-control': 'no-cache' }];
        for (const given of others) {
          const reply = await get(given);
          expect([reply.status, reply.bytes.equals(bytes)]).to.deep.equal([200, true]);
        }
      });

      it('has the same headers without its body, made anew or remembered', async () => {
        const other = await register(maker.api, statement('Fresh'));
        const url = ledger.url + prefix + other;
        await anchored(ledger.api, other);
        for (const accepted of ['identity', 'gzip']) {
          const replies: PlainReply[] = [];
          for (const method of ['HEAD', 'GET', 'HEAD', 'GET']) {
            replies.push(await ask(url, { 'accept-encoding': accepted }, method));
          }
          const [first, ...rest] = replies.map(({ status, headers }) => ({ status, ...without(headers, OWN) }));
          expect(first).to.include({ status: 200, 'x-content-type-options': 'nosniff' });
          expect(first).to.have.property('content-security-policy');
          for (const each of rest) expect(each).to.deep.equal(first);
          expect(replies.map(({ bytes }) => bytes.length > 0)).to.deep.equal([false, true, false, true]);
        }
      });
    });
  }

  describe('in a language', () => {
    const page = (headers: Record<string, string>, query = '') => ask(ledger.url + path + query, headers);
    const languageOf = ({ headers, bytes }: PlainReply) => {
      const declared = /<html lang="([a-z]+)" dir="([a-z]+)">/.exec(bytes.toString());
      return [headers['content-language'], declared?.[1], declared?.[2]];
    };

    it('is the one the browser likes best, or the one that was chosen, made anew or remembered', async () => {
      for (let round = 0; round < 2; round++) {
        expect(languageOf(await page({}))).to.deep.equal(['en', 'en', 'ltr']);
        expect(languageOf(await page({ 'accept-language': 'fr-CA, en;q=0.5' }))).to.deep.equal(['fr', 'fr', 'ltr']);
        expect(languageOf(await page({ 'accept-language': 'fr' }, '?lang=ar'))).to.deep.equal(['ar', 'ar', 'rtl']);
        for (const query of ['?lang=tlh', '?lang=', '?lang=EN', '?lang[]=de', '?lang=de&lang=it']) {
          expect(languageOf(await page({ 'accept-language': 'ja' }, query))[0], query).to.equal('ja');
        }
      }
    });

    it('has a tag of its own, told with 304 as well', async () => {
      const [english, german] = [await page({}), await page({ 'accept-language': 'de' })];
      expect(german.headers['etag']).to.not.equal(english.headers['etag']);
      const tag = String(english.headers['etag']);
      expect((await page({ 'accept-language': 'de', 'if-none-match': tag })).status).to.equal(200);
      const again = await page({ 'if-none-match': tag });
      expect(again.status).to.equal(304);
      expect(again.headers).to.include({ 'content-language': 'en', vary: VARY.page });
    });

    it('stays chosen along links, and only where it was chosen', async () => {
      const chosen = (await page({}, '?lang=de')).bytes.toString();
      expect(chosen).to.contain('href="/?lang=de"').and.to.contain('href="/my?lang=de"');
      const liked = (await page({ 'accept-language': 'de' })).bytes.toString();
      expect(liked).to.contain('href="/my"').and.to.not.contain('href="/?lang=de"');
    });
  });

  it('counts as the route it is', async () => {
    for (const prefix of Object.values(VIEWS)) await ask(ledger.url + prefix + path);
    const { text } = await ledger.api.get('/metrics');
    for (const route of ['passport page', '/api/v1/pieces/*path']) {
      expect(text).to.contain(`touchstone_http_request_seconds_count{method="GET",route="${route}",status="200"}`);
    }
  });

  describe('from memory', () => {
    let clock: number;
    let context: Context;
    const titleOf = ({ record }: Passport) => record.title;
    const view = (render: (passport: Passport) => string, code = codeOfPath(path) as PieceCode) =>
      passportAs('json', context, code, render);

    beforeEach(() => {
      clock = 1_000_000;
      // Another object, and so a memory of its own, with a clock of its own.
      context = {
        ledger: { ...ledger.service.ledger, now: () => clock },
        publicUrl: ledger.url,
        press: ledger.service.press,
      };
    });

    it('is the one before a move for a second at most, and then the one after it', async () => {
      const moved = await register(maker.api, statement('Moved'));
      await anchored(ledger.api, moved);
      const code = codeOfPath(moved) as PieceCode;
      const keeper = (shown: Passport) => `${shown.keeper.number} as of ${shown.asOf?.block}`;
      const before = await view(keeper, code);
      const to = `0x${'ab'.repeat(20)}`;
      expect((await maker.api.post('/api/v1/transfers', { path: moved, to })).status).to.equal(202);
      await until('the move is known', async () => (await passport(ledger.api, moved)).keeper.number === 2);
      clock += 999;
      expect(await view(keeper, code)).to.equal(before);
      expect(before?.says(`1 as of ${(await passport(ledger.api, moved)).asOf.block}`)).to.equal(false);
      clock += 1;
      const after = await view(keeper, code);
      expect(after?.says(`2 as of ${(await passport(ledger.api, moved)).asOf.block}`)).to.equal(true);
    });

    it('is answered at once within its second, under its own address and to who only reads, and never else', async () => {
      await view(titleOf);
      const answers = (url: string, method = 'GET') => {
        let answered = true;
        const response = { locals: {}, setHeader() {}, end() {} };
        recall(() => context)({ url, method, headers: {} } as Request, response as unknown as Response, () => {
          answered = false;
        });
        return answered;
      };
      const url = `/api/v1/pieces${path}`;
      expect([answers(url), answers(url, 'HEAD'), answers(url, 'POST')]).to.deep.equal([true, true, false]);
      for (const other of [path, `${url}/`, `${url}?x`, `/api/v1${path}`, '/api/v1/pieces', '/', '', '__proto__']) {
        expect(answers(other), other).to.equal(false);
      }
      clock += 999;
      expect(answers(url)).to.equal(true);
      clock += 1;
      expect(answers(url)).to.equal(false);
      void passportAs(ENGLISH, context, codeOfPath(path) as PieceCode, titleOf);
      expect(answers(url), 'while it is read anew').to.equal(false);
    });

    it('is made once of a reading, however many ask at once', async () => {
      let made = 0;
      const count = (shown: Passport) => `${titleOf(shown)} ${++made}`;
      const bodies = await Promise.all(Array.from({ length: 50 }, () => view(count)));
      expect([new Set(bodies).size, made]).to.deep.equal([1, 1]);
    });

    it('is kept with its compressed forms when a later reading says the same, and made anew when it doesn’t', async () => {
      const first = await view(titleOf);
      clock += 5_000;
      expect(await view(titleOf)).to.equal(first);
      clock += 5_000;
      expect((await view((shown) => `${titleOf(shown)}, differently`))?.etag).to.not.equal(first?.etag);
    });

    it('weighs what it takes, and forgets codes that nobody registered', async () => {
      expect(rememberedBytes(context.ledger)).to.equal(0);
      for (let i = 0; i < 100; i++) {
        const code = { gtin: '09506000134352', serial: `NOBODY-${i}` };
        expect(await view(titleOf, code)).to.equal(undefined);
      }
      expect(rememberedBytes(context.ledger)).to.equal(0);
      await view(() => 'x'.repeat(100_000));
      expect(rememberedBytes(context.ledger)).to.be.within(100_000, 150_000);
    });

    it('is not there when it could not be read, and there again when it could', async () => {
      let away = true;
      const { db } = ledger.service.ledger;
      const query: typeof db.query = (text, values) =>
        away ? Promise.reject(new Error('away')) : db.query(text, values);
      context = { ...context, ledger: { ...context.ledger, db: { ...db, query } } };
      const failed = await view(titleOf).catch((error: Error) => error.message);
      expect([failed, rememberedBytes(context.ledger)]).to.deep.equal(['away', 0]);
      away = false;
      expect((await view(titleOf))?.says('Ready')).to.equal(true);
    });
  });
});

describe('Accept-Encoding', () => {
  const cases: Record<string, readonly [gzip: number, brotli: number]> = {
    '': [0, 0],
    gzip: [1, 0],
    'GZip , BR': [1, 1],
    'gzip;q=0, br': [0, 1],
    'gzip; q=0.5, br; q=0.25': [0.5, 0.25],
    '*': [1, 1],
    '*;q=0': [0, 0],
    'br;q=0, *;q=0.1': [0.1, 0],
    'identity, gzip;q=0.5': [0, 0],
    'identity;q=0.5, gzip': [1, 0],
    'gzip;q=nonsense': [0, 0],
    'gzip;q=7': [0, 0],
    'x-gzip-not, deflate': [0, 0],
    ',;,;q=,': [0, 0],
  };
  for (const [header, [gzip, brotli]] of Object.entries(cases)) {
    it(`“${header}”: gzip ${gzip}, Brotli ${brotli}`, () => {
      expect(codingsIn(header)).to.deep.equal({ gzip, brotli });
      expect(codingsIn(header)).to.deep.equal({ gzip, brotli });
    });
  }

  it('left out: as it is', () => {
    expect(codingsIn(undefined)).to.deep.equal({ gzip: 0, brotli: 0 });
  });
});

function decoded({ headers, bytes }: PlainReply): Buffer {
  if (headers['content-encoding'] === 'gzip') return gunzipSync(bytes);
  if (headers['content-encoding'] === 'br') return brotliDecompressSync(bytes);
  return bytes;
}

function without(headers: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}
