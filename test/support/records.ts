// Owns the sample statements other tests share: what three quite different makers would say about a piece, without
// its code. Generated records live in any-record.ts.
import type { z } from 'zod';
import type { statementSchema } from '../../src/core/record.ts';

export type Statement = z.input<typeof statementSchema>;

/** Any SHA-256; the document itself doesn't matter to a test. */
export const SOME_SHA256 = `0x${'5e'.repeat(32)}`;

/** A maker's own fine piece: 18 carat gold, a certified diamond, a hallmark. */
export function goldRing(): Statement {
  return {
    schema: 'touchstone/record/1',
    recordedAs: 'maker',
    language: 'en',
    title: 'Solitaire ring “Aube”',
    kind: 'ring',
    maker: { name: 'Atelier Lune', qualifier: 'stated' },
    made: {
      place: { text: 'Antwerp', country: 'BE' },
      date: { text: '14 May 2025', from: '2025-05-14', to: '2025-05-14' },
    },
    materials: [
      {
        type: 'metal',
        metal: 'gold',
        alloy: 'Au750 Ag125 Cu125',
        colour: 'yellow',
        fineness: 750,
        massMg: 3200,
        recycledShare: 1000,
        origin: { country: 'unknown', text: 'recycled, refined in Belgium' },
        custody: 'segregated',
        claims: [{ statement: 'Recycled gold', evidence: 'third-party', by: 'RJC', reference: 'CoC C0000 4711' }],
        hallmarks: [
          { sponsor: 'AL', fineness: 750, assayOffice: 'Assay Office London', year: 2025, stated: 'AL 750 leopard' },
        ],
      },
      {
        type: 'stone',
        species: 'diamond',
        nature: 'natural',
        treatments: 'unknown',
        count: 1,
        caratThousandths: 510,
        shape: 'round brilliant',
        cut: 'Excellent',
        colour: 'F',
        clarity: 'VS1',
        depthPerThousand: 617,
        tablePerThousand: 570,
        measuresUm: { length: 5110, width: 5130, height: 3160 },
        report: { issuer: 'GIA', number: '2141438171' },
        inscription: 'GIA 2141438171',
        origin: { country: 'BW' },
        custody: 'identity-preserved',
      },
    ],
    massMg: 3302,
    dimensions: { ringSize: { system: 'iso-8653', value: '54' }, widthUm: 2100 },
    inscriptions: [{ text: 'Aube', place: 'inside the shank' }],
    documents: [{ sha256: SOME_SHA256, mediaType: 'application/pdf', title: 'Grading report' }],
    images: [{ sha256: SOME_SHA256, mediaType: 'image/jpeg', alt: 'The ring from above' }],
    care: ['Lukewarm water and a soft brush.\nHave the claws looked at once a year.'],
  };
}

/** Imitation jewellery: plated brass, glass, and the test results that piece must have to be sold. */
export function imitationEarrings(): Statement {
  return {
    schema: 'touchstone/record/1',
    recordedAs: 'maker',
    language: 'en',
    title: 'Drop earrings, blue glass',
    kind: 'pair-of-earrings',
    maker: { name: 'Bijoux Mistral', qualifier: 'stated' },
    made: { place: { text: 'Jablonec nad Nisou', country: 'CZ' }, date: { text: 'spring 2026', from: 2026, to: 2026 } },
    materials: [
      {
        type: 'metal',
        metal: 'brass',
        fineness: 'unknown',
        massMg: 4100,
        recycledShare: 'unknown',
        plating: [
          { metal: 'rhodium', thicknessNm: 50 },
          { metal: 'gold', fineness: 999, thicknessNm: 200 },
        ],
        part: 'hooks and settings',
        origin: 'unknown',
        custody: 'none',
      },
      {
        type: 'other',
        material: 'glass',
        description: 'pressed, foil-backed',
        massMg: 2600,
        origin: { country: 'CZ' },
        custody: 'none',
      },
    ],
    massMg: 6700,
    dimensions: { heightUm: 42_000, widthUm: 11_000 },
    restrictedSubstances: [
      {
        substance: 'nickel-release',
        relation: 'below',
        value: 200,
        method: 'EN 1811:2023',
        laboratory: 'Textilní zkušební ústav',
        report: 'N-2026-0118',
        date: { text: '3 March 2026', from: '2026-03-03', to: '2026-03-03' },
      },
      { substance: 'lead', relation: 'below', value: 90, method: 'EN 62321-5' },
      { substance: 'cadmium', relation: 'unknown', value: 'unknown' },
    ],
    descriptors: [{ type: 'model', value: 'MIS-204-BLU' }],
    care: ['Keep dry.'],
  };
}

/** A dealer's record of a piece it did not make: attributed, incomplete, with declared history. */
export function vintageBrooch(): Statement {
  return {
    schema: 'touchstone/record/1',
    recordedAs: 'custodian',
    language: 'en-GB',
    title: 'Brooch in the form of a swallow',
    kind: 'brooch',
    maker: { name: 'René Lalique', qualifier: 'attributed', stated: 'Attributed to René Lalique, Paris' },
    made: { place: { text: 'probably Paris' }, date: { text: 'c. 1900', from: 1895, to: 1905 } },
    materials: [
      {
        type: 'metal',
        metal: 'gold',
        fineness: 'unknown',
        massMg: 'unknown',
        recycledShare: 'unknown',
        stated: 'Gold, enamel, one pearl',
        origin: 'unknown',
        custody: 'unknown',
      },
      { type: 'other', material: 'enamel', massMg: 'unknown', origin: 'unknown', custody: 'unknown' },
      {
        type: 'stone',
        species: 'pearl',
        nature: 'unknown',
        count: 1,
        caratThousandths: 'unknown',
        colour: 'unknown',
        clarity: 'unknown',
        origin: 'unknown',
        custody: 'unknown',
      },
    ],
    massMg: 11_800,
    dimensions: { stated: 'H. 3.1 cm; W. 6 cm', heightUm: 31_000, widthUm: 60_000 },
    inscriptions: [{ text: 'LALIQUE', type: 'signature', place: 'on the reverse' }],
    history: [
      { kind: 'holder', text: 'Mme de R., Paris, until 1931', dates: ['until 1931'], uncertain: true },
      { kind: 'sale', text: 'Hôtel Drouot, Paris, 12 June 1931, lot 88', mode: 'auction', dates: ['12 June 1931'] },
      { kind: 'holder', text: 'Whereabouts unknown', unknown: true },
    ],
    links: [{ url: 'https://example.org/collection/1931.88?view=full', title: 'Catalogue entry' }],
    story: 'Bought from the heirs in 2019.\n\tNever re-enamelled as far as we can see.',
  };
}

export { anyRecord } from './any-record.ts';
