// What an organisation says of itself: whose words they are, where they stand on a passport, and when a domain is told to
// be its own.
import { expect } from 'chai';
import { type Admitted, anchored, register, startLedger, statement, type TestLedger } from '../support/ledger.ts';
import { decoded, readText } from '../support/page-text.ts';
import { until } from '../support/raw-chain.ts';
import { refusal } from '../support/refusal.ts';

const PROFILE = {
  contact: {
    email: 'bonjour@atelier-lune.example',
    phone: '+33 1 23 45 67 89',
    postal: 'Atelier Lune\n3 rue des Orfèvres\n75001 Paris',
  },
  website: 'https://atelier-lune.example/',
  domain: 'atelier-lune.example',
  words: [
    {
      language: 'en',
      story: 'We have made rings since 1921.',
      care: [
        { text: 'Wipe it with a soft cloth.' },
        { kinds: ['ring'], materials: ['gold'], text: 'Have the setting of a ring looked at once a year.' },
        { materials: ['pearl'], text: 'Put pearls on last.' },
      ],
      services: [
        {
          kind: 'resizing',
          text: 'Within two sizes, free in the first year.',
          where: 'In our shop in Paris',
          link: 'https://atelier-lune.example/size',
        },
      ],
    },
    { language: 'fr', story: 'Nous faisons des bagues depuis 1921.' },
  ],
};

describe('profiles', function () {
  this.timeout(60_000);
  let ledger: TestLedger;
  let maker: Admitted;
  let path: string;
  before(async () => {
    ledger = await startLedger();
    maker = await ledger.admit('atelier-lune');
    path = await register(maker.api, statement('Of the profile'));
    await anchored(ledger.api, path);
  });
  after(() => ledger.stop());

  const at = '/api/v1/organisations/atelier-lune/profile';
  const checkAt = '/api/v1/organisations/atelier-lune/domain-check';
  const keep = (profile: object) => maker.api.post(at, profile);
  const page = async () => (await ledger.api.get(path, { accept: 'text/html' })).text;
  /** A page may be a second old. */
  const freshPage = async (wanted: (text: string) => boolean) => {
    let text = '';
    await until('the page says so', async () => {
      text = await page();
      return wanted(text);
    });
    return text;
  };
  const says = (answer: { text: string } | { outcome: 'no-document' | 'not-public' }) => {
    const asked: string[] = [];
    Object.assign(ledger.service.press, {
      wellKnown: async (domain: string) => {
        asked.push(domain);
        return answer;
      },
    });
    return asked;
  };
  const named = (differing: object = {}) => {
    const { chainId, pieces } = ledger.service.ledger.chain;
    const one = { chainId, registry: pieces, organisation: maker.organisation, ...differing };
    return { text: JSON.stringify({ schema: 'touchstone/domain/1', organisations: [one] }) };
  };
  const forgetLook = () => ledger.sql("UPDATE domain_checks SET checked_at = checked_at - interval '1 hour'");

  it('are nobody’s until somebody says something', async () => {
    await refusal(ledger, () => ledger.api.get(at), 404, 'not-found');
    await refusal(ledger, () => ledger.api.get('/api/v1/organisations/nobody/profile'), 404, 'not-found');
    expect(await page()).to.not.include('id="maker"');
  });

  it('are kept as said, and read by everybody, with the day', async () => {
    const reply = await keep(PROFILE);
    expect(reply.status, reply.text).to.equal(200);
    const { body } = await ledger.api.get(at);
    expect(body.profile).to.deep.equal(PROFILE);
    expect(body.at).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(body.domain).to.equal(null);
  });

  it('stand on the passport apart from the record, dated, with what fits the piece and nothing else', async () => {
    const markup = await freshPage((text) => text.includes('id="maker"'));
    const text = readText(markup);
    const part = decoded(/<section class="part" id="maker"[\s\S]*?<\/section>/.exec(markup)?.[0] ?? '')
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ');
    expect(part).to.match(/no part of the record and do not stand on the ledger/);
    for (const words of [
      'Wipe it with a soft cloth.',
      'Have the setting of a ring looked at once a year.',
      'Within two sizes',
      'In our shop in Paris',
      'We have made rings since 1921.',
      'bonjour@atelier-lune.example',
      '+33 1 23 45 67 89',
      '3 rue des Orfèvres',
    ]) {
      expect(part, words).to.include(words);
      expect(text).to.include(words);
    }
    expect(part).to.not.include('pearls');
    expect(part).to.not.include('controls the domain');
    expect(markup).to.include('href="mailto:bonjour@atelier-lune.example"').and.to.include('href="tel:+33123456789"');
  });

  describe('whose domain', () => {
    beforeEach(forgetLook);

    it('names them is said to be controlled by them, with the day; before that it is not', async () => {
      const asked = says(named());
      const reply = await maker.api.post(checkAt, {});
      expect(reply.status, reply.text).to.equal(200);
      expect(reply.body).to.include({ domain: 'atelier-lune.example', outcome: 'controls' });
      expect(JSON.stringify(reply.body.statement)).to.equal(named().text);
      expect(asked).to.deep.equal(['atelier-lune.example']);
      const text = readText(await freshPage((shown) => shown.includes('controls the domain')));
      expect(text).to.match(/The atelier-lune controls the domain atelier-lune\.example: .* on \d+ \w+ \d{4}/);
    });

    const others: readonly (readonly [string, () => { text: string }, string])[] = [
      ['names another organisation', () => named({ organisation: `0x${'11'.repeat(20)}` }), 'not-named'],
      ['names them on another chain', () => named({ chainId: 1 }), 'not-named'],
      ['names them in another registry', () => named({ registry: `0x${'22'.repeat(20)}` }), 'not-named'],
      ['answers with a page', () => ({ text: '<!doctype html>' }), 'not-understood'],
      ['answers with another JSON', () => ({ text: '{"organisations":[]}' }), 'not-understood'],
      ['answers with nothing', () => ({ text: '' }), 'not-understood'],
    ];
    for (const [what, answer, outcome] of others) {
      it(`${what} is not, and what was said before is taken back`, async () => {
        says(answer());
        expect((await maker.api.post(checkAt, {})).body.outcome).to.equal(outcome);
        expect(await freshPage((text) => !text.includes('controls the domain'))).to.not.include('controls the domain');
      });
    }

    it('has no document, or is not of the open internet, is not', async () => {
      says({ outcome: 'no-document' });
      expect((await maker.api.post(checkAt, {})).body.outcome).to.equal('no-document');
      await forgetLook();
      says({ outcome: 'not-public' });
      expect((await maker.api.post(checkAt, {})).body.outcome).to.equal('not-public');
    });

    it('was looked at a moment ago is not looked at again, however many ask', async () => {
      const asked = says(named());
      const replies = await Promise.all([1, 2, 3].map(() => maker.api.post(checkAt, {})));
      expect(replies.map(({ status }) => status).sort()).to.deep.equal([200, 429, 429]);
      expect(asked).to.have.length(1);
    });

    it('is another one now is not said to be theirs before it was looked at', async () => {
      says(named());
      await maker.api.post(checkAt, {});
      await keep({ ...PROFILE, domain: 'tiffany.example' });
      expect((await ledger.api.get(at)).body.domain).to.equal(null);
      await keep(PROFILE);
    });

    it('is not given at all: there is nothing to look at', async () => {
      const other = await ledger.admit('no-domain');
      await refusal(
        ledger,
        () => other.api.post('/api/v1/organisations/no-domain/domain-check', {}),
        400,
        'invalid-request',
      );
    });
  });

  it('are said by their own organisation alone', async () => {
    const other = await ledger.admit('other-house');
    await refusal(ledger, () => ledger.api.post(at, PROFILE), 401, 'unauthenticated');
    await refusal(ledger, () => other.api.post(at, PROFILE), 403, 'forbidden');
    await refusal(ledger, () => other.api.post(checkAt, {}), 403, 'forbidden');
  });

  it('hold no links that run, no addresses in place of domains, nothing unknown, and no picture that isn’t kept', async () => {
    const wrong: [object, string][] = [
      [{ website: 'javascript:alert(1)' }, 'website'],
      [{ website: 'http://plain.example' }, 'website'],
      [{ domain: '127.0.0.1' }, 'domain'],
      [{ domain: 'localhost' }, 'domain'],
      [{ domain: 'a.example:8443' }, 'domain'],
      [{ contact: { email: 'no mail' } }, 'contact.email'],
      [{ contact: { phone: '0123' } }, 'contact.phone'],
      [
        { words: [{ language: 'en', services: [{ kind: 'resizing', text: 'x', link: 'data:text/html,x' }] }] },
        'words.0.services.0.link',
      ],
      [{ words: [{ language: 'en' }, { language: 'en' }] }, 'words'],
      [{ words: [{ language: 'en', story: 'turned \u202e around' }] }, 'words.0.story'],
      [{ logo: `0x${'ab'.repeat(32)}` }, 'logo'],
      [{ colour: 'red' }, 'colour'],
    ];
    for (const [profile, field] of wrong) {
      const { body } = await refusal(ledger, () => keep(profile), 400, 'invalid-request');
      expect(
        body.errors.map((one: { field: string }) => one.field),
        JSON.stringify(profile),
      ).to.include(field);
    }
  });

  it('are text on the page, whatever they hold', async () => {
    const story = '</section><script>alert(1)</script><img src=x onerror=alert(1)>';
    await keep({
      ...PROFILE,
      words: [
        { language: 'en', story, care: [{ text: story }], services: [{ kind: 'other', text: story, where: story }] },
      ],
    });
    const markup = await freshPage((text) => text.includes('&lt;script&gt;'));
    expect(markup).to.not.match(/<script>alert|<img src=x/);
    expect(readText(markup)).to.include(story);
  });
});
