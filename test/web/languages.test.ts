// What a passport's page is in each language: every word of the record still on it, none of the catalogue's English beside
// them, numbers and dates as the language writes them, each page with the others at hand.
import { expect } from 'chai';
import fc from 'fast-check';
import type { Passport } from '../../src/core/passport.ts';
import type { PieceRecord } from '../../src/core/record.ts';
import { type Words, wordsIn } from '../../src/web/language.ts';
import { LANGUAGES, type Language } from '../../src/web/languages.ts';
import { AREAS, type Area, messagesIn } from '../../src/web/messages.ts';
import { renderHome, renderMalformedCode, renderUnknownCode } from '../../src/web/other-pages.ts';
import { renderPassport } from '../../src/web/passport-page.ts';
import * as words from '../../src/web/words.ts';
import { anyRecord } from '../support/any-record.ts';
import { decoded, mainText, readText, withoutFold } from '../support/page-text.ts';
import { passportOf, SAMPLE_PASSPORTS } from '../support/passports.ts';
import { FINE_RING } from '../support/pieces.ts';
import { written } from '../support/written.ts';

const OTHERS = LANGUAGES.filter((language) => language !== 'en');
const render = (passport: Passport, language: Language, chosen = false) =>
  renderPassport(passport, {
    publicUrl: 'https://ledger.example',
    embedded: true,
    words: wordsIn(language, { chosen }),
    recordUrl: (tokenId) => `/token/${tokenId}`,
  });

/** Isolates mark where a name begins and ends; they are no part of what is read. */
const bare = (text: string) => text.replace(/[\u2066-\u2069]/g, '');

/** Whole sentences of the English catalogue that stand on a page just as they are. */
const SENTENCES = (Object.keys(AREAS) as Area[])
  .flatMap((area) => Object.entries(AREAS[area].en as Readonly<Record<string, string>>))
  .flatMap(([key, message]) =>
    message.split(/\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}/).map((part) => ({ key, part: part.trim() })),
  )
  .filter(({ part }) => part.length >= 12 && part.split(' ').length >= 3);

/** What of the English catalogue a page in another language says, the parts marked as English aside. */
function englishOn(page: string, language: Language): string[] {
  const text = readText(page.replace(/<(p|span|blockquote|h1|a)\b[^>]* lang="en"[^>]*>[\s\S]*?<\/\1>/g, ' '));
  const theirs = Object.values(messagesIn(language)).join('\n');
  return SENTENCES.filter(({ part }) => text.includes(part) && !theirs.includes(part)).map(({ key }) => key);
}

describe('a passport’s page in any language', () => {
  for (const language of LANGUAGES) {
    it(`shows every word of any record in ${language}, verbatim`, () => {
      const holdsAll = (record: PieceRecord) => {
        const text = mainText(withoutFold(render(passportOf(record), language)));
        for (const said of written(record)) expect(text).to.contain(said);
      };
      fc.assert(fc.property(anyRecord, holdsAll), { numRuns: 25 });
    });
  }

  for (const language of OTHERS) {
    it(`says nothing in English where it speaks ${language}`, () => {
      for (const [name, passport] of Object.entries(SAMPLE_PASSPORTS)) {
        expect(englishOn(render(passport as Passport, language), language), name).to.deep.equal([]);
      }
      const pages = {
        home: renderHome({ words: wordsIn(language) }),
        unknown: renderUnknownCode({ code: 'X', words: wordsIn(language) }),
        malformed: renderMalformedCode({ code: 'X', words: wordsIn(language) }),
      };
      for (const [name, page] of Object.entries(pages)) expect(englishOn(page, language), name).to.deep.equal([]);
    });
  }

  it('would be seen to speak English where it does', () => {
    expect(englishOn(render(passportOf(FINE_RING), 'en'), 'de').length).to.be.greaterThan(30);
  });

  it('names its language, its direction, and the words that are not in it', () => {
    const passport = passportOf({ language: 'fr', title: 'Bague' });
    expect(render(passport, 'ar'))
      .to.contain('<html lang="ar" dir="rtl">')
      .and.to.contain('lang="fr" dir="auto">Bague</h1>');
    expect(render(passport, 'fr'))
      .to.contain('<html lang="fr" dir="ltr">')
      .and.to.contain('"said" dir="auto">Bague</h1>');
  });

  it('begins with the same verdict in each', () => {
    const sentences = LANGUAGES.map((language) => {
      const verdict =
        /<p class="verdict-sentence">([^<]*)<\/p>/.exec(render(passportOf(FINE_RING), language))?.[1] ?? '';
      return bare(decoded(verdict));
    });
    expect(sentences.slice(0, 4)).to.deep.equal([
      'This record is genuine: Atelier Lune registered this piece on 3 May 2026.',
      'Cette fiche est authentique : Atelier Lune a enregistré ce bijou le 3 mai 2026.',
      'Dieser Eintrag ist echt: Atelier Lune hat dieses Stück am 3. Mai 2026 registriert.',
      'Questa scheda è autentica: Atelier Lune ha registrato questo gioiello in data 3 maggio 2026.',
    ]);
    expect(new Set(sentences).size).to.equal(LANGUAGES.length);
    for (const sentence of sentences) expect(sentence).to.contain('Atelier Lune').and.to.contain('2026');
  });

  it('keeps the language where it was chosen, and offers the others of the same piece', () => {
    const page = render(passportOf(FINE_RING), 'it', true);
    const own = /<main[\s\S]*<\/main>/.exec(page)?.[0] ?? '';
    const inner = [...own.matchAll(/href="(\/[^"]*)"/g)].map((match) => match[1] as string);
    for (const path of inner.filter((one) => !one.startsWith('/api/'))) expect(path).to.match(/[?;&]lang=it/);
    const { path } = passportOf(FINE_RING);
    for (const language of LANGUAGES)
      expect(page).to.contain(`<a href="${path}?lang=${language}" hreflang="${language}"`);
  });
});

describe('numbers and dates', () => {
  const every = (speak: (of: Words) => string) =>
    Object.fromEntries(
      LANGUAGES.map((language) => [language, speak(wordsIn(language)).replace(/[\u00a0\u202f]/g, ' ')]),
    );

  it('of weights and stones are as each language writes them', () => {
    expect(every((of) => words.grams(of, 1_234_567))).to.deep.equal({
      en: '1,234.567 g',
      fr: '1 234,567 g',
      de: '1.234,567 g',
      it: '1234,567 g',
      es: '1234,567 g',
      zh: '1,234.567 克',
      ja: '1,234.567 g',
      ar: '1,234.567 غ',
    });
    expect(every((of) => words.carats(of, 520))).to.include({
      en: '0.52 ct',
      de: '0,52 ct',
      zh: '0.52 克拉',
      ar: '0.52 قيراط',
    });
  });

  it('of gold and silver are as a jeweller says them', () => {
    expect(every((of) => words.metalWords(of, 'gold', 750))).to.deep.equal({
      en: '18 carat gold (750)',
      fr: 'or 18 carats (750)',
      de: '18 Karat Gold (750)',
      it: 'oro 18 carati (750)',
      es: 'oro de 18 quilates (750)',
      zh: '18K金（750）',
      ja: '18金（750）',
      ar: 'ذهب عيار 18 (750)',
    });
  });

  it('before Christ, of a month and between two years are said in each', () => {
    expect(every((of) => words.span(of, -664, -332))).to.deep.equal({
      en: '664–332 BC',
      fr: '664–332 av. J.-C.',
      de: '664–332 v. Chr.',
      it: '664–332 a.C.',
      es: '664–332 a. C.',
      zh: '公元前664–332年',
      ja: '紀元前664～332年',
      ar: '664–332 ق.م',
    });
    expect(every((of) => words.span(of, '2026-04-01', '2026-04-30'))).to.include({ fr: 'avril 2026', ja: '2026年4月' });
    expect(every((of) => words.span(of, 1905, 'unknown'))).to.include({ de: 'ab 1905', zh: '1905年起' });
  });

  it('lose no digit in any language', () => {
    const whole = fc.integer({ min: 0, max: 1_000_000_000 });
    fc.assert(
      fc.property(whole, fc.integer({ min: 0, max: 6 }), fc.constantFrom(...LANGUAGES), (number, places, language) => {
        const shown = wordsIn(language).decimal(number, places);
        const point = wordsIn(language).decimal(1, 1).replace(/\d/g, '');
        const [before = '', after = ''] = shown.split(point);
        expect(Number(before.replace(/\D/g, '') + after.padEnd(places, '0'))).to.equal(number);
      }),
    );
  });
});
