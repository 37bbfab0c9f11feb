// Owns that pages speak each language: messages with values and markup put in, numbers and dates as the language has them.
import { expect } from 'chai';
import fc from 'fast-check';
import { html } from '../../src/web/html.ts';
import { dataBlock, moduleScript } from '../../src/web/html-script.ts';
import { ENGLISH, messagesFor, wordsIn } from '../../src/web/language.ts';
import { isLanguage, LANGUAGES } from '../../src/web/languages.ts';
import type { MessageKey } from '../../src/web/messages.ts';

describe('the words of a language', () => {
  it('write numbers with its own marks, and no digit more than asked for', () => {
    expect(LANGUAGES.map((language) => wordsIn(language).number(1234.5678, 2))).to.deep.equal([
      '1,234.57',
      '1\u202f234,57',
      '1.234,57',
      '1234,57',
      '1234,57',
      '1,234.57',
      '1,234.57',
      '1,234.57',
    ]);
  });

  it('write days in UTC, wherever the service runs', () => {
    const late = '2026-03-01T23:59:59Z';
    expect(ENGLISH.day(late)).to.equal('1 March 2026');
    expect(wordsIn('de').day(late)).to.equal('1. März 2026');
    expect(wordsIn('ja').day(late)).to.equal('2026年3月1日');
    expect(wordsIn('ar').day(late)).to.match(/^1 مارس 2026$/);
    expect(ENGLISH.moment(late)).to.equal('1 March 2026, 23:59 UTC');
  });

  it('name countries, and leave what is no country’s code as it is', () => {
    expect(wordsIn('fr').country('DE')).to.equal('Allemagne');
    for (const text of ['', 'Atlantis', 'de', 'ZZZ', '<b>']) expect(ENGLISH.country(text)).to.equal(text);
  });

  it('know their direction', () => {
    expect(LANGUAGES.filter((language) => wordsIn(language).direction === 'rtl')).to.deep.equal(['ar']);
  });

  it('have no message they were not given', () => {
    expect(() => ENGLISH.text('frame.nonsense' as MessageKey)).to.throw('no message frame.nonsense');
  });

  it('tell markup as markup and text as text, whatever the text is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const told = ENGLISH.tell('frame.look-up', { never: html`<b>${text}</b>` }).toString();
        expect(told).to.equal('Look up a piece');
      }),
      { numRuns: 20, seed: 5 },
    );
  });

  it('go to scripts by area, each key once', () => {
    const given = messagesFor(wordsIn('es'), 'frame');
    expect(given['frame.languages']).to.equal('Idiomas');
  });

  it('are those of known languages only', () => {
    for (const wrong of ['EN', 'en-GB', 'xx', '', '__proto__', 'constructor', undefined, ['en'], 3]) {
      expect(isLanguage(wrong)).to.equal(false);
    }
  });
});

describe('script elements', () => {
  it('hold data that can neither end the element nor begin another one, and read back the same', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('</script>', '<!--<script>', ']]>', '\u2028', '\'"&'),
        (value, nasty) => {
          const block = dataBlock({ value, nasty }, { id: 'data' }).toString();
          const inner = block.slice(block.indexOf('>') + 1, block.lastIndexOf('<'));
          expect(inner).not.to.match(/[<>&\u2028\u2029]/);
          expect(JSON.stringify(JSON.parse(inner))).to.equal(JSON.stringify({ value, nasty }));
        },
      ),
      { seed: 8 },
    );
  });

  it('load modules of this origin only', () => {
    expect(moduleScript('claim').toString()).to.equal('<script type="module" src="/assets/js/claim.js"></script>');
    expect(moduleScript('"><b>').toString()).not.to.contain('<b>');
  });
});
