// Counting views of passport pages on a real service: what is counted and what isn't, that nothing stored tells who it was,
// that other organisations' counts stay theirs, and what the maker can say about a pattern.
import { expect } from 'chai';
import { dayBefore, SCAN_RULE } from '../../src/core/scan-rule.ts';
import { trustedProxies } from '../../src/http/proxies.ts';
import { ScanCounter } from '../../src/http/scan-counter.ts';
import { countryOf, familyOf, isBot, networkOf } from '../../src/http/scan-traits.ts';
import { endDisplay, forgetScans, putOnDisplay, saltOf, todayOf } from '../../src/ledger/scans.ts';
import type { Ledger } from '../../src/ports.ts';
import { type Admitted, type Json, register, startLedger, statement, type TestLedger } from '../support/ledger.ts';
import { ask } from '../support/plain-http.ts';
import { until } from '../support/raw-chain.ts';

const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) AppleWebKit/605.1.15 Version/18.2 Mobile Safari/604.1';

describe('what is taken of a request to count it', () => {
  it('programs that say so are not counted; browsers are, and a telephone called Cubot', () => {
    const asks = (userAgent: string | undefined, purpose?: string) => isBot({ userAgent, purpose });
    for (const program of [
      undefined,
      '',
      'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
      'facebookexternalhit/1.1',
      'WhatsApp/2.23.20.0',
      'curl/8.5.0',
      'python-requests/2.31',
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/131.0.0.0 Safari/537.36',
      'Twitterbot/1.0',
    ]) {
      expect(asks(program), String(program)).to.equal(true);
    }
    expect(asks(PHONE)).to.equal(false);
    expect(asks('Mozilla/5.0 (Linux; Android 9; CUBOT X18) AppleWebKit/537.36 Chrome/99 Mobile Safari/537')).to.equal(
      false,
    );
    expect(asks(PHONE, 'prefetch;prerender')).to.equal(true);
  });

  it('a network is coarse, and the same however an address is written', () => {
    expect(networkOf('203.0.113.7')).to.equal('203.0.113');
    expect(networkOf('::ffff:203.0.113.250')).to.equal('203.0.113');
    expect(networkOf('2001:db8:12:34::1')).to.equal('2001:db8:12');
    expect(networkOf('2001:0DB8:0012:ffff:1:2:3:4')).to.equal('2001:db8:12');
    expect(networkOf('2001:db8::1')).to.equal('2001:db8:0');
    expect(networkOf('fe80::1%eth0')).to.equal('fe80:0:0');
    expect(networkOf('nonsense')).to.equal('');
  });

  it('a browser is one of a few, without its version', () => {
    expect(familyOf(PHONE)).to.equal('Safari mobile');
    expect(familyOf(PHONE.replaceAll('18', '17'))).to.equal('Safari mobile');
    expect(familyOf('Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36 Edg/131.0')).to.equal('Edg');
  });

  it('a country is believed of the operator’s own proxy alone', () => {
    const trusts = trustedProxies('10.0.0.1') as (address: string) => boolean;
    expect(countryOf('fr', '10.0.0.1', trusts)).to.equal('FR');
    expect(countryOf('FR', '::ffff:10.0.0.1', trusts)).to.equal('FR');
    for (const [header, peer] of [
      ['FR', '198.51.100.7'],
      ['FR', undefined],
      ['XX', '10.0.0.1'],
      ['T1', '10.0.0.1'],
      ['France', '10.0.0.1'],
      ['<b', '10.0.0.1'],
      [undefined, '10.0.0.1'],
    ] as const) {
      expect(countryOf(header, peer, trusts), `${header} ${peer}`).to.equal('');
    }
  });
});

describe('views of passport pages', function () {
  this.timeout(240_000);
  let ledger: TestLedger;
  let maker: Admitted;
  let other: Admitted;
  let path: string;

  before(async () => {
    ledger = await startLedger({ COUNTRY_HEADER: 'X-Country' });
    maker = await ledger.admit('atelier-lune', ['9506000']);
    other = await ledger.admit('atelier-sol');
    path = await register(maker.api, statement('Much looked at'));
  });
  after(() => ledger?.stop());
  beforeEach(() => ledger.sql('TRUNCATE scans, scan_days, displays'));

  const phone = (address: string, more: Record<string, string> = {}) => ({
    'user-agent': PHONE,
    'x-forwarded-for': address,
    ...more,
  });
  const look = (headers: Record<string, string>, at = path, method = 'GET') => ask(ledger.url + at, headers, method);
  /** The service writes every few seconds; a test looks until it has. */
  async function counted(views: number): Promise<Json[]> {
    let rows: Json[] = [];
    await until(`${views} views are counted`, async () => {
      rows = await ledger.sql('SELECT path, day::text, country, place, organisation, scans FROM scans ORDER BY place');
      return rows.reduce((sum, { scans }) => sum + scans, 0) >= views;
    });
    return rows;
  }

  it('cold and from memory alike, by place; not HEAD, programs, unknown codes, JSON', async () => {
    await look(phone('203.0.113.7'), path, 'HEAD');
    await look({ 'user-agent': 'curl/8' });
    await look({ ...phone('203.0.113.7'), 'sec-purpose': 'prefetch' });
    await look(phone('203.0.113.7'), `/api/v1/pieces${path}`);
    await look(phone('203.0.113.7'), '/01/09506000134352/21/NOBODYS');
    for (let i = 0; i < 5; i++) expect((await look(phone('203.0.113.7'))).status).to.equal(200);
    await look(phone('203.0.113.99'), `${path}?lang=fr`);
    await look(phone('203.0.113.99'), `${path}?lang=fr`);
    const rows = await counted(7);
    expect(rows).to.have.length(1);
    expect(rows[0]).to.include({ path, organisation: maker.organisation, country: '', scans: 7 });
    expect(rows[0].place).to.be.within(0, SCAN_RULE.places - 1);
  });

  it('with the country that the proxy says', async () => {
    await look(phone('203.0.113.7', { 'x-country': 'FR' }));
    await look(phone('198.51.100.7', { 'x-country': 'xx' }));
    const rows = await counted(2);
    expect(rows.map(({ country }) => country).sort()).to.deep.equal(['', 'FR']);
  });

  it('leave nothing that tells who it was', async () => {
    await look(phone('203.0.113.7', { cookie: 'id=1', 'x-country': 'FR' }));
    const reply = await look(phone('203.0.113.7'));
    expect(reply.headers).to.not.have.property('set-cookie');
    await counted(2);
    const tables = await ledger.sql<{ name: string; types: string }>(
      `SELECT table_name AS name, string_agg(column_name || ' ' || data_type, ', ' ORDER BY column_name) AS types
       FROM information_schema.columns WHERE table_name IN ('scans', 'scan_days', 'scan_salts')
       AND table_schema = current_schema() GROUP BY table_name ORDER BY table_name`,
    );
    expect(tables).to.deep.equal([
      {
        name: 'scan_days',
        types: 'country text, day date, organisation text, path text, places integer, scans integer',
      },
      { name: 'scan_salts', types: 'day date, salt bytea' },
      { name: 'scans', types: 'country text, day date, organisation text, path text, place smallint, scans integer' },
    ]);
    const all = JSON.stringify(await ledger.sql('SELECT * FROM scans'));
    for (const trace of ['203.0', 'Safari', 'iPhone']) expect(all).to.not.include(trace);
  });

  it('fall into another place for another piece and another day', async () => {
    const fake = { ...ledger.service.ledger, now: () => Date.now() } as { -readonly [K in keyof Ledger]: Ledger[K] };
    const own = new ScanCounter(fake, ledger.config);
    const request = {
      method: 'GET',
      headers: { 'user-agent': PHONE },
      socket: { remoteAddress: '203.0.113.7' },
    } as never;
    for (let i = 0; i < 40; i++) own.saw(request, `/p/atelier-lune/${i}`, maker.organisation);
    await own.flush();
    const today = new Set((await counted(40)).map(({ place }) => place));
    expect(today.size).to.be.greaterThan(10);
    const placesOf = async (day: string) =>
      (await ledger.sql('SELECT place FROM scans WHERE day = $1 ORDER BY path', day)).map(({ place }) => place);
    const before = await placesOf(todayOf(fake));
    fake.now = () => Date.now() + 24 * 60 * 60 * 1000;
    for (let i = 0; i < 40; i++) own.saw(request, `/p/atelier-lune/${i}`, maker.organisation);
    await own.flush();
    expect(await placesOf(todayOf(fake))).to.not.deep.equal(before);
    expect(await ledger.sql('SELECT day::text FROM scan_salts')).to.deep.equal([{ day: todayOf(fake) }]);
    await ledger.sql('TRUNCATE scan_salts');
  });

  it('share one salt between processes', async () => {
    const day = todayOf(ledger.service.ledger);
    const salts = await Promise.all([1, 2, 3].map(() => saltOf(ledger.service.ledger, day)));
    expect(new Set(salts.map((salt) => salt.toString('hex'))).size).to.equal(1);
  });

  it('wait for a database that is away, within a bound', async () => {
    let away = true;
    const { db } = ledger.service.ledger;
    const warned: object[] = [];
    const gone = {
      ...ledger.service.ledger,
      log: { ...ledger.service.ledger.log, warn: (data: object) => void warned.push(data) },
      db: {
        ...db,
        query: (text: string, values?: readonly unknown[]) =>
          away && text.includes('INTO scans') ? Promise.reject(new Error('away')) : db.query(text, values),
      },
    } as Ledger;
    const own = new ScanCounter(gone, ledger.config);
    const request = {
      method: 'GET',
      headers: { 'user-agent': PHONE },
      socket: { remoteAddress: '203.0.113.7' },
    } as never;
    own.saw(request, path, maker.organisation);
    await own.flush();
    own.saw(request, path, maker.organisation);
    await own.flush();
    expect(await ledger.sql('SELECT 1 FROM scans')).to.deep.equal([]);
    for (let i = 0; i < 21_000; i++) own.saw(request, `/p/x/${i}`, maker.organisation);
    expect(own.waiting).to.equal(20_000);
    away = false;
    await own.flush();
    expect(own.waiting).to.equal(0);
    const [sum] = await ledger.sql('SELECT scans FROM scans WHERE path = $1', path);
    expect(sum).to.deep.equal({ scans: 2 });
    expect(JSON.stringify(warned)).to.include('"views":1001');
  });

  it('are summed up by day and country after a week, and gone after 400 days', async () => {
    const today = todayOf(ledger.service.ledger);
    const put = (days: number, place: number) =>
      ledger.sql(
        `INSERT INTO scans VALUES ('/p/x/1', $1, 'FR', $2, $3, 5)`,
        dayBefore(today, days),
        place,
        maker.organisation,
      );
    await put(7, 1);
    await put(8, 1);
    await put(8, 2);
    await ledger.sql(`INSERT INTO scan_days VALUES ('/p/x/1', $1, '', 'x', 1, 1)`, dayBefore(today, 401));
    await forgetScans(ledger.service.ledger);
    await forgetScans(ledger.service.ledger);
    expect(await ledger.sql('SELECT day::text, place FROM scans')).to.deep.equal([
      { day: dayBefore(today, 7), place: 1 },
    ]);
    expect(await ledger.sql('SELECT day::text, scans, places FROM scan_days')).to.deep.equal([
      { day: dayBefore(today, 8), scans: 10, places: 2 },
    ]);
  });

  describe('that are unusual', () => {
    /** Past what is remembered: the page by token is read anew each time. */
    const page = async () => {
      const { tokenId } = (await ledger.api.get(`/api/v1/pieces${path}`)).body;
      return (await ledger.api.get(`/token/${tokenId}`)).text;
    };
    const flood = (count: number) =>
      ledger.sql(
        `INSERT INTO scans SELECT $1, $2::date, '', place, $3, 1 FROM generate_series(0, $4) AS place`,
        path,
        todayOf(ledger.service.ledger),
        maker.organisation,
        count - 1,
      );

    before(() =>
      until('it is anchored', async () => (await ledger.api.get(`/api/v1/pieces${path}`)).body.tokenId !== null),
    );

    it('bring a note to the page, and never into its headline', async () => {
      const before_ = await page();
      expect(before_).to.not.include('class="scan-note"');
      await flood(SCAN_RULE.placesADay);
      const after_ = await page();
      expect(after_).to.include('looked up from unusually many places');
      const headline = (text: string) => /class="verdict-sentence"[^>]*>([^<]*)/.exec(text)?.[1];
      expect(headline(after_)).to.equal(headline(before_));
    });

    it('are told to their maker and to nobody else', async () => {
      await flood(SCAN_RULE.placesADay);
      const { body } = await maker.api.get('/api/v1/scans');
      expect(body.items).to.deep.equal([{ day: body.until, country: null, scans: 24 }]);
      expect(body.unusual.map(({ path: of, unusual }: Json) => [of, unusual[0].pattern])).to.deep.equal([
        [path, 'many-places'],
      ]);
      const { body: theirs } = await other.api.get(`/api/v1/scans?piece=${encodeURIComponent(path)}`);
      expect([theirs.items, theirs.unusual]).to.deep.equal([[], []]);
      expect((await ledger.api.get('/api/v1/scans')).status).to.equal(401);
    });

    it('are explained by the maker’s word that the piece is on display, which the page tells as such', async () => {
      await flood(SCAN_RULE.placesADay);
      const { db } = ledger.service.ledger;
      const today = todayOf(ledger.service.ledger);
      const display = { from: today, until: dayBefore(today, -10) };
      expect(await putOnDisplay(db, other.organisation, path, display)).to.equal(false);
      expect(await page()).to.include('unusually many places');
      expect(await putOnDisplay(db, maker.organisation, path, display)).to.equal(true);
      const explained = await page();
      expect(explained).to.include('says that the piece is on display until');
      expect(explained).to.not.include('unusually many places');
      const [row] = await ledger.sql<{ id: number }>('SELECT id FROM displays');
      const id = row?.id as number;
      expect(await endDisplay(db, other.organisation, id, today)).to.equal(false);
      expect(await endDisplay(db, maker.organisation, id, today)).to.equal(true);
      expect(await page()).to.include('unusually many places');
    });
  });
});
