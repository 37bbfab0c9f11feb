// Owns what numbers and dates read like, and that nothing is rounded on the way.
import { expect } from 'chai';
import fc from 'fast-check';
import { ENGLISH } from '../../src/web/language.ts';
import * as words from '../../src/web/words.ts';

describe('words', () => {
  it('writes weights, lengths and shares in the units people use', () => {
    expect(words.grams(ENGLISH, 3200)).to.equal('3.2 g');
    expect(words.grams(ENGLISH, 3217)).to.equal('3.217 g');
    expect(words.grams(ENGLISH, 5)).to.equal('0.005 g');
    expect(words.grams(ENGLISH, 1_500_000)).to.equal('1,500 g');
    expect(words.carats(ENGLISH, 520)).to.equal('0.52 ct');
    expect(words.carats(ENGLISH, 1000)).to.equal('1.00 ct');
    expect(words.carats(ENGLISH, 1005)).to.equal('1.005 ct');
    expect(words.length(ENGLISH, 18_500)).to.equal('18.5 mm');
    expect(words.length(ENGLISH, 100_000)).to.equal('100 mm');
    expect(words.length(ENGLISH, 450_000)).to.equal('45 cm');
    expect(words.thickness(ENGLISH, 80)).to.equal('0.08 µm');
    expect(words.percent(ENGLISH, 1000)).to.equal('100 %');
    expect(words.percent(ENGLISH, 618)).to.equal('61.8 %');
    expect(ENGLISH.text('vocabulary.stones', { count: 1 })).to.equal('1 stone');
    expect(ENGLISH.text('vocabulary.stones', { count: 1200 })).to.equal('1,200 stones');
  });

  it('loses no digit of a whole number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), fc.integer({ min: 0, max: 6 }), (whole, places) => {
        const [before = '', after = ''] = ENGLISH.decimal(whole, places).replaceAll(',', '').split('.');
        expect(Number(before + after.padEnd(places, '0'))).to.equal(whole);
      }),
    );
  });

  it('names finenesses as the trade does, and only those it has names for', () => {
    const named: readonly (readonly [words.Metal, number | 'unknown' | undefined, string])[] = [
      ['gold', 375, '9 carat gold (375)'],
      ['gold', 585, '14 carat gold (585)'],
      ['gold', 750, '18 carat gold (750)'],
      ['gold', 916, '22 carat gold (916)'],
      ['gold', 999, '24 carat gold (999)'],
      ['gold', 620, 'gold (620)'],
      ['gold', 'unknown', 'gold'],
      ['silver', 925, 'sterling silver (925)'],
      ['silver', 958, 'Britannia silver (958)'],
      ['silver', 999, 'fine silver (999)'],
      ['silver', 800, 'silver (800)'],
      ['platinum', 950, 'platinum (950)'],
      ['nickel-silver', undefined, 'nickel silver'],
      ['other', 'unknown', 'other metal'],
      ['unknown', 'unknown', 'metal of unknown kind'],
    ];
    for (const [metal, fineness, expected] of named)
      expect(words.metalWords(ENGLISH, metal, fineness)).to.equal(expected);
  });

  it('writes years before Christ, early years, spans and open ends', () => {
    expect(words.span(ENGLISH, -664, -332)).to.equal('664–332 BC');
    expect(words.span(ENGLISH, -50, 50)).to.equal('50 BC – AD 50');
    expect(words.span(ENGLISH, 79, 79)).to.equal('AD 79');
    expect(words.span(ENGLISH, 100, 250)).to.equal('AD 100–250');
    expect(words.span(ENGLISH, 950, 1050)).to.equal('AD 950 – 1050');
    expect(words.span(ENGLISH, 1900, 1905)).to.equal('1900–1905');
    expect(words.span(ENGLISH, 'unknown', -30)).to.equal('not after 30 BC');
    expect(words.span(ENGLISH, 1905, 'unknown')).to.equal('from 1905 on');
    expect(words.span(ENGLISH, 'unknown', 'unknown')).to.equal('not known');
  });

  it('writes days in UTC, and whole months and years as such', () => {
    expect(words.span(ENGLISH, '2026-05-03', '2026-05-03')).to.equal('3 May 2026');
    expect(words.span(ENGLISH, '2026-05-03', '2026-06-01')).to.equal('3 May 2026 – 1 June 2026');
    expect(words.span(ENGLISH, '2026-04-01', '2026-04-30')).to.equal('April 2026');
    expect(words.span(ENGLISH, '2024-02-01', '2024-02-29')).to.equal('February 2024');
    expect(words.span(ENGLISH, '2023-02-01', '2024-02-29')).to.equal('1 February 2023 – 29 February 2024');
    expect(words.span(ENGLISH, '2025-01-01', '2025-12-31')).to.equal('2025');
    expect(ENGLISH.moment('2026-05-03T23:59:30Z')).to.equal('3 May 2026, 23:59 UTC');
  });

  it('adds the reading of a date only where its own words say less', () => {
    expect(words.reading(ENGLISH, { text: '664-332 BCE', from: -664, to: -332 })).to.equal(undefined);
    expect(words.reading(ENGLISH, { text: 'c. 1905', from: 1905, to: 1905 })).to.equal(undefined);
    expect(words.reading(ENGLISH, { text: 'Late Period', from: -664, to: -332 })).to.equal('664–332 BC');
    expect(words.reading(ENGLISH, { text: 'undated', from: 'unknown', to: 'unknown' })).to.equal(undefined);
  });

  it('turns handles and kinds into words', () => {
    expect(words.handleWords('atelier-lune')).to.equal('Atelier Lune');
    expect(words.kindWords(ENGLISH, 'pair-of-earrings')).to.equal('Pair of earrings');
    expect(words.kindWords(ENGLISH, 'jewel')).to.equal('Piece of jewellery');
  });

  it('never puts a custodian’s word into the maker’s mouth', () => {
    expect(words.evidenceWords(ENGLISH, 'self-declared', 'maker')).to.equal('the maker says so');
    expect(words.evidenceWords(ENGLISH, 'self-declared', 'custodian')).not.to.contain('maker');
  });
});
