// Lines of type: every character stands in a font that has it or as its number, nothing is wider than its line, nothing
// is lost, and what is written from right to left stands so.
import { expect } from 'chai';
import fc from 'fast-check';
import PDFDocument from 'pdfkit';
import { type SetLine, TypeSetter } from '../../src/adapters/type-setting.ts';

const setter = (language = 'en') => new TypeSetter(new PDFDocument({ autoFirstPage: true }), language);
const said = (lines: readonly SetLine[]) => lines.map(({ text }) => text).join('|');
const drawn = ({ runs }: SetLine) => runs.map(({ text }) => text).join('');
const STYLE = { size: 10 };

describe('setting type', function () {
  this.timeout(30_000);

  it('breaks lines at spaces, and words only where one is wider than its line', () => {
    expect(said(setter().lines('one two three', 60, STYLE))).to.equal('one two|three');
    const hash = `0x${'ab'.repeat(32)}`;
    const lines = setter().lines(`hash ${hash}`, 120, STYLE);
    expect(lines.map(({ text }) => text).join('')).to.equal(`hash${hash}`);
    expect(said(setter().lines('first\nsecond', 400, STYLE))).to.equal('first|second');
  });

  it('breaks Chinese and Japanese between characters, never before a full stop', () => {
    const lines = setter('ja').lines('この記録は真正です。登録しました。', 92, { ...STYLE, language: 'ja' });
    expect(lines.length).to.be.greaterThan(1);
    for (const { text } of lines) expect(text).to.not.match(/^[。、]/);
    expect(lines.map(({ text }) => text).join('')).to.equal('この記録は真正です。登録しました。');
  });

  it('sets Arabic from right to left, numbers and names within it from left to right, brackets turned', () => {
    const [line] = setter('ar').lines('خاتم (عيار 18) Aube', 400, { ...STYLE, direction: 'rtl' });
    if (!line) throw new Error('no line');
    expect(line.direction).to.equal('rtl');
    const texts = line.runs.map(({ text }) => text.trim());
    expect(texts[0]).to.equal('Aube');
    expect(texts.indexOf('18')).to.be.greaterThan(0);
    expect(line.runs.at(-1)?.text).to.include('خاتم');
    expect(drawn(line)).to.include('(').and.to.include(')');
  });

  it('shows the number of a character that no font has, and says that it lacks one', () => {
    const one = setter();
    expect(said(one.lines('plain', 400, STYLE))).to.equal('plain');
    expect(one.lacks).to.equal(false);
    expect(said(one.lines('a\u{1F48E}b', 400, STYLE))).to.equal('a[U+1F48E]b');
    expect(one.lacks).to.equal(true);
  });

  it('has the letters of the languages that are spoken here, and of many others, without a number', () => {
    const one = setter('zh');
    for (const words of [
      'Ÿ ßẞ œ ĳ Łódź Đặng Θ Ж ş ğ',
      '戒指珠宝钻石證書簪翡翠',
      '指輪ネックレス真珠彫金',
      'خاتم ذهب عيار ﷼ پچگ',
      '— “ ” … € £ ¥ ° × ² ½ ™',
    ]) {
      one.lines(words, 1000, STYLE);
    }
    expect(one.lacks).to.equal(false);
  });

  it('loses nothing and hangs over nowhere, whatever is set', () => {
    const one = setter();
    const any = fc.string({
      unit: fc.constantFrom(
        'a',
        'W',
        ' ',
        '-',
        '/',
        '(',
        ')',
        '“',
        '.',
        '夜',
        'の',
        '。',
        'خ',
        'ا',
        '١',
        '1',
        '\u0301',
        'é',
        '\u{20BB7}',
      ),
      maxLength: 60,
    });
    fc.assert(
      fc.property(any, fc.integer({ min: 30, max: 300 }), (text, width) => {
        const lines = one.lines(text, width, STYLE);
        const plain = (words: string) => words.normalize('NFC').replace(/\s+/g, '');
        expect(plain(lines.map((line) => line.text).join(''))).to.equal(plain(text));
        for (const line of lines) {
          expect(line.width).to.be.at.most(width + 1e-6);
          expect(line.runs.reduce((sum, run) => sum + run.text.length, 0)).to.equal(line.text.length);
        }
      }),
      { numRuns: 150 },
    );
  });
});
