// Owns the vectors of GS1 Digital Links: how URIs and element strings are read, and what is written. Why one is refused is
// said in words that may change, and never enters them.
import { readDigitalLink } from '../../src/core/digital-link.ts';
import { linkOfElements, writeDigitalLink } from '../../src/core/digital-link-write.ts';
import { readElements } from '../../src/core/gs1-elements.ts';

const GTIN = '09506000134352';
const URIS = [
  `https://id.gs1.org/01/${GTIN}`,
  `https://example.com/shop/01/${GTIN}/21/12345`,
  `HTTP://EXAMPLE.COM:8080/01/${GTIN}/22/2A/10/L%2f1/21/A%2F7%25`,
  `https://[2001:db8::1]/00/x/01/${GTIN}/10/a+b?linkType=gs1:pip&flag#part`,
  `https://example.com/01/${GTIN}/235/XYZ?10=L`,
  `https://example.com/01/${GTIN}/21/1?17=300100&99=a%2Fb&3103=000195`,
  'https://example.com/00/095060001343520000',
  'https://example.com/414/9506000134352/254/A',
  'https://example.com/8013/1987654Ad4X4bL5ttr2310c2K',
  `https://example.com/${GTIN}`,
  `https://example.com/01/${GTIN}/`,
  'https://example.com/01/09506000134353',
  'https://example.com/01/9506000134352',
  `https://example.com/gtin/${GTIN}`,
  `https://example.com/01/${GTIN}/21/1/10/L`,
  `https://example.com/01/${GTIN}/21/1?10=L`,
  `https://example.com/01/${GTIN}?99=x&99=x`,
  `https://example.com/01/${GTIN}?89=x`,
  `https://example.com/01/${GTIN}?11=230229`,
  `https://example.com/01/${GTIN}/21/a%5Eb`,
];
const PARTS = [
  { gtin: GTIN },
  { gtin: GTIN, serial: '12345' },
  { gtin: GTIN, variant: '2A', lot: 'L/1', serial: `!"%&'()*+,-./:;<=>?_`.slice(0, 20) },
];
const TEXTS = [
  `(01)${GTIN}(21)A\\(7\\)`,
  `(21)1(01)${GTIN}(10)L`,
  `^01${GTIN}10L^211`,
  `01${GTIN}211`,
  `]d201${GTIN}10L\u001d211`,
  `(01)${GTIN}(17)300100`,
  '(00)095060001343520000',
  `(01)${GTIN}(21)1(21)2`,
  `(01)${GTIN}(235)X(10)L`,
  '(10)L',
];

export function linkVectors() {
  return {
    uris: URIS.map((uri) => {
      const link = readDigitalLink(uri);
      return { uri, kind: link.kind, ...(link.kind === 'invalid' ? {} : { elements: link.elements }) };
    }),
    written: PARTS.map((parts) => ({ parts, uri: writeDigitalLink(parts) })),
    elementStrings: TEXTS.map((text) => {
      const link = linkOfElements(readElements(text));
      return { text, kind: link.kind, ...(link.kind === 'supported' ? { uri: writeDigitalLink(link) } : {}) };
    }),
  };
}
