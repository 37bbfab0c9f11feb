// What a passport's page says to programs: previews, the other languages, product data. And the note where a name mixes
// alphabets, which looks like another name to a person only.
import { expect } from 'chai';
import type { Passport } from '../../src/core/passport.ts';
import { wordsIn } from '../../src/web/language.ts';
import { LANGUAGES } from '../../src/web/languages.ts';
import { scriptsMixedIn } from '../../src/web/name-notes.ts';
import { type PassportContext, renderPassport } from '../../src/web/passport-page.ts';
import { decoded, flat, mainText, readText } from '../support/page-text.ts';
import { moveTo, PRIVATE, passportOf, pendingPassportOf, SAMPLE_PASSPORTS } from '../support/passports.ts';
import { FINE_RING, hex32, OWN_CODE } from '../support/pieces.ts';

const ORIGIN = 'https://ledger.example';
const PHOTO = { sha256: hex32('ab'), mediaType: 'image/jpeg', alt: 'From "above" <b>' };
const render = (passport: Passport, more: Partial<PassportContext> = {}) =>
  renderPassport(passport, { publicUrl: `${ORIGIN}/`, embedded: false, ...more });
const withPhoto = { imageUrl: (sha256: string) => `/photos/${sha256}` };

function metaOf(page: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [, name = '', content = ''] of page.matchAll(/<meta (?:property|name)="([^"]+)" content="([^"]*)">/g)) {
    found.set(name, [...(found.get(name) ?? []), decoded(content)]);
  }
  return found;
}

// biome-ignore lint/suspicious/noExplicitAny: data as programs take it
function productOn(page: string): any {
  const data = /<script type="application\/ld\+json">([^<]*)<\/script>/.exec(page)?.[1];
  return data === undefined ? undefined : JSON.parse(data);
}

describe('a passport’s page shown elsewhere', () => {
  it('has a title, a sentence, an address and a photograph where one is kept', () => {
    const passport = passportOf({ ...FINE_RING, images: [PHOTO] });
    const meta = metaOf(render(passport, withPhoto));
    expect(meta.get('og:title')).to.deep.equal([passport.record.title]);
    expect(meta.get('og:description')?.[0]).to.contain('This record is genuine');
    expect(meta.get('og:url')).to.deep.equal([ORIGIN + passport.path]);
    expect(meta.get('og:image')).to.deep.equal([`${ORIGIN}/photos/${PHOTO.sha256}`]);
    expect(meta.get('og:image:alt')).to.deep.equal([PHOTO.alt]);
    expect(meta.get('twitter:card')).to.deep.equal(['summary_large_image']);
    expect(metaOf(render(passport)).has('og:image')).to.equal(false);
    expect(metaOf(render(passport)).get('twitter:card')).to.deep.equal(['summary']);
  });

  it('warns in the preview where the page warns', () => {
    const description = metaOf(render(SAMPLE_PASSPORTS['warning'] as Passport)).get('og:description')?.[0];
    expect(description).to.contain('Don’t rely on this record').and.not.to.contain('genuine');
  });

  it('leads to itself in every language, and each is known by its own address', () => {
    const passport = passportOf(FINE_RING);
    const chosen = render(passport, { words: wordsIn('ja', { chosen: true }) });
    for (const page of [render(passport), chosen]) {
      for (const language of LANGUAGES) {
        expect(page).to.contain(`hreflang="${language}" href="${ORIGIN}${passport.path}?lang=${language}"`);
      }
      expect(page).to.contain(`hreflang="x-default" href="${ORIGIN}${passport.path}"`);
    }
    expect(chosen).to.contain(`<link rel="canonical" href="${ORIGIN}${passport.path}?lang=ja">`);
    expect(render(passport)).to.contain(`<link rel="canonical" href="${ORIGIN}${passport.path}">`);
    expect(metaOf(chosen).get('og:locale')).to.deep.equal(['ja_JP']);
    expect(metaOf(chosen).get('og:locale:alternate')).to.have.length(LANGUAGES.length - 1);
  });
});

describe('product data', () => {
  it('says what the record says of a genuine piece', () => {
    const passport = passportOf({ ...FINE_RING, images: [PHOTO] });
    const product = productOn(render(passport, withPhoto));
    expect(product).to.deep.include({
      '@type': 'Product',
      url: ORIGIN + passport.path,
      name: passport.record.title,
      category: 'Ring',
      brand: { '@type': 'Brand', name: 'Atelier Lune' },
      weight: { '@type': 'QuantitativeValue', value: 3.304, unitCode: 'GRM' },
      image: [`${ORIGIN}/photos/${PHOTO.sha256}`],
    });
    expect(product).to.deep.include('gtin' in passport.code ? { gtin: passport.code.gtin } : {});
    expect(product.material).to.include('18 carat gold (750)');
    expect(OWN_CODE).to.include({ code: productOn(render(passportOf({ code: OWN_CODE }))).serialNumber });
  });

  it('is left out where the page warns or the ledger hasn’t got the record', () => {
    for (const passport of [SAMPLE_PASSPORTS['warning'] as Passport, pendingPassportOf(FINE_RING)]) {
      expect(productOn(render(passport))).to.equal(undefined);
    }
  });

  it('puts no custodian’s or scholar’s word into a brand’s mouth', () => {
    const maker = { name: 'Lalique', qualifier: 'attributed' } as const;
    expect(productOn(render(passportOf({ maker })))).to.not.have.any.keys('brand', 'manufacturer');
    const held = { recordedAs: 'custodian', maker: { name: 'Lalique', qualifier: 'stated' } } as const;
    expect(productOn(render(passportOf(held)))).to.not.have.any.keys('brand', 'manufacturer');
  });

  it('never says whose it is', () => {
    const data = JSON.stringify(productOn(render(passportOf(FINE_RING, { moves: [moveTo(PRIVATE, 1300)] }))));
    expect(data)
      .to.not.contain(PRIVATE)
      .and.to.not.match(/0x[0-9a-f]{40}|owner/i);
  });

  it('stays data whatever the record says', () => {
    const title = '</script><script>alert(1)</script> <!-- & "';
    const page = render(passportOf({ title, maker: { name: title, qualifier: 'stated' } }));
    expect(page.match(/<script/g)).to.have.length(1);
    expect(page.match(/<\/script/g)).to.have.length(1);
    const product = productOn(page);
    expect([product.name, product.brand.name]).to.deep.equal([title, title]);
  });
});

describe('names that mix alphabets', () => {
  it('are told from names of one script, whichever it is', () => {
    for (const name of [
      'Cartier',
      'Société Générale № 5',
      'Ювелирный дом',
      'Χρυσοχόος',
      '周大福 CTF',
      'ミキモト MIKIMOTO 真珠',
      '한복 Jewelry',
      'لازوردي',
      '18 & 24',
      '',
    ]) {
      expect(scriptsMixedIn(name), name).to.deep.equal([]);
    }
    expect(scriptsMixedIn('C\u0430rtier')).to.deep.equal(['latin', 'cyrillic']);
    expect(scriptsMixedIn('Chanel \u039Fmega')).to.deep.equal(['latin', 'greek']);
    expect(scriptsMixedIn('Tiffany \u13DA')).to.deep.equal(['latin', 'other']);
    expect(scriptsMixedIn('周\u0430')).to.deep.equal(['cyrillic', 'other']);
  });

  it('are noted quietly, with the name that the organisation was admitted under', () => {
    const page = render(passportOf(FINE_RING), { displayName: () => 'C\u0430rtier' });
    const note = flat(mainText(`<main>${/<ul class="verdict-notes">[\s\S]*?<\/ul>/.exec(page)?.[0]}</main>`));
    expect(note).to.contain('mixes letters of more than one alphabet (Latin and Cyrillic)');
    expect(note).to.contain('admitted to this ledger as atelier-lune.');
    expect(page).to.contain('class="verdict verdict-genuine-record"').and.to.contain('<li class="beside">');
    const made = render(passportOf({ maker: { name: 'C\u0430rtier', qualifier: 'stated' } }));
    expect(readText(made)).to.contain('mixes letters of more than one alphabet');
    expect(readText(render(passportOf(FINE_RING)))).to.not.contain('alphabet');
  });

  it('or not, have the admitted name beside them', () => {
    const page = render(passportOf(FINE_RING), { displayName: () => 'Cartier' });
    expect(readText(page)).to.contain('Cartier, as its maker on this ledger as atelier-lune');
  });
});
