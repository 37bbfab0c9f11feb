// Which code is meant by what somebody typed; the ways over HTTP are in test/http/resolve.test.ts.
import { expect } from 'chai';
import fc from 'fast-check';
import { codePath, isHandle, type PieceCode } from '../../src/core/code.ts';
import { writeDigitalLink } from '../../src/core/digital-link-write.ts';
import { codeOfAddress, codeTyped } from '../../src/core/typed-code.ts';
import { anyCode } from '../support/any-record.ts';

const GTIN = '09506000134352';

describe('what somebody typed', () => {
  it('is every code’s own path, its address anywhere, and its address as a Digital Link', () => {
    fc.assert(
      fc.property(anyCode as fc.Arbitrary<PieceCode>, (code) => {
        const path = codePath(code);
        const addresses = [path, `https://a.example:1/x${path}`, `HTTP://a${path}?x=1#y`];
        if ('gtin' in code)
          addresses.push(writeDigitalLink(code), writeDigitalLink({ ...code, lot: 'L', variant: 'V' }));
        for (const typed of addresses) {
          expect(codeTyped(typed), typed).to.deep.equal({ kind: 'code', code });
        }
      }),
    );
  });

  it('is an own code even where its handle is the number of a GS1 key', () => {
    const path = '/p/401/0123456789ABCDEF8';
    expect(isHandle('401')).to.equal(true);
    for (const typed of [path, `https://a${path}`, '401/0123456789ABCDEF8', '401 0123-4567-89AB-CDEF-8']) {
      expect(codeTyped(typed), typed).to.deep.equal({
        kind: 'code',
        code: { handle: '401', code: '0123456789ABCDEF8' },
      });
    }
  });

  it('keeps every mark of a serial typed behind its GTIN', () => {
    for (const typed of [`${GTIN} A/7-(x)`, `${GTIN} · A/7-(x)`, `${GTIN}/A/7-(x)`, '9506000134352 A/7-(x)']) {
      expect(codeTyped(typed), typed).to.deep.equal({ kind: 'code', code: { gtin: GTIN, serial: 'A/7-(x)' } });
    }
  });

  it('is no code where the serial is one that every browser drops, or the GTIN all zeros', () => {
    for (const typed of [`(01)${GTIN}(21).`, `${GTIN} ..`, `https://a/01/${GTIN}/21/%2E`, '(01)00000000000000(21)x']) {
      expect(codeTyped(typed), typed).to.include({ kind: 'invalid' });
    }
    expect(codeOfAddress(`/01/${GTIN}/21/%2E%2E`)).to.include({ kind: 'invalid' });
  });

  it('never throws, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'()^\u001d]d201/%2p:h?&=#') })),
        (text) => {
          expect(codeTyped(text).kind).to.be.oneOf(['code', 'product', 'not-supported', 'invalid']);
          expect(codeOfAddress(text).kind).to.be.oneOf(['code', 'product', 'not-supported', 'invalid']);
        },
      ),
    );
  });
});
