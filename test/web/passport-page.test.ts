// Owns what a passport's page must say: every word of the record, inert; the right sentence at its head; no owner's
// address anywhere.
import { expect } from 'chai';
import fc from 'fast-check';
import type { TokenId } from '../../src/core/batch.ts';
import type { Passport } from '../../src/core/passport.ts';
import type { PieceRecord, Record1 } from '../../src/core/record.ts';
import { renderPassport } from '../../src/web/passport-page.ts';
import { anyRecord } from '../support/any-record.ts';
import { flat, mainText, readText, withoutFold } from '../support/page-text.ts';
import {
  ATELIER,
  GALLERY,
  moveTo,
  OTHER_PRIVATE,
  PRIVATE,
  passportOf,
  pendingPassportOf,
  SAMPLE_PASSPORTS,
} from '../support/passports.ts';
import { FINE_RING, hex32, IMITATION_EARRINGS, OWN_CODE, VINTAGE_BROOCH } from '../support/pieces.ts';
import { written } from '../support/written.ts';

const CONTEXT = { publicUrl: 'https://ledger.example', embedded: false };
const render = (passport: Passport, more: Partial<Parameters<typeof renderPassport>[1]> = {}) =>
  renderPassport(passport, { ...CONTEXT, ...more });
const readable = (passport: Passport) => readText(withoutFold(render(passport)));
const verdictText = (passport: Passport, more = {}) =>
  flat(mainText(`<main>${/<section class="verdict[\s\S]*?<\/section>/.exec(render(passport, more))?.[0]}</main>`));

function expectComplete(record: PieceRecord): void {
  const text = mainText(withoutFold(render(passportOf(record))));
  for (const words of written(record)) expect(text).to.contain(words);
}

describe('passport page: completeness', () => {
  it('shows every word of the records of a ring, of earrings and of an old brooch', () => {
    for (const members of [FINE_RING, IMITATION_EARRINGS, VINTAGE_BROOCH]) expectComplete(passportOf(members).record);
  });

  it('shows every word of any record, verbatim, outside the folded part', () => {
    fc.assert(fc.property(anyRecord, expectComplete), { numRuns: 300 });
  });

  it('names pictures that are not kept here, and shows those that are', () => {
    const images = [{ sha256: hex32('ab'), mediaType: 'image/jpeg', alt: 'From above' }];
    const passport = passportOf({ images });
    expect(render(passport)).not.to.contain('<img');
    expect(readable(passport)).to.contain('aren’t kept here: From above');
    const shown = render(passport, { imageUrl: (sha256: string) => `/files/${sha256}` });
    expect(shown).to.contain(`<img src="/files/${hex32('ab')}" alt="From above">`);
    expect(shown).not.to.contain('class="drawing"');
  });

  it('says what is not known instead of leaving it out', () => {
    const text = readable(passportOf({}));
    expect(text).to.contain('Maker not known');
    expect(text).to.contain('Weight not known');
    expect(text).to.contain('Not known: weight, recycled share, where it comes from, how it was kept on its way here.');
  });
});

describe('passport page: what it says of materials', () => {
  it('speaks as at a counter', () => {
    const text = readable(passportOf(FINE_RING));
    for (const sentence of [
      'The maker, Atelier Lune, states:',
      '18 carat gold (750) 3.2 g',
      'recycled 100 %',
      'Rhodium, 0.25 µm thick',
      'sponsor’s mark AL, fineness 750, stamped by Bureau de garantie, Lyon, in 2026',
      'diamond 0.52 ct',
      'Natural, untreated as far as stated · 1 stone',
      'Natural, treated · blue · 12 stones, weighed together',
      'Example Gemmological Laboratory, number 2201 4477 10',
      'Checked by an accredited independent body',
      'below 0.1 µg/cm² a week',
    ]) {
      expect(text).to.contain(sentence);
    }
  });

  it('calls an imitation an imitation and asks no fineness of brass', () => {
    const text = readable(passportOf(IMITATION_EARRINGS));
    expect(text).to.contain('cubic zirconia Imitation (simulant)');
    expect(text).to.contain('24 carat gold (999), 0.08 µm thick');
    expect(text).to.contain('Not known: weight, recycled share');
    expect(text).not.to.contain('fineness');
  });

  it('says that nobody else checked it only when nobody else is named', () => {
    expect(readable(passportOf({}))).to.contain('names nobody else who checked it');
    expect(readable(passportOf(IMITATION_EARRINGS))).not.to.contain('names nobody else');
  });
});

describe('passport page: verdict', () => {
  it('says a final record is genuine, who registered it and when', () => {
    const text = verdictText(passportOf(FINE_RING));
    expect(text).to.contain('This record is genuine: Atelier Lune registered this piece on 3 May 2026.');
    expect(text).to.contain('Final.');
    expect(text).to.contain('As of 12 June 2026, 09:12 UTC, block 1,893');
    expect(text).not.to.contain('operator alone');
    expect(verdictText(passportOf(FINE_RING), { embedded: true })).to.contain('kept by this operator alone');
  });

  it('never says that a custodian made the piece', () => {
    const text = verdictText(passportOf({ recordedAs: 'custodian' }));
    expect(text).to.contain('this piece was recorded by Atelier Lune on 3 May 2026');
    expect(readable(passportOf({ recordedAs: 'custodian' }))).not.to.match(/the maker, Atelier Lune|Made by/i);
  });

  it('tells an unsettled registration or handover from a final one', () => {
    const asOf = { ...passportOf({}).asOf!, finalBlock: 1203 };
    expect(verdictText(passportOf({}, { asOf }))).to.contain('Settling. The registration is on the ledger, but');
    const moved = verdictText(SAMPLE_PASSPORTS['settling-ring'] as Passport);
    expect(moved).to.contain('Settling. The registration is final. The latest change of owner');
    expect(moved).not.to.contain('Final.');
  });

  it('asks for a minute while the record is not on the ledger', () => {
    const accepted = verdictText(pendingPassportOf({}));
    expect(accepted).to.contain('has filed this record; it isn’t on the ledger yet. Come back in a minute.');
    expect(accepted).not.to.contain('genuine');
    expect(verdictText(pendingPassportOf({}, { sealed: true }))).to.contain('It is sealed and on its way');
  });

  it('warns of a code outside the organisation’s numbers and of a second record, with the way to it', () => {
    const warning = SAMPLE_PASSPORTS['warning'] as Passport;
    const text = verdictText(warning);
    expect(text).to.contain('Don’t rely on this record as it stands.');
    expect(text).to.contain('lies outside the numbers that Atelier Lune may give');
    expect(text).to.contain('registered this code twice, with different records');
    expect(text).not.to.contain('genuine');
    expect(render(warning)).to.contain(`href="${warning.path}?token=77"`);
    const three = passportOf(
      {},
      { conflicts: ['7', '8'].map((id) => ({ tokenId: id as TokenId, recordHash: warning.recordHash })) },
    );
    expect(verdictText(three)).to.contain('registered this code 3 times');
    expect(render(three, { recordUrl: (id: string) => `/else/${id}` })).to.contain('href="/else/8"');
  });

  it('warns of a code under another organisation’s name', () => {
    const registrant = { address: ATELIER, handle: 'someone-else', roles: 1, prefixes: [] };
    const text = verdictText(passportOf({ code: OWN_CODE }, { registrant }));
    expect(text).to.contain('“atelier-lune”, which did not register this piece. Someone Else did.');
  });

  it('notes a suspended organisation without taking back what it did before', () => {
    const text = verdictText(SAMPLE_PASSPORTS['vintage-brooch'] as Passport);
    expect(text).to.contain('suspended from this ledger since 4 May 2026');
    expect(text).to.contain('the record stays what it was');
  });
});

describe('passport page: privacy', () => {
  it('writes owners’ addresses nowhere, and nobody’s outside the folded part', () => {
    const passport = passportOf(FINE_RING, {
      moves: [moveTo(GALLERY, 1300), moveTo(PRIVATE, 1400), moveTo(OTHER_PRIVATE, 1500)],
    });
    const page = render(passport);
    for (const address of [PRIVATE, OTHER_PRIVATE]) expect(page).not.to.contain(address);
    expect(withoutFold(page)).not.to.match(/0x[0-9a-f]{40}/i);
    const text = readable(passport);
    for (const words of [
      'Passed to Galerie Bleue (owner 2)',
      'Passed to owner 3',
      'Passed to owner 4',
      'A private owner, number 4.',
    ]) {
      expect(text).to.contain(words);
    }
  });

  it('uses the name an organisation was admitted under, where there is one', () => {
    const page = render(passportOf({}), {
      displayName: (handle: string) => (handle === 'atelier-lune' ? 'Atelier Lune SARL' : undefined),
    });
    expect(page).to.contain('Atelier Lune SARL registered this piece');
  });
});

describe('passport page: safety', () => {
  const nasty = `<script>alert("1")</script> & '" <img src=x onerror=alert(1)> שלום 💍 ]]> --> ${'{{'}x}} &amp; \u00a0end`;

  it('shows markup in a record as words', () => {
    const members: Partial<Record1> = {
      title: nasty,
      story: nasty,
      inscriptions: [{ text: nasty, type: nasty, place: nasty }],
      images: [{ sha256: hex32('1'), mediaType: 'image/png', alt: nasty }],
      descriptors: [{ type: 'x', value: nasty }],
      code: { gtin: '09506000134352', serial: `"><'&%/` },
    };
    const page = render(passportOf(members), { imageUrl: () => '/files/1' });
    // The one element there is for programs is data, and nothing in it could end it.
    const data = /<script type="application\/ld\+json">[^<>&]*<\/script>/g;
    expect(page.match(data)).to.have.length(1);
    expect(page.replace(data, '').replace(/"[^"]*"/g, '""')).not.to.match(/<script|<img src=x|<[^>]*\sonerror/i);
    expect(mainText(page).split(nasty).length).to.be.greaterThan(6);
    expect(page).not.to.match(/<[^>]+\sstyle=/);
  });

  it('makes links of http and https only, and tells others not to look back', () => {
    const passport = passportOf({ links: [{ url: 'https://example.com/a?b=1&c=2' }] });
    const forged = { ...passport, record: { ...passport.record, links: [{ url: 'javascript:alert(1)' }] } } as Passport;
    expect(render(passport)).to.contain(
      'href="https://example.com/a?b=1&amp;c=2" rel="noopener noreferrer nofollow ugc"',
    );
    expect(render(forged)).not.to.contain('href="javascript');
    expect(readable(forged)).to.contain('javascript:alert(1)');
  });

  it('marks the language of the record’s words where it is not the page’s', () => {
    expect(render(passportOf({ language: 'fr', title: 'Bague' }))).to.contain('lang="fr" dir="auto">Bague</h1>');
    const main = /<main[\s\S]*<\/main>/.exec(render(passportOf({ language: 'en' })))?.[0];
    expect(main).not.to.match(/lang="(?!en)/);
  });

  it('folds the proof away with everything a sceptic needs', () => {
    const passport = passportOf(FINE_RING);
    const fold =
      /<details[\s\S]*<\/details>/.exec(render(passport, { embedded: true, explorer: 'https://scan.example/' }))?.[0] ??
      '';
    expect(fold).not.to.contain('<details open');
    const { batch, asOf } = passport;
    for (const value of [
      passport.recordHash,
      passport.tokenId,
      batch?.id,
      batch?.root,
      batch?.transaction,
      asOf?.registry,
      asOf?.chainId,
    ]) {
      expect(fold).to.contain(String(value));
    }
    expect(fold).to.contain('kept by this operator alone');
    expect(fold).to.contain(`href="https://scan.example/tx/${batch?.transaction}"`);
    for (const end of ['', '/history', '/qr.svg'])
      expect(fold).to.contain(`href="/api/v1/pieces${passport.path}${end}"`);
  });
});
