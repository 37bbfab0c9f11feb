// Sizes of labels: nothing hangs over a page or another label, and a code always has its quiet zone.
import { expect } from 'chai';
import fc from 'fast-check';
import {
  LABEL_FORMATS,
  type LabelFormat,
  labelFormat,
  layoutOf,
  placeOf,
  QUIET_MODULES,
} from '../../src/core/label-formats.ts';

const anyFormat = fc.constantFrom(...LABEL_FORMATS);
/** A hair, for decimals. */
const SLACK = 1e-6;

describe('label formats', () => {
  for (const format of LABEL_FORMATS) {
    it(`${format.name}: every label lies on its page, and on no other label`, () => {
      const each = format.columns * format.rows;
      const places = Array.from({ length: each }, (_, i) => placeOf(format, i));
      for (const { page, x, y } of places) {
        expect(page).to.equal(0);
        expect(x).to.be.at.least(0);
        expect(y).to.be.at.least(0);
        expect(x + format.width).to.be.at.most(format.page.width + SLACK);
        expect(y + format.height).to.be.at.most(format.page.height + SLACK);
      }
      expect(format.columns === 1 || format.stepX >= format.width - SLACK).to.equal(true);
      expect(format.rows === 1 || format.stepY >= format.height - SLACK).to.equal(true);
      expect(placeOf(format, each)).to.deep.equal({ page: 1, x: format.left, y: format.top });
    });

    it(`${format.name}: the margins on both sides of the page are the same to a millimetre`, () => {
      const right = format.page.width - format.left - (format.columns - 1) * format.stepX - format.width;
      const bottom = format.page.height - format.top - (format.rows - 1) * format.stepY - format.height;
      expect(Math.abs(right - format.left), `${right}`).to.be.at.most(1);
      expect(Math.abs(bottom - format.top), `${bottom}`).to.be.at.most(1);
    });
  }

  it('leave a code four light modules on each side, within the label, and text beside it', () => {
    fc.assert(
      fc.property(
        anyFormat,
        fc.integer({ min: 21, max: 69 }),
        fc.option(fc.double({ min: 6, max: 60, noNaN: true }), { nil: undefined }),
        (format, modules, most) => {
          const { code, text, moduleMm } = layoutOf(format, modules, most);
          expect(code.width).to.equal(code.height);
          expect(moduleMm * (modules + 2 * QUIET_MODULES)).to.be.closeTo(code.width, SLACK);
          const printed = format.printed ?? format;
          for (const part of [code, text]) {
            expect(part.x).to.be.at.least(0);
            expect(part.y).to.be.at.least(0);
            expect(part.x + part.width).to.be.at.most(printed.width + SLACK);
            expect(part.y + part.height).to.be.at.most(printed.height + SLACK);
          }
          const apart = text.x >= code.x + code.width - SLACK || text.y >= code.y + code.height - SLACK;
          expect(apart).to.equal(true);
        },
      ),
    );
  });

  it('are found by their name alone', () => {
    expect((labelFormat('L7160') as LabelFormat).columns).to.equal(3);
    for (const name of ['l7160', '', 'constructor', '__proto__']) expect(labelFormat(name)).to.equal(undefined);
  });
});
