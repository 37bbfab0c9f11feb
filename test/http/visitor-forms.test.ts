// Feedback and reports of suspected counterfeits on a real service: what is taken and what isn't, that it reaches the right
// organisation and no other, and that hostile words stay words.
import { expect } from 'chai';
import { cardSecret, printedSecret } from '../../src/core/card.ts';
import { ownCode } from '../../src/core/code.ts';
import { feedbackFigures, forgetFeedback } from '../../src/ledger/feedback.ts';
import { decideSuspicion, listSuspicions } from '../../src/ledger/suspicions.ts';
import {
  type Admitted,
  type Json,
  type Reply,
  register,
  startLedger,
  statement,
  type TestLedger,
} from '../support/ledger.ts';

const FORM = 'application/x-www-form-urlencoded';
const RATES = { visits: 4, visitsMs: 600_000 };
const HOSTILE = '<img src=x onerror=alert(1)> "\' & =1+1 {maker} %s';

describe('what visitors write', function () {
  this.timeout(240_000);
  let ledger: TestLedger;
  let maker: Admitted;
  let other: Admitted;
  let path: string;
  let addresses = 0;

  before(async () => {
    ledger = await startLedger({ RATE_LIMITS: 'on' }, { rates: { ...RATES, reads: 100_000, writes: 100_000 } });
    maker = await ledger.admit('atelier-lune', ['9506000']);
    other = await ledger.admit('atelier-sol');
    path = await register(maker.api, statement('Spoken about', { language: 'fr' }));
  });
  after(() => ledger?.stop());
  beforeEach(() => ledger.sql('TRUNCATE feedback, suspicions'));

  /** From an address nobody wrote from before, unless one is given. */
  function send(at: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Reply> {
    addresses += 1;
    const from = `203.0.${Math.floor(addresses / 250)}.${addresses % 250}`;
    const body = new URLSearchParams(fields).toString();
    return ledger.api.raw(at, {
      method: 'POST',
      body,
      headers: { 'content-type': FORM, 'x-forwarded-for': from, 'sec-fetch-site': 'same-origin', ...headers },
    });
  }
  const feedback = (fields: Record<string, string>, headers = {}) => send(`/feedback${path}`, fields, headers);
  const DOUBT = { seen: 'A market in Lyon', difference: 'No hallmark' };
  const suspicion = (fields: Record<string, string> = DOUBT, at = path, headers = {}) =>
    send(`/suspicion${at}`, fields, headers);
  const stored = (table: 'feedback' | 'suspicions') => ledger.sql(`SELECT * FROM ${table} ORDER BY id`);

  describe('as feedback', () => {
    it('is a form that needs no script, in the visitor’s language', async () => {
      const reply = await ledger.api.get(`/feedback${path}`, { 'accept-language': 'de-CH' });
      expect(reply.status).to.equal(200);
      expect(reply.headers.get('content-language')).to.equal('de');
      expect(reply.headers.get('content-security-policy')).to.not.include('script-src');
      expect(reply.headers.get('set-cookie')).to.equal(null);
      expect(reply.text).to.match(/<form[^>]*method="post"/);
      expect(reply.text).to.not.include('<script');
      expect(reply.text.match(/type="radio"/g)).to.have.length(11);
    });

    it('is stored, answered by a thanks page to come back to, and given to the maker', async () => {
      const reply = await feedback({ score: '9', words: '  Beautiful\r\nwork ', lang: 'fr' });
      expect([reply.status, reply.headers.get('location')]).to.deep.equal([303, `/feedback${path}?sent&lang=fr`]);
      const thanks = await ledger.api.get(`/feedback${path}?sent&lang=fr`);
      expect(thanks.status).to.equal(200);
      const { body } = await maker.api.get('/api/v1/feedback');
      expect(body.items).to.have.length(1);
      expect(body.items[0]).to.deep.include({ path, score: 9, words: 'Beautiful\nwork', language: 'fr' });
      expect(Object.keys(body.items[0]).sort()).to.deep.equal(['day', 'id', 'language', 'path', 'score', 'words']);
      expect(body.next).to.equal(null);
    });

    it('without a number, or with words that can’t be taken, comes back with what was typed', async () => {
      for (const score of ['', '11', '-1', '5.5', '1e1', 'ten', '05']) {
        const reply = await feedback({ score, words: HOSTILE });
        expect(reply.status, score).to.equal(422);
        expect(reply.text).to.include('Choose a number from 0 to 10.');
        expect(reply.text).to.include(
          '&lt;img src=x onerror=alert(1)&gt; &quot;&#39; &amp; =1+1 {maker} %s</textarea>',
        );
      }
      const long = await feedback({ score: '5', words: 'x'.repeat(1_001) });
      expect(long.text).to.include('This has 1001 characters; at most 1000 can be taken.');
      expect((await feedback({ score: '5', words: 'a\u0007b' })).status).to.equal(422);
      expect(await stored('feedback')).to.deep.equal([]);
    });

    it('with a card’s secret in it is refused, and nothing of it is kept or shown', async () => {
      const secret = printedSecret(cardSecret(new Uint8Array(16).fill(5)));
      const reply = await feedback({ score: '5', words: `My card is ${secret}` });
      expect(reply.status).to.equal(400);
      expect(reply.text).to.not.include(secret.slice(0, 11));
      expect(await stored('feedback')).to.deep.equal([]);
    });

    it('from a program that fills every field is thanked and dropped', async () => {
      const reply = await feedback({ score: '0', words: 'buy', homepage: 'https://spam.example' });
      expect(reply.status).to.equal(303);
      expect(await stored('feedback')).to.deep.equal([]);
    });

    it('sent by another site’s page, or as something else than a form, is refused', async () => {
      expect((await feedback({ score: '0' }, { 'sec-fetch-site': 'cross-site' })).status).to.equal(403);
      expect((await feedback({ score: '0' }, { 'content-type': 'application/json' })).status).to.equal(415);
      expect((await feedback({ score: '0', words: 'x'.repeat(40_000) })).status).to.equal(413);
      expect(await stored('feedback')).to.deep.equal([]);
    });

    it('about nothing that is registered has nobody to go to', async () => {
      const unknown = '/01/09506000134352/21/NOBODYS';
      expect((await ledger.api.get(`/feedback${unknown}`)).status).to.equal(404);
      expect((await send(`/feedback${unknown}`, { score: '5' })).status).to.equal(404);
      expect((await ledger.api.get('/feedback/01/nonsense')).status).to.equal(404);
      expect(await stored('feedback')).to.deep.equal([]);
    });

    it('is limited by address: the form comes back with what was typed, another address goes on', async () => {
      const from = { 'x-forwarded-for': '198.51.100.1' };
      for (let i = 0; i < RATES.visits; i++) expect((await feedback({ score: '7' }, from)).status).to.equal(303);
      const reply = await feedback({ score: '7', words: 'and another thing' }, from);
      expect([reply.status, reply.headers.get('retry-after')]).to.deep.equal([429, '600']);
      expect(reply.text)
        .to.include('and another thing</textarea>')
        .and.to.match(/id="score-7"[^>]*checked/);
      expect((await suspicion(DOUBT, path, from)).status).to.equal(429);
      expect((await feedback({ score: '7' })).status).to.equal(303);
      expect(await stored('feedback')).to.have.length(RATES.visits + 1);
    });

    it('is limited by piece, however many addresses it comes from; another piece goes on', async () => {
      for (let i = 0; i < 30; i++) expect((await feedback({ score: '0' })).status).to.equal(303);
      expect((await feedback({ score: '0' })).status).to.equal(429);
      const second = await register(maker.api, statement('Another'));
      expect((await send(`/feedback${second}`, { score: '10' })).status).to.equal(303);
      expect(await stored('feedback')).to.have.length(31);
    });

    it('is paged, and another organisation sees none of it', async () => {
      for (let i = 0; i < 5; i++) await feedback({ score: String(i) });
      const first = (await maker.api.get('/api/v1/feedback?limit=3')).body;
      expect(first.items.map(({ score }: Json) => score)).to.deep.equal([4, 3, 2]);
      const second = (await maker.api.get(`/api/v1/feedback?limit=3&cursor=${first.next}`)).body;
      expect([second.items.map(({ score }: Json) => score), second.next]).to.deep.equal([[1, 0], null]);
      const theirs = (await other.api.get(`/api/v1/feedback?piece=${encodeURIComponent(path)}`)).body;
      expect(theirs.items).to.deep.equal([]);
      expect(theirs.figures).to.deep.equal({ distribution: Array(11).fill(0), months: [] });
      expect((await ledger.api.get('/api/v1/feedback')).status).to.equal(401);
    });

    it('is summed up by month: promoters less detractors', async () => {
      const put = (month: string, ...scores: number[]) =>
        ledger.sql(
          `INSERT INTO feedback (organisation, path, score, language, created_at)
           SELECT $1, $2, score, 'en', $3::timestamptz FROM unnest($4::smallint[]) AS score`,
          maker.organisation,
          path,
          `${month}-15T12:00:00Z`,
          scores,
        );
      await put('2026-02', 10, 9, 8, 7, 6, 0);
      await put('2026-04', 10, 10, 3);
      const { months, distribution } = await feedbackFigures(ledger.service.ledger.db, maker.organisation);
      expect(months).to.deep.equal([
        { month: '2026-02', answers: 6, promoters: 2, detractors: 2, netPromoterScore: 0 },
        { month: '2026-04', answers: 3, promoters: 2, detractors: 1, netPromoterScore: 33 },
      ]);
      expect(distribution).to.deep.equal([1, 0, 0, 1, 0, 0, 1, 1, 1, 1, 3]);
    });

    it('is forgotten after three years', async () => {
      await feedback({ score: '5' });
      await ledger.sql(`UPDATE feedback SET created_at = now() - interval '37 months'`);
      await feedback({ score: '6' });
      await forgetFeedback(ledger.service.ledger.db);
      expect((await stored('feedback')).map(({ score }) => score)).to.deep.equal([6]);
    });
  });

  describe('as a suspicion', () => {
    it('goes to who registered the piece, and is shown to nobody else', async () => {
      const reply = await suspicion({ ...DOUBT, link: 'https://shop.example/ring?x=1', difference: HOSTILE });
      expect([reply.status, reply.headers.get('location')]).to.deep.equal([303, `/suspicion${path}?sent&lang=en`]);
      const { body } = await maker.api.get('/api/v1/suspicions');
      expect(body.items).to.have.length(1);
      expect(body.items[0]).to.deep.include({
        path,
        about: 'piece',
        seen: 'A market in Lyon',
        link: 'https://shop.example/ring?x=1',
        difference: HOSTILE,
        state: 'open',
        note: null,
      });
      expect((await other.api.get('/api/v1/suspicions')).body.items).to.deep.equal([]);
      expect((await ledger.api.get(path)).text).to.not.include('A market in Lyon');
    });

    it('needs a place and a reason; an address has to be one', async () => {
      for (const [fields, fault] of [
        [{ difference: 'x' }, 'This is needed.'],
        [{ seen: 'x' }, 'This is needed.'],
        [{ ...DOUBT, link: 'javascript:alert(1)' }, 'Write the whole web address'],
        [{ ...DOUBT, link: 'https://' }, 'Write the whole web address'],
        [{ ...DOUBT, seen: 'x'.repeat(301) }, 'at most 300'],
      ] as const) {
        const reply = await suspicion(fields as unknown as Record<string, string>);
        expect(reply.status).to.equal(422);
        expect(reply.text).to.include(fault);
      }
      expect(await stored('suspicions')).to.deep.equal([]);
    });

    it('about an unknown code goes to whose handle or prefix stands in it, else to the operator', async () => {
      const [own, theirs, nobodys] = [
        ownCode('atelier-lune', new Uint8Array(10).fill(3)),
        ownCode('atelier-sol', new Uint8Array(10).fill(3)),
        ownCode('who-is-that', new Uint8Array(10).fill(3)),
      ].map(({ handle, code }) => `/p/${handle}/${code}`) as [string, string, string];
      const unknown = await ledger.api.get(own);
      expect(unknown.status).to.equal(404);
      expect(unknown.text).to.include(`href="/suspicion${own}"`);
      for (const at of [own, theirs, nobodys, '/01/09506000134352/21/NOBODYS']) {
        expect((await ledger.api.get(`/suspicion${at}`)).status).to.equal(200);
        expect((await suspicion(DOUBT, at)).status, at).to.equal(303);
      }
      const rows = await stored('suspicions');
      expect(rows.map(({ organisation, about }) => [organisation, about])).to.deep.equal([
        [maker.organisation, 'unknown-code'],
        [other.organisation, 'unknown-code'],
        [null, 'unknown-code'],
        [maker.organisation, 'unknown-code'],
      ]);
    });

    it('is limited by piece', async () => {
      for (let i = 0; i < 20; i++) expect((await suspicion()).status).to.equal(303);
      const reply = await suspicion({ ...DOUBT, difference: 'still here' });
      expect(reply.status).to.equal(429);
      expect(reply.text).to.include('still here</textarea>');
    });

    it('about a gift message asks what is wrong with it, and nothing else', async () => {
      const form = await ledger.api.get(`/suspicion${path}?about=message`);
      expect(form.text).to.include('Report a gift message').and.to.not.include('name="seen"');
      expect((await suspicion({ about: 'message', difference: 'It names me' })).status).to.equal(303);
      expect((await stored('suspicions')).map(({ about, seen }) => [about, seen])).to.deep.equal([
        ['gift-message', null],
      ]);
    });

    it('is closed with words by its organisation, and by no other', async () => {
      await suspicion();
      const { db } = ledger.service.ledger;
      const list = () => listSuspicions(db, maker.organisation, { limit: 10 });
      const id = (await list()).items[0]?.id as number;
      let thrown: unknown;
      await decideSuspicion(db, other.organisation, id, { state: 'closed', note: 'mine' }).catch((error: unknown) => {
        thrown = error;
      });
      expect(thrown).to.include({ code: 'not-found' });
      expect((await list()).items[0]).to.include({ state: 'open', note: null });
      await decideSuspicion(db, maker.organisation, id, { state: 'closed', note: 'A copy; seller told' });
      expect((await list()).items[0]).to.include({ state: 'closed', note: 'A copy; seller told' });
      expect((await listSuspicions(db, maker.organisation, { limit: 10, state: 'open' })).items).to.deep.equal([]);
    });
  });
});
