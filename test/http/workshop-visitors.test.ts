// The console's pages of what visitors left: that only one's own is shown and changed, that strangers' words stay words in the
// page and in the file, and what can be said to unusual scans.
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { dayBefore, SCAN_RULE } from '../../src/core/scan-rule.ts';
import { createApiKey } from '../../src/ledger/accounts.ts';
import { todayOf } from '../../src/ledger/scans.ts';
import { signedInWith, type Visitor } from '../support/console.ts';
import { type Admitted, register, startLedger, statement, type TestLedger } from '../support/ledger.ts';

const HOSTILE = '<script>alert(1)</script>"\' onerror=';
const FORMULA = '=HYPERLINK("https://evil.example","x")';

describe('the console’s pages of what visitors left', function () {
  this.timeout(240_000);
  let ledger: TestLedger;
  let lune: Admitted;
  let sol: Admitted;
  let one: Visitor;
  let other: Visitor;
  let path: string;

  before(async () => {
    ledger = await startLedger();
    lune = await ledger.admit('atelier-lune');
    sol = await ledger.admit('atelier-sol');
    path = await register(lune.api, statement('Ring <b>of</b> note'));
    one = await signedInWith(ledger, lune.apiKey);
    other = await signedInWith(ledger, sol.apiKey);
  });
  after(() => ledger?.stop());
  beforeEach(() => ledger.sql('TRUNCATE feedback, suspicions, gifts, scans, scan_days, displays RESTART IDENTITY'));

  const put = {
    feedback: (score: number, words: string | null, organisation = lune.organisation) =>
      ledger.sql(
        `INSERT INTO feedback (organisation, path, score, words, language) VALUES ($1, $2, $3, $4, 'en')`,
        organisation,
        path,
        score,
        words,
      ),
    suspicion: (difference: string, organisation = lune.organisation) =>
      ledger.sql(
        `INSERT INTO suspicions (organisation, path, about, seen, link, difference, language)
         VALUES ($1, $2, 'piece', $3, 'https://shop.example/', $3, 'en')`,
        organisation,
        path,
        difference,
      ),
    gift: () =>
      ledger.sql(
        `INSERT INTO gifts (token_id, path, organisation, words, language, deadline, signature, signed_by, moves,
           changes_day) VALUES ('7', $1, $2, $3, 'en', 1, '0x', 'card', 0, now())`,
        path,
        lune.organisation,
        HOSTILE,
      ),
    scans: (days: number, count: number, country = 'FR') =>
      ledger.sql(
        `INSERT INTO scans SELECT $1, $2::date, $3, place, $4, 2 FROM generate_series(1, $5) AS place`,
        path,
        dayBefore(todayOf(ledger.service.ledger), days),
        country,
        lune.organisation,
        count,
      ),
  };

  it('say something useful where there is nothing yet', async () => {
    for (const page of ['feedback', 'suspicions', 'scans', 'gifts']) {
      const { status, text } = await one.get(`/workshop/${page}`);
      expect(status, page).to.equal(200);
      expect(text, page).to.include('class="opening"');
    }
    expect((await one.get('/workshop/feedback.csv')).text.trim()).to.equal('day,piece,score,words,language');
  });

  it('show strangers’ words as words, never as markup or links', async () => {
    await put.feedback(3, HOSTILE);
    await put.suspicion(HOSTILE);
    await put.gift();
    for (const page of ['feedback', 'suspicions', 'gifts']) {
      const { text } = await one.get(`/workshop/${page}`);
      expect(text, page).to.include('&lt;script&gt;alert(1)&lt;/script&gt;');
      expect(text, page).to.include('Ring &lt;b&gt;of&lt;/b&gt; note');
      expect(text, page).to.not.include('<script>alert');
      expect(text, page).to.not.include('href="https://shop.example');
    }
  });

  it('show nothing of another organisation’s, nor change it', async () => {
    await put.feedback(3, 'Ours alone');
    await put.suspicion('Ours alone');
    await put.gift();
    await put.scans(0, SCAN_RULE.placesADay);
    for (const page of ['feedback', 'suspicions', 'scans', 'gifts', 'feedback.csv']) {
      const { text } = await other.get(`/workshop/${page}`);
      expect(text, page).to.not.include('Ours alone').and.to.not.include(path);
    }
    const answers = [
      await other.send('/workshop/feedback/delete', { id: '1' }),
      await other.send('/workshop/suspicions/1', { 'state-1': 'closed', 'note-1': 'mine' }),
      await other.send('/workshop/gifts', { piece: '7', hidden: 'yes' }),
      await other.send('/workshop/scans/display', { piece: path, until: todayOf(ledger.service.ledger) }),
    ];
    expect(answers.map(({ status }) => status)).to.deep.equal([404, 404, 404, 422]);
    const [left] = await ledger.sql(
      `SELECT (SELECT count(*) FROM feedback) AS feedback, (SELECT state FROM suspicions) AS state,
         (SELECT hidden FROM gifts) AS hidden, (SELECT count(*) FROM displays) AS displays`,
    );
    expect(left).to.deep.equal({ feedback: 1, state: 'open', hidden: false, displays: 0 });
  });

  it('are changed by nobody who isn’t signed in, whose form is from elsewhere, or whose key only reads', async () => {
    await put.feedback(3, 'x');
    const foreign = await one.send(
      '/workshop/feedback/delete',
      { id: '1' },
      { headers: { 'sec-fetch-site': 'cross-site' } },
    );
    expect(foreign.status).to.equal(403);
    expect((await one.send('/workshop/feedback/delete', { id: '1' }, { token: null })).status).to.equal(403);
    const reader = await createApiKey(ledger.service.ledger, lune.organisation, ['read'], 'reader');
    const reading = await signedInWith(ledger, reader);
    expect((await reading.get('/workshop/feedback')).status).to.equal(200);
    for (const to of ['feedback/delete', 'suspicions/1', 'gifts', 'scans/display', 'scans/display-over']) {
      expect((await reading.send(`/workshop/${to}`, { id: '1' })).status, to).to.equal(403);
    }
    expect(await ledger.sql('SELECT id FROM feedback')).to.deep.equal([{ id: 1 }]);
  });

  it('give feedback as a file that no spreadsheet runs anything of', async () => {
    await put.feedback(9, FORMULA);
    await put.feedback(0, 'two\nlines; =1+1');
    const { headers, text } = await one.get('/workshop/feedback.csv');
    expect(headers.get('content-type')).to.equal('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).to.equal('attachment; filename="feedback.csv"');
    const rows = parse(text, { columns: true, bom: true }) as Record<string, string>[];
    expect(rows.map(({ score, words }) => [score, words])).to.deep.equal([
      ['9', `'${FORMULA}`],
      ['0', "two\nlines;' =1+1"],
    ]);
    expect(rows[0]).to.have.keys('day', 'piece', 'score', 'words', 'language');
  });

  it('page through feedback, with figures of all of it on each page', async () => {
    for (let i = 0; i < 55; i++) await put.feedback(i % 11, `Word ${i}.`);
    const first = (await one.get('/workshop/feedback')).text;
    expect(first).to.include('Word 54.').and.to.not.include('Word 4.<');
    const older = /href="(\/workshop\/feedback\?after=\d+)"/.exec(first)?.[1] as string;
    const second = (await one.get(older)).text;
    expect(second).to.include('Word 4.').and.to.not.include('Word 54.');
    for (const text of [first, second]) expect(text).to.include('All 55 answers');
  });

  it('delete a feedback for good', async () => {
    await put.feedback(3, 'names a person');
    const { location } = await one.send('/workshop/feedback/delete', { id: '1' });
    expect(location).to.equal('/workshop/feedback?done=deleted');
    expect(await ledger.sql('SELECT id FROM feedback')).to.deep.equal([]);
  });

  it('close a suspicion with words, and filter by how it stands', async () => {
    await put.suspicion('First');
    await put.suspicion('Second');
    const { location } = await one.send('/workshop/suspicions/1', { 'state-1': 'closed', 'note-1': 'A copy.' });
    expect(location).to.equal('/workshop/suspicions?done=kept');
    const closed = (await one.get('/workshop/suspicions?state=closed')).text;
    expect(closed).to.include('A copy.').and.to.include('First').and.to.not.include('Second');
    expect((await one.send('/workshop/suspicions/1', { 'state-1': 'burnt' })).status).to.equal(400);
  });

  it('hide a gift message and show it again', async () => {
    await put.gift();
    expect((await one.send('/workshop/gifts', { piece: '7', hidden: 'yes' })).location).to.include('done=hidden');
    expect(await ledger.sql('SELECT hidden FROM gifts')).to.deep.equal([{ hidden: true }]);
    expect((await one.get('/workshop/gifts')).text).to.include('Show it again');
    await one.send('/workshop/gifts', { piece: '7', hidden: 'no' });
    expect(await ledger.sql('SELECT hidden FROM gifts')).to.deep.equal([{ hidden: false }]);
  });

  it('count scans by country and by day, and over time', async () => {
    await put.scans(0, 3, 'FR');
    await put.scans(1, 2, '');
    await put.scans(20, 1, 'JP');
    const { text } = await one.get('/workshop/scans');
    const cells = text.replace(/<[^>]+>/g, '|');
    for (const told of ['France', 'Japan', 'not known', '12 openings']) expect(cells).to.include(told);
    expect((await one.get('/workshop/scans?days=364')).text).to.include('in 364 days');
    expect((await one.get('/workshop/scans?days=99999')).text).to.include('in 28 days');
  });

  it('tell what is unusual, and take the word that the piece is on display: for ninety days at most', async () => {
    await put.scans(0, SCAN_RULE.placesADay);
    const today = todayOf(ledger.service.ledger);
    expect((await one.get('/workshop/scans')).text).to.include('opened from 24 places');
    for (const until of ['', 'soon', dayBefore(today, 1), dayBefore(today, -91)]) {
      const refused = await one.send('/workshop/scans/display', { piece: path, until });
      expect(refused.status, until).to.equal(422);
      expect(refused.text).to.include('class="fault"');
    }
    const until = dayBefore(today, -90);
    expect((await one.send('/workshop/scans/display', { piece: path, until })).location).to.include('done=display');
    const explained = (await one.get('/workshop/scans')).text;
    expect(explained).to.include('Explained: it was on display.').and.to.include('It is on display no more');
    await one.send('/workshop/scans/display-over', { id: '1' });
    expect((await one.get('/workshop/scans')).text).to.not.include('Explained');
  });
});
